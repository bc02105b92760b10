//! The settings file `certroll.toml`. Unknown keys are errors: a misspelt setting that is silently ignored is worse.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::lifecycle::{Error, Kind};

/// The settings of a home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Version of this file's shape; 1.
    pub schema: u32,
    /// The kind of store: `sqlite`.
    pub store: String,
    /// Whose tokens say which pipeline acts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<IdentitySettings>,
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

impl Default for Document {
    fn default() -> Self {
        Self { schema: 1, store: "sqlite".to_owned(), identity: None }
    }
}

impl Document {
    /// Reads the settings of a home.
    ///
    /// # Errors
    /// The file cannot be read, has an unknown key or value, or is of a newer shape.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(|error| Error::file(path, "read the settings", error))?;
        let invalid = || Error::new(Kind::Usage, format!("the settings in `{}` are not valid", path.display()));
        let document: Self = toml::from_str(&text).map_err(|error| invalid().because(error))?;
        if document.schema != 1 {
            return Err(invalid().because(format!("schema = {}, this program knows 1", document.schema)));
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
        let document = Document::default();
        assert_eq!(toml::from_str::<Document>(&document.to_text()).ok(), Some(document));
        assert!(toml::from_str::<Document>("schema = 1\nstore = \"sqlite\"\nstroe = 1").is_err());
    }
}
