//! Revocation: by serial number, by certificate, or by possession of the key.

use serde_json::json;
use vaultrs::api::pki::responses::ReadCertificateResponse;

use super::failure::is_absence;
use super::find::{MountAuthority, colons};
use super::session::{VaultAnswer, VaultSession};
use crate::issuer::network::{CallEffect, NetworkFailure, ServerAnswer};
use crate::issuer::vault::Vault;
use crate::issuer::{Announced, ErrorClass, IssuerError, Revocation, RevocationState, Revoker};
use certroll_pki::container::pem::{self, Label};
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::crl::Crl;
use certroll_pki::x509::serial::SerialNumber;

impl Revoker for Vault {
    /// The server takes no reason. Revoking again is a success there too.
    ///
    /// Possession of the key counts there by sending the key: that is done only where nothing else helps, and only if
    /// the settings say so.
    fn revoke(&self, revocation: Announced<Revocation<'_>>) -> Result<(), IssuerError> {
        let revocation = revocation.into_subject();
        let session = self.session()?;
        let certificate = pem::encode(Label::Certificate, revocation.certificate);
        let outcome = match self.by_serial(&session, &self.parsed(revocation.certificate)?.serial) {
            // Not kept there: a role with no_store signed it. The certificate itself says all that is needed.
            Err(failure) if is_unknown(&failure) => {
                self.post(&session, "revoke", &json!({ "certificate": certificate }))
            }
            outcome => outcome,
        };
        let key = match (revocation.key, &outcome) {
            (Some(key), Err(failure)) if failure.status() == Some(403) => key,
            _ => return self.revoked("revoke", outcome),
        };
        if !self.settings.revoke_with_key {
            return self.revoked("revoke", outcome).map_err(|error| {
                error.hint(format!(
                    "`revoke_with_key = true` in `[issuers.{}]` has the private key sent to the server, which takes that \
                     as authority",
                    self.name
                ))
            });
        }
        let key = key.to_pkcs8().map_err(|error| self.config("its key cannot be used").because(error))?;
        let body = json!({"certificate": certificate, "private_key": pem::encode(Label::PrivateKey, key.expose())});
        self.revoked("revoke-with-key", self.post(&session, "revoke-with-key", &body))
    }

    /// Never "it is not revoked": a call that was sent may still be on its way.
    fn state(&self, certificate: &[u8]) -> Result<RevocationState, IssuerError> {
        let session = self.session()?;
        let (mount, serial) = (self.settings.mount(), colons(&self.parsed(certificate)?.serial));
        match session.get_as::<ReadCertificateResponse>(&format!("{mount}/cert/{serial}")) {
            Ok(read) if read.revocation_time > 0 => Ok(RevocationState::Revoked),
            Ok(_) => Ok(RevocationState::Unknown),
            Err(failure) if is_absence(&failure) => Ok(RevocationState::Unknown),
            Err(failure) => {
                let path = format!("{mount}/cert/{serial}");
                Err(self.failed(failure, CallEffect::Asks, &path, "the certificate cannot be read"))
            }
        }
    }

    fn takes_reason(&self) -> bool {
        false
    }

    fn is_listed(&self, certificate: &[u8]) -> Result<Option<bool>, IssuerError> {
        let session = self.session()?;
        let certificate = self.parsed(certificate)?;
        let authorities = self.authorities(&session)?;
        let fits = |authority: &&MountAuthority| certificate.verify_issued_by(&authority.certificate).is_ok();
        let Some(authority) = authorities.iter().find(fits) else { return Ok(None) };
        for list in ["crl/der", "crl/delta/der"] {
            let path = format!("{}/issuer/{}/{list}", self.settings.mount(), authority.id);
            let bytes = match session.bytes(&path) {
                Ok(bytes) => bytes,
                Err(failure) if failure.status() == Some(404) => continue,
                Err(failure) => return Err(self.failed(failure, CallEffect::Asks, &path, "its CRL cannot be read")),
            };
            // A delta that was never made is empty.
            let Ok(crl) = Crl::from_der(&bytes) else { continue };
            crl.verify(&authority.certificate.spki).map_err(|error| {
                IssuerError::new(&self.name, ErrorClass::Protocol, "its CRL is not signed by its CA").because(error)
            })?;
            if crl.entries.iter().any(|(serial, ..)| *serial == certificate.serial) {
                return Ok(Some(true));
            }
        }
        Ok(Some(false))
    }
}

impl Vault {
    fn by_serial(&self, session: &VaultSession, serial: &SerialNumber) -> Result<VaultAnswer, NetworkFailure> {
        // An answer without data: it has expired, and stands on no list any more.
        self.post(session, "revoke", &json!({"serial_number": colons(serial)}))
    }

    fn post(
        &self,
        session: &VaultSession,
        what: &str,
        body: &serde_json::Value,
    ) -> Result<VaultAnswer, NetworkFailure> {
        session.post(&format!("{}/{what}", self.settings.mount()), body)
    }

    fn revoked(&self, what: &str, answer: Result<VaultAnswer, NetworkFailure>) -> Result<(), IssuerError> {
        let path = format!("{}/{what}", self.settings.mount());
        match answer {
            Ok(answer) if answer.data.is_null() => Err(self.expired(&answer.warnings.unwrap_or_default())),
            Ok(_) => Ok(()),
            Err(failure) => Err(self.failed(failure, CallEffect::Changes, &path, "it did not revoke")),
        }
    }

    fn expired(&self, words: &[String]) -> IssuerError {
        let words = if words.is_empty() { String::new() } else { format!(": {}", words.join("; ")) };
        IssuerError::new(&self.name, ErrorClass::Permanent, format!("the certificate has expired by its clock{words}"))
            .hint("an expired certificate need not be revoked: no verifier accepts it any more")
    }

    fn parsed(&self, der: &[u8]) -> Result<Certificate, IssuerError> {
        Certificate::from_der(der).map_err(|error| self.config("this is no certificate").because(error))
    }
}

fn is_unknown(failure: &NetworkFailure) -> bool {
    let unknown = |answer: &ServerAnswer| matches!(answer.status, 400 | 404) && answer.words.contains("not found");
    failure.answer.as_deref().is_some_and(unknown)
}
