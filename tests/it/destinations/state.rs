//! What is owed stays owed until it is done, and what lies there is looked at.

use std::collections::BTreeSet;
use std::fs::{self, FileTimes};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::home::{Ran, TestHome, text};
use crate::scarce::Mount;

fn issue(home: &TestHome, name: &str, rest: &[&str]) -> Ran {
    home.certroll(&[&["issue", name, "-t", "https-server", "--key=ec:p256"], rest].concat())
}

/// The number of the renaming with which a run gives a file its name, after a run of the same command that is watched; `None`
/// without strace.
#[expect(clippy::print_stderr, reason = "a test that cannot run must say so")]
fn renaming(home: &TestHome, path: &Path, arguments: &[&str]) -> Option<usize> {
    let log = home.path("trace");
    let option = ["-e", "trace=rename,renameat,renameat2"];
    match traced(home, &[&option[..], &["-o", &log.to_string_lossy()]].concat(), arguments).output() {
        Ok(output) => Ran::from(output).expect(0),
        Err(error) => {
            let required = std::env::var("CERTROLL_TEST_PEERS").is_ok_and(|word| word == "required");
            assert!(!required, "strace cannot be run: {error}");
            eprintln!("skipped: strace cannot be run: {error}");
            return None;
        }
    };
    let log = fs::read_to_string(log).expect("strace has written it down");
    let target = format!("\"{}\")", path.display());
    let at = log.lines().position(|line| line.contains(&target));
    Some(at.unwrap_or_else(|| panic!("nothing was renamed to {target}: {log}")) + 1)
}

/// Runs the program with a fault at that renaming: a quota that is used up after the trial, or the end of the process.
fn with_fault(home: &TestHome, nth: usize, fault: &str, arguments: &[&str]) -> Ran {
    let inject = format!("inject=rename,renameat,renameat2:{fault}:when={nth}");
    let mut command = traced(home, &["-o", "/dev/null", "-e", &inject], arguments);
    command.output().expect("strace was there a moment ago").into()
}

fn traced(home: &TestHome, options: &[&str], arguments: &[&str]) -> Command {
    let plain = home.command(arguments);
    let mut traced = Command::new("strace");
    traced.args(["-f", "-qq"]).args(options).arg("--").arg(plain.get_program());
    traced.args(plain.get_args()).env_clear().current_dir(home.path("."));
    traced.envs(plain.get_envs().filter_map(|(key, value)| Some((key, value?))));
    traced
}

fn checked(home: &TestHome, rest: &[&str]) -> (i32, Vec<Value>) {
    let ran = home.certroll(&[&["check", "--format", "json"], rest].concat());
    let listed = ran.json()["certificates"].as_array().cloned().unwrap_or_default();
    (ran.code, listed)
}

/// The statuses of a name, oldest first.
fn statuses(home: &TestHome, name: &str) -> Vec<String> {
    let listed = home.ok(&["list", name, "--format", "ndjson"]).ndjson();
    listed.iter().map(|one| text(one, "status").to_owned()).collect()
}

/// Our worst fault: after one full disk on the day of a rotation nobody ever spoke of it again.
#[test]
fn a_delivery_that_failed_is_due_until_it_is_done_and_nothing_else_is_ordered() {
    let home = TestHome::new();
    fs::create_dir(home.path("out")).unwrap();
    issue(&home, "a", &["--keystore", "out/a.p12", "--out-cert", "out/a.pem"]).expect(0);
    assert_eq!(checked(&home, &[]).0, 0);
    let path = home.path("out/a.pem");
    let Some(nth) = renaming(&home, &path, &["rotate", "a"]) else { return };
    let before = (home.read("out/a.p12"), home.read("out/a.pem"));
    let ran = with_fault(&home, nth, "error=EDQUOT", &["rotate", "a"]);
    assert_eq!(ran.code, 8, "{ran:#?}");
    assert_eq!((home.read("out/a.p12"), home.read("out/a.pem")), before, "all files or none");
    assert_eq!(statuses(&home, "a"), ["replaced", "due", "owed"], "the successor was not handed out");
    let (code, listed) = checked(&home, &[]);
    assert_eq!(code, 11);
    assert!(listed.iter().any(|one| text(one, "status") == "owed"), "{listed:?}");
    let doctor = home.certroll(&["doctor"]).expect(11);
    assert!(doctor.stdout.contains("1 owed"), "{doctor:#?}");
    let shown = home.ok(&["show", "a"]);
    assert!(shown.stdout.contains("owed:") && shown.stdout.contains("quota"), "{shown:#?}");
    // The place still cannot be written: it stays owed, and nothing is ordered.
    let issued = home.records("cert.issued").len();
    if let Some(mount) = Mount::read_only(&home.path("out")) {
        let ran = home.certroll(&["rotate", "--due"]).expect(8);
        assert!(ran.stderr.contains("rotate --due"), "{ran:#?}");
        drop(mount);
    }
    assert_eq!(checked(&home, &[]).0, 11);
    home.ok(&["rotate", "--due"]);
    assert_eq!(home.records("cert.issued").len(), issued, "the same certificate was delivered");
    assert_eq!(statuses(&home, "a"), ["replaced", "replaced", "valid"]);
    assert_eq!(checked(&home, &[]).0, 0);
    assert_ne!(home.read("out/a.pem"), before.1);
}

/// Killed between two renames: either set is whole after the next run, and until then it is told.
#[test]
fn a_run_that_was_killed_while_it_installed_is_finished_by_the_next() {
    let home = TestHome::new();
    issue(&home, "a", &["--keystore", "a.p12", "--out-cert", "a.pem"]).expect(0);
    let Some(nth) = renaming(&home, &home.path("a.pem"), &["rotate", "a"]) else { return };
    with_fault(&home, nth, "signal=KILL", &["rotate", "a"]);
    let issued = home.records("cert.issued").len();
    assert_eq!(checked(&home, &[]).0, 11);
    home.ok(&["rotate", "--due"]);
    assert_eq!(home.records("cert.issued").len(), issued);
    assert_eq!(checked(&home, &["--deep"]).0, 0);
}

#[test]
fn what_lies_there_is_looked_at() {
    let home = TestHome::new();
    issue(&home, "a", &["--keystore", "a.p12", "--out-cert", "a.pem", "--out-key", "a.key"]).expect(0);
    issue(&home, "b", &["--out-cert", "b.pem"]).expect(0);
    let findings = |rest: &[&str]| -> (i32, String) {
        let (code, listed) = checked(&home, rest);
        (code, listed.iter().map(|one| one["findings"].to_string()).collect())
    };
    assert_eq!(findings(&["--deep"]).0, 0);
    // Changed content under the old time.
    let (good, path) = (home.read("a.pem"), home.path("a.pem"));
    let times = fs::metadata(&path).unwrap().modified().unwrap();
    let change = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_times(FileTimes::new().set_modified(times)).unwrap();
    };
    let mut bad = good.clone();
    bad[100] ^= 1;
    change(&bad);
    let (code, text) = findings(&[]);
    assert!(code == 11 && text.contains("a.pem"), "{code} {text}");
    assert_eq!(findings(&["--no-look"]).0, 0);
    change(&home.read("b.pem"));
    assert!(findings(&[]).1.contains("another certificate"));
    // A comment more is no other certificate.
    change(&[b"# ours\n", &good[..]].concat());
    assert_eq!(findings(&[]).0, 0);
    fs::remove_file(&path).unwrap();
    assert!(findings(&["a"]).1.contains("missing"));
    assert_eq!(findings(&["b"]).0, 0, "another name is not looked at");
    change_back(&path, &good);
    // A key that belongs to another certificate.
    issue(&home, "c", &["--out-key", "c.key"]).expect(0);
    home.write("a.key", home.read("c.key"));
    assert!(findings(&[]).1.contains("does not fit"));
}

fn change_back(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).expect("a file can be written");
}

#[test]
fn what_is_revoked_and_still_installed_is_an_alarm_until_it_is_gone() {
    let home = TestHome::new();
    issue(&home, "kc", &["--keystore", "kc.p12"]).expect(0);
    home.ok(&["revoke", "kc", "--reason", "keyCompromise"]);
    let (code, listed) = checked(&home, &[]);
    assert_eq!(code, 12);
    assert_eq!(listed.iter().filter(|one| text(one, "status") == "revoked").count(), 1);
    home.certroll(&["doctor"]).expect(12);
    fs::remove_file(home.path("kc.p12")).unwrap();
    assert_eq!(checked(&home, &[]).0, 0, "nothing of it is in use");
    home.certroll(&["doctor"]).expect(0);
}

/// A name is one line of life: what was compromised is replaced under the same name, in the same places, with another key.
#[test]
fn a_revoked_name_is_rotated_in_its_places() {
    let home = TestHome::new();
    issue(&home, "kc", &["--keystore", "kc.p12"]).expect(0);
    home.ok(&["revoke", "kc", "--reason", "keyCompromise"]);
    let ran = home.certroll(&["rotate", "kc", "--reuse-key"]).expect(3);
    assert!(ran.stderr.contains("compromised"), "{ran:#?}");
    home.ok(&["rotate", "kc"]);
    assert_eq!(statuses(&home, "kc"), ["revoked", "valid"]);
    assert_eq!(checked(&home, &["--deep"]).0, 0);
    let issued = home.records("cert.issued");
    assert_ne!(text(&issued[0], "cert/spki"), text(&issued[1], "cert/spki"));
    home.verify();
}

#[test]
fn places_move_and_are_given_up() {
    let home = TestHome::new();
    issue(&home, "a", &["--out-cert", "a.pem", "--out-key", "a.key"]).expect(0);
    fs::create_dir(home.path("moved")).unwrap();
    fs::rename(home.path("a.pem"), home.path("moved/a.pem")).unwrap();
    assert_eq!(checked(&home, &[]).0, 11);
    home.certroll(&["relocate", "a.pem", "nowhere.pem"]).expect(2);
    home.ok(&["relocate", "a.pem", "moved/a.pem"]);
    assert_eq!(checked(&home, &[]).0, 0);
    home.ok(&["rotate", "a"]);
    assert!(!home.path("a.pem").exists());
    fs::remove_file(home.path("a.key")).unwrap();
    assert_eq!(checked(&home, &[]).0, 11);
    home.certroll(&["forget", "other.key"]).expect(2);
    home.ok(&["forget", "a.key"]);
    assert_eq!(checked(&home, &[]).0, 0);
    home.verify();
}

/// Devices of a batch were rotated into nowhere.
#[test]
fn a_rotated_device_that_was_not_handed_out_is_due() {
    let home = TestHome::new();
    home.write("meters.csv", "name,serial\nm1,1\nm2,2\n");
    let batch = ["issue", "--batch", "meters.csv", "-t", "meter", "--out", "first"];
    home.ok(&batch);
    assert_eq!(checked(&home, &[]).0, 0);
    home.ok(&["rotate", "m1"]);
    assert_eq!(statuses(&home, "m1"), ["due", "owed"]);
    assert_eq!(checked(&home, &[]).0, 11);
    let issued = home.records("cert.issued").len();
    let ran = home.certroll(&["rotate", "--due"]).expect(8);
    assert!(ran.stderr.contains("deliver --all"), "{ran:#?}");
    assert_eq!(home.records("cert.issued").len(), issued, "nothing else is ordered");
    home.ok(&["deliver", "--all", "--out", "second"]);
    assert_eq!(home.names("second"), BTreeSet::from(["m1.key.pem".to_owned(), "m1.pem".to_owned()]));
    assert_eq!((checked(&home, &[]).0, statuses(&home, "m1").pop()), (0, Some("valid".to_owned())));
    home.ok(&["rotate", "--due"]);
}

/// A batch without a place keeps the keys, says so, and hands them out later.
#[test]
fn keys_of_a_batch_that_stayed_in_the_home_come_out_together() {
    let home = TestHome::new();
    home.write("meters.csv", "name,serial\nm1,1\nm2,2\n");
    let ran = home.ok(&["issue", "--batch", "meters.csv", "-t", "meter"]);
    assert!(ran.stderr.contains("deliver --all"), "{ran:#?}");
    home.ok(&["deliver", "--all", "--out", "devices.ndjson"]);
    assert_eq!(String::from_utf8(home.read("devices.ndjson")).unwrap().lines().count(), 2);
    let ran = home.ok(&["deliver", "--all", "--out", "again.ndjson"]);
    assert!(ran.stderr.contains("handed out 0"), "{ran:#?}");
    home.verify();
}
