//! Revoke many certificates in one command: each has its records, and each CA signs one CRL at the end.

use std::collections::BTreeSet;

use super::{ListWhen, RevokeOutcome, RevokeRequest, crl, revoke};
use crate::audit::record::facts::Why;
use crate::error::{Error, ErrorKind};
use crate::hint::certificate::CertificateHint;
use crate::lifecycle::session::{Session, select};
use crate::store::{CertificateEntry, CrlEntry, Query};
use certroll_pki::x509::reason::RevocationReason;

/// Which certificates are revoked.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Names, serial numbers, fingerprints or files, each of one certificate.
    pub selectors: Vec<String>,
    /// Current certificates made from that template.
    pub template: Option<String>,
    /// Current certificates signed by that issuer; CAs of the home are revoked by their names alone.
    pub issuer: Option<String>,
}

/// The certificates of a selection that are not revoked yet, each once. With template and issuer those that fit both.
///
/// # Errors
/// A selector names none or several; every one that does is named.
pub fn select_all(session: &Session, selection: &Selection) -> Result<Vec<CertificateEntry>, Error> {
    let store = session.journal.store();
    let now = session.clock.now();
    let mut found = Vec::new();
    let mut wrong = Vec::new();
    for selector in &selection.selectors {
        let chosen = select::find(store, selector).and_then(|found| Ok(select::only(&found, selector, now)?.cloned()));
        match chosen {
            Ok(entry) => found.extend(entry),
            Err(error) => wrong.push(error.to_string()),
        }
    }
    if !wrong.is_empty() {
        let message = format!("{} of the certificates cannot be told: nothing was revoked", wrong.len());
        return Err(Error::new(ErrorKind::Usage, message).because(wrong.join("\n")).hint(CertificateHint::FindName));
    }
    if selection.template.is_some() || selection.issuer.is_some() {
        let (template, issuer) = (selection.template.clone(), selection.issuer.clone());
        let authorities: BTreeSet<_> =
            store.authorities()?.into_iter().map(|authority| authority.certificate).collect();
        let mut chosen = store.certificates(&Query { template, issuer, current: true, ..Query::default() })?;
        // With a CA goes all that is below it: that is asked for by its name.
        chosen.retain(|entry| !authorities.contains(&entry.fingerprint));
        found.extend(chosen);
    }
    let mut known = BTreeSet::new();
    found.retain(|entry| known.insert(entry.id));
    Ok(found)
}

/// What came of it.
#[derive(Default)]
pub struct RevokedMany {
    /// The certificates that are revoked now.
    pub revoked: Vec<CertificateEntry>,
    /// Those that another run has revoked meanwhile.
    pub already: usize,
    /// Those that could not be, and why.
    pub failed: Vec<(CertificateEntry, Error)>,
    /// The CRLs that list them.
    pub lists: Vec<CrlEntry>,
    /// CRLs that could not be signed or published; the certificates are revoked.
    pub unlisted: Vec<Error>,
}

/// Revokes them one by one; one that fails stops no other. Then each of their CAs signs a CRL. A run that is killed is gone on with by the
/// same command: what is revoked is not revoked again, and is listed.
///
/// # Errors
/// The log cannot be written: what was revoked before stays.
pub fn revoke_all(
    session: &mut Session,
    entries: &[CertificateEntry],
    (reason, why): (RevocationReason, &Why),
    done: &dyn Fn(),
) -> Result<RevokedMany, Error> {
    let mut many = RevokedMany::default();
    for entry in entries {
        let selector = entry.fingerprint.to_string();
        let asked = RevokeRequest { selector, reason, why: why.clone(), key: None, list: ListWhen::Later };
        match revoke(session, &asked) {
            Ok(RevokeOutcome::Revoked { entry, .. }) => many.revoked.push(*entry),
            Ok(RevokeOutcome::Already(_)) => many.already += 1,
            Err(error) if matches!(error.kind, ErrorKind::Audit | ErrorKind::Verification) => return Err(error),
            Err(error) => many.failed.push((entry.clone(), error)),
        }
        done();
    }
    // Also those of an earlier run that was killed before it came here.
    for authority in session.journal.store().authorities()? {
        if !crl::is_behind(session.journal.store(), &authority.name)? {
            continue;
        }
        let signed = session.open_issuer(&authority).and_then(|issuer| crl::sign(session, &*issuer, None));
        match signed {
            Ok(crl) => many.lists.push(crl),
            Err(error) => many.unlisted.push(error),
        }
    }
    Ok(many)
}
