//! The journal: appends records, signs checkpoints over what is durable, and publishes them.
//!
//! The order never changes: commit durable, read the head back, sign it, publish it, and only then release what the
//! records speak of. Signing first could sign a record that is lost a moment later, and two histories would exist.

use std::sync::Arc;
use std::time::Instant;

use serde_json::{Map, Value};

use super::anchors;
use super::error::{Error, Kind};
use super::home::Home;
use super::sessions::Alive;
use super::spool;
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
    alive: Alive,
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
        if let Err(breach) = anchors::check(&home, key.verifier(), &*store) {
            spool::keep_breach(&home, &key, &agent, clock, &breach);
            return Err(breach.error);
        }
        let session = Id::new(clock.now());
        let alive = Alive::begin(&home, session)?;
        Ok(Self { store, key, home, agent, session, began: Instant::now(), announced: false, alive })
    }

    /// The store, for reading.
    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// The key that signs the log.
    pub(super) fn key(&self) -> &LogKey {
        &self.key
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
        // Marked first: at worst a crash too many is on record, never one too few.
        self.alive.mark().map_err(|error| {
            Error::new(Kind::Audit, "the session cannot be marked as begun: nothing was done").because(error)
        })?;
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
        if anchors::published(&self.home, self.key.verifier())?.is_some_and(|checkpoint| checkpoint.size >= head.size())
        {
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

impl Journal {
    /// As [`Journal::commit`], and the session ends with these records: nothing follows them in the log.
    ///
    /// An export must be all there is, or it could not bring a lost log back to what this user has seen.
    ///
    /// # Errors
    /// As [`Journal::commit`].
    pub fn conclude(&mut self, mut records: Vec<Draft>) -> Result<Appended, Error> {
        records.push(self.draft(Event::SessionStop, Outcome::Ok, self.session));
        let appended = self.commit(records, Vec::new())?;
        self.announced = false;
        // A convenience of this user; without it the published checkpoint is still there.
        let _ = anchors::remember(&self.home, self.key.verifier());
        Ok(appended)
    }
}

impl Drop for Journal {
    /// Says on record that the session ended; one that cannot say so looks crashed to the next, which records that.
    fn drop(&mut self) {
        if !self.announced || self.conclude(Vec::new()).is_ok() {
            self.alive.end();
        }
    }
}

fn checkpoint(key: &LogKey, head: &Frontier) -> Checkpoint {
    Checkpoint { origin: key.verifier().name().to_owned(), size: head.size(), root: head.root() }
}
