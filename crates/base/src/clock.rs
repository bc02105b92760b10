//! Points in time and the clock they are read from.

use std::fmt;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

/// A point in time, UTC, in milliseconds since 1970-01-01T00:00:00Z.
///
/// Displayed as RFC 3339 in whole seconds (`2026-11-22T09:00:00Z`), the form of every JSON document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 9999-12-31T23:59:59Z: the "no well-defined expiration date" of RFC 5280 section 4.1.2.5.
    pub const NO_EXPIRY: Self = Self(253_402_300_799_000);

    /// The instant that many milliseconds after the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// The instant that many seconds after the epoch.
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(1000))
    }

    /// Milliseconds since the epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down.
    pub const fn secs(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This instant without its fraction of a second: certificates know no smaller unit.
    pub const fn whole_secs(self) -> Self {
        Self::from_secs(self.secs())
    }

    /// The instant `secs` seconds later, never beyond [`Timestamp::NO_EXPIRY`].
    pub fn plus_secs(self, secs: i64) -> Self {
        Self(self.0.saturating_add(secs.saturating_mul(1000))).min(Self::NO_EXPIRY)
    }

    /// Reads an RFC 3339 date and time; `None` when it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        i64::try_from(at.unix_timestamp_nanos().div_euclid(1_000_000)).ok().map(Self)
    }

    /// Reads the date of an HTTP header, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7); `None` when it is not
    /// one. Its obsolete forms are not read.
    pub fn parse_http_date(text: &str) -> Option<Self> {
        let form =
            format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");
        let at = PrimitiveDateTime::parse(text, form).ok()?.assume_utc();
        Some(Self::from_secs(at.unix_timestamp()))
    }

    /// RFC 3339 with milliseconds, the form of audit records.
    pub fn to_rfc3339_millis(self) -> String {
        let mut text = self.seconds_text();
        text[19] = b'.';
        put(&mut text[20..23], self.0.rem_euclid(1000).unsigned_abs());
        text[23] = b'Z';
        String::from_utf8_lossy(&text).into_owned()
    }

    /// `2026-11-22T09:00:00Z` and four bytes of room. Written digit by digit: several go into every audit record, and
    /// the general formatter takes half a microsecond for each.
    fn seconds_text(self) -> [u8; 24] {
        let at = self.date_time();
        let mut text = *b"0000-00-00T00:00:00Z    ";
        put(&mut text[0..4], u64::from(at.year().unsigned_abs()));
        put(&mut text[5..7], u64::from(u8::from(at.month())));
        put(&mut text[8..10], u64::from(at.day()));
        put(&mut text[11..13], u64::from(at.hour()));
        put(&mut text[14..16], u64::from(at.minute()));
        put(&mut text[17..19], u64::from(at.second()));
        text
    }

    /// The calendar date, `2026-11-22`.
    pub fn to_date(self) -> String {
        let form = format_description!("[year]-[month]-[day]");
        self.date_time().format(form).unwrap_or_else(|_| self.0.to_string())
    }

    fn date_time(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

impl From<SystemTime> for Timestamp {
    /// Times before 1970 become 1970.
    fn from(time: SystemTime) -> Self {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(str::from_utf8(&self.seconds_text()[..20]).map_err(|_| fmt::Error)?)
    }
}

/// Writes `number` in decimal, as many digits as there is room for.
fn put(room: &mut [u8], number: u64) {
    room.iter_mut().rev().fold(number, |rest, digit| {
        *digit = b'0' + (rest % 10) as u8;
        rest / 10
    });
}

/// Where the present comes from, so that tests can choose it.
pub trait Clock: Send + Sync {
    /// The present.
    fn now(&self) -> Timestamp;

    /// Milliseconds since the machine started, those of sleep included, by a monotonic clock.
    fn since_boot(&self) -> u64;
}

/// The clock of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        SystemTime::now().into()
    }

    /// CLOCK_BOOTTIME, which goes on while the machine sleeps; where there is none, the monotonic clock.
    fn since_boot(&self) -> u64 {
        use rustix::time::{ClockId, clock_gettime};
        #[cfg(any(target_os = "linux", target_os = "android"))]
        let clock = ClockId::Boottime;
        #[cfg(not(any(target_os = "linux", target_os = "android")))]
        let clock = ClockId::Monotonic;
        let at = clock_gettime(clock);
        u64::try_from(at.tv_sec.saturating_mul(1000).saturating_add(at.tv_nsec / 1_000_000)).unwrap_or_default()
    }
}

/// A clock that stands still at one instant.
#[derive(Clone, Copy, Debug)]
pub struct FixedClock(pub Timestamp);

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.0
    }

    fn since_boot(&self) -> u64 {
        0
    }
}

/// A clock that tests set: the time of day, and apart from it the time since the machine started.
#[derive(Debug, Default)]
pub struct SetClock {
    now: AtomicI64,
    since_boot: AtomicU64,
}

#[allow(dead_code, reason = "unit tests of the crates above set it")]
impl SetClock {
    /// A clock that shows that time, on a machine that has just started.
    pub fn new(now: Timestamp) -> Self {
        Self { now: AtomicI64::new(now.millis()), since_boot: AtomicU64::new(0) }
    }

    /// Time goes by.
    pub fn pass(&self, millis: u32) {
        self.now.fetch_add(i64::from(millis), Ordering::Relaxed);
        self.since_boot.fetch_add(u64::from(millis), Ordering::Relaxed);
    }

    /// Sets the time of day alone.
    pub fn set(&self, now: Timestamp) {
        self.now.store(now.millis(), Ordering::Relaxed);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.now.load(Ordering::Relaxed))
    }

    fn since_boot(&self) -> u64 {
        self.since_boot.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_expiry_is_the_last_second_of_9999() {
        assert_eq!(Timestamp::NO_EXPIRY.to_string(), "9999-12-31T23:59:59Z");
        assert_eq!(Timestamp::NO_EXPIRY.plus_secs(5), Timestamp::NO_EXPIRY);
    }

    #[test]
    fn the_time_since_boot_goes_on() {
        let before = SystemClock.since_boot();
        std::thread::sleep(std::time::Duration::from_millis(20));
        let passed = SystemClock.since_boot() - before;
        assert!((20..10_000).contains(&passed), "{passed} ms");
    }

    #[test]
    fn rfc3339_goes_both_ways() {
        let at = Timestamp::from_millis(1_795_000_000_123);
        assert_eq!(Timestamp::parse(&at.to_rfc3339_millis()), Some(at));
        assert_eq!(
            Timestamp::parse("2026-11-22T10:00:00+01:00").map(|t| t.to_string()).as_deref(),
            Some("2026-11-22T09:00:00Z")
        );
        assert_eq!(Timestamp::parse("yesterday"), None);
    }
}
