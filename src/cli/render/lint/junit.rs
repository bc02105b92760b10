//! JUnit XML: a file is a suite, a finding a test that failed, an object without findings one that passed.

use super::{Linted, place, text};
use certroll_base::text::printable;
use certroll_core::tools::lint::{Finding, LintedObject};
use certroll_pki::lint::Severity;

/// Text as the value of an attribute; control characters, which XML 1.0 does not have, are shown.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in printable(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

fn case(path: &str, object: &LintedObject, name: &str, content: &str) -> String {
    let place = place(&object.position);
    let class = if place.is_empty() { path.to_owned() } else { format!("{path}: {place}") };
    let (class, name) = (escaped(&class), escaped(name));
    match content {
        "" => format!("    <testcase classname=\"{class}\" name=\"{name}\"/>\n"),
        _ => format!("    <testcase classname=\"{class}\" name=\"{name}\">\n      {content}\n    </testcase>\n"),
    }
}

/// Errors and warnings fail; a notice is only written down.
fn content(finding: &Finding) -> String {
    let clause = finding.clause.map(|clause| format!(" [{clause}]")).unwrap_or_default();
    let message = escaped(&format!("{}{clause}", text(finding)));
    match finding.severity {
        Severity::Notice => format!("<system-out>{message}</system-out>"),
        severity => format!("<failure type=\"{severity}\" message=\"{message}\"/>"),
    }
}

pub(crate) fn junit(linted: &Linted) -> String {
    let mut suites = String::new();
    for (path, objects) in linted {
        let path = path.display().to_string();
        let mut cases = Vec::new();
        for object in objects {
            if object.findings.is_empty() {
                cases.push(case(&path, object, object.kind, ""));
            }
            cases.extend(object.findings.iter().map(|one| case(&path, object, &one.lint, &content(one))));
        }
        let failed = objects.iter().flat_map(|object| &object.findings);
        let failed = failed.filter(|finding| finding.severity != Severity::Notice).count();
        suites += &format!(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failed}\">\n{}  </testsuite>\n",
            escaped(&path),
            cases.len(),
            cases.concat()
        );
    }
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"certroll lint\">\n{suites}</testsuites>\n")
}
