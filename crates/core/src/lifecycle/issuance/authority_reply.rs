//! The answer to the request of a CA: held against the request and against what relying parties will ask, and only then an issuer.

use std::path::PathBuf;
use std::sync::Arc;

use super::authority_check;
use super::authority_renewal;
use super::authority_row::{self, AuthorityChange};
use crate::audit::record::event::Event;
use crate::audit::record::facts::Why;
use crate::error::{Error, ErrorKind};
use crate::hint::issuer::AuthorityHint;
use crate::issuer::{ExternalCa, Issued};
use crate::lifecycle::delivery::name_lock::NameLock;
use crate::lifecycle::recovery;
use crate::lifecycle::session::attempt::Attempt;
use crate::lifecycle::session::{Session, authority_chain};
use crate::lifecycle::signing::expectation::ExpectedCertificate;
use crate::lifecycle::signing::poll::{reference, rem};
use crate::lifecycle::signing::record::{self, InventoryFields, SignedCertificate};
use crate::store::{Authority, Change, IntentKind, OpenIntent, RequestDigest};
use crate::tools::keystore::source;
use certroll_base::clock::Timestamp;
use certroll_pki::digest::{Fingerprint, KeyHash};
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::request::CertificateRequest;

/// An answer.
pub struct ReplyRequest {
    /// The name under which the request was made.
    pub name: String,
    /// The files with the certificate and those above it, in any order: PEM, DER or PKCS#7.
    pub files: Vec<PathBuf>,
    /// For what reason.
    pub why: Option<Arc<Why>>,
}

/// Takes the certificate of a CA that was asked for by hand: with its record the CA is an issuer of the home. Repeated with a
/// certificate that was taken, it changes nothing.
///
/// # Errors
/// Nothing was asked for under that name, or the certificate is not one that can be taken; the request stays open then.
pub fn accept(session: &mut Session, asked: &ReplyRequest) -> Result<Authority, Error> {
    let attempt = Attempt::to_issue(&asked.name, None, asked.why.clone());
    let ended = accept_as_asked(session, asked);
    attempt.ended(session, ended)
}

fn accept_as_asked(session: &mut Session, asked: &ReplyRequest) -> Result<Authority, Error> {
    let _lock = NameLock::of(&session.home, &asked.name)?;
    let certificates = source::all_certificates(&asked.files)?;
    let mut recovered = recovery::recover(session)?;
    let open = recovered.take(IntentKind::Issue, &asked.name).map(|left| left.intent);
    let Some(open) = open.filter(|open| open.issuer_kind == ExternalCa::KIND) else {
        return taken_before(session, &asked.name, &certificates);
    };
    session.journal.require_clock()?;
    let now = session.clock.now();
    let path = checked(&open, &certificates, now)?;
    refuse_own_signer(session, &path)?;
    if !path.first().is_some_and(authority_check::signs_lists) {
        session.watcher.warn(&format!(
            "the certificate of `{}` is not for signing CRLs (cRLSign): what it issues cannot be seen to be revoked",
            asked.name
        ));
    }
    record_it(session, &open, path, asked)?;
    session.journal.publish()?;
    authority_row::publish_below(session, &asked.name)?;
    session.authority(Some(&asked.name))
}

/// The answer was taken by an earlier run, which may have been killed before it wrote the file.
fn taken_before(session: &Session, name: &str, certificates: &[Certificate]) -> Result<Authority, Error> {
    let known = session.journal.store().authorities()?.into_iter().find(|one| one.name == name);
    if let Some(known) = known
        && certificates.iter().any(|one| one.fingerprint() == known.certificate)
    {
        authority_row::publish(session, name)?;
        return Ok(known);
    }
    Err(Error::new(ErrorKind::Usage, format!("no request for the certificate of a CA `{name}` is open"))
        .hint(AuthorityHint::RequestFirst(name.to_owned())))
}

/// The certificate for the key of the request, and those above it up to a root.
fn checked(open: &OpenIntent, certificates: &[Certificate], now: Timestamp) -> Result<Vec<Certificate>, Error> {
    let name = &open.name;
    let ours = |one: &&Certificate| open.key_hash() == Some(one.key_hash());
    let own = certificates.iter().filter(ours).max_by_key(|one| one.validity.not_before).ok_or_else(|| {
        let keys: Vec<_> = certificates.iter().map(|one| format!("{}: key {}", one.subject, one.key_hash())).collect();
        let wanted = open.key_hash().as_ref().map(KeyHash::to_string).unwrap_or_default();
        Error::new(ErrorKind::Usage, format!("none of these certificates is for the key of `{name}`, {wanted}"))
            .because(keys.join("\n"))
            .hint("ask for the certificate that was made from this request")
    })?;
    let kept = |error: Error| error.hint("nothing has changed: the request stays open for another answer");
    let flaws = objections(own, &requested_subject(open)?);
    if !flaws.is_empty() {
        return Err(kept(authority_check::unusable(name, &flaws)));
    }
    authority_check::path_to_root(name, own, certificates, now).map_err(kept)
}

/// The subject of the request that left.
fn requested_subject(open: &OpenIntent) -> Result<DistinguishedName, Error> {
    let lost = || Error::new(ErrorKind::Verification, format!("the request of `{}` is not kept", open.name));
    let csr = open.csr.as_deref().ok_or_else(lost)?;
    Ok(CertificateRequest::from_der(csr).map_err(|error| lost().because(error))?.subject)
}

/// What keeps a certificate from being that of an issuing CA with that subject.
fn objections(own: &Certificate, subject: &DistinguishedName) -> Vec<String> {
    let mut found = authority_check::objections(own);
    if !own.subject.is_same(subject) {
        found.push(format!("it is for the subject `{}`, and `{subject}` was asked for", own.subject));
    }
    if own.is_self_issued() {
        found.push("it is issued by its own name: a CA below another was asked for".to_owned());
    }
    found
}

/// A CA of this home signs without a request by hand.
fn refuse_own_signer(session: &Session, path: &[Certificate]) -> Result<(), Error> {
    let authorities = session.journal.store().authorities()?;
    let signer = path.get(1).map(Certificate::fingerprint);
    match authorities.iter().find(|one| Some(one.certificate) == signer) {
        Some(one) => {
            Err(Error::new(ErrorKind::Usage, format!("CA `{}` of this home has signed this certificate", one.name))
                .hint(AuthorityHint::CreateBelow(one.name.clone())))
        }
        None => Ok(()),
    }
}

/// The certificate, the end of its intent, and the CA as an issuer: one transaction.
fn record_it(
    session: &mut Session,
    open: &OpenIntent,
    path: Vec<Certificate>,
    asked: &ReplyRequest,
) -> Result<(), Error> {
    let claim = ExpectedCertificate::read(open)?;
    let broken =
        || Error::new(ErrorKind::Verification, format!("what was asked for `{}` cannot be read back", open.name));
    let expected = claim.authority.ok_or_else(broken)?;
    let mut path = path.into_iter();
    let certificate = path.next().ok_or_else(broken)?;
    let chain: Vec<_> = path.map(|one| one.as_der().to_vec()).collect();
    let (signer, fingerprint) = (certificate.issuer.to_string(), certificate.fingerprint());
    let remembered = InventoryFields {
        key_kind: claim.key_kind,
        request: claim.request,
        request_digest: RequestDigest::new(claim.request_digest.0),
        renew_before: claim.renew_before.parse().map_err(|_| broken())?,
        key: None,
        chain: chain.clone(),
        delivered: true,
    };
    let signed = SignedCertificate {
        name: claim.name,
        template: claim.template,
        replaces: claim.replaces.map(|digest| Fingerprint::new(digest.0)),
        issued: Issued { certificate: certificate.as_der().to_vec(), chain, key: None, remark: None },
        certificate,
        op: open.op,
        item: None,
        reference: reference(open),
    };
    let made = record::issued(&session.journal, Event::CaCertIssued, &signed, &signer, remembered);
    let (mut issued, _, row) = made;
    issued.rem = Some(rem(open));
    issued.why.clone_from(&asked.why);
    let known = session.journal.store().authorities()?.into_iter().find(|one| one.name == open.name);
    let change = match known {
        Some(before) => {
            let old = authority_chain(session.journal.store(), &before)?;
            let old = old.first().ok_or_else(broken)?;
            authority_renewal::renewed(session, &before, old)?
        }
        None => AuthorityChange::Add(Authority {
            name: open.name.clone(),
            parent: None,
            certificate: fingerprint,
            key_file: expected.key_file,
            pointers: expected.pointers,
        }),
    };
    let (issuer, rows) = change.written(&session.journal, open.op, fingerprint);
    let adopted = Change::Adopt { op: open.op, from: open.session, to: session.journal.session() };
    let mut changes = vec![adopted, row, Change::CloseIntent(open.op)];
    changes.extend(claim.replaced.map(|id| Change::Replace { id, by: fingerprint }));
    changes.extend(rows);
    session.journal.append(vec![issued, issuer], changes)?;
    Ok(())
}
