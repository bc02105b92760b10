//! AWS Certificate Manager: certificates whose key it makes, and certificates that are imported into it.

use std::fmt;

use aws_sdk_acm::Client;
use aws_sdk_acm::config::Config;
use aws_sdk_acm::primitives::Blob;
use aws_sdk_acm::types::{
    CertificateDetail, CertificateExport, CertificateOptions, CertificateStatus, Filters, KeyAlgorithm,
    RenewalEligibility, RevocationReason, ValidationMethod,
};

use crate::failure::failure;
use crate::pca::nothing;
use crate::session::once;
use certroll_base::clock::Timestamp;
use certroll_base::network::{FailureKind, NetworkFailure};
use certroll_base::runtime::block_on;
use certroll_base::secret::Secret;

/// Every kind of key. Without them a list shows RSA of 1024 and 2048 bits alone, and no certificate with an EC key.
const KEY_ALGORITHMS: [KeyAlgorithm; 7] = [
    KeyAlgorithm::Rsa1024,
    KeyAlgorithm::Rsa2048,
    KeyAlgorithm::Rsa3072,
    KeyAlgorithm::Rsa4096,
    KeyAlgorithm::EcPrime256v1,
    KeyAlgorithm::EcSecp384r1,
    KeyAlgorithm::EcSecp521r1,
];
/// Entries of a list that come in one answer.
const PAGE: i32 = 100;

/// The service.
#[derive(Clone)]
pub struct Acm {
    client: Client,
}

/// A label on a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its name.
    pub key: String,
    /// Its content.
    pub value: String,
}

/// A certificate to be requested.
#[derive(Clone, Debug)]
pub struct Order<'a> {
    /// The DNS names; the first becomes the common name.
    pub names: &'a [String],
    /// The kind of key in the service's words, `EC_prime256v1`.
    pub key_algorithm: &'a str,
    /// Within an hour the same token gives the same certificate: 32 characters at most, letters, digits and `_`.
    pub token: &'a str,
    /// Its labels.
    pub tags: Vec<Tag>,
    /// Whether its key may be exported.
    pub export: bool,
    /// ARN of the private CA that signs it; a public CA of Amazon's when `None`.
    pub authority: Option<&'a str>,
}

/// A DNS record that proves control over a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidationRecord {
    /// The name that it proves.
    pub domain: String,
    /// Where it is to stand.
    pub name: String,
    /// Its type: `CNAME`.
    pub kind: String,
    /// What is to stand there.
    pub value: String,
}

/// What the service says of a certificate.
#[derive(Clone, Debug)]
pub struct Detail {
    /// Its ARN.
    pub arn: String,
    /// `PENDING_VALIDATION`, `ISSUED`, `FAILED`, ...
    pub status: String,
    /// `AMAZON_ISSUED`, `PRIVATE`, `IMPORTED`.
    pub kind: String,
    /// Why it failed, if it did.
    pub failure: Option<String>,
    /// The kind of its key in the service's words.
    pub key_algorithm: String,
    /// The end of its validity.
    pub not_after: Option<Timestamp>,
    /// ARNs of the load balancers and distributions that use it.
    pub in_use_by: Vec<String>,
    /// The records of names that are not proved yet.
    pub records: Vec<ValidationRecord>,
    /// How far the managed renewal is, and why it does not go on.
    pub renewal: Option<(String, Option<String>)>,
    /// Whether a renewal may be asked for: it is private and was exported.
    pub renewable: bool,
}

/// One line of the list.
#[derive(Clone, Debug)]
pub struct CertificateSummary {
    /// Its ARN.
    pub arn: String,
}

/// A certificate with its key, taken out of the service.
pub struct ExportedCertificate {
    /// The certificate, PEM.
    pub certificate: String,
    /// Those above it, PEM.
    pub chain: String,
    /// The key, PEM, encrypted with the passphrase that was given.
    pub key: Secret,
}

/// A certificate from elsewhere that the service is to use.
pub struct Import<'a> {
    /// The one that it takes the place of; a new one when `None`.
    pub arn: Option<&'a str>,
    /// The certificate, PEM.
    pub certificate: &'a str,
    /// Those above it without the root, PEM; may be empty.
    pub chain: &'a str,
    /// The key, PEM, not encrypted.
    pub key: &'a Secret,
    /// Labels of a new one; the service refuses them in place of another.
    pub tags: Vec<Tag>,
}

impl Acm {
    pub(super) fn of(config: &aws_config::SdkConfig) -> Self {
        Self { client: Client::new(config) }
    }

    /// Requests a certificate, to be validated by DNS; answers its ARN. Sent once.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub fn request(&self, order: &Order<'_>) -> Result<String, NetworkFailure> {
        let (first, rest) = order
            .names
            .split_first()
            .ok_or_else(|| NetworkFailure::new(FailureKind::Invalid, "a certificate needs a DNS name"))?;
        let export = if order.export { CertificateExport::Enabled } else { CertificateExport::Disabled };
        let mut sent = self
            .client
            .request_certificate()
            .domain_name(first)
            .set_subject_alternative_names((!rest.is_empty()).then(|| rest.to_vec()))
            .idempotency_token(order.token)
            .key_algorithm(KeyAlgorithm::from(order.key_algorithm))
            .set_tags(Some(order.tags.iter().map(tag).collect::<Result<_, _>>()?))
            .set_certificate_authority_arn(order.authority.map(str::to_owned));
        // A private CA asks for no validation, and its certificates can always be exported.
        if order.authority.is_none() {
            sent = sent
                .validation_method(ValidationMethod::Dns)
                .options(CertificateOptions::builder().export(export).build());
        }
        let sent = sent.customize().config_override(Config::builder().retry_config(once())).send();
        let answer = block_on(sent).map_err(failure)?;
        answer.certificate_arn.ok_or_else(|| nothing("the ARN of the certificate"))
    }

    /// What the service says of a certificate.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub fn describe(&self, arn: &str) -> Result<Detail, NetworkFailure> {
        let sent = self.client.describe_certificate().certificate_arn(arn).send();
        let answer = block_on(sent).map_err(failure)?;
        Ok(detail(arn, answer.certificate.ok_or_else(|| nothing("the certificate"))?))
    }

    /// A certificate and the chain above it, PEM; `None` while it is not issued.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub fn certificate(&self, arn: &str) -> Result<Option<(String, String)>, NetworkFailure> {
        let sent = self.client.get_certificate().certificate_arn(arn).send();
        match block_on(sent).map_err(failure) {
            Ok(answer) => {
                let certificate = answer.certificate.ok_or_else(|| nothing("the certificate"))?;
                Ok(Some((certificate, answer.certificate_chain.unwrap_or_default())))
            }
            Err(failure) if failure.kind == FailureKind::InProgress => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// Takes a certificate out with its key, encrypted with `passphrase` (4 to 128 ASCII characters).
    ///
    /// # Errors
    /// [`NetworkFailure`]; of kind [`FailureKind::InProgress`] while it is not issued.
    pub fn export(&self, arn: &str, passphrase: &Secret) -> Result<ExportedCertificate, NetworkFailure> {
        let passphrase = Blob::new(passphrase.expose().as_bytes());
        let sent = self.client.export_certificate().certificate_arn(arn).passphrase(passphrase).send();
        let answer = block_on(sent).map_err(failure)?;
        Ok(ExportedCertificate {
            certificate: answer.certificate.ok_or_else(|| nothing("the certificate"))?,
            chain: answer.certificate_chain.unwrap_or_default(),
            key: Secret::new(answer.private_key.ok_or_else(|| nothing("the key"))?),
        })
    }

    /// Has an exported private certificate renewed under the same ARN, with a new key. Sent once.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub fn renew(&self, arn: &str) -> Result<(), NetworkFailure> {
        let sent = self.client.renew_certificate().certificate_arn(arn);
        let sent = sent.customize().config_override(Config::builder().retry_config(once())).send();
        block_on(sent).map(drop).map_err(failure)
    }

    /// Revokes an exported public certificate, for good. Sent once.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub fn revoke(&self, arn: &str, reason: &str) -> Result<(), NetworkFailure> {
        let sent = self.client.revoke_certificate().certificate_arn(arn);
        let sent = sent.revocation_reason(RevocationReason::from(reason));
        let sent = sent.customize().config_override(Config::builder().retry_config(once())).send();
        block_on(sent).map(drop).map_err(failure)
    }

    /// Deletes a certificate that nothing uses. One that is not there is deleted already.
    ///
    /// # Errors
    /// [`NetworkFailure`]; of kind [`FailureKind::Conflict`] while something uses it.
    pub fn delete(&self, arn: &str) -> Result<(), NetworkFailure> {
        match block_on(self.client.delete_certificate().certificate_arn(arn).send()).map_err(failure) {
            Err(failure) if failure.kind == FailureKind::Missing => Ok(()),
            answer => answer.map(drop),
        }
    }

    /// Imports a certificate; answers its ARN. In place of another the ARN stays. Sent once.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub fn import(&self, import: &Import<'_>) -> Result<String, NetworkFailure> {
        let tags: Vec<_> = import.tags.iter().map(tag).collect::<Result<_, _>>()?;
        let sent = self
            .client
            .import_certificate()
            .set_certificate_arn(import.arn.map(str::to_owned))
            .certificate(Blob::new(import.certificate))
            .set_certificate_chain((!import.chain.is_empty()).then(|| Blob::new(import.chain)))
            .private_key(Blob::new(import.key.expose()))
            .set_tags((import.arn.is_none() && !tags.is_empty()).then_some(tags));
        let sent = sent.customize().config_override(Config::builder().retry_config(once())).send();
        let answer = block_on(sent).map_err(failure)?;
        answer.certificate_arn.ok_or_else(|| nothing("the ARN of the certificate"))
    }

    /// Every certificate of the account in this region, whatever its kind of key and state.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub fn list(&self) -> Result<Vec<CertificateSummary>, NetworkFailure> {
        let mut all = Vec::new();
        let mut next: Option<String> = None;
        loop {
            let filter = Filters::builder().set_key_types(Some(KEY_ALGORITHMS.to_vec())).build();
            let sent =
                self.client.list_certificates().includes(filter).max_items(PAGE).set_next_token(next.take()).send();
            let answer = block_on(sent).map_err(failure)?;
            for one in answer.certificate_summary_list.unwrap_or_default() {
                all.push(CertificateSummary { arn: one.certificate_arn.ok_or_else(|| nothing("an ARN"))? });
            }
            match answer.next_token.filter(|token| !token.is_empty()) {
                Some(token) => next = Some(token),
                None => return Ok(all),
            }
        }
    }

    /// Asks for one line of the list: whether the service lets these credentials in.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub fn first(&self) -> Result<(), NetworkFailure> {
        block_on(self.client.list_certificates().max_items(1).send()).map(drop).map_err(failure)
    }

    /// The labels of a certificate.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub fn tags(&self, arn: &str) -> Result<Vec<Tag>, NetworkFailure> {
        let sent = self.client.list_tags_for_certificate().certificate_arn(arn).send();
        let answer = block_on(sent).map_err(failure)?;
        let tags = answer.tags.unwrap_or_default().into_iter();
        Ok(tags.map(|tag| Tag { key: tag.key, value: tag.value.unwrap_or_default() }).collect())
    }
}

impl fmt::Debug for Acm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Acm")
    }
}

fn tag(tag: &Tag) -> Result<aws_sdk_acm::types::Tag, NetworkFailure> {
    let built = aws_sdk_acm::types::Tag::builder().key(&tag.key).value(&tag.value).build();
    built.map_err(|error| NetworkFailure::new(FailureKind::Invalid, error.to_string()))
}

fn detail(arn: &str, found: CertificateDetail) -> Detail {
    let kind = found.r#type.map(|kind| kind.as_str().to_owned()).unwrap_or_default();
    let open = found.status == Some(CertificateStatus::PendingValidation);
    let options = found.domain_validation_options.unwrap_or_default();
    let records = options.into_iter().filter_map(|option| {
        let record = option.resource_record?;
        Some(ValidationRecord {
            domain: option.domain_name,
            name: record.name,
            kind: record.r#type.as_str().to_owned(),
            value: record.value,
        })
    });
    Detail {
        arn: found.certificate_arn.unwrap_or_else(|| arn.to_owned()),
        status: found.status.map(|status| status.as_str().to_owned()).unwrap_or_default(),
        failure: found.failure_reason.map(|reason| reason.as_str().to_owned()),
        key_algorithm: found.key_algorithm.map(|key| key.as_str().replace('-', "_")).unwrap_or_default(),
        not_after: found.not_after.map(|at| Timestamp::from_secs(at.secs())),
        in_use_by: found.in_use_by.unwrap_or_default(),
        records: if open { records.collect() } else { Vec::new() },
        renewal: found.renewal_summary.map(|summary| {
            let reason = summary.renewal_status_reason.map(|reason| reason.as_str().to_owned());
            (summary.renewal_status.as_str().to_owned(), reason)
        }),
        renewable: found.renewal_eligibility == Some(RenewalEligibility::Eligible),
        kind,
    }
}
