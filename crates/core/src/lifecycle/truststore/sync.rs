//! Bring every truststore that the home knows up to date: CAs that are revoked or expired out, current ones in.
//!
//! In goes only what was put there before under the name of a CA: a truststore never begins to trust a CA because the
//! home has a further CA.

use certroll_pki::digest::Fingerprint;
use std::path::{Path, PathBuf};

use super::edit::{TrustEdited, TrustSelector, TrustedCertificate};
use super::open::{TrustedEntry, Truststore};
use super::remember::{self, TruststoreChange, absolute};
use crate::audit::record::facts::Why;
use crate::error::Error;
use crate::hint::keystore::TruststoreHint;
use crate::lifecycle::session::Session;
use crate::store::{Authority, Installation, Query, Selector, Store};
use crate::tools::keystore::edit::EditRequest;
use crate::tools::keystore::file::{Choices, Edited, Passwords};
use certroll_base::clock::Timestamp;
use certroll_pki::x509::certificate::Certificate;

/// What became of one truststore.
pub struct Synced {
    /// The file.
    pub path: PathBuf,
    /// What was done, or why it could not be.
    pub result: Result<Edited, Error>,
}

/// Why a certificate has no place in a truststore any more.
fn gone(
    store: &dyn Store,
    authorities: &[Authority],
    fingerprint: &Fingerprint,
    now: Timestamp,
) -> Result<bool, Error> {
    let Some(entry) = store.certificates(&Query::of(Selector::Fingerprint(*fingerprint)))?.pop() else {
        return Ok(false);
    };
    if entry.revoked.is_some() || entry.validity.not_after < now {
        return Ok(true);
    }
    // A CA below a revoked one is worth nothing either.
    let own = authorities.iter().find(|authority| authority.certificate == *fingerprint);
    let parent = own.and_then(|own| own.parent.as_ref()).and_then(|name| authorities.iter().find(|a| a.name == *name));
    match parent {
        Some(parent) => gone(store, authorities, &parent.certificate, now),
        None => Ok(false),
    }
}

/// The truststores known to the home that are remembered to trust a CA that is revoked or expired.
///
/// # Errors
/// The home cannot be read.
pub fn stale(store: &dyn Store, now: Timestamp) -> Result<Vec<PathBuf>, Error> {
    let authorities = store.authorities()?;
    let mut paths = Vec::new();
    for row in store.truststores()? {
        let Some(authority) = authorities.iter().find(|authority| authority.name == row.name) else { continue };
        if gone(store, &authorities, &authority.certificate, now)? && !paths.contains(&row.path) {
            paths.push(row.path);
        }
    }
    Ok(paths)
}

/// Brings each known truststore up to date. `password` opens those whose password came from no file.
///
/// # Errors
/// The home cannot be read or its log not written; a truststore that cannot be changed is told of in its place.
pub fn sync(session: &mut Session, password: &Passwords, why: &Why) -> Result<Vec<Synced>, Error> {
    let rows = session.journal.store().truststores()?;
    let mut paths: Vec<PathBuf> = rows.iter().map(|row| row.path.clone()).collect();
    paths.dedup();
    let mut all = Vec::new();
    for path in paths {
        let rows: Vec<_> = rows.iter().filter(|row| row.path == path).cloned().collect();
        let result = one(session, &path, &rows, password, why);
        all.push(Synced { path, result });
    }
    Ok(all)
}

fn one(
    session: &mut Session,
    path: &Path,
    rows: &[Installation],
    given: &Passwords,
    why: &Why,
) -> Result<Edited, Error> {
    let password_file = rows.iter().find_map(|row| row.password_file.clone());
    let passwords = match &password_file {
        Some(file) => {
            let secret = certroll_base::secret::Secret::from_file(file)
                .map_err(|error| Error::file(file, "read the password of the truststore from", error))?;
            Passwords { store: Some(secret), keys: None }
        }
        None => given.clone(),
    };
    let now = session.clock.now();
    let choices = Choices { profile: None, iterations: None, now };
    let request = EditRequest { path, passwords: &passwords, choices, replace: false };
    let (out, wanted) = differences(session.journal.store(), path, rows, &passwords, now)?;
    let mut edited = Edited::default();
    if !out.is_empty() {
        join(&mut edited, remember::remove(session, &request, &out, why)?);
    }
    if !wanted.is_empty() {
        let remembering = TruststoreChange { password_file, why };
        join(&mut edited, remember::add(session, &request, &wanted, &remembering)?);
    }
    if !edited.changed {
        edited.said = vec![format!("`{}` is up to date", path.display())];
    }
    Ok(edited)
}

fn join(edited: &mut Edited, more: TrustEdited) {
    edited.changed |= more.edited.changed;
    edited.said.extend(more.edited.said);
}

/// What has to go, and what is missing.
fn differences(
    store: &dyn Store,
    path: &Path,
    rows: &[Installation],
    passwords: &Passwords,
    now: Timestamp,
) -> Result<(Vec<TrustSelector>, Vec<TrustedCertificate>), Error> {
    if !path.exists() {
        let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
        return Err(Error::file(path, "read", missing).hint(TruststoreHint::MakeAgain(path.to_owned())));
    }
    let trusted = Truststore::open(path, passwords)?.trusted();
    let authorities = store.authorities()?;
    let mut out = Vec::new();
    for entry in &trusted {
        let fingerprint = Fingerprint::of(&entry.der);
        if gone(store, &authorities, &fingerprint, now)? {
            out.push(TrustSelector::Fingerprint(fingerprint));
        }
    }
    let mut wanted = Vec::new();
    for row in rows {
        let Some(authority) = authorities.iter().find(|authority| authority.name == row.name) else { continue };
        let there = trusted.iter().any(|entry| Fingerprint::of(&entry.der) == authority.certificate);
        if there || gone(store, &authorities, &authority.certificate, now)? {
            continue;
        }
        let entries = store.certificates(&Query::of(Selector::Fingerprint(authority.certificate)))?;
        let Some(entry) = entries.first() else { continue };
        let Ok(certificate) = Certificate::from_der(&store.certificate_der(entry)?) else { continue };
        // The certificate of the same CA before it got a new one keeps its alias: it stays trusted as long as it is valid.
        let is_taken = |entry: &TrustedEntry| {
            entry.alias.as_deref() == Some(&row.alias)
                && !out.iter().any(
                    |gone| matches!(gone, TrustSelector::Fingerprint(sha256) if *sha256 == Fingerprint::of(&entry.der)),
                )
        };
        let alias = Some(row.alias.clone()).filter(|_| !trusted.iter().any(is_taken));
        wanted.push(TrustedCertificate { certificate, alias, authority: Some(row.name.clone()) });
    }
    Ok((out, wanted))
}

/// Stops tracking a truststore: the file stays as it is, and no synchronisation looks at it any more.
///
/// # Errors
/// The home cannot be written.
pub fn untrack(session: &mut Session, path: &Path) -> Result<Edited, Error> {
    let path = absolute(path);
    let rows: Vec<_> = session.journal.store().truststores()?.into_iter().filter(|row| row.path == path).collect();
    if rows.is_empty() {
        return Ok(Edited::unchanged(format!("the home knows nothing of `{}`: nothing to do", path.display())));
    }
    let forget = |row: Installation| crate::store::Change::Distrust { path: row.path, alias: row.alias };
    session.journal.append(Vec::new(), rows.into_iter().map(forget).collect())?;
    Ok(Edited { changed: true, said: vec![format!("the home has forgotten `{}`; the file stays", path.display())] })
}
