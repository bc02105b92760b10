//! Certificate Manager as an issuer: validation by DNS, keys that stay or are exported, renewal, revocation, deletion.

use super::{AwsHome, found_authority};
use crate::home::{TestHome, text};
use crate::peers::{self, Moto, Peer};

const ISSUE: [&str; 8] =
    ["issue", "shop.example.net", "--template", "https-server", "--issuer", "cloud", "--key", "ec:p256"];

#[test]
fn a_public_certificate_waits_for_its_records_and_stays_with_the_service() {
    let (aws, replay) = AwsHome::replayed();
    aws.issuer("cloud", &[("kind", "aws-acm")]);
    replay.set(|state| state.polls = 2);
    // A file with the key is refused before anything is requested: the service keeps it.
    let ran = aws.run(&[&ISSUE[..], &["--out-key", "shop.key.pem"]].concat());
    assert!(ran.code == 2 || ran.code == 4, "{ran:#?}");
    assert!(replay.state().known.is_empty());
    let ran = aws.ok(&[&ISSUE[..], &["--out-cert", "shop.pem"]].concat());
    let record = "_a79865eb4cd1a6ab990a45779b4e0b96.shop.example.net. CNAME";
    assert!(ran.stderr.contains("publish the DNS record") && ran.stderr.contains(record), "{ran:#?}");
    let known = replay.state().known.remove(0);
    let intent = aws.home.records("cert.issue.intent").remove(0);
    assert_eq!(known.token.len(), 32);
    assert!(known.tags.contains(&("certroll:intent".to_owned(), known.token.clone())));
    assert!(intent["req"]["spki"].is_null() && text(&intent, "req/key").contains("made by the issuer"), "{intent}");
    assert!(!known.export && !known.exported, "no key is let out that nobody asked for");
    // What cannot be done is known beforehand, and says what to do instead.
    let ran = aws.run(&["rotate", "shop.example.net"]).expect(4);
    assert!(ran.stderr.contains("renews this certificate by itself") && ran.stderr.contains("--force"), "{ran:#?}");
    let ran = aws.run(&["revoke", "shop.example.net", "--reason", "superseded"]).expect(4);
    assert!(ran.stderr.contains("does not revoke"), "{ran:#?}");
    assert!(aws.home.records("cert.revoke.intent").is_empty());
    // AWS renews it; a rotation takes the new one.
    replay.set(|state| {
        let renewed = state.known[0].der.clone();
        state.known[0].before.push(renewed);
        state.known[0].der.clear();
        state.known[0].polls = 1;
    });
    aws.ok(&["issuer", "status", "shop.example.net"]);
    aws.ok(&["rotate", "shop.example.net"]);
    let issued = aws.home.records("cert.issued");
    assert_eq!(text(&issued[1], "cert/prev"), text(&issued[0], "cert/sha256"));
    // It is looked at and deleted there.
    replay.set(|state| state.known[0].in_use_by = vec!["arn:aws:elasticloadbalancing:lb".to_owned()]);
    let status = aws.ok(&["issuer", "status", "shop.example.net", "--format", "json"]).json();
    assert!(text(&status, "used_by").contains("elasticloadbalancing"), "{status}");
    let ran = aws.run(&["issuer", "delete", "shop.example.net"]);
    assert!(ran.code != 0 && ran.stderr.contains("take it out of what uses it"), "{ran:#?}");
    replay.set(|state| state.known[0].in_use_by.clear());
    aws.ok(&["issuer", "delete", "shop.example.net"]);
    assert!(replay.state().known.is_empty());
    let outcomes: Vec<_> = aws.home.records("key.destroy").iter().map(|one| text(one, "out").to_owned()).collect();
    assert_eq!(outcomes, ["pending", "fail", "pending", "ok"]);
    aws.home.verify();
}

#[test]
fn an_exported_public_certificate_can_be_revoked() {
    let (aws, replay) = AwsHome::replayed();
    aws.issuer("cloud", &[("kind", "aws-acm"), ("export", "true")]);
    aws.ok(&[&ISSUE[..], &["--keystore", "shop.p12"]].concat());
    assert!(replay.state().known[0].exported);
    let opened = aws.home.ok(&["inspect", "shop.p12"]);
    assert!(opened.stdout.contains("shop.example.net"), "{opened:#?}");
    let ran = aws.run(&["rotate", "shop.example.net"]).expect(4);
    assert!(ran.stderr.contains("renews this certificate by itself"), "{ran:#?}");
    for _ in 0..2 {
        aws.ok(&["revoke", "shop.example.net", "--reason", "keyCompromise"]);
    }
    assert_eq!(replay.state().known[0].revoked.as_deref(), Some("KEY_COMPROMISE"));
    aws.home.verify();
}

#[test]
fn a_request_that_fails_ends_with_its_reason() {
    let (aws, replay) = AwsHome::replayed();
    aws.issuer("cloud", &[("kind", "aws-acm")]);
    replay.set(|state| state.fails = Some("CAA_ERROR".to_owned()));
    let ran = aws.run(&ISSUE).expect(1);
    assert!(ran.stderr.contains("CAA_ERROR") && ran.stderr.contains("CAA records"), "{ran:#?}");
    assert_eq!(aws.home.records("cert.issue.failed").len(), 1);
    // Of what the service cannot do nothing is announced.
    for (arguments, said) in [
        (&["--key", "rsa:3072"][..], "rsa:2048"),
        (&["--key", "ec:p256", "--san", "ip:192.0.2.1"], "IP addresses"),
        (&["--key", "ec:p256", "--ttl", "30d"], "lifetime"),
    ] {
        let ran = aws.run(&[&["issue", "x.example.net"], &ISSUE[2..6], arguments].concat()).expect(4);
        assert!(ran.stderr.contains(said), "{ran:#?}");
    }
    assert_eq!(aws.home.records("cert.issue.intent").len(), 1);
}

/// What moto does as AWS: request, validation, tags, list, export. The certificates that it makes do not verify under the CA
/// that it names; so the test is also that such a thing goes on record and is not handed out.
#[test]
fn moto_exports_a_private_certificate_whose_chain_is_wrong() {
    if !peers::require(&[Peer::Moto]) {
        return;
    }
    let moto = Moto::start();
    let arn = found_authority(&moto);
    let aws = AwsHome::at(TestHome::founded(), &moto.url());
    aws.issuer("cloud", &[("kind", "aws-acm"), ("export", "true"), ("ca_arn", &arn)]);
    let ran = aws.run(&[&ISSUE[..7], &["rsa:2048", "--keystore", "shop.p12"]].concat()).expect(1);
    assert!(ran.stderr.contains("a chain that does not verify"), "{ran:#?}");
    assert!(!aws.home.path("shop.p12").exists());
    let issued = aws.home.records("cert.issued").remove(0);
    assert_eq!(text(&issued, "cert/alg"), "rsa:2048");
    let serial = text(&issued, "cert/sn");
    let status = aws.ok(&["issuer", "status", serial, "--format", "json"]).json();
    assert_eq!(text(&status, "status"), "ISSUED");
    assert_eq!(text(&status, "arn"), text(&issued, "rem/handle"));
    aws.ok(&["issuer", "delete", serial]);
    aws.home.verify();
}
