//! A truststore, opened: what it trusts, whatever its format.

use std::path::Path;

use super::bundle::TrustBundle;
use crate::error::{Error, ErrorKind};
use crate::tools::keystore::export;
use crate::tools::keystore::file::{Choices, KeystoreFile, Passwords, by_extension};
use certroll_keystore::formats;
use certroll_keystore::{Entry, Item};

/// A truststore in memory.
pub enum Truststore {
    /// JKS or PKCS#12.
    Keystore(Box<KeystoreFile>),
    /// PEM.
    Bundle(TrustBundle),
}

/// A certificate that is trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedEntry {
    /// Its alias; `None` in PEM, which has none.
    pub alias: Option<String>,
    /// DER.
    pub der: Vec<u8>,
}

impl Truststore {
    /// Opens a truststore, or begins one in the format of the extension.
    ///
    /// # Errors
    /// It cannot be read, or does not open with the password.
    pub fn open(path: &Path, passwords: &Passwords) -> Result<Self, Error> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(Error::file(path, "read", error)),
        };
        let Some(bytes) = bytes else {
            if by_extension(path)?.holds_bare_certificates {
                return Ok(Self::Bundle(TrustBundle::empty()));
            }
            return Ok(Self::Keystore(Box::new(KeystoreFile::open_or_begin(path, passwords)?)));
        };
        match formats::detect(&bytes) {
            Some(format) if !format.holds_bare_certificates => {
                Ok(Self::Keystore(Box::new(KeystoreFile::open(path, passwords)?)))
            }
            Some(_) => Self::bundle(path, bytes),
            // A bundle that everything was taken out of has no block left.
            None if by_extension(path).is_ok_and(|format| format.holds_bare_certificates) => Self::bundle(path, bytes),
            None => Err(Error::new(ErrorKind::Usage, format!("`{}` is not a truststore", path.display()))
                .hint("expected PKCS#12, JKS or a PEM bundle of certificates")),
        }
    }

    fn bundle(path: &Path, bytes: Vec<u8>) -> Result<Self, Error> {
        let refused = |error| Error::new(ErrorKind::Usage, format!("`{}` is no bundle", path.display())).because(error);
        TrustBundle::read(bytes).map(Self::Bundle).map_err(refused)
    }

    /// Its format in the inventory.
    pub fn format(&self) -> &'static str {
        match self {
            Self::Keystore(file) => file.format.id,
            Self::Bundle(_) => formats::PEM.id,
        }
    }

    /// Whether its entries have names.
    pub fn has_aliases(&self) -> bool {
        matches!(self, Self::Keystore(_))
    }

    /// What it trusts, in its order.
    pub fn trusted(&self) -> Vec<TrustedEntry> {
        match self {
            Self::Keystore(file) => {
                let trusted = |entry: &Entry| match &entry.item {
                    Item::Trusted(der) => Some(TrustedEntry { alias: Some(entry.alias.clone()), der: der.clone() }),
                    _ => None,
                };
                file.entries.iter().filter_map(trusted).collect()
            }
            Self::Bundle(bundle) => {
                bundle.certificates.iter().map(|der| TrustedEntry { alias: None, der: der.clone() }).collect()
            }
        }
    }

    /// Whether an alias is taken, by an entry of any kind.
    pub fn has_alias(&self, alias: &str) -> bool {
        matches!(self, Self::Keystore(file) if file.entry(alias).is_some())
    }

    /// Adds a certificate under an alias that is free; PEM has no place for it.
    pub fn add(&mut self, alias: &str, der: &[u8], choices: &Choices) {
        match self {
            Self::Keystore(file) => {
                let (alias, created) = (certroll_keystore::stored_alias(alias), Some(choices.now));
                file.entries.push(Entry::new(alias, created, Item::Trusted(der.to_vec())));
            }
            Self::Bundle(bundle) => bundle.add(der),
        }
    }

    /// Takes out what is trusted and meant; keys and their chains stay.
    pub fn remove(&mut self, is_meant: impl Fn(&TrustedEntry) -> bool) {
        match self {
            Self::Keystore(file) => file.entries.retain(|entry| match &entry.item {
                Item::Trusted(der) => !is_meant(&TrustedEntry { alias: Some(entry.alias.clone()), der: der.clone() }),
                _ => true,
            }),
            Self::Bundle(bundle) => bundle.remove(|der| is_meant(&TrustedEntry { alias: None, der: der.to_vec() })),
        }
    }

    /// Writes it; the old file stays beside it as `NAME.previous`.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, path: &Path, choices: &Choices) -> Result<(), Error> {
        match self {
            Self::Keystore(file) => file.write(&file.entries, choices),
            Self::Bundle(bundle) => export::install(path, bundle.text(), false, &|_| true).map(drop),
        }
    }
}
