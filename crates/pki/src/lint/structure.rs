//! The frame of a certificate: version, serial number, algorithms, the form of its extensions (RFC 5280 section 4.1).

use super::element::{Element, dotted, tag};
use super::fields::{Fields, V3};
use super::oid;
use super::rule::{Check, Lint, Since};
use super::verdict::Verdict;

const ALGORITHM: &str = "signature";
const EXTENSIONS: &str = "extensions";

pub(super) const LINTS: &[Lint] = &[
    Lint::new(
        "e_serial_number_longer_than_20_octets",
        ("RFC 5280 4.1.2.2", "serialNumber", Since::RFC3280),
        "the serial number has at most 20 octets",
        Check::Certificate(long_serial),
    ),
    Lint::new(
        "e_serial_number_not_positive",
        ("RFC 5280 4.1.2.2", "serialNumber", Since::RFC3280),
        "the serial number is positive",
        Check::Certificate(serial_not_positive),
    ),
    Lint::new(
        "e_cert_sig_alg_not_match_tbs_sig_alg",
        ("RFC 5280 4.1.1.2", ALGORITHM, Since::RFC5280),
        "the signature algorithm inside of what is signed is the one beside the signature",
        Check::Certificate(|fields| {
            let (inner, outer) = &fields.algorithms;
            Verdict::unless(inner.content != outer.content, "the algorithm inside is not the one outside")
        }),
    ),
    Lint::new(
        "e_tbs_signature_rsa_encryption_parameter_not_null",
        ("RFC 4055 5", ALGORITHM, Since::RFC5280),
        "the parameters of a PKCS #1 signature algorithm are NULL",
        Check::Certificate(|fields| {
            let is_signature = |number| matches!(number, 1 | 2 | 4 | 5 | 11..=14);
            null_parameters(&fields.algorithms.0, is_signature)
        }),
    ),
    Lint::new(
        "e_spki_rsa_encryption_parameter_not_null",
        ("RFC 4055 1.2", "subjectPublicKeyInfo", Since::RFC5280),
        "the parameters of rsaEncryption are NULL",
        Check::Certificate(key_parameters),
    ),
    Lint::new(
        "e_cert_contains_unique_identifier",
        ("RFC 5280 4.1.2.8", "issuerUniqueID, subjectUniqueID", Since::RFC5280),
        "no unique identifiers",
        Check::Certificate(|fields| Verdict::unless(fields.has_unique_identifiers, "it has unique identifiers")),
    ),
    Lint::new(
        "e_cert_unique_identifier_version_not_2_or_3",
        ("RFC 5280 4.1.2.8", "version", Since::RFC5280),
        "unique identifiers are of versions 2 and 3",
        Check::Certificate(|fields| {
            let broken = fields.has_unique_identifiers && !matches!(fields.version, 2 | V3);
            Verdict::unless(broken, "it has unique identifiers, which its version does not know")
        }),
    ),
    Lint::new(
        "e_cert_extensions_version_not_3",
        ("RFC 5280 4.1.2.9", "version", Since::RFC2459),
        "extensions are of version 3",
        Check::Certificate(|fields| {
            let broken = fields.version != V3 && !fields.extensions.0.is_empty();
            Verdict::unless(broken, "it has extensions, which its version does not know")
        }),
    ),
    Lint::new(
        "e_ext_duplicate_extension",
        ("RFC 5280 4.2", EXTENSIONS, Since::RFC2459),
        "no extension is there twice",
        Check::Certificate(duplicate_extension),
    ),
    Lint::new(
        "e_cert_ext_invalid_der",
        ("RFC 5280 4.2", EXTENSIONS, Since::RFC5280),
        "`critical` is left out where it is false (X.690 11.5)",
        Check::Certificate(|fields| {
            let written = fields.extensions.0.iter().find(|one| one.critical.is_some() && !one.is_critical());
            Verdict::of(written.map(|one| format!("extension {} writes out that it is not critical", dotted(one.oid))))
        }),
    ),
    Lint::new(
        "e_ext_cannot_be_empty_sequence",
        ("RFC 5280 4.2", EXTENSIONS, Since::RFC2459),
        "an extension that lists something lists at least one",
        Check::Certificate(empty_extension),
    ),
];

fn long_serial(fields: &Fields<'_>) -> Verdict {
    let mut octets = fields.serial;
    while let [0, rest @ ..] = octets
        && rest.first().is_some_and(|next| *next < 0x80)
    {
        octets = rest;
    }
    let length = octets.len();
    Verdict::of((length > 20).then(|| format!("it has {length} octets")))
}

fn serial_not_positive(fields: &Fields<'_>) -> Verdict {
    match fields.serial.first() {
        Some(first) if *first >= 0x80 => Verdict::failed("it is negative"),
        _ => Verdict::unless(fields.serial.iter().all(|octet| *octet == 0), "it is zero"),
    }
}

/// For an algorithm of PKCS #1 whose number is `meant`.
fn null_parameters(algorithm: &Element<'_>, meant: fn(u8) -> bool) -> Verdict {
    let parts = algorithm.parts().unwrap_or_default();
    let Some((oid, parameters)) = parts.split_first() else { return Verdict::NotApplicable };
    let is_meant = matches!(oid.content.split_last(), Some((number, oid::PKCS1)) if meant(*number));
    Verdict::when(is_meant, || {
        let is_null = matches!(parameters, [only] if only.tag == tag::NULL && only.content.is_empty());
        Verdict::unless(!is_null, "they are not NULL")
    })
}

fn key_parameters(fields: &Fields<'_>) -> Verdict {
    let parts = fields.key.parts().unwrap_or_default();
    parts.first().map_or(Verdict::NotApplicable, |algorithm| null_parameters(algorithm, |number| number == 1))
}

fn duplicate_extension(fields: &Fields<'_>) -> Verdict {
    Verdict::when(fields.version == V3, || {
        let repeated = fields.extensions.repeated();
        Verdict::of((!repeated.is_empty()).then(|| format!("there twice: {}", repeated.join(", "))))
    })
}

/// Extensions whose value is SEQUENCE SIZE (1..MAX).
const LISTS: &[&[u8]] = &[
    oid::CERTIFICATE_POLICIES,
    oid::POLICY_MAPPINGS,
    oid::SUBJECT_ALT_NAME,
    oid::ISSUER_ALT_NAME,
    oid::SUBJECT_DIRECTORY_ATTRIBUTES,
    oid::EXTENDED_KEY_USAGE,
    oid::CRL_DISTRIBUTION_POINTS,
    oid::AUTHORITY_INFO_ACCESS,
    oid::SUBJECT_INFO_ACCESS,
    oid::FRESHEST_CRL,
];

fn empty_extension(fields: &Fields<'_>) -> Verdict {
    let lists = fields.extensions.0.iter().filter(|one| LISTS.contains(&one.oid));
    let broken = lists.map(|one| (one, Element::sequence(one.value))).find_map(|(one, parts)| match parts {
        None => Some(format!("extension {} is no row of elements", dotted(one.oid))),
        Some(parts) if parts.is_empty() => Some(format!("extension {} is empty", dotted(one.oid))),
        Some(_) => None,
    });
    Verdict::of(broken)
}
