//! Where certificates are installed, as records tell it.

use serde::{Deserialize, Serialize};

use super::value::Digest;

/// Where a certificate was installed or looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetFacts {
    /// The type of the target: `file`, `hook`, `acm`.
    pub t: String,
    /// Its name in the settings, or its address.
    pub id: String,
    /// How it was told to use the certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// SHA-256 of the certificate that it presents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed: Option<Digest>,
    /// The entry in a store that holds several. Since version 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// The host it belongs to, if not that of the session. Since version 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// How far the installation has come. Since version 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<InstallationState>,
    /// SHA-256 of all that was written there. Since version 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Digest>,
}

impl TargetFacts {
    pub(super) fn is_of_version_2(&self) -> bool {
        self.alias.is_some() || self.host.is_some() || self.state.is_some() || self.sha256.is_some()
    }
}

/// How far the installation of a certificate at a place has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum InstallationState {
    /// It is not there, and is to be.
    Owed,
    /// It was written and read back.
    Written,
    /// The service was told to load it.
    Reloaded,
    /// A handshake showed it.
    Served,
    /// It was taken away.
    Withdrawn,
}
