//! Records: one JSON object on one line, schema version 1.
//!
//! The bytes are the record; a [`Record`] is only a view of them. The one struct both writes and reads the line, so the two
//! cannot drift apart.

pub mod draft;
mod encoding;
pub mod event;
pub mod facts;
pub mod late;
pub mod value;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use self::event::Event;
use self::facts::{
    Actor, ActorSource, CertificateFacts, Failure, Outcome, PolicyDecision, Reference, Remote, RequestFacts,
    TargetFacts, Why,
};
use self::value::{Id, instant_millis};
use certroll_base::clock::Timestamp;

/// The version of the schema that is written.
pub const VERSION: u32 = 1;
/// No record is larger: C2SP tlog-tiles gives the length of an entry 16 bits.
pub const MAX_BYTES: usize = 65_535;

/// Why something is not a record.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The line would be or is longer than an entry of the log may be.
    #[error("a record of {0} bytes is over the limit of 65535 bytes")]
    TooLong(usize),
    /// The line has a NUL, CR or LF.
    #[error("a record is one line without control characters")]
    NotOneLine,
    /// The same facts, written otherwise: white space, another order, a field twice, another spelling of a number or a text.
    #[error("not in the one encoding of a record")]
    Encoding,
    /// A later version of certroll wrote it.
    #[error("a record of schema version {0}; this program reads version 1")]
    Version(u32),
    /// The JSON is malformed, or has a field that the schema does not have.
    #[error("not a record of schema version 1")]
    Json(#[from] serde_json::Error),
}

/// A record as it stands in the log. The order of the fields is the order in the line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "the fields of `self::draft::Draft`, where each is explained, behind version, place and time"
)]
pub struct Record<'a> {
    pub v: u32,
    pub seq: u64,
    pub id: Id,
    pub op: Id,
    pub sess: Id,
    #[serde(with = "instant_millis")]
    pub ts: Timestamp,
    pub mono: u64,
    pub ev: Event,
    pub out: Outcome,
    pub actor: Cow<'a, Actor>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub src: Option<Cow<'a, ActorSource>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Cow<'a, Why>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pol: Option<Cow<'a, PolicyDecision>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub req: Option<Cow<'a, RequestFacts>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cert: Option<Cow<'a, CertificateFacts>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rem: Option<Cow<'a, Remote>>,
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
    #[serde(default, skip_serializing_if = "<[Reference]>::is_empty")]
    pub appr: Cow<'a, [Reference]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tgt: Option<Cow<'a, TargetFacts>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub err: Option<Cow<'a, Failure>>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub x: Cow<'a, Map<String, Value>>,
}

impl Record<'static> {
    /// Reads a line without its line end.
    ///
    /// # Errors
    /// It is not a record of schema version 1.
    pub fn parse(line: &[u8]) -> Result<Self, RecordError> {
        check_line(line)?;
        match serde_json::from_slice::<Self>(line) {
            // The one encoding: what is written of it is the line again, and no field of `x` is a fraction.
            Ok(record) if record.v == VERSION && !encoding::is_canonical(&record, line) => Err(RecordError::Encoding),
            Ok(record) if record.v == VERSION => Ok(record),
            Ok(record) => Err(RecordError::Version(record.v)),
            // A later schema has fields that this one does not know: say so rather than complain of the field.
            Err(error) => match serde_json::from_slice::<Version>(line) {
                Ok(Version { v }) if v != VERSION => Err(RecordError::Version(v)),
                _ => Err(error.into()),
            },
        }
    }
}

impl Record<'_> {
    /// How many certificates an intent announces.
    pub fn count(&self) -> u64 {
        self.req.as_ref().and_then(|req| req.count).unwrap_or(1)
    }

    /// Whether this ends an intent although it is not known, and will not be, whether there is a certificate (`x.ended`).
    pub fn ends_unknown(&self) -> bool {
        self.ev == Event::CertIssueIndeterminate && self.x.get("ended").is_some_and(|value| *value == Value::Bool(true))
    }

    /// Whether this tells of a certificate that was not issued here but taken over (`x.imported`).
    pub fn is_imported(&self) -> bool {
        self.x.get("imported").is_some_and(|value| *value == Value::Bool(true))
    }
}

#[derive(Deserialize)]
struct Version {
    v: u32,
}

pub(super) fn check_line(line: &[u8]) -> Result<(), RecordError> {
    if line.len() > MAX_BYTES {
        return Err(RecordError::TooLong(line.len()));
    }
    // Without an early exit the compiler looks at many bytes at once: 0.05 instead of 1.5 microseconds.
    if line.iter().fold(false, |found, b| found | matches!(b, 0 | b'\r' | b'\n')) {
        return Err(RecordError::NotOneLine);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::sample;

    #[test]
    fn what_is_written_is_read_and_written_alike() {
        let draft = sample::full();
        let line = draft.seal(9, Timestamp::from_millis(5)).unwrap();
        let record = Record::parse(&line).unwrap();
        assert_eq!(record, draft.at(9, Timestamp::from_millis(5)));
        assert_eq!(serde_json::to_vec(&record).unwrap(), line);
        assert_eq!(line, draft.seal(9, Timestamp::from_millis(5)).unwrap());
    }

    #[test]
    fn other_lines_are_refused() {
        let line = String::from_utf8(sample::full().seal(9, Timestamp::from_millis(5)).unwrap()).unwrap();
        for changed in [
            line.replace("\"mono\"", "\"nono\""),
            line.replace("\"mono\":0", "\"mono\":0,\"mono\":0"),
            line.replace("\"rule\"", "\"rune\""),
            line.replace(".005Z", ".0050Z"),
            line.replace("00.005Z", "00.005+00:00"),
            line.replace("cert.issued", "cert.made"),
            format!("{line}\n"),
            format!("{line}{{}}"),
            String::new(),
        ] {
            assert!(Record::parse(changed.as_bytes()).is_err(), "{changed}");
        }
        let later = line.replacen("{\"v\":1,", "{\"v\":2,\"new\":0,", 1);
        assert!(matches!(Record::parse(later.as_bytes()), Err(RecordError::Version(2))));
    }
}
