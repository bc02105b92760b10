//! Three hundred certificates, rotated at the same time: the server's list, the inventory and the log agree.

use std::collections::BTreeSet;
use std::sync::Arc;

use certroll_base::clock::SystemClock;
use certroll_base::secret::Secret;
use certroll_core::config;
use certroll_core::lifecycle::issuance::issue;
use certroll_core::lifecycle::issuance::request::{IssueRequest, KeySource};
use certroll_core::lifecycle::layout::home::Home;
use serde_json::{Value, json};

use super::scene::Scene;
use crate::home::{PASSPHRASE, TestHome, text};
use crate::peers::openbao::{OpenBao, ROOT};
use crate::peers::{self, Peer};

const COUNT: usize = 300;

#[test]
fn three_hundred_are_rotated_at_once() {
    if !peers::require(&[Peer::OpenBao]) {
        return;
    }
    let scene = Scene::with(OpenBao::start(), TestHome::quick());
    let home = &scene.home;
    home.write("secrets/token", ROOT);
    scene.server.must("POST", "sys/mounts/pki", &json!({"type": "pki", "config": {"max_lease_ttl": "87600h"}}));
    let root = json!({"common_name": "Root", "ttl": "87600h", "key_type": "ec", "key_bits": 256});
    scene.server.must("POST", "pki/root/generate/internal", &root);
    scene.role("web", json!({}));
    scene.settings("", "");
    let passphrase = Secret::new(PASSPHRASE.to_owned());
    let opened = config::session(Home::new(home.path("home")), passphrase, Arc::new(SystemClock), None);
    let mut session = opened.expect("the home can be opened");
    for at in 0..COUNT {
        let asked = IssueRequest {
            name: format!("host-{at:03}.example.net"),
            template: "https-server".to_owned(),
            issuer: Some("vault".to_owned()),
            subject: None,
            names: Vec::new(),
            parameters: std::collections::BTreeMap::new(),
            lifetime: None,
            key: KeySource::Generate(Some("ec:p256".parse().expect("a kind of key"))),
            outputs: Vec::new(),
            why: None,
            force: false,
        };
        issue::issue(&mut session, asked).expect("it is issued");
    }
    drop(session);
    home.ok(&["rotate", "--due", "--renew-before", "91d", "--jobs", "16"]);

    let log = |event: &str| -> BTreeSet<String> {
        home.records(event)
            .iter()
            .filter(|record| text(record, "cert/iss") == "vault")
            .map(|record| text(record, "cert/sn").to_owned())
            .collect()
    };
    let issued = log("cert.issued");
    assert_eq!(issued.len(), 2 * COUNT);
    // But for the root's own.
    let mut listed: BTreeSet<String> = scene.serials().into_iter().collect();
    let root = scene.server.must("GET", "pki/issuers?list=true", &Value::Null);
    let roots = root["data"]["key_info"].as_object().expect("a table").values();
    for root in roots {
        assert!(listed.remove(&text(root, "serial_number").replace(':', "")));
    }
    assert_eq!(listed, issued);
    let current = home.current();
    let current: Vec<_> = current.iter().filter(|entry| text(entry, "issuer") == "vault").collect();
    assert_eq!(current.len(), COUNT);
    assert!(current.iter().all(|entry| issued.contains(text(entry, "serial"))));
    let ran = home.ok(&["audit", "reconcile"]);
    assert!(ran.stderr.contains("0 findings"), "{ran:?}");
    assert_eq!(home.verify()["open"].as_array().map_or(0, Vec::len), 0);
}
