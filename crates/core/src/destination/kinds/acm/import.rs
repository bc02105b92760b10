//! Certificates of any issuer in AWS Certificate Manager, where load balancers and distributions take them from.
//!
//! An import in place of an earlier one keeps the ARN, so whatever uses it goes on with the new certificate by itself. The
//! service keeps no predecessor: bringing one back is importing it again.

use crate::destination::{Bundle, Content, Destination, DestinationError, Expected, Object, Observed, Place, Staged};
use certroll_aws::{Acm, AwsSession, Import, Reach, Tag};
use certroll_base::network::{FailureKind, NetworkFailure};
use certroll_base::secret::Secret;
use certroll_pki::key::KeyAlgorithm;
use certroll_pki::key::kind::PublicKeyKind;

/// The label that finds an import again whose answer was lost: SHA-256 of the certificate.
const CERTIFICATE_TAG: &str = "certroll:certificate";
/// The label that tells people what it is.
const NAME_TAG: &str = "certroll:name";

/// A certificate in Certificate Manager, or one that is to be there.
#[derive(Clone)]
struct Imported {
    acm: Acm,
    /// As what it is known to the rest of the program.
    place: Place,
    arn: Option<String>,
}

/// The certificate of that ARN, or a new one. Credentials, roots and proxy come from where the AWS CLI looks, the region from
/// the ARN.
///
/// # Errors
/// There are no credentials.
pub(super) fn open(place: &Place) -> Result<Box<dyn Destination>, DestinationError> {
    let arn = match place {
        Place::Service(_, Object::Existing(arn)) => Some(arn.clone()),
        Place::Service(_, Object::New) | Place::File(_) => None,
    };
    let region = arn.as_deref().and_then(|arn| arn.split(':').nth(3)).map(str::to_owned);
    let session = AwsSession::open(&Reach { region, ..Reach::default() }).map_err(refused)?;
    session.credentials().map_err(refused)?;
    Ok(Box::new(Imported { acm: session.acm(), place: place.clone(), arn }))
}

impl Destination for Imported {
    fn check(&self, expected: Expected<'_>) -> Result<Vec<String>, DestinationError> {
        let Expected::Key(kind) = expected else { return Err(takes_bundles()) };
        let unsuitable = |why: String| Err(DestinationError::Unsuitable(why));
        let Some(word) = service_word(kind) else {
            return unsuitable(format!("ACM takes no keys of kind {kind}, but RSA, P-256, P-384 and P-521"));
        };
        let Some(arn) = &self.arn else { return Ok(Vec::new()) };
        let detail = self.acm.describe(arn).map_err(refused)?;
        if detail.kind != "IMPORTED" {
            return unsuitable(format!(
                "it was not imported ({}): only what was imported is imported again",
                detail.kind
            ));
        }
        if !detail.key_algorithm.is_empty() && detail.key_algorithm != word {
            let has = detail.key_algorithm;
            return unsuitable(format!(
                "its key is {has}, and ACM changes neither kind nor size: {kind} cannot follow"
            ));
        }
        let uses = |user: &String| format!("`{user}` uses `{}`: it will serve the new certificate", self.place);
        Ok(detail.in_use_by.iter().map(uses).collect())
    }

    fn stage(&self, content: Content<'_>) -> Result<Box<dyn Staged>, DestinationError> {
        let Content::Bundle(Bundle { name, sha256, certificate, chain, key }) = content else {
            return Err(takes_bundles());
        };
        Ok(Box::new(PendingImport {
            to: self.clone(),
            name: (*name).to_owned(),
            sha256: (*sha256).to_owned(),
            certificate: (*certificate).to_owned(),
            chain: (*chain).to_owned(),
            key: (*key).clone(),
        }))
    }

    fn observe(&self) -> Result<Observed, DestinationError> {
        let Some(arn) = &self.arn else { return Ok(Observed::Nothing) };
        Ok(match self.acm.certificate(arn) {
            Err(failure) if failure.kind == FailureKind::Missing => Observed::Nothing,
            found => {
                found.map_err(refused)?.map_or(Observed::Nothing, |(certificate, _)| Observed::Certificate(certificate))
            }
        })
    }

    fn restore(&self) -> Result<(), DestinationError> {
        Err(keeps_none())
    }
}

fn refused(failure: NetworkFailure) -> DestinationError {
    let remedy = failure.kind.remedy();
    let advice = certroll_aws::advice(failure.kind);
    DestinationError::Service { remedy, source: Box::new(failure), advice }
}

fn takes_bundles() -> DestinationError {
    DestinationError::Unsupported("ACM takes a certificate and its key, no files".to_owned())
}

fn keeps_none() -> DestinationError {
    DestinationError::Unsupported(
        "ACM keeps no predecessor: import the certificate again that is to be there".to_owned(),
    )
}

/// What is to be imported.
struct PendingImport {
    to: Imported,
    name: String,
    sha256: String,
    certificate: String,
    chain: String,
    key: Secret,
}

impl Staged for PendingImport {
    /// Imports. The same certificate again changes nothing, also when an earlier answer was lost.
    fn publish(&mut self) -> Result<Place, DestinationError> {
        let tag = |key: &str, value: &str| Tag { key: key.to_owned(), value: label(value) };
        let arn = match &self.to.arn {
            Some(arn) => Some(arn.clone()),
            None => match self.to.imported_before(&self.sha256).map_err(refused)? {
                Some(arn) => return Ok(self.to.at(arn)),
                None => None,
            },
        };
        let imported = self.to.acm.import(&Import {
            arn: arn.as_deref(),
            certificate: &self.certificate,
            chain: &self.chain,
            key: &self.key,
            // Only a new one takes labels: in place of another the service refuses them.
            tags: match arn {
                None => vec![tag(CERTIFICATE_TAG, &self.sha256), tag(NAME_TAG, &self.name)],
                Some(_) => Vec::new(),
            },
        });
        Ok(self.to.at(imported.map_err(refused)?))
    }

    fn undo(&mut self) -> Result<(), DestinationError> {
        Err(keeps_none())
    }
}

impl Imported {
    fn at(&self, arn: String) -> Place {
        Place::Service(super::KIND, Object::Existing(arn))
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
