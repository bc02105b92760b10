//! Several processes at work in one home: one history, nothing lost, nothing done twice.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use certroll_pki::x509::crl::Crl;
use certroll_tlog::{Checkpoint, Frontier, LogKey, VerifierKey, leaf_hash};
use serde_json::Value;

use crate::home::{Ran, TestHome, text};

fn line(parts: &[&str]) -> Vec<String> {
    parts.iter().map(|part| (*part).to_owned()).collect()
}

/// Sequence numbers without a gap, no record and no serial number twice, and the log verifies.
fn one_history(home: &TestHome) -> Vec<Value> {
    let records = home.all_records();
    let numbers: Vec<u64> = records.iter().map(|record| record["seq"].as_u64().expect("a number")).collect();
    assert_eq!(numbers, (0..records.len() as u64).collect::<Vec<_>>());
    let ids: BTreeSet<&str> = records.iter().map(|record| text(record, "id")).collect();
    assert_eq!(ids.len(), records.len(), "a record is there twice");
    let issued: Vec<&Value> =
        records.iter().filter(|r| matches!(text(r, "ev"), "cert.issued" | "ca.cert.issued")).collect();
    let serials: BTreeSet<&str> = issued.iter().map(|record| text(record, "cert/sn")).collect();
    assert_eq!(serials.len(), issued.len(), "a serial number is there twice");
    let found = home.verify();
    assert_eq!(found["records"], records.len());
    assert_eq!(found["open_intents"], serde_json::json!([]));
    records
}

fn issue_at_once(processes: usize) {
    let home = TestHome::new();
    let rounds = 24 / processes;
    for round in 0..rounds {
        let lines: Vec<_> = (0..processes)
            .map(|n| line(&["issue", &format!("client-{round}-{n}"), "-t", "jms-client", "--key", "ec:p256"]))
            .collect();
        for ran in home.at_once(&lines) {
            ran.expect(0);
        }
    }
    let records = one_history(&home);
    assert_eq!(records.iter().filter(|record| record["ev"] == "cert.issued").count(), rounds * processes);
    let names: BTreeSet<String> = home.current().iter().map(|one| text(one, "name").to_owned()).collect();
    for (round, n) in (0..rounds).flat_map(|round| (0..processes).map(move |n| (round, n))) {
        assert!(names.contains(&format!("client-{round}-{n}")));
    }
}

#[test]
fn two_processes_write_one_history() {
    issue_at_once(2);
}

/// Processes at once, and how many certificates each line of them issues one after another.
const LINES: usize = 8;
const EACH: usize = 40;

/// What somebody saw who kept reading the published checkpoint.
#[derive(Default)]
struct Watched {
    seen: Vec<Checkpoint>,
    defects: Vec<String>,
}

impl Watched {
    /// One look. Sizes never go back, one size has one root, and what is read is a whole signed note.
    fn look(&mut self, bytes: &[u8], key: &VerifierKey) {
        let checkpoint = match Checkpoint::open(bytes, key) {
            Ok(checkpoint) => checkpoint,
            Err(error) => return self.defects.push(format!("not a signed checkpoint: {error}")),
        };
        match self.seen.last() {
            Some(last) if *last == checkpoint => return,
            Some(last) if last.size > checkpoint.size => {
                self.defects.push(format!("{} records after {}", checkpoint.size, last.size));
            }
            Some(last) if last.size == checkpoint.size => self.defects.push(format!("two roots for {}", last.size)),
            _ => {}
        }
        self.seen.push(checkpoint);
    }

    /// Every checkpoint seen is one of this history.
    fn compare(&mut self, lines: &[&[u8]]) {
        let mut frontier = Frontier::new();
        let mut roots = vec![frontier.root()];
        for line in lines {
            frontier.push(leaf_hash(line));
            roots.push(frontier.root());
        }
        for one in &self.seen {
            if usize::try_from(one.size).ok().and_then(|size| roots.get(size)) != Some(&one.root) {
                self.defects.push(format!("the checkpoint over {} records is not of this history", one.size));
            }
        }
    }
}

#[test]
fn eight_processes_write_one_history_under_checkpoints_that_never_go_back() {
    let home = TestHome::quick();
    let before = home.records("cert.issued").len();
    let key = String::from_utf8(home.read("home/log/vkey")).expect("it is text");
    let key = VerifierKey::parse(key.trim_end()).expect("the key of the log");
    let running = AtomicBool::new(true);
    let mut watched = thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut watched = Watched::default();
            while running.load(Ordering::Relaxed) {
                watched.look(&home.read("home/log/checkpoint"), &key);
                thread::sleep(Duration::from_micros(200));
            }
            watched
        });
        let issue = |line: usize| {
            let home = &home;
            move || {
                for n in 0..EACH {
                    home.ok(&["issue", &format!("client-{line}-{n}"), "-t", "jms-client", "--key", "ec:p256"]);
                }
            }
        };
        let lines: Vec<_> = (0..LINES).map(|line| scope.spawn(issue(line))).collect();
        let ended: Vec<_> = lines.into_iter().map(thread::ScopedJoinHandle::join).collect();
        running.store(false, Ordering::Relaxed);
        assert!(ended.iter().all(Result::is_ok), "an issuance failed");
        watcher.join().expect("the watcher ends")
    });
    let records = one_history(&home);
    assert_eq!(records.iter().filter(|record| record["ev"] == "cert.issued").count() - before, LINES * EACH);
    home.ok(&["audit", "export", "--out", "log.jsonl"]);
    let export = home.read("log.jsonl");
    let lines: Vec<&[u8]> = export.trim_ascii_end().split(|byte| *byte == b'\n').collect();
    watched.compare(&lines);
    assert_eq!(watched.defects, [""; 0]);
    assert!(watched.seen.len() > LINES * EACH / 4, "the watcher saw {} checkpoints only", watched.seen.len());
}

#[test]
fn the_watcher_sees_a_checkpoint_that_goes_back() {
    let key = LogKey::generate("test.example/certroll/0").expect("a key can be made");
    let lines: [&[u8]; 4] = [b"one", b"two", b"three", b"four"];
    let at = |size: usize| {
        let mut frontier = Frontier::new();
        lines[..size].iter().for_each(|line| frontier.push(leaf_hash(line)));
        Checkpoint { origin: key.verifier().name().to_owned(), size: frontier.size(), root: frontier.root() }
    };
    let signed = |checkpoint: &Checkpoint| checkpoint.sign(&key).expect("it can be signed");
    let found = |looks: &[Vec<u8>]| {
        let mut watched = Watched::default();
        looks.iter().for_each(|bytes| watched.look(bytes, key.verifier()));
        watched.compare(&lines);
        watched.defects
    };
    let good = [signed(&at(1)), signed(&at(1)), signed(&at(3)), signed(&at(4))];
    assert_eq!(found(&good), [""; 0]);
    let other = Checkpoint { root: at(2).root, ..at(3) };
    assert_eq!(found(&[signed(&at(3)), signed(&at(2))]), ["2 records after 3"]);
    assert!(found(&[signed(&at(3)), signed(&other)]).contains(&"two roots for 3".to_owned()));
    assert!(found(&[signed(&other)])[0].contains("not of this history"));
    assert!(found(&[signed(&at(3))[..40].to_vec()])[0].starts_with("not a signed checkpoint"));
}

#[test]
fn a_name_is_given_once_however_many_ask() {
    let home = TestHome::new();
    let ask = line(&["issue", "client", "-t", "jms-client", "--key", "ec:p256"]);
    let ran = home.at_once(&vec![ask; 8]);
    assert_eq!(ran.iter().filter(|one| one.code == 0).count(), 1, "{ran:#?}");
    assert!(ran.iter().all(|one| matches!(one.code, 0 | 2 | 14)), "{ran:#?}");
    one_history(&home);
    assert_eq!(home.current().iter().filter(|one| one["name"] == "client").count(), 1);
}

/// The first batch is held up by a pipe as its last line, so that both surely run at the same time.
fn second_batch(first_out: &str, second_out: &str) {
    let home = TestHome::new();
    let names: String = (0..3_000).map(|n| format!("meter-{n}\n")).collect();
    home.write("first.csv", format!("name\n{names}"));
    home.write("second.csv", "name\nother\n");
    let mut first = home.start(&["issue", "--batch", "first.csv", "-t", "meter", "--out", first_out, "--jobs", "1"]);
    while home.records("cert.issued").is_empty() {
        assert!(first.try_wait().expect("its state can be read").is_none(), "the first batch ended too early");
    }
    let second = home.certroll(&["issue", "--batch", "second.csv", "-t", "meter", "--out", second_out]);
    let both = first.try_wait().expect("its state can be read").is_none();
    let first: Ran = first.wait_with_output().expect("it can be waited for").into();
    first.expect(0);
    assert!(both, "the first batch ended before the second was refused");
    let second = second.expect(14);
    assert!(second.stderr.starts_with("error: another batch is running in this home\n"), "{second:?}");
    one_history(&home);
    assert_eq!(home.records("cert.issued").len(), 3_000);
    if first_out.ends_with("ndjson") {
        let text = String::from_utf8(home.read(first_out)).expect("it is UTF-8");
        let names: BTreeSet<String> = text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap_or_else(|error| panic!("{error}: {line}")))
            .map(|value| self::text(&value, "name").to_owned())
            .collect();
        assert_eq!(names.len(), 3_000);
    } else {
        assert_eq!(home.names(first_out).len(), 6_000);
    }
    home.ok(&["issue", "--batch", "second.csv", "-t", "meter", "--out", second_out]);
}

#[test]
fn a_second_batch_is_locked_out() {
    second_batch("first", "second");
}

#[test]
fn a_second_batch_leaves_the_file_of_the_first_alone() {
    second_batch("same.ndjson", "same.ndjson");
}

#[test]
fn rotations_at_once_leave_one_successor() {
    let home = TestHome::new();
    home.ok(&["issue", "client", "-t", "jms-client", "--key", "ec:p256", "--keystore", "client.p12"]);
    for round in 1..=5 {
        let ran = home.at_once(&vec![line(&["rotate", "client"]); 2]);
        assert!(ran.iter().any(|one| one.code == 0), "{ran:#?}");
        assert!(ran.iter().all(|one| matches!(one.code, 0 | 14)), "{ran:#?}");
        let done = ran.iter().filter(|one| one.code == 0).count();
        let all = home.ok(&["list", "client", "--format", "ndjson"]).ndjson();
        let current: Vec<_> = all.iter().filter(|one| one["status"] == "valid").collect();
        assert_eq!(current.len(), 1, "round {round}: {all:#?}");
        let successors: Vec<&str> = all.iter().filter_map(|one| one["replaced_by"].as_str()).collect();
        assert_eq!(successors.len(), successors.iter().collect::<BTreeSet<_>>().len(), "two share a successor");
        assert_eq!(successors.len(), all.len() - 1);
        let installed = home.ok(&["inspect", "client.p12", "--format", "json"]);
        if done == 1 {
            assert!(installed.stdout.contains(text(current[0], "cert_sha256")), "{installed:?}");
        }
    }
    one_history(&home);
}

#[test]
fn revocations_at_once_are_all_on_the_last_list() {
    let home = TestHome::new();
    let names: Vec<String> = (0..8).map(|n| format!("client-{n}")).collect();
    for name in &names {
        home.ok(&["issue", name, "-t", "jms-client", "--key", "ec:p256"]);
    }
    let lines: Vec<_> = names.iter().map(|name| line(&["revoke", name, "--reason", "superseded"])).collect();
    for ran in home.at_once(&lines) {
        ran.expect(0);
    }
    let records = one_history(&home);
    let numbers: Vec<u64> = records
        .iter()
        .filter(|record| record["ev"] == "crl.signed" && record["crl"]["iss"] == "issuing")
        .map(|record| record["crl"]["number"].as_u64().expect("a number"))
        .collect();
    assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{numbers:?}");
    home.ok(&["ca", "crl", "issuing", "--out", "issuing.crl"]);
    let listed: BTreeSet<String> =
        Crl::from_der(&home.read("issuing.crl")).expect("a CRL").entries.iter().map(|e| e.0.to_string()).collect();
    let revoked = home.ok(&["list", "--revoked", "--format", "ndjson"]).ndjson();
    assert_eq!(revoked.len(), names.len());
    for one in &revoked {
        assert!(listed.contains(text(one, "serial")), "{one}");
    }
    let published = Crl::from_der(&home.read("home/ca/issuing.crl")).expect("a CRL");
    assert_eq!(published.entries.len(), names.len(), "the published list is not the last one");
}

#[test]
fn one_certificate_is_revoked_once_however_many_ask() {
    let home = TestHome::new();
    home.ok(&["issue", "client", "-t", "jms-client", "--key", "ec:p256"]);
    let ran = home.at_once(&vec![line(&["revoke", "client", "--reason", "keyCompromise"]); 4]);
    assert!(ran.iter().any(|one| one.code == 0), "{ran:#?}");
    assert!(ran.iter().all(|one| matches!(one.code, 0 | 14)), "{ran:#?}");
    one_history(&home);
    assert_eq!(home.records("cert.revoked").len(), 1);
}
