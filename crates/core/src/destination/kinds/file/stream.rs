//! Pipes and devices are written into: they have no predecessor, and what is written is gone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;

use crate::destination::DestinationError;
use rustix::fs::OFlags;

/// Opens what [`mod@super::resolve`] found to be a stream. For a pipe it waits until a process reads.
///
/// # Errors
/// It cannot be opened, or has become something else meanwhile.
pub fn open(path: &Path) -> Result<File, DestinationError> {
    if fs::symlink_metadata(path)?.file_type().is_symlink() {
        return open_file(path);
    }
    let flags = i32::try_from((OFlags::NOCTTY | OFlags::NOFOLLOW).bits()).unwrap_or_default();
    let file = OpenOptions::new().write(true).custom_flags(flags).open(path)?;
    let kind = file.metadata()?.file_type();
    if kind.is_char_device() || kind.is_fifo() {
        return Ok(file);
    }
    Err(DestinationError::Refused("it has just become something else".to_owned()))
}

/// An open file of this process. A second opening may be denied, or not exist, where the first one was inherited.
fn open_file(path: &Path) -> Result<File, DestinationError> {
    let own = match path.file_name().and_then(|name| name.to_str()) {
        Some("1") => Some(io::stdout().as_fd().try_clone_to_owned()?),
        Some("2") => Some(io::stderr().as_fd().try_clone_to_owned()?),
        _ => None,
    };
    match own {
        Some(own) => Ok(File::from(own)),
        None => Ok(OpenOptions::new().append(true).open(path)?),
    }
}

/// Writes all bytes.
///
/// # Errors
/// It cannot be opened or written; how much of it went out is unknown then.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), DestinationError> {
    let mut file = open(path)?;
    file.write_all(bytes)?;
    Ok(file.flush()?)
}
