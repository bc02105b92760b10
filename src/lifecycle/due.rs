//! What is due: by what its issuer advises, else by its template's rule.

use std::collections::BTreeMap;

use super::error::Error;
use super::services::Services;
use crate::base::clock::Timestamp;
use crate::issuer::Issuer;
use crate::pki::validity::{RenewBefore, Validity};
use crate::store::{CertificateEntry, Query};

/// A lifetime shorter than this is replaced at its half, not at two thirds: a failed attempt needs time for others.
const SHORT_SECS: i64 = 10 * 86_400;
/// Of the lifetime, the part over which certificates from elsewhere are spread, so that a fleet does not come at once.
const SPREAD: i64 = 20;

/// The certificates due now: current, and past the point that their issuer advises, or else the one that their template
/// gives; past `renew_before` instead when that is given.
///
/// # Errors
/// The inventory cannot be read. That an issuer cannot be asked is none.
pub fn due(services: &Services, renew_before: Option<RenewBefore>) -> Result<Vec<CertificateEntry>, Error> {
    let now = services.clock.now();
    let current = services.journal.store().certificates(&Query { current: true, ..Query::default() })?;
    let mut advisers = Advisers { services, opened: BTreeMap::new() };
    let mut due = Vec::new();
    for entry in current {
        let at = match renew_before {
            Some(given) => given.due_at(&entry.validity),
            None => advisers.due_at(&entry, now)?,
        };
        if at.is_some_and(|at| at <= now) {
            due.push(entry);
        }
    }
    Ok(due)
}

/// The issuers elsewhere, each opened once; `None` for one that cannot be asked now.
struct Advisers<'a> {
    services: &'a Services,
    opened: BTreeMap<String, Option<Box<dyn Issuer>>>,
}

impl Advisers<'_> {
    fn due_at(&mut self, entry: &CertificateEntry, now: Timestamp) -> Result<Option<Timestamp>, Error> {
        if !self.services.remotes.names().any(|name| name == entry.issuer) {
            return Ok(entry.renew_before.due_at(&entry.validity));
        }
        let own = elsewhere(entry);
        // What has expired needs no advice.
        if entry.validity.not_after <= now {
            return Ok(own);
        }
        let services = self.services;
        let opened = self
            .opened
            .entry(entry.issuer.clone())
            .or_insert_with(|| services.remotes.open(&entry.issuer).and_then(Result::ok));
        let Some(adviser) = opened.as_ref().and_then(|issuer| issuer.renewal()) else { return Ok(own) };
        let der = services.journal.store().certificate_der(entry)?;
        match adviser.advice(&der) {
            Ok(Some(advice)) => {
                if let (true, Some(page)) = (advice.at <= now, &advice.explanation) {
                    let (name, issuer) = (&entry.name, &entry.issuer);
                    services.watcher.warn(&format!("issuer `{issuer}` says why `{name}` is to be replaced: {page}"));
                }
                Ok(Some(advice.at))
            }
            Ok(None) => Ok(own),
            Err(error) => {
                if error.class.may_pass() {
                    // Waited for once.
                    *opened = None;
                }
                Ok(own)
            }
        }
    }
}

/// When a certificate from elsewhere is due by its template's rule.
fn elsewhere(entry: &CertificateEntry) -> Option<Timestamp> {
    let lifetime = entry.validity.secs();
    let rule = match entry.renew_before {
        rule if rule == RenewBefore::default() && lifetime < SHORT_SECS => RenewBefore::Percent(50),
        rule => rule,
    };
    Some(spread(rule.due_at(&entry.validity)?, &entry.validity, &entry.sha256))
}

/// A little earlier, by a share of the lifetime that is the same for the same certificate and differs between certificates.
fn spread(at: Timestamp, validity: &Validity, sha256: &[u8; 32]) -> Timestamp {
    let share = i64::from(u16::from_be_bytes([sha256[0], sha256[1]]));
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
        let at = |first: u8| spread(rule, &validity, &[first; 32]);
        assert_eq!(at(0), rule);
        assert_eq!(at(7), at(7));
        assert!(at(255) < at(128) && at(128) < at(0));
        assert!(at(255) >= rule.plus_secs(-90 * 86_400 / SPREAD));
    }
}
