//! Where a certificate was written, and its key there: for rotations, and for deliveries that are repeated.

use crate::destination::kinds;
use crate::destination::kinds::file::FileDestination;
use crate::error::Error;
use crate::lifecycle::delivery::{Output, OutputForm, Password};
use crate::lifecycle::session::Session;
use crate::store::CertificateEntry;
use certroll_base::secret::{Secret, SecretBytes};
use certroll_keystore::Item;
use certroll_pki::container::pem::{self, Label};
use std::path::Path;

/// Where the certificate was written, with the passwords to write there again.
pub(crate) fn outputs(
    session: &Session,
    entry: &CertificateEntry,
    given: Option<&Password>,
) -> Result<Vec<Output>, Error> {
    let mut outputs = Vec::new();
    for installation in session.journal.store().installations(&entry.name)? {
        let place = kinds::remembered(&installation.path, &installation.format);
        let Some(form) = Output::form_of(&place, &installation.format) else { continue };
        let remembered = installation
            .password_file
            .as_ref()
            .and_then(|file| Secret::from_file(file).ok().map(|secret| Password { secret, file: Some(file.clone()) }));
        let password = if form.has_password() { given.cloned().or(remembered) } else { None };
        // A file that is known by two paths is one place.
        let twice = |other: &Output| other.place.is_same(&place) && !form.is_shared();
        if outputs.iter().any(twice) {
            continue;
        }
        outputs.push(Output { place, form, alias: installation.alias, password, profile: None, replace: false });
    }
    Ok(outputs)
}

/// The key of a certificate, if the home holds it.
pub(crate) fn held_key(session: &Session, entry: &CertificateEntry) -> Result<Option<SecretBytes>, Error> {
    let held = session.journal.store().held_key(&entry.key_hash)?;
    held.map(|encrypted| session.keys.open(&encrypted)).transpose()
}

/// The key of a file that holds it in the clear.
fn plain_key(path: &Path) -> Result<Option<SecretBytes>, Error> {
    let installed = FileDestination::new(path).content();
    let installed = installed.map_err(|error| Error::destination(path.display(), "read", error))?;
    let blocks = installed.and_then(|bytes| pem::read(&bytes).ok()).unwrap_or_default();
    Ok(blocks.into_iter().find(|block| block.label == Label::PrivateKey).map(|block| block.der))
}

/// The key from the first keystore that opens with its password.
pub(crate) fn installed_key(outputs: &[Output]) -> Result<Option<SecretBytes>, Error> {
    for output in outputs {
        let Some(path) = output.place.file() else { continue };
        if output.form == OutputForm::PlainKey {
            let found = plain_key(path)?;
            if found.is_some() {
                return Ok(found);
            }
        }
        let (OutputForm::Keystore(format), Some(password)) = (output.form, &output.password) else { continue };
        let installed = FileDestination::new(path).content();
        let installed = installed.map_err(|error| Error::destination(path.display(), "read", error))?;
        let Some(bytes) = installed else { continue };
        let entries = format.read(&bytes, Some(&password.secret));
        for entry in entries.map_err(|error| Error::keystore(path, error))? {
            let Item::Key { key, .. } = entry.item else { continue };
            if !format.has_aliases || entry.alias.eq_ignore_ascii_case(&output.alias) {
                return Ok(key.unlock(&password.secret).ok());
            }
        }
    }
    Ok(None)
}
