//! Times and key identifiers (RFC 5280 sections 4.1.2.5, 4.2.1.1 and 4.2.1.2).

use super::element::{Element, tag};
use super::fields::{Fields, instant};
use super::oid;
use super::rule::{Check, Lint, Since};
use super::verdict::Verdict;

const VALIDITY: &str = "validity";
const AUTHORITY: &str = "authorityKeyIdentifier";
const SUBJECT: &str = "subjectKeyIdentifier";

/// 2050-01-01T00:00:00Z.
const YEAR_2050: i64 = 2_524_608_000;

pub(super) const LINTS: &[Lint] = &[
    Lint::new(
        "e_wrong_time_format_pre2050",
        ("RFC 5280 4.1.2.5", VALIDITY, Since::RFC2459),
        "dates through 2049 are a UTCTime",
        Check::Certificate(|fields| {
            let early = |time: &Element<'_>| {
                time.tag == tag::GENERALIZED_TIME && instant(time).is_some_and(|at| at.secs() < YEAR_2050)
            };
            Verdict::unless([fields.not_before, fields.not_after].iter().any(early), "a GeneralizedTime before 2050")
        }),
    ),
    Lint::new(
        "e_utc_time_not_in_zulu",
        ("RFC 5280 4.1.2.5.1", VALIDITY, Since::RFC2459),
        "a UTCTime ends in Z",
        Check::Certificate(|fields| times(fields, tag::UTC_TIME, not_zulu)),
    ),
    Lint::new(
        "e_utc_time_does_not_include_seconds",
        ("RFC 5280 4.1.2.5.1", VALIDITY, Since::RFC2459),
        "a UTCTime has seconds",
        Check::Certificate(|fields| {
            times(fields, tag::UTC_TIME, |time| (!matches!(time.len(), 13 | 17)).then_some("it has no seconds"))
        }),
    ),
    Lint::new(
        "e_generalized_time_not_in_zulu",
        ("RFC 5280 4.1.2.5.2", VALIDITY, Since::RFC2459),
        "a GeneralizedTime ends in Z",
        Check::Certificate(|fields| times(fields, tag::GENERALIZED_TIME, not_zulu)),
    ),
    Lint::new(
        "e_generalized_time_does_not_include_seconds",
        ("RFC 5280 4.1.2.5.2", VALIDITY, Since::RFC2459),
        "a GeneralizedTime has seconds",
        Check::Certificate(|fields| {
            times(fields, tag::GENERALIZED_TIME, |time| (digits(time) < 14).then_some("it has no seconds"))
        }),
    ),
    Lint::new(
        "e_generalized_time_includes_fraction_seconds",
        ("RFC 5280 4.1.2.5.2", VALIDITY, Since::RFC2459),
        "a GeneralizedTime has no fractions of seconds",
        Check::Certificate(|fields| {
            times(fields, tag::GENERALIZED_TIME, |time| (digits(time) > 14).then_some("it has fractions of a second"))
        }),
    ),
    Lint::new(
        "e_ext_authority_key_identifier_critical",
        ("RFC 5280 4.2.1.1", AUTHORITY, Since::RFC2459),
        "authorityKeyIdentifier is not critical",
        Check::Critical(oid::AUTHORITY_KEY_ID, false),
    ),
    Lint::new(
        "e_ext_authority_key_identifier_no_key_identifier",
        ("RFC 5280 4.2.1.1", AUTHORITY, Since::RFC2459),
        "all but self-signed CAs have the key identifier of their issuer",
        Check::Certificate(authority_key_id),
    ),
    Lint::new(
        "e_ext_subject_key_identifier_critical",
        ("RFC 5280 4.2.1.2", SUBJECT, Since::RFC2459),
        "subjectKeyIdentifier is not critical",
        Check::Critical(oid::SUBJECT_KEY_ID, false),
    ),
    Lint::new(
        "e_ext_subject_key_identifier_missing_ca",
        ("RFC 5280 4.2.1.2", SUBJECT, Since::RFC2459),
        "a CA has a subjectKeyIdentifier",
        Check::Certificate(|fields| Verdict::when(fields.is_ca(), || subject_key_id(fields))),
    ),
    Lint::new(
        "w_ext_subject_key_identifier_missing_sub_cert",
        ("RFC 5280 4.2.1.2", SUBJECT, Since::RFC2459),
        "an end entity has a subjectKeyIdentifier",
        Check::Certificate(|fields| Verdict::when(!fields.is_ca(), || subject_key_id(fields))),
    ),
];

/// Over the times of one form.
fn times(fields: &Fields<'_>, form: u8, check: fn(&[u8]) -> Option<&'static str>) -> Verdict {
    let meant: Vec<_> = [fields.not_before, fields.not_after].into_iter().filter(|time| time.tag == form).collect();
    Verdict::when(!meant.is_empty(), || Verdict::of(meant.iter().find_map(|time| check(time.content))))
}

fn not_zulu(time: &[u8]) -> Option<&'static str> {
    (!time.ends_with(b"Z")).then_some("its time is not UTC, told by Z")
}

/// How many octets stand before the time zone.
fn digits(time: &[u8]) -> usize {
    time.iter().position(|octet| b"Z+-".contains(octet)).unwrap_or(time.len())
}

fn authority_key_id(fields: &Fields<'_>) -> Verdict {
    let parts = fields.extensions.value(oid::AUTHORITY_KEY_ID).and_then(Element::sequence).unwrap_or_default();
    let is_there = parts.iter().any(|part| part.tag == tag::context(0));
    let is_owed = !(fields.is_ca() && fields.is_self_signed);
    Verdict::unless(is_owed && !is_there, "it has no key identifier of its issuer")
}

fn subject_key_id(fields: &Fields<'_>) -> Verdict {
    Verdict::unless(!fields.extensions.has(oid::SUBJECT_KEY_ID), "it has none")
}
