//! Keys in AWS KMS: `awskms:KEY`, where KEY is a key's ARN, its number, or `alias/NAME`; after a question mark, `region` and
//! `profile`, joined by `&`.
//!
//! The key never leaves the service. Of what is too long for it, such as a long CRL, the digest is signed, made here.

use crate::signer::{KeyAccess, OpenedKey, RemoteKey, SignerError, SignerErrorClass, SignerKind};
use certroll_aws::{AwsSession, Kms, Reach};
use certroll_base::network::{FailureKind, NetworkFailure, Remedy};
use certroll_pki::digest::DigestAlgorithm;
use certroll_pki::verify::signature::key_description;

/// The line in the table of kinds. Keys are made with the tools of AWS: who may use and delete one is decided there.
pub(super) const KIND: SignerKind = SignerKind { scheme: "awskms", open, generate: None, list: None };

/// A reference, read.
#[derive(Debug, PartialEq, Eq)]
struct KmsReference<'a> {
    key: &'a str,
    region: Option<&'a str>,
    profile: Option<&'a str>,
}

impl<'a> KmsReference<'a> {
    fn read(text: &'a str) -> Result<Self, SignerError> {
        let wrong = |message: String| {
            SignerError::new(SignerErrorClass::Config, message)
                .hint("write it as `awskms:arn:aws:kms:REGION:ACCOUNT:key/ID` or `awskms:alias/NAME?region=REGION`")
        };
        let (_, rest) = text.split_once(':').unwrap_or_default();
        let (key, query) = rest.split_once('?').unwrap_or((rest, ""));
        if key.is_empty() {
            return Err(wrong(format!("`{text}` names no key")));
        }
        let mut reference = Self { key, region: region_of(key), profile: None };
        for part in query.split('&').filter(|part| !part.is_empty()) {
            match part.split_once('=') {
                Some(("region", region)) => reference.region = Some(region),
                Some(("profile", profile)) => reference.profile = Some(profile),
                // The value is not shown: it may hold a secret.
                _ => {
                    let name = part.split('=').next().unwrap_or_default();
                    return Err(wrong(format!("the reference to a key in KMS has an unknown part `{name}`")));
                }
            }
        }
        Ok(reference)
    }
}

/// The region in an ARN: `arn:aws:kms:REGION:ACCOUNT:key/ID`.
fn region_of(key: &str) -> Option<&str> {
    key.starts_with("arn:").then(|| key.split(':').nth(3)).flatten().filter(|region| !region.is_empty())
}

fn open(text: &str, _access: &dyn KeyAccess) -> Result<OpenedKey, SignerError> {
    let reference = KmsReference::read(text)?;
    let reach = Reach {
        region: reference.region.map(str::to_owned),
        profile: reference.profile.map(str::to_owned),
        ..Reach::default()
    };
    let failed = |failure| failed(&format!("the key `{}` cannot be opened", reference.key), failure);
    let session = AwsSession::open(&reach).map_err(failed)?;
    session.credentials().map_err(failed)?;
    let kms = session.kms();
    let found = kms.public_key(reference.key).map_err(failed)?;
    let described = key_description(&found.spki);
    let (algorithm, digest) = signing(&described).ok_or_else(|| {
        SignerError::new(
            SignerErrorClass::Unsupported,
            format!("the key `{}` is of the kind {described}", reference.key),
        )
        .hint("use one of the kind RSA_2048, RSA_3072, RSA_4096, ECC_NIST_P256 or ECC_NIST_P384")
    })?;
    OpenedKey::new(text, found.spki, Box::new(InKms { kms, arn: found.arn, algorithm, digest }))
}

/// The service's word for the signature algorithm that goes with a kind of key (see [`certroll_pki::key::KeyAlgorithm`]), and
/// its digest. Ed25519 has none that could be made here, and the service takes short messages alone.
fn signing(kind: &str) -> Option<(&'static str, DigestAlgorithm)> {
    Some(match kind {
        "rsa:2048" | "rsa:3072" | "rsa:4096" => ("RSASSA_PKCS1_V1_5_SHA_256", DigestAlgorithm::Sha256),
        "ec:p256" => ("ECDSA_SHA_256", DigestAlgorithm::Sha256),
        "ec:p384" => ("ECDSA_SHA_384", DigestAlgorithm::Sha384),
        _ => return None,
    })
}

/// A key there, by its ARN: an alias could be pointed at another key while it is used.
struct InKms {
    kms: Kms,
    arn: String,
    algorithm: &'static str,
    digest: DigestAlgorithm,
}

impl RemoteKey for InKms {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        let signed = self.kms.sign(&self.arn, self.algorithm, message, |message| self.digest.of(message));
        signed.map_err(|failure| failed(&format!("the key `{}` did not sign", self.arn), failure))
    }
}

fn failed(what: &str, failure: NetworkFailure) -> SignerError {
    let class = match failure.kind.remedy() {
        Remedy::Credentials => SignerErrorClass::Auth,
        Remedy::Correct => SignerErrorClass::Config,
        Remedy::Retry => SignerErrorClass::Unavailable,
        Remedy::Elsewhere => SignerErrorClass::Unsupported,
        Remedy::Unknown => SignerErrorClass::Failed,
    };
    let hint = certroll_aws::advice(failure.kind).or(match failure.kind {
        FailureKind::State => Some("enable it with `aws kms enable-key --key-id KEY`"),
        FailureKind::Missing => Some("`aws kms list-aliases` and `aws kms list-keys` show what there is"),
        _ => None,
    });
    hint.into_iter().fold(SignerError::new(class, format!("{what}: {failure}")), SignerError::hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read() {
        let read = |text| KmsReference::read(text).ok();
        let arn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
        let text = format!("awskms:{arn}");
        assert_eq!(read(&text), Some(KmsReference { key: arn, region: Some("eu-central-1"), profile: None }));
        let text = "awskms:alias/ca?region=us-east-1&profile=pki";
        let expected = KmsReference { key: "alias/ca", region: Some("us-east-1"), profile: Some("pki") };
        assert_eq!(read(text), Some(expected));
        assert_eq!(read("awskms:"), None);
        let error = KmsReference::read("awskms:alias/ca?secret-key=hunter2").unwrap_err();
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }

    #[test]
    fn every_kind_that_signs_here_has_an_algorithm_there() {
        assert_eq!(signing("ec:p384"), Some(("ECDSA_SHA_384", DigestAlgorithm::Sha384)));
        assert_eq!(signing("ed25519"), None);
    }
}
