//! SARIF 2.1.0 (OASIS): what code scanning reads.

use serde_json::{Value, json};

use super::{Linted, findings, place, text};
use crate::cli::args::OutputFormat;
use crate::cli::render::json as document;
use certroll_base::text::printable;
use certroll_core::error::Error;
use certroll_core::tools::lint::{Finding, LintedObject};
use certroll_pki::lint::{self, Severity};

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Notice => "note",
    }
}

/// Every rule of the tables: that nothing was found says something only if it is known what was looked for.
fn rules() -> Vec<Value> {
    let rule = |lint: &lint::Lint| {
        json!({
            "id": lint.id,
            "shortDescription": { "text": format!("{}: {}", lint.field, lint.rule) },
            "defaultConfiguration": { "level": level(lint.severity()) },
            "properties": { "clause": lint.clause },
        })
    };
    lint::all().map(rule).collect()
}

fn result(path: &str, object: &LintedObject, finding: &Finding) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": uri(path) } });
    if let Some(line) = object.position.line {
        physical["region"] = json!({ "startLine": line });
    }
    let mut location = json!({ "physicalLocation": physical });
    let place = place(&object.position);
    if !place.is_empty() {
        location["logicalLocations"] = json!([{ "name": place, "kind": object.kind }]);
    }
    let clause = finding.clause.map(|clause| format!(" [{clause}]")).unwrap_or_default();
    json!({
        "ruleId": finding.lint,
        "level": level(finding.severity),
        "message": { "text": format!("{}{clause}", printable(&text(finding))) },
        "locations": [location],
    })
}

/// The path as a relative reference of a URI (RFC 3986 section 4.2).
fn uri(path: &str) -> String {
    let plain = |octet: u8| octet.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&octet);
    path.bytes()
        .map(|octet| if plain(octet) { char::from(octet).to_string() } else { format!("%{octet:02X}") })
        .collect()
}

pub(crate) fn sarif(linted: &Linted) -> Result<String, Error> {
    let results: Vec<_> = findings(linted).map(|(path, object, finding)| result(&path, object, finding)).collect();
    let whole = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "certroll",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules(),
            } },
            "results": results,
        }],
    });
    document::document(&whole, OutputFormat::Json)
}
