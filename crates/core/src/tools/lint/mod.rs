//! What is wrong with certificates, CRLs, requests and keystores: by the rules of RFC 5280 and the packs that are asked for, and
//! by template and policies.

mod against;
mod objects;

use std::path::Path;

use self::objects::{Found, Kind};
use super::csr_lint::{self, CsrFinding};
use super::keystore::file::Passwords;
use super::keystore::lint::{self as keystore_lint, KeystoreFinding, Level};
use crate::error::Error;
use certroll_base::clock::Timestamp;
use certroll_pki::lint::{self as rules, LintFinding, Pack, Severity};
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::request::{CertificateRequest, RequestError};

pub use against::AgainstTemplate;

/// Where in a file something was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// The line on which its PEM block begins, from 1.
    pub line: Option<usize>,
    /// The entry of the keystore.
    pub entry: Option<String>,
    /// Which certificate of the entry or of the PKCS#7 it is, from 1.
    pub certificate: Option<usize>,
}

/// A rule that is broken.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The stable name of the rule.
    pub lint: String,
    /// How bad it is.
    pub severity: Severity,
    /// Where the rule stands: `RFC 5280 4.2.1.6`. Rules of templates, policies and keystores stand in no RFC.
    pub clause: Option<&'static str>,
    /// The field that it is about.
    pub field: String,
    /// What is to hold, for rules of a table.
    pub rule: Option<&'static str>,
    /// What was found, in words.
    pub detail: String,
}

/// One object, and what is wrong with it.
#[derive(Clone, Debug)]
pub struct LintedObject {
    /// `certificate`, `crl`, `request` or `keystore`.
    pub kind: &'static str,
    /// The name of its subject or issuer, for a person.
    pub name: String,
    /// Where it stands in its file.
    pub position: Position,
    /// What is wrong, the worst first.
    pub findings: Vec<Finding>,
}

/// What is to be looked for.
#[derive(Clone, Copy)]
pub struct LintInputs<'a> {
    /// Packs beyond RFC 5280.
    pub packs: &'a [Pack],
    /// The template that made it, or would, with the policies.
    pub against: Option<&'a AgainstTemplate<'a>>,
    /// Rules that are not looked at.
    pub ignored: &'a [String],
    /// The passwords of keystores.
    pub passwords: &'a Passwords,
    /// The present.
    pub now: Timestamp,
}

/// Looks through a file; `-` is standard input.
///
/// # Errors
/// It cannot be read or opened, or holds nothing that has rules.
pub fn file(path: &Path, inputs: &LintInputs<'_>) -> Result<Vec<LintedObject>, Error> {
    let found = objects::read(path, inputs.passwords)?;
    let mut linted = Vec::with_capacity(found.len());
    let mut before: Option<Certificate> = None;
    for one in found {
        let certificate = Certificate::from_der(&one.der).ok().filter(|_| one.kind == Kind::Certificate);
        // A chain: the template speaks of its first certificate, not of the CAs above.
        let is_above = before.as_ref().zip(certificate.as_ref()).is_some_and(|(below, one)| below.names_as_issuer(one));
        let inputs = LintInputs { against: inputs.against.filter(|_| !is_above), ..*inputs };
        linted.push(object(path, one, certificate.as_ref(), &inputs)?);
        before = certificate;
    }
    Ok(linted)
}

/// `certificate` is the object itself, where it is one that can be read.
fn object(
    path: &Path,
    found: Found,
    certificate: Option<&Certificate>,
    inputs: &LintInputs<'_>,
) -> Result<LintedObject, Error> {
    let malformed = || objects::malformed(path, &found.position, found.kind);
    let own = |list: Option<Vec<LintFinding>>| {
        list.map(|list| list.into_iter().map(of_rule).collect::<Vec<_>>()).ok_or_else(malformed)
    };
    let (name, mut findings) = match found.kind {
        Kind::Certificate => {
            let mut findings = own(rules::certificate(&found.der, inputs.packs))?;
            if let Some((certificate, against)) = certificate.zip(inputs.against) {
                findings.extend(against.certificate(certificate));
            }
            (certificate.map(Certificate::display_name), findings)
        }
        Kind::Crl => {
            let name = certroll_pki::x509::crl::Crl::from_der(&found.der).ok().map(|crl| crl.issuer.to_string());
            (name, own(rules::list(&found.der))?)
        }
        Kind::Request => {
            let mut findings = own(rules::request(&found.der))?;
            (request(&found.der, inputs, &mut findings), findings)
        }
        Kind::Keystore => {
            let list = keystore_lint::lint(path, inputs.passwords, inputs.now)?;
            (None, list.into_iter().map(of_keystore).collect())
        }
    };
    findings.retain(|finding| !inputs.ignored.contains(&finding.lint));
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    Ok(LintedObject { kind: found.kind.name(), name: name.unwrap_or_default(), position: found.position, findings })
}

/// What is to be said of a request beyond the rules of certificates; its name.
fn request(der: &[u8], inputs: &LintInputs<'_>, findings: &mut Vec<Finding>) -> Option<String> {
    match CertificateRequest::from_der(der) {
        Ok(request) => {
            let mut said = csr_lint::alone(&request);
            said.extend(inputs.against.map(|against| against.request(&request)).unwrap_or_default());
            findings.extend(said.into_iter().map(of_request));
            request.subject.common_name().or_else(|| request.names.first().map(ToString::to_string))
        }
        Err(error) => {
            let (rule, clause) = match error {
                RequestError::Possession(_) => ("possession", "RFC 2986 4.2"),
                _ => ("malformed", "RFC 2986 4.1"),
            };
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
            findings.push(Finding {
                lint: format!("request/{rule}"),
                severity: Severity::Error,
                clause: Some(clause),
                field: "request".to_owned(),
                rule: None,
                detail: format!("{error}{cause}"),
            });
            None
        }
    }
}

fn of_rule(finding: LintFinding) -> Finding {
    Finding {
        lint: finding.lint.id.to_owned(),
        severity: finding.severity,
        clause: Some(finding.clause),
        field: finding.lint.field.to_owned(),
        rule: Some(finding.lint.rule),
        detail: finding.detail,
    }
}

/// A certificate that has expired was right when it was made.
fn severity(level: Level) -> Severity {
    match level {
        Level::Note => Severity::Notice,
        Level::Warning | Level::Expired => Severity::Warning,
        Level::Error => Severity::Error,
    }
}

fn of_request(finding: CsrFinding) -> Finding {
    let from = finding.policy.map_or_else(|| "request".to_owned(), |policy| format!("policy/{policy}"));
    Finding {
        lint: format!("{from}/{}", finding.rule),
        severity: severity(finding.level),
        clause: None,
        field: finding.field.to_owned(),
        rule: None,
        detail: finding.text,
    }
}

fn of_keystore(finding: KeystoreFinding) -> Finding {
    Finding {
        lint: format!("keystore/{}", finding.code),
        severity: severity(finding.level),
        clause: None,
        field: finding.alias.map_or_else(|| "keystore".to_owned(), |alias| format!("entry {alias}")),
        rule: None,
        detail: finding.text,
    }
}
