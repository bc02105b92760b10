//! Lints: rules that a certificate, a CRL or a request may break although it can be read. Each is a row of a table: a stable
//! name, the clause that makes the rule, the field it is about, and the check.
//!
//! Where zlint (github.com/zmap/zlint) has the same rule the name is zlint's, so that its documentation, exceptions and
//! dashboards hold here, too; a test compares the verdicts. As there, a rule binds only what was issued after it was made.
//!
//! What path validation and import refuse is told by [`crate::admission`], whose objections are findings of one lint.

mod alternative_names;
mod cabf;
mod constraints;
mod crl;
mod element;
mod fields;
mod general_names;
mod identifiers;
mod list_fields;
mod name;
mod oid;
mod pointers;
mod policies;
mod request;
mod rule;
mod structure;
mod subject;
#[cfg(test)]
mod tests;
mod uri;
mod usages;
mod verdict;

use fields::Fields;
use general_names::GeneralNames;
use list_fields::ListFields;
use rule::{Check, Since};
use verdict::Verdict;

use crate::admission::{self, Objection};
use certroll_base::clock::Timestamp;

pub use rule::Lint;
pub use verdict::Severity;

/// A set of lints beyond RFC 5280.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pack {
    /// The Baseline Requirements of the CA/Browser Forum for publicly trusted TLS certificates.
    Cabf,
}

/// A rule that is broken.
#[derive(Clone, Debug)]
pub struct LintFinding {
    /// The rule.
    pub lint: &'static Lint,
    /// How bad it is; mostly that of the lint.
    pub severity: Severity,
    /// Where the rule stands.
    pub clause: &'static str,
    /// What was found, in words.
    pub detail: String,
}

/// What admission refuses is refused by `verify`, by import and by the acceptance of what issuers send.
static ADMISSION: Lint = Lint::new(
    "e_not_admitted",
    ("RFC 5280 4.1", "certificate", Since::EVER),
    "it can be read in one way only",
    Check::Admission,
);

/// Lints over certificates, by topic.
const CERTIFICATE: &[&[Lint]] = &[
    structure::LINTS,
    identifiers::LINTS,
    subject::LINTS,
    alternative_names::LINTS,
    constraints::LINTS,
    usages::LINTS,
    policies::LINTS,
    pointers::LINTS,
];

/// Every lint, those of all packs included.
pub fn all() -> impl Iterator<Item = &'static Lint> {
    let certificate = CERTIFICATE.iter().copied().flatten();
    std::iter::once(&ADMISSION).chain(certificate).chain(crl::LINTS).chain(cabf::LINTS)
}

/// What is wrong with a certificate in DER; `None` if the octets do not have the shape of one. Its signature may still be empty.
pub fn certificate(der: &[u8], packs: &[Pack]) -> Option<Vec<LintFinding>> {
    let fields = Fields::of_certificate(der)?;
    let mut found = objections(admission::certificate(der));
    found.extend(rules(&fields, CERTIFICATE.iter().copied().flatten()));
    if packs.contains(&Pack::Cabf) && cabf::applies(&fields) {
        found.extend(rules(&fields, cabf::LINTS.iter()));
    }
    Some(found)
}

/// Errors for which a certificate is signed all the same. Which key usages go with a purpose is told by section 4.2.1.12 with
/// "may be consistent", and clients take others: an RSA client with keyEncipherment is as old as TLS.
const NO_OBSTACLE: &[&str] = &["e_key_usage_and_extended_key_usage_inconsistent"];

/// For what a certificate, in DER and with an empty signature in its place, is not to be signed.
pub fn before_signing(unsigned: &[u8]) -> Vec<LintFinding> {
    let mut found = certificate(unsigned, &[]).unwrap_or_default();
    found.retain(|one| one.severity == Severity::Error && !NO_OBSTACLE.contains(&one.lint.id));
    found
}

/// What is wrong with a CRL in DER; `None` if the octets do not have the shape of one.
pub fn list(der: &[u8]) -> Option<Vec<LintFinding>> {
    let fields = ListFields::read(der)?;
    let mut found = objections(admission::list(der));
    for lint in crl::LINTS {
        found.extend(finding(lint, crl::verdict(lint, &fields)));
    }
    Some(found)
}

/// What is wrong with what a request, in DER, wants certified; `None` if the octets do not have the shape of one.
pub fn request(der: &[u8]) -> Option<Vec<LintFinding>> {
    let fields = request::fields(der)?;
    Some(rules(&fields, request::lints()).collect())
}

fn rules<'a>(
    fields: &'a Fields<'a>,
    lints: impl Iterator<Item = &'static Lint> + 'a,
) -> impl Iterator<Item = LintFinding> + 'a {
    let issued = fields::instant(&fields.not_before);
    lints.filter_map(move |lint| finding(lint, verdict(lint, fields, issued)))
}

/// What a lint over certificates says; `issued` is when the validity begins.
fn verdict(lint: &Lint, fields: &Fields<'_>, issued: Option<Timestamp>) -> Verdict {
    if !lint.since.binds(issued) {
        return Verdict::NotApplicable;
    }
    match &lint.check {
        Check::Certificate(check) => check(fields),
        Check::Names(oid, check) => match fields.extensions.value(oid).map(GeneralNames::read) {
            None => Verdict::NotApplicable,
            Some(None) => Verdict::failed("the extension cannot be read"),
            Some(Some(names)) => Verdict::of(check(&names)),
        },
        Check::Critical(oid, wanted) => match fields.extensions.find(oid) {
            None => Verdict::NotApplicable,
            Some(one) if one.is_critical() == *wanted => Verdict::Passed,
            Some(_) if *wanted => Verdict::failed("the extension is not critical"),
            Some(_) => Verdict::failed("the extension is critical"),
        },
        Check::Longest(oid, most) => subject::length(&fields.subject, oid, *most),
        Check::List(_) | Check::Admission => Verdict::NotApplicable,
    }
}

fn finding(lint: &'static Lint, verdict: Verdict) -> Option<LintFinding> {
    let Verdict::Failed(severity, detail) = verdict else { return None };
    let severity = severity.unwrap_or(lint.severity());
    Some(LintFinding { lint, severity, clause: lint.clause, detail: detail.into_owned() })
}

fn objections(found: Vec<Objection>) -> Vec<LintFinding> {
    let refused = |one: Objection| LintFinding {
        lint: &ADMISSION,
        severity: Severity::Error,
        clause: one.clause,
        detail: one.text,
    };
    found.into_iter().map(refused).collect()
}
