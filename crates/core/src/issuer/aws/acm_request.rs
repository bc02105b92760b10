//! One request at Certificate Manager: how it is sent, found again, followed, and how a renewal goes in its place.

use certroll_pki::digest::Fingerprint;
use std::time::Duration;

use super::acm::CertificateManager;
use crate::hint::issuer::IssuerHint;
use crate::issuer::aws::{certificates, refused, unanswered};
use crate::issuer::network::{CallEffect, FailureKind, NetworkFailure};
use crate::issuer::{ErrorClass, Issued, IssuerError, PendingRequest, Progress};
use certroll_aws::{Detail, Order, Tag};
use certroll_base::encoding::hex;
use certroll_base::random;
use certroll_base::secret::Secret;
use certroll_pki::container::pem::{self, Label};
use certroll_pki::key::encryption;

/// The label that finds a request again.
const INTENT_TAG: &str = "certroll:intent";
/// The label that tells people what it is.
const NAME_TAG: &str = "certroll:name";

impl CertificateManager {
    /// Seconds since the request was begun.
    pub(super) fn age(&self, pending: &PendingRequest) -> i64 {
        (self.clock.now().millis() - pending.begun().millis()) / 1_000
    }

    /// Sends the request; within the life of the token it may be sent again.
    pub(super) fn request(&self, pending: &PendingRequest) -> Result<String, NetworkFailure> {
        let dns = |name: &String| name.strip_prefix("dns:").unwrap_or(name).to_owned();
        let names: Vec<_> = pending.names.iter().map(dns).collect();
        let tag = |key: &str, value: String| Tag { key: key.to_owned(), value };
        self.acm.request(&Order {
            names: &names,
            key_algorithm: service_word(&pending.key_kind).unwrap_or("RSA_2048"),
            token: &pending.token(),
            tags: vec![tag(INTENT_TAG, pending.token()), tag(NAME_TAG, label(names.first().map_or("", |name| name)))],
            export: self.table.export,
            authority: self.table.ca_arn.as_deref(),
        })
    }

    /// The ARN of the request with that label.
    pub(super) fn by_label(&self, pending: &PendingRequest) -> Result<Option<String>, IssuerError> {
        let lost = unanswered(&self.name, "its certificates cannot be listed");
        for one in self.acm.list().map_err(lost)? {
            // What is deleted between the two calls is none that is looked for.
            let tags = match self.acm.tags(&one.arn) {
                Err(failure) if failure.kind == FailureKind::Missing => continue,
                tags => tags.map_err(lost)?,
            };
            if tags.iter().any(|tag| tag.key == INTENT_TAG && tag.value == pending.token()) {
                return Ok(Some(one.arn));
            }
        }
        Ok(None)
    }

    pub(super) fn describe(&self, handle: &AcmHandle) -> Result<Detail, IssuerError> {
        let asked = self.acm.describe(&handle.arn);
        asked.map_err(unanswered(&self.name, "the request cannot be looked at"))
    }

    /// How far the request behind a handle is, of which the service said that a moment ago.
    pub(super) fn progress(
        &self,
        handle: &AcmHandle,
        pending: &PendingRequest,
        detail: &Detail,
    ) -> Result<Progress, IssuerError> {
        let pending = |actions: Vec<String>| {
            let wait = match self.age(pending) {
                ..=15 => Duration::from_secs(1),
                16..=120 => Duration::from_secs(4),
                _ => Duration::from_secs(15),
            };
            Ok(Progress::Pending { handle: handle.to_string(), actions, wait })
        };
        match detail.status.as_str() {
            "PENDING_VALIDATION" => pending(actions(detail)),
            "FAILED" | "VALIDATION_TIMED_OUT" | "INACTIVE" => Err(self.ended(detail)),
            _ => match self.fetch(&handle.arn)? {
                Some(issued) if handle.not.is_none_or(|old| old != Fingerprint::of(&issued.certificate)) => {
                    self.custody.remember(&issued.certificate, &handle.arn)?;
                    Ok(Progress::Issued(issued))
                }
                _ => match &detail.renewal {
                    Some((status, reason)) if handle.not.is_some() && status == "FAILED" => {
                        let reason = reason.as_deref().unwrap_or_default();
                        Err(self.error(ErrorClass::Permanent, format!("the renewal failed: {reason}")))
                    }
                    _ => pending(Vec::new()),
                },
            },
        }
    }

    /// A request that ended without a certificate.
    fn ended(&self, detail: &Detail) -> IssuerError {
        let reason = detail.failure.as_deref().unwrap_or("it gives no reason");
        let message = format!("the request ended as {}: {reason}", detail.status);
        let hint = match reason {
            "CAA_ERROR" => "let the CAA records of the names allow `amazon.com`, then repeat the command",
            _ if detail.status == "VALIDATION_TIMED_OUT" => {
                "publish the DNS records within 72 hours of the request, then repeat the command"
            }
            _ => "the words are explained under `aws acm describe-certificate` in the manual of AWS",
        };
        self.error(ErrorClass::Permanent, message).hint(hint)
    }

    /// The certificate, with its key if it is exported; `None` while it is not there.
    pub(super) fn fetch(&self, arn: &str) -> Result<Option<Issued>, IssuerError> {
        let first = |text: &str| -> Result<Vec<u8>, IssuerError> {
            let missing = || self.error(ErrorClass::Protocol, "it answers with an empty certificate");
            certificates(&self.name, text)?.into_iter().next().ok_or_else(missing)
        };
        if !self.table.export {
            let got = self.acm.certificate(arn);
            let got = got.map_err(unanswered(&self.name, "the certificate was not given"))?;
            let Some((own, above)) = got else { return Ok(None) };
            let chain = certificates(&self.name, &above)?;
            return Ok(Some(Issued { certificate: first(&own)?, chain, key: None, remark: None }));
        }
        // For this one call: the key is encrypted anew, with what the home has, before it touches a disk.
        let passphrase = Secret::new(hex(&random::bytes::<32>()));
        let exported = match self.acm.export(arn, &passphrase) {
            Ok(exported) => exported,
            Err(failure) if failure.kind == FailureKind::InProgress => return Ok(None),
            Err(failure) => return Err(refused(&self.name, "the key was not exported", failure, CallEffect::Asks)),
        };
        let unread = || self.error(ErrorClass::Protocol, "the exported key cannot be read");
        let blocks = pem::read(exported.key.expose().as_bytes()).map_err(|error| unread().because(error))?;
        let block = blocks.iter().find(|block| block.label == Label::EncryptedPrivateKey).ok_or_else(unread)?;
        let key = encryption::decrypt(block.der.expose(), &passphrase).map_err(|error| unread().because(error))?;
        let chain = certificates(&self.name, &exported.chain)?;
        Ok(Some(Issued { certificate: first(&exported.certificate)?, chain, key: Some(key), remark: None }))
    }

    /// What a rotation can do: take what the service has renewed already, or have it renewed.
    pub(super) fn renewal(&self, old: &Fingerprint) -> Result<Renewal, IssuerError> {
        let arn = self.custody.arn(old)?;
        let asked = self.acm.describe(&arn);
        let detail = asked.map_err(unanswered(&self.name, "the certificate cannot be looked at"))?;
        let handle = AcmHandle { arn, not: Some(*old) };
        let got = self.acm.certificate(&handle.arn);
        let got = got.map_err(unanswered(&self.name, "the certificate was not given"))?;
        if let Some((text, _)) = got {
            let certificate = certificates(&self.name, &text)?.into_iter().next().unwrap_or_default();
            if Fingerprint::of(&certificate) != *old {
                return Ok(Renewal { handle, asks: false });
            }
        }
        if detail.renewable {
            return Ok(Renewal { handle, asks: true });
        }
        let state = match &detail.renewal {
            Some((status, reason)) => {
                let reason = reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
                format!("its renewal is {status}{reason}")
            }
            None => "no renewal has begun".to_owned(),
        };
        let message = format!("AWS renews this certificate by itself, about 60 days before its end: {state}");
        Err(self.error(ErrorClass::Unsupported, message).hint(IssuerHint::RotateOnceRenewed))
    }

    /// Asks for a renewal, or finds that it is under way.
    pub(super) fn renew(&self, arn: &str) -> Result<(), IssuerError> {
        match self.acm.renew(arn) {
            Ok(()) => Ok(()),
            // It is under way.
            Err(failure) if failure.kind == FailureKind::InProgress => Ok(()),
            Err(failure) => Err(refused(&self.name, "the renewal was not begun", failure, CallEffect::Changes)),
        }
    }
}

/// What a rotation will do.
pub(super) struct Renewal {
    pub(super) handle: AcmHandle,
    /// Whether the renewal has to be asked for.
    pub(super) asks: bool,
}

/// What finds a request again.
pub(super) struct AcmHandle {
    pub(super) arn: String,
    /// The certificate that the ARN held when the renewal was asked for.
    pub(super) not: Option<Fingerprint>,
}

impl AcmHandle {
    pub(super) fn read(text: &str) -> Self {
        match text.split_once("#not=") {
            Some((arn, not)) => Self { arn: arn.to_owned(), not: Fingerprint::from_hex(not) },
            None => Self { arn: text.to_owned(), not: None },
        }
    }
}

impl std::fmt::Display for AcmHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.arn)?;
        match &self.not {
            Some(not) => write!(f, "#not={not}"),
            None => Ok(()),
        }
    }
}

/// The kinds of keys that can be requested. RSA of 3072 and 4096 bits can be imported, but not requested.
pub(super) const KEYS: &[&str] = &["rsa:2048", "ec:p256", "ec:p384"];

/// The service's word for a kind of key.
pub(super) fn service_word(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "rsa:2048" => "RSA_2048",
        "ec:p256" => "EC_prime256v1",
        "ec:p384" => "EC_secp384r1",
        _ => return None,
    })
}

/// A text that a label may hold.
fn label(text: &str) -> String {
    let allowed = |c: char| c.is_alphanumeric() || " _.:/=+-@".contains(c);
    text.chars().map(|c| if allowed(c) { c } else { '_' }).take(255).collect()
}

fn actions(detail: &Detail) -> Vec<String> {
    let one = |record: &certroll_aws::ValidationRecord| {
        format!(
            "publish the DNS record `{} {} {}` to prove control of `{}`, and leave it there: ACM renews by it",
            record.name, record.kind, record.value, record.domain
        )
    };
    detail.records.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_goes_both_ways() {
        for text in ["arn:aws:acm:us-east-1:1:certificate/2", &format!("arn:x#not={}", hex(&[7; 32]))] {
            assert_eq!(AcmHandle::read(text).to_string(), *text);
        }
    }

    #[test]
    fn a_label_holds_what_the_service_allows() {
        assert_eq!(label("*.shop.example(1)"), "_.shop.example_1_");
    }
}
