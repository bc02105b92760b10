//! Accounts: made, shown, changed, ended; bound to others; and not lost by a key change that is interrupted.

use std::fs;

use certroll_pki::container::pem::{self, Label};
use certroll_pki::key::KeyPair;
use certroll_pki::key::encryption::KeyEncryption;
use serde_json::Value;

use super::setup::Room;
use crate::home::{files_below, text};
use crate::peers::{self, Manners, Peer};

/// The file of the default account's key.
fn key_file(room: &Room) -> std::path::PathBuf {
    let found = files_below(&room.home.path("home/issuers/public"));
    let is_key =
        |name: &str| name.starts_with("account-default-") && name.ends_with(".key.pem") && !name.contains("-next");
    let mut keys = found.into_iter().filter(|file| is_key(&file.file_name().expect("a name").to_string_lossy()));
    keys.next().expect("the account has a key")
}

fn next_file(room: &Room) -> std::path::PathBuf {
    let name = key_file(room).display().to_string();
    name.replace(".key.pem", "-next.key.pem").into()
}

#[test]
fn accounts_are_made_changed_and_ended() {
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl]) {
        return;
    }
    let room = Room::new(&Manners::default());
    room.settings("contact = [\"mailto:pki@example.net\"]\n", &room.dns());
    let home = &room.home;
    // Nobody agreed to anything: nothing is created, and the terms are named.
    let refused = home.certroll(&["issue", "shop.example.net", "--template", "https-server"]).expect(2);
    assert!(refused.stderr.contains("issuer account create public --agree-terms"), "{refused:?}");
    let refused = home.certroll(&["issuer", "account", "create", "public"]).expect(2);
    assert!(refused.stderr.contains("data:text/plain"), "{refused:?}");
    home.certroll(&["issuer", "test", "public"]).expect(2);

    let create = ["issuer", "account", "create", "public", "--agree-terms", "--format", "json"];
    let created = home.ok(&create).json();
    assert_eq!(text(&created, "status"), "valid");
    assert_eq!(created["contact"], serde_json::json!(["mailto:pki@example.net"]));
    assert_eq!(home.ok(&create).json()["url"], created["url"], "a second account was made");
    home.ok(&["issuer", "test", "public"]);
    let kept = fs::read_to_string(key_file(&room)).expect("the key can be read");
    assert!(kept.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));

    let updated =
        home.ok(&["issuer", "account", "update", "public", "--contact", "mailto:a@example.net", "--format", "json"]);
    assert_eq!(updated.json()["contact"], serde_json::json!(["mailto:a@example.net"]));
    let changed = home.ok(&["issuer", "account", "rotate-key", "public", "--format", "json"]).json();
    assert_eq!(changed["url"], created["url"]);
    assert_ne!(changed["key"], created["key"]);
    let shown = home.ok(&["issuer", "account", "show", "public", "--format", "json"]).json();
    assert_eq!(shown["key"], changed["key"]);
    room.issue("shop.example.net", &[]);

    home.ok(&["issuer", "account", "create", "public", "--account", "second", "--agree-terms"]);
    home.ok(&["issuer", "account", "deactivate", "public", "--account", "second"]);
    room.settings("account = \"second\"\n", &room.dns());
    let denied = home.certroll(&["issue", "other.example.net", "--template", "https-server"]).expect(5);
    assert!(denied.stderr.contains("deactivated"), "{denied:?}");
    // What an account that is gone ordered, the other one of the home cannot revoke; what another one ordered, it can.
    home.ok(&["revoke", "shop.example.net", "--reason", "superseded"]);
    let records = home.records("issuer.account");
    let (pending, ended): (Vec<_>, Vec<_>) = records.iter().partition(|record| text(record, "out") == "pending");
    let actions: Vec<_> = ended.iter().map(|record| text(record, "x/action")).collect();
    assert_eq!(actions, ["create", "create", "create", "update", "rotate-key", "create", "deactivate"]);
    let operations =
        |records: &[&Value]| records.iter().map(|record| text(record, "op").to_owned()).collect::<Vec<_>>();
    assert_eq!(operations(&pending), operations(&ended), "each is announced before the server hears of it");
    assert_eq!(home.records("auth.denied").len(), 1);
    home.verify();
}

#[test]
fn a_key_change_that_is_interrupted_locks_nobody_out() {
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl]) {
        return;
    }
    let room = Room::new(&Manners::default());
    let account = |verb: &str| room.home.ok(&["issuer", "account", verb, "public", "--format", "json"]).json();
    let created = account("create");
    // Killed after the server heard of it: the old key is in its place, the new one beside it.
    let old = fs::read(key_file(&room)).expect("the key can be read");
    let changed = account("rotate-key");
    let (current, next) = (key_file(&room), next_file(&room));
    fs::rename(&current, &next).expect("a file can be renamed");
    fs::write(&current, old).expect("a file can be written");
    let shown = account("show");
    assert_eq!((&shown["url"], &shown["key"]), (&created["url"], &changed["key"]));
    assert!(!next.exists());

    // Killed before the server heard of it: a key that it never saw lies beside the one that holds.
    let key = KeyPair::generate("ec:p256".parse().expect("a kind of key")).expect("a key");
    let encryption = KeyEncryption::new(&room.home.secret(), 10).expect("an encryption");
    let encrypted = encryption.encrypt(key.to_pkcs8().expect("a key").expose()).expect("it can be encrypted");
    fs::write(&next, pem::encode(Label::EncryptedPrivateKey, &encrypted)).expect("a file can be written");
    let shown = account("show");
    assert_eq!(shown["key"], changed["key"]);
    assert!(!next.exists());
    room.issue("shop.example.net", &[]);
}

#[test]
fn an_account_is_bound_to_another_one() {
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl]) {
        return;
    }
    let right = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";
    let wrong = "AAAAZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";
    let room = Room::new(&Manners { external_account: Some(("kid-1", right)), ..Manners::default() });
    let home = &room.home;
    let create = ["issuer", "account", "create", "public", "--format", "json"];
    let missing = home.certroll(&create).expect(2);
    assert!(missing.stderr.contains("eab_kid"), "{missing:?}");
    let with_key = |key: &str| {
        home.write("secrets/eab", format!("{key}\n"));
        room.settings("terms_agreed = true\neab_kid = \"kid-1\"\neab_key_file = \"../secrets/eab\"\n", &room.dns());
    };
    with_key(wrong);
    let denied = home.certroll(&create).expect(5);
    let key = fs::read(key_file(&room)).expect("the key is kept before the server hears of it");
    with_key(right);
    let created = home.ok(&create).json();
    assert_eq!(created["external"], true);
    assert_eq!(
        fs::read(key_file(&room)).expect("the key can be read"),
        key,
        "the binding was asked for with another key"
    );
    for said in [missing, denied] {
        assert!(!format!("{said:?}").contains(&wrong[4..]), "the binding's key was shown");
    }
    room.issue("shop.example.net", &[]);
}
