//! Processes that died without ending their session.

use crate::audit::record::event::Event;
use crate::audit::record::facts::{Failure, Outcome};
use crate::error::Error;
use crate::lifecycle::journal::{Journal, sessions};
use crate::lifecycle::layout::home::Home;
use certroll_base::lock::Lock;

/// Records the end of every process that died without one. Idempotent; two at once record each once.
///
/// # Errors
/// The log cannot be written.
pub(crate) fn end_crashed(journal: &mut Journal, home: &Home) -> Result<usize, Error> {
    let mut ended = 0;
    for (session, file) in sessions::files(home) {
        if session == journal.session() {
            continue;
        }
        // Held until the record is written: until then other processes take this one for alive.
        let Ok(Some(_lock)) = Lock::try_acquire(&file) else { continue };
        let marked = match std::fs::read(&file) {
            Ok(bytes) => !bytes.is_empty(),
            Err(_) => continue,
        };
        if marked {
            let mut crash = journal.draft(Event::SessionCrash, Outcome::Fail, session);
            let text = format!("session {session} ended without saying so");
            crash.err = Some(Failure { code: "crash".to_owned(), text });
            journal.append(vec![crash], Vec::new())?;
            ended += 1;
        }
        let _ = std::fs::remove_file(&file);
    }
    Ok(ended)
}
