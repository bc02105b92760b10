//! CRLs (RFC 5280 section 5).

use super::element::{Element, tag};
use super::fields::instant;
use super::list_fields::{Entry, ListFields};
use super::oid;
use super::rule::{Check, Lint, Since};
use super::verdict::{Severity, Verdict};

const NUMBER: &str = "cRLNumber";
const REVOKED: &str = "revokedCertificates";

const fn lint(
    id: &'static str,
    (clause, field): (&'static str, &'static str),
    rule: &'static str,
    check: fn(&ListFields<'_>) -> Verdict,
) -> Lint {
    Lint::new(id, (clause, field, Since::RFC5280), rule, Check::List(check))
}

pub(super) const LINTS: &[Lint] = &[
    lint("e_crl_has_next_update", ("RFC 5280 5.1.2.5", "nextUpdate"), "a CRL says when the next one is due", |list| {
        Verdict::unless(list.next_update.is_none(), "nextUpdate is missing")
    }),
    lint(
        "e_crl_has_authority_key_identifier",
        ("RFC 5280 5.2.1", "authorityKeyIdentifier"),
        "a CRL has an authorityKeyIdentifier",
        |list| Verdict::unless(!list.extensions.has(oid::AUTHORITY_KEY_ID), "it is missing"),
    ),
    lint("e_crl_missing_crl_number", ("RFC 5280 5.2.3", NUMBER), "a CRL has a number", |list| {
        Verdict::unless(!list.extensions.has(oid::CRL_NUMBER), "it is missing")
    }),
    lint(
        "e_crl_empty_revoked_certificates",
        ("RFC 5280 5.1.2.6", REVOKED),
        "a list without entries is left out",
        |list| Verdict::unless(list.has_empty_row(), "it is there and empty"),
    ),
    lint(
        "e_crl_revoked_certificates_field_must_be_empty",
        ("RFC 5280 5.1.2.6", REVOKED),
        "where nothing is revoked the list is left out",
        |list| {
            let nothing = list.revoked.is_none() || list.has_empty_row();
            Verdict::when(nothing, || Verdict::unless(list.has_empty_row(), "it is there and empty"))
        },
    ),
    lint(
        "e_crl_empty_extn_sequence",
        ("RFC 5280 A.1", "crlEntryExtensions"),
        "an entry without extensions leaves the field out",
        |list| {
            let is_empty = |entry: &Entry<'_>| entry.extensions.is_some_and(|row| row.content.is_empty());
            Verdict::unless(list.entries().any(|entry| is_empty(&entry)), "an entry has an empty row of extensions")
        },
    ),
    lint(
        "e_crl_revocation_time_after_this_update",
        ("RFC 5280 5.1.2.6", REVOKED),
        "nothing is revoked after the CRL was made",
        revoked_later,
    ),
    lint("e_crl_has_valid_reason_code", ("RFC 5280 5.3.1", "reasonCode"), "reasons are those of the RFC", reasons),
    lint(
        "e_crl_sigalgo_missing_null_params",
        ("RFC 4055 5", "signatureAlgorithm"),
        "the parameters of a PKCS #1 signature algorithm are NULL",
        |list| {
            let parts = list.algorithm.parts().unwrap_or_default();
            let is_meant = |oid: &Element<'_>| matches!(oid.content.split_last(), Some((11..=14, oid::PKCS1)));
            let has_null = matches!(parts.as_slice(), [_, null] if null.tag == tag::NULL && null.content.is_empty());
            Verdict::unless(parts.first().is_some_and(is_meant) && !has_null, "they are not NULL")
        },
    ),
];

/// What a lint over CRLs says.
pub(super) fn verdict(lint: &Lint, list: &ListFields<'_>) -> Verdict {
    match lint.check {
        Check::List(check) if lint.since.binds(instant(&list.this_update)) => check(list),
        _ => Verdict::NotApplicable,
    }
}

fn revoked_later(list: &ListFields<'_>) -> Verdict {
    let made = instant(&list.this_update);
    let later = |entry: &Entry<'_>| made.is_some_and(|made| instant(&entry.time).is_some_and(|at| at > made));
    Verdict::when(list.has_entries(), || {
        Verdict::of(list.entries().find(later).map(|entry| format!("entry {} is", entry.serial_text())))
    })
}

/// 7 is not used, and `unspecified` is said by leaving the extension out: a SHOULD.
fn reasons(list: &ListFields<'_>) -> Verdict {
    let told = |entry: Entry<'_>| {
        let code = entry.reason().filter(|code| matches!(code, 0 | 7 | 11..))?;
        let severity = (code == 0).then_some(Severity::Warning);
        Some(Verdict::Failed(severity, format!("entry {} has the reason {code}", entry.serial_text()).into()))
    };
    Verdict::when(list.has_entries(), || list.entries().find_map(told).unwrap_or(Verdict::Passed))
}
