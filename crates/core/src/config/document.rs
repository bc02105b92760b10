//! The settings file `certroll.toml`. Unknown keys are errors: a misspelt setting that is silently ignored is worse.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{Error, ErrorKind};
use crate::hint::issuer::AuthorityHint;
use crate::issuer::IssuerSettings;
use crate::issuer::registry::{self, Opener};

/// The settings of a home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsFile {
    /// Version of this file's shape; 1.
    pub schema: u32,
    /// The kind of store: `sqlite`.
    pub store: String,
    /// Whose tokens say which pipeline acts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<IdentitySettings>,
    /// Issuers elsewhere, by the name that they have in this home.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub issuers: BTreeMap<String, IssuerTable>,
}

/// An issuer elsewhere: its kind, and what that kind wants to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuerTable {
    /// The kind, as in the registry of issuers.
    pub kind: String,
    /// The rest of the table.
    #[serde(flatten)]
    pub settings: serde_json::Map<String, Value>,
}

impl IssuerTable {
    /// What the kind is handed.
    pub fn settings(&self) -> IssuerSettings {
        IssuerSettings(self.settings.clone())
    }

    /// Whether its kind is that of the home's own CAs.
    fn is_here(&self) -> bool {
        registry::kind(&self.kind).is_some_and(|kind| matches!(kind.opener, Opener::Here))
    }

    fn check(&self, name: &str) -> Result<(), String> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
            return Err(format!("`{name}` is no name of an issuer: use letters, digits, `-`, `_` and `.`"));
        }
        let elsewhere = |kind: &&registry::IssuerKind| matches!(kind.opener, Opener::Elsewhere { .. });
        match registry::kind(&self.kind).map(|kind| &kind.opener) {
            Some(Opener::Elsewhere { check, .. }) => {
                check(&self.settings()).map_err(|why| format!("[issuers.{name}]: {why}"))
            }
            Some(Opener::Here) => Err(format!("[issuers.{name}]: a CA of the home does not stand in its settings")),
            None => {
                let known: Vec<_> = registry::KINDS.iter().filter(elsewhere).map(|kind| kind.name).collect();
                let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                Err(format!("[issuers.{name}]: there is no kind `{}`; this program knows {known}", self.kind))
            }
        }
    }
}

/// Whose OpenID Connect ID tokens are believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentitySettings {
    /// The issuer, exactly as the tokens name it in `iss`.
    pub issuer: String,
    /// The audience that a token must be for.
    pub audience: String,
    /// File with the issuer's public keys, a JWK set; relative to the home.
    pub jwks: PathBuf,
}

impl Default for SettingsFile {
    fn default() -> Self {
        Self { schema: 1, store: "sqlite".to_owned(), identity: None, issuers: BTreeMap::new() }
    }
}

impl SettingsFile {
    /// Reads the settings of a home.
    ///
    /// # Errors
    /// The file cannot be read, has an unknown key or value, or is of a newer shape.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text =
            certroll_base::input::read_text(path).map_err(|error| Error::file(path, "read the settings", error))?;
        let invalid = || Error::new(ErrorKind::Usage, format!("the settings in `{}` are not valid", path.display()));
        let document: Self = toml::from_str(&text).map_err(|error| invalid().because(error))?;
        if document.schema != 1 {
            return Err(invalid().because(format!("schema = {}, this program knows 1", document.schema)));
        }
        for (name, issuer) in &document.issuers {
            issuer.check(name).map_err(|why| {
                let error = invalid().because(why);
                if issuer.is_here() { error.hint(AuthorityHint::Create) } else { error }
            })?;
        }
        Ok(document)
    }

    /// The text of a new settings file.
    pub fn to_text(&self) -> String {
        format!(
            "# Settings of this certroll home. Unknown keys are errors.\n\
             schema = {}\n\
             # Where log and inventory live: \"sqlite\" is the file state.db beside this one.\n\
             store = \"{}\"\n",
            self.schema, self.store
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let document = SettingsFile::default();
        assert_eq!(toml::from_str::<SettingsFile>(&document.to_text()).ok(), Some(document));
        assert!(toml::from_str::<SettingsFile>("schema = 1\nstore = \"sqlite\"\nstroe = 1").is_err());
    }
}
