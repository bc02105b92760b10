//! What is due: by what its issuer advises, else by its template's rule.

use certroll_pki::digest::Fingerprint;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::Error;
use crate::issuer::{Advice, Issuer};
use crate::lifecycle::session::Session;
use crate::lifecycle::session::authority_state::AuthorityStates;
use crate::lifecycle::session::status;
use crate::store::{CertificateEntry, Query};
use certroll_base::clock::Timestamp;
use certroll_base::parallel;
use certroll_pki::x509::validity::{RenewBefore, Validity};

/// A lifetime shorter than this is replaced at its half, not at two thirds: a failed attempt needs time for others.
const SHORT_SECS: i64 = 10 * 86_400;
/// Of the lifetime, the part over which certificates from elsewhere are spread, so that a fleet does not come at once.
const SPREAD: i64 = 20;
/// So many questions to issuers are under way at the same time.
const ASKED_AT_ONCE: usize = 8;

/// The certificates due now: current, and not everywhere where they belong, or not served; or past the point that their issuer advises, or else
/// the one that their template gives; past `renew_before` instead when that is given.
///
/// # Errors
/// The inventory cannot be read. That an issuer cannot be asked is none.
pub fn due(session: &Session, renew_before: Option<RenewBefore>) -> Result<Vec<CertificateEntry>, Error> {
    let now = session.clock.now();
    let current = session.journal.store().certificates(&Query { current: true, ..Query::default() })?;
    let authorities = AuthorityStates::of(session.journal.store(), now)?;
    // Below a CA that is over no verifier accepts it, and one that would outlive its CA ends with that.
    let by_issuer = |entry: &CertificateEntry| {
        let above = authorities.above(entry);
        above.is_some_and(|above| above.status.is_over() || status::outlives(entry, above)).then_some(now)
    };
    let unserved = &session.journal.store().owed_by_services()?;
    if let Some(given) = renew_before {
        let due_at = |_, entry: &CertificateEntry| by_issuer(entry).or(given.due_at(&entry.validity));
        return Ok(keep_due(current, (now, unserved), due_at));
    }
    let advisers = Advisers::of(session, &current);
    let advice = advisers.ask_all(session, &current, now)?;
    for (entry, advice) in current.iter().zip(&advice) {
        if let Some(Advice { at, explanation: Some(page), .. }) = advice
            && *at <= now
        {
            let (name, issuer) = (&entry.name, &entry.issuer);
            session.watcher.warn(&format!("issuer `{issuer}` says why `{name}` is to be replaced: {page}"));
        }
    }
    Ok(keep_due(current, (now, unserved), |at, entry| match advice.get(at) {
        Some(Some(advice)) => Some(advice.at),
        _ if advisers.0.contains_key(&entry.issuer) => elsewhere(entry),
        _ => by_issuer(entry).or(entry.renew_before.due_at(&entry.validity)),
    }))
}

fn keep_due(
    current: Vec<CertificateEntry>,
    (now, unserved): (Timestamp, &BTreeSet<String>),
    due_at: impl Fn(usize, &CertificateEntry) -> Option<Timestamp>,
) -> Vec<CertificateEntry> {
    let due = |(at, entry): (usize, CertificateEntry)| {
        let owed = !entry.delivered || unserved.contains(&entry.name);
        (owed || due_at(at, &entry).is_some_and(|at| at <= now)).then_some(entry)
    };
    current.into_iter().enumerate().filter_map(due).collect()
}

/// The issuers elsewhere, each opened once; `None` for one that cannot be.
struct Advisers(BTreeMap<String, Option<Adviser>>);

struct Adviser {
    issuer: Box<dyn Issuer>,
    /// It did not answer: it is not waited for again.
    silent: AtomicBool,
}

/// A question to the issuer of the certificate at that place of the inventory's list: its DER.
struct Question<'a> {
    at: usize,
    adviser: &'a Adviser,
    der: Vec<u8>,
}

impl Advisers {
    fn of(session: &Session, current: &[CertificateEntry]) -> Self {
        let mut advisers = BTreeMap::new();
        for entry in current {
            if session.remotes.names().any(|name| name == entry.issuer) {
                advisers.entry(entry.issuer.clone()).or_insert_with(|| {
                    let issuer = session.remotes.open(&entry.issuer).and_then(Result::ok)?;
                    Some(Adviser { issuer, silent: AtomicBool::new(false) })
                });
            }
        }
        Self(advisers)
    }

    /// What the issuers advise for each certificate, several asked at a time; nothing for one that has expired.
    fn ask_all(
        &self,
        session: &Session,
        current: &[CertificateEntry],
        now: Timestamp,
    ) -> Result<Vec<Option<Advice>>, Error> {
        let mut questions = Vec::new();
        for (at, entry) in current.iter().enumerate().filter(|(_, entry)| entry.validity.not_after > now) {
            let adviser = self.0.get(&entry.issuer).and_then(Option::as_ref);
            if let Some(adviser) = adviser.filter(|adviser| adviser.issuer.renewal().is_some()) {
                questions.push(Question { at, adviser, der: session.journal.store().certificate_der(entry)? });
            }
        }
        let mut advice: Vec<Option<Advice>> = current.iter().map(|_| None).collect();
        let answers = parallel::each(&questions, ASKED_AT_ONCE, |question| question.adviser.ask(&question.der));
        for (question, answer) in questions.iter().zip(answers) {
            if let Some(place) = advice.get_mut(question.at) {
                *place = answer;
            }
        }
        Ok(advice)
    }
}

impl Adviser {
    fn ask(&self, der: &[u8]) -> Option<Advice> {
        if self.silent.load(Ordering::Relaxed) {
            return None;
        }
        self.issuer.renewal()?.advice(der).unwrap_or_else(|error| {
            if error.class.may_pass() {
                self.silent.store(true, Ordering::Relaxed);
            }
            None
        })
    }
}

/// When a certificate from elsewhere is due by its template's rule.
fn elsewhere(entry: &CertificateEntry) -> Option<Timestamp> {
    let lifetime = entry.validity.secs();
    let rule = match entry.renew_before {
        rule if rule == RenewBefore::default() && lifetime < SHORT_SECS => RenewBefore::Percent(50),
        rule => rule,
    };
    Some(spread(rule.due_at(&entry.validity)?, &entry.validity, &entry.fingerprint))
}

/// A little earlier, by a share of the lifetime that is the same for the same certificate and differs between certificates.
fn spread(at: Timestamp, validity: &Validity, of: &Fingerprint) -> Timestamp {
    let [high, low, ..] = *of.as_bytes();
    let share = i64::from(u16::from_be_bytes([high, low]));
    at.plus_secs(-(validity.secs() / SPREAD * share / i64::from(u16::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fleet_does_not_come_at_once() {
        let start = Timestamp::from_secs(1_800_000_000);
        let validity = Validity { not_before: start, not_after: start.plus_secs(90 * 86_400) };
        let rule = RenewBefore::default().due_at(&validity).unwrap();
        let at = |first: u8| spread(rule, &validity, &Fingerprint::new([first; 32]));
        assert_eq!(at(0), rule);
        assert_eq!(at(7), at(7));
        assert!(at(255) < at(128) && at(128) < at(0));
        assert!(at(255) >= rule.plus_secs(-90 * 86_400 / SPREAD));
    }
}
