//! A look at the raw structure of a PKCS#12 file (RFC 7292 section 4), for what the PKCS#12 crate does not tell.
//!
//! It reads a file without a MAC as if nothing were missing, ignores bags it does not know, and drops secret keys that it
//! cannot decrypt. Whoever rewrites such a file loses them.

use pkcs8::der::asn1::{AnyRef, ContextSpecific, ObjectIdentifier, OctetStringRef};
use pkcs8::der::{self, Decode, Reader, TagMode, TagNumber};

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.1");
const SHROUDED_KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2");
const CERTIFICATE_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.3");
const SECRET_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.5");

/// What the outside of a file shows without its password.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Survey {
    /// Whether the file carries macData.
    pub(super) has_mac: bool,
    /// Secret bags outside encrypted parts, where Java puts them (their content is encrypted by itself).
    pub(super) secrets: usize,
    /// The first kind of bag outside encrypted parts that is neither key, certificate nor secret.
    pub(super) unknown: Option<ObjectIdentifier>,
}

/// PFX ::= SEQUENCE { version INTEGER, authSafe ContentInfo, macData MacData OPTIONAL }
///
/// # Errors
/// Malformed DER. BER with indefinite lengths, which old Windows versions wrote, counts as malformed.
pub(super) fn survey(file: &[u8]) -> der::Result<Survey> {
    let mut survey = Survey::default();
    let safes = AnyRef::from_der(file)?.sequence(|reader| {
        u8::decode(reader)?;
        let safes = AnyRef::decode(reader)?.sequence(content)?;
        survey.has_mac = !reader.is_finished();
        reader.drain(reader.remaining_len())?;
        der::Result::Ok(safes)
    })?;
    // A file protected by public keys has no plain authSafe; the reader of its content will refuse it.
    let Some(safes) = safes else { return Ok(survey) };
    each(safes, |safe| match safe.sequence(content)? {
        Some(bags) => each(bags, |bag| bag.sequence(|reader| survey.count(reader))),
        None => Ok(()),
    })?;
    Ok(survey)
}

impl Survey {
    /// SafeBag ::= SEQUENCE { bagId OBJECT IDENTIFIER, bagValue `[0]`, bagAttributes SET OPTIONAL }
    fn count<'a>(&mut self, bag: &mut impl Reader<'a>) -> der::Result<()> {
        match ObjectIdentifier::decode(bag)? {
            KEY_BAG | SHROUDED_KEY_BAG | CERTIFICATE_BAG => {}
            SECRET_BAG => self.secrets += 1,
            other => self.unknown = self.unknown.or(Some(other)),
        }
        bag.drain(bag.remaining_len())
    }
}

/// ContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, content `[0]` EXPLICIT }: the octets of plain data.
fn content<'a>(reader: &mut impl Reader<'a>) -> der::Result<Option<&'a [u8]>> {
    let kind = ObjectIdentifier::decode(reader)?;
    let content = ContextSpecific::<AnyRef<'a>>::decode_explicit(reader, TagNumber(0))?;
    match content {
        Some(content) if kind == DATA && content.tag_mode == TagMode::Explicit => {
            Ok(Some(content.value.decode_as::<&OctetStringRef>()?.as_bytes()))
        }
        _ => Ok(None),
    }
}

/// Visits the elements of a SEQUENCE OF.
fn each<'a>(sequence: &'a [u8], mut visit: impl FnMut(AnyRef<'a>) -> der::Result<()>) -> der::Result<()> {
    AnyRef::from_der(sequence)?.sequence(|reader| {
        while !reader.is_finished() {
            visit(AnyRef::decode(reader)?)?;
        }
        Ok(())
    })
}
