//! PEM files: encrypted PKCS#8 keys and certificates, the format of most servers that are not Java. [`crate::formats::PEM`] has
//! key and chain in one file; the functions here write files of their own for each.
//!
//! ```
//! use certroll_keystore::{KeyEncryption, Secret, pem};
//!
//! # let certificate = vec![0x30, 0x00];
//! # let pkcs8 = [0x30, 0x00];
//! // One derivation, which is meant to be slow, for any number of keys.
//! let encryption = KeyEncryption::new(&Secret::new("correct horse".to_owned()), 600_000)?;
//! assert!(pem::key_text(&pkcs8, &encryption)?.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
//! assert!(pem::chain_text(&[certificate]).starts_with("-----BEGIN CERTIFICATE-----\n"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use certroll_base::secret::Secret;
use certroll_pki::container::pem::{self, Label};
use certroll_pki::key::encryption::KeyEncryption;

use crate::error::KeystoreError;

/// The text of one private key (`pkcs8`: DER of a PrivateKeyInfo) as `ENCRYPTED PRIVATE KEY`, for a file of its own.
///
/// # Errors
/// [`KeystoreError::Encryption`]: the cryptographic library refuses to encrypt.
pub fn key_text(pkcs8: &[u8], encryption: &KeyEncryption) -> Result<String, KeystoreError> {
    let encrypted = encryption.encrypt(pkcs8).map_err(KeystoreError::Encryption)?;
    Ok(pem::encode(Label::EncryptedPrivateKey, &encrypted))
}

/// The text of one private key in the clear (`PRIVATE KEY`), for servers that cannot be given a passphrase.
pub fn plain_key_text(pkcs8: &[u8]) -> Secret {
    Secret::new(pem::encode(Label::PrivateKey, pkcs8))
}

/// The text of a chain of certificates (DER), in its order (leaf first), for a file of its own.
pub fn chain_text(chain: &[Vec<u8>]) -> String {
    chain.iter().map(|der| pem::encode(Label::Certificate, der)).collect()
}
