//! Keys from passwords as RFC 7292 appendix B makes them: for the MAC, and for encryption older than PBES2.

use hmac::digest::block_api::BlockSizeUser;
use hmac::digest::{Digest, FixedOutputReset};
use pkcs12::kdf::{self, Pkcs12KeyType};
use zeroize::Zeroizing;

use crate::KeystoreError;
use crate::pkcs12::MAX_ITERATIONS;
use certroll_base::secret::Secret;

/// A key of that length. Every key with another purpose, salt or digest is another one.
///
/// # Errors
/// No iterations, or more than [`MAX_ITERATIONS`].
pub(super) fn derive<D: Digest + FixedOutputReset + BlockSizeUser>(
    password: &Secret,
    salt: &[u8],
    iterations: u32,
    purpose: Pkcs12KeyType,
    length: usize,
) -> Result<Zeroizing<Vec<u8>>, KeystoreError> {
    within_limit(iterations)?;
    let rounds = i32::try_from(iterations).unwrap_or(i32::MAX);
    Ok(Zeroizing::new(kdf::derive_key::<D>(&utf16(password), salt, purpose, rounds, length)))
}

/// # Errors
/// No iterations, or more than [`MAX_ITERATIONS`].
pub(super) fn within_limit(iterations: u32) -> Result<(), KeystoreError> {
    match iterations {
        1..=MAX_ITERATIONS => Ok(()),
        _ => Err(KeystoreError::Unsupported(format!("{iterations} iterations: expected 1 to {MAX_ITERATIONS}"))),
    }
}

/// A password in UTF-16, high byte first, closed by a NUL (appendix B.1).
fn utf16(password: &Secret) -> Zeroizing<Vec<u8>> {
    // Reserved, so that no copy is left behind in an outgrown buffer.
    let mut bytes = Zeroizing::new(Vec::with_capacity(password.expose().len() * 2 + 2));
    for unit in password.expose().encode_utf16().chain([0]) {
        bytes.extend_from_slice(&unit.to_be_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use certroll_base::encoding::hex;

    /// Computed apart, with the hash functions of Python.
    #[test]
    fn known_keys_come_out() {
        let password = Secret::new("ge@äheim".to_owned());
        let salt = [1, 2, 3, 4, 5, 6, 7, 8];
        let key = derive::<sha2::Sha256>(&password, &salt, 100, Pkcs12KeyType::EncryptionKey, 32).unwrap();
        assert_eq!(hex(&key), "fae4d4957a3cc781e1180b9d4fb79c1e0c8579b746a3177e5b0768a3118bf863");
        let key = derive::<sha1::Sha1>(&password, &salt, 100, Pkcs12KeyType::EncryptionKey, 24).unwrap();
        assert_eq!(hex(&key), "f681007c3c547572a78d9f8b6abd8d66a418b2d29bc055af");
        let key = derive::<sha2::Sha256>(&password, &salt, 100, Pkcs12KeyType::Mac, 32).unwrap();
        assert_eq!(hex(&key), "136355ed9434516682534f46d63956db5ff06b844702c2c1f3b46321e2524a4d");
    }

    #[test]
    fn too_many_iterations_are_refused_unworked() {
        for iterations in [0, MAX_ITERATIONS + 1, u32::MAX] {
            let password = Secret::new("x".to_owned());
            let refused = derive::<sha1::Sha1>(&password, b"salt", iterations, Pkcs12KeyType::Mac, 20);
            assert!(matches!(refused, Err(KeystoreError::Unsupported(_))));
        }
    }
}
