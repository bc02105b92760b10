//! Names in what others made.

use der::Tag;
use der::asn1::AnyRef;
use der::{Decode, Tagged};

use super::element::elements;
use crate::name::general_name::GeneralName;

/// A Name (content of its SEQUENCE): every relative name has at least one attribute, of a type and a value (RFC 5280 section
/// 4.1.2.4).
pub(super) fn distinguished(content: &[u8]) -> Result<(), &'static str> {
    const SHAPE: &str = "it is no Name in DER";
    for relative in elements(content).map_err(|_| SHAPE)? {
        if relative.tag() != Tag::Set {
            return Err(SHAPE);
        }
        let attributes = elements(relative.value()).map_err(|_| SHAPE)?;
        if attributes.is_empty() {
            return Err("one of its relative names is empty");
        }
        for attribute in attributes {
            let parts = elements(attribute.value()).map_err(|_| SHAPE)?;
            match (attribute.tag(), parts.as_slice()) {
                (Tag::Sequence, [kind, value]) if kind.tag() == Tag::ObjectIdentifier => text(*value)?,
                _ => return Err(SHAPE),
            }
        }
    }
    Ok(())
}

/// A value of a string type has the characters of its type, and no NUL: where one reader stops another goes on.
fn text(value: AnyRef<'_>) -> Result<(), &'static str> {
    let octets = value.value();
    let whole = match value.tag() {
        Tag::Utf8String => std::str::from_utf8(octets).is_ok() && !octets.contains(&0),
        Tag::PrintableString | Tag::Ia5String | Tag::VisibleString | Tag::NumericString => {
            octets.is_ascii() && !octets.contains(&0)
        }
        Tag::BmpString => octets.len() % 2 == 0 && octets.chunks_exact(2).all(|unit| unit != [0, 0]),
        _ => true,
    };
    if whole { Ok(()) } else { Err("a value has characters that its type does not have") }
}

/// GeneralNames in DER: at least one, each of a known form, in the syntax of that form (section 4.2.1.6). Forms that are not
/// compared here are let through.
pub(super) fn general(der: &[u8]) -> Result<(), String> {
    let list = AnyRef::from_der(der).map_err(|_| "it is no row of names".to_owned())?;
    if list.tag() != Tag::Sequence {
        return Err("it is no row of names".to_owned());
    }
    let all = elements(list.value()).map_err(|_| "it is no row of names".to_owned())?;
    if all.is_empty() {
        return Err("it is empty".to_owned());
    }
    all.into_iter().try_for_each(one)
}

/// Numbers of the tags of GeneralName whose syntax is checked: rfc822Name, dNSName, directoryName, uniformResourceIdentifier,
/// iPAddress.
const CHECKED: [u32; 5] = [1, 2, 4, 6, 7];

fn one(name: AnyRef<'_>) -> Result<(), String> {
    match GeneralName::found(name) {
        GeneralName::Foreign(foreign) => match foreign.tag() {
            None => Err(foreign.why().to_owned()),
            Some(tag) if CHECKED.contains(&tag) || tag > 8 => Err(foreign.why().to_owned()),
            Some(_) => Ok(()),
        },
        GeneralName::Directory(name) => {
            let content = AnyRef::from_der(name.as_der()).map_err(|_| "a name is malformed".to_owned())?;
            distinguished(content.value()).map_err(str::to_owned)
        }
        _ => Ok(()),
    }
}
