//! Write a certificate again to where it belongs.

use super::request::{IssueAct, IssueOutcome};
use super::resume;
use crate::error::{Error, ErrorKind};
use crate::hint::certificate::DeliveryHint;
use crate::lifecycle::delivery::installed::{held_key, installed_key, outputs};
use crate::lifecycle::delivery::name_lock::NameLock;
use crate::lifecycle::delivery::{self, ExpectedKey, Material, Output, OutputForm, Password};
use crate::lifecycle::recovery;
use crate::lifecycle::service::{self, Again, Delivery};
use crate::lifecycle::session::Session;
use crate::lifecycle::session::attempt::Attempt;
use crate::lifecycle::session::shared::SharedSession;
use crate::store::CertificateEntry;
use certroll_base::secret::SecretBytes;
use certroll_pki::key::KeyPair;

/// Writes a certificate again to where it belongs: after a delivery that failed.
///
/// # Errors
/// The key is not held in the home any more, or a file cannot be written.
pub fn deliver_again(
    session: &mut Session,
    entry: &CertificateEntry,
    password: Option<&Password>,
    more: Vec<Output>,
) -> Result<IssueOutcome, Error> {
    let ended = deliver_as_asked(session, entry, password, more);
    Attempt::to_deliver(Some(entry.facts()), None).ended(session, ended)
}

/// Adds a place. One that is known, by whichever path, is written as it is asked for now.
fn add(all: &mut Vec<Output>, output: Output) {
    let same = |known: &&mut Output| {
        known.place.is_same(&output.place)
            && (!known.form.is_shared() || known.alias.eq_ignore_ascii_case(&output.alias))
    };
    match all.iter_mut().find(same) {
        Some(known) => *known = Output { place: known.place.clone(), ..output },
        None => all.push(output),
    }
}

/// The key from a keystore in which it was installed: the home forgot it when it was delivered.
fn key_in_place(entry: &CertificateEntry, all: &[Output]) -> Option<SecretBytes> {
    // A keystore that does not open may not be the one that is asked for now.
    let found = installed_key(all).unwrap_or_default();
    let is_its =
        |key: &SecretBytes| KeyPair::from_pkcs8(key.expose()).is_ok_and(|pair| pair.key_hash() == entry.key_hash);
    found.filter(is_its)
}

/// Whether the key of this certificate lies there: what changes above the certificate does not change it.
fn is_written(session: &Session, entry: &CertificateEntry, output: &Output) -> bool {
    let places = session.journal.store().places(Some(&entry.name)).unwrap_or_default();
    let of_it = |place: &&crate::store::InstalledPlace| place.installation.path == output.place.address();
    let written = places.iter().find(of_it).and_then(|place| place.written.certificate);
    written == Some(entry.fingerprint)
}

fn deliver_as_asked(
    session: &mut Session,
    entry: &CertificateEntry,
    password: Option<&Password>,
    more: Vec<Output>,
) -> Result<IssueOutcome, Error> {
    let _lock = NameLock::of(&session.home, &entry.name)?;
    recovery::recover(session)?;
    let mut all = outputs(session, entry, password)?;
    more.into_iter().for_each(|output| add(&mut all, output));
    if all.is_empty() {
        return Err(Error::new(ErrorKind::Usage, format!("nothing is known of where `{}` belongs", entry.name))
            .hint(DeliveryHint::SayWhere));
    }
    deliver_where_it_belongs(&SharedSession::of(session), entry, all, Again::Everything)
}

/// As [`deliver_again`], to places that are known, under the lock of the name and after recovery. A key that the home has forgotten is
/// taken from a keystore among them; where none has it, a file with the key alone is left as it is.
///
/// # Errors
/// As [`deliver_again`].
pub(crate) fn deliver_where_it_belongs(
    shared: &SharedSession<'_>,
    entry: &CertificateEntry,
    mut all: Vec<Output>,
    again: Again,
) -> Result<IssueOutcome, Error> {
    let session = shared.lock();
    let key = match held_key(&session, entry)? {
        Some(key) => Some(key),
        None => key_in_place(entry, &all),
    };
    if key.is_none() && all.iter().any(|output| !output.form.has_key()) {
        all.retain(|output| !is_key_alone(output) || !is_written(&session, entry, output));
    }
    let todo = match again {
        Again::WhatDiffers => service::differing(&session, entry, &all)?,
        Again::Everything => all.clone(),
    };
    if key.is_none() && todo.iter().any(|output| output.form.has_key()) {
        return Err(Error::new(ErrorKind::Usage, format!("the home does not hold the key of `{}`", entry.name))
            .hint(DeliveryHint::MakeNew(entry.name.clone())));
    }
    let material = Material { key, chain: resume::recorded(&session, entry.clone())?.chain };
    let expected = if material.key.is_some() { ExpectedKey::Kind(&entry.key) } else { ExpectedKey::Elsewhere };
    delivery::preflight(&session, &entry.name, &todo, expected)?;
    let op = crate::audit::record::value::Id::new(session.clock.now());
    drop(session);
    let files = service::deliver(shared, entry, &Delivery { outputs: &all, material: &material, op, again })?;
    Ok(IssueOutcome { entry: entry.clone(), chain: material.chain, files, key_kept: false, act: IssueAct::Delivered })
}

fn is_key_alone(output: &Output) -> bool {
    matches!(output.form, OutputForm::Key | OutputForm::PlainKey)
}
