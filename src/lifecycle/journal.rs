//! The journal: appends records, signs checkpoints over what is durable, and publishes them.
//!
//! The order never changes: commit durable, read the head back, sign it, publish it, and only then release what the
//! records speak of. Signing first could sign a record that is lost a moment later, and two histories would exist.

use std::sync::Arc;
use std::time::Instant;

use serde_json::{Map, Value};

use super::error::{Error, Kind};
use super::home::Home;
use crate::audit::checkpoint::Checkpoint;
use crate::audit::draft::Draft;
use crate::audit::event::Event;
use crate::audit::facts::{Actor, Outcome, Source};
use crate::audit::merkle::Frontier;
use crate::audit::note_key::LogKey;
use crate::audit::value::Id;
use crate::base::clock::Clock;
use crate::base::durable;
use crate::base::lock::Lock;
use crate::store::{Appended, Change, Store};

/// Who acts, and from where: established once for a process.
#[derive(Clone, Debug)]
pub struct Agent {
    /// Who.
    pub actor: Arc<Actor>,
    /// From where, when that is not this machine's prompt.
    pub source: Option<Arc<Source>>,
    /// Further facts of the session: program version, host.
    pub facts: Map<String, Value>,
}

/// One process's access to the log of a home.
pub struct Journal {
    store: Box<dyn Store>,
    key: LogKey,
    home: Home,
    agent: Agent,
    session: Id,
    began: Instant,
    announced: bool,
    /// Held while this process lives: its open intents are then its own business and nobody else's.
    _alive: Lock,
}

impl Journal {
    /// Opens the log for writing.
    ///
    /// # Errors
    /// The store is behind or contradicts the published checkpoint: it was rolled back or forked, and nothing is signed.
    pub fn open(
        store: Box<dyn Store>,
        key: LogKey,
        home: Home,
        agent: Agent,
        clock: &dyn Clock,
    ) -> Result<Self, Error> {
        check_anchor(&home, &key, &*store)?;
        let session = Id::new(clock.now());
        let file = session_lock(&home, &session);
        let alive = Lock::acquire(&file).map_err(|error| match Error::file(&file, "write", error) {
            error if error.kind == Kind::Permission => error,
            error => error.of_kind(Kind::Audit),
        })?;
        Ok(Self { store, key, home, agent, session, began: Instant::now(), announced: false, _alive: alive })
    }

    /// The store, for reading.
    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// The name of this process in records.
    pub fn session(&self) -> Id {
        self.session
    }

    /// A draft of a record by whoever acts now.
    pub fn draft(&self, event: Event, outcome: Outcome, op: Id) -> Draft {
        let mut draft = Draft::new(event, outcome, op, self.session, self.agent.actor.clone());
        draft.mono = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        draft.src = self.agent.source.clone();
        draft
    }

    /// Makes records and changes durable, together. Release nothing before [`Journal::publish`].
    ///
    /// # Errors
    /// As [`Store::append`].
    pub fn append(&mut self, mut records: Vec<Draft>, mut changes: Vec<Change>) -> Result<Appended, Error> {
        if self.announced {
            return Ok(self.store.append(records, changes)?);
        }
        let mut start = self.draft(Event::SessionStart, Outcome::Ok, self.session);
        start.x = self.agent.facts.clone();
        // The record of the log's own creation is the first of all.
        if records.first().is_some_and(|record| record.ev == Event::LogGenesis) {
            records.insert(1, start);
            self.announced = true;
            return Ok(self.store.append(records, changes)?);
        }
        records.insert(0, start);
        for change in &mut changes {
            if let Change::OpenIntent { record, .. } = change {
                *record += 1;
            }
        }
        let mut appended = self.store.append(records, changes)?;
        self.announced = true;
        appended.first += 1;
        appended.leaves.remove(0);
        Ok(appended)
    }

    /// Signs and publishes a checkpoint that covers everything durable.
    ///
    /// # Errors
    /// It cannot be signed or written; what was appended is durable all the same.
    pub fn publish(&mut self) -> Result<(), Error> {
        let head = self.store.head()?;
        let file = self.home.checkpoint();
        let unwritable = |error| Error::file(&file, "publish the checkpoint", error).of_kind(Kind::Audit);
        let _turn = Lock::acquire(&self.home.run().join("publish.lock")).map_err(unwritable)?;
        // Another process may have published a larger tree meanwhile; sizes never go back.
        if published(&self.home, &self.key)?.is_some_and(|checkpoint| checkpoint.size >= head.size()) {
            return Ok(());
        }
        let signed = checkpoint(&self.key, &head).sign(&self.key);
        let signed =
            signed.map_err(|error| Error::new(Kind::Audit, "the checkpoint cannot be signed").because(error))?;
        durable::write(&file, &signed, durable::PUBLIC).map_err(unwritable)
    }

    /// [`Journal::append`], then [`Journal::publish`].
    ///
    /// # Errors
    /// As these two.
    pub fn commit(&mut self, records: Vec<Draft>, changes: Vec<Change>) -> Result<Appended, Error> {
        let appended = self.append(records, changes)?;
        self.publish()?;
        Ok(appended)
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        // Only tidiness: an unlocked file left behind says the same as none.
        let _ = std::fs::remove_file(session_lock(&self.home, &self.session));
    }
}

/// Whether the process of that session is still running.
pub(super) fn is_alive(home: &Home, session: &Id) -> bool {
    let file = session_lock(home, session);
    file.exists() && matches!(Lock::try_acquire(&file), Ok(None))
}

fn session_lock(home: &Home, session: &Id) -> std::path::PathBuf {
    home.run().join(format!("{session}.lock"))
}

fn checkpoint(key: &LogKey, head: &Frontier) -> Checkpoint {
    Checkpoint { origin: key.verifier().name().to_owned(), size: head.size(), root: head.root() }
}

/// The published checkpoint, its signature checked; `None` before the first one.
fn published(home: &Home, key: &LogKey) -> Result<Option<Checkpoint>, Error> {
    let file = home.checkpoint();
    let bytes = match std::fs::read(&file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::file(&file, "read", error)),
    };
    Checkpoint::open(&bytes, key.verifier()).map(Some).map_err(|error| {
        Error::new(Kind::Verification, format!("the published checkpoint `{}` is not one of this log", file.display()))
            .hint("compare it with the copy of an auditor; nothing is signed until this is settled")
            .because(error)
    })
}

/// A store that lacks records of a published checkpoint, or has others, was rolled back or forked.
fn check_anchor(home: &Home, key: &LogKey, store: &dyn Store) -> Result<(), Error> {
    let (seen, head) = (published(home, key)?, store.head()?);
    let refuse = |what: String| {
        Error::new(Kind::Verification, what).hint(
            "restore the newest backup of the home, or give the export and checkpoint to the auditors; nothing is signed \
             until this is settled",
        )
    };
    let Some(seen) = seen else {
        // Only a home that is being made has no checkpoint; one that was taken away must not free the log to go back.
        let size = head.size();
        return if size == 0 {
            Ok(())
        } else {
            Err(refuse(format!("the log has {size} records, but its checkpoint is gone")))
        };
    };
    if head.size() < seen.size {
        let (has, covers) = (head.size(), seen.size);
        return Err(refuse(format!(
            "the log was rolled back: it has {has} records, its published checkpoint covers {covers}"
        )));
    }
    let root = if head.size() == seen.size { head.root() } else { root_of(&store.leaves(seen.size)?) };
    if root != seen.root {
        return Err(refuse(format!(
            "the log was altered: its first {} records are not those of its checkpoint",
            seen.size
        )));
    }
    Ok(())
}

fn root_of(leaves: &[crate::base::encoding::Sha256]) -> crate::base::encoding::Sha256 {
    let mut frontier = Frontier::new();
    leaves.iter().for_each(|leaf| frontier.push(*leaf));
    frontier.root()
}
