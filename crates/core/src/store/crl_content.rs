//! What a CRL may say: the revocations that the log tells of, and nothing else.

use std::collections::HashSet;

use super::imported_revocation::imported_revocations;
use super::{CrlEntry, Store, StoreError};
use crate::audit::record::Record;
use crate::audit::record::event::Event;
use crate::audit::record::facts::Outcome;
use certroll_base::clock::Timestamp;
use certroll_base::encoding::{self, Sha256};
use certroll_pki::x509::crl::{Crl, RevocationList, RevokedEntry};
use certroll_pki::x509::reason::RevocationReason;
use certroll_pki::x509::serial::SerialNumber;

/// The content of the next CRL of a CA. A CRL signer takes nothing else.
#[derive(Clone, Debug)]
pub struct CrlContent {
    list: RevocationList,
    covers: Option<u64>,
}

/// When a CRL is made, and until when it is good: thisUpdate and nextUpdate.
pub type CrlTimes = (Timestamp, Timestamp);

impl CrlContent {
    /// Every revocation of a certificate of `authority` that the log tells of, under a cRLNumber above any that the log or the
    /// inventory knows, and above `used`.
    ///
    /// Rows of the inventory do not count: one that was changed takes nothing off the list. What the last CRL lists is
    /// believed only if the log has its hash, and then only what came after is read from the log.
    ///
    /// # Errors
    /// [`StoreError`]; the newest CRL of the inventory is not one that the log tells of.
    pub fn on_record(
        store: &mut dyn Store,
        authority: &str,
        used: u64,
        (this_update, next_update): CrlTimes,
    ) -> Result<Self, StoreError> {
        let head = store.follow_head()?.size();
        let last = store.latest_crl(authority)?;
        let base = last.as_ref().and_then(|last| Some((last, last.covers.filter(|covers| *covers <= head)?)));
        let mut told = Told { authority, base: base.map(|(crl, _)| encoding::sha256(&crl.der)), ..Told::default() };
        store.proven_records(base.map_or(0, |(_, covers)| covers), &mut |_, line| told.note(line))?;
        if let Some((crl, covers)) = base {
            if told.base_covers != Some(covers) {
                let what =
                    format!("the newest CRL of `{authority}` in the inventory is not the one that the log tells of");
                return Err(StoreError::Damaged(what));
            }
            told.add_list(crl)?;
        }
        let number = last.map_or(0, |last| last.number).max(told.number).max(used) + 1;
        let list = RevocationList { number, this_update, next_update, entries: told.entries };
        Ok(Self { list, covers: Some(head) })
    }

    /// Everything that anything says was revoked: for an emergency, in which the log may be behind or in question. To list too
    /// much is mended later; what is missing is accepted everywhere. The caller keeps its own entries, `late`, before the
    /// signed CRL leaves memory.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn in_emergency(
        store: &dyn Store,
        authority: &str,
        published: Option<&Crl>,
        (late, number): (Vec<RevokedEntry>, u64),
        (this_update, next_update): CrlTimes,
    ) -> Result<Self, StoreError> {
        let last = store.latest_crl(authority)?;
        let mut told = Told { authority, ..Told::default() };
        let rows = store.revoked(authority)?;
        rows.into_iter().chain(late).for_each(|entry| told.add(entry));
        if let Some(last) = &last {
            told.add_list(last)?;
        }
        for (serial, at, reason) in published.iter().flat_map(|crl| &crl.entries) {
            told.add(RevokedEntry { serial: serial.clone(), revoked_at: *at, reason: known(reason) });
        }
        let published = published.and_then(|crl| crl.number).unwrap_or_default();
        let number = last.map_or(0, |last| last.number).max(published).max(number) + 1;
        let list = RevocationList { number, this_update, next_update, entries: told.entries };
        Ok(Self { list, covers: None })
    }

    /// What is to be signed.
    pub fn list(&self) -> &RevocationList {
        &self.list
    }

    /// The signed list, as the store keeps it.
    pub fn signed(&self, authority: &str, der: Vec<u8>) -> CrlEntry {
        let RevocationList { number, this_update, next_update, .. } = self.list;
        CrlEntry { authority: authority.to_owned(), number, this_update, next_update, der, covers: self.covers }
    }
}

/// What the log tells of the revocations of one CA.
#[derive(Default)]
struct Told<'a> {
    authority: &'a str,
    /// SHA-256 of the CRL that is to be believed once a record has it.
    base: Option<Sha256>,
    /// What that record says of how far the list goes.
    base_covers: Option<u64>,
    /// The greatest cRLNumber in a record.
    number: u64,
    listed: HashSet<SerialNumber>,
    entries: Vec<RevokedEntry>,
}

impl Told<'_> {
    fn note(&mut self, line: &[u8]) -> Result<(), StoreError> {
        // Nearly all records tell of something else, and reading one in full costs ten times as much as this.
        let speaks_of = |event: Event| {
            let field = format!("\"ev\":\"{}\"", event.name());
            line.windows(field.len()).any(|window| window == field.as_bytes())
        };
        let telling = [Event::CertRevoked, Event::CrlSigned, Event::CaImported, Event::CrlImported];
        if !telling.into_iter().any(speaks_of) {
            return Ok(());
        }
        let record = Record::parse(line).map_err(|error| StoreError::Damaged(error.to_string()))?;
        match record.ev {
            Event::CertRevoked if record.out == Outcome::Ok => self.revocation(&record),
            Event::CrlSigned if record.out == Outcome::Ok => self.list(&record),
            Event::CaImported => self.taken_over(&record),
            Event::CrlImported => self.revoked_before(&record),
            _ => {}
        }
        Ok(())
    }

    fn revocation(&mut self, record: &Record<'_>) {
        let Some(cert) = record.cert.as_deref().filter(|cert| cert.iss == self.authority) else { return };
        let Some(serial) = SerialNumber::parse(&cert.sn) else { return };
        // One that was merged late, or taken over, happened before its record was written.
        let happened = record.x.get("happened").and_then(|value| Timestamp::parse(value.as_str()?));
        let reason = record.why.as_deref().and_then(|why| why.reason.as_deref());
        let reason = reason.map_or(RevocationReason::Unspecified, known);
        self.add(RevokedEntry { serial, revoked_at: happened.unwrap_or(record.ts).whole_secs(), reason });
    }

    /// A CA that was taken over goes on with the numbers of its CRLs.
    fn taken_over(&mut self, record: &Record<'_>) {
        if record.x.get("ca").and_then(|name| name.as_str()) == Some(self.authority) {
            self.number = self.number.max(record.x.get("crl_number").and_then(|n| n.as_u64()).unwrap_or_default());
        }
    }

    /// What was revoked before the CA was taken over, and of which no certificate is known.
    fn revoked_before(&mut self, record: &Record<'_>) {
        for (issuer, entry) in imported_revocations(record) {
            if issuer == self.authority {
                self.add(entry);
            }
        }
    }

    fn list(&mut self, record: &Record<'_>) {
        let Some(crl) = record.crl_facts().filter(|crl| crl.iss == self.authority) else { return };
        self.number = self.number.max(crl.number);
        if self.base.is_some_and(|base| base == crl.sha256.0) {
            self.base_covers = crl.covers;
        }
    }

    fn add_list(&mut self, crl: &CrlEntry) -> Result<(), StoreError> {
        let damaged = |_| StoreError::Damaged(format!("the newest CRL of `{}` is malformed", self.authority));
        for (serial, revoked_at, reason) in Crl::from_der(&crl.der).map_err(damaged)?.entries {
            self.add(RevokedEntry { serial, revoked_at, reason: known(&reason) });
        }
        Ok(())
    }

    fn add(&mut self, entry: RevokedEntry) {
        if self.listed.insert(entry.serial.clone()) {
            self.entries.push(entry);
        }
    }
}

fn known(reason: &str) -> RevocationReason {
    reason.parse().unwrap_or(RevocationReason::Unspecified)
}
