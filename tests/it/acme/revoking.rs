//! Revocation by the account, by the certificate's own key, and never for another reason than the one given.

use super::setup::Room;
use crate::home::text;
use crate::peers::{self, Manners, Peer};

#[test]
fn a_compromised_key_revokes_its_own_certificate() {
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl]) {
        return;
    }
    let room = Room::new(&Manners::default());
    let home = &room.home;
    let serials: Vec<_> = [("a", "rsa:2048"), ("b", "ec:p256"), ("c", "ec:p384"), ("d", "ec:p256")]
        .into_iter()
        .map(|(name, key)| {
            let keystore = format!("{name}.p12");
            let name = format!("{name}.example.net");
            home.ok(&["issue", &name, "--template", "https-server", "--key", key, "--keystore", &keystore]);
            text(&home.ok(&["show", &name, "--format", "json"]).json(), "serial").to_owned()
        })
        .collect();
    // Without the account only possession of the keys is left.
    home.ok(&["issuer", "account", "deactivate", "public"]);
    home.certroll(&["revoke", "a.example.net", "--reason", "superseded"]).expect(5);
    for name in ["a", "b", "c"] {
        let (name, keystore) = (format!("{name}.example.net"), format!("{name}.p12"));
        home.ok(&["revoke", &name, "--reason", "keyCompromise", "--key", &keystore]);
    }
    // Found in the keystore that the home knows.
    home.ok(&["revoke", "d.example.net", "--reason", "keyCompromise"]);
    for serial in serials {
        let status = room.pebble.status(&serial);
        assert_eq!((text(&status, "Status"), &status["Reason"]), ("Revoked", &1.into()), "{status}");
    }
    assert_eq!(home.records("cert.revoked").len(), 4);
    home.verify();
}

#[test]
fn another_key_is_no_authority_and_another_reason_is_not_made_up() {
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl]) {
        return;
    }
    let room = Room::new(&Manners::default());
    let home = &room.home;
    let first = room.issue("a.example.net", &[]);
    room.issue("b.example.net", &[]);
    let revoke = |reason: &str, key: &[&str]| {
        home.certroll(&[&["revoke", "a.example.net", "--reason", reason][..], key].concat())
    };
    let refused = revoke("keyCompromise", &["--key", "b.example.net.key.pem"]).expect(2);
    assert!(refused.stderr.contains("holds no private key of `a.example.net`"), "{refused:?}");
    room.settings("terms_agreed = true\npublic = true\n", &room.dns());
    let refused = revoke("affiliationChanged", &[]).expect(4);
    assert!(refused.stderr.contains("it takes unspecified, keyCompromise, superseded, cessationOfOperation"));
    revoke("superseded", &["--key", "a.example.net.key.pem"]).expect(4);
    let serial = first[0].serial.to_string();
    assert_eq!(text(&room.pebble.status(&serial), "Status"), "Valid");
    revoke("cessationOfOperation", &[]).expect(0);
    assert_eq!(room.pebble.status(&serial)["Reason"], 5);
}
