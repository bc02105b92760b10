//! Certificates that a key of the home signed and the inventory does not have: a dump of a process that died between signature
//! and record, a copy of the key used elsewhere. Whatever the log says of them, they can be revoked.

use crate::audit::record::Record;
use crate::audit::record::event::{Event, Intent};
use crate::audit::record::facts::{Outcome, Reference};
use crate::audit::record::value::Id;
use crate::error::Error;
use crate::lifecycle::journal::Journal;
use crate::lifecycle::session::{Session, authority_chain, select};
use crate::store::RequestDigest;
use crate::store::{Authority, CertificateEntry, Change, NewCertificate, Store, StoreError};
use certroll_base::clock::Timestamp;
use certroll_pki::digest::KeyHash;
use certroll_pki::key::kind::PublicKeyKind;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::validity::RenewBefore;
use certroll_tlog::leaf_hash;

/// What the log knows of a certificate that is not in the inventory.
enum Known {
    /// An intent with its public key, which ended without a certificate, or has not ended.
    Intent(Reference),
    /// Nothing.
    Nothing,
}

/// The certificate in the file `text`, if a CA of this home signed it: as the inventory would have it.
///
/// # Errors
/// The store cannot be read.
pub(super) fn recognised(store: &dyn Store, text: &str) -> Result<Option<(Certificate, CertificateEntry)>, Error> {
    let Ok(Some(certificate)) = select::certificate_in(text) else { return Ok(None) };
    Ok(entry_of(store, &certificate)?.map(|entry| (certificate, entry)))
}

/// A certificate as the inventory would have it; `None` if no CA of this home signed it.
///
/// # Errors
/// The store cannot be read.
pub(super) fn entry_of(store: &dyn Store, certificate: &Certificate) -> Result<Option<CertificateEntry>, Error> {
    Ok(signed_by(store, certificate)?.map(|authority| entry(certificate, &authority)))
}

/// Takes the certificate in the file `text` into the inventory if a CA of this home signed it and the inventory does not have
/// it; a person is told.
///
/// # Errors
/// The log cannot be read or written.
pub(super) fn take_in(session: &mut Session, text: &str) -> Result<Option<CertificateEntry>, Error> {
    let Some((certificate, entry)) = recognised(session.journal.store(), text)? else { return Ok(None) };
    let (entry, what) = adopt(&mut session.journal, session.clock.now(), &certificate, entry)?;
    session.watcher.warn(&format!(
        "a key of this home signed `{}`, serial {}, {what}: find out who used it",
        entry.name, entry.serial
    ));
    Ok(Some(entry))
}

/// Puts a certificate on record as what it is. It is not a current one and is never handed out; it is there to be revoked.
///
/// # Errors
/// The log cannot be read or written.
pub(super) fn adopt(
    journal: &mut Journal,
    now: Timestamp,
    certificate: &Certificate,
    entry: CertificateEntry,
) -> Result<(CertificateEntry, &'static str), Error> {
    let mut record = journal.draft(Event::CertAdopted, Outcome::Ok, Id::new(now));
    record.cert = Some(entry.facts());
    let what = match known(journal, &certificate.key_hash())? {
        Known::Intent(reference) => {
            record.x.insert("intent".to_owned(), reference.seq.into());
            "signed after an intent that has not issued it"
        }
        Known::Nothing => "signed without an intent",
    };
    record.x.insert("found".to_owned(), what.into());
    let new = NewCertificate { entry: entry.clone(), der: certificate.as_der().to_vec(), key: None, chain: Vec::new() };
    let changes = vec![Change::AddCertificate(Box::new(new)), Change::SetAside(entry.fingerprint)];
    let appended = journal.commit(vec![record], changes)?;
    let id = appended.certificates.first().copied().unwrap_or_default();
    Ok((CertificateEntry { id, replaced_by: Some(entry.fingerprint), ..entry }, what))
}

/// The CA of this home whose key signed it.
fn signed_by(store: &dyn Store, certificate: &Certificate) -> Result<Option<Authority>, Error> {
    for authority in store.authorities()? {
        let Some(issuer) = authority_chain(store, &authority)?.into_iter().next() else { continue };
        if certificate.verify_issued_by(&issuer).is_ok() {
            return Ok(Some(authority));
        }
    }
    Ok(None)
}

fn entry(certificate: &Certificate, authority: &Authority) -> CertificateEntry {
    let key = PublicKeyKind::of(&certificate.spki);
    CertificateEntry {
        id: 0,
        name: certificate.display_name(),
        template: String::new(),
        issuer: authority.name.clone(),
        serial: certificate.serial.clone(),
        subject: certificate.subject.to_string(),
        names: certificate.names.clone(),
        validity: certificate.validity,
        renew_before: RenewBefore::default(),
        key,
        key_hash: certificate.key_hash(),
        fingerprint: certificate.fingerprint(),
        // It was not asked for here: equal to no request.
        request_digest: RequestDigest::new(*certificate.fingerprint().as_bytes()),
        request: None,
        delivered: true,
        revoked: None,
        replaced_by: None,
    }
}

/// Looks the public key up among the intents of the log.
fn known(journal: &mut Journal, spki: &KeyHash) -> Result<Known, Error> {
    let mut found = Known::Nothing;
    journal.proven_records(0, &mut |seq, line| {
        let record = Record::parse(line).map_err(|error| StoreError::Damaged(format!("record {seq}: {error}")))?;
        let asked = record.req.as_deref().and_then(|asked| asked.spki);
        if record.ev.opens() == Some(Intent::Issue) && asked.is_some_and(|asked| asked.0 == *spki.as_bytes()) {
            found = Known::Intent(Reference { seq, leaf: leaf_hash(line).into() });
        }
        Ok(())
    })?;
    Ok(found)
}
