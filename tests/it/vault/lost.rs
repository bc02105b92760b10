//! Answers that are lost for good, what a role gives that was not asked for, and another CA than the one that was expected: a
//! server between us and OpenBao brings each about.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use certroll_pki::container::pem;
use certroll_pki::x509::certificate::Certificate;
use serde_json::{Value, json};

use super::fake::{Fake, says};
use super::scene::Scene;
use crate::home::{Ran, TestHome, files_below, text};
use crate::peers;
use crate::peers::openbao::{self, ROOT};

/// A server that passes everything on to OpenBao. Before the first request to sign, the role `web` becomes another one, if so
/// wished, and the answer to that request is lost, if so wished. It keeps every certificate.
struct Between {
    server: Fake,
    signed: Arc<Mutex<Vec<String>>>,
}

impl Between {
    fn start(scene: &Scene, loses: bool, becomes: Option<Value>) -> Self {
        let address = scene.server.address().to_owned();
        let (armed, signed) = (AtomicBool::new(true), Arc::new(Mutex::new(Vec::new())));
        let keeps = signed.clone();
        let server = Fake::start(move |request| {
            let (line, rest) = request.split_once("\r\n").expect("a request");
            let mut words = line.split(' ');
            let (method, path) = (words.next().expect("a method"), words.next().expect("a path"));
            let path = path.trim_start_matches("/v1/");
            let header = |line: &str| line.strip_prefix("x-vault-token: ").map(str::to_owned);
            let token = rest.lines().find_map(header).unwrap_or_default();
            let body = rest.split_once("\r\n\r\n").map_or("", |(_, body)| body);
            let body = serde_json::from_str(body).unwrap_or(Value::Null);
            let first = path.starts_with("pki/sign/") && armed.swap(false, Ordering::SeqCst);
            if let (true, Some(role)) = (first, &becomes) {
                let (status, said) = openbao::call(&address, (ROOT, ""), ("POST", "pki/roles/web"), role);
                assert!((200..300).contains(&status), "{said}");
            }
            let (status, said) = openbao::call(&address, (&token, ""), (method, path), &body);
            if path.starts_with("pki/sign/") {
                keeps.lock().expect("no thread panicked").push(said["data"]["certificate"].to_string());
                if first && loses {
                    return None;
                }
            } else if !path.starts_with("sys/") && !path.starts_with("auth/") && path.contains("sign") {
                panic!("another way to sign: {path}");
            }
            let status = match status {
                200 => "200 OK",
                403 => "403 Forbidden",
                _ => "404 Not Found",
            };
            says(status, &said)
        });
        let between = Self { server, signed };
        between.settle(scene, "");
        between
    }

    /// Points the settings at it.
    fn settle(&self, scene: &Scene, more: &str) {
        scene.settings(&format!("address = \"{}\"\n{more}", self.server.address()), "");
    }

    /// The certificates that were signed, in order.
    fn signed(&self) -> Vec<Certificate> {
        let signed = self.signed.lock().expect("no thread panicked");
        let read = |text: &String| {
            let text: String = serde_json::from_str(text).expect("a certificate was signed");
            let blocks = pem::read(text.as_bytes()).expect("PEM");
            Certificate::from_der(blocks[0].der.expose()).expect("a certificate")
        };
        signed.iter().map(read).collect()
    }
}

/// The run ended with that code, and said all of this.
fn ended(ran: Ran, code: i32, words: &[&str]) {
    let ran = ran.expect(code);
    for word in words {
        assert!(ran.stderr.contains(word), "no `{word}`: {ran:#?}");
    }
}

const FORGETFUL: &str = "role = \"forgetful\"\nallow_unrecoverable = true\n";
const WAY_OUT: &str = "certroll issuer abandon a.example.net --comment WHY";

#[test]
fn what_nobody_can_tell_is_ended_by_a_person() {
    let Some(scene) = Scene::new() else { return };
    let home = &scene.home;
    scene.role("forgetful", json!({"no_store": true}));
    let between = Between::start(&scene, true, None);
    between.settle(&scene, FORGETFUL);
    let abandon = |name: &str| home.certroll(&["issuer", "abandon", name, "--comment", "no answer, audit log lost"]);
    ended(abandon("a.example.net"), 2, &["no request for `a.example.net` is open"]);

    ended(scene.issue("a.example.net"), 1, &["cannot be found out", "no_store set", WAY_OUT]);
    ended(scene.issue("a.example.net"), 1, &["cannot be found out", WAY_OUT]);
    let other = ["issue", "a.example.net", "-t", "https-server", "--issuer", "vault", "--key", "ec:p384"];
    ended(home.certroll(&other), 14, &["an earlier request for `a.example.net` is still open", WAY_OUT]);
    assert!(home.ok(&["doctor"]).stdout.contains("issuer abandon"));
    assert_eq!((between.signed().len(), home.records("cert.issue.indeterminate").len()), (1, 1));
    home.certroll(&["issuer", "abandon", "a.example.net"]).expect(2);
    assert_eq!(home.records("cert.issue.indeterminate").len(), 1, "without a reason nothing is ended");

    let stray = between.signed().remove(0);
    let key = stray.key_hash().to_string();
    let kept = encrypted_key(home);
    assert!(lies_in(home, &kept), "the search finds nothing");
    ended(abandon("a.example.net"), 0, &["its private key is destroyed", &key, "audit reconcile"]);
    assert!(!lies_in(home, &kept), "the encrypted key is still in a file of the home");
    let record = home.records("cert.issue.indeterminate").pop().expect("a record");
    assert_eq!((&record["x"]["ended"], &record["x"]["key"]), (&json!(true), &json!("destroyed")));
    assert_eq!((text(&record, "why/text"), text(&record, "x/issuer")), ("no answer, audit log lost", "vault"));
    assert_eq!((text(&record, "req/spki"), text(&record, "out")), (key.as_str(), "indeterminate"));
    assert_eq!(record["req"]["names"], json!(["name:a.example.net", "dns:a.example.net"]));
    assert_eq!(text(&home.records("key.destroy")[0], "req/spki"), key);
    ended(abandon("a.example.net"), 2, &["no request for `a.example.net` is open"]);
    let verified = home.verify();
    assert_eq!((&verified["unknown"], &verified["open_intents"]), (&json!(1), &json!([])));

    // The other reader of the log counts the same: nothing is open.
    home.ok(&["audit", "export", "--format", "jsonl", "--out", "log.jsonl"]);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/verify_export.py");
    let mut python = peers::command("python3");
    python.arg(script).arg(home.path("log.jsonl")).arg(home.path("home/log/vkey"));
    let read = python.env("PYTHONDONTWRITEBYTECODE", "1").output().expect("python3 can be started");
    assert!(String::from_utf8_lossy(&read.stdout).contains("0 intents open"), "{read:?}");

    // The name is free, and the stray is known by its key when it turns up.
    scene.issue("a.example.net").expect(0);
    home.ok(&["audit", "reconcile"]);
    std::fs::create_dir(home.path("found")).expect("a directory can be made");
    home.write("found/stray.pem", pem::encode(pem::Label::Certificate, stray.as_der()));
    let found = home.certroll(&["audit", "reconcile", "--scan", "found", "--format", "ndjson"]).expect(13).ndjson();
    assert_eq!((found.len(), text(&found[0], "finding")), (1, "unlogged"));
    let gave_up = format!("record {} gave up", record["seq"]);
    assert!(text(&found[0], "detail").contains(&gave_up), "{found:#?}");
}

/// The private key of the one open request, as it is kept.
fn encrypted_key(home: &TestHome) -> Vec<u8> {
    let database = rusqlite::Connection::open(home.path("home/state.db")).expect("the database can be opened");
    database.query_row("SELECT key FROM open_intent", [], |row| row.get(0)).expect("there is one open request")
}

/// Whether any file of the home holds those bytes. A large value of SQLite lies in several pages, so the first of them count.
fn lies_in(home: &TestHome, bytes: &[u8]) -> bool {
    let first = &bytes[..bytes.len().min(200)];
    let holds = |file: &std::path::PathBuf| {
        let content = std::fs::read(file).expect("the file can be read");
        content.windows(first.len()).any(|window| window == first)
    };
    files_below(&home.path("home")).iter().any(holds)
}

/// The key of a rotation that keeps it is that of a certificate in use.
#[test]
fn a_key_in_use_is_not_destroyed() {
    let Some(scene) = Scene::new() else { return };
    let home = &scene.home;
    scene.role("forgetful", json!({"no_store": true}));
    scene.settings(FORGETFUL, "");
    let line = ["issue", "a.example.net", "-t", "https-server", "--issuer", "vault", "--key", "ec:p256"];
    home.ok(&[&line[..], &["--keystore", "a.p12"]].concat());
    let between = Between::start(&scene, true, None);
    between.settle(&scene, FORGETFUL);
    ended(home.certroll(&["rotate", "a.example.net", "--reuse-key"]), 1, &["cannot be found out", WAY_OUT]);
    let line = ["issuer", "abandon", "a.example.net", "--comment", "no answer", "--ticket", "OPS-1"];
    ended(home.certroll(&line), 0, &["is that of an earlier certificate and stays", "rotate that one with a new key"]);
    let record = home.records("cert.issue.indeterminate").pop().expect("a record");
    assert_eq!((text(&record, "x/key"), text(&record, "why/ticket")), ("in-use", "OPS-1"));
    assert!(home.records("key.destroy").is_empty());
    home.ok(&["rotate", "a.example.net"]);
    assert_eq!(home.verify()["unknown"], json!(1));
}

#[test]
fn what_the_issuer_can_still_tell_is_not_abandoned() {
    let Some(scene) = Scene::new() else { return };
    let home = &scene.home;
    let abandon = || home.certroll(&["issuer", "abandon", "a.example.net", "--comment", "impatience"]);
    // The certificate exists, and it is found.
    let between = Between::start(&scene, true, None);
    let policy = "pki/sign/web update\npki/roles/web read\nauth/token/lookup-self read\nsys/capabilities-self update";
    scene.policy("blind", policy);
    let made =
        scene.server.must("POST", "auth/token/create", &json!({"policies": ["blind"], "no_default_policy": true}));
    home.write("secrets/token", text(&made, "auth/client_token"));
    between.settle(&scene, "allow_unrecoverable = true\n");
    ended(scene.issue("a.example.net"), 6, &["it is not known yet"]);
    ended(abandon(), 6, &["issuer `vault` can still tell", "could not be asked"]);
    scene.settings("address = \"http://127.0.0.1:1\"", "");
    ended(abandon(), 6, &["issuer `vault` can still tell"]);
    home.write("secrets/token", ROOT);
    between.settle(&scene, "");
    ended(abandon(), 2, &["was found at its issuer", "certroll deliver a.example.net"]);
    home.ok(&["deliver", "a.example.net", "--out-cert", "a.pem"]);
    // Nothing was signed, and the server says so once it must know.
    let deaf = Fake::start({
        let address = scene.server.address().to_owned();
        move |request| {
            let line = request.lines().next().expect("a request");
            let mut words = line.split(' ');
            let (method, path) = (words.next().expect("a method"), words.next().expect("a path"));
            if path.starts_with("/v1/pki/sign/") {
                return None;
            }
            let path = path.trim_start_matches("/v1/");
            let (status, said) = openbao::call(&address, (ROOT, ""), (method, path), &Value::Null);
            says(if status == 200 { "200 OK" } else { "404 Not Found" }, &said)
        }
    });
    scene.settings(&format!("address = \"{}\"\nsettle_secs = 3600", deaf.address()), "");
    ended(scene.issue("b.example.net"), 6, &["the server may still be at work on it"]);
    let abandon = || home.certroll(&["issuer", "abandon", "b.example.net", "--comment", "impatience"]);
    ended(abandon(), 6, &["the server may still be at work on it"]);
    scene.settings("", "");
    ended(abandon(), 0, &["the issuer says that it has not issued `b.example.net`"]);
    assert_eq!(home.verify()["unknown"], json!(0));
    assert!(home.records("key.destroy").is_empty());
}

/// One that may not read its role cannot know whether certificates are kept: that one is not on the list proves nothing.
#[test]
fn a_list_proves_nothing_for_a_role_that_cannot_be_read() {
    let Some(scene) = Scene::new() else { return };
    scene.policy(
        "few",
        "pki/sign/forgetful update\npki/certs list\npki/certs/* list\npki/cert/* read\npki/issuers list",
    );
    let made = scene.server.must("POST", "auth/token/create", &json!({"policies": ["few"]}));
    scene.home.write("secrets/token", text(&made, "auth/client_token"));
    scene.role("forgetful", json!({"no_store": true}));
    let between = Between::start(&scene, true, None);
    between.settle(&scene, FORGETFUL);
    ended(scene.issue("a.example.net"), 1, &["role `forgetful` cannot be read", WAY_OUT]);
    assert!(scene.home.records("cert.issue.failed").is_empty(), "it was called failed, and it exists");
    // An issuer that is gone from the settings will not tell either.
    let settings = scene.home.read("home/certroll.toml");
    let settings = String::from_utf8(settings).expect("text");
    let without = settings.split("[issuers.vault]").next().expect("what stands before it");
    scene.home.write("home/certroll.toml", without);
    let line = ["issuer", "abandon", "a.example.net", "--comment", "the server is gone"];
    ended(scene.home.certroll(&line), 0, &["its private key is destroyed"]);
    let record = scene.home.records("cert.issue.indeterminate").pop().expect("a record");
    assert!(text(&record, "err/text").contains("name no issuer `vault` any more"), "{record}");
    scene.home.verify();
}

/// The role is changed after it was looked at: what comes back is held against what was approved all the same.
#[test]
fn usages_and_issuer_are_those_that_were_approved() {
    let second =
        json!({"common_name": "Second", "issuer_name": "g2", "ttl": "87600h", "key_type": "ec", "key_bits": 256});
    for (at, (fields, words)) in [
        (json!({"server_flag": false}), "no extended key usage serverAuth, which was asked for"),
        (json!({"code_signing_flag": true}), "the extended key usage codeSigning, which was not asked for"),
        (json!({"ext_key_usage": ["Any"]}), "the extended key usage anyExtendedKeyUsage"),
        (json!({"server_flag": false, "client_flag": false}), "no extended key usage at all"),
        (json!({"key_usage": ["DigitalSignature", "CertSign"]}), "the key usage keyCertSign, which is for CAs"),
        (json!({"key_usage": ["KeyAgreement"]}), "no key usage digitalSignature, which was asked for"),
        (json!({"issuer_ref": "g2"}), "the signature of another CA, `CN=Second` in place of `CN=Root`"),
    ]
    .into_iter()
    .enumerate()
    {
        let Some(scene) = Scene::new() else { return };
        scene.server.must("POST", "pki/issuers/generate/root/internal", &second);
        let loses = at % 2 == 1;
        let mut role = json!({"allowed_domains": "example.net", "allow_subdomains": true, "key_type": "any"});
        role.as_object_mut().expect("a table").extend(fields.as_object().expect("a table").clone());
        let between = Between::start(&scene, loses, Some(role));
        ended(scene.issue("a.example.net"), 1, &[words, "was not handed out"]);
        assert!(!scene.home.path("a.example.net.pem").exists());
        let record = scene.home.records("cert.issued").pop().expect("it is on record");
        assert!(text(&record, "x/unfit").contains(words), "{record}");
        let serial = between.signed()[0].serial.to_string();
        scene.home.ok(&["revoke", &serial, "--reason", "superseded"]);
        scene.home.verify();
    }
}
