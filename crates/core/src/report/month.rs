//! Calendar months and days, in UTC.

use std::fmt;

use time::OffsetDateTime;

use certroll_base::clock::Timestamp;

/// Seconds of a day.
const DAY_SECS: i64 = 86_400;

/// A month of a year. Displayed as in RFC 3339: `2026-11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    /// The month of that instant.
    pub fn of(at: Timestamp) -> Self {
        let at = OffsetDateTime::from_unix_timestamp(at.secs()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        Self(at.year() * 12 + i32::from(u8::from(at.month())) - 1)
    }

    /// The month that many months later.
    #[must_use]
    pub const fn plus(self, months: i32) -> Self {
        Self(self.0.saturating_add(months))
    }

    /// How many months lie between `earlier` and this one.
    pub const fn since(self, earlier: Self) -> i32 {
        self.0.saturating_sub(earlier.0)
    }

    /// The year.
    pub const fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// The month of the year, 1 for January.
    pub const fn number(self) -> i32 {
        self.0.rem_euclid(12) + 1
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.number())
    }
}

/// A day, counted from 1970-01-01. Four bytes instead of eight: there is one for each certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

impl Day {
    /// The last day that records know: the "no well-defined expiration date" of RFC 5280 section 4.1.2.5.
    pub fn never() -> Self {
        Self::of(Timestamp::NO_EXPIRY)
    }

    /// The day of that instant.
    pub fn of(at: Timestamp) -> Self {
        Self(i32::try_from(at.secs().div_euclid(DAY_SECS)).unwrap_or(i32::MAX))
    }

    /// The month it lies in.
    pub fn month(self) -> Month {
        Month::of(Timestamp::from_secs(i64::from(self.0) * DAY_SECS))
    }

    /// The day that many days later.
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_days_follow_the_calendar() {
        let at = |text: &str| Timestamp::parse(text).unwrap();
        for (text, month) in [
            ("1970-01-01T00:00:00Z", "1970-01"),
            ("2026-11-30T23:59:59Z", "2026-11"),
            ("2026-12-31T23:59:59.999Z", "2026-12"),
            ("2024-02-29T12:00:00Z", "2024-02"),
            ("9999-12-31T23:59:59Z", "9999-12"),
        ] {
            assert_eq!(Month::of(at(text)).to_string(), month);
            assert_eq!(Day::of(at(text)).month().to_string(), month);
        }
        let (first, last) = (Month::of(at("2026-11-01T00:00:00Z")), Month::of(at("2028-02-01T00:00:00Z")));
        assert_eq!((last.since(first), first.plus(15)), (15, last));
        assert_eq!((first.plus(2).year(), first.plus(2).number()), (2027, 1));
        assert_eq!(Day::of(at("2026-12-01T00:00:00Z")), Day::of(at("2026-11-30T23:59:59Z")).plus(1));
        assert_eq!(Day::never().month().to_string(), "9999-12");
    }
}
