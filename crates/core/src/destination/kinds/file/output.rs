//! Every other file that a command writes: CRLs, truststores, requests, exports, reports, receipts.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::resolve::{Lies, Resolved, resolve};
use super::{stream, trial};
use crate::destination::DestinationError;
use certroll_base::durable::{self, Staged};

/// A file that is going to be written once, whole or not at all.
#[derive(Clone, Copy)]
pub struct OutputFile<'a> {
    path: &'a Path,
    replace: bool,
    known: Option<Known<'a>>,
}

/// Whether bytes look like what this program wrote there before.
type Known<'a> = &'a dyn Fn(&[u8]) -> bool;

impl<'a> OutputFile<'a> {
    /// The file at `path`; what lies there stays.
    pub fn new(path: &'a Path) -> Self {
        Self { path, replace: false, known: None }
    }

    /// Where it is.
    pub fn path(&self) -> &'a Path {
        self.path
    }

    /// The same way to another file: one that goes beside it.
    #[must_use]
    pub fn beside(self, path: &Path) -> OutputFile<'_> {
        OutputFile { path, replace: self.replace, known: None }
    }

    /// Whether the user wants what lies there replaced, whatever it is.
    #[must_use]
    pub fn replacing(self, replace: bool) -> Self {
        Self { replace, ..self }
    }

    /// What `known` knows was written by this program before, and is replaced.
    #[must_use]
    pub fn knowing(self, known: Known<'a>) -> Self {
        Self { known: Some(known), ..self }
    }

    /// Tries whether about `size` bytes can be written, before anything else is done.
    ///
    /// # Errors
    /// They cannot, or there is something that this program did not write.
    pub fn check(&self, size: usize) -> Result<(), DestinationError> {
        let resolved = resolve(self.path)?;
        self.require_known(&resolved)?;
        trial::check(&resolved, size, false).map(drop)
    }

    /// Writes it. An existing file keeps owner, mode, ACL and labels; a new one has mode 0600 if it is `private`, else 0644.
    ///
    /// # Errors
    /// It cannot be written, or there is something that this program did not write; what was there is still there.
    pub fn write(&self, bytes: &[u8], private: bool) -> Result<(), DestinationError> {
        let mut output = self.begin(private)?;
        output.write_all(bytes)?;
        output.publish()
    }

    /// Begins a file that is written piece by piece.
    ///
    /// # Errors
    /// As [`OutputFile::write`].
    pub fn begin(&self, private: bool) -> Result<PartialOutput, DestinationError> {
        let resolved = resolve(self.path)?;
        self.require_known(&resolved)?;
        let Resolved { path, lies } = resolved;
        if matches!(lies, Lies::Stream) {
            let file = stream::open(&path)?;
            return Ok(PartialOutput(Sink::Stream(file)));
        }
        trial::check(&Resolved { path: path.clone(), lies }, 0, false)?;
        let mode = if private { durable::PRIVATE } else { durable::PUBLIC };
        Ok(PartialOutput(Sink::File(Staged::in_place_of(&path, &[], mode)?, path)))
    }

    fn require_known(&self, resolved: &Resolved) -> Result<(), DestinationError> {
        let Lies::File(metadata) = &resolved.lies else { return Ok(()) };
        // An empty file, as `mktemp` makes them, holds nothing that could be lost.
        if self.replace || metadata.len() == 0 {
            return Ok(());
        }
        let known = match self.known {
            Some(known) => known(&fs::read(&resolved.path)?),
            None => false,
        };
        if known { Ok(()) } else { Err(DestinationError::Occupied) }
    }
}

/// A file that is being written. Dropped, it leaves nothing behind, but for what went into a pipe or device.
pub struct PartialOutput(Sink);

enum Sink {
    Stream(File),
    File(Staged, PathBuf),
}

impl PartialOutput {
    /// Makes it durable and gives it its name.
    ///
    /// # Errors
    /// The disk is full, or fails; what was there is still there.
    pub fn publish(mut self) -> Result<(), DestinationError> {
        self.flush()?;
        match self.0 {
            Sink::Stream(_) => Ok(()),
            Sink::File(staged, path) => {
                staged.sync()?;
                staged.publish()?;
                Ok(durable::sync_directory(durable::parent(&path))?)
            }
        }
    }

    /// The file, to be written and sought in; a pipe cannot be sought in, and says so.
    pub fn file(&mut self) -> &mut File {
        match &mut self.0 {
            Sink::Stream(file) => file,
            Sink::File(staged, _) => staged.file(),
        }
    }
}

impl Write for PartialOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file().flush()
    }
}
