//! The restore drill: a log exported every night, a disk that is lost, an older home that is restored. Each state once, and in each
//! the hint is the next command, and whatever was issued can be revoked.

use std::fs;

use certroll_pki::x509::crl::Crl;

use crate::home::{TestHome, copy_tree};

const ISSUE: [&str; 5] = ["issue", "-t", "jms-client", "--key", "ec:p256"];

fn issue(home: &TestHome, name: &str) {
    let (certificate, key) = (format!("{name}.pem"), format!("{name}.key"));
    home.ok(&[&ISSUE[..], &[name, "--out-cert", &certificate, "--out-key", &key]].concat());
}

/// A home that is backed up, goes on, exports its log, and is lost with everything that this user had seen of it.
fn lost() -> TestHome {
    let home = TestHome::quick();
    issue(&home, "early");
    copy_tree(&home.path("home"), &home.path("backup"));
    issue(&home, "late");
    home.ok(&["revoke", "early", "--reason", "keyCompromise"]);
    home.ok(&["audit", "export", "--format", "bundle", "--out", "night.tar"]);
    home.ok(&["audit", "export", "--format", "jsonl", "--out", "night.jsonl"]);
    fs::remove_dir_all(home.path("home")).expect("a directory can be removed");
    fs::remove_dir_all(home.path("state")).expect("a directory can be removed");
    copy_tree(&home.path("backup"), &home.path("home"));
    home
}

fn listed(home: &TestHome) -> usize {
    Crl::from_der(&home.read("home/ca/issuing.crl")).expect("a CRL").entries.len()
}

/// Everything is there again, and everything goes on.
fn goes_on(home: &TestHome) {
    home.ok(&["revoke", "late", "--reason", "keyCompromise"]);
    assert_eq!(listed(home), 2, "what was revoked before the loss stays revoked");
    home.ok(&[&ISSUE[..], &["next"]].concat());
    home.ok(&["rotate", "next"]);
    home.ok(&["audit", "export", "--out", "after.jsonl"]);
    home.ok(&["audit", "verify", "after.jsonl", "--key", "home/log/vkey"]);
    assert_eq!(home.verify()["open_intents"], serde_json::json!([]));
    // What is revoked lies where it was installed, which is an alarm of its own; nothing else is wrong.
    let doctor = home.certroll(&["doctor"]).expect(12);
    assert!(doctor.stdout.contains("1 revoked and still in place"), "{doctor:?}");
}

#[test]
fn a_restored_home_is_healed_from_last_nights_lines() {
    let home = lost();
    let healed = home.ok(&["audit", "restore", "--from", "night.jsonl"]);
    assert!(healed.stderr.contains("can be revoked and replaced, not handed out"), "{healed:?}");
    // Auditors want the certificates too; the next bundle that is found has them.
    let bundle = ["audit", "export", "--format", "bundle", "--out", "after.tar"];
    let refused = home.certroll(&bundle).expect(13);
    assert!(refused.stderr.contains("heal from a bundle"), "{refused:?}");
    goes_on(&home);
    home.ok(&["audit", "restore", "--from", "night.jsonl"]);
    let healed = home.ok(&["audit", "restore", "--from", "night.tar"]);
    assert!(healed.stderr.contains("brought back 1 certificates"), "{healed:?}");
    home.ok(&bundle);
}

#[test]
fn a_restored_home_is_healed_from_last_nights_bundle() {
    let home = lost();
    let healed = home.ok(&["audit", "restore", "--from", "night.tar"]);
    assert!(!healed.stderr.contains("not handed out"), "{healed:?}");
    home.ok(&["show", "late"]);
    goes_on(&home);
}

/// Before anybody heals it, it is used: its log is then another one than that which was exported.
#[test]
fn a_restored_home_that_was_used_begins_a_new_log_with_all_that_is_known() {
    for export in ["night.tar", "night.jsonl"] {
        let home = lost();
        issue(&home, "since");
        // The certificate that was lost can be revoked right away, by its file.
        let emergency = home.copy();
        emergency.write("late.pem", home.read("late.pem"));
        emergency.ok(&["revoke", "late.pem", "--reason", "keyCompromise"]);
        let forked = home.certroll(&["audit", "restore", "--from", export]).expect(13);
        assert!(forked.stderr.contains("the history forked"), "{forked:?}");
        assert!(forked.stderr.contains("certroll audit start-new-log --origin NAME --from EXPORT"), "{forked:?}");
        home.certroll(&["audit", "start-new-log", "--origin", "new.example", "--comment", "x"]).expect(2);
        home.ok(&["audit", "start-new-log", "--origin", "new.example", "--from", export, "--comment", "disk lost"]);
        let names: Vec<String> =
            home.current().iter().map(|one| one["name"].as_str().unwrap_or_default().to_owned()).collect();
        assert!(names.contains(&"late".to_owned()) && names.contains(&"since".to_owned()), "{names:?}");
        assert!(!names.contains(&"early".to_owned()), "it was revoked before the loss");
        goes_on(&home);
        let crl = Crl::from_der(&home.read("home/ca/issuing.crl")).expect("a CRL");
        assert!(crl.number.is_some_and(|number| number > 1), "a number is not used twice: {:?}", crl.number);
    }
}
