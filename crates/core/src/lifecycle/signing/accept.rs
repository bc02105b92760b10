//! The arrival of a certificate from elsewhere: its record, its row of the inventory and the end of its intent, in one step.

use super::expectation::ExpectedCertificate;
use super::poll::{reference, rem};
use super::record::{self, InventoryFields, SignedCertificate};
use crate::audit::record::event::Event;
use crate::error::{Error, ErrorKind};
use crate::issuer::Issued;
use crate::lifecycle::session::Session;
use crate::store::RequestDigest;
use crate::store::{CertificateEntry, Change, OpenIntent};
use certroll_pki::digest::Fingerprint;
use certroll_pki::x509::certificate::Certificate;

/// A certificate that came back.
pub(crate) struct Arrival {
    pub issued: Issued,
    pub certificate: Certificate,
    /// Whether an earlier process asked for it and died.
    pub recovered: bool,
    /// In what it differs from what was asked for. It exists, so it is on record; but it is not a current one.
    pub unfit: Option<String>,
}

/// Record of the certificate, its row with the key of the intent, and the end of the intent: one transaction.
pub(crate) fn record(
    session: &mut Session,
    open: &OpenIntent,
    claim: ExpectedCertificate,
    arrival: Arrival,
) -> Result<CertificateEntry, Error> {
    let Arrival { issued, certificate, recovered, unfit } = arrival;
    // The key of the intent; or the one that the issuer made and handed out, kept as if it had been made here.
    let handed_out = issued.key.as_ref().filter(|_| unfit.is_none());
    let handed_out =
        handed_out.map(|key| session.keys.encryption.encrypt(key.expose())).transpose().map_err(|error| {
            Error::new(ErrorKind::Failed, "the key that the issuer made cannot be encrypted for the home")
                .because(error)
        })?;
    if let (Some(remark), None) = (&issued.remark, &unfit) {
        session.watcher.warn(&format!("issuer `{}` on `{}`: {remark}", open.issuer, open.name));
    }
    let added = if unfit.is_none() { claim.added(&certificate) } else { Vec::new() };
    let broken =
        |error| Error::new(ErrorKind::Verification, "the claim of an intent cannot be read back").because(error);
    let renew_before =
        claim.renew_before.parse().map_err(|error: certroll_pki::x509::validity::InvalidDuration| broken(error))?;
    let remembered = InventoryFields {
        key_kind: claim.key_kind,
        request: claim.request,
        request_digest: RequestDigest::new(claim.request_digest.0),
        renew_before,
        key: open.key.clone().or(handed_out),
        chain: issued.chain.clone(),
        // What a dead process asked for has not been handed out: the same command does that.
        delivered: unfit.is_some() || (claim.stays && !recovered),
    };
    let signed = SignedCertificate {
        name: claim.name,
        template: claim.template,
        replaces: claim.replaces.map(|digest| Fingerprint::new(digest.0)),
        issued,
        certificate,
        op: open.op,
        item: None,
        reference: reference(open),
    };
    let made = record::issued(&session.journal, Event::CertIssued, &signed, &open.issuer, remembered);
    let (mut record, mut entry, change) = made;
    record.rem = Some(rem(open));
    if recovered {
        record.x.insert("recovered".to_owned(), true.into());
    }
    if !added.is_empty() {
        tell_added(session, open, &added);
        record.x.insert("added_usages".to_owned(), added.into());
    }
    let mut changes = vec![change, Change::CloseIntent(open.op)];
    match unfit {
        None => changes.extend(claim.replaced.map(|id| Change::Replace { id, by: entry.fingerprint })),
        Some(what) => {
            record.x.insert("unfit".to_owned(), what.into());
            changes.insert(1, Change::SetAside(entry.fingerprint));
        }
    }
    let appended = session.journal.append(vec![record], changes)?;
    entry.id = appended.certificates.first().copied().unwrap_or_default();
    Ok(entry)
}

/// Says once for each issuer what it adds: with a fleet it is the same for all.
fn tell_added(session: &mut Session, open: &OpenIntent, added: &[String]) {
    if session.remotes.told.insert(open.issuer.clone()) {
        let (issuer, name, added) = (&open.issuer, &open.name, added.join(", "));
        session.watcher.warn(&format!("issuer `{issuer}` gave `{name}` usages that were not asked for: {added}"));
    }
}
