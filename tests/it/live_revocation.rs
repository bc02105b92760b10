//! Revocation: what OpenSSL and GnuTLS make of the CRLs, and how a certificate to be revoked is named.

use serde_json::json;

use crate::peers::{self, Output, Peer, command, openssl, openssl_verify, pkilint_crl, run};
use crate::scratch::{Scratch, arg, text};

fn issue(scratch: &Scratch, name: &str) -> String {
    let file = format!("{name}.pem");
    text(&scratch.json(&["issue", name, "--template", "https-server", "--out-cert", &file])["serial"])
}

/// OpenSSL's verdict over a certificate with the CRL in `crl.pem`.
fn with_crl(scratch: &Scratch, name: &str) -> Output {
    let [root, issuing] = ["root", "issuing"].map(|name| scratch.authority(name));
    let crl = scratch.text("crl.pem");
    openssl_verify(&root, Some(&issuing), &scratch.path(&format!("{name}.pem")), &["-crl_check", "-CRLfile", &crl])
}

fn is_revoked(verdict: &Output) -> bool {
    !verdict.success() && verdict.text().contains("error 23 at 0 depth lookup: certificate revoked")
}

/// Writes the CRL as `crl.pem`; returns its number, by OpenSSL.
fn crl_number(scratch: &Scratch) -> u64 {
    scratch.done(&["ca", "crl", "issuing", "--out", "crl.pem"]);
    let said = openssl(&["crl", "-in", &scratch.text("crl.pem"), "-noout", "-crlnumber"]).expect_success("openssl crl");
    let digits = said.stdout.trim().trim_start_matches("crlNumber=0x").to_owned();
    u64::from_str_radix(&digits, 16).unwrap_or_else(|_| panic!("a CRL number: {said:?}"))
}

#[test]
fn live_revocation_reaches_those_who_check() {
    if !peers::require(&[Peer::OpenSsl, Peer::GnuTls, Peer::Pkilint]) {
        return;
    }
    let scratch = Scratch::with_authorities("rsa:3072");
    let [lost, kept, later] = ["lost.example.net", "kept.example.net", "later.example.net"];
    let serials = [lost, kept, later].map(|name| issue(&scratch, name));
    let empty = crl_number(&scratch);
    for name in [lost, kept, later] {
        with_crl(&scratch, name).expect_success("before the revocation");
    }

    let revoked = scratch.json(&["revoke", lost, "--reason", "keyCompromise", "--comment", "stolen"]);
    assert_eq!((&revoked["status"], &revoked["reason"]), (&json!("revoked"), &json!("keyCompromise")), "{revoked}");
    let first = crl_number(&scratch);
    assert!(first > empty, "{first} after {empty}");
    assert!(is_revoked(&with_crl(&scratch, lost)));
    with_crl(&scratch, kept).expect_success("another certificate");

    // Once more: a success that changes nothing.
    let again = scratch.done(&["revoke", lost, "--reason", "superseded"]);
    assert!(again.text().contains("was revoked already"), "{again:?}");
    assert_eq!(crl_number(&scratch), first);
    let certroll = scratch.certroll(&["revoke", lost, "--reason", "superseded", "--detailed-exitcode"]);
    assert_eq!(certroll.status.code(), Some(0), "{certroll:?}");

    // By file and by serial number; each revocation has a CRL of its own.
    scratch.done(&["revoke", &format!("{later}.pem"), "--reason", "cessationOfOperation"]);
    let second = crl_number(&scratch);
    scratch.done(&["revoke", &serials[1].to_uppercase(), "--reason", "superseded"]);
    let third = crl_number(&scratch);
    scratch.done(&["ca", "crl", "issuing", "--renew", "--next-update", "2d"]);
    let fourth = crl_number(&scratch);
    assert!(first < second && second < third && third < fourth, "{first} {second} {third} {fourth}");
    for name in [lost, kept, later] {
        assert!(is_revoked(&with_crl(&scratch, name)), "{name}");
    }
    judged(&scratch, &serials);
}

/// The CRL in DER is signed by the CA, lists the three certificates with their reasons, and is well made.
fn judged(scratch: &Scratch, serials: &[String; 3]) {
    scratch.done(&["ca", "crl", "issuing", "--out", "issuing.crl"]);
    assert_eq!(pkilint_crl(&scratch.path("issuing.crl")), []);
    let crl = scratch.text("issuing.crl");
    let certtool = |ca: &str| {
        let authority = scratch.authority(ca);
        let args = ["--verify-crl", "--load-ca-certificate", &arg(&authority), "--infile", &scratch.text("crl.pem")];
        run(command("certtool").args(args), b"")
    };
    certtool("issuing").expect_success("certtool --verify-crl");
    assert!(!certtool("root").success(), "the CRL is not the root's");
    let issuing = arg(&scratch.authority("issuing"));
    let read = openssl(&["crl", "-in", &crl, "-inform", "DER", "-noout", "-text", "-CAfile", &issuing]);
    assert!(read.stderr.contains("verify OK"), "{read:?}");
    for serial in serials {
        assert!(read.stdout.contains(&format!("Serial Number: {}", serial.to_uppercase())), "{serial}: {read:?}");
    }
    for reason in ["Key Compromise", "Superseded", "Cessation Of Operation"] {
        assert!(read.stdout.contains(reason), "{reason}: {read:?}");
    }
    let root = openssl(&["crl", "-in", &crl, "-inform", "DER", "-noout", "-CAfile", &arg(&scratch.authority("root"))]);
    assert!(!root.stderr.contains("verify OK"), "{root:?}");
}

#[test]
fn live_revocation_never_guesses() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let scratch = Scratch::with_authorities("ec:p256");
    let name = "broker.example.net";
    let old = issue(&scratch, name);
    std::fs::copy(scratch.path("broker.example.net.pem"), scratch.path("old.pem")).expect("a file can be copied");
    scratch.done(&["rotate", name]);
    let new = scratch.current_serial(name);
    assert_ne!(old, new);

    let number = crl_number(&scratch);
    let said = scratch.refused(2, &["revoke", name, "--reason", "superseded"]);
    assert!(said.contains(&old) && said.contains(&new), "{said}");
    assert_eq!(crl_number(&scratch), number);
    for one in ["old", name] {
        with_crl(&scratch, one).expect_success("nothing is revoked");
    }

    scratch.done(&["revoke", &old, "--reason", "superseded"]);
    assert!(crl_number(&scratch) > number);
    assert!(is_revoked(&with_crl(&scratch, "old")));
    with_crl(&scratch, name).expect_success("the successor");
    // One is left, so the name is clear again.
    scratch.done(&["revoke", name, "--reason", "keyCompromise"]);
    crl_number(&scratch);
    assert!(is_revoked(&with_crl(&scratch, name)));

    for unknown in ["nobody.example.net", "00112233445566778899aabbccddeeff"] {
        scratch.refused(2, &["revoke", unknown, "--reason", "superseded"]);
    }
    scratch.refused(2, &["revoke", name, "--reason", "boredom"]);
}

/// The key of the `ocsp-responder` template signs answers that OpenSSL accepts for the issuing CA.
#[test]
fn live_revocation_is_told_by_an_ocsp_responder() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let scratch = Scratch::with_authorities("ec:p256");
    let serial = issue(&scratch, "lost.example.net").to_uppercase();
    let signer = ["--out-cert", "ocsp.pem", "--out-key", "ocsp.key.pem"];
    scratch.done(&[&["issue", "ocsp-responder", "--template", "ocsp-responder"], &signer[..]].concat());
    scratch.write("index", format!("R\t350101000000Z\t260101000000Z\t{serial}\tunknown\t/CN=lost\n").as_bytes());
    let [root, issuing] = ["root", "issuing"].map(|name| arg(&scratch.authority(name)));
    let [index, request, answer, leaf] =
        ["index", "request", "answer", "lost.example.net.pem"].map(|name| scratch.text(name));
    let asked = ["ocsp", "-issuer", &issuing, "-cert", &leaf, "-no_nonce", "-reqout", &request];
    openssl(&asked).expect_success("a request");
    let passin = scratch.passin();
    let [key, certificate, plain] = ["ocsp.key.pem", "ocsp.pem", "ocsp.key"].map(|name| scratch.text(name));
    openssl(&["pkey", "-in", &key, "-passin", &passin, "-out", &plain]).expect_success("openssl pkey");
    let answering = ["ocsp", "-index", &index, "-CA", &issuing, "-rsigner", &certificate, "-rkey", &plain];
    openssl(&[&answering[..], &["-reqin", &request, "-respout", &answer]].concat()).expect_success("an answer");
    let reading = ["ocsp", "-respin", &answer, "-issuer", &issuing, "-cert", &leaf, "-no_nonce", "-CAfile"];
    let said = openssl(&[&reading[..], &[&root, "-verify_other", &issuing]].concat()).expect_success("a verdict");
    assert!(said.text().contains("Response verify OK") && said.stdout.contains("revoked"), "{said:?}");

    // The same by a certificate that is no responder's.
    let server = ["issue", "web.example.net", "--template", "https-server", "--out-cert", "web.pem"];
    scratch.done(&[&server[..], &["--out-key", "web.key.pem"]].concat());
    let [key, certificate] = ["web.key.pem", "web.pem"].map(|name| scratch.text(name));
    openssl(&["pkey", "-in", &key, "-passin", &passin, "-out", &plain]).expect_success("openssl pkey");
    let answering = ["ocsp", "-index", &index, "-CA", &issuing, "-rsigner", &certificate, "-rkey", &plain];
    openssl(&[&answering[..], &["-reqin", &request, "-respout", &answer]].concat()).expect_success("an answer");
    let said = openssl(&[&reading[..], &[&root, "-verify_other", &issuing]].concat());
    assert!(!said.text().contains("Response verify OK"), "{said:?}");
}
