//! What a certificate, a CRL or a request says, field by field, as it is encoded: nothing is corrected and nothing decoded that a
//! lint may want to see raw.

use super::element::{Element, dotted, tag};
use super::name::Name;
use super::oid;
use crate::key::kind::PublicKeyKind;
use crate::verify::signature::{self, SignatureError};
use certroll_base::clock::Timestamp;

/// Versions of certificates by their names, not as they are encoded.
const V1: u64 = 1;
pub(super) const V3: u64 = 3;

/// An extension.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extension<'a> {
    /// Its object identifier.
    pub(super) oid: &'a [u8],
    /// The octets of `critical`, where it is written out.
    pub(super) critical: Option<&'a [u8]>,
    /// Its value.
    pub(super) value: &'a [u8],
}

impl Extension<'_> {
    pub(super) fn is_critical(&self) -> bool {
        self.critical.is_some_and(|octets| octets.iter().any(|octet| *octet != 0))
    }
}

/// A row of extensions.
#[derive(Clone, Debug, Default)]
pub(super) struct Extensions<'a>(pub(super) Vec<Extension<'a>>);

impl<'a> Extensions<'a> {
    pub(super) fn read(row: &Element<'a>) -> Option<Self> {
        let read = |one: Element<'a>| {
            let parts = one.parts()?;
            let (oid, critical, value) = match parts.as_slice() {
                [oid, value] => (oid, None, value),
                [oid, critical, value] if critical.tag == tag::BOOLEAN => (oid, Some(critical.content), value),
                _ => return None,
            };
            let is_extension = oid.tag == tag::OBJECT_IDENTIFIER && value.tag == tag::OCTET_STRING;
            is_extension.then_some(Extension { oid: oid.content, critical, value: value.content })
        };
        row.parts()?.into_iter().map(read).collect::<Option<_>>().map(Self)
    }

    pub(super) fn find(&self, oid: &[u8]) -> Option<&Extension<'a>> {
        self.0.iter().find(|extension| extension.oid == oid)
    }

    pub(super) fn value(&self, oid: &[u8]) -> Option<&'a [u8]> {
        self.find(oid).map(|extension| extension.value)
    }

    pub(super) fn has(&self, oid: &[u8]) -> bool {
        self.find(oid).is_some()
    }

    /// Those that are there more than once, in dotted form.
    pub(super) fn repeated(&self) -> Vec<String> {
        let again =
            self.0.iter().enumerate().filter(|(at, one)| self.0.iter().take(*at).any(|other| other.oid == one.oid));
        again.map(|(_, one)| dotted(one.oid)).collect()
    }
}

/// A certificate. Of a request it has what a request has: subject, key and extensions.
#[derive(Clone, Debug)]
pub(super) struct Fields<'a> {
    pub(super) version: u64,
    pub(super) serial: &'a [u8],
    /// AlgorithmIdentifier inside of what is signed, and beside the signature.
    pub(super) algorithms: (Element<'a>, Element<'a>),
    pub(super) issuer: Name<'a>,
    pub(super) not_before: Element<'a>,
    pub(super) not_after: Element<'a>,
    pub(super) subject: Name<'a>,
    pub(super) key: Element<'a>,
    pub(super) has_unique_identifiers: bool,
    pub(super) extensions: Extensions<'a>,
    /// `None` where basicConstraints is not there or cannot be read.
    pub(super) constraints: Option<Constraints>,
    pub(super) is_self_signed: bool,
}

/// The value of basicConstraints.
#[derive(Clone, Copy, Debug)]
pub(super) struct Constraints {
    pub(super) ca: bool,
    /// Whether the path length is there and negative.
    pub(super) negative_path_length: bool,
}

impl Constraints {
    fn read(value: &[u8]) -> Option<Self> {
        let parts = Element::sequence(value)?;
        let (ca, length) = match parts.as_slice() {
            [] => (None, None),
            [flag] if flag.tag == tag::BOOLEAN => (Some(flag), None),
            [length] => (None, Some(length)),
            [flag, length] if flag.tag == tag::BOOLEAN => (Some(flag), Some(length)),
            _ => return None,
        };
        if length.is_some_and(|length| length.tag != tag::INTEGER || length.content.is_empty()) {
            return None;
        }
        let ca = match ca.map(|flag| flag.content) {
            None | Some([0]) => false,
            Some([0xff]) => true,
            Some(_) => return None,
        };
        let is_negative = |length: &Element<'_>| length.content.first().is_some_and(|first| *first >= 0x80);
        Some(Self { ca, negative_path_length: length.is_some_and(is_negative) })
    }
}

impl<'a> Fields<'a> {
    /// Of a certificate in DER; `None` for what does not have the shape of one.
    pub(super) fn of_certificate(der: &'a [u8]) -> Option<Self> {
        let outer = Element::sequence(der)?;
        let [signed, outer_algorithm, signature] = outer.as_slice() else { return None };
        let mut parts = signed.parts()?;
        let mut version = V1;
        if parts.first().is_some_and(|first| first.tag == tag::context_constructed(0)) {
            let number = Element::only(parts.remove(0).content)?;
            version = number.content.iter().fold(0_u64, |all, octet| all << 8 | u64::from(*octet)).saturating_add(1);
        }
        let [serial, algorithm, issuer, validity, subject, key, rest @ ..] = parts.as_slice() else { return None };
        let [not_before, not_after] = validity.parts()?[..] else { return None };
        let is_time = |time: &Element<'_>| matches!(time.tag, tag::UTC_TIME | tag::GENERALIZED_TIME);
        if serial.tag != tag::INTEGER || key.tag != tag::SEQUENCE || !is_time(&not_before) || !is_time(&not_after) {
            return None;
        }
        let extensions = match rest.iter().find(|field| field.tag == tag::context_constructed(3)) {
            Some(wrapped) => Extensions::read(&Element::only(wrapped.content)?)?,
            None => Extensions::default(),
        };
        let unique = |field: &Element<'_>| matches!(field.context_number(), Some(1 | 2));
        let constraints = extensions.value(oid::BASIC_CONSTRAINTS).and_then(Constraints::read);
        let is_self_signed =
            issuer.whole == subject.whole && verifies(key, algorithm, signed.whole, signature.content).unwrap_or(false);
        Some(Self {
            version,
            serial: serial.content,
            algorithms: (*algorithm, *outer_algorithm),
            issuer: Name::read(issuer)?,
            not_before,
            not_after,
            subject: Name::read(subject)?,
            key: *key,
            has_unique_identifiers: rest.iter().any(unique),
            extensions,
            constraints,
            is_self_signed,
        })
    }

    /// Of what a request wants; what only a CA can say is empty.
    pub(super) fn of_request(
        subject: Name<'a>,
        key: Element<'a>,
        algorithm: Element<'a>,
        wanted: Extensions<'a>,
    ) -> Self {
        let nothing = Element { tag: tag::NULL, content: &[], whole: &[] };
        Self {
            version: V3,
            serial: &[],
            algorithms: (algorithm, algorithm),
            issuer: Name::default(),
            not_before: nothing,
            not_after: nothing,
            subject,
            key,
            has_unique_identifiers: false,
            constraints: wanted.value(oid::BASIC_CONSTRAINTS).and_then(Constraints::read),
            extensions: wanted,
            is_self_signed: false,
        }
    }

    pub(super) fn is_ca(&self) -> bool {
        self.constraints.is_some_and(|constraints| constraints.ca)
    }

    /// Neither a CA nor self-signed.
    pub(super) fn is_subscriber(&self) -> bool {
        !self.is_ca() && !self.is_self_signed
    }
}

/// Whether the key has made the signature. A signature that has not been made yet, or by a key or an algorithm that is too weak
/// to be verified here, is taken at its word: what hangs on it is whether a key identifier is owed, not trust.
fn verifies(key: &Element<'_>, algorithm: &Element<'_>, signed: &[u8], signature: &[u8]) -> Option<bool> {
    let (_unused, octets) = signature.split_first()?;
    if octets.is_empty() {
        return Some(true);
    }
    let oid = algorithm.parts()?.first()?.content;
    match signature::verify(key.whole, &dotted(oid), signed, octets) {
        Ok(()) => Some(true),
        Err(SignatureError::Unsupported(_)) => Some(is_of_kind(key, oid)),
        Err(_) => Some(PublicKeyKind::of(key.whole).rsa_bits().is_some_and(|bits| bits < 2048)),
    }
}

/// Whether signatures by that algorithm are made with keys of that kind: RSA, ECDSA or DSA.
fn is_of_kind(key: &Element<'_>, algorithm: &[u8]) -> bool {
    const DSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x38, 4];
    const DSA_SHA2: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3];
    const X962: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d];
    const KINDS: [(&[u8], &[u8]); 4] = [(oid::PKCS1, oid::PKCS1), (X962, X962), (DSA, DSA), (DSA, DSA_SHA2)];
    let kind = key.parts().and_then(|parts| parts.first()?.parts()?.first().map(|oid| oid.content)).unwrap_or_default();
    KINDS.iter().any(|(of_key, of_algorithm)| kind.starts_with(of_key) && algorithm.starts_with(of_algorithm))
}

/// The time that a UTCTime or a GeneralizedTime stands for, with or without seconds, in any time zone.
pub(super) fn instant(time: &Element<'_>) -> Option<Timestamp> {
    let text = std::str::from_utf8(time.content).ok()?;
    let zone = text.find(['Z', '+', '-'])?;
    let (digits, zone) = text.split_at(zone);
    let whole = match (time.tag, digits.len()) {
        // Years from 50 on are of the last century (RFC 5280 section 4.1.2.5.1).
        (tag::UTC_TIME, 10 | 12) if digits >= "50" => format!("19{digits}"),
        (tag::UTC_TIME, 10 | 12) => format!("20{digits}"),
        (tag::GENERALIZED_TIME, 12 | 14) => digits.to_owned(),
        _ => return None,
    };
    let part = |from: usize, to: usize| whole.get(from..to);
    let zone = match zone.len() {
        1 => zone.to_owned(),
        5 => format!("{}:{}", zone.get(..3)?, zone.get(3..)?),
        _ => return None,
    };
    let seconds = part(12, 14).unwrap_or("00");
    let (date, clock) = ((part(0, 4)?, part(4, 6)?, part(6, 8)?), (part(8, 10)?, part(10, 12)?));
    Timestamp::parse(&format!("{}-{}-{}T{}:{}:{seconds}{zone}", date.0, date.1, date.2, clock.0, clock.1))
}
