//! Attempts that come to nothing: each leaves a record, whatever stopped it.
//!
//! Policy's refusals have their reasons as `issuance::refusal` finds them. What stops an attempt anywhere else, from a template that
//! does not take a name to a clock that is behind, is recorded where the use case ends, by its [`Attempt`].

use std::sync::Arc;

use crate::audit::record::event::Event;
use crate::audit::record::facts::{CertificateFacts, Failure, Outcome, RequestFacts, TargetFacts, Why};
use crate::audit::record::value::Id;
use crate::error::describe;
use crate::error::{Error, ErrorKind};
use crate::lifecycle::session::Session;

/// A reason is cut after so many bytes: no record is longer than 65535.
const LONGEST_REASON: usize = 8192;

/// What a command tries, as the record of its failure tells of it.
pub struct Attempt {
    event: Event,
    why: Option<Arc<Why>>,
    req: Option<RequestFacts>,
    cert: Option<CertificateFacts>,
    tgt: Option<TargetFacts>,
}

impl Attempt {
    fn new(event: Event) -> Self {
        Self { event, why: None, req: None, cert: None, tgt: None }
    }

    /// To issue a certificate, or a batch of them, under that name.
    pub fn to_issue(name: &str, template: Option<&str>, why: Option<Arc<Why>>) -> Self {
        let names = vec![format!("name:{name}")];
        let req = RequestFacts { template: template.map(str::to_owned), names, ..RequestFacts::default() };
        Self { why, req: Some(req), ..Self::new(Event::CertReject) }
    }

    /// To revoke: what was named, and the certificate if it is known.
    pub fn to_revoke(selector: &str, cert: Option<CertificateFacts>, why: Why) -> Self {
        let names = vec![format!("name:{selector}")];
        let req = cert.is_none().then(|| RequestFacts { names, ..RequestFacts::default() });
        Self { why: Some(Arc::new(why)), req, cert, ..Self::new(Event::CertRevokeRefused) }
    }

    /// To install a certificate: in that file, or wherever it belongs.
    pub fn to_deliver(cert: Option<CertificateFacts>, tgt: Option<TargetFacts>) -> Self {
        Self { cert, tgt, ..Self::new(Event::CertDeployFailed) }
    }

    /// Gives the result back, after recording a failure that has no record yet.
    ///
    /// No record is written where none can be: the log itself failed; where others tell of it: another run was quicker, or the
    /// certificate exists and its file does not.
    ///
    /// # Errors
    /// The failure itself, or that it cannot be recorded.
    pub fn ended<T>(self, session: &mut Session, result: Result<T, Error>) -> Result<T, Error> {
        let error = match result {
            Err(error) if !error.is_on_record() => error,
            other => return other,
        };
        let Some(failure) = failure(&error) else { return Err(error) };
        let outcome = match (error.kind, self.event) {
            (ErrorKind::Refused, _)
            | (ErrorKind::Usage | ErrorKind::Unsupported, Event::CertReject | Event::CertRevokeRefused) => {
                Outcome::Denied
            }
            _ => Outcome::Fail,
        };
        let mut record = session.journal.draft(self.event, outcome, Id::new(session.clock.now()));
        record.why = self.why;
        record.req = self.req;
        record.cert = self.cert;
        record.tgt = self.tgt;
        record.err = Some(failure);
        match session.journal.commit(vec![record], Vec::new()) {
            Ok(_) => Err(error.on_record()),
            // A log that is not to be trusted takes no record, and that was to be said anyway.
            Err(_) if error.kind == ErrorKind::Verification => Err(error),
            Err(unwritable) => Err(unwritable),
        }
    }
}

/// What the record of an attempt says of the error that ended it; `None` where no record is written.
pub(crate) fn failure(error: &Error) -> Option<Failure> {
    let code = match error.kind {
        ErrorKind::Audit | ErrorKind::Locked | ErrorKind::Partial | ErrorKind::Deploy => return None,
        ErrorKind::Verification => "verification",
        ErrorKind::Failed => "failed",
        ErrorKind::Usage => "usage",
        ErrorKind::Refused => "refused",
        ErrorKind::Unsupported => "unsupported",
        ErrorKind::Expired => "expired",
        ErrorKind::Permission => "permission",
        ErrorKind::Temporary(_) => "temporary",
    };
    Some(Failure { code: code.to_owned(), text: cut(describe(error)) })
}

fn cut(mut text: String) -> String {
    if text.len() > LONGEST_REASON {
        let end = (0..=LONGEST_REASON).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
        text.truncate(end);
        text.push_str(" ...");
    }
    text
}
