//! Take over a CA that worked elsewhere before, with what it has issued: from its record on the log is complete for it.
//!
//! | module | what is in it |
//! |---|---|
//! | [`known`] | what is known of what it issued and revoked |
//! | `names` | under which names its certificates are found |
//! | `records` | records and rows: one transaction |

pub mod known;
mod names;
mod records;

use std::path::PathBuf;
use std::sync::Arc;

use self::known::{ImportSources, Known};
use crate::audit::record::facts::Why;
use crate::error::{Error, ErrorKind};
use crate::hint::issuer::AuthorityHint;
use crate::lifecycle::delivery::name_lock::NameLock;
use crate::lifecycle::issuance::authority;
use crate::lifecycle::issuance::authority_check;
use crate::lifecycle::issuance::authority_key::OwnKey;
use crate::lifecycle::issuance::authority_row;
use crate::lifecycle::recovery;
use crate::lifecycle::revocation::crl;
use crate::lifecycle::session::attempt::Attempt;
use crate::lifecycle::session::{self, Session};
use crate::signer::registry as signers;
use crate::store::{Authority, CertificateEntry, Pointers, Query};
use crate::tools::keystore::source;
use certroll_pki::digest::KeyHash;
use certroll_pki::key::KeyPair;
use certroll_pki::x509::certificate::Certificate;

/// The key of a CA that is taken over.
pub enum ImportedKey {
    /// It is brought, and lies in the home from then on, encrypted.
    Brought(Box<KeyPair>),
    /// It stays where it is, at that reference.
    Elsewhere(String),
}

/// What is taken over.
pub struct ImportRequest {
    /// The name as an issuer.
    pub name: String,
    /// Files with its certificate and those above it, in any order.
    pub certificates: Vec<PathBuf>,
    /// Its key.
    pub key: ImportedKey,
    /// Where it stands what it has issued.
    pub sources: ImportSources,
    /// The templates by which its certificates are rotated: of each the first with the same extended key usages.
    pub templates: Vec<String>,
    /// URIs for what it will issue.
    pub pointers: Pointers,
    /// For what reason.
    pub why: Option<Arc<Why>>,
}

/// What was taken over.
pub struct ImportedAuthority {
    /// The CA.
    pub authority: Authority,
    /// How many certificates came with it.
    pub certificates: usize,
    /// How many of them are valid and in the inventory under a name of their own.
    pub current: usize,
    /// How many are revoked, those included of which only the serial number is known.
    pub revoked: usize,
    /// The greatest cRLNumber that was used.
    pub crl_number: u64,
    /// What a person should know, one to a line.
    pub told: Vec<String>,
}

/// Takes it over: key, certificates, revocations and numbers in one transaction, or nothing.
///
/// # Errors
/// The key is not that of the certificate, the certificate not that of a CA that is valid now, or what is known of it
/// contradicts itself.
pub fn import(session: &mut Session, asked: ImportRequest) -> Result<ImportedAuthority, Error> {
    let attempt = Attempt::to_issue(&asked.name, None, asked.why.clone());
    let ended = import_as_asked(session, asked);
    attempt.ended(session, ended)
}

fn import_as_asked(session: &mut Session, asked: ImportRequest) -> Result<ImportedAuthority, Error> {
    let _lock = NameLock::of(&session.home, &asked.name)?;
    recovery::recover(session)?;
    session.journal.require_clock()?;
    for template in &asked.templates {
        session.template(template)?;
    }
    let certificates = source::all_certificates(&asked.certificates)?;
    let key = match asked.key {
        ImportedKey::Brought(pair) => OwnKey::brought(*pair),
        ImportedKey::Elsewhere(ref reference) => OwnKey::opened(session, reference, None)?,
    };
    if let Some(before) = taken_before(session, &asked.name, &certificates, &key)? {
        return Ok(before);
    }
    authority::check_name(session, &asked.name)?;
    let own = own_certificate(session, &asked.name, &certificates, &key)?;
    let (parent, path) = place(session, &asked.name, own, &certificates)?;
    let known = Known::gather(&asked.sources, own, session.clock.now())?;
    let mut told = known.told.clone();
    if !authority_check::signs_lists(own) {
        told.push(
            "its certificate is not for signing CRLs (cRLSign): what it issues cannot be seen to be revoked".to_owned(),
        );
    }
    let taken = session.journal.store().certificates(&Query::current_of(&asked.name))?;
    if !taken.is_empty() {
        return Err(Error::new(ErrorKind::Usage, format!("`{}` is the name of a certificate already", asked.name)));
    }
    let key_file = key.store(session, &asked.name)?;
    let authority = Authority {
        name: asked.name.clone(),
        parent,
        certificate: own.fingerprint(),
        key_file: key_file.clone(),
        pointers: asked.pointers,
    };
    let named = names::named(session, &known, &asked.name, &asked.templates)?;
    let current = named.iter().filter(|one| one.entry.revoked.is_none() && one.entry.replaced_by.is_none()).count();
    let import = records::Import { authority: &authority, own, path: &path, key: &key, known: &known, why: asked.why };
    let (records, changes) = records::drafted(session, &import, named);
    if let Err(error) = session.journal.append(records, changes) {
        // Nothing was taken over: nor is its key kept. After any other error it may have been, and the key is needed.
        if error.is_conflict() && !signers::is_reference(&key_file) {
            let _ = std::fs::remove_file(session.home.root().join(&key_file));
        }
        return Err(error);
    }
    session.journal.publish()?;
    files(session, &asked.name)?;
    let (certificates, revoked, crl_number) = (known.certificates.len(), known.revoked.len(), known.crl_number);
    Ok(ImportedAuthority { authority, certificates, current, revoked, crl_number, told })
}

/// The CA that an earlier run has taken over under that name, with that key: it may have been killed before it wrote files.
fn taken_before(
    session: &Session,
    name: &str,
    certificates: &[Certificate],
    key: &OwnKey,
) -> Result<Option<ImportedAuthority>, Error> {
    let store = session.journal.store();
    let known = store.authorities()?.into_iter().find(|one| one.name == name);
    let fits = |one: &Authority| {
        certificates.iter().any(|given| given.fingerprint() == one.certificate && given.spki == key.spki)
    };
    let Some(authority) = known.filter(fits) else { return Ok(None) };
    files(session, name)?;
    let issued = store.certificates(&Query { issuer: Some(name.to_owned()), ..Query::default() })?;
    let issued: Vec<_> = issued.iter().filter(|one| one.fingerprint != authority.certificate).collect();
    let is_current = |one: &&&CertificateEntry| one.revoked.is_none() && one.replaced_by.is_none();
    Ok(Some(ImportedAuthority {
        certificates: issued.len(),
        current: issued.iter().filter(is_current).count(),
        revoked: issued.iter().filter(|one| one.revoked.is_some()).count(),
        crl_number: store.latest_crl(name)?.map_or(0, |crl| crl.number),
        told: vec![format!("CA `{name}` was taken over before: nothing was left to do")],
        authority,
    }))
}

/// Its certificate and its newest CRL beside the keys of the home, for people to find.
fn files(session: &Session, name: &str) -> Result<(), Error> {
    authority_row::publish(session, name)?;
    match session.journal.store().latest_crl(name)? {
        Some(latest) => crl::publish(&session.home, session.journal.store(), &latest),
        None => Ok(()),
    }
}

/// The certificate of the key, which no CA of the home has yet.
fn own_certificate<'c>(
    session: &Session,
    name: &str,
    certificates: &'c [Certificate],
    key: &OwnKey,
) -> Result<&'c Certificate, Error> {
    let hash = KeyHash::of(&key.spki);
    let fitting = certificates.iter().filter(|one| one.key_hash() == hash);
    let own = fitting.max_by_key(|one| one.validity.not_before).ok_or_else(|| {
        let keys: Vec<_> = certificates.iter().map(|one| format!("{}: key {}", one.subject, one.key_hash())).collect();
        Error::new(ErrorKind::Usage, format!("the key is not that of the certificate: it is {hash}"))
            .because(keys.join("\n"))
            .hint("give the private key of the CA, and its newest certificate")
    })?;
    for known in session.journal.store().authorities()? {
        let chain = session::authority_chain(session.journal.store(), &known)?;
        if chain.first().is_some_and(|one| one.spki == own.spki) {
            return Err(Error::new(ErrorKind::Usage, format!("CA `{}` of this home has this key already", known.name))
                .hint(AuthorityHint::SeeExisting(known.name)));
        }
    }
    let flaws = authority_check::objections(own);
    if flaws.is_empty() { Ok(own) } else { Err(authority_check::unusable(name, &flaws)) }
}

/// The CA of the home that has signed it, or the certificates above it; neither for a root.
fn place(
    session: &Session,
    name: &str,
    own: &Certificate,
    certificates: &[Certificate],
) -> Result<(Option<String>, Vec<Certificate>), Error> {
    let now = session.clock.now();
    for above in session.journal.store().authorities()? {
        let chain = session::authority_chain(session.journal.store(), &above)?;
        if chain.first().is_some_and(|one| own.names_as_issuer(one) && own.verify_issued_by(one).is_ok()) {
            authority_check::path_to_root(name, own, &chain, now)?;
            return Ok((Some(above.name), Vec::new()));
        }
    }
    let path = authority_check::path_to_root(name, own, certificates, now)?;
    Ok((None, path.into_iter().skip(1).collect()))
}
