//! CAs of the home, as values.

use serde::{Deserialize, Serialize};

use certroll_pki::digest::Fingerprint;

/// Where relying parties find the CA's CRL, OCSP responder and certificate: URIs that go into what it issues.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pointers {
    /// URIs of the CRL.
    pub crl: Vec<String>,
    /// URIs of OCSP responders.
    pub ocsp: Vec<String>,
    /// URIs of the CA's certificate.
    pub ca_issuers: Vec<String>,
}

/// A CA of this home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// Its name as an issuer.
    pub name: String,
    /// The CA that signed it; `None` for a root.
    pub parent: Option<String>,
    /// SHA-256 of its certificate.
    pub certificate: Fingerprint,
    /// Its key, relative to the home.
    pub key_file: String,
    /// URIs for what it issues.
    pub pointers: Pointers,
}
