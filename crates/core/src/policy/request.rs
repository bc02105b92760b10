//! The request that policy decides on, and that an issuer then carries out unchanged.

use certroll_pki::digest::Fingerprint;
use certroll_pki::digest::KeyHash;
use certroll_pki::key::KeyAlgorithm;
use certroll_pki::x509::extensions::ExtendedUsage;
use certroll_pki::x509::signing::CertificateContent;

/// What is to be signed.
#[derive(Clone, Debug)]
pub struct Request {
    /// The name by which the inventory knows it.
    pub name: String,
    /// The template it was made from.
    pub template: String,
    /// Subject, names, validity, extensions.
    pub content: CertificateContent,
    /// Extended key usages that may come back beside those that are asked for: no policy would refuse them. Nothing for an issuer in
    /// this process, which signs what it is given.
    pub tolerated: Vec<ExtendedUsage>,
    /// DER of the public key to be certified; empty where the issuer makes the key.
    pub spki: Vec<u8>,
    /// The kind of key to be made, where the issuer makes it.
    pub key: Option<KeyAlgorithm>,
    /// The certificate request that was brought instead of a key made here, in DER.
    pub csr: Option<Vec<u8>>,
    /// The certificate that this one replaces.
    pub replaces: Option<Fingerprint>,
    /// DER of that certificate.
    pub predecessor: Option<Vec<u8>>,
}

impl Request {
    /// The digest of the public key; `None` where the issuer will make the key.
    pub fn key_hash(&self) -> Option<KeyHash> {
        (!self.spki.is_empty()).then(|| KeyHash::of(&self.spki))
    }
}
