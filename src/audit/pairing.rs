//! Pairing of intents and outcomes: nothing happens unannounced, and what was announced ends once or stays visibly open.

use std::collections::HashMap;

use super::defect::Fault;
use super::event::{Event, Intent};
use super::record::Record;
use super::value::{Digest, Id};
use crate::base::encoding::Sha256;

/// An intent of which not every part has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenIntent {
    /// The operation.
    pub op: Id,
    /// What it announces.
    pub intent: Intent,
    /// Its place in the log.
    pub seq: u64,
    /// The hash of its leaf: with `seq`, what the record that ends it refers to.
    pub leaf: Digest,
    /// How many certificates have not ended.
    pub remaining: u64,
    /// Whether a later record says that nobody knows the outcome yet.
    pub indeterminate: bool,
}

/// The open intents of a log, kept up to date record by record.
///
/// An operation has at most one open intent of each kind. An intent for `count` certificates ends with as many outcomes,
/// or with one that gives up the rest. Once ended, the operation may announce again: that is how a batch is resumed.
#[derive(Clone, Debug, Default)]
pub struct OpenIntents {
    open: HashMap<(Id, Intent), OpenIntent>,
}

impl OpenIntents {
    /// Takes the next record into account.
    ///
    /// # Errors
    /// It does not fit the intents before it; they stay as they were.
    pub fn apply(&mut self, record: &Record<'_>, leaf: &Sha256) -> Result<(), Fault> {
        if let Some(intent) = record.ev.opens() {
            return self.announce(record, intent, leaf);
        }
        let Some(intent) = record.ev.closes().or(record.ev.continues()) else { return Ok(()) };
        if record.ev.issues() && record.is_imported() {
            return Ok(());
        }
        let key = (record.op, intent);
        let Some(open) = self.open.get_mut(&key) else {
            // Our own policy refuses a revocation before anything is announced; a refusal changes nothing in the world.
            return match record.ev {
                Event::CertRevokeRefused => Ok(()),
                event => Err(Fault::NoIntent { event, intent, op: record.op }),
            };
        };
        if record.reference.is_some_and(|to| (to.seq, to.leaf) != (open.seq, open.leaf)) {
            return Err(Fault::WrongReference(open.seq));
        }
        if record.ev.continues().is_some() {
            open.indeterminate |= record.ev == Event::CertIssueIndeterminate;
            return Ok(());
        }
        open.remaining = if record.ev.closes_all() { 0 } else { open.remaining - 1 };
        if open.remaining == 0 {
            self.open.remove(&key);
        }
        Ok(())
    }

    /// The intent of that kind which the operation has not ended.
    pub fn of(&self, op: Id, intent: Intent) -> Option<&OpenIntent> {
        self.open.get(&(op, intent))
    }

    /// All of them, in the order of the log.
    pub fn list(&self) -> Vec<OpenIntent> {
        let mut list: Vec<_> = self.open.values().copied().collect();
        list.sort_unstable_by_key(|open| open.seq);
        list
    }

    fn announce(&mut self, record: &Record<'_>, intent: Intent, leaf: &Sha256) -> Result<(), Fault> {
        let op = record.op;
        if let Some(earlier) = self.of(op, intent) {
            return Err(Fault::IntentTwice { op, earlier: earlier.seq });
        }
        let remaining = record.count();
        if remaining == 0 {
            return Err(Fault::EmptyIntent);
        }
        let (seq, leaf) = (record.seq, Digest(*leaf));
        self.open.insert((op, intent), OpenIntent { op, intent, seq, leaf, remaining, indeterminate: false });
        Ok(())
    }
}
