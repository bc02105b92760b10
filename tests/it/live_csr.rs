//! Requests made for others and by others: keytool, OpenSSL, Go and step.

use std::process::Command;

use serde_json::Value;

use crate::desk::Desk;
use crate::peers::{self, Peer, keytool, openssl};
use crate::scratch::Scratch;

/// What `step certificate create internal.example.net --csr` made, with its kind of key.
const STEP: [(&str, &[u8], &str); 3] = [
    ("step-ec.csr", include_bytes!("../requests/step-ec.csr"), "ec:p256"),
    ("step-rsa.csr", include_bytes!("../requests/step-rsa.csr"), "rsa:3072"),
    ("step-ed25519.csr", include_bytes!("../requests/step-ed25519.csr"), "ed25519"),
];

const GO: &str = r#"package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"net"
	"os"
)

func main() {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	template := x509.CertificateRequest{
		Subject:     pkix.Name{Organization: []string{"Example"}, OrganizationalUnit: []string{"a", "b"}, CommonName: "go.example.net"},
		DNSNames:    []string{"go.example.net"},
		IPAddresses: []net.IP{net.ParseIP("192.0.2.7")},
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &template, key)
	if err != nil {
		panic(err)
	}
	pem.Encode(os.Stdout, &pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})
}
"#;

/// Whether there is a Go to make a request; it says so where there is none.
fn by_go(desk: &Desk) -> bool {
    desk.write("main.go", GO);
    let mut go = Command::new("go");
    go.args(["run", "main.go"])
        .current_dir(desk.path(""))
        .env("GOCACHE", concat!(env!("CARGO_TARGET_TMPDIR"), "/go-cache"))
        .env("GOFLAGS", "-mod=mod");
    match go.output() {
        Ok(output) => {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            desk.write("go.csr", output.stdout);
            true
        }
        Err(error) => {
            use std::io::Write;
            writeln!(std::io::stderr(), "skipped: the part with Go: {error}").expect("stderr takes a line");
            false
        }
    }
}

fn inspected(desk: &Desk, file: &str) -> Value {
    let document = desk.json(&["csr", "inspect", file]);
    assert_eq!(document["schema"], "certroll/request/v1");
    document
}

#[test]
fn live_csr_of_keytool_openssl_go_and_step() {
    if !peers::require(&[Peer::Jdk, Peer::OpenSsl]) {
        return;
    }
    let desk = Desk::new();
    let (store, password) = (desk.text("k.p12"), desk.text("storepass"));
    let files = ["-keystore", &store, "-storepass:file", &password, "-alias", "k"];
    let pair = ["-genkeypair", "-keyalg", "EC", "-groupname", "secp384r1", "-dname", "CN=k.example.net, O=Example"];
    keytool(&[&pair[..], &files].concat()).expect_success("-genkeypair");
    let request = desk.text("keytool.csr");
    let wishes =
        ["-ext", "san=dns:k.example.net", "-ext", "ku:c=keyCertSign,digitalSignature", "-ext", "eku=serverAuth"];
    keytool(&[&["-certreq", "-file", &request], &files[..], &wishes].concat()).expect_success("-certreq");
    let one = inspected(&desk, "keytool.csr");
    assert_eq!((&one["subject"], &one["key"]), (&"O=Example, CN=k.example.net".into(), &"ec:p384".into()));
    assert_eq!((&one["names"][0], &one["ca"]), (&"dns:k.example.net".into(), &Value::Null));
    assert_eq!(one["extended_key_usage"], serde_json::json!(["serverAuth"]));
    // What the template does not give is named; it is no refusal.
    let said = desk.ends(11, &["csr", "lint", "keytool.csr", "--template", "jms-broker"]);
    assert!(said.contains("`keyCertSign` is asked for; template `jms-broker` does not give it"), "{said}");

    let making = ["req", "-new", "-noenc", "-config", "/dev/null", "-newkey", "rsa:2048", "-subj", "/CN=*.example.net"];
    let wishes =
        ["-addext", "subjectAltName=DNS:*.example.net,email:a@example.net", "-addext", "basicConstraints=CA:TRUE"];
    let files = ["-keyout", "/dev/null", "-outform", "DER", "-out", &desk.text("openssl.der")];
    openssl(&[&making[..], &wishes, &files].concat()).expect_success("a request");
    let one = inspected(&desk, "openssl.der");
    assert_eq!((&one["ca"], &one["key"]), (&true.into(), &"rsa:2048".into()));
    // Policy refuses field by field, rule by rule.
    let refused = desk.certroll(&[
        "csr",
        "lint",
        "openssl.der",
        "-t",
        "jms-broker",
        "--name",
        "a.example.net",
        "--format",
        "json",
    ]);
    assert_eq!(refused.status.code(), Some(3), "{refused:?}");
    let document: Value = serde_json::from_str(&refused.stdout).expect("JSON");
    let found: Vec<_> = document["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| format!("{} {} {}", one["level"], one["field"], one["rule"]).replace('"', ""))
        .collect();
    for expected in ["error san wildcard", "error san san_kinds", "warning basic_constraints not-in-template"] {
        assert!(found.iter().any(|one| one == expected), "{expected}: {found:?}");
    }
    // One policy's limit, in its words.
    let said = desk.ends(3, &["csr", "lint", "openssl.der", "--template", "meter", "--name", "meter-7"]);
    assert!(said.contains("RSA key of 2048 bits is under the limit of 3072 bits"), "{said}");

    for (name, request, key) in STEP {
        desk.write(name, request);
        let one = inspected(&desk, name);
        let names = serde_json::json!(["dns:internal.example.net"]);
        assert_eq!((&one["names"], &one["key"]), (&names, &key.into()), "{name}");
        desk.ends(0, &["csr", "lint", name, "--template", "https-server"]);
    }
    if by_go(&desk) {
        let one = inspected(&desk, "go.csr");
        let names = serde_json::json!(["dns:go.example.net", "ip:192.0.2.7"]);
        assert_eq!((&one["key"], &one["names"]), (&"ed25519".into(), &names));
        assert_eq!(
            one["subject"], "O=Example, OU=a+OU=b, CN=go.example.net",
            "Go puts equal attributes into one name component"
        );
        desk.ends(0, &["csr", "lint", "go.csr", "--template", "https-server"]);
    }
}

#[test]
fn live_csr_needs_proof_of_possession() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let desk = Desk::new();
    desk.write("step.csr", STEP[0].1);
    let (pem, der) = (desk.text("step.csr"), desk.text("step.der"));
    openssl(&["req", "-in", &pem, "-outform", "DER", "-out", &der]).expect_success("DER");
    let mut bytes = desk.read("step.der");
    *bytes.last_mut().expect("it has bytes") ^= 1;
    desk.write("forged.der", &bytes);
    for command in ["inspect", "lint"] {
        desk.ends(0, &["csr", command, "step.der"]);
        let said = desk.ends(13, &["csr", command, "forged.der"]);
        assert!(said.contains("not signed by its own key"), "{said}");
        desk.ends(2, &["csr", command, "storepass"]);
    }
    // A password in the request is there for everybody.
    desk.write("req.cnf", "[req]\nprompt=no\ndistinguished_name=dn\nattributes=at\n[dn]\nCN=a.example.net\n[at]\nchallengePassword=sesame1234\n");
    let config = desk.text("req.cnf");
    let files = ["-keyout", "/dev/null", "-out", &desk.text("challenge.csr")];
    openssl(&[&["req", "-new", "-noenc", "-config", &config, "-newkey", "rsa:2048"], &files[..]].concat())
        .expect_success("a request");
    let said = desk.ends(11, &["csr", "lint", "challenge.csr"]);
    assert!(said.contains("challenge-password") && said.contains("common-name-not-in-san"), "{said}");
    assert!(!said.contains("sesame1234"), "{said}");
}

/// A request of every template that is for no CA, signed elsewhere by what it asks for.
#[test]
fn live_csr_new_for_every_template() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let desk = Desk::with_ca();
    for (template, name, more) in [
        ("jms-broker", "b.example.net", &["--san", "10.0.0.1"][..]),
        ("mqtt-broker", "m.example.net", &[]),
        ("https-server", "h.example.net", &["--subject", "O=Example, OU=a, OU=b, CN=h"]),
        ("jms-client", "importer", &[]),
        ("message-signer", "signer", &[]),
        ("ocsp-responder", "responder", &[]),
        ("head-end", "hes.example.net", &[]),
        ("data-concentrator", "dc-1", &[]),
        (
            "meter",
            "meter-7",
            &["--param", "serial=7", "--param", "hw_type=1.3.6.1.4.1.32473.1", "--param", "eui64=0011223344556677"],
        ),
        ("issuing-ca", "Issuing", &[]),
    ] {
        let (key, request) = (format!("{template}.key.pem"), format!("{template}.csr"));
        let asked =
            ["csr", "new", name, "-t", template, "--out-key", &key, "--keypass-file", "keypass", "--out", &request];
        let asked = [&asked[..], more, &["--detailed-exitcode"]].concat();
        desk.ends(10, &asked);
        let before = (desk.read(&key), desk.read(&request));
        desk.ends(0, &asked);
        assert_eq!((desk.read(&key), desk.read(&request)), before, "{template}");
        let said =
            openssl(&["req", "-verify", "-noout", "-text", "-in", &desk.text(&request)]).expect_success(template);
        assert!(said.stdout.contains("X509v3 Key Usage: critical"), "{template}: {said:?}");
        // It passes its own template and policies, but that a CA's key is not to come from elsewhere.
        let linted = desk.certroll(&["csr", "lint", &request, "-t", template, "--name", name]);
        assert_eq!(linted.status.code(), Some(0), "{template}: {linted:?}");
        let password = format!("file:{}", desk.text("keypass"));
        openssl(&["pkey", "-in", &desk.text(&key), "-passin", &password, "-noout", "-check"]).expect_success(&key);
    }
    // A key that is there is used, and a key of another kind is not overwritten.
    let said = desk.ends(
        2,
        &[
            "csr",
            "new",
            "m",
            "-t",
            "meter",
            "--out-key",
            "meter.key.pem",
            "--keypass-file",
            "keypass",
            "--key",
            "rsa:3072",
        ],
    );
    assert!(said.contains("is there already, with a key ec:p256"), "{said}");
    let printed =
        desk.done(&["csr", "new", "m", "-t", "meter", "--key-file", "meter.key.pem", "--keypass-file", "keypass"]);
    assert!(printed.stdout.starts_with("-----BEGIN CERTIFICATE REQUEST-----\n"), "{printed:?}");
}

/// With a home, its own policies count, and keys that it has certified before.
#[test]
fn csr_lint_knows_the_policies_and_keys_of_the_home() {
    let scratch = Scratch::with_authorities("ec:p256");
    let new = ["csr", "new", "b.example.net", "-t", "jms-broker", "--out-key", "b.key.pem", "--out", "b.csr"];
    scratch.done(&[&new[..], &["--key", "ec:p256"]].concat());
    scratch.done(&["csr", "lint", "b.csr", "-t", "jms-broker"]);
    scratch.write(
        "home/policies/own.toml",
        b"name = \"own\"\nsummary = \"only RSA\"\n[[rules]]\nallowed_keys = [\"rsa\"]\n",
    );
    let said = scratch.refused(3, &["csr", "lint", "b.csr", "-t", "jms-broker"]);
    assert!(said.contains("own") && said.contains("allowed_keys"), "{said}");
    std::fs::remove_file(scratch.path("home/policies/own.toml")).expect("it can be removed");
    scratch.done(&["issue", "b.example.net", "-t", "jms-broker", "--csr", "b.csr", "--out-cert", "b.pem"]);
    let said = scratch.refused(3, &["csr", "lint", "b.csr", "-t", "jms-broker"]);
    assert!(said.contains("key_reuse"), "{said}");
}
