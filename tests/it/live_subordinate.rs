//! CAs below those of others, and CAs of others below ours: a request, an answer, and what is not taken for one.

use serde_json::json;

use crate::peers::{self, Peer, openssl, openssl_verify};
use crate::scratch::{Scratch, arg, text};

/// A home without CAs, and a directory for OpenSSL's root in it.
struct Below {
    scratch: Scratch,
}

const ROOT: &str =
    "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n";
const SUBORDINATE: &str = "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n\
    subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";

impl Below {
    /// With a root of OpenSSL, and the open request of `issuing`.
    fn new() -> Self {
        let scratch = Scratch::new();
        scratch.write("root.ext", ROOT.as_bytes());
        let root = Self { scratch };
        root.root("root", "/O=Other/CN=Other Root");
        root.scratch.done(&["ca", "request", "issuing", "--subject", "O=Example, CN=Issuing", "--out", "issuing.csr"]);
        root
    }

    /// A root of OpenSSL: `NAME.key` and `NAME.pem`.
    fn root(&self, name: &str, subject: &str) {
        let [key, csr, pem, ext] = ["key", "csr", "pem", "ext"].map(|end| self.scratch.text(&format!("{name}.{end}")));
        self.scratch.write(&format!("{name}.ext"), ROOT.as_bytes());
        let made = ["req", "-newkey", "rsa:3072", "-nodes", "-keyout", &key, "-subj", subject, "-out", &csr];
        openssl(&made).expect_success("openssl req");
        let signed = ["x509", "-req", "-in", &csr, "-key", &key, "-days", "3650", "-extfile", &ext, "-out", &pem];
        openssl(&signed).expect_success("openssl x509");
    }

    /// Signs the request with those extensions, and writes certificate and root to `NAME.pem`.
    fn answer(&self, name: &str, request: &str, extensions: &str, arguments: &[&str]) {
        let [ext, own, root, key] = [&format!("{name}.ext"), &format!("{name}.own"), "root.pem", "root.key"]
            .map(|file| self.scratch.text(file));
        self.scratch.write(&format!("{name}.ext"), extensions.as_bytes());
        let request = self.scratch.text(request);
        let mut call = vec!["x509", "-req", "-in", &request, "-CA", &root, "-CAkey", &key, "-extfile", &ext];
        call.extend(["-out", own.as_str()]);
        if !arguments.contains(&"-days") {
            call.extend(["-days", "1825"]);
        }
        call.extend(arguments);
        openssl(&call).expect_success("openssl x509 -req");
        let both = [self.scratch.read(&format!("{name}.own")), self.scratch.read("root.pem")].concat();
        self.scratch.write(&format!("{name}.pem"), &both);
    }

    /// The answer is not taken, for that reason, and the request is as open as before.
    fn refused(&self, code: i32, answer: &str, reason: &str) {
        let said = self.scratch.refused(code, &["ca", "accept", "issuing", "--cert", answer]);
        assert!(said.contains(reason), "{answer}: {reason}: {said}");
        assert_eq!(self.scratch.json(&["ca", "list"])["cas"], json!([]), "{answer}");
        let verified = self.scratch.json(&["audit", "verify"]);
        assert_eq!(verified["result"], "incomplete", "the intent is open: {verified}");
    }
}

#[test]
fn live_subordinate_of_another_root_issues() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let below = Below::new();
    let scratch = &below.scratch;
    // The same request again, and no other.
    let request = scratch.read("issuing.csr");
    scratch.done(&["ca", "request", "issuing", "--subject", "O=Example, CN=Issuing", "--out", "issuing.csr"]);
    assert_eq!(scratch.read("issuing.csr"), request);
    scratch.refused(14, &["ca", "request", "issuing", "--subject", "O=Example, CN=Another", "--out", "another.csr"]);
    openssl(&["req", "-in", &scratch.text("issuing.csr"), "-verify", "-noout"]).expect_success("openssl req -verify");
    let doctor = scratch.certroll(&["doctor"]).text();
    assert!(doctor.contains("`issuing` at issuer `external-ca`"), "{doctor}");

    below.answer("answer", "issuing.csr", SUBORDINATE, &[]);
    let shown = scratch.json(&["ca", "accept", "issuing", "--cert", "answer.pem"]);
    assert_eq!((&shown["subject"], &shown["path_length"]), (&json!("O=Example, CN=Issuing"), &json!(0)), "{shown}");
    scratch.done(&["ca", "accept", "issuing", "--cert", "answer.pem"]);
    let issue = ["issue", "a.example.net", "--template", "https-server", "--out-cert", "a.pem"];
    scratch.done(&issue);
    let (root, own) = (scratch.path("root.pem"), scratch.path("answer.own"));
    openssl_verify(&root, Some(&own), &scratch.path("a.pem"), &[]).expect_success("openssl verify");
    let verified = scratch.json(&["audit", "verify"]);
    assert_eq!((&verified["result"], &verified["issued"]), (&json!("verified"), &json!(2)), "{verified}");

    // Revoked is what it issued, and the CRL is under its own name; itself is revoked by the others.
    scratch.done(&["revoke", "a.example.net", "--reason", "superseded"]);
    scratch.done(&["ca", "crl", "issuing", "--out", "crl.pem"]);
    let crl = scratch.text("crl.pem");
    let listed = openssl_verify(&root, Some(&own), &scratch.path("a.pem"), &["-crl_check", "-CRLfile", &crl]);
    assert!(listed.text().contains("certificate revoked"), "{listed:?}");
    let said = scratch.refused(4, &["revoke", "issuing", "--reason", "superseded"]);
    assert!(said.contains("O=Other, CN=Other Root"), "{said}");
}

#[test]
fn live_subordinate_answers_that_are_none() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let below = Below::new();
    let scratch = &below.scratch;
    // For another key: another request's answer.
    let subject = "/O=Example/CN=Issuing";
    let (key, csr) = (scratch.text("foreign.key"), scratch.text("foreign.csr"));
    openssl(&["req", "-newkey", "rsa:3072", "-nodes", "-keyout", &key, "-subj", subject, "-out", &csr])
        .expect_success("openssl req");
    below.answer("foreign", "foreign.csr", SUBORDINATE, &[]);
    below.refused(2, "foreign.pem", "none of these certificates is for the key of `issuing`");

    below.answer("no-ca", "issuing.csr", "basicConstraints=critical,CA:FALSE\n", &[]);
    below.refused(13, "no-ca.pem", "basicConstraints does not say so");
    below.answer("no-sign", "issuing.csr", &SUBORDINATE.replace("keyCertSign,", ""), &[]);
    below.refused(13, "no-sign.pem", "keyCertSign");
    below.answer("renamed", "issuing.csr", SUBORDINATE, &["-subj", "/O=Example/CN=Something else"]);
    below.refused(13, "renamed.pem", "it is for the subject `O=Example, CN=Something else`");
    below.answer("expired", "issuing.csr", SUBORDINATE, &["-days", "-1"]);
    below.refused(12, "expired.pem", "expired");
    // Without the root, and with another one that has the same name.
    below.answer("answer", "issuing.csr", SUBORDINATE, &[]);
    below.refused(13, "answer.own", "no path leads");
    below.root("other", "/O=Other/CN=Other Root");
    let said = scratch.refused(13, &["ca", "accept", "issuing", "--cert", "answer.own", "--cert", "other.pem"]);
    assert!(said.contains("no path leads"), "{said}");
    scratch.refused(2, &["ca", "accept", "nobody", "--cert", "answer.pem"]);
    // What is good is taken after all of that.
    scratch.done(&["ca", "accept", "issuing", "--cert", "answer.own", "--cert", "root.pem"]);
    let shown = scratch.json(&["ca", "show", "issuing"]);
    assert_eq!(text(&shown["subject"]), "O=Example, CN=Issuing");
}

#[test]
fn live_subordinate_ca_of_others_is_signed() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let scratch = Scratch::with_authorities("ec:p256");
    let (key, csr) = (scratch.text("theirs.key"), scratch.text("theirs.csr"));
    let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
    let rest = ["-nodes", "-keyout", &key, "-subj", "/O=Others/CN=Their CA", "-out", &csr];
    openssl(&[&["req"], &curve[..], &rest[..]].concat()).expect_success("openssl req");
    let sign =
        ["ca", "sign", "theirs.csr", "--issuer", "root", "--out", "theirs.pem", "--permit", "dns:others.example"];
    let before = scratch.json(&["audit", "verify"]);
    let made = scratch.json(&sign);
    assert_eq!((&made["name"], &made["issuer"]), (&json!("Their CA"), &json!("root")), "{made}");
    let again = scratch.json(&sign);
    assert_eq!(again["serial"], made["serial"], "the same command again issues nothing");
    openssl_verify(&scratch.authority("root"), None, &scratch.path("theirs.pem"), &[]).expect_success("openssl verify");
    let shown = openssl(&["x509", "-in", &scratch.text("theirs.pem"), "-noout", "-text"]).text();
    for wanted in ["CA:TRUE, pathlen:0", "Certificate Sign", "DNS:others.example"] {
        assert!(shown.contains(wanted), "{wanted}: {shown}");
    }
    let verified = scratch.json(&["audit", "verify"]);
    assert_eq!(verified["issued"].as_u64(), before["issued"].as_u64().map(|issued| issued + 1), "{verified}");
    // It is nobody's issuer here, and is revoked like everything else.
    let names: Vec<_> =
        scratch.json(&["ca", "list"])["cas"].as_array().into_iter().flatten().map(|ca| text(&ca["name"])).collect();
    assert_eq!(names, ["root", "issuing"]);
    scratch.done(&["revoke", "Their CA", "--reason", "cessationOfOperation"]);
    scratch.done(&["ca", "crl", "root", "--out", "root.crl.pem"]);
    let crl = scratch.text("root.crl.pem");
    let revoked = openssl_verify(
        &scratch.authority("root"),
        None,
        &scratch.path("theirs.pem"),
        &["-crl_check", "-CRLfile", &arg(std::path::Path::new(&crl))],
    );
    assert!(revoked.text().contains("certificate revoked"), "{revoked:?}");
    // Not by the way of everything else, and not below a CA that allows none.
    let said = scratch.refused(2, &["issue", "x", "--template", "issuing-ca", "--csr", "theirs.csr"]);
    assert!(said.contains("certroll ca sign"), "{said}");
    scratch.refused(2, &["ca", "sign", "theirs.csr", "--issuer", "root", "--template", "https-server", "--name", "y"]);
    scratch.refused(3, &["ca", "sign", "theirs.csr", "--issuer", "issuing", "--name", "z"]);
}
