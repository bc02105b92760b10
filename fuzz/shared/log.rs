//! Parsers of the audit log: what an auditor is handed, and what a home finds in its own directories.
//!
//! Seeds are a log that certroll 0.1 wrote, as it left the home, and small things made from it.

use std::fs;
use std::path::Path;

use certroll_core::audit::record::Record;
use certroll_core::audit::record::late::LateEntry;
use certroll_core::lifecycle::log::verify_bundle;
use certroll_tlog::{Checkpoint, Note, Receipt, Tree, VerifierKey, WitnessKey, WitnessPolicy, leaf_hash};

fn file(suffix: &str) -> Vec<u8> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let name = format!("tests/logs/version-1{suffix}");
    let place = [repository.join(&name), repository.join("..").join(&name)].into_iter().find(|path| path.is_file());
    fs::read(place.expect("there is such a log")).expect("it can be read")
}

fn key() -> VerifierKey {
    let text = String::from_utf8(file(".jsonl.vkey")).expect("a key is text");
    VerifierKey::parse(text.trim_end()).expect("it is a key")
}

/// Inputs by the parser that they are for.
pub struct LogSeeds {
    pub key: VerifierKey,
    pub bundles: Vec<Vec<u8>>,
    pub records: Vec<Vec<u8>>,
    pub notes: Vec<Vec<u8>>,
    pub receipts: Vec<Vec<u8>>,
    pub policies: Vec<Vec<u8>>,
    pub late: Vec<Vec<u8>>,
}

/// Every seed; the same in each run but for the key of a witness.
pub fn seeds() -> LogSeeds {
    let lines: Vec<Vec<u8>> = file(".jsonl").split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let records: Vec<_> = lines.into_iter().filter(|line| !line.is_empty()).collect();
    let note = file(".jsonl.checkpoint");
    let tree: Tree = records.iter().map(|line| leaf_hash(line)).collect();
    let receipt = |index: u64| {
        let path = tree.inclusion(index, tree.size()).expect("the record is there");
        let checkpoint = Note::parse(&note).expect("it is a note");
        Receipt { extra: (index == 7).then(|| b"extra".to_vec()), index, path, checkpoint }.to_bytes()
    };
    let receipts = [0, 7, 63].map(receipt).into();
    let key = key();
    let witness = WitnessKey::generate("a.example").expect("a key can be made");
    let lines = format!("log {key}\nwitness w1 {}\ngroup g 1 w1\nquorum g\n", witness.verifier());
    let policies = vec![format!("log {key}\nquorum none\n").into_bytes(), lines.into_bytes()];
    let late = br#"- {"id":"01a22bc0-0a1a-7203-add5-c22e8811e2cd","ts":"2026-11-30T09:18:55.514Z","ev":"auth.denied","out":"denied","actor":{"t":"user","id":"uid:1000","auth":"os-uid"},"err":{"code":"passphrase","text":"no"}}"#;
    LogSeeds {
        key,
        bundles: vec![file(".tar")],
        records,
        notes: vec![note],
        receipts,
        policies,
        late: vec![late.to_vec()],
    }
}

/// A bundle, as an auditor verifies it.
pub fn bundle(bytes: &[u8], key: &VerifierKey) -> bool {
    verify_bundle(bytes, key, &[]).is_ok()
}

/// A line of the log. One that is read is written as the same bytes.
pub fn record(bytes: &[u8]) -> bool {
    let Ok(record) = Record::parse(bytes) else { return false };
    assert!(serde_json::to_vec(&record).is_ok_and(|written| written == bytes), "a record has one encoding");
    true
}

/// A signed note, and the checkpoint that it may be.
pub fn note(bytes: &[u8], key: &VerifierKey) -> bool {
    let Ok(note) = Note::parse(bytes) else { return false };
    assert_eq!(note.to_bytes(), bytes, "a note has one encoding");
    drop(Checkpoint::open(bytes, key));
    Checkpoint::parse_body(note.text()).is_ok()
}

/// A proof that a record is in the log.
pub fn receipt(bytes: &[u8], key: &VerifierKey) -> bool {
    let Ok(receipt) = Receipt::parse(bytes) else { return false };
    assert_eq!(receipt.to_bytes(), bytes, "a receipt has one encoding");
    drop(receipt.verify(b"record", key));
    true
}

/// A policy about witnesses, applied to a checkpoint.
pub fn policy(bytes: &[u8]) -> bool {
    WitnessPolicy::parse(bytes).is_ok()
}

/// A line of the spool.
pub fn late(bytes: &[u8], key: &VerifierKey) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|line| LateEntry::parse(line, key).is_ok())
}
