//! Sessions: which processes are at work in a home, and which died without saying so.
//!
//! Each holds a lock on `run/SESSION.lock` while it lives, and writes a byte into it before its first record. An unlocked
//! file with that byte is a process that was killed; the next one records `session.crash`.

use std::path::{Path, PathBuf};

use crate::audit::record::value::Id;
use crate::error::{Error, ErrorKind};
use crate::lifecycle::layout::home::Home;
use certroll_base::lock::Lock;

/// A session that lives as long as this value.
pub(crate) struct Alive {
    file: PathBuf,
    _lock: Lock,
}

impl Alive {
    /// # Errors
    /// The home cannot be written.
    pub(crate) fn begin(home: &Home, session: Id) -> Result<Self, Error> {
        let file = file(home, &session);
        let lock = Lock::acquire(&file).map_err(|error| match Error::file(&file, "write", error) {
            error if error.kind == ErrorKind::Permission => error,
            error => error.of_kind_unless_locked(ErrorKind::Audit),
        })?;
        Ok(Self { file, _lock: lock })
    }

    /// Says that records of this session follow. Nothing is synced: a crash of the whole machine is no death of one process,
    /// and is found by the intents it left open.
    ///
    /// # Errors
    /// The home cannot be written.
    pub(crate) fn mark(&self) -> std::io::Result<()> {
        std::fs::write(&self.file, b"1")
    }

    /// Ends the session in good order.
    pub(crate) fn end(&self) {
        // Only tidiness: what is left behind unmarked says nothing, and what is marked, at worst, a crash too many.
        let _ = std::fs::remove_file(&self.file);
    }
}

fn file(home: &Home, session: &Id) -> PathBuf {
    home.run().join(format!("{session}.lock"))
}

/// Whether the process of that session is still running.
pub(crate) fn is_alive(home: &Home, session: &Id) -> bool {
    let file = file(home, session);
    file.exists() && matches!(Lock::try_acquire(&file), Ok(None))
}

pub(crate) fn files(home: &Home) -> Vec<(Id, PathBuf)> {
    let Ok(entries) = std::fs::read_dir(home.run()) else { return Vec::new() };
    let session = |path: &Path| path.file_name()?.to_str()?.strip_suffix(".lock")?.parse::<Id>().ok();
    entries.flatten().filter_map(|entry| Some((session(&entry.path())?, entry.path()))).collect()
}
