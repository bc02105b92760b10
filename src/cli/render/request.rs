//! Certificate requests: what they ask for, and what is found about them.

use std::path::Path;

use serde_json::{Value, json};

use super::{inspected, table};
use certroll_core::tools::csr_lint::CsrFinding;
use certroll_core::tools::inspect::InspectedItem;
use certroll_pki::x509::request::CertificateRequest;

fn texts<T: ToString>(list: &[T]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

/// The JSON document of a request.
pub(crate) fn document(path: &Path, request: &CertificateRequest) -> Value {
    let mut document = json!({"schema": "certroll/request/v1", "file": path.display().to_string()});
    let found = inspected::found_value(&InspectedItem::Request(Box::new(request.clone())));
    let wishes = &request.wishes;
    let more = json!({
        "key_usage": texts(&wishes.key_usage),
        "extended_key_usage": texts(&wishes.extended_key_usage),
        "ca": wishes.ca,
        "other_extensions": wishes.extensions,
        "other_attributes": wishes.attributes,
    });
    if let (Value::Object(document), Value::Object(found), Value::Object(more)) = (&mut document, found, more) {
        document.extend(found.into_iter().filter(|(name, _)| name != "type"));
        document.extend(more);
    }
    document
}

/// What a request asks for beside names and key, for a person.
pub(crate) fn wishes(request: &CertificateRequest, width: Option<u16>) -> String {
    let wishes = &request.wishes;
    let ca = match wishes.ca {
        Some(true) => "asked for",
        Some(false) => "no",
        None => "",
    };
    let pairs = [
        ("key usage", texts(&wishes.key_usage).join(", ")),
        ("extended key usage", texts(&wishes.extended_key_usage).join(", ")),
        ("ca", ca.to_owned()),
        ("other extensions", wishes.extensions.join(", ")),
        ("other attributes", wishes.attributes.join(", ")),
    ];
    table::pairs(&pairs, width)
}

/// Findings for a person.
pub(crate) fn findings(found: &[CsrFinding], width: Option<u16>) -> String {
    if found.is_empty() {
        return "nothing found\n".to_owned();
    }
    let row = |finding: &CsrFinding| {
        let level = if finding.level.name() == "error" { "refused" } else { finding.level.name() };
        let policy = finding.policy.clone().unwrap_or_else(|| "-".to_owned());
        vec![level.to_owned(), finding.field.to_owned(), policy, finding.rule.clone(), finding.text.clone()]
    };
    table::rows(&["LEVEL", "FIELD", "POLICY", "RULE", "FINDING"], found.iter().map(row), width)
}

/// Findings as JSON.
pub(crate) fn finding_document(path: &Path, found: &[CsrFinding]) -> Value {
    let value = |finding: &CsrFinding| {
        json!({
            "level": finding.level.name(), "field": finding.field, "policy": finding.policy, "rule": finding.rule,
            "text": finding.text,
        })
    };
    json!({
        "schema": "certroll/request-lint/v1",
        "file": path.display().to_string(),
        "findings": found.iter().map(value).collect::<Vec<_>>(),
    })
}
