//! Services that several threads use in turn. What takes long, an issuer's answer or a new key, happens between two turns.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::lifecycle::session::Services;

/// The services of one command, for one thread at a time.
pub(crate) struct Turns<'a>(Mutex<&'a mut Services>);

impl<'a> Turns<'a> {
    /// Shares them for as long as they are borrowed.
    pub(crate) fn of(services: &'a mut Services) -> Self {
        Self(Mutex::new(services))
    }

    /// Waits for a turn, and has it until the guard is dropped. Whoever holds one never takes another.
    pub(crate) fn take(&self) -> MutexGuard<'_, &'a mut Services> {
        // A thread that panicked left nothing half done: what changes is changed in transactions.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
