//! Many rotations in one command: several at a time, each on its own way, with one question to each issuer beforehand.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::describe;
use crate::error::{Error, ErrorKind};
use crate::lifecycle::issuance::context::IssuingContext;
use crate::lifecycle::issuance::request::IssueOutcome;
use crate::lifecycle::recovery::{self, Recovered, UnresolvedIntent};
use crate::lifecycle::rotation::{self, RotateRequest};
use crate::lifecycle::session::Session;
use crate::lifecycle::session::shared::SharedSession;
use crate::store::{CertificateEntry, IntentKind};
use crate::template::{Overrides, Template};
use certroll_base::clock::Timestamp;
use certroll_base::parallel;

/// What became of each, in the order in which they were named.
pub type RotationOutcomes = Vec<Result<IssueOutcome, Error>>;

/// Rotates all of them, `jobs` at a time; `done` is called after each. One that fails stops no other, except that an issuer
/// that wants to be left alone for a while, or that cannot be opened, is left alone by the rest.
///
/// # Errors
/// What dead processes left open cannot be ended: the log cannot be read or written.
pub fn rotate_all(
    session: &mut Session,
    chosen: &[CertificateEntry],
    asked: &RotateRequest,
    jobs: usize,
    done: &(dyn Fn() + Sync),
) -> Result<RotationOutcomes, Error> {
    let run = Run::begin(session)?;
    let shared = SharedSession::of(session);
    Ok(parallel::each(chosen, jobs, |entry| {
        let outcome = rotation::one(&shared, &run, entry, asked);
        done();
        outcome
    }))
}

/// What the rotations of one command share. A thread that holds the lock of one of its fields does not lock the session.
pub(crate) struct Run {
    recovered: Mutex<Recovered>,
    /// Issuers with what certificates of one template share, or why one cannot be opened.
    desks: Mutex<BTreeMap<IssuerAndTemplate, Result<Arc<IssuingContext>, Closed>>>,
    /// Issuers that want to be left alone, until when.
    limited: Mutex<BTreeMap<String, Timestamp>>,
}

/// Issuer and template.
type IssuerAndTemplate = (String, String);

/// Why an issuer cannot be opened, to be said again for each certificate.
struct Closed {
    kind: ErrorKind,
    text: String,
}

impl Run {
    /// Ends what dead processes left open.
    ///
    /// # Errors
    /// The log cannot be read or written.
    pub(crate) fn begin(session: &mut Session) -> Result<Self, Error> {
        let recovered = Mutex::new(recovery::recover(session)?);
        Ok(Self { recovered, desks: Mutex::default(), limited: Mutex::default() })
    }

    /// Takes out the issuance that a dead process left open under that name.
    pub(crate) fn take(&self, name: &str) -> Option<UnresolvedIntent> {
        lock(&self.recovered).take(IntentKind::Issue, name)
    }

    /// The issuer, opened once for each template.
    ///
    /// # Errors
    /// It cannot be opened; asked once, and said to all.
    pub(crate) fn issuing(
        &self,
        session: &mut Session,
        template: &Template,
        issuer: &str,
    ) -> Result<Arc<IssuingContext>, Error> {
        let place: IssuerAndTemplate = (issuer.to_owned(), template.name().to_owned());
        match lock(&self.desks).get(&place) {
            Some(Ok(issuing)) => return Ok(issuing.clone()),
            Some(Err(closed)) => {
                let message = format!("issuer `{issuer}` cannot be used");
                return Err(Error::new(closed.kind, message).because(closed.text.clone()));
            }
            None => {}
        }
        // No other thread comes here meanwhile: this one holds the lock of the session.
        let opened = IssuingContext::open(session, template, Some(issuer), &Overrides::default());
        match opened {
            Ok(issuing) => {
                let issuing = Arc::new(issuing);
                lock(&self.desks).insert(place, Ok(issuing.clone()));
                Ok(issuing)
            }
            Err(error) => {
                lock(&self.desks).insert(place, Err(Closed { kind: error.kind, text: describe(&error) }));
                Err(error)
            }
        }
    }

    /// Remembers that an issuer said how long it wants to be left alone.
    pub(crate) fn heed(&self, issuer: &str, error: &Error) {
        if let ErrorKind::Temporary(Some(until)) = error.kind {
            lock(&self.limited).insert(issuer.to_owned(), until);
        }
    }

    /// Does not even try while an issuer wants to be left alone.
    ///
    /// # Errors
    /// Of kind [`ErrorKind::Temporary`], with the time.
    pub(crate) fn refuse_limited(&self, issuer: &str) -> Result<(), Error> {
        match lock(&self.limited).get(issuer) {
            Some(until) => {
                let message = format!("issuer `{issuer}` wants to be left alone for a while: nothing was sent");
                Err(Error::new(ErrorKind::Temporary(Some(*until)), message).hint("repeat the command later"))
            }
            None => Ok(()),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
