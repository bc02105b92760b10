//! Take a CA away that has signed nothing, or withdraw the request for one: its name is free again.

use std::sync::Arc;

use super::authority_row;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Outcome, Why};
use crate::audit::record::value::Id;
use crate::error::{Error, ErrorKind};
use crate::hint::issuer::AuthorityHint;
use crate::issuer::ExternalCa;
use crate::lifecycle::delivery::name_lock::NameLock;
use crate::lifecycle::layout::home::Home;
use crate::lifecycle::layout::in_force;
use crate::lifecycle::recovery::{self, abandon};
use crate::lifecycle::session::Session;
use crate::lifecycle::session::attempt::Attempt;
use crate::signer::registry as signers;
use crate::store::{Authority, Change, IntentKind, Query, Selector};

/// What was taken away.
pub enum Removed {
    /// The CA.
    Authority,
    /// The request for its certificate, or for a further one.
    Request,
}

/// Takes it away. An open request goes first, and alone where there is one.
///
/// # Errors
/// There is neither, the CA has signed something, or its own certificate is good and not revoked.
pub fn remove(session: &mut Session, name: &str, why: Arc<Why>) -> Result<Removed, Error> {
    let attempt = Attempt::to_issue(name, None, Some(why.clone()));
    let ended = remove_as_asked(session, name, why);
    attempt.ended(session, ended)
}

fn remove_as_asked(session: &mut Session, name: &str, why: Arc<Why>) -> Result<Removed, Error> {
    let _lock = NameLock::of(&session.home, name)?;
    let mut recovered = recovery::recover(session)?;
    let open = recovered.take(IntentKind::Issue, name).map(|left| left.intent);
    let known = session.journal.store().authorities()?.into_iter().find(|one| one.name == name);
    if let Some(open) = open.filter(|open| open.issuer_kind == ExternalCa::KIND) {
        abandon::end(session, &open, "the request was withdrawn", why)?;
        if known.is_none() {
            forget_key(session, &Home::authority_key(name))?;
        }
        return Ok(Removed::Request);
    }
    let authority = match known {
        Some(known) => known,
        None => session.authority(Some(name))?,
    };
    refuse_used(session, &authority)?;
    let op = Id::new(session.clock.now());
    let mut record = authority_row::about(&session.journal, Event::IssuerRemove, op, name);
    record.why = Some(why);
    let mut changes = vec![Change::RemoveAuthority(authority.clone()), in_force::forget_issuer(&authority)];
    let own = session.journal.store().certificates(&Query::of(Selector::Fingerprint(authority.certificate)))?.pop();
    if own.is_some_and(|own| own.replaced_by.is_none()) {
        changes.push(Change::SetAside(authority.certificate));
    }
    let mut records = vec![record];
    if !signers::is_reference(&authority.key_file) {
        let mut destroyed = session.journal.draft(Event::KeyDestroy, Outcome::Ok, op);
        destroyed.x.insert("ca".to_owned(), name.into());
        records.push(destroyed);
    }
    session.journal.commit(records, changes)?;
    forget_key(session, &authority.key_file)?;
    for end in ["pem", "crl"] {
        let _ = std::fs::remove_file(session.home.authorities().join(format!("{name}.{end}")));
    }
    Ok(Removed::Authority)
}

/// What somebody may rely on stays.
fn refuse_used(session: &Session, authority: &Authority) -> Result<(), Error> {
    let (store, name) = (session.journal.store(), &authority.name);
    let issued = store.certificates(&Query { issuer: Some(name.clone()), ..Query::default() })?;
    let others = issued.iter().filter(|one| one.name != *name).count();
    let below: Vec<_> = store.authorities()?.into_iter().filter(|one| one.parent.as_ref() == Some(name)).collect();
    let own = store.certificates(&Query::of(Selector::Fingerprint(authority.certificate)))?.pop();
    if others > 0 || !below.is_empty() {
        let message = format!("CA `{name}` has signed {} certificates", others.max(below.len()));
        return Err(Error::new(ErrorKind::Refused, message)
            .hint("what it has signed must stay revocable: it can be revoked, and stays in the home"));
    }
    // A root that signed nothing is trusted by nobody for anything; another one could be used with a copy of its key.
    let signed_above = own.is_some_and(|own| own.issuer != *name && own.revoked.is_none());
    if signed_above {
        let message = format!("the certificate of CA `{name}` is good, and others accept what is signed with its key");
        return Err(Error::new(ErrorKind::Refused, message).hint(AuthorityHint::RevokeFirst(name.clone())));
    }
    Ok(())
}

/// Deletes a key of the home; one elsewhere stays there.
fn forget_key(session: &Session, key_file: &str) -> Result<(), Error> {
    if signers::is_reference(key_file) {
        return Ok(());
    }
    let file = session.home.root().join(key_file);
    match std::fs::remove_file(&file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::file(&file, "delete", error)),
        _ => Ok(()),
    }
}
