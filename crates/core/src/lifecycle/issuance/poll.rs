//! The pursuit of one request at an issuer elsewhere, from the intent to the record of the certificate.
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
use super::execute;
use super::expectation::{Claim, Fit, Misfit, ticket};
use super::intend::Intended;
use super::pipeline::{Made, let_out};
use crate::audit::record::draft::Draft;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Failure, Outcome, Reference, Remote};
use crate::error::describe;
use crate::error::{Error, Kind};
use crate::issuer::{Checkpoint, ErrorClass, Issued, Issuer, IssuerError, Progress, Recovery, Ticket};
use crate::lifecycle::journal::Journal;
use crate::lifecycle::session::Services;
use crate::lifecycle::session::shared::Turns;
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
pub(crate) fn begin(turns: &Turns<'_>, issuer: &dyn Issuer, mut intended: Intended) -> Result<Made, Error> {
    let open = intended.open.take().ok_or_else(|| Error::new(Kind::Failed, "a batch cannot be sent elsewhere"))?;
    let claim = Claim::read(&open)?;
    let mut pursuit = Pursuit { turns, issuer, open: *open, claim };
    let answer = pursuit.call(|issuer, ticket, checkpoint| execute::send(issuer, intended, ticket, checkpoint))?;
    // The intent tells of it, open or ended: no refusal beside it.
    pursuit.follow(answer).map_err(Error::on_record)
}

/// Goes on with a request of a dead process: same intent, same key, same handle.
///
/// # Errors
/// As [`begin`]; or another process goes on with it already.
pub(crate) fn resume(turns: &Turns<'_>, issuer: &dyn Issuer, mut open: OpenIntent) -> Result<Made, Error> {
    let claim = Claim::read(&open)?;
    let mut services = turns.take();
    let to = services.journal.session();
    services.journal.append(Vec::new(), vec![Change::Adopt { op: open.op, from: open.session, to }])?;
    drop(services);
    open.session = to;
    let mut pursuit = Pursuit { turns, issuer, open, claim };
    let answer = match pursuit.open.handle {
        Some(_) => pursuit.call(|issuer, ticket, checkpoint| issuer.advance(ticket, checkpoint))?,
        // It was sent, perhaps, and the answer is lost: only the issuer knows.
        None => Err(IssuerError::new(issuer.name(), ErrorClass::Ambiguous, "an earlier run did not hear its answer")),
    };
    pursuit.follow(answer).map_err(Error::on_record)
}

/// It has a turn with the services for each thing that it records, and none while the issuer is asked or waited for.
struct Pursuit<'a, 's> {
    turns: &'a Turns<'s>,
    issuer: &'a dyn Issuer,
    open: OpenIntent,
    claim: Claim,
}

/// What follows from an answer.
enum Step {
    Done(Issued),
    Wait { pause: Duration, because: Option<IssuerError> },
}

impl Pursuit<'_, '_> {
    /// Calls the issuer with a checkpoint that makes its handles durable. That one cannot be written outweighs whatever
    /// the issuer answers then.
    fn call(
        &mut self,
        act: impl FnOnce(&dyn Issuer, &Ticket, Checkpoint<'_>) -> Result<Progress, IssuerError>,
    ) -> Result<Result<Progress, IssuerError>, Error> {
        let (issuer, ticket) = (self.issuer, ticket(&self.open));
        let (turns, open) = (self.turns, &mut self.open);
        let mut unwritten = None;
        let answer = act(issuer, &ticket, &mut |handle| {
            hold(&mut turns.take().journal, open, handle).map_err(|error| {
                unwritten = Some(error);
                IssuerError::new(issuer.name(), ErrorClass::Permanent, "the handle could not be recorded")
            })
        });
        unwritten.map_or(Ok(answer), Err)
    }

    fn follow(mut self, first: Result<Progress, IssuerError>) -> Result<Made, Error> {
        let deadline = Instant::now() + self.issuer.capabilities().patience;
        let watcher = self.turns.take().watcher.clone();
        let mut told = Vec::new();
        let mut answer = first;
        loop {
            let step = match answer {
                Ok(Progress::Issued(issued)) => Step::Done(issued),
                Ok(Progress::Pending { handle, actions, wait }) => {
                    hold(&mut self.turns.take().journal, &mut self.open, &handle)?;
                    for action in actions.into_iter().filter(|action| !told.contains(action)).collect::<Vec<_>>() {
                        watcher.act(&action);
                        told.push(action);
                    }
                    Step::Wait { pause: wait, because: None }
                }
                Err(error) => self.judge(error)?,
            };
            let (pause, because) = match step {
                Step::Done(issued) => {
                    watcher.over();
                    return self.accept(issued);
                }
                Step::Wait { pause, because } => (pause, because),
            };
            let pause = pause.max(SHORTEST_PAUSE);
            if pause > deadline.saturating_duration_since(Instant::now()) {
                watcher.over();
                return Err(self.unfinished(because));
            }
            watcher.waiting(&format!("waiting for issuer `{}`: `{}`", self.open.issuer, self.open.name));
            std::thread::sleep(pause);
            answer = self.call(|issuer, ticket, checkpoint| issuer.advance(ticket, checkpoint))?;
        }
    }

    /// What an error means for the intent: it is over, it waits, or nobody knows and the issuer is asked.
    fn judge(&mut self, error: IssuerError) -> Result<Step, Error> {
        if error.class.is_in_doubt() {
            return self.ask(error);
        }
        if self.open.handle.is_none() || !error.class.may_pass() {
            return self.fail(error);
        }
        match error.class {
            ErrorClass::Retryable => Ok(Step::Wait { pause: PAUSE, because: Some(error) }),
            ErrorClass::RateLimited(until) => {
                let millis = until.map(|until| until.millis() - self.turns.take().clock.now().millis());
                let pause = millis.map_or(PAUSE, |millis| Duration::from_millis(millis.max(0).unsigned_abs()));
                // Its clock may be behind ours: then the limit seems to have ended already.
                Ok(Step::Wait { pause: pause.max(PAUSE), because: Some(error) })
            }
            _ => Err(Error::from(error).hint("the request stays open: once this is settled, repeat the command")),
        }
    }

    /// The answer is lost or makes no sense. Sending again could make a second certificate; asking cannot.
    fn ask(&mut self, lost: IssuerError) -> Result<Step, Error> {
        match self.issuer.recover(&ticket(&self.open)) {
            Ok(Recovery::Found(issued)) => Ok(Step::Done(issued)),
            Ok(Recovery::Pending(handle)) => {
                hold(&mut self.turns.take().journal, &mut self.open, &handle)?;
                Ok(Step::Wait { pause: PAUSE, because: Some(lost) })
            }
            Ok(Recovery::Nothing) => self.fail(lost),
            Ok(Recovery::Unknowable(advice)) => self.give_up_knowing(lost, Some(advice)),
            Ok(Recovery::Lost(why)) => self.lose(lost, why),
            Err(_) => self.give_up_knowing(lost, None),
        }
    }

    /// Nobody can tell whether there is a certificate: on record as such, and open.
    fn give_up_knowing(&mut self, lost: IssuerError, advice: Option<String>) -> Result<Step, Error> {
        let text = describe(&lost);
        let mut services = self.turns.take();
        doubt(&mut services.journal, &self.open, failure("ambiguous", text), None)?;
        services.journal.publish()?;
        let message = format!("nobody knows yet whether issuer `{}` issued `{}`", self.open.issuer, self.open.name);
        let error = Error::new(Kind::Temporary(None), message).because(lost);
        Err(advice.into_iter().fold(error, Error::hint).hint(
            "the intent stays open: repeat the command, it asks the issuer before it sends anything; `certroll doctor` \
             asks too",
        ))
    }

    /// Nobody will ever tell: on record as such, and open until somebody ends it.
    fn lose(&mut self, lost: IssuerError, why: String) -> Result<Step, Error> {
        let text = describe(&lost);
        let mut services = self.turns.take();
        doubt(&mut services.journal, &self.open, failure("ambiguous", text), None)?;
        services.journal.publish()?;
        let (issuer, name) = (&self.open.issuer, &self.open.name);
        let message = format!("nobody can tell whether issuer `{issuer}` issued `{name}`: {why}");
        Err(Error::new(Kind::Failed, message).because(lost).hint(format!(
            "the intent stays open; to end it and have the name free again: `certroll issuer abandon {name} --comment WHY`"
        )))
    }

    /// The issuer says that there is no certificate and will be none.
    fn fail<T>(&mut self, error: IssuerError) -> Result<T, Error> {
        let denied = matches!(error.class, ErrorClass::Policy | ErrorClass::Auth);
        let outcome = if denied { Outcome::Denied } else { Outcome::Fail };
        let mut services = self.turns.take();
        let mut record = about(&services.journal, Event::CertIssueFailed, outcome, &self.open);
        record.err = Some(failure(code(error.class), describe(&error)));
        services.journal.commit(vec![record], vec![Change::CloseIntent(self.open.op)])?;
        // That the answer was lost is settled: nothing came of it, and the same may be tried again.
        let settled = error.class == ErrorClass::Ambiguous;
        let error = Error::from(error);
        Err(if settled {
            error.of_kind(Kind::Temporary(None)).hint("nothing was issued: repeat the command")
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
        let error = Error::new(Kind::Temporary(until), message)
            .hint("the request stays open: repeat the same command to go on with it");
        match because {
            Some(because) => error.because(because),
            None => error,
        }
    }

    /// Held against the claim, recorded, and under a checkpoint: only then anybody sees it.
    fn accept(self, issued: Issued) -> Result<Made, Error> {
        let name = self.open.name.clone();
        let mut turn = self.turns.take();
        let services: &mut Services = &mut turn;
        match fit(&self.claim, &self.open, &issued, services) {
            Fit::Good(certificate) => {
                let chain = [vec![issued.certificate.clone()], issued.chain.clone()].concat();
                let arrival = Arrival { issued, certificate: *certificate, recovered: false, unfit: None };
                let entry = record(services, &self.open, self.claim, arrival)?;
                let_out(services, &name)?;
                Ok(Made { entry, chain, op: self.open.op })
            }
            Fit::Bad(certificate, what) => {
                let serial = certificate.serial.to_string();
                let Misfit { what, hint } = what;
                let message = format!("issuer `{}` issued `{name}` with {what}", self.open.issuer);
                let arrival = Arrival { issued, certificate: *certificate, recovered: false, unfit: Some(what) };
                record(services, &self.open, self.claim, arrival)?;
                let_out(services, &name)?;
                let error = Error::new(Kind::Failed, message).hint(format!(
                    "it is on record and was not handed out; revoke it: `certroll revoke {serial} --reason superseded`"
                ));
                Err(hint.into_iter().fold(error, Error::hint))
            }
            Fit::Foreign(what) => {
                let issuer = &self.open.issuer;
                let text = format!("issuer `{issuer}` answered with {what}");
                let returned = Some(encoding::sha256(&issued.certificate));
                doubt(&mut services.journal, &self.open, failure("mismatch", text.clone()), returned)?;
                services.journal.publish()?;
                Err(Error::new(Kind::Failed, text)
                    .hint("nothing was handed out and the intent stays open; ask whoever runs the issuer"))
            }
        }
    }
}

/// Holds a certificate against the claim of its intent.
pub(crate) fn fit(claim: &Claim, open: &OpenIntent, issued: &Issued, services: &Services) -> Fit {
    claim.fit(open.subject.as_ref(), issued, services.clock.now())
}

/// Makes a handle durable, with its record. The same handle again is nothing new.
pub(crate) fn hold(journal: &mut Journal, open: &mut OpenIntent, handle: &str) -> Result<(), Error> {
    if open.handle.as_deref() == Some(handle) {
        return Ok(());
    }
    if handle.is_empty() || handle.len() > LONGEST_HANDLE {
        let message = format!("the handle of issuer `{}` has {} bytes", open.issuer, handle.len());
        return Err(Error::new(Kind::Failed, message).hint("this is a defect of certroll; please report it"));
    }
    open.handle = Some(handle.to_owned());
    let record = about(journal, Event::CertIssueSubmitted, Outcome::Pending, open);
    let change = Change::SetHandle { op: open.op, handle: handle.to_owned() };
    journal.append(vec![record], vec![change])?;
    Ok(())
}

/// Records once that nobody knows how an intent ended. It stays open.
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
