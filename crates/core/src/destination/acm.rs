//! Certificates of any issuer in AWS Certificate Manager, where load balancers and distributions take them from.
//!
//! An import in place of an earlier one keeps the ARN, so whatever uses it goes on with the new certificate by itself. The
//! service keeps no predecessor: bringing one back is importing it again.

use certroll_aws::{Acm, AwsSession, Detail, Import, Reach, Tag};
use certroll_base::network::{FailureKind, NetworkFailure};
use certroll_base::secret::Secret;
use certroll_pki::key::KeyAlgorithm;
use certroll_pki::key::kind::PublicKeyKind;

/// The label that finds an import again whose answer was lost: SHA-256 of the certificate.
const CERTIFICATE_TAG: &str = "certroll:certificate";
/// The label that tells people what it is.
const NAME_TAG: &str = "certroll:name";

/// A certificate in Certificate Manager, or one that is to be there.
pub struct AcmTarget {
    acm: Acm,
    arn: Option<String>,
}

/// What is to be imported.
pub struct AcmBundle<'a> {
    /// Its name in the inventory.
    pub name: &'a str,
    /// SHA-256 of the certificate, hexadecimal.
    pub sha256: &'a str,
    /// The certificate, PEM.
    pub certificate: &'a str,
    /// Those above it without the root, PEM.
    pub chain: &'a str,
    /// The key, PEM, not encrypted: it leaves over TLS alone.
    pub key: &'a Secret,
}

impl AcmTarget {
    /// The certificate of that ARN; a new one when `None`. Credentials, roots and proxy come from where the AWS CLI looks,
    /// the region from the ARN.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub fn open(arn: Option<&str>) -> Result<Self, NetworkFailure> {
        let region = arn.and_then(|arn| arn.split(':').nth(3)).map(str::to_owned);
        let session = AwsSession::open(&Reach { region, ..Reach::default() })?;
        session.credentials()?;
        Ok(Self { acm: session.acm(), arn: arn.map(str::to_owned) })
    }

    /// What is installed there now; `None` for a new one.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub fn installed(&self) -> Result<Option<Detail>, NetworkFailure> {
        self.arn.as_deref().map(|arn| self.acm.describe(arn)).transpose()
    }

    /// Why a key of that kind (`ec:p256`) cannot take the place of what is installed; asked before anything is issued.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub fn objection(&self, key_kind: &PublicKeyKind) -> Result<Option<String>, NetworkFailure> {
        let Some(word) = service_word(key_kind) else {
            return Ok(Some(format!("ACM takes no keys of kind {key_kind}, but RSA, P-256, P-384 and P-521")));
        };
        let Some(detail) = self.installed()? else { return Ok(None) };
        Ok(if detail.kind != "IMPORTED" {
            Some(format!("it was not imported ({}): only what was imported is imported again", detail.kind))
        } else if !detail.key_algorithm.is_empty() && detail.key_algorithm != word {
            Some(format!(
                "its key is {}, and ACM changes neither kind nor size: {key_kind} cannot follow",
                detail.key_algorithm
            ))
        } else {
            None
        })
    }

    /// Imports; answers the ARN. The same certificate again changes nothing, also when an earlier answer was lost.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub fn import(&self, bundle: &AcmBundle<'_>) -> Result<String, NetworkFailure> {
        let tag = |key: &str, value: &str| Tag { key: key.to_owned(), value: label(value) };
        let arn = match &self.arn {
            Some(arn) => Some(arn.clone()),
            None => match self.imported_before(bundle.sha256)? {
                Some(arn) => return Ok(arn),
                None => None,
            },
        };
        self.acm.import(&Import {
            arn: arn.as_deref(),
            certificate: bundle.certificate,
            chain: bundle.chain,
            key: bundle.key,
            // Only a new one takes labels: in place of another the service refuses them.
            tags: match arn {
                None => vec![tag(CERTIFICATE_TAG, bundle.sha256), tag(NAME_TAG, bundle.name)],
                Some(_) => Vec::new(),
            },
        })
    }

    fn imported_before(&self, sha256: &str) -> Result<Option<String>, NetworkFailure> {
        for one in self.acm.list()? {
            let tags = match self.acm.tags(&one.arn) {
                Err(failure) if failure.kind == FailureKind::Missing => continue,
                tags => tags?,
            };
            if tags.iter().any(|tag| tag.key == CERTIFICATE_TAG && tag.value == sha256) {
                return Ok(Some(one.arn));
            }
        }
        Ok(None)
    }
}

/// The service's word for a kind of key.
fn service_word(kind: &PublicKeyKind) -> Option<&'static str> {
    Some(match kind.algorithm()? {
        KeyAlgorithm::Rsa(2048) => "RSA_2048",
        KeyAlgorithm::Rsa(3072) => "RSA_3072",
        KeyAlgorithm::Rsa(4096) => "RSA_4096",
        KeyAlgorithm::EcP256 => "EC_prime256v1",
        KeyAlgorithm::EcP384 => "EC_secp384r1",
        KeyAlgorithm::EcP521 => "EC_secp521r1",
        KeyAlgorithm::Rsa(_) | KeyAlgorithm::Ed25519 => return None,
    })
}

/// A text that a label may hold.
fn label(text: &str) -> String {
    let allowed = |c: char| c.is_alphanumeric() || " _.:/=+-@".contains(c);
    text.chars().map(|c| if allowed(c) { c } else { '_' }).take(255).collect()
}
