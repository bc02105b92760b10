//! Pairing of intents and outcomes: nothing happens unannounced, and what was announced ends once or stays visibly open.

use std::collections::HashMap;

use super::defect::Fault;
use crate::audit::record::Record;
use crate::audit::record::event::{Event, Intent};
use crate::audit::record::value::{Digest, Id};
use certroll_base::clock::Timestamp;
use certroll_base::encoding::Sha256;

/// An intent of which not every part has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnendedIntent {
    /// The operation.
    pub op: Id,
    /// What it announces.
    pub intent: Intent,
    /// Its place in the log.
    pub seq: u64,
    /// The hash of its leaf: with `seq`, what the record that ends it refers to.
    pub leaf: Digest,
    /// How many certificates have not ended.
    pub remaining: u64,
    /// Whether it announced several certificates.
    pub is_group: bool,
    /// Whether a later record says that the outcome is not known yet.
    pub indeterminate: bool,
    /// When it should have ended, by the issuer's bound; `due` in the record's `x`.
    pub due: Option<Timestamp>,
}

impl UnendedIntent {
    /// Whether it should have ended by `now`.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.due.is_some_and(|due| due <= now)
    }
}

/// How the certificates that intents announced have ended. What is not in here is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Endings {
    /// Announced: a batch counts as many as it has.
    pub announced: u64,
    /// Ended by a failure.
    pub failed: u64,
    /// Given up.
    pub abandoned: u64,
    /// Abandoned by a person; whether there is a certificate is unknown.
    pub unknown: u64,
}

/// The open intents of a log, kept up to date record by record.
///
/// An operation has at most one open intent of each kind. An intent for `count` certificates ends with as many outcomes,
/// or with one that gives up the rest. Once ended, the operation may announce again: that is how a batch is resumed.
#[derive(Clone, Debug, Default)]
pub struct OpenIntents {
    open: HashMap<(Id, Intent), UnendedIntent>,
    endings: Endings,
}

impl OpenIntents {
    /// Takes the next record into account.
    ///
    /// # Errors
    /// It does not fit the intents before it; they stay as they were.
    pub fn apply(&mut self, record: &Record<'_>, leaf: &Sha256) -> Result<(), Fault> {
        if let Some(intent) = record.ev.opens() {
            return self.announce(record, intent, leaf);
        }
        let Some(intent) = record.ev.closes().or(record.ev.continues()) else { return Ok(()) };
        if record.ev.issues() && record.is_imported() {
            return Ok(());
        }
        let key = (record.op, intent);
        let Some(open) = self.open.get_mut(&key) else {
            // Our own policy refuses a revocation before anything is announced; a refusal changes nothing in the world.
            return match record.ev {
                Event::CertRevokeRefused => Ok(()),
                event => Err(Fault::NoIntent { event, intent, op: record.op }),
            };
        };
        if record.reference.is_some_and(|to| (to.seq, to.leaf) != (open.seq, open.leaf)) {
            return Err(Fault::WrongReference(open.seq));
        }
        if record.ends_unknown() {
            self.endings.unknown = self.endings.unknown.saturating_add(open.remaining);
            self.open.remove(&key);
            return Ok(());
        }
        if record.ev.continues().is_some() {
            open.indeterminate |= record.ev == Event::CertIssueIndeterminate;
            return Ok(());
        }
        match record.ev {
            Event::CertIssueFailed => self.endings.failed += 1,
            Event::CertIssueAbandoned => {
                self.endings.abandoned = self.endings.abandoned.saturating_add(open.remaining);
            }
            _ => {}
        }
        open.remaining = if record.ev.closes_all() { 0 } else { open.remaining - 1 };
        if open.remaining == 0 {
            self.open.remove(&key);
        }
        Ok(())
    }

    /// The intent of that kind which the operation has not ended.
    pub fn of(&self, op: Id, intent: Intent) -> Option<&UnendedIntent> {
        self.open.get(&(op, intent))
    }

    /// How many certificates were announced, and how many of them ended without being issued.
    pub fn endings(&self) -> Endings {
        self.endings
    }

    /// All of them, in the order of the log.
    pub fn list(&self) -> Vec<UnendedIntent> {
        let mut list: Vec<_> = self.open.values().copied().collect();
        list.sort_unstable_by_key(|open| open.seq);
        list
    }

    fn announce(&mut self, record: &Record<'_>, intent: Intent, leaf: &Sha256) -> Result<(), Fault> {
        let op = record.op;
        if let Some(earlier) = self.of(op, intent) {
            return Err(Fault::IntentTwice { op, earlier: earlier.seq });
        }
        let remaining = record.count();
        if remaining == 0 {
            return Err(Fault::EmptyIntent);
        }
        let (seq, leaf) = (record.seq, Digest(*leaf));
        if intent == Intent::Issue {
            self.endings.announced = self.endings.announced.saturating_add(remaining);
        }
        let due = record.x.get("due").and_then(|due| due.as_str()).and_then(Timestamp::parse);
        let is_group = remaining > 1;
        let open = UnendedIntent { op, intent, seq, leaf, remaining, is_group, indeterminate: false, due };
        self.open.insert((op, intent), open);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::record::draft::Draft;
    use crate::audit::record::facts::Reference;
    use crate::audit::sample::{Log, ids, log as sample};
    use crate::audit::verify::LogVerifier;
    use crate::audit::verify::defect::Defect;
    use certroll_tlog::leaf_hash;

    /// The fault of the last record; those before it are good.
    fn fault(log: &Log) -> Option<Fault> {
        let mut verifier = LogVerifier::default();
        match log.0.iter().try_for_each(|line| verifier.push(line)) {
            Err(Defect::Record { seq, fault }) => {
                assert_eq!(seq as usize, log.0.len() - 1, "{fault}");
                Some(fault)
            }
            other => other.map(|()| None).unwrap(),
        }
    }

    #[test]
    fn nothing_happens_unannounced_or_twice() {
        let [a, b, c, d] = ids();
        let after = |add: &dyn Fn(&mut Log)| {
            let mut log = sample();
            add(&mut log);
            fault(&log)
        };
        let no_intent = |fault| matches!(fault, Some(Fault::NoIntent { .. }));
        assert!(no_intent(after(&|log| log.about(Event::CertIssued, a, "09"))), "after its intent was closed");
        assert!(no_intent(after(&|log| log.about(Event::CaCertIssued, c, "09"))), "a revoke intent is no issue intent");
        assert!(no_intent(after(&|log| log.event(Event::CertIssueFailed, b))));
        assert!(no_intent(after(&|log| log.about(Event::CertRevoked, c, "03"))));
        assert!(no_intent(after(&|log| log.event(Event::CertIssueSubmitted, b))));
        assert!(matches!(
            after(&|log| log.event(Event::CertIssueIntent, d)),
            Some(Fault::IntentTwice { earlier: 10, .. })
        ));
        assert!(matches!(after(&|log| log.batch(a, 0)), Some(Fault::EmptyIntent)));
        assert!(matches!(after(&|log| log.event(Event::CertIssued, d)), Some(Fault::NoCertificate)));
        assert!(matches!(after(&|log| log.about(Event::CertIssued, d, "03")), Some(Fault::SerialTwice { .. })));
        let revoke_unknown = |log: &mut Log| {
            log.event(Event::CertRevokeIntent, a);
            log.about(Event::CertRevoked, a, "77");
        };
        assert!(matches!(after(&revoke_unknown), Some(Fault::UnknownCertificate { .. })));
        assert!(after(&|log| log.event(Event::CertRevokeRefused, a)).is_none(), "a refusal needs no intent");
        assert!(after(&|log| log.about(Event::CertIssued, d, "09")).is_none(), "negative control");
    }

    #[test]
    fn an_intent_can_end_although_nobody_knows_how() {
        let [.., d] = ids();
        let mut draft = Log::draft(Event::CertIssueIndeterminate, d);
        draft.x.insert("ended".into(), true.into());
        let mut log = sample();
        log.add(&draft);
        let mut verifier = LogVerifier::default();
        log.0.iter().for_each(|line| verifier.push(line).unwrap());
        let found = verifier.finish().unwrap();
        assert_eq!((found.announced, found.issued, found.abandoned, found.unknown, found.open.len()), (5, 3, 1, 1, 0));
        // It has ended: nothing more can come of it, and the operation may announce anew.
        let mut late = log.clone();
        late.about(Event::CertIssued, d, "09");
        assert!(matches!(fault(&late), Some(Fault::NoIntent { .. })));
        log.event(Event::CertIssueIntent, d);
        assert!(fault(&log).is_none());
        // Only that event, and only if it says so.
        for (event, ended) in [(Event::CertIssueIndeterminate, false), (Event::CertIssueSubmitted, true)] {
            let mut log = sample();
            let mut draft = Log::draft(event, d);
            draft.x.insert("ended".into(), ended.into());
            log.add(&draft);
            let mut verifier = LogVerifier::default();
            log.0.iter().for_each(|line| verifier.push(line).unwrap());
            assert_eq!(verifier.finish().unwrap().open.len(), 1, "{event} {ended}");
        }
    }

    #[test]
    fn references_and_imports() {
        let [.., d] = ids();
        for (seq, good) in [(10, true), (9, false)] {
            let mut log = sample();
            let leaf = Digest(leaf_hash(&log.0[10]));
            let reference = Some(Reference { seq, leaf });
            log.add(&Draft { reference, ..Log::draft(Event::CertIssueFailed, d) });
            assert_eq!(fault(&log).is_none(), good, "ref to record {seq}");
        }
        // Taken over from an earlier log, which the first record must name: in version 1 by a mark, in version 2 by an event.
        for (version, event) in [(1, Event::CertIssued), (2, Event::CertImported)] {
            for previous in [true, false] {
                let mut genesis = Log::draft(Event::LogGenesis, ids()[0]);
                let named = serde_json::json!({"vkey": "k", "checkpoint": "c"});
                genesis.x.extend(previous.then(|| ("previous".to_owned(), named)));
                let mut imported = Log::draft(event, ids()[0]);
                imported.cert = Record::parse(&sample().0[3]).unwrap().cert.map(|cert| cert.into_owned());
                imported.x.extend((version == 1).then(|| ("imported".to_owned(), true.into())));
                let mut log = Log(Vec::new());
                log.add(&genesis);
                log.add(&imported);
                log.rewrite_as(version);
                let mut verifier = LogVerifier::default();
                verifier.push(&log.0[0]).unwrap();
                let taken = verifier.push(&log.0[1]);
                assert_eq!(taken.is_ok(), previous, "{version} {taken:?}");
                let found = verifier.finish().unwrap();
                assert_eq!((found.issued, found.imported, found.open.len()), (0, 1, 0));
            }
        }
    }
}
