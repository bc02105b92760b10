//! The ASN.1 of PKCS#12 (RFC 7292 section 4 and appendix D), in DER; `ber` brings files to it.

use std::borrow::Cow;

use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Decode, Encode, Sequence, Tag, TagNumber, Tagged};
use pkcs8::spki::AlgorithmIdentifierRef;

/// id-data and id-encryptedData (RFC 5652 sections 4 and 8).
pub(super) const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
pub(super) const ENCRYPTED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");
/// The kinds of bags (section 4.2).
pub(super) const KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.1");
pub(super) const SHROUDED_KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2");
pub(super) const CERTIFICATE_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.3");
pub(super) const SECRET_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.5");
/// x509Certificate, the kind of certificate in a bag (section 4.2.3).
pub(super) const X509_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.22.1");
/// localKeyID (RFC 2985 section 5.5.2): links a key to its certificate.
pub(super) const LOCAL_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.21");
/// anyExtendedKeyUsage (RFC 5280 section 4.2.1.12), what Java puts into trustedKeyUsage.
pub(super) const ANY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");

/// PFX ::= SEQUENCE { version INTEGER, authSafe ContentInfo, macData MacData OPTIONAL }
#[derive(Sequence)]
pub(super) struct Pfx<'a> {
    pub(super) version: u8,
    pub(super) auth_safe: ContentInfo<'a>,
    #[asn1(optional = "true")]
    pub(super) mac: Option<MacData<'a>>,
}

/// ContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, content `[0]` EXPLICIT ANY OPTIONAL }
#[derive(Sequence)]
pub(super) struct ContentInfo<'a> {
    pub(super) kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) content: Option<AnyRef<'a>>,
}

/// MacData ::= SEQUENCE { mac DigestInfo, macSalt OCTET STRING, iterations INTEGER DEFAULT 1 }
#[derive(Sequence)]
pub(super) struct MacData<'a> {
    pub(super) mac: DigestInfo<'a>,
    pub(super) salt: &'a OctetStringRef,
    #[asn1(default = "once")]
    pub(super) iterations: u32,
}

fn once() -> u32 {
    1
}

/// DigestInfo ::= SEQUENCE { digestAlgorithm AlgorithmIdentifier, digest OCTET STRING }
#[derive(Sequence)]
pub(super) struct DigestInfo<'a> {
    pub(super) algorithm: AlgorithmIdentifierRef<'a>,
    pub(super) digest: &'a OctetStringRef,
}

/// EncryptedData ::= SEQUENCE { version INTEGER, EncryptedContentInfo } (RFC 5652 section 8; unprotected attributes are
/// not for PKCS#12).
#[derive(Sequence)]
pub(super) struct EncryptedData<'a> {
    pub(super) version: u8,
    pub(super) info: EncryptedContentInfo<'a>,
}

/// EncryptedContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, contentEncryptionAlgorithm AlgorithmIdentifier,
/// encryptedContent `[0]` IMPLICIT OCTET STRING OPTIONAL }
#[derive(Sequence)]
pub(super) struct EncryptedContentInfo<'a> {
    pub(super) kind: ObjectIdentifier,
    pub(super) algorithm: AlgorithmIdentifierRef<'a>,
    /// Under its own tag: in BER the octets may be in several parts below it.
    #[asn1(optional = "true")]
    pub(super) content: Option<AnyRef<'a>>,
}

/// `[0]` IMPLICIT, of octets in one part.
pub(super) const OCTETS_0: Tag = Tag::ContextSpecific { constructed: false, number: TagNumber(0) };
/// `[0]` IMPLICIT, of octets in several parts.
const PARTS_0: Tag = Tag::ContextSpecific { constructed: true, number: TagNumber(0) };

impl<'a> EncryptedContentInfo<'a> {
    /// The ciphertext; none where there is nothing inside.
    pub(super) fn octets(&self) -> der::Result<Cow<'a, [u8]>> {
        let Some(content) = self.content else { return Ok(Cow::Borrowed(&[])) };
        match content.tag() {
            OCTETS_0 => Ok(Cow::Borrowed(content.value())),
            PARTS_0 => {
                let parts: Vec<&OctetStringRef> = each(content, PARTS_0)?;
                Ok(Cow::Owned(parts.iter().flat_map(|part| part.as_bytes()).copied().collect()))
            }
            other => Err(other.unexpected_error(Some(OCTETS_0)).into()),
        }
    }
}

/// EncryptedPrivateKeyInfo ::= SEQUENCE { encryptionAlgorithm AlgorithmIdentifier, encryptedData OCTET STRING }
/// (RFC 5958 section 3)
#[derive(Sequence)]
pub(super) struct EncryptedKey<'a> {
    pub(super) algorithm: AlgorithmIdentifierRef<'a>,
    pub(super) data: &'a OctetStringRef,
}

/// SafeBag ::= SEQUENCE { bagId OBJECT IDENTIFIER, bagValue `[0]` EXPLICIT ANY, bagAttributes SET OF Attribute OPTIONAL }
#[derive(Sequence)]
pub(super) struct SafeBag<'a> {
    pub(super) kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) value: AnyRef<'a>,
    #[asn1(optional = "true")]
    pub(super) attributes: Option<AnyRef<'a>>,
}

/// CertBag and SecretBag ::= SEQUENCE { id OBJECT IDENTIFIER, value `[0]` EXPLICIT ANY }
#[derive(Sequence)]
pub(super) struct TypedValue<'a> {
    pub(super) kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) value: AnyRef<'a>,
}

/// Attribute ::= SEQUENCE { attrId OBJECT IDENTIFIER, attrValues SET OF ANY }
#[derive(Sequence)]
pub(super) struct AttributeSyntax<'a> {
    pub(super) kind: ObjectIdentifier,
    pub(super) values: AnyRef<'a>,
}

impl<'a> Pfx<'a> {
    /// The bytes that the MAC is over: a SEQUENCE OF ContentInfo in DER. `None` where the file is protected by public keys.
    pub(super) fn safes(&self) -> Option<&'a [u8]> {
        self.auth_safe.data()
    }
}

impl<'a> ContentInfo<'a> {
    /// The octets of plain data.
    pub(super) fn data(&self) -> Option<&'a [u8]> {
        let content = self.content.filter(|_| self.kind == DATA)?;
        Some(content.decode_as::<&OctetStringRef>().ok()?.as_bytes())
    }

    /// The content, if it is encrypted under a password.
    pub(super) fn encrypted(&self) -> Option<der::Result<EncryptedData<'a>>> {
        let content = self.content.filter(|_| self.kind == ENCRYPTED_DATA)?;
        Some(content.decode_as())
    }
}

/// The elements of a SEQUENCE OF.
pub(super) fn elements<'a, T: Decode<'a, Error = der::Error>>(sequence: &'a [u8]) -> der::Result<Vec<T>> {
    each(AnyRef::from_der(sequence)?, Tag::Sequence)
}

/// The elements of a SET OF, in any order: Windows does not sort them as DER wants.
pub(super) fn members<'a, T: Decode<'a, Error = der::Error>>(set: AnyRef<'a>) -> der::Result<Vec<T>> {
    each(set, Tag::Set)
}

fn each<'a, T: Decode<'a, Error = der::Error>>(list: AnyRef<'a>, tag: Tag) -> der::Result<Vec<T>> {
    list.tag().assert_eq(tag)?;
    let mut reader = der::SliceReader::new(list.value())?;
    let mut found = Vec::new();
    while !der::Reader::is_finished(&reader) {
        found.push(T::decode(&mut reader)?);
    }
    Ok(found)
}

/// One element of that tag around these bytes.
pub(super) fn element(tag: Tag, content: &[u8]) -> der::Result<Vec<u8>> {
    AnyRef::new(tag, content)?.to_der()
}

/// ContentInfo around plain data.
pub(super) fn data(content: &[u8]) -> der::Result<Vec<u8>> {
    let content = AnyRef::new(Tag::OctetString, content)?;
    ContentInfo { kind: DATA, content: Some(content) }.to_der()
}
