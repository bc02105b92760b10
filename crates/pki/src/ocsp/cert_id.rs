//! CertID: which certificate a response speaks of (RFC 6960 section 4.1.1).

use aws_lc_rs::digest;
use const_oid::ObjectIdentifier;
use der::asn1::AnyRef;
use der::{Tag, Tagged};

use super::response::{OcspError, malformed};
use crate::admission::elements;
use crate::x509::certificate::Certificate;
use crate::x509::extensions::public_key_bits;

const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");

/// By which hash the issuer is named. It names, and proves nothing: the signature of the response does that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashAlgorithm {
    /// What nearly every responder uses (RFC 5019 section 2.1.1).
    Sha1,
    /// SHA-256.
    Sha256,
}

impl HashAlgorithm {
    /// Of a public key, the BIT STRING without tag, length and count of unused bits; of a name, its DER.
    pub(crate) fn hash(self, octets: &[u8]) -> Vec<u8> {
        let algorithm = match self {
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
        };
        digest::digest(algorithm, octets).as_ref().to_vec()
    }
}

/// The certificate that a response speaks of: issuer and serial number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertId {
    /// The hash; `None` for one that is not computed here, which names no certificate that could be recognised.
    pub hash: Option<HashAlgorithm>,
    /// Of the issuer's name.
    pub issuer_name_hash: Vec<u8>,
    /// Of the issuer's public key.
    pub issuer_key_hash: Vec<u8>,
    /// The content of the INTEGER that is the serial number.
    pub serial: Vec<u8>,
}

impl CertId {
    /// The name of `certificate` under `issuer`.
    pub fn of(certificate: &Certificate, issuer: &Certificate, hash: HashAlgorithm) -> Option<Self> {
        Some(Self {
            hash: Some(hash),
            issuer_name_hash: hash.hash(certificate.issuer.as_der()),
            issuer_key_hash: hash.hash(&public_key_bits(&issuer.spki).ok()?),
            serial: certificate.serial_content(),
        })
    }

    /// Whether it names `certificate` under `issuer`.
    pub fn names(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        self.hash.and_then(|hash| Self::of(certificate, issuer, hash)).is_some_and(|own| own == *self)
    }

    pub(super) fn read(value: AnyRef<'_>) -> Result<Self, OcspError> {
        let shape = || malformed("a certificate is named in another way than RFC 6960 has it");
        let fields = elements(value.value()).map_err(|_| shape())?;
        let [algorithm, name, key, serial] = fields.as_slice() else { return Err(shape()) };
        let tags = (algorithm.tag(), name.tag(), key.tag(), serial.tag());
        if tags != (Tag::Sequence, Tag::OctetString, Tag::OctetString, Tag::Integer) {
            return Err(shape());
        }
        let oid =
            elements(algorithm.value()).ok().and_then(|parts| parts.first()?.decode_as::<ObjectIdentifier>().ok());
        let hash = match oid {
            Some(SHA1) => Some(HashAlgorithm::Sha1),
            Some(SHA256) => Some(HashAlgorithm::Sha256),
            Some(_) => None,
            None => return Err(shape()),
        };
        Ok(Self {
            hash,
            issuer_name_hash: name.value().to_vec(),
            issuer_key_hash: key.value().to_vec(),
            serial: serial.value().to_vec(),
        })
    }
}
