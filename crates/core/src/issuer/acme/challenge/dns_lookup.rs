//! Where a record really belongs: delegations followed, the zone found, and the servers of the zone.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::{Name, RData, RecordType};

use super::dns_exchange::DnsServer;
use super::settings::{DNS_PORT, address};
use crate::issuer::acme::challenge::settings::ChallengeSettings;
use crate::issuer::{ErrorClass, IssuerError};

/// Longer chains of aliases are loops.
const LONGEST_CHAIN: usize = 8;
/// How long a resolver may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Where the system says which resolvers to ask (resolv.conf(5)).
const SYSTEM: &str = "/etc/resolv.conf";

/// Who is asked: the server that takes updates, for what it is authoritative for, and resolvers for everything else.
pub(super) struct Lookup {
    issuer: String,
    primary: Option<DnsServer>,
    resolvers: Vec<DnsServer>,
}

impl Lookup {
    /// Asks resolvers alone.
    ///
    /// # Errors
    /// Of class [`ErrorClass::Config`]: one is no address.
    pub(super) fn of_resolvers(issuer: &str, settings: &ChallengeSettings) -> Result<Self, IssuerError> {
        let given = settings.resolvers().map_err(|why| IssuerError::new(issuer, ErrorClass::Config, why))?;
        let servers = given.unwrap_or_else(of_system);
        let resolvers = servers.into_iter().map(|address| DnsServer { address, timeout: TIMEOUT }).collect();
        Ok(Self { issuer: issuer.to_owned(), primary: None, resolvers })
    }

    /// Asks that server first.
    pub(super) fn with_primary(mut self, primary: DnsServer) -> Self {
        self.primary = Some(primary);
        self
    }

    /// The name that `name` stands for: many delegate `_acme-challenge` by a CNAME record into a zone that can be updated.
    ///
    /// # Errors
    /// No server answers, or the chain has no end.
    pub(super) fn follow(&self, name: &Name) -> Result<Name, IssuerError> {
        let mut at = name.clone();
        for _ in 0..LONGEST_CHAIN {
            let answer = self.answer(&at, RecordType::CNAME)?;
            let next = answer.answers.iter().find_map(|record| match &record.data {
                RData::CNAME(target) if record.name == at => Some(target.0.clone()),
                _ => None,
            });
            match next {
                Some(next) => at = next,
                None => return Ok(at),
            }
        }
        let message = format!("the aliases of `{name}` have no end: more than {LONGEST_CHAIN} CNAME records");
        Err(self.error(ErrorClass::Config, message))
    }

    /// The zone of a name, by the SOA record of the nearest name upwards that has one.
    ///
    /// # Errors
    /// No server answers, or none that is asked knows the zone.
    pub(super) fn zone(&self, name: &Name) -> Result<Name, IssuerError> {
        let mut at = name.clone();
        let mut failure = None;
        loop {
            match self.answer(&at, RecordType::SOA) {
                Ok(answer) => {
                    let found = answer.answers.iter().chain(&answer.authorities);
                    let mut zones = found.filter(|record| record.record_type() == RecordType::SOA);
                    if let Some(record) = zones.find(|record| record.name.zone_of(name)) {
                        return Ok(record.name.clone());
                    }
                }
                Err(error) => failure = Some(error),
            }
            if at.is_root() {
                break;
            }
            at = at.base_name();
        }
        Err(failure.unwrap_or_else(|| {
            self.error(ErrorClass::Config, format!("no zone is found for `{name}`: no SOA record up to the root"))
        }))
    }

    /// The name servers of a zone with their addresses.
    ///
    /// # Errors
    /// No server answers, or there are none.
    pub(super) fn name_servers(&self, zone: &Name) -> Result<Vec<(Name, Vec<SocketAddr>)>, IssuerError> {
        let answer = self.answer(zone, RecordType::NS)?;
        let mut servers = Vec::new();
        for record in &answer.answers {
            let RData::NS(name) = &record.data else { continue };
            let mut addresses = addresses(&answer, &name.0);
            if addresses.is_empty() {
                for kind in [RecordType::A, RecordType::AAAA] {
                    let found = self.answer(&name.0, kind).map(|answer| records(&answer.answers));
                    addresses.extend(found.unwrap_or_default());
                }
            }
            servers.push((name.0.clone(), addresses));
        }
        if servers.is_empty() {
            return Err(self.error(ErrorClass::Config, format!("zone `{zone}` has no name servers")));
        }
        Ok(servers)
    }

    /// The answer of who has the last word: the primary server, if it is authoritative for the name, else a resolver.
    fn answer(&self, name: &Name, kind: RecordType) -> Result<Message, IssuerError> {
        if let Some(primary) = &self.primary {
            let answer = primary.ask(name, kind, false).map_err(|error| self.unreachable(primary, error))?;
            if answer.metadata.authoritative && is_conclusive(&answer) {
                return Ok(answer);
            }
        }
        let mut failure = None;
        for resolver in &self.resolvers {
            match resolver.ask(name, kind, true) {
                Ok(answer) if is_conclusive(&answer) => return Ok(answer),
                Ok(answer) => {
                    let code = answer.metadata.response_code;
                    failure = Some(io::Error::other(format!("{} answers `{code}`", resolver.address)));
                }
                Err(error) => failure = Some(io::Error::other(format!("{}: {error}", resolver.address))),
            }
        }
        let failure = failure.unwrap_or_else(|| io::Error::other(format!("`{SYSTEM}` names no resolver")));
        let message = format!("no DNS server says what `{name}` is ({kind})");
        Err(self.error(ErrorClass::Retryable, message).because(failure).hint(format!(
            "set `resolvers` in `[issuers.{}.challenge]` to servers that know the whole of DNS",
            self.issuer
        )))
    }

    /// The error for a primary server that does not answer.
    pub(super) fn unreachable(&self, server: &DnsServer, error: io::Error) -> IssuerError {
        let message = format!("the DNS server {} does not answer", server.address);
        self.error(ErrorClass::Retryable, message)
            .because(error)
            .hint(format!("correct `server` in `[issuers.{}.challenge.update]`, or try again later", self.issuer))
    }

    fn error(&self, class: ErrorClass, message: String) -> IssuerError {
        IssuerError::new(&self.issuer, class, message)
    }
}

/// Whether the answer says something about the name, if only that it does not exist.
fn is_conclusive(answer: &Message) -> bool {
    matches!(answer.metadata.response_code, ResponseCode::NoError | ResponseCode::NXDomain)
}

/// The addresses that came with the answer.
fn addresses(answer: &Message, name: &Name) -> Vec<SocketAddr> {
    let records = answer.additionals.iter().filter(|record| record.name == *name);
    records.filter_map(|record| socket(&record.data)).collect()
}

fn records(answers: &[hickory_proto::rr::Record]) -> Vec<SocketAddr> {
    answers.iter().filter_map(|record| socket(&record.data)).collect()
}

fn socket(data: &RData) -> Option<SocketAddr> {
    let address = match data {
        RData::A(address) => IpAddr::V4(address.0),
        RData::AAAA(address) => IpAddr::V6(address.0),
        _ => return None,
    };
    Some(SocketAddr::new(address, DNS_PORT))
}

/// The resolvers of the system; none when it names none.
fn of_system() -> Vec<SocketAddr> {
    let text = std::fs::read_to_string(SYSTEM).unwrap_or_default();
    let servers = text.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        (words.next() == Some("nameserver")).then(|| address(words.next()?)).flatten()
    });
    servers.collect()
}
