//! Truststores of a home: what was put where is on record, and the inventory finds it again.

use certroll_pki::digest::Fingerprint;
use std::path::{Path, PathBuf};

use super::edit::{self, TrustEdited, TrustSelector, TrustedCertificate};
use crate::audit::record::draft::Draft;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Outcome, TargetFacts, Why};
use crate::audit::record::value::Id;
use crate::error::{Error, ErrorKind};
use crate::lifecycle::session::attempt::Attempt;
use crate::lifecycle::session::{Session, View, authority_chain};
use crate::store::{Change, Installation, Store, TRUSTSTORE};
use crate::tools::keystore::edit::EditRequest;

/// The certificates of a CA of the home and of those above it.
///
/// # Errors
/// There is no such CA.
pub fn of_authority(view: &View, name: &str) -> Result<Vec<TrustedCertificate>, Error> {
    let authority = view.authority(Some(name))?;
    let authorities = view.store.authorities()?;
    let chain = authority_chain(&*view.store, &authority)?;
    Ok(chain
        .into_iter()
        .map(|certificate| {
            let own = authorities.iter().find(|authority| authority.certificate == certificate.fingerprint());
            TrustedCertificate { authority: own.map(|authority| authority.name.clone()), alias: None, certificate }
        })
        .collect())
}

/// Whether the home looks after the truststore in that file.
///
/// # Errors
/// The home cannot be read.
pub fn knows(store: &dyn Store, path: &Path) -> Result<bool, Error> {
    let path = absolute(path);
    Ok(store.truststores()?.iter().any(|row| row.path == path))
}

/// For the record of a change.
pub struct TruststoreChange<'a> {
    /// The file that holds the truststore's password, if it came from one.
    pub password_file: Option<PathBuf>,
    /// Why.
    pub why: &'a Why,
}

/// As [`edit::add`]; each certificate that is new is on record, and each that is there is remembered.
///
/// # Errors
/// As [`edit::add`], which is on record then; or the log cannot be written.
pub fn add(
    session: &mut Session,
    request: &EditRequest<'_>,
    wanted: &[TrustedCertificate],
    remembering: &TruststoreChange<'_>,
) -> Result<TrustEdited, Error> {
    session.journal.require_clock()?;
    let attempt = Attempt::to_deliver(None, Some(target(request.path, "", None)));
    let done = edit::add(request, wanted);
    let done = attempt.ended(session, done)?;
    let known = session.journal.store().truststores()?;
    let (mut records, mut changes) = (Vec::new(), Vec::new());
    let op = Id::new(session.clock.now());
    for (alias, one, is_new) in &done.present {
        if *is_new {
            let mut record = draft(session, Event::CertDeployed, op, remembering.why);
            record.tgt = Some(target(request.path, done.format, Some(one.certificate.fingerprint())));
            records.push(record);
        }
        let installation = Installation {
            name: one.authority.clone().unwrap_or_default(),
            path: absolute(request.path),
            format: format!("{TRUSTSTORE}{}", done.format),
            alias: alias.clone(),
            password_file: remembering.password_file.clone(),
        };
        if !known.contains(&installation) {
            changes.push(Change::Trust(installation));
        }
    }
    commit(session, records, changes, request.path)?;
    Ok(done)
}

/// As [`edit::remove`]; each removal is on record.
///
/// # Errors
/// As [`add`].
pub fn remove(
    session: &mut Session,
    request: &EditRequest<'_>,
    which: &[TrustSelector],
    why: &Why,
) -> Result<TrustEdited, Error> {
    session.journal.require_clock()?;
    let attempt = Attempt::to_deliver(None, Some(target(request.path, "", None)));
    let done = edit::remove(request, which);
    let done = attempt.ended(session, done)?;
    let op = Id::new(session.clock.now());
    let (mut records, mut changes) = (Vec::new(), Vec::new());
    for entry in &done.removed {
        let fingerprint = Fingerprint::of(&entry.der);
        let mut record = draft(session, Event::CertWithdrawn, op, why);
        record.tgt = Some(target(request.path, done.format, Some(fingerprint)));
        records.push(record);
        for alias in remembered_as(session.journal.store(), request.path, entry.alias.as_deref(), &fingerprint)? {
            changes.push(Change::Distrust { path: absolute(request.path), alias });
        }
    }
    commit(session, records, changes, request.path)?;
    Ok(done)
}

/// The aliases under which a certificate of a truststore is remembered: its own; in PEM that of the CA it belongs to.
pub(super) fn remembered_as(
    store: &dyn Store,
    path: &Path,
    alias: Option<&str>,
    fingerprint: &Fingerprint,
) -> Result<Vec<String>, Error> {
    if let Some(alias) = alias {
        return Ok(vec![alias.to_owned()]);
    }
    let owner = store.authorities()?.into_iter().find(|authority| authority.certificate == *fingerprint);
    let path = absolute(path);
    let rows = store.truststores()?.into_iter().filter(|row| row.path == path);
    Ok(rows.filter(|row| owner.as_ref().is_some_and(|owner| owner.name == row.name)).map(|row| row.alias).collect())
}

pub(super) fn draft(session: &Session, event: Event, op: Id, why: &Why) -> Draft {
    let mut record = session.journal.draft(event, Outcome::Ok, op);
    record.why = Some(std::sync::Arc::new(why.clone()));
    record
}

pub(super) fn target(path: &Path, format: &str, observed: Option<Fingerprint>) -> TargetFacts {
    TargetFacts {
        t: "truststore".to_owned(),
        id: absolute(path).to_string_lossy().into_owned(),
        method: Some(format.to_owned()).filter(|format| !format.is_empty()),
        observed: observed.map(Into::into),
        ..TargetFacts::default()
    }
}

pub(super) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

pub(super) fn commit(
    session: &mut Session,
    records: Vec<Draft>,
    changes: Vec<Change>,
    path: &Path,
) -> Result<(), Error> {
    if records.is_empty() && changes.is_empty() {
        return Ok(());
    }
    session.journal.commit(records, changes).map(drop).map_err(|error| {
        let message = format!("`{}` is written, but that cannot be recorded", path.display());
        error.reworded(ErrorKind::Deploy, message).hint("make room in the home, then repeat the command")
    })
}
