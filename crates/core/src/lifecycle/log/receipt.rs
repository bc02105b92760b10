//! Receipts: one record with the proof that it is in the log, for a reader who has nothing but the log's key.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{cosignatures, known};
use crate::audit::record::Record;
use crate::audit::record::event::Event;
use crate::audit::record::value::Id;
use crate::destination::kinds::file::OutputFile;
use crate::error::{Error, ErrorKind};
use crate::hint::home::LogHint;
use crate::lifecycle::log;
use crate::lifecycle::session::View;
use crate::lifecycle::session::select;
use crate::store::StoreError;
use certroll_base::encoding;
use certroll_base::text::printable;
use certroll_tlog::{Checkpoint, Cosigned, Note, Receipt, Tree, Unsatisfied, VerifierKey, WitnessPolicy};

/// What was written.
pub struct WrittenReceipt {
    /// The number of the record.
    pub seq: u64,
    /// The exact bytes of the record, as they were hashed: without a line feed.
    pub record: PathBuf,
    /// The receipt.
    pub receipt: PathBuf,
    /// The checkpoint in it.
    pub checkpoint: Checkpoint,
    /// How many signatures besides the log's own the checkpoint has.
    pub cosignatures: usize,
}

/// Writes the one record that `selector` names, and its receipt: `PREFIX.json` and `PREFIX.tlog-proof`.
///
/// A selector is a record's number, an operation's id, or what names certificates elsewhere; for these the record of their
/// issuance is meant, or with `event` another that speaks of them. The checkpoint is the newest that witnesses cosigned, if
/// it covers the record, else the published one.
///
/// # Errors
/// It names none or several; the record is not under a checkpoint yet; the log is not the one that was signed.
pub fn issue(
    view: &View,
    selector: &str,
    event: Option<Event>,
    prefix: Option<&Path>,
    replace: bool,
) -> Result<WrittenReceipt, Error> {
    let (seq, line) = the_one(find(view, selector, event)?, selector)?;
    let key = log::read_key(&view.home.verifier_key())?;
    let (note, checkpoint) = match cosignatures::newest(&view.home, &key, seq + 1)? {
        Some(cosigned) => cosigned,
        None => {
            let file = view.home.checkpoint();
            let bytes =
                certroll_base::input::read(&file).map_err(|error| Error::file(&file, "read the checkpoint", error))?;
            let checkpoint = log::read_checkpoint(&file, &key)?;
            let note = Note::parse(&bytes);
            (note.map_err(|error| Error::new(ErrorKind::Verification, "not a checkpoint").because(error))?, checkpoint)
        }
    };
    if seq >= checkpoint.size {
        return Err(Error::new(ErrorKind::Temporary(None), format!("record {seq} is not under a checkpoint yet"))
            .hint("the next command that changes something signs one"));
    }
    let altered = || Error::new(ErrorKind::Verification, "the log is not the one that its checkpoint was signed over");
    let tree: Tree = view.store.leaves(checkpoint.size)?.into_iter().collect();
    if tree.root_at(checkpoint.size).ok() != Some(checkpoint.root) {
        return Err(altered().hint(LogHint::MoreByVerifying));
    }
    let path = tree.inclusion(seq, checkpoint.size).map_err(|error| altered().because(error))?;
    let cosignatures = note.signatures().len() - 1;
    let receipt = Receipt { extra: None, index: seq, path, checkpoint: note };
    receipt.verify(&line, &key).map_err(|error| altered().because(error))?;
    let prefix = prefix.map_or_else(|| PathBuf::from(format!("record-{seq}")), Path::to_owned);
    let with = |suffix: &str| {
        let mut name = prefix.file_name().unwrap_or_default().to_owned();
        name.push(suffix);
        prefix.with_file_name(name)
    };
    let (record_file, receipt_file) = (with(".json"), with(".tlog-proof"));
    let put = |file: &Path, bytes: &[u8], private: bool, known: fn(&[u8]) -> bool| {
        let written = OutputFile::new(file).replacing(replace).knowing(&known).write(bytes, private);
        written.map_err(|error| Error::destination(file.display(), "write", error))
    };
    put(&record_file, &line, true, known::record)?;
    put(&receipt_file, &receipt.to_bytes(), false, known::note)?;
    Ok(WrittenReceipt { seq, record: record_file, receipt: receipt_file, checkpoint, cosignatures })
}

/// Every record that a selector names, by number, with its line.
fn find(view: &View, selector: &str, event: Option<Event>) -> Result<BTreeMap<u64, Vec<u8>>, Error> {
    let number = selector.parse::<u64>().ok().filter(|n| n.to_string() == selector);
    let operation = selector.parse::<Id>().ok();
    let certificates = match select::find(&*view.store, selector) {
        Ok(found) => found.iter().map(|entry| entry.fingerprint.to_string()).collect(),
        Err(error) if error.kind == ErrorKind::Usage && (number.is_some() || operation.is_some()) => Vec::new(),
        Err(error) => return Err(error),
    };
    let mut found = BTreeMap::new();
    view.store.records(0, &mut |seq, line| {
        let is_number = number == Some(seq);
        // Reading every record in full would take ten times as long.
        let may_be = is_number
            || operation.is_some_and(|_| log::contains(line, selector.as_bytes()))
            || certificates.iter().any(|sha256: &String| log::contains(line, sha256.as_bytes()));
        if !may_be {
            return Ok(());
        }
        let record = Record::parse(line).map_err(|error| StoreError::Damaged(format!("record {seq}: {error}")))?;
        let of_certificate = record.cert.as_ref().is_some_and(|cert| {
            certificates.contains(&encoding::hex(&cert.sha256.0)) && (event.is_some() || record.ev.introduces())
        });
        let meant = is_number || operation == Some(record.op) || of_certificate;
        if meant && event.is_none_or(|event| event == record.ev) {
            found.insert(seq, line.to_vec());
        }
        Ok(())
    })?;
    Ok(found)
}

fn the_one(mut found: BTreeMap<u64, Vec<u8>>, selector: &str) -> Result<(u64, Vec<u8>), Error> {
    let selector = printable(selector);
    match found.len() {
        0 => Err(Error::new(ErrorKind::Usage, format!("no record is named `{selector}`")).hint(LogHint::ListRecords)),
        1 => found.pop_first().ok_or_else(|| Error::new(ErrorKind::Failed, "no record")),
        several => {
            let lines: Vec<_> = found
                .iter()
                .filter_map(|(seq, line)| {
                    let record = Record::parse(line).ok()?;
                    let serial = record.cert.as_ref().map(|cert| format!(", serial {}", cert.sn)).unwrap_or_default();
                    Some(format!("record {seq}: {}, {}{serial}", record.ev, record.ts))
                })
                .collect();
            Err(Error::new(ErrorKind::Usage, format!("`{selector}` names {several} records"))
                .because(lines.join("\n"))
                .hint(LogHint::ChooseRecord))
        }
    }
}

/// What a receipt proves.
pub struct Proved {
    /// The record, which says itself at which place it stands.
    pub record: Record<'static>,
    /// The checkpoint that covers it.
    pub checkpoint: Checkpoint,
    /// The witnesses of the policy that cosigned it.
    pub cosigned: Vec<Cosigned>,
}

/// Verifies a receipt with nothing but the record and the pinned key or a policy.
///
/// # Errors
/// Of kind [`ErrorKind::Verification`]: it does not prove that this record is in this log, or the quorum is not met.
pub fn verify(
    receipt: &Path,
    record: &Path,
    key: Option<&VerifierKey>,
    policy: Option<&WitnessPolicy>,
) -> Result<Proved, Error> {
    let bytes = certroll_base::input::read(receipt).map_err(|error| Error::file(receipt, "read the receipt", error))?;
    let line = certroll_base::input::read(record).map_err(|error| Error::file(record, "read the record", error))?;
    let wrong = || Error::new(ErrorKind::Verification, format!("`{}` does not verify", receipt.display()));
    let parsed = Receipt::parse(&bytes).map_err(|error| wrong().because(error))?;
    let key = accepted_key(&parsed.checkpoint, key, policy)?;
    let checkpoint = parsed.verify(&line, &key).map_err(|error| {
        let error = wrong().because(error);
        let newline = line.ends_with(b"\n");
        if newline { error.hint("the record is its exact bytes, without a line feed at the end") } else { error }
    })?;
    let record = Record::parse(&line).map_err(|error| wrong().because(error))?;
    if record.seq != parsed.index {
        return Err(wrong().because(format!("the record says that its number is {}", record.seq)));
    }
    let cosigned = quorum(&parsed.checkpoint, policy)?;
    Ok(Proved { record, checkpoint, cosigned })
}

/// The key with which a checkpoint must be signed: the pinned one, which a policy that lists logs must accept too.
///
/// # Errors
/// None is given, or the policy does not accept it.
pub fn accepted_key(
    note: &Note,
    key: Option<&VerifierKey>,
    policy: Option<&WitnessPolicy>,
) -> Result<VerifierKey, Error> {
    let listed = policy.filter(|policy| !policy.logs().is_empty());
    match (key, listed) {
        (Some(key), Some(policy)) if !policy.logs().contains(key) => Err(Error::new(
            ErrorKind::Verification,
            format!("the policy does not accept the log `{}` with this key", key.name()),
        )),
        (Some(key), _) => Ok(key.clone()),
        (None, Some(policy)) => policy.log_of(note).cloned().map_err(unsatisfied),
        (None, None) => {
            Err(Error::new(ErrorKind::Usage, "a log is verified with the key that you were given when it began")
                .hint(LogHint::GiveKey))
        }
    }
}

/// The witnesses that cosigned; without a policy none is asked for, and none is named.
///
/// # Errors
/// Of kind [`ErrorKind::Verification`]: the quorum is not met.
pub fn quorum(note: &Note, policy: Option<&WitnessPolicy>) -> Result<Vec<Cosigned>, Error> {
    policy.map_or_else(|| Ok(Vec::new()), |policy| policy.quorum(note).map_err(unsatisfied))
}

fn unsatisfied(error: Unsatisfied) -> Error {
    Error::new(ErrorKind::Verification, "the checkpoint does not satisfy the policy").because(error)
}
