//! Keys that stay where they are, opened by reference: in a hardware token (`pkcs11:`), in a key service
//! (`awskms:`).
//!
//! A reference is a URI that says where the key is and holds no secret; it is kept where the name of a key's file would be.
//! A key that was opened signs like one of ours, and from several threads. What is needed to open it, a PIN most of all,
//! comes through [`KeyAccess`] and is asked for only then.

#[cfg(feature = "aws")]
mod awskms;
mod error;
#[cfg(feature = "pkcs11")]
mod pkcs11;
pub mod registry;

use std::path::PathBuf;

use certroll_base::secret::Secret;
use certroll_pki::key::KeyAlgorithm;
use certroll_pki::key::public_key;
use certroll_pki::key::signer::{Signer, SigningError};

pub use error::{SignerError, SignerErrorClass};

/// Where a reference says that its PIN is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PinSource {
    /// The first line of a file.
    File(PathBuf),
    /// The first line that a command prints, run by `sh -c`.
    Command(String),
}

/// Access to secrets and to the environment, which kinds of keys do not read themselves.
pub trait KeyAccess: Send + Sync {
    /// The PIN of `token`; `source` is where the reference says that it is. `None` when none is given and there is no terminal to
    /// ask at.
    ///
    /// # Errors
    /// A way that was given does not lead to a PIN.
    fn pin(
        &self,
        token: &str,
        source: Option<&PinSource>,
    ) -> Result<Option<Secret>, Box<dyn std::error::Error + Send + Sync>>;

    /// A variable of the environment that is no secret; `None` when it is not set or empty.
    fn variable(&self, name: &str) -> Option<String>;

    /// Whether that library may be loaded into this process: a reference is only text, and who could change it could run
    /// anything.
    fn admits_module(&self, path: &std::path::Path) -> bool;
}

/// Knows no PIN and no environment.
pub struct NoAccess;

impl KeyAccess for NoAccess {
    fn pin(
        &self,
        _token: &str,
        _source: Option<&PinSource>,
    ) -> Result<Option<Secret>, Box<dyn std::error::Error + Send + Sync>> {
        Ok(None)
    }

    fn variable(&self, _name: &str) -> Option<String> {
        None
    }

    fn admits_module(&self, _path: &std::path::Path) -> bool {
        false
    }
}

/// What signs where the key is. Called from several threads at once.
pub trait RemoteKey: Send + Sync {
    /// Signs `message` with the signature algorithm that goes with the key (see [`KeyAlgorithm`]); ECDSA signatures are the
    /// SEQUENCE of X9.62.
    ///
    /// # Errors
    /// The key did not sign.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError>;
}

/// A key that was opened. `Debug` shows where it is, and nothing secret.
pub struct OpenedKey {
    reference: String,
    algorithm: KeyAlgorithm,
    spki: Vec<u8>,
    bits: Vec<u8>,
    remote: Box<dyn RemoteKey>,
}

impl OpenedKey {
    /// A key with the public key of `spki` that signs through `remote`.
    ///
    /// # Errors
    /// It is of a kind that we do not sign with.
    pub fn new(reference: &str, spki: Vec<u8>, remote: Box<dyn RemoteKey>) -> Result<Self, SignerError> {
        let described = certroll_pki::verify::signature::key_description(&spki);
        let unsupported = || {
            SignerError::new(SignerErrorClass::Unsupported, format!("it is of the kind {described}"))
                .hint("use a key of the kind RSA with 2048 to 8192 bits, P-256, P-384, P-521 or Ed25519")
        };
        let algorithm = public_key::algorithm(&spki).ok_or_else(unsupported)?;
        let bits = public_key::bits(&spki).map_err(|_| unsupported())?;
        Ok(Self { reference: reference.to_owned(), algorithm, spki, bits, remote })
    }

    /// The algorithm and size.
    pub fn algorithm(&self) -> KeyAlgorithm {
        self.algorithm
    }

    /// DER of the SubjectPublicKeyInfo.
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }
}

impl std::fmt::Debug for OpenedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({}, {})", self.algorithm, self.reference)
    }
}

impl Signer for OpenedKey {
    fn sign_message(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        self.remote.sign(message).map_err(|error| SigningError::Signer(Box::new(error)))
    }
}

impl rcgen::PublicKeyData for OpenedKey {
    fn subject_public_key_info(&self) -> Vec<u8> {
        self.spki.clone()
    }

    fn der_bytes(&self) -> &[u8] {
        &self.bits
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        self.algorithm.rcgen_algorithm()
    }
}

impl rcgen::SigningKey for OpenedKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        self.remote.sign(message).map_err(|_| rcgen::Error::RemoteKeyError)
    }
}

/// A key as a list of what is there shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedKey {
    /// The token or service that it is in, in words.
    pub place: String,
    /// Its name there; `None` for a place that was not opened.
    pub name: Option<String>,
    /// Its kind, in the spelling of [`KeyAlgorithm`], or what it is instead.
    pub kind: String,
    /// The reference that opens it.
    pub reference: String,
}

/// Opens the key of a reference.
pub type OpenKey = fn(&str, &dyn KeyAccess) -> Result<OpenedKey, SignerError>;
/// Makes a key where a reference says, and opens it.
pub type Generate = fn(&str, KeyAlgorithm, &dyn KeyAccess) -> Result<OpenedKey, SignerError>;
/// Lists the keys that a reference may mean.
pub type List = fn(&str, &dyn KeyAccess) -> Result<Vec<ListedKey>, SignerError>;

/// One kind of key elsewhere.
pub struct SignerKind {
    /// The scheme of its references, before the colon.
    pub scheme: &'static str,
    /// Opens a key.
    pub open: OpenKey,
    /// Makes a new key where the reference says, and opens it; `None` where keys are made by other means.
    pub generate: Option<Generate>,
    /// Lists the keys that a reference may mean; `None` where that cannot be asked.
    pub list: Option<List>,
}
