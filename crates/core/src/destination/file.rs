//! Files, replaced whole; the predecessor stays beside as `NAME.previous`.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::destination::{Artifact, Target};
use certroll_base::durable;

/// A file on this machine.
#[derive(Clone, Debug)]
pub struct FileTarget {
    path: PathBuf,
}

impl FileTarget {
    /// The file at `path`, which need not exist.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Puts `bytes` beside the file, with mode 0600, as a retired key must be.
    fn keep(&self, bytes: &[u8]) -> io::Result<()> {
        durable::write(&self.previous(), bytes, durable::PRIVATE)
    }

    /// Where the predecessor is kept.
    pub fn previous(&self) -> PathBuf {
        let mut name = OsString::from(self.path.file_name().unwrap_or_default());
        name.push(".previous");
        self.path.with_file_name(name)
    }
}

impl Target for FileTarget {
    fn id(&self) -> String {
        std::path::absolute(&self.path).unwrap_or_else(|_| self.path.clone()).to_string_lossy().into_owned()
    }

    fn installed(&self) -> io::Result<Option<Vec<u8>>> {
        match fs::read(&self.path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn install(&self, artifact: Artifact<'_>) -> io::Result<()> {
        let mode = if artifact.private { durable::PRIVATE } else { durable::PUBLIC };
        match self.installed()? {
            Some(bytes) if bytes == artifact.bytes => return Ok(()),
            // The predecessor is written first: at no moment is there less than one whole file of each.
            Some(bytes) => self.keep(&bytes)?,
            None => {}
        }
        durable::replace(&self.path, artifact.bytes, mode)
    }

    fn restore(&self) -> io::Result<()> {
        let previous = fs::read(self.previous())?;
        let current = self.installed()?;
        durable::replace(&self.path, &previous, durable::PRIVATE)?;
        match current {
            Some(bytes) => self.keep(&bytes),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_predecessor_can_be_brought_back() -> io::Result<()> {
        let directory = tempfile::tempdir()?;
        let target = FileTarget::new(&directory.path().join("broker.p12"));
        assert!(target.restore().is_err());
        for bytes in [b"one", b"two", b"two"] {
            target.install(Artifact { bytes, private: true })?;
        }
        target.restore()?;
        assert_eq!(target.installed()?.as_deref(), Some(&b"one"[..]));
        target.restore()?;
        assert_eq!(target.installed()?.as_deref(), Some(&b"two"[..]));
        Ok(())
    }
}
