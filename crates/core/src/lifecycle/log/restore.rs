//! Heal a store that lost its last records: bring them back from an export, byte for byte, under the checkpoints that others
//! have seen.
//!
//! The log is restored whole. The inventory is restored as far as records and exported certificates tell: where a file was
//! installed, and keys that were kept here, are not in the log.

use certroll_pki::digest::Fingerprint;
use certroll_pki::digest::KeyHash;
use std::collections::HashMap;

use crate::audit::record::Record;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{CertificateFacts, RequestFacts};
use crate::audit::record::value::Id;
use crate::audit::verify::LogVerifier;
use crate::audit::verify::pairing::UnendedIntent as OpenInLog;
use crate::error::{Error, ErrorKind};
use crate::hint::home::LogHint;
use crate::lifecycle::issuance::request::RequestSpec;
use crate::lifecycle::journal::anchors;
use crate::lifecycle::layout::home::Home;
use crate::store::{
    CertificateEntry, Change, CrlEntry, IntentSubject, NewCertificate, OpenIntent, Query, Selector, Store,
};
use certroll_base::encoding;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::crl::Crl;
use certroll_pki::x509::reason::RevocationReason;
use certroll_pki::x509::validity::RenewBefore;
use certroll_tlog::{Checkpoint, VerifierKey, leaf_hash};

/// What the lost records are taken from.
pub struct RestoreSource<'a> {
    /// Every record of the log, from the first on.
    pub lines: &'a mut dyn Iterator<Item = Result<Vec<u8>, Error>>,
    /// The checkpoint that came with them, opened with the key of this log.
    pub checkpoint: Checkpoint,
    /// The bytes of a certificate, by its SHA-256.
    pub certificate: &'a dyn Fn(&Fingerprint) -> Option<Vec<u8>>,
}

/// What was brought back.
#[derive(Clone, Debug)]
pub struct Restored {
    /// How many records the store had.
    pub before: u64,
    /// How many it has now.
    pub after: u64,
    /// Certificates that are in the inventory again.
    pub certificates: usize,
    /// CAs whose last CRL is not at hand, and its number: the next one must be greater.
    pub lost_crls: Vec<(String, u64)>,
}

/// Appends to the store what it lost. Nothing is signed here: the records are under checkpoints that exist.
///
/// # Errors
/// The export contradicts an anchor or the store, ends before an anchor, or lacks a certificate; nothing is changed then.
pub fn heal(
    store: &mut dyn Store,
    home: &Home,
    key: &VerifierKey,
    source: RestoreSource<'_>,
) -> Result<Restored, Error> {
    if anchors::check(home, key, store).is_ok() {
        let size = store.head()?.size();
        return Ok(Restored { before: size, after: size, certificates: 0, lost_crls: Vec::new() });
    }
    let anchors = [anchors::published(home, key)?, anchors::seen(home, key)?];
    let checkpoints = anchors.into_iter().flatten().chain([source.checkpoint.clone()]);
    let mut verifier = LogVerifier::against(checkpoints);
    let head = store.head()?;
    let before = head.size();
    let mut ours = store.leaves(before)?.into_iter();
    let mut lost = Lost::default();
    for line in &mut *source.lines {
        let line = line?;
        verifier.push(&line).map_err(|defect| foreign("the export is not sound").because(defect))?;
        match ours.next() {
            Some(leaf) if leaf == leaf_hash(&line) => lost.known(&line)?,
            Some(_) => {
                return Err(foreign("the store has records that the export contradicts: the history forked")
                    .hint(LogHint::Replace));
            }
            None => lost.add(line)?,
        }
    }
    let verified = verifier
        .finish()
        .map_err(|defect| foreign("the export does not bring back what an anchor covers").because(defect))?;
    if verified.records < before {
        return Err(
            foreign("the export ends before the store does").hint("nothing is missing that it could bring back")
        );
    }
    let root = verified.root;
    let Learnt { changes, certificates, lost_crls } = lost.changes(store, home, &source, &verified.open)?;
    let after = verified.records;
    store.restore(&lost.lines, changes, root)?;
    Ok(Restored { before, after, certificates, lost_crls })
}

fn foreign(what: &str) -> Error {
    Error::new(ErrorKind::Verification, what)
}

/// What the lost records mean for the inventory.
struct Learnt {
    changes: Vec<Change>,
    certificates: usize,
    lost_crls: Vec<(String, u64)>,
}

/// What the export has and the store has not.
#[derive(Default)]
struct Lost {
    lines: Vec<(Id, Vec<u8>)>,
    records: Vec<Record<'static>>,
    /// What each operation asked for, also of operations that began before.
    asked: HashMap<Id, RequestFacts>,
    /// Where each record of an intent stands.
    intents: HashMap<Id, Record<'static>>,
}

impl Lost {
    /// A record that the store has: an operation that ends later may have begun with it.
    fn known(&mut self, line: &[u8]) -> Result<(), Error> {
        let record = parse(line)?;
        self.note(&record);
        Ok(())
    }

    fn add(&mut self, line: Vec<u8>) -> Result<(), Error> {
        let record = parse(&line)?;
        self.note(&record);
        self.lines.push((record.id, line));
        self.records.push(record);
        Ok(())
    }

    fn note(&mut self, record: &Record<'static>) {
        if let Some(asked) = record.req.as_deref() {
            self.asked.insert(record.op, asked.clone());
        }
        if matches!(record.ev, Event::CertIssueIntent | Event::CertRevokeIntent) {
            self.intents.insert(record.op, record.clone());
        }
    }

    /// What the inventory has to learn, in the order of the log.
    fn changes(
        &self,
        store: &dyn Store,
        home: &Home,
        source: &RestoreSource<'_>,
        open: &[OpenInLog],
    ) -> Result<Learnt, Error> {
        let mut rows = Rows {
            store,
            next: store.certificates(&Query::default())?.last().map_or(1, |row| row.id + 1),
            new: HashMap::new(),
        };
        let mut changes = Vec::new();
        let mut crls: HashMap<String, (u64, Change)> = HashMap::new();
        let mut lost_crls: HashMap<String, u64> = HashMap::new();
        for record in &self.records {
            match (record.ev, record.cert.as_deref()) {
                (Event::CaCertIssued, _) => {
                    return Err(foreign("the lost records tell of a new CA, whose settings no export has")
                        .hint("restore the home from a backup made after the CA was created, then heal it again"));
                }
                (Event::CertIssued, Some(cert)) => {
                    let fingerprint = Fingerprint::new(cert.sha256.0);
                    let der = (source.certificate)(&fingerprint).ok_or_else(|| missing(cert))?;
                    changes.push(self.certificate(record, cert, der)?);
                    rows.added(fingerprint);
                    if let Some(replaced) = cert.prev.and_then(|prev| rows.id(&Fingerprint::new(prev.0))) {
                        changes.push(Change::Replace { id: replaced, by: fingerprint });
                    }
                }
                (Event::CertRevoked, Some(cert)) => {
                    let reason = record.why.as_ref().and_then(|why| why.reason.as_deref()?.parse().ok());
                    let reason = reason.unwrap_or(RevocationReason::Unspecified);
                    let id = rows.id(&Fingerprint::new(cert.sha256.0)).ok_or_else(|| missing(cert))?;
                    changes.push(Change::Revoke { id, at: record.ts, reason });
                }
                (Event::CrlSigned, _) => {
                    let text = |name: &str| record.x.get(name).and_then(|value| value.as_str()).map(str::to_owned);
                    let number = record.x.get("number").and_then(serde_json::Value::as_u64);
                    let (Some(authority), Some(number), Some(sha256)) = (text("issuer"), number, text("sha256")) else {
                        continue;
                    };
                    lost_crls.insert(authority.clone(), number);
                    if let Some(crl) = crl_at_hand(home, &authority, number, &sha256) {
                        lost_crls.remove(&authority);
                        crls.insert(authority, (number, Change::AddCrl(crl)));
                    }
                }
                _ => {}
            }
        }
        changes.extend(crls.into_values().map(|(_, change)| change));
        changes.extend(self.intents(store, open)?);
        Ok(Learnt { changes, certificates: rows.new.len(), lost_crls: lost_crls.into_iter().collect() })
    }

    /// The row of a certificate, from its record, the request of its operation and its bytes.
    fn certificate(&self, record: &Record<'_>, cert: &CertificateFacts, der: Vec<u8>) -> Result<Change, Error> {
        let read = Certificate::from_der(&der).map_err(|error| missing(cert).because(error))?;
        if *read.fingerprint().as_bytes() != cert.sha256.0 {
            return Err(missing(cert));
        }
        let name = cert.san.iter().find_map(|name| name.strip_prefix("name:")).unwrap_or_default().to_owned();
        let template = self.asked.get(&record.op).and_then(|asked| asked.template.clone()).unwrap_or_default();
        let lifetime = cert.na.secs() - cert.nb.secs();
        let asked = RequestSpec {
            template: template.clone(),
            issuer: cert.iss.clone(),
            subject: Some(read.subject.to_string()).filter(|subject| !subject.is_empty()),
            names: read.names.clone(),
            parameters: std::collections::BTreeMap::new(),
            lifetime: Some(format!("{lifetime}s")),
            key: Some(cert.alg.as_str().into()),
        };
        let (request, request_digest) = asked.seal(&name);
        let entry = CertificateEntry {
            id: 0,
            name,
            template,
            issuer: cert.iss.clone(),
            serial: read.serial.clone(),
            subject: read.subject.to_string(),
            names: read.names.clone(),
            validity: read.validity,
            renew_before: RenewBefore::default(),
            key: cert.alg.as_str().into(),
            key_hash: read.key_hash(),
            fingerprint: read.fingerprint(),
            request_digest,
            request,
            // Whether it was is not known; its key is not here, so nothing could be handed over.
            delivered: true,
            revoked: None,
            replaced_by: None,
        };
        Ok(Change::AddCertificate(Box::new(NewCertificate { entry, der, key: None, chain: Vec::new() })))
    }

    /// Intents that ended among the lost records, and those that began there and are open still.
    fn intents(&self, store: &dyn Store, open: &[OpenInLog]) -> Result<Vec<Change>, Error> {
        let known: Vec<Id> = store.open_intents()?.into_iter().map(|intent| intent.op).collect();
        let mut changes: Vec<_> =
            known.iter().filter(|op| !open.iter().any(|o| o.op == **op)).map(|op| Change::CloseIntent(*op)).collect();
        for open in open.iter().filter(|open| !known.contains(&open.op)) {
            let Some(record) = self.intents.get(&open.op) else { continue };
            let line = self.records.iter().position(|other| other.id == record.id);
            let Some(index) = line else { continue };
            let asked = record.req.as_deref();
            let names = asked.map(|asked| asked.names.as_slice()).unwrap_or_default();
            let name = names.iter().find_map(|name| name.strip_prefix("name:")).unwrap_or("batch");
            let count = asked.and_then(|asked| asked.count);
            let subject = match record.cert.as_deref() {
                Some(cert) if record.ev == Event::CertRevokeIntent => {
                    IntentSubject::Revocation(Fingerprint::new(cert.sha256.0))
                }
                _ => IntentSubject::Issuance(asked.and_then(|asked| asked.spki).map(|spki| KeyHash::new(spki.0))),
            };
            let issuer = record.cert.as_deref().map(|cert| cert.iss.clone());
            let named = record.x.get("issuer").and_then(|value| value.as_str()).map(str::to_owned);
            let intent = OpenIntent {
                op: open.op,
                session: record.sess,
                name: name.to_owned(),
                issuer: issuer.or(named).unwrap_or_default(),
                issuer_kind: record.rem.as_deref().map_or_else(|| "private-ca".to_owned(), |rem| rem.t.clone()),
                subject,
                handle: None,
                key: None,
                csr: None,
                memory: String::new(),
                due: open.due,
                in_doubt: open.indeterminate,
                count: count.map_or(1, |count| count.max(2)),
                reference: (0, [0; 32]),
            };
            changes.push(Change::OpenIntent { intent: Box::new(intent), record: index });
        }
        Ok(changes)
    }
}

/// Row numbers of certificates, those that are about to be added included.
struct Rows<'a> {
    store: &'a dyn Store,
    next: i64,
    new: HashMap<Fingerprint, i64>,
}

impl Rows<'_> {
    fn added(&mut self, sha256: Fingerprint) {
        self.new.insert(sha256, self.next);
        self.next += 1;
    }

    fn id(&self, sha256: &Fingerprint) -> Option<i64> {
        let stored =
            || self.store.certificates(&Query::of(Selector::Fingerprint(*sha256))).ok()?.first().map(|row| row.id);
        self.new.get(sha256).copied().or_else(stored)
    }
}

fn parse(line: &[u8]) -> Result<Record<'static>, Error> {
    Record::parse(line).map_err(|error| foreign("the export is not sound").because(error))
}

fn missing(cert: &CertificateFacts) -> Error {
    foreign(&format!("the export does not have the certificate with the serial number {} of `{}`", cert.sn, cert.iss))
        .hint(LogHint::ExportBundle)
}

/// The CRL in the home, if it is the one that the log tells of.
fn crl_at_hand(home: &Home, authority: &str, number: u64, sha256: &str) -> Option<CrlEntry> {
    let der = std::fs::read(home.authorities().join(format!("{authority}.crl"))).ok()?;
    if encoding::hex(&encoding::sha256(&der)) != sha256 {
        return None;
    }
    let crl = Crl::from_der(&der).ok()?;
    let (this_update, next_update) = (crl.this_update, crl.next_update?);
    Some(CrlEntry { authority: authority.to_owned(), number, this_update, next_update, der })
}
