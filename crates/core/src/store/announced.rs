//! What has been announced: an act may begin only after its intent is durable, and only once.

use super::{Appended, Change, Store, StoreError};
use crate::audit::record::draft::Draft;
use crate::audit::record::facts::Outcome;
use crate::audit::record::value::Id;

/// Something whose intent is durable in the log.
///
/// Only [`announce`] and [`adopt`] make one, after the store has made the intent durable. It cannot be copied: the one call of
/// an issuer that it was made for consumes it.
#[derive(Debug)]
pub struct Announced<T>(T);

impl<T> Announced<T> {
    /// What was announced.
    pub fn subject(&self) -> &T {
        &self.0
    }

    /// Gives the announcement up, and what was announced out.
    pub fn into_subject(self) -> T {
        self.0
    }
}

/// Appends records, then the record of an intent, and changes, as [`Store::append`] does. What the intent announces may then be
/// carried out, once.
///
/// # Errors
/// [`StoreError`].
pub fn announce<T>(
    store: &mut dyn Store,
    records: Vec<Draft>,
    intent: Draft,
    changes: Vec<Change>,
    subject: T,
) -> Result<(Appended, Announced<T>), StoreError> {
    Ok((append(store, records, intent, changes)?, Announced(subject)))
}

/// As [`announce`], for an intent that covers a group.
///
/// # Errors
/// [`StoreError`].
pub fn announce_all<T>(
    store: &mut dyn Store,
    records: Vec<Draft>,
    intent: Draft,
    changes: Vec<Change>,
    subjects: Vec<T>,
) -> Result<(Appended, Vec<Announced<T>>), StoreError> {
    let appended = append(store, records, intent, changes)?;
    Ok((appended, subjects.into_iter().map(Announced).collect()))
}

fn append(
    store: &mut dyn Store,
    mut records: Vec<Draft>,
    mut intent: Draft,
    changes: Vec<Change>,
) -> Result<Appended, StoreError> {
    intent.out = Outcome::Pending;
    records.push(intent);
    store.append(records, changes)
}

/// Takes over the open intent of a process that is gone, and appends records and changes with it. The intent has been durable
/// since that process wrote it.
///
/// # Errors
/// [`StoreError`]; [`StoreError::Conflict`] when the intent is not open, or another process was quicker.
pub fn adopt<T>(
    store: &mut dyn Store,
    records: Vec<Draft>,
    mut changes: Vec<Change>,
    adoption: Adoption<T>,
) -> Result<(Appended, Announced<T>), StoreError> {
    let Adoption { op, from, to, subject } = adoption;
    changes.push(Change::Adopt { op, from, to });
    Ok((store.append(records, changes)?, Announced(subject)))
}

/// An open intent of a process that is gone, and what it announced.
pub struct Adoption<T> {
    /// The operation.
    pub op: Id,
    /// The process that is gone.
    pub from: Id,
    /// The process that goes on with it.
    pub to: Id,
    /// What was announced.
    pub subject: T,
}
