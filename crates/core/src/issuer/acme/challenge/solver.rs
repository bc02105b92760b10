//! A challenge, and a way to answer it.

use std::fmt;

use hickory_proto::rr::Name;
use serde::Deserialize;

use crate::issuer::{ErrorClass, IssuerError};

/// Longer tokens are no names of files everywhere.
const LONGEST_TOKEN: usize = 200;

/// A challenge type of RFC 8555 section 8 or RFC 8737.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum ChallengeKind {
    /// A file on port 80 of the name (RFC 8555 section 8.3).
    #[serde(rename = "http-01")]
    Http01,
    /// A TXT record below the name (RFC 8555 section 8.4).
    #[serde(rename = "dns-01")]
    Dns01,
    /// A certificate on port 443 of the name (RFC 8737).
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

/// One challenge that is to be answered. Nothing of it is secret: the answers are made for the world to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// Its type; that of the solver.
    pub kind: ChallengeKind,
    /// The DNS name, without `*.`, or the IP address.
    pub identifier: String,
    /// Whether the identifier is an IP address (RFC 8738).
    pub ip: bool,
    /// Whether it stands for `*.identifier`.
    pub wildcard: bool,
    /// The server's token.
    pub token: String,
    /// Token and thumbprint of the account's key (RFC 8555 section 8.1).
    pub key_authorization: String,
    /// The value of the TXT record: SHA-256 of the key authorization in base64url.
    pub dns_value: String,
    /// SHA-256 of the key authorization.
    pub digest: Vec<u8>,
}

/// A way to answer challenges. Calls block; a solver may be used by several threads at once.
pub trait Solver: Send + Sync {
    /// The type that it answers.
    fn kind(&self) -> ChallengeKind;

    /// Whether it can answer for such an identifier: wildcards by DNS only, addresses never by DNS.
    fn can_solve(&self, _identifier: &str, ip: bool, wildcard: bool) -> bool {
        match self.kind() {
            ChallengeKind::Dns01 => !ip,
            ChallengeKind::Http01 | ChallengeKind::TlsAlpn01 => !wildcard,
        }
    }

    /// Makes the answer public. What others than this process can see is in the issuer's memory before it is public, so
    /// that a later run can remove it.
    ///
    /// # Errors
    /// It could not be made public. After an error, too, the caller calls [`Solver::clean_up`].
    fn present(&self, challenge: &Challenge) -> Result<(), IssuerError>;

    /// Returns once the answer can be validated. Called when all answers of an order are public, so that all of them
    /// spread at the same time.
    ///
    /// # Errors
    /// It was not visible in time.
    fn confirm(&self, _challenge: &Challenge) -> Result<(), IssuerError> {
        Ok(())
    }

    /// Removes the answer. Idempotent.
    ///
    /// # Errors
    /// It is still there, and still in the issuer's memory: a later run tries again.
    fn clean_up(&self, challenge: &Challenge) -> Result<(), IssuerError>;

    /// Removes the answers that dead runs left behind, and says how many. Called when the issuer is opened for changing
    /// something. A failure is no reason not to go on.
    ///
    /// # Errors
    /// Some could not be removed; all were tried.
    fn remove_leftovers(&self) -> Result<usize, IssuerError>;
}

/// The name of the TXT record (RFC 8555 section 8.4).
pub(super) fn record_name(issuer: &str, challenge: &Challenge) -> Result<Name, IssuerError> {
    Name::from_ascii(format!("_acme-challenge.{}.", challenge.identifier)).map_err(|error| {
        let message = format!("`{}` is no DNS name", challenge.identifier);
        IssuerError::new(issuer, ErrorClass::Config, message).because(error)
    })
}

/// The token, which becomes the name of a file: base64url and nothing else (RFC 8555 section 8.3).
pub(super) fn checked_token<'a>(issuer: &str, challenge: &'a Challenge) -> Result<&'a str, IssuerError> {
    let token = &challenge.token;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if token.is_empty() || token.len() > LONGEST_TOKEN || !token.chars().all(plain) {
        let message = format!("the server gave a token for `{}` that is none", challenge.identifier);
        return Err(IssuerError::new(issuer, ErrorClass::Protocol, message));
    }
    Ok(token)
}

/// A challenge for tests, with answers of the right form.
#[cfg(test)]
pub(super) fn sample(kind: ChallengeKind, identifier: &str) -> Challenge {
    let token = certroll_base::encoding::hex(&certroll_base::random::bytes::<16>());
    let key_authorization = format!("{token}.thumbprint");
    let digest = certroll_base::encoding::sha256(key_authorization.as_bytes()).to_vec();
    // The alphabets differ in two characters.
    let dns_value = certroll_base::encoding::base64(&digest).replace('+', "-").replace('/', "_").replace('=', "");
    let (identifier, ip, wildcard) = (identifier.to_owned(), identifier.parse::<std::net::IpAddr>().is_ok(), false);
    Challenge { kind, identifier, ip, wildcard, token, key_authorization, dns_value, digest }
}
