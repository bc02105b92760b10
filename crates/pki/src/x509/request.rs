//! Certificate signing requests (PKCS#10, RFC 2986): those of others are read, and their proof of possession
//! checked; those for issuers elsewhere are made.

use crate::container::pem::{self, Label};
use der::asn1::AnyRef;
use der::{Decode, Encode, Sequence, Tag, TagNumber};
use x509_parser::cri_attributes::ParsedCriAttribute;
use x509_parser::extensions::{ParsedExtension, X509Extension};
use x509_parser::prelude::{FromDer, X509CertificationRequest, X509CertificationRequestInfo};

use super::certificate;
use super::extensions::{self, ExtendedUsage, KeyUsage};
use super::signing::{self, CertificateContent};
use crate::key::KeyPair;
use crate::key::signer::SigningError;
use crate::name::distinguished_name::DistinguishedName;
use crate::name::general_name::GeneralName;
use crate::name::name_error::NameError;
use crate::verify::signature::{self, SignatureError};

/// Why a request is not accepted.
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

/// A certificate signing request whose signature verifies.
///
/// Requested extensions other than subjectAltName are ignored on issuing: the template decides what a certificate looks
/// like. [`RequestedExtensions`] tells of them.
#[derive(Clone, Debug)]
pub struct CertificateRequest {
    /// The exact bytes.
    pub der: Vec<u8>,
    /// The subject asked for.
    pub subject: DistinguishedName,
    /// The subject alternative names asked for.
    pub names: Vec<GeneralName>,
    /// DER of the SubjectPublicKeyInfo.
    pub spki: Vec<u8>,
    /// Kind of the key, `rsa:3072`.
    pub key: String,
    /// Dotted OID of the signature algorithm.
    pub signature_algorithm: String,
    /// What else it asks for.
    pub wishes: RequestedExtensions,
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

impl RequestedExtensions {
    fn of(info: &X509CertificationRequestInfo<'_>) -> Self {
        let mut wishes = Self::default();
        for attribute in info.iter_attributes() {
            match attribute.parsed_attribute() {
                ParsedCriAttribute::ExtensionRequest(request) => {
                    request.extensions.iter().for_each(|extension| wishes.take(extension));
                }
                _ => wishes.attributes.push(attribute.oid.to_id_string()),
            }
        }
        wishes
    }

    fn take(&mut self, extension: &X509Extension<'_>) {
        match extension.parsed_extension() {
            // keytool always asks for a subjectKeyIdentifier; the names have a field of their own.
            ParsedExtension::SubjectAlternativeName(_) | ParsedExtension::SubjectKeyIdentifier(_) => {}
            ParsedExtension::KeyUsage(usage) => self.key_usage = extensions::key_usages_of(usage.flags),
            ParsedExtension::ExtendedKeyUsage(usage) => self.extended_key_usage = certificate::extended_usages(usage),
            ParsedExtension::BasicConstraints(constraints) => self.ca = Some(constraints.ca),
            _ => self.extensions.push(extension.oid.to_id_string()),
        }
    }
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
        let (rest, parsed) = X509CertificationRequest::from_der(der).map_err(|_| RequestError::Malformed)?;
        if !rest.is_empty() {
            return Err(RequestError::Malformed);
        }
        let info = &parsed.certification_request_info;
        let spki = info.subject_pki.raw.to_vec();
        let algorithm = parsed.signature_algorithm.algorithm.to_id_string();
        signature::verify(&spki, &algorithm, info.raw, &parsed.signature_value.data)
            .map_err(RequestError::Possession)?;
        let mut names = Vec::new();
        for extension in parsed.requested_extensions().into_iter().flatten() {
            if let ParsedExtension::SubjectAlternativeName(found) = extension {
                names.extend(found.general_names.iter().map(GeneralName::from_parsed));
            }
        }
        Ok(Self {
            der: der.to_vec(),
            subject: DistinguishedName::from_der(info.subject.as_raw())?,
            names,
            key: signature::key_description(&spki),
            spki,
            signature_algorithm: algorithm,
            wishes: RequestedExtensions::of(info),
        })
    }
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
    with_extensions(content, key, Vec::new())
}

/// As [`make`], but it also asks for what the template fixes: basicConstraints, key usages, policies. For a CA elsewhere
/// that takes them from the request.
///
/// # Errors
/// As [`make`].
pub fn make_asking(content: &CertificateContent, key: &KeyPair) -> Result<Vec<u8>, SigningError> {
    with_extensions(content, key, content.extensions.encode_fixed(None)?)
}

fn with_extensions(content: &CertificateContent, key: &KeyPair, fixed: Vec<u8>) -> Result<Vec<u8>, SigningError> {
    let wrap = |tag: Tag, bytes: &[u8]| AnyRef::new(tag, bytes).and_then(|any| any.to_der());
    let subject = content.extensions.encode_subject(None, &content.names, content.subject.is_empty())?;
    let extensions = [fixed, subject].concat();
    let attributes = if extensions.is_empty() {
        Vec::new()
    } else {
        let values = wrap(Tag::Set, &wrap(Tag::Sequence, &extensions)?)?;
        wrap(Tag::Sequence, &[EXTENSION_REQUEST, &values].concat())?
    };
    let implicit = Tag::ContextSpecific { constructed: true, number: TagNumber(0) };
    let info = RequestInfo {
        version: 0,
        subject: AnyRef::from_der(content.subject.as_der())?,
        subject_public_key_info: AnyRef::from_der(key.spki())?,
        attributes: AnyRef::new(implicit, &attributes)?,
    };
    signing::signed(&info.to_der()?, &signature::algorithm_identifier(key.algorithm())?, key)
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
            assert_eq!((read.spki.as_slice(), read.key.as_str()), (key.spki(), algorithm));
            let mut forged = der.clone();
            *forged.last_mut().unwrap() ^= 1;
            assert!(CertificateRequest::from_der(&forged).is_err());
        }
    }
}
