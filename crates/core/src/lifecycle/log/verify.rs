//! Verifying the log: of a home, or an export on a machine that has neither home nor secret.

use certroll_pki::digest::Fingerprint;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::bundle_reader::{BundleFlaw, FileSource};
use super::show::contains;
use super::verify_bundle;
use super::verify_bundle::BundleFacts;
use crate::audit::export::bundle::archive::ArchiveError;
use crate::audit::record::event::Event;
use crate::audit::record::{Record, RecordError};
use crate::audit::verify::defect::Defect;
use crate::audit::verify::{LogVerifier, Verification};
use crate::error::{Error, ErrorKind};
use crate::hint::home::LogHint;
use crate::lifecycle::log::{LineError, RecordLines, read_checkpoint, read_key};
use crate::lifecycle::session::View;
use crate::store::{Query, Store, StoreError};
use certroll_tlog::{Checkpoint, VerifierKey};

/// Verifies the log of a home against its published checkpoint, record by record, and the inventory against the log.
///
/// # Errors
/// Of kind [`ErrorKind::Verification`]: tampered, truncated, or not under this key.
pub fn verify_home(view: &View, key: Option<&VerifierKey>) -> Result<Verification, Error> {
    let key = match key {
        Some(key) => key.clone(),
        None => read_key(&view.home.verifier_key())?,
    };
    let checkpoint = read_checkpoint(&view.home.checkpoint(), &key)?;
    let mut verifier = LogVerifier::against([checkpoint]);
    let mut told = LoggedCertificates::default();
    let mut expected = 0;
    view.store.records(0, &mut |seq, line| {
        if seq != expected {
            return Err(StoreError::Damaged(format!("record {expected} is missing")));
        }
        expected += 1;
        verifier.push(line).map_err(|defect| StoreError::Damaged(defect.to_string()))?;
        told.note(line).map_err(|error| StoreError::Damaged(format!("record {seq}: {error}")))
    })?;
    let verification = finish(verifier)?;
    told.compare(&*view.store)?;
    Ok(verification)
}

/// What the log says of certificates: fingerprint, and whether revoked. The inventory must say the same.
#[derive(Default)]
struct LoggedCertificates(std::collections::HashMap<Fingerprint, bool>);

impl LoggedCertificates {
    fn note(&mut self, line: &[u8]) -> Result<(), RecordError> {
        // Most records tell of no certificate; reading those in full would double the time of a verification.
        if !contains(line, b"\"cert\":") {
            return Ok(());
        }
        let record = Record::parse(line)?;
        let revoked = record.ev == Event::CertRevoked;
        if let (true, Some(certificate)) = (revoked || record.ev.introduces(), &record.cert) {
            self.0.insert(Fingerprint::new(certificate.sha256.0), revoked);
        }
        Ok(())
    }

    fn compare(mut self, store: &dyn Store) -> Result<(), Error> {
        let differs = |name: &str, what: &str| {
            Error::new(ErrorKind::Verification, format!("log and inventory do not agree: certificate `{name}` {what}"))
                .hint("the log is what counts; restore the database from the newest backup")
        };
        for entry in store.certificates(&Query::default())? {
            match (self.0.remove(&entry.fingerprint), entry.revoked.is_some()) {
                (None, _) => return Err(differs(&entry.name, "is in the inventory, but was never recorded")),
                (Some(true), false) => {
                    return Err(differs(&entry.name, "is revoked in the log, but not in the inventory"));
                }
                (Some(false), true) => {
                    return Err(differs(&entry.name, "is revoked in the inventory, but not in the log"));
                }
                _ => {}
            }
        }
        match self.0.into_keys().next() {
            Some(missing) => Err(differs(&missing.to_string(), "is in the log, but not in the inventory")),
            None => Ok(()),
        }
    }
}

/// What an export is verified against.
#[derive(Clone, Copy, Debug)]
pub struct ExportChecks<'a> {
    /// The key that was given to the auditor when the log began.
    pub key: &'a VerifierKey,
    /// The signed checkpoint of a JSON Lines export; a bundle has it inside.
    pub checkpoint: Option<&'a Path>,
    /// The checkpoint that was kept from the last visit.
    pub since: Option<&'a Path>,
}

/// A verified export.
#[derive(Debug)]
pub struct Checked {
    /// What is known of the log.
    pub verification: Verification,
    /// What the export holds beside records, if it is a bundle.
    pub bundle: Option<BundleFacts>,
}

/// Verifies an export without any home: JSON Lines, or a bundle.
///
/// # Errors
/// As [`verify_home`]; the cause is a [`BundleFlaw`] or a [`Defect`], see [`first_bad`].
pub fn verify_export(export: &Path, checks: &ExportChecks<'_>) -> Result<Checked, Error> {
    let unreadable = |error| Error::file(export, "read", error);
    let file = File::open(export).map_err(unreadable)?;
    let mut first = [0];
    let is_lines = file.read_at(&mut first, 0).map_err(unreadable)? == 0 || first == *b"{";
    let since = checks.since.map(|path| read_checkpoint(path, checks.key)).transpose()?;
    if is_lines {
        let checkpoint = checks.checkpoint.map_or_else(|| beside(export), Path::to_owned);
        let checkpoint = read_checkpoint(&checkpoint, checks.key)?;
        let lines = BufReader::with_capacity(1 << 17, file);
        let verification =
            verify_lines(lines, since.into_iter().chain([checkpoint])).map_err(|flaw| not_verified(export, flaw))?;
        return Ok(Checked { verification, bundle: None });
    }
    if checks.checkpoint.is_some() {
        return Err(Error::new(ErrorKind::Usage, "a bundle has its checkpoint inside").hint(LogHint::Since));
    }
    let bundle = verify_bundle::verify_bundle(&FileSource(file), checks.key, since.as_slice())
        .map_err(|flaw| not_verified(export, flaw))?;
    Ok(Checked { verification: bundle.verification, bundle: Some(bundle.facts) })
}

/// Verifies the lines of a JSON Lines export against checkpoints, one of which must cover what is to be believed.
///
/// # Errors
/// [`BundleFlaw`].
pub fn verify_lines(
    lines: impl BufRead,
    checkpoints: impl IntoIterator<Item = Checkpoint>,
) -> Result<Verification, BundleFlaw> {
    let mut verifier = LogVerifier::against(checkpoints);
    let mut lines = RecordLines::new(lines);
    loop {
        match lines.next() {
            Ok(Some(line)) => verifier.push(line)?,
            Ok(None) => return Ok(verifier.finish()?),
            Err(LineError::Io(error)) => return Err(error.into()),
            Err(LineError::BrokenOff) => return Err(BundleFlaw::BrokenOff),
        }
    }
}

/// The number of the first bad record, where a failed verification could blame one.
pub fn first_bad(error: &Error) -> Option<u64> {
    let cause = std::error::Error::source(error)?;
    let of_log = |defect: &Defect| match defect {
        Defect::Record { seq, .. } => Some(*seq),
        _ => None,
    };
    cause.downcast_ref::<BundleFlaw>().and_then(BundleFlaw::first_bad).or_else(|| cause.downcast_ref().and_then(of_log))
}

fn beside(export: &Path) -> std::path::PathBuf {
    let mut name = export.file_name().unwrap_or_default().to_owned();
    name.push(".checkpoint");
    export.with_file_name(name)
}

pub(crate) fn not_verified(export: &Path, flaw: BundleFlaw) -> Error {
    match flaw {
        BundleFlaw::Archive(ArchiveError::Io(error)) if error.kind() != io::ErrorKind::UnexpectedEof => {
            Error::file(export, "read", error)
        }
        flaw => Error::new(ErrorKind::Verification, format!("`{}` does not verify", export.display())).because(flaw),
    }
}

fn finish(verifier: LogVerifier) -> Result<Verification, Error> {
    verifier.finish().map_err(tampered)
}

pub(crate) fn tampered(defect: Defect) -> Error {
    Error::new(ErrorKind::Verification, "the log does not verify").because(defect)
}
