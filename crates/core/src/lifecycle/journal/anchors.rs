//! Anchors: signed checkpoints kept outside the store, which it must never fall behind or contradict.
//!
//! One is published in the home. Another, the newest that this user has seen, stands in the state directory of the user: who
//! sets the whole home back, checkpoint included, does not reach it. The third is with the auditors.

use std::io::ErrorKind as IoErrorKind;
use std::path::{Path, PathBuf};

use crate::audit::record::event::Event;
use crate::error::{Error, ErrorKind};
use crate::hint::home::{HomeHint, LogHint};
use crate::lifecycle::layout::home::Home;
use crate::store::{Contradiction, ContradictionKind, Store, StoreError};
use certroll_base::durable;
use certroll_base::encoding;
use certroll_base::lock::Lock;
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
        Err(error) if matches!(error.kind(), IoErrorKind::NotFound | IoErrorKind::NotADirectory) => return Ok(None),
        Err(error) => return Err(Error::file(file, "read", error)),
    };
    Checkpoint::open(&bytes, key).map(Some).map_err(|error| {
        Error::new(ErrorKind::Verification, format!("the checkpoint `{}` is not one of this log", file.display()))
            .hint("compare it with the copy of an auditor; nothing is signed until this is settled")
            .because(error)
    })
}

/// Proves that the store goes on from every anchor, and makes what it holds the head that this process has checked. Refused is a
/// store that lacks records of an anchor, has others, or has some that were not written with the passphrase.
pub(crate) fn check(home: &Home, key: &VerifierKey, store: &mut dyn Store) -> Result<(), Box<Breach>> {
    // The anchors are read before the store: what another process adds meanwhile is then no going back.
    let (published, seen) = (published(home, key)?, seen(home, key)?);
    let head = store.stored_head().map_err(Error::from)?;
    // Only a home that is being made has no checkpoint; one that was taken away must not free the log to go back.
    if published.is_none() && head.size() > 0 {
        return Err(checkpoint_gone(head.size()).into());
    }
    let anchors: Vec<_> = [
        (published, "published checkpoint", Some(home.checkpoint())),
        (seen, "checkpoint that this user saw last", home.seen(key.name())),
    ]
    .into_iter()
    .filter_map(|(anchor, what, file)| Some(Anchor { checkpoint: anchor?, what, file: file? }))
    .collect();
    let known: Vec<_> = anchors.iter().map(|anchor| (anchor.checkpoint.size, anchor.checkpoint.root)).collect();
    match store.check_head(&known) {
        Ok(_) => Ok(()),
        Err(StoreError::Contradiction(found)) => Err(breach(found, head, anchors)),
        Err(error) => Err(Error::from(error).into()),
    }
}

/// A signed checkpoint, and where it is kept.
struct Anchor {
    checkpoint: Checkpoint,
    what: &'static str,
    file: PathBuf,
}

fn breach(found: Contradiction, head: Frontier, anchors: Vec<Anchor>) -> Box<Breach> {
    let contradicted =
        anchors.into_iter().find(|anchor| (anchor.checkpoint.size, anchor.checkpoint.root) == found.known);
    let error = match &contradicted {
        Some(Anchor { checkpoint, what, file }) => {
            let (size, root) = (checkpoint.size, encoding::hex(&checkpoint.root));
            refusal(format!("{found}, its {what}, `{}`, covers {size} with the root {root}", file.display()))
        }
        None => StoreError::Contradiction(found).into(),
    };
    let anchor = contradicted.map(|anchor| anchor.checkpoint);
    Box::new(Breach { event: event(&found), error, anchor, head: Some(head) })
}

/// The event that tells of a contradiction.
pub(crate) fn event(found: &Contradiction) -> Event {
    match found.kind {
        ContradictionKind::RolledBack => Event::AuditRollbackDetected,
        ContradictionKind::Altered | ContradictionKind::Unsealed => Event::AuditForkDetected,
    }
}

/// The error for a log with records and no checkpoint.
pub(crate) fn checkpoint_gone(size: u64) -> Error {
    refusal(format!("the log has {size} records, but its checkpoint is gone"))
}

fn refusal(what: String) -> Error {
    Error::new(ErrorKind::Verification, what)
        .hint(LogHint::Restore)
        .hint("if neither has them, ask the auditors; nothing is signed until this is settled")
}

/// Refuses a checkpoint that the log, as this process has checked it, does not go on from.
///
/// # Errors
/// It does not, or the store cannot be read.
pub(crate) fn require_extends(store: &mut dyn Store, checkpoint: &Checkpoint) -> Result<(), StoreError> {
    let head = store.follow_head()?;
    let known = (checkpoint.size, checkpoint.root);
    if checkpoint.size > head.size() {
        let found = (head.size(), head.root());
        return Err(Contradiction { kind: ContradictionKind::RolledBack, known, found }.into());
    }
    let root = store.root_at(checkpoint.size)?;
    if root != checkpoint.root {
        let kind = ContradictionKind::Altered;
        return Err(Contradiction { kind, known, found: (checkpoint.size, root) }.into());
    }
    Ok(())
}

/// The error for a home of which nothing outside remembers how far its log has come.
pub(crate) fn unremembered() -> Error {
    let what = "nothing outside the home remembers how far its log has come: that it was set back would not be noticed";
    Error::new(ErrorKind::Failed, what).hint(HomeHint::SetStateDirectory)
}

/// Keeps the published checkpoint as the newest that this user has seen. Both it and the one in its place must be what the log
/// goes on from; an older one is never kept in place of a newer.
///
/// # Errors
/// It cannot be read or written, or contradicts the log.
pub(crate) fn remember(home: &Home, key: &VerifierKey, store: &mut dyn Store) -> Result<(), Error> {
    let file = home.seen(key.name()).ok_or_else(unremembered)?;
    let unwritable = |error| Error::file(&file, "write", error).hint(HomeHint::SetStateDirectory);
    let _turn = Lock::acquire(&home.run().join("publish.lock")).map_err(unwritable)?;
    let (Some(published), seen) = (published(home, key)?, seen(home, key)?) else { return Ok(()) };
    if seen.as_ref() == Some(&published) {
        return Ok(());
    }
    require_extends(store, &published)?;
    if let Some(seen) = seen {
        require_extends(store, &seen)?;
        if seen.size >= published.size {
            return Ok(());
        }
    }
    let bytes = std::fs::read(home.checkpoint()).map_err(|error| Error::file(&home.checkpoint(), "read", error))?;
    if Checkpoint::open(&bytes, key).ok().as_ref() != Some(&published) {
        return Err(checkpoint_gone(published.size));
    }
    durable::create_directory(durable::parent(&file)).map_err(unwritable)?;
    durable::write(&file, &bytes, durable::PRIVATE).map_err(unwritable)
}
