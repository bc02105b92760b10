//! Look into a file of unknown content: certificates, requests, CRLs, keys, keystores.

use std::path::Path;
use std::time::Duration;

use crate::error::{Error, ErrorKind};
use crate::scan::endpoint::{self, Endpoint};
use certroll_base::secret::Secret;
use certroll_keystore::{Entry, Item, formats};
use certroll_pki::container::pem::{self, Label};
use certroll_pki::container::pkcs7;
use certroll_pki::key::KeyPair;
use certroll_pki::verify::signature;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::crl::Crl;
use certroll_pki::x509::request::CertificateRequest;

/// One thing found in a file.
pub enum InspectedItem {
    /// A certificate.
    Certificate(Box<Certificate>),
    /// A request, with a valid signature.
    Request(Box<CertificateRequest>),
    /// A CRL.
    Crl(Box<Crl>),
    /// A private key: kind of key, or `None` when it is encrypted.
    PrivateKey(Option<String>),
    /// A public key: kind of key.
    PublicKey(String),
    /// An entry of a keystore: `key`, `trusted`, `unmarked` or `secret`, with its certificates.
    Entry {
        /// The alias.
        alias: String,
        /// What kind of entry.
        kind: &'static str,
        /// When it was made.
        created: Option<certroll_base::clock::Timestamp>,
        /// Its certificates, the entry's own first.
        certificates: Vec<Certificate>,
    },
}

/// What a file holds.
pub struct Inspected {
    /// `pem`, `der`, or the id of a keystore format.
    pub format: &'static str,
    /// What is in it, in its order.
    pub found: Vec<InspectedItem>,
}

/// Looks into a file. A JKS needs no password for this; a PKCS#12 does.
///
/// # Errors
/// It cannot be read, is none of the kinds known, or does not open with the password.
pub fn inspect(path: &Path, password: Option<&Secret>) -> Result<Inspected, Error> {
    let bytes = certroll_base::input::read(path).map_err(|error| Error::file(path, "read", error))?;
    if pem::is_pem(&bytes) {
        return inspect_pem(path, &bytes);
    }
    match formats::detect(&bytes) {
        Some(format) => {
            let entries = format.read(&bytes, password).map_err(|error| Error::keystore(path, error))?;
            let found = entries.into_iter().map(|entry| found_entry(path, entry)).collect::<Result<_, _>>()?;
            Ok(Inspected { format: format.id, found })
        }
        None => inspect_der(path, &bytes),
    }
}

/// How long a TLS endpoint is waited for.
const PATIENCE: Duration = Duration::from_secs(15);

/// Looks at the chain that a TLS endpoint presents, as it presents it. Nothing of it is verified.
///
/// # Errors
/// Of kind [`ErrorKind::Temporary`] when it cannot be reached, or presents none.
pub fn inspect_endpoint(endpoint: &Endpoint) -> Result<Inspected, Error> {
    let chain = endpoint::chain(endpoint, PATIENCE).map_err(|error| {
        let message = format!("`{endpoint}` cannot be looked at");
        Error::new(ErrorKind::Temporary(None), message).because(error)
    })?;
    let mut found = Vec::with_capacity(chain.len());
    for der in chain {
        let certificate = Certificate::from_der(&der).map_err(|error| {
            let message = format!("`{endpoint}` presents what is no certificate");
            Error::new(ErrorKind::Verification, message).because(error)
        })?;
        found.push(InspectedItem::Certificate(Box::new(certificate)));
    }
    Ok(Inspected { format: "tls", found })
}

fn unknown(path: &Path) -> Error {
    Error::new(ErrorKind::Usage, format!("`{}` is none of the files that certroll knows", path.display()))
        .hint("expected PEM or DER of a certificate, request, CRL or key, a PKCS#12 or a JKS")
}

fn inspect_pem(path: &Path, bytes: &[u8]) -> Result<Inspected, Error> {
    let malformed = |what: Box<dyn std::error::Error + Send + Sync>| {
        Error::new(ErrorKind::Usage, format!("`{}` cannot be read as PEM", path.display())).because(what)
    };
    let blocks = pem::read(bytes).map_err(|error| malformed(error.into()))?;
    let mut found = Vec::with_capacity(blocks.len());
    for block in blocks {
        let der = block.der.expose();
        let at = |error: Box<dyn std::error::Error + Send + Sync>| {
            Error::new(
                ErrorKind::Usage,
                format!("`{}`, line {}: not a readable {}", path.display(), block.line, block.label),
            )
            .because(error)
        };
        found.push(match block.label {
            Label::Certificate => {
                InspectedItem::Certificate(Box::new(Certificate::from_der(der).map_err(|e| at(e.into()))?))
            }
            Label::CertificateRequest => {
                InspectedItem::Request(Box::new(CertificateRequest::from_der(der).map_err(|e| at(e.into()))?))
            }
            Label::Crl => InspectedItem::Crl(Box::new(Crl::from_der(der).map_err(|e| at(e.into()))?)),
            Label::PrivateKey => {
                let key = KeyPair::from_pkcs8(der).map_err(|error| at(error.into()))?;
                InspectedItem::PrivateKey(Some(key.algorithm().to_string()))
            }
            Label::EncryptedPrivateKey => InspectedItem::PrivateKey(None),
            Label::PublicKey => InspectedItem::PublicKey(signature::key_description(der)),
            Label::Pkcs7 => {
                for der in pkcs7::certificates(der).ok_or_else(|| at("not a SignedData".into()))? {
                    let certificate = Certificate::from_der(&der).map_err(|error| at(error.into()))?;
                    found.push(InspectedItem::Certificate(Box::new(certificate)));
                }
                continue;
            }
        });
    }
    Ok(Inspected { format: "pem", found })
}

fn inspect_der(path: &Path, bytes: &[u8]) -> Result<Inspected, Error> {
    let found = if let Ok(certificate) = Certificate::from_der(bytes) {
        InspectedItem::Certificate(Box::new(certificate))
    } else if let Ok(crl) = Crl::from_der(bytes) {
        InspectedItem::Crl(Box::new(crl))
    } else if let Ok(key) = KeyPair::from_pkcs8(bytes) {
        InspectedItem::PrivateKey(Some(key.algorithm().to_string()))
    } else {
        InspectedItem::Request(Box::new(CertificateRequest::read(bytes).map_err(|error| {
            match error {
                certroll_pki::x509::request::RequestError::Malformed => unknown(path),
                other => Error::new(ErrorKind::Usage, format!("`{}` is not an acceptable request", path.display()))
                    .because(other),
            }
        })?))
    };
    Ok(Inspected { format: "der", found: vec![found] })
}

fn found_entry(path: &Path, entry: Entry) -> Result<InspectedItem, Error> {
    let (kind, ders) = match entry.item {
        Item::Key { chain, .. } => ("key", chain),
        Item::Trusted(der) => ("trusted", vec![der]),
        Item::Unmarked(der) => ("unmarked", vec![der]),
        Item::Secret(_) => ("secret", Vec::new()),
    };
    let certificates = ders.iter().map(|der| Certificate::from_der(der)).collect::<Result<Vec<_>, _>>();
    let certificates = certificates.map_err(|error| {
        Error::new(
            ErrorKind::Usage,
            format!("`{}`: entry `{}` holds no readable certificate", path.display(), entry.alias),
        )
        .because(error)
    })?;
    Ok(InspectedItem::Entry { alias: entry.alias, kind, created: entry.created, certificates })
}
