//! Looking at what lies where certificates were written: evidence, not rows.
//!
//! A file is known by its digest. One that differs is opened, because another entry of the same keystore may have been changed;
//! what it holds then is compared with what was written there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use super::output::{Output, OutputForm};
use crate::destination::{Observed, Place, kinds};
use crate::error::{Error, describe};
use crate::lifecycle::session::View;
use crate::lifecycle::session::status::ListedCertificate;
use crate::store::{CertificateEntry, InstalledPlace, Query, Selector};
use certroll_base::encoding::sha256;
use certroll_base::secret::Secret;
use certroll_keystore::{Format, Item};
use certroll_pki::container::pem::{self, Label};
use certroll_pki::digest::Fingerprint;
use certroll_pki::key::KeyPair;
use certroll_pki::key::encryption;

/// What lies at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// The file is as it was written.
    AsWritten,
    /// The file is another one, and holds the certificate that was written.
    SameCertificate,
    /// Nothing.
    Missing,
    /// Something without the certificate, and what about it.
    Changed(String),
    /// It could not be looked at, and why.
    Unreadable(String),
    /// Another certificate.
    Other(Fingerprint),
    /// The certificate, with a key that does not belong to it.
    WrongKey,
    /// Not looked at: it is at a service.
    NotLooked,
}

impl Found {
    /// Whether it is as it should be, as far as is known.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::AsWritten | Self::SameCertificate | Self::NotLooked)
    }

    /// In words; `None` when there is nothing to say.
    pub fn words(&self) -> Option<String> {
        Some(match self {
            Self::AsWritten | Self::SameCertificate | Self::NotLooked => return None,
            Self::Missing => "missing".to_owned(),
            Self::Changed(what) => format!("changed: {what}"),
            Self::Unreadable(why) => format!("unreadable: {why}"),
            Self::Other(fingerprint) => format!("another certificate, SHA-256 {fingerprint}"),
            Self::WrongKey => "its key does not fit the certificate".to_owned(),
        })
    }
}

/// A place, and what lies there.
#[derive(Clone, Debug)]
pub struct Looked {
    /// The place, and what should be there.
    pub place: InstalledPlace,
    /// What is.
    pub found: Found,
}

/// Looks at the places of a name, or of all. With `deep` every keystore is opened and every service asked.
///
/// # Errors
/// The inventory cannot be read. That a place cannot be looked at is told of that place.
pub fn look(view: &View, name: Option<&str>, deep: bool) -> Result<Vec<Looked>, Error> {
    let mut passwords: BTreeMap<std::path::PathBuf, Option<Secret>> = BTreeMap::new();
    let mut looked = Vec::new();
    for place in view.store.places(name)? {
        let password = place.installation.password_file.clone();
        let password = password
            .and_then(|file| passwords.entry(file.clone()).or_insert_with(|| Secret::from_file(&file).ok()).clone());
        let found = at(view, &place, password.as_ref(), deep)?;
        looked.push(Looked { place, found });
    }
    Ok(looked)
}

/// Looks at one place, its keystore opened with its remembered password.
///
/// # Errors
/// As [`look`].
pub fn look_at(view: &View, place: &InstalledPlace) -> Result<Found, Error> {
    let password = place.installation.password_file.as_ref().and_then(|file| Secret::from_file(file).ok());
    at(view, place, password.as_ref(), false)
}

/// Leaves out that a certificate is missing that is not to be used any more: it was taken away. `in_use` are those that are.
#[must_use]
pub fn relevant(looked: Vec<Looked>, in_use: &[ListedCertificate]) -> Vec<Looked> {
    let retired: BTreeSet<Fingerprint> =
        in_use.iter().filter(|one| is_retired(one)).map(|one| one.entry.fingerprint).collect();
    let is_of_retired = |one: &Looked| one.place.written.certificate.is_some_and(|sha256| retired.contains(&sha256));
    looked.into_iter().filter(|one| one.found != Found::Missing || !is_of_retired(one)).collect()
}

/// Whether a certificate that should not be in use any more has been taken away from everywhere.
pub fn is_gone(one: &ListedCertificate, looked: &[Looked]) -> bool {
    let of_it = |looked: &&Looked| looked.place.written.certificate == Some(one.entry.fingerprint);
    let mut places = looked.iter().filter(of_it).peekable();
    is_retired(one) && places.peek().is_some() && places.all(|looked| looked.found == Found::Missing)
}

fn is_retired(one: &ListedCertificate) -> bool {
    one.entry.revoked.is_some() || one.entry.replaced_by.is_some()
}

fn at(view: &View, place: &InstalledPlace, password: Option<&Secret>, deep: bool) -> Result<Found, Error> {
    let to = kinds::remembered(&place.installation.path, &place.installation.format);
    let Some(form) = Output::form_of(&to, &place.installation.format) else { return Ok(Found::NotLooked) };
    let Some(path) = to.file() else {
        return Ok(if deep { at_service(&to, place) } else { Found::NotLooked });
    };
    let bytes = match read(path) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Ok(Found::Missing),
        Err(error) => return Ok(Found::Unreadable(error.to_string())),
    };
    if !deep && place.written.digest == Some(sha256(&bytes)) {
        return Ok(Found::AsWritten);
    }
    let Some(wanted) = place.written.certificate else { return Ok(Found::SameCertificate) };
    let wanted = view.store.certificates(&Query::of(Selector::Fingerprint(wanted)))?.pop();
    let Some(wanted) = wanted else { return Ok(Found::Changed("it is of no certificate that is known".to_owned())) };
    Ok(held(form, &bytes, password, &place.installation.alias, &wanted))
}

/// Whether these bytes are a file of that form that holds that certificate, or its key.
pub(super) fn held(
    form: OutputForm,
    bytes: &[u8],
    password: Option<&Secret>,
    alias: &str,
    wanted: &CertificateEntry,
) -> Found {
    match form {
        OutputForm::Keystore(format) if format.has_aliases => in_keystore(format, bytes, password, alias, wanted),
        OutputForm::Key => key_alone(bytes, password, wanted),
        OutputForm::PlainKey => plain_key_alone(bytes, wanted),
        _ => in_pem(bytes, password.filter(|_| form.has_key()), wanted),
    }
}

/// The bytes of a file; a pipe or device is none.
fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => fs::read(path).map(Some),
        Ok(_) => Err(io::Error::other("it is no file")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn at_service(to: &Place, place: &InstalledPlace) -> Found {
    match kinds::open(to).and_then(|destination| destination.observe()) {
        Err(error) => Found::Unreadable(describe(&error)),
        Ok(Observed::Certificate(text)) => match first_certificate(text.as_bytes()) {
            Some(leaf) if Some(Fingerprint::of(&leaf)) == place.written.certificate => Found::AsWritten,
            Some(leaf) => Found::Other(Fingerprint::of(&leaf)),
            None => Found::Changed("what is there is no certificate".to_owned()),
        },
        Ok(_) => Found::Missing,
    }
}

fn first_certificate(bytes: &[u8]) -> Option<Vec<u8>> {
    let blocks = pem::read(bytes).ok()?;
    let first = blocks.iter().find(|block| block.label == Label::Certificate)?;
    Some(first.der.expose().to_vec())
}

fn compare(leaf: &[u8], wanted: &CertificateEntry) -> Found {
    let found = Fingerprint::of(leaf);
    if found == wanted.fingerprint { Found::SameCertificate } else { Found::Other(found) }
}

fn in_pem(bytes: &[u8], password: Option<&Secret>, wanted: &CertificateEntry) -> Found {
    let Some(leaf) = first_certificate(bytes) else {
        return Found::Changed("it holds no certificate".to_owned());
    };
    match compare(&leaf, wanted) {
        Found::SameCertificate if password.is_some() => match key_alone(bytes, password, wanted) {
            Found::Changed(_) => Found::SameCertificate,
            found => found,
        },
        found => found,
    }
}

fn key_alone(bytes: &[u8], password: Option<&Secret>, wanted: &CertificateEntry) -> Found {
    let changed = |what: &str| Found::Changed(what.to_owned());
    let blocks = pem::read(bytes).unwrap_or_default();
    let Some(block) = blocks.iter().find(|block| block.label == Label::EncryptedPrivateKey) else {
        return changed("it holds no encrypted key");
    };
    let Some(password) = password else {
        return Found::Unreadable("its password is not known".to_owned());
    };
    match encryption::decrypt(block.der.expose(), password) {
        Err(_) => Found::Unreadable("its password does not open it".to_owned()),
        Ok(plain) => fits(plain.expose(), wanted),
    }
}

fn plain_key_alone(bytes: &[u8], wanted: &CertificateEntry) -> Found {
    let blocks = pem::read(bytes).unwrap_or_default();
    match blocks.iter().find(|block| block.label == Label::PrivateKey) {
        Some(block) => fits(block.der.expose(), wanted),
        None => Found::Changed("it holds no key in the clear".to_owned()),
    }
}

fn fits(pkcs8: &[u8], wanted: &CertificateEntry) -> Found {
    match KeyPair::from_pkcs8(pkcs8) {
        Ok(key) if key.key_hash() == wanted.key_hash => Found::SameCertificate,
        _ => Found::WrongKey,
    }
}

fn in_keystore(
    format: &'static Format,
    bytes: &[u8],
    password: Option<&Secret>,
    alias: &str,
    wanted: &CertificateEntry,
) -> Found {
    let entries = match format.read(bytes, password) {
        Ok(entries) => entries,
        Err(error) => return Found::Unreadable(describe(&error)),
    };
    let Some(entry) = entries.iter().find(|entry| entry.alias.to_lowercase() == alias) else {
        return Found::Changed(format!("it has no entry `{alias}`"));
    };
    let Item::Key { key, chain } = &entry.item else {
        return Found::Changed(format!("entry `{alias}` holds no key"));
    };
    let Some(leaf) = chain.first() else { return Found::Changed(format!("entry `{alias}` has no certificate")) };
    match (compare(leaf, wanted), password) {
        (Found::SameCertificate, Some(password)) => match key.unlock(password) {
            Ok(plain) => fits(plain.expose(), wanted),
            Err(_) => Found::SameCertificate,
        },
        (found, _) => found,
    }
}
