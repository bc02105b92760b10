//! The bags of a PKCS#12 file (RFC 7292 section 4.2): opened on reading, encoded on writing. Nothing is passed over: a bag
//! of a kind that is not known stops the reading.

use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Decode, Encode, Tag};
use pkcs8::PrivateKeyInfoRef;
use pkcs8::spki::AlgorithmIdentifierRef;

use super::ber;
use super::cipher::{Opener, Sealer};
use super::syntax::{
    ANY_USAGE, AttributeSyntax, CERTIFICATE_BAG, ContentInfo, EncryptedKey, KEY_BAG, LOCAL_KEY_ID, SECRET_BAG,
    SHROUDED_KEY_BAG, SafeBag, TypedValue, X509_CERTIFICATE, element, elements, members,
};
use crate::attributes::{Attribute, FRIENDLY_NAME, TRUSTED_KEY_USAGE, text};
use crate::error::KeystoreError;
use certroll_base::secret::SecretBytes;

/// One bag, opened.
pub(super) struct Bag {
    pub(super) content: BagContent,
    pub(super) name: Option<String>,
    /// Links a key to its certificate.
    pub(super) id: Option<Vec<u8>>,
    /// Whether Java trusts the certificate, in some usage at least.
    pub(super) trusted: bool,
    /// All other attributes; among them trustedKeyUsage where it is not for any usage.
    pub(super) others: Vec<Attribute>,
}

pub(super) enum BagContent {
    /// DER of a PrivateKeyInfo.
    Key(SecretBytes),
    /// DER of a certificate.
    Certificate(Vec<u8>),
    /// DER of a PrivateKeyInfo in which Java keeps a symmetric key.
    Secret(SecretBytes),
}

/// All bags in an AuthenticatedSafe (BER or DER).
///
/// # Errors
/// Malformed DER; what is encrypted under another password; anything that would be lost on rewriting the file.
pub(super) fn open(safes: &[u8], opener: &Opener<'_>) -> Result<Vec<Bag>, KeystoreError> {
    let mut bags = Vec::new();
    let safes = ber::to_der(safes).ok_or(KeystoreError::Damaged("its content is not in BER or DER"))?;
    for safe in elements::<ContentInfo<'_>>(&safes).map_err(KeystoreError::Pkcs12)? {
        if let Some(content) = safe.data() {
            open_bags(content, opener, &mut bags)?;
        } else if let Some(encrypted) = safe.encrypted() {
            let info = encrypted.map_err(KeystoreError::Pkcs12)?.info;
            let content = info.octets().map_err(KeystoreError::Pkcs12)?;
            if !content.is_empty() {
                open_bags(opener.open(&info.algorithm, &content)?.expose(), opener, &mut bags)?;
            }
        } else {
            return Err(KeystoreError::Unsupported(format!("PKCS#12 content of type {}", safe.kind)));
        }
    }
    Ok(bags)
}

fn open_bags(content: &[u8], opener: &Opener<'_>, found: &mut Vec<Bag>) -> Result<(), KeystoreError> {
    let content = ber::to_der(content).ok_or(KeystoreError::Damaged("its bags are not in BER or DER"))?;
    for bag in elements::<SafeBag<'_>>(&content).map_err(KeystoreError::Pkcs12)? {
        let content = match bag.kind {
            KEY_BAG => BagContent::Key(key(bag.value.to_der().map_err(KeystoreError::Pkcs12)?)?),
            SHROUDED_KEY_BAG => BagContent::Key(shrouded(bag.value, opener)?),
            CERTIFICATE_BAG => BagContent::Certificate(certificate(bag.value)?),
            SECRET_BAG => BagContent::Secret(secret(bag.value, opener)?),
            other => return Err(KeystoreError::Unsupported(format!("PKCS#12 content of type {other}"))),
        };
        let mut opened = Bag { content, name: None, id: None, trusted: false, others: Vec::new() };
        if let Some(attributes) = bag.attributes {
            opened.take(attributes).map_err(KeystoreError::Pkcs12)?;
        }
        found.push(opened);
    }
    Ok(())
}

fn key(der: Vec<u8>) -> Result<SecretBytes, KeystoreError> {
    let key = SecretBytes::new(der);
    match PrivateKeyInfoRef::from_der(key.expose()) {
        Ok(_) => Ok(key),
        Err(_) => Err(KeystoreError::Damaged("a private key in it is not PKCS#8")),
    }
}

fn shrouded(value: AnyRef<'_>, opener: &Opener<'_>) -> Result<SecretBytes, KeystoreError> {
    let encrypted: EncryptedKey<'_> = value.decode_as().map_err(KeystoreError::Pkcs12)?;
    let plain = opener.open(&encrypted.algorithm, encrypted.data.as_bytes())?;
    match PrivateKeyInfoRef::from_der(plain.expose()) {
        Ok(_) => Ok(plain),
        // One wrong password in 256 leaves valid padding.
        Err(_) => Err(KeystoreError::Unsupported("PKCS#12 parts encrypted under another password".into())),
    }
}

fn certificate(value: AnyRef<'_>) -> Result<Vec<u8>, KeystoreError> {
    let TypedValue { kind, value } = value.decode_as().map_err(KeystoreError::Pkcs12)?;
    if kind != X509_CERTIFICATE {
        return Err(KeystoreError::Unsupported(format!("a PKCS#12 certificate of type {kind}")));
    }
    Ok(value.decode_as::<&OctetStringRef>().map_err(KeystoreError::Pkcs12)?.as_bytes().to_vec())
}

/// A secret as Java keeps it: an encrypted PrivateKeyInfo in an OCTET STRING.
fn secret(value: AnyRef<'_>, opener: &Opener<'_>) -> Result<SecretBytes, KeystoreError> {
    let TypedValue { kind, value } = value.decode_as().map_err(KeystoreError::Pkcs12)?;
    if kind != SHROUDED_KEY_BAG {
        return Err(KeystoreError::Unsupported(format!("a PKCS#12 secret of type {kind}")));
    }
    let encrypted = value.decode_as::<&OctetStringRef>().map_err(KeystoreError::Pkcs12)?;
    shrouded(AnyRef::from_der(encrypted.as_bytes()).map_err(KeystoreError::Pkcs12)?, opener)
}

impl Bag {
    /// Takes over the attributes. The first friendlyName, localKeyID and mark of trust have places of their own.
    fn take(&mut self, attributes: AnyRef<'_>) -> der::Result<()> {
        for der in members::<AnyRef<'_>>(attributes)? {
            let AttributeSyntax { kind, values } = der.decode_as()?;
            let values = members::<AnyRef<'_>>(values)?;
            let only = match values.as_slice() {
                [only] => Some(only),
                _ => None,
            };
            match (kind, only) {
                (FRIENDLY_NAME, Some(only)) if self.name.is_none() && text(only).is_some() => self.name = text(only),
                (LOCAL_KEY_ID, Some(only)) if self.id.is_none() => {
                    self.id = Some(only.decode_as::<&OctetStringRef>()?.as_bytes().to_vec());
                }
                (TRUSTED_KEY_USAGE, only) if matches!(self.content, BagContent::Certificate(_)) => {
                    self.trusted = true;
                    if only.is_none_or(|only| only.decode_as::<ObjectIdentifier>() != Ok(ANY_USAGE)) {
                        self.others.push(Attribute::from_der(der.to_der()?));
                    }
                }
                _ => self.others.push(Attribute::from_der(der.to_der()?)),
            }
        }
        self.others.sort();
        Ok(())
    }

    /// Its SafeBag in DER, what is secret in it encrypted.
    ///
    /// # Errors
    /// The encryption fails, or something is too long for DER.
    pub(super) fn encode(&self, sealer: &Sealer<'_>) -> Result<Vec<u8>, KeystoreError> {
        let attributes = self.attributes().map_err(KeystoreError::Pkcs12)?;
        let (kind, value) = match &self.content {
            BagContent::Key(key) => (SHROUDED_KEY_BAG, encrypted(key, sealer)?),
            BagContent::Certificate(der) => (CERTIFICATE_BAG, typed(X509_CERTIFICATE, der)?),
            BagContent::Secret(info) => (SECRET_BAG, typed(SHROUDED_KEY_BAG, &encrypted(info, sealer)?)?),
        };
        let encoded = || {
            let attributes = (!attributes.is_empty()).then(|| AnyRef::new(Tag::Set, &attributes)).transpose()?;
            SafeBag { kind, value: AnyRef::from_der(&value)?, attributes }.to_der()
        };
        encoded().map_err(KeystoreError::Pkcs12)
    }

    /// The members of its SET OF Attribute, in the order of DER (X.690 section 11.6).
    fn attributes(&self) -> der::Result<Vec<u8>> {
        let mut all: Vec<Vec<u8>> = self.others.iter().map(|attribute| attribute.as_der().to_vec()).collect();
        if let Some(name) = &self.name {
            all.push(friendly_name(name)?);
        }
        if let Some(id) = &self.id {
            all.push(attribute(LOCAL_KEY_ID, &element(Tag::OctetString, id)?)?);
        }
        if self.trusted && !self.others.iter().any(|other| other.id() == Some(TRUSTED_KEY_USAGE)) {
            all.push(attribute(TRUSTED_KEY_USAGE, &ANY_USAGE.to_der()?)?);
        }
        all.sort();
        Ok(all.concat())
    }
}

/// DER of the attribute that names a bag.
pub(super) fn friendly_name(name: &str) -> der::Result<Vec<u8>> {
    let utf16: Vec<u8> = name.encode_utf16().flat_map(u16::to_be_bytes).collect();
    attribute(FRIENDLY_NAME, &element(Tag::BmpString, &utf16)?)
}

/// DER of an attribute with one value.
pub(super) fn attribute(kind: ObjectIdentifier, value: &[u8]) -> der::Result<Vec<u8>> {
    AttributeSyntax { kind, values: AnyRef::new(Tag::Set, value)? }.to_der()
}

/// DER of an EncryptedPrivateKeyInfo.
fn encrypted(plain: &SecretBytes, sealer: &Sealer<'_>) -> Result<Vec<u8>, KeystoreError> {
    let sealed = sealer.seal(plain.expose())?;
    let encoded = || {
        let algorithm = AlgorithmIdentifierRef::from_der(&sealed.algorithm)?;
        EncryptedKey { algorithm, data: OctetStringRef::new(&sealed.data)? }.to_der()
    };
    encoded().map_err(KeystoreError::Pkcs12)
}

/// DER of a CertBag or SecretBag around the octets of its value.
fn typed(kind: ObjectIdentifier, octets: &[u8]) -> Result<Vec<u8>, KeystoreError> {
    let encoded = || TypedValue { kind, value: AnyRef::new(Tag::OctetString, octets)? }.to_der();
    encoded().map_err(KeystoreError::Pkcs12)
}
