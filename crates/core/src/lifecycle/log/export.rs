//! Handing the log out as files.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::bundle;
use super::follow::SiemForm;
use super::known;
use super::selection::{SelectedRecords, Selection};
use crate::audit::export::CsvExport;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Outcome, TargetFacts};
use crate::audit::record::value::Id;
use crate::destination::kinds::file::OutputFile;
use crate::error::{Error, ErrorKind};
use crate::lifecycle::log::{ExportOutcome, RecordReader, SignedState, read_checkpoint, read_key, walk};
use crate::lifecycle::session::Session;
use crate::store::Store;
use certroll_tlog::{Checkpoint, VerifierKey, leaf_hash};

/// The forms of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportForm {
    /// The exact bytes of each record on a line: line N is leaf N, so the export proves itself.
    Jsonl,
    /// A table for people, safe in a spreadsheet.
    Csv,
    /// One archive with records, certificates, table and report, the checkpoint and the proofs.
    Bundle,
    /// Lines for a SIEM.
    Siem(SiemForm),
}

impl ExportForm {
    /// The word for it in records and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Bundle => "bundle",
            Self::Siem(SiemForm::Cef) => "cef",
            Self::Siem(SiemForm::Syslog) => "syslog",
        }
    }
}

/// What is to be exported.
#[derive(Clone, Debug)]
pub struct ExportRequest {
    /// In which form.
    pub form: ExportForm,
    /// Which records; a bundle only.
    pub selection: Selection,
    /// The checkpoint of an earlier visit, which the export continues; a bundle only.
    pub since: Option<PathBuf>,
    /// The first record; lines for a SIEM only.
    pub first: u64,
}

impl ExportRequest {
    /// Everything, in that form.
    pub fn new(form: ExportForm) -> Self {
        Self { form, selection: Selection::default(), since: None, first: 0 }
    }
}

/// Where an export goes.
pub enum ExportSink<'a> {
    /// To a file, whole or not at all.
    File(OutputFile<'a>),
    /// To a stream; not for a bundle, nor for JSON Lines, which come with other files.
    Stream(&'a mut dyn Write),
}

/// Hands the log out, and records that it did, before the first byte leaves.
///
/// A JSON Lines export gets `FILE.checkpoint` and `FILE.vkey` beside it; a bundle has them inside. An auditor verifies
/// either without this home. Memory does not grow with the log, but with the operations that a selection chooses.
///
/// # Errors
/// The log or the file cannot be written; of kind [`ErrorKind::Verification`] when the log does not continue the checkpoint of
/// the earlier visit, or is not what its own checkpoint says.
pub fn export(session: &mut Session, request: &ExportRequest, to: ExportSink<'_>) -> Result<ExportOutcome, Error> {
    let since = request.since.as_deref().map(|path| earlier(session, path)).transpose()?;
    let looks_so = |bytes: &[u8]| known::export(request.form, bytes);
    let to = match to {
        ExportSink::File(file) => {
            let file = file.knowing(&looks_so);
            // Before it is recorded that the log was handed out.
            file.check(0).map_err(|error| Error::destination(file.path().display(), "write", error))?;
            ExportSink::File(file)
        }
        ExportSink::Stream(out) => ExportSink::Stream(out),
    };
    let operation = Id::new(session.clock.now());
    let mut record = session.journal.draft(Event::AuditExport, Outcome::Ok, operation);
    let id = match &to {
        ExportSink::File(file) => {
            let path = file.path();
            std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf()).to_string_lossy().into_owned()
        }
        ExportSink::Stream(_) => "-".to_owned(),
    };
    let method = Some(request.form.name().to_owned());
    record.tgt = Some(TargetFacts { t: "file".to_owned(), id, method, ..TargetFacts::default() });
    record.x = request.selection.facts();
    if let Some((since, _)) = &since {
        record.x.insert("since".to_owned(), since.size.into());
    }
    session.journal.conclude(vec![record])?;
    let signed = signed(session)?;
    let store = session.journal.store();
    match (request.form, to) {
        (ExportForm::Bundle, ExportSink::File(to)) => {
            let (size, begins) = (signed.checkpoint.size, since.as_ref().map_or(0, |(since, _)| since.size));
            let mut shown = SelectedRecords::default();
            shown.add_operation(operation);
            shown.add_operation(session.journal.session());
            let plan = bundle::BundlePlan {
                signed: &signed,
                note: cosigned(session, &signed.key, size).map_or_else(|| signed.note.clone(), |(_, note)| note),
                // What the records cannot be held against is of no use in here.
                cosigned: last_cosigned(session, &signed.key, size).filter(|(seen, _)| seen.size >= begins),
                since,
                selection: &request.selection,
                shown,
                generated: session.clock.now(),
            };
            whole(&to, |file| bundle::write(store, plan, file, to.path()))
        }
        (ExportForm::Jsonl, ExportSink::File(to)) => jsonl(store, &signed, to),
        (ExportForm::Csv, to) => to.write(|out, unwritable| csv(store, signed.checkpoint.size, out, unwritable)),
        (ExportForm::Siem(form), to) => to.write(|out, unwritable| {
            let (first, checkpoint) = (request.first, &signed.checkpoint);
            let mut records = 0;
            let mut reader = RecordReader::default();
            super::follow::lines(
                store,
                &mut reader,
                (form, &checkpoint.origin),
                first..checkpoint.size,
                &mut |line| {
                    records += 1;
                    out.write_all(line.as_bytes()).map_err(unwritable)
                },
            )?;
            Ok(ExportOutcome { records, withheld: 0, checkpoint: None })
        }),
        (_, ExportSink::Stream(_)) => Err(Error::new(ErrorKind::Usage, "this form of export needs a file")),
    }
}

/// What became of writing, as an error of the use case.
type Unwritable<'a> = &'a dyn Fn(io::Error) -> Error;

impl ExportSink<'_> {
    fn write<T>(self, write: impl FnOnce(&mut dyn Write, Unwritable<'_>) -> Result<T, Error>) -> Result<T, Error> {
        match self {
            Self::File(to) => whole(&to, |file| {
                let unwritable = |error| Error::file(to.path(), "write", error);
                let mut out = BufWriter::with_capacity(1 << 16, file);
                let written = write(&mut out, &unwritable)?;
                out.flush().map_err(unwritable)?;
                Ok(written)
            }),
            Self::Stream(out) => {
                let unwritable = |error| Error::new(ErrorKind::Failed, "the export cannot be written").because(error);
                let written = write(out, &unwritable)?;
                out.flush().map_err(unwritable)?;
                Ok(written)
            }
        }
    }
}

/// A private file that is there when it is whole, and durable.
fn whole<T>(to: &OutputFile<'_>, write: impl FnOnce(&mut File) -> Result<T, Error>) -> Result<T, Error> {
    let unwritable = |error| Error::destination(to.path().display(), "write", error);
    let mut file = to.begin(true).map_err(unwritable)?;
    let written = write(file.file())?;
    file.publish().map_err(unwritable)?;
    Ok(written)
}

fn signed(session: &Session) -> Result<SignedState, Error> {
    let file = session.home.checkpoint();
    let note = std::fs::read(&file).map_err(|error| Error::file(&file, "read", error))?;
    let key = read_key(&session.home.verifier_key())?;
    let checkpoint = read_checkpoint(&file, &key)?;
    Ok(SignedState { key, checkpoint, note })
}

/// The note over that many records with the signatures that others gave, if there is one.
fn cosigned(session: &Session, key: &VerifierKey, size: u64) -> Option<(Checkpoint, Vec<u8>)> {
    let note = std::fs::read(session.home.log().join("cosigned").join(size.to_string())).ok()?;
    let checkpoint = Checkpoint::open(&note, key).ok().filter(|checkpoint| checkpoint.size == size)?;
    Some((checkpoint, note))
}

/// The largest size below that one over which others signed.
///
/// An export is itself a record, so no witness has seen its checkpoint yet: what witnesses vouch for is a little older.
fn last_cosigned(session: &Session, key: &VerifierKey, below: u64) -> Option<(Checkpoint, Vec<u8>)> {
    let names = std::fs::read_dir(session.home.log().join("cosigned")).ok()?;
    let sizes = names.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u64>().ok());
    let mut sizes: Vec<_> = sizes.filter(|size| *size < below).collect();
    sizes.sort_unstable();
    sizes.into_iter().rev().find_map(|size| cosigned(session, key, size))
}

/// The checkpoint of an earlier visit, its signature checked, with its bytes.
fn earlier(session: &Session, path: &Path) -> Result<(Checkpoint, Vec<u8>), Error> {
    let key = read_key(&session.home.verifier_key())?;
    let checkpoint = read_checkpoint(path, &key)?;
    let note = std::fs::read(path).map_err(|error| Error::file(path, "read", error))?;
    Ok((checkpoint, note))
}

fn jsonl(store: &dyn Store, signed: &SignedState, to: OutputFile<'_>) -> Result<ExportOutcome, Error> {
    let size = signed.checkpoint.size;
    ExportSink::File(to).write(|out, unwritable| {
        walk(store, 0, size, &mut |_, line| out.write_all(line).and_then(|()| out.write_all(b"\n")).map_err(unwritable))
    })?;
    let path = to.path();
    let beside = |suffix: &str| {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(suffix);
        path.with_file_name(name)
    };
    let (checkpoint, vkey) = (beside(".checkpoint"), beside(".vkey"));
    let put = |path: &Path, bytes: &[u8], known: fn(&[u8]) -> bool| {
        let written = to.beside(path).knowing(&known).write(bytes, false);
        written.map_err(|error| Error::destination(path.display(), "write", error))
    };
    put(&checkpoint, &signed.note, known::note)?;
    put(&vkey, format!("{}\n", signed.key).as_bytes(), known::verifier_key)?;
    Ok(ExportOutcome { records: size, withheld: 0, checkpoint: Some(checkpoint) })
}

fn csv(store: &dyn Store, size: u64, out: &mut dyn Write, unwritable: Unwritable<'_>) -> Result<ExportOutcome, Error> {
    let mut csv = CsvExport::new(out).map_err(unwritable)?;
    let mut reader = RecordReader::default();
    walk(store, 0, size, &mut |seq, line| {
        csv.write(&reader.read(store, seq, line)?, &leaf_hash(line)).map_err(unwritable)
    })?;
    csv.finish().map_err(unwritable)?;
    Ok(ExportOutcome { records: size, withheld: 0, checkpoint: None })
}
