//! Files that are whole, private and on disk when the call returns.
//!
//! The order of system calls is always: create a temporary file beside the target (mode 0600, `O_EXCL`), write, `fsync`,
//! `rename` over the target, `fsync` of the directory. A crash leaves the old file or the new one, never a mixture; at
//! worst a temporary file named `.NAME.XXXXXXXX.tmp` stays behind.

mod attributes;
mod staged;

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use crate::encoding;

pub use attributes::Attributes;
pub use staged::Staged;

/// Mode of a file that only its owner may read: everything that holds or names a key.
pub const PRIVATE: u32 = 0o600;
/// Mode of a file that anyone may read: certificates, CRLs, checkpoints.
pub const PUBLIC: u32 = 0o644;

/// Creates or replaces `path` with `bytes`. The mode is exactly `mode`, whatever the umask.
///
/// # Errors
/// Any failing system call; the previous file, if there was one, is then still there and whole.
pub fn write(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let staged = Staged::write(path, bytes, mode)?;
    staged.sync()?;
    staged.publish()?;
    sync_directory(parent(path))
}

/// Replaces `path` with `bytes` and keeps its [`Attributes`]: who could read the old file can read the new one.
///
/// A file that is not there is created, with `mode`.
///
/// # Errors
/// As [`write()`]; also when the attributes cannot be kept: only root may give a file away.
pub fn replace(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let staged = Staged::in_place_of(path, bytes, mode)?;
    staged.sync()?;
    staged.publish()?;
    sync_directory(parent(path))
}

/// Creates `path` with `bytes` and refuses to replace anything.
///
/// # Errors
/// `AlreadyExists` when there is a file of that name, else any failing system call.
pub fn create(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let staged = Staged::write(path, bytes, mode)?;
    staged.sync()?;
    staged.link()?;
    sync_directory(parent(path))
}

/// Writes many files of one directory with one flush for all of them.
///
/// Durable when it returns. A crash in between leaves some of them whole and the others absent.
///
/// # Errors
/// Any failing system call; nothing of the group can be relied upon then.
pub fn write_all(files: &[(PathBuf, &[u8], u32)]) -> io::Result<()> {
    let mut staged = Vec::with_capacity(files.len());
    for (path, bytes, mode) in files {
        staged.push((Staged::write(path, bytes, *mode)?, parent(path).to_owned()));
    }
    flush(&staged)?;
    let mut directories: Vec<PathBuf> = Vec::new();
    for (file, directory) in staged {
        file.publish()?;
        if !directories.contains(&directory) {
            directories.push(directory);
        }
    }
    directories.iter().try_for_each(|directory| sync_directory(directory))
}

/// The temporary files in a directory that earlier writers left behind, when killed, or are still writing.
///
/// # Errors
/// The directory cannot be read.
pub fn leftovers(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let is_temporary = |name: &str| {
        let inner = name.strip_prefix('.').and_then(|name| name.strip_suffix(".tmp"));
        inner.and_then(|name| name.rsplit_once('.')).is_some_and(|(target, random)| {
            !target.is_empty() && random.len() == 8 && encoding::from_hex(random).is_some()
        })
    };
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_name().to_str().is_some_and(is_temporary) {
            found.push(entry.path());
        }
    }
    Ok(found)
}

/// Creates a directory and its parents, readable by the owner alone, and makes it durable.
///
/// # Errors
/// Any failing system call; an existing directory is not an error.
pub fn create_directory(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    sync_directory(parent(path))
}

/// Flushes a directory, so that names made or removed in it stay so.
///
/// # Errors
/// The directory cannot be opened or flushed.
pub fn sync_directory(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// The directory a path lies in; `.` for a bare file name.
pub fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => directory,
        _ => Path::new("."),
    }
}

/// One `syncfs` for the group where the system has it: a flush per file would dominate the time of a batch.
#[cfg(target_os = "linux")]
fn flush(staged: &[(Staged, PathBuf)]) -> io::Result<()> {
    match staged.first() {
        Some((file, _)) => Ok(rustix::fs::syncfs(file)?),
        None => Ok(()),
    }
}

#[cfg(not(target_os = "linux"))]
fn flush(staged: &[(Staged, PathBuf)]) -> io::Result<()> {
    staged.iter().try_for_each(|(file, _)| file.sync())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn replaces_whole_and_private() -> io::Result<()> {
        let directory = tempfile::tempdir()?;
        let path = directory.path().join("a.key");
        write(&path, b"one", PRIVATE)?;
        write(&path, b"two", PRIVATE)?;
        assert_eq!(fs::read(&path)?, b"two");
        assert_eq!(fs::metadata(&path)?.permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(directory.path())?.count(), 1);
        Ok(())
    }

    #[test]
    fn a_replaced_file_keeps_its_mode() -> io::Result<()> {
        let directory = tempfile::tempdir()?;
        let path = directory.path().join("broker.p12");
        write(&path, b"one", PRIVATE)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640))?;
        replace(&path, b"two", PRIVATE)?;
        assert_eq!(
            (fs::read(&path)?.as_slice(), fs::metadata(&path)?.permissions().mode() & 0o777),
            (&b"two"[..], 0o640)
        );
        Ok(())
    }

    #[test]
    fn create_never_replaces() -> io::Result<()> {
        let directory = tempfile::tempdir()?;
        let path = directory.path().join("a");
        create(&path, b"one", PUBLIC)?;
        assert_eq!(create(&path, b"two", PUBLIC).map_err(|e| e.kind()), Err(io::ErrorKind::AlreadyExists));
        assert_eq!(fs::read(&path)?, b"one");
        assert_eq!(fs::read_dir(directory.path())?.count(), 1);
        Ok(())
    }

    #[test]
    fn leftovers_are_told_from_other_files() -> io::Result<()> {
        let directory = tempfile::tempdir()?;
        for name in
            ["a.pem", ".a.pem.tmp", ".hidden", ".a.pem.0123abcd.tmp", "a.pem.0123abcd.tmp", ".a.pem.0123abcx.tmp"]
        {
            fs::write(directory.path().join(name), "")?;
        }
        assert_eq!(leftovers(directory.path())?, [directory.path().join(".a.pem.0123abcd.tmp")]);
        Ok(())
    }

    #[test]
    fn a_group_is_all_there_afterwards() -> io::Result<()> {
        let directory = tempfile::tempdir()?;
        let files: Vec<_> = (0..50).map(|n| (directory.path().join(n.to_string()), &b"x"[..], PRIVATE)).collect();
        write_all(&files)?;
        assert_eq!(fs::read_dir(directory.path())?.count(), 50);
        Ok(())
    }
}
