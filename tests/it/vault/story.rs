//! From the root to the CRL: a root, an intermediate, roles, certificates, rotation, revocation, lists.

use certroll_pki::container::pem;
use certroll_pki::x509::certificate::Certificate;
use serde_json::{Value, json};

use super::scene::Scene;
use crate::home::text;
use crate::peers::{self, Peer, openssl_verify};

/// The certificate in a file.
fn certificate(scene: &Scene, file: &str) -> Certificate {
    let blocks = pem::read(&scene.home.read(file)).expect("PEM");
    Certificate::from_der(blocks[0].der.expose()).expect("a certificate")
}

/// Puts an intermediate below the root into the mount `sub`, with a role `web` of its own.
fn intermediate(scene: &Scene) {
    let server = &scene.server;
    server.must("POST", "sys/mounts/sub", &json!({"type": "pki", "config": {"max_lease_ttl": "43800h"}}));
    let asked = json!({"common_name": "Issuing", "key_type": "ec", "key_bits": 256});
    let made = server.must("POST", "sub/intermediate/generate/internal", &asked);
    let asked = json!({"csr": made["data"]["csr"], "common_name": "Issuing", "ttl": "43800h"});
    let signed = server.must("POST", "pki/root/sign-intermediate", &asked);
    let bundle = format!("{}\n{}", text(&signed, "data/certificate"), text(&signed, "data/issuing_ca"));
    server.must("POST", "sub/intermediate/set-signed", &json!({"certificate": bundle}));
    let role =
        json!({"allowed_domains": "example.net", "allow_subdomains": true, "key_type": "any", "max_ttl": "2160h"});
    server.must("POST", "sub/roles/web", &role);
    scene.home.write("root.pem", text(&signed, "data/issuing_ca"));
}

#[test]
fn a_certificate_lives_from_the_request_to_the_crl() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let Some(scene) = Scene::new() else { return };
    let home = &scene.home;
    intermediate(&scene);
    scene.settings("mount = \"sub\"", "");
    let ran = home.ok(&["issuer", "test", "vault"]);
    assert_eq!(ran.stderr, "issuer `vault` is ready\n");
    let able = home.ok(&["issuer", "capabilities", "vault", "--format", "json"]).json();
    assert_eq!((&able["kind"], &able["takes_reason"]), (&json!("vault"), &json!(false)));
    assert_eq!(
        (&able["recoverable"], &able["lists"], &able["key_custody"]),
        (&json!(true), &json!(true), &json!("here"))
    );

    scene.issue("a.example.net").expect(0);
    let root = home.path("root.pem");
    let file = home.path("a.example.net.pem");
    let verified = openssl_verify(&root, Some(&file), &file, &["-purpose", "sslserver"]);
    assert!(verified.success(), "{verified:?}");
    let first = certificate(&scene, "a.example.net.pem");
    assert_eq!(first.names.iter().map(ToString::to_string).collect::<Vec<_>>(), ["dns:a.example.net"]);

    home.ok(&["rotate", "a.example.net"]);
    let second = certificate(&scene, "a.example.net.pem");
    assert_ne!(first.spki, second.spki);
    let ran = home.ok(&["revoke", &first.serial.to_string(), "--reason", "keyCompromise"]);
    assert!(
        ran.stderr.contains("issuer `vault` takes no reason: it is on record here, and no CRL will show it"),
        "{ran:?}"
    );
    assert!(!ran.stderr.contains("does not list"), "{ran:?}");
    let again = home.ok(&["revoke", &first.serial.to_string(), "--reason", "keyCompromise"]);
    assert!(again.stderr.contains("was revoked already"), "{again:?}");
    assert_eq!(text(&home.records("cert.revoked")[0], "why/reason"), "keyCompromise");

    // What the server publishes, in the eyes of somebody else.
    let crl = scene.server.must("GET", "sub/cert/crl", &Value::Null);
    home.write("sub.crl", text(&crl, "data/certificate"));
    let list = home.path("sub.crl").display().to_string();
    let checked = |name: &str| {
        let file = home.path(name);
        openssl_verify(&root, Some(&file), &file, &["-crl_check", "-CRLfile", &list])
    };
    assert!(checked("a.example.net.pem").success());
    let revoked = checked("a.example.net.pem.previous");
    assert!(revoked.text().contains("certificate revoked"), "{revoked:?}");

    home.ok(&["audit", "reconcile"]);
    home.verify();
}

/// A server whose list is full of others' certificates, in pages, and one that knows no list in detail.
#[test]
fn the_servers_list_is_held_against_the_log() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let Some(scene) = Scene::new() else { return };
    let home = &scene.home;
    scene.issue("a.example.net").expect(0);
    scene.issue("b.example.net").expect(0);
    home.ok(&["revoke", "b.example.net", "--reason", "superseded"]);
    let ran = home.ok(&["audit", "reconcile"]);
    assert!(ran.stdout.is_empty(), "{ran:?}");
    let asked = home.command(&["audit", "reconcile"]).env_remove("CERTROLL_PASSPHRASE_FILE").output();
    let asked = String::from_utf8(asked.expect("it can be started").stderr).expect("text");
    assert!(asked.contains("issuers elsewhere are not asked: no passphrase was given"), "{asked}");

    // Signed for somebody else, past us.
    let made = json!({"common_name": "c.example.net", "ttl": "24h", "key_type": "ec", "key_bits": 256});
    let foreign = scene.server.must("POST", "pki/issue/web", &made);
    let serial = text(&foreign, "data/serial_number").replace(':', "");
    let findings = |code: i32| {
        let ran = home.certroll(&["audit", "reconcile", "--format", "ndjson"]).expect(code).ndjson();
        let line = |finding: &Value| {
            format!("{} {} {}", text(finding, "finding"), text(finding, "severity"), text(finding, "place"))
        };
        (ran.iter().map(line).collect::<Vec<_>>(), ran)
    };
    let (lines, found) = findings(13);
    assert_eq!(lines, ["unlogged wrong issuer vault"]);
    assert_eq!(text(&found[0], "serial"), serial);
    scene.settings("shared = true", "");
    assert_eq!(findings(11).0, ["unlogged attention issuer vault"]);

    // Revoked there, past us.
    let own = certificate(&scene, "a.example.net.pem").serial.to_string();
    let colons = own.as_bytes().chunks(2).map(|pair| String::from_utf8_lossy(pair)).collect::<Vec<_>>().join(":");
    scene.server.must("POST", "pki/revoke", &json!({"serial_number": colons}));
    let (lines, found) = findings(13);
    assert_eq!(lines, ["status-differs wrong issuer vault", "unlogged attention issuer vault"]);
    assert!(text(&found[0], "detail").contains("this list says revoked"), "{found:?}");

    // Tidying takes what has expired, and nothing else: as before.
    scene.server.must(
        "POST",
        "pki/tidy",
        &json!({"tidy_cert_store": true, "tidy_revoked_certs": true, "safety_buffer": "1s"}),
    );
    while scene.server.must("GET", "pki/tidy-status", &Value::Null)["data"]["state"] == "Running" {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert_eq!(findings(13).0, lines);
    // A server that does not answer is a finding, no failure.
    scene.settings("address = \"http://127.0.0.1:1\"", "");
    assert_eq!(findings(11).0, ["unread attention issuer vault"]);
}

/// A certificate that the server does not have any more, although it has not expired.
#[test]
fn what_the_server_lost_is_missed() {
    let Some(scene) = Scene::new() else { return };
    scene.issue("a.example.net").expect(0);
    let uuid = scene.server.must("GET", "sys/internal/ui/mounts/pki", &Value::Null);
    let serial = certificate(&scene, "a.example.net.pem").serial.to_string();
    let hyphens = serial.as_bytes().chunks(2).map(|pair| String::from_utf8_lossy(pair)).collect::<Vec<_>>().join("-");
    let path = format!("sys/raw/logical/{}/certs/{hyphens}", text(&uuid, "data/uuid"));
    scene.server.must("DELETE", &path, &Value::Null);
    let ran = scene.home.certroll(&["audit", "reconcile", "--format", "json"]).expect(13);
    assert!(ran.stdout.contains("the log says issued; it is not on this list"), "{ran:?}");
}

/// Issuers within a mount, requests signed as they are, and roles that keep nothing.
#[test]
fn the_ways_to_sign() {
    let Some(scene) = Scene::new() else { return };
    let home = &scene.home;
    let second =
        json!({"common_name": "Second", "issuer_name": "g2", "ttl": "87600h", "key_type": "ec", "key_bits": 384});
    scene.server.must("POST", "pki/issuers/generate/root/internal", &second);
    scene.settings("issuer_ref = \"g2\"", "");
    scene.issue("a.example.net").expect(0);
    assert_eq!(certificate(&scene, "a.example.net.pem").issuer.to_string(), "CN=Second");
    let ran = home.ok(&["revoke", "a.example.net", "--reason", "superseded"]);
    assert!(!ran.stderr.contains("does not list"), "the CRL of that issuer was looked into: {ran:?}");

    // Names, usages and subject are those that were approved here; the server's role decides nothing.
    let meter = ["issue", "meter-7", "-t", "meter", "--issuer", "vault", "--key", "ec:p256", "--ttl", "30d"];
    let role = home.certroll(&meter);
    assert!(role.stderr.contains("would refuse") && role.code == 3, "{role:?}");
    scene.settings("sign = \"verbatim\"", "");
    home.ok(&[&meter[..], &["--out-cert", "meter.pem"]].concat());
    let meter = certificate(&scene, "meter.pem");
    let shown = home.ok(&["show", "meter-7", "--format", "json"]).json();
    assert_eq!(text(&shown, "serial"), meter.serial.to_string());
    assert!(!meter.extended_key_usage.is_empty() && meter.subject.common_name().is_some(), "{meter:?}");

    // By the certificate itself, since the server does not have it.
    scene.role("forgetful", json!({"no_store": true}));
    scene.settings("role = \"forgetful\"", "");
    let refused = scene.issue("b.example.net").expect(4);
    assert!(refused.stderr.contains("no_store"), "{refused:?}");
    scene.settings("role = \"forgetful\"\nallow_unrecoverable = true", "");
    scene.issue("b.example.net").expect(0);
    let serial = certificate(&scene, "b.example.net.pem").serial.to_string();
    assert!(!scene.serials().contains(&serial));
    let intents = home.records("cert.issue.intent");
    assert_eq!(intents.last().expect("an intent")["x"]["unrecoverable"], true);
    home.ok(&["revoke", "b.example.net", "--reason", "superseded"]);
    home.ok(&["audit", "reconcile"]);
    home.verify();
}
