//! Orders from the first to the last word: names of all kinds, challenges of all kinds, chains, profiles, refusals.

use super::setup::Room;
use crate::home::text;
use crate::peers::{self, Client, JettyServer, Manners, Peer, Store, Tls};

#[test]
fn certificates_of_all_kinds_of_names_are_issued_rotated_and_revoked() {
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl]) {
        return;
    }
    let room = Room::new(&Manners { nonces_refused: 3, ..Manners::default() });
    let first = room.issue("shop.example.net", &["--san", "dns:*.shop.example.net", "--san", "dns:www.example.net"]);
    let names: Vec<_> = first[0].names.iter().map(ToString::to_string).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(first.len() > 1 && first[0].verify_issued_by(&first[1]).is_ok());
    // The account was made on the way, and everything is on record.
    let accounts = room.home.records("issuer.account");
    let told: Vec<_> = accounts.iter().map(|record| (text(record, "x/action"), text(record, "out"))).collect();
    assert_eq!(told, [("create", "pending"), ("create", "ok")]);
    let issued = room.home.records("cert.issued").pop().expect("it is on record");
    assert!(text(&issued, "rem/handle").contains("/my-order/"), "{issued}");

    room.home.ok(&["rotate", "shop.example.net"]);
    let second = room.chain("shop.example.net.pem");
    assert_ne!(second[0].serial, first[0].serial);
    assert_ne!(second[0].spki, first[0].spki);

    let serial = first[0].serial.to_string();
    room.home.ok(&["revoke", &serial, "--reason", "superseded"]);
    let status = room.pebble.status(&serial);
    assert_eq!((text(&status, "Status"), &status["Reason"]), ("Revoked", &4.into()), "{status}");
    room.home.ok(&["revoke", &serial, "--reason", "superseded"]);
    assert_eq!(text(&room.pebble.status(&second[0].serial.to_string()), "Status"), "Valid");

    room.settings("terms_agreed = true\n", &room.http());
    let address = room.issue("127.0.0.1", &["--issuer", "public"]);
    assert_eq!(address[0].names.iter().map(ToString::to_string).collect::<Vec<_>>(), ["ip:127.0.0.1"]);
    room.settings("terms_agreed = true\n", &room.tls());
    room.issue("tls.example.net", &["--san", "ip:127.0.0.1"]);
    room.home.verify();
}

/// What comes from ACME lands in keystores, and a server of Java serves it.
#[test]
fn jetty_serves_what_was_issued() {
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl, Peer::Jetty, Peer::Jdk]) {
        return;
    }
    let room = Room::new(&Manners::default());
    let host = "jetty.example.net";
    let line = ["issue", host, "--template", "https-server", "--key", "rsa:2048", "--keystore", "jetty.p12"];
    room.home.ok(&[&line[..], &["--keystore", "jetty.jks"]].concat());
    let root = room.home.path("root.pem");
    room.home.write("root.pem", room.pebble.root(0));
    for keystore in ["jetty.p12", "jetty.jks"] {
        let store = Store { path: room.home.path(keystore), password_file: room.home.path("secrets/storepass") };
        let server = JettyServer::start(&store, None).expect("Jetty starts");
        let page = server.get(host, Tls::V1_3, Client::Anonymous, &root).expect_success(keystore);
        assert!(page.stdout.contains("suite: TLS_AES_256_GCM_SHA384"), "{page:?}");
    }
}
