//! Certificate signing requests (PKCS#10, RFC 2986): those of others are read, and their proof of possession
//! checked; those for issuers elsewhere are made.

use crate::container::pem::{self, Label};
use const_oid::ObjectIdentifier;
use der::asn1::{AnyRef, BitStringRef};
use der::{Decode, Encode, Reader, Sequence, SliceReader, Tag, TagNumber, Tagged};

use super::extensions::{ExtendedUsage, KeyUsage};
use super::request_content::RequestReader;
use super::signing::{self, CertificateContent};
use crate::key::kind::PublicKeyKind;
use crate::key::signer::{Signer, SigningError};
use crate::key::{KeyAlgorithm, KeyPair};
use crate::name::distinguished_name::DistinguishedName;
use crate::name::general_name::GeneralName;
use crate::name::name_error::NameError;
use crate::verify::possession::{self, Possession};
use crate::verify::signature::{self, SignatureError};

/// Why bytes are not a request at all.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// Not a PKCS#10 request.
    #[error("not a PKCS#10 certificate request")]
    Malformed,
    /// Its subject is malformed.
    #[error("the request has a malformed subject")]
    Name(#[from] NameError),
    /// It is not signed by the key that it names: possession of the private key is not proved.
    #[error("the request is not signed by its own key")]
    Possession(#[source] SignatureError),
}

/// Something in a request for which no certificate is issued, whatever template and policy say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestFlaw {
    /// The field of the request: `subject`, `san`, `key`, `extensions`.
    pub field: &'static str,
    /// A stable word.
    pub rule: &'static str,
    /// In words.
    pub text: String,
}

impl RequestFlaw {
    pub(super) fn new(field: &'static str, rule: &'static str, text: impl Into<String>) -> Self {
        Self { field, rule, text: text.into() }
    }
}

/// A certificate signing request, its signature checked.
///
/// It can be looked at whatever is in it; [`CertificateRequest::flaws`] says what keeps it from being certified. Requested
/// extensions other than subjectAltName are not certified: the template decides what a certificate looks like.
/// [`RequestedExtensions`] tells of them.
#[derive(Clone, Debug)]
pub struct CertificateRequest {
    /// The exact bytes.
    pub der: Vec<u8>,
    /// The subject asked for, in the string types of our certificates; as found where it cannot be certified.
    pub subject: DistinguishedName,
    /// The subject alternative names asked for.
    pub names: Vec<GeneralName>,
    /// DER of the SubjectPublicKeyInfo.
    pub spki: Vec<u8>,
    /// Kind of the key.
    pub key: PublicKeyKind,
    /// Dotted OID of the signature algorithm.
    pub signature_algorithm: String,
    /// What else it asks for.
    pub wishes: RequestedExtensions,
    flaws: Vec<RequestFlaw>,
}

/// What a request asks for beside subject, key and alternative names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestedExtensions {
    /// Key usages.
    pub key_usage: Vec<KeyUsage>,
    /// Extended key usages.
    pub extended_key_usage: Vec<ExtendedUsage>,
    /// Whether to be a CA; `None` when it says nothing.
    pub ca: Option<bool>,
    /// Dotted OIDs of other extensions.
    pub extensions: Vec<String>,
    /// Dotted OIDs of attributes that carry no extensions.
    pub attributes: Vec<String>,
}

#[derive(Sequence)]
struct SignedRequest<'a> {
    info: AnyRef<'a>,
    algorithm: AnyRef<'a>,
    signature: BitStringRef<'a>,
}

impl CertificateRequest {
    /// Reads a request from PEM (RFC 7468 section 7) or DER, and checks that its own key signed it. Of several PEM blocks the
    /// first request counts.
    ///
    /// # Errors
    /// It is something else, or not signed by its own key.
    pub fn read(bytes: &[u8]) -> Result<Self, RequestError> {
        let blocks = pem::read(bytes).unwrap_or_default();
        let block = blocks.iter().find(|block| block.label == Label::CertificateRequest);
        Self::from_der(block.map_or(bytes, |block| block.der.expose()))
    }

    /// Reads one request in DER and checks its signature with its own public key.
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn from_der(der: &[u8]) -> Result<Self, RequestError> {
        let malformed = |_| RequestError::Malformed;
        let signed = SignedRequest::from_der(der).map_err(malformed)?;
        let info = signed.info.to_der().map_err(malformed)?;
        let parts = InfoParts::of(&signed.info).map_err(malformed)?;
        let algorithm = algorithm_of(signed.algorithm).map_err(malformed)?;
        let octets = signed.signature.as_bytes().ok_or(RequestError::Malformed)?;
        let mut flaws = Vec::new();
        match possession::check(&parts.spki, &algorithm, &info, octets).map_err(RequestError::Possession)? {
            Possession::Proved => {}
            Possession::NotAccepted(why) => {
                flaws.push(RequestFlaw::new("signature", "signature-algorithm", why));
            }
        }
        if parts.version != [0] {
            let number = certroll_base::encoding::hex(parts.version);
            let text = format!("its version is {number} in hexadecimal, and PKCS#10 has only version 1, written as 0");
            flaws.push(RequestFlaw::new("version", "version", text));
        }
        let found = DistinguishedName::from_der(&parts.subject)?;
        let subject = found.admitted().unwrap_or_else(|error| {
            flaws.push(RequestFlaw::new("subject", "subject", error.to_string()));
            found
        });
        let mut reader = RequestReader::default();
        for attribute in &parts.attributes {
            reader.take_attribute(*attribute).map_err(malformed)?;
        }
        flaws.extend(reader.flaws);
        Ok(Self {
            der: der.to_vec(),
            subject,
            names: reader.names,
            key: PublicKeyKind::of(&parts.spki),
            spki: parts.spki,
            signature_algorithm: algorithm,
            wishes: reader.wishes,
            flaws,
        })
    }

    /// Everything that keeps it from being certified.
    pub fn flaws(&self) -> &[RequestFlaw] {
        &self.flaws
    }
}

/// The parts of a CertificationRequestInfo.
struct InfoParts<'a> {
    version: &'a [u8],
    subject: Vec<u8>,
    spki: Vec<u8>,
    attributes: Vec<AnyRef<'a>>,
}

impl<'a> InfoParts<'a> {
    /// The attributes may be left out, as some programs do.
    fn of(info: &AnyRef<'a>) -> Result<Self, der::Error> {
        info.tag().assert_eq(Tag::Sequence)?;
        let mut reader = SliceReader::new(info.value())?;
        let version = AnyRef::decode(&mut reader)?;
        version.tag().assert_eq(Tag::Integer)?;
        let subject = AnyRef::decode(&mut reader)?.to_der()?;
        let spki = AnyRef::decode(&mut reader)?.to_der()?;
        let mut attributes = Vec::new();
        if !reader.is_finished() {
            let set = AnyRef::decode(&mut reader)?;
            set.tag().assert_eq(Tag::ContextSpecific { constructed: true, number: TagNumber(0) })?;
            let mut each = SliceReader::new(set.value())?;
            while !each.is_finished() {
                attributes.push(AnyRef::decode(&mut each)?);
            }
        }
        reader.finish()?;
        Ok(Self { version: version.value(), subject, spki, attributes })
    }
}

/// The OID of an AlgorithmIdentifier.
fn algorithm_of(identifier: AnyRef<'_>) -> Result<String, der::Error> {
    identifier.tag().assert_eq(Tag::Sequence)?;
    let oid: ObjectIdentifier = Decode::decode(&mut SliceReader::new(identifier.value())?)?;
    Ok(oid.to_string())
}

/// CertificationRequestInfo (RFC 2986 section 4.1).
#[derive(Sequence)]
struct RequestInfo<'a> {
    version: u8,
    subject: AnyRef<'a>,
    subject_public_key_info: AnyRef<'a>,
    attributes: AnyRef<'a>,
}

/// extensionRequest (RFC 2985 section 5.4.2), with its OBJECT IDENTIFIER 1.2.840.113549.1.9.14 in DER.
const EXTENSION_REQUEST: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x0e];

/// A request for a certificate of that subject and those alternative names, signed by its own key.
///
/// It asks for no other extension: what else an issuer elsewhere puts in is its profile's business.
///
/// # Errors
/// The content cannot be encoded, or the key refuses.
pub fn make(content: &CertificateContent, key: &KeyPair) -> Result<Vec<u8>, SigningError> {
    with_extensions(content, (key.algorithm(), key), Vec::new())
}

/// As [`make`], but it also asks for what the template fixes: basicConstraints, key usages, policies. For a CA elsewhere
/// that takes them from the request.
///
/// # Errors
/// As [`make`].
pub fn make_asking(content: &CertificateContent, key: &KeyPair) -> Result<Vec<u8>, SigningError> {
    make_asking_with(content, (key.algorithm(), key))
}

/// As [`make_asking`], signed by a key of that kind wherever it is.
///
/// # Errors
/// As [`make`].
pub fn make_asking_with(
    content: &CertificateContent,
    key: (KeyAlgorithm, &dyn Signer),
) -> Result<Vec<u8>, SigningError> {
    with_extensions(content, key, content.extensions.encode_fixed(None)?)
}

fn with_extensions(
    content: &CertificateContent,
    (algorithm, key): (KeyAlgorithm, &dyn Signer),
    fixed: Vec<u8>,
) -> Result<Vec<u8>, SigningError> {
    let wrap = |tag: Tag, bytes: &[u8]| AnyRef::new(tag, bytes).and_then(|any| any.to_der());
    let subject = content.extensions.encode_subject(None, &content.names, content.subject.is_empty())?;
    let extensions = [fixed, subject].concat();
    let attributes = if extensions.is_empty() {
        Vec::new()
    } else {
        let values = wrap(Tag::Set, &wrap(Tag::Sequence, &extensions)?)?;
        wrap(Tag::Sequence, &[EXTENSION_REQUEST, &values].concat())?
    };
    let spki = key.subject_public_key_info();
    let implicit = Tag::ContextSpecific { constructed: true, number: TagNumber(0) };
    let info = RequestInfo {
        version: 0,
        subject: AnyRef::from_der(content.subject.as_der())?,
        subject_public_key_info: AnyRef::from_der(&spki)?,
        attributes: AnyRef::new(implicit, &attributes)?,
    };
    signing::signed(&info.to_der()?, &signature::algorithm_identifier(algorithm)?, key)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::x509::extensions::ExtensionProfile;
    use crate::x509::validity::{Lifetime, Validity};
    use certroll_base::clock::Timestamp;

    #[test]
    fn what_is_asked_for_reads_back() {
        for (algorithm, names) in [("rsa:2048", 2), ("ec:p256", 1), ("ec:p384", 0), ("ed25519", 2)] {
            let key = KeyPair::generate(algorithm.parse().unwrap()).unwrap();
            let names: Vec<_> =
                ["a.example.net", "10.0.0.1"][..names].iter().map(|n| GeneralName::parse(n).unwrap()).collect();
            let content = CertificateContent {
                subject: DistinguishedName::parse("O=Example, OU=a, OU=b, CN=x").unwrap(),
                names: names.clone(),
                validity: Validity::starting(Timestamp::from_secs(1_800_000_000), Lifetime::Never),
                extensions: Arc::new(ExtensionProfile::default()),
            };
            let der = make(&content, &key).unwrap();
            let read = CertificateRequest::from_der(&der).unwrap();
            assert_eq!((read.subject, read.names), (content.subject, names), "{algorithm}");
            assert_eq!((read.spki.as_slice(), read.key.to_string().as_str()), (key.spki(), algorithm));
            let mut forged = der.clone();
            *forged.last_mut().unwrap() ^= 1;
            assert!(CertificateRequest::from_der(&forged).is_err());
        }
    }
}
