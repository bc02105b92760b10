//! Revocation by AWS Private CA, also of the private certificates of Certificate Manager.

use super::acmpca::AcmPca;
use crate::issuer::aws::{reason, refused};
use crate::issuer::network::CallEffect;
use crate::issuer::{Announced, ErrorClass, IssuerError, Revocation, RevocationState, Revoker};
use certroll_aws::Pca;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::reason::RevocationReason;

impl Revoker for AcmPca {
    fn revoke(&self, revocation: Announced<Revocation<'_>>) -> Result<(), IssuerError> {
        let revocation = revocation.into_subject();
        let unread = |error| self.error(ErrorClass::Permanent, "the certificate cannot be read").because(error);
        let certificate = Certificate::from_der(revocation.certificate).map_err(unread)?;
        revoke(&self.name, &self.pca, &self.table.ca_arn, &certificate, revocation.reason)
    }

    fn state(&self, _certificate: &[u8]) -> Result<RevocationState, IssuerError> {
        // Its CRL is up to half an hour behind, and no call tells.
        Ok(RevocationState::Unknown)
    }
}

/// Revokes a certificate of a CA: the serial number in the hexadecimal form of `openssl x509 -text`.
pub(super) fn revoke(
    issuer: &str,
    pca: &Pca,
    authority: &str,
    certificate: &Certificate,
    why: RevocationReason,
) -> Result<(), IssuerError> {
    let octets: Vec<_> = certificate.serial.octets().iter().map(|octet| format!("{octet:02x}")).collect();
    let word = reason(why, "CERTIFICATE_AUTHORITY_COMPROMISE");
    let answer = pca.revoke(authority, &octets.join(":"), word);
    answer.map_err(|failure| refused(issuer, "the certificate was not revoked", failure, CallEffect::Changes))
}
