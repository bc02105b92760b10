//! What a PKCS#12 file says of an entry beside its content (RFC 7292 section 4.2): attributes that other programs put
//! there, and names of certificates inside chains. Carried along when the file is rewritten; no other format has room.

use std::collections::BTreeMap;

use pkcs8::der::asn1::{AnyRef, ObjectIdentifier};
use pkcs8::der::{Decode, Tag, Tagged};

use crate::chain_order::Parsed;
use certroll_base::encoding::{self, Sha256};
use certroll_base::text::printable;

/// friendlyName (RFC 2985 section 5.5.1).
pub(super) const FRIENDLY_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.20");
/// What Java calls trustedKeyUsage: the extended key usages that a certificate is trusted for.
pub(super) const TRUSTED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.113894.746875.1.1");

/// One attribute, kept as its DER so that it is written as it was read.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Attribute(Vec<u8>);

impl Attribute {
    /// Takes over the DER of `Attribute ::= SEQUENCE { attrId OBJECT IDENTIFIER, attrValues SET OF ANY }`.
    pub(super) fn from_der(der: Vec<u8>) -> Self {
        Self(der)
    }

    pub(super) fn as_der(&self) -> &[u8] {
        &self.0
    }

    /// Its type as an object identifier in dotted form; `None` where it cannot be read.
    pub fn oid(&self) -> Option<String> {
        self.id().map(|id| id.to_string())
    }

    pub(super) fn id(&self) -> Option<ObjectIdentifier> {
        self.parts().map(|(id, _)| id)
    }

    /// Its type by its usual name, or the object identifier.
    pub fn name(&self) -> String {
        match self.oid() {
            Some(id) => match id.as_str() {
                "1.2.840.113549.1.9.20" => "friendlyName".to_owned(),
                "1.2.840.113549.1.9.21" => "localKeyID".to_owned(),
                "1.3.6.1.4.1.311.17.1" => "Microsoft CSP Name".to_owned(),
                "1.3.6.1.4.1.311.17.2" => "Microsoft Local Machine Key".to_owned(),
                "2.16.840.1.113894.746875.1.1" => "trustedKeyUsage".to_owned(),
                _ => id,
            },
            None => "unreadable".to_owned(),
        }
    }

    /// Its only value where that is text, else in hexadecimal; empty where it has none. As it is: make it printable.
    pub fn value(&self) -> String {
        let Some((_, values)) = self.parts() else { return String::new() };
        match AnyRef::from_der(values).ok().and_then(|only| text(&only)) {
            Some(text) => text,
            None => encoding::hex(values),
        }
    }

    /// Whether it is a name that repeats the subject or the common name of this certificate, as Java and others write it.
    pub(super) fn repeats(&self, certificate: &[u8]) -> bool {
        if self.id() != Some(FRIENDLY_NAME) {
            return false;
        }
        let name = self.value();
        let Some(certificate) = Parsed::of(certificate) else { return false };
        folded(&name) == folded(&certificate.subject()) || certificate.common_name() == Some(name.as_str())
    }

    fn parts(&self) -> Option<(ObjectIdentifier, &[u8])> {
        let parts = AnyRef::from_der(&self.0).ok()?.sequence(|reader| {
            let id = ObjectIdentifier::decode(reader)?;
            pkcs8::der::Result::Ok((id, AnyRef::decode(reader)?.value()))
        });
        parts.ok()
    }
}

impl std::fmt::Debug for Attribute {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.name(), printable(&self.value()))
    }
}

/// A string of ASN.1 as text.
pub(super) fn text(value: &AnyRef<'_>) -> Option<String> {
    let bytes = value.value();
    match value.tag() {
        // UTF-16: characters beyond U+FFFF have no place in a BMPString, but Java writes them into one.
        Tag::BmpString => {
            let (pairs, []) = bytes.as_chunks::<2>() else { return None };
            String::from_utf16(&pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect::<Vec<_>>()).ok()
        }
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String => String::from_utf8(bytes.to_vec()).ok(),
        _ => None,
    }
}

/// The attributes of an entry.
///
/// Neither the alias is among them nor what certroll writes by itself: the link between key and certificate, the mark of
/// trust in any usage, the alias as the name of a key's own certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    /// Those of the key, the secret or the trusted certificate.
    pub(super) own: Vec<Attribute>,
    /// Those of certificates in the chain, by the certificate: a chain that changes keeps them where it keeps it.
    pub(super) chain: BTreeMap<Sha256, Vec<Attribute>>,
}

impl Attributes {
    /// Those of an entry without a chain.
    pub(super) fn of(own: &[Attribute]) -> Self {
        Self { own: own.to_vec(), chain: BTreeMap::new() }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.own.is_empty() && self.chain.is_empty()
    }

    /// Those of the entry itself.
    pub fn own(&self) -> &[Attribute] {
        &self.own
    }

    /// Those of a certificate (DER) in its chain.
    pub fn of_certificate(&self, der: &[u8]) -> &[Attribute] {
        self.chain.get(&encoding::sha256(der)).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether `other` has all of these, as far as they are of this chain. It may have more: reading prolongs chains.
    pub(super) fn are_in(&self, other: &Self, chain: &[Vec<u8>]) -> bool {
        let all_there = |der: &Vec<u8>| {
            let (ours, theirs) = (self.of_certificate(der), other.of_certificate(der));
            ours.iter().all(|one| theirs.contains(one))
        };
        self.own.iter().all(|one| other.own.contains(one)) && chain.iter().all(all_there)
    }

    /// Those that say more than the entry does by itself, a few words for each. A name that repeats the subject or the common
    /// name of its certificate, as Java writes it, says nothing.
    pub fn telling(&self, chain: &[Vec<u8>]) -> Vec<String> {
        let word = |of: &str, attribute: &Attribute| match attribute.value() {
            empty if empty.is_empty() => format!("{of}{}", attribute.name()),
            value => format!("{of}{} `{}`", attribute.name(), printable(&value)),
        };
        let mut words: Vec<_> = self.own.iter().map(|attribute| word("", attribute)).collect();
        for (at, der) in chain.iter().enumerate() {
            let of = format!("certificate {}: ", at + 1);
            let telling = self.of_certificate(der).iter().filter(|one| !one.repeats(der));
            words.extend(telling.map(|attribute| word(&of, attribute)));
        }
        words
    }
}

/// The parts of a distinguished name in text, in one order and case: Java and others begin at opposite ends.
fn folded(name: &str) -> Vec<String> {
    let mut parts: Vec<_> = name.split([',', '+']).map(|part| part.trim().to_lowercase()).collect();
    parts.sort();
    parts
}
