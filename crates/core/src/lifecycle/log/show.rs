//! Looking at the log.

use crate::audit::record::Record;
use crate::audit::record::event::Event;
use crate::error::Error;
use crate::lifecycle::session::View;
use crate::store::StoreError;

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

pub(crate) fn contains(line: &[u8], text: &[u8]) -> bool {
    text.is_empty() || line.windows(text.len()).any(|window| window == text)
}
