//! The predecessor of a certificate is put in force again, because a service does not take its successor.

use std::sync::Arc;

use super::adopt::{self, Adoption, NotServed};
use super::probe::Expected;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{InstallationState, Outcome, TargetFacts, Why};
use crate::error::{Error, describe};
use crate::lifecycle::delivery::{self, Output, Restored};
use crate::lifecycle::session::Session;
use crate::store::{
    CertificateEntry, Change, InstallationStep, Query, Selector, Service, ServiceStep, ServiceStepOutcome, StepChange,
    StepOutcome,
};

/// Brings the predecessor back into all files, and has the services use it. `Some` when it is in the files again, with what is not
/// as it was before; `None` when the successor stays there: there is no predecessor that could be used, or it cannot be brought back.
///
/// # Errors
/// It cannot be recorded.
pub(super) fn take_back(
    adoption: &Adoption<'_, '_>,
    services: &[Service],
    outputs: &[Output],
    reason: &NotServed,
) -> Result<Option<Option<String>>, Error> {
    let (before, places) = {
        let session = adoption.shared.lock();
        let Some(before) = predecessor(&session, adoption.entry())? else { return Ok(None) };
        (before, session.journal.store().places(Some(&adoption.entry().name))?)
    };
    let restored = match delivery::restore(outputs, &places, adoption.entry(), &before) {
        Ok(restored) => restored,
        Err(error) => {
            let session = adoption.shared.lock();
            session.watcher.warn(&format!("the predecessor cannot be brought back: {}", describe(&error)));
            return Ok(None);
        }
    };
    record(adoption, services, &before, &restored, reason)?;
    let chain = {
        let session = adoption.shared.lock();
        session.issuers_of(&before).unwrap_or_default()
    };
    let intermediates = delivery::without_root(&std::iter::once(Vec::new()).chain(chain).collect::<Vec<_>>());
    let again = Adoption {
        shared: adoption.shared,
        files: adoption.files.clone(),
        expected: Expected { entry: before.clone(), intermediates: intermediates.into_iter().skip(1).collect() },
        op: adoption.op,
    };
    let mut dark = Vec::new();
    for service in services {
        let loaded = adopt::load(&again, service).map_err(|(_, why)| why);
        if let Err(why) = loaded.and_then(|()| adopt::prove(&again, service)) {
            dark.push(format!("service `{}` does not serve the predecessor either: {why}", service.name));
        }
    }
    Ok(Some((!dark.is_empty()).then(|| dark.join("; "))))
}

/// The certificate that this one replaced, if it may be used: neither expired nor revoked.
fn predecessor(session: &Session, entry: &CertificateEntry) -> Result<Option<CertificateEntry>, Error> {
    let of_name = session.journal.store().certificates(&Query::of(Selector::Name(entry.name.clone())))?;
    let now = session.clock.now();
    let usable = |one: &CertificateEntry| one.revoked.is_none() && one.validity.not_after > now;
    Ok(of_name.into_iter().find(|one| one.replaced_by == Some(entry.fingerprint)).filter(usable))
}

fn record(
    adoption: &Adoption<'_, '_>,
    services: &[Service],
    before: &CertificateEntry,
    restored: &[Restored],
    reason: &NotServed,
) -> Result<(), Error> {
    let mut session = adoption.shared.lock();
    let at = session.clock.now();
    let mut records = Vec::new();
    let mut changes = Vec::new();
    for file in restored {
        let mut record = session.journal.draft(Event::CertDeployed, Outcome::Ok, adoption.op);
        record.tgt = Some(TargetFacts {
            t: "file".to_owned(),
            id: file.path.to_string_lossy().into_owned(),
            method: Some("restore".to_owned()),
            observed: Some(before.fingerprint.into()),
            alias: Some(file.alias.clone()).filter(|alias| !alias.is_empty()),
            state: Some(InstallationState::Written),
            sha256: Some(file.digest.into()),
            ..TargetFacts::default()
        });
        record.why =
            Some(Arc::new(Why { code: "taken-back".to_owned(), text: Some(reason.to_string()), ..Why::default() }));
        records.push(record);
        changes.push(Change::Step(StepChange {
            path: file.path.clone(),
            alias: file.alias.clone(),
            step: InstallationStep::Written,
            op: adoption.op,
            outcome: StepOutcome::TakenBack {
                certificate: before.fingerprint,
                digest: file.digest,
                at,
                why: format!("taken back: {reason}"),
            },
        }));
    }
    for service in services {
        let owed = ServiceStepOutcome::Owed(format!("taken back: {reason}"));
        changes.push(adopt::step_change(adoption, service, ServiceStep::Served, owed));
    }
    session.journal.commit(records, changes).map(drop)
}
