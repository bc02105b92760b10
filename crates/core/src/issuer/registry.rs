//! The table of back ends: a new one is a file of its own and a line here.

use super::external_ca::{self, ExternalCa};
use super::private_ca::{self, SigningKey};
use crate::issuer::{Issuer, IssuerError, IssuerSettings, PendingRequest, PrivateCa, Recovery, RemoteIssuer};
use certroll_pki::key::KeyAlgorithm;
use certroll_pki::x509::certificate::Certificate;

/// What a CA of the home is opened with.
pub struct AuthorityOpening {
    /// The name it has in this home.
    pub name: String,
    /// Its own certificate and those above it, nearest first.
    pub chain: Vec<Certificate>,
    /// Its signing key and the kind of it, for those that sign here.
    pub key: Option<(SigningKey, KeyAlgorithm)>,
}

/// One kind of back end.
pub struct IssuerKind {
    /// Its name in settings and records.
    pub name: &'static str,
    /// What it is, in one line.
    pub summary: &'static str,
    /// How it is opened.
    pub opener: Opener,
    /// What became of a request whose process died, for kinds that know it without opening the issuer: those that sign
    /// inside the process. The issuer may not even exist yet, as a root that was being founded.
    pub lost: Option<fn(&PendingRequest) -> Recovery>,
}

/// How a kind of back end is opened.
pub enum Opener {
    /// A CA of the home: by its certificates and its key, with [`open_private_ca`].
    Here,
    /// By people: a request goes to them in a file.
    ByHand,
    /// A back end elsewhere: by its table in the settings.
    Elsewhere {
        /// Whether the settings are ones of this kind; says what is wrong with them, without contacting the back end.
        check: fn(&IssuerSettings) -> Result<(), String>,
        /// Opens one. Reads credentials; need not reach it yet.
        open: fn(RemoteIssuer) -> Result<Box<dyn Issuer>, IssuerError>,
    },
}

/// All kinds of back ends of this build.
pub const KINDS: &[IssuerKind] = &[
    IssuerKind {
        name: PrivateCa::KIND,
        summary: "a CA of this home: signs here, with a key that never leaves it unencrypted",
        opener: Opener::Here,
        lost: Some(private_ca::recover),
    },
    IssuerKind {
        name: ExternalCa::KIND,
        summary: "a CA of others above one of this home: its operators get a request and answer with a certificate",
        opener: Opener::ByHand,
        lost: Some(external_ca::recover),
    },
    #[cfg(feature = "aws")]
    IssuerKind {
        name: super::aws::CertificateManager::KIND,
        summary: "AWS Certificate Manager: makes the key itself, renews by itself",
        opener: Opener::Elsewhere {
            check: super::aws::CertificateManager::settings,
            open: super::aws::CertificateManager::open,
        },
        lost: None,
    },
    #[cfg(feature = "aws")]
    IssuerKind {
        name: super::aws::AcmPca::KIND,
        summary: "a CA of AWS Private CA: signs there for keys made here",
        opener: Opener::Elsewhere { check: super::aws::AcmPca::settings, open: super::aws::AcmPca::open },
        lost: None,
    },
    #[cfg(feature = "acme")]
    IssuerKind {
        name: super::acme::Acme::KIND,
        summary: "an ACME server (RFC 8555): Let's Encrypt and others; signs for names that are shown to be ours",
        opener: Opener::Elsewhere {
            check: super::acme::Acme::check_settings,
            open: |connection| Ok(Box::new(super::acme::Acme::open(connection)?)),
        },
        lost: None,
    },
    #[cfg(feature = "vault")]
    IssuerKind {
        name: super::vault::KIND,
        summary: "HashiCorp Vault or OpenBao: a role of a PKI engine signs requests with keys made here",
        opener: Opener::Elsewhere { check: super::vault::check, open: super::vault::open },
        lost: None,
    },
];

/// The kind of that name.
pub fn kind(name: &str) -> Option<&'static IssuerKind> {
    KINDS.iter().find(|kind| kind.name == name)
}

/// Opens a CA of this home.
///
/// # Errors
/// Its key and certificate do not fit.
pub fn open_private_ca(opening: AuthorityOpening) -> Result<Box<dyn Issuer>, IssuerError> {
    let missing = || IssuerError::new(&opening.name, crate::issuer::ErrorClass::Config, "its signing key is missing");
    let (key, algorithm) = opening.key.ok_or_else(missing)?;
    Ok(Box::new(PrivateCa::open(&opening.name, opening.chain, key, algorithm)?))
}
