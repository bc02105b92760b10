//! History rewritten under a checkpoint, while a command runs, by who can write in the home and has no passphrase.
//!
//! The rewriting is as good as it gets without the log's key: record, leaf and head agree afterwards. It begins as soon as a
//! process has compared the anchors and is at work; the process is stopped meanwhile, so that each rewriting happens before it
//! goes on. Each must end in 13, and no head over the rewritten history may ever be signed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::Arc;
use std::time::{Duration, Instant};

use certroll_base::clock::SystemClock;
use certroll_base::encoding::hex;
use certroll_base::secret::Secret;
use certroll_core::audit::record::event::Event;
use certroll_core::audit::record::facts::Outcome;
use certroll_core::audit::record::value::Id;
use certroll_core::config;
use certroll_core::error::ErrorKind;
use certroll_core::lifecycle::journal::end::SessionEnd;
use certroll_core::lifecycle::layout::home::Home;
use certroll_core::lifecycle::session::Session;
use certroll_tlog::{Checkpoint, Frontier, Hash, VerifierKey, leaf_hash};
use rusqlite::Connection;
use rustix::process::{Pid, Signal, kill_process};

use crate::home::{PASSPHRASE, Ran, TestHome, copy_tree};

/// In which tile of the log a record is rewritten.
#[derive(Clone, Copy, Debug)]
enum Place {
    First,
    Middle,
    Last,
}

const PLACES: [Place; 3] = [Place::First, Place::Middle, Place::Last];

impl Place {
    fn record(self, size: u64) -> u64 {
        match self {
            Self::First => 3,
            Self::Middle => 256 + 100,
            Self::Last => size - 2,
        }
    }
}

/// Rewrites one record as the log's own program would have written it, but for the code that needs the passphrase.
/// Answers the leaf that stood there, or nothing while somebody else is writing.
fn rewrite(database: &Path, seq: u64) -> Option<Hash> {
    let connection = Connection::open(database).expect("the database can be opened");
    connection.execute_batch("BEGIN IMMEDIATE").ok()?;
    let mut statement = connection.prepare("SELECT body FROM audit_record ORDER BY seq").expect("the table is there");
    let bodies = statement.query_map([], |row| row.get(0)).expect("records can be read");
    let mut bodies: Vec<Vec<u8>> = bodies.collect::<Result<_, _>>().expect("records can be read");
    let at = usize::try_from(seq).expect("a small log");
    let before = leaf_hash(&bodies[at]);
    let text = String::from_utf8(bodies[at].clone()).expect("UTF-8").replacen("\"ts\":\"20", "\"ts\":\"19", 1);
    assert!(text.as_bytes() != bodies[at], "something is rewritten");
    bodies[at] = text.into_bytes();
    let (mut frontier, mut tiles) = (Frontier::new(), Vec::new());
    for body in &bodies {
        frontier.push_noting(leaf_hash(body), |level, position, hash| tiles.push((level, position, *hash)));
    }
    let leaf = leaf_hash(&bodies[at]);
    let sql = "UPDATE audit_record SET body = ?1, leaf = ?2 WHERE seq = ?3";
    connection.execute(sql, rusqlite::params![bodies[at], leaf, seq.cast_signed()]).expect("it can be written");
    connection.execute("UPDATE audit_head SET frontier = ?1", [frontier.to_bytes()]).expect("it can be written");
    for (level, position, hash) in tiles {
        let sql = "UPDATE audit_tile SET hash = ?1 WHERE level = ?2 AND position = ?3";
        connection.execute(sql, rusqlite::params![hash, level, position.cast_signed()]).expect("it can be written");
    }
    connection.execute_batch("COMMIT").expect("it can be committed");
    Some(before)
}

/// The leaf hashes of a home's log as they are stored.
fn leaves(home: &TestHome) -> Vec<Hash> {
    let connection = Connection::open(home.path("home/state.db")).expect("the database can be opened");
    let mut statement = connection.prepare("SELECT leaf FROM audit_record ORDER BY seq").expect("the table is there");
    let leaves = statement.query_map([], |row| row.get(0)).expect("leaves can be read");
    leaves.collect::<Result<_, _>>().expect("leaves can be read")
}

fn checkpoint(home: &TestHome, file: &str) -> Checkpoint {
    let key = String::from_utf8(home.read("home/log/vkey")).expect("a key is text");
    let key = VerifierKey::parse(key.trim_end()).expect("the home has a key");
    Checkpoint::open(&home.read(file), &key).expect("the log signed it")
}

/// The published checkpoint covers the history as it was: with `before` in the place of what stands there now.
fn assert_covers_what_was(home: &TestHome, seq: u64, before: Hash) {
    let published = checkpoint(home, "home/log/checkpoint");
    let mut frontier = Frontier::new();
    for (at, leaf) in (0..published.size).zip(leaves(home)) {
        frontier.push(if at == seq { before } else { leaf });
    }
    assert_eq!((frontier.size(), hex(&frontier.root())), (published.size, hex(&published.root)));
}

/// A log of three tiles, with something to rotate, to revoke and to list.
fn long_log() -> TestHome {
    let home = TestHome::quick();
    let lines: String = (0..130).map(|n| format!("m{n}\n")).collect();
    home.write("meters.csv", format!("name\n{lines}"));
    home.ok(&["issue", "--batch", "meters.csv", "-t", "meter", "--out", "meters"]);
    home.ok(&["issue", "broker", "-t", "jms-client", "--key", "ec:p256", "--out-cert", "b.pem", "--out-key", "b.key"]);
    home.ok(&["revoke", "m1", "--reason", "superseded"]);
    home.write("more.csv", "name\nn1\nn2\nn3\n");
    OF_BROKER.iter().for_each(|file| home.write(format!("kept-{file}"), home.read(file)));
    assert!(leaves(&home).len() > 512, "three tiles: {}", leaves(&home).len());
    home
}

/// The files of the certificate that is rotated.
const OF_BROKER: [&str; 2] = ["b.pem", "b.key"];

/// A copy with what the commands need beside the home. Its inventory knows the files of the first home: a rotation in an
/// earlier copy may have replaced them.
fn again(home: &TestHome) -> TestHome {
    let copy = home.copy();
    copy.write("more.csv", home.read("more.csv"));
    OF_BROKER.iter().for_each(|file| home.write(file, home.read(format!("kept-{file}"))));
    copy_tree(&home.path("state"), &copy.path("state"));
    copy
}

/// Commands that write, in different ways and at different lengths.
const COMMANDS: [&[&str]; 6] = [
    &["issue", "new", "-t", "jms-client", "--key", "ec:p256", "--out-cert", "n.pem", "--out-key", "n.key"],
    &["rotate", "broker"],
    &["revoke", "m2", "--reason", "superseded"],
    &["ca", "crl", "issuing", "--renew", "--out", "i.crl"],
    &["issue", "--batch", "more.csv", "-t", "meter", "--out", "more"],
    &["audit", "export", "--format", "jsonl", "--out", "export.jsonl"],
];

/// What shows that a process has begun.
enum Sign {
    /// It holds a lock of a session: the anchors have been compared.
    Session(BTreeSet<String>),
    /// It wrote into the write-ahead log.
    WriteAhead(PathBuf, u64),
}

impl Sign {
    fn session(home: &TestHome) -> Self {
        Self::Session(home.names("home/run"))
    }

    fn write_ahead(home: &TestHome) -> Self {
        let file = home.path("home/state.db-wal");
        let length = std::fs::metadata(&file).map_or(0, |file| file.len());
        Self::WriteAhead(file, length)
    }

    fn is_there(&self, home: &TestHome) -> bool {
        match self {
            Self::Session(before) => {
                home.names("home/run").iter().any(|name| name.len() == 41 && !before.contains(name))
            }
            Self::WriteAhead(file, before) => std::fs::metadata(file).is_ok_and(|file| file.len() > *before),
        }
    }
}

/// Runs a command, and rewrites that record as soon as the sign is there. `None` when the command had ended before.
fn run_while_rewriting(home: &TestHome, command: &[&str], sign: &Sign, seq: u64) -> (Ran, Option<Hash>) {
    let mut child = home.start(command);
    let process = Pid::from_child(&child);
    let begun = Instant::now();
    let ended = |child: &mut Child| child.try_wait().expect("a child can be waited for").is_some();
    while !sign.is_there(home) {
        if ended(&mut child) {
            return (child.wait_with_output().expect("it has ended").into(), None);
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{command:?} does not begin");
    }
    let database = home.path("home/state.db");
    let rewritten = loop {
        if ended(&mut child) {
            break None;
        }
        let _ = kill_process(process, Signal::STOP);
        let rewritten = rewrite(&database, seq);
        let _ = kill_process(process, Signal::CONT);
        if rewritten.is_some() {
            break rewritten;
        }
        // It was stopped in the middle of a transaction.
        std::thread::sleep(Duration::from_micros(200));
    };
    (child.wait_with_output().expect("it ends").into(), rewritten)
}

/// Every command, with a record in every tile; those that ended too early are not counted.
fn sweep(sign: fn(&TestHome) -> Sign, commands: &[&[&str]], places: &[Place]) -> usize {
    let home = long_log();
    let size = u64::try_from(leaves(&home).len()).expect("a small log");
    let mut rewritings = 0;
    for command in commands {
        for place in places {
            let copy = again(&home);
            let seq = place.record(size);
            let (ran, before) = run_while_rewriting(&copy, command, &sign(&copy), seq);
            let Some(before) = before else {
                ran.expect(0);
                continue;
            };
            rewritings += 1;
            assert_covers_what_was(&copy, seq, before);
            if ran.code == 0 {
                // Its last head was signed before; whoever comes next finds it.
                copy.certroll(&["ca", "crl", "issuing", "--renew", "--out", "i.crl"]).expect(13);
                rewritings -= 1;
                continue;
            }
            let said = ran.expect(13).stderr;
            let named = said.matches("the root ").count();
            assert!(named >= 2, "{command:?} {place:?} names both states: {said}");
            copy.certroll(&["audit", "verify"]).expect(13);
            copy.certroll(&["doctor"]).expect(13);
            copy.certroll(COMMANDS[0]).expect(13);
            assert_covers_what_was(&copy, seq, before);
        }
    }
    rewritings
}

#[test]
fn a_history_that_is_rewritten_while_a_command_runs_is_never_signed() {
    let rewritings = sweep(Sign::session, &COMMANDS, &PLACES);
    assert!(rewritings >= 15, "of 18 runs {rewritings} were rewritten under and ended in 13");
}

#[test]
fn nor_one_that_is_rewritten_once_the_command_has_written() {
    let rewritings = sweep(Sign::write_ahead, &COMMANDS[..3], &[Place::First, Place::Last]);
    assert!(rewritings >= 3, "of 6 runs {rewritings} were rewritten under and ended in 13");
}

fn session(home: &TestHome) -> Session {
    let root = Home::new(home.path("home")).with_state(Some(home.path("state")));
    config::session(root, Secret::new(PASSPHRASE.to_owned()), Arc::new(SystemClock), None).expect("a home")
}

/// What comes out at the end of a session that has ended.
fn tampering(end: Arc<SessionEnd>) -> Option<ErrorKind> {
    Arc::into_inner(end)?.tampering().map(|error| error.kind)
}

fn append(session: &mut Session) -> Result<(), certroll_core::error::Error> {
    let draft = session.journal.draft(Event::AuditExport, Outcome::Ok, Id::new(session.clock.now()));
    session.journal.append(vec![draft], Vec::new()).map(drop)
}

/// Rewrites between any two steps of a session: each is refused, and so is whatever follows.
#[test]
fn between_check_and_signature_nothing_can_be_slipped_in() {
    let home = TestHome::quick();
    let seq = 4;
    let tampered = |home: &TestHome| rewrite(&home.path("home/state.db"), seq).expect("nobody writes");
    let before_append = |session: &mut Session, copy: &TestHome| (tampered(copy), append(session));
    let before_publish = |session: &mut Session, copy: &TestHome| {
        append(session).expect("the log is whole");
        (tampered(copy), session.journal.publish())
    };
    type Step<'a> = &'a dyn Fn(&mut Session, &TestHome) -> (Hash, Result<(), certroll_core::error::Error>);
    for step in [&before_append as Step<'_>, &before_publish] {
        let copy = again_short(&home);
        let mut session = session(&copy);
        let (before, refused) = step(&mut session, &copy);
        let error = refused.expect_err("it is refused");
        assert_eq!(error.kind, ErrorKind::Verification, "{error}");
        assert!(append(&mut session).is_err(), "nothing more is written by this process");
        assert!(session.journal.publish().is_err());
        drop(session);
        assert_covers_what_was(&copy, seq, before);
    }
    // After the last call of the command only the end of the session is left to tell.
    let copy = again_short(&home);
    let mut session = session(&copy);
    let end = Arc::new(SessionEnd::default());
    session.journal.report_end(end.clone());
    append(&mut session).and_then(|()| session.journal.publish()).expect("the log is whole");
    let before = tampered(&copy);
    drop(session);
    assert_eq!(tampering(end), Some(ErrorKind::Verification));
    assert_covers_what_was(&copy, seq, before);
}

fn again_short(home: &TestHome) -> TestHome {
    let copy = home.copy();
    copy_tree(&home.path("state"), &copy.path("state"));
    copy
}

#[test]
fn a_checkpoint_is_replaced_only_by_one_that_goes_on_from_it() {
    let home = TestHome::quick();
    let older = home.read("home/log/checkpoint");
    home.ok(&["ca", "crl", "issuing", "--renew", "--out", "i.crl"]);
    // Published by somebody else meanwhile, from the same key but another history: what a copied home signs.
    let fork = again_short(&home);
    fork.ok(&["ca", "crl", "root", "--renew", "--out", "r.crl"]);
    fork.ok(&["ca", "crl", "root", "--renew", "--out", "r.crl"]);
    let forked = fork.read("home/log/checkpoint");
    for (what, bytes) in [("gone", None), ("of another history", Some(forked.clone()))] {
        let copy = again_short(&home);
        let mut session = session(&copy);
        (0..20).for_each(|_| append(&mut session).expect("the log is whole"));
        match &bytes {
            None => std::fs::remove_file(copy.path("home/log/checkpoint")).expect("it can be removed"),
            Some(bytes) => copy.write("home/log/checkpoint", bytes),
        }
        let error = session.journal.publish().expect_err(what);
        assert_eq!(error.kind, ErrorKind::Verification, "{what}: {error}");
        drop(session);
        let left = std::fs::read(copy.path("home/log/checkpoint")).ok();
        assert_eq!(left, bytes, "{what}: it stays as evidence");
    }
    // An older one of this log is replaced: the log goes on from it.
    let copy = again_short(&home);
    let mut session_of_copy = session(&copy);
    append(&mut session_of_copy).expect("the log is whole");
    copy.write("home/log/checkpoint", older);
    session_of_copy.journal.publish().expect("it goes on from that");
    drop(session_of_copy);
    copy.verify();
    // What this user saw is not replaced by a history that does not go on from it.
    let copy = again_short(&home);
    let mut session_of_copy = session(&copy);
    append(&mut session_of_copy).and_then(|()| session_of_copy.journal.publish()).expect("the log is whole");
    let seen = copy.names("state").into_iter().next().map(|origin| format!("state/{origin}/seen")).expect("it is kept");
    copy.write(&seen, &forked);
    let end = Arc::new(SessionEnd::default());
    session_of_copy.journal.report_end(end.clone());
    (0..20).for_each(|_| append(&mut session_of_copy).expect("the log is whole"));
    drop(session_of_copy);
    assert_eq!(tampering(end), Some(ErrorKind::Verification));
    assert_eq!(copy.read(&seen), forked, "it stays as evidence");
}

/// Records added after the last checkpoint by who has no passphrase are not taken for those of a run that was killed.
#[test]
fn records_that_somebody_adds_are_not_signed() {
    let home = TestHome::quick();
    let published = home.read("home/log/checkpoint");
    let connection = Connection::open(home.path("home/state.db")).expect("the database can be opened");
    let all = leaves(&home);
    let mut frontier: Frontier = Frontier::new();
    all.iter().for_each(|leaf| frontier.push(*leaf));
    let size = all.len();
    let body: Vec<u8> = connection
        .query_row("SELECT body FROM audit_record ORDER BY seq DESC LIMIT 1", [], |row| row.get(0))
        .expect("there is a record");
    let body =
        String::from_utf8(body).expect("UTF-8").replace(&format!("\"seq\":{}", size - 1), &format!("\"seq\":{size}"));
    let leaf = leaf_hash(body.as_bytes());
    frontier.push(leaf);
    let sql = "INSERT INTO audit_record (seq, id, body, leaf) VALUES (?1, ?2, ?3, ?4)";
    let row = rusqlite::params![size as i64, [7_u8; 16], body.as_bytes(), leaf];
    connection.execute(sql, row).expect("it can be written");
    connection.execute("UPDATE audit_head SET frontier = ?1", [frontier.to_bytes()]).expect("it can be written");
    let refused = home.certroll(COMMANDS[0]).expect(13);
    assert!(refused.stderr.contains("the last 1 were not written with the passphrase"), "{refused:?}");
    assert_eq!(home.read("home/log/checkpoint"), published);
}
