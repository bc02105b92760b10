//! What is public at this moment and outlives this process: a note for each in the issuer's memory, written before.
//!
//! A note is named `challenge-WAY-RUN-NUMBER`. Its run holds the lock `challenge-run-RUN` as long as it lives, so a note
//! without a living run is a leftover, and the holder of that lock may remove it. Notes are removed with what they tell
//! of: on success, on errors, and when a signal ends the process ([`certroll_base::cleanup`]).

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::issuer::acme::challenge::solver::Challenge;
use crate::issuer::{ErrorClass, IssuerError, Memory};
use certroll_base::cleanup::{self, Guard};
use certroll_base::encoding::hex;
use certroll_base::lock::Lock;
use certroll_base::random;

/// Knows how to remove what a note tells of.
pub(super) trait Remover: Send + Sync + 'static {
    /// What a note holds; no secret.
    type Note: Clone + Serialize + DeserializeOwned + Send;

    /// Removes it. What is gone already is removed.
    ///
    /// # Errors
    /// It may still be there.
    fn remove(&self, note: &Self::Note) -> Result<(), IssuerError>;

    /// Stops whatever is being made public: the process is about to end.
    fn interrupt(&self) {}
}

/// The notes of one way of one issuer.
pub(super) struct ChallengeJournal<R: Remover> {
    issuer: String,
    way: &'static str,
    memory: Arc<dyn Memory>,
    remover: Arc<R>,
    run: String,
    next: AtomicU64,
    alive: Mutex<Option<Lock>>,
    entries: Mutex<HashMap<ChallengeKey, KeptChallenges<R>>>,
}

/// By what a challenge is found again: a wildcard and its base name have tokens of their own.
type ChallengeKey = (String, String);

struct KeptChallenges<R: Remover> {
    entry: Arc<ChallengeEntry<R>>,
    _guard: Guard,
}

/// One note.
struct ChallengeEntry<R: Remover> {
    issuer: String,
    item: String,
    memory: Arc<dyn Memory>,
    remover: Arc<R>,
    /// `None` once it is removed: nothing may be made public any more.
    note: Mutex<Option<R::Note>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn unwritten(issuer: &str, error: std::io::Error) -> IssuerError {
    IssuerError::new(issuer, ErrorClass::Retryable, "the list of its open challenges cannot be kept").because(error)
}

impl<R: Remover> ChallengeJournal<R> {
    pub(super) fn new(issuer: &str, way: &'static str, memory: Arc<dyn Memory>, remover: Arc<R>) -> Self {
        Self {
            issuer: issuer.to_owned(),
            way,
            memory,
            remover,
            run: hex(&random::bytes::<8>()),
            next: AtomicU64::new(0),
            alive: Mutex::new(None),
            entries: Mutex::new(HashMap::new()),
        }
    }

    /// Makes something public by `act`, after the note about it is durable. `act` may give a better note.
    ///
    /// # Errors
    /// The note cannot be written, or `act` failed; [`ChallengeJournal::end`] is due all the same.
    pub(super) fn provision(
        &self,
        challenge: &Challenge,
        note: R::Note,
        act: impl FnOnce() -> Result<Option<R::Note>, IssuerError>,
    ) -> Result<(), IssuerError> {
        let entry = self.begin(challenge, note)?;
        let mut held = locked(&entry.note);
        if held.is_none() {
            return Err(IssuerError::new(&self.issuer, ErrorClass::Retryable, "a signal stopped it"));
        }
        if let Some(better) = act()? {
            entry.write(&better)?;
            *held = Some(better);
        }
        Ok(())
    }

    fn begin(&self, challenge: &Challenge, note: R::Note) -> Result<Arc<ChallengeEntry<R>>, IssuerError> {
        self.live()?;
        let key = key(challenge);
        if let Some(kept) = locked(&self.entries).get(&key) {
            return Ok(kept.entry.clone());
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let entry = Arc::new(ChallengeEntry {
            issuer: self.issuer.clone(),
            item: format!("{}{}-{number}", self.prefix(), self.run),
            memory: self.memory.clone(),
            remover: self.remover.clone(),
            note: Mutex::new(Some(note.clone())),
        });
        entry.write(&note)?;
        let undone = entry.clone();
        let hold = cleanup::register(move || {
            undone.remover.interrupt();
            // There is no caller left to hear of an error; the note stays and the next run tries again.
            let _ = undone.remove();
        });
        locked(&self.entries).insert(key, KeptChallenges { entry: entry.clone(), _guard: hold });
        Ok(entry)
    }

    /// Removes what was made public for that challenge. Idempotent.
    ///
    /// # Errors
    /// It may still be public; its note stays.
    pub(super) fn end(&self, challenge: &Challenge) -> Result<(), IssuerError> {
        let key = key(challenge);
        let Some(entry) = locked(&self.entries).get(&key).map(|kept| kept.entry.clone()) else { return Ok(()) };
        entry.remove()?;
        locked(&self.entries).remove(&key);
        Ok(())
    }

    /// Removes what dead runs left behind, and says how many.
    ///
    /// # Errors
    /// The first failure; all were tried.
    pub(super) fn remove_leftovers(&self) -> Result<usize, IssuerError> {
        let unread = |error| unwritten(&self.issuer, error);
        let mut runs: Vec<(String, Vec<String>)> = Vec::new();
        for item in self.memory.notes(&self.prefix()).map_err(unread)? {
            let run = item[self.prefix().len()..].split('-').next().unwrap_or_default().to_owned();
            match runs.iter_mut().find(|(known, _)| *known == run) {
                Some((_, items)) => items.push(item),
                None => runs.push((run, vec![item])),
            }
        }
        let (mut removed, mut failure) = (0, None);
        for (run, items) in runs.into_iter().filter(|(run, _)| *run != self.run) {
            // Held until all are removed: until then other runs take this one for alive.
            let Some(_dead) = self.memory.try_lock(&lock_item(&run)).map_err(unread)? else { continue };
            let before = failure.is_some();
            for item in items {
                match self.remove_leftover(&item) {
                    Ok(()) => removed += 1,
                    Err(error) => failure = failure.or(Some(error)),
                }
            }
            if failure.is_some() == before {
                // Only tidiness: an unlocked file says nothing.
                let _ = self.memory.forget(&format!("{}.lock", lock_item(&run)));
            }
        }
        failure.map_or(Ok(removed), Err)
    }

    fn remove_leftover(&self, item: &str) -> Result<(), IssuerError> {
        let failed = |error| unwritten(&self.issuer, error);
        let Some(bytes) = self.memory.note(item).map_err(failed)? else { return Ok(()) };
        // What cannot be read tells of nothing that could be removed.
        if let Ok(note) = serde_json::from_slice::<R::Note>(&bytes) {
            self.remover.remove(&note)?;
        }
        self.memory.forget(item).map_err(failed)
    }

    fn prefix(&self) -> String {
        format!("challenge-{}-", self.way)
    }

    /// Says to other runs that this one lives.
    fn live(&self) -> Result<(), IssuerError> {
        let mut alive = locked(&self.alive);
        if alive.is_none() {
            let lock = self.memory.lock(&lock_item(&self.run)).map_err(|error| unwritten(&self.issuer, error))?;
            *alive = Some(lock);
        }
        Ok(())
    }
}

#[cfg(test)]
impl<R: Remover> ChallengeJournal<R> {
    /// What a kill leaves of it: notes and no lock.
    pub(super) fn die(&self) {
        locked(&self.entries).clear();
        locked(&self.alive).take();
    }
}

impl<R: Remover> Drop for ChallengeJournal<R> {
    /// Open challenges of a dropped solver have no use any more.
    fn drop(&mut self) {
        for kept in self.entries.get_mut().unwrap_or_else(PoisonError::into_inner).values() {
            // There is no caller to hear of an error; the note stays and the next run tries again.
            let _ = kept.entry.remove();
        }
        let alive = self.alive.get_mut().unwrap_or_else(PoisonError::into_inner);
        if alive.take().is_some() {
            // Only tidiness, as above.
            let _ = self.memory.forget(&format!("{}.lock", lock_item(&self.run)));
        }
    }
}

impl<R: Remover> ChallengeEntry<R> {
    fn write(&self, note: &R::Note) -> Result<(), IssuerError> {
        let bytes = serde_json::to_vec(note).map_err(|error| unwritten(&self.issuer, error.into()))?;
        self.memory.keep_note(&self.item, &bytes).map_err(|error| unwritten(&self.issuer, error))
    }

    fn remove(&self) -> Result<(), IssuerError> {
        let mut held = locked(&self.note);
        let Some(note) = &*held else { return Ok(()) };
        self.remover.remove(note)?;
        *held = None;
        self.memory.forget(&self.item).map_err(|error| unwritten(&self.issuer, error))
    }
}

fn key(challenge: &Challenge) -> ChallengeKey {
    (challenge.identifier.clone(), challenge.token.clone())
}

fn lock_item(run: &str) -> String {
    format!("challenge-run-{run}")
}
