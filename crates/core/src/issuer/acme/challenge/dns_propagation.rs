//! Waiting until every server that a CA may ask shows a record.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use hickory_proto::rr::{Name, RData, RecordType};

use super::dns_exchange::DnsServer;
use super::dns_lookup::Lookup;
use crate::issuer::acme::challenge::settings::ChallengeSettings;
use crate::issuer::{ErrorClass, IssuerError};

const TIMEOUT_SECS: u64 = 120;
const INTERVAL_SECS: u64 = 2;
/// How long one server may take at each look.
const LOOK: Duration = Duration::from_secs(5);

/// Looks at records.
pub(super) struct Watch {
    issuer: String,
    lookup: Lookup,
    servers: Option<Vec<SocketAddr>>,
    timeout: Duration,
    interval: Duration,
}

/// A server that has to show the record, under all addresses that it has.
struct Looked {
    name: String,
    addresses: Vec<SocketAddr>,
    /// What it said at the last look.
    said: String,
}

impl Watch {
    /// # Errors
    /// Of class [`ErrorClass::Config`]: the settings are not usable.
    pub(super) fn new(issuer: &str, settings: &ChallengeSettings, lookup: Lookup) -> Result<Self, IssuerError> {
        let options = settings.propagation.clone().unwrap_or_default();
        let servers = options.servers().map_err(|why| IssuerError::new(issuer, ErrorClass::Config, why))?;
        Ok(Self {
            issuer: issuer.to_owned(),
            lookup,
            servers,
            timeout: Duration::from_secs(options.timeout_secs.unwrap_or(TIMEOUT_SECS)),
            interval: Duration::from_secs(options.interval_secs.unwrap_or(INTERVAL_SECS)),
        })
    }

    /// Where records are looked up.
    pub(super) fn lookup(&self) -> &Lookup {
        &self.lookup
    }

    /// Waits until every server shows `value` at `name`, or at the name that it stands for.
    ///
    /// # Errors
    /// Of class [`ErrorClass::Retryable`]: not in time. It says what each of the servers answered last.
    pub(super) fn wait(&self, name: &Name, value: &str) -> Result<(), IssuerError> {
        let name = self.lookup.follow(name)?;
        let until = Instant::now() + self.timeout;
        let mut missing = self.servers(&name)?;
        loop {
            missing.retain_mut(|server| !server.shows(&name, value, self.servers.is_some()));
            if missing.is_empty() {
                return Ok(());
            }
            if Instant::now() + self.interval > until {
                return Err(self.late(&name, &missing));
            }
            std::thread::sleep(self.interval);
        }
    }

    /// The servers that were given, or all of the zone: a CA may ask any of them.
    fn servers(&self, name: &Name) -> Result<Vec<Looked>, IssuerError> {
        let looked = |name: String, addresses| Looked { name, addresses, said: "has not been asked".to_owned() };
        if let Some(servers) = &self.servers {
            return Ok(servers.iter().map(|server| looked(server.to_string(), vec![*server])).collect());
        }
        let zone = self.lookup.zone(name)?;
        let servers = self.lookup.name_servers(&zone)?;
        Ok(servers.into_iter().map(|(name, addresses)| looked(name.to_string(), addresses)).collect())
    }

    fn late(&self, name: &Name, missing: &[Looked]) -> IssuerError {
        let said: Vec<_> = missing.iter().map(|server| format!("`{}` {}", server.name, server.said)).collect();
        let message =
            format!("the record `{name}` is not visible after {} s: {}", self.timeout.as_secs(), said.join(", "));
        IssuerError::new(&self.issuer, ErrorClass::Retryable, message).hint(format!(
            "raise `timeout_secs`, or name the servers to look at in `servers`, both in \
             `[issuers.{}.challenge.propagation]`",
            self.issuer
        ))
    }
}

impl Looked {
    /// Whether it shows the value: under every address that can be reached, and under one at least.
    fn shows(&mut self, name: &Name, value: &str, recursive: bool) -> bool {
        if self.addresses.is_empty() {
            "has no address".clone_into(&mut self.said);
            return false;
        }
        let mut seen = false;
        for address in &self.addresses {
            let server = DnsServer { address: *address, timeout: LOOK };
            match server.ask(name, RecordType::TXT, recursive) {
                Ok(answer) if answer.answers.iter().any(|record| holds(&record.data, value)) => seen = true,
                Ok(answer) => {
                    let count = answer.answers.iter().filter(|r| r.record_type() == RecordType::TXT).count();
                    let code = answer.metadata.response_code;
                    self.said = format!("answers `{code}` with {count} other values");
                    return false;
                }
                Err(error) => self.said = format!("does not answer ({error})"),
            }
        }
        seen
    }
}

/// A value may be cut into several strings (RFC 1035 section 3.3.14).
fn holds(data: &RData, value: &str) -> bool {
    match data {
        RData::TXT(text) => text.txt_data.concat() == value.as_bytes(),
        _ => false,
    }
}
