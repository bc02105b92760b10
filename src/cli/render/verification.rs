//! What came of verifying a certificate: the path from the anchor down, and each check.

use serde_json::{Value, json};

use certroll_base::text::printable;
use certroll_pki::path::{Check, Judgement, PathFlaw, PathInputs};
use certroll_pki::x509::certificate::Certificate;

/// The JSON document; the path begins with the certificate itself.
pub(crate) fn document(file: &str, judgement: &Judgement, inputs: &PathInputs<'_>) -> Value {
    let reason =
        |flaw: &PathFlaw| json!({ "certificate": flaw.certificate, "check": flaw.check, "reason": flaw.text() });
    let certificate = |(index, one): (usize, &Certificate)| {
        json!({
            "role": role(index, judgement),
            "subject": one.subject.to_string(),
            "issuer": one.issuer.to_string(),
            "serial": one.serial.to_string(),
            "not_before": one.validity.not_before.to_string(),
            "not_after": one.validity.not_after.to_string(),
            "sha256": one.fingerprint().to_string(),
            "checks": judgement.checks(index, inputs).into_iter().map(|check| {
                let reasons: Vec<_> = failed(judgement, index, check).map(PathFlaw::text).collect();
                json!({ "check": check, "passed": reasons.is_empty(), "reasons": reasons })
            }).collect::<Vec<_>>(),
        })
    };
    json!({
        "schema": "certroll/verification/v1",
        "file": file,
        "valid": judgement.is_valid(),
        "at": inputs.at.to_string(),
        "purpose": inputs.purpose.map(|purpose| purpose.to_string()),
        "revocation": if inputs.revocation.is_some() { "checked" } else { "not_checked" },
        "reasons": judgement.flaws.iter().map(reason).collect::<Vec<_>>(),
        "path": judgement.path.iter().enumerate().map(certificate).collect::<Vec<_>>(),
    })
}

fn role(index: usize, judgement: &Judgement) -> &'static str {
    if judgement.is_anchored && index + 1 == judgement.path.len() {
        "anchor"
    } else if index == 0 {
        "leaf"
    } else {
        "ca"
    }
}

fn failed(judgement: &Judgement, index: usize, check: Check) -> impl Iterator<Item = &PathFlaw> {
    judgement.flaws.iter().filter(move |flaw| (flaw.certificate, flaw.check) == (index, check))
}

/// For people: a tree from the anchor down.
pub(crate) fn text(judgement: &Judgement, inputs: &PathInputs<'_>) -> String {
    let verdict = if judgement.is_valid() { "valid" } else { "not valid" };
    let mut lines = vec![format!("{verdict} at {}", inputs.at)];
    for (level, (index, certificate)) in judgement.path.iter().enumerate().rev().enumerate() {
        let indent = "  ".repeat(level);
        let subject = certificate.subject.to_string();
        let name = if subject.is_empty() { certificate.display_name() } else { subject };
        let mark = match role(index, judgement) {
            "anchor" => " (trust anchor)",
            _ => "",
        };
        lines.push(format!("{indent}{}{mark}, until {}", printable(&name), certificate.validity.not_after));
        let checks = judgement.checks(index, inputs);
        let (passed, broken): (Vec<_>, Vec<_>) =
            checks.into_iter().partition(|check| failed(judgement, index, *check).next().is_none());
        if !passed.is_empty() {
            let names: Vec<_> = passed.into_iter().map(words).collect();
            lines.push(format!("{indent}    good: {}", names.join(", ")));
        }
        for check in broken {
            for flaw in failed(judgement, index, check) {
                lines.push(format!("{indent}    FAILED {}: {}", words(check), printable(flaw.text())));
            }
        }
    }
    if inputs.revocation.is_none() {
        lines.push("revocation: not checked".to_owned());
    }
    lines.join("\n") + "\n"
}

/// `critical extensions`.
fn words(check: Check) -> String {
    check.name().replace('_', " ")
}
