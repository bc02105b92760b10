//! The steps of one service towards a certificate whose files are in place.

use std::fmt;
use std::path::PathBuf;

use super::probe::{self, Expected, Seen};
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Failure, InstallationState, Outcome, TargetFacts};
use crate::audit::record::value::{Digest, Id};
use crate::destination::driver::{self, Action, ActionFacts, Driver, FACTS};
use crate::error::{Error, ErrorKind, describe};
use crate::hint::certificate::DeliveryHint;
use crate::lifecycle::delivery::name_lock::NameLock;
use crate::lifecycle::session::shared::SharedSession;
use crate::store::{
    CertificateEntry, Change, Service, ServiceChange, ServiceStep, ServiceStepChange, ServiceStepOutcome,
};
use certroll_base::parallel;

/// So many listeners of a service are looked at at the same time.
const LOOKED_AT_ONCE: usize = 8;

/// A certificate that services are to use.
pub(super) struct Adoption<'a, 's> {
    pub(super) shared: &'a SharedSession<'s>,
    /// The files that hold it or its key.
    pub(super) files: Vec<PathBuf>,
    /// The certificate, as listeners should show it.
    pub(super) expected: Expected,
    /// The operation.
    pub(super) op: Id,
}

impl Adoption<'_, '_> {
    /// The certificate.
    pub(super) fn entry(&self) -> &CertificateEntry {
        &self.expected.entry
    }
}

/// What a step is called in records and errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The command before anything is changed.
    Pre,
    /// The server's own test.
    Test,
    /// Loading.
    Reload,
    /// Handshakes.
    Prove,
    /// The command after it.
    Post,
}

impl Stage {
    fn name(self) -> &'static str {
        match self {
            Self::Pre => "pre",
            Self::Test => "test",
            Self::Reload => "reload",
            Self::Prove => "prove",
            Self::Post => "post",
        }
    }

    /// The step of the inventory that is owed when it fails.
    fn step(self) -> ServiceStep {
        match self {
            Self::Pre | Self::Test | Self::Reload => ServiceStep::Reloaded,
            Self::Prove | Self::Post => ServiceStep::Served,
        }
    }
}

/// A service that does not serve the certificate.
pub(super) struct NotServed {
    /// The service.
    pub(super) service: String,
    /// Whether it served a certificate before, and does not take this one.
    pub(super) refuses: bool,
    stage: Stage,
    why: String,
}

impl fmt::Display for NotServed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "service `{}`, {}: {}", self.service, self.stage.name(), self.why)
    }
}

/// Why the steps of a service ended early.
pub(super) enum Stopped {
    /// It does not serve the certificate, which is on record.
    NotServed(NotServed),
    /// That cannot be recorded.
    Error(Error),
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// Runs the commands that services want to be run before their files change.
///
/// # Errors
/// One failed: nothing has been changed.
pub(super) fn prepare(adoption: &Adoption<'_, '_>, services: &[Service]) -> Result<(), Error> {
    for service in services {
        let Some(line) = &service.pre else { continue };
        let action = Action::of_line(line).map_err(|error| error.to_string());
        if let Err(why) = action.and_then(|action| act(adoption, service, Stage::Pre, &action)) {
            fail(adoption, service, Stage::Pre, &why)?;
            let message = format!("`{}` is issued, but its files stay as they are", adoption.entry().name);
            return Err(Error::new(ErrorKind::Deploy, message)
                .because(format!("service `{}`, pre: {why}", service.name))
                .hint(DeliveryHint::Serve(adoption.entry().name.clone())));
        }
    }
    Ok(())
}

/// Has a service load the certificate, and sees that it serves it.
///
/// # Errors
/// It does not; or that cannot be recorded.
pub(super) fn adopt(adoption: &Adoption<'_, '_>, service: &Service) -> Result<(), Stopped> {
    let served_before = serves_something(adoption, service);
    let stop = |stage: Stage, why: String| -> Stopped {
        match fail(adoption, service, stage, &why) {
            Ok(()) => Stopped::NotServed(NotServed {
                service: service.name.clone(),
                refuses: served_before && stage != Stage::Post,
                stage,
                why,
            }),
            Err(error) => Stopped::Error(error),
        }
    };
    load(adoption, service).map_err(|(stage, why)| stop(stage, why))?;
    done(adoption, service, ServiceStep::Reloaded)?;
    prove(adoption, service).map_err(|why| stop(Stage::Prove, why))?;
    if let Some(line) = &service.post {
        let action = Action::of_line(line).map_err(|error| stop(Stage::Post, error.to_string()))?;
        act(adoption, service, Stage::Post, &action).map_err(|why| stop(Stage::Post, why))?;
    }
    done(adoption, service, ServiceStep::Served)?;
    Ok(())
}

/// Whether a listener shows any certificate now.
fn serves_something(adoption: &Adoption<'_, '_>, service: &Service) -> bool {
    let endpoints: Vec<_> = service.endpoints_of(&adoption.entry().name).collect();
    let probed = parallel::each(&endpoints, LOOKED_AT_ONCE, |endpoint| probe::look(endpoint, &adoption.expected));
    probed.iter().any(|probed| !matches!(probed.seen, Seen::Nothing(_)))
}

/// The driver of a service.
pub(super) fn driver_of(service: &Service) -> Result<&'static Driver, String> {
    driver::by_id(&service.driver).ok_or_else(|| format!("this program knows no driver `{}`", service.driver))
}

/// Tests, and has it load its files.
pub(super) fn load(adoption: &Adoption<'_, '_>, service: &Service) -> Result<(), (Stage, String)> {
    let at = |stage: Stage| move |why: String| (stage, why);
    let driver = driver_of(service).map_err(at(Stage::Test))?;
    let settings = driver.settings(&service.settings).map_err(|error| (Stage::Test, error.to_string()))?;
    let test = (driver.test)(&settings).map_err(|error| (Stage::Test, error.to_string()))?;
    let reload = (driver.reload)(&settings, &adoption.files).map_err(|error| (Stage::Reload, error.to_string()))?;
    let home = adoption.shared.lock().home.clone();
    let _lock = NameLock::of_service(&home, &service.name).map_err(|error| (Stage::Reload, describe(&error)))?;
    if let Some(test) = test {
        act(adoption, service, Stage::Test, &test).map_err(at(Stage::Test))?;
    }
    act(adoption, service, Stage::Reload, &reload).map_err(at(Stage::Reload))
}

/// Looks at every listener until each has shown the certificate, as often as its driver asks for.
pub(super) fn prove(adoption: &Adoption<'_, '_>, service: &Service) -> Result<(), String> {
    let driver = driver_of(service)?;
    let settings = driver.settings(&service.settings).map_err(|error| error.to_string())?;
    let patience = settings.patience().map_err(|error| error.to_string())?;
    let endpoints: Vec<_> = service.endpoints_of(&adoption.entry().name).collect();
    let wait = |endpoint: &&crate::store::ServiceEndpoint| {
        probe::wait(endpoint, &adoption.expected, driver.in_a_row, patience)
    };
    let probed = parallel::each(&endpoints, LOOKED_AT_ONCE, wait);
    let wrong = probed.iter().filter(|probed| probed.seen != Seen::Wanted);
    let wrong: Vec<_> = wrong.map(|one| format!("{} {}", one.endpoint.address, one.seen.words())).collect();
    let notes = probed.iter().flat_map(|one| one.notes.iter().map(|note| format!("{}: {note}", one.endpoint.address)));
    let session = adoption.shared.lock();
    notes.for_each(|note| session.watcher.warn(&note));
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join(", ")) }
}

fn act(adoption: &Adoption<'_, '_>, service: &Service, stage: Stage, action: &Action) -> Result<(), String> {
    let entry = adoption.entry();
    let facts = ActionFacts {
        schema: FACTS,
        step: stage.name(),
        service: service.name.clone(),
        driver: service.driver.clone(),
        name: entry.name.clone(),
        serial: entry.serial.to_string(),
        sha256: entry.fingerprint.to_string(),
        not_after: entry.validity.not_after.to_string(),
        files: adoption.files.clone(),
    };
    let driver = driver_of(service)?;
    let settings = driver.settings(&service.settings).map_err(|error| error.to_string())?;
    let timeout = settings.timeout().map_err(|error| error.to_string())?;
    driver::run(action, &facts, timeout).map_err(|error| describe(&error))
}

/// Records that a step is done.
fn done(adoption: &Adoption<'_, '_>, service: &Service, step: ServiceStep) -> Result<(), Error> {
    let mut session = adoption.shared.lock();
    let mut record = session.journal.draft(Event::CertDeployed, Outcome::Ok, adoption.op);
    let state = match step {
        ServiceStep::Reloaded => InstallationState::Reloaded,
        ServiceStep::Served => InstallationState::Served,
    };
    record.tgt = Some(target(service, adoption.entry().fingerprint.into(), state));
    let outcome = ServiceStepOutcome::Done { certificate: adoption.entry().fingerprint, at: session.clock.now() };
    let change = step_change(adoption, service, step, outcome);
    session.journal.commit(vec![record], vec![change]).map(drop)
}

/// Records that a step failed, and is owed.
fn fail(adoption: &Adoption<'_, '_>, service: &Service, stage: Stage, why: &str) -> Result<(), Error> {
    let mut session = adoption.shared.lock();
    let mut record = session.journal.draft(Event::CertDeployFailed, Outcome::Fail, adoption.op);
    record.tgt = Some(target(service, adoption.entry().fingerprint.into(), InstallationState::Owed));
    record.err = Some(Failure { code: stage.name().to_owned(), text: why.to_owned() });
    let change = step_change(adoption, service, stage.step(), ServiceStepOutcome::Owed(why.to_owned()));
    session.journal.commit(vec![record], vec![change]).map(drop)
}

pub(super) fn step_change(
    adoption: &Adoption<'_, '_>,
    service: &Service,
    step: ServiceStep,
    outcome: ServiceStepOutcome,
) -> Change {
    Change::Service(ServiceChange::Step(ServiceStepChange {
        service: service.name.clone(),
        certificate: adoption.entry().name.clone(),
        step,
        op: adoption.op,
        outcome,
    }))
}

/// A service as records name it.
pub(super) fn target(service: &Service, certificate: Digest, state: InstallationState) -> TargetFacts {
    TargetFacts {
        t: "service".to_owned(),
        id: service.name.clone(),
        method: Some(service.driver.clone()),
        observed: Some(certificate),
        state: Some(state),
        ..TargetFacts::default()
    }
}
