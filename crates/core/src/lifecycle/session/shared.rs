//! A mutex around the session of one command. Never hold it across network I/O or key generation.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Session;

/// The session of one command, for several threads.
pub(crate) struct SharedSession<'a>(Mutex<&'a mut Session>);

impl<'a> SharedSession<'a> {
    /// Shares the session for as long as it is borrowed.
    pub(crate) fn of(session: &'a mut Session) -> Self {
        Self(Mutex::new(session))
    }

    /// Waits until the session is free. A thread that holds the guard must not ask for a second one: that is a deadlock.
    pub(crate) fn lock(&self) -> MutexGuard<'_, &'a mut Session> {
        // A thread that panicked left nothing half done: what changes is changed in transactions.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
