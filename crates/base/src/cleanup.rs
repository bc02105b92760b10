//! What others can see of this process, and what must be undone before a signal ends it.
//!
//! Nothing here receives signals. The program says how they are watched ([`watch_with`]), which begins when there is
//! something to undo for the first time; the thread that watches calls [`all`] and then lets the signal have its way. A process
//! that is killed outright undoes nothing: whatever is held here must be found and undone by a later run as well.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

type Action = Box<dyn FnOnce() + Send>;

/// How many are undone at the same time.
const AT_ONCE: usize = 16;

/// What this process holds.
static REGISTERED: Actions = Actions::new();

struct Actions(Mutex<CleanupState>);

struct CleanupState {
    next: u64,
    actions: BTreeMap<u64, Action>,
    watch: Option<fn()>,
}

impl Actions {
    const fn new() -> Self {
        Self(Mutex::new(CleanupState { next: 0, actions: BTreeMap::new(), watch: None }))
    }

    fn state(&self) -> MutexGuard<'_, CleanupState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn register(&'static self, action: impl FnOnce() + Send + 'static) -> Guard {
        let (number, watch) = {
            let mut state = self.state();
            state.next += 1;
            let number = state.next;
            state.actions.insert(number, Box::new(action));
            (number, state.watch.take())
        };
        if let Some(watch) = watch {
            watch();
        }
        Guard { held: self, number }
    }

    fn undo(&self) {
        loop {
            let taken: Vec<Action> = {
                let mut state = self.state();
                let numbers: Vec<u64> = state.actions.keys().copied().take(AT_ONCE).collect();
                numbers.iter().filter_map(|number| state.actions.remove(number)).collect()
            };
            if taken.is_empty() {
                return;
            }
            std::thread::scope(|scope| {
                for action in taken {
                    scope.spawn(action);
                }
            });
        }
    }
}

/// Something that is undone by a signal as long as this value lives.
#[must_use]
pub struct Guard {
    held: &'static Actions,
    number: u64,
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.held.state().actions.remove(&self.number);
    }
}

/// Says how signals are watched from the first [`register`] on.
pub fn watch_with(watch: fn()) {
    REGISTERED.state().watch = Some(watch);
}

/// Has `action` done if a signal comes before the value that is returned is dropped.
pub fn register(action: impl FnOnce() + Send + 'static) -> Guard {
    REGISTERED.register(action)
}

/// Undoes everything that is held, several at once.
pub fn all() {
    REGISTERED.undo();
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn what_is_held_is_undone_once_and_what_is_dropped_is_not() {
        static OWN: Actions = Actions::new();
        static WATCHES: AtomicUsize = AtomicUsize::new(0);
        OWN.state().watch = Some(|| {
            WATCHES.fetch_add(1, Ordering::Relaxed);
        });
        let undone = Arc::new(AtomicUsize::new(0));
        let count = || {
            let undone = undone.clone();
            move || {
                undone.fetch_add(1, Ordering::Relaxed);
            }
        };
        drop(OWN.register(count()));
        let kept: Vec<Guard> = (0..AT_ONCE + 3).map(|_| OWN.register(count())).collect();
        OWN.undo();
        OWN.undo();
        assert_eq!(undone.load(Ordering::Relaxed), kept.len());
        assert_eq!(WATCHES.load(Ordering::Relaxed), 1);
    }
}
