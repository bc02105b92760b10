//! Exports for auditors and for a SIEM, through the program.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};

use certroll_tlog::{Checkpoint, LogKey, Note, VerifierKey};
use serde_json::{Value, json};

use crate::home::{Ran, TestHome, text};

const KEY: &str = "home/log/vkey";

fn issue(home: &TestHome, name: &str) {
    home.ok(&["issue", name, "-t", "meter", "--out-cert", "c.pem", "--out-key", "k.pem", "--replace"]);
}

fn verify(home: &TestHome, more: &[&str]) -> Ran {
    home.certroll(&[&["audit", "verify", "--key", KEY, "--format", "json"], more].concat())
}

fn keep_checkpoint(home: &TestHome, name: &str) {
    home.write(name, home.read("home/log/checkpoint"));
}

/// The records in a bundle.
fn records(home: &TestHome, bundle: &str) -> Vec<Value> {
    let bytes = member(home, bundle, "records.jsonl");
    bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).expect("a record"))
        .collect()
}

fn member(home: &TestHome, bundle: &str, name: &str) -> Vec<u8> {
    use certroll_core::audit::export::bundle::archive;
    let bytes = home.read(bundle);
    let mut at = 0;
    while let Some(member) = archive::member(&bytes[..], at).expect("the bundle is whole") {
        if member.name == name {
            return bytes[member.offset as usize..(member.offset + member.size) as usize].to_vec();
        }
        at = member.end();
    }
    panic!("no `{name}` in `{bundle}`")
}

#[test]
fn a_bundle_is_private_whole_and_verified_without_a_home() {
    let home = TestHome::new();
    issue(&home, "m1");
    home.ok(&["audit", "export", "--out", "log.tar"]);
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(home.path("log.tar")).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    home.write("vkey", home.read(KEY));
    std::fs::rename(home.path("home"), home.path("gone")).expect("a directory can be renamed");
    let found = home.ok(&["audit", "verify", "log.tar", "--key", "vkey", "--format", "json"]).json();
    assert_eq!((text(&found, "result"), &found["certificates"]), ("verified", &json!(3)));
    std::fs::rename(home.path("gone"), home.path("home")).expect("a directory can be renamed");
    // Not this log's key: refused.
    let other = LogKey::generate("test.example").expect("a key can be made").verifier().to_string();
    home.certroll(&["audit", "verify", "log.tar", "--key", &other]).expect(13);
    // A file that cannot be written leaves the old one as it was, and nothing beside it.
    let before = home.names(".");
    home.certroll(&["audit", "export", "--out", "missing/log.tar"]).expect(2);
    assert_eq!(home.names("."), before);
}

#[test]
fn the_first_bad_record_is_named() {
    let home = TestHome::new();
    home.ok(&["audit", "export", "--out", "log.jsonl"]);
    let mut lines = home.read("log.jsonl");
    let third = lines.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(2).expect("three lines").0;
    lines[third + 3] = b'w';
    home.write("log.jsonl", &lines);
    let found = verify(&home, &["log.jsonl"]).expect(13).json();
    assert_eq!((text(&found, "result"), &found["first_bad"]), ("tampered", &json!(3)));
}

#[test]
fn a_visit_continues_the_last_one() {
    let home = TestHome::new();
    issue(&home, "m1");
    keep_checkpoint(&home, "first");
    issue(&home, "m2");
    keep_checkpoint(&home, "second");
    home.ok(&["revoke", "m1", "--reason", "superseded"]);
    home.ok(&["audit", "export", "--out", "rest.tar", "--since", "second"]);
    let begins = &records(&home, "rest.tar")[0]["seq"];
    let found = verify(&home, &["rest.tar", "--since", "second"]).expect(0).json();
    assert_eq!((&found["continues"], text(&found, "result")), (begins, "verified"));
    // The certificate was issued before: that it exists cannot be seen from here, and the result says so.
    assert_eq!(
        found["unchecked"],
        json!({
            "serials": true, "outcomes": 0, "intents": 0, "revocations": 1, "endings": 0, "sessions": 0, "imports": 0,
        })
    );
    let refused = verify(&home, &["rest.tar", "--since", "first"]).expect(13);
    assert!(refused.stderr.contains("nothing connects the two"), "{refused:?}");
    // A later checkpoint is compared too, when the records reach it.
    home.ok(&["audit", "export", "--out", "all.tar", "--since", "first"]);
    verify(&home, &["all.tar", "--since", "second"]).expect(0);
    verify(&home, &["rest.tar", "--since", "home/log/checkpoint"]).expect(13);
    home.ok(&["audit", "export", "--out", "log.jsonl"]);
    verify(&home, &["log.jsonl", "--since", "first"]).expect(0);
    // Another log with the same key: the same number of records, and others.
    let fork = TestHome::new();
    fork.ok(&["audit", "export", "--out", "log.tar"]);
    home.write("foreign", fork.read("home/log/checkpoint"));
    verify(&home, &["all.tar", "--since", "foreign"]).expect(13);
    home.certroll(&["audit", "export", "--out", "x.tar", "--since", "foreign"]).expect(13);
}

/// Two histories of one log, after the same beginning: what a restored backup makes.
#[test]
fn a_fork_is_not_exported_as_a_continuation() {
    let home = TestHome::new();
    let fork = home.copy();
    issue(&home, "m1");
    keep_checkpoint(&home, "seen");
    for name in ["m1", "m2", "m3"] {
        issue(&fork, name);
    }
    fork.write("seen", home.read("seen"));
    fork.certroll(&["audit", "export", "--out", "x.tar", "--since", "seen"]).expect(13);
    fork.ok(&["audit", "export", "--out", "all.tar"]);
    verify(&fork, &["all.tar"]).expect(0);
    verify(&fork, &["all.tar", "--since", "seen"]).expect(13);
}

#[test]
fn a_selection_says_what_it_leaves_out() {
    let home = TestHome::new();
    for name in ["m1", "m2"] {
        issue(&home, name);
    }
    let all = home.all_records();
    let of = |name: &str| {
        let about = format!("name:{name}");
        let op =
            all.iter().find(|record| record["req"]["names"][0] == about.as_str()).expect("it was issued")["op"].clone();
        all.iter().filter(|record| record["op"] == op).map(|record| record["seq"].clone()).collect::<Vec<_>>()
    };
    let serial = all.iter().rfind(|record| record["ev"] == "cert.issued").expect("a certificate");
    let serial = text(serial, "cert/sn").to_uppercase();
    let until = text(&all[0], "ts");
    for (selection, expected) in [
        (vec!["--name", "m1"], of("m1")),
        (vec!["--name", &serial], of("m2")),
        (vec!["--name", "m1", "--name", "m2", "--event", "cert.issued"], [of("m1"), of("m2")].concat()),
        (vec!["--name", "m"], vec![]),
        (vec!["--until", until], vec![]),
    ] {
        let line = [&["audit", "export", "--out", "part.tar"], &selection[..]].concat();
        home.ok(&line);
        let shown: Vec<_> = records(&home, "part.tar");
        let about_export = shown.iter().filter(|record| record["ev"] == "audit.export").count();
        // What is said of the sessions comes along: it tells who acted.
        let about_certificate = |record: &&Value| record["ev"] != "audit.export" && record["op"] != record["sess"];
        let others: Vec<_> = shown.iter().filter(about_certificate).map(|record| record["seq"].clone()).collect();
        assert_eq!((about_export, others), (1, expected), "{selection:?}");
        let found = verify(&home, &["part.tar"]).expect(0).json();
        assert_eq!(found["unchecked"]["sessions"], 0);
        let sessions = |records: &[Value], only: Option<&str>| -> BTreeSet<String> {
            let meant = records.iter().filter(|record| only.is_none_or(|event| record["ev"] == event));
            meant.map(|record| text(record, "sess").to_owned()).collect()
        };
        assert_eq!(sessions(&shown, Some("session.start")), sessions(&shown, None));
        let (total, shown) = (found["records"].as_u64().expect("a number"), shown.len() as u64);
        assert_eq!((text(&found, "result"), &found["withheld"]["records"]), ("incomplete", &json!(total - shown)));
        let in_ranges: u64 = found["withheld"]["ranges"]
            .as_array()
            .expect("ranges")
            .iter()
            .map(|range| range[1].as_u64().expect("a number") - range[0].as_u64().expect("a number") + 1)
            .sum();
        assert_eq!(in_ranges, total - shown);
    }
    // What was asked for is on record.
    let asked = home.records("audit.export");
    assert_eq!(asked[0]["x"], json!({"names": ["m1"]}));
    for form in ["jsonl", "csv", "cef"] {
        home.certroll(&["audit", "export", "--out", "x", "--format", form, "--name", "m1"]).expect(2);
    }
    home.certroll(&["audit", "export", "--out", "x.tar", "--from", "yesterday"]).expect(2);
    home.ok(&["audit", "export", "--out", "x.tar", "--from", "2020-01-01", "--until", "2020-01-01T00:00:00Z"]);
}

/// Of a batch only what is about the certificate that was asked for leaves, and it is enough.
#[test]
fn of_a_batch_one_certificate_can_be_shown_alone() {
    let home = TestHome::new();
    home.write("lines.csv", "name,serial\nalpha,1\nbravo,2\ncharlie,3\n");
    home.ok(&["issue", "--batch", "lines.csv", "-t", "meter", "--out", "out", "--ticket", "CHG-7"]);
    home.ok(&["audit", "export", "--out", "part.tar", "--name", "bravo"]);
    let bundle = String::from_utf8_lossy(&home.read("part.tar")).into_owned();
    for (name, shown) in [("alpha", false), ("bravo", true), ("charlie", false)] {
        assert_eq!(bundle.contains(name), shown, "{name}");
    }
    let events: Vec<_> = records(&home, "part.tar").iter().map(|record| text(record, "ev").to_owned()).collect();
    for (event, count) in [("cert.request", 2), ("cert.issue.intent", 1), ("cert.issued", 1)] {
        assert_eq!(events.iter().filter(|other| *other == event).count(), count, "{event}: {events:?}");
    }
    assert!(bundle.contains("CHG-7"), "what all of the group share is in it");
    let found = verify(&home, &["part.tar"]).expect(0).json();
    assert_eq!((&found["issued"], &found["open_intents"]), (&json!(1), &json!([])));
    assert_eq!((&found["unchecked"]["endings"], &found["unchecked"]["outcomes"]), (&json!(2), &json!(0)));
    let shown = home.ok(&["audit", "show", "bravo", "--format", "ndjson"]).ndjson();
    assert!(shown.iter().all(|record| !record.to_string().contains("alpha")), "{shown:#?}");
    // The ticket leads to every certificate of the batch.
    let ticket = home.ok(&["audit", "show", "CHG-7", "--event", "cert.issued", "--format", "ndjson"]).ndjson();
    let tickets: Vec<_> = ticket.iter().map(|record| text(record, "why/ticket")).collect();
    assert_eq!(tickets, ["CHG-7"; 3]);
}

/// What certroll 0.1 wrote, kept as it left the home.
#[test]
fn logs_of_version_1_still_verify() {
    let logs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/logs");
    let (key, home) = (logs.join("version-1.jsonl.vkey"), TestHome::unfounded());
    for (file, records) in [("version-1.jsonl", 72), ("version-1.tar", 75)] {
        let file = logs.join(file);
        let paths = [&key, &file].map(|path| path.to_str().expect("the path is text"));
        let ran = home.ok(&[&["audit", "verify", "--format", "json", "--key"], &paths[..]].concat()).json();
        assert_eq!((&ran["records"], &ran["issued"], &ran["result"]), (&json!(records), &json!(7), &json!("verified")));
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/verify_export.py");
        let python = Command::new("python3").arg(script).args([&file, &key]).output().expect("Python can be started");
        assert!(python.status.success(), "{python:?}");
    }
}

#[test]
fn what_others_signed_goes_with_the_bundle() {
    let home = TestHome::new();
    let note = home.read("home/log/checkpoint");
    let key = String::from_utf8(home.read(KEY)).expect("text");
    let key = VerifierKey::parse(key.trim_end()).expect("a key");
    let size = Checkpoint::open(&note, &key).expect("it is signed").size;
    let witness = LogKey::generate("witness.example").expect("a key can be made");
    let mut cosigned = Note::parse(&note).expect("it is a note");
    cosigned.sign(&witness).expect("it can be signed");
    std::fs::create_dir_all(home.path("home/log/cosigned")).expect("a directory can be made");
    home.write(format!("home/log/cosigned/{size}"), cosigned.to_bytes());
    home.ok(&["audit", "export", "--out", "log.tar"]);
    assert_eq!(member(&home, "log.tar", "cosigned"), cosigned.to_bytes());
    verify(&home, &["log.tar"]).expect(0);
}

/// Nothing that a person types becomes a formula, a line, a field or a direction of text.
#[test]
fn hostile_texts_stay_texts() {
    const HOSTILE: &str = "=cmd|' /C calc'!A0\r\n<1>1 - forged \"] |x=y\\\u{202e}\u{1b}[31m,\"";
    let home = TestHome::new();
    let (certificate, key) = (["--out-cert", "c.pem"], ["--out-key", "k.pem"]);
    home.ok(&[&["issue", "m1", "-t", "meter", "--comment", HOSTILE, "--ticket", "@SUM(1)"], &certificate[..], &key]
        .concat());
    let count = home.all_records().len();
    home.ok(&["audit", "export", "--out", "log.csv", "--format", "csv"]);
    let table = String::from_utf8(home.read("log.csv")).expect("it is text");
    assert!(table.contains("\"'=cmd|") && table.contains("'@SUM(1)") && !table.contains(",=") && !table.contains(",@"));
    for (form, escaped) in
        [("cef", "\\r\\n<1>1 - forged"), ("syslog", "\\\\u{d}\\\\u{a}<1>1 - forged \\\"\\] |x=y\\\\")]
    {
        let lines = home.ok(&["audit", "export", "--out", "-", "--format", form]).stdout;
        let begin = if form == "cef" { "CEF:0|" } else { "<1" };
        let whole = |line: &str| line.starts_with(begin) && line.chars().all(|c| !c.is_control() && c != '\u{202e}');
        assert!(
            lines.lines().all(whole) && lines.lines().count() > count && lines.contains(escaped),
            "{form}: {lines}"
        );
    }
    let shown = home.ok(&["audit", "show"]).stdout;
    assert!(shown.chars().all(|c| c == '\n' || (!c.is_control() && c != '\u{202e}')), "{shown}");
    home.ok(&["audit", "export", "--out", "log.tar"]);
    assert!(!String::from_utf8(member(&home, "log.tar", "README.txt")).expect("text").contains("cmd"));
    verify(&home, &["log.tar"]).expect(0);
    // Bytes that are no text, where text is expected.
    home.write("bytes", b"\xff\xfe{\x80");
    for line in [["bytes", "--since", "home/log/checkpoint"], ["log.tar", "--since", "bytes"]] {
        verify(&home, &line).expect(13);
    }
    home.certroll(&["audit", "verify", "log.tar", "--key", "bytes"]).expect(2);
}

#[test]
fn following_hands_out_every_record_once() {
    let home = TestHome::new();
    let follow = |since: usize, more: &[&str]| {
        let since = since.to_string();
        let line = [&["audit", "export", "--format", "syslog", "--follow", "--since", &since], more].concat();
        let mut command = home.command(&line);
        // Following needs no passphrase.
        command.env_remove("CERTROLL_PASSPHRASE_FILE").stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("the program can be started")
    };
    let before = home.all_records().len();
    let mut running = follow(0, &["--out", "-"]);
    let mut lines = BufReader::new(running.stdout.take().expect("it is piped")).lines();
    let mut next = |from: usize, count: usize| {
        for seq in from..from + count {
            let line = lines.next().expect("there is a line").expect("it can be read");
            assert!(line.contains(&format!(" seq=\"{seq}\" ")), "{seq}: {line}");
        }
    };
    next(0, before);
    issue(&home, "m1");
    let after = home.all_records().len();
    assert!(after > before);
    next(before, after - before);
    let pid = rustix::process::Pid::from_child(&running);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("a signal can be sent");
    let mut said = String::new();
    running.stderr.take().expect("it is piped").read_to_string(&mut said).expect("it can be read");
    assert_eq!(
        (running.wait().expect("it ends").code(), said.contains(&format!("--since {after}"))),
        (Some(0), true),
        "{said}"
    );
    // A later run goes on there, here into a file.
    issue(&home, "m2");
    let mut running = follow(after, &["--out", "events.log"]);
    let all = home.all_records().len();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    let written = || String::from_utf8(std::fs::read(home.path("events.log")).unwrap_or_default()).expect("text");
    while written().lines().count() < all - after && std::time::Instant::now() < deadline {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    rustix::process::kill_process(rustix::process::Pid::from_child(&running), rustix::process::Signal::INT)
        .expect("a signal can be sent");
    assert_eq!(running.wait().expect("it ends").code(), Some(0));
    assert_eq!(written().lines().count(), all - after);
    // When nobody reads any more it ends, even if nothing happens in the log.
    let mut running = follow(all, &["--out", "-"]);
    drop(running.stdout.take());
    assert_eq!(running.wait().expect("it ends").code(), Some(0));
    home.certroll(&["audit", "export", "--format", "jsonl", "--follow", "--out", "x"]).expect(2);
}

/// Records that no checkpoint covers do not leave.
#[test]
fn what_is_not_signed_is_not_followed() {
    let home = TestHome::new();
    keep_checkpoint(&home, "older");
    let signed = home.all_records().len();
    issue(&home, "m1");
    home.write("home/log/checkpoint", home.read("older"));
    let mut running = home.start(&["audit", "export", "--format", "cef", "--follow", "--out", "events"]);
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    let lines = || std::fs::read(home.path("events")).unwrap_or_default().iter().filter(|byte| **byte == b'\n').count();
    while lines() < signed && std::time::Instant::now() < deadline {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    std::thread::sleep(std::time::Duration::from_millis(600));
    rustix::process::kill_process(rustix::process::Pid::from_child(&running), rustix::process::Signal::TERM)
        .expect("a signal can be sent");
    assert_eq!((running.wait().expect("it ends").code(), lines()), (Some(0), signed));
}
