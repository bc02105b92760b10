//! Making certificates: content, then to-be-signed bytes, then the signed whole (RFC 5280 section 4.1).

use std::sync::Arc;

use der::asn1::{AnyRef, BitStringRef, GeneralizedTime, UintRef};
use der::{DateTime, Decode, Encode, Sequence};
use x509_cert::time::{Time, Validity as EncodedValidity};

use super::certificate::Certificate;
use super::extensions::{self, ExtensionProfile};
use super::serial::SerialNumber;
use super::validity::Validity;
use crate::key::KeyAlgorithm;
use crate::key::signer::{Signer, SigningError};
use crate::name::distinguished_name::DistinguishedName;
use crate::name::general_name::GeneralName;
use crate::verify::signature;
use certroll_base::clock::Timestamp;
use certroll_base::encoding::{self, Sha256};

/// Everything in a certificate except serial number, issuer and public key.
#[derive(Clone, Debug)]
pub struct CertificateContent {
    /// The subject.
    pub subject: DistinguishedName,
    /// The subject alternative names.
    pub names: Vec<GeneralName>,
    /// When it is valid.
    pub validity: Validity,
    /// The extensions, shared by all certificates of one kind.
    pub extensions: Arc<ExtensionProfile>,
}

/// What a certificate says of the CA that signs it.
#[derive(Clone, Debug)]
pub struct IssuerIdentity {
    /// The CA's subject, byte for byte.
    pub name: DistinguishedName,
    /// The CA's subjectKeyIdentifier.
    pub key_id: Option<Vec<u8>>,
    /// The kind of the CA's key, which decides the signature algorithm.
    pub key: KeyAlgorithm,
}

impl IssuerIdentity {
    /// The identity of a CA with that certificate and kind of key.
    pub fn of(certificate: &Certificate, key: KeyAlgorithm) -> Self {
        Self { name: certificate.subject.clone(), key_id: certificate.subject_key_id.clone(), key }
    }
}

/// A to-be-signed certificate: its bytes can be recorded before they are signed.
#[derive(Clone, Debug)]
pub struct ToBeSigned {
    der: Vec<u8>,
    algorithm: Arc<[u8]>,
}

impl ToBeSigned {
    /// SHA-256 of the to-be-signed bytes.
    pub fn sha256(&self) -> Sha256 {
        encoding::sha256(&self.der)
    }

    /// Signs, and returns the DER of the whole certificate.
    ///
    /// # Errors
    /// The key refuses.
    pub fn sign(&self, key: &dyn Signer) -> Result<Vec<u8>, SigningError> {
        signed(&self.der, &self.algorithm, key)
    }

    /// The DER of the certificate with an empty signature in its place: to be judged before any key is used.
    ///
    /// # Errors
    /// It cannot be encoded.
    pub fn unsigned(&self) -> Result<Vec<u8>, SigningError> {
        Ok(with_signature(&self.der, &self.algorithm, &[])?)
    }
}

/// `SEQUENCE { toBeSigned, AlgorithmIdentifier, BIT STRING }`, the shape of certificates and CRLs alike.
pub(crate) fn signed(tbs: &[u8], algorithm: &[u8], key: &dyn Signer) -> Result<Vec<u8>, SigningError> {
    let signature = key.sign_message(tbs)?;
    Ok(with_signature(tbs, algorithm, &signature)?)
}

fn with_signature(tbs: &[u8], algorithm: &[u8], signature: &[u8]) -> Result<Vec<u8>, der::Error> {
    #[derive(Sequence)]
    struct Signed<'a> {
        tbs: AnyRef<'a>,
        algorithm: AnyRef<'a>,
        signature: BitStringRef<'a>,
    }
    let whole = Signed {
        tbs: AnyRef::from_der(tbs)?,
        algorithm: AnyRef::from_der(algorithm)?,
        signature: BitStringRef::from_bytes(signature)?,
    };
    whole.to_der()
}

/// Encodes certificates of one profile under one issuer; what they share is encoded once.
#[derive(Clone, Debug)]
pub struct CertificateEncoder {
    profile: Arc<ExtensionProfile>,
    issuer: Vec<u8>,
    algorithm: Arc<[u8]>,
    fixed: Vec<u8>,
}

#[derive(Sequence)]
struct TbsCertificate<'a> {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    version: u8,
    serial: UintRef<'a>,
    signature: AnyRef<'a>,
    issuer: AnyRef<'a>,
    validity: EncodedValidity,
    subject: AnyRef<'a>,
    subject_public_key_info: AnyRef<'a>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT")]
    extensions: AnyRef<'a>,
}

impl CertificateEncoder {
    /// Prepares the shared part.
    ///
    /// # Errors
    /// The profile holds something that cannot be encoded, such as a non-ASCII URI.
    pub fn new(profile: Arc<ExtensionProfile>, issuer: &IssuerIdentity) -> Result<Self, SigningError> {
        let fixed = profile.encode_fixed(issuer.key_id.as_deref())?;
        let algorithm = signature::algorithm_identifier(issuer.key)?.into();
        Ok(Self { profile, issuer: issuer.name.as_der().to_vec(), algorithm, fixed })
    }

    /// The to-be-signed bytes of one certificate. `content.extensions` must be the profile given to [`Self::new`].
    ///
    /// # Errors
    /// The content cannot be encoded.
    pub fn encode(
        &self,
        content: &CertificateContent,
        serial: &SerialNumber,
        spki: &[u8],
    ) -> Result<ToBeSigned, SigningError> {
        let key_id = self.profile.key_id(&extensions::public_key_bits(spki)?);
        let own = self.profile.encode_subject(key_id.as_deref(), &content.names, content.subject.is_empty())?;
        let extensions = [own, self.fixed.clone()].concat();
        let tbs = TbsCertificate {
            version: 2, // v3
            serial: UintRef::new(serial.octets())?,
            signature: AnyRef::from_der(&self.algorithm)?,
            issuer: AnyRef::from_der(&self.issuer)?,
            validity: EncodedValidity::new(time(content.validity.not_before)?, time(content.validity.not_after)?),
            subject: AnyRef::from_der(content.subject.as_der())?,
            subject_public_key_info: AnyRef::from_der(spki)?,
            extensions: AnyRef::new(der::Tag::Sequence, &extensions)?,
        };
        Ok(ToBeSigned { der: tbs.to_der()?, algorithm: self.algorithm.clone() })
    }
}

/// UTCTime up to 2049, GeneralizedTime from 2050 on (RFC 5280 section 4.1.2.5).
pub(crate) fn time(at: Timestamp) -> Result<Time, der::Error> {
    let since_epoch = std::time::Duration::from_secs(u64::try_from(at.secs()).unwrap_or_default());
    let date = DateTime::from_unix_duration(since_epoch)?;
    if date.year() <= der::asn1::UtcTime::MAX_YEAR {
        return Ok(Time::UtcTime(der::asn1::UtcTime::from_date_time(date)?));
    }
    Ok(Time::GeneralTime(GeneralizedTime::from_date_time(date)))
}

/// The key identifier that a certificate of that profile will carry for that key.
///
/// # Errors
/// The key is not a SubjectPublicKeyInfo.
pub fn subject_key_id(profile: &ExtensionProfile, spki: &[u8]) -> Result<Option<Vec<u8>>, SigningError> {
    Ok(profile.key_id(&extensions::public_key_bits(spki)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::KeyPair;
    use crate::x509::extensions::{BasicConstraints, KeyUsage};
    use crate::x509::validity::Lifetime;

    fn content(lifetime: Lifetime) -> CertificateContent {
        CertificateContent {
            subject: DistinguishedName::parse("DC=com, DC=example, OU=a, OU=b, CN=Corp CA").unwrap(),
            names: vec![GeneralName::parse("broker.example.net").unwrap()],
            validity: Validity::starting(Timestamp::from_secs(1_800_000_000), lifetime),
            extensions: Arc::new(ExtensionProfile {
                basic_constraints: BasicConstraints::Ca { path_length: Some(1) },
                key_usage: vec![KeyUsage::KeyCertSign, KeyUsage::CrlSign],
                permitted: vec!["dns:example.net".parse().unwrap(), "ip:10.0.0.0/8".parse().unwrap()],
                crl_distribution_points: vec!["http://crl.example.net/ca.crl".into()],
                ..Default::default()
            }),
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        for algorithm in ["rsa:2048", "ec:p256", "ec:p384", "ec:p521", "ed25519"] {
            let key = KeyPair::generate(algorithm.parse().unwrap()).unwrap();
            let content = content(Lifetime::Never);
            let issuer = IssuerIdentity {
                name: content.subject.clone(),
                key_id: subject_key_id(&content.extensions, key.spki()).unwrap(),
                key: key.algorithm(),
            };
            let encoder = CertificateEncoder::new(content.extensions.clone(), &issuer).unwrap();
            let serial = SerialNumber::random();
            let der = encoder.encode(&content, &serial, key.spki()).unwrap().sign(&key).unwrap();
            let read = Certificate::from_der(&der).unwrap();
            assert_eq!(read.serial, serial);
            assert_eq!(read.subject, content.subject);
            assert_eq!(read.names, content.names);
            assert_eq!(read.validity, content.validity);
            assert_eq!(read.key_usage, content.extensions.key_usage);
            assert_eq!(read.path_length, Some(1));
            assert_eq!(read.crl_distribution_points, content.extensions.crl_distribution_points);
            assert_eq!(read.verify_issued_by(&read), Ok(()), "{algorithm}");
            let mut forged = der.clone();
            let last = forged.len() - 1;
            forged[last] ^= 1;
            let forged = Certificate::from_der(&forged);
            assert!(forged.is_err() || forged.is_ok_and(|c| c.verify_issued_by(&read).is_err()));
        }
    }

    #[test]
    fn years_from_2050_use_generalized_time() {
        let der = |at| time(at).unwrap().to_der().unwrap();
        assert_eq!(der(Timestamp::parse("2049-12-31T23:59:59Z").unwrap())[0], 0x17);
        assert_eq!(der(Timestamp::parse("2050-01-01T00:00:00Z").unwrap())[0], 0x18);
        assert_eq!(&der(Timestamp::NO_EXPIRY)[2..], b"99991231235959Z");
    }
}
