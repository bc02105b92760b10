//! What stands outside the home: the checkpoint that a user saw last, and the record of what happened while the log could not
//! be written. Both bind the home when somebody sets it back whole.

use std::fs;

use certroll_pki::container::pem;
use certroll_pki::x509::crl::Crl;

use crate::home::{TestHome, copy_tree, text};
use crate::scarce::Mount;

const ISSUE: [&str; 5] = ["issue", "-t", "jms-client", "--key", "ec:p256"];

fn issue(home: &TestHome, name: &str) {
    let file = format!("{name}.pem");
    home.ok(&[&ISSUE[..], &[name, "--out-cert", &file]].concat());
}

/// Keeps the whole home, checkpoint included, as a backup does.
fn back_up(home: &TestHome) {
    copy_tree(&home.path("home"), &home.path("backup"));
}

fn set_back(home: &TestHome) {
    fs::remove_dir_all(home.path("home")).expect("a directory can be removed");
    copy_tree(&home.path("backup"), &home.path("home"));
}

/// An export with the certificates that have a file here, as a bundle has them.
fn export(home: &TestHome, names: &[&str]) {
    fs::create_dir_all(home.path("export/certificates")).expect("a directory can be made");
    home.ok(&["audit", "export", "--format", "jsonl", "--out", "export/records.jsonl"]);
    fs::rename(home.path("export/records.jsonl.checkpoint"), home.path("export/checkpoint")).expect("it is there");
    for name in names {
        let blocks = pem::read(&home.read(format!("{name}.pem"))).expect("a PEM file");
        let der = blocks[0].der.expose();
        let sha256 = certroll_base::encoding::hex(&certroll_base::encoding::sha256(der));
        home.write(format!("export/certificates/{sha256}.der"), der);
    }
}

#[test]
fn a_home_that_was_set_back_whole_is_found_by_who_saw_more() {
    let home = TestHome::new();
    issue(&home, "kept");
    back_up(&home);
    issue(&home, "lost");
    home.ok(&["revoke", "kept", "--reason", "superseded"]);
    export(&home, &["kept", "lost"]);
    let before = home.all_records();
    set_back(&home);
    let refused = home.certroll(&[&ISSUE[..], &["third"]].concat()).expect(13);
    assert!(refused.stderr.contains("the log was rolled back"), "{refused:?}");
    assert!(refused.stderr.contains("that this user saw last, `state/"), "{refused:?}");
    assert!(refused.stderr.contains("hint: bring lost records back with `certroll audit restore --from EXPORT`"));
    // Nobody who saw less can tell.
    let stranger = home.copy();
    stranger.ok(&[&ISSUE[..], &["third"]].concat());

    home.ok(&["audit", "restore", "--from", "export"]);
    assert!(home.all_records().starts_with(&before[..before.len() - 1]), "the records are back as they were");
    home.verify();
    let recovered = home.records("audit.recovered");
    assert_eq!(recovered.len(), 1);
    let detected = home.records("audit.rollback.detected");
    assert_eq!(detected.len(), 1, "found once, however often it was tried");
    assert_eq!((&detected[0]["x"]["late"], &detected[0]["x"]["signed"]), (&true.into(), &true.into()));
    let names: Vec<_> = home.current().iter().map(|one| text(one, "name").to_owned()).collect();
    assert!(names.contains(&"lost".to_owned()) && !names.contains(&"kept".to_owned()), "{names:?}");
    let crl = Crl::from_der(&home.read("home/ca/issuing.crl")).expect("a CRL");
    assert!(crl.number.is_some_and(|number| number > 1), "a number is not used twice: {:?}", crl.number);
    assert_eq!(crl.entries.len(), 1);
    home.ok(&["rotate", "lost"]);
    home.ok(&[&ISSUE[..], &["third"]].concat());
    home.verify();
    home.ok(&["audit", "restore", "--from", "export"]);
}

#[test]
fn records_that_are_truly_lost_begin_a_new_origin() {
    let home = TestHome::new();
    issue(&home, "kept");
    issue(&home, "revoked");
    home.ok(&["revoke", "revoked", "--reason", "keyCompromise"]);
    let new_origin =
        ["audit", "start-new-log", "--origin", "new.example", "--comment", "disk broke", "--ticket", "T-2"];
    let whole = home.certroll(&new_origin).expect(2);
    assert!(whole.stderr.contains("the log is whole"), "{whole:?}");
    back_up(&home);
    issue(&home, "lost");
    let last = String::from_utf8(home.read("home/log/checkpoint")).expect("a note is text");
    let old_key = home.read("home/log/vkey");
    set_back(&home);
    let left = home.all_records();
    home.certroll(&[&ISSUE[..], &["next"]].concat()).expect(13);
    home.ok(&new_origin);
    home.verify();
    let genesis = home.records("log.genesis").remove(0);
    assert!(text(&genesis, "x/origin").starts_with("new.example/certroll/"));
    assert_eq!(text(&genesis, "x/previous/checkpoint"), last, "as it was signed, with the record that was lost");
    assert_eq!((text(&genesis, "why/ticket"), text(&genesis, "why/text")), ("T-2", "disk broke"));
    let verified = home.verify();
    assert_eq!((verified["imported"].as_u64(), verified["revoked"].as_u64()), (Some(4), Some(1)));
    // The old log can still be looked at, as far as it is left, and its key signs nothing more.
    let archive = home.names("home/log/archive").into_iter().next().expect("an archive");
    let archived = home.read(format!("home/log/archive/{archive}/records.jsonl"));
    assert_eq!(archived.iter().filter(|byte| **byte == b'\n').count(), left.len());
    assert_eq!(home.read(format!("home/log/archive/{archive}/vkey")), old_key);
    assert_ne!(home.read("home/log/vkey"), old_key);
    home.ok(&[&ISSUE[..], &["next"]].concat());
    home.ok(&["rotate", "kept"]);
    home.ok(&["audit", "export", "--out", "log.jsonl"]);
    home.ok(&["audit", "verify", "log.jsonl", "--key", "home/log/vkey"]);
    home.certroll(&new_origin).expect(2);
}

#[test]
fn what_does_not_fit_heals_nothing() {
    let home = TestHome::new();
    issue(&home, "kept");
    back_up(&home);
    export(&home, &["kept"]);
    fs::rename(home.path("export"), home.path("short")).expect("a directory can be renamed");
    issue(&home, "lost");
    export(&home, &["kept", "lost"]);
    set_back(&home);
    let records = home.all_records();
    let refused = |from: &str, why: &str| {
        let ran = home.certroll(&["audit", "restore", "--from", from]).expect(13);
        assert!(ran.stderr.contains(why), "{from}: {ran:?}");
        assert_eq!(home.all_records(), records, "{from}");
    };
    refused("short", "does not bring back what an anchor covers");
    copy_tree(&home.path("export"), &home.path("altered"));
    let altered = String::from_utf8(home.read("export/records.jsonl")).expect("UTF-8").replace("\"lost\"", "\"l0st\"");
    home.write("altered/records.jsonl", altered.replace("name:lost", "name:l0st"));
    refused("altered", "the export");
    copy_tree(&home.path("export"), &home.path("swapped"));
    for file in fs::read_dir(home.path("swapped/certificates")).expect("a directory can be read").flatten() {
        fs::write(file.path(), home.read("home/ca/root.pem")).expect("a file can be written");
    }
    refused("swapped", "does not have the certificate");
    let other = TestHome::new();
    export(&other, &[]);
    copy_tree(&other.path("export"), &home.path("other"));
    refused("other", "is not signed by this log");
    home.ok(&["audit", "restore", "--from", "export"]);
    home.verify();
}

#[test]
fn a_wrong_passphrase_is_on_record_once_the_log_can_be_signed() {
    let home = TestHome::new();
    home.write("secrets/wrong", "guess\n");
    for _ in 0..2 {
        home.certroll(&[&ISSUE[..], &["x", "--passphrase-file", "secrets/wrong"]].concat()).expect(5);
    }
    assert_eq!(home.records("auth.denied").len(), 0);
    issue(&home, "client");
    let denied = home.records("auth.denied");
    assert_eq!(denied.len(), 2);
    assert_eq!((&denied[0]["x"]["late"], &denied[0]["x"]["signed"]), (&true.into(), &false.into()));
    assert!(!home.all_records().iter().any(|record| record.to_string().contains("guess")));
    // What is no entry of this log claims nothing, and is kept to be looked at.
    let origin =
        fs::read_dir(home.path("state")).expect("there is a state").flatten().next().expect("a log's directory");
    fs::write(origin.path().join("spool"), "AAAA {\"id\":1}\n- {\"forged\":true}\n").expect("a file can be written");
    issue(&home, "next");
    assert_eq!(home.records("auth.denied").len(), 2);
    assert_eq!(home.records("audit.degraded").len(), 1);
    assert!(origin.path().join("spool.rejected").exists() && !origin.path().join("spool").exists());
    home.verify();
}

#[test]
fn in_an_emergency_a_revocation_does_not_wait_for_the_log() {
    let home = TestHome::new();
    for name in ["stolen", "second", "third"] {
        issue(&home, name);
    }
    let revoke = |name: &'static str| ["revoke", name, "--reason", "keyCompromise", "--ticket", "T-1"];
    let glass = |name: &'static str| [&revoke(name)[..], &["--break-glass"]].concat();
    {
        let Some(_still) = Mount::read_only(&home.path("home")) else { return };
        let refused = home.certroll(&revoke("stolen")).expect(9);
        assert!(refused.stderr.contains("--break-glass"), "{refused:?}");
        assert!(!home.path("state").join("spool").exists());
        for (name, number) in [("stolen", 1), ("second", 2)] {
            let done = home.ok(&glass(name));
            assert!(done.stderr.contains("WITHOUT the log"), "{done:?}");
            let state = fs::read_dir(home.path("state")).expect("a state").flatten().next().expect("a log's directory");
            let crl = fs::read(state.path().join("issuing.crl")).expect("a CRL outside the home");
            let crl = Crl::from_der(&crl).expect("a CRL");
            assert_eq!((crl.number, crl.entries.len()), (Some(number), usize::try_from(number).unwrap_or(0)));
        }
        let again = home.certroll(&glass("stolen")).expect(2);
        assert!(again.stderr.contains("waits for the log"), "{again:?}");
        // Issuing stays closed.
        home.certroll(&[&ISSUE[..], &["fourth"]].concat()).expect(9);
    }
    // With the log back, the option changes nothing, and what waited is merged first.
    home.ok(&glass("third"));
    let revoked = home.records("cert.revoked");
    let late: Vec<bool> = revoked.iter().map(|record| record["x"]["late"] == true).collect();
    assert_eq!(late, [true, true, false]);
    assert_eq!(text(&revoked[0], "why/ticket"), "T-1");
    let numbers: Vec<_> = home.records("crl.signed").iter().filter_map(|one| one["crl"]["number"].as_u64()).collect();
    assert_eq!(numbers, [1, 2, 3]);
    let crl = Crl::from_der(&home.read("home/ca/issuing.crl")).expect("a CRL");
    assert_eq!((crl.number, crl.entries.len()), (Some(3), 3));
    assert_eq!(home.verify()["open_intents"], serde_json::json!([]));
}

#[test]
fn every_session_that_began_says_that_it_ended() {
    let home = TestHome::new();
    issue(&home, "client");
    home.certroll(&["revoke", "nobody", "--reason", "superseded"]).expect(2);
    home.ok(&["revoke", "client", "--reason", "superseded"]);
    let sessions = |event| -> Vec<_> { home.records(event).iter().map(|one| text(one, "sess").to_owned()).collect() };
    assert_eq!(sessions("session.start"), sessions("session.stop"));
    assert!(home.records("session.crash").is_empty());
    assert!(
        home.names("home/run").iter().all(|name| name.ends_with("publish.lock") || name == "names"),
        "{:?}",
        home.names("home/run")
    );
}
