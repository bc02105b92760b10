//! Rules of the CA/Browser Forum's Baseline Requirements for TLS certificates. They bind publicly trusted CAs, so nobody is held
//! against them unasked; and they speak of server certificates and of the CAs above them alone.

use super::element::{Element, dotted};
use super::fields::{Fields, instant};
use super::general_names::GeneralNames;
use super::oid;
use super::pointers::{access, points};
use super::rule::{Check, Lint, Since};
use super::usages::{CRL_SIGN, KEY_CERT_SIGN, key_usage, purposes};
use super::verdict::Verdict;
use crate::key::kind::PublicKeyKind;
use crate::verify::signature;

/// Version 1.0 of the requirements: 2012-07-01.
const FIRST: Since = Since::from(1_341_100_800);
/// 2014-01-01: the end of RSA keys of 1024 bits, by the end of the validity.
const NO_RSA_1024: i64 = 1_388_534_400;
/// 2016-01-01.
const NO_SHA1: Since = Since::from(1_451_606_400);
/// 2018-03-02.
const DAYS_825: Since = Since::from(1_519_948_800);
/// 2019-04-01.
const NO_UNDERSCORE: Since = Since::from(1_554_076_800);
/// Version 1.8.0: 2021-08-25.
const EXACT_NAME: Since = Since::from(1_629_849_600);
/// 2022-09-01.
const NO_UNIT: Since = Since::from(1_661_990_400);
/// Version 2.0.0: 2023-09-15.
const SECOND: Since = Since::from(1_694_736_000);
/// Ballot SC-063: 2024-03-15.
const CRL_REQUIRED: Since = Since::from(1_710_460_800);
/// Ballot SC-081: 2026-03-15, 2027-03-15, 2029-03-15.
const MILESTONES: [i64; 3] = [1_773_532_800, 1_805_068_800, 1_868_227_200];

const DAY: i64 = 86_400;

const fn rule(
    id: &'static str,
    (clause, field, since): (&'static str, &'static str, Since),
    rule: &'static str,
    check: fn(&Fields<'_>) -> Verdict,
) -> Lint {
    Lint::new(id, (clause, field, since), rule, Check::Certificate(check))
}

pub(super) const LINTS: &[Lint] = &[
    rule("e_ext_san_missing", ("BR 7.1.2.7.12", "subjectAltName", FIRST), "a server has subjectAltName", |fields| {
        owed(fields, oid::SUBJECT_ALT_NAME)
    }),
    rule("e_sub_cert_eku_missing", ("BR 7.1.2.7.10", "extKeyUsage", FIRST), "a server has extKeyUsage", |fields| {
        owed(fields, oid::EXTENDED_KEY_USAGE)
    }),
    rule(
        "e_sub_cert_certificate_policies_missing",
        ("BR 7.1.2.7.9", "certificatePolicies", FIRST),
        "a server has certificatePolicies",
        |fields| owed(fields, oid::CERTIFICATE_POLICIES),
    ),
    rule(
        "e_sub_cert_aia_missing",
        ("BR 7.1.2.7.7", "authorityInfoAccess", FIRST),
        "a server has authorityInfoAccess",
        |fields| owed(fields, oid::AUTHORITY_INFO_ACCESS),
    ),
    rule(
        "w_sub_cert_aia_does_not_contain_issuing_ca_url",
        ("BR 7.1.2.7.7", "authorityInfoAccess", FIRST),
        "the certificate of the issuer is found over http",
        |fields| {
            let found = access(fields, oid::CA_ISSUERS).iter().any(|uri| uri.starts_with(b"http://"));
            server(fields, || Verdict::unless(!found, "no URI http:// of the issuer's certificate"))
        },
    ),
    rule(
        "e_missing_crl_distrib_point",
        ("BR 7.1.2.11.2", "cRLDistributionPoints", CRL_REQUIRED),
        "a certificate that is not short-lived has a CRL or an OCSP responder",
        revocation_missing,
    ),
    rule(
        "e_crl_distrib_points_not_http",
        ("BR 7.1.2.11.2", "cRLDistributionPoints", SECOND),
        "CRLs are found over http",
        |fields| {
            let uris: Vec<_> = points(fields).unwrap_or_default().iter().flat_map(|point| point.uris()).collect();
            Verdict::when(!uris.is_empty(), || {
                Verdict::unless(!uris.iter().all(|uri| uri.starts_with(b"http:")), "a URI has another scheme")
            })
        },
    ),
    rule(
        "e_subject_common_name_not_exactly_from_san",
        ("BR 7.1.2.7.2", "commonName", EXACT_NAME),
        "a commonName is one of the alternative names",
        common_name,
    ),
    rule(
        "e_organizational_unit_name_prohibited",
        ("BR 7.1.2.7.4", "organizationalUnitName", NO_UNIT),
        "a server has no organizationalUnitName",
        |fields| {
            let has_unit = fields.subject.has(oid::ORGANIZATIONAL_UNIT);
            Verdict::when(!fields.is_ca(), || Verdict::unless(has_unit, "it has one"))
        },
    ),
    rule(
        "e_ext_san_uniform_resource_identifier_present",
        ("BR 7.1.2.7.12", "subjectAltName", FIRST),
        "no URI among the names",
        |fields| names(fields, |names| names.uris().next().is_some()),
    ),
    rule(
        "e_ext_san_rfc822_name_present",
        ("BR 7.1.2.7.12", "subjectAltName", FIRST),
        "no rfc822Name among the names",
        |fields| names(fields, |names| names.emails().next().is_some()),
    ),
    rule(
        "e_ext_san_directory_name_present",
        ("BR 7.1.2.7.12", "subjectAltName", FIRST),
        "no directoryName among the names",
        |fields| names(fields, |names| names.0.iter().any(|name| name.context_number() == Some(4))),
    ),
    rule(
        "e_dnsname_wildcard_only_in_left_label",
        ("BR 7.1.2.7.12", "subjectAltName", FIRST),
        "a wildcard is the left-most label",
        wildcard_elsewhere,
    ),
    rule(
        "e_underscore_not_permissible_in_dnsname",
        ("BR 7.1.2.7.12", "subjectAltName", NO_UNDERSCORE),
        "no dNSName has an underscore",
        |fields| {
            let names = alternative_names(fields);
            let has_names = names.dns().next().is_some() || fields.subject.has(oid::COMMON_NAME);
            let found = names.dns().find(|name| name.contains('_'));
            Verdict::when(fields.is_subscriber() && has_names, || {
                Verdict::of(found.map(|name| format!("`{name}` has")))
            })
        },
    ),
    rule(
        "e_sub_cert_key_usage_cert_sign_bit_set",
        ("BR 7.1.2.7.11", "keyUsage", FIRST),
        "a server has no keyCertSign",
        |fields| bit(fields, !fields.is_ca(), KEY_CERT_SIGN, false),
    ),
    rule(
        "e_sub_cert_key_usage_crl_sign_bit_set",
        ("BR 7.1.2.7.11", "keyUsage", FIRST),
        "a server has no cRLSign",
        |fields| bit(fields, !fields.is_ca(), CRL_SIGN, false),
    ),
    rule("e_ca_key_usage_missing", ("BR 7.1.2.10.7", "keyUsage", Since::RFC3280), "a CA has keyUsage", |fields| {
        let missing = key_usage(fields).unwrap_or_default() == 0;
        Verdict::when(fields.is_ca(), || Verdict::unless(missing, "it has none"))
    }),
    rule("e_ca_key_cert_sign_not_set", ("BR 7.1.2.10.7", "keyUsage", FIRST), "a CA has keyCertSign", |fields| {
        bit(fields, fields.is_ca(), KEY_CERT_SIGN, true)
    }),
    rule("e_ca_crl_sign_not_set", ("BR 7.1.2.10.7", "keyUsage", FIRST), "a CA has cRLSign", |fields| {
        bit(fields, fields.is_ca(), CRL_SIGN, true)
    }),
    rule("e_ca_organization_name_missing", ("BR 7.1.2.10.2", "organizationName", FIRST), "a CA has one", |fields| {
        of_ca(fields, oid::ORGANIZATION)
    }),
    rule("e_ca_country_name_missing", ("BR 7.1.2.10.2", "countryName", FIRST), "a CA has one", |fields| {
        of_ca(fields, oid::COUNTRY)
    }),
    rule(
        "e_sub_ca_crl_distribution_points_missing",
        ("BR 7.1.2.10.4", "cRLDistributionPoints", FIRST),
        "a subordinate CA has cRLDistributionPoints",
        |fields| {
            let missing = !fields.extensions.has(oid::CRL_DISTRIBUTION_POINTS);
            let applies = fields.is_ca() && !fields.is_self_signed;
            Verdict::when(applies, || Verdict::unless(missing, "the extension is missing"))
        },
    ),
    rule(
        "e_root_ca_extended_key_usage_present",
        ("BR 7.1.2.1.2", "extKeyUsage", FIRST),
        "a root has no extKeyUsage",
        |fields| {
            let is_there = fields.extensions.has(oid::EXTENDED_KEY_USAGE);
            Verdict::when(fields.is_ca() && fields.is_self_signed, || Verdict::unless(is_there, "it has one"))
        },
    ),
    rule(
        "e_rsa_mod_less_than_2048_bits",
        ("BR 6.1.5", "subjectPublicKeyInfo", Since::EVER),
        "RSA: 2048 bits",
        rsa_size,
    ),
    rule(
        "e_ec_improper_curves",
        ("BR 6.1.5", "subjectPublicKeyInfo", Since::EVER),
        "the curve is P-256, P-384 or P-521",
        improper_curve,
    ),
    rule("e_sub_cert_or_sub_ca_using_sha1", ("BR 7.1.3.2", "signature", NO_SHA1), "no signature over SHA-1", sha1),
    rule(
        "e_sub_cert_valid_time_longer_than_825_days",
        ("BR 6.3.2", "validity", DAYS_825),
        "a server lives for at most 825 days",
        |fields| {
            let long = lifetime(fields).is_some_and(|seconds| seconds > 825 * DAY);
            Verdict::when(fields.is_subscriber(), || Verdict::unless(long, "it lives longer"))
        },
    ),
    rule(
        "e_server_cert_valid_time_longer_than_200_days",
        ("BR 6.3.2", "validity", Since(MILESTONES[0], MILESTONES[1])),
        "a server lives for at most 200 days",
        |fields| longer(fields, 200),
    ),
    rule(
        "e_server_cert_valid_time_longer_than_100_days",
        ("BR 6.3.2", "validity", Since(MILESTONES[1], MILESTONES[2])),
        "a server lives for at most 100 days",
        |fields| longer(fields, 100),
    ),
    rule(
        "e_server_cert_valid_time_longer_than_47_days",
        ("BR 6.3.2", "validity", Since::from(MILESTONES[2])),
        "a server lives for at most 47 days",
        |fields| longer(fields, 47),
    ),
];

/// Whether the requirements speak of the certificate: it can be a server's.
pub(super) fn applies(fields: &Fields<'_>) -> bool {
    /// 2.23.140.1.2: domain, organization and individual validated; 2.23.140.1.1: extended validation.
    const RESERVED: &[&str] = &["2.23.140.1.1", "2.23.140.1.2.1", "2.23.140.1.2.2", "2.23.140.1.2.3"];
    let Some(purposes) = purposes(fields).filter(|purposes| !purposes.is_empty()) else { return true };
    let policies = fields.extensions.value(oid::CERTIFICATE_POLICIES).and_then(Element::sequence).unwrap_or_default();
    let mut policies = policies.iter().filter_map(|one| one.parts()?.first().map(|oid| dotted(oid.content)));
    purposes.iter().any(|purpose| [oid::SERVER_AUTH, oid::ANY_PURPOSE].contains(purpose))
        || policies.any(|policy| RESERVED.contains(&policy.as_str()))
}

fn server(fields: &Fields<'_>, verdict: impl FnOnce() -> Verdict) -> Verdict {
    Verdict::when(fields.is_subscriber(), verdict)
}

/// An extension that everything but a CA has.
fn owed(fields: &Fields<'_>, oid: &[u8]) -> Verdict {
    Verdict::when(!fields.is_ca(), || Verdict::unless(!fields.extensions.has(oid), "the extension is missing"))
}

fn of_ca(fields: &Fields<'_>, oid: &[u8]) -> Verdict {
    let has_value = fields.subject.of(oid).next().is_some_and(|attribute| !attribute.value.content.is_empty());
    Verdict::when(fields.is_ca(), || Verdict::unless(!has_value, "it has none"))
}

fn bit(fields: &Fields<'_>, applies: bool, bit: u16, wanted: bool) -> Verdict {
    match key_usage(fields).filter(|_| applies) {
        None => Verdict::NotApplicable,
        Some(_) if wanted => Verdict::unless(key_usage(fields).unwrap_or_default() & bit == 0, "the bit is not set"),
        Some(usage) => Verdict::unless(usage & bit != 0, "the bit is set"),
    }
}

fn alternative_names<'a>(fields: &Fields<'a>) -> GeneralNames<'a> {
    fields.extensions.value(oid::SUBJECT_ALT_NAME).and_then(GeneralNames::read).unwrap_or_default()
}

fn names(fields: &Fields<'_>, broken: fn(&GeneralNames<'_>) -> bool) -> Verdict {
    let is_there = fields.extensions.has(oid::SUBJECT_ALT_NAME);
    Verdict::when(is_there, || Verdict::unless(broken(&alternative_names(fields)), "there is one"))
}

fn common_name(fields: &Fields<'_>) -> Verdict {
    let applies = fields.subject.has(oid::COMMON_NAME) && !fields.is_ca();
    Verdict::when(applies, || {
        let names = alternative_names(fields);
        let mut listed: Vec<String> = names.dns().map(|name| name.into_owned()).collect();
        let address = |octets: &[u8]| match octets.len() {
            4 => <[u8; 4]>::try_from(octets).ok().map(|four| std::net::IpAddr::from(four).to_string()),
            _ => <[u8; 16]>::try_from(octets).ok().map(|all| std::net::IpAddr::from(all).to_string()),
        };
        listed.extend(names.addresses().filter_map(address));
        let mut given = fields.subject.of(oid::COMMON_NAME).map(|name| name.text());
        Verdict::of(given.find(|name| !listed.iter().any(|one| one == name)).map(|name| format!("`{name}` is not")))
    })
}

fn wildcard_elsewhere(fields: &Fields<'_>) -> Verdict {
    let broken = |name: &str| name.split('.').skip(1).any(|label| label.contains('*'));
    let common = fields.subject.of(oid::COMMON_NAME).any(|name| broken(&name.text()));
    Verdict::unless(common || alternative_names(fields).dns().any(|name| broken(&name)), "a name has it elsewhere")
}

fn lifetime(fields: &Fields<'_>) -> Option<i64> {
    Some(instant(&fields.not_after)?.secs() - instant(&fields.not_before)?.secs())
}

/// The last second counts (RFC 5280 section 4.1.2.5).
fn longer(fields: &Fields<'_>, days: i64) -> Verdict {
    let long = lifetime(fields).is_some_and(|seconds| seconds + 1 > days * DAY);
    Verdict::when(!fields.is_ca(), || Verdict::unless(long, "it lives longer"))
}

/// Short-lived are seven days, ten before 2026-03-15 (section 1.6.1).
fn revocation_missing(fields: &Fields<'_>) -> Verdict {
    let early = instant(&fields.not_before).is_some_and(|from| from.secs() < MILESTONES[0]);
    let short = lifetime(fields).is_some_and(|seconds| seconds <= if early { 10 } else { 7 } * DAY);
    Verdict::when(fields.is_subscriber() && !short, || {
        let has_list = points(fields).unwrap_or_default().iter().any(|point| !point.uris().is_empty());
        Verdict::unless(!has_list && access(fields, oid::OCSP).is_empty(), "it has neither CRL nor OCSP")
    })
}

fn rsa_size(fields: &Fields<'_>) -> Verdict {
    let bits = PublicKeyKind::of(fields.key.whole).rsa_bits();
    let ends = instant(&fields.not_after).is_none_or(|end| end.secs() >= NO_RSA_1024);
    match bits.filter(|_| ends) {
        None => Verdict::NotApplicable,
        Some(bits) => Verdict::of((bits < 2048).then(|| format!("it has {bits} bits"))),
    }
}

fn improper_curve(fields: &Fields<'_>) -> Verdict {
    const CURVES: [&str; 3] = ["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"];
    let algorithm = fields.key.parts().and_then(|parts| parts.first()?.parts()).unwrap_or_default();
    let [kind, curve] = algorithm.as_slice() else { return Verdict::NotApplicable };
    let is_elliptic = dotted(kind.content) == "1.2.840.10045.2.1";
    Verdict::when(is_elliptic, || Verdict::unless(!CURVES.contains(&dotted(curve.content).as_str()), "it is another"))
}

fn sha1(fields: &Fields<'_>) -> Verdict {
    let algorithm = fields.algorithms.0.parts().and_then(|parts| parts.first().map(|oid| dotted(oid.content)));
    let name = algorithm.as_deref().map(signature::algorithm_name).unwrap_or_default();
    // The last is DSA, which has no name here.
    let weak = ["sha1WithRSAEncryption", "ecdsa-with-SHA1", "1.2.840.10040.4.3"].contains(&name);
    Verdict::of(weak.then(|| format!("it is signed with {name}")))
}
