//! Places change: a file was moved, or the certificate belongs there no more.

use std::path::Path;

use super::look::{self, Found};
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Outcome, TargetFacts};
use crate::audit::record::value::Id;
use crate::destination::{Place, kinds};
use crate::error::{Error, ErrorKind};
use crate::hint::certificate::CertificateHint;
use crate::lifecycle::session::{Session, View};
use crate::store::{Change, Installation, InstalledPlace, Query};

/// Forgets that certificates belong into a file, or under an alias of it; the file itself stays as it is. What was owed nowhere
/// else is delivered by that. Answers what was forgotten.
///
/// # Errors
/// Nothing is known of the file, or the log cannot be written.
pub fn forget(session: &mut Session, file: &Path, alias: Option<&str>) -> Result<Vec<Installation>, Error> {
    let known = known(session, file)?;
    let wanted = alias.map(str::to_lowercase);
    let gone: Vec<_> =
        known.into_iter().filter(|one| wanted.as_ref().is_none_or(|alias| *alias == one.alias)).collect();
    if gone.is_empty() {
        let message = format!("nothing is known under alias `{}` of `{}`", alias.unwrap_or_default(), file.display());
        return Err(Error::new(ErrorKind::Usage, message).hint(CertificateHint::Show));
    }
    let mut changes: Vec<Change> = Vec::new();
    for one in &gone {
        changes.push(Change::Forget { path: one.path.clone(), alias: one.alias.clone() });
        changes.extend(settled(session, one)?);
    }
    record(session, Event::CertWithdrawn, &gone, "forget", changes)?;
    Ok(gone)
}

/// What is delivered once a place is forgotten: the certificate lies everywhere else where it belongs.
fn settled(session: &Session, gone: &Installation) -> Result<Option<Change>, Error> {
    let store = session.journal.store();
    let current = store.certificates(&Query::current_of(&gone.name))?.pop();
    let Some(entry) = current.filter(|entry| !entry.delivered) else { return Ok(None) };
    let mut left = store.places(Some(&gone.name))?;
    left.retain(|place| (&place.installation.path, &place.installation.alias) != (&gone.path, &gone.alias));
    let is_there =
        |place: &InstalledPlace| place.written.owed.is_none() && place.written.certificate == Some(entry.fingerprint);
    let done = !left.is_empty() && left.iter().all(is_there);
    Ok(done.then(|| Change::Delivered { ids: vec![entry.id], drop_keys: true }))
}

/// Remembers a file under the path that it has now.
///
/// # Errors
/// Nothing is known of the old path, something is known of the new one, or another file lies there.
pub fn relocate(session: &mut Session, view: &View, from: &Path, to: &Path) -> Result<Vec<Installation>, Error> {
    let known = known(session, from)?;
    let (old, new) = (Place::File(from.to_owned()).address(), Place::File(to.to_owned()).address());
    let message = |what: &str| format!("`{}` {what}", to.display());
    if !session.journal.store().installed_at(&new)?.is_empty() {
        return Err(Error::new(ErrorKind::Usage, message("is known already")).hint(CertificateHint::Show));
    }
    for place in known.iter().flat_map(|one| view.store.places(Some(&one.name))).flatten() {
        if place.installation.path != old {
            continue;
        }
        let moved = InstalledPlace {
            installation: Installation { path: new.clone(), ..place.installation.clone() },
            written: place.written.clone(),
        };
        let found = look::look_at(view, &moved)?;
        if let Some(what) = found.words().filter(|_| !matches!(found, Found::Unreadable(_))) {
            let error = Error::new(ErrorKind::Usage, message("is not what was written to the old path"));
            return Err(error.because(what));
        }
    }
    let moved: Vec<_> = known.into_iter().map(|one| Installation { path: new.clone(), ..one }).collect();
    record(session, Event::CertDeployed, &moved, "relocate", vec![Change::Relocate { from: old, to: new }])?;
    Ok(moved)
}

fn known(session: &Session, file: &Path) -> Result<Vec<Installation>, Error> {
    let text = file.to_string_lossy();
    let is_address = text.split_once(':').is_some_and(|(kind, _)| kinds::by_id(kind).is_some());
    let address = if is_address { file.to_owned() } else { Place::File(file.to_owned()).address() };
    let mut known = session.journal.store().installed_at(&address)?;
    known.retain(|one| !one.is_trust());
    if known.is_empty() {
        return Err(Error::new(
            ErrorKind::Usage,
            format!("no certificate is known to belong into `{}`", file.display()),
        )
        .hint(CertificateHint::Show));
    }
    Ok(known)
}

fn record(
    session: &mut Session,
    event: Event,
    places: &[Installation],
    method: &str,
    changes: Vec<Change>,
) -> Result<(), Error> {
    let op = Id::new(session.clock.now());
    let draft = |one: &Installation| {
        let place = kinds::remembered(&one.path, &one.format);
        let mut record = session.journal.draft(event, Outcome::Ok, op);
        record.tgt = Some(TargetFacts {
            t: kinds::of(&place).recorded_as.to_owned(),
            id: one.path.to_string_lossy().into_owned(),
            method: Some(method.to_owned()),
            alias: Some(one.alias.clone()).filter(|alias| !alias.is_empty()),
            ..TargetFacts::default()
        });
        record
    };
    let records = places.iter().map(draft).collect();
    session.journal.commit(records, changes).map(drop)
}
