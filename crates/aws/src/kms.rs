//! The key service: asymmetric keys that never leave it.

use std::fmt;

use aws_sdk_kms::Client;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{KeyUsageType, MessageType, SigningAlgorithmSpec};

use crate::failure::failure;
use crate::pca::nothing;
use certroll_base::network::{FailureKind, NetworkFailure};
use certroll_base::runtime::block_on;

/// The longest message that the service takes whole, in bytes.
const LONGEST: usize = 4_096;

/// The service.
#[derive(Clone)]
pub struct Kms {
    client: Client,
}

/// What the service says of a key.
#[derive(Clone, Debug)]
pub struct KmsKey {
    /// Its ARN: an alias may be pointed elsewhere, this cannot.
    pub arn: String,
    /// DER of the public key.
    pub spki: Vec<u8>,
}

impl Kms {
    pub(super) fn of(config: &aws_config::SdkConfig) -> Self {
        Self { client: Client::new(config) }
    }

    /// The public key of a signing key: by key ID, ARN, or alias.
    ///
    /// # Errors
    /// [`NetworkFailure`]; of kind [`FailureKind::Invalid`] when the key is not for signing.
    pub fn public_key(&self, key: &str) -> Result<KmsKey, NetworkFailure> {
        let answer = block_on(self.client.get_public_key().key_id(key).send()).map_err(failure)?;
        if answer.key_usage != Some(KeyUsageType::SignVerify) {
            return Err(NetworkFailure::new(
                FailureKind::Invalid,
                "the key is not for signing (its usage is not SIGN_VERIFY)",
            ));
        }
        Ok(KmsKey {
            arn: answer.key_id.ok_or_else(|| nothing("the ARN of the key"))?,
            spki: answer.public_key.ok_or_else(|| nothing("the public key"))?.into_inner(),
        })
    }

    /// Signs; `algorithm` in the service's words, `ECDSA_SHA_256`. A message of up to 4096 bytes goes there whole, and the
    /// service makes the digest; of a longer one, which it does not take, only `digest` goes.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub fn sign(
        &self,
        key: &str,
        algorithm: &str,
        message: &[u8],
        digest: impl FnOnce(&[u8]) -> Vec<u8>,
    ) -> Result<Vec<u8>, NetworkFailure> {
        let (kind, bytes) = match message.len() {
            ..=LONGEST => (MessageType::Raw, message.to_vec()),
            _ => (MessageType::Digest, digest(message)),
        };
        let sent = self
            .client
            .sign()
            .key_id(key)
            .message_type(kind)
            .message(Blob::new(bytes))
            .signing_algorithm(SigningAlgorithmSpec::from(algorithm))
            .send();
        let answer = block_on(sent).map_err(failure)?;
        Ok(answer.signature.ok_or_else(|| nothing("the signature"))?.into_inner())
    }
}

impl fmt::Debug for Kms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kms")
    }
}
