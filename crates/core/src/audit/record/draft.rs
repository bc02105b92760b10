//! Records before they have their place in the log.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::event::Event;
use super::facts::{
    Actor, ActorSource, CertificateFacts, CrlFacts, DeviceFacts, Failure, Outcome, PolicyDecision, Reference, Remote,
    RequestFacts, SignerFacts, TargetFacts, Why,
};
use super::value::{Digest, Id};
use crate::audit::record::{Record, RecordError, VERSION, check_line};
use certroll_base::clock::{Clock as _, SystemClock, Timestamp};

/// Everything about an event but its place in the log and its time.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Names this record. Written again after an ambiguous commit, a draft keeps its name.
    pub id: Id,
    /// Joins all records of one operation, from intent to completion.
    pub op: Id,
    /// Joins all records of one process.
    pub sess: Id,
    /// Milliseconds since the session began, by a monotonic clock.
    pub mono: u64,
    /// What happened.
    pub ev: Event,
    /// How it ended.
    pub out: Outcome,
    /// Which certificate of an operation of several, counted from 0 in the order of the intent. Records of an operation without
    /// it are about all of them.
    pub item: Option<u64>,
    /// Who did it, if another than the actor of the session.
    pub actor: Option<Arc<Actor>>,
    /// From where; only with `actor`.
    pub src: Option<Arc<ActorSource>>,
    /// For what reason, if another than that of the session.
    pub why: Option<Arc<Why>>,
    /// SHA-256 of the plan that is carried out.
    pub plan: Option<Digest>,
    /// By leave of which policy.
    pub pol: Option<Arc<PolicyDecision>>,
    /// What is asked for.
    pub req: Option<RequestFacts>,
    /// The certificate it is about.
    pub cert: Option<CertificateFacts>,
    /// Whose signature it has, or is going to have.
    pub signer: Option<SignerFacts>,
    /// The certificate revocation list it is about.
    pub crl: Option<CrlFacts>,
    /// The device it is about.
    pub dev: Option<DeviceFacts>,
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
    pub fn new(event: Event, outcome: Outcome, op: Id, session: Id) -> Self {
        // Whoever knows the session finds its beginning.
        let id = if event == Event::SessionStart { session } else { Id::new(SystemClock.now()) };
        Self {
            id,
            op,
            sess: session,
            mono: 0,
            ev: event,
            out: outcome,
            item: None,
            actor: None,
            src: None,
            why: None,
            plan: None,
            pol: None,
            req: None,
            cert: None,
            signer: None,
            crl: None,
            dev: None,
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
            item: self.item,
            actor: self.actor.as_deref().map(Cow::Borrowed),
            src: self.src.as_deref().map(Cow::Borrowed),
            why: self.why.as_deref().map(Cow::Borrowed),
            plan: self.plan,
            pol: self.pol.as_deref().map(Cow::Borrowed),
            req: self.req.as_ref().map(Cow::Borrowed),
            cert: self.cert.as_ref().map(Cow::Borrowed),
            signer: self.signer.as_ref().map(Cow::Borrowed),
            crl: self.crl.as_ref().map(Cow::Borrowed),
            dev: self.dev.as_ref().map(Cow::Borrowed),
            rem: self.rem.as_ref().map(Cow::Borrowed),
            reference: self.reference,
            appr: Cow::Borrowed(&self.appr),
            tgt: self.tgt.as_ref().map(Cow::Borrowed),
            err: self.err.as_ref().map(Cow::Borrowed),
            x: Cow::Borrowed(&self.x),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::record::MAX_BYTES;
    use crate::audit::record::facts::{ActorKind, Authentication};
    use crate::audit::sample;

    #[test]
    fn a_line_has_the_documented_order_and_form() {
        let id = |text: &str| text.parse::<Id>().unwrap();
        let actor = Actor::new(ActorKind::User, "uid:1000".into(), Authentication::OsUid);
        let mut draft = Draft::new(
            Event::AuthDenied,
            Outcome::Denied,
            id("019aa5c3-8a00-7000-8000-000000000001"),
            id("019aa5c3-8a00-7000-8000-000000000002"),
        );
        draft.actor = Some(Arc::new(actor));
        draft.id = id("019aa5c3-8a00-7000-8000-000000000003");
        draft.err = Some(Failure { code: "forbidden".into(), text: "no".into() });
        draft.x.insert("late".into(), true.into());
        let line = draft.seal(7, Timestamp::from_millis(1_795_000_000_123)).unwrap();
        assert_eq!(
            String::from_utf8(line).unwrap(),
            concat!(
                r#"{"v":2,"seq":7,"id":"019aa5c3-8a00-7000-8000-000000000003","op":"019aa5c3-8a00-7000-8000-000000000001","#,
                r#""sess":"019aa5c3-8a00-7000-8000-000000000002","ts":"2026-11-18T11:06:40.123Z","mono":0,"#,
                r#""ev":"auth.denied","out":"denied","actor":{"t":"user","id":"uid:1000","auth":"os-uid"},"#,
                r#""err":{"code":"forbidden","text":"no"},"x":{"late":true}}"#
            )
        );
    }

    #[test]
    fn the_limit_of_an_entry_is_kept() {
        let mut draft = sample::full();
        let room = MAX_BYTES - draft.seal(0, Timestamp::from_secs(0)).unwrap().len();
        draft.err = Some(Failure { code: "x".into(), text: String::new() });
        let frame = draft.seal(0, Timestamp::from_secs(0)).unwrap().len() - (MAX_BYTES - room);
        draft.err = Some(Failure { code: "x".into(), text: "y".repeat(room - frame) });
        assert_eq!(draft.seal(0, Timestamp::from_secs(0)).unwrap().len(), MAX_BYTES);
        assert!(matches!(draft.seal(10, Timestamp::from_secs(0)), Err(RecordError::TooLong(65_536))));
    }
}
