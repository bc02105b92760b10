//! The poller of one request at an issuer elsewhere, from the intent to the record of the certificate.
//!
//! ```text
//! intent (key and request durable) -> submit -> [handle durable: cert.issue.submitted] -> ... -> certificate
//!     held against the claim -> cert.issued, inventory, end of the intent: one transaction -> checkpoint
//! ```
//!
//! The intent ends only when it is known how: with the certificate, or because the issuer says that there is none and
//! will be none. Whatever else happens it stays open, and the next command goes on from the handle.

use std::time::{Duration, Instant};

use super::accept::{Arrival, record};
use super::announce::Intended;
use super::expectation::{ExpectedCertificate, Match, Mismatch, pending};
use super::sign;
use crate::audit::record::draft::Draft;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Failure, Outcome, Reference, Remote};
use crate::error::describe;
use crate::error::{Error, ErrorKind};
use crate::hint::Hint;
use crate::hint::certificate::{CertificateHint, IntentHint};
use crate::issuer::{ErrorClass, HandleCheckpoint, Issued, Issuer, IssuerError, PendingRequest, Progress, Recovery};
use crate::lifecycle::journal::Journal;
use crate::lifecycle::session::Session;
use crate::lifecycle::session::shared::SharedSession;
use crate::lifecycle::signing::record::{IssuedCertificate, require_checkpoint};
use crate::store::{Change, OpenIntent};
use certroll_base::encoding;

/// Between two attempts when the issuer does not say how long.
const PAUSE: Duration = Duration::from_secs(2);
/// However soon the issuer wants to be asked again.
const SHORTEST_PAUSE: Duration = Duration::from_millis(5);
/// A longer handle is not one.
const LONGEST_HANDLE: usize = 8_192;

/// Sends a request whose intent is durable, and follows it to its end.
///
/// # Errors
/// There is no certificate, or none yet: the kind says whether repeating the command helps.
pub(crate) fn begin(
    shared: &SharedSession<'_>,
    issuer: &dyn Issuer,
    mut intended: Intended,
) -> Result<IssuedCertificate, Error> {
    let open = intended.open.take().ok_or_else(|| Error::new(ErrorKind::Failed, "a batch cannot be sent elsewhere"))?;
    let claim = ExpectedCertificate::read(&open)?;
    let mut poller = RequestPoller { shared, issuer, open: *open, claim };
    let answer = poller.call(|issuer, pending, checkpoint| sign::send(issuer, intended, pending, checkpoint))?;
    // The intent tells of it, open or ended: no refusal beside it.
    poller.follow(answer).map_err(Error::on_record)
}

/// Goes on with a request of a dead process: same intent, same key, same handle.
///
/// # Errors
/// As [`begin`]; or another process goes on with it already.
pub(crate) fn resume(
    shared: &SharedSession<'_>,
    issuer: &dyn Issuer,
    mut open: OpenIntent,
) -> Result<IssuedCertificate, Error> {
    let claim = ExpectedCertificate::read(&open)?;
    let mut session = shared.lock();
    let to = session.journal.session();
    session.journal.append(Vec::new(), vec![Change::Adopt { op: open.op, from: open.session, to }])?;
    drop(session);
    open.session = to;
    let mut poller = RequestPoller { shared, issuer, open, claim };
    let answer = match poller.open.handle {
        Some(_) => poller.call(|issuer, pending, checkpoint| issuer.advance(pending, checkpoint))?,
        // It was sent, perhaps, and the answer is lost: only the issuer knows.
        None => Err(IssuerError::new(issuer.name(), ErrorClass::Ambiguous, "an earlier run did not hear its answer")),
    };
    poller.follow(answer).map_err(Error::on_record)
}

/// It has a turn with the services for each thing that it records, and none while the issuer is asked or waited for.
struct RequestPoller<'a, 's> {
    shared: &'a SharedSession<'s>,
    issuer: &'a dyn Issuer,
    open: OpenIntent,
    claim: ExpectedCertificate,
}

/// What follows from an answer.
enum PollStep {
    Done(Issued),
    Wait { pause: Duration, because: Option<IssuerError> },
}

impl RequestPoller<'_, '_> {
    /// Calls the issuer with a checkpoint that makes its handles durable. That one cannot be written outweighs whatever
    /// the issuer answers then.
    fn call(
        &mut self,
        act: impl FnOnce(&dyn Issuer, &PendingRequest, HandleCheckpoint<'_>) -> Result<Progress, IssuerError>,
    ) -> Result<Result<Progress, IssuerError>, Error> {
        let (issuer, pending) = (self.issuer, pending(&self.open));
        let (shared, open) = (self.shared, &mut self.open);
        let mut unwritten = None;
        let answer = act(issuer, &pending, &mut |handle| {
            hold(&mut shared.lock().journal, open, handle).map_err(|error| {
                unwritten = Some(error);
                IssuerError::new(issuer.name(), ErrorClass::Permanent, "the handle could not be recorded")
            })
        });
        unwritten.map_or(Ok(answer), Err)
    }

    fn follow(mut self, first: Result<Progress, IssuerError>) -> Result<IssuedCertificate, Error> {
        let deadline = Instant::now() + self.issuer.capabilities().patience;
        let watcher = self.shared.lock().watcher.clone();
        let mut told = Vec::new();
        let mut answer = first;
        loop {
            let step = match answer {
                Ok(Progress::Issued(issued)) => PollStep::Done(issued),
                Ok(Progress::Pending { handle, actions, wait }) => {
                    hold(&mut self.shared.lock().journal, &mut self.open, &handle)?;
                    for action in actions.into_iter().filter(|action| !told.contains(action)).collect::<Vec<_>>() {
                        watcher.act(&action);
                        told.push(action);
                    }
                    PollStep::Wait { pause: wait, because: None }
                }
                Err(error) => self.judge(error)?,
            };
            let (pause, because) = match step {
                PollStep::Done(issued) => {
                    watcher.over();
                    return self.accept(issued);
                }
                PollStep::Wait { pause, because } => (pause, because),
            };
            let pause = pause.max(SHORTEST_PAUSE);
            if pause > deadline.saturating_duration_since(Instant::now()) {
                watcher.over();
                return Err(self.unfinished(because));
            }
            watcher.waiting(&format!("waiting for issuer `{}`: `{}`", self.open.issuer, self.open.name));
            std::thread::sleep(pause);
            answer = self.call(|issuer, pending, checkpoint| issuer.advance(pending, checkpoint))?;
        }
    }

    /// What an error means for the intent: it is over, it waits, or its outcome is unknown and the issuer is asked.
    fn judge(&mut self, error: IssuerError) -> Result<PollStep, Error> {
        if error.class.is_in_doubt() {
            return self.ask(error);
        }
        if self.open.handle.is_none() || !error.class.may_pass() {
            return self.fail(error);
        }
        match error.class {
            ErrorClass::Retryable => Ok(PollStep::Wait { pause: PAUSE, because: Some(error) }),
            ErrorClass::RateLimited(until) => {
                let millis = until.map(|until| until.millis() - self.shared.lock().clock.now().millis());
                let pause = millis.map_or(PAUSE, |millis| Duration::from_millis(millis.max(0).unsigned_abs()));
                // Its clock may be behind ours: then the limit seems to have ended already.
                Ok(PollStep::Wait { pause: pause.max(PAUSE), because: Some(error) })
            }
            _ => Err(Error::from(error).hint("the request stays open: once this is settled, repeat the command")),
        }
    }

    /// The answer is lost or makes no sense. Sending again could make a second certificate; asking cannot.
    fn ask(&mut self, lost: IssuerError) -> Result<PollStep, Error> {
        match self.issuer.recover(&pending(&self.open)) {
            Ok(Recovery::Found(issued)) => Ok(PollStep::Done(issued)),
            Ok(Recovery::Pending(handle)) => {
                hold(&mut self.shared.lock().journal, &mut self.open, &handle)?;
                Ok(PollStep::Wait { pause: PAUSE, because: Some(lost) })
            }
            Ok(Recovery::Nothing) => self.fail(lost),
            Ok(Recovery::Unknowable { why, hint }) => self.give_up_knowing(lost, Some(hint.unwrap_or(Hint::Say(why)))),
            Ok(Recovery::Lost(why)) => self.lose(lost, why),
            Err(_) => self.give_up_knowing(lost, None),
        }
    }

    /// Whether there is a certificate is unknown: on record as such, and open.
    fn give_up_knowing(&mut self, lost: IssuerError, advice: Option<Hint>) -> Result<PollStep, Error> {
        let text = describe(&lost);
        let mut session = self.shared.lock();
        doubt(&mut session.journal, &self.open, failure("ambiguous", text), None)?;
        session.journal.publish()?;
        let message = format!("it is not known yet whether issuer `{}` issued `{}`", self.open.issuer, self.open.name);
        let error = Error::new(ErrorKind::Temporary(None), message).because(lost);
        Err(advice.into_iter().fold(error, Error::hint).hint(IntentHint::AskAgain))
    }

    /// Unknown for good: on record as such, and open until it is abandoned.
    fn lose(&mut self, lost: IssuerError, why: String) -> Result<PollStep, Error> {
        let text = describe(&lost);
        let mut session = self.shared.lock();
        doubt(&mut session.journal, &self.open, failure("ambiguous", text), None)?;
        session.journal.publish()?;
        let (issuer, name) = (&self.open.issuer, &self.open.name);
        let message = format!("whether issuer `{issuer}` issued `{name}` cannot be found out: {why}");
        Err(Error::new(ErrorKind::Failed, message).because(lost).hint(IntentHint::AbandonForName(name.clone())))
    }

    /// The issuer says that there is no certificate and will be none.
    fn fail<T>(&mut self, error: IssuerError) -> Result<T, Error> {
        let denied = matches!(error.class, ErrorClass::Policy | ErrorClass::Auth);
        let outcome = if denied { Outcome::Denied } else { Outcome::Fail };
        let mut session = self.shared.lock();
        let mut record = about(&session.journal, Event::CertIssueFailed, outcome, &self.open);
        record.err = Some(failure(code(error.class), describe(&error)));
        session.journal.commit(vec![record], vec![Change::CloseIntent(self.open.op)])?;
        // That the answer was lost is settled: nothing came of it, and the same may be tried again.
        let settled = error.class == ErrorClass::Ambiguous;
        let error = Error::from(error);
        Err(if settled {
            error.of_kind(ErrorKind::Temporary(None)).hint("nothing was issued: repeat the command")
        } else {
            error
        })
    }

    fn unfinished(&self, because: Option<IssuerError>) -> Error {
        let until = match because.as_ref().map(|error| error.class) {
            Some(ErrorClass::RateLimited(until)) => until,
            _ => None,
        };
        let message = format!("issuer `{}` has not issued `{}` yet", self.open.issuer, self.open.name);
        let error = Error::new(ErrorKind::Temporary(until), message)
            .hint("the request stays open: repeat the same command to go on with it");
        match because {
            Some(because) => error.because(because),
            None => error,
        }
    }

    /// Compared with the expectation, recorded, and under a checkpoint: only then it is released.
    fn accept(self, issued: Issued) -> Result<IssuedCertificate, Error> {
        let name = self.open.name.clone();
        let mut turn = self.shared.lock();
        let session: &mut Session = &mut turn;
        match fit(&self.claim, &self.open, &issued, session) {
            Match::Good(certificate) => {
                let chain = [vec![issued.certificate.clone()], issued.chain.clone()].concat();
                let arrival = Arrival { issued, certificate: *certificate, recovered: false, unfit: None };
                let entry = record(session, &self.open, self.claim, arrival)?;
                require_checkpoint(session, &name)?;
                Ok(IssuedCertificate { entry, chain, op: self.open.op, item: None })
            }
            Match::Bad(certificate, what) => {
                let serial = certificate.serial.to_string();
                let Mismatch { what, hint } = what;
                let message = format!("issuer `{}` issued `{name}` with {what}", self.open.issuer);
                let arrival = Arrival { issued, certificate: *certificate, recovered: false, unfit: Some(what) };
                record(session, &self.open, self.claim, arrival)?;
                require_checkpoint(session, &name)?;
                let error = Error::new(ErrorKind::Failed, message).hint(CertificateHint::RevokeUnused(serial));
                Err(hint.into_iter().fold(error, Error::hint))
            }
            Match::Foreign(what) => {
                let issuer = &self.open.issuer;
                let text = format!("issuer `{issuer}` answered with {what}");
                let returned = Some(encoding::sha256(&issued.certificate));
                doubt(&mut session.journal, &self.open, failure("mismatch", text.clone()), returned)?;
                session.journal.publish()?;
                Err(Error::new(ErrorKind::Failed, text)
                    .hint("nothing was handed out and the intent stays open; ask the operator of the issuer"))
            }
        }
    }
}

/// Holds a certificate against the claim of its intent.
pub(crate) fn fit(claim: &ExpectedCertificate, open: &OpenIntent, issued: &Issued, session: &Session) -> Match {
    claim.fit(open.key_hash().as_ref(), issued, session.clock.now())
}

/// Makes a handle durable, with its record. The same handle again is nothing new.
pub(crate) fn hold(journal: &mut Journal, open: &mut OpenIntent, handle: &str) -> Result<(), Error> {
    if open.handle.as_deref() == Some(handle) {
        return Ok(());
    }
    if handle.is_empty() || handle.len() > LONGEST_HANDLE {
        let message = format!("the handle of issuer `{}` has {} bytes", open.issuer, handle.len());
        return Err(Error::new(ErrorKind::Failed, message).hint("this is a defect of certroll; please report it"));
    }
    open.handle = Some(handle.to_owned());
    let record = about(journal, Event::CertIssueSubmitted, Outcome::Pending, open);
    let change = Change::SetHandle { op: open.op, handle: handle.to_owned() };
    journal.append(vec![record], vec![change])?;
    Ok(())
}

/// Records once that the outcome of an intent is unknown. It stays open.
pub(crate) fn doubt(
    journal: &mut Journal,
    open: &OpenIntent,
    err: Failure,
    returned: Option<encoding::Sha256>,
) -> Result<(), Error> {
    if open.in_doubt {
        return Ok(());
    }
    let mut record = about(journal, Event::CertIssueIndeterminate, Outcome::Indeterminate, open);
    record.err = Some(err);
    record.x.extend(returned.map(|sha256| ("returned".to_owned(), encoding::hex(&sha256).into())));
    journal.append(vec![record], vec![Change::Doubt(open.op)])?;
    Ok(())
}

/// A record about an intent.
pub(crate) fn about(journal: &Journal, event: Event, outcome: Outcome, open: &OpenIntent) -> Draft {
    let mut record = journal.draft(event, outcome, open.op);
    record.reference = Some(reference(open));
    record.rem = Some(rem(open)).filter(|_| !open.memory.is_empty());
    record
}

pub(crate) fn reference(open: &OpenIntent) -> Reference {
    let (seq, leaf) = open.reference;
    Reference { seq, leaf: leaf.into() }
}

pub(crate) fn rem(open: &OpenIntent) -> Remote {
    let (t, id) = (open.issuer_kind.clone(), open.issuer.clone());
    Remote { t, id, handle: open.handle.clone(), ..Remote::default() }
}

pub(crate) fn failure(code: &str, text: impl Into<String>) -> Failure {
    Failure { code: code.to_owned(), text: text.into() }
}

/// The stable word for a class of errors.
pub(crate) fn code(class: ErrorClass) -> &'static str {
    match class {
        ErrorClass::Retryable => "unavailable",
        ErrorClass::RateLimited(_) => "rate-limited",
        ErrorClass::Ambiguous => "ambiguous",
        ErrorClass::Policy => "policy",
        ErrorClass::Auth => "auth",
        ErrorClass::NotFound => "not-found",
        ErrorClass::Unsupported => "unsupported",
        ErrorClass::Config => "config",
        ErrorClass::Protocol => "protocol",
        ErrorClass::Permanent => "issuer",
    }
}
