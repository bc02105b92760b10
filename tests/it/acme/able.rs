//! What an issuer cannot do is refused before anything is announced or sent.

use super::setup::Room;
use crate::peers::{self, Manners, Peer};

#[test]
fn what_a_public_ca_cannot_do_is_refused_with_the_issuer_that_can() {
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl]) {
        return;
    }
    let room = Room::new(&Manners::default());
    let home = &room.home;
    home.ok(&["ca", "create", "own", "--key", "ec:p256", "--subject", "CN=Own"]);
    room.settings("terms_agreed = true\npublic = true\n", &room.http());
    let refused = |line: &[&str], said: &str| {
        let ran = home.certroll(&[&["issue", "shop.example.net", "--issuer", "public"], line].concat()).expect(4);
        assert!(ran.stderr.contains(said), "{line:?}: {ran:?}");
        assert!(ran.stderr.contains("use `--issuer own`"), "{line:?}: {ran:?}");
    };
    refused(&["--template", "jms-client"], "it does not sign for TLS clients and devices");
    refused(&["--template", "https-server", "--key", "ed25519"], "not ed25519");
    refused(&["--template", "https-server", "--ttl", "30d"], "it chooses the lifetime itself");
    refused(&["--template", "https-server", "--san", "dns:*.example.net"], "it does not sign for wildcard names");
    assert_eq!(home.records("cert.reject").len(), 4);
    assert!(home.records("cert.issue.intent").iter().all(|intent| intent["rem"]["id"] != "public"));
    assert!(home.records("issuer.account").is_empty(), "an account was made for nothing");
    home.ok(&["issue", "shop.example.net", "--issuer", "own", "--template", "https-server", "--ttl", "30d"]);

    // A profile that the server does not have, and one that need not be there.
    room.settings("terms_agreed = true\nprofile = \"nice\"\nprofile_required = true\n", &room.http());
    let ran = home.certroll(&["issue", "a.example.net", "--issuer", "public", "--template", "https-server"]).expect(4);
    assert!(ran.stderr.contains("it offers default, shortlived"), "{ran:?}");
    room.settings("terms_agreed = true\nprofile = \"nice\"\n", &room.http());
    home.ok(&["issue", "a.example.net", "--issuer", "public", "--template", "https-server"]);
}

#[test]
fn the_chain_leads_to_the_root_that_is_preferred() {
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl]) {
        return;
    }
    let room = Room::new(&Manners::default());
    for number in 0..3 {
        let root = room.pebble.root(number);
        let root = certroll_pki::container::pem::read(root.as_bytes()).expect("PEM");
        let root = certroll_pki::x509::certificate::Certificate::from_der(root[0].der.expose()).expect("a certificate");
        let wanted = root.subject.common_name().expect("it has a name");
        room.settings(&format!("terms_agreed = true\npreferred_root = \"{wanted}\"\n"), &room.dns());
        let chain = room.issue(&format!("{number}.example.net"), &[]);
        let top = chain.last().expect("there is a chain");
        assert_eq!(top.issuer.common_name(), Some(wanted));
        assert!(top.verify_issued_by(&root).is_ok());
    }
    // It is a preference; that nothing leads there is said.
    room.settings("terms_agreed = true\npreferred_root = \"Nobody's Root\"\n", &room.dns());
    let issued = room.home.ok(&["issue", "other.example.net", "--template", "https-server"]);
    assert!(issued.stderr.contains("none of its chains leads to `Nobody's Root`"), "{issued:?}");
}

#[test]
fn what_the_server_says_against_a_name_is_shown() {
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl]) {
        return;
    }
    let room = Room::new(&Manners { blocked: &["blocked.example.net"], ..Manners::default() });
    let issue = |name: &str| room.home.certroll(&["issue", name, "--template", "https-server"]);
    let refused = issue("www.blocked.example.net").expect(3);
    assert!(refused.stderr.contains("blocked.example.net"), "{refused:?}");
    // Nobody answers there: the words are those of the server, the hint is ours.
    room.settings("terms_agreed = true\n", "kind = \"http-01\"\naddress = \"127.0.0.1\"\nport = 1\n");
    let failed = issue("shop.example.net");
    assert_ne!(failed.code, 0);
    assert!(room.home.records("cert.issue.failed").iter().all(|record| record["err"]["text"].is_string()));
    // A hook that does nothing: the record is not there.
    room.settings("terms_agreed = true\n", "kind = \"dns-01\"\nhook = { shell = 'true' }\n");
    let failed = issue("empty.example.net").expect(1);
    assert!(failed.stderr.contains("`empty.example.net`") && failed.stderr.contains("hint:"), "{failed:?}");
    assert!(room.home.records("cert.issue.failed").len() >= 2);
    room.settings("terms_agreed = true\n", &room.dns());
    issue("empty.example.net").expect(0);
    room.home.verify();
}

/// CAs leave clientAuth out, and no directory says so: then the certificate that came back does not fit.
#[test]
fn a_usage_that_the_profile_leaves_out_is_missed() {
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl]) {
        return;
    }
    let room = Room::new(&Manners::default());
    let home = &room.home;
    room.settings("terms_agreed = true\n", &room.http());
    let line = ["issue", "head.example.net", "--template", "head-end", "--issuer", "public", "--out-cert", "head.pem"];
    let ran = home.certroll(&line).expect(1);
    assert!(ran.stderr.contains("no extended key usage clientAuth, which was asked for"), "{ran:?}");
    assert!(ran.stderr.contains("role or profile") && ran.stderr.contains("certroll revoke"), "{ran:?}");
    assert!(!home.path("head.pem").exists(), "what does not fit was handed out");
    let record = home.records("cert.issued").pop().expect("it is on record");
    home.ok(&["revoke", record["cert"]["sn"].as_str().expect("a serial number"), "--reason", "superseded"]);
    // Of a CA that browsers trust it is known beforehand.
    room.settings("terms_agreed = true\npublic = true\n", &room.http());
    let ran = home.certroll(&line).expect(4);
    assert!(ran.stderr.contains("template `head-end` asks for clientAuth"), "{ran:?}");
    assert!(ran.stderr.contains("use a template without clientAuth"), "{ran:?}");
    home.verify();
}
