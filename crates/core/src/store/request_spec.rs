//! What is kept of requests: of one that was fulfilled, to ask for the same again; of one that is under way, to end it.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::RequestDigest;
use certroll_base::encoding;
use certroll_pki::key::kind::PublicKeyKind;
use certroll_pki::name::general_name::GeneralName;

/// What was asked for, so that a rotation asks for the same again. Its digest names the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestSpec {
    /// The template.
    pub template: String,
    /// The issuer.
    pub issuer: String,
    /// The subject, if it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The alternative names given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<GeneralName>,
    /// The parameters given.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, String>,
    /// The lifetime, if it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifetime: Option<String>,
    /// The kind of key made; `None` when a request was brought.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<PublicKeyKind>,
}

impl RequestSpec {
    /// As JSON, in the order of the fields.
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The digest of the name and of this as JSON, in the order of the fields: requests that are alike have the same.
    pub fn digest(&self, name: &str) -> RequestDigest {
        RequestDigest::new(encoding::sha256_parts(&[name.as_bytes(), b"\n", self.to_json().as_bytes()]))
    }
}

/// What is kept with an intent for the process that ends it, who need not be the one that announced it. The store keeps it as JSON
/// and looks at none of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IntentMemory(String);

impl IntentMemory {
    /// Keeps a value.
    pub fn of(value: &impl Serialize) -> Self {
        Self(serde_json::to_string(value).unwrap_or_default())
    }

    /// The value that was kept.
    ///
    /// # Errors
    /// There is none, or one of another type.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.0)
    }

    /// Whether nothing was kept: the intent ends in the process that announced it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As it is stored.
    pub(super) fn as_text(&self) -> &str {
        &self.0
    }

    /// From what is stored.
    pub(super) fn from_text(text: String) -> Self {
        Self(text)
    }
}
