//! Requests (PKCS #10, RFC 2986): what they want certified is held against the rules of certificates that speak of it.

use super::element::{Element, tag};
use super::fields::{Extensions, Fields};
use super::name::Name;
use super::rule::Lint;
use super::{alternative_names, structure, subject, usages};

/// extensionRequest (RFC 2985 section 5.4.2).
const EXTENSION_REQUEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 14];

/// Rules that a CA keeps, whatever a request leaves out.
const OF_THE_CA: &[&str] = &[
    "e_ca_subject_field_empty",
    "e_subject_empty_without_san",
    "e_ext_san_not_critical_without_subject",
    "w_ext_key_usage_not_critical",
];

/// The lints over what a request wants.
pub(super) fn lints() -> impl Iterator<Item = &'static Lint> {
    let names = subject::LINTS.iter().filter(|lint| lint.field == "subject");
    let key = structure::LINTS.iter().filter(|lint| lint.field == "subjectPublicKeyInfo");
    let all = key.chain(names).chain(alternative_names::LINTS).chain(usages::LINTS);
    all.filter(|lint| !OF_THE_CA.contains(&lint.id))
}

/// A request as a certificate without issuer, number and dates; `None` for what does not have the shape of one.
pub(super) fn fields(der: &[u8]) -> Option<Fields<'_>> {
    let outer = Element::sequence(der)?;
    let [info, algorithm, _signature] = outer.as_slice() else { return None };
    let parts = info.parts()?;
    let [version, subject, key, attributes @ ..] = parts.as_slice() else { return None };
    if version.tag != tag::INTEGER || key.tag != tag::SEQUENCE {
        return None;
    }
    Some(Fields::of_request(Name::read(subject)?, *key, *algorithm, wanted(attributes).unwrap_or_default()))
}

fn wanted<'a>(attributes: &[Element<'a>]) -> Option<Extensions<'a>> {
    let attributes = attributes.first().filter(|row| row.tag == tag::context_constructed(0))?.parts()?;
    let wanted = attributes.iter().find_map(|attribute| match attribute.parts()?[..] {
        [kind, values] if kind.content == EXTENSION_REQUEST => Some(values),
        _ => None,
    })?;
    Extensions::read(&Element::only(wanted.content)?)
}
