//! The journal: appends records, signs checkpoints over what is durable, and publishes them.
//!
//! The order never changes: commit durable, read the head back, sign it, publish it, and only then release what the
//! records speak of. Signing first could sign a record that is lost a moment later, and two histories would exist.

pub(crate) mod anchors;
pub mod clock;
pub mod end;
mod proven;
mod publish;
pub(crate) mod sessions;
pub mod spool;

use std::sync::Arc;

use serde_json::{Map, Value};

use self::anchors::Breach;
use self::clock::ClockWatch;
use self::end::SessionEnd;
use self::sessions::Alive;
use super::layout::home::Home;
use super::layout::in_force::InForce;
use crate::audit::record::draft::Draft;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Actor, ActorSource, Outcome};
use crate::audit::record::session::say_once;
use crate::audit::record::value::Id;
use crate::error::{Error, ErrorKind};
use crate::store::{self, Adoption, Announced, Appended, Change, Store, StoreError, StoreKey};
use certroll_base::clock::{Clock, Timestamp};
use certroll_base::encoding;
use certroll_tlog::{Checkpoint, LogKey, VerifierKey};

/// Who acts, and from where: established once for a process.
#[derive(Clone, Debug)]
pub struct Agent {
    /// Who.
    pub actor: Arc<Actor>,
    /// From where, when that is not this machine's prompt.
    pub source: Option<Arc<ActorSource>>,
    /// Further facts of the session: program version, host.
    pub facts: Map<String, Value>,
    /// What is in force, to be compared with what was last recorded.
    pub in_force: InForce,
}

/// What is written before the first record of a process.
struct SessionOpening {
    records: Vec<Draft>,
    changes: Vec<Change>,
}

/// How often another process may record a change before us until we give up.
const ATTEMPTS: usize = 50;

/// One process's access to the log of a home.
pub struct Journal {
    store: Box<dyn Store>,
    key: LogKey,
    home: Home,
    agent: Agent,
    session: Id,
    watch: ClockWatch,
    begun: bool,
    /// The session has ended on record; what is written now is of another one.
    concluded: bool,
    /// Held while this process lives: until then no other process ends its open intents.
    alive: Alive,
    /// The published checkpoint as this process last proved that its log goes on from it; `None` in a home that is being made.
    published: Option<Checkpoint>,
    /// Where it is said that the log was tampered with, when that comes out after the last record.
    end: Arc<SessionEnd>,
}

/// The key of the store, from the key of the log: who opens one has the other.
///
/// # Errors
/// The library refuses.
pub fn store_key(key: &LogKey) -> Result<StoreKey, Error> {
    let failed = |error| Error::new(ErrorKind::Failed, "the log key cannot be used").because(error);
    Ok(StoreKey::derived(&key.to_pkcs8().map_err(failed)?, b"certroll store 1"))
}

impl Journal {
    /// Opens the log for writing. The store proves here that it goes on from every anchor; from then on this process signs only
    /// what goes on from the head that it checked.
    ///
    /// # Errors
    /// The store is behind or contradicts an anchor: it was rolled back or forked, and nothing is signed.
    pub fn open(
        mut store: Box<dyn Store>,
        key: LogKey,
        home: Home,
        agent: Agent,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Error> {
        if let Err(breach) = anchors::check(&home, key.verifier(), &mut *store) {
            spool::keep_breach(&home, &key, &agent, &*clock, &breach);
            return Err(breach.error);
        }
        let session = Id::new(clock.now());
        let watch = ClockWatch::new(clock);
        let alive = Alive::begin(&home, session)?;
        let published = anchors::published(&home, key.verifier())?;
        let mut journal = Self {
            store,
            key,
            home,
            agent,
            session,
            watch,
            begun: false,
            concluded: false,
            alive,
            published: None,
            end: Arc::default(),
        };
        if let Some(published) = published {
            journal.require_extends(published)?;
        }
        Ok(journal)
    }

    /// Says into `end` what comes out when this journal is dropped.
    pub fn report_end(&mut self, end: Arc<SessionEnd>) {
        self.end = end;
    }

    /// Proves that the log goes on from a published checkpoint, once for each.
    fn require_extends(&mut self, published: Checkpoint) -> Result<(), Error> {
        if self.published.as_ref() != Some(&published) {
            anchors::require_extends(&mut *self.store, &published).map_err(|error| self.refused(error))?;
            self.published = Some(published);
        }
        Ok(())
    }

    /// The error for what the store refused. That the log was changed under this process is kept for the record.
    fn refused(&self, error: StoreError) -> Error {
        let StoreError::Contradiction(found) = error else { return error.into() };
        let error = Error::from(error);
        let (size, root) = found.known;
        let anchor = Some(Checkpoint { origin: self.key.verifier().name().to_owned(), size, root });
        let head = self.store.stored_head().ok();
        let breach = Breach { event: anchors::event(&found), error, anchor, head };
        spool::keep_breach(&self.home, &self.key, &self.agent, self.watch.clock(), &breach);
        breach.error
    }

    /// The store, for reading.
    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// The public key of the log.
    pub fn verifier(&self) -> &VerifierKey {
        self.key.verifier()
    }

    /// The key that signs the log.
    pub(super) fn key(&self) -> &LogKey {
        &self.key
    }

    /// The name of this process in records.
    pub fn session(&self) -> Id {
        self.session
    }

    /// A draft of a record of this session, which says for all its records who acts.
    pub fn draft(&self, event: Event, outcome: Outcome, op: Id) -> Draft {
        Draft { mono: self.watch.elapsed(), ..Draft::new(event, outcome, op, self.session) }
    }

    /// A draft of a record that stands by itself: it says who acts.
    fn signed_draft(&self, event: Event, outcome: Outcome, op: Id) -> Draft {
        let (actor, src) = (Some(self.agent.actor.clone()), self.agent.source.clone());
        Draft { actor, src, ..self.draft(event, outcome, op) }
    }

    /// Makes records and changes durable, together. Release nothing before [`Journal::publish`].
    ///
    /// Before the first of them stands what there is to say of this process, before any of them a step of the clock.
    ///
    /// # Errors
    /// As [`Store::append`].
    pub fn append(&mut self, records: Vec<Draft>, changes: Vec<Change>) -> Result<Appended, Error> {
        Ok(self.transact(records, changes, |store, records, changes| Ok((store.append(records, changes)?, ())))?.0)
    }

    /// As [`Journal::append`], with the record of an intent after the others. What it announces may then be carried out, once.
    ///
    /// # Errors
    /// As [`store::announce`].
    pub fn announce<T>(
        &mut self,
        records: Vec<Draft>,
        intent: Draft,
        changes: Vec<Change>,
        subject: T,
    ) -> Result<(Appended, Announced<T>), Error> {
        let write = |store: &mut dyn Store, records, changes| store::announce(store, records, intent, changes, subject);
        self.transact(records, changes, write)
    }

    /// As [`Journal::announce`], for an intent that covers a group.
    ///
    /// # Errors
    /// As [`store::announce_all`].
    pub fn announce_all<T>(
        &mut self,
        records: Vec<Draft>,
        intent: Draft,
        changes: Vec<Change>,
        subjects: Vec<T>,
    ) -> Result<(Appended, Vec<Announced<T>>), Error> {
        let write =
            |store: &mut dyn Store, records, changes| store::announce_all(store, records, intent, changes, subjects);
        self.transact(records, changes, write)
    }

    /// Takes over the open intent of a process that is gone.
    ///
    /// # Errors
    /// As [`store::adopt`].
    pub fn adopt<T>(&mut self, op: Id, from: Id, subject: T) -> Result<Announced<T>, Error> {
        let adoption = Adoption { op, from, to: self.session, subject };
        let write = |store: &mut dyn Store, records, changes| store::adopt(store, records, changes, adoption);
        Ok(self.transact(Vec::new(), Vec::new(), write)?.1)
    }

    /// Writes records and changes with `write`, after what there is to say of this process and of the clock.
    fn transact<R>(
        &mut self,
        mut records: Vec<Draft>,
        mut changes: Vec<Change>,
        write: impl FnOnce(&mut dyn Store, Vec<Draft>, Vec<Change>) -> Result<(Appended, R), StoreError>,
    ) -> Result<(Appended, R), Error> {
        // The record of the log's own creation is the first of all.
        if !self.begun && records.first().is_some_and(|record| record.ev == Event::LogGenesis) {
            for record in &mut records {
                record.actor = Some(self.agent.actor.clone());
            }
            let opening = self.opening()?;
            records.extend(opening.records);
            changes.extend(opening.changes);
            let written = write(&mut *self.store, records, changes).map_err(|error| self.refused(error))?;
            self.begun = true;
            return Ok(written);
        }
        if self.concluded {
            self.session = Id::new(self.watch.clock().now());
            // The mark of the one that has ended goes too, or it would look crashed to the next process.
            std::mem::replace(&mut self.alive, Alive::begin(&self.home, self.session)?).end();
            self.concluded = false;
            records.iter_mut().for_each(|record| record.sess = self.session);
        }
        let mut before = self.begin()?;
        if let Some(step) = self.watch.step() {
            let mut draft = self.draft(Event::ClockStep, Outcome::Ok, self.session);
            draft.x.insert("step_ms".to_owned(), step.into());
            before.push(draft);
        }
        let shift = before.len();
        for change in &mut changes {
            if let Change::OpenIntent { record, .. } = change {
                *record += shift;
            }
        }
        before.append(&mut records);
        say_once(&mut before);
        let (mut appended, rest) = write(&mut *self.store, before, changes).map_err(|error| self.refused(error))?;
        self.begun = true;
        appended.first += shift as u64;
        appended.leaves.drain(..shift);
        Ok((appended, rest))
    }

    /// The beginning of this process, to be written before its first record; nothing once that is done.
    ///
    /// What has changed since the last process is made durable here, for another process may find the same at the same
    /// time, and it is told once.
    fn begin(&mut self) -> Result<Vec<Draft>, Error> {
        if self.begun {
            return Ok(Vec::new());
        }
        for attempt in 0.. {
            let opening = self.opening()?;
            if opening.changes.is_empty() {
                return Ok(opening.records);
            }
            match self.store.append(opening.records, opening.changes) {
                Err(StoreError::Conflict(_)) if attempt < ATTEMPTS => {}
                appended => {
                    appended.map_err(|error| self.refused(error))?;
                    break;
                }
            }
        }
        self.begun = true;
        Ok(Vec::new())
    }

    fn opening(&self) -> Result<SessionOpening, Error> {
        // Marked first: at worst a crash too many is on record, never one too few.
        self.alive.mark().map_err(|error| {
            Error::new(ErrorKind::Audit, "the session cannot be marked as begun: nothing was done").because(error)
        })?;
        let difference = self.agent.in_force.compare(&*self.store)?;
        let mut start = self.signed_draft(Event::SessionStart, Outcome::Ok, self.session);
        start.x = self.agent.facts.clone();
        start.x.extend(difference.program.map(|sha256| ("program_sha256".to_owned(), encoding::hex(&sha256).into())));
        start.x.extend(self.agent.in_force.facts());
        let mut records = vec![start];
        if let Some((latest, behind)) = self.watch.behind(&*self.store)? {
            let mut draft = self.draft(Event::ClockRegressed, Outcome::Fail, self.session);
            draft.x = clock::regressed(latest, behind);
            records.push(draft);
        }
        for (event, facts) in difference.events {
            let mut draft = self.draft(event, Outcome::Ok, self.session);
            draft.x = facts;
            records.push(draft);
        }
        Ok(SessionOpening { records, changes: difference.changes })
    }

    /// Refuses to issue while the clock is more than five minutes behind the log. Never asked before a revocation.
    ///
    /// # Errors
    /// The clock is behind, or the store cannot be read.
    pub fn require_clock(&self) -> Result<(), Error> {
        self.watch.require(&*self.store)
    }

    /// The latest record, and how many milliseconds the clock is behind it; `None` while all is well.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn clock_behind(&self) -> Result<Option<(Timestamp, i64)>, Error> {
        Ok(self.watch.behind(&*self.store)?)
    }
}

impl Drop for Journal {
    /// Says on record that the session ended; one that cannot say so looks crashed to the next, which records that.
    fn drop(&mut self) {
        let concluded = if self.begun { self.conclude(Vec::new()).map(drop) } else { Ok(()) };
        match concluded {
            Ok(()) => self.alive.end(),
            Err(error) if error.kind == ErrorKind::Verification => {
                let _ = self.end.tampering.set(error);
            }
            Err(_) => {}
        }
    }
}
