//! Exports that somebody changed: none may verify, and the verifier in Python must say the same.
//!
//! The library is called, not the program: there are hundreds of thousands of changes.

use std::path::Path;
use std::process::Command;
use std::sync::{Arc, OnceLock};

use certroll_base::clock::Timestamp;
use certroll_base::encoding;
use certroll_core::audit::export::bundle::archive::{self, END};
use certroll_core::audit::export::bundle::manifest::{self, Maker, ManifestFollower};
use certroll_core::audit::export::bundle::name;
use certroll_core::audit::record::draft::Draft;
use certroll_core::audit::record::event::Event;
use certroll_core::audit::record::facts::{Actor, ActorKind, Authentication, Outcome};
use certroll_core::audit::record::value::Id;
use certroll_core::lifecycle::log::{verify_bundle, verify_lines};
use certroll_tlog::{Checkpoint, Frontier, LogKey, VerifierKey, leaf_hash};

use crate::home::TestHome;
use crate::peers::{self, Peer};

/// A small log with everything that a bundle can have, in all its forms.
struct Exports {
    home: TestHome,
    key: VerifierKey,
}

impl Exports {
    fn bundle(&self, file: &str) -> Vec<u8> {
        self.home.read(file)
    }

    fn checkpoint(&self, file: &str) -> Checkpoint {
        Checkpoint::open(&self.home.read(file), &self.key).expect("the checkpoint is signed by the log")
    }

    fn accepts_lines(&self, lines: &[u8]) -> bool {
        verify_lines(lines, [self.checkpoint("log.jsonl.checkpoint")]).is_ok()
    }

    fn accepts(&self, bundle: &[u8]) -> bool {
        verify_bundle(bundle, &self.key, &[]).is_ok()
    }
}

fn exports() -> &'static Exports {
    static EXPORTS: OnceLock<Exports> = OnceLock::new();
    EXPORTS.get_or_init(|| {
        let home = TestHome::founded();
        home.ok(&["ca", "create", "root", "--key", "ec:p256", "--subject", "O=Test, CN=Root CA"]);
        let issue = |name: &str| {
            home.ok(&[
                "issue",
                name,
                "-t",
                "meter",
                "--out-cert",
                "c.pem",
                "--out-key",
                "k.pem",
                "--replace",
                "--comment",
                "=1+1",
            ]);
        };
        home.ok(&["audit", "export", "--out", "small.tar"]);
        home.ok(&["audit", "export", "--out", "log.jsonl"]);
        issue("m1");
        std::fs::copy(home.path("home/log/checkpoint"), home.path("since")).expect("a file can be copied");
        issue("m2");
        home.ok(&["revoke", "m1", "--reason", "superseded"]);
        home.ok(&["audit", "export", "--out", "full.tar"]);
        home.ok(&["audit", "export", "--out", "part.tar", "--name", "m2"]);
        home.ok(&["audit", "export", "--out", "rest.tar", "--since", "since"]);
        home.ok(&["audit", "export", "--out", "both.tar", "--since", "since", "--event", "cert.revoked"]);
        let key = String::from_utf8(home.read("home/log/vkey")).expect("a key is text");
        let key = VerifierKey::parse(key.trim_end()).expect("the home has a key");
        Exports { home, key }
    })
}

/// Runs over a range on all processors and gives back what was accepted though it should not be.
fn accepted(count: usize, accepts: impl Fn(usize) -> bool + Sync) -> Vec<usize> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let part = |thread: usize| (thread..count).step_by(threads).filter(|n| accepts(*n)).collect::<Vec<_>>();
    std::thread::scope(|scope| {
        let part = &part;
        let running: Vec<_> = (0..threads).map(|thread| scope.spawn(move || part(thread))).collect();
        running.into_iter().flat_map(|thread| thread.join().expect("no verification panics")).collect()
    })
}

fn flipped(bytes: &[u8], bit: usize) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    changed[bit / 8] ^= 1 << (bit % 8);
    changed
}

#[test]
fn every_bit_and_every_end_of_a_small_jsonl_export_counts() {
    let exports = exports();
    let lines = exports.bundle("log.jsonl");
    assert!(exports.accepts_lines(&lines), "the control: unchanged it is accepted");
    assert_eq!(accepted(lines.len() * 8, |bit| exports.accepts_lines(&flipped(&lines, bit))), [0; 0]);
    assert_eq!(accepted(lines.len(), |length| exports.accepts_lines(&lines[..length])), [0; 0]);
    let note = exports.bundle("log.jsonl.checkpoint");
    assert_eq!(accepted(note.len() * 8, |bit| Checkpoint::open(&flipped(&note, bit), &exports.key).is_ok()), [0; 0]);
}

/// The bundle that is smallest and has most parts: it continues another one and is filtered.
#[test]
fn every_bit_and_every_end_of_a_small_bundle_counts() {
    let exports = exports();
    let bundle = exports.bundle("both.tar");
    assert!(exports.accepts(&bundle), "the control: unchanged it is accepted");
    assert_eq!(accepted(bundle.len() * 8, |bit| exports.accepts(&flipped(&bundle, bit))), [0; 0]);
    assert_eq!(accepted(bundle.len(), |length| exports.accepts(&bundle[..length])), [0; 0]);
    assert!(!exports.accepts(&[&bundle[..], &[0; 512]].concat()));
}

/// The other forms, with report and certificates: a bit of every byte, each time another one.
#[test]
fn every_byte_of_other_bundles_counts() {
    let exports = exports();
    for file in ["small.tar", "part.tar", "rest.tar"] {
        let bundle = exports.bundle(file);
        assert!(exports.accepts(&bundle), "{file}");
        let wrong = accepted(bundle.len(), |at| exports.accepts(&flipped(&bundle, at * 8 + at % 8)));
        assert_eq!(wrong, [0; 0], "{file}");
    }
}

/// A hundred thousand records and changes at random places: of bits, ends, lines.
#[test]
fn changes_of_a_large_export_are_found() {
    let key = LogKey::generate("large").expect("a key can be made");
    let id = |n: u64| Id::new(Timestamp::from_secs(n.cast_signed()));
    let (t, auth) = (ActorKind::System, Authentication::OsUid);
    let actor = Actor::new(t, "uid:0".into(), auth);
    let actor = Some(Arc::new(actor));
    let (mut lines, mut tree) = (Vec::new(), Frontier::new());
    for seq in 0..100_000 {
        let draft = Draft { actor: actor.clone(), ..Draft::new(Event::CertRequest, Outcome::Ok, id(seq), id(0)) };
        let line = draft.seal(seq, Timestamp::from_secs(1_795_000_000)).expect("it is short");
        tree.push(leaf_hash(&line));
        lines.extend(line);
        lines.push(b'\n');
    }
    let checkpoint = Checkpoint { origin: "large".into(), size: tree.size(), root: tree.root() };
    let note = checkpoint.sign(&key).expect("a checkpoint can be signed");
    let checkpoint = Checkpoint::open(&note, key.verifier()).expect("it is signed");
    let accepts = |lines: &[u8]| verify_lines(lines, [checkpoint.clone()]).is_ok();
    assert!(accepts(&lines), "the control: unchanged it is accepted");
    let starts: Vec<usize> = std::iter::once(0)
        .chain(lines.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1))
        .collect();
    let mut number = numbers(7);
    let changes: Vec<(usize, usize)> = (0..40).map(|round| (round % 4, number(usize::MAX))).collect();
    let wrong = accepted(changes.len(), |n| {
        let (what, number) = changes[n];
        let at = number % (starts.len() - 2);
        let (begin, end, next) = (starts[at], starts[at + 1], starts[at + 2]);
        accepts(&match what {
            0 => flipped(&lines, number % (lines.len() * 8)),
            1 => lines[..number % lines.len()].to_vec(),
            2 => [&lines[..begin], &lines[end..]].concat(),
            _ => [&lines[..begin], &lines[end..next], &lines[begin..end], &lines[next..]].concat(),
        })
    });
    assert_eq!(wrong, [0; 0]);
}

/// Deletion, repetition and exchange, of everything that an export is made of.
fn rearranged<T: Clone>(parts: &[T]) -> Vec<Vec<T>> {
    let mut all = Vec::new();
    for at in 0..parts.len() {
        let mut changed = parts.to_vec();
        changed.remove(at);
        all.push(changed);
        for to in 0..=parts.len() {
            let mut changed = parts.to_vec();
            changed.insert(to, parts[at].clone());
            all.push(changed);
        }
        for other in 0..at {
            let mut changed = parts.to_vec();
            changed.swap(at, other);
            all.push(changed);
        }
    }
    all
}

#[test]
fn lines_cannot_be_removed_repeated_or_exchanged() {
    let exports = exports();
    let text = exports.bundle("log.jsonl");
    let lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
    let changed = rearranged(&lines);
    // A line after those that the checkpoint covers is no change of what was signed; here it is out of place.
    let wrong = accepted(changed.len(), |n| exports.accepts_lines(&changed[n].concat()));
    assert_eq!(wrong, [0; 0]);
}

/// The files of a bundle.
fn unpack(bundle: &[u8]) -> Vec<(String, Vec<u8>)> {
    let (mut files, mut at) = (Vec::new(), 0);
    while let Some(member) = archive::member(bundle, at).expect("the bundle is whole") {
        let (begin, size) = (member.offset as usize, member.size as usize);
        files.push((member.name.clone(), bundle[begin..begin + size].to_vec()));
        at = member.end();
    }
    files
}

fn pack(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, content) in files {
        out.extend(archive::header(name, content.len() as u64));
        out.extend(content);
        out.resize(out.len() + archive::padding(content.len() as u64) as usize, 0);
    }
    out.resize(out.len() + END as usize, 0);
    out
}

/// The same files with a list that fits them: what somebody makes who knows the format.
fn listed(mut files: Vec<(String, Vec<u8>)>) -> Vec<u8> {
    files.retain(|(name, _)| name != name::MANIFEST);
    let mut list = String::new();
    for of_certificates in [true, false] {
        for (name, content) in files.iter().filter(|(name, _)| name.starts_with("certificates/") == of_certificates) {
            list.push_str(&manifest::line(name, content.len() as u64, &encoding::sha256(content)));
        }
    }
    let mut running = ManifestFollower::default();
    running.add(&list);
    let maker = Maker { version: env!("CARGO_PKG_VERSION").to_owned(), generated: generated() };
    list.push_str(&running.end(&maker));
    files.push((name::MANIFEST.to_owned(), list.into_bytes()));
    pack(&files)
}

/// The time in the full bundle's list, which its report tells.
fn generated() -> Timestamp {
    let files = unpack(&exports().bundle("full.tar"));
    let list = String::from_utf8(files.last().expect("there is a list").1.clone()).expect("it is text");
    let time = list.lines().find_map(|line| line.strip_prefix("generated ")).expect("it has a time");
    Timestamp::parse(time).expect("it is a time")
}

#[test]
fn files_cannot_be_removed_repeated_or_exchanged() {
    let exports = exports();
    for file in ["full.tar", "part.tar", "both.tar"] {
        let files = unpack(&exports.bundle(file));
        assert!(exports.accepts(&pack(&files)), "the control: packed as it was it is accepted");
        let changed = rearranged(&files);
        let wrong = accepted(changed.len(), |n| {
            exports.accepts(&pack(&changed[n])) || exports.accepts(&listed(changed[n].clone()))
        });
        // Moving the list alone and then making it again gives the same bundle.
        let same = |n: &usize| listed(changed[*n].clone()) == listed(files.clone());
        assert!(wrong.iter().all(same), "{file}: {wrong:?}");
    }
}

/// A change of the files of a bundle: its name, the bundle, the change.
type Variant = (&'static str, &'static str, Box<Alteration>);

fn text_of(content: &[u8]) -> String {
    String::from_utf8(content.to_vec()).expect("it is text")
}

/// Changes the members of a bundle, by name and content.
type Alteration = dyn Fn(&mut Vec<(String, Vec<u8>)>);

fn change(name: &'static str, from: &'static str, to: &'static str) -> Box<Alteration> {
    Box::new(move |files| {
        let content = &mut file(files, name).1;
        let text = text_of(content);
        assert!(text.contains(from), "`{from}` in `{name}`");
        *content = text.replacen(from, to, 1).into_bytes();
    })
}

fn file<'a>(files: &'a mut [(String, Vec<u8>)], name: &str) -> &'a mut (String, Vec<u8>) {
    files.iter_mut().find(|(found, _)| found == name).unwrap_or_else(|| panic!("no `{name}`"))
}

/// Line `n` of a file, to be removed, repeated or exchanged with the next.
fn line(name: &'static str, n: usize, what: fn(&mut Vec<String>, usize)) -> Box<Alteration> {
    Box::new(move |files| {
        let content = &mut file(files, name).1;
        let mut lines: Vec<String> = text_of(content).split_inclusive('\n').map(str::to_owned).collect();
        what(&mut lines, n);
        *content = lines.concat().into_bytes();
    })
}

/// Changes by somebody who makes a fitting list afterwards.
#[expect(clippy::too_many_lines, reason = "a table")]
fn variants() -> Vec<Variant> {
    let remove = |lines: &mut Vec<String>, n: usize| drop(lines.remove(n));
    let repeat = |lines: &mut Vec<String>, n: usize| lines.insert(n, lines[n].clone());
    let exchange = |lines: &mut Vec<String>, n: usize| lines.swap(n, n + 1);
    let mut all: Vec<Variant> = vec![
        ("another reason", "full.tar", change(name::RECORDS, "superseded", "compromise")),
        ("a reason in the table", "full.tar", change(name::CSV, "superseded", "keyCompromise")),
        ("a formula in the table", "full.tar", change(name::CSV, "'=1+1", "=1+1")),
        ("a heading in the table", "full.tar", change(name::CSV, "seq,", "sec,")),
        ("line ends of the table", "full.tar", change(name::CSV, "\r\n", "\n")),
        ("another key", "full.tar", change(name::VKEY, "+", "x+")),
        ("a key without a line end", "full.tar", Box::new(|files| file(files, name::VKEY).1.truncate(40))),
        (
            "a checkpoint of fewer records",
            "full.tar",
            Box::new(|files| {
                file(files, name::CHECKPOINT).1 = exports().bundle("since");
            }),
        ),
        (
            "a checkpoint of more records",
            "full.tar",
            Box::new(|files| {
                file(files, name::CHECKPOINT).1 = exports().bundle("home/log/checkpoint");
            }),
        ),
        ("a wrong signature", "full.tar", change(name::CHECKPOINT, "\u{2014} ", "\u{2014} x")),
        ("no records", "full.tar", Box::new(|files| file(files, name::RECORDS).1.clear())),
        ("no table", "full.tar", Box::new(|files| file(files, name::CSV).1.clear())),
        ("an unknown file", "full.tar", Box::new(|files| files.insert(1, ("more".to_owned(), Vec::new())))),
        (
            "an empty selection",
            "full.tar",
            Box::new(|files| {
                let at = files.iter().position(|(name, _)| name == name::CSV).expect("there is a table");
                files.insert(at, (name::WITHHELD.to_owned(), Vec::new()));
            }),
        ),
        (
            "a certificate too many",
            "full.tar",
            Box::new(|files| {
                let at = files.iter().position(|(name, _)| name == name::MANIFEST).expect("there is a list");
                files.insert(
                    at,
                    (format!("certificates/{}.der", encoding::hex(&encoding::sha256(b"x"))), b"x".to_vec()),
                );
            }),
        ),
        (
            "certificates exchanged",
            "full.tar",
            Box::new(|files| {
                let mut at = files.iter().enumerate().filter(|(_, (name, _))| name.starts_with("certificates/"));
                let (a, b) = (at.next().expect("one").0, at.next().expect("another").0);
                let content = files[a].1.clone();
                files[a].1 = std::mem::replace(&mut files[b].1, content);
            }),
        ),
        (
            "a certificate cut",
            "full.tar",
            Box::new(|files| {
                let found = files.iter_mut().find(|(name, _)| name.starts_with("certificates/"));
                found.expect("there is a certificate").1.pop();
            }),
        ),
        (
            "a leaf hash",
            "part.tar",
            Box::new(|files| {
                let content = &mut file(files, name::WITHHELD).1;
                let last = content.len() - 2;
                content[last] = if content[last] == b'0' { b'1' } else { b'0' };
            }),
        ),
        (
            "leaf hashes in capitals",
            "part.tar",
            Box::new(|files| {
                let content = &mut file(files, name::WITHHELD).1;
                *content = text_of(content).to_uppercase().into_bytes();
            }),
        ),
        ("a number with a zero", "part.tar", Box::new(|files| file(files, name::WITHHELD).1.insert(0, b'0'))),
        ("no consistency", "rest.tar", Box::new(|files| file(files, name::CONSISTENCY).1.clear())),
        ("no subtrees", "rest.tar", Box::new(|files| file(files, name::SUBTREES).1.clear())),
        (
            "another earlier checkpoint",
            "rest.tar",
            Box::new(|files| {
                file(files, name::SINCE).1 = exports().bundle("log.jsonl.checkpoint");
            }),
        ),
        (
            "a later earlier checkpoint",
            "rest.tar",
            Box::new(|files| {
                file(files, name::SINCE).1 = exports().bundle("home/log/checkpoint");
            }),
        ),
    ];
    for (bundle, member, count) in [
        ("full.tar", name::RECORDS, 6),
        ("full.tar", name::CSV, 6),
        ("part.tar", name::RECORDS, 4),
        ("part.tar", name::WITHHELD, 6),
        ("part.tar", name::CSV, 4),
        ("rest.tar", name::RECORDS, 4),
        ("rest.tar", name::CONSISTENCY, 2),
        ("rest.tar", name::SUBTREES, 1),
        ("both.tar", name::RECORDS, 3),
        ("both.tar", name::WITHHELD, 3),
    ] {
        for n in 0..count {
            all.push(("a line removed", bundle, line(member, n, remove)));
            all.push(("a line repeated", bundle, line(member, n, repeat)));
            all.push(("lines exchanged", bundle, line(member, n, exchange)));
        }
    }
    all
}

/// Whether the verifier in Python accepts a bundle, and OpenSSL the signatures in it.
fn python_accepts(exports: &Exports, directory: &Path, bundle: &[u8], more: &[&str]) -> bool {
    let path = directory.join("bundle.tar");
    std::fs::write(&path, bundle).expect("a file can be written");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/verify_export.py");
    let output = peers::command("python3")
        .arg(script)
        .arg(&path)
        .arg(exports.home.path("home/log/vkey"))
        .args(more)
        .arg("--signature")
        .arg(directory.join("sig"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("python3 can be started");
    let code = output.status.code();
    assert!(matches!(code, Some(0 | 13)), "{code:?}: {}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).expect("it prints text");
    let openssl: Vec<_> = said.lines().filter(|line| line.starts_with("openssl ")).collect();
    assert_eq!(code == Some(0), !openssl.is_empty(), "{said}");
    code == Some(0)
        && openssl.iter().all(|line| {
            let mut words = line.split(' ');
            let program = words.next().unwrap_or_default();
            let ran: std::process::Output = Command::new(program).args(words).output().expect("openssl can be started");
            ran.status.success()
        })
}

/// A sequence of numbers that looks random and is always the same (xorshift64).
fn numbers(mut state: u64) -> impl FnMut(usize) -> usize {
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    }
}

#[test]
fn the_verifier_in_python_agrees() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let exports = exports();
    let directory = tempfile::tempdir().expect("a directory can be made");
    let agree = |what: &str, bundle: &[u8], expected: bool| {
        let (ours, theirs) = (exports.accepts(bundle), python_accepts(exports, directory.path(), bundle, &[]));
        assert_eq!((ours, theirs), (expected, expected), "{what}: certroll, Python");
    };
    for file in ["small.tar", "full.tar", "part.tar", "rest.tar", "both.tar"] {
        agree(file, &exports.bundle(file), true);
    }
    agree("listed again", &listed(unpack(&exports.bundle("full.tar"))), true);
    for (what, file, change) in variants() {
        let mut files = unpack(&exports.bundle(file));
        change(&mut files);
        agree(&format!("{what}, {file}"), &listed(files), false);
    }
    let mut number = numbers(0x9e37_79b9_7f4a_7c15);
    for round in 0..60 {
        let bundle = exports.bundle(["small.tar", "full.tar", "part.tar", "rest.tar", "both.tar"][round % 5]);
        let changed = match round % 3 {
            0 => bundle[..number(bundle.len())].to_vec(),
            _ => flipped(&bundle, number(bundle.len() * 8)),
        };
        agree(&format!("random change {round}"), &changed, false);
    }
}

/// What Python compares with the list only: certroll makes it again.
#[test]
fn a_forged_report_or_instruction_is_refused() {
    let exports = exports();
    let forged: [Variant; 2] = [
        ("the report", "full.tar", change(name::REPORT, "</html>", "<p></html>")),
        ("the instructions", "full.tar", change(name::README, "Keep", "Burn")),
    ];
    for (what, bundle, change) in forged {
        let mut files = unpack(&exports.bundle(bundle));
        change(&mut files);
        assert!(!exports.accepts(&listed(files)), "{what}");
    }
}
