//! Certificate signing requests (PKCS#10, RFC 2986) that somebody brings: read, and their proof of possession checked.

use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::{FromDer, X509CertificationRequest};

use super::distinguished_name::{DistinguishedName, NameError};
use super::general_name::GeneralName;
use super::signature::{self, SignatureError};
use crate::base::encoding::{self, Sha256};

/// Why a request is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// Not a PKCS#10 request.
    #[error("not a PKCS#10 certificate request")]
    Malformed,
    /// Its subject is malformed.
    #[error("the request has a malformed subject")]
    Name(#[from] NameError),
    /// It is not signed by the key that it names: nobody has proved to hold the private key.
    #[error("the request is not signed by its own key")]
    Possession(#[source] SignatureError),
}

/// A certificate signing request whose signature verifies.
///
/// Requested extensions other than subjectAltName are ignored: the template decides what a certificate looks like.
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
}

impl CertificateRequest {
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
        })
    }

    /// SHA-256 of the bytes.
    pub fn sha256(&self) -> Sha256 {
        encoding::sha256(&self.der)
    }
}
