//! The clock, watched: behind the log, or set while we run. Either is recorded; only issuing waits for a right clock.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind};
use crate::hint::home::HomeHint;
use crate::store::{Store, StoreError};
use certroll_base::clock::{Clock, Timestamp};

/// How far the clock may be behind the latest record before nothing is issued any more: 5 minutes. The certificates would
/// begin before records that came earlier.
const TOLERANCE_MILLIS: i64 = 5 * 60 * 1000;
/// How far time of day and time since boot may drift apart before the clock counts as set: 5 seconds. A clock that is
/// slewed drifts by half a millisecond a second.
const STEP_MILLIS: i64 = 5000;

/// Both clocks, since the process began.
pub(crate) struct ClockWatch {
    clock: Arc<dyn Clock>,
    began: u64,
    /// Time of day less time since boot: constant while the clock is not set.
    offset: i64,
}

impl ClockWatch {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        let (began, offset) = (clock.since_boot(), offset(&*clock));
        Self { clock, began, offset }
    }

    /// The clock that is watched.
    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Milliseconds since the process began, by a monotonic clock.
    pub(crate) fn elapsed(&self) -> u64 {
        self.clock.since_boot().saturating_sub(self.began)
    }

    /// By how many milliseconds the clock was set since the last time it was asked for, if it was.
    pub(crate) fn step(&mut self) -> Option<i64> {
        let offset = offset(&*self.clock);
        let step = offset.saturating_sub(self.offset);
        if step.abs() <= STEP_MILLIS {
            return None;
        }
        self.offset = offset;
        Some(step)
    }

    /// The latest record and how many milliseconds the clock is behind it, if it is.
    pub(crate) fn behind(&self, store: &dyn Store) -> Result<Option<(Timestamp, i64)>, StoreError> {
        let Some(latest) = store.latest()? else { return Ok(None) };
        // Read after the record: another process may just have written it.
        let behind = latest.millis().saturating_sub(self.clock.now().millis());
        Ok((behind > 0).then_some((latest, behind)))
    }

    /// Refuses to issue by a clock that is too far behind.
    ///
    /// # Errors
    /// It is, or the store cannot be read.
    pub(crate) fn require(&self, store: &dyn Store) -> Result<(), Error> {
        match self.behind(store)? {
            Some((latest, behind)) if behind > TOLERANCE_MILLIS => Err(Error::new(
                ErrorKind::Refused,
                format!(
                    "the clock shows {}, but the log has a record of {latest}: nothing is issued",
                    self.clock.now()
                ),
            )
            .hint(HomeHint::SetClock)
            .hint(HomeHint::AcceptClock)),
            _ => Ok(()),
        }
    }
}

fn offset(clock: &dyn Clock) -> i64 {
    clock.now().millis().saturating_sub(i64::try_from(clock.since_boot()).unwrap_or(i64::MAX))
}

/// What `clock.regressed` says.
pub(crate) fn regressed(latest: Timestamp, behind: i64) -> Map<String, Value> {
    Map::from_iter([
        ("latest".to_owned(), Value::from(latest.to_rfc3339_millis())),
        ("behind_ms".to_owned(), Value::from(behind)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use certroll_base::clock::SetClock;

    #[test]
    fn only_a_clock_that_is_set_has_stepped() {
        let clock = Arc::new(SetClock::new(Timestamp::from_secs(1_000_000)));
        let mut watch = ClockWatch::new(clock.clone());
        clock.pass(86_400_000);
        assert_eq!((watch.step(), watch.elapsed()), (None, 86_400_000), "time that passes, asleep or not, is no step");
        clock.set(clock.now().plus_secs(5));
        assert_eq!(watch.step(), None, "5 seconds are not more than 5 seconds");
        clock.set(Timestamp::from_millis(clock.now().millis() + 1));
        assert_eq!(watch.step(), Some(5001));
        assert_eq!(watch.step(), None, "told once");
        clock.set(clock.now().plus_secs(-3600));
        assert_eq!((watch.step(), watch.elapsed()), (Some(-3_600_000), 86_400_000));
    }
}
