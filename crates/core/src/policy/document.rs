//! The shape of a policy file; unknown keys are errors.

use serde::Deserialize;

use super::error::PolicyError;
use super::facts::{KeyOrigin, SubjectKind};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyDocument {
    pub(super) name: String,
    pub(super) summary: String,
    #[serde(default)]
    pub(super) applies_to: ScopeDocument,
    pub(super) rules: Vec<Rules>,
}

/// For which certificates; an empty list is no condition.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScopeDocument {
    /// Of one of these kinds.
    #[serde(default)]
    pub(super) kinds: Vec<SubjectKind>,
    /// By one of these templates; `*` stands for any characters.
    #[serde(default)]
    pub(super) templates: Vec<String>,
    /// By none of these templates.
    #[serde(default)]
    pub(super) except: Vec<String>,
    /// With one of these extended key usages, whatever its template is called.
    #[serde(default)]
    pub(super) extended_key_usage: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Permission {
    Allowed,
    Refused,
}

/// The kind of a subject alternative name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum NameKind {
    Dns,
    Ip,
    Email,
    Uri,
    Srv,
    Hwm,
    Dir,
}

/// One block of rules. What is left out is not looked at.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    #[serde(default)]
    pub(super) applies_to: ScopeDocument,

    /// At most this long, from the moment of signing.
    pub(super) max_lifetime: Option<String>,
    /// Ends no later than the issuer's certificate.
    #[serde(default)]
    pub(super) not_beyond_issuer: bool,

    /// One of these keys: `rsa` for every size, else as `rsa:3072`, `ec:p256`, `ed25519`.
    pub(super) allowed_keys: Option<Vec<String>>,
    /// An RSA key has at least that many bits; other keys are not looked at.
    pub(super) rsa_min_bits: Option<u64>,
    /// An RSA key has one of these public exponents; other keys are not looked at.
    pub(super) rsa_exponents: Option<Vec<u64>>,
    /// Whether a key that was certified before may be certified again.
    pub(super) key_reuse: Option<Permission>,
    /// Only keys made here (`generated`), or only those that come with a request (`request`).
    pub(super) key_origin: Option<KeyOrigin>,
    /// The issuer's key is at least as strong as the certified one.
    #[serde(default)]
    pub(super) issuer_key_not_weaker: bool,

    /// No other key usages than these.
    pub(super) key_usage: Option<Vec<String>>,
    /// No other extended key usages than these; an empty list means none at all.
    pub(super) extended_key_usage: Option<Vec<String>>,
    /// None of these extended key usages.
    pub(super) forbid_extended_key_usage: Option<Vec<String>>,
    /// Every key usage is one that this kind of key can serve.
    #[serde(default)]
    pub(super) usage_fits_key: bool,
    /// Not a CA, neither by basicConstraints nor by keyCertSign.
    #[serde(default)]
    pub(super) forbid_ca: bool,
    /// A CA with at most that path length.
    pub(super) max_path_length: Option<u8>,
    /// Points to a CRL or an OCSP responder.
    #[serde(default)]
    pub(super) revocation_source_required: bool,

    /// At least one subject alternative name.
    #[serde(default)]
    pub(super) san_required: bool,
    /// At most so many subject alternative names.
    pub(super) max_names: Option<usize>,
    /// Alternative names of no other kinds than these.
    pub(super) san_kinds: Option<Vec<NameKind>>,
    /// Host names, also those in common names, in one of these domains only; empty means any.
    #[serde(default)]
    pub(super) dns_suffixes: Vec<String>,
    /// Whether a host name may be a wildcard.
    pub(super) wildcard: Option<Permission>,
    /// Hardware types of hardwareModuleName under one of these arcs only; empty means any.
    #[serde(default)]
    pub(super) hardware_type_arcs: Vec<String>,
    /// What the subject as text looks like; `*` stands for any characters.
    pub(super) subject_pattern: Option<String>,
}

impl PolicyDocument {
    pub(super) fn read(file: &str, text: &str) -> Result<Self, PolicyError> {
        toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            PolicyError::Document {
                file: file.to_owned(),
                line: before.matches('\n').count() + 1,
                message: error.message().to_owned(),
            }
        })
    }
}
