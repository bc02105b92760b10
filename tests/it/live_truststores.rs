//! Truststores: what Java and OpenSSL see in them, and what a home does to all of them when a CA is revoked.

use serde_json::Value;

use crate::desk::Desk;
use crate::home::{TestHome, text};
use crate::peers::{self, Peer, Store, keytool_list, openssl, openssl_verify, store_check};

fn store(home: &TestHome, name: &str) -> Store {
    Store::new(home.path(name), home.path("secrets/storepass"))
}

/// The aliases that Java trusts, sorted.
fn trusted_by_java(store: &Store) -> Vec<String> {
    let seen = store_check(store).unwrap_or_else(|refusal| panic!("{}: {refusal:?}", store.path.display()));
    let mut aliases: Vec<_> = seen.into_iter().filter(|line| line.kind == "trusted").map(|line| line.alias).collect();
    aliases.sort();
    aliases
}

fn trusted(home: &TestHome, name: &str) -> Vec<String> {
    let document = home.ok(&["truststore", "list", name, "--format", "json"]).json();
    assert_eq!(document["schema"], "certroll/truststore/v1");
    let subject = |one: &Value| text(one, "certificate/subject").to_owned();
    let mut all: Vec<_> = document["trusted"].as_array().expect("a list").iter().map(subject).collect();
    all.sort();
    all
}

const FILES: [&str; 3] = ["trust.jks", "trust.p12", "trust.pem"];

#[test]
fn live_truststores_follow_revocation() {
    if !peers::require(&[Peer::Jdk, Peer::OpenSsl]) {
        return;
    }
    let home = TestHome::new();
    home.ok(&["ca", "create", "second", "--issuer", "root", "--key", "ec:p256", "--subject", "O=Test, CN=Second CA"]);
    for file in FILES {
        let create = ["truststore", "create", file, "--ca", "issuing", "--ca", "second", "--detailed-exitcode"];
        home.certroll(&create).expect(10);
        let before = home.read(file);
        home.certroll(&create).expect(0);
        assert_eq!(home.read(file), before, "{file}: the second time nothing changes");
        assert_eq!(trusted(&home, file).len(), 3, "{file}");
    }
    for file in &FILES[..2] {
        assert_eq!(trusted_by_java(&store(&home, file)), ["issuing", "root", "second"]);
        assert!(keytool_list(&store(&home, file)).expect_success(file).stdout.contains("trustedCertEntry"));
    }
    // On record: each certificate in each file, once.
    let records = home.records("cert.deployed");
    assert_eq!(records.len(), 9, "{records:?}");
    assert!(records.iter().all(|record| text(record, "tgt/t") == "truststore"), "{records:?}");
    // A truststore with a partner that the home does not know, and one that knows no home.
    let desk = Desk::with_ca();
    home.write("partner.pem", desk.read("root.pem"));
    home.ok(&["truststore", "add", "trust.jks", "--cert", "partner.pem", "--alias", "partner"]);
    home.ok(&[
        "truststore",
        "create",
        "apart.p12",
        "--cert",
        "home/ca/issuing.pem",
        "--cert",
        "home/ca/root.pem",
        "--no-home",
    ]);
    let known = home.ok(&["truststore", "list", "--format", "json"]).json();
    assert_eq!(known["truststores"].as_array().expect("a list").len(), 10, "{known}");
    assert!(!known.to_string().contains("apart.p12"));
    home.ok(&["truststore", "sync"]);

    // The certificate of a CA is revoked: whoever does it is told, and the synchronisation does the rest.
    let ran = home.ok(&["revoke", "second", "--reason", "cACompromise"]);
    assert!(ran.stderr.contains("still trusted in") && ran.stderr.contains("certroll truststore sync"), "{ran:?}");
    let states = home.ok(&["truststore", "list", "--format", "json"]).json();
    assert!(states["truststores"].as_array().expect("a list").iter().all(|one| one["state"] == "to be synchronised"));
    let ran = home.certroll(&["truststore", "sync", "--detailed-exitcode"]).expect(10);
    assert!(ran.stderr.contains("no longer trusts `Second CA`"), "{ran:?}");
    for file in FILES {
        assert!(!trusted(&home, file).iter().any(|subject| subject.contains("Second")), "{file}");
    }
    assert_eq!(trusted_by_java(&store(&home, "trust.jks")), ["issuing", "partner", "root"]);
    assert_eq!(home.records("cert.withdrawn").len(), 3);
    home.certroll(&["truststore", "sync", "--detailed-exitcode"]).expect(0);
    let ran = home.ok(&["revoke", "second", "--reason", "cACompromise"]);
    assert!(!ran.stderr.contains("still trusted"), "{ran:?}");
    // The one apart stayed as it was.
    assert_eq!(trusted_by_java(&store(&home, "apart.p12")).len(), 2);

    // What somebody took out by hand comes back, because it was put there by name.
    home.ok(&["truststore", "remove", "trust.p12", "--alias", "issuing", "--no-home"]);
    let ran = home.certroll(&["truststore", "sync", "--detailed-exitcode"]).expect(10);
    assert!(ran.stderr.contains("`issuing`"), "{ran:?}");
    assert_eq!(trusted_by_java(&store(&home, "trust.p12")), ["issuing", "root"]);
    // What was taken out with the home's knowledge stays out.
    home.ok(&["truststore", "remove", "trust.p12", "--alias", "issuing"]);
    home.certroll(&["truststore", "sync", "--detailed-exitcode"]).expect(0);
    assert_eq!(trusted_by_java(&store(&home, "trust.p12")), ["root"]);
    home.verify();
}

#[test]
fn truststore_sync_tells_of_each_file_that_it_cannot_change() {
    let home = TestHome::new();
    for file in FILES {
        home.ok(&["truststore", "create", file, "--ca", "issuing"]);
    }
    std::fs::remove_file(home.path("trust.p12")).expect("it can be removed");
    home.write("trust.pem", "not PEM any more -----BEGIN x\n-----BEGIN CERTIFICATE-----\n");
    home.ok(&["revoke", "issuing", "--reason", "cACompromise"]);
    let ran = home.certroll(&["truststore", "sync", "--format", "json"]).expect(7);
    assert!(ran.stderr.contains("trust.p12") && ran.stderr.contains("trust.pem"), "{ran:?}");
    let document = ran.json();
    let errors =
        document["truststores"].as_array().expect("a list").iter().filter(|one| !one["error"].is_null()).count();
    assert_eq!(errors, 2, "{document}");
    assert_eq!(trusted(&home, "trust.jks").len(), 1);
    home.ok(&["truststore", "untrack", "trust.p12"]);
    home.ok(&["truststore", "untrack", "trust.pem"]);
    home.ok(&["truststore", "sync"]);
    home.verify();
}

/// A keystore that a rotation looks after may hold trusted certificates, too: neither forgets the other.
#[test]
fn truststore_and_keystore_in_one_file() {
    let home = TestHome::new();
    home.ok(&["issue", "client", "-t", "jms-client", "--key", "ec:p256", "--keystore", "client.p12"]);
    home.ok(&["truststore", "add", "client.p12", "--ca", "root"]);
    home.ok(&["rotate", "client"]);
    let listed = home.ok(&["keystore", "list", "client.p12", "--format", "json"]).json();
    let kinds: Vec<_> = listed["entries"].as_array().expect("a list").iter().map(|one| text(one, "kind")).collect();
    assert_eq!(kinds.len(), 2, "{listed}");
    assert!(kinds.contains(&"key") && kinds.contains(&"trusted"), "{listed}");
    let known = home.ok(&["truststore", "list", "--format", "json"]).json();
    assert_eq!(known["truststores"].as_array().expect("a list").len(), 1, "{known}");
    let shown = home.ok(&["show", "client", "--format", "json"]).json();
    assert!(shown["files"].to_string().contains("client.p12"), "{shown}");
}

#[test]
fn live_truststores_as_bundles_keep_their_text() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let desk = Desk::with_ca();
    let other = Desk::with_ca();
    desk.write("other.pem", other.read("root.pem"));
    let bundle = format!("# ours\n{}# theirs\n", String::from_utf8(desk.read("root.pem")).expect("PEM is text"));
    desk.write("bundle.pem", &bundle);
    desk.done(&["truststore", "add", "bundle.pem", "--cert", "other.pem"]);
    let text = String::from_utf8(desk.read("bundle.pem")).expect("PEM is text");
    assert!(text.starts_with(&bundle), "{text}");
    // OpenSSL accepts with it what either CA signed.
    let (middle, bundle_path) = (desk.path("middle.pem"), desk.path("bundle.pem"));
    openssl_verify(&bundle_path, None, &middle, &[]).expect_success("ours");
    openssl_verify(&bundle_path, None, &other.path("middle.pem"), &[]).expect_success("theirs");
    let printed = openssl(&["x509", "-in", &desk.text("root.pem"), "-noout", "-fingerprint", "-sha256"]).stdout;
    let fingerprint = printed.trim().split_once('=').expect("name=value").1.to_owned();
    desk.done(&["truststore", "remove", "bundle.pem", "--sha256", &fingerprint]);
    assert!(!openssl_verify(&bundle_path, None, &middle, &[]).success(), "ours is trusted no longer");
    openssl_verify(&bundle_path, None, &other.path("middle.pem"), &[]).expect_success("theirs");
    let text = String::from_utf8(desk.read("bundle.pem")).expect("PEM is text");
    assert!(text.starts_with("# ours\n# theirs\n-----BEGIN CERTIFICATE-----"), "{text}");
    let again = desk.done(&["truststore", "remove", "bundle.pem", "--cert", "root.pem"]);
    assert!(again.stderr.contains("nothing to do"), "{again:?}");
    let said = desk.ends(2, &["truststore", "remove", "bundle.pem", "--alias", "root"]);
    assert!(said.contains("has no aliases"), "{said}");
    let said = desk.ends(2, &["truststore", "create", "bundle.pem", "--cert", "root.pem"]);
    assert!(said.contains("truststore add"), "{said}");
    let said = desk.done(&["truststore", "remove", "bundle.pem", "--cert", "other.pem"]);
    assert!(said.stderr.contains("trusts no CA now"), "{said:?}");
    desk.done(&["truststore", "add", "bundle.pem", "--cert", "root.pem"]);
    openssl_verify(&bundle_path, None, &middle, &[]).expect_success("ours again");
    // A private key has no business there.
    desk.write("bundle.pem", [desk.read("root.pem"), desk.read("root.key")].concat());
    let said = desk.ends(2, &["truststore", "add", "bundle.pem", "--cert", "other.pem"]);
    assert!(said.contains("`PRIVATE KEY` in a bundle of certificates"), "{said}");
}

/// Two CAs of one name, as after a new key, are both trusted, each under an alias of its own.
#[test]
fn live_truststores_hold_two_cas_of_one_name() {
    if !peers::require(&[Peer::OpenSsl, Peer::Jdk]) {
        return;
    }
    let desk = Desk::with_ca();
    let other = Desk::with_ca();
    desk.write("other.pem", other.read("root.pem"));
    desk.done(&["truststore", "create", "t.p12", "--cert", "root.pem", "--cert", "other.pem"]);
    let aliases = trusted_by_java(&desk.store("t.p12"));
    assert_eq!(aliases.len(), 2);
    assert_eq!(aliases[0], "root-ca");
    assert!(aliases[1].starts_with("root-ca-") && aliases[1].len() == "root-ca-".len() + 8, "{aliases:?}");
    let said = desk.ends(2, &["truststore", "add", "t.p12", "--cert", "middle.pem", "--alias", "Root-CA"]);
    assert!(said.contains("`root-ca` of `t.p12` is another certificate"), "{said}");
    desk.done(&["truststore", "add", "t.p12", "--cert", "middle.pem", "--alias", "Root-CA", "--replace"]);
    assert_eq!(trusted_by_java(&desk.store("t.p12")).len(), 2);
}
