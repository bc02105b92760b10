//! Renewal information (RFC 9773): when the CA wants a certificate to be replaced.
//!
//! The answer, the point chosen in its window and the time of the next question are kept for each certificate, so that runs
//! an hour apart ask no more often than the server wants and keep to one point.

use instant_acme::CertificateIdentifier;
use rustls::pki_types::CertificateDer;
use serde::{Deserialize, Serialize};

use crate::issuer::acme::Acme;
use crate::issuer::{Advice, ErrorClass, IssuerError, RenewalAdvice};
use certroll_base::clock::Timestamp;
use certroll_base::encoding::{hex, sha256};
use certroll_base::random;

/// The next question, where the server does not say when: RFC 9773 section 4.3.3 has six hours.
const ASK_AGAIN_SECS: i64 = 6 * 3_600;
/// Whatever the server says, within these (section 4.3.3).
const SOONEST_SECS: i64 = 60;
const LATEST_SECS: i64 = 86_400;
/// After a question without an answer.
const AFTER_FAILURE_SECS: i64 = 3_600;

/// RenewalInfo (RFC 9773 section 4.2).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RenewalInfo {
    suggested_window: AdviceWindow,
    #[serde(rename = "explanationURL")]
    explanation: Option<String>,
}

#[derive(Deserialize)]
struct AdviceWindow {
    start: String,
    end: String,
}

/// What is kept of one certificate; times in milliseconds since 1970.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct KeptAdvice {
    start: i64,
    end: i64,
    at: i64,
    explanation: Option<String>,
    /// Whether there is a window at all.
    known: bool,
    ask_after: i64,
}

impl KeptAdvice {
    fn advice(&self) -> Option<Advice> {
        self.known.then(|| Advice {
            at: Timestamp::from_millis(self.at),
            window: (Timestamp::from_millis(self.start), Timestamp::from_millis(self.end)),
            explanation: self.explanation.clone(),
        })
    }
}

/// The name of a certificate in renewal information (RFC 9773 section 4.1).
///
/// # Errors
/// It has no authority key identifier.
pub(super) fn certificate_id(der: &[u8]) -> Result<CertificateIdentifier<'static>, String> {
    CertificateIdentifier::try_from(&CertificateDer::from(der)).map(CertificateIdentifier::into_owned)
}

impl Acme {
    fn ask(&self, url: &str, id: &CertificateIdentifier<'_>, kept: &KeptAdvice) -> Result<KeptAdvice, IssuerError> {
        let url = format!("{}/{id}", url.trim_end_matches('/'));
        let answer = self.client.get(&url);
        let answer =
            answer.map_err(|failure| self.client.error("its renewal information could not be read", failure))?;
        let wrong =
            |what: String| self.client.protocol(format!("its renewal information is not what RFC 9773 says: {what}"));
        let info: RenewalInfo = serde_json::from_slice(&answer.body).map_err(|error| wrong(error.to_string()))?;
        let (start, end) = (&info.suggested_window.start, &info.suggested_window.end);
        let (start, end) = match (Timestamp::parse(start), Timestamp::parse(end)) {
            (Some(start), Some(end)) if start < end => (start.millis(), end.millis()),
            _ => return Err(wrong(format!("a window from `{start}` to `{end}`"))),
        };
        let now = self.clock.now();
        let again = self.client.transport.later(&url).unwrap_or(now.plus_secs(ASK_AGAIN_SECS));
        let again = again.clamp(now.plus_secs(SOONEST_SECS), now.plus_secs(LATEST_SECS));
        // The same window keeps its point.
        let at = if kept.known && (kept.start, kept.end) == (start, end) { kept.at } else { point(start, end) };
        Ok(KeptAdvice { start, end, at, explanation: info.explanation, known: true, ask_after: again.millis() })
    }
}

/// A point in the window, each as likely as the other (RFC 9773 section 4.2).
fn point(start: i64, end: i64) -> i64 {
    let width = end.abs_diff(start).max(1);
    let drawn = u64::from_be_bytes(random::bytes()) % width;
    start.saturating_add_unsigned(drawn)
}

impl RenewalAdvice for Acme {
    fn advice(&self, certificate: &[u8]) -> Result<Option<Advice>, IssuerError> {
        let item = format!("renewal-{}", hex(&sha256(certificate)));
        let note = self.memory.note(&item).map_err(|error| self.io("what is kept of it cannot be read", error))?;
        // A damaged note is none: the server tells it again.
        let kept: KeptAdvice = note.and_then(|note| serde_json::from_slice(&note).ok()).unwrap_or_default();
        if kept.ask_after > self.clock.now().millis() {
            return Ok(kept.advice());
        }
        let Some(url) = self.client.directory()?.renewal_info.clone() else { return Ok(None) };
        let id = certificate_id(certificate).map_err(|why| self.error(ErrorClass::Unsupported, why))?;
        let asked = self.ask(&url, &id, &kept);
        let ask_after = self.clock.now().plus_secs(AFTER_FAILURE_SECS).millis();
        let new = match &asked {
            Ok(new) => new.clone(),
            // What it said before stands until it is asked again.
            Err(_) => KeptAdvice { ask_after, ..kept },
        };
        let note = serde_json::to_vec(&new).unwrap_or_default();
        self.memory.keep_note(&item, &note).map_err(|error| self.io("its advice cannot be kept", error))?;
        match asked {
            Err(error) if !new.known => Err(error),
            _ => Ok(new.advice()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_lies_in_its_window() {
        let points: Vec<_> = (0..200).map(|_| point(1_000, 1_100)).collect();
        assert!(points.iter().all(|at| (1_000..1_100).contains(at)));
        assert!(points.iter().any(|at| *at < 1_050) && points.iter().any(|at| *at >= 1_050));
        assert_eq!(point(5, 5), 5);
    }
}
