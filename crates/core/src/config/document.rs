//! The settings file `certroll.toml`. Unknown keys are errors: a misspelt setting that is silently ignored is worse.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::claim_rules::Allowed;
use crate::error::{Error, ErrorKind};
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
    /// The PKCS#11 libraries that keys of this home may be behind, absolute. No other is loaded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pkcs11_modules: Vec<PathBuf>,
    /// Whose tokens say which pipeline acts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<IdentitySettings>,
    /// Issuers elsewhere, by the name that they have in this home.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub issuers: BTreeMap<String, IssuerTable>,
    /// Why some of these cannot be used; they are not among them.
    #[serde(skip)]
    pub broken: BTreeMap<String, String>,
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
            Some(Opener::Here | Opener::ByHand) => {
                Err(format!("[issuers.{name}]: a CA of the home does not stand in its settings"))
            }
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks: Option<PathBuf>,
    /// In place of `jwks`: where the issuer publishes them, an https URL. They are fetched when needed and kept for an hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    /// File with the only roots that `jwks_uri` is trusted under, PEM, relative to the home; by default those of the system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    /// Most seconds from `iat` to `exp` of a token; six hours by default, a day at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest_life_secs: Option<u32>,
    /// What claims of a token must be, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub claims: BTreeMap<String, Allowed>,
}

/// Six hours: as long as GitHub lets a job run.
const LIFE_SECS: u32 = 6 * 3600;
/// A token that lives longer is a password.
const LONGEST_LIFE_SECS: u32 = 24 * 3600;

impl IdentitySettings {
    /// Most seconds from `iat` to `exp` of a token.
    ///
    /// # Errors
    /// The settings allow more than a day, or none.
    pub fn longest_life(&self) -> Result<i64, Error> {
        let secs = self.longest_life_secs.unwrap_or(LIFE_SECS);
        if (1..=LONGEST_LIFE_SECS).contains(&secs) {
            return Ok(secs.into());
        }
        Err(Error::new(ErrorKind::Usage, format!("`longest_life_secs` in `[identity]` is {secs}"))
            .hint(format!("set it to 1 to {LONGEST_LIFE_SECS}, or leave it out for {LIFE_SECS}")))
    }
}

impl Default for SettingsFile {
    fn default() -> Self {
        Self {
            schema: 1,
            store: "sqlite".to_owned(),
            pkcs11_modules: Vec::new(),
            identity: None,
            issuers: BTreeMap::new(),
            broken: BTreeMap::new(),
        }
    }
}

impl SettingsFile {
    /// Reads the settings of a home. A mistake in the table of one issuer stops that issuer only; it is told in `broken`.
    ///
    /// # Errors
    /// The file cannot be read, has an unknown key or value outside those tables, or is of a newer shape.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text =
            certroll_base::input::read_text(path).map_err(|error| Error::file(path, "read the settings", error))?;
        let invalid = || Error::new(ErrorKind::Usage, format!("the settings in `{}` are not valid", path.display()));
        let mut document: Self = match toml::from_str(&text) {
            Ok(document) => document,
            Err(error) => {
                let (rest, broken) = without_broken_issuers(&text);
                match toml::from_str::<Self>(&rest) {
                    Ok(document) if !broken.is_empty() => Self { broken, ..document },
                    _ => return Err(invalid().because(error)),
                }
            }
        };
        if document.schema != 1 {
            return Err(invalid().because(format!("schema = {}, this program knows 1", document.schema)));
        }
        let wrong: Vec<_> = document
            .issuers
            .iter()
            .filter_map(|(name, issuer)| Some((name.clone(), issuer.check(name).err()?)))
            .collect();
        for (name, why) in wrong {
            document.issuers.remove(&name);
            document.broken.insert(name, why);
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

/// The text without the tables of issuers that are no TOML, and why they are not, by issuer.
fn without_broken_issuers(text: &str) -> (String, BTreeMap<String, String>) {
    let mut sections: Vec<String> = vec![String::new()];
    for line in text.split_inclusive('\n') {
        if line.starts_with('[') {
            sections.push(String::new());
        }
        if let Some(section) = sections.last_mut() {
            section.push_str(line);
        }
    }
    let mut broken = BTreeMap::new();
    sections.retain(|section| {
        let Some(name) = section.strip_prefix("[issuers.") else { return true };
        let Err(error) = toml::from_str::<toml::Table>(section) else { return true };
        let end = name.find(['.', ']', '\n']).unwrap_or(name.len());
        let name = name[..end].trim().trim_matches('"').to_owned();
        broken.insert(name.clone(), format!("[issuers.{name}]: {}", error.message()));
        false
    });
    (sections.concat(), broken)
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

    #[test]
    fn a_mistake_in_one_issuer_is_its_own() {
        let directory = tempfile::tempdir().unwrap();
        let read = |text: &str| {
            let file = directory.path().join("certroll.toml");
            std::fs::write(&file, format!("schema = 1\nstore = \"sqlite\"\n{text}")).unwrap();
            SettingsFile::read(&file)
        };
        for text in ["[issuers.x]\nkind = \"nope\"\n", "[issuers.x]\nkind = \"acme\n", "[issuers.x\nkind = 1\n"] {
            let document = read(text).unwrap();
            assert_eq!(document.broken.keys().collect::<Vec<_>>(), ["x"], "{text}");
            assert!(document.issuers.is_empty());
        }
        assert!(read("stroe = 1\n[issuers.x]\nkind = \"acme\n").is_err());
        assert!(read("[identity]\nissuer = \n").is_err());
    }
}
