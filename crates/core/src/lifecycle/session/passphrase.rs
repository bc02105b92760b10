//! Another passphrase for a home, or a key file in place of it.
//!
//! The key of the home stays; the file that holds it encrypted is replaced in one rename. Killed anywhere, a home is left that
//! the old or the new passphrase opens, and nothing that is encrypted is touched.
//!
//! A home of version 0.1, whose keys are encrypted under the passphrase itself, is first given a key of its own under the old
//! passphrase. Then each key is encrypted anew, by itself: all the while the old passphrase opens either form. The rename to
//! the new passphrase comes last.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Session;
use super::home_key::{self, HomeKey, Opener, UnlockError, read_encrypted};
use crate::audit::record::draft::Draft;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Failure, Outcome, Why};
use crate::audit::record::value::Id;
use crate::error::{Error, ErrorKind, describe};
use crate::lifecycle::journal::sessions;
use crate::lifecycle::layout::home::Home;
use crate::store::Change;
use certroll_base::durable;
use certroll_base::encoding;
use certroll_base::lock::Lock;
use certroll_base::secret::Secret;
use certroll_pki::container::pem::{self, Label};

/// What was done.
#[derive(Debug)]
pub struct ChangedPassphrase {
    /// How many keys were encrypted anew: none but in a home of version 0.1.
    pub reencrypted: usize,
    /// Key files in the home that its passphrase does not open; they stay as they are.
    pub foreign: Vec<PathBuf>,
}

/// Makes `new` open the home, and what opened `session` open it no more.
///
/// # Errors
/// The log or the home cannot be written; another process works in a home of version 0.1, or changes the passphrase as well.
/// The home then opens as before, unless the error says otherwise.
pub fn change(session: &mut Session, old: &Secret, new: &Opener, why: Why) -> Result<ChangedPassphrase, Error> {
    let lock = session.home.run().join("passphrase.lock");
    let _lock = Lock::acquire(&lock).map_err(|error| Error::file(&lock, "lock", error))?;
    if !session.keys.still_open(&session.home)? {
        return Err(Error::new(ErrorKind::Locked, "another process has just changed the passphrase of this home"));
    }
    let (op, why) = (Id::new(session.clock.now()), Arc::new(why));
    let draft = |session: &Session, outcome| -> Draft {
        let mut draft = session.journal.draft(Event::HomePassphrase, outcome, op);
        draft.why = Some(Arc::clone(&why));
        draft.x.insert("opener".to_owned(), new.name().into());
        draft
    };
    let begun = draft(session, Outcome::Pending);
    session.journal.commit(vec![begun], Vec::new())?;
    let (changed, ended) = match switch(session, old, new) {
        Ok((changed, digest)) => {
            let mut ended = draft(session, Outcome::Ok);
            ended.x.insert("home_key_sha256".to_owned(), digest.into());
            ended.x.insert("reencrypted".to_owned(), changed.reencrypted.into());
            (Ok(changed), ended)
        }
        Err(error) => {
            let mut ended = draft(session, Outcome::Fail);
            ended.err = Some(Failure { code: "home".to_owned(), text: describe(&error) });
            (Err(error), ended)
        }
    };
    match session.journal.commit(vec![ended], Vec::new()) {
        Ok(_) => changed,
        Err(unwritable) => match changed {
            Ok(_) => Err(unwritable.hint("the passphrase IS changed: only the record of the end is missing")),
            Err(error) => Err(error),
        },
    }
}

/// Answers what was done, and the digest of the file that the new passphrase opens.
fn switch(session: &mut Session, old: &Secret, new: &Opener) -> Result<(ChangedPassphrase, String), Error> {
    let mut changed = ChangedPassphrase { reencrypted: 0, foreign: Vec::new() };
    if session.keys.is_under_passphrase() {
        let text = HomeKey::generate().wrapped_unfinished(&Opener::Passphrase(old.clone()))?;
        write_key(&session.home, &text)?;
        let (keys, _) = home_key::unlock(&session.home, old.clone()).map_err(|unopened| match unopened {
            UnlockError::Denied(error) => home_key::wrong_passphrase(error),
            UnlockError::Other(error) => error,
        })?;
        session.keys = Arc::new(keys);
    }
    if session.keys.is_unfinished() {
        alone(session)?;
        reencrypt(session, &mut changed)?;
    }
    let missing = || Error::new(ErrorKind::Failed, "this home has no key of its own");
    let text = session.keys.own_key().ok_or_else(missing)?.wrapped(new)?;
    write_key(&session.home, &text)?;
    Ok((changed, encoding::hex(&encoding::sha256(text.as_bytes()))))
}

fn write_key(home: &Home, text: &str) -> Result<(), Error> {
    let file = home.key();
    durable::write(&file, text.as_bytes(), durable::PRIVATE).map_err(|error| Error::file(&file, "write", error))
}

/// No other process may still write keys under the passphrase itself. One that opens the home from now on finds its own key.
fn alone(session: &Session) -> Result<(), Error> {
    let own = session.journal.session();
    let others = sessions::files(&session.home).into_iter().filter(|(id, _)| *id != own);
    match others.into_iter().find(|(id, _)| sessions::is_alive(&session.home, id)) {
        None => Ok(()),
        Some((id, _)) => {
            let text = format!("the process of session {id} is still at work in this home");
            Err(Error::new(ErrorKind::Locked, text).hint("run the command again when it has ended"))
        }
    }
}

/// Encrypts under the home's own key what is still encrypted under the passphrase itself. Each key is readable at each moment.
fn reencrypt(session: &mut Session, changed: &mut ChangedPassphrase) -> Result<(), Error> {
    let mut changes = Vec::new();
    for (id, encrypted) in session.journal.store().held_keys()? {
        if let Some(pkcs8) = anew(session, &encrypted)? {
            changes.push(Change::SetHeldKey { id, pkcs8 });
        }
    }
    for intent in session.journal.store().open_intents()? {
        let Some(encrypted) = &intent.key else { continue };
        if let Some(key) = anew(session, encrypted)? {
            changes.push(Change::SetIntentKey { op: intent.op, key });
        }
    }
    changed.reencrypted += changes.len();
    if !changes.is_empty() {
        session.journal.commit(Vec::new(), changes)?;
    }
    for file in key_files(&session.home)? {
        let (_, encrypted) = read_encrypted(&file)?;
        match anew(session, encrypted.expose()) {
            Ok(None) => {}
            Ok(Some(der)) => {
                let text = pem::encode(Label::EncryptedPrivateKey, &der);
                durable::write(&file, text.as_bytes(), durable::PRIVATE)
                    .map_err(|error| Error::file(&file, "write", error))?;
                changed.reencrypted += 1;
            }
            Err(error) if error.kind == ErrorKind::Permission => changed.foreign.push(file),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The key under the home's own key; `None` when it is already.
fn anew(session: &Session, encrypted: &[u8]) -> Result<Option<Vec<u8>>, Error> {
    if session.keys.is_under_own_key(encrypted) {
        return Ok(None);
    }
    let plain = session.keys.open(encrypted)?;
    let failed = |error| Error::new(ErrorKind::Failed, "a private key cannot be encrypted").because(error);
    session.keys.encryption.encrypt(plain.expose()).map(Some).map_err(failed)
}

/// The key files of log, CAs and issuers elsewhere. The key of the log is the last one: until then the next process finds that
/// the work is not finished from any of the others, too.
fn key_files(home: &Home) -> Result<Vec<PathBuf>, Error> {
    let mut directories = vec![home.authorities()];
    directories.extend(entries(&home.issuers())?.into_iter().filter(|path| path.is_dir()));
    let mut files = Vec::new();
    for directory in directories {
        let is_key = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            path.is_file() && name.ends_with(".key.pem") && !name.starts_with('.')
        };
        files.extend(entries(&directory)?.into_iter().filter(is_key));
    }
    files.sort_unstable();
    files.push(home.log_key());
    Ok(files)
}

fn entries(directory: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |error| Error::file(directory, "read the directory", error);
    match std::fs::read_dir(directory) {
        Ok(entries) => entries.map(|entry| entry.map(|entry| entry.path()).map_err(failed)).collect(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(failed(error)),
    }
}
