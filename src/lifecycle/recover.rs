//! Recovery: what processes that died left open is ended, before anything new begins.

use super::error::Error;
use super::services::Services;
use super::sessions;
use crate::audit::event::Event;
use crate::audit::facts::{Failure, Outcome, Reference};
use crate::store::{Change, IntentKind, OpenIntent, StoreError};

/// Ends every open intent of processes that are gone, and signs a checkpoint over what they left without one: nothing that
/// they recorded goes out before. Idempotent; two at once end each intent once.
///
/// A private CA's certificate that has no record was never let out of the dead process's memory: its intent is abandoned.
///
/// # Errors
/// The log cannot be read or written.
pub fn recover(services: &mut Services) -> Result<usize, Error> {
    let open = services.journal.store().open_intents()?;
    let mut ended = 0;
    for intent in open {
        if intent.session == services.journal.session() || sessions::is_alive(&services.home, &intent.session) {
            continue;
        }
        let (event, outcome, text) = match intent.kind {
            IntentKind::Issue => (
                Event::CertIssueAbandoned,
                Outcome::Fail,
                "the process ended before a certificate was recorded; none was let out",
            ),
            IntentKind::Revoke => {
                (Event::CertRevokeFailed, Outcome::Fail, "the process ended before the revocation took effect")
            }
        };
        match end(services, &intent, (event, outcome, text)) {
            Ok(()) => ended += 1,
            // Another process was quicker.
            Err(error) if is_conflict(&error) => {}
            Err(error) => return Err(error),
        }
    }
    services.journal.publish()?;
    Ok(ended)
}

fn end(
    services: &mut Services,
    intent: &OpenIntent,
    (event, outcome, text): (Event, Outcome, &str),
) -> Result<(), Error> {
    let mut record = services.journal.draft(event, outcome, intent.op);
    let (seq, leaf) = intent.reference;
    record.reference = Some(Reference { seq, leaf: leaf.into() });
    record.err = Some(Failure { code: "crash".to_owned(), text: text.to_owned() });
    services.journal.append(vec![record], vec![Change::CloseIntent(intent.op)])?;
    Ok(())
}

/// Whether another process was quicker.
pub(super) fn is_conflict(error: &Error) -> bool {
    std::error::Error::source(error)
        .and_then(|cause| cause.downcast_ref())
        .is_some_and(|e| matches!(e, StoreError::Conflict(_)))
}
