//! Challenges: how we show that a name is ours (RFC 8555 section 8, RFC 8737, RFC 8738).

use std::fmt;

use serde::Deserialize;

use crate::issuer::{Connection, ErrorClass, IssuerError};

/// A challenge type of RFC 8555 section 8 or RFC 8737.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum ChallengeKind {
    /// A file on port 80 of the name.
    #[serde(rename = "http-01")]
    Http01,
    /// A TXT record below the name.
    #[serde(rename = "dns-01")]
    Dns01,
    /// A self-signed certificate on port 443 of the name.
    #[serde(rename = "tls-alpn-01")]
    TlsAlpn01,
}

impl fmt::Display for ChallengeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Http01 => "http-01",
            Self::Dns01 => "dns-01",
            Self::TlsAlpn01 => "tls-alpn-01",
        })
    }
}

/// One challenge to be answered.
#[derive(Clone, Debug)]
pub struct Challenge {
    /// Its type.
    pub kind: ChallengeKind,
    /// The DNS name without `*.`, or the IP address.
    pub identifier: String,
    /// Whether it is an IP address.
    pub ip: bool,
    /// Whether the wildcard of the name is meant.
    pub wildcard: bool,
    /// The token of the challenge.
    pub token: String,
    /// What http-01 answers with.
    pub key_authorization: String,
    /// What dns-01 answers with: base64url of the digest.
    pub dns_value: String,
    /// SHA-256 of the key authorization.
    pub digest: Vec<u8>,
}

/// The `[issuers.NAME.challenge]` table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The type of challenge.
    pub kind: ChallengeKind,
    /// For tests: the management address of a challenge test server.
    pub management: Option<String>,
}

/// Whether the settings can be used; asks nobody.
///
/// # Errors
/// What is wrong with them.
pub fn check(_settings: &Settings) -> Result<(), String> {
    Ok(())
}

/// One way to answer challenges. Calls block.
pub trait Solver: Send + Sync {
    /// The type of challenge that it answers.
    fn kind(&self) -> ChallengeKind;

    /// Whether it can answer for such an identifier.
    fn can_solve(&self, identifier: &str, ip: bool, wildcard: bool) -> bool;

    /// Makes the answer public and returns once it can be validated.
    ///
    /// # Errors
    /// It cannot be made public.
    fn present(&self, challenge: &Challenge) -> Result<(), IssuerError>;

    /// Removes it again. Idempotent.
    ///
    /// # Errors
    /// It cannot be removed.
    fn clean_up(&self, challenge: &Challenge) -> Result<(), IssuerError>;

    /// Removes what dead runs left behind; answers how many answers that were.
    ///
    /// # Errors
    /// It cannot be removed.
    fn remove_leftovers(&self) -> Result<usize, IssuerError>;
}

/// The solver that the settings name.
///
/// # Errors
/// It cannot be made of them.
pub fn solver(issuer: &str, settings: &Settings, _connection: &Connection) -> Result<Box<dyn Solver>, IssuerError> {
    let management = settings.management.clone().unwrap_or_default();
    let http = reqwest::Client::builder().no_proxy().build();
    let http = http.map_err(|error| IssuerError::new(issuer, ErrorClass::Config, "no client").because(error))?;
    Ok(Box::new(TestServer { issuer: issuer.to_owned(), kind: settings.kind, management, http }))
}

struct TestServer {
    issuer: String,
    kind: ChallengeKind,
    management: String,
    http: reqwest::Client,
}

impl TestServer {
    fn post(&self, path: &str, body: serde_json::Value) -> Result<(), IssuerError> {
        let request = self.http.post(format!("{}/{path}", self.management)).body(body.to_string()).send();
        let sent = crate::issuer::network::block_on(request);
        sent.map(drop).map_err(|error| IssuerError::new(&self.issuer, ErrorClass::Retryable, "test server").because(error))
    }
}

impl Solver for TestServer {
    fn kind(&self) -> ChallengeKind {
        self.kind
    }

    fn can_solve(&self, _identifier: &str, ip: bool, wildcard: bool) -> bool {
        if self.kind == ChallengeKind::Dns01 { !ip } else { !wildcard }
    }

    fn present(&self, challenge: &Challenge) -> Result<(), IssuerError> {
        let host = format!("_acme-challenge.{}.", challenge.identifier);
        match self.kind {
            ChallengeKind::Dns01 => {
                self.post("set-txt", serde_json::json!({"host": host, "value": challenge.dns_value}))
            }
            _ => self.post(
                "add-http01",
                serde_json::json!({"token": challenge.token, "content": challenge.key_authorization}),
            ),
        }
    }

    fn clean_up(&self, challenge: &Challenge) -> Result<(), IssuerError> {
        let host = format!("_acme-challenge.{}.", challenge.identifier);
        match self.kind {
            ChallengeKind::Dns01 => self.post("clear-txt", serde_json::json!({"host": host})),
            _ => self.post("del-http01", serde_json::json!({"token": challenge.token})),
        }
    }

    fn remove_leftovers(&self) -> Result<usize, IssuerError> {
        Ok(0)
    }
}
