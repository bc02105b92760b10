//! What a file is going to hold: rendered from the certificate, and for a keystore from what is in it already.

use std::path::Path;

use super::output::{Material, Output, OutputForm, no_password};
use crate::destination::kinds::file::FileDestination;
use crate::error::{Error, ErrorKind};
use crate::hint::certificate::DeliveryHint;
use certroll_base::clock::Timestamp;
use certroll_keystore::protection::{self, Part};
use certroll_keystore::{Entry, EntryKey, Format, Item, WriteOptions, pem as pem_format};
use certroll_pki::key::encryption::{DEFAULT_ITERATIONS, KeyEncryption};
use certroll_pki::x509::certificate::Certificate;

/// A keystore that is there already.
#[derive(Default)]
pub(super) struct Existing {
    /// Its entries.
    pub(super) entries: Vec<Entry>,
    /// How it is protected: an old JVM that reads it now has to read the next one.
    pub(super) protection: Vec<Part>,
}

/// Opens the keystore at `path`, if there is one with entries to be merged with.
///
/// # Errors
/// It cannot be read, or not with that password; or a new one could not have that password.
pub(super) fn existing(
    output: &Output,
    path: &Path,
    format: &'static Format,
    now: Timestamp,
) -> Result<Existing, Error> {
    let refused = |error| Error::keystore(path, error);
    let installed =
        FileDestination::new(path).content().map_err(|error| Error::destination(path.display(), "read", error))?;
    let Some(bytes) = installed.filter(|_| format.has_aliases) else {
        // Nothing to merge, but a password that the format refuses should be known now.
        if let Some(secret) = output.secret() {
            let options = WriteOptions { iterations: 1, ..format.options(secret, now) };
            format.write(&[], &options).map_err(refused)?;
        }
        return Ok(Existing::default());
    };
    let entries = format.read(&bytes, output.secret()).map_err(refused)?;
    Ok(Existing { entries, protection: format.protection(&bytes) })
}

/// What of an existing keystore stays: all but the entry with our alias. Written once for trial, cheaply, so that what cannot be
/// kept is known before anything is signed.
///
/// # Errors
/// The format cannot write what is in it.
pub(super) fn rehearse(
    output: &Output,
    path: &Path,
    format: &Format,
    found: &Existing,
    now: Timestamp,
) -> Result<(), Error> {
    let Some(secret) = output.secret().filter(|_| !found.entries.is_empty()) else { return Ok(()) };
    let stays: Vec<Entry> = found.entries.iter().filter(|entry| !is_named(entry, &output.alias)).cloned().collect();
    let (before, _) = protection::as_before(&found.protection, format.iterations);
    let profile = output.profile.unwrap_or(before);
    let options = WriteOptions { profile, iterations: 1, ..format.options(secret, now) };
    format.write(&stays, &options).map(drop).map_err(|error| Error::keystore(path, error))
}

/// Whether an entry has that alias; Java compares in lower case.
pub(super) fn is_named(entry: &Entry, alias: &str) -> bool {
    entry.alias.to_lowercase() == alias.to_lowercase()
}

/// A chain as servers send it: the root, which every client must have already, is left out.
pub(in crate::lifecycle) fn without_root(chain: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let is_root = |der: &Vec<u8>| Certificate::from_der(der).is_ok_and(|certificate| certificate.is_self_issued());
    let (leaf, issuers) = chain.split_at(chain.len().min(1));
    leaf.iter().chain(issuers.iter().filter(|der| !is_root(der))).cloned().collect()
}

/// The bytes of a file, and whether there is a key in them: the form that was asked for, or nothing.
///
/// # Errors
/// The key or the password is missing, or the form cannot hold it with what the file holds already.
pub(super) fn render(
    output: &Output,
    path: &Path,
    material: &Material,
    now: Timestamp,
) -> Result<(Vec<u8>, bool), Error> {
    let refused = |error| Error::keystore(path, error);
    if !output.form.has_key() {
        return Ok((pem_format::chain_text(&without_root(&material.chain)).into_bytes(), false));
    }
    let key = material.key.as_ref().ok_or_else(|| no_key(output))?;
    if output.form == OutputForm::PlainKey {
        return Ok((pem_format::plain_key_text(key.expose()).expose().as_bytes().to_vec(), true));
    }
    let password = output.password.as_ref().ok_or_else(|| no_password(path))?;
    if let OutputForm::Keystore(format) = output.form {
        let Existing { mut entries, protection } = existing(output, path, format, now)?;
        entries.retain(|entry| !is_named(entry, &output.alias));
        let chain = if format.sends_root { material.chain.clone() } else { without_root(&material.chain) };
        let item = Item::Key { key: EntryKey::Plain(key.clone()), chain };
        entries.push(Entry::new(output.alias.clone(), Some(now), item));
        let (before, iterations) = protection::as_before(&protection, format.iterations);
        let profile = output.profile.unwrap_or(before);
        let options = WriteOptions { profile, iterations, ..format.options(&password.secret, now) };
        return Ok((format.write(&entries, &options).map_err(refused)?, true));
    }
    let encryption = KeyEncryption::new(&password.secret, DEFAULT_ITERATIONS)
        .map_err(|error| Error::new(ErrorKind::Failed, "the key cannot be encrypted").because(error))?;
    Ok((pem_format::key_text(key.expose(), &encryption).map_err(refused)?.into_bytes(), true))
}

/// The error for a place that should hold a key which is not here.
pub(super) fn no_key(output: &Output) -> Error {
    Error::new(ErrorKind::Usage, format!("`{}` needs the private key, which is not here", output.place))
        .hint(DeliveryHint::ImportAtKey)
}
