//! The table of formats: what they are called, which files are theirs, in what they differ.

use std::fmt;
use std::path::Path;

use certroll_base::clock::Timestamp;
use certroll_base::secret::Secret;
use certroll_pki::key::encryption::DEFAULT_ITERATIONS;

use crate::bundle::{Entry, JAVA_ITERATIONS, WriteOptions};
use crate::error::KeystoreError;
use crate::format::KeystoreFormat;
use crate::jks::Jks;
use crate::pem::Pem;
use crate::pkcs12::Pkcs12;
use crate::protection::Part;

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
    implementation: &'static dyn KeystoreFormat,
}

/// PEM: encrypted PKCS#8 keys and certificates (RFC 7468, RFC 5958).
pub static PEM: Format = Format {
    id: "pem",
    name: "PEM",
    extensions: &["pem", "crt", "cer"],
    java_type: None,
    writable: true,
    binary: false,
    has_aliases: false,
    authenticated: false,
    keys_open_apart: false,
    sends_root: false,
    holds_bare_certificates: true,
    iterations: DEFAULT_ITERATIONS,
    caution: None,
    implementation: &Pem,
};

/// PKCS#12 (RFC 7292).
pub static PKCS12: Format = Format {
    id: "pkcs12",
    name: "PKCS#12",
    extensions: &["p12", "pfx", "pkcs12"],
    java_type: Some("PKCS12"),
    writable: true,
    binary: true,
    has_aliases: true,
    authenticated: true,
    keys_open_apart: false,
    sends_root: true,
    holds_bare_certificates: false,
    iterations: JAVA_ITERATIONS,
    caution: None,
    implementation: &Pkcs12,
};

/// JKS, the keystore of Java until version 8.
pub static JKS: Format = Format {
    id: "jks",
    name: "JKS",
    extensions: &["jks", "keystore", "ks"],
    java_type: Some("JKS"),
    writable: true,
    binary: true,
    has_aliases: true,
    authenticated: true,
    keys_open_apart: true,
    sends_root: true,
    holds_bare_certificates: false,
    iterations: JAVA_ITERATIONS,
    caution: Some("JKS protects keys with SHA-1 and no iterations: use PKCS#12 where the reader takes it"),
    implementation: &Jks::JKS,
};

/// JCEKS, of which trusted certificates and the chains of keys are read.
pub static JCEKS: Format = Format {
    id: "jceks",
    name: "JCEKS",
    extensions: &[],
    java_type: Some("JCEKS"),
    writable: false,
    implementation: &Jks::JCEKS,
    ..JKS
};

/// Every format there is. A new one is a new file with its implementation, and a constant and a row here.
pub static FORMATS: &[&Format] = &[&PEM, &PKCS12, &JKS, &JCEKS];

/// The format of that [`Format::id`].
pub fn by_id(id: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.id == id)
}

/// The format a file of that name should have, by its extension in either case.
pub fn by_extension(path: &Path) -> Option<&'static Format> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    FORMATS.iter().copied().find(|format| format.extensions.contains(&extension.as_str()))
}

/// The format of that [`Format::java_type`], in either case.
pub fn by_java_type(name: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.java_type.is_some_and(|java| java.eq_ignore_ascii_case(name)))
}

/// The format these bytes are in. Believe it rather than the file's name: since Java 9 many a `.jks` is PKCS#12.
pub fn detect(bytes: &[u8]) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.implementation.detect(bytes))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{self, NOW, secret};

    #[test]
    fn what_a_format_writes_is_detected_as_its_own() {
        let password = secret("changeit");
        for format in FORMATS.iter().copied() {
            assert_eq!(by_id(format.id), Some(format));
            assert_eq!(format.extensions.is_empty(), !format.writable);
            assert_eq!(format.java_type.and_then(by_java_type), format.java_type.map(|_| format));
            for extension in format.extensions {
                let path = format!("a/b.{}", extension.to_uppercase());
                assert_eq!(by_extension(Path::new(&path)), Some(format));
            }
            let options = WriteOptions { iterations: 10, ..WriteOptions::new(&password, NOW) };
            match format.write(&samples::entries("ec:p256"), &options) {
                Ok(bytes) => assert_eq!(detect(&bytes), Some(format)),
                Err(error) => assert!(!format.writable && matches!(error, KeystoreError::Unsupported(_)), "{error}"),
            }
        }
        assert_eq!(detect(include_bytes!("fixtures/keytool.jceks")), Some(&JCEKS));
        for other in [&b""[..], b"0", b"\x30\x82", b"\x30\x03\x02\x01\x00", b"hello"] {
            assert!(detect(other).is_none());
        }
        assert!(by_extension(Path::new("pem")).is_none());
        assert!(by_java_type("DKS").is_none());
    }

    /// What the table says of a format is what the format does.
    #[test]
    fn formats_differ_as_their_data_says() {
        let (password, key_password) = (secret("changeit"), secret("key-password"));
        for format in FORMATS.iter().filter(|format| format.writable) {
            let entries = samples::entries("ec:p256");
            let options = WriteOptions { iterations: 10, ..WriteOptions::new(&password, NOW) };
            let bytes = format.write(&entries, &options).unwrap();
            let read = format.read(&bytes, Some(&password)).unwrap();
            assert_eq!(read[0].alias == entries[0].alias, format.has_aliases, "{format:?}");
            assert_eq!(std::str::from_utf8(&bytes).is_err(), format.binary, "{format:?}");
            let without_keys = format.write(&entries[1..], &options).unwrap();
            let other = format.read(&without_keys, Some(&secret("other")));
            assert_eq!(matches!(other, Err(KeystoreError::WrongPassword)), format.authenticated, "{format:?}");
            let apart = WriteOptions { key_password: Some(&key_password), ..options };
            assert_eq!(format.write(&entries, &apart).is_ok(), format.keys_open_apart, "{format:?}");
        }
    }
}
