//! Attribute types of distinguished names: short names, ASN.1 string types, length limits (RFC 5280 appendix A).

use const_oid::ObjectIdentifier;
use der::asn1::{Any, AnyRef, BitString};
use der::{Encode, Tag, Tagged};

use super::name_error::NameError;
use certroll_base::encoding;
use certroll_base::text::{is_hostile, printable};

/// commonName.
pub(crate) const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// emailAddress of PKCS#9.
pub(crate) const EMAIL_ADDRESS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.1");

/// Longest value of an attribute that has no bound of its own here, in characters.
const LONGEST_OTHER: usize = 256;

/// How a value is encoded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ValueEncoding {
    /// UTF8String.
    Utf8,
    /// PrintableString.
    Printable,
    /// IA5String.
    Ia5,
    /// BIT STRING, written as hexadecimal octets.
    Bits,
}

struct KnownAttribute {
    short: &'static str,
    oid: ObjectIdentifier,
    form: ValueEncoding,
    /// Upper bound in characters (`ub-...` of RFC 5280 appendix A.1).
    longest: usize,
}

const fn known(short: &'static str, oid: &str, form: ValueEncoding, longest: usize) -> KnownAttribute {
    KnownAttribute { short, oid: ObjectIdentifier::new_unwrap(oid), form, longest }
}

const KNOWN: &[KnownAttribute] = &[
    known("CN", "2.5.4.3", ValueEncoding::Utf8, 64),
    known("O", "2.5.4.10", ValueEncoding::Utf8, 64),
    known("OU", "2.5.4.11", ValueEncoding::Utf8, 64),
    known("C", "2.5.4.6", ValueEncoding::Printable, 2),
    known("ST", "2.5.4.8", ValueEncoding::Utf8, 128),
    known("L", "2.5.4.7", ValueEncoding::Utf8, 128),
    known("STREET", "2.5.4.9", ValueEncoding::Utf8, 128),
    known("postalCode", "2.5.4.17", ValueEncoding::Utf8, 40),
    known("DC", "0.9.2342.19200300.100.1.25", ValueEncoding::Ia5, 63),
    known("UID", "0.9.2342.19200300.100.1.1", ValueEncoding::Utf8, 256),
    known("serialNumber", "2.5.4.5", ValueEncoding::Printable, 64),
    known("SN", "2.5.4.4", ValueEncoding::Utf8, 40),
    known("GN", "2.5.4.42", ValueEncoding::Utf8, 16),
    known("T", "2.5.4.12", ValueEncoding::Utf8, 64),
    known("organizationIdentifier", "2.5.4.97", ValueEncoding::Utf8, 256),
    known("dnQualifier", "2.5.4.46", ValueEncoding::Printable, 64),
    known("emailAddress", "1.2.840.113549.1.9.1", ValueEncoding::Ia5, 255),
    known("x500UniqueIdentifier", "2.5.4.45", ValueEncoding::Bits, 128),
];

/// The type of one attribute.
pub(crate) struct AttributeType {
    name: String,
    oid: ObjectIdentifier,
    form: ValueEncoding,
    longest: usize,
}

impl AttributeType {
    /// A short name (any case) or a dotted OID.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let found =
            |k: &KnownAttribute| Self { name: k.short.to_owned(), oid: k.oid, form: k.form, longest: k.longest };
        if let Some(known) = KNOWN.iter().find(|k| k.short.eq_ignore_ascii_case(text)) {
            return Some(found(known));
        }
        let oid = ObjectIdentifier::new(text).ok()?;
        match KNOWN.iter().find(|k| k.oid == oid) {
            Some(known) => Some(found(known)),
            None => Some(Self { name: text.to_owned(), oid, form: ValueEncoding::Utf8, longest: LONGEST_OTHER }),
        }
    }

    pub(crate) fn oid(&self) -> ObjectIdentifier {
        self.oid
    }

    /// The value in the ASN.1 type that belongs to this attribute.
    pub(crate) fn encode(&self, value: &str) -> Result<Any, NameError> {
        let refuse = |why: String| refused(&self.name, value, why);
        check_text(value).map_err(refuse)?;
        if self.form == ValueEncoding::Printable && self.longest == 2 {
            if value.len() != 2 || !value.bytes().all(|b| b.is_ascii_alphabetic()) {
                return Err(refuse("a country is two letters (ISO 3166)".into()));
            }
            return Ok(Any::new(Tag::PrintableString, value.to_ascii_uppercase().into_bytes())?);
        }
        if value.chars().count() > self.longest {
            return Err(refuse(format!("at most {} characters are allowed", self.longest)));
        }
        match self.form {
            ValueEncoding::Utf8 => Ok(Any::new(Tag::Utf8String, value.as_bytes())?),
            ValueEncoding::Printable if value.bytes().all(is_printable) => {
                Ok(Any::new(Tag::PrintableString, value.as_bytes())?)
            }
            ValueEncoding::Printable => {
                Err(refuse("only letters, digits, space and ' ( ) + , - . / : = ? are allowed".into()))
            }
            ValueEncoding::Ia5 if value.is_ascii() => Ok(Any::new(Tag::Ia5String, value.as_bytes())?),
            ValueEncoding::Ia5 => {
                Err(refuse("only ASCII is allowed (write internationalised names as xn--...)".into()))
            }
            ValueEncoding::Bits => {
                let octets = encoding::from_hex(value.trim_start_matches('#'));
                let octets = octets.ok_or_else(|| refuse("expected hexadecimal octets".into()))?;
                Ok(Any::encode_from(&BitString::from_bytes(&octets)?)?)
            }
        }
    }
}

fn refused(attribute: &str, value: &str, why: String) -> NameError {
    let mut shown: String = value.chars().take(100).collect();
    if shown.len() < value.len() {
        shown.push_str("...");
    }
    NameError::Value { attribute: attribute.to_owned(), value: printable(&shown).into_owned(), why }
}

/// What holds for every string: invisible characters have fooled readers of certificates before.
fn check_text(value: &str) -> Result<(), String> {
    if value.is_empty() {
        return Err("it is empty".to_owned());
    }
    if value.chars().any(is_hostile) {
        return Err("it has characters that nobody can see, or that a terminal obeys".to_owned());
    }
    if value.trim() != value {
        return Err("it begins or ends with white space".to_owned());
    }
    Ok(())
}

/// The value of an attribute found in a request, in the type that belongs to the attribute. One of a type that is not known
/// here keeps its string type.
pub(crate) fn admit(oid: ObjectIdentifier, value: AnyRef<'_>) -> Result<Any, NameError> {
    let kind = AttributeType::parse(&oid.to_string()).ok_or_else(|| NameError::UnknownAttribute(oid.to_string()))?;
    let refuse = |why: String| refused(&kind.name, &value_text(value), why);
    if kind.form == ValueEncoding::Bits {
        return match value.decode_as::<BitString>() {
            Ok(bits) if bits.raw_bytes().len() <= kind.longest => Ok(Any::from(value)),
            _ => Err(refuse("it is no BIT STRING of up to 128 octets".to_owned())),
        };
    }
    let text = strict_text(value).map_err(|why| refuse(why.to_owned()))?;
    let is_known = KNOWN.iter().any(|k| k.oid == oid);
    match value.tag() {
        Tag::PrintableString | Tag::Ia5String if !is_known => {
            kind.encode(&text)?;
            Ok(Any::from(value))
        }
        _ => kind.encode(&text),
    }
}

/// The text of a string type; not what [`value_text`] makes of damaged ones.
fn strict_text(value: AnyRef<'_>) -> Result<String, &'static str> {
    let bytes = value.value();
    match value.tag() {
        Tag::Utf8String => String::from_utf8(bytes.to_vec()).map_err(|_| "it is not UTF-8"),
        Tag::PrintableString | Tag::Ia5String | Tag::VisibleString | Tag::NumericString if !bytes.is_ascii() => {
            Err("it is not ASCII, as its type says")
        }
        Tag::BmpString => {
            let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            let whole = bytes.len() % 2 == 0;
            String::from_utf16(&units).ok().filter(|_| whole).ok_or("it is not UTF-16")
        }
        Tag::PrintableString | Tag::Ia5String | Tag::VisibleString | Tag::NumericString | Tag::TeletexString => {
            Ok(value_text(value))
        }
        _ => Err("it is no string"),
    }
}

/// PrintableString's alphabet (X.680 table 10).
fn is_printable(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&byte)
}

/// The short name of an attribute type, or its dotted form.
pub(crate) fn short_name(oid: &ObjectIdentifier) -> String {
    KNOWN.iter().find(|k| k.oid == *oid).map_or_else(|| oid.to_string(), |k| k.short.to_owned())
}

/// The value as text: strings as they are, everything else as `#` and the hexadecimal of its DER.
pub(crate) fn value_text(value: AnyRef<'_>) -> String {
    let bytes = value.value();
    match value.tag() {
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String | Tag::VisibleString | Tag::NumericString => {
            String::from_utf8_lossy(bytes).into_owned()
        }
        // Old CAs: Latin-1 by common practice.
        Tag::TeletexString => bytes.iter().map(|b| char::from(*b)).collect(),
        Tag::BmpString => {
            let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        _ => format!("#{}", encoding::hex(&value.to_der().unwrap_or_default())),
    }
}
