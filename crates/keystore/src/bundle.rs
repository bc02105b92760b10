//! What every format stores and gives back: entries, and the choices made on writing.

use std::collections::HashSet;

use pkcs8::PrivateKeyInfoRef;
use pkcs8::der::Decode as _;

use crate::attributes::Attributes;
use crate::error::{EntryProblem, KeystoreError};
use crate::jks_protection;
use certroll_base::clock::Timestamp;
use certroll_base::secret::{Secret, SecretBytes};
use certroll_pki::key::encryption::{self, EncryptionError, KeyEncryption};

/// One named entry of a keystore.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name. Written in lower case; a format without [`Format::has_aliases`](crate::Format::has_aliases) numbers its entries on
    /// reading.
    pub alias: String,
    /// When it was made; `None` where the file does not say.
    pub created: Option<Timestamp>,
    /// What it holds.
    pub item: Item,
    /// What PKCS#12 says of it beside that.
    pub attributes: Attributes,
}

/// What an entry holds. Certificates are DER.
#[derive(Clone, Debug)]
pub enum Item {
    /// A private key and its certificates, the key's own first, each issued by the next. The root may be left out.
    Key {
        /// The private key.
        key: EntryKey,
        /// Its certificates; empty when there is none yet.
        chain: Vec<Vec<u8>>,
    },
    /// A certificate to be trusted (`trustedCertEntry` of keytool).
    Trusted(Vec<u8>),
    /// A PKCS#12 certificate that is in no key's chain and not marked as trusted. Java does not see it: a trust store
    /// made by `openssl pkcs12 -nokeys` holds nothing else. Read only.
    Unmarked(Vec<u8>),
    /// A symmetric key. PKCS#12 only.
    Secret(SecretKey),
}

/// A private key, as far as the password given on reading went.
#[derive(Clone, Debug)]
pub enum EntryKey {
    /// DER of a PKCS#8 PrivateKeyInfo.
    Plain(SecretBytes),
    /// DER of an EncryptedPrivateKeyInfo, under JKS's own scheme or PBES2: no password was given, or another fits.
    Protected(Vec<u8>),
}

impl Item {
    /// `key`, `trusted`, `unmarked` or `secret`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Key { .. } => "key",
            Self::Trusted(_) => "trusted",
            Self::Unmarked(_) => "unmarked",
            Self::Secret(_) => "secret",
        }
    }

    /// DER of its certificates, a key's own first.
    pub fn certificates(&self) -> &[Vec<u8>] {
        match self {
            Self::Key { chain, .. } => chain,
            Self::Trusted(der) | Self::Unmarked(der) => std::slice::from_ref(der),
            Self::Secret(_) => &[],
        }
    }
}

impl Entry {
    /// An entry without attributes.
    pub fn new(alias: impl Into<String>, created: Option<Timestamp>, item: Item) -> Self {
        Self { alias: alias.into(), created, item, attributes: Attributes::default() }
    }

    /// Whether it goes by that alias: case does not count, as in Java.
    pub fn is_named(&self, alias: &str) -> bool {
        stored_alias(&self.alias) == stored_alias(alias)
    }
}

impl EntryKey {
    /// The plain PKCS#8 key.
    ///
    /// # Errors
    /// [`EntryProblem::WrongKeyPassword`] when the password does not fit, [`EntryProblem::Encryption`] when the protection is unknown
    /// (JCEKS keys: convert with `keytool -importkeystore`), [`EntryProblem::Protection`] when it is malformed.
    pub fn unlock(&self, password: &Secret) -> Result<SecretBytes, EntryProblem> {
        match self {
            Self::Plain(key) => Ok(key.clone()),
            Self::Protected(der) if jks_protection::is_protected_key(der) => jks_protection::recover(der, password),
            Self::Protected(der) => encryption::decrypt(der, password).map_err(|error| match error {
                EncryptionError::WrongPassphrase => EntryProblem::WrongKeyPassword,
                other => EntryProblem::Encryption(other),
            }),
        }
    }

    /// The plain key, or the problem that it is none.
    pub(super) fn plain(&self) -> Result<&SecretBytes, EntryProblem> {
        match self {
            Self::Plain(key) => Ok(key),
            Self::Protected(_) => Err(EntryProblem::Protected),
        }
    }
}

/// A symmetric key, kept so that a PKCS#12 file can be rewritten without losing it.
#[derive(Clone, Debug)]
pub struct SecretKey {
    /// Object identifier of its algorithm in dotted form.
    pub algorithm: String,
    /// DER of the PrivateKeyInfo in which Java wraps it, with its algorithm once more.
    pub info: SecretBytes,
}

impl SecretKey {
    /// The key in a PrivateKeyInfo (DER).
    pub(super) fn from_info(info: SecretBytes) -> Self {
        let algorithm = PrivateKeyInfoRef::from_der(info.expose()).map(|parsed| parsed.algorithm.oid.to_string());
        Self { algorithm: algorithm.unwrap_or_else(|_| "unknown".to_owned()), info }
    }
}

/// Refuses attributes, for a format that has no place for them.
///
/// # Errors
/// The first entry whose attributes say something.
pub(super) fn without_attributes(entries: &[Entry]) -> Result<(), KeystoreError> {
    for entry in entries {
        if let Some(first) = entry.attributes.telling(entry.item.certificates()).into_iter().next() {
            return Err(EntryProblem::Attribute(first).of(&entry.alias));
        }
    }
    Ok(())
}

/// How PKCS#12 files are encrypted. JKS has one way only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// PBES2 with AES-256-CBC and HMAC-SHA-256, MAC with SHA-256: JDK 8u301, 11.0.12 and later, OpenSSL 1.1 and later.
    #[default]
    Modern,
    /// Triple DES and SHA-1 (PBES1), MAC with SHA-1: for older Java and old devices. Weak by today's measure.
    Compatible,
    /// As `Modern`, with PBMAC1 (RFC 9579) as its MAC: nothing in it but what FIPS 140-3 approves. Read by OpenSSL 3.4 and later
    /// and Java 26; those before it cannot check the MAC and refuse the file.
    Fips,
}

/// Iterations that a new PKCS#12 file gets, for each of its derivations: MAC, certificates, and each key. Ten times what Java
/// writes. More would lock readers out: .NET refuses a file whose derivations have more than 600 000 together, and a Java
/// server makes each of them anew when it starts.
pub(crate) const ITERATIONS: u32 = 100_000;

/// The choices made on writing; [`Format::options`](crate::Format::options) has those that are right where nothing is to be said.
///
/// ```
/// use certroll_keystore::{Profile, Secret, Timestamp, WriteOptions, formats};
///
/// let password = Secret::new("correct horse".to_owned());
/// let options = formats::PKCS12.options(&password, Timestamp::from_secs(1_800_000_000));
/// assert_eq!(options.iterations, 100_000);
/// // For a JVM before 8u301, which knows neither AES nor HMAC-SHA-256 in PKCS#12.
/// let options = WriteOptions { profile: Profile::Compatible, iterations: 50_000, ..options };
/// let bytes = formats::PKCS12.write(&[], &options)?;
/// assert_eq!(formats::PKCS12.protection(&bytes)[0].algorithm, "HMAC-SHA-1");
/// # Ok::<(), certroll_keystore::KeystoreError>(())
/// ```
#[derive(Clone, Debug)]
pub struct WriteOptions<'a> {
    /// Protects the keystore, and its keys unless `key_password` is given.
    pub password: &'a Secret,
    /// Protects the keys apart from the store, where the format can ([`Format::keys_open_apart`](crate::Format::keys_open_apart));
    /// the others refuse it.
    pub key_password: Option<&'a Secret>,
    /// Iterations of key derivation and MAC: PKCS#12, and PEM without `key_encryption`. Java's default is 10 000, ours 100 000.
    pub iterations: u32,
    /// How PKCS#12 is encrypted.
    pub profile: Profile,
    /// Creation date of entries that have none.
    pub now: Timestamp,
    /// PEM only: encrypts the keys in place of `password` and `iterations`, so that a batch derives its key once.
    pub key_encryption: Option<&'a KeyEncryption>,
}

impl<'a> WriteOptions<'a> {
    /// One password for everything, 100 000 iterations, [`Profile::Modern`].
    pub(crate) fn new(password: &'a Secret, now: Timestamp) -> Self {
        Self {
            password,
            key_password: None,
            iterations: ITERATIONS,
            profile: Profile::Modern,
            now,
            key_encryption: None,
        }
    }
}

/// An alias as it is stored: Java folds case on every access, and so do we before it can.
pub fn stored_alias(alias: &str) -> String {
    alias.to_lowercase()
}

/// The aliases of `entries` as they are stored.
///
/// # Errors
/// Two that become one.
pub(crate) fn stored_aliases(entries: &[Entry]) -> Result<Vec<String>, KeystoreError> {
    let mut seen = HashSet::new();
    let mut aliases = Vec::with_capacity(entries.len());
    for entry in entries {
        let alias = stored_alias(&entry.alias);
        if !seen.insert(alias.clone()) {
            return Err(EntryProblem::DuplicateAlias.of(&entry.alias));
        }
        aliases.push(alias);
    }
    Ok(aliases)
}
