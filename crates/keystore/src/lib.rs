//! Keystores: how private keys, certificate chains and trusted certificates are stored. Bytes in, bytes out.
//!
//! Belongs here: the formats (PEM, PKCS#12, JKS), what tells them apart, and the checks that what was written can be read
//! again. Does not belong here: files, permissions, backups, where the password comes from, what time it is.
//!
//! Invariants of every format:
//! * Nothing is skipped in silence. A reader hands over every entry or says which one it cannot.
//! * A binary keystore is reopened before its bytes are handed out: same entries, each key belongs to its certificate, each
//!   certificate of a chain is signed by the next.
//! * Aliases are written in lower case, as Java does, and never twice.
//! * Private keys are wiped from memory.
//! * What a format has no place for stops the writing, attributes of PKCS#12 among it.

mod assemble;
pub mod attributes;
pub mod bundle;
mod chain_order;
pub mod compare;
pub mod error;
pub mod jks;
mod jks_protection;
mod modified_utf8;
pub mod pem;
pub mod pkcs12;
pub mod protection;
pub mod registry;
mod verify;

pub use attributes::{Attribute, Attributes};
pub use bundle::{Entry, EntryKey, Item, Profile, SecretKey, WriteOptions, stored_alias};
pub use error::{EntryProblem, KeystoreError};

use certroll_base::secret::Secret;

/// One way of storing entries.
///
/// Both methods are pure: they may be called again, at the same time, and leave nothing behind. Two writes of the same
/// entries differ, because salts and initialisation vectors are random.
pub trait KeystoreFormat: Send + Sync {
    /// Stores `entries`, in their order where the format has one.
    ///
    /// The bytes hold no key in the clear. When it returns `Ok`, [`KeystoreFormat::read`] with the same password gives the
    /// entries back, with lower-case aliases, except for what the format cannot hold (see each format).
    ///
    /// # Errors
    /// What cannot be stored, by entry. Nothing has been written then.
    fn write(&self, entries: &[Entry], options: &WriteOptions<'_>) -> Result<Vec<u8>, KeystoreError>;

    /// Reads all entries of `bytes`.
    ///
    /// Without a password, keys come as [`EntryKey::Protected`] and nothing is authenticated: for looking only. A format that
    /// encrypts its certificates too answers [`KeystoreError::PasswordRequired`].
    ///
    /// # Errors
    /// [`KeystoreError::WrongPassword`] apart from everything else; never a part of the entries.
    fn read(&self, bytes: &[u8], password: Option<&Secret>) -> Result<Vec<Entry>, KeystoreError>;
}

#[cfg(test)]
mod samples;
