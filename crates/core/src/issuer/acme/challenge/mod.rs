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
mod http_standalone;
mod http_webroot;
mod journal;
mod listeners;
mod port;
#[cfg(test)]
mod scratch;
mod settings;
mod solver;
mod tls_alpn;

use settings::Way;

use crate::issuer::{ErrorClass, IssuerError, RemoteIssuer};

pub use settings::{ChallengeSettings, check};
pub use solver::{Challenge, ChallengeKind, Solver};

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
