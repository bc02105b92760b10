//! Look at the log, verify it, hand it out.

pub mod cosignatures;
pub mod publish;
pub mod receipt;
pub mod replace;
mod replaced_revocations;
pub mod report;
pub mod restore;
pub mod restore_source;
pub mod verify_publication;
pub mod witness;

mod bundle;
mod bundle_reader;
mod certificate;
mod export;
mod follow;
mod known;
mod restored_rows;
mod selection;
mod show;
mod verify;
mod verify_bundle;

use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};

use crate::audit::record::session::SessionFacts;
use crate::audit::record::{MAX_BYTES, Record};
use crate::audit::verify::Verification;
use crate::error::{Error, ErrorKind};
use crate::store::{Store, StoreError};
use certroll_base::encoding;
use certroll_tlog::{Checkpoint, VerifierKey};

pub use bundle_reader::BundleFlaw;
pub use export::{ExportForm, ExportRequest, ExportSink, export};
pub use follow::{Following, SiemForm};
pub use selection::Selection;
pub(crate) use show::contains;
pub use show::{Filter, show};
pub use verify::{Checked, ExportChecks, first_bad, verify_export, verify_home, verify_lines};
pub(crate) use verify::{not_verified, tampered};
pub use verify_bundle::{BundleFacts, VerifiedBundle, verify_bundle};

/// The key of a log from a file.
///
/// # Errors
/// It cannot be read or is no verifier key.
pub fn read_key(path: &Path) -> Result<VerifierKey, Error> {
    let text = certroll_base::input::read_text(path).map_err(|error| Error::file(path, "read the log's key", error))?;
    VerifierKey::parse(text.trim_end_matches('\n')).map_err(|error| {
        Error::new(ErrorKind::Usage, format!("`{}` is not the public key of a log", path.display())).because(error)
    })
}

/// A checkpoint from a file, its signature checked.
///
/// # Errors
/// It cannot be read or is not signed by this log.
pub fn read_checkpoint(path: &Path, key: &VerifierKey) -> Result<Checkpoint, Error> {
    let bytes = certroll_base::input::read(path).map_err(|error| Error::file(path, "read the checkpoint", error))?;
    Checkpoint::open(&bytes, key).map_err(|error| {
        Error::new(ErrorKind::Verification, format!("the checkpoint `{}` is not signed by this log", path.display()))
            .because(error)
    })
}

/// The tree head of a verified log, as people compare it: size and root.
pub fn head_line(verification: &Verification) -> String {
    format!("{} records, root {}", verification.records, encoding::hex(&verification.root))
}

/// Takes the records of a walk one by one: number and exact bytes.
type VisitLine<'a> = dyn FnMut(u64, &[u8]) -> Result<(), Error> + 'a;

/// The records `first..end` one by one; none may be missing.
fn walk(store: &dyn Store, first: u64, end: u64, visit: &mut VisitLine<'_>) -> Result<(), Error> {
    let mut failed = None;
    let mut expected = first;
    let missing = |seq: u64| StoreError::Damaged(format!("record {seq} is missing"));
    let walked = store.records(first, &mut |seq, line| {
        if seq >= end {
            return Ok(());
        }
        if seq != expected {
            return Err(missing(expected));
        }
        expected += 1;
        visit(seq, line).map_err(|error| {
            failed = Some(error);
            // Ends the walk; the error above is the one that counts.
            missing(seq)
        })
    });
    if let Some(error) = failed {
        return Err(error);
    }
    walked?;
    if expected < end { Err(missing(expected).into()) } else { Ok(()) }
}

/// A record of the store; one that is none means that the database is damaged.
fn parse(seq: u64, line: &[u8]) -> Result<Record<'static>, Error> {
    Record::parse(line).map_err(|error| StoreError::Damaged(format!("record {seq}: {error}")).into())
}

/// Reads records of the store with what they leave to their session filled in, from whichever record on.
#[derive(Default)]
pub(super) struct RecordReader(SessionFacts);

impl RecordReader {
    fn read(&mut self, store: &dyn Store, seq: u64, line: &[u8]) -> Result<Record<'static>, Error> {
        let mut record = parse(seq, line)?;
        if !self.0.complete(&mut record)
            && let Some((seq, start)) = store.record(&record.sess)?
        {
            // The session began before the first record that was read.
            self.0.complete(&mut parse(seq, &start)?);
            self.0.complete(&mut record);
        }
        Ok(record)
    }
}

/// What was exported.
pub struct ExportOutcome {
    /// How many records.
    pub records: u64,
    /// How many of the log are not among them.
    pub withheld: u64,
    /// The checkpoint beside a JSON Lines export.
    pub checkpoint: Option<PathBuf>,
}

/// The signed state of the log that an export is made of.
struct SignedState {
    key: VerifierKey,
    checkpoint: Checkpoint,
    /// The note as it is published.
    note: Vec<u8>,
}

/// Lines of an export, one at a time, none held longer than a record may be.
struct RecordLines<R> {
    reader: R,
    line: Vec<u8>,
}

/// Why there is no next line.
#[derive(Debug)]
enum LineError {
    Io(io::Error),
    /// The last line has no end.
    BrokenOff,
}

impl<R: BufRead> RecordLines<R> {
    fn new(reader: R) -> Self {
        Self { reader, line: Vec::with_capacity(2048) }
    }

    /// The next line without its line end. One that is too long for a record comes cut, and too long still.
    fn next(&mut self) -> Result<Option<&[u8]>, LineError> {
        self.line.clear();
        let mut bounded = (&mut self.reader).take(MAX_BYTES as u64 + 2);
        match bounded.read_until(b'\n', &mut self.line) {
            Err(error) => Err(LineError::Io(error)),
            Ok(0) => Ok(None),
            Ok(_) if self.line.last() == Some(&b'\n') => Ok(Some(&self.line[..self.line.len() - 1])),
            Ok(_) if self.line.len() > MAX_BYTES => Ok(Some(&self.line)),
            Ok(_) => Err(LineError::BrokenOff),
        }
    }
}
