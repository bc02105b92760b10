//! Lifetimes, validity periods and the point at which a certificate is due for rotation.

use std::fmt;
use std::str::FromStr;

use certroll_base::clock::Timestamp;

/// A text that is no duration.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a duration: expected a number and s, m, h, d, w or y, such as 90d, or `never`")]
pub struct InvalidDuration(String);

/// How long a certificate is to live. Written `90d`, `12h`, `2y` (365 days each), or `never`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lifetime {
    /// That many seconds.
    Seconds(i64),
    /// Until 9999-12-31T23:59:59Z, which means "no well-defined expiration" (RFC 5280 section 4.1.2.5).
    Never,
}

const UNITS: &[(char, i64)] =
    &[('y', 365 * 86_400), ('w', 7 * 86_400), ('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

impl FromStr for Lifetime {
    type Err = InvalidDuration;

    fn from_str(text: &str) -> Result<Self, InvalidDuration> {
        if text == "never" {
            return Ok(Self::Never);
        }
        let invalid = || InvalidDuration(text.to_owned());
        let unit = text.chars().last().ok_or_else(invalid)?;
        let seconds = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(invalid)?.1;
        let count: i64 = text[..text.len() - unit.len_utf8()].parse().map_err(|_| invalid())?;
        match count.checked_mul(seconds) {
            Some(total) if total > 0 => Ok(Self::Seconds(total)),
            _ => Err(invalid()),
        }
    }
}

impl fmt::Display for Lifetime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str("never"),
            Self::Seconds(total) => {
                let whole = |(_, seconds): &&(char, i64)| total % seconds == 0;
                // Years only when typed as such a multiple; 730d reads better than 2y next to 731d, so days come first.
                let order = [UNITS[2], UNITS[3], UNITS[4], UNITS[5]];
                let (unit, seconds) = order.iter().find(whole).copied().unwrap_or(('s', 1));
                write!(f, "{}{unit}", total / seconds)
            }
        }
    }
}

/// From when until when a certificate is valid, both ends included, whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// First second of validity.
    pub not_before: Timestamp,
    /// Last second of validity.
    pub not_after: Timestamp,
}

/// Start of validity before the moment of signing, in seconds: clocks of devices run behind.
pub const BACKDATE_SECS: i64 = 60;

impl Validity {
    /// The period of `lifetime`, counted from `now`; it starts a minute earlier.
    pub fn starting(now: Timestamp, lifetime: Lifetime) -> Self {
        let not_before = now.whole_secs().plus_secs(-BACKDATE_SECS);
        let not_after = match lifetime {
            Lifetime::Never => Timestamp::NO_EXPIRY,
            Lifetime::Seconds(secs) => now.whole_secs().plus_secs(secs),
        };
        Self { not_before, not_after }
    }

    /// Length in seconds as the CA/Browser Forum counts it: both ends included.
    pub fn secs(&self) -> i64 {
        self.not_after.secs() - self.not_before.secs() + 1
    }

    /// Whether `at` lies within.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.not_before <= at && at <= self.not_after
    }
}

/// How long before its end a certificate is due. Written as a share of the lifetime (`33%`) or a duration (`30d`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RenewBefore {
    /// That share of the lifetime, in percent.
    Percent(u8),
    /// That many seconds.
    Seconds(i64),
}

impl Default for RenewBefore {
    /// The last third, as ACME clients do it.
    fn default() -> Self {
        Self::Percent(33)
    }
}

impl RenewBefore {
    /// The rule for a certificate of that validity: a duration of more than half of it was meant for a longer one, and would make
    /// it due when it is hardly made, or before. Then a third is taken.
    #[must_use]
    pub fn fitting(self, validity: &Validity) -> Self {
        match self {
            Self::Seconds(before) if before * 2 > validity.secs() => Self::default(),
            rule => rule,
        }
    }

    /// The instant from which a certificate of that validity is due; `None` when it never expires.
    pub fn due_at(self, validity: &Validity) -> Option<Timestamp> {
        if validity.not_after == Timestamp::NO_EXPIRY {
            return None;
        }
        let before = match self {
            Self::Percent(share) => (validity.not_after.secs() - validity.not_before.secs()) * i64::from(share) / 100,
            Self::Seconds(secs) => secs,
        };
        Some(validity.not_after.plus_secs(-before))
    }
}

impl FromStr for RenewBefore {
    type Err = InvalidDuration;

    fn from_str(text: &str) -> Result<Self, InvalidDuration> {
        if let Some(share) = text.strip_suffix('%') {
            return match share.parse() {
                Ok(share @ 1..=99) => Ok(Self::Percent(share)),
                _ => Err(InvalidDuration(text.to_owned())),
            };
        }
        match text.parse()? {
            Lifetime::Seconds(secs) => Ok(Self::Seconds(secs)),
            Lifetime::Never => Err(InvalidDuration(text.to_owned())),
        }
    }
}

impl fmt::Display for RenewBefore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Percent(share) => write!(f, "{share}%"),
            Self::Seconds(secs) => Lifetime::Seconds(*secs).fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_written() {
        for (text, shown) in [("90d", "90d"), ("12h", "12h"), ("2y", "730d"), ("90m", "90m"), ("never", "never")] {
            assert_eq!(text.parse::<Lifetime>().map(|l| l.to_string()).ok().as_deref(), Some(shown));
        }
        for text in ["", "d", "-1d", "0d", "90", "9x", "99999999999999y"] {
            assert!(text.parse::<Lifetime>().is_err(), "{text}");
        }
    }

    #[test]
    fn due_is_a_share_or_a_duration_before_the_end() {
        let now = Timestamp::from_secs(1_000_000_000);
        let validity = Validity { not_before: now, not_after: now.plus_secs(1000) };
        assert_eq!(RenewBefore::Percent(33).due_at(&validity), Some(now.plus_secs(670)));
        assert_eq!(RenewBefore::Seconds(100).due_at(&validity), Some(now.plus_secs(900)));
        let forever = Validity { not_before: now, not_after: Timestamp::NO_EXPIRY };
        assert_eq!(RenewBefore::default().due_at(&forever), None);
        for (rule, fitting) in [
            (RenewBefore::Seconds(500), RenewBefore::Seconds(500)),
            (RenewBefore::Seconds(501), RenewBefore::Percent(33)),
            (RenewBefore::Seconds(5000), RenewBefore::Percent(33)),
            (RenewBefore::Percent(99), RenewBefore::Percent(99)),
        ] {
            assert_eq!(rule.fitting(&validity), fitting);
        }
    }
}
