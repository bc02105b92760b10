//! The outer structure of certificates and CRLs (RFC 5280 sections 4.1 and 5.1).

use std::collections::HashSet;

use const_oid::ObjectIdentifier;
use der::asn1::AnyRef;
use der::{Encode, Tag, TagNumber, Tagged};

use super::element::{boolean, elements, is_minimal_integer, sequence};
use super::{Objection, extension, names};

const SHAPE: &str = "RFC 5280 4.1";
const EXTENSIONS: &str = "RFC 5280 4.2";
const LIST_SHAPE: &str = "RFC 5280 5.1";

/// What is to be objected to in a certificate, in DER, that is not trusted by itself.
pub fn certificate(der: &[u8]) -> Vec<Objection> {
    let mut found = Vec::new();
    if let Err(objection) = read_certificate(der, &mut found, true) {
        found.push(objection);
    }
    found
}

/// The same for a trust anchor: what it constrains must be readable, its own names and dates are taken on trust. Roots of
/// version 1 are still in use.
pub fn anchor(der: &[u8]) -> Vec<Objection> {
    let mut found = Vec::new();
    if let Err(objection) = read_certificate(der, &mut found, false) {
        found.push(objection);
    }
    found
}

/// What is to be objected to in a CRL, in DER.
pub fn list(der: &[u8]) -> Vec<Objection> {
    let mut found = Vec::new();
    if let Err(objection) = read_list(der, &mut found) {
        found.push(objection);
    }
    found
}

/// Whether the signature algorithm inside of what was signed is the one outside, octet for octet (section 4.1.1.2).
fn is_same_algorithm(inner: AnyRef<'_>, outer: AnyRef<'_>) -> bool {
    inner.to_der().ok().filter(|inner| outer.to_der().is_ok_and(|outer| *inner == outer)).is_some()
}

/// The text of the objection to what is something else than a certificate.
pub const NO_CERTIFICATE: &str = "it is no certificate in DER";

fn malformed(clause: &'static str, what: &str) -> Objection {
    Objection::new(clause, format!("it is no {what} in DER"))
}

/// The three parts of SIGNED{}: what was signed, algorithm, signature.
fn signed<'a>(der: &'a [u8], clause: &'static str, what: &str) -> Result<(Vec<AnyRef<'a>>, AnyRef<'a>), Objection> {
    let outer = sequence(der).map_err(|_| malformed(clause, what))?;
    let [body, algorithm, signature] = outer.as_slice() else { return Err(malformed(clause, what)) };
    let tags = (body.tag(), algorithm.tag(), signature.tag());
    if tags != (Tag::Sequence, Tag::Sequence, Tag::BitString) {
        return Err(malformed(clause, what));
    }
    let body = elements(body.value()).map_err(|_| malformed(clause, what))?;
    Ok((body, *algorithm))
}

fn context(number: u32, constructed: bool) -> Tag {
    Tag::ContextSpecific { constructed, number: TagNumber(number) }
}

/// Versions of certificates, as they are encoded.
const V1: u8 = 0;
const V2: u8 = 1;
const V3: u8 = 2;

fn read_certificate(der: &[u8], found: &mut Vec<Objection>, strict: bool) -> Result<(), Objection> {
    let shape = || malformed(SHAPE, "certificate");
    let (mut body, outer_algorithm) = signed(der, SHAPE, "certificate")?;
    let mut version = V1;
    if body.first().is_some_and(|first| first.tag() == context(0, true)) {
        version = explicit_version(body.remove(0)).ok_or_else(shape)?;
    }
    let [serial, algorithm, issuer, validity, subject, key, rest @ ..] = body.as_slice() else { return Err(shape()) };
    let tags = [serial, algorithm, issuer, validity, subject, key].map(Tagged::tag);
    if tags != [Tag::Integer, Tag::Sequence, Tag::Sequence, Tag::Sequence, Tag::Sequence, Tag::Sequence] {
        return Err(shape());
    }
    let mut object = |clause, text: &str| found.push(Objection::new(clause, text));
    if version > V3 {
        object("RFC 5280 4.1.2.1", "its version is none that X.509 knows");
    }
    if !is_minimal_integer(serial.value()) {
        object("RFC 5280 4.1.2.2", "its serial number is not in DER");
    }
    if !is_same_algorithm(*algorithm, outer_algorithm) {
        object("RFC 5280 4.1.1.2", "the signature algorithm inside is not the one outside");
    }
    if strict {
        if let Err(why) = validity_form(validity.value()) {
            object("RFC 5280 4.1.2.5", why);
        }
        for (name, what) in [(issuer, "issuer"), (subject, "subject")] {
            if let Err(why) = names::distinguished(name.value()) {
                object("RFC 5280 4.1.2.4", &format!("its {what} is malformed: {why}"));
            }
        }
        if issuer.value().is_empty() {
            object("RFC 5280 4.1.2.4", "its issuer has no name");
        }
    }
    let mut extensions = None;
    let mut last = 0;
    for field in rest {
        match field.tag() {
            Tag::ContextSpecific { number: TagNumber(number @ (1 | 2)), .. } if number > last => {
                last = number;
                if version < V2 {
                    object("RFC 5280 4.1.2.8", "it has unique identifiers, which its version does not know");
                }
            }
            tag if tag == context(3, true) && last < 3 => {
                last = 3;
                extensions = Some(field.value());
                if version != V3 {
                    object("RFC 5280 4.1.2.9", "it has extensions, which its version does not know");
                }
            }
            _ => return Err(shape()),
        }
    }
    match extensions {
        Some(wrapped) => read_extensions(wrapped, subject.value().is_empty() && strict, strict, found),
        None if subject.value().is_empty() && strict => {
            Err(Objection::new("RFC 5280 4.1.2.6", "it names no subject, neither here nor as an alternative name"))
        }
        None => Ok(()),
    }
}

/// `[0] EXPLICIT Version`: one that is written out must not be the default (X.690 section 11.5).
fn explicit_version(field: AnyRef<'_>) -> Option<u8> {
    match elements(field.value()).ok()?.as_slice() {
        [version] if version.tag() == Tag::Integer => match version.value() {
            [version @ V2..=0x7f] => Some(*version),
            _ => None,
        },
        _ => None,
    }
}

/// Both times in the forms of section 4.1.2.5: to the second, UTC, without fractions. Which of the two forms is used for a year
/// is the issuer's duty and no reason to refuse.
fn validity_form(content: &[u8]) -> Result<(), &'static str> {
    let times = elements(content).map_err(|_| "its validity is malformed")?;
    let [from, until] = times.as_slice() else { return Err("its validity is malformed") };
    if is_time(*from) && is_time(*until) { Ok(()) } else { Err("a time of its validity is malformed") }
}

/// UTCTime or GeneralizedTime to the second, in UTC.
fn is_time(time: AnyRef<'_>) -> bool {
    let length = match time.tag() {
        Tag::UtcTime => 13,
        Tag::GeneralizedTime => 15,
        _ => return false,
    };
    match time.value() {
        [digits @ .., b'Z'] => digits.len() + 1 == length && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

fn read_extensions(
    wrapped: &[u8],
    names_owed: bool,
    strict: bool,
    found: &mut Vec<Objection>,
) -> Result<(), Objection> {
    let list = elements(wrapped).map_err(|_| malformed(EXTENSIONS, "row of extensions"))?;
    let [list] = list.as_slice() else { return Err(malformed(EXTENSIONS, "row of extensions")) };
    let read = extensions(*list, EXTENSIONS, found)?;
    for one in &read {
        if let Err(why) = extension::certificate(&one.oid, one.value, strict) {
            found.push(Objection::new(EXTENSIONS, format!("the extension {} is malformed: {why}", one.oid)));
        }
    }
    if names_owed && !read.iter().any(|one| one.oid == extension::SUBJECT_ALT_NAME) {
        found.push(Objection::new("RFC 5280 4.1.2.6", "it names no subject, neither here nor as an alternative name"));
    }
    Ok(())
}

struct ReadExtension<'a> {
    oid: ObjectIdentifier,
    value: &'a [u8],
}

/// A row of extensions: not empty, each in its form, none twice.
fn extensions<'a>(
    list: AnyRef<'a>,
    clause: &'static str,
    found: &mut Vec<Objection>,
) -> Result<Vec<ReadExtension<'a>>, Objection> {
    let malformed = || malformed(clause, "row of extensions");
    if list.tag() != Tag::Sequence || list.value().is_empty() {
        return Err(malformed());
    }
    let mut seen = HashSet::new();
    let mut read = Vec::new();
    for one in elements(list.value()).map_err(|_| malformed())? {
        one.tag().assert_eq(Tag::Sequence).map_err(|_| malformed())?;
        let fields = elements(one.value()).map_err(|_| malformed())?;
        let (oid, value) = match fields.as_slice() {
            [oid, value] => (oid, value),
            [oid, critical, value] if critical.tag() == Tag::Boolean && boolean(critical.value()).is_some() => {
                (oid, value)
            }
            _ => return Err(malformed()),
        };
        let oid = oid.decode_as::<ObjectIdentifier>().map_err(|_| malformed())?;
        value.tag().assert_eq(Tag::OctetString).map_err(|_| malformed())?;
        if !seen.insert(oid) {
            found.push(Objection::new(clause, format!("the extension {oid} is there twice")));
        }
        read.push(ReadExtension { oid, value: value.value() });
    }
    Ok(read)
}

fn read_list(der: &[u8], found: &mut Vec<Objection>) -> Result<(), Objection> {
    let shape = || malformed(LIST_SHAPE, "CRL");
    let (mut body, outer_algorithm) = signed(der, LIST_SHAPE, "CRL")?;
    let mut version = V1;
    if body.first().is_some_and(|first| first.tag() == Tag::Integer) {
        version = match body.remove(0).value() {
            [V2] => V2,
            _ => return Err(Objection::new("RFC 5280 5.1.2.1", "its version is none that X.509 knows")),
        };
    }
    let [algorithm, issuer, this_update, rest @ ..] = body.as_slice() else { return Err(shape()) };
    if (algorithm.tag(), issuer.tag()) != (Tag::Sequence, Tag::Sequence) {
        return Err(shape());
    }
    if !is_same_algorithm(*algorithm, outer_algorithm) {
        found.push(Objection::new("RFC 5280 5.1.1.2", "the signature algorithm inside is not the one outside"));
    }
    if issuer.value().is_empty() {
        found.push(Objection::new("RFC 5280 5.1.2.3", "its issuer has no name"));
    }
    let mut rest = rest;
    let mut times = vec![*this_update];
    if let [next_update, after @ ..] = rest
        && matches!(next_update.tag(), Tag::UtcTime | Tag::GeneralizedTime)
    {
        times.push(*next_update);
        rest = after;
    }
    if !times.into_iter().all(is_time) {
        found.push(Objection::new("RFC 5280 5.1.2.4", "one of its times is malformed"));
    }
    if let [entries, after @ ..] = rest
        && entries.tag() == Tag::Sequence
    {
        rest = after;
    }
    match rest {
        [] => Ok(()),
        [wrapped] if wrapped.tag() == context(0, true) => {
            if version != V2 {
                found.push(Objection::new("RFC 5280 5.1.2.1", "it has extensions, which its version does not know"));
            }
            let list = elements(wrapped.value()).map_err(|_| shape())?;
            let [list] = list.as_slice() else { return Err(shape()) };
            for one in extensions(*list, "RFC 5280 5.2", found)? {
                if let Err(why) = extension::list(&one.oid, one.value) {
                    let text = format!("the extension {} is malformed: {why}", one.oid);
                    found.push(Objection::new("RFC 5280 5.2", text));
                }
            }
            Ok(())
        }
        _ => Err(shape()),
    }
}
