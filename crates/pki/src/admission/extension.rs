//! Extensions that path validation rests on, read strictly: those that are malformed or empty say nothing that two readers
//! understand alike.

use const_oid::ObjectIdentifier;
use der::asn1::{AnyRef, OctetString, Uint};
use der::{Decode, Tag, TagNumber, Tagged};
use x509_cert::ext::pkix::crl::{CrlDistributionPoints, IssuingDistributionPoint};
use x509_cert::ext::pkix::{
    AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, CertificatePolicies, ExtendedKeyUsage, PolicyConstraints,
    PolicyMappings,
};

use super::element::{boolean, is_natural, sequence};
use super::names;

pub(super) const SUBJECT_ALT_NAME: ObjectIdentifier = oid("2.5.29.17");
const SUBJECT_KEY_ID: ObjectIdentifier = oid("2.5.29.14");
const KEY_USAGE: ObjectIdentifier = oid("2.5.29.15");
const ISSUER_ALT_NAME: ObjectIdentifier = oid("2.5.29.18");
const BASIC_CONSTRAINTS: ObjectIdentifier = oid("2.5.29.19");
const CRL_NUMBER: ObjectIdentifier = oid("2.5.29.20");
const DELTA_CRL_INDICATOR: ObjectIdentifier = oid("2.5.29.27");
const ISSUING_DISTRIBUTION_POINT: ObjectIdentifier = oid("2.5.29.28");
const NAME_CONSTRAINTS: ObjectIdentifier = oid("2.5.29.30");
const CRL_DISTRIBUTION_POINTS: ObjectIdentifier = oid("2.5.29.31");
const CERTIFICATE_POLICIES: ObjectIdentifier = oid("2.5.29.32");
const POLICY_MAPPINGS: ObjectIdentifier = oid("2.5.29.33");
const AUTHORITY_KEY_ID: ObjectIdentifier = oid("2.5.29.35");
const POLICY_CONSTRAINTS: ObjectIdentifier = oid("2.5.29.36");
const EXT_KEY_USAGE: ObjectIdentifier = oid("2.5.29.37");
const FRESHEST_CRL: ObjectIdentifier = oid("2.5.29.46");
const INHIBIT_ANY_POLICY: ObjectIdentifier = oid("2.5.29.54");
const AUTHORITY_INFO_ACCESS: ObjectIdentifier = oid("1.3.6.1.5.5.7.1.1");
const ANY_POLICY: ObjectIdentifier = oid("2.5.29.32.0");

const fn oid(dotted: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(dotted)
}

/// The value of an extension of a certificate; `Ok` for what is not known here. Without `strict` only what constrains others is
/// looked at.
///
/// # Errors
/// What is wrong, in words.
pub(super) fn certificate(oid: &ObjectIdentifier, value: &[u8], strict: bool) -> Result<(), String> {
    match *oid {
        KEY_USAGE => key_usage(value),
        BASIC_CONSTRAINTS => basic_constraints(value),
        NAME_CONSTRAINTS => name_constraints(value),
        EXT_KEY_USAGE => parsed::<ExtendedKeyUsage>(value).and_then(|usages| not_empty(&usages.0)),
        CERTIFICATE_POLICIES => policies(value),
        POLICY_MAPPINGS => mappings(value),
        POLICY_CONSTRAINTS => parsed::<PolicyConstraints>(value).and_then(|constraints| {
            let says_something =
                constraints.require_explicit_policy.is_some() || constraints.inhibit_policy_mapping.is_some();
            says_something.then_some(()).ok_or_else(empty)
        }),
        INHIBIT_ANY_POLICY => natural(value),
        SUBJECT_ALT_NAME if strict => names::general(value),
        ISSUER_ALT_NAME if strict => names::general(value),
        SUBJECT_KEY_ID => parsed::<OctetString>(value).and_then(|id| not_empty(id.as_bytes())),
        AUTHORITY_KEY_ID => authority_key_id(value),
        CRL_DISTRIBUTION_POINTS | FRESHEST_CRL => distribution_points(value),
        AUTHORITY_INFO_ACCESS if strict => {
            parsed::<AuthorityInfoAccessSyntax>(value).and_then(|access| not_empty(&access.0))
        }
        _ => Ok(()),
    }
}

/// The value of an extension of a CRL.
///
/// # Errors
/// What is wrong, in words.
pub(super) fn list(oid: &ObjectIdentifier, value: &[u8]) -> Result<(), String> {
    match *oid {
        CRL_NUMBER | DELTA_CRL_INDICATOR => natural(value),
        AUTHORITY_KEY_ID => authority_key_id(value),
        FRESHEST_CRL => distribution_points(value),
        ISSUING_DISTRIBUTION_POINT => {
            let point = parsed::<IssuingDistributionPoint>(value)?;
            let kinds =
                [point.only_contains_user_certs, point.only_contains_ca_certs, point.only_contains_attribute_certs];
            if kinds.iter().filter(|only| **only).count() > 1 {
                return Err("it is for two kinds of certificates alone".to_owned());
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn empty() -> String {
    "it is empty".to_owned()
}

fn not_empty<T>(list: &[T]) -> Result<(), String> {
    if list.is_empty() { Err(empty()) } else { Ok(()) }
}

fn parsed<'a, T: Decode<'a>>(value: &'a [u8]) -> Result<T, String> {
    T::from_der(value).map_err(|_| "its value is not of its type".to_owned())
}

/// INTEGER (0..MAX).
fn natural(value: &[u8]) -> Result<(), String> {
    parsed::<Uint>(value).map(|_| ())
}

/// BIT STRING with at least one bit set (section 4.2.1.3).
fn key_usage(value: &[u8]) -> Result<(), String> {
    let bits = parsed::<AnyRef<'_>>(value)?;
    match (bits.tag(), bits.value()) {
        (Tag::BitString, [unused, octets @ .., last]) if *unused < 8 => {
            if last & ((1_u16 << unused) - 1) as u8 != 0 {
                return Err("it has bits beyond its end".to_owned());
            }
            let any = *last != 0 || octets.iter().any(|octet| *octet != 0);
            any.then_some(()).ok_or_else(|| "it has no bit set".to_owned())
        }
        (Tag::BitString, [0]) => Err("it has no bit set".to_owned()),
        _ => Err("its value is not of its type".to_owned()),
    }
}

/// `SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER (0..MAX) OPTIONAL }`.
fn basic_constraints(value: &[u8]) -> Result<(), String> {
    let shape = || "its value is not of its type".to_owned();
    let fields = sequence(value).map_err(|_| shape())?;
    let is_flag = |field: &AnyRef<'_>| field.tag() == Tag::Boolean && boolean(field.value()).is_some();
    let length = match fields.as_slice() {
        [] => return Ok(()),
        [flag] if is_flag(flag) => return Ok(()),
        [length] => length,
        [flag, length] if is_flag(flag) => length,
        _ => return Err(shape()),
    };
    match (length.tag(), is_natural(length.value())) {
        (Tag::Integer, true) => Ok(()),
        (Tag::Integer, false) => Err("its path length is negative or not in DER".to_owned()),
        _ => Err(shape()),
    }
}

/// At least one subtree, each with a base that can be read, from 0 up without end (section 4.2.1.10).
fn name_constraints(value: &[u8]) -> Result<(), String> {
    let shape = || "its value is not of its type".to_owned();
    let fields = sequence(value).map_err(|_| shape())?;
    not_empty(&fields)?;
    let mut last = None;
    for field in fields {
        let Tag::ContextSpecific { constructed: true, number: TagNumber(number @ (0 | 1)) } = field.tag() else {
            return Err(shape());
        };
        if last.is_some_and(|last| last >= number) {
            return Err(shape());
        }
        last = Some(number);
        let trees = super::elements(field.value()).map_err(|_| shape())?;
        not_empty(&trees)?;
        trees.into_iter().try_for_each(subtree)?;
    }
    Ok(())
}

fn subtree(tree: AnyRef<'_>) -> Result<(), String> {
    let shape = || "one of its subtrees is malformed".to_owned();
    if tree.tag() != Tag::Sequence {
        return Err(shape());
    }
    let parts = super::elements(tree.value()).map_err(|_| shape())?;
    let [base] = parts.as_slice() else {
        return Err("one of its subtrees has a minimum or a maximum".to_owned());
    };
    let Tag::ContextSpecific { constructed, number: TagNumber(number) } = base.tag() else { return Err(shape()) };
    let octets = base.value();
    match (number, constructed) {
        (1 | 2 | 6, false) if !octets.is_ascii() || octets.iter().any(|octet| *octet <= b' ') => {
            Err("one of its subtrees has characters that no name has".to_owned())
        }
        (4, true) => {
            let name = AnyRef::from_der(octets).map_err(|_| shape())?;
            names::distinguished(name.value()).map_err(|_| shape())
        }
        (7, false) if !is_range(octets) => Err("one of its subtrees is no range of addresses".to_owned()),
        (1 | 2 | 6 | 7 | 8, false) | (0 | 3 | 5, true) => Ok(()),
        _ => Err(shape()),
    }
}

/// Address and mask, the mask as in CIDR (section 4.2.1.10 with RFC 4632).
fn is_range(octets: &[u8]) -> bool {
    let mask = match octets.len() {
        8 => &octets[4..],
        32 => &octets[16..],
        _ => return false,
    };
    let ones = mask.iter().take_while(|octet| **octet == 0xff).count();
    let rest = &mask[ones..];
    rest.first().is_none_or(|octet| octet.leading_ones() + octet.trailing_zeros() >= 8)
        && rest.iter().skip(1).all(|octet| *octet == 0)
}

/// Not empty, and no policy twice (section 4.2.1.4).
fn policies(value: &[u8]) -> Result<(), String> {
    let policies = parsed::<CertificatePolicies>(value)?.0;
    not_empty(&policies)?;
    let mut seen = std::collections::HashSet::new();
    match policies.iter().find(|policy| !seen.insert(policy.policy_identifier)) {
        Some(twice) => Err(format!("the policy {} is there twice", twice.policy_identifier)),
        None => Ok(()),
    }
}

/// Not empty, and neither from nor to anyPolicy (section 4.2.1.5).
fn mappings(value: &[u8]) -> Result<(), String> {
    let mappings = parsed::<PolicyMappings>(value)?.0;
    not_empty(&mappings)?;
    let any = mappings.iter().any(|one| [one.issuer_domain_policy, one.subject_domain_policy].contains(&ANY_POLICY));
    if any { Err("it maps anyPolicy".to_owned()) } else { Ok(()) }
}

/// The issuer's name and serial number only together (section 4.2.1.1).
fn authority_key_id(value: &[u8]) -> Result<(), String> {
    let id = parsed::<AuthorityKeyIdentifier>(value)?;
    if id.authority_cert_issuer.is_some() == id.authority_cert_serial_number.is_some() {
        Ok(())
    } else {
        Err("it has one of issuer and serial number alone".to_owned())
    }
}

/// Not empty, and each point has a name (section 4.2.1.13).
fn distribution_points(value: &[u8]) -> Result<(), String> {
    let points = parsed::<CrlDistributionPoints>(value)?.0;
    not_empty(&points)?;
    let named = points.iter().all(|point| point.distribution_point.is_some() || point.crl_issuer.is_some());
    if named { Ok(()) } else { Err("one of its points has no name".to_owned()) }
}
