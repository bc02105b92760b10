//! Elements of DER (X.690), without knowledge of what they are for.

use der::asn1::AnyRef;
use der::{Decode, Reader, SliceReader, Tag, Tagged};

/// The elements of a SEQUENCE or SET OF, in order; nothing may follow the last.
///
/// # Errors
/// The content is no row of DER elements.
pub(crate) fn elements(content: &[u8]) -> Result<Vec<AnyRef<'_>>, der::Error> {
    let mut reader = SliceReader::new(content)?;
    let mut found = Vec::new();
    while !reader.is_finished() {
        found.push(AnyRef::decode(&mut reader)?);
    }
    Ok(found)
}

/// The elements inside of one SEQUENCE, which is all there is.
pub(super) fn sequence(der: &[u8]) -> Result<Vec<AnyRef<'_>>, der::Error> {
    let outer = AnyRef::from_der(der)?;
    outer.tag().assert_eq(Tag::Sequence)?;
    elements(outer.value())
}

/// A BOOLEAN by X.690 section 11.1: one octet, all bits alike.
pub(crate) fn boolean(value: &[u8]) -> Option<bool> {
    match value {
        [0x00] => Some(false),
        [0xff] => Some(true),
        _ => None,
    }
}

/// Whether the content of an INTEGER is as short as it can be (X.690 section 8.3.2).
pub(super) fn is_minimal_integer(value: &[u8]) -> bool {
    match value {
        [] => false,
        [0x00, second, ..] => *second >= 0x80,
        [0xff, second, ..] => *second < 0x80,
        _ => true,
    }
}

/// An INTEGER that is not negative, and as short as it can be.
pub(super) fn is_natural(value: &[u8]) -> bool {
    is_minimal_integer(value) && value[0] < 0x80
}
