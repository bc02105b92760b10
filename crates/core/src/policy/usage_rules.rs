//! Rules about time, usages and the power to sign.

use std::fmt::Display;

use super::facts::PolicyFacts;
use super::refusal::Objection;
use certroll_base::clock::Timestamp;
use certroll_pki::x509::extensions::{BasicConstraints, KeyUsage};
use certroll_pki::x509::validity::{BACKDATE_SECS, Lifetime};

/// Counted from the moment of signing: the minute by which validity starts earlier does not count against the limit.
pub(super) fn max_lifetime(facts: &PolicyFacts<'_>, most: i64) -> Option<Objection> {
    let validity = facts.content.validity;
    let secs = validity.not_after.secs() - validity.not_before.secs() - BACKDATE_SECS;
    let endless = validity.not_after == Timestamp::NO_EXPIRY;
    if secs <= most && !endless {
        return None;
    }
    let (value, of) = match endless {
        true => ("never".to_owned(), "without end".to_owned()),
        false => (span(secs), format!("of {}", span(secs))),
    };
    Some(Objection::new(value, span(most), format!("lifetime {of} is over the limit of {}", span(most))))
}

pub(super) fn not_beyond_issuer(facts: &PolicyFacts<'_>) -> Option<Objection> {
    let (own, issuer) = (facts.content.validity.not_after, facts.issuer_validity?.not_after);
    let statement = format!("validity until {own} is longer than the issuer's, until {issuer}");
    (own > issuer).then(|| Objection::new(own.to_string(), issuer.to_string(), statement))
}

/// An objection to each of `found` that is not among `allowed`.
pub(super) fn subset<T: PartialEq + Display>(what: &str, found: &[T], allowed: &[T]) -> Vec<Objection> {
    let limit = || match allowed {
        [] => "none".to_owned(),
        _ => allowed.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    };
    let objection = |one: &T| {
        Objection::new(one.to_string(), limit(), format!("{what} {one} is not allowed (allowed: {})", limit()))
    };
    found.iter().filter(|one| !allowed.contains(one)).map(objection).collect()
}

/// Either mark makes a CA of it in the eyes of some verifier.
pub(super) fn forbid_ca(facts: &PolicyFacts<'_>) -> Option<Objection> {
    let extensions = &facts.content.extensions;
    let marked = matches!(extensions.basic_constraints, BasicConstraints::Ca { .. });
    let signs = extensions.key_usage.contains(&KeyUsage::KeyCertSign);
    let statement = "the certificate could sign others, and only one of a CA may";
    (marked || signs).then(|| Objection::new("CA", "end entity", statement))
}

pub(super) fn max_path_length(facts: &PolicyFacts<'_>, most: u8) -> Option<Objection> {
    let BasicConstraints::Ca { path_length } = facts.content.extensions.basic_constraints else { return None };
    let value = match path_length {
        Some(length) if length <= most => return None,
        Some(length) => length.to_string(),
        None => "unlimited".to_owned(),
    };
    let statement = format!("path length {value} is over the limit of {most}");
    Some(Objection::new(value, most.to_string(), statement))
}

/// A certificate with id-pkix-ocsp-nocheck needs none.
pub(super) fn revocation_source_required(facts: &PolicyFacts<'_>) -> Option<Objection> {
    let extensions = &facts.content.extensions;
    let pointed = !(extensions.crl_distribution_points.is_empty() && extensions.ocsp.is_empty());
    let statement = "the certificate says nowhere how to find out that it is revoked (CRL or OCSP)";
    (!pointed && !extensions.ocsp_no_check).then(|| Objection::new("none", "CRL or OCSP", statement))
}

/// `90 days`, or the shortest exact form of a duration that is no whole number of days.
fn span(secs: i64) -> String {
    match (secs / 86_400, secs % 86_400) {
        (1, 0) => "1 day".to_owned(),
        (days, 0) => format!("{days} days"),
        _ => Lifetime::Seconds(secs).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::fixture::{Fixture, check};
    use certroll_pki::x509::extensions::ExtendedUsage;

    #[test]
    fn each_rule_refuses() {
        let usages = "extended_key_usage = [\"serverAuth\"]";
        check(&[
            ("max_lifetime = \"90d\"", |f| f.live("398d"), &["lifetime of 398 days is over the limit of 90 days"]),
            ("max_lifetime = \"90d\"", |f| f.live("2161h"), &["lifetime of 2161h is over the limit of 90 days"]),
            ("max_lifetime = \"90d\"", |f| f.live("never"), &["lifetime without end is over the limit of 90 days"]),
            (
                "not_beyond_issuer = true",
                |f| {
                    let mut shorter = f.content.validity;
                    shorter.not_after = shorter.not_after.plus_secs(-1);
                    f.issuer_validity = Some(shorter);
                },
                &["validity until 2027-04-15T08:00:00Z is longer than the issuer's, until 2027-04-15T07:59:59Z"],
            ),
            (
                "key_usage = [\"digitalSignature\"]",
                |f| f.extensions().key_usage.push(KeyUsage::KeyEncipherment),
                &["key usage keyEncipherment is not allowed (allowed: digitalSignature)"],
            ),
            (
                usages,
                |f| {
                    f.extensions()
                        .extended_key_usage
                        .extend(["clientAuth", "1.2.3"].map(|u| u.parse::<ExtendedUsage>().unwrap()))
                },
                &[
                    "extended key usage clientAuth is not allowed (allowed: serverAuth)",
                    "extended key usage 1.2.3 is not allowed (allowed: serverAuth)",
                ],
            ),
            (
                "forbid_ca = true",
                |f| f.extensions().basic_constraints = BasicConstraints::Ca { path_length: Some(0) },
                &["the certificate could sign others, and only one of a CA may"],
            ),
            (
                "forbid_ca = true",
                |f| f.extensions().key_usage.push(KeyUsage::KeyCertSign),
                &["the certificate could sign others, and only one of a CA may"],
            ),
            (
                "max_path_length = 1",
                |f| f.extensions().basic_constraints = BasicConstraints::Ca { path_length: None },
                &["path length unlimited is over the limit of 1"],
            ),
            (
                "max_path_length = 1",
                |f| f.extensions().basic_constraints = BasicConstraints::Ca { path_length: Some(2) },
                &["path length 2 is over the limit of 1"],
            ),
            (
                "revocation_source_required = true",
                |f| f.extensions().crl_distribution_points.clear(),
                &["the certificate says nowhere how to find out that it is revoked (CRL or OCSP)"],
            ),
        ]);
    }

    #[test]
    fn a_responder_needs_no_revocation_source_and_a_root_no_issuer() {
        let mut fixture = Fixture::broker();
        fixture.extensions().crl_distribution_points.clear();
        fixture.extensions().ocsp_no_check = true;
        fixture.issuer_validity = None;
        assert!(revocation_source_required(&fixture.facts()).is_none());
        assert!(not_beyond_issuer(&fixture.facts()).is_none());
    }
}
