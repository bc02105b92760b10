//! The contract of JSON output: what scripts read has these names, these forms, and says which schema it is.

use serde_json::{Value, json};

use crate::home::{TestHome, text};

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// RFC 3339 in UTC, whole seconds.
fn is_time(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape == "0000-00-00T00:00:00Z"
}

/// What every document of a certificate holds.
fn check(value: &Value, schema: &str, name: &str, status: &str) {
    assert_eq!(text(value, "schema"), schema);
    assert_eq!(text(value, "name"), name);
    assert_eq!(text(value, "status"), status);
    assert_eq!(text(value, "issuer"), "issuing");
    let serial = text(value, "serial");
    assert!(is_hex(serial, serial.len()) && !serial.is_empty(), "{value}");
    for field in ["not_before", "not_after"] {
        assert!(is_time(text(value, field)), "{value}");
    }
    assert!(text(value, "not_before") < text(value, "not_after"));
    for field in ["spki_sha256", "cert_sha256"] {
        assert!(is_hex(text(value, field), 64), "{value}");
    }
    assert!(matches!(text(value, "template"), "jms-client" | "meter"));
}

const CERTIFICATE: &str = "certroll/certificate/v1";

fn same(one: &Value, other: &Value) {
    let fields = ["name", "serial", "not_before", "not_after", "issuer", "template", "spki_sha256", "cert_sha256"];
    for field in fields {
        assert_eq!(one[field], other[field], "`{field}` differs");
    }
}

#[test]
fn every_command_speaks_of_a_certificate_in_the_same_words() {
    let home = TestHome::new();
    let json = |arguments: &[&str]| home.ok(&[arguments, &["--format", "json"]].concat()).json();
    let issued = json(&["issue", "client", "-t", "jms-client", "--key", "ec:p256", "--keystore", "client.p12"]);
    check(&issued, CERTIFICATE, "client", "valid");
    assert!(text(&issued, "certificate").starts_with("-----BEGIN CERTIFICATE-----\n"));
    assert_eq!(issued["files"], serde_json::json!(["client.p12"]));

    let shown = json(&["show", "client"]);
    check(&shown, CERTIFICATE, "client", "valid");
    same(&issued, &shown);

    let listed = json(&["list", "client"]);
    assert_eq!(text(&listed, "schema"), "certroll/certificates/v1");
    check(&listed["certificates"][0], CERTIFICATE, "client", "valid");
    same(&issued, &listed["certificates"][0]);

    let checked = json(&["check", "client"]);
    assert_eq!(text(&checked, "schema"), "certroll/check/v1");
    same(&issued, &checked["certificates"][0]);

    let rotated = json(&["rotate", "client"]);
    let rotated = &rotated["certificates"][0];
    check(rotated, CERTIFICATE, "client", "valid");
    assert_ne!(rotated["serial"], issued["serial"]);
    assert_ne!(rotated["spki_sha256"], issued["spki_sha256"], "a rotation makes a new key");
    let old = json(&["show", text(&issued, "serial")]);
    check(&old, CERTIFICATE, "client", "replaced");
    assert_eq!(old["replaced_by"], rotated["cert_sha256"]);

    let revoked = json(&["revoke", text(rotated, "serial"), "--reason", "keyCompromise"]);
    check(&revoked, CERTIFICATE, "client", "revoked");
    assert_eq!(text(&revoked, "reason"), "keyCompromise");
    same(rotated, &revoked);
    let ran = home.certroll(&["check", text(rotated, "serial"), "--format", "json"]).expect(12);
    assert_eq!(text(&ran.json()["certificates"][0], "status"), "revoked");
}

#[test]
fn ndjson_is_one_document_a_line() {
    let home = TestHome::new();
    home.write("meters.csv", "name\nmeter-1\nmeter-2\nmeter-3\n");
    let batch = ["issue", "--batch", "meters.csv", "-t", "meter", "--out", "out.ndjson", "--format", "json"];
    let outcome = home.ok(&batch).json();
    assert_eq!(text(&outcome, "schema"), "certroll/batch/v1");
    assert_eq!(
        (&outcome["issued"], &outcome["skipped"], &outcome["failed"]),
        (&3.into(), &0.into(), &Value::Array(vec![]))
    );
    let written = String::from_utf8(home.read("out.ndjson")).expect("it is UTF-8");
    let devices: Vec<Value> = written.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    assert_eq!(devices.len(), 3);
    for device in &devices {
        check(device, "certroll/device/v1", text(device, "name"), "valid");
        assert!(text(device, "key").starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
    }
    for arguments in [&["list", "--template", "meter"][..], &["check", "meter-1", "meter-2", "meter-3"]] {
        let lines = home.ok(&[arguments, &["--format", "ndjson"]].concat()).ndjson();
        assert_eq!(lines.len(), 3);
        for line in &lines {
            check(line, CERTIFICATE, text(line, "name"), "valid");
            let device = devices.iter().find(|device| device["name"] == line["name"]).expect("it was written");
            same(line, device);
        }
    }
}

#[test]
fn every_document_names_its_schema() {
    let home = TestHome::new();
    home.ok(&["audit", "receipt", "0", "--out", "receipt"]);
    let documents: &[(&[&str], &str)] = &[
        (&["audit", "verify", "receipt.tlog-proof", "--key", "home/log/vkey"], "certroll/audit-receipt/v1"),
        (&["list"], "certroll/certificates/v1"),
        (&["check"], "certroll/check/v1"),
        (&["ca", "list"], "certroll/cas/v1"),
        (&["ca", "show", "issuing"], "certroll/ca/v1"),
        (&["audit", "show"], "certroll/audit-records/v1"),
        (&["audit", "events"], "certroll/audit-events/v1"),
        (&["audit", "verify"], "certroll/audit-verification/v1"),
        (&["audit", "reconcile"], "certroll/reconciliation/v1"),
        (&["template", "list"], "certroll/templates/v1"),
        (&["policy", "list"], "certroll/policies/v1"),
        (&["issuer", "list"], "certroll/issuers/v1"),
        (&["issuer", "list", "--kinds"], "certroll/issuer-kinds/v1"),
        (&["issuer", "capabilities"], "certroll/issuer-capabilities/v1"),
        (&["service", "kinds"], "certroll/servers/v1"),
        (&["inspect", "home/ca/issuing.pem"], "certroll/inspect/v1"),
        (&["verify", "home/ca/issuing.pem", "--trust", "home/ca/root.pem"], "certroll/verification/v1"),
        (&["keystore", "add", "k.p12", "--alias", "a", "--key", "ec:p256"], "certroll/file-change/v1"),
        (&["keystore", "list", "k.p12"], "certroll/keystore/v1"),
        (&["keystore", "inspect", "k.p12"], "certroll/keystore/v1"),
        (&["keystore", "diff", "k.p12", "k.p12"], "certroll/keystore-diff/v1"),
        (&["truststore", "create", "t.p12", "--ca", "root"], "certroll/file-change/v1"),
        (&["keystore", "lint", "t.p12"], "certroll/keystore-lint/v1"),
        (&["truststore", "list"], "certroll/truststores/v1"),
        (&["truststore", "list", "t.p12"], "certroll/truststore/v1"),
        (&["truststore", "sync"], "certroll/truststore-sync/v1"),
        (&["csr", "new", "x", "-t", "jms-client", "--keystore", "k.p12", "--out", "x.csr"], "certroll/file-change/v1"),
        (&["csr", "inspect", "x.csr"], "certroll/request/v1"),
        (&["csr", "lint", "x.csr"], "certroll/request-lint/v1"),
        (&["key", "inspect", "home/log/key.pem"], "certroll/key/v1"),
    ];
    let mut wrong = Vec::new();
    for (arguments, schema) in documents {
        let document = home.ok(&[*arguments, &["--format", "json"]].concat()).json();
        if document["schema"] != *schema {
            wrong.push(format!("{arguments:?}: {}", document["schema"]));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

/// A failure is one document too; a result that tells of one itself stays the only one.
#[test]
fn a_failure_is_one_document() {
    let home = TestHome::new();
    let failed = home.certroll(&["issue", "x", "-t", "nothing", "--format", "json"]).expect(2).json();
    assert_eq!((&failed["schema"], &failed["exit_code"]), (&json!("certroll/error/v1"), &json!(2)), "{failed}");
    assert_eq!(failed["error"], "there is no template `nothing`");
    home.ok(&["audit", "export", "--out", "log.jsonl"]);
    let mut log = home.read("log.jsonl");
    *log.last_mut().expect("it is not empty") = b' ';
    home.write("log.jsonl", log);
    let verified = home.certroll(&["audit", "verify", "log.jsonl", "--key", "home/log/vkey", "--format", "json"]);
    assert_eq!(verified.expect(13).json()["schema"], "certroll/audit-verification/v1");
    let people = home.certroll(&["issue", "x", "-t", "nothing"]).expect(2);
    assert!(people.stdout.is_empty(), "{people:?}");
}

/// What is talk goes to standard error: standard output is data alone, so that it can be piped.
#[test]
fn standard_output_is_data_alone() {
    let home = TestHome::new();
    let ran = home.ok(&["issue", "client", "-t", "jms-client", "--key", "ec:p256", "--format", "json"]);
    assert!(ran.stderr.contains("the key is kept in the home"), "{ran:?}");
    let ran = home.ok(&["revoke", "client", "--reason", "superseded"]);
    assert!(ran.stdout.is_empty() && ran.stderr.starts_with("revoked `client`"), "{ran:?}");
    let quiet = home.ok(&["--quiet", "revoke", "client", "--reason", "superseded"]);
    assert!(quiet.stdout.is_empty() && quiet.stderr.is_empty(), "{quiet:?}");
}
