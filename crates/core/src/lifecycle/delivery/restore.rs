//! The files of a certificate as they were before it was written: all of them, or none.

use std::path::PathBuf;

use super::look::{self, Found};
use super::output::Output;
use crate::destination::Destination as _;
use crate::destination::kinds::file::{self, FileDestination};
use crate::error::{Error, ErrorKind};
use crate::store::{CertificateEntry, InstalledPlace};
use certroll_base::encoding::{Sha256, sha256};

/// A file that holds the predecessor again.
pub(crate) struct Restored {
    /// Its path, as the inventory has it.
    pub(crate) path: PathBuf,
    /// The alias in it, in lower case.
    pub(crate) alias: String,
    /// SHA-256 of its bytes.
    pub(crate) digest: Sha256,
}

/// Brings back what each file held before `entry` was written there; `places` are those of its name. A file is touched only if it is
/// still as it was written, and only if what is beside it holds the certificate `before`.
///
/// # Errors
/// One file cannot be brought back: then none is.
pub(crate) fn restore(
    outputs: &[Output],
    places: &[InstalledPlace],
    entry: &CertificateEntry,
    before: &CertificateEntry,
) -> Result<Vec<Restored>, Error> {
    let files: Vec<_> = outputs.iter().filter_map(|output| Some((output, output.place.file()?))).collect();
    if files.len() < outputs.len() {
        return Err(refused("a place that is no file cannot be brought back"));
    }
    let _locks = file::lock(files.iter().map(|(_, path)| *path))
        .map_err(|error| Error::destination("the directories", "use", error))?;
    let mut ready = Vec::with_capacity(files.len());
    for (output, path) in &files {
        let unreadable = |error| Error::destination(path.display(), "read", error);
        let destination = FileDestination::new(path);
        let address = output.place.address();
        let alias = output.alias.to_lowercase();
        let of_it = |place: &&InstalledPlace| place.installation.path == address && place.installation.alias == alias;
        let written = places.iter().find(of_it).map(|place| &place.written);
        let present = destination.content().map_err(unreadable)?.map(|bytes| sha256(&bytes));
        let as_written =
            written.is_some_and(|step| step.certificate == Some(entry.fingerprint) && step.digest == present);
        if !as_written {
            return Err(refused(format!("`{}` is not as it was written", path.display())));
        }
        let previous = destination.previous().map_err(unreadable)?;
        let kept = std::fs::read(&previous).map_err(|error| Error::file(&previous, "read", error))?;
        match look::held(output.form, &kept, output.secret(), &alias, before) {
            Found::SameCertificate => {}
            other => {
                let what = other.words().unwrap_or_else(|| "it cannot be looked at".to_owned());
                return Err(refused(format!("`{}`: {what}", previous.display())));
            }
        }
        let restored = Restored { path: address, alias, digest: sha256(&kept) };
        ready.push((destination, restored));
    }
    for at in 0..ready.len() {
        if let Err(error) = ready[at].0.restore() {
            for (destination, _) in &ready[..at] {
                // Restoring twice undoes itself. One that cannot be put back is found changed by the next look.
                let _ = destination.restore();
            }
            return Err(Error::destination(ready[at].1.path.display(), "bring back the predecessor of", error));
        }
    }
    Ok(ready.into_iter().map(|(_, restored)| restored).collect())
}

fn refused(why: impl Into<String>) -> Error {
    Error::new(ErrorKind::Deploy, why)
}
