//! Distinguished names as they are encoded.

use std::borrow::Cow;

use super::element::{Element, tag};

/// An attribute of a name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attribute<'a> {
    /// Its type.
    pub(super) oid: &'a [u8],
    /// Its value.
    pub(super) value: Element<'a>,
}

/// UTF8String, NumericString, PrintableString, TeletexString, IA5String and BMPString.
const STRINGS: [u8; 6] = [tag::UTF8_STRING, 0x12, tag::PRINTABLE_STRING, 0x14, tag::IA5_STRING, tag::BMP_STRING];

impl<'a> Attribute<'a> {
    /// Its value as text; what is no text of its type is replaced, so that it can be counted and shown.
    pub(super) fn text(&self) -> Cow<'a, str> {
        text(&self.value)
    }

    /// Whether it is of a type of string that names have.
    fn is_text(&self) -> bool {
        STRINGS.contains(&self.value.tag)
    }
}

/// A value of a string type as text.
pub(super) fn text<'a>(value: &Element<'a>) -> Cow<'a, str> {
    if value.tag == tag::BMP_STRING {
        let units: Vec<u16> = value
            .content
            .chunks(2)
            .map(|pair| pair.iter().fold(0, |unit, octet| unit << 8 | u16::from(*octet)))
            .collect();
        return String::from_utf16_lossy(&units).into();
    }
    String::from_utf8_lossy(value.content)
}

/// A name: its attributes in their order, whichever relative name they are in.
#[derive(Clone, Debug, Default)]
pub(super) struct Name<'a>(pub(super) Vec<Attribute<'a>>);

impl<'a> Name<'a> {
    pub(super) fn read(name: &Element<'a>) -> Option<Self> {
        let mut attributes = Vec::new();
        for relative in name.parts()? {
            for attribute in relative.parts()? {
                let [oid, value] = attribute.parts()?[..] else { return None };
                attributes.push(Attribute { oid: oid.content, value });
            }
        }
        Some(Self(attributes))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The attributes of one type.
    pub(super) fn of<'s>(&'s self, oid: &'s [u8]) -> impl Iterator<Item = &'s Attribute<'a>> {
        self.0.iter().filter(move |attribute| attribute.oid == oid)
    }

    /// Whether one of that type is text.
    pub(super) fn has(&self, oid: &[u8]) -> bool {
        self.of(oid).any(Attribute::is_text)
    }
}
