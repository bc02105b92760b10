//! Trouble on the way to any issuer: processes that die between two steps, answers that are lost, networks that are down.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use certroll_base::clock::Timestamp;
use certroll_core::issuer::{
    Announced, Approved, Capabilities, ErrorClass, HandleCheckpoint, Issuer, IssuerError, PendingRequest, Progress,
    Recovery, Request, Revocation, RevocationState, Revoker, SigningPlan,
};

/// What is to go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mishap {
    /// The answer to a submission or revocation is lost; it took effect.
    AnswerLost,
    /// A submission or revocation is lost on its way; nobody knows.
    RequestLost,
    /// Too many requests, until 2100.
    RateLimit,
    /// The back end's own policy refuses.
    Refusal,
    /// Nothing can be asked; nothing was sent.
    Unreachable,
    /// Questions are not answered, submissions are.
    NoQuestions,
    /// The command has no patience.
    Impatient,
    /// What is pending cannot be asked for.
    NoPolls,
}

/// When the limit on requests ends.
pub(crate) const LIMITED_UNTIL: i64 = 4_102_444_800;

/// The plan of one run.
#[derive(Default)]
pub(crate) struct Plot {
    /// Dies at that point; the points of a run are counted from 0.
    pub(crate) kill_at: Option<usize>,
    pub(crate) mishaps: BTreeSet<Mishap>,
    pub(crate) passed: AtomicUsize,
}

impl Plot {
    /// A moment between two steps, at which a process may die.
    pub(crate) fn point(&self) {
        if self.kill_at == Some(self.passed.fetch_add(1, Ordering::SeqCst)) {
            let own = rustix::process::getpid();
            rustix::process::kill_process(own, rustix::process::Signal::KILL).expect("a process can kill itself");
        }
    }

    fn error(&self, class: ErrorClass, message: &str) -> IssuerError {
        IssuerError::new("elsewhere", class, message)
    }

    /// Before something is sent.
    fn before(&self) -> Result<(), IssuerError> {
        self.point();
        for mishap in &self.mishaps {
            match mishap {
                Mishap::RequestLost => return Err(self.error(ErrorClass::Ambiguous, "the connection timed out")),
                Mishap::RateLimit => {
                    let until = Some(Timestamp::from_secs(LIMITED_UNTIL));
                    return Err(self.error(ErrorClass::RateLimited(until), "too many requests"));
                }
                Mishap::Refusal => return Err(self.error(ErrorClass::Policy, "the role does not allow this name")),
                Mishap::Unreachable => return Err(self.error(ErrorClass::Retryable, "no route to host")),
                Mishap::AnswerLost | Mishap::NoQuestions | Mishap::Impatient | Mishap::NoPolls => {}
            }
        }
        Ok(())
    }

    /// After an answer came.
    fn after<T>(&self, answer: T) -> Result<T, IssuerError> {
        self.point();
        match self.mishaps.contains(&Mishap::AnswerLost) {
            true => Err(self.error(ErrorClass::Ambiguous, "the connection broke while the answer was read")),
            false => Ok(answer),
        }
    }

    fn question(&self) -> Result<(), IssuerError> {
        self.point();
        if self.mishaps.contains(&Mishap::Unreachable) || self.mishaps.contains(&Mishap::NoQuestions) {
            return Err(self.error(ErrorClass::Retryable, "no route to host"));
        }
        Ok(())
    }
}

/// Any issuer, with trouble on the way to it.
pub(crate) struct Trouble {
    inner: Box<dyn Issuer>,
    plot: Arc<Plot>,
}

impl Trouble {
    pub(crate) fn with(inner: Box<dyn Issuer>, plot: Arc<Plot>) -> Self {
        Self { inner, plot }
    }
}

impl Issuer for Trouble {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn kind(&self) -> &'static str {
        self.inner.kind()
    }

    fn capabilities(&self) -> Capabilities {
        let capabilities = self.inner.capabilities();
        match self.plot.mishaps.contains(&Mishap::Impatient) {
            true => Capabilities { patience: std::time::Duration::ZERO, ..capabilities },
            false => capabilities,
        }
    }

    fn check(&self, now: Timestamp) -> Result<(), IssuerError> {
        self.inner.check(now)
    }

    fn plan(&self, request: &Approved<Request>) -> Result<SigningPlan, IssuerError> {
        self.inner.plan(request)
    }

    fn submit(
        &self,
        request: Announced<Approved<Request>>,
        plan: SigningPlan,
        pending: &PendingRequest,
        checkpoint: HandleCheckpoint<'_>,
    ) -> Result<Progress, IssuerError> {
        self.plot.before()?;
        let answer = self.inner.submit(request, plan, pending, &mut |handle| {
            self.plot.point();
            checkpoint(handle)?;
            self.plot.point();
            Ok(())
        })?;
        self.plot.after(answer)
    }

    fn advance(&self, pending: &PendingRequest, checkpoint: HandleCheckpoint<'_>) -> Result<Progress, IssuerError> {
        self.plot.point();
        if self.plot.mishaps.contains(&Mishap::NoPolls) {
            return Err(self.plot.error(ErrorClass::Retryable, "no route to host"));
        }
        let answer = self.inner.advance(pending, &mut |handle| {
            self.plot.point();
            checkpoint(handle)?;
            self.plot.point();
            Ok(())
        });
        self.plot.point();
        answer
    }

    fn recover(&self, pending: &PendingRequest) -> Result<Recovery, IssuerError> {
        self.plot.question()?;
        let answer = self.inner.recover(pending);
        self.plot.point();
        answer
    }

    fn revoker(&self) -> Option<&dyn Revoker> {
        self.inner.revoker().map(|_| self as &dyn Revoker)
    }
}

impl Revoker for Trouble {
    fn revoke(&self, revocation: Announced<Revocation<'_>>) -> Result<(), IssuerError> {
        let inner = self.inner.revoker().expect("asked only when there is one");
        self.plot.before()?;
        inner.revoke(revocation)?;
        self.plot.after(())
    }

    fn state(&self, certificate: &[u8]) -> Result<RevocationState, IssuerError> {
        self.plot.question()?;
        self.inner.revoker().expect("asked only when there is one").state(certificate)
    }
}
