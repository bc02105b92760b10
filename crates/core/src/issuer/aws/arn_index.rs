//! Which certificate of Certificate Manager has which ARN.

use certroll_pki::digest::Fingerprint;
use std::sync::Arc;

use crate::issuer::aws::{certificates, unanswered};
use crate::issuer::{ErrorClass, IssuerError, Memory};
use certroll_aws::Acm;
use certroll_base::encoding::{hex, sha256};

/// Notes in the issuer's memory: which certificate has which ARN.
const NOTE: &str = "arn-";

/// Which certificate has which ARN.
pub(super) struct ArnIndex {
    name: String,
    acm: Acm,
    memory: Arc<dyn Memory>,
}

impl ArnIndex {
    pub(super) fn new(name: &str, acm: Acm, memory: Arc<dyn Memory>) -> Self {
        Self { name: name.to_owned(), acm, memory }
    }

    /// Keeps in mind which ARN a certificate has.
    pub(super) fn remember(&self, certificate: &[u8], arn: &str) -> Result<(), IssuerError> {
        let kept = self.memory.keep_note(&format!("{NOTE}{}", hex(&sha256(certificate))), arn.as_bytes());
        kept.map_err(|error| {
            IssuerError::new(&self.name, ErrorClass::Retryable, "the note of its ARN cannot be written").because(error)
        })
    }

    /// The ARN of a certificate: from the notes, else the one of the list that holds it.
    pub(super) fn arn(&self, certificate: &Fingerprint) -> Result<String, IssuerError> {
        let note = self.memory.note(&format!("{NOTE}{certificate}")).map_err(|error| {
            IssuerError::new(&self.name, ErrorClass::Config, "the note of its ARN cannot be read").because(error)
        })?;
        if let Some(arn) = note.and_then(|bytes| String::from_utf8(bytes).ok()) {
            return Ok(arn);
        }
        let lost = unanswered(&self.name, "its certificates cannot be listed");
        for one in self.acm.list().map_err(lost)? {
            if let Ok(Some((text, _))) = self.acm.certificate(&one.arn)
                && certificates(&self.name, &text)?.first().is_some_and(|der| Fingerprint::of(der) == *certificate)
            {
                return Ok(one.arn);
            }
        }
        Err(IssuerError::new(&self.name, ErrorClass::NotFound, "the certificate is not in ACM any more"))
    }
}
