//! Issuers at AWS: Private CA, which signs our requests, and Certificate Manager, which makes the key itself.

mod acm;
mod acm_custody;
mod acm_issuer;
mod acm_request;
mod acmpca;
mod acmpca_report;
mod acmpca_revocation;
mod arn_index;
mod audit_report;
mod pca_template;

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use crate::issuer::network::{self, CallEffect, FailureKind, NetworkFailure};
use crate::issuer::{ErrorClass, IssuerError, RemoteIssuer};
use certroll_aws::{AwsSession, Pca, Reach};
use certroll_pki::container::pem::{self, Label};

pub(super) use acm::CertificateManager;
pub(super) use acmpca::AcmPca;

/// How AWS is reached: the same settings for both kinds. What is left out comes from where the AWS CLI looks for it.
#[derive(Clone, Debug, Default, Deserialize)]
struct Reaching {
    /// The region; by default that of the CA's ARN, then AWS_REGION, then the profile's.
    region: Option<String>,
    /// The profile of the shared configuration files; by default AWS_PROFILE.
    profile: Option<String>,
    /// Another address than AWS's own; by default AWS_ENDPOINT_URL_* and AWS_ENDPOINT_URL.
    endpoint: Option<String>,
    /// File with the only roots to be trusted, PEM; by default AWS_CA_BUNDLE, else the system's.
    ca_file: Option<PathBuf>,
    /// Proxy; by default HTTPS_PROXY and NO_PROXY.
    proxy: Option<String>,
    /// Seconds that one attempt at a call may take; 60 by default.
    timeout_secs: Option<u64>,
}

impl Reaching {
    /// Opens the connection; `arn` names a region if nothing else does.
    fn session(&self, connection: &RemoteIssuer, arn: Option<&str>) -> Result<AwsSession, IssuerError> {
        let reach = Reach {
            region: self.region.clone().or_else(|| arn.and_then(region_of).map(str::to_owned)),
            profile: self.profile.clone(),
            endpoint: self.endpoint.clone(),
            ca_file: self.ca_file.as_ref().map(|file| connection.path(file)),
            proxy: self.proxy.clone(),
            timeout: self.timeout_secs.map(Duration::from_secs),
        };
        AwsSession::open(&reach).map_err(unanswered(&connection.name, "cannot reach AWS"))
    }
}

/// The region in an ARN: `arn:aws:acm-pca:REGION:ACCOUNT:...`.
fn region_of(arn: &str) -> Option<&str> {
    arn.split(':').nth(3).filter(|region| !region.is_empty())
}

/// Whether it is the ARN of such a resource of that service.
fn is_arn(arn: &str, service: &str, resource: &str) -> bool {
    let parts: Vec<_> = arn.splitn(6, ':').collect();
    matches!(parts.as_slice(), ["arn", partition, found, region, _, rest]
        if partition.starts_with("aws") && *found == service && !region.is_empty() && rest.starts_with(resource))
}

/// A failed call as an error of the issuer.
fn refused(issuer: &str, what: &str, failure: NetworkFailure, effect: CallEffect) -> IssuerError {
    let advice = certroll_aws::advice(failure.kind);
    let error = network::failed(issuer, what, failure, effect);
    advice.into_iter().fold(error, IssuerError::hint)
}

/// The error for a question that came to nothing, as a function of the failure.
fn unanswered<'a>(issuer: &'a str, what: &'a str) -> impl Fn(NetworkFailure) -> IssuerError + Copy + 'a {
    move |failure| refused(issuer, what, failure, CallEffect::Asks)
}

/// DER of every certificate in PEM text, in order.
fn certificates(issuer: &str, text: &str) -> Result<Vec<Vec<u8>>, IssuerError> {
    let wrong = || IssuerError::new(issuer, ErrorClass::Protocol, "it answers with something else than certificates");
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let blocks = pem::read(text.as_bytes()).map_err(|error| wrong().because(error))?;
    if blocks.iter().any(|block| block.label != Label::Certificate) {
        return Err(wrong());
    }
    Ok(blocks.into_iter().map(|block| block.der.expose().to_vec()).collect())
}

/// The certificate of a CA of Private CA, if we may see it: rights that were given for an older version do not allow it.
fn signer(issuer: &str, pca: &Pca, arn: &str) -> Result<Option<Vec<u8>>, IssuerError> {
    match pca.authority_certificate(arn) {
        Ok(text) => Ok(certificates(issuer, &text)?.into_iter().next()),
        Err(failure) if matches!(failure.kind, FailureKind::Denied | FailureKind::Unsupported) => Ok(None),
        Err(failure) => Err(refused(issuer, "the certificate of the CA cannot be read", failure, CallEffect::Asks)),
    }
}

/// The word of AWS for a reason of revocation. Private CA and Certificate Manager spell one of them differently.
fn reason(reason: certroll_pki::x509::reason::RevocationReason, ca_compromise: &'static str) -> &'static str {
    use certroll_pki::x509::reason::RevocationReason as Reason;
    match reason {
        Reason::Unspecified => "UNSPECIFIED",
        Reason::KeyCompromise => "KEY_COMPROMISE",
        Reason::CaCompromise => ca_compromise,
        Reason::AffiliationChanged => "AFFILIATION_CHANGED",
        Reason::Superseded => "SUPERSEDED",
        Reason::CessationOfOperation => "CESSATION_OF_OPERATION",
        Reason::PrivilegeWithdrawn => "PRIVILEGE_WITHDRAWN",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_names_its_region() {
        let arn = "arn:aws:acm-pca:eu-central-1:111122223333:certificate-authority/11223344-1234";
        assert!(is_arn(arn, "acm-pca", "certificate-authority/"));
        assert!(!is_arn(arn, "acm", "certificate/"));
        assert_eq!(region_of(arn), Some("eu-central-1"));
        assert_eq!(region_of("nonsense"), None);
    }
}
