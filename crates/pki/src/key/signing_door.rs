//! The door through which keys sign, wherever they are: in a file, in a hardware token, in a key service.

use crate::key::KeyPair;
use crate::x509::signing::SigningError;

/// A key that signs certificates, CRLs and messages. It is rcgen's door, which says no more than that a key failed, and
/// beside it one through which the key's own words come.
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
