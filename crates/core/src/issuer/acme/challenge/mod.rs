//! How control over a name is proved to an ACME server (RFC 8555 section 8, RFC 8737, RFC 8738).
//!
//! | way | settings | file |
//! |---|---|---|
//! | http-01, own listener | `kind = "http-01"` | `http_standalone` |
//! | http-01, through a web server's directory | `kind = "http-01"`, `webroot` | `http_webroot` |
//! | dns-01, through a command | `kind = "dns-01"`, table `hook` | `dns_hook` |
//! | dns-01, by dynamic update (RFC 2136) | `kind = "dns-01"`, table `update` | `dns_update` |
//! | tls-alpn-01, own listener | `kind = "tls-alpn-01"` | `tls_alpn` |

mod dns_exchange;
mod dns_hook;
mod dns_lookup;
mod dns_propagation;
mod dns_update;
mod hook_command;
mod http_standalone;
mod http_webroot;
mod journal;
mod listeners;
mod port;
#[cfg(test)]
mod scratch;
mod settings;
mod tls_alpn;

use std::fmt;

use hickory_proto::rr::Name;
use serde::Deserialize;

use settings::Way;

use crate::issuer::{ErrorClass, IssuerError, RemoteIssuer};

pub use settings::{ChallengeSettings, check};

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
    /// It could not be made public. Whoever gets an error calls [`Solver::clean_up`] as well.
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

/// The solver that the settings of an issuer ask for. Reads secrets; makes nothing public yet.
///
/// # Errors
/// Of class [`ErrorClass::Config`]: the settings are not usable.
pub fn solver(
    issuer: &str,
    settings: &ChallengeSettings,
    connection: &RemoteIssuer,
) -> Result<Box<dyn Solver>, IssuerError> {
    let invalid = |why: String| {
        IssuerError::new(issuer, ErrorClass::Config, why)
            .hint(format!("correct `[issuers.{issuer}.challenge]` in certroll.toml"))
    };
    check(settings).map_err(invalid)?;
    Ok(match settings.way().map_err(invalid)? {
        Way::HttpStandalone => Box::new(http_standalone::HttpStandalone::new(issuer, settings)),
        Way::HttpWebroot(root) => Box::new(http_webroot::HttpWebroot::new(issuer, root, connection)),
        Way::DnsHook(hook) => Box::new(dns_hook::DnsHook::new(issuer, settings, hook, connection)?),
        Way::DnsUpdate(update) => Box::new(dns_update::DnsUpdate::new(issuer, settings, update, connection)?),
        Way::TlsAlpn => Box::new(tls_alpn::TlsAlpn::new(issuer, settings)),
    })
}

/// The name of the TXT record (RFC 8555 section 8.4).
fn record_name(issuer: &str, challenge: &Challenge) -> Result<Name, IssuerError> {
    Name::from_ascii(format!("_acme-challenge.{}.", challenge.identifier)).map_err(|error| {
        let message = format!("`{}` is no DNS name", challenge.identifier);
        IssuerError::new(issuer, ErrorClass::Config, message).because(error)
    })
}

/// The token, which becomes the name of a file: base64url and nothing else (RFC 8555 section 8.3).
fn checked_token<'a>(issuer: &str, challenge: &'a Challenge) -> Result<&'a str, IssuerError> {
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
fn sample(kind: ChallengeKind, identifier: &str) -> Challenge {
    let token = certroll_base::encoding::hex(&certroll_base::random::bytes::<16>());
    let key_authorization = format!("{token}.thumbprint");
    let digest = certroll_base::encoding::sha256(key_authorization.as_bytes()).to_vec();
    // The alphabets differ in two characters.
    let dns_value = certroll_base::encoding::base64(&digest).replace('+', "-").replace('/', "_").replace('=', "");
    let (identifier, ip, wildcard) = (identifier.to_owned(), identifier.parse::<std::net::IpAddr>().is_ok(), false);
    Challenge { kind, identifier, ip, wildcard, token, key_authorization, dns_value, digest }
}
