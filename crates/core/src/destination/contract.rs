//! What a destination does, and what goes there.

use super::error::DestinationError;
use super::place::Place;
use certroll_base::secret::Secret;
use certroll_pki::key::kind::PublicKeyKind;

/// What is to be installed.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a> {
    /// The bytes of a file.
    Bytes {
        /// The bytes.
        bytes: &'a [u8],
        /// Whether they hold a key, so that only the owner may read them.
        private: bool,
    },
    /// Certificate and key, each by itself.
    Bundle(&'a Bundle<'a>),
}

/// A certificate with its chain and key, as services take them.
pub struct Bundle<'a> {
    /// Its name in the inventory.
    pub name: &'a str,
    /// SHA-256 of the certificate, hexadecimal.
    pub sha256: &'a str,
    /// The certificate, PEM.
    pub certificate: &'a str,
    /// Those above it without the root, PEM.
    pub chain: &'a str,
    /// The key, PEM, not encrypted: it leaves over TLS alone.
    pub key: &'a Secret,
}

impl std::fmt::Debug for Bundle<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bundle").field("name", &self.name).field("sha256", &self.sha256).finish_non_exhaustive()
    }
}

/// What is known of what will be installed, before it is there.
#[derive(Clone, Copy, Debug)]
pub enum Expected<'a> {
    /// A file of about so many bytes.
    Bytes(usize),
    /// A certificate whose key is of that kind: `ec:p256`.
    Key(&'a PublicKeyKind),
}

/// What lies at a destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Observed {
    /// Nothing.
    Nothing,
    /// A file with these bytes.
    Bytes(Vec<u8>),
    /// A certificate, PEM.
    Certificate(String),
    /// What is written there is gone: a pipe, a device.
    Gone,
}

/// A place where something can be installed.
///
/// Installing the same again is allowed and changes nothing. Two installations at once leave one of them, whole.
pub trait Destination: Send + Sync {
    /// Tries, before anything is signed, whether it can be installed there: nothing changes. Answers what the user should know.
    ///
    /// # Errors
    /// It cannot, as far as can be known beforehand.
    fn check(&self, expected: Expected<'_>) -> Result<Vec<String>, DestinationError>;

    /// Makes everything ready that can fail without anything having changed.
    ///
    /// # Errors
    /// Nothing has changed then.
    fn stage(&self, content: Content<'_>) -> Result<Box<dyn Staged>, DestinationError>;

    /// Installs; answers the place that it has from now on. Durable when it returns.
    ///
    /// # Errors
    /// Nothing has changed then.
    fn install(&self, content: Content<'_>) -> Result<Place, DestinationError> {
        self.stage(content)?.publish()
    }

    /// What is installed there now.
    ///
    /// # Errors
    /// It cannot be read.
    fn observe(&self) -> Result<Observed, DestinationError>;

    /// Brings the predecessor back and keeps what it replaces in its place, so that restoring twice undoes itself.
    ///
    /// # Errors
    /// There is no predecessor, or the destination keeps none; nothing has changed then.
    fn restore(&self) -> Result<(), DestinationError>;
}

/// What is ready to be installed. Dropped without [`Staged::publish`], it leaves nothing behind.
pub trait Staged: Send {
    /// Puts it in force; answers the place that it has from now on. Durable, and read back, when it returns.
    ///
    /// # Errors
    /// What was there before still is.
    fn publish(&mut self) -> Result<Place, DestinationError>;

    /// After [`Staged::publish`], makes it as it was before, where that is possible: another file of the same certificate could
    /// not be put in force.
    ///
    /// # Errors
    /// It is still what was published.
    fn undo(&mut self) -> Result<(), DestinationError>;
}
