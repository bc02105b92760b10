//! Many certificates are revoked by one command: the right ones, once, and on one CRL.

use certroll_pki::x509::crl::Crl;

use crate::home::{TestHome, text};

fn scene(count: usize) -> TestHome {
    let home = TestHome::quick();
    let lines: String = (0..count).map(|n| format!("m{n}\n")).collect();
    home.write("meters.csv", format!("name\n{lines}"));
    home.ok(&["issue", "--batch", "meters.csv", "-t", "meter", "--out", "meters.ndjson"]);
    home.ok(&["issue", "broker", "-t", "jms-broker", "--key", "ec:p256"]);
    home
}

fn listed(home: &TestHome) -> usize {
    Crl::from_der(&home.read("home/ca/issuing.crl")).map_or(0, |crl| crl.entries.len())
}

fn crls(home: &TestHome) -> usize {
    home.records("crl.signed").len()
}

#[test]
fn each_way_to_choose_chooses_what_it_says() {
    let home = scene(12);
    home.ok(&["revoke", "m0", "m1", "m0", "--reason", "superseded"]);
    assert_eq!((listed(&home), crls(&home)), (2, 1), "once each, on one list");
    home.write("list", "# lost\nm2\n\n  m3  \n");
    let line = ["revoke", "--file", "list", "--reason", "keyCompromise"];
    let unconfirmed = home.certroll(&line).expect(2);
    assert!(unconfirmed.stderr.contains("--count 2"), "{}", unconfirmed.stderr);
    home.certroll(&[&line[..], &["--count", "3"]].concat()).expect(2);
    assert_eq!(listed(&home), 2, "nothing was revoked");
    home.ok(&[&line[..], &["--count", "2"]].concat());
    assert_eq!((listed(&home), crls(&home)), (4, 2));
    let rest = ["revoke", "--template", "meter", "--issuer", "issuing", "--reason", "cessationOfOperation"];
    let done = home.ok(&[&rest[..], &["--count", "8", "--format", "json", "--ticket", "CHG-9"]].concat()).json();
    assert_eq!(done["certificates"].as_array().map(Vec::len), Some(8));
    assert_eq!((listed(&home), crls(&home)), (12, 3));
    assert_eq!(home.current().iter().filter(|one| text(one, "name") == "broker").count(), 1, "another template");
    // Again: nothing is left, and that is no error. A CA is revoked by its name alone.
    home.ok(&rest);
    home.ok(&["revoke", "--issuer", "root", "--reason", "superseded", "--count", "0"]);
    home.ok(&[&line[..], &["--count", "0"]].concat());
    assert_eq!(crls(&home), 3);
    let revoked = home.records("cert.revoked");
    assert_eq!(revoked.len(), 12);
    assert_eq!(revoked.iter().filter(|record| record.to_string().contains("CHG-9")).count(), 8);
    home.verify();
}

#[test]
fn what_cannot_be_told_stops_all_of_it() {
    let home = scene(3);
    let refused = home.certroll(&["revoke", "m0", "nobody", "m1", "none", "--reason", "superseded"]).expect(2);
    assert!(refused.stderr.contains("nobody") && refused.stderr.contains("none"), "{}", refused.stderr);
    for line in [
        &["revoke", "--template", "nothing", "--reason", "superseded", "--count", "0"][..],
        &["revoke", "--issuer", "nothing", "--reason", "superseded", "--count", "0"],
        &["revoke", "m0", "m1", "--reason", "superseded", "--break-glass"],
        &["revoke", "--reason", "superseded"],
        &["revoke", "--file", "missing", "--reason", "superseded"],
    ] {
        home.certroll(line).expect(2);
    }
    assert_eq!(home.records("cert.revoked").len(), 0);
}

/// Killed in the middle, the same command goes on: each certificate is revoked once, and all are listed in the end.
#[test]
fn a_run_that_is_killed_is_gone_on_with() {
    let home = scene(120);
    let line = ["revoke", "--template", "meter", "--reason", "superseded"];
    let mut kills = 0;
    for wait in [30, 60, 90, 120, 150] {
        let left = home.current().iter().filter(|one| text(one, "name").starts_with('m')).count().to_string();
        let mut child = home.start(&[&line[..], &["--count", &left]].concat());
        std::thread::sleep(std::time::Duration::from_millis(wait));
        kills += usize::from(child.try_wait().expect("a child can be looked at").is_none());
        let _ = child.kill();
        child.wait().expect("a child can be waited for");
    }
    assert!(kills > 0, "at least one was killed at work");
    let left = home.current().iter().filter(|one| text(one, "name").starts_with('m')).count().to_string();
    home.ok(&[&line[..], &["--count", &left]].concat());
    assert_eq!(listed(&home), 120);
    assert_eq!(home.records("cert.revoked").len(), 120);
    home.verify();
}
