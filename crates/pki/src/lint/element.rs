//! Elements of BER in definite form, read without judging them. [`crate::admission`] refuses what is not DER; a linter has to say
//! of such bytes what is wrong with them, so it must get through them first.

/// Tags of universal types, and of the context.
pub(super) mod tag {
    pub(in crate::lint) const BOOLEAN: u8 = 0x01;
    pub(in crate::lint) const INTEGER: u8 = 0x02;
    pub(in crate::lint) const BIT_STRING: u8 = 0x03;
    pub(in crate::lint) const OCTET_STRING: u8 = 0x04;
    pub(in crate::lint) const NULL: u8 = 0x05;
    pub(in crate::lint) const OBJECT_IDENTIFIER: u8 = 0x06;
    pub(in crate::lint) const ENUMERATED: u8 = 0x0a;
    pub(in crate::lint) const UTF8_STRING: u8 = 0x0c;
    pub(in crate::lint) const PRINTABLE_STRING: u8 = 0x13;
    pub(in crate::lint) const IA5_STRING: u8 = 0x16;
    pub(in crate::lint) const UTC_TIME: u8 = 0x17;
    pub(in crate::lint) const GENERALIZED_TIME: u8 = 0x18;
    pub(in crate::lint) const BMP_STRING: u8 = 0x1e;
    pub(in crate::lint) const SEQUENCE: u8 = 0x30;

    /// `[number]`, primitive.
    pub(in crate::lint) const fn context(number: u8) -> u8 {
        0x80 | number
    }

    /// `[number]`, constructed.
    pub(in crate::lint) const fn context_constructed(number: u8) -> u8 {
        0xa0 | number
    }
}

/// One element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'a> {
    /// Class, form and number, in one octet.
    pub(super) tag: u8,
    /// What is in it.
    pub(super) content: &'a [u8],
    /// Header and content.
    pub(super) whole: &'a [u8],
}

impl<'a> Element<'a> {
    /// The first element, and what follows it. Tags of several octets and the indefinite length are not read.
    pub(super) fn first(input: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (&tag, rest) = input.split_first()?;
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (&short, mut rest) = rest.split_first()?;
        let length = match short {
            0..=0x7f => usize::from(short),
            0x81..=0x84 => {
                let (octets, after) = rest.split_at_checked(usize::from(short & 0x7f))?;
                rest = after;
                octets.iter().fold(0, |length, octet| length << 8 | usize::from(*octet))
            }
            _ => return None,
        };
        let (content, after) = rest.split_at_checked(length)?;
        let whole = input.get(..input.len() - after.len())?;
        Some((Self { tag, content, whole }, after))
    }

    /// The one element that the octets are.
    pub(super) fn only(input: &'a [u8]) -> Option<Self> {
        Self::first(input).filter(|(_, rest)| rest.is_empty()).map(|(element, _)| element)
    }

    /// The elements of a constructed one; none of them may be broken off.
    pub(super) fn parts(&self) -> Option<Vec<Self>> {
        let mut rest = self.content;
        let mut found = Vec::new();
        while !rest.is_empty() {
            let (element, after) = Self::first(rest)?;
            found.push(element);
            rest = after;
        }
        Some(found)
    }

    /// The elements of a SEQUENCE that the octets are.
    pub(super) fn sequence(input: &'a [u8]) -> Option<Vec<Self>> {
        Self::only(input).filter(|whole| whole.tag == tag::SEQUENCE)?.parts()
    }

    /// The number of a tag of the context.
    pub(super) fn context_number(&self) -> Option<u8> {
        (self.tag & 0xc0 == 0x80).then_some(self.tag & 0x1f)
    }
}

/// An object identifier in dotted form, from its content.
pub(super) fn dotted(oid: &[u8]) -> String {
    const_oid::ObjectIdentifier::from_bytes(oid).map_or_else(|_| "unreadable".to_owned(), |oid| oid.to_string())
}
