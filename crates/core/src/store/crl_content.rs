//! What a CRL may say: the revocations on record, and nothing else.

use super::{Store, StoreError};
use certroll_base::clock::Timestamp;
use certroll_pki::x509::crl::{RevocationList, RevokedEntry};

/// The content of the next CRL of a CA, read from the store. A CRL signer takes nothing else.
#[derive(Clone, Debug)]
pub struct CrlContent(RevocationList);

impl CrlContent {
    /// The revocations of `authority` on record, under the given cRLNumber, thisUpdate and nextUpdate.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn on_record(
        store: &dyn Store,
        authority: &str,
        number: u64,
        (this_update, next_update): (Timestamp, Timestamp),
    ) -> Result<Self, StoreError> {
        Ok(Self(RevocationList { number, this_update, next_update, entries: store.revoked(authority)? }))
    }

    /// The same with revocations that wait in the spool while the log cannot be written. The caller keeps its own entry there
    /// before the signed CRL leaves memory.
    #[must_use]
    pub fn with_late(mut self, late: Vec<RevokedEntry>) -> Self {
        self.0.entries.extend(late);
        self
    }

    /// What is to be signed.
    pub fn list(&self) -> &RevocationList {
        &self.0
    }
}
