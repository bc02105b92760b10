//! AWS Private CA.

use std::fmt;

use aws_sdk_acmpca::Client;
use aws_sdk_acmpca::config::Config;
use aws_sdk_acmpca::primitives::Blob;
use aws_sdk_acmpca::types::{
    AuditReportResponseFormat, AuditReportStatus, CertificateAuthorityUsageMode, RevocationReason, SigningAlgorithm,
    Validity, ValidityPeriodType,
};

use crate::failure::failure;
use crate::session::once;
use certroll_base::clock::Timestamp;
use certroll_base::network::{FailureKind, NetworkFailure};
use certroll_base::runtime::block_on;

/// The service.
#[derive(Clone)]
pub struct Pca {
    client: Client,
}

/// What the service says of a CA.
#[derive(Clone, Debug)]
pub struct PcaAuthority {
    /// Its state: `ACTIVE`, `DISABLED`, `EXPIRED`, ...
    pub status: String,
    /// Why it failed, if it did.
    pub failure: Option<String>,
    /// The kind of its key, `RSA_2048`, `EC_prime256v1`, ...
    pub key_algorithm: String,
    /// The end of its own certificate, if it has one.
    pub not_after: Option<Timestamp>,
    /// Whether it signs for seven days at most (usage mode SHORT_LIVED_CERTIFICATE).
    pub short_lived: bool,
}

/// A certificate to be signed.
#[derive(Clone, Copy, Debug)]
pub struct Signing<'a> {
    /// ARN of the CA.
    pub authority: &'a str,
    /// ARN of the template; the service's default when `None`.
    pub template: Option<&'a str>,
    /// The request, PEM.
    pub csr: &'a str,
    /// The signature algorithm in the service's words, `SHA256WITHRSA`.
    pub algorithm: &'a str,
    /// The end of validity.
    pub until: Timestamp,
    /// Within five minutes the same token gives the same certificate; 36 characters at most.
    pub token: &'a str,
}

/// An audit report that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Its number.
    pub id: String,
    /// Where it will lie in the bucket.
    pub key: String,
}

impl Pca {
    pub(super) fn of(config: &aws_config::SdkConfig) -> Self {
        Self { client: Client::new(config) }
    }

    /// What the service says of a CA.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub fn describe(&self, authority: &str) -> Result<PcaAuthority, NetworkFailure> {
        let sent = self.client.describe_certificate_authority().certificate_authority_arn(authority).send();
        let answer = block_on(sent).map_err(failure)?;
        let found = answer.certificate_authority.ok_or_else(|| nothing("the CA"))?;
        let configuration = found.certificate_authority_configuration;
        Ok(PcaAuthority {
            status: found.status.map(|status| status.as_str().to_owned()).unwrap_or_default(),
            failure: found.failure_reason.map(|reason| reason.as_str().to_owned()),
            key_algorithm: configuration.map(|c| c.key_algorithm.as_str().to_owned()).unwrap_or_default(),
            not_after: found.not_after.map(|at| Timestamp::from_secs(at.secs())),
            short_lived: found.usage_mode == Some(CertificateAuthorityUsageMode::ShortLivedCertificate),
        })
    }

    /// The certificate of a CA, PEM.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub fn authority_certificate(&self, authority: &str) -> Result<String, NetworkFailure> {
        let sent = self.client.get_certificate_authority_certificate().certificate_authority_arn(authority).send();
        let answer = block_on(sent).map_err(failure)?;
        answer.certificate.ok_or_else(|| nothing("the certificate of the CA"))
    }

    /// Has a certificate signed; answers its ARN. Sent once.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub fn issue(&self, signing: &Signing<'_>) -> Result<String, NetworkFailure> {
        let validity = Validity::builder()
            .r#type(ValidityPeriodType::Absolute)
            .value(signing.until.millis().div_euclid(1_000))
            .build()
            .map_err(|error| NetworkFailure::new(FailureKind::Invalid, error.to_string()))?;
        let sent = self
            .client
            .issue_certificate()
            .certificate_authority_arn(signing.authority)
            .set_template_arn(signing.template.map(str::to_owned))
            .csr(Blob::new(signing.csr))
            .signing_algorithm(SigningAlgorithm::from(signing.algorithm))
            .validity(validity)
            .idempotency_token(signing.token)
            .customize()
            .config_override(Config::builder().retry_config(once()))
            .send();
        let answer = block_on(sent).map_err(failure)?;
        answer.certificate_arn.ok_or_else(|| nothing("the ARN of the certificate"))
    }

    /// A certificate and the chain above it, PEM; `None` while it is being signed.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub fn certificate(&self, authority: &str, arn: &str) -> Result<Option<(String, String)>, NetworkFailure> {
        let sent = self.client.get_certificate().certificate_authority_arn(authority).certificate_arn(arn).send();
        match block_on(sent).map_err(failure) {
            Ok(answer) => {
                let certificate = answer.certificate.ok_or_else(|| nothing("the certificate"))?;
                Ok(Some((certificate, answer.certificate_chain.unwrap_or_default())))
            }
            Err(failure) if failure.kind == FailureKind::InProgress => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// Revokes by serial number (`0a:1b:..`) and reason in the service's words. Once more is a success.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub fn revoke(&self, authority: &str, serial: &str, reason: &str) -> Result<(), NetworkFailure> {
        let sent = self
            .client
            .revoke_certificate()
            .certificate_authority_arn(authority)
            .certificate_serial(serial)
            .revocation_reason(RevocationReason::from(reason))
            .customize()
            .config_override(Config::builder().retry_config(once()))
            .send();
        match block_on(sent).map_err(failure) {
            Ok(_) => Ok(()),
            Err(failure) if failure.kind == FailureKind::AlreadyDone => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    /// Asks for a report, in JSON, of everything that the CA has issued and revoked.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub fn request_report(&self, authority: &str, bucket: &str) -> Result<Report, NetworkFailure> {
        let sent = self
            .client
            .create_certificate_authority_audit_report()
            .certificate_authority_arn(authority)
            .s3_bucket_name(bucket)
            .audit_report_response_format(AuditReportResponseFormat::Json)
            .send();
        let answer = block_on(sent).map_err(failure)?;
        let missing = || nothing("the number of the report");
        Ok(Report { id: answer.audit_report_id.ok_or_else(missing)?, key: answer.s3_key.ok_or_else(missing)? })
    }

    /// Whether a report is written by now.
    ///
    /// # Errors
    /// [`NetworkFailure`]; also when the service could not write it.
    pub fn report_is_written(&self, authority: &str, report: &Report) -> Result<bool, NetworkFailure> {
        let sent = self
            .client
            .describe_certificate_authority_audit_report()
            .certificate_authority_arn(authority)
            .audit_report_id(&report.id)
            .send();
        let answer = block_on(sent).map_err(failure)?;
        match answer.audit_report_status {
            Some(AuditReportStatus::Success) => Ok(true),
            Some(AuditReportStatus::Failed) => Err(NetworkFailure::new(
                FailureKind::State,
                "the report could not be written: the bucket must let acm-pca.amazonaws.com write into it",
            )),
            _ => Ok(false),
        }
    }
}

impl fmt::Debug for Pca {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pca")
    }
}

pub(super) fn nothing(what: &str) -> NetworkFailure {
    NetworkFailure::new(FailureKind::Protocol, format!("the answer lacks {what}"))
}
