//! The attributes of a certificate request (RFC 2985 section 5.4.2): what they ask for, and what in them cannot be certified.

use const_oid::ObjectIdentifier;
use der::asn1::{AnyRef, BitStringRef, OctetStringRef};
use der::{Decode, Reader, SliceReader, Tag, Tagged};
use x509_cert::ext::pkix::BasicConstraints;

use super::extensions::{self, ExtendedUsage};
use super::request::{RequestFlaw, RequestedExtensions};
use crate::name::general_name::GeneralName;

const EXTENSION_REQUEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.14");
/// Microsoft's own, from before there was the other; same content.
const OLD_EXTENSION_REQUEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.2.1.14");

const SUBJECT_KEY_IDENTIFIER: &str = "2.5.29.14";
const KEY_USAGE: &str = "2.5.29.15";
const SUBJECT_ALT_NAME: &str = "2.5.29.17";
const BASIC_CONSTRAINTS: &str = "2.5.29.19";
const EXTENDED_KEY_USAGE: &str = "2.5.29.37";

/// Collects what the attributes of one request say.
#[derive(Default)]
pub(super) struct RequestReader {
    pub(super) names: Vec<GeneralName>,
    pub(super) wishes: RequestedExtensions,
    pub(super) flaws: Vec<RequestFlaw>,
    seen: Vec<ObjectIdentifier>,
    has_extensions: bool,
}

impl RequestReader {
    /// Reads `SEQUENCE { type, SET OF value }`.
    pub(super) fn take_attribute(&mut self, attribute: AnyRef<'_>) -> Result<(), der::Error> {
        attribute.tag().assert_eq(Tag::Sequence)?;
        let mut reader = SliceReader::new(attribute.value())?;
        let oid = ObjectIdentifier::decode(&mut reader)?;
        let values = AnyRef::decode(&mut reader)?;
        values.tag().assert_eq(Tag::Set)?;
        reader.finish()?;
        if oid != EXTENSION_REQUEST && oid != OLD_EXTENSION_REQUEST {
            self.wishes.attributes.push(oid.to_string());
            return Ok(());
        }
        if std::mem::replace(&mut self.has_extensions, true) {
            self.flaw("duplicate", "two attributes ask for extensions, and nobody can say which of them counts");
        }
        let mut each = SliceReader::new(values.value())?;
        let mut count = 0;
        while !each.is_finished() {
            self.take_extensions(AnyRef::decode(&mut each)?)?;
            count += 1;
        }
        if count != 1 {
            self.flaw("malformed", format!("its request for extensions has {count} values, and one is right"));
        }
        Ok(())
    }

    fn flaw(&mut self, rule: &'static str, text: impl Into<String>) {
        self.flaws.push(RequestFlaw::new("extensions", rule, text));
    }

    fn take_extensions(&mut self, list: AnyRef<'_>) -> Result<(), der::Error> {
        list.tag().assert_eq(Tag::Sequence)?;
        let mut reader = SliceReader::new(list.value())?;
        while !reader.is_finished() {
            self.take_extension(AnyRef::decode(&mut reader)?)?;
        }
        Ok(())
    }

    /// Reads `SEQUENCE { type, critical BOOLEAN DEFAULT FALSE, value OCTET STRING }`; the default may be written out.
    fn take_extension(&mut self, extension: AnyRef<'_>) -> Result<(), der::Error> {
        extension.tag().assert_eq(Tag::Sequence)?;
        let mut reader = SliceReader::new(extension.value())?;
        let oid = ObjectIdentifier::decode(&mut reader)?;
        let mut next = AnyRef::decode(&mut reader)?;
        if next.tag() == Tag::Boolean {
            next = AnyRef::decode(&mut reader)?;
        }
        reader.finish()?;
        let value = next.decode_as::<&OctetStringRef>()?.as_bytes();
        if self.seen.contains(&oid) {
            self.flaw("duplicate", format!("the extension {} is there twice", named(&oid)));
        }
        self.seen.push(oid);
        if self.take_value(&oid.to_string(), value).is_err() {
            let text = match oid.to_string().as_str() {
                SUBJECT_ALT_NAME => "the extension subjectAltName is empty or malformed".to_owned(),
                _ => format!("the extension {} is malformed", named(&oid)),
            };
            self.flaw("malformed", text);
        }
        Ok(())
    }

    fn take_value(&mut self, oid: &str, value: &[u8]) -> Result<(), der::Error> {
        match oid {
            SUBJECT_ALT_NAME => {
                for name in GeneralName::decode_all(value)? {
                    if let Some(why) = name.objection() {
                        let text = format!("the alternative name `{name}` cannot be certified: {why}");
                        self.flaws.push(RequestFlaw::new("san", "name", text));
                    }
                    self.names.push(name);
                }
            }
            KEY_USAGE => {
                self.wishes.key_usage = extensions::key_usages_of(usage_flags(&BitStringRef::from_der(value)?))
            }
            EXTENDED_KEY_USAGE => {
                let usages = Vec::<ObjectIdentifier>::from_der(value)?;
                self.wishes.extended_key_usage = usages.into_iter().map(ExtendedUsage).collect();
            }
            BASIC_CONSTRAINTS => self.wishes.ca = Some(BasicConstraints::from_der(value)?.ca),
            // keytool always asks for one.
            SUBJECT_KEY_IDENTIFIER => {}
            _ => self.wishes.extensions.push(oid.to_owned()),
        }
        Ok(())
    }
}

/// Bit 0 of the extension is the lowest bit.
fn usage_flags(bits: &BitStringRef<'_>) -> u16 {
    bits.bits().take(9).enumerate().filter(|(_, set)| *set).fold(0, |flags, (at, _)| flags | (1 << at))
}

fn named(oid: &ObjectIdentifier) -> String {
    match oid.to_string().as_str() {
        SUBJECT_KEY_IDENTIFIER => "subjectKeyIdentifier".to_owned(),
        KEY_USAGE => "keyUsage".to_owned(),
        SUBJECT_ALT_NAME => "subjectAltName".to_owned(),
        BASIC_CONSTRAINTS => "basicConstraints".to_owned(),
        EXTENDED_KEY_USAGE => "extKeyUsage".to_owned(),
        other => other.to_owned(),
    }
}
