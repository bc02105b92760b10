//! What policy refuses, on record with every reason.

use std::sync::Arc;

use super::approve::Refused;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Failure, Outcome};
use crate::audit::record::value::Id;
use crate::error::Error;
use crate::lifecycle::session::Session;
use crate::lifecycle::signing::announce::{self, RequestContext};

/// Records what policy refuses, and makes the error that the user sees.
///
/// # Errors
/// It cannot be recorded.
pub(crate) fn by_policy(session: &mut Session, occasion: &RequestContext, refused: Refused) -> Result<Error, Error> {
    let op = Id::new(session.clock.now());
    let mut record = session.journal.draft(Event::CertReject, Outcome::Denied, op);
    record.why = occasion.why.clone();
    record.req = Some(announce::facts(occasion, &refused.request, None));
    record.pol = Some(Arc::new(refused.decision.clone()));
    record.err = Some(Failure { code: "policy".to_owned(), text: refused.reasons.join("; ") });
    session.journal.commit(vec![record], Vec::new())?;
    Ok(refused.into_error().on_record())
}
