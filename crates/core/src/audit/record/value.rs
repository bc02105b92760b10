//! Identifiers, digests and instants as they are written into records: one spelling each.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};
use uuid::{Builder, Uuid};

use certroll_base::clock::Timestamp;
use certroll_base::encoding::{self, Sha256};
use certroll_base::random;

/// Why a text is not a value of a record.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ValueError {
    /// Not a UUID in lower case with hyphens.
    #[error("`{0}` is not a lower-case UUID")]
    Id(String),
    /// Not 64 lower-case hexadecimal digits.
    #[error("`{0}` is not a SHA-256 digest in lower-case hexadecimal")]
    Digest(String),
}

/// The name of a record, an operation or a session: a UUIDv7 (RFC 9562 section 5.7), so that names sort by time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(Uuid);

impl Id {
    /// A new name made at that time; names of one millisecond differ by 74 random bits.
    pub fn new(at: Timestamp) -> Self {
        let millis = u64::try_from(at.millis()).unwrap_or_default();
        Self(Builder::from_unix_timestamp_millis(millis, &random::bytes()).into_uuid())
    }

    /// The time it was made at, in whole milliseconds (RFC 9562 section 5.7: the first 48 bits).
    pub fn made_at(&self) -> Timestamp {
        let millis = self.as_bytes()[..6].iter().fold(0, |millis, byte| millis << 8 | i64::from(*byte));
        Timestamp::from_millis(millis)
    }

    /// The sixteen bytes.
    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Id {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let id = Uuid::try_parse(text).map_err(|_| ValueError::Id(text.to_owned()))?;
        // The library also reads upper case, braces and `urn:uuid:`; the log knows one spelling.
        let mut buffer = Uuid::encode_buffer();
        if id.as_hyphenated().encode_lower(&mut buffer) == text {
            Ok(Self(id))
        } else {
            Err(ValueError::Id(text.to_owned()))
        }
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.as_hyphenated().encode_lower(&mut Uuid::encode_buffer()))
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_text(deserializer, "a UUID")
    }
}

/// A SHA-256 digest, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub Sha256);

impl<T: Into<Sha256>> From<T> for Digest {
    fn from(digest: T) -> Self {
        Self(digest.into())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&encoding::hex(&self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Digest {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let mut digest = [0; 32];
        match base16ct::lower::decode(text, &mut digest) {
            Ok(bytes) if bytes.len() == 32 => Ok(Self(digest)),
            _ => Err(ValueError::Digest(text.to_owned())),
        }
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = [0; 64];
        serializer.serialize_str(base16ct::lower::encode_str(&self.0, &mut text).map_err(S::Error::custom)?)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_text(deserializer, "a SHA-256 digest")
    }
}

/// Reads a value that is written as a JSON string, without copying the text.
pub(crate) fn from_text<'de, D, T>(deserializer: D, expected: &'static str) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: fmt::Display>,
{
    struct Text<T>(&'static str, std::marker::PhantomData<T>);

    impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(E::custom)
        }
    }

    deserializer.deserialize_str(Text(expected, std::marker::PhantomData))
}

/// An instant with milliseconds: the time of a record.
pub(crate) mod instant_millis {
    use crate::audit::record::value::*;

    pub(crate) fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&at.to_rfc3339_millis())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        parse(deserializer, Timestamp::to_rfc3339_millis)
    }
}

/// An instant in whole seconds: the validity of a certificate.
pub(crate) mod instant {
    use crate::audit::record::value::*;

    pub(crate) fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(at)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        parse(deserializer, |at| at.to_string())
    }
}

/// As [`instant`], for a field that may be absent.
pub(crate) mod instant_option {
    use crate::audit::record::value::*;

    pub(crate) fn serialize<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => instant::serialize(at, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
        instant::deserialize(deserializer).map(Some)
    }
}

fn parse<'de, D: Deserializer<'de>>(deserializer: D, form: fn(Timestamp) -> String) -> Result<Timestamp, D::Error> {
    let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
    // RFC 3339 spells one instant in many ways (`+00:00`, `z`, any number of digits); the log in one.
    Timestamp::parse(&text)
        .filter(|at| form(*at) == *text)
        .ok_or_else(|| D::Error::custom(format_args!("`{text}` is not a time as the log writes it")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_carry_their_time_and_never_repeat() {
        let at = Timestamp::from_millis(1_795_000_000_123);
        let (a, b) = (Id::new(at), Id::new(at));
        assert_ne!(a, b);
        assert_eq!(a.as_bytes()[..6], at.millis().to_be_bytes()[2..]);
        assert_eq!((a.0.get_version_num(), a.to_string().len()), (7, 36));
        assert!(Id::new(Timestamp::from_millis(at.millis() + 1)) > a);
    }

    #[test]
    fn values_have_one_spelling() {
        let id = Id::new(Timestamp::from_secs(1));
        assert_eq!(id.to_string().parse(), Ok(id));
        for alias in [format!("{{{id}}}"), format!("urn:uuid:{id}"), id.to_string().replace('-', "")] {
            assert!(alias.parse::<Id>().is_err(), "{alias}");
        }
        let digest = Digest([0xab; 32]);
        assert_eq!(digest.to_string().parse(), Ok(digest));
        for alias in [digest.to_string().to_uppercase(), "ab".repeat(31), "ab".repeat(33), String::new()] {
            assert!(alias.parse::<Digest>().is_err(), "{alias}");
        }
    }
}
