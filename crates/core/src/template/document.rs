//! The shape of a template file; unknown keys are errors.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use super::error::TemplateError;

/// What kind of certificate a template describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TemplateKind {
    /// A CA that signs itself.
    RootCa,
    /// A CA that another one signs.
    Ca,
    /// Everything that signs no certificates.
    EndEntity,
}

impl fmt::Display for TemplateKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RootCa => "root-ca",
            Self::Ca => "ca",
            Self::EndEntity => "end-entity",
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TemplateDocument {
    pub(super) name: String,
    pub(super) summary: String,
    pub(super) kind: TemplateKind,
    /// Pattern of a distinguished name, see [`super::subject`].
    #[serde(default)]
    pub(super) subject: String,
    /// Patterns of alternative names, see [`super::names`].
    #[serde(default)]
    pub(super) san: Vec<String>,
    /// Whether a certificate without alternative names is refused.
    #[serde(default)]
    pub(super) san_required: bool,
    /// Whether DNS names may have labels with an underscore, as names of services have (`_mqtt._tcp.example.net`).
    #[serde(default)]
    pub(super) underscore: bool,
    /// Whether a certificate may end after that of its issuer.
    #[serde(default)]
    pub(super) outlives_issuer: bool,
    /// The kind of key to make, `ec:p256`.
    pub(super) key: String,
    pub(super) lifetime: String,
    /// The last third of the lifetime when left out.
    pub(super) renew_before: Option<String>,
    pub(super) extensions: Extensions,
    #[serde(default)]
    pub(super) parameters: BTreeMap<String, ParameterDocument>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Constraints {
    Absent,
    EndEntity,
    Ca,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum KeyId {
    #[default]
    Sha1,
    Short,
    Absent,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Extensions {
    /// Left out, a CA has `ca` and an end entity none.
    pub(super) basic_constraints: Option<Constraints>,
    pub(super) path_length: Option<u8>,
    pub(super) key_usage: Vec<String>,
    #[serde(default)]
    pub(super) extended_key_usage: Vec<String>,
    #[serde(default)]
    pub(super) extended_key_usage_critical: bool,
    #[serde(default)]
    pub(super) subject_alt_name_critical: bool,
    /// `sha1` (20 octets), `short` (8 octets) or `absent`.
    #[serde(default)]
    pub(super) subject_key_id: KeyId,
    #[serde(default)]
    pub(super) policies: Vec<String>,
    #[serde(default)]
    pub(super) policies_critical: bool,
    /// Name constraints of a CA: `dns:example.net`, `ip:10.0.0.0/8`.
    #[serde(default)]
    pub(super) permitted: Vec<String>,
    #[serde(default)]
    pub(super) excluded: Vec<String>,
    #[serde(default)]
    pub(super) ocsp_no_check: bool,
    /// Whether the issuer's pointers are put in; left out, they are, except into a root.
    pub(super) crl_distribution_points: Option<bool>,
    pub(super) ocsp: Option<bool>,
    pub(super) ca_issuers: Option<bool>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum DocumentForm {
    Text,
    Hex,
    Oid,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ParameterDocument {
    pub(super) summary: String,
    #[serde(default)]
    pub(super) required: bool,
    pub(super) default: Option<String>,
    pub(super) kind: DocumentForm,
    pub(super) octets: Option<usize>,
}

impl TemplateDocument {
    pub(super) fn read(file: &str, text: &str) -> Result<Self, TemplateError> {
        toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            TemplateError::Document {
                file: file.to_owned(),
                line: before.matches('\n').count() + 1,
                message: error.message().to_owned(),
            }
        })
    }
}
