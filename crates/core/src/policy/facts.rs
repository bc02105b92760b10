//! What a policy looks at.

use std::fmt;

use serde::Deserialize;

use certroll_pki::key::kind::PublicKeyKind;
use certroll_pki::x509::signing::CertificateContent;
use certroll_pki::x509::validity::Validity;

/// What kind of certificate is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectKind {
    /// A CA that signs itself.
    RootCa,
    /// A CA that another one signs.
    Ca,
    /// Everything that signs no certificates.
    EndEntity,
}

/// Where the private key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyOrigin {
    /// With certroll, which generated it.
    Generated,
    /// With the requester, who proved it by a signed request.
    Request,
}

impl fmt::Display for KeyOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Generated => "generated",
            Self::Request => "request",
        })
    }
}

/// The public exponent of an RSA key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RsaExponent {
    /// As a number.
    Small(u64),
    /// More than 64 bits.
    Long,
}

/// The facts of one certificate before it is signed.
#[derive(Clone, Copy, Debug)]
pub struct PolicyFacts<'a> {
    /// Name of the template it was made by.
    pub template: &'a str,
    /// Root CA, CA or end entity.
    pub kind: SubjectKind,
    /// What it will contain.
    pub content: &'a CertificateContent,
    /// The kind of its key.
    pub key: &'a PublicKeyKind,
    /// Where the private key is.
    pub key_origin: KeyOrigin,
    /// When the issuer's certificate is valid; `None` for a root, or when a back end does not say.
    pub issuer_validity: Option<&'a Validity>,
    /// The kind of the issuer's key; `None` likewise.
    pub issuer_key: Option<&'a PublicKeyKind>,
    /// Whether the key was in a certificate before.
    pub key_known: bool,
    /// The public exponent of an RSA key; `None` for other keys, and where the issuer will make the key.
    pub rsa_exponent: Option<RsaExponent>,
}
