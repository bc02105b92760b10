//! The report: read a log that verifies, fold it, write the page.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use crate::audit::record::MAX_BYTES;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Outcome, TargetFacts};
use crate::audit::record::value::Id;
use crate::audit::verify::LogVerifier;
use crate::destination::kinds::file::OutputFile;
use crate::error::{Error, ErrorKind};
use crate::hint::home::LogHint;
use crate::lifecycle::log::{self, known, tampered};
use crate::lifecycle::session::Session;
use crate::report::{self, Head, LogSummary};
use crate::store::StoreError;
use certroll_base::clock::Timestamp;
use certroll_tlog::Checkpoint;

/// What was reported on.
pub struct Reported {
    /// How many records.
    pub records: u64,
    /// Whether a checkpoint covers them.
    pub signed: bool,
}

/// Reports on the log of a home: on the records under the published checkpoint, no others.
///
/// A page tells names and reasons as an export does, so handing it out is on record before it is written.
///
/// # Errors
/// The log cannot be written, does not verify, or the file cannot be written.
pub fn of_home(session: &mut Session, to: OutputFile<'_>) -> Result<Reported, Error> {
    let mut record = session.journal.draft(Event::AuditExport, Outcome::Ok, Id::new(session.clock.now()));
    to.knowing(&known::report).check(0).map_err(|error| Error::destination(to.path().display(), "write", error))?;
    let path = to.path();
    let id = std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).to_string_lossy().into_owned();
    record.tgt =
        Some(TargetFacts { t: "file".to_owned(), id, method: Some("html".to_owned()), ..TargetFacts::default() });
    session.journal.commit(vec![record], Vec::new())?;
    let file = session.home.checkpoint();
    let note = std::fs::read(&file).map_err(|error| Error::file(&file, "read the checkpoint", error))?;
    let key = log::read_key(&session.home.verifier_key())?;
    let checkpoint = Checkpoint::open(&note, &key).map_err(|error| {
        Error::new(ErrorKind::Verification, "the published checkpoint is not signed by this log").because(error)
    })?;
    let mut fold = Fold::new(Some(checkpoint.clone()));
    session.journal.store().records(0, &mut |seq, line| {
        if seq >= checkpoint.size {
            return Ok(());
        }
        fold.push(line).map_err(|error| StoreError::Damaged(error.to_string()))
    })?;
    fold.write(String::from_utf8_lossy(&note).into_owned(), session.clock.now(), to)
}

/// Reports on a JSON Lines export, without a home or a secret.
///
/// With `FILE.checkpoint` beside it the page is of the records that this covers, and carries it; its root must be theirs.
/// Whether it is signed by the right log is what `audit verify` with the pinned key tells.
///
/// # Errors
/// The export does not verify, or a file cannot be read or written.
pub fn of_export(export: &Path, now: Timestamp, to: OutputFile<'_>) -> Result<Reported, Error> {
    let file = std::fs::File::open(export).map_err(|error| Error::file(export, "read", error))?;
    let mut beside = export.file_name().unwrap_or_default().to_owned();
    beside.push(".checkpoint");
    let beside = export.with_file_name(beside);
    let note = match std::fs::read(&beside) {
        Ok(note) => Some(note),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(Error::file(&beside, "read the checkpoint", error)),
    };
    let no_checkpoint = |why: &dyn std::fmt::Display| {
        Error::new(ErrorKind::Verification, format!("`{}` is not a checkpoint: {why}", beside.display()))
    };
    let (note, checkpoint) = match note {
        None => (String::new(), None),
        Some(note) => {
            let note = String::from_utf8(note).map_err(|error| no_checkpoint(&error))?;
            let body = note.find("\n\n").map_or(note.as_str(), |end| &note[..=end]);
            let checkpoint = Checkpoint::parse_body(body).map_err(|error| no_checkpoint(&error))?;
            (note, Some(checkpoint))
        }
    };
    of_lines(file, &export.display().to_string(), (note, checkpoint), now, to)
}

/// Reports on the lines of a JSON Lines export as they come in, to their end.
///
/// # Errors
/// As [`of_export`].
pub fn of_lines(
    lines: impl Read,
    name: &str,
    (note, checkpoint): (String, Option<Checkpoint>),
    now: Timestamp,
    to: OutputFile<'_>,
) -> Result<Reported, Error> {
    let unreadable =
        |error: std::io::Error| Error::new(ErrorKind::Failed, format!("`{name}` cannot be read")).because(error);
    let mut reader = BufReader::with_capacity(1 << 20, lines);
    let size = checkpoint.as_ref().map_or(u64::MAX, |checkpoint| checkpoint.size);
    let mut fold = Fold::new(checkpoint);
    let mut line = Vec::new();
    while fold.records < size {
        line.clear();
        // One byte more than a record and its line feed: a file of one endless line does not fill the memory.
        let most = MAX_BYTES as u64 + 2;
        if reader.by_ref().take(most).read_until(b'\n', &mut line).map_err(unreadable)? == 0 {
            break;
        }
        if line.pop() != Some(b'\n') {
            return Err(Error::new(
                ErrorKind::Verification,
                format!("`{name}` breaks off, or is no JSON Lines export of a log"),
            ));
        }
        fold.push(&line)?;
    }
    fold.write(note, now, to)
}

/// A log that is verified and summed up as its lines go by.
struct Fold {
    verifier: LogVerifier,
    summary: LogSummary,
    records: u64,
    checkpoint: Option<Checkpoint>,
}

impl Fold {
    fn new(checkpoint: Option<Checkpoint>) -> Self {
        Self { verifier: LogVerifier::against(checkpoint.clone()), summary: LogSummary::new(), records: 0, checkpoint }
    }

    fn push(&mut self, line: &[u8]) -> Result<(), Error> {
        let (record, _) = self.verifier.read(line).map_err(tampered)?;
        self.summary.add(&record);
        self.records += 1;
        Ok(())
    }

    fn write(self, checkpoint_text: String, generated: Timestamp, to: OutputFile<'_>) -> Result<Reported, Error> {
        let verification = self.verifier.finish().map_err(tampered)?;
        if self.records == 0 {
            return Err(Error::new(ErrorKind::Usage, "there is no record to report on").hint(LogHint::Export));
        }
        let signed = self.checkpoint.is_some();
        let origin = match self.checkpoint {
            Some(checkpoint) => checkpoint.origin,
            None => self.summary.origin().unwrap_or("a log without a name").to_owned(),
        };
        let head = Head { origin, size: verification.records, root: verification.root, checkpoint_text, generated };
        let page = report::html(&self.summary, &head);
        let written = to.knowing(&known::report).write(page.as_bytes(), true);
        written.map_err(|error| Error::destination(to.path().display(), "write", error))?;
        Ok(Reported { records: verification.records, signed })
    }
}
