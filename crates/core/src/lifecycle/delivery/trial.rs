//! The trial before anything is signed: every place is tried as far as it can be without a certificate.

use std::path::Path;

use super::content::{self, Existing};
use super::output::{Output, OutputForm, no_password};
use super::owner::{self, Lineage};
use crate::destination::kinds::file::FileDestination;
use crate::destination::{Destination as _, Expected, kinds};
use crate::error::{Error, ErrorKind};
use crate::hint::certificate::DeliveryHint;
use crate::lifecycle::session::Session;
use certroll_base::durable;
use certroll_pki::key::kind::PublicKeyKind;

/// What is known of the key of the certificate to come.
#[derive(Clone, Copy, Debug)]
pub enum ExpectedKey<'a> {
    /// It is not ours to give.
    Elsewhere,
    /// It will be here; its kind is not known yet.
    Here,
    /// It will be here, and is of that kind: `ec:p256`.
    Kind(&'a PublicKeyKind),
}

/// Checks, before anything is issued, that the certificate of that name can go to all these places.
///
/// # Errors
/// The first place that cannot take it, and why.
pub fn preflight(session: &Session, name: &str, outputs: &[Output], key: ExpectedKey<'_>) -> Result<(), Error> {
    let lineage = Lineage::of(session.journal.store(), name)?;
    for (at, output) in outputs.iter().enumerate() {
        if matches!(key, ExpectedKey::Elsewhere) && output.form.has_key() {
            return Err(content::no_key(output));
        }
        match output.place.file() {
            Some(path) => {
                if output.form.has_password() && output.password.is_none() {
                    return Err(no_password(path));
                }
                let notes = file(session, &lineage, output, path)?;
                notes.iter().for_each(|note| session.watcher.warn(note));
                once(output, path, &outputs[..at])?;
            }
            None => {
                require_unclaimed(session, &lineage, output)?;
                service(session, output, key)?;
            }
        }
    }
    Ok(())
}

/// A file is named once, by whichever path; a pipe or a device may be named again.
fn once(output: &Output, path: &Path, before: &[Output]) -> Result<(), Error> {
    let twice = before.iter().any(|other| other.place.is_same(&output.place));
    if twice && FileDestination::new(path).keeps().unwrap_or(true) {
        return Err(Error::new(ErrorKind::Usage, format!("`{}` is named twice", path.display()))
            .hint("give each file a name of its own"));
    }
    Ok(())
}

fn file(session: &Session, lineage: &Lineage, output: &Output, path: &Path) -> Result<Vec<String>, Error> {
    let directory = durable::parent(path);
    if !directory.is_dir() {
        return Err(Error::new(ErrorKind::Usage, format!("the directory of `{}` does not exist", path.display()))
            .hint(format!("make it with `mkdir -p {}`", directory.display())));
    }
    let refused = |what: &'static str| move |error| Error::destination(path.display(), what, error);
    if path.to_str().is_none() {
        return Err(Error::new(
            ErrorKind::Usage,
            format!("`{}` cannot be remembered: it is not UTF-8", path.display()),
        ));
    }
    let destination = FileDestination::new(path);
    let bytes = destination.content().map_err(refused("write"))?;
    let now = session.clock.now();
    let found = match output.form {
        OutputForm::Keystore(format) => {
            let found = content::existing(output, path, format, now)?;
            content::rehearse(output, path, format, &found, now)?;
            found
        }
        _ => Existing::default(),
    };
    owner::require_own(lineage, output, path, &found.entries, bytes.as_deref())?;
    require_unclaimed(session, lineage, output)?;
    let size = bytes.map_or(0, |bytes| bytes.len());
    destination.check(Expected::Bytes(size)).map_err(refused("write"))
}

/// A path that another name has in the inventory is not given to this one, even when nothing lies there yet.
fn require_unclaimed(session: &Session, lineage: &Lineage, output: &Output) -> Result<(), Error> {
    if output.replace {
        return Ok(());
    }
    let alias = output.alias.to_lowercase();
    for claim in session.journal.store().installed_at(&output.place.address())? {
        let same_entry = !output.form.is_shared() || claim.alias == alias || claim.format != output.format();
        if same_entry && !lineage.is(&claim.name) && !claim.is_trust() {
            let place = &output.place;
            let message = format!("`{place}` is where the certificate of `{}` belongs", claim.name);
            return Err(Error::new(ErrorKind::Usage, message)
                .hint(DeliveryHint::Replace)
                .hint(DeliveryHint::OtherAlias));
        }
    }
    Ok(())
}

fn service(session: &Session, output: &Output, key: ExpectedKey<'_>) -> Result<(), Error> {
    let ExpectedKey::Kind(kind) = key else { return Ok(()) };
    let notes = kinds::open(&output.place).and_then(|destination| destination.check(Expected::Key(kind)));
    let notes = notes.map_err(|error| Error::destination(&output.place, "use", error))?;
    notes.iter().for_each(|note| session.watcher.warn(note));
    Ok(())
}
