//! What an issuer elsewhere is opened with: its settings, and access to what it may remember and to its secrets.

use std::path::PathBuf;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::issuer::{ErrorClass, IssuerError};
use certroll_base::clock::Clock;
use certroll_base::secret::{Secret, SecretBytes};

/// The settings of one issuer: its table in `certroll.toml` without `kind`.
#[derive(Clone, Debug, Default)]
pub struct IssuerSettings(pub serde_json::Map<String, serde_json::Value>);

impl IssuerSettings {
    /// As a type that refuses unknown keys.
    ///
    /// # Errors
    /// A key is unknown, is missing, or has a value of another kind.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_value(serde_json::Value::Object(self.0.clone()))
    }
}

/// An issuer elsewhere that is about to be opened.
pub struct RemoteIssuer {
    /// The name it has in this home.
    pub name: String,
    /// Its settings; checked before.
    pub settings: IssuerSettings,
    /// What relative paths in its settings are relative to: the home.
    pub root: PathBuf,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// What it remembers between runs.
    pub memory: Arc<dyn Memory>,
    /// Where its secrets come from.
    pub secrets: Arc<dyn Secrets>,
}

impl RemoteIssuer {
    /// The settings as the issuer's own type.
    ///
    /// # Errors
    /// Of class [`ErrorClass::Config`].
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, IssuerError> {
        self.settings.parse().map_err(|error| {
            IssuerError::new(&self.name, ErrorClass::Config, "its settings are not valid")
                .because(error)
                .hint(format!("correct `[issuers.{}]` in certroll.toml", self.name))
        })
    }

    /// A path of the settings, relative to the home.
    pub fn path(&self, path: &std::path::Path) -> PathBuf {
        self.root.join(path)
    }
}

/// What an issuer remembers between runs, in a directory of its own in the home. Each item is written whole and durable
/// before a call returns, and has a name of letters, digits, `-` and `.`.
pub trait Memory: Send + Sync {
    /// A note, if there is one.
    ///
    /// # Errors
    /// It cannot be read.
    fn note(&self, item: &str) -> std::io::Result<Option<Vec<u8>>>;

    /// Writes a note. It holds no secret.
    ///
    /// # Errors
    /// It cannot be written.
    fn keep_note(&self, item: &str, bytes: &[u8]) -> std::io::Result<()>;

    /// The names of all notes that begin so.
    ///
    /// # Errors
    /// The directory cannot be read.
    fn notes(&self, prefix: &str) -> std::io::Result<Vec<String>>;

    /// A private key (PKCS#8), if there is one.
    ///
    /// # Errors
    /// It cannot be read or decrypted.
    fn key(&self, item: &str) -> std::io::Result<Option<SecretBytes>>;

    /// Writes a private key (PKCS#8), encrypted with the passphrase of the home.
    ///
    /// # Errors
    /// It cannot be encrypted or written.
    fn keep_key(&self, item: &str, pkcs8: &SecretBytes) -> std::io::Result<()>;

    /// Removes a note or key. One that is not there is removed already.
    ///
    /// # Errors
    /// It cannot be removed.
    fn forget(&self, item: &str) -> std::io::Result<()>;

    /// Moves a key to another name, over one that is there: one step, which a crash does not halve.
    ///
    /// # Errors
    /// It cannot be moved.
    fn promote_key(&self, from: &str, to: &str) -> std::io::Result<()>;

    /// Waits until no other process holds the lock of that name, and holds it until the guard is dropped.
    ///
    /// # Errors
    /// It cannot be locked.
    fn lock(&self, item: &str) -> std::io::Result<certroll_base::lock::Lock>;

    /// As [`Memory::lock`], but `None` when another process holds it.
    ///
    /// # Errors
    /// It cannot be locked.
    fn try_lock(&self, item: &str) -> std::io::Result<Option<certroll_base::lock::Lock>>;
}

/// Where a secret is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretPlace {
    /// The first line of a file.
    File(PathBuf),
    /// The first line that a command prints, run by `sh -c`.
    Command(String),
    /// A variable of the environment.
    Variable(String),
}

/// Access to secrets and to the environment, which issuers do not read themselves.
pub trait Secrets: Send + Sync {
    /// The secret at that place; `None` for a variable that is not set or empty.
    ///
    /// # Errors
    /// The file cannot be read, or the command fails.
    fn secret(&self, place: &SecretPlace) -> std::io::Result<Option<Secret>>;

    /// A variable of the environment that is no secret.
    fn variable(&self, name: &str) -> Option<String>;
}
