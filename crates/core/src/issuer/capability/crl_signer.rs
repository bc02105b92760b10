//! CRLs that are signed here.

use crate::issuer::{CrlContent, IssuerError};

/// A CA whose CRLs are signed here.
pub trait CrlSigner: Send + Sync {
    /// Signs the list and returns its DER.
    ///
    /// # Errors
    /// The key refuses.
    fn sign_crl(&self, content: &CrlContent) -> Result<Vec<u8>, IssuerError>;
}
