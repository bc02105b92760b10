//! Cosignatures come home: lines of witnesses are checked, put on record and kept with the checkpoint they are for.
//!
//! `log/cosigned/SIZE` holds the checkpoint of that size as a whole note: the log's own signature first, then one line for
//! each witness. It is what receipts are made from.

use std::fs;
use std::path::{Path, PathBuf};

use crate::audit::record::event::Event;
use crate::audit::record::facts::Outcome;
use crate::audit::record::value::Id;
use crate::error::{Error, ErrorKind};
use crate::lifecycle::layout::home::Home;
use crate::lifecycle::session::Session;
use certroll_base::durable;
use certroll_base::encoding;
use certroll_base::lock::Lock;
use certroll_tlog::{
    Checkpoint, Cosigned, Frontier, Note, NoteError, NoteSignature, VerifierKey, WitnessPolicy, WitnessVerifierKey,
};

/// A trust policy (C2SP tlog-policy) from a file.
///
/// # Errors
/// It cannot be read, or is none; the line is named.
pub fn read_policy(path: &Path) -> Result<WitnessPolicy, Error> {
    let bytes = certroll_base::input::read(path).map_err(|error| Error::file(path, "read the policy", error))?;
    WitnessPolicy::parse(&bytes).map_err(|error| {
        Error::new(ErrorKind::Usage, format!("`{}` is not a trust policy", path.display()))
            .hint("its form is that of https://c2sp.org/tlog-policy")
            .because(error)
    })
}

/// What was taken home.
pub struct Accepted {
    /// The checkpoint that was cosigned.
    pub checkpoint: Checkpoint,
    /// By whom and when; those that were known already are not in it.
    pub cosigned: Vec<Cosigned>,
    /// Where the checkpoint now lies with all its signatures.
    pub file: PathBuf,
}

/// Checks the cosignatures in `bytes` against the witnesses of a policy, and keeps them.
///
/// `bytes` are signature lines as `certroll audit cosign` prints them, or a whole checkpoint with its signatures. For lines
/// alone the checkpoint is found by trying the sizes that the log has had, newest first.
///
/// # Errors
/// A line is of a witness that the policy does not know, is wrong, or is for no checkpoint of this log. Nothing was kept then.
pub fn accept(session: &mut Session, bytes: &[u8], policy: &WitnessPolicy) -> Result<Accepted, Error> {
    let lock = session.home.run().join("cosigned.lock");
    let _held = Lock::acquire(&lock).map_err(|error| Error::file(&lock, "write", error))?;
    let (checkpoint, lines) = offered(session, bytes, policy)?;
    let directory = session.home.cosigned();
    let file = directory.join(checkpoint.size.to_string());
    let mut kept = kept_note(session, &checkpoint, &file)?;
    let mut cosigned = Vec::new();
    for (name, key) in policy.witnesses() {
        let Some(line) = lines.iter().find(|line| is_of(line, key)) else { continue };
        let second = only(&checkpoint, line, key)?;
        match key.cosigned(&kept) {
            // What was signed earlier says no less; a later time by the same witness takes its place.
            Ok(Some(known)) if known >= second => continue,
            _ => kept = replaced(&kept, line, key)?,
        }
        cosigned.push(Cosigned { witness: name.to_owned(), second });
    }
    if cosigned.is_empty() {
        return Ok(Accepted { checkpoint, cosigned, file });
    }
    let op = Id::new(session.clock.now());
    let record = |one: &Cosigned| {
        let mut record = session.journal.draft(Event::AuditCosigned, Outcome::Ok, op);
        record.x.insert("witness".to_owned(), one.witness.clone().into());
        record.x.insert("time".to_owned(), one.second.into());
        record.x.insert("size".to_owned(), checkpoint.size.into());
        record.x.insert("root".to_owned(), encoding::hex(&checkpoint.root).into());
        record
    };
    let records = cosigned.iter().map(record).collect();
    // On record first: a run that is killed here is repeated, and says so twice rather than never.
    session.journal.commit(records, Vec::new())?;
    durable::create_directory(&directory).map_err(|error| Error::file(&directory, "make the directory", error))?;
    durable::write(&file, &kept.to_bytes(), durable::PUBLIC).map_err(|error| Error::file(&file, "write", error))?;
    Ok(Accepted { checkpoint, cosigned, file })
}

/// The checkpoint that the lines are for, and those of witnesses.
fn offered(
    session: &mut Session,
    bytes: &[u8],
    policy: &WitnessPolicy,
) -> Result<(Checkpoint, Vec<NoteSignature>), Error> {
    let key = session.journal.verifier().clone();
    let malformed = |error: NoteError| {
        Error::new(ErrorKind::Usage, "not cosignatures: neither signature lines nor a checkpoint with them")
            .because(error)
    };
    let note = Note::parse(bytes).ok().filter(|note| Checkpoint::parse_body(note.text()).is_ok());
    let lines = match &note {
        Some(note) => note.signatures().to_vec(),
        None => NoteSignature::parse_lines(bytes).map_err(malformed)?,
    };
    let own = |line: &NoteSignature| line.name == key.name() && line.key_id == key.id();
    let lines: Vec<_> = lines.into_iter().filter(|line| !own(line)).collect();
    for line in &lines {
        if !policy.witnesses().any(|(_, key)| is_of(line, key)) {
            let name = &line.name;
            return Err(Error::new(
                ErrorKind::Verification,
                format!("the policy does not know the witness `{name}`, or not by this key"),
            )
            .hint(
                "add a line `witness NAME VKEY` with the key that the witness gave you to `log/policy` of the home",
            ));
        }
    }
    let Some(first) = lines.first() else {
        return Err(Error::new(ErrorKind::Usage, "there is no cosignature in it"));
    };
    // What is signed below is one of these heads: only leaves that lead to the head that this process has checked count.
    let leaves = session.journal.proven_leaves()?;
    let fits = |checkpoint: &Checkpoint| {
        policy.witnesses().any(|(_, key)| is_of(first, key) && only(checkpoint, first, key).is_ok())
    };
    let mut frontier = Frontier::new();
    let mut roots = vec![frontier.root()];
    for leaf in leaves {
        frontier.push(leaf);
        roots.push(frontier.root());
    }
    let at = |(size, root): (u64, &[u8; 32])| Checkpoint { origin: key.name().to_owned(), size, root: *root };
    let found = match &note {
        Some(note) => {
            let named = Checkpoint::of(note, &key).map_err(|error| {
                Error::new(ErrorKind::Verification, "the checkpoint is not one of this log").because(error)
            })?;
            (0..).zip(&roots).map(at).find(|own| *own == named)
        }
        None => (0..).zip(&roots).map(at).collect::<Vec<_>>().into_iter().rev().find(fits),
    };
    let found = found.ok_or_else(|| {
        Error::new(ErrorKind::Verification, format!("the line of `{}` is for no checkpoint of this log", first.name))
            .hint("was it made for this log? if it was, the log is not what the witness saw: compare the checkpoints")
    })?;
    Ok((found, lines))
}

fn is_of(line: &NoteSignature, key: &WitnessVerifierKey) -> bool {
    line.name == key.name() && line.key_id == key.id()
}

/// When the witness signed just this checkpoint.
fn only(checkpoint: &Checkpoint, line: &NoteSignature, key: &WitnessVerifierKey) -> Result<u64, Error> {
    let wrong = |error: NoteError| {
        Error::new(ErrorKind::Verification, format!("the cosignature of `{}` is not for this checkpoint", key.name()))
            .because(error)
    };
    let mut note = Note::new(checkpoint.body()).map_err(wrong)?;
    note.add(line.clone()).map_err(wrong)?;
    key.cosigned(&note).map_err(wrong)?.ok_or_else(|| wrong(NoteError::NotSigned(key.name().to_owned())))
}

/// The note that is kept for a checkpoint, or a new one that this log signs: again, if it was published; the same bytes.
fn kept_note(session: &Session, checkpoint: &Checkpoint, file: &Path) -> Result<Note, Error> {
    let damaged = |error: &dyn std::fmt::Display| {
        Error::new(ErrorKind::Verification, format!("`{}` is not a checkpoint of this log", file.display()))
            .because(error.to_string())
    };
    let fresh = || {
        let signed = checkpoint.sign(session.journal.key()).map_err(|error| damaged(&error))?;
        Note::parse(&signed).map_err(|error| damaged(&error))
    };
    match certroll_base::input::read(file) {
        Ok(bytes) => {
            let note = Note::parse(&bytes).map_err(|error| damaged(&error))?;
            if is_of_another_log(&note, session.journal.verifier()) {
                return fresh();
            }
            let kept = Checkpoint::of(&note, session.journal.verifier()).map_err(|error| damaged(&error))?;
            if kept == *checkpoint { Ok(note) } else { Err(damaged(&"it is of another size or root")) }
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => fresh(),
        Err(error) => Err(Error::file(file, "read", error)),
    }
}

fn replaced(note: &Note, line: &NoteSignature, key: &WitnessVerifierKey) -> Result<Note, Error> {
    let failed = |error: NoteError| Error::new(ErrorKind::Failed, "the cosignature cannot be added").because(error);
    let mut new = Note::new(note.text().to_owned()).map_err(failed)?;
    for old in note.signatures().iter().filter(|old| !is_of(old, key)) {
        new.add(old.clone()).map_err(failed)?;
    }
    new.add(line.clone()).map_err(failed)?;
    Ok(new)
}

/// The largest checkpoint that witnesses cosigned and that covers at least so many records, with all its signatures.
///
/// Those of an earlier log of this home, one that was given up for a new origin, are passed over.
///
/// # Errors
/// A kept file cannot be read, or is not a checkpoint of this log.
pub fn newest(home: &Home, key: &VerifierKey, at_least: u64) -> Result<Option<(Note, Checkpoint)>, Error> {
    let directory = home.cosigned();
    let entries = match fs::read_dir(&directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::file(&directory, "read", error)),
    };
    let size_of = |name: &str| name.parse::<u64>().ok().filter(|size| size.to_string() == name);
    let mut sizes: Vec<_> = entries.flatten().filter_map(|entry| size_of(entry.file_name().to_str()?)).collect();
    sizes.retain(|size| *size >= at_least);
    sizes.sort_unstable();
    for size in sizes.into_iter().rev() {
        let file = directory.join(size.to_string());
        let bytes = certroll_base::input::read(&file).map_err(|error| Error::file(&file, "read", error))?;
        let wrong = |error: Box<dyn std::error::Error + Send + Sync>| {
            Error::new(ErrorKind::Verification, format!("`{}` is not a checkpoint of this log", file.display()))
                .because(error)
        };
        let note = Note::parse(&bytes).map_err(|error| wrong(error.into()))?;
        if is_of_another_log(&note, key) {
            continue;
        }
        let checkpoint = Checkpoint::of(&note, key).map_err(|error| wrong(error.into()))?;
        if checkpoint.size != size {
            return Err(wrong(format!("it covers {} records", checkpoint.size).into()));
        }
        return Ok(Some((note, checkpoint)));
    }
    Ok(None)
}

fn is_of_another_log(note: &Note, key: &VerifierKey) -> bool {
    Checkpoint::parse_body(note.text()).is_ok_and(|checkpoint| checkpoint.origin != key.name())
}
