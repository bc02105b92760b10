//! What the records of a session and of an operation share is said once.
//!
//! Since schema version 2 a record without `actor` has the actor and the source of its `session.start`, and a record without
//! `why` has that of the last record of its operation, in its session, which states one. A record with an actor of its own, such
//! as one that was merged late, takes nothing over. `cert.revoked` always states why, for a CRL is made from it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::Record;
use super::draft::Draft;
use super::event::Event;
use super::facts::{Actor, ActorSource, Why};
use super::value::Id;

/// What was read of the sessions that have not ended. Memory grows with those, and with the operations in them that state why.
#[derive(Clone, Debug, Default)]
pub struct SessionFacts {
    sessions: HashMap<Id, Shared>,
    /// The reasons of all operations, each held once: one command mostly has one.
    reasons: Vec<Arc<Why>>,
}

#[derive(Clone, Debug)]
struct Shared {
    actor: Arc<Actor>,
    source: Option<Arc<ActorSource>>,
    why: HashMap<Id, Arc<Why>>,
}

/// So many reasons are held for comparison; what differs from all of them is held by itself.
const REASONS: usize = 64;

impl SessionFacts {
    /// Takes the next record, and fills in what it leaves to its session and its operation. `false` if its session is not known:
    /// it began before the first record that was given here, or never, or has ended.
    pub fn complete(&mut self, record: &mut Record<'static>) -> bool {
        if record.v < super::VERSION {
            return true;
        }
        if record.ev == Event::SessionStart {
            self.begin(record);
            return true;
        }
        let known = record.actor.is_some() || self.fill(record);
        if record.ev == Event::SessionStop {
            self.sessions.remove(&record.sess);
            if self.sessions.is_empty() {
                self.reasons.clear();
            }
        }
        known
    }

    fn begin(&mut self, record: &Record<'static>) {
        let Some(actor) = record.actor.as_deref() else { return };
        let source = record.src.as_deref().cloned().map(Arc::new);
        let shared = Shared { actor: Arc::new(actor.clone()), source, why: HashMap::new() };
        self.sessions.insert(record.sess, shared);
    }

    fn fill(&mut self, record: &mut Record<'static>) -> bool {
        let Some(shared) = self.sessions.get_mut(&record.sess) else { return false };
        record.actor = Some(Cow::Owned((*shared.actor).clone()));
        record.src = shared.source.as_deref().map(|source| Cow::Owned(source.clone()));
        match record.why.as_deref() {
            Some(why) => {
                shared.why.insert(record.op, interned(&mut self.reasons, why));
            }
            None => record.why = shared.why.get(&record.op).map(|why| Cow::Owned((**why).clone())),
        }
        true
    }
}

fn interned(reasons: &mut Vec<Arc<Why>>, why: &Why) -> Arc<Why> {
    if let Some(known) = reasons.iter().find(|known| ***known == *why) {
        return known.clone();
    }
    let new = Arc::new(why.clone());
    if reasons.len() < REASONS {
        reasons.push(new.clone());
    }
    new
}

/// Leaves out what records that are written together say twice: why, after the first of an operation that states it.
pub fn say_once(records: &mut [Draft]) {
    let mut said: HashMap<Id, Arc<Why>> = HashMap::new();
    for record in records {
        let Some(why) = record.why.clone() else { continue };
        let shares = record.actor.is_none() && record.ev != Event::CertRevoked;
        if shares && said.get(&record.op).is_some_and(|known| *known == why) {
            record.why = None;
        } else if record.actor.is_none() {
            said.insert(record.op, why);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::record::facts::Outcome;
    use crate::audit::sample;
    use certroll_base::clock::Timestamp;

    fn read(facts: &mut SessionFacts, draft: &Draft) -> (bool, Record<'static>) {
        let mut record = Record::parse(&draft.seal(0, Timestamp::from_secs(5)).unwrap()).unwrap();
        (facts.complete(&mut record), record)
    }

    #[test]
    fn a_session_says_once_who_acts_and_an_operation_why() {
        let [session, op, other, _] = sample::ids();
        let actor = sample::full().actor;
        let why = |code: &str| Some(Arc::new(Why { code: code.into(), ..Why::default() }));
        let draft = |ev, op| Draft::new(ev, Outcome::Ok, op, session);
        let mut facts = SessionFacts::default();
        assert!(!read(&mut facts, &draft(Event::CertRequest, op)).0, "no session has begun");
        let start = Draft { actor: actor.clone(), ..draft(Event::SessionStart, session) };
        assert!(read(&mut facts, &start).0 && facts.sessions.contains_key(&session));
        let mut records = vec![
            Draft { why: why("due"), ..draft(Event::CertRequest, op) },
            Draft { why: why("due"), ..draft(Event::CertIssueIntent, op) },
            Draft { why: why("due"), ..draft(Event::CertRevoked, op) },
            Draft { why: why("due"), ..draft(Event::CertRequest, other) },
            Draft { why: why("due"), actor: sample::Log::actor(), ..draft(Event::CertRequest, op) },
            Draft { why: why("manual"), ..draft(Event::CertRequest, op) },
            draft(Event::CertIssued, other),
        ];
        let all: Vec<_> = records.iter().map(|record| record.why.clone()).collect();
        say_once(&mut records);
        let stated: Vec<_> = records.iter().map(|record| record.why.is_some()).collect();
        assert_eq!(stated, [true, false, true, true, true, true, false]);
        for (at, (record, why)) in records.iter().zip(all).enumerate() {
            let (known, read) = read(&mut facts, record);
            let why = why.or_else(|| records[3].why.clone());
            assert!(known && read.why.as_deref() == why.as_deref(), "record {at}");
            let own = record.actor.as_ref().or(actor.as_ref()).unwrap();
            assert_eq!(read.actor.as_deref(), Some(&**own), "record {at}");
        }
        assert!(read(&mut facts, &draft(Event::SessionStop, session)).0);
        assert!(!read(&mut facts, &draft(Event::CertIssued, op)).0, "its session has ended");
        assert!(facts.sessions.is_empty() && facts.reasons.is_empty());
    }
}
