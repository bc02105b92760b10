//! CAs in the course of time: renewed, revoked, expired, replaced, removed; and what every command says of what is below them.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::peers::{self, Output, Peer, openssl, openssl_verify};
use crate::scratch::{Scratch, text};

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

/// The status of a certificate in `list` and `show`, and the exit codes of `check` and `doctor`.
fn told(scratch: &Scratch, name: &str) -> (String, String, Option<i32>, Option<i32>) {
    let listed = scratch.json(&["list", name, "--current"]);
    let shown = scratch.json(&["show", name]);
    let status = |value: &Value| text(&value["status"]);
    let (check, doctor) = (scratch.certroll(&["check"]), scratch.certroll(&["doctor"]));
    (status(&listed["certificates"][0]), status(&shown), code(&check), code(&doctor))
}

fn owned(status: &str, check: i32, doctor: i32) -> (String, String, Option<i32>, Option<i32>) {
    (status.to_owned(), status.to_owned(), Some(check), Some(doctor))
}

fn issue(scratch: &Scratch, name: &str, more: &[&str]) {
    let store = format!("{name}.p12");
    let call =
        ["issue", name, "--template", "https-server", "--key", "ec:p256", "--keystore", &store, "--alias", "web"];
    scratch.done(&[&call[..], more].concat());
}

/// The chain in a keystore, as OpenSSL has it: the certificates in PEM.
fn chain(scratch: &Scratch, name: &str) -> String {
    let store = scratch.text(&format!("{name}.p12"));
    openssl(&["pkcs12", "-in", &store, "-nokeys", "-passin", &scratch.passin()]).expect_success("openssl pkcs12").stdout
}

/// The first certificate of a file, in one line of base64.
fn body(pem: &str) -> String {
    let lines = pem.lines().skip_while(|line| !line.starts_with("-----BEGIN CERT")).skip(1);
    lines.take_while(|line| !line.starts_with("-----END")).collect()
}

#[test]
fn live_authorities_revoked_take_what_is_below_with_them() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let scratch = Scratch::with_authorities("ec:p256");
    std::fs::create_dir_all(scratch.path("state")).expect("a directory can be made");
    issue(&scratch, "a.example.net", &[]);
    issue(&scratch, "b.example.net", &[]);
    assert_eq!(told(&scratch, "a.example.net").0, "valid", "control");
    scratch.done(&["revoke", "issuing", "--reason", "superseded"]);
    let (listed, shown, check, doctor) = told(&scratch, "a.example.net");
    assert_eq!((listed, shown, check, doctor), owned("issuer-revoked", 12, 12));
    let said = scratch.certroll(&["check"]).text();
    assert!(said.contains("CA `issuing`: `issuing` is revoked since"), "{said}");
    scratch.done(&["audit", "report", "--out", "report.html"]);
    let report = String::from_utf8(scratch.read("report.html")).expect("a page is text");
    assert!(report.contains("revoked: nothing below it is valid"), "the report says so");
    let health = scratch.certroll(&["ca", "health"]);
    assert!(code(&health) == Some(12) && health.text().contains("not valid any more"), "{health:?}");
    assert_eq!(scratch.json(&["ca", "show", "issuing"])["status"], "revoked");
    // Revocation does not wait for anything.
    scratch.done(&["revoke", "b.example.net", "--reason", "keyCompromise"]);
    // It is due, and nothing is signed by the revoked CA.
    let refused = scratch.certroll(&["rotate", "--due"]);
    assert!(!refused.success() && refused.text().contains("is revoked since"), "{refused:?}");
    scratch.done(&["ca", "create", "second", "--issuer", "root", "--subject", "O=Example, CN=Second CA"]);
    let before = body(&chain(&scratch, "a.example.net"));
    scratch.done(&["rotate", "--due", "--issuer", "second"]);
    let after = scratch.json(&["show", "a.example.net"]);
    assert_eq!((text(&after["issuer"]).as_str(), text(&after["status"]).as_str()), ("second", "valid"), "{after}");
    let pem = chain(&scratch, "a.example.net");
    assert_ne!(body(&pem), before, "in the same file");
    assert!(pem.contains("friendlyName: web"), "under the same alias: {pem}");
    // The next one comes from there as well.
    scratch.done(&["rotate", "a.example.net"]);
    assert_eq!(scratch.json(&["show", "a.example.net"])["issuer"], "second");
    let verified = scratch.json(&["audit", "verify"]);
    assert_eq!(verified["result"], "verified", "{verified}");
}

#[test]
fn live_authorities_expired_take_what_is_below_with_them() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let scratch = Scratch::with_authorities("ec:p256");
    let began = Instant::now();
    let create = ["ca", "create", "brief", "--issuer", "root", "--subject", "O=Example, CN=Brief CA", "--ttl", "12s"];
    scratch.done(&create);
    // Its template lets a certificate outlive its CA.
    let template = "name = \"lasting\"\nsummary = \"x\"\nkind = \"end-entity\"\nsubject = \"CN={name}\"\nkey = \"ec:p256\"\n\
        lifetime = \"1y\"\noutlives_issuer = true\n[extensions]\nkey_usage = [\"digitalSignature\"]\n\
        extended_key_usage = [\"clientAuth\"]\n";
    scratch.write("home/templates/lasting.toml", template.as_bytes());
    scratch.done(&["issue", "m1", "--template", "lasting", "--issuer", "brief", "--keystore", "m1.p12"]);
    // A CA of such a short life is to be renewed at once, and what would outlive it is due.
    assert_eq!(told(&scratch, "m1").0, "due");
    assert_eq!(scratch.json(&["ca", "show", "brief"])["status"], "ending");
    std::thread::sleep(Duration::from_secs(14).saturating_sub(began.elapsed()));
    assert_eq!(told(&scratch, "m1"), owned("issuer-expired", 12, 12));
    let doctor = scratch.certroll(&["doctor"]).text();
    assert!(doctor.contains("1 below a CA that has expired or is revoked"), "{doctor}");
    // Its renewal is the remedy: the key stays, and so does what it has signed.
    scratch.done(&["ca", "renew", "brief", "--ttl", "5y"]);
    assert_eq!(told(&scratch, "m1").0, "owed", "its file has the old certificate in its chain");
    scratch.done(&["rotate", "--due"]);
    assert_eq!(told(&scratch, "m1").0, "valid");
}

#[test]
fn live_authorities_owe_their_lists() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let scratch = Scratch::with_authorities("ec:p256");
    issue(&scratch, "a.example.net", &[]);
    assert_eq!(code(&scratch.certroll(&["check"])), Some(0), "nothing says where a CRL is");
    let set = ["ca", "set", "issuing", "--crl-url", "http://pki.example.net/issuing.crl", "--detailed-exitcode"];
    assert_eq!(code(&scratch.certroll(&set)), Some(10));
    assert_eq!(code(&scratch.certroll(&set)), Some(0), "nothing to do");
    issue(&scratch, "b.example.net", &[]);
    let shown = openssl(&["x509", "-noout", "-text", "-in", &{
        let pem = scratch.done(&["show", "b.example.net", "--pem"]).stdout;
        scratch.write("b.pem", pem.as_bytes()).display().to_string()
    }]);
    assert!(shown.stdout.contains("URI:http://pki.example.net/issuing.crl"), "{shown:?}");
    let owes = |what: &str| {
        let check = scratch.certroll(&["check"]);
        assert!(code(&check) == Some(11) && check.text().contains(what), "{what}: {check:?}");
        let document: Value =
            serde_json::from_str(&scratch.certroll(&["check", "--format", "json"]).stdout).expect("JSON");
        let rows = document["certificates"].as_array().expect("a list");
        let row = rows.iter().find(|row| row["name"] == "issuing").expect("the CA is checked");
        assert!(text(&row["findings"][0]["found"]).contains(what), "{row}");
        let doctor = scratch.certroll(&["doctor"]).text();
        assert!(doctor.contains(what), "{what}: {doctor}");
        let health = scratch.certroll(&["ca", "health", "issuing"]);
        assert!(code(&health) == Some(11) && health.text().contains(what), "{what}: {health:?}");
    };
    owes("no CRL yet, although its certificates say where it is");
    scratch.done(&["ca", "crl", "issuing", "--renew", "--next-update", "1s"]);
    std::thread::sleep(Duration::from_secs(2));
    owes("CRL 1 is past its next update");
    scratch.done(&["ca", "crl", "issuing", "--renew"]);
    assert_eq!(code(&scratch.certroll(&["check"])), Some(0));
    // The change is on record, with what holds from then on.
    let records = scratch.done(&["audit", "show", "--event", "issuer.change", "--format", "ndjson"]).stdout;
    assert!(records.contains("http://pki.example.net/issuing.crl"), "{records}");
}

#[test]
fn live_authorities_are_renewed_with_their_key() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let scratch = Scratch::with_authorities("ec:p256");
    issue(&scratch, "a.example.net", &[]);
    let leaf = scratch.write("a.pem", scratch.done(&["show", "a.example.net", "--pem"]).stdout.as_bytes());
    let old_root = scratch.write("old-root.pem", &scratch.read("home/ca/root.pem"));
    let old = body(&String::from_utf8_lossy(&scratch.read("home/ca/issuing.pem")));

    let renewed = scratch.json(&["ca", "renew", "issuing"]);
    let new = body(&String::from_utf8_lossy(&scratch.read("home/ca/issuing.pem")));
    assert_ne!(old, new, "{renewed}");
    for root in [&old_root, &scratch.authority("root")] {
        let below = scratch.authority("issuing");
        openssl_verify(root, Some(&below), &leaf, &["-x509_strict"])
            .expect_success("an old certificate below the new one");
    }
    // The file has the old chain: owed, and written again with the key that is in it.
    let squeezed = |pem: &str| pem.replace('\n', "");
    assert!(squeezed(&chain(&scratch, "a.example.net")).contains(&old));
    assert_eq!(told(&scratch, "a.example.net").0, "owed");
    scratch.done(&["rotate", "--due"]);
    let now = squeezed(&chain(&scratch, "a.example.net"));
    assert!(now.contains(&new) && !now.contains(&old), "the new chain");
    assert_eq!(told(&scratch, "a.example.net").0, "valid");
    assert_eq!(text(&scratch.json(&["show", "a.example.net"])["cert_sha256"]).len(), 64);

    // The root: old truststores go on with what is issued from then on, new ones with what was issued before.
    scratch.done(&["ca", "renew", "root"]);
    issue(&scratch, "b.example.net", &[]);
    let later = scratch.write("b.pem", scratch.done(&["show", "b.example.net", "--pem"]).stdout.as_bytes());
    let below = scratch.authority("issuing");
    let new_root = scratch.authority("root");
    assert_ne!(scratch.read("old-root.pem"), scratch.read("home/ca/root.pem"));
    for (root, certificate) in [(&old_root, &later), (&new_root, &leaf), (&new_root, &later)] {
        openssl_verify(root, Some(&below), certificate, &["-x509_strict"]).expect_success("either root");
    }
    scratch.done(&["revoke", "b.example.net", "--reason", "superseded"]);
    scratch.done(&["ca", "crl", "issuing", "--out", "crl.pem"]);
    scratch.done(&["ca", "crl", "root", "--renew", "--out", "root.crl.pem"]);
    let both = [scratch.read("crl.pem"), scratch.read("root.crl.pem")].concat();
    let lists = scratch.write("lists.pem", &both).display().to_string();
    let verdict = openssl_verify(&new_root, Some(&below), &later, &["-crl_check_all", "-CRLfile", &lists]);
    assert!(verdict.text().contains("certificate revoked"), "{verdict:?}");
    let good = openssl_verify(&new_root, Some(&below), &leaf, &["-crl_check_all", "-CRLfile", &lists]);
    good.expect_success("with CRLs of both");
    let verified = scratch.json(&["audit", "verify"]);
    assert_eq!(verified["result"], "verified", "{verified}");
    let reconciled = scratch.certroll(&["audit", "reconcile"]);
    assert!(!reconciled.text().contains("wrong"), "{reconciled:?}");
}

#[test]
fn live_authorities_that_signed_nothing_go() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let scratch = Scratch::with_authorities("ec:p256");
    issue(&scratch, "a.example.net", &[]);
    let said = scratch.refused(3, &["ca", "remove", "issuing"]);
    assert!(said.contains("has signed 1 certificates"), "{said}");
    scratch.refused(3, &["ca", "remove", "root"]);
    scratch.done(&["ca", "create", "wrong", "--issuer", "root", "--subject", "O=Exmaple, CN=Wrong"]);
    let said = scratch.refused(3, &["ca", "remove", "wrong"]);
    assert!(said.contains("certroll revoke wrong"), "{said}");
    scratch.done(&["revoke", "wrong", "--reason", "cessationOfOperation"]);
    scratch.done(&["ca", "remove", "wrong", "--comment", "a typing error"]);
    for end in ["pem", "key.pem", "crl"] {
        assert!(!scratch.path(&format!("home/ca/wrong.{end}")).exists(), "{end}");
    }
    // Its name is free.
    scratch.done(&["ca", "create", "wrong", "--issuer", "root", "--subject", "O=Example, CN=Right"]);
    // A request is withdrawn in the same way.
    scratch.done(&["ca", "request", "later", "--subject", "O=Example, CN=Later", "--out", "later.csr"]);
    scratch.done(&["ca", "remove", "later"]);
    assert!(!scratch.path("home/ca/later.key.pem").exists());
    scratch.refused(2, &["ca", "remove", "later"]);
    let verified = scratch.json(&["audit", "verify"]);
    assert_eq!((&verified["result"], &verified["unknown"]), (&json!("verified"), &json!(1)), "{verified}");
    let names: Vec<_> =
        scratch.json(&["ca", "list"])["cas"].as_array().into_iter().flatten().map(|ca| text(&ca["name"])).collect();
    assert_eq!(names, ["root", "issuing", "wrong"]);
}

/// A further certificate of a name, from another CA: the older one is nobody's current one after the next run.
#[test]
fn live_authorities_two_current_certificates_of_one_name_are_mended() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let scratch = Scratch::with_authorities("ec:p256");
    scratch.done(&["ca", "create", "second", "--issuer", "root", "--subject", "O=Example, CN=Second CA"]);
    for issuer in ["issuing", "second"] {
        let call = ["issue", "a.example.net", "--template", "https-server", "--issuer", issuer, "--force"];
        scratch.done(&[&call[..], &["--out-cert", &format!("{issuer}.pem")]].concat());
    }
    let current = || scratch.json(&["list", "a.example.net", "--current"])["certificates"].as_array().map(Vec::len);
    assert_eq!(current(), Some(2), "as earlier versions could leave it");
    let told = scratch.done(&["rotate", "--due"]);
    assert!(told.text().contains("had several current certificates"), "{told:?}");
    assert_eq!(current(), Some(1));
    scratch.done(&["rotate", "a.example.net"]);
    assert_eq!(scratch.json(&["show", "a.example.net"])["issuer"], "second");
}
