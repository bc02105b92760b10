//! Records: one JSON object on one line, schema version 2; lines of version 1 are read as well.
//!
//! The bytes are the record; a [`Record`] is only a view of them. The one struct both writes and reads the line, so the two
//! cannot drift apart.
//!
//! Version 2 says once what all records of a session share: `session.start` has the actor, where it acts from and for what
//! reason, and the other records of the session leave out what is the same ([`session::SessionFacts`]). A log that began in
//! version 1 goes on in version 2; it never goes back.

pub mod draft;
mod encoding;
pub mod event;
pub mod facts;
pub mod late;
pub mod session;
mod target;
pub mod value;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use self::event::Event;
use self::facts::{
    Actor, ActorSource, CertificateFacts, CrlFacts, DeviceFacts, Failure, Outcome, PolicyDecision, Reference, Remote,
    RequestFacts, SignerFacts, TargetFacts, Why,
};
use self::value::{Digest, Id, instant_millis};
use certroll_base::clock::Timestamp;

/// The version of the schema that is written.
pub const VERSION: u32 = 2;
/// The version of the schema that certroll 0.1 wrote.
const FIRST_VERSION: u32 = 1;
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
    #[error("a record of schema version {0}; this program reads versions 1 and 2")]
    Version(u32),
    /// The JSON is malformed, or has a field that the schema does not have.
    #[error("not a record")]
    Json(#[from] serde_json::Error),
    /// A field that every record of its kind has is missing.
    #[error("a record of schema version {version} without `{field}`")]
    Missing {
        /// The version it says to have.
        version: u32,
        /// The field.
        field: &'static str,
    },
    /// A record of version 1 has a field of version 2.
    #[error("a record of schema version 1 with a field of version 2")]
    Later,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<Cow<'a, Actor>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub src: Option<Cow<'a, ActorSource>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Cow<'a, Why>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<Digest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pol: Option<Cow<'a, PolicyDecision>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub req: Option<Cow<'a, RequestFacts>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cert: Option<Cow<'a, CertificateFacts>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signer: Option<Cow<'a, SignerFacts>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crl: Option<Cow<'a, CrlFacts>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dev: Option<Cow<'a, DeviceFacts>>,
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
    /// It is not a record of a schema version that this program knows.
    pub fn parse(line: &[u8]) -> Result<Self, RecordError> {
        check_line(line)?;
        let record = match serde_json::from_slice::<Self>(line) {
            Ok(record) if !(FIRST_VERSION..=VERSION).contains(&record.v) => return Err(RecordError::Version(record.v)),
            Ok(record) => record,
            // A later schema has fields that this one does not know: say so rather than complain of the field.
            Err(error) => {
                return Err(match serde_json::from_slice::<Version>(line) {
                    Ok(Version { v }) if !(FIRST_VERSION..=VERSION).contains(&v) => RecordError::Version(v),
                    _ => error.into(),
                });
            }
        };
        record.check_version()?;
        // The one encoding: what is written of it is the line again, and no field of `x` is a fraction.
        if encoding::is_canonical(&record, line) { Ok(record) } else { Err(RecordError::Encoding) }
    }

    /// What the version it says to have asks of its fields.
    fn check_version(&self) -> Result<(), RecordError> {
        let version = self.v;
        if version == FIRST_VERSION {
            let parts = [
                self.req.as_deref().is_some_and(RequestFacts::is_of_version_2),
                self.tgt.as_deref().is_some_and(TargetFacts::is_of_version_2),
                self.why.as_deref().is_some_and(Why::is_of_version_2),
                self.actor.as_deref().is_some_and(Actor::is_of_version_2),
                self.item.is_some() || self.plan.is_some() || self.signer.is_some(),
                self.crl.is_some() || self.dev.is_some() || self.ev.is_of_version_2(),
            ];
            if parts.contains(&true) {
                return Err(RecordError::Later);
            }
        }
        // Before a session there is none to share an actor with.
        let alone = version == FIRST_VERSION || matches!(self.ev, Event::SessionStart | Event::LogGenesis);
        if alone && self.actor.is_none() {
            return Err(RecordError::Missing { version, field: "actor" });
        }
        if version > FIRST_VERSION && self.ev == Event::SessionStart && (self.id != self.sess || self.op != self.sess) {
            return Err(RecordError::Missing { version, field: "id and op of its session" });
        }
        Ok(())
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

    /// Whether this tells of a certificate that was issued under an earlier log and taken over into this one: `cert.imported`, or
    /// in version 1 `x.imported` of an issuance.
    pub fn is_imported(&self) -> bool {
        self.ev == Event::CertImported
            || (self.v == FIRST_VERSION && self.x.get("imported").is_some_and(|value| *value == Value::Bool(true)))
    }

    /// How many certificates a CA brings with it that is taken over; their records follow this one (`x.certificates`).
    pub fn announced_imports(&self) -> Option<u64> {
        self.x.get("certificates").and_then(Value::as_u64).filter(|_| self.ev == Event::CaImported)
    }

    /// Whether this begins a log in place of an earlier one, whose last signed checkpoint it embeds (`x.previous`).
    pub fn has_predecessor(&self) -> bool {
        let embedded = |name: &str| self.x.get("previous")?.get(name)?.as_str();
        self.ev == Event::LogGenesis
            && ["vkey", "checkpoint"].iter().all(|name| embedded(name).is_some_and(|text| !text.is_empty()))
    }

    /// The certificate revocation list that it is about; in version 1 its facts are in `x`.
    pub fn crl_facts(&self) -> Option<CrlFacts> {
        if let Some(crl) = self.crl.as_deref() {
            return Some(crl.clone());
        }
        let text = |name: &str| self.x.get(name).and_then(Value::as_str);
        let number = |name: &str| self.x.get(name).and_then(Value::as_u64);
        let (this, next) = (Timestamp::parse(text("this_update")?)?, Timestamp::parse(text("next_update")?)?);
        Some(CrlFacts {
            iss: text("issuer")?.to_owned(),
            number: number("number")?,
            sha256: text("sha256")?.parse().ok()?,
            entries: number("entries").unwrap_or_default(),
            this,
            next,
            covers: number("covers"),
        })
    }

    /// The issuer that an intent names; in version 1 in `x`.
    pub fn signer_name(&self) -> Option<&str> {
        self.signer.as_deref().map(|signer| signer.id.as_str()).or_else(|| self.x.get("issuer").and_then(Value::as_str))
    }

    /// The name of the actor; empty when the record leaves it to a session that has not been read.
    pub fn actor_name(&self) -> &str {
        self.actor.as_deref().map_or("", |actor| &actor.id)
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
    use super::draft::Draft;
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
        let later = line.replacen("{\"v\":2,", "{\"v\":3,\"new\":0,", 1);
        assert!(matches!(Record::parse(later.as_bytes()), Err(RecordError::Version(3))));
    }

    /// Version 1 has every actor in its place and nothing of version 2; version 2 leaves the actor to its session.
    #[test]
    fn each_version_has_its_fields() {
        let mut draft = sample::full();
        let seal = |draft: &Draft, version: &str| {
            let line = String::from_utf8(draft.seal(9, Timestamp::from_millis(5)).unwrap()).unwrap();
            Record::parse(line.replacen("{\"v\":2,", &format!("{{\"v\":{version},"), 1).as_bytes()).map(drop)
        };
        assert!(matches!(seal(&draft, "1"), Err(RecordError::Later)));
        draft = sample::of_version_1();
        assert!(seal(&draft, "1").is_ok() && seal(&draft, "2").is_ok());
        draft.actor = None;
        assert!(matches!(seal(&draft, "1"), Err(RecordError::Missing { field: "actor", .. })));
        assert!(seal(&draft, "2").is_ok());
        draft.ev = Event::SessionStart;
        assert!(matches!(seal(&draft, "2"), Err(RecordError::Missing { field: "actor", .. })));
        draft.actor = sample::full().actor;
        assert!(seal(&draft, "2").is_err(), "it has another id than its session");
        (draft.id, draft.op) = (draft.sess, draft.sess);
        assert!(seal(&draft, "2").is_ok());
        assert!(seal(&draft, "0").is_err() && seal(&draft, "3").is_err());
    }
}
