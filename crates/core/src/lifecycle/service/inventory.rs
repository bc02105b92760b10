//! Services are added, changed and removed.

use std::collections::BTreeMap;

use super::status;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Outcome, TargetFacts};
use crate::audit::record::value::Id;
use crate::destination::driver::{self, Action};
use crate::error::{Error, ErrorKind};
use crate::hint::keystore::ServerHint;
use crate::lifecycle::session::{Session, View};
use crate::scan::endpoint::Endpoint;
use crate::store::{Change, Query, Service, ServiceChange, ServiceStep, ServiceStepChange, ServiceStepOutcome, Store};

/// The service of that name.
///
/// # Errors
/// There is none; the known ones are named.
pub fn find(store: &dyn Store, name: &str) -> Result<Service, Error> {
    let services = store.services()?;
    let known: Vec<_> = services.iter().map(|service| service.name.clone()).collect();
    services.into_iter().find(|service| service.name == name).ok_or_else(|| {
        let error = Error::new(ErrorKind::Usage, format!("there is no service `{name}`"));
        match known.is_empty() {
            true => error.hint(ServerHint::AddService),
            false => error.hint(format!("known are {}", known.join(", "))),
        }
    })
}

/// Adds a service, or with `replace` says anew what it is. What its listeners do not serve now is owed from here on; answers what was
/// seen there.
///
/// # Errors
/// It cannot be used as it is described; or there is one of that name.
pub fn add(
    session: &mut Session,
    view: &View,
    service: Service,
    replace: bool,
) -> Result<Vec<status::ServiceFinding>, Error> {
    check(session, &service)?;
    let known = session.journal.store().services()?.iter().any(|other| other.name == service.name);
    if known && !replace {
        let message = format!("there is a service `{}` already", service.name);
        return Err(Error::new(ErrorKind::Usage, message).hint(ServerHint::ReplaceService));
    }
    let findings = status::look_at(view, std::slice::from_ref(&service), None)?;
    let op = Id::new(session.clock.now());
    let event = if known { Event::ServiceChange } else { Event::ServiceAdd };
    let mut record = session.journal.draft(event, Outcome::Ok, op);
    record.tgt = Some(TargetFacts {
        t: "service".to_owned(),
        id: service.name.clone(),
        method: Some(service.driver.clone()),
        ..TargetFacts::default()
    });
    record.x.insert("service".to_owned(), serde_json::to_value(&service).unwrap_or_default());
    let mut changes = vec![Change::Service(ServiceChange::Set { service: Box::new(service.clone()), new: !known })];
    for name in &service.certificates {
        changes.push(first_state(session, &service, name, &findings, op));
    }
    session.journal.commit(vec![record], changes)?;
    Ok(findings)
}

/// Whether the current certificate is served already, or owed.
fn first_state(
    session: &Session,
    service: &Service,
    name: &str,
    findings: &[status::ServiceFinding],
    op: Id,
) -> Change {
    let of_it: Vec<_> = findings.iter().filter(|one| one.probed.endpoint.certificate == name).collect();
    let wrong = of_it.iter().find(|finding| !finding.is_good());
    let wanted = of_it.iter().find_map(|finding| finding.wanted.as_ref());
    let outcome = match (wrong, wanted) {
        (None, Some(entry)) => ServiceStepOutcome::Done { certificate: entry.fingerprint, at: session.clock.now() },
        (Some(wrong), _) => {
            let probed = &wrong.probed;
            ServiceStepOutcome::Owed(format!("{} {}", probed.endpoint.address, probed.seen.words()))
        }
        (None, None) => ServiceStepOutcome::Owed("nothing is known of what it serves".to_owned()),
    };
    Change::Service(ServiceChange::Step(ServiceStepChange {
        service: service.name.clone(),
        certificate: name.to_owned(),
        step: ServiceStep::Served,
        op,
        outcome,
    }))
}

/// Forgets a service. The server itself, and its files, stay as they are.
///
/// # Errors
/// There is none of that name, or the log cannot be written.
pub fn remove(session: &mut Session, name: &str) -> Result<Service, Error> {
    let service = find(session.journal.store(), name)?;
    let mut record = session.journal.draft(Event::ServiceRemove, Outcome::Ok, Id::new(session.clock.now()));
    record.tgt = Some(TargetFacts {
        t: "service".to_owned(),
        id: service.name.clone(),
        method: Some(service.driver.clone()),
        ..TargetFacts::default()
    });
    session.journal.commit(vec![record], vec![Change::Service(ServiceChange::Remove(name.to_owned()))])?;
    Ok(service)
}

/// What is done to a service, as its driver has it: its test, if it has one, and what loads its files.
///
/// # Errors
/// Its driver is not known, or cannot use its settings.
pub fn actions(service: &Service, files: &[std::path::PathBuf]) -> Result<(Option<Action>, Action), Error> {
    let refused = |error: driver::SettingsError| {
        let message = format!("the settings of service `{}` cannot be used", service.name);
        Error::new(ErrorKind::Usage, message).because(error).hint(ServerHint::SeeDrivers)
    };
    let driver = driver::by_id(&service.driver).ok_or_else(|| {
        let known: Vec<_> = driver::DRIVERS.iter().map(|driver| driver.id).collect();
        Error::new(ErrorKind::Usage, format!("there is no driver `{}`", service.driver))
            .hint(format!("known are {}", known.join(", ")))
    })?;
    let settings = driver.settings(&service.settings).map_err(refused)?;
    Ok(((driver.test)(&settings).map_err(refused)?, (driver.reload)(&settings, files).map_err(refused)?))
}

/// Refuses what could not be used at the next rotation.
fn check(session: &Session, service: &Service) -> Result<(), Error> {
    let wrong = |message: String| Error::new(ErrorKind::Usage, message);
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if service.name.is_empty() || service.name.starts_with(['.', '-']) || !service.name.chars().all(plain) {
        return Err(
            wrong(format!("`{}` is no name of a service", service.name)).hint("use letters, digits, `-`, `_` and `.`")
        );
    }
    let store = session.journal.store();
    let mut files = Vec::new();
    for name in &service.certificates {
        if store.certificates(&Query::current_of(name))?.is_empty() {
            return Err(wrong(format!("`{name}` has no current certificate"))
                .hint(crate::hint::certificate::CertificateHint::FindCurrent));
        }
        files.extend(store.installations(name)?.into_iter().map(|installation| installation.path));
    }
    for endpoint in &service.endpoints {
        endpoint
            .address
            .parse::<Endpoint>()
            .map_err(|error| wrong("an endpoint cannot be used".to_owned()).because(error))?;
        if !service.uses(&endpoint.certificate) {
            let name = &endpoint.certificate;
            return Err(wrong(format!(
                "endpoint `{}` is to show `{name}`, which the service does not use",
                endpoint.address
            )));
        }
    }
    for line in service.pre.iter().chain(&service.post) {
        Action::of_line(line).map_err(|error| wrong("a command cannot be used".to_owned()).because(error))?;
    }
    actions(service, &files).map(drop)
}

/// Settings as they are typed: `NAME=VALUE`.
///
/// # Errors
/// One is not of that shape, or is given twice.
pub fn settings(given: &[String]) -> Result<BTreeMap<String, String>, Error> {
    let mut settings = BTreeMap::new();
    for text in given {
        let (name, value) = text.split_once('=').ok_or_else(|| {
            Error::new(ErrorKind::Usage, format!("`{text}` is not NAME=VALUE")).hint(ServerHint::SeeDrivers)
        })?;
        if settings.insert(name.to_owned(), value.to_owned()).is_some() {
            return Err(Error::new(ErrorKind::Usage, format!("the setting `{name}` is given twice")));
        }
    }
    Ok(settings)
}
