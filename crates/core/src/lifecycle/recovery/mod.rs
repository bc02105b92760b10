//! Recovery: what processes that died left open is ended, before anything new begins, by asking the issuer.
//!
//! It says that the certificate exists, then that goes on record and its key stays in the home until it is handed out;
//! or that there is none and will be none; or that it is still under way; or that it cannot tell. In the last two cases,
//! and when it cannot be asked, the intent stays open for the next command.

pub mod abandon;
pub(crate) mod crashed;
mod revoked;

use std::collections::BTreeMap;

use super::journal::sessions;
use super::session::Session;
use super::signing::accept::{self, Arrival};
use super::signing::expectation::{ExpectedCertificate, Match, pending};
use super::signing::poll::{self, about, failure};
use crate::audit::record::event::Event;
use crate::audit::record::facts::Outcome;
use crate::error::describe;
use crate::error::{Error, ErrorKind};
use crate::hint::Hint;
use crate::issuer::registry;
use crate::issuer::{Issuer, Recovery, RevocationState};
use crate::store::{Change, IntentKind, OpenIntent, Query, Selector};
use certroll_pki::x509::certificate::Certificate;

/// An intent of a dead process that could not be ended.
pub struct UnresolvedIntent {
    /// The intent.
    pub intent: OpenIntent,
    /// Why it is open.
    pub why: OpenReason,
    /// Whether it should have ended by now, by the issuer's bound.
    pub overdue: bool,
}

/// Why an intent is still open.
pub enum OpenReason {
    /// The issuer is at work on it.
    Pending,
    /// The issuer cannot tell.
    Unknown {
        /// Why, in its words.
        why: String,
        /// What the user can do about it.
        hint: Option<Hint>,
    },
    /// Its outcome cannot be found out; why. It stays open until it is abandoned.
    Lost(String),
    /// The issuer could not be asked.
    Unreachable(Error),
}

impl std::fmt::Display for OpenReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Pending => f.write_str("the issuer is still at work on it"),
            Self::Unknown { why, .. } => write!(f, "the issuer cannot tell what became of it: {why}"),
            Self::Lost(why) => write!(f, "what became of it cannot be found out, now or later: {why}"),
            Self::Unreachable(error) => write!(f, "the issuer could not be asked: {}", describe(error)),
        }
    }
}

impl OpenReason {
    /// What the user can do about it, as far as the issuer tells.
    pub fn hint(&self) -> Option<Hint> {
        match self {
            Self::Unknown { hint, .. } => hint.clone(),
            _ => None,
        }
    }
}

/// What recovery found.
#[derive(Default)]
pub struct Recovered {
    /// How many intents were ended.
    pub ended: usize,
    /// The names of certificates that were found at their issuers.
    pub found: Vec<String>,
    /// The names of certificates that were found and are not what was asked for: on record, and not handed out.
    pub unfit: Vec<String>,
    /// The names for which their issuers say that nothing was issued.
    pub nothing: Vec<String>,
    /// What stays open.
    pub open: Vec<UnresolvedIntent>,
}

impl Recovered {
    /// Takes out what is open under that name.
    pub(super) fn take(&mut self, kind: IntentKind, name: &str) -> Option<UnresolvedIntent> {
        let at = self
            .open
            .iter()
            .position(|left| left.intent.kind() == kind && left.intent.count == 1 && left.intent.name == name)?;
        Some(self.open.swap_remove(at))
    }
}

/// Ends every open intent of processes that are gone, as far as its issuer can tell. Idempotent; two at once end each
/// intent once. That an issuer cannot be asked is no error here, but a warning: commands to other issuers go on.
///
/// # Errors
/// The log cannot be read or written.
pub fn recover(services: &mut Session) -> Result<Recovered, Error> {
    let mut recovered = Recovered::default();
    let mut issuers = BTreeMap::new();
    let open = services.journal.store().open_intents()?;
    for mut intent in open {
        if intent.session == services.journal.session() || sessions::is_alive(&services.home, &intent.session) {
            continue;
        }
        let ended = match end(services, &mut issuers, &mut intent, &mut recovered) {
            Ok(ended) => ended,
            // Another process was quicker, and has ended it or goes on with it.
            Err(error) if error.is_conflict() => continue,
            Err(error) => return Err(error),
        };
        match ended {
            None => recovered.ended += 1,
            Some(why) => {
                if let OpenReason::Unreachable(error) = &why {
                    warn(services, &intent, error);
                }
                let overdue = intent.due.is_some_and(|due| due <= services.clock.now());
                recovered.open.push(UnresolvedIntent { intent, why, overdue });
            }
        }
    }
    // Also what an earlier run recorded and could not publish.
    services.journal.publish()?;
    Ok(recovered)
}

type OpenedIssuers = BTreeMap<String, Box<dyn Issuer>>;

/// Ends one intent, or says why it stays open.
fn end(
    services: &mut Session,
    issuers: &mut OpenedIssuers,
    intent: &mut OpenIntent,
    recovered: &mut Recovered,
) -> Result<Option<OpenReason>, Error> {
    // Those that sign inside a process know the answer of a dead one without being opened.
    if let Some(lost) = registry::kind(&intent.issuer_kind).and_then(|kind| kind.lost) {
        let answer = match intent.kind() {
            IntentKind::Issue => Some(lost(&pending(intent))),
            // Their revocations take effect with the record, which is not there.
            IntentKind::Revoke => None,
        };
        return match answer {
            Some(answer) => issued(services, intent, answer, recovered),
            None => revocation(services, intent, RevocationState::NotRevoked),
        };
    }
    let name = intent.issuer.clone();
    if services.remotes.unreachable.contains(&name) {
        return Ok(Some(OpenReason::Unreachable(Error::new(ErrorKind::Temporary(None), "it did not answer just now"))));
    }
    if !issuers.contains_key(&name) {
        let opened = match services.remotes.open(&name) {
            Some(opened) => opened.map_err(Error::from),
            None => {
                let missing = format!("the settings of this home name no issuer `{name}` any more");
                Err(Error::new(ErrorKind::Usage, missing))
            }
        };
        match opened {
            Ok(issuer) => drop(issuers.insert(name.clone(), issuer)),
            Err(error) => return Ok(Some(unreachable(services, name, error))),
        }
    }
    let Some(issuer) = issuers.get(&name) else { return Ok(Some(OpenReason::Pending)) };
    let answer = match intent.kind() {
        IntentKind::Issue => issuer.recover(&pending(intent)).map(RecoveryAnswer::Issue),
        IntentKind::Revoke => match certificate(services, intent)? {
            Some(der) => issuer
                .revoker()
                .map_or(Ok(RevocationState::Unknown), |door| door.state(&der))
                .map(RecoveryAnswer::Revoke),
            None => Ok(RecoveryAnswer::Revoke(RevocationState::Unknown)),
        },
    };
    match answer {
        Ok(RecoveryAnswer::Issue(answer)) => issued(services, intent, answer, recovered),
        Ok(RecoveryAnswer::Revoke(state)) => revocation(services, intent, state),
        Err(error) => Ok(Some(unreachable(services, name, error.into()))),
    }
}

/// Remembers, so that it is waited for once in this process.
fn unreachable(services: &mut Session, issuer: String, error: Error) -> OpenReason {
    services.remotes.unreachable.insert(issuer);
    OpenReason::Unreachable(error)
}

enum RecoveryAnswer {
    Issue(Recovery),
    Revoke(RevocationState),
}

/// What the issuer says of an issuance goes on record.
fn issued(
    services: &mut Session,
    intent: &mut OpenIntent,
    answer: Recovery,
    recovered: &mut Recovered,
) -> Result<Option<OpenReason>, Error> {
    match answer {
        Recovery::Nothing => {
            let text = "the process ended before a certificate was recorded; the issuer says that none exists";
            let mut record = about(&services.journal, Event::CertIssueAbandoned, Outcome::Fail, intent);
            record.err = Some(failure("crash", text));
            services.journal.append(vec![record], vec![Change::CloseIntent(intent.op)])?;
            recovered.nothing.push(intent.name.clone());
            Ok(None)
        }
        Recovery::Pending(handle) => {
            poll::hold(&mut services.journal, intent, &handle)?;
            Ok(Some(OpenReason::Pending))
        }
        Recovery::Unknowable { why, hint } => {
            poll::doubt(&mut services.journal, intent, failure("crash", why.clone()), None)?;
            intent.in_doubt = true;
            Ok(Some(OpenReason::Unknown { why, hint }))
        }
        Recovery::Lost(why) => {
            poll::doubt(&mut services.journal, intent, failure("lost", why.clone()), None)?;
            intent.in_doubt = true;
            Ok(Some(OpenReason::Lost(why)))
        }
        Recovery::Found(issued) => {
            let Ok(claim) = ExpectedCertificate::read(intent) else {
                let lost =
                    "a certificate exists, but what was asked for was lost with the home: revoke it at the issuer";
                return Ok(Some(OpenReason::Lost(lost.to_owned())));
            };
            let (certificate, unfit) = match poll::fit(&claim, intent, &issued, services) {
                Match::Good(certificate) => (*certificate, None),
                Match::Bad(certificate, misfit) => (*certificate, Some(misfit.what)),
                Match::Foreign(what) => {
                    let text = format!("the issuer answers with {what}");
                    let returned = Some(certroll_base::encoding::sha256(&issued.certificate));
                    poll::doubt(&mut services.journal, intent, failure("mismatch", text.clone()), returned)?;
                    return Ok(Some(OpenReason::Lost(text)));
                }
            };
            let said = unfit.as_ref().map(|what| set_aside(intent, &certificate, what));
            let arrival = Arrival { issued, certificate, recovered: true, unfit };
            accept::record(services, intent, claim, arrival)?;
            match said {
                None => recovered.found.push(intent.name.clone()),
                Some(said) => {
                    services.watcher.warn(&said);
                    recovered.unfit.push(intent.name.clone());
                }
            }
            Ok(None)
        }
    }
}

/// What the issuer says of a revocation goes on record.
fn revocation(
    services: &mut Session,
    intent: &OpenIntent,
    state: RevocationState,
) -> Result<Option<OpenReason>, Error> {
    match state {
        RevocationState::NotRevoked => {
            let mut record = about(&services.journal, Event::CertRevokeFailed, Outcome::Fail, intent);
            record.err = Some(failure("crash", "the process ended before the revocation took effect"));
            services.journal.append(vec![record], vec![Change::CloseIntent(intent.op)])?;
            Ok(None)
        }
        RevocationState::Revoked => {
            revoked::record(services, intent)?;
            Ok(None)
        }
        RevocationState::Unknown => {
            let why = "repeat the revocation: revoking again is harmless".to_owned();
            Ok(Some(OpenReason::Unknown { why, hint: None }))
        }
    }
}

/// The certificate that a revocation is about.
fn certificate(services: &Session, intent: &OpenIntent) -> Result<Option<Vec<u8>>, Error> {
    let store = services.journal.store();
    let Some(fingerprint) = intent.certificate() else { return Ok(None) };
    match store.certificates(&Query::of(Selector::Fingerprint(fingerprint)))?.pop() {
        Some(entry) => Ok(Some(store.certificate_der(&entry)?)),
        None => Ok(None),
    }
}

/// What is said of a certificate that was found and is not what was asked for.
fn set_aside(intent: &OpenIntent, certificate: &Certificate, what: &str) -> String {
    let (name, issuer, serial) = (&intent.name, &intent.issuer, &certificate.serial);
    format!(
        "issuer `{issuer}` had issued `{name}` with {what}: it is on record and is not handed out; its serial \
         number is {serial}: revoke it"
    )
}

fn warn(services: &Session, intent: &OpenIntent, error: &Error) {
    let (name, issuer) = (&intent.name, &intent.issuer);
    services.watcher.warn(&format!(
        "what became of `{name}` is not known: issuer `{issuer}` could not be asked ({}); other issuers are not affected",
        describe(error)
    ));
}
