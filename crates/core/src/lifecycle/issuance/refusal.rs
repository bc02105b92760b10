//! What policy refuses, on record with every reason.

use std::sync::Arc;

use crate::audit::record::draft::Draft;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Failure, Outcome};
use crate::audit::record::value::Id;
use crate::error::{Error, ErrorKind};
use crate::hint::certificate::CertificateHint;
use crate::lifecycle::journal::Journal;
use crate::lifecycle::session::Session;
use crate::lifecycle::signing::announce::{self, RequestContext};
use crate::policy::Refused;
use certroll_base::clock::Timestamp;

/// The record of what policy refuses, whichever way the request came.
pub(crate) fn record(
    journal: &Journal,
    now: Timestamp,
    context: &RequestContext,
    key: &str,
    refused: &Refused,
) -> Draft {
    let mut record = journal.draft(Event::CertReject, Outcome::Denied, Id::new(now));
    record.why = context.why.clone();
    record.req = Some(announce::facts(context, &refused.request, key, None));
    record.pol = Some(Arc::new(refused.decision.clone()));
    record.err = Some(Failure { code: "policy".to_owned(), text: refused.reasons.join("; ") });
    record
}

/// Records what policy refuses, and makes the error that the user sees.
///
/// # Errors
/// It cannot be recorded.
pub(crate) fn by_policy(
    session: &mut Session,
    context: &RequestContext,
    key: &str,
    refused: &Refused,
) -> Result<Error, Error> {
    let record = record(&session.journal, session.clock.now(), context, key, refused);
    session.journal.commit(vec![record], Vec::new())?;
    Ok(error(refused).on_record())
}

/// Every reason on a line of its own.
fn error(refused: &Refused) -> Error {
    let name = &refused.request.name;
    let count = match refused.reasons.len() {
        1 => "one reason".to_owned(),
        several => format!("{several} reasons"),
    };
    Error::new(ErrorKind::Refused, format!("policy refuses `{name}` for {count}"))
        .because(refused.reasons.join("\n"))
        .hint(CertificateHint::SeePolicies)
}
