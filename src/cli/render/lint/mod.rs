//! What a linter found: for people, as JSON, as SARIF and as JUnit XML.

mod junit;
mod sarif;

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{json as document, table as tables};
use crate::cli::args::OutputFormat;
use certroll_core::error::Error;
use certroll_core::tools::lint::{Finding, LintedObject, Position};
use certroll_pki::lint::Severity;

pub(crate) use junit::junit;
pub(crate) use sarif::sarif;

/// Files with what is in them.
type Linted = [(PathBuf, Vec<LintedObject>)];

/// Each finding with its file and its object.
fn findings(linted: &Linted) -> impl Iterator<Item = (String, &LintedObject, &Finding)> {
    let objects =
        linted.iter().flat_map(|(path, objects)| objects.iter().map(|object| (path.display().to_string(), object)));
    objects.flat_map(|(path, object)| object.findings.iter().map(move |finding| (path.clone(), object, finding)))
}

/// `line 12`, `entry broker, certificate 2`; empty for the only object of a file.
fn place(position: &Position) -> String {
    let line = position.line.map(|line| format!("line {line}"));
    let entry = position.entry.as_ref().map(|entry| format!("entry {entry}"));
    let certificate = position.certificate.map(|number| format!("certificate {number}"));
    [line, entry, certificate].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// What a finding is about: the field, and the rule where the detail does not say it.
fn text(finding: &Finding) -> String {
    match finding.rule {
        Some(rule) => format!("{}: {} ({rule})", finding.field, finding.detail),
        None => format!("{}: {}", finding.field, finding.detail),
    }
}

fn count(linted: &Linted, severity: Severity) -> usize {
    findings(linted).filter(|(.., finding)| finding.severity == severity).count()
}

/// One line for each finding, then the sum.
pub(crate) fn table(linted: &Linted, width: Option<u16>) -> String {
    let objects: usize = linted.iter().map(|(_, objects)| objects.len()).sum();
    let row = |(path, object, finding): (String, &LintedObject, &Finding)| {
        let place = place(&object.position);
        let place = if place.is_empty() { path } else { format!("{path}: {place}") };
        let clause = finding.clause.unwrap_or("-").to_owned();
        vec![finding.severity.to_string(), place, finding.lint.clone(), clause, text(finding)]
    };
    let rows: Vec<_> = findings(linted).map(row).collect();
    let mut out = String::new();
    if !rows.is_empty() {
        out = tables::rows(&["SEVERITY", "WHERE", "LINT", "CLAUSE", "FINDING"], rows, width);
    }
    let sums = [Severity::Error, Severity::Warning, Severity::Notice]
        .map(|severity| format!("{} {severity}{}", count(linted, severity), plural(count(linted, severity))));
    out + &format!("{objects} object{} looked at: {}\n", plural(objects), sums.join(", "))
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

fn value(path: &str, object: &LintedObject, finding: &Finding) -> Value {
    json!({
        "file": path,
        "line": object.position.line,
        "entry": object.position.entry,
        "certificate": object.position.certificate,
        "object": object.kind,
        "name": object.name,
        "lint": finding.lint,
        "severity": finding.severity.name(),
        "clause": finding.clause,
        "field": finding.field,
        "rule": finding.rule,
        "detail": finding.detail,
    })
}

/// One document with every finding.
pub(crate) fn json(linted: &Linted) -> Result<String, Error> {
    let list: Vec<_> = findings(linted).map(|(path, object, finding)| value(&path, object, finding)).collect();
    let whole = json!({
        "schema": "certroll/lint/v1",
        "files": linted.iter().map(|(path, _)| path.display().to_string()).collect::<Vec<_>>(),
        "objects": linted.iter().map(|(_, objects)| objects.len()).sum::<usize>(),
        "errors": count(linted, Severity::Error),
        "warnings": count(linted, Severity::Warning),
        "notices": count(linted, Severity::Notice),
        "findings": list,
    });
    document::document(&whole, OutputFormat::Json)
}

/// One finding a line.
pub(crate) fn ndjson(linted: &Linted) -> Result<String, Error> {
    let line = |(path, object, finding): (String, &LintedObject, &Finding)| {
        let mut value = value(&path, object, finding);
        value["schema"] = json!("certroll/lint-finding/v1");
        document::document(&value, OutputFormat::Ndjson)
    };
    findings(linted).map(line).collect()
}
