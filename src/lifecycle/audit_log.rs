//! Look at the log, verify it, hand it out.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;

use super::error::{Error, Kind};
use super::services::{Services, View};
use crate::audit::checkpoint::Checkpoint;
use crate::audit::event::Event;
use crate::audit::export::CsvExport;
use crate::audit::facts::{Outcome, TargetFacts};
use crate::audit::merkle;
use crate::audit::note_key::VerifierKey;
use crate::audit::record::{Record, RecordError};
use crate::audit::value::Id;
use crate::audit::verify::{LogVerifier, Verification};
use crate::base::durable;
use crate::base::encoding::{self, Sha256};
use crate::store::{Query, Store, StoreError};

/// Which records to look at.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// From this sequence number on.
    pub since: u64,
    /// Only of this event.
    pub event: Option<Event>,
    /// Only those in which this text stands: a name, a serial number, a ticket.
    pub text: Option<String>,
    /// The last so many.
    pub last: Option<usize>,
}

/// The records that match, in order.
///
/// # Errors
/// The log cannot be read.
pub fn show(view: &View, filter: &Filter) -> Result<Vec<Record<'static>>, Error> {
    let mut found = std::collections::VecDeque::new();
    view.store.records(filter.since, &mut |seq, line| {
        let text = filter.text.as_ref().is_none_or(|text| contains(line, text.as_bytes()));
        if !text {
            return Ok(());
        }
        let record = Record::parse(line).map_err(|error| StoreError::Damaged(format!("record {seq}: {error}")))?;
        if filter.event.is_none_or(|event| event == record.ev) {
            if filter.last.is_some_and(|last| found.len() >= last) {
                found.pop_front();
            }
            found.push_back(record);
        }
        Ok(())
    })?;
    Ok(found.into())
}

fn contains(line: &[u8], text: &[u8]) -> bool {
    text.is_empty() || line.windows(text.len()).any(|window| window == text)
}

/// Verifies the log of a home against its published checkpoint, record by record, and the inventory against the log.
///
/// # Errors
/// Of kind [`Kind::Verification`]: tampered, truncated, or not under this key.
pub fn verify_home(view: &View, key: Option<&VerifierKey>) -> Result<Verification, Error> {
    let key = match key {
        Some(key) => key.clone(),
        None => read_key(&view.home.verifier_key())?,
    };
    let checkpoint = read_checkpoint(&view.home.checkpoint(), &key)?;
    let mut verifier = LogVerifier::against([checkpoint]);
    let mut told = Told::default();
    let mut expected = 0;
    view.store.records(0, &mut |seq, line| {
        if seq != expected {
            return Err(StoreError::Damaged(format!("record {expected} is missing")));
        }
        expected += 1;
        verifier.push(line).map_err(|defect| StoreError::Damaged(defect.to_string()))?;
        told.note(line).map_err(|error| StoreError::Damaged(format!("record {seq}: {error}")))
    })?;
    let verification = finish(verifier)?;
    told.compare(&*view.store)?;
    Ok(verification)
}

/// What the log says of certificates: fingerprint, and whether revoked. The inventory must say the same.
#[derive(Default)]
struct Told(std::collections::HashMap<Sha256, bool>);

impl Told {
    fn note(&mut self, line: &[u8]) -> Result<(), RecordError> {
        // Most records tell of no certificate; reading those in full would double the time of a verification.
        if !contains(line, b"\"cert\":") {
            return Ok(());
        }
        let record = Record::parse(line)?;
        let revoked = record.ev == Event::CertRevoked;
        if let (true, Some(certificate)) = (revoked || record.ev.issues(), &record.cert) {
            self.0.insert(certificate.sha256.0, revoked);
        }
        Ok(())
    }

    fn compare(mut self, store: &dyn Store) -> Result<(), Error> {
        let differs = |name: &str, what: &str| {
            Error::new(Kind::Verification, format!("log and inventory do not agree: certificate `{name}` {what}"))
                .hint("the log is what counts; restore the database from the newest backup")
        };
        for entry in store.certificates(&Query::default())? {
            match (self.0.remove(&entry.sha256), entry.revoked.is_some()) {
                (None, _) => return Err(differs(&entry.name, "is in the inventory, but was never recorded")),
                (Some(true), false) => {
                    return Err(differs(&entry.name, "is revoked in the log, but not in the inventory"));
                }
                (Some(false), true) => {
                    return Err(differs(&entry.name, "is revoked in the inventory, but not in the log"));
                }
                _ => {}
            }
        }
        match self.0.into_keys().next() {
            Some(missing) => Err(differs(&encoding::hex(&missing), "is in the log, but not in the inventory")),
            None => Ok(()),
        }
    }
}

/// Verifies an export without any home: lines from a file, a checkpoint, a pinned key.
///
/// # Errors
/// As [`verify_home`].
pub fn verify_export(lines: &Path, checkpoint: &Path, key: &VerifierKey) -> Result<Verification, Error> {
    let checkpoint = read_checkpoint(checkpoint, key)?;
    let mut verifier = LogVerifier::against([checkpoint]);
    let unreadable = |error| Error::file(lines, "read", error);
    let mut reader = BufReader::with_capacity(1 << 20, std::fs::File::open(lines).map_err(unreadable)?);
    let mut line = Vec::new();
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line).map_err(unreadable)? == 0 {
            return finish(verifier);
        }
        if line.pop() != Some(b'\n') {
            return Err(Error::new(Kind::Verification, format!("`{}` breaks off in its last line", lines.display())));
        }
        verifier.push(&line).map_err(tampered)?;
    }
}

fn finish(verifier: LogVerifier) -> Result<Verification, Error> {
    verifier.finish().map_err(tampered)
}

fn tampered(defect: crate::audit::defect::Defect) -> Error {
    Error::new(Kind::Verification, "the log does not verify").because(defect)
}

/// The key of a log from a file.
///
/// # Errors
/// It cannot be read or is no verifier key.
pub fn read_key(path: &Path) -> Result<VerifierKey, Error> {
    let text = std::fs::read_to_string(path).map_err(|error| Error::file(path, "read the log's key", error))?;
    VerifierKey::parse(text.trim_end_matches('\n')).map_err(|error| {
        Error::new(Kind::Usage, format!("`{}` is not the public key of a log", path.display())).because(error)
    })
}

fn read_checkpoint(path: &Path, key: &VerifierKey) -> Result<Checkpoint, Error> {
    let bytes = std::fs::read(path).map_err(|error| Error::file(path, "read the checkpoint", error))?;
    Checkpoint::open(&bytes, key).map_err(|error| {
        Error::new(Kind::Verification, format!("the checkpoint `{}` is not signed by this log", path.display()))
            .because(error)
    })
}

/// The forms of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportForm {
    /// The exact bytes of each record on a line: line N is leaf N, so the export proves itself.
    Jsonl,
    /// A table for people, safe in a spreadsheet.
    Csv,
}

/// What was exported.
pub struct Exported {
    /// How many records.
    pub records: u64,
    /// The checkpoint beside a JSON Lines export.
    pub checkpoint: Option<std::path::PathBuf>,
}

/// Hands the log out, and records that it did, before the first byte leaves.
///
/// A JSON Lines export gets `FILE.checkpoint` and `FILE.vkey` beside it; an auditor verifies the three without this home.
///
/// # Errors
/// The log or the file cannot be written.
pub fn export(services: &mut Services, form: ExportForm, path: &Path) -> Result<Exported, Error> {
    let mut record = services.journal.draft(Event::AuditExport, Outcome::Ok, Id::new(services.clock.now()));
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let method = Some(if form == ExportForm::Csv { "csv" } else { "jsonl" }.to_owned());
    record.tgt =
        Some(TargetFacts { t: "file".to_owned(), id: absolute.to_string_lossy().into_owned(), method, observed: None });
    services.journal.conclude(vec![record])?;
    let checkpoint_file = services.home.checkpoint();
    let signed = std::fs::read(&checkpoint_file).map_err(|error| Error::file(&checkpoint_file, "read", error))?;
    let key = read_key(&services.home.verifier_key())?;
    let size = read_checkpoint(&checkpoint_file, &key)?.size;
    let bytes = collect(services.journal.store(), form, size)?;
    let unwritable = |path: &Path| {
        let path = path.to_owned();
        move |error| Error::file(&path, "write", error)
    };
    durable::write(path, &bytes, durable::PRIVATE).map_err(unwritable(path))?;
    if form == ExportForm::Csv {
        return Ok(Exported { records: size, checkpoint: None });
    }
    let beside = |suffix: &str| {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(suffix);
        path.with_file_name(name)
    };
    let (checkpoint, vkey) = (beside(".checkpoint"), beside(".vkey"));
    durable::write(&checkpoint, &signed, durable::PUBLIC).map_err(unwritable(&checkpoint))?;
    durable::write(&vkey, format!("{key}\n").as_bytes(), durable::PUBLIC).map_err(unwritable(&vkey))?;
    Ok(Exported { records: size, checkpoint: Some(checkpoint) })
}

fn collect(store: &dyn Store, form: ExportForm, size: u64) -> Result<Vec<u8>, Error> {
    let failed = |error: std::io::Error| Error::new(Kind::Failed, "the export cannot be made").because(error);
    let mut lines = Vec::new();
    let mut csv = (form == ExportForm::Csv).then(|| CsvExport::new(Vec::new())).transpose().map_err(failed)?;
    store.records(0, &mut |seq, line| {
        if seq >= size {
            return Ok(());
        }
        let damaged = |error: &dyn std::fmt::Display| StoreError::Damaged(format!("record {seq}: {error}"));
        match &mut csv {
            None => lines.write_all(line).and_then(|()| lines.write_all(b"\n")).map_err(|error| damaged(&error)),
            Some(csv) => {
                let record = Record::parse(line).map_err(|error| damaged(&error))?;
                csv.write(&record, &merkle::leaf_hash(line)).map_err(|error| damaged(&error))
            }
        }
    })?;
    match csv {
        Some(csv) => csv.finish().map_err(failed),
        None => Ok(lines),
    }
}

/// The tree head of a verified log, as people compare it: size and root.
pub fn head_line(verification: &Verification) -> String {
    format!("{} records, root {}", verification.records, encoding::hex(&verification.root))
}
