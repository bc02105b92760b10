//! The spool: what happened while the log could not be written or opened, kept in the user's state directory until the next
//! command that can write the log merges it, marked as late.
//!
//! A wrong passphrase, a log found rolled back, a revocation in an emergency: each is a line of [`crate::audit::record::late`].

use std::fs::OpenOptions;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::anchors::Breach;
use crate::audit::record::draft::Draft;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Failure, Outcome};
use crate::audit::record::late::LateEntry;
use crate::audit::record::value::Id;
use crate::error::{Error, ErrorKind};
use crate::hint::home::HomeHint;
use crate::lifecycle::journal::{Agent, Journal};
use crate::lifecycle::layout::home::Home;
use certroll_base::clock::Clock;
use certroll_base::durable;
use certroll_base::encoding;
use certroll_base::lock::Lock;
use certroll_tlog::{LogKey, VerifierKey};

/// What cannot be signed is kept up to this many bytes: wrong passphrases must not fill the disk.
const UNSIGNED_LIMIT: u64 = 256 * 1024;

/// An entry of now, with the actor of this session.
pub(crate) fn entry(agent: &Agent, clock: &dyn Clock, event: Event, outcome: Outcome) -> LateEntry {
    let ts = clock.now();
    LateEntry {
        id: Id::new(ts),
        ts,
        ev: event,
        out: outcome,
        actor: (*agent.actor).clone(),
        why: None,
        cert: None,
        err: None,
        x: serde_json::Map::new(),
        keep: serde_json::Map::new(),
    }
}

/// Adds a line; durable when it returns.
///
/// # Errors
/// There is no state directory, or it cannot be written.
pub(crate) fn keep(home: &Home, origin: &str, entry: &LateEntry, key: Option<&LogKey>) -> Result<PathBuf, Error> {
    let file = home.spool(origin).ok_or_else(|| {
        Error::new(ErrorKind::Audit, "there is no place outside the home to keep a record in")
            .hint(HomeHint::SetStateDirectory)
    })?;
    let unwritable = |error| Error::file(&file, "write", error).of_kind(ErrorKind::Audit);
    let line = entry.line(key);
    let line = line.map_err(|error| Error::new(ErrorKind::Audit, "a late entry cannot be signed").because(error))?;
    let directory = durable::parent(&file);
    durable::create_directory(directory).map_err(unwritable)?;
    let _lock = lock(&file)?;
    let opened = OpenOptions::new().create(true).read(true).append(true).mode(durable::PRIVATE).open(&file);
    let mut opened = opened.map_err(unwritable)?;
    let size = opened.metadata().map_err(unwritable)?.len();
    if key.is_none() && size > UNSIGNED_LIMIT {
        return Ok(file);
    }
    // What a crash cut off must not swallow the next line.
    let torn = size > 0 && !ends_with_line_feed(&file).map_err(unwritable)?;
    let text = format!("{}{line}\n", if torn { "\n" } else { "" });
    let written = opened.write_all(text.as_bytes()).and_then(|()| opened.sync_all());
    if written.is_err() {
        let _ = opened.set_len(size);
    }
    written.and_then(|()| durable::sync_directory(directory)).map_err(unwritable)?;
    Ok(file)
}

fn ends_with_line_feed(file: &Path) -> std::io::Result<bool> {
    Ok(std::fs::read(file)?.ends_with(b"\n"))
}

pub(crate) fn lock(file: &Path) -> Result<Lock, Error> {
    let lock = file.with_extension("lock");
    Lock::acquire(&lock).map_err(|error| Error::file(&lock, "lock", error).of_kind_unless_locked(ErrorKind::Audit))
}

/// Keeps the record of a wrong passphrase. The command fails all the same; that the record could not be kept is said.
///
/// # Errors
/// As [`keep`].
pub fn keep_denied(home: &Home, origin: &str, agent: &Agent, clock: &dyn Clock) -> Result<(), Error> {
    let mut denied = entry(agent, clock, Event::AuthDenied, Outcome::Denied);
    let text = "the passphrase does not open the keys of the home".to_owned();
    denied.err = Some(Failure { code: "passphrase".to_owned(), text });
    keep(home, origin, &denied, None).map(drop)
}

/// Keeps that the store does not hold what an anchor says, once for each finding. Best effort: nothing is signed anyway.
pub(crate) fn keep_breach(home: &Home, key: &LogKey, agent: &Agent, clock: &dyn Clock, breach: &Breach) {
    let (Some(anchor), Some(head)) = (&breach.anchor, &breach.head) else { return };
    let mut found = entry(agent, clock, breach.event, Outcome::Fail);
    found.err = Some(Failure { code: "anchor".to_owned(), text: breach.error.to_string() });
    for (name, value) in [
        ("size", head.size().into()),
        ("root", encoding::hex(&head.root()).into()),
        ("anchor_size", anchor.size.into()),
        ("anchor_root", encoding::hex(&anchor.root).into()),
    ] {
        found.x.insert(name.to_owned(), value);
    }
    let origin = key.verifier().name();
    let before = lines(home, key.verifier()).unwrap_or_default();
    let known =
        before.iter().any(|line| line.as_ref().is_ok_and(|(entry, _)| entry.ev == found.ev && entry.x == found.x));
    if !known {
        let _ = keep(home, origin, &found, Some(key));
    }
}

/// A line that was read: the entry and whether the log's key signed it, or the text that is none.
type SpoolLine = Result<(LateEntry, bool), String>;

/// The lines of the spool of a log.
///
/// # Errors
/// The file is there, but cannot be read.
pub(crate) fn lines(home: &Home, key: &VerifierKey) -> Result<Vec<SpoolLine>, Error> {
    let Some(file) = home.spool(key.name()) else { return Ok(Vec::new()) };
    let mut bytes = Vec::new();
    match std::fs::File::open(&file).and_then(|mut opened| opened.read_to_end(&mut bytes)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::file(&file, "read", error)),
        Ok(_) => {}
    }
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.lines().filter(|line| !line.is_empty());
    Ok(lines.map(|line| LateEntry::parse(line, key).map_err(|_| line.to_owned())).collect())
}

/// The record of a late entry. It has the entry's name; its own time is when it was merged.
pub(crate) fn late(journal: &Journal, entry: &LateEntry, op: Id, signed: bool) -> Draft {
    let mut draft = journal.draft(entry.ev, entry.out, op);
    draft.id = entry.id;
    draft.actor = Some(Arc::new(entry.actor.clone()));
    draft.why = entry.why.clone().map(Arc::new);
    draft.cert = entry.cert.clone();
    draft.err = entry.err.clone();
    draft.x = entry.x.clone();
    for (name, value) in
        [("late", true.into()), ("happened", entry.ts.to_rfc3339_millis().into()), ("signed", signed.into())]
    {
        draft.x.insert(name.to_owned(), value);
    }
    draft
}
