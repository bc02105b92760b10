//! CRLs where relying parties read them: files that are written anew with each CRL, and services that are made to load them.
//!
//! A CRL past its nextUpdate is an outage: nginx and Mosquitto then refuse every client. So lists are signed again while a third of their
//! time is left, by whatever looks after what is due; and what could not be written, or not be loaded, is owed until it is.

use std::path::{Path, PathBuf};

use super::crl;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Failure, InstallationState, Outcome, TargetFacts};
use crate::audit::record::value::Id;
use crate::destination::kinds::file::FileDestination;
use crate::error::{Error, ErrorKind, describe};
use crate::hint::issuer::AuthorityHint;
use crate::lifecycle::service;
use crate::lifecycle::session::{Session, View};
use crate::store::{Change, CrlEntry, CrlForm, CrlPublication, PublicationChange, Store};
use certroll_base::clock::Timestamp;
use certroll_base::encoding::{Sha256, sha256};
use certroll_base::lock::Lock;
use certroll_pki::container::pem::{self, Label};

/// A CRL is signed again when less than one part in so many of its time is left.
const LEFT: i64 = 3;
/// A publication is told of as due when less than one part in so many is left: what should have signed it anew did not.
const LATE: i64 = 7;

/// Remembers a file, and writes it.
///
/// # Errors
/// A CA or a service is not known, the form has no room for the CRLs, or it cannot be written.
pub fn keep(session: &mut Session, publication: CrlPublication) -> Result<(), Error> {
    let store = session.journal.store();
    let known: Vec<String> = store.authorities()?.into_iter().map(|authority| authority.name).collect();
    if let Some(name) = publication.authorities.iter().find(|name| !known.contains(name)) {
        return Err(Error::new(ErrorKind::Usage, format!("there is no CA `{name}`")));
    }
    let count = if publication.authorities.is_empty() { known.len() } else { publication.authorities.len() };
    if publication.form == CrlForm::Der && count > 1 {
        let message = format!("`{}` would hold {count} CRLs, and DER has room for one", publication.path.display());
        return Err(Error::new(ErrorKind::Usage, message).hint("name the file `.pem`, or name one CA"));
    }
    for service in &publication.services {
        service::inventory::find(store, service)?;
    }
    let op = Id::new(session.clock.now());
    let mut record = session.journal.draft(Event::CrlPublicationChange, Outcome::Ok, op);
    record.tgt = Some(target(&publication, None, None));
    record.x.insert("publication".to_owned(), serde_json::to_value(&publication).unwrap_or_default());
    session
        .journal
        .commit(vec![record], vec![Change::Publication(PublicationChange::Set(Box::new(publication.clone())))])?;
    write(session, publication)
}

/// Forgets a file, which stays as it is; answers whether it was known.
///
/// # Errors
/// The log cannot be written.
pub fn forget(session: &mut Session, path: &Path) -> Result<bool, Error> {
    let known = session.journal.store().crl_publications()?.into_iter().find(|one| one.path == path);
    let Some(publication) = known else { return Ok(false) };
    let op = Id::new(session.clock.now());
    let mut record = session.journal.draft(Event::CrlPublicationChange, Outcome::Ok, op);
    record.tgt = Some(target(&publication, Some(InstallationState::Withdrawn), None));
    session.journal.commit(vec![record], vec![Change::Publication(PublicationChange::Forget(path.to_owned()))])?;
    Ok(true)
}

/// Writes every file that holds the CRL of that CA.
///
/// # Errors
/// Of kind [`ErrorKind::Deploy`]: one could not be written, or a service could not be made to load it. It is owed then.
pub(crate) fn publish(session: &mut Session, authority: &str) -> Result<(), Error> {
    let all = session.journal.store().crl_publications()?;
    let mut failed = None;
    for publication in all.into_iter().filter(|publication| publication.holds(authority)) {
        failed = write(session, publication).err().or(failed);
    }
    failed.map_or(Ok(()), Err)
}

/// What was done about CRLs that were due.
#[derive(Debug, Default)]
pub struct Refreshed {
    /// CRLs that were signed.
    pub signed: Vec<CrlEntry>,
    /// Files that were written although no CRL was signed.
    pub written: Vec<PathBuf>,
    /// What could not be done; it is owed.
    pub failures: Vec<Error>,
}

impl Refreshed {
    /// Whether nothing was due.
    pub fn is_empty(&self) -> bool {
        self.signed.is_empty() && self.written.is_empty() && self.failures.is_empty()
    }
}

/// Signs the CRLs whose time is nearly over, and those that a file waits for; writes the files that are not as they should be.
///
/// # Errors
/// The inventory or the log cannot be used.
pub fn refresh(session: &mut Session) -> Result<Refreshed, Error> {
    let now = session.clock.now();
    let mut refreshed = Refreshed::default();
    let publications = session.journal.store().crl_publications()?;
    for authority in session.journal.store().authorities()? {
        let latest = session.journal.store().latest_crl(&authority.name)?;
        let wanted = publications.iter().any(|one| one.holds(&authority.name));
        let due = latest.as_ref().map_or(wanted, |crl| is_near_its_end(crl, now, LEFT));
        let due = due || crl::is_behind(session.journal.store(), &authority.name)?;
        if !due {
            continue;
        }
        let lifetime = latest.map(|crl| crl.next_update.secs() - crl.this_update.secs());
        let lifetime = lifetime.map(certroll_pki::x509::validity::Lifetime::Seconds);
        let signed = session.open_issuer(&authority).and_then(|issuer| crl::sign(session, &*issuer, lifetime));
        match signed {
            Ok(crl) => refreshed.signed.push(crl),
            Err(error) if error.kind == ErrorKind::Verification || error.kind == ErrorKind::Audit => return Err(error),
            Err(error) => refreshed.failures.push(unsigned(&authority.name, error)),
        }
    }
    for publication in session.journal.store().crl_publications()? {
        let path = publication.path.clone();
        if publication.owed.is_none() && differs(session.journal.store(), &publication)?.is_none() {
            continue;
        }
        match write(session, publication) {
            Ok(()) => refreshed.written.push(path),
            Err(error) => refreshed.failures.push(error),
        }
    }
    Ok(refreshed)
}

fn unsigned(authority: &str, error: Error) -> Error {
    let message = format!("the CRL of `{authority}` could not be signed anew before its time is over");
    Error::new(ErrorKind::Deploy, message).because(describe(&error)).hint(AuthorityHint::RenewCrl(authority.to_owned()))
}

fn is_near_its_end(crl: &CrlEntry, now: Timestamp, part: i64) -> bool {
    let whole = crl.next_update.secs() - crl.this_update.secs();
    now.secs() >= crl.next_update.secs() - whole / part
}

/// The CRLs that a file should hold, newest of each CA.
fn wanted(store: &dyn Store, publication: &CrlPublication) -> Result<Vec<CrlEntry>, Error> {
    let names: Vec<String> = match publication.authorities.as_slice() {
        [] => store.authorities()?.into_iter().map(|authority| authority.name).collect(),
        names => names.to_vec(),
    };
    let mut found = Vec::with_capacity(names.len());
    for name in names {
        let crl = store.latest_crl(&name)?.ok_or_else(|| {
            let error = Error::new(ErrorKind::Deploy, format!("`{name}` has not signed a CRL yet"));
            error.hint(AuthorityHint::RenewCrl(name.clone()))
        })?;
        found.push(crl);
    }
    Ok(found)
}

fn render(crls: &[CrlEntry], form: CrlForm) -> Vec<u8> {
    match form {
        CrlForm::Pem => crls.iter().map(|crl| pem::encode(Label::Crl, &crl.der)).collect::<String>().into_bytes(),
        CrlForm::Der => crls.first().map(|crl| crl.der.clone()).unwrap_or_default(),
    }
}

/// What is wrong with the file, looked at now; `None` when it holds what it should.
fn differs(store: &dyn Store, publication: &CrlPublication) -> Result<Option<String>, Error> {
    let crls = match wanted(store, publication) {
        Ok(crls) => crls,
        Err(error) if error.kind == ErrorKind::Deploy => return Ok(Some(describe(&error))),
        Err(error) => return Err(error),
    };
    Ok(match FileDestination::new(&publication.path).content() {
        Ok(Some(bytes)) if bytes == render(&crls, publication.form) => None,
        Ok(Some(_)) => Some("it does not hold the newest CRLs".to_owned()),
        Ok(None) => Some("missing".to_owned()),
        Err(error) => Some(format!("unreadable: {}", describe(&error))),
    })
}

/// Writes a file if it is not as it should be, and has its services load it.
fn write(session: &mut Session, publication: CrlPublication) -> Result<(), Error> {
    let path = publication.path.clone();
    let op = Id::new(session.clock.now());
    let written = put(session, &publication);
    let loaded = match &written {
        Ok(_) => load(session, &publication),
        Err(_) => Ok(()),
    };
    let digest = written.as_ref().ok().copied();
    let failure = written.err().or(loaded.err());
    let outcome = if failure.is_some() { Outcome::Fail } else { Outcome::Ok };
    let mut record = session.journal.draft(Event::CrlPublished, outcome, op);
    let state = if failure.is_some() { InstallationState::Owed } else { InstallationState::Written };
    record.tgt = Some(target(&publication, Some(state), digest));
    record.err = failure.as_ref().map(|error| Failure { code: "publish".to_owned(), text: describe(error) });
    if let Ok(crls) = wanted(session.journal.store(), &publication) {
        let facts = |crl: &CrlEntry| serde_json::json!({"iss": crl.authority, "number": crl.number});
        record.x.insert("crls".to_owned(), crls.iter().map(facts).collect::<Vec<_>>().into());
    }
    let publication = CrlPublication { owed: failure.as_ref().map(|error| describe(error)), ..publication };
    session.journal.commit(vec![record], vec![Change::Publication(PublicationChange::Set(Box::new(publication)))])?;
    match failure {
        None => Ok(()),
        Some(error) => Err(Error::new(ErrorKind::Deploy, format!("the CRLs in `{}` are not out yet", path.display()))
            .because(describe(&error))
            .hint(AuthorityHint::PublishOwed)),
    }
}

/// The file under a lock, so that of two runs the one with the newer CRL is the last.
fn put(session: &Session, publication: &CrlPublication) -> Result<Sha256, Error> {
    let path = &publication.path;
    let unwritable = |error| Error::file(path, "write", error).of_kind_unless_locked(ErrorKind::Deploy);
    let _lock = Lock::acquire(&session.home.run().join("publish.lock")).map_err(unwritable)?;
    let bytes = render(&wanted(session.journal.store(), publication)?, publication.form);
    let destination = FileDestination::new(path);
    let refused = |error| Error::destination(path.display(), "write", error);
    if destination.content().map_err(refused)?.as_deref() != Some(bytes.as_slice()) {
        destination.write(&bytes, false).map_err(refused)?;
    }
    Ok(sha256(&bytes))
}

fn load(session: &mut Session, publication: &CrlPublication) -> Result<(), Error> {
    for name in &publication.services {
        let service = service::inventory::find(session.journal.store(), name)?;
        service::load(session, &service, &publication.path)?;
    }
    Ok(())
}

fn target(publication: &CrlPublication, state: Option<InstallationState>, digest: Option<Sha256>) -> TargetFacts {
    TargetFacts {
        t: "file".to_owned(),
        id: publication.path.to_string_lossy().into_owned(),
        method: Some("crl".to_owned()),
        state,
        sha256: digest.map(Into::into),
        ..TargetFacts::default()
    }
}

/// A file of CRLs that needs attention.
#[derive(Clone, Debug)]
pub struct PublicationFinding {
    /// The file.
    pub path: PathBuf,
    /// What is wrong.
    pub what: String,
    /// Whether relying parties refuse everybody: a CRL in it is past its nextUpdate.
    pub is_over: bool,
}

/// Looks at the files that hold CRLs.
///
/// # Errors
/// The inventory cannot be read.
pub fn look(view: &View) -> Result<Vec<PublicationFinding>, Error> {
    let now = view.clock.now();
    let mut findings = Vec::new();
    for publication in view.store.crl_publications()? {
        let crls = wanted(&*view.store, &publication).unwrap_or_default();
        let over = crls.iter().find(|crl| crl.next_update < now);
        let late = crls.iter().find(|crl| is_near_its_end(crl, now, LATE));
        let what = match (over, differs(&*view.store, &publication)?, late, &publication.owed) {
            (Some(crl), ..) => Some(format!("the CRL of `{}` is over since {}", crl.authority, crl.next_update)),
            (None, Some(what), ..) => Some(what),
            (None, None, Some(crl), _) => {
                Some(format!("the CRL of `{}` is over at {} and not signed anew", crl.authority, crl.next_update))
            }
            (None, None, None, owed) => owed.clone(),
        };
        let path = publication.path;
        findings.extend(what.map(|what| PublicationFinding { path, what, is_over: over.is_some() }));
    }
    Ok(findings)
}
