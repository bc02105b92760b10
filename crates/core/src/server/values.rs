//! What takes the place of the placeholders.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use certroll_base::secret::Secret;

/// Every placeholder that is not a secret: name and meaning.
pub const PLACEHOLDERS: &[(&str, &str)] = &[
    ("name", "name by which clients know the server"),
    ("host", "address to listen on, IPv6 without brackets"),
    ("port", "port to listen on"),
    ("authority", "address and port to listen on, IPv6 in brackets"),
    ("keystore", "keystore with the server's key"),
    ("keystore_type", "PKCS12 or JKS"),
    ("certificate", "PEM file with the server's certificate and intermediates"),
    ("key", "PEM file with the server's key"),
    ("truststore", "file with the CAs of the clients"),
    ("truststore_type", "PKCS12 or JKS"),
    ("storepass_file", "file whose first line opens the keystore or the key"),
    ("trustpass_file", "file whose first line opens the truststore"),
    ("secrets_file", "the server's own file with the passwords, written beside its configuration"),
];

/// Placeholders of secrets: they stand in private files alone.
pub const SECRETS: &[(&str, &str)] =
    &[("storepass", "password of the keystore or the key"), ("trustpass", "password of the truststore")];

/// Values by the names of placeholders.
#[derive(Debug, Default)]
pub struct ServerValues {
    texts: BTreeMap<&'static str, String>,
    secrets: BTreeMap<&'static str, Secret>,
}

impl ServerValues {
    /// Sets the value of a placeholder of [`PLACEHOLDERS`].
    pub fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.texts.insert(name, value.into());
    }

    /// Sets the value of a placeholder of [`SECRETS`].
    pub fn set_secret(&mut self, name: &'static str, value: Secret) {
        self.secrets.insert(name, value);
    }

    /// Sets where the server listens.
    pub fn set_listen(&mut self, listen: SocketAddr) {
        self.set("host", listen.ip().to_string());
        self.set("port", listen.port().to_string());
        self.set("authority", listen.to_string());
    }

    /// Whether there is a value of that name.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The value of that name, whether secret or not.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str).or_else(|| self.secrets.get(name).map(Secret::expose))
    }
}

/// Whether there is a placeholder of that name, and whether it is a secret.
pub(super) fn known(name: &str) -> Option<bool> {
    let is = |table: &[(&str, &str)]| table.iter().any(|(known, _)| *known == name);
    is(PLACEHOLDERS).then_some(false).or_else(|| is(SECRETS).then_some(true))
}
