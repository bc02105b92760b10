//! What happens to certificates that are in the custody of Certificate Manager: looked at, revoked, deleted.

use super::acm::CertificateManager;
use super::acmpca_revocation;
use crate::hint::issuer::IssuerHint;
use crate::issuer::aws::{reason, refused, unanswered};
use crate::issuer::network::{CallEffect, FailureKind};
use crate::issuer::{Announced, Custodian, Deletion, ErrorClass, IssuerError, Revocation, RevocationState, Revoker};
use certroll_pki::digest::Fingerprint;
use certroll_pki::x509::certificate::Certificate;

impl Revoker for CertificateManager {
    fn revoke(&self, revocation: Announced<Revocation<'_>>) -> Result<(), IssuerError> {
        let revocation = revocation.into_subject();
        let unread = |error| self.error(ErrorClass::Permanent, "the certificate cannot be read").because(error);
        let certificate = Certificate::from_der(revocation.certificate).map_err(unread)?;
        // Certificate Manager does not revoke private certificates: their CA does.
        if let Some(authority) = &self.table.ca_arn {
            return acmpca_revocation::revoke(&self.name, &self.pca, authority, &certificate, revocation.reason);
        }
        let arn = self.custody.arn(&certificate.fingerprint()).map_err(|error| match error.class {
            ErrorClass::NotFound => IssuerError { class: ErrorClass::Permanent, ..error },
            _ => error,
        })?;
        let word = reason(revocation.reason, "CA_COMPROMISE");
        match self.acm.revoke(&arn, word) {
            Ok(()) => Ok(()),
            Err(failure) => {
                // It may be revoked already, by an earlier call whose answer was lost.
                if self.acm.describe(&arn).is_ok_and(|detail| detail.status == "REVOKED") {
                    return Ok(());
                }
                let kind = failure.kind;
                let error = refused(&self.name, "the certificate was not revoked", failure, CallEffect::Changes);
                Err(match kind {
                    FailureKind::Invalid => {
                        error.hint("ACM revokes public certificates that were exported, and no others")
                    }
                    _ => error,
                })
            }
        }
    }

    fn state(&self, certificate: &[u8]) -> Result<RevocationState, IssuerError> {
        if self.table.ca_arn.is_some() {
            return Ok(RevocationState::Unknown);
        }
        let arn = self.custody.arn(&Fingerprint::of(certificate))?;
        let asked = self.acm.describe(&arn);
        let detail = asked.map_err(unanswered(&self.name, "the certificate cannot be looked at"))?;
        Ok(if detail.status == "REVOKED" { RevocationState::Revoked } else { RevocationState::NotRevoked })
    }
}

impl Custodian for CertificateManager {
    fn status(&self, certificate: &[u8]) -> Result<Vec<(&'static str, String)>, IssuerError> {
        let arn = self.custody.arn(&Fingerprint::of(certificate))?;
        let asked = self.acm.describe(&arn);
        let detail = asked.map_err(unanswered(&self.name, "the certificate cannot be looked at"))?;
        let none = |list: Vec<String>| if list.is_empty() { "nothing".to_owned() } else { list.join("\n") };
        let renewal = match detail.renewal {
            Some((status, Some(reason))) => format!("{status} ({reason})"),
            Some((status, None)) => status,
            None if detail.renewable => "may be asked for: rotate the certificate".to_owned(),
            None => "none yet: AWS begins it about 60 days before the end".to_owned(),
        };
        Ok(vec![
            ("arn", detail.arn),
            ("status", detail.status),
            ("type", detail.kind),
            ("key", detail.key_algorithm),
            ("valid until", detail.not_after.map(|at| at.to_string()).unwrap_or_default()),
            ("renewal", renewal),
            ("used by", none(detail.in_use_by)),
        ])
    }

    fn delete(&self, deletion: Announced<Deletion<'_>>) -> Result<(), IssuerError> {
        let certificate = deletion.into_subject().certificate;
        let digest = Fingerprint::of(certificate);
        let arn = self.custody.arn(&digest)?;
        self.acm.delete(&arn).map_err(|failure| {
            let kind = failure.kind;
            let error = refused(&self.name, "the certificate was not deleted", failure, CallEffect::Changes);
            match kind {
                FailureKind::Conflict => {
                    IssuerError { class: ErrorClass::Permanent, ..error }.hint(IssuerHint::SeeUsers)
                }
                _ => error,
            }
        })
    }
}
