//! The status of one certificate of a path by the OCSP responses at hand (RFC 6960 section 3.2).

use super::status::RevocationStatus;
use crate::ocsp::{CertStatus, OcspResponse, SingleResponse};
use crate::x509::certificate::Certificate;
use crate::x509::extensions::KeyUsage;
use crate::x509::reason;
use certroll_base::clock::Timestamp;

/// id-kp-OCSPSigning; a delegate must have it by name (RFC 6960 section 4.2.2.2), anyExtendedKeyUsage is not enough.
const OCSP_SIGNING: &str = "OCSPSigning";
/// id-pkix-ocsp-nocheck: a delegate that is trusted as long as its certificate lives (section 4.2.2.2.1).
const NO_CHECK: &str = "1.3.6.1.5.5.7.48.1.5";

/// What is at hand when responses are asked for a certificate.
pub struct ResponderInquiry<'a> {
    /// The path, leaf first and anchor last.
    pub path: &'a [Certificate],
    /// Certificates that may have signed responses beside those in them.
    pub others: &'a [Certificate],
    /// The responses.
    pub responses: &'a [OcspResponse],
    /// The time for which is asked.
    pub at: Timestamp,
    /// Why the certificate of a delegate, below the certificate at that place of the path, is not to be believed: its form, its
    /// dates, its own revocation unless it has id-pkix-ocsp-nocheck.
    pub objection: &'a dyn Fn(&Certificate, usize, bool) -> Option<String>,
}

impl ResponderInquiry<'_> {
    /// The status of the certificate at `index`; `None` if no response speaks of it. Of several the newest counts.
    pub fn status(&self, index: usize) -> Option<RevocationStatus> {
        let (certificate, issuer) = (self.path.get(index)?, self.path.get(index + 1)?);
        let name = issuer.display_name();
        let mut newest: Option<&SingleResponse> = None;
        let mut why = None;
        for response in self.responses {
            for answer in response.responses.iter().filter(|answer| answer.id.names(certificate, issuer)) {
                match self.objection(response, answer, index + 1) {
                    Some(objection) => why = Some(format!("the OCSP response for `{name}` {objection}")),
                    None if newest.is_none_or(|known| is_newer(answer, known)) => newest = Some(answer),
                    None => {}
                }
            }
        }
        let Some(answer) = newest else { return why.map(RevocationStatus::Unknown) };
        let stale = || match answer.next_update {
            Some(until) => format!("the OCSP response for `{name}` is past its next update, {until}"),
            None => format!("the OCSP response for `{name}` does not say when there is a newer one"),
        };
        Some(match answer.status {
            // What was revoked once stays so, however old the answer is.
            CertStatus::Revoked { at, reason: code } => {
                RevocationStatus::Revoked { at, reason: reason::name_of_code(code.unwrap_or(0)) }
            }
            CertStatus::Good if answer.next_update.is_some_and(|until| self.at < until) => RevocationStatus::Good,
            CertStatus::Good => RevocationStatus::Unknown(stale()),
            CertStatus::Unknown => {
                RevocationStatus::Unknown(format!("the OCSP responder of `{name}` does not know it"))
            }
        })
    }

    /// Why an answer is not used, in words that go on from the response.
    fn objection(&self, response: &OcspResponse, answer: &SingleResponse, issuer: usize) -> Option<String> {
        // Of what nobody has signed nothing else is told.
        if let Some(objection) = self.signer_objection(response, issuer) {
            return Some(objection);
        }
        if let Some(oid) = response.unknown_critical.as_ref().or(answer.unknown_critical.as_ref()) {
            return Some(format!("has the critical extension {oid}, not known here"));
        }
        if answer.this_update > self.at || response.produced_at > self.at {
            return Some("is from the future".to_owned());
        }
        None
    }

    /// The issuer of the certificate signs, or a delegate whose certificate it has signed itself.
    fn signer_objection(&self, response: &OcspResponse, index: usize) -> Option<String> {
        let issuer = self.path.get(index)?;
        if response.responder.is(issuer) && response.is_signed_by(&issuer.spki) {
            return None;
        }
        let mut why = "is not signed by the CA, nor by anybody whose certificate is at hand".to_owned();
        let candidates = response.certificates.iter().chain(self.others).filter(|one| response.responder.is(one));
        for delegate in candidates {
            let name = delegate.display_name();
            let delegated = delegate.extended_key_usage.iter().any(|usage| usage.to_string() == OCSP_SIGNING);
            let signs = !delegate.has_key_usage || delegate.key_usage.contains(&KeyUsage::DigitalSignature);
            if !response.is_signed_by(&delegate.spki) {
                why = format!("is not signed by the key of `{name}`");
            } else if delegate.verify_issued_by(issuer).is_err() {
                why = format!("is signed by `{name}`, whose certificate the CA has not signed");
            } else if !(delegated && signs) {
                why = format!("is signed by `{name}`, whose certificate is not for {OCSP_SIGNING}");
            } else {
                let unchecked = delegate.extension_value(NO_CHECK).is_some();
                match (self.objection)(delegate, index, unchecked) {
                    None => return None,
                    Some(objection) => why = format!("is signed by `{name}`: {objection}"),
                }
            }
        }
        Some(why)
    }
}

/// Of two answers of one time the one that revokes.
fn is_newer(answer: &SingleResponse, known: &SingleResponse) -> bool {
    let revokes = |one: &SingleResponse| matches!(one.status, CertStatus::Revoked { .. });
    answer.this_update > known.this_update
        || (answer.this_update == known.this_update && revokes(answer) && !revokes(known))
}
