//! What became of each file of a group, as it is recorded for a single certificate.

use super::output::{BatchOutput, Package, WrittenFiles};
use crate::audit::record::draft::Draft;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Failure, InstallationState, Outcome, TargetFacts};
use crate::error::{Error, describe};
use crate::lifecycle::journal::Journal;
use crate::store::Change;

/// Records what became of a group that was to be written, and that its keys need not be kept any longer.
///
/// # Errors
/// That of writing; or the log cannot be written.
pub(super) fn record(
    journal: &mut Journal,
    output: &BatchOutput,
    packages: &[Package],
    written: Result<WrittenFiles, Error>,
) -> Result<(), Error> {
    let records = records(journal, output, packages, written.as_ref());
    if let Err(error) = written {
        // A full disk takes neither files nor records; the user is to hear of the files.
        let recorded = journal.commit(records, Vec::new());
        return Err(if recorded.is_ok() { error.on_record() } else { error });
    }
    let ids = packages.iter().map(|package| package.entry.id).collect();
    journal.append(records, vec![Change::Delivered { ids, drop_keys: true }]).map(drop)
}

/// A record for each file of each package.
fn records(
    journal: &Journal,
    output: &BatchOutput,
    packages: &[Package],
    written: Result<&WrittenFiles, &Error>,
) -> Vec<Draft> {
    let (event, outcome, state) = match written {
        Ok(_) => (Event::CertDeployed, Outcome::Ok, InstallationState::Written),
        Err(_) => (Event::CertDeployFailed, Outcome::Fail, InstallationState::Owed),
    };
    let mut records = Vec::with_capacity(packages.len());
    for package in packages {
        for target in output.targets(package) {
            let mut record = journal.draft(event, outcome, package.op);
            let id = std::path::absolute(&target.path).unwrap_or_else(|_| target.path.clone());
            record.item = package.item;
            record.tgt = Some(TargetFacts {
                t: "file".to_owned(),
                id: id.to_string_lossy().into_owned(),
                method: Some(target.form.to_owned()),
                observed: Some(package.entry.fingerprint.into()),
                alias: target.alias,
                host: None,
                state: Some(state),
                sha256: written.ok().and_then(|written| written.digest(&target.path)).map(Into::into),
            });
            record.err = written.err().map(|error| Failure { code: "write".to_owned(), text: describe(error) });
            records.push(record);
        }
    }
    records
}
