//! Where a certificate is installed: a file today; hooks, brokers and cloud session behind the same trait.
//!
//! A target takes finished bytes; one service, ACM, wants certificate and key apart and has a door of its own. It knows nothing of certificates, of policy or of the log, and it never loses what was
//! there before: each installation keeps its predecessor, and [`Target::restore`] brings it back.

#[cfg(feature = "aws")]
mod acm;
mod file;
pub mod registry;

use std::io;

#[cfg(feature = "aws")]
pub use acm::{AcmBundle, AcmTarget};
pub use file::FileTarget;

/// What is to be installed.
#[derive(Clone, Copy, Debug)]
pub struct Artifact<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// Whether they hold a key: then only the owner may read them.
    pub private: bool,
}

/// A place where something can be installed.
///
/// Installing the same bytes again is allowed and changes nothing. Two installations at once leave one of them, whole.
pub trait Target: Send + Sync {
    /// What it is called in records: the address or the absolute path.
    fn id(&self) -> String;

    /// What is installed there now; `None` for nothing.
    ///
    /// # Errors
    /// It cannot be read.
    fn installed(&self) -> io::Result<Option<Vec<u8>>>;

    /// Installs; what was there stays restorable. Durable when it returns.
    ///
    /// # Errors
    /// Nothing has changed then.
    fn install(&self, artifact: Artifact<'_>) -> io::Result<()>;

    /// Brings the predecessor back and keeps what it replaces in its place, so that restoring twice undoes itself.
    ///
    /// # Errors
    /// There is no predecessor, or nothing has changed.
    fn restore(&self) -> io::Result<()>;
}
