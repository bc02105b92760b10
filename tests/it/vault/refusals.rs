//! Everything a server can refuse: the exit code, its own words, and the next step.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::fake::{Fake, Reply, says};
use super::logins::with_tls;
use super::scene::Scene;
use crate::home::{Ran, text};

/// The run ended with that code, and said all of this.
fn ended(ran: Ran, code: i32, words: &[&str]) {
    let ran = ran.expect(code);
    for word in words {
        assert!(ran.stderr.contains(word), "no `{word}`: {ran:#?}");
    }
}

#[test]
fn a_role_that_would_refuse_is_known_before_the_intent() {
    let Some(scene) = Scene::new() else { return };
    let issue = |name: &str, more: &[&str]| {
        let what = ["issue", name, "-t", "https-server", "--issuer", "vault"];
        scene.home.certroll(&[&what[..], more].concat())
    };
    let refused = |ran: Ran, words: &[&str]| {
        ended(ran, 3, &[&["role `web` would refuse", "hint: ask for what the role allows"][..], words].concat());
    };
    let p256: &[&str] = &["--key", "ec:p256"];
    refused(issue("a.example.org", p256), &["allowed_domains is example.net", "`a.example.org`"]);
    refused(issue("example.net", p256), &["allow_bare_domains is not set"]);
    scene.role("web", json!({"max_ttl": "720h"}));
    refused(issue("a.example.net", p256), &["max_ttl is 30d"]);
    scene.role("web", json!({"key_type": "rsa", "key_bits": 3072}));
    refused(issue("a.example.net", p256), &["key_type is rsa, and the key is ec:p256"]);
    refused(issue("a.example.net", &["--key", "rsa:2048"]), &["key_bits is 3072, and the key is rsa:2048"]);
    scene.role("web", json!({"key_type": "any", "key_bits": 0, "allow_ip_sans": false}));
    refused(issue("a.example.net", &["--key", "ec:p256", "--san", "ip:10.0.0.1"]), &["allow_ip_sans is not set"]);
    scene.role("web", json!({"allow_ip_sans": true, "server_flag": false}));
    refused(issue("a.example.net", p256), &["server_flag is not set: extended key usage serverAuth"]);
    scene.role("web", json!({"server_flag": true, "generate_lease": true}));
    refused(issue("a.example.net", p256), &["generate_lease is set"]);
    // Each is on record, and nothing was announced.
    assert_eq!(scene.home.records("cert.reject").len(), 8);
    assert!(scene.home.records("cert.issue.intent").is_empty());
    assert_eq!(scene.serials().len(), 1);
    scene.role("web", json!({"generate_lease": false}));
    issue("a.example.net", p256).expect(0);
}

/// The negative control of the check beforehand: what it objects to, the server refuses too.
#[test]
fn the_server_refuses_what_is_objected_to() {
    let Some(scene) = Scene::new() else { return };
    let csr = |name: &str| {
        let key = certroll_pki::key::KeyPair::generate("ec:p256".parse().expect("a kind of key")).expect("a key");
        let content = certroll_pki::x509::signing::CertificateContent {
            subject: certroll_pki::name::distinguished_name::DistinguishedName::parse(&format!("CN={name}"))
                .expect("a name"),
            names: vec![certroll_pki::name::general_name::GeneralName::parse(name).expect("a name")],
            validity: certroll_pki::x509::validity::Validity::starting(
                certroll_base::clock::Timestamp::from_secs(0),
                certroll_pki::x509::validity::Lifetime::Never,
            ),
            extensions: Arc::default(),
        };
        let der = certroll_pki::x509::request::make(&content, &key).expect("a request");
        certroll_pki::container::pem::encode(certroll_pki::container::pem::Label::CertificateRequest, &der)
    };
    for (role, name) in [
        (json!({}), "a.example.org"),
        (json!({}), "example.net"),
        (json!({"allow_wildcard_certificates": false}), "*.example.net"),
        (json!({"key_type": "rsa", "key_bits": 3072}), "a.example.net"),
        (json!({"key_type": "ec", "key_bits": 384}), "a.example.net"),
        (json!({"allow_ip_sans": false}), "10.0.0.1"),
    ] {
        scene.role("strict", role.clone());
        let (status, said) = scene.server.call("POST", "pki/sign/strict", &json!({"csr": csr(name), "ttl": "1h"}));
        assert_eq!(status, 400, "{role} {name}: {said}");
    }
    for name in ["a.example.net", "*.example.net", "b.a.example.net", "localhost"] {
        scene.role("strict", json!({"allow_wildcard_certificates": true, "key_type": "any", "key_bits": 0}));
        scene.server.must("POST", "pki/sign/strict", &json!({"csr": csr(name), "ttl": "1h"}));
    }
}

#[test]
fn what_is_not_there_is_named() {
    let Some(scene) = Scene::new() else { return };
    scene.settings("role = \"nobody\"", "");
    ended(scene.issue("a.example.net"), 2, &["there is no role `nobody` in the mount `pki`", "bao list pki/roles"]);
    scene.settings("mount = \"nowhere\"", "");
    ended(scene.issue("a.example.net"), 2, &["no handler for route", "bao secrets list"]);
    scene.settings("issuer_ref = \"nobody\"", "");
    ended(scene.issue("a.example.net"), 2, &["unable to find", "issuer_ref"]);
    // Found out by the server alone, after the intent.
    scene.settings("", "");
    assert!(scene.home.records("cert.issue.intent").is_empty());
    assert_eq!(scene.serials().len(), 1);
}

#[test]
fn what_is_not_allowed_is_refused_and_on_record() {
    let Some(scene) = Scene::new() else { return };
    let token = |rules: &str| {
        scene.policy("few", rules);
        let made = scene.server.must("POST", "auth/token/create", &json!({"policies": ["few"]}));
        scene.home.write("secrets/token", text(&made, "auth/client_token"));
    };
    token("pki/sign/web update");
    ended(scene.issue("a.example.net"), 5, &["role `web` cannot be read", "403 (not allowed)", "docs/vault.md"]);
    assert_eq!(scene.home.records("auth.denied").len(), 1);
    token("pki/roles/web read\npki/certs list");
    ended(scene.issue("a.example.net"), 5, &["its token has no right to sign: `update` on `pki/sign/web`"]);
    token("pki/roles/web read\npki/sign/web update");
    ended(scene.home.certroll(&["issuer", "test", "vault"]), 5, &["look for certificates", "`list` on `pki/certs`"]);
    assert_eq!(scene.home.records("auth.denied").len(), 2);
    assert!(scene.home.records("cert.issue.intent").is_empty());
    // One that may not even ask for its rights: the server itself refuses.
    let made = json!({"policies": ["few"], "no_default_policy": true});
    scene.policy("few", "pki/roles/web read\nauth/token/lookup-self read");
    let made = scene.server.must("POST", "auth/token/create", &made);
    scene.home.write("secrets/token", text(&made, "auth/client_token"));
    let ran = scene.issue("a.example.net");
    ended(ran, 5, &["it did not sign: the server says 403", "does not allow `pki/sign/web`"]);
    assert_eq!(text(&scene.home.records("cert.issue.failed")[0], "err/code"), "auth");
    token("pki/roles/web read\npki/sign/web update\npki/certs list");
    scene.issue("a.example.net").expect(0);
    let ran = scene.home.certroll(&["revoke", "a.example.net", "--reason", "superseded"]);
    ended(ran, 5, &["it did not revoke: the server says 403", "pki/revoke"]);
    assert_eq!(scene.home.records("cert.revoke.failed").len(), 1);
    assert!(scene.home.records("cert.revoked").is_empty());
    // The server takes the key itself as authority; it is sent there only if that is wanted.
    token("pki/roles/web read\npki/sign/web update\npki/revoke-with-key update\npki/cert/* read\npki/issuers list");
    let password = scene.home.path("secrets/storepass").display().to_string();
    let key = ["--key", "a.example.net.key.pem", "--storepass-file", &password];
    let revoke = [&["revoke", "a.example.net", "--reason", "keyCompromise"][..], &key].concat();
    ended(scene.home.certroll(&revoke), 5, &["it did not revoke", "`revoke_with_key = true`"]);
    scene.settings("revoke_with_key = true", "");
    scene.home.ok(&revoke);
    assert_eq!(scene.home.records("cert.revoked").len(), 1);
    scene.home.verify();
}

#[test]
fn a_quota_says_until_when() {
    let Some(scene) = Scene::new() else { return };
    scene.server.must("POST", "sys/quotas/config", &json!({"enable_rate_limit_response_headers": true}));
    let quota = json!({"path": "pki/sign/web", "rate": 1, "interval": "1h"});
    scene.server.must("POST", "sys/quotas/rate-limit/few", &quota);
    scene.issue("a.example.net").expect(0);
    let ran = scene.issue("b.example.net");
    ended(
        ran,
        6,
        &[
            "429 (too many requests): request path \"pki/sign/web\": rate limit quota exceeded",
            "repeat the command later",
        ],
    );
    assert_eq!(text(&scene.home.records("cert.issue.failed")[0], "err/code"), "rate-limited");
    scene.server.must("DELETE", "sys/quotas/rate-limit/few", &Value::Null);
    scene.issue("b.example.net").expect(0);
    assert_eq!(scene.serials().len(), 3);
    scene.home.verify();
}

#[test]
fn a_sealed_server_and_one_that_is_not_trusted() {
    let Some(scene) = with_tls() else { return };
    scene.issue("a.example.net").expect(0);
    scene.server.seal();
    ended(scene.issue("b.example.net"), 6, &["503 (sealed)", "bao operator unseal"]);
    ended(scene.home.certroll(&["issuer", "test", "vault"]), 6, &["503 (sealed)"]);
    let ran = scene.home.certroll(&["revoke", "a.example.net", "--reason", "superseded"]);
    ended(ran, 6, &["sealed"]);
    scene.server.unseal();
    scene.issue("b.example.net").expect(0);
    scene.home.ok(&["revoke", "a.example.net", "--reason", "superseded"]);
    // Without the root of its certificate it is a stranger, whatever the environment says.
    scene.settings("", "");
    let mut command = scene.home.command(&["issuer", "test", "vault"]);
    let ran: Ran = command.env("VAULT_SKIP_VERIFY", "true").output().expect("it can be started").into();
    ended(ran, 2, &["its certificate is not trusted", "ca_file"]);
    scene.settings("ca_file = \"../missing.pem\"", "");
    ended(scene.home.certroll(&["issuer", "test", "vault"]), 2, &["missing.pem"]);
    scene.home.verify();
}

/// The beginning of a Vault: healthy, a token that is good, a role, a CA. The rest is up to the test.
pub(super) fn nearly(request: &str, root: &str) -> Option<Reply> {
    let data = if request.starts_with("GET /v1/sys/health") {
        return Some(says("200 OK", &json!({"initialized": true, "sealed": false})));
    } else if request.starts_with("GET /v1/auth/token/lookup-self") {
        json!({"accessor": "a", "creation_time": 0, "creation_ttl": 0, "display_name": "x", "entity_id": "",
               "explicit_max_ttl": 0, "id": "x", "num_uses": 0, "orphan": true, "path": "p", "policies": [], "ttl": 0})
    } else if request.starts_with("GET /v1/pki/roles/web") {
        json!({"allow_any_name": true})
    } else if request.starts_with("GET /v1/pki/issuer/default/json") {
        json!({"certificate": root, "ca_chain": [root], "issuer_id": "one"})
    } else {
        return None;
    };
    let body = json!({"request_id": "1", "lease_id": "", "lease_duration": 0, "renewable": false, "data": data});
    Some(says("200 OK", &body))
}

#[test]
fn servers_in_a_state_that_ours_never_has() {
    let Some(scene) = Scene::new() else { return };
    let root = scene.server.must("GET", "pki/cert/ca", &Value::Null);
    let root = text(&root, "data/certificate").to_owned();
    let page =
        || Some(("502 Bad Gateway", "Content-Type: text/html\r\n".to_owned(), "<html>upstream</html>".to_owned()));
    let elsewhere =
        || Some(("307 Temporary Redirect", "Location: https://active.test:8200/\r\n".to_owned(), String::new()));
    let behind = || says("412 Precondition Failed", &json!({"errors": ["required index state not present"]}));
    type Make = fn() -> Reply;
    // At the first question, and at the signature: the reply, the exit code, the words.
    let table: [(&str, Make, i32, &[&str]); 9] = [
        ("sys/health", page, 6, &["it is not ready", "502 (server error)"]),
        ("sys/health", elsewhere, 6, &["standby node", "https://active.test:8200/"]),
        ("sys/health", || says("472", &json!({})), 6, &["472 (disaster recovery standby)", "active one"]),
        ("sys/health", || says("473", &json!({})), 6, &["473 (performance standby)"]),
        ("sys/health", || says("501", &json!({})), 6, &["501 (not initialised)", "bao operator init"]),
        ("sys/health", || None, 6, &["issuer test vault"]),
        ("pki/sign", behind, 6, &["412 (not up to date)", "repeat the command"]),
        ("pki/sign", elsewhere, 6, &["standby node", "https://active.test:8200/"]),
        (
            "pki/sign",
            || says("405 Method Not Allowed", &json!({"errors": ["unsupported operation"]})),
            4,
            &["405 (not supported)"],
        ),
    ];
    for (at, (path, reply, code, words)) in table.into_iter().enumerate() {
        let root = root.clone();
        let server = Fake::start(move |request| match request.contains(&format!(" /v1/{path}")) {
            true => reply(),
            false => nearly(request, &root).unwrap_or_else(|| says("404 Not Found", &json!({"errors": []}))),
        });
        scene.settings(&format!("address = \"{}\"", server.address()), "");
        ended(scene.issue(&format!("a{at}.example.net")), code, words);
    }
    let open = scene.home.verify()["open"].as_array().map(Vec::len);
    assert!(matches!(open, None | Some(0)), "{open:?}");
}

/// The server signs and nobody hears of it: the certificate is found, by its key, and no second one is asked for.
#[test]
fn an_answer_that_is_lost_is_found_again() {
    for detailed in [true, false] {
        let Some(scene) = Scene::new() else { return };
        let address = scene.server.address().to_owned();
        let (lost, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(0)));
        let (loses, counts) = (lost.clone(), asked.clone());
        // Between us and the server: it passes everything on, and keeps the first answer to a signature for itself.
        let between = Fake::start(move |request| {
            let (line, rest) = request.split_once("\r\n").expect("a request");
            let mut words = line.split(' ');
            let (method, path) = (words.next().expect("a method"), words.next().expect("a path"));
            let path = path.trim_start_matches("/v1/");
            if path.starts_with("pki/certs/detailed") && !detailed {
                return says("404 Not Found", &json!({"errors": ["1 error occurred:\n\t* unsupported path\n\n"]}));
            }
            let body = rest.split_once("\r\n\r\n").map_or("", |(_, body)| body);
            let body = serde_json::from_str(body).unwrap_or(Value::Null);
            let (status, said) =
                crate::peers::openbao::call(&address, (crate::peers::openbao::ROOT, ""), (method, path), &body);
            if path.starts_with("pki/sign/") {
                *counts.lock().expect("no thread panicked") += 1;
                if !loses.swap(true, Ordering::SeqCst) {
                    return None;
                }
            }
            says(if status == 200 { "200 OK" } else { "404 Not Found" }, &said)
        });
        scene.settings(&format!("address = \"{}\"", between.address()), "");
        scene.issue("a.example.net").expect(0);
        assert!(lost.load(Ordering::SeqCst));
        assert_eq!(*asked.lock().expect("no thread panicked"), 1);
        assert_eq!(scene.serials().len(), 2);
        // As long as the server may still be at work, that it has nothing proves nothing.
        lost.store(false, Ordering::SeqCst);
        scene.home.verify();
    }
}

/// A request that never arrived is not given up before the server has had its time.
#[test]
fn a_request_is_not_given_up_too_soon() {
    let Some(scene) = Scene::new() else { return };
    let address = scene.server.address().to_owned();
    let between = Fake::start(move |request| {
        let line = request.lines().next().expect("a request");
        let mut words = line.split(' ');
        let (method, path) = (words.next().expect("a method"), words.next().expect("a path"));
        if path.starts_with("/v1/pki/sign/") {
            return None;
        }
        let token = (crate::peers::openbao::ROOT, "");
        let (status, said) =
            crate::peers::openbao::call(&address, token, (method, path.trim_start_matches("/v1/")), &Value::Null);
        says(if status == 200 { "200 OK" } else { "404 Not Found" }, &said)
    });
    scene.settings(&format!("address = \"{}\"\nsettle_secs = 3600", between.address()), "");
    ended(
        scene.issue("a.example.net"),
        6,
        &["it is not known yet", "the server may still be at work on it; it is known from"],
    );
    ended(scene.issue("a.example.net"), 6, &["it is not known yet"]);
    assert_eq!(scene.home.records("cert.issue.intent").len(), 1);
    scene.settings("", "");
    scene.issue("a.example.net").expect(0);
    assert_eq!(scene.home.records("cert.issue.abandoned").len(), 1);
    assert_eq!(scene.serials().len(), 2);
    scene.home.verify();
}
