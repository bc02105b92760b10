//! Whose key is certified: ours, that of a request that was brought, or one that the issuer makes.

use super::request::{IssueRequest, KeySource};
use crate::error::{Error, ErrorKind};
use crate::hint::certificate::CertificateHint;
use crate::issuer::Issuer;
use crate::template::Template;
use certroll_pki::key::{KeyAlgorithm, KeyPair};

/// Whose key is to be certified.
pub(crate) struct Keys {
    /// Ours.
    pub(crate) own: Option<KeyPair>,
    /// DER of the public key; empty where the issuer makes the key.
    pub(crate) spki: Vec<u8>,
    /// The request that was brought.
    pub(crate) csr: Option<Vec<u8>>,
    /// The kind of key that the issuer is to make.
    pub(crate) theirs: Option<KeyAlgorithm>,
}

/// The kind of key for an issuer that makes keys itself.
pub(crate) fn issuers(asked: &IssueRequest, template: &Template, issuer: &dyn Issuer) -> Result<Keys, Error> {
    match &asked.key {
        KeySource::Generate(algorithm) => {
            let theirs = Some(algorithm.unwrap_or(template.key()));
            Ok(Keys { own: None, spki: Vec::new(), csr: None, theirs })
        }
        KeySource::Request(_) => Err(makes_keys(issuer)),
    }
}

/// The error for a key that an issuer of this kind cannot take.
pub(crate) fn makes_keys(issuer: &dyn Issuer) -> Error {
    let message = format!("issuer `{}` makes every key itself and takes neither a request nor a key", issuer.name());
    Error::new(ErrorKind::Unsupported, message).hint(CertificateHint::LetKeyBeMade)
}

/// Our own key, new or reused, or the request that was brought.
pub(crate) fn ours(asked: &IssueRequest, template: &Template) -> Result<Keys, Error> {
    match &asked.key {
        KeySource::Generate(algorithm) => {
            let key = KeyPair::generate(algorithm.unwrap_or(template.key())).map_err(key_error)?;
            let spki = key.spki().to_vec();
            Ok(Keys { own: Some(key), spki, csr: None, theirs: None })
        }
        KeySource::Request(request) => {
            let csr = Some(request.der.clone());
            Ok(Keys { own: None, spki: request.spki.clone(), csr, theirs: None })
        }
    }
}

/// The error for a key that the library refuses.
pub(crate) fn key_error(error: certroll_pki::key::KeyError) -> Error {
    Error::new(ErrorKind::Failed, "the key cannot be used").because(error)
}
