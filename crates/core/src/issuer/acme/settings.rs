//! The `[issuers.NAME]` table of an ACME server.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::challenge;
use crate::issuer::network::Http;
use crate::issuer::{IssuerSettings, SecretPlace};

/// How long a command waits for an order, unless the settings say otherwise.
const PATIENCE_SECS: u64 = 180;
/// The account, unless the settings name another.
const ACCOUNT: &str = "default";

/// A CA whose directory need not be typed.
struct Preset {
    name: &'static str,
    directory: &'static str,
}

/// All of them, CAs that browsers trust.
const PRESETS: &[Preset] = &[
    Preset { name: "letsencrypt", directory: "https://acme-v02.api.letsencrypt.org/directory" },
    Preset { name: "letsencrypt-staging", directory: "https://acme-staging-v02.api.letsencrypt.org/directory" },
];

/// The settings of one ACME server. A CA that binds accounts to customers (`eab_kid`), as AWS Certificate Manager's ACME
/// endpoints and most commercial ones do, is no kind of its own: give its directory, and `patience_secs` if it is slow.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AcmeSettings {
    /// URL of the directory (RFC 8555 section 7.1.1), or the name of a preset.
    directory: String,
    /// Whether it is a CA that browsers trust, with what the rules for those forbid; by default the presets are.
    public: Option<bool>,
    /// How the server can reach us: `mailto:` URLs.
    #[serde(default)]
    pub contact: Vec<String>,
    /// Whether its terms of service are agreed to, so that an account is created when one is needed.
    #[serde(default)]
    pub terms_agreed: bool,
    /// The account, where there are several.
    account: Option<String>,
    /// Further hosts that the server's URLs may be on, beside that of the directory.
    #[serde(default)]
    hosts: Vec<String>,
    /// As in [`Http`].
    ca_file: Option<PathBuf>,
    /// As in [`Http`].
    proxy: Option<String>,
    /// As in [`Http`].
    timeout_secs: Option<u64>,
    /// How long a command waits for an order; 180 seconds by default.
    patience_secs: Option<u64>,
    /// The profile to ask for, where the server has it.
    pub profile: Option<String>,
    /// Whether nothing is ordered from a server that does not have the profile.
    #[serde(default)]
    pub profile_required: bool,
    /// Common name of the root that a chain should lead to, where the server offers several.
    pub preferred_root: Option<String>,
    /// The key identifier of an external account binding (RFC 8555 section 7.3.4).
    pub eab_kid: Option<String>,
    /// Its key, base64url: in the first line of a file,
    eab_key_file: Option<PathBuf>,
    /// printed by a command,
    eab_key_command: Option<String>,
    /// or in a variable of the environment.
    eab_key_variable: Option<String>,
    /// How challenges are answered.
    pub challenge: Option<challenge::ChallengeSettings>,
}

impl AcmeSettings {
    /// The URL of the directory.
    pub(super) fn directory(&self) -> &str {
        preset(&self.directory).map_or(&self.directory, |preset| preset.directory)
    }

    /// The hosts that requests may go to, lower case.
    pub(super) fn hosts(&self) -> Vec<String> {
        let url = reqwest::Url::parse(self.directory()).ok();
        let directory = url.as_ref().and_then(reqwest::Url::host_str).map(str::to_owned);
        directory.into_iter().chain(self.hosts.iter().map(|host| host.to_ascii_lowercase())).collect()
    }

    /// Whether the CA is bound by what browsers demand.
    pub(super) fn is_public(&self) -> bool {
        let known = PRESETS.iter().any(|preset| preset.directory == self.directory());
        self.public.unwrap_or(known)
    }

    /// The account that is used.
    pub(super) fn account(&self) -> &str {
        self.account.as_deref().unwrap_or(ACCOUNT)
    }

    /// How the server is reached.
    pub(super) fn http(&self) -> Http {
        Http { ca_file: self.ca_file.clone(), proxy: self.proxy.clone(), timeout_secs: self.timeout_secs }
    }

    /// How long a command waits for an order.
    pub(super) fn patience(&self) -> Duration {
        Duration::from_secs(self.patience_secs.unwrap_or(PATIENCE_SECS))
    }

    /// Where the key of the external account binding is.
    pub(super) fn eab_key(&self) -> Option<SecretPlace> {
        let file = self.eab_key_file.clone().map(SecretPlace::File);
        let command = || self.eab_key_command.clone().map(SecretPlace::Command);
        file.or_else(command).or_else(|| self.eab_key_variable.clone().map(SecretPlace::Variable))
    }

    fn check(&self) -> Result<(), String> {
        let url = self.directory();
        let host = url.strip_prefix("https://").map(|rest| rest.split(['/', ':']).next().unwrap_or_default());
        if host.is_none_or(str::is_empty) {
            let known: Vec<_> = PRESETS.iter().map(|preset| preset.name).collect();
            return Err(format!("directory = `{url}` is no https URL and none of {}", known.join(", ")));
        }
        check_account(self.account())?;
        if let Some(contact) = self.contact.iter().find(|contact| !contact.contains(':')) {
            return Err(format!("contact `{contact}` is no URL: write `mailto:{contact}`"));
        }
        let keys = [self.eab_key_file.is_some(), self.eab_key_command.is_some(), self.eab_key_variable.is_some()];
        match (self.eab_kid.is_some(), keys.iter().filter(|given| **given).count()) {
            (false, 0) | (true, 1) => {}
            (false, _) => return Err("an EAB key needs its `eab_kid`".to_owned()),
            (true, 0) => {
                return Err("`eab_kid` needs one of eab_key_file, eab_key_command, eab_key_variable".to_owned());
            }
            (true, _) => return Err("give one of eab_key_file, eab_key_command, eab_key_variable".to_owned()),
        }
        if self.profile_required && self.profile.is_none() {
            return Err("`profile_required` needs a `profile`".to_owned());
        }
        self.challenge.as_ref().map_or(Ok(()), challenge::check)
    }
}

/// Whether the settings are ones of an ACME server.
pub(super) fn check(settings: &IssuerSettings) -> Result<(), String> {
    settings.parse::<AcmeSettings>().map_err(|error| error.to_string())?.check()
}

/// Whether that can be the name of an account: it is part of the name of a file.
pub(super) fn check_account(name: &str) -> Result<(), String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if name.is_empty() || !name.chars().all(plain) {
        return Err(format!("`{name}` is no name of an account: use letters, digits and `-`"));
    }
    Ok(())
}

fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn checked(value: Value) -> Result<(), String> {
        let Value::Object(map) = value else { panic!("not a table") };
        check(&IssuerSettings(map))
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(checked(json!({"directory": "letsencrypt"})), Ok(()));
        assert_eq!(checked(json!({"directory": "https://ca.example:14000/dir", "contact": ["mailto:a@b"]})), Ok(()));
        for (settings, said) in [
            (json!({}), "missing field `directory`"),
            (json!({"directory": "letsencript"}), "none of letsencrypt, letsencrypt-staging"),
            (json!({"directory": "http://ca.example/dir"}), "no https URL"),
            (json!({"directory": "letsencrypt", "contacts": []}), "unknown field `contacts`"),
            (json!({"directory": "letsencrypt", "contact": ["a@b"]}), "write `mailto:a@b`"),
            (json!({"directory": "letsencrypt", "account": "a/b"}), "no name of an account"),
            (json!({"directory": "letsencrypt", "eab_kid": "k"}), "needs one of eab_key_file"),
            (json!({"directory": "letsencrypt", "eab_key_file": "k"}), "needs its `eab_kid`"),
            (
                json!({"directory": "letsencrypt", "eab_kid": "k", "eab_key_file": "k", "eab_key_variable": "K"}),
                "give one of",
            ),
            (json!({"directory": "letsencrypt", "profile_required": true}), "needs a `profile`"),
            (json!({"directory": "letsencrypt", "challenge": {"kind": "smoke-signal"}}), "smoke-signal"),
        ] {
            let error = checked(settings.clone()).expect_err(said);
            assert!(error.contains(said), "{settings}: {error}");
        }
    }

    #[test]
    fn presets_are_public_however_they_are_written() {
        for (directory, public) in [
            ("letsencrypt", true),
            ("https://acme-v02.api.letsencrypt.org/directory", true),
            ("https://ca.example/dir", false),
        ] {
            let Value::Object(map) = json!({"directory": directory}) else { panic!("not a table") };
            let settings: AcmeSettings = IssuerSettings(map).parse().unwrap();
            assert_eq!(settings.is_public(), public, "{directory}");
            assert!(settings.directory().starts_with("https://"));
        }
    }
}
