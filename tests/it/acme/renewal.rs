//! When the server wants a certificate to be replaced, and what is done when it does not say so.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use certroll_base::encoding::base64url;
use serde_json::{Value, json};

use super::server::{Reply, Server};
use super::setup::Room;
use crate::home::{files_below, text};
use crate::peers::{self, Manners, Peer};

/// The note on the renewal of the one certificate there is.
fn note(room: &Room) -> std::path::PathBuf {
    let found = files_below(&room.home.path("home/issuers/public"));
    let mut notes = found.into_iter().filter(|file| file.display().to_string().contains("/renewal-"));
    notes.next().expect("there is a note")
}

fn kept(room: &Room) -> Value {
    serde_json::from_slice(&fs::read(note(room)).expect("the note can be read")).expect("JSON")
}

/// The time of the next question has come.
fn ask_again(room: &Room) {
    let mut kept = kept(room);
    kept["ask_after"] = 0.into();
    fs::write(note(room), kept.to_string()).expect("the note can be written");
}

fn window(start: &str, end: &str) -> Value {
    json!({"suggestedWindow": {"start": start, "end": end}, "explanationURL": "https://ca.example/incident"})
}

#[test]
fn the_server_says_when_and_is_asked_no_more_often_than_it_wants() {
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl]) {
        return;
    }
    let room = Room::new(&Manners::default());
    let first = room.issue("shop.example.net", &[]);
    let pem = String::from_utf8(room.home.read("shop.example.net.pem")).expect("PEM");
    let pem = format!("{}-----END CERTIFICATE-----\n", pem.split("-----END").next().unwrap_or_default());
    let due = || room.home.ok(&["rotate", "--due"]);
    assert!(due().stderr.contains("nothing is due"));
    let known = kept(&room);
    assert_eq!(known["known"], true);
    assert!(known["start"].as_i64() <= known["at"].as_i64() && known["at"].as_i64() < known["end"].as_i64());

    // It has another opinion now, but the time to ask again has not come; then the point stays where it was.
    room.pebble.set_renewal_info(&pem, &window("2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z").to_string());
    assert!(due().stderr.contains("nothing is due"));
    assert_eq!(kept(&room), known);

    // Nonsense is no advice: what was said before stands.
    ask_again(&room);
    room.pebble.set_renewal_info(&pem, "{\"suggestedWindow\": {\"start\": \"soon\", \"end\": \"later\"}}");
    assert!(due().stderr.contains("nothing is due"));
    assert_eq!(kept(&room)["at"], known["at"]);

    // Its window has passed: an incident, and it says where to read about it.
    ask_again(&room);
    room.pebble.set_renewal_info(&pem, &window("2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z").to_string());
    let before = room.home.copy();
    let rotated = due();
    assert!(rotated.stderr.contains("https://ca.example/incident"), "{rotated:?}");
    let second = room.chain("shop.example.net.pem");
    assert_ne!(second[0].serial, first[0].serial);
    assert_eq!(room.home.records("cert.issued").len(), 2);

    // A home that does not know of the replacement replaces it a second time. The server counts a certificate as replaced
    // once; that stops nobody.
    // It would not replace a certificate that it does not know.
    before.certroll(&["rotate", "shop.example.net"]).expect(2);
    for file in room.home.names(".").into_iter().filter(|name| name.starts_with("shop.example.net")) {
        std::fs::remove_file(room.home.path(file)).expect("a file can be removed");
    }
    before.ok(&["rotate", "shop.example.net"]);
    let again = before.records("cert.issued").pop().expect("it is on record");
    assert_ne!(text(&again, "cert/sn"), second[0].serial.to_string());
}

#[test]
fn a_server_that_cannot_be_asked_is_no_reason_not_to_rotate() {
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl]) {
        return;
    }
    let mut room = Room::new(&Manners::default());
    room.settings("terms_agreed = true\nprofile = \"shortlived\"\nprofile_required = true\n", &room.dns());
    let issued = room.issue("shop.example.net", &[]);
    assert_eq!(issued[0].validity.secs().div_euclid(86_400), 6, "the profile was not followed");
    room.pebble.stop();
    let said = room.home.ok(&["rotate", "--due"]);
    assert!(said.stderr.contains("nothing is due"), "{said:?}");
    let said = room.home.certroll(&["rotate", "--due", "--renew-before", "30d"]).expect(6);
    assert!(said.stderr.contains("cannot be reached"), "{said:?}");
}

/// Each answer is held back until all three questions are there: asked one after the other, none would be answered in time.
#[test]
fn several_certificates_are_asked_about_at_a_time() {
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl]) {
        return;
    }
    let room = Room::new(&Manners::default());
    let names = ["a.example.net", "b.example.net", "c.example.net"];
    for name in names {
        room.issue(name, &[]);
    }
    let (waiting, together) = (AtomicUsize::new(0), Arc::new(AtomicBool::new(false)));
    let all_there = together.clone();
    let server = Server::start(move |path, _| {
        path.starts_with("/renewal/").then(|| {
            let now_waiting = waiting.fetch_add(1, Ordering::SeqCst) + 1;
            all_there.fetch_or(now_waiting == names.len(), Ordering::SeqCst);
            let patience = Instant::now() + Duration::from_secs(20);
            while !all_there.load(Ordering::SeqCst) && Instant::now() < patience {
                thread::sleep(Duration::from_millis(10));
            }
            waiting.fetch_sub(1, Ordering::SeqCst);
            Reply::new(200, window("2100-01-01T00:00:00Z", "2100-01-02T00:00:00Z").to_string())
        })
    });
    room.home.write("home/certroll.toml", settings_for(&server));
    assert!(room.home.ok(&["rotate", "--due"]).stderr.contains("nothing is due"));
    assert!(together.load(Ordering::SeqCst), "asked one after the other");
}

fn settings_for(server: &Server) -> String {
    let (url, ca_file) = (server.url(), server.ca_file());
    format!(
        "schema = 1\nstore = \"sqlite\"\n\n[issuers.public]\nkind = \"acme\"\ndirectory = \"{url}\"\nca_file = \"{}\"\n\
         terms_agreed = true\n",
        ca_file.display()
    )
}

/// The order names the certificate that it replaces; where the server has that counted already, another one does not.
#[test]
fn what_is_replaced_is_named() {
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl]) {
        return;
    }
    let room = Room::new(&Manners::default());
    let issued = room.issue("shop.example.net", &[]);
    let server = Server::start(|path, before| match (path, before) {
        ("/new-order", 0) => Some(Reply::problem(409, "alreadyReplaced", "it was replaced before")),
        ("/new-order", _) => Some(Reply::problem(503, "serverInternal", "later")),
        _ => None,
    });
    room.home.write("home/certroll.toml", settings_for(&server));
    room.home.certroll(&["rotate", "shop.example.net"]).expect(6);
    let orders = server.payloads("/new-order");
    assert_eq!(orders.len(), 2);
    // RFC 9773 section 4.1: key identifier of the authority, serial number.
    let key_id = base64url(issued[0].authority_key_id.as_deref().expect("it has one"));
    let replaces = text(&orders[0], "replaces");
    assert!(replaces.starts_with(&format!("{key_id}.")), "{replaces}");
    assert!(orders[1].get("replaces").is_none());
    assert_eq!(orders[0]["identifiers"], orders[1]["identifiers"]);
}
