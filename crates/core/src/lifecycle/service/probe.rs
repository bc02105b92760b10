//! What a listener shows in a handshake, and whether that is what it should.

use std::thread;
use std::time::{Duration, Instant};

use crate::scan::endpoint::{self, Endpoint};
use crate::store::{CertificateEntry, ServiceEndpoint};
use certroll_pki::digest::Fingerprint;
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::x509::certificate::Certificate;

/// How long one handshake may take. A server that decrypts its key for each connection needs some seconds.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Between two handshakes that are waited with: from that, doubled up to that.
const SHORTEST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// What a listener shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The certificate that it should.
    Wanted,
    /// Another one.
    Other(Box<Shown>),
    /// None, and why.
    Nothing(String),
}

/// A certificate that was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// SHA-256 of it.
    pub fingerprint: Fingerprint,
    /// Its serial number; empty when it cannot be read.
    pub serial: String,
    /// Its subject; empty when it cannot be read.
    pub subject: String,
}

/// What was seen at a listener.
#[derive(Clone, Debug)]
pub struct Probed {
    /// The listener.
    pub endpoint: ServiceEndpoint,
    /// What it shows.
    pub seen: Seen,
    /// What else is not as it should be, though the certificate is.
    pub notes: Vec<String>,
}

/// What a listener should show.
#[derive(Clone, Debug)]
pub struct Expected {
    /// The certificate.
    pub entry: CertificateEntry,
    /// DER of those above it, nearest first, without the root.
    pub intermediates: Vec<Vec<u8>>,
}

/// Looks once.
pub fn look(endpoint: &ServiceEndpoint, expected: &Expected) -> Probed {
    let (seen, notes) = match endpoint.address.parse::<Endpoint>() {
        Err(error) => (Seen::Nothing(error.to_string()), Vec::new()),
        Ok(address) => match endpoint::chain(&address, HANDSHAKE) {
            Err(error) => (Seen::Nothing(error.to_string()), Vec::new()),
            Ok(chain) => judge(&chain, &address, expected),
        },
    };
    Probed { endpoint: endpoint.clone(), seen, notes }
}

fn judge(chain: &[Vec<u8>], address: &Endpoint, expected: &Expected) -> (Seen, Vec<String>) {
    let Some(leaf) = chain.first() else { return (Seen::Nothing("it presents no certificate".to_owned()), Vec::new()) };
    let fingerprint = Fingerprint::of(leaf);
    if fingerprint != expected.entry.fingerprint {
        let certificate = Certificate::from_der(leaf).ok();
        let serial = certificate.as_ref().map(|one| one.serial.to_string()).unwrap_or_default();
        let subject = certificate.map(|one| one.subject.to_string()).unwrap_or_default();
        return (Seen::Other(Box::new(Shown { fingerprint, serial, subject })), Vec::new());
    }
    let mut notes = Vec::new();
    if expected.intermediates.iter().any(|der| !chain.contains(der)) {
        notes.push("it does not send the certificates between its own and the root".to_owned());
    }
    if let Some(name) = address.dns_name().filter(|name| !covers(&expected.entry, name)) {
        notes.push(format!("the certificate is not for the name `{name}`"));
    }
    (Seen::Wanted, notes)
}

/// Whether the certificate is for that DNS name (RFC 9525 section 6.3: a wildcard stands for one whole label, the first).
fn covers(entry: &CertificateEntry, name: &str) -> bool {
    let fits = |pattern: &str| match pattern.strip_prefix("*.") {
        Some(rest) => name.split_once('.').is_some_and(|(_, parent)| parent.eq_ignore_ascii_case(rest)),
        None => pattern.eq_ignore_ascii_case(name),
    };
    entry.names.iter().any(|one| matches!(one, GeneralName::Dns(pattern) if fits(pattern.as_str())))
}

/// Looks until the listener has shown the certificate `in_a_row` times, or the time is up: then what was seen last.
pub(super) fn wait(endpoint: &ServiceEndpoint, expected: &Expected, in_a_row: u32, patience: Duration) -> Probed {
    let deadline = Instant::now() + patience;
    let mut pause = SHORTEST_PAUSE;
    let mut good = 0;
    loop {
        let probed = look(endpoint, expected);
        good = if probed.seen == Seen::Wanted { good + 1 } else { 0 };
        if good >= in_a_row || Instant::now() >= deadline {
            return probed;
        }
        if good == 0 {
            thread::sleep(pause.min(deadline.saturating_duration_since(Instant::now())));
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

impl Seen {
    /// In words.
    pub fn words(&self) -> String {
        match self {
            Self::Wanted => "serves it".to_owned(),
            Self::Other(shown) => format!("serves another certificate, serial {}", shown.serial),
            Self::Nothing(why) => format!("cannot be looked at: {why}"),
        }
    }
}
