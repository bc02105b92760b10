//! Anchors: signed checkpoints kept outside the store, which it must never fall behind or contradict.
//!
//! One is published in the home. Another, the newest that this user has seen, stands in the state directory of the user: who
//! sets the whole home back, checkpoint included, does not reach it. The third is with the auditors.

use std::path::{Path, PathBuf};

use crate::audit::record::event::Event;
use crate::error::{Error, ErrorKind};
use crate::hint::home::LogHint;
use crate::lifecycle::layout::home::Home;
use crate::store::Store;
use certroll_base::durable;
use certroll_base::encoding;
use certroll_tlog::{Checkpoint, Frontier, VerifierKey};

/// A store that does not hold what an anchor says it held.
pub(crate) struct Breach {
    /// Whether it went back or went another way.
    pub event: Event,
    /// For the user.
    pub error: Error,
    /// The anchor, signed by this log.
    pub anchor: Option<Checkpoint>,
    /// What the store holds.
    pub head: Option<Frontier>,
}

impl From<Error> for Box<Breach> {
    fn from(error: Error) -> Self {
        Self::new(Breach { event: Event::AuditForkDetected, error, anchor: None, head: None })
    }
}

/// The published checkpoint, its signature checked; `None` before the first one.
///
/// # Errors
/// It cannot be read, or is not one of this log.
pub(crate) fn published(home: &Home, key: &VerifierKey) -> Result<Option<Checkpoint>, Error> {
    read(&home.checkpoint(), key)
}

/// The newest checkpoint that this user has seen; `None` when there is no state directory or nothing was seen yet.
///
/// # Errors
/// As [`published`].
pub(crate) fn seen(home: &Home, key: &VerifierKey) -> Result<Option<Checkpoint>, Error> {
    home.seen(key.name()).map_or(Ok(None), |file| read(&file, key))
}

fn read(file: &Path, key: &VerifierKey) -> Result<Option<Checkpoint>, Error> {
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::file(file, "read", error)),
    };
    Checkpoint::open(&bytes, key).map(Some).map_err(|error| {
        Error::new(ErrorKind::Verification, format!("the checkpoint `{}` is not one of this log", file.display()))
            .hint("compare it with the copy of an auditor; nothing is signed until this is settled")
            .because(error)
    })
}

/// Refuses a store that lacks records of an anchor, or has others: it was rolled back, or its history forked.
pub(crate) fn check(home: &Home, key: &VerifierKey, store: &dyn Store) -> Result<(), Box<Breach>> {
    // The anchors are read before the store: what another process adds meanwhile is then no going back.
    let (published, seen) = (published(home, key)?, seen(home, key)?);
    let head = store.head().map_err(Error::from)?;
    // Only a home that is being made has no checkpoint; one that was taken away must not free the log to go back.
    if published.is_none() && head.size() > 0 {
        let what = format!("the log has {} records, but its checkpoint is gone", head.size());
        return Err(refusal(what).into());
    }
    let seen_file = home.seen(key.name());
    let anchors: [(Option<Checkpoint>, &str, Option<PathBuf>); 2] = [
        (published, "published checkpoint", Some(home.checkpoint())),
        (seen, "checkpoint that this user saw last", seen_file),
    ];
    for (anchor, what, file) in anchors {
        let Some(anchor) = anchor else { continue };
        let file = file.unwrap_or_default();
        let place = format!(
            "{what}, `{}`, covers {} with the root {}",
            file.display(),
            anchor.size,
            encoding::hex(&anchor.root)
        );
        let (event, error) = if head.size() < anchor.size {
            let root = encoding::hex(&head.root());
            let error = refusal(format!(
                "the log was rolled back: it has {} records with the root {root}, its {place}",
                head.size()
            ));
            (Event::AuditRollbackDetected, error)
        } else {
            let leaves =
                if head.size() == anchor.size { None } else { Some(store.leaves(anchor.size).map_err(Error::from)?) };
            let root = leaves.map_or_else(|| head.root(), |leaves| root_of(&leaves));
            if root == anchor.root {
                continue;
            }
            let root = encoding::hex(&root);
            let error = refusal(format!(
                "the log was altered: its first {} records have the root {root}, its {place}",
                anchor.size
            ));
            (Event::AuditForkDetected, error)
        };
        return Err(Box::new(Breach { event, error, anchor: Some(anchor), head: Some(head) }));
    }
    Ok(())
}

fn refusal(what: String) -> Error {
    Error::new(ErrorKind::Verification, what)
        .hint(LogHint::Restore)
        .hint("if neither has them, ask the auditors; nothing is signed until this is settled")
}

/// Keeps the published checkpoint as the newest that this user has seen; an older one is never kept in place of a newer.
///
/// # Errors
/// It cannot be read or written.
pub(crate) fn remember(home: &Home, key: &VerifierKey) -> Result<(), Error> {
    let Some(file) = home.seen(key.name()) else { return Ok(()) };
    let Some(published) = published(home, key)? else { return Ok(()) };
    if seen(home, key)?.is_some_and(|seen| seen.size >= published.size) {
        return Ok(());
    }
    let bytes = std::fs::read(home.checkpoint()).map_err(|error| Error::file(&home.checkpoint(), "read", error))?;
    let unwritable = |error| Error::file(&file, "write", error);
    durable::create_directory(durable::parent(&file)).map_err(unwritable)?;
    durable::write(&file, &bytes, durable::PRIVATE).map_err(unwritable)
}

fn root_of(leaves: &[certroll_base::encoding::Sha256]) -> certroll_base::encoding::Sha256 {
    let mut frontier = Frontier::new();
    leaves.iter().for_each(|leaf| frontier.push(*leaf));
    frontier.root()
}
