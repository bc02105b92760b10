//! The trait through which keys sign, wherever they are: in a file, in a hardware token, in a key service.

use crate::key::{KeyError, KeyPair};

/// Why something could not be signed.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// The content does not fit the encoding.
    #[error("the certificate cannot be encoded")]
    Encoding(#[from] der::Error),
    /// The key did not sign.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The key, which is elsewhere, did not sign.
    #[error("the signing key refused")]
    Signer(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A key that signs certificates, CRLs and messages. [`rcgen::SigningKey`] says no more than that a key failed; the method here
/// says why.
///
/// Both may be used from several threads at once.
pub trait Signer: rcgen::SigningKey + Send + Sync {
    /// Signs `message` with the one signature algorithm that goes with the key.
    ///
    /// # Errors
    /// The key did not sign, and why.
    fn sign_message(&self, message: &[u8]) -> Result<Vec<u8>, SigningError>;
}

impl Signer for KeyPair {
    fn sign_message(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        Ok(self.sign(message)?)
    }
}
