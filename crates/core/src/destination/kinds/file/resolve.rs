//! What lies at a path: a file that may be replaced, a pipe or device to be written into, or something to keep away from.
//!
//! Files with keys are written into directories in which others may be at work. A link is followed only where no other user could
//! have planted it, and is never replaced; a file that another user put in the way is left alone.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use crate::destination::DestinationError;
use certroll_base::durable;

/// As many links as Linux follows.
const MOST_LINKS: usize = 40;
/// Who else than the owner may write.
const OTHERS_WRITE: u32 = 0o022;

/// What lies there.
#[derive(Debug)]
pub(super) enum Lies {
    /// Nothing yet.
    Nothing,
    /// A regular file.
    File(Metadata),
    /// A pipe or a character device; or an open file of this process, such as `/dev/stdout`.
    Stream,
}

/// A path, links followed.
#[derive(Debug)]
pub(super) struct Resolved {
    /// The path of the file itself.
    pub(super) path: PathBuf,
    pub(super) lies: Lies,
}

/// Follows links as far as they may be followed, and tells what lies at the end.
///
/// # Errors
/// It is nothing that may be written.
pub(super) fn resolve(path: &Path) -> Result<Resolved, DestinationError> {
    let mut at = path.to_owned();
    for followed in 0..MOST_LINKS {
        let metadata = match fs::symlink_metadata(&at) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                require_directory(&at)?;
                return at_the_end(at, Lies::Nothing, followed > 0);
            }
            Err(error) => return Err(error.into()),
        };
        let kind = metadata.file_type();
        if kind.is_symlink() {
            if is_open_file(&at) {
                return Ok(Resolved { path: at, lies: Lies::Stream });
            }
            require_own_link(&at, &metadata)?;
            at = durable::parent(&at).join(fs::read_link(&at)?);
        } else if kind.is_file() {
            require_own_file(&at, &metadata)?;
            return at_the_end(at, Lies::File(metadata), followed > 0);
        } else if kind.is_char_device() || kind.is_fifo() {
            return at_the_end(at, Lies::Stream, followed > 0);
        } else {
            let what = match () {
                () if kind.is_dir() => "a directory",
                () if kind.is_block_device() => "a block device",
                () => "a socket",
            };
            return Err(DestinationError::Refused(format!("it is {what}, not a file")));
        }
    }
    Err(DestinationError::Refused("its links go round in circles".to_owned()))
}

fn at_the_end(path: PathBuf, lies: Lies, followed: bool) -> Result<Resolved, DestinationError> {
    if followed {
        let directory = durable::parent(&path);
        let metadata = fs::metadata(directory)?;
        if !is_ours(metadata.uid()) || metadata.mode() & OTHERS_WRITE != 0 {
            let why = format!("it is a link into `{}`, where others may write, too", directory.display());
            return Err(DestinationError::Foreign(why));
        }
    }
    Ok(Resolved { path, lies })
}

fn is_ours(uid: u32) -> bool {
    uid == 0 || uid == rustix::process::geteuid().as_raw()
}

fn require_directory(path: &Path) -> Result<(), DestinationError> {
    let directory = durable::parent(path);
    match fs::metadata(directory) {
        Ok(metadata) if metadata.is_dir() => Ok(()),
        Ok(_) => Err(DestinationError::Refused(format!("`{}` is no directory", directory.display()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(DestinationError::Refused(format!("its directory `{}` does not exist", directory.display())))
        }
        Err(error) => Err(error.into()),
    }
}

fn require_own_link(path: &Path, link: &Metadata) -> Result<(), DestinationError> {
    if is_ours(link.uid()) {
        return Ok(());
    }
    Err(DestinationError::Foreign(format!("`{}` is a link that user {} made", path.display(), link.uid())))
}

/// A file of another user is replaced by root alone, which can leave it his, and only where that user or root put it.
fn require_own_file(path: &Path, file: &Metadata) -> Result<(), DestinationError> {
    if is_ours(file.uid()) {
        return Ok(());
    }
    let owner = file.uid();
    if !rustix::process::geteuid().is_root() {
        return Err(DestinationError::Foreign(format!("it belongs to user {owner}, and only root could leave it so")));
    }
    let directory = fs::metadata(durable::parent(path))?;
    if (directory.uid() != 0 && directory.uid() != owner) || directory.mode() & OTHERS_WRITE != 0 {
        return Err(DestinationError::Foreign(format!(
            "it belongs to user {owner} and lies where others could have put it"
        )));
    }
    Ok(())
}

/// Whether it is one of the links by which the system shows the open files of a process: what they lead to has no path.
fn is_open_file(path: &Path) -> bool {
    let directory = fs::canonicalize(durable::parent(path));
    directory.is_ok_and(|directory| directory.starts_with("/proc") && directory.ends_with("fd"))
}
