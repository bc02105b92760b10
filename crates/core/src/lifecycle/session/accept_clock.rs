//! Puts on record that the clock is right and was wrong before.

use std::sync::Arc;

use super::Session;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Outcome, Why};
use crate::audit::record::value::Id;
use crate::error::Error;
use crate::lifecycle::journal::clock::regressed;
use crate::store::Change;
use certroll_base::clock::Timestamp;

/// Puts on record that the clock is right and was wrong before, after which certificates are issued again. Answers the
/// latest record and how many milliseconds the clock was behind it; `None`, and no record, when it was not.
///
/// # Errors
/// The log cannot be written.
pub fn accept_clock(session: &mut Session, why: Why) -> Result<Option<(Timestamp, i64)>, Error> {
    let Some((latest, behind)) = session.journal.clock_behind()? else { return Ok(None) };
    let now = session.clock.now();
    let mut record = session.journal.draft(Event::ClockStep, Outcome::Ok, Id::new(now));
    record.why = Some(Arc::new(why));
    record.x = regressed(latest, behind);
    record.x.insert("accepted".to_owned(), true.into());
    session.journal.commit(vec![record], vec![Change::AcceptClock(now)])?;
    Ok(Some((latest, behind)))
}
