//! `certroll verify` beside `openssl verify`: the same chains, the same verdicts.

use crate::desk::Desk;
use crate::peers::{self, Peer, openssl};
use serde_json::Value;

/// Seconds since 1970 of a time long after every certificate here.
const LATER: (&str, &str) = ("4102444800", "2100-01-01T00:00:00Z");

/// Has OpenSSL make a certificate with those extensions, signed by another.
fn certificate(desk: &Desk, name: &str, issuer: &str, extensions: &[&str]) {
    let path = |end: &str| desk.text(&format!("{name}.{end}"));
    let signer = |end: &str| desk.text(&format!("{issuer}.{end}"));
    let subject = format!("/O=Example/CN={name}");
    let mut making = ["req", "-x509", "-noenc", "-config", "/dev/null", "-days", "365", "-newkey", "ec"].to_vec();
    making.extend(["-pkeyopt", "ec_paramgen_curve:P-256", "-subj", &subject]);
    let (key, out, ca, ca_key) = (path("key"), path("pem"), signer("pem"), signer("key"));
    making.extend(["-keyout", &key, "-out", &out, "-CA", &ca, "-CAkey", &ca_key]);
    for extension in extensions {
        making.extend(["-addext", extension]);
    }
    openssl(&making).expect_success(name);
}

const CA: &str = "basicConstraints=critical,CA:TRUE";
const CA_WITHOUT_CAS: &str = "basicConstraints=critical,CA:TRUE,pathlen:0";
const CA_KEY: &str = "keyUsage=critical,keyCertSign,cRLSign";
const LEAF_KEY: &str = "keyUsage=critical,digitalSignature";
const HOST: &str = "subjectAltName=DNS:a.example.net";

/// A certificate, its issuer, its extensions.
const CERTIFICATES: &[(&str, &str, &[&str])] = &[
    ("good", "middle", &[LEAF_KEY, HOST]),
    ("wildcard", "middle", &[LEAF_KEY, "subjectAltName=DNS:*.example.net"]),
    ("clients", "middle", &[LEAF_KEY, HOST, "extendedKeyUsage=clientAuth"]),
    ("both", "middle", &[LEAF_KEY, HOST, "extendedKeyUsage=clientAuth,serverAuth"]),
    ("unknown", "middle", &[LEAF_KEY, HOST, "1.2.3.4=critical,DER:0500"]),
    ("below-leaf", "good", &[LEAF_KEY, HOST]),
    ("last-ca", "middle", &[CA_WITHOUT_CAS, CA_KEY]),
    ("under-last", "last-ca", &[LEAF_KEY, HOST]),
    ("one-too-many", "last-ca", &[CA, CA_KEY]),
    ("too-deep", "one-too-many", &[LEAF_KEY, HOST]),
    ("no-signer", "middle", &[CA, "keyUsage=critical,cRLSign"]),
    ("by-no-signer", "no-signer", &[LEAF_KEY, HOST]),
    ("server-ca", "middle", &[CA, CA_KEY, "extendedKeyUsage=serverAuth"]),
    ("server-of-it", "server-ca", &[LEAF_KEY, HOST, "extendedKeyUsage=serverAuth"]),
    ("client-of-it", "server-ca", &[LEAF_KEY, HOST, "extendedKeyUsage=clientAuth"]),
    (
        "named-ca",
        "middle",
        &[CA, CA_KEY, "nameConstraints=critical,permitted;DNS:example.net,excluded;DNS:no.example.net"],
    ),
    ("inside", "named-ca", &[LEAF_KEY, HOST]),
    ("outside", "named-ca", &[LEAF_KEY, "subjectAltName=DNS:a.example.org"]),
    ("excluded", "named-ca", &[LEAF_KEY, "subjectAltName=DNS:a.no.example.net"]),
    (
        "policy-ca",
        "root",
        &[CA, CA_KEY, "certificatePolicies=1.2.3.4", "policyConstraints=critical,requireExplicitPolicy:0"],
    ),
    ("with-policy", "policy-ca", &[LEAF_KEY, HOST, "certificatePolicies=1.2.3.4"]),
    ("without-policy", "policy-ca", &[LEAF_KEY, HOST]),
];

/// A certificate, the same question to both, ours and theirs, and the exit code that it must have.
const QUESTIONS: &[(&str, &[&str], &[&str], i32)] = &[
    ("good", &[], &[], 0),
    ("good", &["--host", "a.example.net"], &["-verify_hostname", "a.example.net"], 0),
    ("good", &["--host", "b.example.net"], &["-verify_hostname", "b.example.net"], 13),
    ("good", &["--ip", "10.0.0.1"], &["-verify_ip", "10.0.0.1"], 13),
    ("good", &["--email", "a@example.net"], &["-verify_email", "a@example.net"], 13),
    ("good", &["--at", LATER.1], &["-attime", LATER.0], 12),
    ("good", &["--depth", "1"], &["-verify_depth", "1"], 0),
    ("good", &["--depth", "0"], &["-verify_depth", "0"], 13),
    ("good", &["--require-explicit-policy"], &["-policy_check", "-explicit_policy"], 13),
    ("wildcard", &["--host", "x.example.net"], &["-verify_hostname", "x.example.net"], 0),
    ("wildcard", &["--host", "x.y.example.net"], &["-verify_hostname", "x.y.example.net"], 13),
    ("clients", &["--purpose", "clientAuth"], &["-purpose", "sslclient"], 0),
    ("clients", &["--purpose", "serverAuth"], &["-purpose", "sslserver"], 13),
    ("both", &["--purpose", "serverAuth"], &["-purpose", "sslserver"], 0),
    ("unknown", &[], &[], 13),
    ("below-leaf", &[], &[], 13),
    ("under-last", &[], &[], 0),
    ("too-deep", &[], &[], 13),
    ("by-no-signer", &[], &[], 13),
    ("server-of-it", &["--purpose", "serverAuth"], &["-purpose", "sslserver"], 0),
    ("client-of-it", &["--purpose", "clientAuth"], &["-purpose", "sslclient"], 13),
    ("inside", &[], &[], 0),
    ("outside", &[], &[], 13),
    ("excluded", &[], &[], 13),
    ("with-policy", &["--policy", "1.2.3.4"], &["-policy_check", "-policy", "1.2.3.4"], 0),
    ("with-policy", &["--policy", "1.2.3.5"], &["-policy_check", "-policy", "1.2.3.5"], 13),
    ("without-policy", &[], &["-policy_check"], 13),
];

/// One file with every CA: whichever is needed is taken out of it.
fn bundle(desk: &Desk) {
    let cas = ["middle", "last-ca", "one-too-many", "no-signer", "server-ca", "named-ca", "policy-ca", "good"];
    let all: Vec<u8> = cas.iter().flat_map(|name| desk.read(&format!("{name}.pem"))).collect();
    desk.write("all.pem", all);
}

#[test]
fn live_verify_agrees_with_openssl() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let desk = Desk::with_ca();
    for (name, issuer, extensions) in CERTIFICATES {
        certificate(&desk, name, issuer, extensions);
    }
    bundle(&desk);
    let [root, all] = ["root.pem", "all.pem"].map(|name| desk.text(name));
    let mut differ = Vec::new();
    for (name, ours, theirs, code) in QUESTIONS {
        let file = format!("{name}.pem");
        let asked = ["verify", &file, "--trust", "root.pem", "--untrusted", "all.pem"];
        let said = desk.certroll(&[&asked[..], ours].concat());
        let judge =
            openssl(&[&["verify", "-CAfile", &root, "-untrusted", &all][..], theirs, &[&desk.text(&file)]].concat());
        let accepted = judge.status.success();
        if said.status.code() != Some(*code) || accepted != (*code == 0) {
            differ.push(format!(
                "{name} {ours:?}: {:?}, {}\n{}\n{}",
                said.status, judge.status, said.stderr, judge.stderr
            ));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

/// A certificate with the anchor's own key, and so its key identifier, that a stranger has signed.
#[test]
fn live_verify_takes_no_certificate_for_an_anchor_by_its_key() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let desk = Desk::with_ca();
    let path = |name: &str| desk.text(name);
    let stranger = ["req", "-x509", "-noenc", "-config", "/dev/null", "-newkey", "ec", "-subj", "/CN=Stranger"];
    let curve = ["-pkeyopt", "ec_paramgen_curve:P-256", "-addext", CA, "-addext", CA_KEY];
    let files = ["-keyout", &path("stranger.key"), "-out", &path("stranger.pem")];
    openssl(&[&stranger[..], &curve, &files].concat()).expect_success("a stranger");
    let forged = ["req", "-x509", "-config", "/dev/null", "-key", &path("root.key"), "-subj", "/O=Example/CN=Root CA"];
    let signer = ["-CA", &path("stranger.pem"), "-CAkey", &path("stranger.key"), "-out", &path("forged.pem")];
    openssl(&[&forged[..], &signer].concat()).expect_success("a forgery");
    for more in [&[][..], &["--untrusted", "stranger.pem"]] {
        let said = desk.certroll(&[&["verify", "forged.pem", "--trust", "root.pem"][..], more].concat());
        assert_eq!(said.status.code(), Some(13), "{said:?}");
    }

    // In a chain: what the forged CA has signed, its key being that of the anchor, with the forgery in between.
    certificate(&desk, "below", "root", &[LEAF_KEY, HOST]);
    let chain = [desk.read("forged.pem"), desk.read("stranger.pem")].concat();
    desk.write("strangers.pem", chain);
    let only = ["verify", "below.pem", "--trust", "stranger.pem", "--untrusted", "strangers.pem"];
    let said = desk.certroll(&only);
    assert_eq!(said.status.code(), Some(13), "{said:?}");

    // In a message: signed with the anchor's own key, under the forgery.
    certificate(&desk, "signer", "middle", &[LEAF_KEY]);
    desk.write("message", "42.5");
    let sign = |certificate: &str, key: &str, more: &str, out: &str| {
        let making = ["cms", "-sign", "-binary", "-md", "sha256", "-outform", "DER", "-in", &path("message")];
        let by = ["-signer", &path(certificate), "-inkey", &path(key), "-certfile", &path(more), "-out", &path(out)];
        openssl(&[&making[..], &by].concat()).expect_success("openssl cms -sign");
    };
    sign("signer.pem", "signer.key", "middle.pem", "honest.p7s");
    sign("forged.pem", "root.key", "stranger.pem", "forged.p7s");
    for (signature, code) in [("honest.p7s", 0), ("forged.p7s", 13)] {
        let asked = ["message", "verify", "message", "-s", signature, "--trust", "root.pem", "--any-purpose"];
        let said = desk.certroll(&[&asked[..], &["--no-revocation"]].concat());
        assert_eq!(said.status.code(), Some(code), "{signature}: {said:?}");
    }
}

/// What is revoked is exit code 12; what no current CRL speaks of is 13 once one was given, and said when none was.
#[test]
fn live_verify_asks_the_crls_that_it_is_given() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let desk = Desk::with_ca();
    certificate(&desk, "good", "middle", &[LEAF_KEY, HOST]);
    certificate(&desk, "bad", "middle", &[LEAF_KEY, HOST]);
    let serial = openssl(&["x509", "-noout", "-serial", "-in", &desk.text("bad.pem")]).expect_success("serial").stdout;
    let serial = serial.trim().trim_start_matches("serial=");
    for (issuer, listed) in [("root", ""), ("middle", serial)] {
        let line = format!("R\t351231235959Z\t260101000000Z,keyCompromise\t{listed}\tunknown\t/CN=bad\n");
        desk.write("index", if listed.is_empty() { String::new() } else { line });
        desk.write("number", "01\n");
        desk.write("ca.cnf", format!(
            "[ca]\ndefault_ca = own\n[own]\ndatabase = {}\ncrlnumber = {}\ndefault_md = sha256\ndefault_crl_days = 30\ncrl_extensions = list\n[list]\nauthorityKeyIdentifier = keyid\n",
            desk.text("index"), desk.text("number")
        ));
        let files = ["-cert", &desk.text(&format!("{issuer}.pem")), "-keyfile", &desk.text(&format!("{issuer}.key"))];
        let out = ["-out", &desk.text(&format!("{issuer}.crl"))];
        openssl(&[&["ca", "-gencrl", "-config", &desk.text("ca.cnf")][..], &files, &out].concat())
            .expect_success("a CRL");
    }
    let ask = |name: &str, more: &[&str]| {
        let asked = ["verify", name, "--trust", "root.pem", "--untrusted", "middle.pem"];
        desk.certroll(&[&asked[..], more].concat())
    };
    let lists = ["--crl", "root.crl", "--crl", "middle.crl"];
    assert_eq!(ask("good.pem", &lists).status.code(), Some(0));
    let both = [desk.read("root.crl"), desk.read("middle.crl")].concat();
    desk.write("both.crl", both);
    assert_eq!(ask("good.pem", &["--crl", "both.crl"]).status.code(), Some(0));
    let revoked = ask("bad.pem", &lists);
    assert_eq!(revoked.status.code(), Some(12), "{revoked:?}");
    assert!(revoked.stderr.contains("is revoked since 2026-01-01T00:00:00Z, keyCompromise"), "{revoked:?}");
    // Of the CA between, nobody says anything.
    let unknown = ask("good.pem", &["--crl", "middle.crl"]);
    assert_eq!(unknown.status.code(), Some(13), "{unknown:?}");
    assert!(unknown.stderr.contains("whether `Middle CA` is revoked is unknown"), "{unknown:?}");
    let unasked = ask("bad.pem", &[]);
    assert_eq!(unasked.status.code(), Some(0));
    assert!(unasked.stderr.contains("revocation was not checked"), "{unasked:?}");
    assert!(!ask("bad.pem", &["--no-revocation"]).stderr.contains("not checked"));

    let document: Value = serde_json::from_str(&ask("bad.pem", &[&lists[..], &["--format", "json"]].concat()).stdout)
        .expect("one document");
    assert_eq!((&document["schema"], &document["valid"]), (&"certroll/verification/v1".into(), &false.into()));
    assert_eq!(document["path"][2]["role"], "anchor");
    assert_eq!(
        (&document["reasons"][0]["certificate"], &document["reasons"][0]["check"]),
        (&0.into(), &"revocation".into())
    );

    // The same files in other forms.
    let made = ["crl2pkcs7", "-nocrl", "-certfile", &desk.text("middle.pem"), "-outform", "DER"];
    openssl(&[&made[..], &["-out", &desk.text("middle.p7b")]].concat()).expect_success("PKCS#7");
    for (file, out) in [("root.pem", "root.der"), ("good.pem", "good.der")] {
        let der = ["x509", "-in", &desk.text(file), "-outform", "DER", "-out", &desk.text(out)];
        openssl(&der).expect_success("DER");
    }
    desk.done(&["truststore", "create", "trust.p12", "--cert", "root.pem"]);
    desk.done(&["truststore", "create", "trust.jks", "--cert", "root.pem"]);
    for trust in ["root.der", "trust.p12", "trust.jks"] {
        let asked = ["verify", "good.der", "--trust", trust, "--untrusted", "middle.p7b", "--no-revocation"];
        assert_eq!(desk.certroll(&asked).status.code(), Some(0), "{trust}");
    }
    // What is no certificate is a mistake; a certificate with a bit turned is not valid.
    desk.write("noise", "noise");
    assert_eq!(ask("noise", &[]).status.code(), Some(2));
    let mut torn = desk.read("good.der");
    let last = torn.len() - 1;
    torn[last] ^= 1;
    desk.write("torn.der", torn);
    assert_eq!(ask("torn.der", &[]).status.code(), Some(13));
}
