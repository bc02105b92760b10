//! A real ActiveMQ broker that demands client certificates, before and after the rotation of its keystore.

use std::fs;

use crate::peers::{self, BrokerSetup, Peer, Store, broker_check, keytool_list, store_check};
use crate::scratch::Scratch;

const HOST: &str = "broker.example.net";
const PEERS: &[Peer] = &[Peer::ActiveMq, Peer::Jdk];

/// Two homes: `ours` with broker and client, `theirs` with a client of a CA that the broker does not know.
struct Scene {
    ours: Scratch,
    broker: Store,
    client: Store,
    trust: Store,
    foreign: Store,
    _theirs: Scratch,
}

impl Scene {
    fn new(broker: &str, client: &str) -> Self {
        let [ours, theirs] = [Scratch::with_authorities("rsa:3072"), Scratch::with_authorities("rsa:3072")];
        ours.done(&["issue", HOST, "--template", "jms-broker", "--keystore", broker, "--alias", "broker"]);
        ours.done(&["issue", "meter-import", "--template", "jms-client", "--keystore", client]);
        let trust = format!("trust.{}", broker.rsplit('.').next().unwrap_or_default());
        ours.done(&["ca", "export", "--out", &trust]);
        theirs.done(&["issue", "meter-import", "--template", "jms-client", "--keystore", client]);
        let [broker, client, trust] = [broker, client, &trust].map(|name| ours.store(name));
        let foreign = theirs.store(client.path.file_name().and_then(|name| name.to_str()).expect("a plain name"));
        Self { ours, broker, client, trust, foreign, _theirs: theirs }
    }

    /// Starts the broker, tries the clients, stops it; returns the serial number that it served.
    fn served(&self) -> String {
        let (trust, client) = (&self.trust, &self.client);
        let setup = BrokerSetup {
            host: HOST,
            broker: &self.broker,
            broker_trust: trust,
            client,
            client_trust: trust,
            foreign: &self.foreign,
        };
        let report = broker_check(&setup).unwrap_or_else(|refusal| panic!("{refusal:?}"));
        assert_eq!((report.passed.len(), &report.failed[..]), (3, &[][..]), "{report:?}");
        report.served.expect("a broker that passed has served a certificate")
    }
}

fn rotated_and_restored(broker: &str, client: &str) {
    if !peers::require(PEERS) {
        return;
    }
    let scene = Scene::new(broker, client);
    let first = scene.ours.current_serial(HOST);
    assert_eq!(scene.served(), first);

    scene.ours.done(&["rotate", HOST]);
    let second = scene.ours.current_serial(HOST);
    assert_ne!(first, second);
    assert_eq!(scene.served(), second);
    let entries = store_check(&scene.broker).expect("the rotated keystore is sound");
    assert_eq!((entries.len(), &*entries[0].alias, entries[0].chain_length), (1, "broker", 3), "{entries:?}");
    keytool_list(&scene.broker).expect_success("the rotated keystore");

    scene.ours.done(&["rollback", broker]);
    assert_eq!(scene.served(), first);
    scene.ours.done(&["rollback", broker]);
    assert_eq!(scene.served(), second);
}

#[test]
fn live_broker_on_jks() {
    rotated_and_restored("broker.jks", "client.p12");
}

#[test]
fn live_broker_on_pkcs12() {
    rotated_and_restored("broker.p12", "client.jks");
}

#[test]
fn live_broker_keystores_keep_what_others_put_there() {
    if !peers::require(&[Peer::Jdk]) {
        return;
    }
    let scratch = Scratch::with_authorities("ec:p256");
    for file in ["shared.jks", "shared.p12"] {
        let one = format!("one.{file}.example.net");
        let two = format!("two.{file}.example.net");
        for (name, alias) in [(&one, "one"), (&two, "two")] {
            scratch.done(&["issue", name, "--template", "https-server", "--keystore", file, "--alias", alias]);
        }
        scratch.done(&["rotate", &one]);
        let mut entries = store_check(&scratch.store(file)).expect("a shared keystore is sound");
        entries.sort_by(|a, b| a.alias.cmp(&b.alias));
        let found: Vec<_> = entries.iter().map(|entry| (&*entry.alias, entry.serial.clone())).collect();
        assert_eq!(found, [("one", scratch.current_serial(&one)), ("two", scratch.current_serial(&two))]);
        assert!(fs::exists(scratch.path(&format!("{file}.previous"))).expect("a path can be looked up"));
    }
}
