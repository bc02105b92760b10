//! A new origin: what is left to a log whose records are truly lost.
//!
//! The old origin may never sign again (C2SP tlog-checkpoint: a log must not contradict what it signed). A new one begins with
//! a genesis that embeds the old log's last checkpoint as signed, and takes over every certificate of the inventory. What is
//! left of the old log is kept beside it as evidence.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::replaced_revocations::revoked_alone;
use super::restore::{self, Learnt};
use super::restore_source::ExportOnDisk;
use crate::audit::record::draft::Draft;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Outcome, Reference, Why};
use crate::audit::record::value::Id;
use crate::error::describe;
use crate::error::{Error, ErrorKind};
use crate::hint::home::LogHint;
use crate::lifecycle::journal::Agent;
use crate::lifecycle::journal::{anchors, store_key};
use crate::lifecycle::layout::home::Home;
use crate::lifecycle::session::home_key::HomeKeys;
use crate::store::{
    CertificateEntry, Change, IMPORTED_IN_ONE_RECORD as IN_ONE_RECORD, Query, Store, imported_revocation_facts,
};
use certroll_base::clock::{Clock, Timestamp};
use certroll_base::durable;
use certroll_base::encoding;
use certroll_base::random;
use certroll_pki::container::pem::{self, Label};
use certroll_pki::x509::crl::RevokedEntry;
use certroll_tlog::{Checkpoint, Frontier, LogKey, leaf_hash};

/// What a new origin is begun with.
pub struct NewOrigin<'a> {
    /// The home whose log lost records.
    pub home: &'a Home,
    /// The key of the old origin.
    pub old: &'a LogKey,
    /// Encrypts the new key.
    pub keys: &'a HomeKeys,
    /// The beginning of the new origin, such as a domain name.
    pub origin: &'a str,
    /// Who does it.
    pub agent: &'a Agent,
    /// For what reason.
    pub why: Why,
    /// An export that knows what the store does not, where their histories parted.
    pub from: Option<&'a ExportOnDisk>,
    /// The present.
    pub clock: &'a dyn Clock,
}

/// What was begun.
pub struct ReplacedLog {
    /// The new origin.
    pub origin: String,
    /// How many certificates it took over.
    pub certificates: usize,
    /// Where what is left of the old log lies.
    pub archive: PathBuf,
    /// CAs whose last CRL is not at hand, and its number: the next one must be greater.
    pub lost_crls: Vec<(String, u64)>,
}

/// Begins it. A run that is killed leaves a home that signs nothing, and can be repeated.
///
/// # Errors
/// The log is whole, or the home cannot be written.
pub fn begin(store: &mut dyn Store, asked: &NewOrigin<'_>) -> Result<ReplacedLog, Error> {
    let home = asked.home;
    let (finding, learnt) = findings(store, asked)?;
    let origin = format!("{}/certroll/{}", asked.origin, encoding::hex(&random::bytes::<4>()));
    let key = LogKey::generate(&origin).map_err(|error| {
        Error::new(ErrorKind::Usage, format!("`{}` cannot begin the name of a log", asked.origin)).because(error)
    })?;
    let archive = archive(store, asked)?;
    let mut begun = Beginning::new(asked);
    begun.add(genesis(asked, &key, &archive, &finding))?;
    begun.add(begun.draft(Event::SessionStart, Outcome::Ok, begun.session))?;
    let certificates = known(store, &learnt.changes)?;
    let authorities: Vec<_> = store.authorities()?.into_iter().map(|authority| authority.certificate).collect();
    for entry in &certificates {
        begun.take_over(entry, authorities.contains(&entry.fingerprint))?;
    }
    for (issuer, alone) in revoked_alone(store, &certificates)? {
        begun.revoked_alone(&issuer, &alone)?;
    }
    begun.add(begun.draft(Event::SessionStop, Outcome::Ok, begun.session))?;
    let checkpoint = Checkpoint { origin: origin.clone(), size: begun.frontier.size(), root: begun.frontier.root() };
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| {
        Error::new(ErrorKind::Failed, "the log key cannot be made").because(error)
    };
    let signed = checkpoint.sign(&key).map_err(|error| failed(error.into()))?;
    let plain = key.to_pkcs8().map_err(|error| failed(error.into()))?;
    let encrypted = asked.keys.encryption.encrypt(&plain).map_err(|error| failed(error.into()))?;
    // From here on the old key contradicts the store: until the last of these files is there, nothing can be signed.
    store.begin_again(&begun.lines, learnt.changes, store_key(&key)?)?;
    for (file, bytes, mode) in [
        (home.log_key(), pem::encode(Label::EncryptedPrivateKey, &encrypted).into_bytes(), durable::PRIVATE),
        (home.verifier_key(), format!("{}\n", key.verifier()).into_bytes(), durable::PUBLIC),
        (home.checkpoint(), signed, durable::PUBLIC),
    ] {
        durable::write(&file, &bytes, mode).map_err(|error| Error::file(&file, "write", error))?;
    }
    let _ = anchors::remember(home, key.verifier(), store);
    Ok(ReplacedLog { origin, certificates: certificates.len(), archive, lost_crls: learnt.lost_crls })
}

/// What is wrong with the log, and what an export tells that it does not.
fn findings(store: &mut dyn Store, asked: &NewOrigin<'_>) -> Result<(Error, Learnt), Error> {
    let (home, key) = (asked.home, asked.old.verifier());
    let whole =
        || Error::new(ErrorKind::Usage, "the log is whole: it needs no new origin").hint(LogHint::CompareCheckpoints);
    let breach = anchors::check(home, key, store).err().map(|breach| breach.error);
    let Some(from) = asked.from else { return Ok((breach.ok_or_else(whole)?, Learnt::default())) };
    let mut contradicted = breach;
    let learnt = from.read(key, &mut |source| {
        if contradicted.is_none() {
            contradicted = anchors::require_extends(store, &source.checkpoint).err().map(Error::from);
        }
        if contradicted.is_none() { Ok(Learnt::default()) } else { restore::learn(store, home, source) }
    })?;
    Ok((contradicted.ok_or_else(whole)?, learnt))
}

/// The certificates of the inventory as they will be after those changes.
fn known(store: &dyn Store, changes: &[Change]) -> Result<Vec<CertificateEntry>, Error> {
    let mut known = store.certificates(&Query::default())?;
    let mut next = known.last().map_or(1, |row| row.id + 1);
    for change in changes {
        match change {
            Change::AddCertificate(new) => {
                known.push(CertificateEntry { id: next, ..new.entry.clone() });
                next += 1;
            }
            Change::Revoke { id, at, reason } => {
                known.iter_mut().filter(|row| row.id == *id).for_each(|row| row.revoked = Some((*at, *reason)));
            }
            _ => {}
        }
    }
    Ok(known)
}

/// Keeps records, checkpoints and public key of the old log. What an interrupted run has kept stays as it is: the store may
/// hold the new log by now.
fn archive(store: &dyn Store, asked: &NewOrigin<'_>) -> Result<PathBuf, Error> {
    let old = asked.old.verifier();
    let directory = asked.home.log().join("archive").join(Home::file_name(old.name()));
    let done = directory.join("vkey");
    if done.exists() {
        return Ok(directory);
    }
    durable::create_directory(&directory).map_err(|e| Error::file(&directory, "make the directory", e))?;
    let mut lines = Vec::new();
    store.records(0, &mut |_, line| {
        lines.extend_from_slice(line);
        lines.push(b'\n');
        Ok(())
    })?;
    let copy = |file: Option<PathBuf>| file.and_then(|file| std::fs::read(file).ok());
    let files = [
        ("records.jsonl", Some(lines)),
        ("checkpoint", copy(Some(asked.home.checkpoint()))),
        ("seen", copy(asked.home.seen(old.name()))),
        ("vkey", Some(format!("{old}\n").into_bytes())),
    ];
    for (name, bytes) in files {
        let Some(bytes) = bytes else { continue };
        let file = directory.join(name);
        durable::write(&file, &bytes, durable::PRIVATE).map_err(|error| Error::file(&file, "write", error))?;
    }
    Ok(directory)
}

/// The first record: who the log is, and the signed checkpoint of the log before it.
fn genesis(asked: &NewOrigin<'_>, key: &LogKey, archive: &std::path::Path, breach: &Error) -> Draft {
    let op = Id::new(asked.clock.now());
    let mut genesis = Draft::new(Event::LogGenesis, Outcome::Ok, op, op);
    genesis.actor = Some(asked.agent.actor.clone());
    genesis.why = Some(Arc::new(asked.why.clone()));
    let note = |name: &str| std::fs::read_to_string(archive.join(name)).ok();
    let size = |text: &String| Checkpoint::open(text.as_bytes(), asked.old.verifier()).map_or(0, |open| open.size);
    let last = [note("checkpoint"), note("seen")].into_iter().flatten().max_by_key(size).unwrap_or_default();
    let previous = Map::from_iter([
        ("vkey".to_owned(), Value::from(asked.old.verifier().to_string())),
        ("checkpoint".to_owned(), last.into()),
        ("finding".to_owned(), describe(breach).into()),
    ]);
    genesis.x.insert("origin".to_owned(), key.verifier().name().into());
    genesis.x.insert("vkey".to_owned(), key.verifier().to_string().into());
    genesis.x.insert("previous".to_owned(), previous.into());
    genesis
}

/// The first records of the new log, sealed.
struct Beginning<'a> {
    agent: &'a Agent,
    session: Id,
    now: Timestamp,
    frontier: Frontier,
    lines: Vec<(Id, Vec<u8>)>,
}

impl<'a> Beginning<'a> {
    fn new(asked: &NewOrigin<'a>) -> Self {
        let now = asked.clock.now();
        Self { agent: asked.agent, session: Id::new(now), now, frontier: Frontier::new(), lines: Vec::new() }
    }

    fn draft(&self, event: Event, outcome: Outcome, op: Id) -> Draft {
        let mut draft = Draft::new(event, outcome, op, self.session);
        if event == Event::SessionStart {
            draft.actor = Some(self.agent.actor.clone());
            draft.src = self.agent.source.clone();
            draft.x = self.agent.facts.clone();
        }
        draft
    }

    fn add(&mut self, mut draft: Draft) -> Result<Reference, Error> {
        draft.sess = self.session;
        let seq = self.frontier.size();
        let sealed = draft.seal(seq, self.now);
        let line =
            sealed.map_err(|error| Error::new(ErrorKind::Failed, "a record cannot be written").because(error))?;
        let leaf = leaf_hash(&line);
        self.frontier.push(leaf);
        self.lines.push((draft.id, line));
        Ok(Reference { seq, leaf: leaf.into() })
    }

    /// Revocations of a CA of which only the serial numbers are known.
    fn revoked_alone(&mut self, issuer: &str, alone: &[RevokedEntry]) -> Result<(), Error> {
        let op = Id::new(self.now);
        for some in alone.chunks(IN_ONE_RECORD) {
            let mut draft = self.draft(Event::CrlImported, Outcome::Ok, op);
            draft.x = imported_revocation_facts(issuer, some);
            self.add(draft)?;
        }
        Ok(())
    }

    /// A certificate of the inventory, and that it is revoked.
    fn take_over(&mut self, entry: &CertificateEntry, is_ca: bool) -> Result<(), Error> {
        let op = Id::new(self.now);
        let mut taken = self.draft(Event::CertImported, Outcome::Ok, op);
        taken.cert = Some(entry.facts());
        taken.x.extend(is_ca.then(|| ("ca".to_owned(), true.into())));
        self.add(taken)?;
        let Some((at, reason)) = entry.revoked else { return Ok(()) };
        let why = Arc::new(Why { code: "imported".to_owned(), reason: Some(reason.to_string()), ..Why::default() });
        let mut reference = None;
        for (event, outcome) in [(Event::CertRevokeIntent, Outcome::Pending), (Event::CertRevoked, Outcome::Ok)] {
            let mut draft = self.draft(event, outcome, op);
            draft.why = Some(why.clone());
            draft.cert = Some(entry.facts());
            draft.reference = reference;
            draft.x.insert("happened".to_owned(), at.to_rfc3339_millis().into());
            draft.x.insert("late".to_owned(), true.into());
            reference = Some(self.add(draft)?);
        }
        Ok(())
    }
}
