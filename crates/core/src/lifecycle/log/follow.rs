//! Records as lines for a SIEM, and waiting for new ones.

use std::ops::Range;

use crate::audit::export::{cef, syslog};
use crate::error::{Error, ErrorKind};
use crate::hint::home::LogHint;
use crate::lifecycle::log::{RecordReader, read_checkpoint, read_key, walk};
use crate::lifecycle::session::View;
use crate::store::Store;
use certroll_tlog::{Frontier, VerifierKey, leaf_hash};

/// The forms that a SIEM reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SiemForm {
    /// ArcSight Common Event Format.
    Cef,
    /// RFC 5424.
    Syslog,
}

/// Renders the records of that range, line by line, each with its line end.
pub(super) fn lines(
    store: &dyn Store,
    reader: &mut RecordReader,
    (form, origin): (SiemForm, &str),
    range: Range<u64>,
    out: &mut dyn FnMut(&str) -> Result<(), Error>,
) -> Result<(), Error> {
    // A first record beyond the end is a log that has not got there yet.
    walk(store, range.start, range.end.max(range.start), &mut |seq, line| {
        let (record, leaf) = (reader.read(store, seq, line)?, leaf_hash(line));
        let mut text = match form {
            SiemForm::Cef => cef::event(&record, &leaf, origin),
            SiemForm::Syslog => syslog::message(&record, &leaf, origin),
        };
        text.push('\n');
        out(&text)
    })
}

/// Hands out records as they come under a signed checkpoint, and none before.
///
/// Only reads: the home's passphrase is not needed, and nothing is recorded.
pub struct Following {
    view: View,
    key: VerifierKey,
    form: SiemForm,
    reader: RecordReader,
    /// The tree as far as it was compared with a checkpoint.
    seen: Frontier,
    next: u64,
}

impl Following {
    /// Begins with record `first`.
    ///
    /// # Errors
    /// The log's key cannot be read.
    pub fn begin(view: View, form: SiemForm, first: u64) -> Result<Self, Error> {
        let key = read_key(&view.home.verifier_key())?;
        Ok(Self { view, key, form, reader: RecordReader::default(), seen: Frontier::new(), next: first })
    }

    /// The number of the next record: with it a later run goes on where this one ended.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Hands out everything that has come under a checkpoint since the last time.
    ///
    /// # Errors
    /// Those of `out`; of kind [`ErrorKind::Verification`] when checkpoint and records do not agree: nothing of it goes out then.
    pub fn step(&mut self, out: &mut dyn FnMut(&str) -> Result<(), Error>) -> Result<(), Error> {
        let checkpoint = read_checkpoint(&self.view.home.checkpoint(), &self.key)?;
        if checkpoint.size < self.seen.size() {
            let (now, before) = (checkpoint.size, self.seen.size());
            let message = format!("the log was rolled back: its checkpoint covers {now} records, and covered {before}");
            return Err(Error::new(ErrorKind::Verification, message));
        }
        let store = &*self.view.store;
        let mut grown = self.seen.clone();
        walk(store, grown.size(), checkpoint.size, &mut |_, line| {
            grown.push(leaf_hash(line));
            Ok(())
        })?;
        if grown.root() != checkpoint.root {
            let message = format!("the first {} records are not those of the checkpoint", checkpoint.size);
            return Err(Error::new(ErrorKind::Verification, message).hint(LogHint::Verify));
        }
        self.seen = grown;
        let next = &mut self.next;
        let form = (self.form, checkpoint.origin.as_str());
        lines(store, &mut self.reader, form, *next..checkpoint.size, &mut |line| {
            out(line)?;
            *next += 1;
            Ok(())
        })
    }
}
