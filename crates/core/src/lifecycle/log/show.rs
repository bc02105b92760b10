//! Looking at the log.

use super::RecordReader;
use super::selection::SelectedRecords;
use crate::audit::record::Record;
use crate::audit::record::event::Event;
use crate::error::Error;
use crate::lifecycle::session::View;
use crate::store::{Store, StoreError};

/// Which records to look at.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// From this sequence number on.
    pub since: u64,
    /// Only of this event.
    pub event: Option<Event>,
    /// Only those of operations in which this text stands: a name, a serial number, a ticket.
    pub text: Option<String>,
    /// The last so many.
    pub last: Option<usize>,
}

/// The records that match, in order, with what they leave to their session filled in.
///
/// # Errors
/// The log cannot be read.
pub fn show(view: &View, filter: &Filter) -> Result<Vec<Record<'static>>, Error> {
    let store = &*view.store;
    let selected = filter.text.as_deref().map(|text| operations_with(store, text)).transpose()?;
    let mut found = std::collections::VecDeque::new();
    let mut reader = RecordReader::default();
    each(store, filter.since, &mut |seq, line| {
        let record = reader.read(store, seq, line)?;
        let fits = selected.as_ref().is_none_or(|selected| selected.contains(&record))
            && filter.event.is_none_or(|event| event == record.ev);
        if fits {
            if filter.last.is_some_and(|last| found.len() >= last) {
                found.pop_front();
            }
            found.push_back(record);
        }
        Ok(())
    })?;
    Ok(found.into())
}

/// The operations with a record in which that text stands.
fn operations_with(store: &dyn Store, text: &str) -> Result<SelectedRecords, Error> {
    let mut selected = SelectedRecords::default();
    each(store, 0, &mut |seq, line| {
        if contains(line, text.as_bytes()) {
            selected.add_alone(&super::parse(seq, line)?);
        }
        Ok(())
    })?;
    Ok(selected)
}

fn each(store: &dyn Store, first: u64, visit: &mut dyn FnMut(u64, &[u8]) -> Result<(), Error>) -> Result<(), Error> {
    let mut failed = None;
    let walked = store.records(first, &mut |seq, line| {
        visit(seq, line).map_err(|error| {
            failed = Some(error);
            // Ends the walk; the error above is the one that counts.
            StoreError::Damaged(format!("record {seq}"))
        })
    });
    match failed {
        Some(error) => Err(error),
        None => Ok(walked?),
    }
}

pub(crate) fn contains(line: &[u8], text: &[u8]) -> bool {
    text.is_empty() || line.windows(text.len()).any(|window| window == text)
}
