//! The trial before anything is signed: can the file be written, with all that belongs to it?

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::resolve::{Lies, Resolved};
use super::{previous, resolve::resolve};
use crate::destination::DestinationError;
use certroll_base::durable;
use rustix::fs::{Access, AtFlags, CWD, StatxAttributes, StatxFlags, accessat, statx};

/// What a new file with a certificate is reckoned to need at least.
const LEAST: usize = 16 * 1024;

/// Writes as much as there will be under a temporary name, with the attributes that it will have, and takes it away again.
/// Answers what the user should know.
///
/// # Errors
/// It cannot be written, or the file cannot be replaced in one step.
pub(super) fn check(resolved: &Resolved, size: usize, keeps: bool) -> Result<Vec<String>, DestinationError> {
    let path = &resolved.path;
    match &resolved.lies {
        Lies::Stream => {
            accessat(CWD, path, Access::WRITE_OK, AtFlags::EACCESS).map_err(io::Error::from)?;
            Ok(Vec::new())
        }
        Lies::Nothing => {
            write(path, size.max(LEAST))?;
            Ok(Vec::new())
        }
        Lies::File(metadata) => {
            require_no_mount(path)?;
            let present = usize::try_from(metadata.len()).unwrap_or(usize::MAX).min(1 << 26);
            let mut room = size.max(LEAST).max(present);
            if keeps {
                require_plain(&previous(path))?;
                room += present;
            }
            write(path, room)?;
            Ok(other_names(path, metadata))
        }
    }
}

fn write(path: &Path, size: usize) -> Result<(), DestinationError> {
    drop(durable::Staged::in_place_of(path, &vec![0; size], durable::PRIVATE)?);
    Ok(())
}

/// A file that is mounted by itself cannot be replaced by a name: the name belongs to the file system below.
fn require_no_mount(path: &Path) -> Result<(), DestinationError> {
    let found = statx(CWD, path, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::BASIC_STATS);
    if found.is_ok_and(|found| found.stx_attributes.contains(StatxAttributes::MOUNT_ROOT)) {
        let why = "it is mounted by itself and cannot be replaced in one step: mount its directory";
        return Err(DestinationError::Refused(why.to_owned()));
    }
    Ok(())
}

/// The predecessor takes the name of a predecessor or of nothing.
fn require_plain(previous: &Path) -> Result<(), DestinationError> {
    match fs::symlink_metadata(previous) {
        Ok(metadata) if metadata.is_file() => resolve(previous).map(drop),
        Ok(_) => Err(DestinationError::Refused(format!("`{}` is in the way of its predecessor", previous.display()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn other_names(path: &Path, metadata: &Metadata) -> Vec<String> {
    if metadata.nlink() < 2 {
        return Vec::new();
    }
    let path = path.display();
    vec![format!("`{path}` has {} names in the file system: the others keep what is there now", metadata.nlink())]
}
