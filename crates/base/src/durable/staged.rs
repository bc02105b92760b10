//! A file that is written under a temporary name and gets its own when it is whole.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::{Attributes, PRIVATE, parent};
use crate::{encoding, random};

/// A written but not yet named file; removed on drop unless published.
#[derive(Debug)]
pub struct Staged {
    file: File,
    temporary: PathBuf,
    target: PathBuf,
    published: bool,
}

impl Staged {
    /// Writes `bytes` beside `target`, with exactly that mode, whatever the umask and the directory's default ACL.
    ///
    /// # Errors
    /// Any failing system call; nothing stays behind.
    pub fn write(target: &Path, bytes: &[u8], mode: u32) -> io::Result<Self> {
        let mut staged = Self::begin(target)?;
        if mode != PRIVATE {
            staged.file.set_permissions(Permissions::from_mode(mode))?;
        }
        staged.file.write_all(bytes)?;
        Ok(staged)
    }

    /// As [`Staged::write`], with the owner, the mode, the ACL and the labels of the file that it is to replace; with `mode` when
    /// there is none.
    ///
    /// # Errors
    /// As [`Staged::write`]; or the attributes cannot be kept.
    pub fn in_place_of(target: &Path, bytes: &[u8], mode: u32) -> io::Result<Self> {
        let Some(attributes) = Attributes::of(target)? else { return Self::write(target, bytes, mode) };
        let mut staged = Self::begin(target)?;
        // Before the content: at no moment may more people read it than were to.
        attributes.give_to(&staged.file)?;
        staged.file.write_all(bytes)?;
        Ok(staged)
    }

    fn begin(target: &Path) -> io::Result<Self> {
        let temporary = temporary_beside(target)?;
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(PRIVATE).open(&temporary)?;
        Ok(Self { file, temporary, target: target.to_owned(), published: false })
    }

    /// The file, to be written and sought in.
    pub fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Flushes its content to the disk.
    ///
    /// # Errors
    /// The disk is full, or fails.
    pub fn sync(&self) -> io::Result<()> {
        self.file.sync_all()
    }

    /// Gives it its name, in place of what has it. The directory is not flushed.
    ///
    /// # Errors
    /// It cannot be renamed; what had the name is still there.
    pub fn publish(mut self) -> io::Result<()> {
        fs::rename(&self.temporary, &self.target)?;
        self.published = true;
        Ok(())
    }

    /// Gives it its name if nothing has it. The directory is not flushed.
    ///
    /// # Errors
    /// `AlreadyExists` when something has the name.
    pub fn link(self) -> io::Result<()> {
        fs::hard_link(&self.temporary, &self.target)
    }
}

impl AsFd for Staged {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.published {
            // A leftover is harmless and carries a random name; the error that brought us here is the one to report.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

fn temporary_beside(target: &Path) -> io::Result<PathBuf> {
    let name = target.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "not a file name"))?;
    let mut temporary = OsString::from(".");
    temporary.push(name);
    temporary.push(format!(".{}.tmp", encoding::hex(&random::bytes::<4>())));
    Ok(parent(target).join(temporary))
}
