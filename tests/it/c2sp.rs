//! The log for others: published directories, receipts, cosignatures and trust policies, from the command line.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use certroll_tlog::leaf_hash;
use certroll_tlog::tiles::{TilePath, entries};
use serde_json::Value;

use crate::home::{Ran, TestHome, files_below, text};

/// A log of more than two bundles, quickly: each refusal leaves some records.
fn long_log() -> TestHome {
    let home = TestHome::new();
    grow(&home, 0, 520);
    home
}

fn grow(home: &TestHome, from: usize, count: usize) {
    let lines: String = (from..from + count).map(|n| format!("meter-{n}\n")).collect();
    home.write("meters.csv", format!("name\n{lines}"));
    home.ok(&["issue", "--batch", "meters.csv", "-t", "meter", "--key", "ec:p256", "--out", &format!("out-{from}")]);
}

fn tree(home: &TestHome, directory: &str) -> BTreeMap<String, Vec<u8>> {
    let root = home.path(directory);
    let name = |path: &Path| path.strip_prefix(&root).expect("below").to_string_lossy().into_owned();
    files_below(&root).iter().map(|path| (name(path), fs::read(path).expect("a file can be read"))).collect()
}

fn size(checkpoint: &[u8]) -> u64 {
    std::str::from_utf8(checkpoint).expect("text").lines().nth(1).expect("a size").parse().expect("a number")
}

const KEY: [&str; 2] = ["--key", "home/log/vkey"];

fn verify<'a>(what: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["audit", "verify", what][..], &KEY, more].concat()
}

#[test]
fn a_published_directory_is_continued_and_never_rewritten() {
    let home = long_log();
    home.ok(&["audit", "publish", "site/log"]);
    let first = tree(&home, "site/log");
    let covered = size(&first["checkpoint"]);
    assert!(covered > 512, "{covered} records");
    // Every tile and bundle has the length that its path says, and bundles hash to level 0.
    for (name, bytes) in first.iter().filter(|(name, _)| *name != "checkpoint") {
        let path = TilePath::parse(name).expect("only tiles and bundles");
        assert!(path.needs().is_some_and(|needs| needs <= covered), "{name} is beyond the checkpoint");
        if let Some(tile) = name.strip_prefix("tile/entries/") {
            let leaves: Vec<u8> =
                entries(bytes, path.width()).expect("a bundle").iter().flat_map(|record| leaf_hash(record)).collect();
            assert_eq!(leaves, first[&format!("tile/0/{tile}")], "{name}");
        } else {
            assert_eq!(bytes.len(), usize::from(path.width()) * 32, "{name}");
        }
    }
    // It is for a web server: everybody may read it.
    for place in ["site", "site/log", "site/log/tile/entries"] {
        assert_eq!(fs::metadata(home.path(place)).expect("there").permissions().mode() & 0o755, 0o755, "{place}");
    }
    assert_eq!(home.records("audit.export").len(), 1, "it is on record that the log is published");
    let verified = home.ok(&verify("site/log", &["--format", "json"])).json();
    assert_eq!((verified["records"].as_u64(), verified["signed"].as_u64()), (Some(covered), Some(covered)));

    // Continued without a passphrase, until nothing is new; then nothing is written.
    let mut command = home.command(&["audit", "publish", "site/log"]);
    let ran = command.env_remove("CERTROLL_PASSPHRASE_FILE").output().expect("it can be started");
    assert!(ran.status.success(), "{ran:?}");
    let again = home.ok(&["audit", "publish", "site/log"]);
    assert!(again.stderr.contains("up to date"), "{again:?}");
    assert_eq!(home.records("audit.export").len(), 1);

    let stamps = |home: &TestHome| {
        let stamp = |name: &String| fs::metadata(home.path(format!("site/log/{name}"))).and_then(|m| m.modified()).ok();
        first
            .keys()
            .filter(|name| !name.contains(".p/") && *name != "checkpoint")
            .map(|n| (n.clone(), stamp(n)))
            .collect()
    };
    let before: BTreeMap<_, _> = stamps(&home);
    grow(&home, 520, 280);
    home.ok(&["audit", "publish", "site/log"]);
    let after: BTreeMap<_, _> = stamps(&home);
    assert!(before.len() >= 4 && before == after, "full tiles are not written again");
    let second = tree(&home, "site/log");
    assert!(size(&second["checkpoint"]) > covered + 256);
    for name in second.keys().filter(|name| name.contains(".p/")) {
        let full = name.split(".p/").next().expect("a path");
        assert!(!second.contains_key(full), "{name} is full by now");
    }
    home.ok(&verify("site/log", &[]));

    // What was lost, or what a killed run left, is put right; the result is what a new publication has.
    fs::remove_file(home.path("site/log/tile/entries/000")).expect("it is there");
    fs::remove_file(home.path("site/log/tile/0/001")).expect("it is there");
    home.certroll(&verify("site/log", &[])).expect(13);
    home.ok(&["audit", "publish", "site/log"]);
    home.ok(&verify("site/log", &[]));
    assert_eq!(tree(&home, "site/log")["tile/entries/000"], first["tile/entries/000"]);
}

#[test]
fn every_changed_byte_of_a_publication_is_found() {
    let home = TestHome::new();
    home.ok(&["issue", "client", "-t", "jms-client", "--key", "ec:p256"]);
    home.ok(&["audit", "publish", "site"]);
    for (name, bytes) in tree(&home, "site") {
        let file = format!("site/{name}");
        let step = (bytes.len() / 24).max(1);
        for at in (0..bytes.len()).step_by(step) {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            home.write(&file, &changed);
            home.certroll(&verify("site", &[])).expect(13);
        }
        for changed in [&bytes[1..], &bytes[..bytes.len() - 1], &[&bytes[..], b"\n"].concat()] {
            home.write(&file, changed);
            home.certroll(&verify("site", &[])).expect(13);
        }
        home.write(&file, &bytes);
    }
    home.ok(&verify("site", &[]));
}

#[test]
fn a_directory_that_the_log_does_not_continue_is_left_alone() {
    let home = TestHome::new();
    let old = home.copy();
    home.ok(&["issue", "client", "-t", "jms-client", "--key", "ec:p256"]);
    home.ok(&["audit", "publish", "site"]);
    // The home went back, went another way, or is another one.
    let fork = old.copy();
    for _ in 0..3 {
        fork.ok(&["issue", "other", "-t", "jms-client", "--key", "ec:p256", "--force"]);
    }
    let published = tree(&home, "site");
    assert!(fork.all_records().len() as u64 > size(&published["checkpoint"]));
    for (what, other) in [("set back", &old), ("other records", &fork), ("not signed by this log", &TestHome::new())] {
        crate::home::copy_tree(&home.path("site"), &other.path("site"));
        let records = other.all_records();
        let ran = other.certroll(&["audit", "publish", "site"]).expect(13);
        assert!(ran.stderr.contains(what), "{ran:?}");
        assert_eq!(tree(other, "site"), published);
        assert_eq!(other.all_records(), records);
    }
    // Tiles without a checkpoint that are not ours are not replaced either.
    let stray = old.copy();
    fs::create_dir_all(stray.path("site/tile/0/000.p")).expect("a directory can be made");
    let records = stray.all_records().len();
    for more in 1..9 {
        stray.write(format!("site/tile/0/000.p/{}", records + more), "not a tile");
    }
    let ran = stray.certroll(&["audit", "publish", "site"]).expect(13);
    assert!(ran.stderr.contains("something else") && !stray.path("site/checkpoint").exists(), "{ran:?}");
}

#[test]
fn a_receipt_is_verified_without_the_home() {
    let home = TestHome::new();
    home.ok(&["issue", "client", "-t", "jms-client", "--key", "ec:p256", "--out-cert", "client.pem"]);
    let issued = &home.records("cert.issued")[0];
    let (seq, op) = (issued["seq"].to_string(), text(issued, "op").to_owned());
    let (serial, sha256) = (text(issued, "cert/sn").to_owned(), text(issued, "cert/sha256").to_owned());
    for (n, selector) in [&seq, &serial, &sha256, "client", "client.pem"].into_iter().enumerate() {
        let prefix = format!("r{n}");
        home.ok(&["audit", "receipt", selector, "--out", &prefix]);
        assert_eq!(home.read("r0.json"), home.read(format!("{prefix}.json")), "{selector}");
        let proof = format!("{prefix}.tlog-proof");
        let proved = home.ok(&verify(&proof, &["--format", "json"])).json();
        assert_eq!((text(&proved, "schema"), &proved["record"]["seq"]), ("certroll/audit-receipt/v1", &issued["seq"]));
    }
    // The record is the exact line of the export.
    home.ok(&["audit", "export", "--out", "log.jsonl"]);
    let line =
        home.read("log.jsonl").split(|byte| *byte == b'\n').nth(seq.parse().expect("a number")).map(<[u8]>::to_vec);
    assert_eq!(line, Some(home.read("r0.json")));

    let several = home.certroll(&["audit", "receipt", &op]).expect(2);
    assert!(several.stderr.contains("cert.issue.intent") && several.stderr.contains("--event"), "{several:?}");
    home.ok(&["audit", "receipt", &op, "--event", "cert.approve"]);
    home.certroll(&["audit", "receipt", "nobody"]).expect(2);
    home.certroll(&["audit", "receipt", "99999"]).expect(2);

    // Not this record, not this log, not this key, not this proof.
    home.ok(&["audit", "receipt", "0", "--out", "zero"]);
    home.certroll(&verify("r0.tlog-proof", &["--record", "zero.json"])).expect(13);
    let ran = home.certroll(&["audit", "verify", "r0.tlog-proof"]).expect(2);
    assert!(ran.stderr.contains("--key"), "{ran:?}");
    let other = TestHome::founded();
    home.write("other.vkey", other.read("home/log/vkey"));
    home.certroll(&["audit", "verify", "r0.tlog-proof", "--key", "other.vkey"]).expect(13);
    let mut line = home.read("r0.json");
    line.push(b'\n');
    home.write("with-newline.json", &line);
    let ran = home.certroll(&verify("r0.tlog-proof", &["--record", "with-newline.json"])).expect(13);
    assert!(ran.stderr.contains("without a line feed"), "{ran:?}");
    let proof = home.read("r0.tlog-proof");
    for at in 0..proof.len() {
        let mut changed = proof.clone();
        changed[at] ^= 1 << (at % 8);
        home.write("changed.tlog-proof", &changed);
        if at % 7 == 0 {
            home.certroll(&verify("changed.tlog-proof", &["--record", "r0.json"])).expect(13);
        }
    }
}

/// A witness on a machine of its own: no home, its own passphrase.
struct Witness(TestHome);

impl Witness {
    fn new(name: &str) -> (Self, String) {
        let machine = TestHome::unfounded();
        let made = machine.ok(&["audit", "cosign", "--new-key", name, "--witness-key", "w.pem"]);
        let key = made.stdout.trim_end().to_owned();
        assert_eq!(machine.read("w.pem.vkey"), made.stdout.as_bytes());
        assert!(machine.read("w.pem").starts_with(b"-----BEGIN ENCRYPTED PRIVATE KEY-----"));
        (Self(machine), key)
    }

    /// Carries an export over.
    fn receive(&self, home: &TestHome, name: &str) {
        for file in [name.to_owned(), format!("{name}.checkpoint")] {
            self.0.write(&file, home.read(&file));
        }
        if !self.0.path("vkey").exists() {
            self.0.write("vkey", home.read("home/log/vkey"));
        }
    }

    fn cosign(&self, name: &str) -> crate::home::Ran {
        self.0.certroll(&["audit", "cosign", name, "--key", "vkey", "--witness-key", "w.pem"])
    }
}

#[test]
fn a_witness_cosigns_what_grows_and_nothing_else() {
    let home = TestHome::new();
    home.ok(&["audit", "export", "--out", "one.jsonl"]);
    let fork = home.copy();
    home.ok(&["issue", "client", "-t", "jms-client", "--key", "ec:p256"]);
    home.ok(&["audit", "export", "--out", "two.jsonl"]);
    for n in 0..3 {
        fork.ok(&["issue", &format!("x{n}"), "-t", "jms-client", "--key", "ec:p256"]);
    }
    fork.ok(&["audit", "export", "--out", "fork.jsonl"]);

    let (witness, _) = Witness::new("auditor.example/w1");
    for name in ["one.jsonl", "two.jsonl"] {
        witness.receive(&home, name);
    }
    witness.receive(&fork, "fork.jsonl");
    let first = witness.cosign("one.jsonl").expect(0);
    assert!(first.stdout.starts_with("\u{2014} auditor.example/w1 ") && first.stdout.ends_with('\n'), "{first:?}");
    assert!(first.stderr.contains("the first time"), "{first:?}");
    witness.cosign("two.jsonl").expect(0);
    witness.cosign("two.jsonl").expect(0);
    let seen = || tree(&witness.0, "w.pem.seen");
    let before = seen();
    // Smaller, though true; larger, though another history; changed; of another log.
    for (what, said) in [("one.jsonl", "already"), ("fork.jsonl", "not the ones")] {
        let ran = witness.cosign(what).expect(13);
        assert!(ran.stdout.is_empty() && ran.stderr.contains(said), "{ran:?}");
    }
    let mut changed = home.read("two.jsonl");
    let at = changed.len() / 2;
    changed[at] ^= 1;
    witness.0.write("two.jsonl", &changed);
    assert!(witness.cosign("two.jsonl").expect(13).stdout.is_empty());
    witness.0.write("two.jsonl", home.read("two.jsonl"));
    assert_eq!(seen(), before, "a refusal changes nothing");
    // What it remembers is not to be lost silently.
    let file = before.keys().find(|name| !name.ends_with(".lock")).expect("it remembers");
    witness.0.write(format!("w.pem.seen/{file}"), "");
    let ran = witness.cosign("two.jsonl").expect(13);
    assert!(ran.stdout.is_empty() && ran.stderr.contains("remembers"), "{ran:?}");
    witness.0.write(format!("w.pem.seen/{file}"), &before[file]);
    witness.cosign("two.jsonl").expect(0);
    // If it cannot remember, it says nothing.
    let ran = witness.0.certroll(&[
        "audit",
        "cosign",
        "two.jsonl",
        "--key",
        "vkey",
        "--witness-key",
        "w.pem",
        "--passphrase-file",
        "secrets/storepass",
    ]);
    assert!(ran.expect(5).stdout.is_empty());
    // A key is never replaced.
    witness.0.certroll(&["audit", "cosign", "--new-key", "x", "--witness-key", "w.pem"]).expect(2);
    witness.0.certroll(&["audit", "cosign", "--new-key", "a b", "--witness-key", "x.pem"]).expect(2);
}

/// The race of C2SP tlog-witness: two runs at once must not sign a size and remember a smaller one.
#[test]
fn witnesses_at_work_at_once_remember_the_largest() {
    let home = TestHome::new();
    let names: Vec<String> = (0..4).map(|n| format!("{n}.jsonl")).collect();
    names.iter().for_each(|name| drop(home.ok(&["audit", "export", "--out", name])));
    let (witness, _) = Witness::new("auditor.example/w1");
    names.iter().for_each(|name| witness.receive(&home, name));
    let line = |name: &String| {
        ["audit", "cosign", name, "--key", "vkey", "--witness-key", "w.pem"].map(str::to_owned).to_vec()
    };
    let lines: Vec<_> = names.iter().chain(&names).map(line).collect();
    let ran = witness.0.at_once(&lines);
    let ended = |ran: &Ran| (ran.code == 0) == ran.stdout.starts_with('\u{2014}') && matches!(ran.code, 0 | 13);
    assert!(ran.iter().all(ended), "{ran:?}");
    let signed = |n: usize| ran[n].code == 0;
    let largest = (0..8).filter(|n| signed(*n)).map(|n| size(&home.read(format!("{}.jsonl.checkpoint", n % 4)))).max();
    let remembered = tree(&witness.0, "w.pem.seen").into_iter().find(|(name, _)| !name.ends_with(".lock"));
    assert_eq!(largest, remembered.map(|(_, bytes)| size(&bytes)));
    witness.cosign("3.jsonl").expect(0);
    witness.cosign("0.jsonl").expect(13);
}

#[test]
fn cosignatures_come_home_and_go_out_with_receipts() {
    let home = TestHome::new();
    home.ok(&["issue", "client", "-t", "jms-client", "--key", "ec:p256"]);
    home.ok(&["audit", "export", "--out", "log.jsonl"]);
    let ((one, key_one), (two, key_two)) = (Witness::new("one.example"), Witness::new("two.example"));
    for witness in [&one, &two] {
        witness.receive(&home, "log.jsonl");
    }
    home.write("line.one", one.cosign("log.jsonl").expect(0).stdout);
    home.write("line.two", two.cosign("log.jsonl").expect(0).stdout);
    // Nobody is known yet; then only one is.
    home.certroll(&["audit", "add-cosignature", "line.one"]).expect(2);
    home.write("home/log/policy", format!("witness one {key_one}\nquorum one\n"));
    let before = home.all_records().len();
    home.certroll(&["audit", "add-cosignature", "line.two"]).expect(13);
    home.ok(&["audit", "add-cosignature", "line.one"]);
    let covered = size(&home.read("log.jsonl.checkpoint"));
    let kept = home.read(format!("home/log/cosigned/{covered}"));
    assert_eq!(kept, [home.read("log.jsonl.checkpoint"), home.read("line.one")].concat());
    let records = home.records("audit.cosigned");
    assert_eq!(
        (records.len(), &records[0]["x"]["witness"], &records[0]["x"]["size"]),
        (1, &"one".into(), &covered.into())
    );
    assert!(home.all_records().len() > before);
    // Again: nothing new. With the other one as a whole note: added.
    home.ok(&["audit", "add-cosignature", "line.one"]);
    assert_eq!(home.records("audit.cosigned").len(), 1);
    let both = format!(
        "log {}\nwitness one {key_one}\nwitness two {key_two}\ngroup both all one two\nquorum both\n",
        String::from_utf8(home.read("home/log/vkey")).expect("text").trim_end()
    );
    home.write("home/log/policy", &both);
    home.write("both.policy", &both);

    home.ok(&["audit", "receipt", "client", "--out", "early"]);
    let ran = home.certroll(&verify("early.tlog-proof", &["--policy", "both.policy"])).expect(13);
    assert!(ran.stderr.contains("one cosigned, two missing"), "{ran:?}");
    home.write("note", [home.read("log.jsonl.checkpoint"), home.read("line.two")].concat());
    home.ok(&["audit", "add-cosignature", "note"]);
    home.ok(&["audit", "receipt", "client", "--out", "late"]);
    // The policy lists the log, so no key is needed beside it.
    let proved = home.ok(&["audit", "verify", "late.tlog-proof", "--policy", "both.policy", "--format", "json"]).json();
    let named: Vec<&Value> = proved["cosigned"].as_array().expect("a list").iter().map(|one| &one["witness"]).collect();
    assert_eq!((named, proved["size"].as_u64()), (vec![&Value::from("one"), &Value::from("two")], Some(covered)));
    home.ok(&verify("late.tlog-proof", &["--policy", "both.policy"]));
    // A checkpoint with its cosignatures, and one without.
    let kept = format!("home/log/cosigned/{covered}");
    home.ok(&verify("log.jsonl", &["--checkpoint", &kept, "--policy", "both.policy"]));
    home.certroll(&verify("log.jsonl", &["--policy", "both.policy"])).expect(13);
    home.certroll(&["audit", "verify", "--policy", "both.policy"]).expect(13);
    home.write("wrong.policy", "log x\n");
    let ran = home.certroll(&verify("late.tlog-proof", &["--policy", "wrong.policy"])).expect(2);
    assert!(ran.stderr.contains("line 1"), "{ran:?}");

    // Lines for another log, of a known witness, are refused and not kept.
    let other = TestHome::founded();
    other.ok(&["audit", "export", "--out", "other.jsonl"]);
    let stranger = Witness(TestHome::unfounded());
    for file in ["w.pem", "w.pem.vkey"] {
        stranger.0.write(file, one.0.read(file));
    }
    stranger.receive(&other, "other.jsonl");
    home.write("line.other", stranger.cosign("other.jsonl").expect(0).stdout);
    let ran = home.certroll(&["audit", "add-cosignature", "line.other"]).expect(13);
    assert!(ran.stderr.contains("no checkpoint of this log"), "{ran:?}");
    let mut damaged = home.read("line.one");
    let at = damaged.len() - 8;
    damaged[at] = if damaged[at] == b'A' { b'B' } else { b'A' };
    home.write("line.damaged", damaged);
    home.certroll(&["audit", "add-cosignature", "line.damaged"]).expect(13);
    assert_eq!(home.records("audit.cosigned").len(), 2);
    home.verify();
}
