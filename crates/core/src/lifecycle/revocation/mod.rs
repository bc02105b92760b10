//! Revoke a certificate, and sign the CRL that says so.

pub mod break_glass;
pub mod crl;
pub mod custody;
pub mod late;
pub mod many;
pub mod publication;
pub mod revocation_key;
mod unlogged;

use std::sync::Arc;

use super::recovery::{self, UnresolvedIntent};
use super::session::Session;
use super::session::attempt::Attempt;
use super::session::select;
use super::signing::poll;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{CertificateFacts, Failure, Outcome, Reference, Remote, Why};
use crate::audit::record::value::Id;
use crate::error::{Error, ErrorKind};
use crate::hint::certificate::CertificateHint;
use crate::hint::issuer::AuthorityHint;
use crate::issuer::{Issuer, Revocation, RevocationState};
use crate::store::{
    Announced, CertificateEntry, Change, CrlEntry, IntentKind, IntentMemory, IntentSubject, OpenIntent,
};
use certroll_pki::key::KeyPair;
use certroll_pki::x509::crl::Crl;
use certroll_pki::x509::reason::RevocationReason;

/// What is asked for.
pub struct RevokeRequest {
    /// Name, serial number, fingerprint or file.
    pub selector: String,
    /// Why.
    pub reason: RevocationReason,
    /// For the record: code, words, ticket.
    pub why: Why,
    /// The certificate's own private key, as authority where the issuer takes that.
    pub key: Option<Box<KeyPair>>,
    /// When the CRL that says so is signed.
    pub list: ListWhen,
}

/// When the CRL that lists a revocation is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListWhen {
    /// With it.
    Now,
    /// By the caller, once all of several are revoked.
    Later,
}

/// What came of it.
pub enum RevokeOutcome {
    /// It is revoked now.
    Revoked {
        /// The certificate.
        entry: Box<CertificateEntry>,
        /// The CRL that lists it; `None` when the issuer publishes its own.
        crl: Option<Box<CrlEntry>>,
    },
    /// It was before.
    Already(Box<CertificateEntry>),
}

/// Revokes one certificate. Revoking it again is a success that changes nothing.
///
/// When it returns `Ok`, the revocation is on record and, unless it is to be listed later, in a signed CRL.
///
/// # Errors
/// Nothing or several certificates are named, or the issuer cannot revoke.
pub fn revoke(services: &mut Session, asked: &RevokeRequest) -> Result<RevokeOutcome, Error> {
    let mut recovered = recovery::recover(services)?;
    let mut found = select::find(services.journal.store(), &asked.selector);
    if found.is_err()
        && let Some(taken_in) = unlogged::take_in(services, &asked.selector)?
    {
        found = Ok(vec![taken_in]);
    }
    let found = attempt(asked, None).ended(services, found)?;
    let now = services.clock.now();
    let Some(entry) = select::only(&found, &asked.selector, now)?.cloned() else {
        let last = found.last().map(CertificateEntry::facts);
        let entry = already(found, &asked.selector);
        let entry = attempt(asked, last).ended(services, entry)?;
        list(services, &entry, asked.list)?;
        return Ok(RevokeOutcome::Already(Box::new(entry)));
    };
    let issuer = open(services, &entry, asked);
    let issuer = attempt(asked, Some(entry.facts())).ended(services, issuer)?;
    let why = Arc::new(Why { reason: Some(asked.reason.to_string()), ..asked.why.clone() });
    let open = recovered
        .take(IntentKind::Revoke, &entry.name)
        .filter(|left| left.intent.certificate() == Some(entry.fingerprint));
    // A CA of this home needs it for nothing: what the inventory lost can be revoked all the same.
    let der = match issuer.revoker() {
        Some(_) => services.journal.store().certificate_der(&entry)?,
        None => Vec::new(),
    };
    let known = match (&asked.key, asked.reason) {
        (None, RevocationReason::KeyCompromise) if issuer.revoker().is_some() => {
            revocation_key::known(services, &entry)?
        }
        _ => None,
    };
    let key = asked.key.as_deref().or(known.as_deref());
    let revocation = Revocation { certificate: &der, reason: asked.reason, key };
    let (op, reference, announced) = match intend(services, &entry, (issuer.as_ref(), revocation), &why, open) {
        Ok(intent) => intent,
        // A quicker process has done what was asked, or is about to: then this run says so and can be repeated.
        Err(error) => {
            let found = select::find(services.journal.store(), &asked.selector)?;
            let gone = found.iter().any(|one| one.id == entry.id && one.revoked.is_some());
            if !gone {
                return Err(error);
            }
            let entry = already(found, &asked.selector)?;
            list(services, &entry, asked.list)?;
            return Ok(RevokeOutcome::Already(Box::new(entry)));
        }
    };
    if let Some(revoker) = issuer.revoker()
        && let Err(error) = revoker.revoke(announced)
    {
        // Whether it took effect: only the issuer knows.
        let state = if error.class.is_in_doubt() { revoker.state(&der) } else { Ok(RevocationState::NotRevoked) };
        match state {
            Ok(RevocationState::Revoked) => {}
            Ok(RevocationState::NotRevoked) => {
                return failed(services, (op, reference), poll::code(error.class), error.into());
            }
            Ok(RevocationState::Unknown) | Err(_) => {
                return Err(Error::new(
                    ErrorKind::Temporary(None),
                    format!("it is not known yet whether `{}` is revoked", entry.name),
                )
                .because(error)
                .hint("the revocation stays open: repeat the command, revoking again is harmless"));
            }
        }
    }
    let mut record = services.journal.draft(Event::CertRevoked, Outcome::Ok, op);
    record.reference = Some(reference);
    record.why = Some(why);
    record.cert = Some(entry.facts());
    let at = services.clock.now();
    let changes = vec![Change::Revoke { id: entry.id, at, reason: asked.reason }, Change::CloseIntent(op)];
    match services.journal.append(vec![record], changes) {
        Ok(_) => {}
        // Another process was quicker; this intent would stay open until the next command.
        Err(error) if error.is_conflict() => return failed(services, (op, reference), "conflict", error),
        Err(error) => return Err(error),
    }
    let crl = match issuer.crl_signer() {
        Some(_) if asked.list == ListWhen::Later => None,
        Some(_) => Some(Box::new(crl::sign(services, &*issuer, None).map_err(|error| {
            // The tampering is the news, not the list.
            if error.kind == ErrorKind::Verification {
                return error;
            }
            let message = format!("`{}` is revoked, but the CRL that says so is not out yet", entry.name);
            let cause = crate::error::describe(&error);
            Error::new(ErrorKind::Deploy, message).hint("repeat the command: it is published then").because(cause)
        })?)),
        None => {
            services.journal.publish()?;
            seen_elsewhere(services, &entry, &*issuer)?;
            None
        }
    };
    let entry = CertificateEntry { revoked: Some((at, asked.reason)), ..entry };
    Ok(RevokeOutcome::Revoked { entry: Box::new(entry), crl })
}

/// Tells what of a revocation an issuer elsewhere does not show, or not yet. It is on record whatever comes of it.
fn seen_elsewhere(services: &Session, entry: &CertificateEntry, issuer: &dyn Issuer) -> Result<(), Error> {
    let Some(revoker) = issuer.revoker() else { return Ok(()) };
    let name = &entry.issuer;
    if !revoker.takes_reason() {
        services
            .watcher
            .warn(&format!("issuer `{name}` takes no reason: it is on record here, and no CRL will show it"));
    }
    match revoker.is_listed(&services.journal.store().certificate_der(entry)?) {
        Ok(Some(true) | None) => {}
        Ok(Some(false)) => services.watcher.warn(&format!(
            "the CRL of issuer `{name}` does not list `{}` yet; its clients accept it until they have one that does",
            entry.name
        )),
        Err(error) => services.watcher.warn(&format!(
            "whether the CRL of issuer `{name}` lists `{}` is not known: {}",
            entry.name,
            crate::error::describe(&error)
        )),
    }
    Ok(())
}

fn attempt(asked: &RevokeRequest, cert: Option<CertificateFacts>) -> Attempt {
    Attempt::to_revoke(&asked.selector, cert, Why { reason: Some(asked.reason.to_string()), ..asked.why.clone() })
}

/// The issuer of a certificate, if it can revoke for that reason.
fn open(services: &mut Session, entry: &CertificateEntry, asked: &RevokeRequest) -> Result<Box<dyn Issuer>, Error> {
    refuse_of_others(services, entry)?;
    let issuer = services.issuer(&entry.issuer)?;
    if asked.key.as_ref().is_some_and(|key| key.key_hash() != entry.key_hash) {
        return Err(Error::new(ErrorKind::Usage, format!("the key that was given is not that of `{}`", entry.name)));
    }
    let reasons = issuer.capabilities().revocation_reasons;
    if reasons.contains(&asked.reason) {
        return Ok(issuer);
    }
    if reasons.is_empty() {
        let message = format!("issuer `{}` does not revoke certificates of this kind", entry.issuer);
        return Err(
            Error::new(ErrorKind::Unsupported, message).hint(CertificateHint::TakeOutOfUse(entry.issuer.clone()))
        );
    }
    let reasons: Vec<_> = reasons.iter().map(ToString::to_string).collect();
    let message = format!("issuer `{}` does not take the reason {}", entry.issuer, asked.reason);
    Err(Error::new(ErrorKind::Unsupported, message).hint(format!("it takes {}", reasons.join(", "))))
}

/// A CA of this home that somebody else's signed is revoked by them.
fn refuse_of_others(services: &Session, entry: &CertificateEntry) -> Result<(), Error> {
    let authorities = services.journal.store().authorities()?;
    let is_ours = authorities.iter().any(|one| one.name == entry.issuer);
    if is_ours || !authorities.iter().any(|one| one.name == entry.name) {
        return Ok(());
    }
    let message = format!("CA `{}` is signed by `{}`, and is revoked there", entry.name, entry.issuer);
    Err(Error::new(ErrorKind::Unsupported, message).hint(AuthorityHint::AskSigner(entry.issuer.clone())))
}

/// Ends an intent that came to nothing, and gives the error back for the user.
fn failed<T>(services: &mut Session, intent: (Id, Reference), code: &str, error: Error) -> Result<T, Error> {
    let mut record = services.journal.draft(Event::CertRevokeFailed, Outcome::Fail, intent.0);
    record.reference = Some(intent.1);
    record.err = Some(Failure { code: code.to_owned(), text: crate::error::describe(&error) });
    services.journal.commit(vec![record], vec![Change::CloseIntent(intent.0)])?;
    Err(error)
}

/// Signs the CRL that an earlier run, killed right after the revocation, did not.
fn list(services: &mut Session, entry: &CertificateEntry, when: ListWhen) -> Result<(), Error> {
    if when == ListWhen::Later {
        return Ok(());
    }
    if let Some(latest) = services.journal.store().latest_crl(&entry.issuer)? {
        let listed = Crl::from_der(&latest.der).ok();
        if listed.is_some_and(|crl| crl.entries.iter().any(|(serial, ..)| *serial == entry.serial)) {
            // Signed, but the run may have been killed before the file was written.
            crl::publish(&services.home, services.journal.store(), &latest)?;
            return publication::publish(services, &entry.issuer);
        }
    }
    let issuer = services.issuer(&entry.issuer)?;
    if issuer.crl_signer().is_some() {
        crl::sign(services, &*issuer, None)?;
    }
    Ok(())
}

fn already(found: Vec<CertificateEntry>, selector: &str) -> Result<CertificateEntry, Error> {
    found.into_iter().rev().find(|entry| entry.revoked.is_some()).ok_or_else(|| {
        Error::new(ErrorKind::Usage, format!("every certificate named `{selector}` has expired"))
            .hint("an expired certificate need not be revoked: no verifier accepts it any more")
    })
}

/// Announces the revocation, or goes on with that of a dead process.
fn intend<'r>(
    services: &mut Session,
    entry: &CertificateEntry,
    (issuer, revocation): (&dyn Issuer, Revocation<'r>),
    why: &Arc<Why>,
    open: Option<UnresolvedIntent>,
) -> Result<(Id, Reference, Announced<Revocation<'r>>), Error> {
    if let Some(UnresolvedIntent { intent, .. }) = open {
        let announced = services.journal.adopt(intent.op, intent.session, revocation)?;
        let (seq, leaf) = intent.reference;
        return Ok((intent.op, Reference { seq, leaf: leaf.into() }, announced));
    }
    let op = Id::new(services.clock.now());
    let mut request = services.journal.draft(Event::CertRevokeRequest, Outcome::Ok, op);
    request.why = Some(why.clone());
    let mut intent = services.journal.draft(Event::CertRevokeIntent, Outcome::Pending, op);
    intent.why = Some(why.clone());
    intent.cert = Some(entry.facts());
    let capabilities = issuer.capabilities();
    let (t, id) = (issuer.kind().to_owned(), entry.issuer.clone());
    intent.rem = (!capabilities.in_process).then(|| Remote { t, id, ..Remote::default() });
    let due = capabilities.bound_secs.map(|secs| services.clock.now().plus_secs(secs));
    intent.x.extend(due.map(|due| ("due".to_owned(), due.to_string().into())));
    let memory = if capabilities.in_process { IntentMemory::default() } else { IntentMemory::of(&**why) };
    let open = OpenIntent {
        op,
        session: services.journal.session(),
        name: entry.name.clone(),
        issuer: entry.issuer.clone(),
        issuer_kind: issuer.kind().to_owned(),
        subject: IntentSubject::Revocation(entry.fingerprint),
        handle: None,
        key: None,
        csr: None,
        memory,
        due,
        in_doubt: false,
        count: 1,
        reference: (0, [0; 32]),
    };
    let changes = vec![Change::ExpectUnrevoked(entry.id), Change::OpenIntent { intent: Box::new(open), record: 1 }];
    let (appended, announced) = services.journal.announce(vec![request], intent, changes, revocation)?;
    let (seq, leaf) = appended.reference(1).unwrap_or_default();
    Ok((op, Reference { seq, leaf: leaf.into() }, announced))
}
