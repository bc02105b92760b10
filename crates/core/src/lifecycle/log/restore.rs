//! Heal a store that lost its last records: bring them back from an export, byte for byte, under the checkpoints that others
//! have seen.
//!
//! The log is restored whole. The inventory is restored as far as records and exported certificates tell: where a file was
//! installed, and keys that were kept here, are not in the log.

use certroll_pki::digest::Fingerprint;
use certroll_pki::digest::KeyHash;
use certroll_pki::name::general_name::GeneralName;
use std::collections::HashMap;

use super::restored_rows::{Rows, crl_at_hand};
use crate::audit::record::Record;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{CertificateFacts, CrlFacts, RequestFacts};
use crate::audit::record::value::Id;
use crate::audit::verify::pairing::UnendedIntent as OpenInLog;
use crate::audit::verify::{LogVerifier, Verification};
use crate::error::{Error, ErrorKind};
use crate::hint::home::LogHint;
use crate::lifecycle::journal::anchors;
use crate::lifecycle::layout::home::Home;
use crate::store::{
    CertificateEntry, Change, IntentMemory, IntentSubject, NewCertificate, OpenIntent, Query, RequestSpec, Store,
    StoreError,
};
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::reason::RevocationReason;
use certroll_pki::x509::serial::SerialNumber;
use certroll_pki::x509::validity::{RenewBefore, Validity};
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
    /// How many of them the export does not have itself: they are listed, and can be revoked and replaced, not handed out.
    pub without_bytes: usize,
    /// CAs whose last CRL is not at hand, and its number: the next one must be greater.
    pub lost_crls: Vec<(String, u64)>,
}

/// Appends to the store what it lost. Nothing is signed here: the records are under checkpoints that exist.
///
/// The checkpoint of the export counts like an anchor: the log signed it, whatever the home that was restored knows of it.
///
/// # Errors
/// The export contradicts an anchor or the store, ends before an anchor, or lacks a certificate; nothing is changed then.
pub fn heal(
    store: &mut dyn Store,
    home: &Home,
    key: &VerifierKey,
    source: RestoreSource<'_>,
) -> Result<Restored, Error> {
    if is_whole(store, home, key, &source.checkpoint) {
        let head = store.stored_head()?;
        let (size, changes) = (head.size(), bytes(store, &source)?);
        let certificates = changes.len();
        if certificates > 0 {
            store.restore(&[], changes, head.root())?;
        }
        return Ok(Restored { before: size, after: size, certificates, without_bytes: 0, lost_crls: Vec::new() });
    }
    let anchors = [anchors::published(home, key)?, anchors::seen(home, key)?];
    let head = store.stored_head()?;
    let before = head.size();
    let mut ours = store.leaves(before)?.into_iter();
    let mut lost = Lost::default();
    let forked =
        || foreign("the store has records that the export contradicts: the history forked").hint(LogHint::Replace);
    // An anchor of a fork is found wrong as well; that the store is another branch says more.
    let known = anchors.into_iter().flatten().chain([source.checkpoint.clone()]).collect();
    let verified = walk(&mut *source.lines, known, &mut |line| match ours.next() {
        Some(leaf) if leaf == leaf_hash(&line) => lost.known(&line),
        Some(_) => Err(forked()),
        None => lost.add(line),
    })?;
    if verified.records < before {
        return Err(
            foreign("the export ends before the store does").hint("nothing is missing that it could bring back")
        );
    }
    let root = verified.root;
    let Learnt { mut changes, certificates, without_bytes, lost_crls } = lost.changes(store, home, &source)?;
    changes.extend(lost.intents(store, &verified.open)?);
    let after = verified.records;
    store.restore(&lost.lines, changes, root)?;
    Ok(Restored { before, after, certificates, without_bytes, lost_crls })
}

/// Whether the store goes on from every anchor and from the checkpoint of an export.
pub(super) fn is_whole(store: &mut dyn Store, home: &Home, key: &VerifierKey, exported: &Checkpoint) -> bool {
    anchors::check(home, key, store).is_ok() && anchors::require_extends(store, exported).is_ok()
}

/// The bytes of certificates that came back from records alone, where this export has them.
fn bytes(store: &dyn Store, source: &RestoreSource<'_>) -> Result<Vec<Change>, Error> {
    let mut changes = Vec::new();
    for entry in store.certificates(&Query::default())? {
        match store.certificate_der(&entry) {
            Err(StoreError::Missing(_)) => {}
            Ok(_) => continue,
            Err(error) => return Err(error.into()),
        }
        let der = (source.certificate)(&entry.fingerprint).filter(|der| Fingerprint::of(der) == entry.fingerprint);
        changes.extend(der.map(|der| Change::AddBytes { id: entry.id, der }));
    }
    Ok(changes)
}

/// What an export tells of certificates that the inventory does not know, where its records cannot come back because the store
/// has others in their places. For a new origin, which takes them over.
///
/// # Errors
/// The export is not sound.
pub(super) fn learn(store: &dyn Store, home: &Home, source: RestoreSource<'_>) -> Result<Learnt, Error> {
    let mut lost = Lost::default();
    walk(&mut *source.lines, vec![source.checkpoint.clone()], &mut |line| lost.add(line))?;
    lost.changes(store, home, &source)
}

/// Verifies the lines of an export against checkpoints, and hands each on.
fn walk(
    lines: &mut dyn Iterator<Item = Result<Vec<u8>, Error>>,
    checkpoints: Vec<Checkpoint>,
    take: &mut dyn FnMut(Vec<u8>) -> Result<(), Error>,
) -> Result<Verification, Error> {
    let mut verifier = LogVerifier::against(checkpoints);
    for line in lines {
        let line = line?;
        verifier.push(&line).map_err(|defect| foreign("the export is not sound").because(defect))?;
        take(line)?;
    }
    let short = |defect| foreign("the export does not bring back what an anchor covers").because(defect);
    verifier.finish().map_err(short)
}

fn foreign(what: &str) -> Error {
    Error::new(ErrorKind::Verification, what)
}

/// What the lost records mean for the inventory.
#[derive(Default)]
pub(super) struct Learnt {
    /// What it has to learn.
    pub(super) changes: Vec<Change>,
    certificates: usize,
    without_bytes: usize,
    /// CAs whose last CRL is not at hand, and its number.
    pub(super) lost_crls: Vec<(String, u64)>,
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
    fn changes(&self, store: &dyn Store, home: &Home, source: &RestoreSource<'_>) -> Result<Learnt, Error> {
        let mut rows = Rows::of(store)?;
        let mut changes = Vec::new();
        let mut without_bytes = 0;
        let mut crls: HashMap<String, (u64, Change)> = HashMap::new();
        let mut lost_crls: HashMap<String, u64> = HashMap::new();
        for record in &self.records {
            match (record.ev, record.cert.as_deref()) {
                (Event::CaCertIssued | Event::CaImported, cert) => {
                    if cert.is_some_and(|cert| rows.id(&Fingerprint::new(cert.sha256.0)).is_some()) {
                        continue;
                    }
                    return Err(foreign("the lost records tell of a new CA, whose settings no export has")
                        .hint("restore the home from a backup made after the CA was created, then heal it again"));
                }
                (Event::CertIssued | Event::CertAdopted | Event::CertImported, Some(cert)) => {
                    if rows.id(&Fingerprint::new(cert.sha256.0)).is_some() {
                        continue;
                    }
                    let der = (source.certificate)(&Fingerprint::new(cert.sha256.0));
                    without_bytes += usize::from(der.is_none());
                    changes.push(match der {
                        Some(der) => self.certificate(record, cert, der)?,
                        None => self.row(record, cert),
                    });
                    rows.added(Fingerprint::new(cert.sha256.0));
                    if record.ev == Event::CertAdopted {
                        changes.push(Change::SetAside(Fingerprint::new(cert.sha256.0)));
                    }
                    if let Some(replaced) = cert.prev.and_then(|prev| rows.unreplaced(&Fingerprint::new(prev.0))) {
                        changes.push(Change::Replace { id: replaced, by: Fingerprint::new(cert.sha256.0) });
                    }
                }
                (Event::CertRevoked, Some(cert)) => {
                    let reason = record.why.as_ref().and_then(|why| why.reason.as_deref()?.parse().ok());
                    let reason = reason.unwrap_or(RevocationReason::Unspecified);
                    let id = rows.id(&Fingerprint::new(cert.sha256.0)).ok_or_else(|| missing(cert))?;
                    if rows.is_revoked(&Fingerprint::new(cert.sha256.0)) {
                        continue;
                    }
                    changes.push(Change::Revoke { id, at: record.ts, reason });
                }
                (Event::CrlSigned, _) => {
                    let Some(CrlFacts { iss: authority, number, sha256, .. }) = record.crl_facts() else { continue };
                    let sha256 = sha256.to_string();
                    lost_crls.insert(authority.clone(), number);
                    if store.latest_crl(&authority)?.is_some_and(|latest| latest.number >= number) {
                        lost_crls.remove(&authority);
                    } else if let Some(crl) = crl_at_hand(home, &authority, number, &sha256) {
                        lost_crls.remove(&authority);
                        crls.insert(authority, (number, Change::AddCrl(crl)));
                    }
                }
                _ => {}
            }
        }
        changes.extend(crls.into_values().map(|(_, change)| change));
        let lost_crls = lost_crls.into_iter().collect();
        Ok(Learnt { changes, certificates: rows.added_count(), without_bytes, lost_crls })
    }

    /// The row of a certificate, from its record, the request of its operation and its bytes.
    fn certificate(&self, record: &Record<'_>, cert: &CertificateFacts, der: Vec<u8>) -> Result<Change, Error> {
        let read = Certificate::from_der(&der).map_err(|error| missing(cert).because(error))?;
        if *read.fingerprint().as_bytes() != cert.sha256.0 {
            return Err(missing(cert));
        }
        Ok(self.row_of(record, cert, (read.subject.to_string(), read.names.clone()), der))
    }

    /// The same from the record alone, where the export has no certificates: what is needed to list and to revoke it.
    fn row(&self, record: &Record<'_>, cert: &CertificateFacts) -> Change {
        let subject = cert.san.iter().find_map(|name| name.strip_prefix("dn:")).unwrap_or_default().to_owned();
        let own = |name: &&String| !name.starts_with("dn:") && !name.starts_with("name:");
        let names = cert.san.iter().filter(own).map(|name| GeneralName::recorded(name)).collect();
        self.row_of(record, cert, (subject, names), Vec::new())
    }

    fn row_of(
        &self,
        record: &Record<'_>,
        cert: &CertificateFacts,
        (subject, names): (String, Vec<GeneralName>),
        der: Vec<u8>,
    ) -> Change {
        let name = cert.san.iter().find_map(|name| name.strip_prefix("name:")).unwrap_or_default().to_owned();
        let template = self.asked.get(&record.op).and_then(|asked| asked.template.clone()).unwrap_or_default();
        let lifetime = cert.na.secs() - cert.nb.secs();
        let asked = RequestSpec {
            template: template.clone(),
            issuer: cert.iss.clone(),
            subject: Some(subject.clone()).filter(|subject| !subject.is_empty()),
            names: names.clone(),
            parameters: std::collections::BTreeMap::new(),
            lifetime: Some(format!("{lifetime}s")),
            key: Some(cert.alg.as_str().into()),
        };
        let request_digest = asked.digest(&name);
        let entry = CertificateEntry {
            id: 0,
            name,
            template,
            issuer: cert.iss.clone(),
            serial: SerialNumber::parse(&cert.sn).unwrap_or_else(|| SerialNumber::from_octets(&[])),
            subject,
            names,
            validity: Validity { not_before: cert.nb, not_after: cert.na },
            renew_before: RenewBefore::default(),
            key: cert.alg.as_str().into(),
            key_hash: KeyHash::new(cert.spki.0),
            fingerprint: Fingerprint::new(cert.sha256.0),
            request_digest,
            request: Some(asked),
            // Whether it was is not known; its key is not here, so nothing could be handed over.
            delivered: true,
            revoked: None,
            // What was only found to exist is not a current certificate.
            replaced_by: None,
        };
        Change::AddCertificate(Box::new(NewCertificate { entry, der, key: None, chain: Vec::new() }))
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
            let named = record.signer_name().map(str::to_owned);
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
                memory: IntentMemory::default(),
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

fn parse(line: &[u8]) -> Result<Record<'static>, Error> {
    Record::parse(line).map_err(|error| foreign("the export is not sound").because(error))
}

fn missing(cert: &CertificateFacts) -> Error {
    foreign(&format!("the export does not have the certificate with the serial number {} of `{}`", cert.sn, cert.iss))
        .hint(LogHint::ExportBundle)
}
