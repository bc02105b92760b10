//! What became of each place, in the log and in the inventory.

use super::output::Output;
use super::write::{Written, WrittenAll};
use crate::audit::record::draft::Draft;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Failure, InstallationState, Outcome, TargetFacts};
use crate::audit::record::value::Id;
use crate::destination::{Place, kinds};
use crate::error::describe;
use crate::error::{Error, ErrorKind};
use crate::hint::certificate::DeliveryHint;
use crate::lifecycle::journal::Journal;
use crate::lifecycle::session::Session;
use crate::store::{CertificateEntry, Change, Installation, InstallationStep, StepChange, StepOutcome};
use certroll_base::clock::Timestamp;

/// When a certificate counts as delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    /// Once its places are written.
    Written,
    /// Later: services are to be seen to use it.
    Served,
}

/// Records what became of each place, and remembers it under the certificate's name; answers where the certificate is.
///
/// # Errors
/// Of kind [`ErrorKind::Deploy`] when any place could not be written: the certificate is issued all the same.
pub(crate) fn record(
    session: &mut Session,
    entry: &CertificateEntry,
    outputs: &[Output],
    written: WrittenAll,
    (op, settled): (Id, Settled),
) -> Result<Vec<Place>, Error> {
    let now = session.clock.now();
    let mut records = Vec::new();
    let mut changes = Vec::new();
    let mut failure = None;
    let mut places = Vec::new();
    for (output, written) in outputs.iter().zip(written) {
        let place = written.as_ref().map_or(&output.place, |written| &written.place).clone();
        let mut record = draft(&session.journal, entry, output, &place, &written, op);
        // Remembered even if it failed: that is where the certificate belongs, and where the next delivery puts it.
        let lasts = written.as_ref().map_or_else(|_| place.is_definite(), |written| written.kept);
        if lasts {
            changes.push(remembered(entry, output, &place));
            changes.push(step(entry, output, &place, &written, (op, now)));
        }
        places.push(place);
        if let Err(error) = written {
            record.err = Some(Failure { code: "write".to_owned(), text: describe(&error) });
            failure.get_or_insert(error);
        }
        records.push(record);
    }
    if failure.is_none() && !outputs.is_empty() && settled == Settled::Written {
        let drop_keys = outputs.iter().any(|output| output.form.has_key());
        changes.push(Change::Delivered { ids: vec![entry.id], drop_keys });
    }
    if !records.is_empty() {
        session.journal.commit(records, changes).map_err(|error| {
            let message = format!("`{}` is issued, but it cannot be recorded where its files are", entry.name);
            error.reworded(ErrorKind::Deploy, message).hint(DeliveryHint::MakeRoom)
        })?;
    }
    match failure {
        None => Ok(places),
        Some(error) => Err(Error::new(
            ErrorKind::Deploy,
            format!("`{}` is issued, but not every file could be written", entry.name),
        )
        .hint(DeliveryHint::MakeRoomFor(entry.name.clone()))
        .because(error)),
    }
}

fn draft(
    journal: &Journal,
    entry: &CertificateEntry,
    output: &Output,
    place: &Place,
    written: &Result<Written, Error>,
    op: Id,
) -> Draft {
    let (event, outcome, state) = match written {
        Ok(_) => (Event::CertDeployed, Outcome::Ok, InstallationState::Written),
        Err(_) => (Event::CertDeployFailed, Outcome::Fail, InstallationState::Owed),
    };
    let mut record = journal.draft(event, outcome, op);
    record.tgt = Some(TargetFacts {
        t: kinds::of(place).recorded_as.to_owned(),
        id: place.address().to_string_lossy().into_owned(),
        method: Some(output.format().to_owned()),
        observed: Some(entry.fingerprint.into()),
        alias: output.form.is_shared().then(|| output.alias.to_lowercase()),
        host: None,
        state: Some(state),
        sha256: written.as_ref().ok().and_then(|written| written.digest.map(Into::into)),
    });
    record
}

/// What is done there, or why it is owed.
fn step(
    entry: &CertificateEntry,
    output: &Output,
    place: &Place,
    written: &Result<Written, Error>,
    (op, at): (Id, Timestamp),
) -> Change {
    let outcome = match written {
        Ok(written) => StepOutcome::Done { certificate: entry.fingerprint, digest: written.digest, at },
        Err(error) => StepOutcome::Owed(describe(error)),
    };
    let (path, alias) = (place.address(), output.alias.to_lowercase());
    Change::Step(StepChange { path, alias, step: InstallationStep::Written, op, outcome })
}

fn remembered(entry: &CertificateEntry, output: &Output, place: &Place) -> Change {
    Change::Install {
        installation: Installation {
            name: entry.name.clone(),
            path: place.address(),
            format: output.format().to_owned(),
            alias: output.alias.to_lowercase(),
            password_file: output.password.as_ref().and_then(|password| password.file.clone()),
        },
        shared: output.form.is_shared(),
    }
}
