//! The key of a home, under which everything that is kept in the home is encrypted, and what opens it.
//!
//! `home.key.pem` holds 256 random bits, encrypted under the passphrase or under the key of a key file. Whatever else is kept
//! (key files of log, CAs and accounts, keys of certificates in the database) is encrypted under these bits. So a new
//! passphrase means one file replaced at once, and no moment at which neither passphrase opens everything; and only that one
//! file costs the slow derivation.
//!
//! A home made by version 0.1 has no such file: its keys are encrypted under the passphrase itself. It stays so until its
//! passphrase is changed ([`super::passphrase`]).

use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, ErrorKind};
use crate::hint::home::SecretHint;
use crate::lifecycle::layout::home::Home;
use certroll_base::encoding;
use certroll_base::random;
use certroll_base::secret::{Secret, SecretBytes};
use certroll_pki::container::envelope;
use certroll_pki::container::pem::{self, Label};
use certroll_pki::key::encryption::{DEFAULT_ITERATIONS, Decryptor, EncryptionError, KeyEncryption};

/// PBKDF2 iterations under a secret of 256 random bits: the least that RFC 8018 section 4.2 recommends and that OpenSSL reads
/// when it checks bounds, 0.2 ms. Nothing is won by more: such a secret cannot be guessed.
const RANDOM_SECRET_ITERATIONS: u32 = 1000;

/// The first line of `home.key.pem` while keys of the home are still encrypted under the passphrase itself.
const UNFINISHED: &str = "Keys of this home are still encrypted under its passphrase.\n";

/// What opens the key of a home.
#[derive(Clone, Debug)]
pub enum Opener {
    /// A text that a person chose: guessing it is made slow.
    Passphrase(Secret),
    /// The 256 random bits of a key file, as hexadecimal digits.
    KeyFile(Secret),
}

impl Opener {
    /// The text itself, as it is given to open the home later.
    pub fn secret(&self) -> &Secret {
        match self {
            Self::Passphrase(secret) | Self::KeyFile(secret) => secret,
        }
    }

    /// The word for it in records.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Passphrase(_) => "passphrase",
            Self::KeyFile(_) => "key-file",
        }
    }

    fn iterations(&self) -> u32 {
        match self {
            Self::Passphrase(_) => DEFAULT_ITERATIONS,
            Self::KeyFile(_) => RANDOM_SECRET_ITERATIONS,
        }
    }
}

/// The 256 bits of a home.
pub(super) struct HomeKey(Secret);

impl HomeKey {
    pub(super) fn generate() -> Self {
        Self(Secret::new(encoding::hex(&random::bytes::<32>())))
    }

    /// Encrypts what is kept in the home, under a fresh salt.
    pub(super) fn encryption(&self) -> Result<KeyEncryption, EncryptionError> {
        KeyEncryption::new(&self.0, RANDOM_SECRET_ITERATIONS)
    }

    /// The content of `home.key.pem`.
    pub(super) fn wrapped(&self, opener: &Opener) -> Result<String, Error> {
        let failed = |error: Box<dyn std::error::Error + Send + Sync>| {
            Error::new(ErrorKind::Failed, "the key of the home cannot be encrypted").because(error)
        };
        let envelope = envelope::wrap(&self.0).map_err(|error| failed(error.into()))?;
        let encryption = KeyEncryption::new(opener.secret(), opener.iterations());
        let encrypted = encryption.and_then(|encryption| encryption.encrypt(envelope.expose()));
        Ok(pem::encode(Label::EncryptedPrivateKey, &encrypted.map_err(|error| failed(error.into()))?))
    }

    /// As [`HomeKey::wrapped`], while keys of the home are still encrypted under the passphrase itself.
    pub(super) fn wrapped_unfinished(&self, opener: &Opener) -> Result<String, Error> {
        Ok(format!("{UNFINISHED}{}", self.wrapped(opener)?))
    }
}

/// The keys of an opened home: one derivation, any number of keys.
pub struct HomeKeys {
    /// Encrypts what is kept in the home.
    pub encryption: Arc<KeyEncryption>,
    decryptor: Decryptor,
    /// The home's own key and what opened it; `None` in a home of version 0.1.
    own: Option<OwnKey>,
}

struct OwnKey {
    key: HomeKey,
    /// Opens what is encrypted under the passphrase itself.
    opener: Decryptor,
    unfinished: bool,
}

impl HomeKeys {
    /// The keys of a home in which everything is encrypted under one passphrase, as version 0.1 makes it.
    pub fn under_passphrase(encryption: Arc<KeyEncryption>, decryptor: Decryptor) -> Self {
        Self { encryption, decryptor, own: None }
    }

    /// The plain PKCS#8 of a key kept in the home.
    ///
    /// # Errors
    /// It is not encrypted under the key of this home, or is damaged.
    pub fn decrypt(&self, encrypted: &[u8]) -> Result<SecretBytes, EncryptionError> {
        let opened = self.decryptor.decrypt(encrypted);
        match (&opened, &self.own) {
            (Err(EncryptionError::WrongPassphrase), Some(own)) if own.unfinished => own.opener.decrypt(encrypted),
            _ => opened,
        }
    }

    /// As [`HomeKeys::decrypt`], with the error of a use case.
    ///
    /// # Errors
    /// The passphrase does not open it.
    pub fn open(&self, encrypted: &[u8]) -> Result<SecretBytes, Error> {
        self.decrypt(encrypted).map_err(wrong_passphrase)
    }

    /// Whether everything that this process writes is encrypted under the passphrase itself.
    pub(crate) fn is_under_passphrase(&self) -> bool {
        self.own.is_none()
    }

    /// Whether some keys are still encrypted under the passphrase itself.
    pub(super) fn is_unfinished(&self) -> bool {
        self.own.as_ref().is_some_and(|own| own.unfinished)
    }

    /// Whether it is encrypted under the home's own key.
    pub(super) fn is_under_own_key(&self, encrypted: &[u8]) -> bool {
        self.own.is_some() && self.decryptor.decrypt(encrypted).is_ok()
    }

    /// The home's own key.
    pub(super) fn own_key(&self) -> Option<&HomeKey> {
        self.own.as_ref().map(|own| &own.key)
    }

    /// Whether what opened these keys opens the home as its files are now.
    ///
    /// # Errors
    /// A file cannot be read, or is damaged.
    pub(super) fn still_open(&self, home: &Home) -> Result<bool, Error> {
        let (opener, file) = match &self.own {
            Some(own) => (&own.opener, home.key()),
            None => (&self.decryptor, home.log_key()),
        };
        match opener.decrypt(read_encrypted(&file)?.1.expose()) {
            Ok(_) => Ok(true),
            Err(EncryptionError::WrongPassphrase) => Ok(false),
            Err(error) => Err(wrong_passphrase(error)),
        }
    }
}

/// Why a home does not open.
pub enum UnlockError {
    /// What was given does not open its key.
    Denied(EncryptionError),
    /// Anything else.
    Other(Error),
}

impl From<Error> for UnlockError {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

impl From<EncryptionError> for UnlockError {
    fn from(error: EncryptionError) -> Self {
        match error {
            EncryptionError::WrongPassphrase => Self::Denied(error),
            other => Self::Other(wrong_passphrase(other)),
        }
    }
}

/// What a passphrase or the key of a key file opens: the keys of the home, and the key of its log (plain PKCS#8).
///
/// # Errors
/// It does not open the home, or a file cannot be read or is damaged.
pub fn unlock(home: &Home, given: Secret) -> Result<(HomeKeys, SecretBytes), UnlockError> {
    let (_, log_key) = read_encrypted(&home.log_key())?;
    let opener = Decryptor::new(given);
    let Some((text, wrapped)) = read_if_there(&home.key())? else {
        let plain = opener.decrypt(log_key.expose())?;
        let encryption = Arc::new(opener.encryption_like(log_key.expose())?);
        return Ok((HomeKeys::under_passphrase(encryption, opener), plain));
    };
    let key = opened_envelope(home, &opener.decrypt(wrapped.expose())?)?;
    let unfinished = text.starts_with(UNFINISHED.as_bytes());
    let decryptor = Decryptor::new(key.0.clone());
    let (encryption, plain) = match decryptor.decrypt(log_key.expose()) {
        Ok(plain) => (decryptor.encryption_like(log_key.expose())?, plain),
        Err(EncryptionError::WrongPassphrase) if unfinished => (key.encryption()?, opener.decrypt(log_key.expose())?),
        Err(EncryptionError::WrongPassphrase) => {
            let text = format!("`{}` is not encrypted under the key of this home", home.log_key().display());
            return Err(Error::new(ErrorKind::Verification, text)
                .hint("restore both files from one backup: they were made together")
                .into());
        }
        Err(error) => return Err(error.into()),
    };
    let own = Some(OwnKey { key, opener, unfinished });
    Ok((HomeKeys { encryption: Arc::new(encryption), decryptor, own }, plain))
}

/// The secret under which the keys of a home are encrypted, for who has what opens it.
///
/// # Errors
/// It does not open the home, or a file cannot be read or is damaged.
pub fn secret(home: &Home, given: Secret) -> Result<Secret, Error> {
    let Some((_, wrapped)) = read_if_there(&home.key())? else { return Ok(given) };
    let envelope = Decryptor::new(given).decrypt(wrapped.expose()).map_err(wrong_passphrase)?;
    Ok(opened_envelope(home, &envelope)?.0)
}

fn opened_envelope(home: &Home, envelope: &SecretBytes) -> Result<HomeKey, Error> {
    let key = envelope::open(envelope).ok_or_else(|| damaged(&home.key()))?;
    Ok(HomeKey(key))
}

/// The error for a home's key that its passphrase does not open.
pub fn wrong_passphrase(error: EncryptionError) -> Error {
    match error {
        EncryptionError::WrongPassphrase => {
            Error::new(ErrorKind::Permission, "the passphrase does not open the keys of this home")
                .hint(SecretHint::OtherPassphrase)
        }
        other => Error::new(ErrorKind::Failed, "a key of this home cannot be decrypted").because(other),
    }
}

fn damaged(file: &Path) -> Error {
    Error::new(ErrorKind::Failed, format!("`{}` is not an encrypted private key", file.display()))
}

/// The text of a key file of the home, and the encrypted key in it (EncryptedPrivateKeyInfo).
///
/// # Errors
/// The file cannot be read, or holds none.
pub(super) fn read_encrypted(file: &Path) -> Result<(Vec<u8>, SecretBytes), Error> {
    let text = certroll_base::input::read(file).map_err(|error| Error::file(file, "read the encrypted key", error))?;
    let blocks = pem::read(&text).map_err(|error| damaged(file).because(error))?;
    let block = blocks.into_iter().find(|block| block.label == Label::EncryptedPrivateKey);
    let der = block.ok_or_else(|| damaged(file))?.der;
    Ok((text, der))
}

fn read_if_there(file: &Path) -> Result<Option<(Vec<u8>, SecretBytes)>, Error> {
    match std::fs::symlink_metadata(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        _ => read_encrypted(file).map(Some),
    }
}
