//! What the log says of each certificate and public key.

use certroll_pki::digest::Fingerprint;
use certroll_pki::digest::KeyHash;
use std::collections::HashMap;

use crate::audit::record::Record;
use crate::audit::record::event::Event;
use crate::error::Error;
use crate::store::{Store, StoreError, imported_revocations};
use certroll_base::clock::Timestamp;
use certroll_pki::x509::serial::SerialNumber;

/// A certificate of the log.
#[derive(Clone, Debug)]
pub(super) struct Logged {
    pub(super) name: String,
    pub(super) issuer: String,
    pub(super) serial: SerialNumber,
    pub(super) not_after: Timestamp,
    /// When and why, if it is revoked.
    pub(super) revoked: Option<(Timestamp, String)>,
    /// The record of the certificate that replaced it.
    pub(super) replaced_in: Option<u64>,
}

/// The log by certificate, by serial number, and by public key.
#[derive(Default)]
pub(super) struct Ledger {
    pub(super) certificates: HashMap<Fingerprint, Logged>,
    serials: HashMap<(String, SerialNumber), Fingerprint>,
    /// What is revoked and was taken over without its certificate, with the record that says so.
    alone: HashMap<(String, SerialNumber), u64>,
    /// The intents for one certificate, by the public key that it will have.
    intents: HashMap<KeyHash, u64>,
    /// The records that gave an intent up without knowing what became of it, by the same key.
    abandoned: HashMap<KeyHash, u64>,
}

impl Ledger {
    pub(super) fn read(store: &dyn Store) -> Result<Self, Error> {
        let mut ledger = Self::default();
        store.records(0, &mut |seq, line| {
            let record = Record::parse(line).map_err(|error| StoreError::Damaged(format!("record {seq}: {error}")))?;
            ledger.add(&record);
            Ok(())
        })?;
        Ok(ledger)
    }

    fn add(&mut self, record: &Record<'_>) {
        if let (Event::CertIssueIntent, Some(spki)) = (record.ev, record.req.as_ref().and_then(|req| req.spki)) {
            self.intents.insert(KeyHash::new(spki.0), record.seq);
        }
        if let (true, Some(spki)) = (record.ends_unknown(), record.req.as_ref().and_then(|req| req.spki)) {
            self.abandoned.insert(KeyHash::new(spki.0), record.seq);
        }
        if record.ev == Event::CrlImported {
            let taken =
                imported_revocations(record).into_iter().map(|(issuer, one)| ((issuer, one.serial), record.seq));
            self.alone.extend(taken);
        }
        let Some(cert) = record.cert.as_deref() else { return };
        let fingerprint = Fingerprint::new(cert.sha256.0);
        if record.ev == Event::CertRevoked {
            if let Some(logged) = self.certificates.get_mut(&fingerprint) {
                let reason = record.why.as_ref().and_then(|why| why.reason.clone());
                // One that was recorded late, or taken over, happened before its record was written.
                let happened = record.x.get("happened").and_then(|at| Timestamp::parse(at.as_str()?));
                logged.revoked =
                    Some((happened.unwrap_or(record.ts), reason.unwrap_or_else(|| "unspecified".to_owned())));
            }
        } else if record.ev.introduces() {
            if let Some(replaced) = cert.prev.and_then(|prev| self.certificates.get_mut(&Fingerprint::new(prev.0))) {
                replaced.replaced_in = Some(record.seq);
            }
            let name = cert.san.iter().find_map(|name| name.strip_prefix("name:")).unwrap_or(&cert.sn).to_owned();
            // A serial number that does not read is that of no certificate that can exist.
            let serial = SerialNumber::parse(&cert.sn).unwrap_or_else(|| SerialNumber::from_octets(&[]));
            self.serials.insert((cert.iss.clone(), serial.clone()), fingerprint);
            let (issuer, not_after) = (cert.iss.clone(), cert.na);
            let logged = Logged { name, issuer, serial, not_after, revoked: None, replaced_in: None };
            self.certificates.insert(fingerprint, logged);
        }
    }

    /// The certificate of that issuer and serial number.
    pub(super) fn by_serial(&self, issuer: &str, serial: &SerialNumber) -> Option<(&Fingerprint, &Logged)> {
        let sha256 = self.serials.get(&(issuer.to_owned(), serial.clone()))?;
        Some((sha256, self.certificates.get(sha256)?))
    }

    /// Whether the log says that a certificate was revoked before its CA was taken over, and does not have it.
    pub(super) fn is_revoked_alone(&self, issuer: &str, serial: &SerialNumber) -> bool {
        self.alone.contains_key(&(issuer.to_owned(), serial.clone()))
    }

    /// What the log says of a certificate that it does not have, if it has its public key: whether it was given up without
    /// knowing that it exists, and where.
    pub(super) fn stray(&self, spki: &KeyHash) -> Option<String> {
        let (intent, given_up) = (self.intent_of(spki)?, self.abandoned.get(spki)?);
        Some(format!(
            "it is the one that record {intent} announced and that record {given_up} gave up without knowing of it: have it revoked \
             at its issuer"
        ))
    }

    /// The record of the intent for that public key.
    pub(super) fn intent_of(&self, spki: &KeyHash) -> Option<u64> {
        self.intents.get(spki).copied()
    }
}
