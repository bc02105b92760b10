//! What a format is: its data, and what its implementation does.

use std::fmt;

use certroll_base::clock::Timestamp;
use certroll_base::secret::Secret;

use crate::bundle::{Entry, WriteOptions};
use crate::error::KeystoreError;
use crate::protection::Part;

/// One way of storing entries. What [`Format`] says of each method holds for every implementation.
///
/// All methods are pure: they may be called again, at the same time, and leave nothing behind.
pub(crate) trait KeystoreFormat: Send + Sync {
    /// Whether bytes begin as this format does.
    fn detect(&self, bytes: &[u8]) -> bool;

    /// See [`Format::write`].
    fn write(&self, entries: &[Entry], options: &WriteOptions<'_>) -> Result<Vec<u8>, KeystoreError>;

    /// See [`Format::read`].
    fn read(&self, bytes: &[u8], password: Option<&Secret>) -> Result<Vec<Entry>, KeystoreError>;

    /// The protected parts in the order of the file; none where the bytes cannot be read.
    fn protection(&self, bytes: &[u8]) -> Vec<Part>;
}

/// A keystore format. What differs between formats is data: ask for the property, not for the name.
///
/// ```
/// use certroll_keystore::formats;
///
/// let java = formats::FORMATS.iter().filter(|format| format.java_type.is_some() && format.writable);
/// assert_eq!(java.map(|format| format.id).collect::<Vec<_>>(), ["pkcs12", "jks"]);
/// ```
#[non_exhaustive]
pub struct Format {
    /// Its name in commands and documents: `pkcs12`. No other format has it.
    pub id: &'static str,
    /// Its name in sentences: `PKCS#12`.
    pub name: &'static str,
    /// File name extensions, lower case, without the dot, the usual one first. None for a format that is not written.
    pub extensions: &'static [&'static str],
    /// What Java's `KeyStore.getInstance` calls it; `None` where Java has no keystore of the kind.
    pub java_type: Option<&'static str>,
    /// Whether [`Format::write`] works.
    pub writable: bool,
    /// Whether the bytes are unfit for a terminal. A binary format is read back by [`Format::write`] itself.
    pub binary: bool,
    /// Whether entries have names. Without, reading numbers them from `1`, and nothing can be merged by name.
    pub has_aliases: bool,
    /// Whether the password authenticates the whole file, and not its keys alone.
    pub authenticated: bool,
    /// Whether keys may have a password of their own, so that the store opens and they do not.
    pub keys_open_apart: bool,
    /// Whether a chain is written with its root. Servers send a PEM chain as it is, and clients have the root already.
    pub sends_root: bool,
    /// Whether certificates alone, without key and password, are a file of this format that programs read as such.
    pub holds_bare_certificates: bool,
    /// Iterations of the key derivation that a new file gets ([`Format::options`]).
    pub iterations: u32,
    /// Why another format is better; a sentence.
    pub caution: Option<&'static str>,
    pub(crate) implementation: &'static dyn KeystoreFormat,
}

impl Format {
    /// Reads all entries of `bytes`.
    ///
    /// Without a password, keys come as [`EntryKey::Protected`](crate::EntryKey::Protected) and nothing is authenticated: for
    /// looking only. A format that encrypts its certificates too (PKCS#12) answers [`KeystoreError::PasswordRequired`].
    ///
    /// # Errors
    /// [`KeystoreError::WrongPassword`] apart from everything else; never a part of the entries.
    pub fn read(&self, bytes: &[u8], password: Option<&Secret>) -> Result<Vec<Entry>, KeystoreError> {
        self.implementation.read(bytes, password)
    }

    /// Stores `entries`, in their order where the format has one. Two writes of the same entries differ, because salts and
    /// initialisation vectors are random.
    ///
    /// The bytes hold no key in the clear. When it returns `Ok`, [`Format::read`] with the same password gives the entries back,
    /// with lower-case aliases; without [`Format::has_aliases`], numbered and without dates.
    ///
    /// # Errors
    /// What cannot be stored, by entry; [`KeystoreError::Unsupported`] where the format is not [`Format::writable`].
    pub fn write(&self, entries: &[Entry], options: &WriteOptions<'_>) -> Result<Vec<u8>, KeystoreError> {
        if !self.writable {
            return Err(KeystoreError::Unsupported(format!("{} is read only", self.name)));
        }
        self.implementation.write(entries, options)
    }

    /// One password for everything, [`Format::iterations`], [`Profile::Modern`](crate::Profile::Modern).
    pub fn options<'a>(&self, password: &'a Secret, now: Timestamp) -> WriteOptions<'a> {
        WriteOptions { iterations: self.iterations, ..WriteOptions::new(password, now) }
    }

    /// How a file is protected, each kind of part once. Needs no password; bytes that cannot be read have no parts.
    pub fn protection(&self, bytes: &[u8]) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        for part in self.implementation.protection(bytes) {
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        parts
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Format {}

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Format({})", self.id)
    }
}
