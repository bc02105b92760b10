//! What can be wrong with a path, and which check has found it.

use serde::Serialize;

/// A check of path validation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// The certificate is well-formed, as strict admission has it.
    Form,
    /// It leads to a trust anchor.
    Anchor,
    /// It is signed by the key above it, and names its owner as issuer.
    Signature,
    /// It is valid at the time for which is asked.
    Validity,
    /// Its critical extensions are all known.
    CriticalExtensions,
    /// It is a CA where it must be one.
    BasicConstraints,
    /// No more CAs stand below it than it allows.
    PathLength,
    /// Its key is for what it does.
    KeyUsage,
    /// Its purposes, and those that the CAs above leave.
    ExtendedKeyUsage,
    /// The CAs above allow its names.
    NameConstraints,
    /// Certificate policies.
    Policies,
    /// It is not revoked.
    Revocation,
    /// It is the one of the host, address or mailbox that was asked for.
    Identity,
}

impl Check {
    /// As in JSON: `critical_extensions`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Anchor => "anchor",
            Self::Signature => "signature",
            Self::Validity => "validity",
            Self::CriticalExtensions => "critical_extensions",
            Self::BasicConstraints => "basic_constraints",
            Self::PathLength => "path_length",
            Self::KeyUsage => "key_usage",
            Self::ExtendedKeyUsage => "extended_key_usage",
            Self::NameConstraints => "name_constraints",
            Self::Policies => "policies",
            Self::Revocation => "revocation",
            Self::Identity => "identity",
        }
    }
}

/// Of what kind a flaw is, for those who act on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlawKind {
    /// A certificate has expired.
    Expired,
    /// A certificate is revoked.
    Revoked,
    /// A critical extension is not known here.
    UnknownExtension,
    /// Whether a certificate is revoked could not be found out.
    RevocationUnknown,
    /// Anything else.
    Other,
}

/// What is wrong with a certificate of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathFlaw {
    /// Its place in the path: 0 is the leaf.
    pub certificate: usize,
    /// The check that has failed.
    pub check: Check,
    /// Of what kind it is.
    pub kind: FlawKind,
    text: String,
}

impl PathFlaw {
    /// A flaw of [`FlawKind::Other`].
    pub fn new(certificate: usize, check: Check, text: impl Into<String>) -> Self {
        Self { certificate, check, kind: FlawKind::Other, text: text.into() }
    }

    /// The same, of another kind.
    #[must_use]
    pub fn of_kind(self, kind: FlawKind) -> Self {
        Self { kind, ..self }
    }

    /// In words, with the name of the certificate.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether time or its issuer has ended the certificate, and nothing else is wrong.
    pub fn is_over(&self) -> bool {
        matches!(self.kind, FlawKind::Expired | FlawKind::Revoked)
    }
}
