//! The settings of a Vault issuer: `[issuers.NAME]` in `certroll.toml`.

use std::path::PathBuf;

use reqwest::Url;
use serde::Deserialize;

use crate::issuer::network::Http;
use crate::issuer::{IssuerSettings, SecretPlace};

/// Where the engine is mounted, unless the settings say otherwise.
const MOUNT: &str = "pki";
/// How long after the time of one request the server may still be at work on it, in seconds.
const SETTLE_SECS: u64 = 10;

/// The table of one issuer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VaultSettings {
    /// `https://host:8200`; `http://` only to this machine.
    address: String,
    /// The namespace, for servers that have them.
    pub(super) namespace: Option<String>,
    /// Path of the PKI engine; `pki` by default.
    mount: Option<String>,
    /// The role that signs; needed unless `sign` is `verbatim`.
    pub(super) role: Option<String>,
    /// The issuer within the mount, by name or id; by default the role's.
    pub(super) issuer_ref: Option<String>,
    /// What decides about the content of a certificate.
    #[serde(default)]
    pub(super) sign: Sign,
    /// Issue also where the server keeps no certificates (`no_store`): what is lost then cannot be found again.
    #[serde(default)]
    pub(super) allow_unrecoverable: bool,
    /// Revoke by possession of the key where the token has no right to revoke: the server wants the private key itself.
    #[serde(default)]
    pub(super) revoke_with_key: bool,
    /// Others use the mount too: what is on its list and not in our log is theirs.
    #[serde(default)]
    pub(super) shared: bool,
    /// How long after a request was begun the server may still be at work on it, in seconds: before that its list does
    /// not prove that nothing was issued. By default `timeout_secs` and 10 more.
    settle_secs: Option<u64>,
    ca_file: Option<PathBuf>,
    proxy: Option<String>,
    timeout_secs: Option<u64>,
    /// Who we are.
    #[serde(default)]
    pub(super) auth: Auth,
}

/// What decides about the content of a certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Sign {
    /// The role: `sign/ROLE`.
    #[default]
    Role,
    /// The request, as it was approved here: `sign-verbatim`.
    Verbatim,
}

/// How a token is got.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "method", rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum Auth {
    /// It is there already: in one of these places, else in `VAULT_TOKEN`, `BAO_TOKEN`, or the file `~/.vault-token` in
    /// which the programs of the server keep theirs.
    Token { token_file: Option<PathBuf>, token_command: Option<String>, token_variable: Option<String> },
    /// For a role id and a secret id.
    AppRole {
        mount: Option<String>,
        role_id: String,
        secret_id_file: Option<PathBuf>,
        secret_id_command: Option<String>,
        secret_id_variable: Option<String>,
        /// What is given is a token that the secret id is wrapped in.
        #[serde(default)]
        wrapped: bool,
    },
    /// For the token of a service account.
    Kubernetes { mount: Option<String>, role: String, jwt_file: Option<PathBuf> },
    /// For a token that a third party signed, as CI systems give to their jobs.
    Jwt {
        mount: Option<String>,
        role: Option<String>,
        jwt_file: Option<PathBuf>,
        jwt_command: Option<String>,
        jwt_variable: Option<String>,
    },
    /// For a certificate and its key, shown in the TLS handshake.
    Cert {
        mount: Option<String>,
        /// The role of the login; any that fits by default.
        role: Option<String>,
        /// PEM: certificate, and those above it.
        certificate_file: PathBuf,
        /// PEM; may be encrypted.
        key_file: PathBuf,
        key_password_file: Option<PathBuf>,
        key_password_command: Option<String>,
        key_password_variable: Option<String>,
    },
}

impl Default for Auth {
    fn default() -> Self {
        Self::Token { token_file: None, token_command: None, token_variable: None }
    }
}

/// The one place that is given of the three a secret may come from.
///
/// # Errors
/// More than one is given.
pub(super) fn place(
    what: &str,
    file: Option<&PathBuf>,
    command: Option<&String>,
    variable: Option<&String>,
) -> Result<Option<SecretPlace>, String> {
    let places = [
        file.cloned().map(SecretPlace::File),
        command.cloned().map(SecretPlace::Command),
        variable.cloned().map(SecretPlace::Variable),
    ];
    let mut given = places.into_iter().flatten();
    match (given.next(), given.next()) {
        (_, Some(_)) => Err(format!("give one of {what}_file, {what}_command and {what}_variable, not several")),
        (place, None) => Ok(place),
    }
}

impl VaultSettings {
    /// Reads and checks them.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(super) fn read(table: &IssuerSettings) -> Result<Self, String> {
        let settings: Self = table.parse().map_err(|error| error.to_string())?;
        settings.url()?;
        let named = [
            ("mount", settings.mount.as_deref()),
            ("role", settings.role.as_deref()),
            ("issuer_ref", settings.issuer_ref.as_deref()),
            ("namespace", settings.namespace.as_deref()),
            ("auth.mount", settings.auth.mount()),
        ];
        for (key, value) in named {
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
            if value.is_some_and(|v| v.is_empty() || !v.chars().all(plain) || v.split('/').any(|part| part == "..")) {
                return Err(format!("`{key}` is a path of letters, digits, `-`, `_`, `.` and `/`"));
            }
        }
        if settings.role.is_none() && settings.sign == Sign::Role {
            return Err("`role` is missing: it names the role that signs (or set sign = \"verbatim\")".to_owned());
        }
        settings.auth.check()?;
        Ok(settings)
    }

    /// The address. A token goes there with every request, so it goes in the clear to this machine only.
    pub(super) fn url(&self) -> Result<Url, String> {
        let url = Url::parse(&self.address).map_err(|_| format!("`address` is no URL: `{}`", self.address))?;
        let host = url.host_str().unwrap_or_default();
        let here = host == "localhost"
            || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
        match url.scheme() {
            _ if !url.username().is_empty() || url.password().is_some() => {
                Err("`address` must not hold a name or password".to_owned())
            }
            _ if !matches!(url.path(), "" | "/") || url.query().is_some() => {
                Err("`address` is the server alone: the path of the engine is `mount`".to_owned())
            }
            "https" => Ok(url),
            "http" if here => Ok(url),
            _ => Err("`address` must begin with https:// (http:// is for a server on this machine)".to_owned()),
        }
    }

    /// Path of the engine, without slashes around it.
    pub(super) fn mount(&self) -> &str {
        self.mount.as_deref().unwrap_or(MOUNT).trim_matches('/')
    }

    /// How the server is reached.
    pub(super) fn http(&self) -> Http {
        Http { ca_file: self.ca_file.clone(), proxy: self.proxy.clone(), timeout_secs: self.timeout_secs }
    }

    /// How long after a request was begun its absence from the list proves nothing, in seconds.
    pub(super) fn settle_secs(&self) -> i64 {
        let secs = self.settle_secs.unwrap_or_else(|| self.http().timeout().as_secs().saturating_add(SETTLE_SECS));
        i64::try_from(secs).unwrap_or(i64::MAX)
    }

    /// Path below the mount that signs.
    pub(super) fn sign_path(&self) -> String {
        let scope = self.issuer_ref.as_ref().map(|issuer| format!("issuer/{issuer}/")).unwrap_or_default();
        match (self.sign, &self.role) {
            (Sign::Role, role) => format!("{scope}sign/{}", role.as_deref().unwrap_or_default()),
            (Sign::Verbatim, Some(role)) => format!("{scope}sign-verbatim/{role}"),
            (Sign::Verbatim, None) => format!("{scope}sign-verbatim"),
        }
    }
}

impl Auth {
    /// The name of the method in settings.
    pub(super) fn method(&self) -> &'static str {
        match self {
            Self::Token { .. } => "token",
            Self::AppRole { .. } => "approle",
            Self::Kubernetes { .. } => "kubernetes",
            Self::Jwt { .. } => "jwt",
            Self::Cert { .. } => "cert",
        }
    }

    fn mount(&self) -> Option<&str> {
        match self {
            Self::Token { .. } => None,
            Self::AppRole { mount, .. }
            | Self::Kubernetes { mount, .. }
            | Self::Jwt { mount, .. }
            | Self::Cert { mount, .. } => mount.as_deref(),
        }
    }

    /// Where the method is mounted, without slashes around it.
    pub(super) fn path(&self) -> &str {
        self.mount().unwrap_or(self.method()).trim_matches('/')
    }

    fn check(&self) -> Result<(), String> {
        match self {
            Self::Token { token_file, token_command, token_variable } => {
                place("token", token_file.as_ref(), token_command.as_ref(), token_variable.as_ref()).map(drop)
            }
            Self::AppRole { secret_id_file, secret_id_command, secret_id_variable, .. } => {
                let (file, command) = (secret_id_file.as_ref(), secret_id_command.as_ref());
                place("secret_id", file, command, secret_id_variable.as_ref())?
                    .map(drop)
                    .ok_or_else(|| "auth: say where the secret id is: secret_id_file, _command or _variable".to_owned())
            }
            Self::Jwt { jwt_file, jwt_command, jwt_variable, .. } => {
                place("jwt", jwt_file.as_ref(), jwt_command.as_ref(), jwt_variable.as_ref())?
                    .map(drop)
                    .ok_or_else(|| "auth: say where the token is: jwt_file, jwt_command or jwt_variable".to_owned())
            }
            Self::Cert { key_password_file, key_password_command, key_password_variable, .. } => {
                let (file, command) = (key_password_file.as_ref(), key_password_command.as_ref());
                place("key_password", file, command, key_password_variable.as_ref()).map(drop)
            }
            Self::Kubernetes { .. } => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: serde_json::Value) -> Result<VaultSettings, String> {
        VaultSettings::read(&IssuerSettings(json.as_object().unwrap().clone()))
    }

    #[test]
    fn what_is_wrong_is_said() {
        let cases = [
            (r#"{"address":"https://v:8200"}"#, "`role` is missing"),
            (r#"{"address":"http://vault:8200","role":"a"}"#, "https://"),
            (r#"{"address":"vault","role":"a"}"#, "no URL"),
            (r#"{"address":"https://u:p@v","role":"a"}"#, "name or password"),
            (r#"{"address":"https://v/v1/pki","role":"a"}"#, "`mount`"),
            (r#"{"address":"https://v","role":"a b"}"#, "`role` is a path"),
            (r#"{"address":"https://v","role":"a","mount":"../sys"}"#, "`mount` is a path"),
            (r#"{"address":"https://v","role":"a","rolle":"b"}"#, "unknown field `rolle`"),
            (r#"{"address":"https://v","role":"a","auth":{"method":"ldap"}}"#, "unknown variant `ldap`"),
            (r#"{"address":"https://v","role":"a","auth":{"method":"approle","role_id":"x"}}"#, "secret_id_file"),
            (r#"{"address":"https://v","role":"a","auth":{"method":"token","token":"x"}}"#, "unknown field `token`"),
            (
                r#"{"address":"https://v","role":"a","auth":{"method":"jwt","jwt_file":"a","jwt_command":"b"}}"#,
                "not several",
            ),
        ];
        for (text, expected) in cases {
            let error = read(serde_json::from_str(text).unwrap()).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }

    #[test]
    fn paths_are_made_of_mount_issuer_and_role() {
        let path = |text: &str| read(serde_json::from_str(text).unwrap()).unwrap().sign_path();
        assert_eq!(path(r#"{"address":"https://v","role":"web"}"#), "sign/web");
        assert_eq!(path(r#"{"address":"http://[::1]:1","role":"web","issuer_ref":"g2"}"#), "issuer/g2/sign/web");
        assert_eq!(path(r#"{"address":"http://127.0.0.1","sign":"verbatim"}"#), "sign-verbatim");
        assert_eq!(path(r#"{"address":"https://v","sign":"verbatim","role":"web"}"#), "sign-verbatim/web");
    }
}
