//! Detached signatures in CMS (RFC 5652): one signer, signed attributes, the signer's certificate and those above it.
//!
//! The signature covers contentType, messageDigest, signingTime and ESS signingCertificateV2 (RFC 5035), which ties it to one
//! certificate. A message without signed attributes is refused on reading: its signature could be passed off as one over a
//! content that is itself a set of attributes.

use cms::cert::IssuerAndSerialNumber;
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{EncapsulatedContentInfo, SignedAttributes, SignerIdentifier, SignerInfo, SignerInfos};
use const_oid::ObjectIdentifier;
use der::asn1::{Any, OctetString, SetOfVec};
use der::{Decode, Encode, Sequence};
use spki::AlgorithmIdentifierOwned;
use x509_cert::attr::Attribute;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::Time;

use crate::digest::DigestAlgorithm;
use crate::key::KeyAlgorithm;
use crate::key::signer::{Signer, SigningError};
use crate::verify::signature::{self, SignatureError};
use crate::x509::certificate::Certificate;
use crate::x509::signing;
use certroll_base::clock::Timestamp;
use certroll_base::encoding;

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// Why bytes are not such a signature, or it does not hold. The messages say it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum CmsError {
    #[error("it is not CMS SignedData in DER or PEM")]
    Malformed,
    #[error("it holds its content; a detached signature is expected")]
    Attached,
    #[error("it has {0} signers; one is expected")]
    Signers(usize),
    #[error("it has no signed attributes")]
    NoAttributes,
    #[error("its signed attribute `{0}` is missing, malformed or stands twice")]
    Attribute(&'static str),
    #[error("it does not hold the certificate of its signer")]
    NoCertificate,
    #[error("its digest algorithm {0} is not accepted (SHA-256, SHA-384 and SHA-512 are)")]
    Digest(String),
    #[error("its signature algorithm {0} does not go with its digest algorithm")]
    Algorithm(String),
    #[error("the content is not the one that was signed")]
    Content,
    #[error("it names another certificate than its signer's")]
    OtherCertificate,
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

/// RFC 5652 section 5.1, with certificates and CRLs left as they are.
#[derive(Sequence)]
struct SignedData {
    version: CmsVersion,
    digest_algorithms: SetOfVec<AlgorithmIdentifierOwned>,
    encapsulated: EncapsulatedContentInfo,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    certificates: Option<SetOfVec<Any>>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    crls: Option<SetOfVec<Any>>,
    signer_infos: SignerInfos,
}

/// RFC 5035 section 3; the digest is SHA-256, its default, in what we write.
#[derive(Sequence)]
struct EssCertificateId {
    #[asn1(optional = "true")]
    algorithm: Option<AlgorithmIdentifierOwned>,
    hash: OctetString,
    #[asn1(optional = "true")]
    issuer_serial: Option<Any>,
}

#[derive(Sequence)]
struct SigningCertificate {
    certificates: Vec<EssCertificateId>,
    #[asn1(optional = "true")]
    policies: Option<Any>,
}

/// The digest that goes with a key: that of its signature algorithm, and SHA-512 for Ed25519 (RFC 8419 section 3.1).
fn digest_of(key: KeyAlgorithm) -> DigestAlgorithm {
    match key {
        KeyAlgorithm::Rsa(_) | KeyAlgorithm::EcP256 => DigestAlgorithm::Sha256,
        KeyAlgorithm::EcP384 => DigestAlgorithm::Sha384,
        KeyAlgorithm::Ed25519 => DigestAlgorithm::Sha512,
    }
}

/// RFC 3370 section 3.2, RFC 5754 section 3.3, RFC 8419 section 3.
fn signature_algorithm(key: KeyAlgorithm) -> Result<AlgorithmIdentifierOwned, der::Error> {
    match key {
        KeyAlgorithm::Rsa(_) => Ok(AlgorithmIdentifierOwned { oid: RSA_ENCRYPTION, parameters: Some(Any::null()) }),
        _ => AlgorithmIdentifierOwned::from_der(&signature::algorithm_identifier(key)?),
    }
}

fn attribute(oid: ObjectIdentifier, value: &impl Encode) -> Result<Attribute, der::Error> {
    let value = Any::from_der(&value.to_der()?)?;
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![value])? })
}

fn signed_attributes(
    content: &[u8],
    digest: DigestAlgorithm,
    certificate: &Certificate,
    at: Timestamp,
) -> Result<SignedAttributes, der::Error> {
    let hash = OctetString::new(DigestAlgorithm::Sha256.of(certificate.as_der()))?;
    let id = EssCertificateId { algorithm: None, hash, issuer_serial: None };
    SetOfVec::try_from(vec![
        attribute(CONTENT_TYPE, &DATA)?,
        attribute(MESSAGE_DIGEST, &OctetString::new(digest.of(content))?)?,
        attribute(SIGNING_TIME, &signing::time(at)?)?,
        attribute(SIGNING_CERTIFICATE_V2, &SigningCertificate { certificates: vec![id], policies: None })?,
    ])
}

/// Signs `content`; returns DER of a ContentInfo without the content. `chain` is the signer's certificate and those above it;
/// the root is left out, because the verifier must have it from elsewhere.
///
/// # Errors
/// The key refuses, or a certificate cannot be encoded.
pub fn sign(
    content: &[u8],
    chain: &[Certificate],
    key: (&dyn Signer, KeyAlgorithm),
    at: Timestamp,
) -> Result<Vec<u8>, SigningError> {
    let (signer, algorithm) = key;
    let own = chain.first().ok_or(der::Error::from(der::ErrorKind::Failed))?;
    let digest = digest_of(algorithm);
    let digest_alg = AlgorithmIdentifierOwned { oid: digest.oid(), parameters: None };
    let attributes = signed_attributes(content, digest, own, at)?;
    // Signed is the SET OF itself, not the [0] that it is written as (RFC 5652 section 5.4).
    let signature = signer.sign_message(&attributes.to_der()?)?;
    let signer = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: Name::from_der(own.issuer.as_der())?,
            serial_number: SerialNumber::new(own.serial.octets())?,
        }),
        digest_alg: digest_alg.clone(),
        signed_attrs: Some(attributes),
        signature_algorithm: signature_algorithm(algorithm)?,
        signature: OctetString::new(signature)?,
        unsigned_attrs: None,
    };
    let sent = chain.iter().enumerate().filter(|(index, certificate)| *index == 0 || !certificate.is_self_issued());
    let certificates =
        sent.map(|(_, certificate)| Any::from_der(certificate.as_der())).collect::<Result<Vec<_>, _>>()?;
    let whole = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![digest_alg])?,
        encapsulated: EncapsulatedContentInfo { econtent_type: DATA, econtent: None },
        certificates: Some(SetOfVec::try_from(certificates)?),
        crls: None,
        signer_infos: SignerInfos(SetOfVec::try_from(vec![signer])?),
    };
    let content = Any::from_der(&whole.to_der()?)?;
    Ok(ContentInfo { content_type: SIGNED_DATA, content }.to_der()?)
}

/// A detached signature as it came. Nothing of it is checked yet.
pub struct DetachedSignature {
    /// The certificates that came with it, the signer's own first.
    pub certificates: Vec<Certificate>,
    signer: SignerInfo,
    attributes: SignedAttributes,
    digest: DigestAlgorithm,
}

impl DetachedSignature {
    /// Reads DER, or PEM labelled `CMS` or `PKCS7`. `known` are further certificates of which one may be the signer's.
    ///
    /// # Errors
    /// [`CmsError`].
    pub fn read(bytes: &[u8], known: &[Certificate]) -> Result<Self, CmsError> {
        let der = unarmoured(bytes)?;
        let outer = ContentInfo::from_der(&der).map_err(|_| CmsError::Malformed)?;
        if outer.content_type != SIGNED_DATA {
            return Err(CmsError::Malformed);
        }
        let data: SignedData = outer.content.decode_as().map_err(|_| CmsError::Malformed)?;
        if data.encapsulated.econtent.is_some() {
            return Err(CmsError::Attached);
        }
        let mut signers = data.signer_infos.0.into_vec();
        let (Some(signer), true) = (signers.pop(), signers.is_empty()) else {
            return Err(CmsError::Signers(if signers.is_empty() { 0 } else { signers.len() + 1 }));
        };
        let attributes = signer.signed_attrs.clone().ok_or(CmsError::NoAttributes)?;
        let digest = DigestAlgorithm::by_oid(signer.digest_alg.oid)
            .ok_or_else(|| CmsError::Digest(signer.digest_alg.oid.to_string()))?;
        let came = data.certificates.iter().flat_map(|set| set.iter());
        // Attribute certificates and other kinds may stand between them (RFC 5652 section 10.2.2).
        let mut certificates: Vec<Certificate> =
            came.filter_map(|any| Certificate::from_der(&any.to_der().ok()?).ok()).collect();
        certificates.extend_from_slice(known);
        let own = certificates.iter().position(|certificate| is_signer(&signer.sid, certificate));
        let own = certificates.remove(own.ok_or(CmsError::NoCertificate)?);
        certificates.insert(0, own);
        Ok(Self { certificates, signer, attributes, digest })
    }

    /// The certificate of the signer.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificates.first()
    }

    /// The digest algorithm.
    pub fn digest(&self) -> DigestAlgorithm {
        self.digest
    }

    /// When the signer says that it signed.
    ///
    /// # Errors
    /// It says so wrongly, or twice.
    pub fn signing_time(&self) -> Result<Option<Timestamp>, CmsError> {
        let wrong = || CmsError::Attribute("signingTime");
        if !self.attributes.iter().any(|attribute| attribute.oid == SIGNING_TIME) {
            return Ok(None);
        }
        let time: Time = self.one(SIGNING_TIME).and_then(|any| any.decode_as().ok()).ok_or_else(wrong)?;
        let secs = i64::try_from(time.to_unix_duration().as_secs()).map_err(|_| wrong())?;
        Ok(Some(Timestamp::from_secs(secs)))
    }

    /// The one value of an attribute that stands once.
    fn one(&self, oid: ObjectIdentifier) -> Option<&Any> {
        let mut found = self.attributes.iter().filter(|attribute| attribute.oid == oid);
        let (attribute, None) = (found.next()?, found.next()) else { return None };
        let mut values = attribute.values.iter();
        let (value, None) = (values.next()?, values.next()) else { return None };
        Some(value)
    }

    /// Checks that the signer signed `content`, all signed attributes included.
    ///
    /// # Errors
    /// [`CmsError`]: the first thing that does not hold.
    pub fn verify(&self, content: &[u8]) -> Result<(), CmsError> {
        let certificate = self.certificate().ok_or(CmsError::NoCertificate)?;
        let kind = self.one(CONTENT_TYPE).and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
        if kind != Some(DATA) {
            return Err(CmsError::Attribute("contentType"));
        }
        let digest = self.one(MESSAGE_DIGEST).and_then(|any| any.decode_as::<OctetString>().ok());
        let digest = digest.ok_or(CmsError::Attribute("messageDigest"))?;
        self.signing_time()?;
        self.verify_named(certificate)?;
        let signed = self.attributes.to_der().map_err(|_| CmsError::Malformed)?;
        let algorithm = self.algorithm(certificate)?;
        signature::verify(&certificate.spki, algorithm, &signed, self.signer.signature.as_bytes())?;
        if digest.as_bytes() != self.digest.of(content) {
            return Err(CmsError::Content);
        }
        Ok(())
    }

    /// The certificate that the signer has named, if it did (RFC 5035 section 3).
    fn verify_named(&self, certificate: &Certificate) -> Result<(), CmsError> {
        if !self.attributes.iter().any(|attribute| attribute.oid == SIGNING_CERTIFICATE_V2) {
            return Ok(());
        }
        let named = self.one(SIGNING_CERTIFICATE_V2).and_then(|any| any.decode_as::<SigningCertificate>().ok());
        let named = named.as_ref().and_then(|named| named.certificates.first());
        let named = named.ok_or(CmsError::Attribute("signingCertificateV2"))?;
        let digest = match &named.algorithm {
            None => DigestAlgorithm::Sha256,
            Some(algorithm) => {
                DigestAlgorithm::by_oid(algorithm.oid).ok_or_else(|| CmsError::Digest(algorithm.oid.to_string()))?
            }
        };
        if named.hash.as_bytes() == digest.of(certificate.as_der()) { Ok(()) } else { Err(CmsError::OtherCertificate) }
    }

    /// The signature algorithm as one OID: CMS may write it as the key's, apart from the digest's.
    fn algorithm(&self, certificate: &Certificate) -> Result<&'static str, CmsError> {
        let oid = self.signer.signature_algorithm.oid.to_string();
        let is_rsa = self.signer.signature_algorithm.oid == RSA_ENCRYPTION;
        let described = signature::key_description(&certificate.spki);
        let whole = match (self.digest, described.split(':').next().unwrap_or_default()) {
            (DigestAlgorithm::Sha256, "rsa") => signature::RSA_SHA256,
            (DigestAlgorithm::Sha384, "rsa") => signature::RSA_SHA384,
            (DigestAlgorithm::Sha512, "rsa") => signature::RSA_SHA512,
            (DigestAlgorithm::Sha256, "ec") => signature::ECDSA_SHA256,
            (DigestAlgorithm::Sha384, "ec") => signature::ECDSA_SHA384,
            (DigestAlgorithm::Sha512, "ec") => signature::ECDSA_SHA512,
            (DigestAlgorithm::Sha512, "ed25519") => signature::ED25519,
            _ => return Err(CmsError::Algorithm(signature::algorithm_name(&oid).to_owned())),
        };
        if whole == oid || (is_rsa && described.starts_with("rsa")) {
            return Ok(whole);
        }
        Err(CmsError::Algorithm(signature::algorithm_name(&oid).to_owned()))
    }
}

fn is_signer(id: &SignerIdentifier, certificate: &Certificate) -> bool {
    match id {
        SignerIdentifier::IssuerAndSerialNumber(named) => {
            named.issuer.to_der().is_ok_and(|name| name == certificate.issuer.as_der())
                && crate::x509::serial::SerialNumber::from_octets(named.serial_number.as_bytes()) == certificate.serial
        }
        SignerIdentifier::SubjectKeyIdentifier(id) => certificate.subject_key_id.as_deref() == Some(id.0.as_bytes()),
    }
}

const PEM_LABELS: [&str; 2] = ["CMS", "PKCS7"];

/// PEM text of a signature (RFC 7468 section 9).
pub fn to_pem(der: &[u8]) -> String {
    let encoded = encoding::base64(der);
    let lines: Vec<&str> = encoded.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    format!("-----BEGIN CMS-----\n{}\n-----END CMS-----\n", lines.join("\n"))
}

/// DER out of PEM; DER as it is.
fn unarmoured(bytes: &[u8]) -> Result<Vec<u8>, CmsError> {
    if bytes.first() == Some(&0x30) {
        return Ok(bytes.to_vec());
    }
    let text = std::str::from_utf8(bytes).map_err(|_| CmsError::Malformed)?;
    let body = PEM_LABELS.iter().find_map(|label| {
        let (_, rest) = text.split_once(&format!("-----BEGIN {label}-----"))?;
        rest.split_once(&format!("-----END {label}-----")).map(|(body, _)| body)
    });
    let body: String = body.ok_or(CmsError::Malformed)?.split_ascii_whitespace().collect();
    encoding::from_base64(&body).ok_or(CmsError::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::KeyPair;
    use crate::name::distinguished_name::DistinguishedName;
    use crate::x509::extensions::ExtensionProfile;
    use crate::x509::signing::{CertificateContent, CertificateEncoder, IssuerIdentity};
    use crate::x509::validity::Validity;
    use std::sync::Arc;

    const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

    fn signer(algorithm: &str) -> (KeyPair, Certificate) {
        let key = KeyPair::generate(algorithm.parse().unwrap()).unwrap();
        let subject = DistinguishedName::parse("O=Test, CN=signer").unwrap();
        let profile = Arc::new(ExtensionProfile::default());
        let identity = IssuerIdentity { name: subject.clone(), key_id: None, key: key.algorithm() };
        let content = CertificateContent {
            subject,
            names: Vec::new(),
            validity: Validity { not_before: NOW, not_after: NOW.plus_secs(60) },
            extensions: profile.clone(),
        };
        let encoder = CertificateEncoder::new(profile, &identity).unwrap();
        let serial = crate::x509::serial::SerialNumber::random();
        let der = encoder.encode(&content, &serial, key.spki()).unwrap().sign(&key).unwrap();
        (key, Certificate::from_der(&der).unwrap())
    }

    #[test]
    fn what_is_signed_verifies_and_nothing_else() {
        for algorithm in ["rsa:2048", "ec:p256", "ec:p384", "ed25519"] {
            let (key, certificate) = signer(algorithm);
            let chain = [certificate.clone()];
            let der = sign(b"reading", &chain, (&key, key.algorithm()), NOW).unwrap();
            for bytes in [der.clone(), to_pem(&der).into_bytes()] {
                let read = DetachedSignature::read(&bytes, &[]).unwrap();
                assert_eq!(read.certificate(), Some(&certificate), "{algorithm}");
                assert_eq!(read.verify(b"reading"), Ok(()), "{algorithm}");
                assert_eq!(read.signing_time(), Ok(Some(NOW)));
                assert_eq!(read.verify(b"Reading"), Err(CmsError::Content));
            }
            // The same key and name, another certificate.
            let (_, other) = signer("ec:p256");
            let mut read = DetachedSignature::read(&der, &[]).unwrap();
            read.certificates[0] = other;
            assert_eq!(read.verify(b"reading"), Err(CmsError::OtherCertificate));
        }
    }

    #[test]
    fn mutations_never_verify_and_never_panic() {
        let (key, certificate) = signer("ec:p256");
        let der = sign(b"reading", &[certificate], (&key, key.algorithm()), NOW).unwrap();
        let mut refused = 0;
        for at in 0..der.len() {
            assert!(DetachedSignature::read(&der[..at], &[]).is_err());
            for bit in [0x01, 0x80] {
                let mut bad = der.clone();
                bad[at] ^= bit;
                match DetachedSignature::read(&bad, &[]).and_then(|read| read.verify(b"reading").map(|()| read)) {
                    Err(_) => refused += 1,
                    // Not covered by the signature: versions, the list of digests, the certificate's own signature.
                    Ok(read) => assert_eq!(read.signing_time(), Ok(Some(NOW))),
                }
            }
        }
        assert!(refused > der.len(), "{refused} of {}", 2 * der.len());
    }
}
