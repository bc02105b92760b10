//! Looking at the log.

use super::selection::SelectedRecords;
use super::{RecordReader, walk};
use crate::audit::record::Record;
use crate::audit::record::event::Event;
use crate::error::Error;
use crate::lifecycle::session::View;
use crate::store::Store;

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
    let size = store.stored_head()?.size();
    let selected = filter.text.as_deref().map(|text| operations_with(store, size, text)).transpose()?;
    let mut found = std::collections::VecDeque::new();
    let mut reader = RecordReader::default();
    walk(store, filter.since, size, &mut |seq, line| {
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
fn operations_with(store: &dyn Store, size: u64, text: &str) -> Result<SelectedRecords, Error> {
    let mut selected = SelectedRecords::default();
    walk(store, 0, size, &mut |seq, line| {
        if contains(line, text.as_bytes()) {
            selected.add_alone(&super::parse(seq, line)?);
        }
        Ok(())
    })?;
    Ok(selected)
}

pub(crate) fn contains(line: &[u8], text: &[u8]) -> bool {
    text.is_empty() || line.windows(text.len()).any(|window| window == text)
}
