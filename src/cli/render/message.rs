//! What came of verifying a message.

use serde_json::{Value, json};

use super::table;
use certroll_core::tools::message::verify::Verdict;
use certroll_pki::x509::certificate::Certificate;

/// The JSON document.
pub(crate) fn document(verdict: &Verdict) -> Value {
    let signer = |certificate: &Certificate| {
        json!({
            "subject": certificate.subject.to_string(),
            "issuer": certificate.issuer.to_string(),
            "serial": certificate.serial.to_string(),
            "not_after": certificate.validity.not_after.to_string(),
            "sha256": certificate.fingerprint().to_string(),
        })
    };
    let facts = verdict.facts.as_ref();
    json!({
        "schema": "certroll/message/v1",
        "verified": verdict.is_good(),
        "reasons": verdict.flaws.iter().map(certroll_pki::path::PathFlaw::text).collect::<Vec<_>>(),
        "signer": verdict.path.first().map(signer),
        "path": verdict.path.iter().map(|one| one.subject.to_string()).collect::<Vec<_>>(),
        "algorithm": Some(&verdict.algorithm).filter(|name| !name.is_empty()),
        "signed_at": verdict.signed_at.map(|at| at.to_string()),
        "sender": facts.map(|facts| &facts.sender),
        "number": facts.map(|facts| facts.number),
        "content_type": facts.and_then(|facts| facts.content_type.as_ref()),
    })
}

/// For people.
pub(crate) fn text(verdict: &Verdict, width: Option<u16>) -> String {
    let mut pairs = vec![("verdict", if verdict.is_good() { "verified" } else { "not verified" }.to_owned())];
    if let Some(signer) = verdict.path.first() {
        pairs.push(("signer", signer.subject.to_string()));
        pairs.push(("serial", signer.serial.to_string()));
        let above: Vec<_> = verdict.path.iter().skip(1).map(|one| one.subject.to_string()).collect();
        pairs.push(("trusted by", if above.is_empty() { "-".to_owned() } else { above.join("\n") }));
    }
    pairs.push(("algorithm", verdict.algorithm.clone()));
    if let Some(at) = verdict.signed_at {
        pairs.push(("signed at", at.to_string()));
    }
    if let Some(facts) = &verdict.facts {
        pairs.push(("sender", facts.sender.clone()));
        pairs.push(("number", facts.number.to_string()));
        pairs.extend(facts.content_type.clone().map(|kind| ("content type", kind)));
    }
    table::pairs(&pairs, width)
}
