//! dns-01 by dynamic update (RFC 8555 section 8.4): a TXT record set and removed at the primary server (RFC 2136), signed
//! with a shared key (TSIG, RFC 8945). Other values at the same name are left alone: a wildcard and its base name need
//! two at once.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use hickory_proto::op::{Message, ResponseCode, update_message};
use hickory_proto::rr::rdata::TXT;
use hickory_proto::rr::rdata::tsig::TsigError;
use hickory_proto::rr::{Name, RData, Record, RecordSet, TSigner};
use serde::{Deserialize, Serialize};

use super::dns_exchange::DnsServer;
use super::dns_lookup::Lookup;
use super::dns_propagation::Watch;
use super::journal::{ChallengeJournal, Remover};
use super::settings::{DNS_PORT, Update, address};
use crate::issuer::acme::challenge::settings::ChallengeSettings;
use crate::issuer::acme::challenge::solver::{Challenge, ChallengeKind, Solver, record_name};
use crate::issuer::{ErrorClass, IssuerError, RemoteIssuer};
use certroll_base::clock::Clock;
use certroll_base::encoding;

const TTL_SECS: u32 = 60;
const TIMEOUT_SECS: u64 = 10;
/// How far the clocks may be apart, in seconds (RFC 8945 section 10 recommends 300).
const FUDGE_SECS: u16 = 300;

/// Answers dns-01 by dynamic updates.
pub(super) struct DnsUpdate {
    zones: Arc<Zones>,
    zone: Option<Name>,
    watch: Watch,
    look: bool,
    journal: ChallengeJournal<Zones>,
}

/// The server that takes updates.
struct Zones {
    issuer: String,
    server: DnsServer,
    key: TSigner,
    ttl: u32,
    clock: Arc<dyn Clock>,
}

/// A record that is set.
#[derive(Clone, Serialize, Deserialize)]
struct Note {
    zone: String,
    name: String,
    value: String,
}

/// What is done with a record.
#[derive(Clone, Copy)]
enum RecordChange {
    Add,
    Remove,
}

impl DnsUpdate {
    /// Reads the key.
    ///
    /// # Errors
    /// Of class [`ErrorClass::Config`]: server or key are not usable.
    pub(super) fn new(
        issuer: &str,
        settings: &ChallengeSettings,
        update: &Update,
        connection: &RemoteIssuer,
    ) -> Result<Self, IssuerError> {
        let timeout = Duration::from_secs(update.timeout_secs.unwrap_or(TIMEOUT_SECS));
        let server = DnsServer { address: locate(issuer, &update.server)?, timeout };
        let lookup = Lookup::of_resolvers(issuer, settings)?.with_primary(server.clone());
        let key = signer(issuer, update, connection)?;
        let zones = Arc::new(Zones {
            issuer: issuer.to_owned(),
            server,
            key,
            ttl: update.ttl_secs.unwrap_or(TTL_SECS),
            clock: connection.clock.clone(),
        });
        let zone = update.zone.as_deref().map(|zone| zones.name(zone)).transpose()?;
        let look = settings.propagation.as_ref().and_then(|options| options.check).unwrap_or(true);
        let journal = ChallengeJournal::new(issuer, "update", connection.memory.clone(), zones.clone());
        Ok(Self { zones, zone, watch: Watch::new(issuer, settings, lookup)?, look, journal })
    }

    /// The zone of a name: the one that was given, or the one that the server has for it.
    fn zone(&self, name: &Name) -> Result<Name, IssuerError> {
        let Some(zone) = &self.zone else { return self.watch.lookup().zone(name) };
        if zone.zone_of(name) {
            return Ok(zone.clone());
        }
        let message = format!("`{name}` is not in zone `{zone}`");
        Err(self.zones.error(ErrorClass::Config, message).hint(format!(
            "leave `zone` out of `[issuers.{}.challenge.update]`; or delegate the name into that zone by a CNAME record",
            self.zones.issuer
        )))
    }
}

impl Solver for DnsUpdate {
    fn kind(&self) -> ChallengeKind {
        ChallengeKind::Dns01
    }

    fn present(&self, challenge: &Challenge) -> Result<(), IssuerError> {
        let name = self.watch.lookup().follow(&record_name(&self.zones.issuer, challenge)?)?;
        let zone = self.zone(&name)?;
        let note = Note { zone: zone.to_ascii(), name: name.to_ascii(), value: challenge.dns_value.clone() };
        self.journal.provision(challenge, note.clone(), || {
            self.zones.send(RecordChange::Add, &note)?;
            Ok(None)
        })
    }

    fn confirm(&self, challenge: &Challenge) -> Result<(), IssuerError> {
        if !self.look {
            return Ok(());
        }
        self.watch.wait(&record_name(&self.zones.issuer, challenge)?, &challenge.dns_value)
    }

    fn clean_up(&self, challenge: &Challenge) -> Result<(), IssuerError> {
        self.journal.end(challenge)
    }

    fn remove_leftovers(&self) -> Result<usize, IssuerError> {
        self.journal.remove_leftovers()
    }
}

impl Remover for Zones {
    type Note = Note;

    fn remove(&self, note: &Note) -> Result<(), IssuerError> {
        self.send(RecordChange::Remove, note)
    }
}

impl Zones {
    /// Sends one update and understands the answer. Either kind may be repeated: a value is there once or not at all.
    fn send(&self, change: RecordChange, note: &Note) -> Result<(), IssuerError> {
        let (zone, name) = (self.name(&note.zone)?, self.name(&note.name)?);
        let text = RData::TXT(TXT::new(vec![note.value.clone()]));
        let record = RecordSet::from(Record::from_rdata(name.clone(), self.ttl, text));
        let mut message = match change {
            RecordChange::Add => update_message::append(record, zone.clone(), false, false),
            RecordChange::Remove => update_message::delete_by_rdata(record, zone.clone(), false),
        };
        let unusable = |error: io::Error| {
            let message = format!("the DNS server {} gave no usable answer to an update", self.server.address);
            self.error(ErrorClass::Retryable, message).because(error)
        };
        let now = u64::try_from(self.clock.now().secs()).unwrap_or_default();
        let verifier = message.finalize(&self.key, now).map_err(io::Error::other).map_err(unusable)?;
        let bytes = message.to_vec().map_err(io::Error::other).map_err(unusable)?;
        let answer = self.server.exchange(&bytes).map_err(unusable)?;
        let said = Message::from_vec(&answer).map_err(io::Error::other).map_err(unusable)?;
        if said.metadata.response_code != ResponseCode::NoError {
            return Err(self.refused(&said, &zone, &name));
        }
        let verified = verifier.map_or(Ok(()), |mut verifier| verifier.verify(&answer).map(|_| ()));
        verified.map_err(|error| {
            let message = format!("the answer of the DNS server {} is not signed with our key", self.server.address);
            self.error(ErrorClass::Auth, message).because(error)
        })
    }

    /// What a server means that does not do it (RFC 2136 section 2.2, RFC 8945 section 5.2). Such answers are seldom signed:
    /// they are believed for what they are, a refusal. Knot says BADKEY of a key that it knows for other zones, too.
    fn refused(&self, answer: &Message, zone: &Name, name: &Name) -> IssuerError {
        let (server, key, code) = (self.server.address, self.key.signer_name(), answer.metadata.response_code);
        let of_key = answer.signature().and_then(|record| record.data.error);
        let settings = format!("`[issuers.{}.challenge.update]`", self.issuer);
        let (class, what, hint) = match (of_key, code) {
            (Some(TsigError::BadKey), _) => (
                ErrorClass::Auth,
                format!("does not take the key `{key}` with `{}` for zone `{zone}`", self.key.algorithm()),
                format!(
                    "see that the server knows that key and lets it update the zone; else correct `key_name` and \
                     `key_algorithm` in {settings}"
                ),
            ),
            (Some(TsigError::BadSig), _) => (
                ErrorClass::Auth,
                format!("has another secret for the key `{key}`"),
                format!("correct the secret that {settings} leads to"),
            ),
            (Some(TsigError::BadTime), _) => (
                ErrorClass::Auth,
                format!("has another time than this machine, by more than {FUDGE_SECS} s"),
                "set the clocks of both".to_owned(),
            ),
            (_, ResponseCode::Refused) => (
                ErrorClass::Auth,
                format!("does not let the key `{key}` change `{name}`"),
                format!("allow updates of TXT records in zone `{zone}` to that key, in the settings of the server"),
            ),
            (_, ResponseCode::NotAuth | ResponseCode::NotZone) => (
                ErrorClass::Config,
                format!("is not the primary server of zone `{zone}`"),
                format!("correct `server` or `zone` in {settings}"),
            ),
            (_, ResponseCode::ServFail) => {
                (ErrorClass::Retryable, "failed".to_owned(), "try again later; its log says why".to_owned())
            }
            _ => (
                ErrorClass::Config,
                format!("did not take it: `{code}`"),
                "see whether it takes dynamic updates (RFC 2136)".to_owned(),
            ),
        };
        self.error(class, format!("the DNS server {server} {what}")).hint(hint)
    }

    fn name(&self, text: &str) -> Result<Name, IssuerError> {
        let invalid = |_| self.error(ErrorClass::Config, format!("`{text}` is no DNS name"));
        let mut name = Name::from_ascii(text).map_err(invalid)?;
        name.set_fqdn(true);
        Ok(name)
    }

    fn error(&self, class: ErrorClass, message: String) -> IssuerError {
        IssuerError::new(&self.issuer, class, message)
    }
}

/// The address of `host`, `host:port`, `address` or `address:port`.
fn locate(issuer: &str, text: &str) -> Result<SocketAddr, IssuerError> {
    if let Some(address) = address(text) {
        return Ok(address);
    }
    let found = if text.contains(':') { text.to_socket_addrs() } else { (text, DNS_PORT).to_socket_addrs() };
    let unknown = |error: io::Error| {
        IssuerError::new(issuer, ErrorClass::Config, format!("the DNS server `{text}` has no address"))
            .because(error)
            .hint(format!("correct `server` in `[issuers.{issuer}.challenge.update]`"))
    };
    found.and_then(|mut all| all.next().ok_or_else(|| io::ErrorKind::NotFound.into())).map_err(unknown)
}

/// The key that signs updates.
fn signer(issuer: &str, update: &Update, connection: &RemoteIssuer) -> Result<TSigner, IssuerError> {
    let config = |message: &str| {
        IssuerError::new(issuer, ErrorClass::Config, message)
            .hint(format!("correct `[issuers.{issuer}.challenge.update]` in certroll.toml"))
    };
    let place = update.key_place().map_err(|why| config(&why))?;
    let algorithm = update.algorithm().map_err(|why| config(&why))?;
    let secret = connection
        .secrets
        .secret(&place)
        .map_err(|error| config("the secret of its TSIG key cannot be read").because(error))?
        .ok_or_else(|| config("the variable with the secret of its TSIG key is not set"))?;
    let bytes = encoding::from_base64(secret.expose().trim())
        .filter(|bytes| !bytes.is_empty())
        .ok_or_else(|| config("the secret of its TSIG key is not in base64"))?;
    let name = Name::from_ascii(&update.key_name).map_err(|_| config("the name of its TSIG key is no DNS name"))?;
    TSigner::new(bytes, algorithm, name, FUDGE_SECS)
        .map_err(|error| config("its TSIG key cannot be used").because(error))
}

#[cfg(test)]
mod tests {
    use hickory_proto::op::OpCode;
    use hickory_proto::rr::rdata::tsig::{TSIG, TsigAlgorithm, make_tsig_record};

    use super::*;
    use certroll_base::clock::SystemClock;

    /// Servers answer refusals in many ways; each is told in words, and with something to do.
    #[test]
    fn refusals_are_told_apart() {
        let key = TSigner::new(vec![1; 32], TsigAlgorithm::HmacSha256, Name::from_ascii("acme").unwrap(), 300).unwrap();
        let server = DnsServer { address: ([192, 0, 2, 53], DNS_PORT).into(), timeout: Duration::from_secs(1) };
        let zones = Zones { issuer: "le".to_owned(), server, key, ttl: 60, clock: Arc::new(SystemClock) };
        let (zone, name) = (zones.name("example.org").unwrap(), zones.name("_acme-challenge.example.org").unwrap());
        for (code, of_key, class, said) in [
            (ResponseCode::NotAuth, Some(TsigError::BadKey), ErrorClass::Auth, "does not take the key `acme.`"),
            (
                ResponseCode::NotAuth,
                Some(TsigError::BadSig),
                ErrorClass::Auth,
                "has another secret for the key `acme.`",
            ),
            (ResponseCode::NotAuth, Some(TsigError::BadTime), ErrorClass::Auth, "has another time"),
            (ResponseCode::NotAuth, None, ErrorClass::Config, "is not the primary server of zone `example.org.`"),
            (ResponseCode::NotZone, None, ErrorClass::Config, "is not the primary server of zone `example.org.`"),
            (ResponseCode::Refused, None, ErrorClass::Auth, "does not let the key `acme.` change `_acme-challenge."),
            (ResponseCode::ServFail, None, ErrorClass::Retryable, "failed"),
            (ResponseCode::NotImp, None, ErrorClass::Config, "did not take it: `"),
        ] {
            let mut answer = Message::response(1, OpCode::Update);
            answer.metadata.response_code = code;
            if let Some(error) = of_key {
                let tsig = TSIG::new(TsigAlgorithm::HmacSha256, 0, 300, Vec::new(), 1, Some(error), Vec::new());
                answer.set_signature(Box::new(make_tsig_record(zones.key.signer_name().clone(), tsig)));
            }
            // Over the wire and back, as it comes.
            let answer = Message::from_vec(&answer.to_vec().unwrap()).unwrap();
            let error = zones.refused(&answer, &zone, &name);
            assert_eq!(error.class, class, "{error}");
            assert!(error.message.contains(said), "{error}");
            assert!(error.hint.is_some(), "{error}");
        }
    }
}
