//! What a format implements: bytes in, bytes out.

use certroll_base::secret::Secret;

use crate::bundle::{Entry, WriteOptions};
use crate::error::KeystoreError;
use crate::protection::Part;

/// One way of storing entries. What [`crate::Format`] says of each method holds for every implementation.
///
/// All methods are pure: they may be called again, at the same time, and leave nothing behind.
pub(crate) trait KeystoreFormat: Send + Sync {
    /// Whether bytes begin as this format does.
    fn detect(&self, bytes: &[u8]) -> bool;

    /// See [`crate::Format::write`].
    fn write(&self, entries: &[Entry], options: &WriteOptions<'_>) -> Result<Vec<u8>, KeystoreError>;

    /// See [`crate::Format::read`].
    fn read(&self, bytes: &[u8], password: Option<&Secret>) -> Result<Vec<Entry>, KeystoreError>;

    /// The protected parts in the order of the file; none where the bytes cannot be read.
    fn protection(&self, bytes: &[u8]) -> Vec<Part>;
}
