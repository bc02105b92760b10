//! Which certificates are meant.

use certroll_base::clock::Timestamp;
use certroll_pki::digest::{Fingerprint, KeyHash};
use certroll_pki::x509::serial::SerialNumber;

/// What names one or more certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// The name in the inventory.
    Name(String),
    /// The serial number.
    Serial(SerialNumber),
    /// The fingerprint.
    Fingerprint(Fingerprint),
    /// The hash of the public key.
    Key(KeyHash),
}

impl Selector {
    /// The ways in which a typed text may be meant: a name, and if it looks so a fingerprint or serial number.
    pub fn readings(text: &str) -> Vec<Self> {
        let mut readings = vec![Self::Name(text.to_owned())];
        let digits: String = text.chars().filter(|c| *c != ':').collect();
        if let Some(fingerprint) = Fingerprint::from_hex(&digits) {
            readings.push(Self::Fingerprint(fingerprint));
        } else if let Some(serial) = SerialNumber::parse(text) {
            readings.push(Self::Serial(serial));
        }
        readings
    }
}

/// A filter over the inventory; every given part must fit.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Any of these; all when empty.
    pub selectors: Vec<Selector>,
    /// Made from that template.
    pub template: Option<String>,
    /// Signed by that issuer.
    pub issuer: Option<String>,
    /// Valid no longer than that.
    pub expires_before: Option<Timestamp>,
    /// Neither revoked nor replaced.
    pub current: bool,
    /// Revoked.
    pub revoked: bool,
    /// Only so many of them, the newest; all when `None`.
    pub newest: Option<u32>,
}

impl Query {
    /// The certificates that fit one selector.
    pub fn of(selector: Selector) -> Self {
        Self { selectors: vec![selector], ..Self::default() }
    }

    /// The current certificates of a name: neither revoked nor replaced.
    pub fn current_of(name: &str) -> Self {
        Self { selectors: vec![Selector::Name(name.to_owned())], current: true, ..Self::default() }
    }
}
