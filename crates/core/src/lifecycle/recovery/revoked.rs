//! A revocation that took effect at its issuer after the process that asked for it had died.

use std::sync::Arc;

use crate::audit::record::event::Event;
use crate::audit::record::facts::{Outcome, Why};
use crate::error::{Error, ErrorKind};
use crate::lifecycle::session::Session;
use crate::lifecycle::signing::poll;
use crate::store::{Change, OpenIntent, Query, Selector};
use certroll_pki::x509::reason::RevocationReason;

/// Records a revocation that took effect at its issuer while its answer was lost.
pub(super) fn record(services: &mut Session, intent: &OpenIntent) -> Result<(), Error> {
    let mut record = poll::about(&services.journal, Event::CertRevoked, Outcome::Ok, intent);
    let why: Option<Why> = intent.memory.read().ok();
    let reason = why.as_ref().and_then(|why| why.reason.as_deref()?.parse().ok());
    let entry = match intent.certificate() {
        Some(fingerprint) => {
            services.journal.store().certificates(&Query::of(Selector::Fingerprint(fingerprint)))?.pop()
        }
        None => None,
    };
    let entry = entry.ok_or_else(|| Error::new(ErrorKind::Verification, "a revocation is of no known certificate"))?;
    record.cert = Some(entry.facts());
    record.why = why.map(Arc::new);
    record.x.insert("recovered".to_owned(), true.into());
    let reason = reason.unwrap_or(RevocationReason::Unspecified);
    let mut changes = vec![Change::CloseIntent(intent.op)];
    if entry.revoked.is_none() {
        changes.push(Change::Revoke { id: entry.id, at: services.clock.now(), reason });
    }
    services.journal.append(vec![record], changes)?;
    Ok(())
}
