//! Records: one JSON object on one line, schema version 1.
//!
//! A [`Draft`] becomes bytes once, by [`Draft::seal`], when its place in the log is known. From then on the bytes are the
//! record; a [`Record`] is only a view of them.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::event::Event;
use super::facts::{
    Actor, CertificateFacts, Failure, Outcome, PolicyDecision, Reference, Remote, RequestFacts, Source, TargetFacts,
    Why,
};
use super::value::{Id, instant_millis};
use crate::base::clock::{Clock as _, SystemClock, Timestamp};

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
    /// A later version of certroll wrote it.
    #[error("a record of schema version {0}; this program reads version 1")]
    Version(u32),
    /// The JSON is malformed, or has a field that the schema does not have.
    #[error("not a record of schema version 1")]
    Json(#[from] serde_json::Error),
}

/// Everything about an event but its place in the log and its time.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Names this record. Written again after an ambiguous commit, a draft keeps its name.
    pub id: Id,
    /// Joins all records of one operation, from intent to completion.
    pub op: Id,
    /// Joins all records of one process.
    pub sess: Id,
    /// Milliseconds since the session began, by a clock that nobody can set.
    pub mono: u64,
    /// What happened.
    pub ev: Event,
    /// How it ended.
    pub out: Outcome,
    /// Who did it.
    pub actor: Arc<Actor>,
    /// From where.
    pub src: Option<Arc<Source>>,
    /// For what reason.
    pub why: Option<Arc<Why>>,
    /// By leave of which policy.
    pub pol: Option<Arc<PolicyDecision>>,
    /// What is asked for.
    pub req: Option<RequestFacts>,
    /// The certificate it is about.
    pub cert: Option<CertificateFacts>,
    /// The call to a back end.
    pub rem: Option<Remote>,
    /// The intent that this record closes; `ref` in the line.
    pub reference: Option<Reference>,
    /// The approvals it rests on.
    pub appr: Vec<Reference>,
    /// Where a certificate was installed.
    pub tgt: Option<TargetFacts>,
    /// What went wrong.
    pub err: Option<Failure>,
    /// What the schema has no field for.
    pub x: Map<String, Value>,
}

impl Draft {
    /// A draft with the parts that every record has; the others are filled in by their fields.
    pub fn new(event: Event, outcome: Outcome, op: Id, session: Id, actor: Arc<Actor>) -> Self {
        Self {
            id: Id::new(SystemClock.now()),
            op,
            sess: session,
            mono: 0,
            ev: event,
            out: outcome,
            actor,
            src: None,
            why: None,
            pol: None,
            req: None,
            cert: None,
            rem: None,
            reference: None,
            appr: Vec::new(),
            tgt: None,
            err: None,
            x: Map::new(),
        }
    }

    /// The bytes of the record at its place in the log, without line end. Sealing again gives the same bytes.
    ///
    /// # Errors
    /// The record is too long.
    pub fn seal(&self, seq: u64, ts: Timestamp) -> Result<Vec<u8>, RecordError> {
        let mut line = Vec::with_capacity(1024);
        serde_json::to_writer(&mut line, &self.at(seq, ts))?;
        check_line(&line)?;
        Ok(line)
    }

    /// This draft seen as the record it would be there; nothing is copied.
    pub fn at(&self, seq: u64, ts: Timestamp) -> Record<'_> {
        Record {
            v: VERSION,
            seq,
            id: self.id,
            op: self.op,
            sess: self.sess,
            ts,
            mono: self.mono,
            ev: self.ev,
            out: self.out,
            actor: Cow::Borrowed(&self.actor),
            src: self.src.as_deref().map(Cow::Borrowed),
            why: self.why.as_deref().map(Cow::Borrowed),
            pol: self.pol.as_deref().map(Cow::Borrowed),
            req: self.req.as_ref().map(Cow::Borrowed),
            cert: self.cert.as_ref().map(Cow::Borrowed),
            rem: self.rem.as_ref().map(Cow::Borrowed),
            reference: self.reference,
            appr: Cow::Borrowed(&self.appr),
            tgt: self.tgt.as_ref().map(Cow::Borrowed),
            err: self.err.as_ref().map(Cow::Borrowed),
            x: Cow::Borrowed(&self.x),
        }
    }
}

/// A record as it stands in the log. The order of the fields is the order in the line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields of `Draft`, where each is explained, behind version, place and time")]
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
    pub src: Option<Cow<'a, Source>>,
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

    /// Whether this tells of a certificate that was not issued here but taken over (`x.imported`).
    pub fn is_imported(&self) -> bool {
        self.x.get("imported").is_some_and(|value| *value == Value::Bool(true))
    }
}

#[derive(Deserialize)]
struct Version {
    v: u32,
}

fn check_line(line: &[u8]) -> Result<(), RecordError> {
    if line.len() > MAX_BYTES {
        return Err(RecordError::TooLong(line.len()));
    }
    if line.iter().any(|b| matches!(b, 0 | b'\r' | b'\n')) {
        return Err(RecordError::NotOneLine);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::facts::{ActorKind, Authentication, Decision};
    use super::super::value::Digest;
    use super::*;

    fn full() -> Draft {
        let actor = Actor {
            t: ActorKind::Ci,
            id: "repo:utility/pki:ref:refs/heads/main".into(),
            auth: Authentication::Oidc,
            ev: Some(Digest([1; 32])),
            obo: None,
            claimed: [("GITLAB_USER".to_owned(), "kim".to_owned())].into(),
        };
        let id = |n| Id::new(Timestamp::from_secs(n));
        let policy = PolicyDecision {
            id: "baseline".into(),
            sha256: Digest([2; 32]),
            rule: Some("ttl".into()),
            decision: Decision::Allow,
        };
        Draft {
            why: Some(Arc::new(Why { code: "due".into(), text: Some("a\r\n\0b".into()), ..Why::default() })),
            pol: Some(Arc::new(policy)),
            req: Some(RequestFacts {
                template: Some("broker".into()),
                names: vec!["CN=b1".into(), "DNS:b1.example".into()],
                na: Some(Timestamp::from_secs(1_800_000_000)),
                ..RequestFacts::default()
            }),
            cert: Some(CertificateFacts {
                iss: "CN=Issuing CA".into(),
                sn: "0a1b".into(),
                sha256: Digest([3; 32]),
                spki: Digest([4; 32]),
                san: vec!["DNS:b1.example".into()],
                nb: Timestamp::from_secs(1_790_000_000),
                na: Timestamp::NO_EXPIRY,
                alg: "ec:p256".into(),
                prev: None,
            }),
            reference: Some(Reference { seq: 6, leaf: Digest([5; 32]) }),
            ..Draft::new(Event::CertIssued, Outcome::Ok, id(1), id(2), Arc::new(actor))
        }
    }

    #[test]
    fn a_line_has_the_documented_order_and_form() {
        let id = |text: &str| text.parse::<Id>().unwrap();
        let actor = Actor {
            t: ActorKind::User,
            id: "uid:1000".into(),
            auth: Authentication::OsUid,
            ev: None,
            obo: None,
            claimed: [].into(),
        };
        let mut draft = Draft::new(
            Event::AuthDenied,
            Outcome::Denied,
            id("019aa5c3-8a00-7000-8000-000000000001"),
            id("019aa5c3-8a00-7000-8000-000000000002"),
            Arc::new(actor),
        );
        draft.id = id("019aa5c3-8a00-7000-8000-000000000003");
        draft.err = Some(Failure { code: "forbidden".into(), text: "no".into() });
        draft.x.insert("late".into(), true.into());
        let line = draft.seal(7, Timestamp::from_millis(1_795_000_000_123)).unwrap();
        assert_eq!(
            String::from_utf8(line).unwrap(),
            concat!(
                r#"{"v":1,"seq":7,"id":"019aa5c3-8a00-7000-8000-000000000003","op":"019aa5c3-8a00-7000-8000-000000000001","#,
                r#""sess":"019aa5c3-8a00-7000-8000-000000000002","ts":"2026-11-18T11:06:40.123Z","mono":0,"#,
                r#""ev":"auth.denied","out":"denied","actor":{"t":"user","id":"uid:1000","auth":"os-uid"},"#,
                r#""err":{"code":"forbidden","text":"no"},"x":{"late":true}}"#
            )
        );
    }

    #[test]
    fn what_is_written_is_read_and_written_alike() {
        let draft = full();
        let line = draft.seal(9, Timestamp::from_millis(5)).unwrap();
        let record = Record::parse(&line).unwrap();
        assert_eq!(record, draft.at(9, Timestamp::from_millis(5)));
        assert_eq!(serde_json::to_vec(&record).unwrap(), line);
        assert_eq!(line, draft.seal(9, Timestamp::from_millis(5)).unwrap());
    }

    #[test]
    fn other_lines_are_refused() {
        let line = String::from_utf8(full().seal(9, Timestamp::from_millis(5)).unwrap()).unwrap();
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

    #[test]
    fn the_limit_of_an_entry_is_kept() {
        let mut draft = full();
        let room = MAX_BYTES - draft.seal(0, Timestamp::from_secs(0)).unwrap().len();
        draft.err = Some(Failure { code: "x".into(), text: String::new() });
        let frame = draft.seal(0, Timestamp::from_secs(0)).unwrap().len() - (MAX_BYTES - room);
        draft.err = Some(Failure { code: "x".into(), text: "y".repeat(room - frame) });
        assert_eq!(draft.seal(0, Timestamp::from_secs(0)).unwrap().len(), MAX_BYTES);
        assert!(matches!(draft.seal(10, Timestamp::from_secs(0)), Err(RecordError::TooLong(65_536))));
    }

    #[test]
    #[ignore = "a measurement, for a release build: cargo test --release -- --ignored --nocapture"]
    #[expect(clippy::print_stderr, reason = "its result is for reading")]
    fn sealing_takes_microseconds() {
        let draft = full();
        let started = std::time::Instant::now();
        let bytes: usize = (0..100_000).map(|n| draft.seal(n, Timestamp::from_secs(0)).unwrap().len()).sum();
        let each = started.elapsed() / 100_000;
        let started = std::time::Instant::now();
        (0..100_000).for_each(|_| drop(Draft::new(draft.ev, draft.out, draft.op, draft.sess, draft.actor.clone())));
        eprintln!("seal {each:?} for {} bytes, draft {:?}", bytes / 100_000, started.elapsed() / 100_000);
    }
}
