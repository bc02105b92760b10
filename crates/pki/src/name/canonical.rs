//! Distinguished names for comparison (RFC 5280 section 7.1): strings without regard to type, case and spacing, everything else
//! by its octets.

use const_oid::ObjectIdentifier;
use der::{Encode, Tag, Tagged};

use super::attribute;
use super::distinguished_name::{self, DistinguishedName};

/// One attribute, ready to be compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CanonicalAttribute {
    oid: ObjectIdentifier,
    value: Vec<u8>,
}

/// The relative names in order, the attributes of each sorted; nothing for a name that cannot be read.
pub(super) fn relatives(name: &DistinguishedName) -> Vec<Vec<CanonicalAttribute>> {
    let mut found: Vec<Vec<CanonicalAttribute>> = Vec::new();
    let visited = distinguished_name::walk(name.as_der(), &mut |first, oid, value| {
        if first || found.is_empty() {
            found.push(Vec::new());
        }
        let is_string = matches!(
            value.tag(),
            Tag::Utf8String
                | Tag::PrintableString
                | Tag::Ia5String
                | Tag::VisibleString
                | Tag::NumericString
                | Tag::TeletexString
                | Tag::BmpString
        );
        let value = if is_string {
            // Begins like no DER does that is compared with it.
            [b"text:", folded(&attribute::value_text(value)).as_bytes()].concat()
        } else {
            value.to_der().unwrap_or_default()
        };
        if let Some(last) = found.last_mut() {
            last.push(CanonicalAttribute { oid, value });
        }
    });
    found.iter_mut().for_each(|relative| relative.sort());
    if visited.is_ok() { found } else { Vec::new() }
}

/// Whether the first relative names are of strings alone that every verifier compares alike: of ASCII, in types for ASCII or in
/// UTF8String.
pub(super) fn are_plain(name: &DistinguishedName, relatives: usize) -> bool {
    let (mut number, mut plain) = (0, true);
    let visited = distinguished_name::walk(name.as_der(), &mut |first, _, value| {
        number += usize::from(first);
        let is_string = matches!(
            value.tag(),
            Tag::Utf8String | Tag::PrintableString | Tag::Ia5String | Tag::VisibleString | Tag::NumericString
        );
        plain &= number > relatives || (is_string && value.value().is_ascii());
    });
    visited.is_ok() && plain
}

/// Lower case, one space between words, none around them.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
