//! Writes into the log what happened while it could not be written: the entries of the spool, revocations among them.

use super::break_glass;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Failure, Outcome};
use crate::audit::record::value::Id;
use crate::error::Error;
use crate::lifecycle::journal::{Journal, spool};
use crate::lifecycle::layout::home::Home;
use certroll_base::clock::Clock;
use certroll_base::durable;

/// Writes into the log what was kept, in its order and marked as late, and empties the spool. Returns how many there were.
///
/// An entry that became a record before, because a run was killed in between, becomes no second one.
///
/// # Errors
/// The log cannot be written; the spool then stays as it is.
pub fn merge(journal: &mut Journal, home: &Home, clock: &dyn Clock) -> Result<usize, Error> {
    let verifier = journal.key().verifier().clone();
    let Some(file) = home.spool(verifier.name()).filter(|file| file.exists()) else { return Ok(0) };
    let _lock = spool::lock(&file)?;
    let (mut merged, mut foreign) = (0, Vec::new());
    for line in spool::lines(home, &verifier)? {
        let (entry, signed) = match line {
            Ok(entry) => entry,
            Err(text) => {
                foreign.push(text);
                continue;
            }
        };
        if journal.store().record(&entry.id)?.is_some() {
            continue;
        }
        if signed && entry.ev == Event::CertRevoked {
            break_glass::merge(journal, home, &entry)?;
        } else {
            let op = Id::new(entry.ts);
            let draft = spool::late(journal, &entry, op, signed);
            journal.append(vec![draft], Vec::new())?;
        }
        merged += 1;
    }
    if !foreign.is_empty() {
        // Written by hand, or cut off by a crash: it is kept for people to look at, and counts as nothing.
        let aside = file.with_extension("rejected");
        let text: String = foreign.iter().map(|line| format!("{line}\n")).collect();
        durable::write(&aside, text.as_bytes(), durable::PRIVATE)
            .map_err(|error| Error::file(&aside, "write", error))?;
        let mut draft = journal.draft(Event::AuditDegraded, Outcome::Fail, Id::new(clock.now()));
        let text =
            format!("{} lines of the spool are no entries of this log; they are in {}", foreign.len(), aside.display());
        draft.err = Some(Failure { code: "spool".to_owned(), text });
        journal.append(vec![draft], Vec::new())?;
    }
    if merged > 0 || !foreign.is_empty() {
        journal.publish()?;
    }
    match std::fs::remove_file(&file) {
        // Another process has merged the same entries, and was quicker.
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::file(&file, "remove", error)),
        _ => Ok(merged),
    }
}
