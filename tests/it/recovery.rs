//! What dead processes leave open is closed by the next one; a log that went back or was altered signs nothing more.

use std::fs;
use std::time::{Duration, Instant};

use certroll_pki::x509::crl::Crl;

use crate::home::{TestHome, copy_tree, text};

/// Processes started at most, until enough were stopped between an intent and its end.
const ATTEMPTS: usize = 150;
/// Intents left open that are enough.
const ENOUGH: usize = 3;

/// Starts a process and kills it right after its intent: from the moment the intent is there we hold the lock that the
/// process needs to write its end. `false` if it slipped through.
fn killed_after_its_intent(home: &TestHome, arguments: &[&str]) -> bool {
    let database = rusqlite::Connection::open(home.path("home/state.db")).expect("the database can be opened");
    // Whoever waits politely comes too late: the process has its second turn within a millisecond.
    database.busy_timeout(Duration::ZERO).expect("a time to wait can be set");
    let mut child = home.start(arguments);
    let caught = loop {
        if database.execute_batch("BEGIN IMMEDIATE").is_err() {
            continue;
        }
        let open: i64 =
            database.query_row("SELECT count(*) FROM open_intent", [], |row| row.get(0)).expect("it can be read");
        if open > 0 {
            break true;
        }
        database.execute_batch("ROLLBACK").expect("the lock can be given back");
        if child.try_wait().expect("a child can be asked").is_some() {
            break false;
        }
    };
    child.kill().expect("a child can be killed");
    child.wait_with_output().expect("a child can be waited for");
    if caught {
        database.execute_batch("ROLLBACK").expect("the lock can be given back");
    }
    caught
}

/// The home's files of the log's store, to put them back later.
fn save(home: &TestHome, to: &str) {
    copy_tree(&home.path("home"), &home.path(to));
}

fn put_back(home: &TestHome, from: &str) {
    for name in ["state.db", "state.db-wal", "state.db-shm"] {
        let _ = fs::remove_file(home.path("home").join(name));
        if home.path(from).join(name).exists() {
            fs::copy(home.path(from).join(name), home.path("home").join(name)).expect("a file can be copied");
        }
    }
}

#[test]
fn an_intent_left_open_is_given_up_by_the_next_command() {
    let home = TestHome::new();
    let mut left_open = 0;
    for attempt in 0..ATTEMPTS {
        let name = format!("client-{attempt}");
        let file = format!("{name}.p12");
        let issue = ["issue", &name, "-t", "jms-client", "--key", "ec:p256", "--keystore", &file];
        if !killed_after_its_intent(&home, &issue) {
            continue;
        }
        let open = home.verify()["open_intents"].as_array().expect("a list").len();
        assert!(!home.path(&file).exists(), "`{file}` is there, but its certificate is not on record");
        assert_eq!(open, 1, "an earlier intent was not closed");
        left_open += 1;
        let intent = home.records("cert.issue.intent").pop().expect("there is an intent");
        home.ok(&["issue", &format!("next-{attempt}"), "-t", "jms-client", "--key", "ec:p256"]);
        let abandoned = home.records("cert.issue.abandoned");
        assert_eq!(abandoned.len(), left_open);
        let last = abandoned.last().expect("there is one");
        assert_eq!((text(last, "op"), &last["ref"]["seq"]), (text(&intent, "op"), &intent["seq"]));
        assert_eq!(home.records("session.crash").len(), left_open);
        assert_eq!(home.verify()["open_intents"], serde_json::json!([]));
        // The name is free: nothing was issued under it.
        home.ok(&issue);
        if left_open == ENOUGH {
            return;
        }
    }
    panic!("{left_open} of {ATTEMPTS} processes were stopped at their intent; the test looks at the wrong moment");
}

#[test]
fn a_killed_process_holds_no_lock() {
    let home = TestHome::new();
    let names: String = (0..3_000).map(|n| format!("meter-{n}\n")).collect();
    home.write("meters.csv", format!("name\n{names}"));
    let mut child = home.start(&["issue", "--batch", "meters.csv", "-t", "meter", "--out", "out"]);
    std::thread::sleep(Duration::from_millis(400));
    child.kill().expect("a child can be killed");
    child.wait_with_output().expect("a child can be waited for");
    let began = Instant::now();
    home.ok(&["issue", "client", "-t", "jms-client", "--key", "ec:p256"]);
    home.ok(&["issue", "--batch", "meters.csv", "-t", "meter", "--out", "out"]);
    assert!(began.elapsed() < Duration::from_secs(25), "it waited for a lock of a dead process");
}

#[test]
fn a_killed_revocation_is_on_the_list_when_it_is_repeated() {
    let home = TestHome::new();
    home.ok(&["issue", "measured", "-t", "jms-client", "--key", "ec:p256"]);
    let began = Instant::now();
    home.ok(&["revoke", "measured", "--reason", "superseded"]);
    let whole = began.elapsed();
    let mut unlisted = 0;
    for attempt in 0..40 {
        let name = format!("client-{attempt}");
        home.ok(&["issue", &name, "-t", "jms-client", "--key", "ec:p256"]);
        let revoke = ["revoke", &name, "--reason", "superseded", "--format", "json"];
        let mut child = home.start(&revoke);
        std::thread::sleep(whole.mul_f64(0.7 + f64::from(attempt % 20) * 0.02));
        child.kill().expect("a child can be killed");
        child.wait_with_output().expect("a child can be waited for");
        let lists = home.records("crl.signed").len();
        let was_revoked = home.ok(&["list", &name, "--revoked", "--format", "ndjson"]).ndjson().len() == 1;
        let revoked = home.ok(&revoke).json();
        let serial = text(&revoked, "serial").to_owned();
        unlisted += usize::from(was_revoked && home.records("crl.signed").len() > lists);
        let listed = Crl::from_der(&home.read("home/ca/issuing.crl")).expect("a CRL").entries;
        assert!(listed.iter().any(|entry| entry.0.to_string() == serial), "`{name}` is revoked, but on no list");
        if unlisted > 2 {
            break;
        }
    }
    assert_eq!(home.verify()["open_intents"], serde_json::json!([]));
}

/// Every way to sign something, or to change the log.
const MUTATIONS: &[&[&str]] = &[
    &["issue", "second", "-t", "jms-client", "--key", "ec:p256", "--out-cert", "second.pem"],
    &["issue", "--batch", "meters.csv", "-t", "meter", "--out", "out"],
    &["rotate", "first"],
    &["revoke", "first", "--reason", "superseded"],
    &["ca", "create", "other", "--issuer", "root", "--key", "ec:p256"],
    &["ca", "crl", "issuing", "--renew", "--out", "issuing.crl"],
    &["audit", "export", "--out", "log.jsonl"],
    &["audit", "publish", "site"],
];

fn nothing_is_signed(home: &TestHome, what: &str) {
    home.write("meters.csv", "name\nmeter-1\n");
    let before = home.all_records();
    for arguments in MUTATIONS {
        let ran = home.certroll(arguments).expect(13);
        assert!(ran.stderr.starts_with("error: ") && ran.stderr.contains(what), "{ran:?}");
        assert!(ran.stderr.contains("hint: ") && ran.stdout.is_empty(), "{ran:?}");
    }
    assert_eq!(home.all_records(), before);
    for file in ["second.pem", "issuing.crl", "log.jsonl"] {
        assert!(!home.path(file).exists(), "`{file}` was written");
    }
    assert!(home.names("out").is_empty());
    home.certroll(&["audit", "verify"]).expect(13);
    home.ok(&["list"]);
}

#[test]
fn a_log_that_went_back_signs_nothing() {
    let home = TestHome::new();
    home.ok(&["issue", "first", "-t", "jms-client", "--key", "ec:p256"]);
    save(&home, "before");
    home.ok(&["issue", "lost", "-t", "jms-client", "--key", "ec:p256"]);
    save(&home, "after");
    put_back(&home, "before");
    nothing_is_signed(&home, "rolled back");
    // With the true store back everything works again.
    put_back(&home, "after");
    home.verify();
    home.ok(MUTATIONS[0]);
}

#[test]
fn a_log_that_went_another_way_signs_nothing() {
    let home = TestHome::new();
    home.ok(&["issue", "first", "-t", "jms-client", "--key", "ec:p256"]);
    let fork = home.copy();
    home.ok(&["issue", "one", "-t", "jms-client", "--key", "ec:p256"]);
    fork.ok(&["issue", "two", "-t", "jms-client", "--key", "ec:p256"]);
    fork.ok(&["issue", "three", "-t", "jms-client", "--key", "ec:p256"]);
    for name in ["state.db", "state.db-wal", "state.db-shm"] {
        let _ = fs::remove_file(home.path("home").join(name));
        if fork.path("home").join(name).exists() {
            fs::copy(fork.path("home").join(name), home.path("home").join(name)).expect("a file can be copied");
        }
    }
    nothing_is_signed(&home, "altered");
}

#[test]
fn a_log_without_its_checkpoint_signs_nothing() {
    let home = TestHome::new();
    home.ok(&["issue", "first", "-t", "jms-client", "--key", "ec:p256"]);
    let checkpoint = home.read("home/log/checkpoint");
    fs::remove_file(home.path("home/log/checkpoint")).expect("a file can be removed");
    home.write("meters.csv", "name\nmeter-1\n");
    for arguments in MUTATIONS {
        let ran = home.certroll(arguments).expect(13);
        assert!(ran.stderr.contains("its checkpoint is gone"), "{ran:?}");
    }
    home.write("home/log/checkpoint", checkpoint);
    home.verify();
    home.ok(MUTATIONS[0]);
}

#[test]
fn a_checkpoint_of_another_log_signs_nothing() {
    let home = TestHome::new();
    home.ok(&["issue", "first", "-t", "jms-client", "--key", "ec:p256"]);
    let other = TestHome::founded();
    home.write("home/log/checkpoint", other.read("home/log/checkpoint"));
    nothing_is_signed(&home, "is not one of this log");
}

/// Changes the first of these bytes in the file that stands behind that text.
fn alter(home: &TestHome, file: &str, find: &str, replace: &str) -> usize {
    let mut bytes = home.read(file);
    assert_eq!(find.len(), replace.len());
    let places: Vec<usize> =
        (0..bytes.len().saturating_sub(find.len())).filter(|at| bytes[*at..].starts_with(find.as_bytes())).collect();
    for at in &places {
        bytes[*at..*at + replace.len()].copy_from_slice(replace.as_bytes());
    }
    home.write(file, bytes);
    places.len()
}

#[test]
fn an_altered_record_is_found() {
    let home = TestHome::new();
    home.ok(&["issue", "victim", "-t", "jms-client", "--key", "ec:p256"]);
    home.ok(&["revoke", "victim", "--reason", "keyCompromise", "--comment", "as it was"]);
    home.ok(&["audit", "export", "--out", "log.jsonl"]);
    home.verify();
    assert!(alter(&home, "home/state.db", "as it was", "as it saw") >= 2, "intent and outcome have the comment");
    let ran = home.certroll(&["audit", "verify"]).expect(13);
    assert!(ran.stderr.starts_with("error: ") && !ran.stdout.contains("verified"), "{ran:?}");
    // The export that was made before tells what it was, and an altered export is found as well.
    home.ok(&["audit", "verify", "log.jsonl", "--key", "home/log/vkey"]);
    assert!(alter(&home, "log.jsonl", "as it was", "as it saw") > 0);
    home.certroll(&["audit", "verify", "log.jsonl", "--key", "home/log/vkey"]).expect(13);
}
