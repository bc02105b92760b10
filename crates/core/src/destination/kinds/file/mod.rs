//! Files, replaced whole; the predecessor stays beside as `NAME.previous`.
//!
//! | what lies there | what is done |
//! |---|---|
//! | nothing | the file is made: mode 0600 with a key in it, else 0644, whatever the umask |
//! | a file | replaced in one step; owner, mode, ACL and labels stay |
//! | a pipe or character device | written into |
//! | a link | followed where no other user could have planted it ([`mod@resolve`]); it stays a link |
//! | a file that is a mount point, a directory, a socket, a disk | refused |

mod locks;
mod output;
mod resolve;
mod stream;
mod trial;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use self::resolve::{Lies, Resolved, resolve};
use crate::destination::{Content, Destination, DestinationError, DestinationKind, Expected, Observed, Place, Staged};
use certroll_base::durable;

pub use locks::lock;
pub use output::{OutputFile, PartialOutput};
pub use stream::open as open_stream;

/// Files of this machine.
pub(super) const KIND: &DestinationKind = &DestinationKind {
    id: "file",
    recorded_as: "file",
    summary: "a file on this machine, its predecessor kept",
    objection: |_| None,
    open,
};

/// A file on this machine.
#[derive(Clone, Debug)]
pub struct FileDestination {
    path: PathBuf,
}

/// The file at a place.
///
/// # Errors
/// The place is at a service.
fn open(place: &Place) -> Result<Box<dyn Destination>, DestinationError> {
    match place.file() {
        Some(path) => Ok(Box::new(FileDestination::new(path))),
        None => Err(DestinationError::Refused("it is no file".to_owned())),
    }
}

impl FileDestination {
    /// The file at `path`, which need not exist.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// The bytes of the file; `None` when there is none, or nothing that could be read again.
    ///
    /// # Errors
    /// It cannot be read, or is nothing that may be written.
    pub fn content(&self) -> Result<Option<Vec<u8>>, DestinationError> {
        if !durable::parent(&self.path).exists() {
            return Ok(None);
        }
        let resolved = resolve(&self.path)?;
        match resolved.lies {
            Lies::File(_) => Ok(Some(fs::read(&resolved.path)?)),
            Lies::Nothing | Lies::Stream => Ok(None),
        }
    }

    /// Whether what is written there stays: a pipe or a device keeps nothing.
    ///
    /// # Errors
    /// As [`FileDestination::content`].
    pub fn keeps(&self) -> Result<bool, DestinationError> {
        Ok(!matches!(resolve(&self.path)?.lies, Lies::Stream))
    }

    /// Writes the file; what was there is kept beside it.
    ///
    /// # Errors
    /// It cannot be written; what was there is still there.
    pub fn write(&self, bytes: &[u8], private: bool) -> Result<(), DestinationError> {
        self.install(Content::Bytes { bytes, private }).map(drop)
    }

    /// Where the predecessor is kept.
    ///
    /// # Errors
    /// It is nothing that may be written.
    pub fn previous(&self) -> Result<PathBuf, DestinationError> {
        Ok(previous(&resolve(&self.path)?.path))
    }
}

/// The path of the file itself, links followed, and whether it keeps what is written: a pipe or a device does not.
///
/// # Errors
/// It is nothing that may be written.
pub fn real(path: &Path) -> Result<(PathBuf, bool), DestinationError> {
    let Resolved { path, lies } = resolve(path)?;
    Ok((path, !matches!(lies, Lies::Stream)))
}

/// The predecessor of a file.
fn previous(path: &Path) -> PathBuf {
    let mut name = OsString::from(path.file_name().unwrap_or_default());
    name.push(".previous");
    path.with_file_name(name)
}

impl Destination for FileDestination {
    fn check(&self, expected: Expected<'_>) -> Result<Vec<String>, DestinationError> {
        let size = match expected {
            Expected::Bytes(size) => size,
            Expected::Key(_) => 0,
        };
        trial::check(&resolve(&self.path)?, size, true)
    }

    fn stage(&self, content: Content<'_>) -> Result<Box<dyn Staged>, DestinationError> {
        let Content::Bytes { bytes, private } = content else {
            return Err(DestinationError::Unsupported("a file takes bytes".to_owned()));
        };
        Ok(Box::new(StagedFile::new(self.path.clone(), resolve(&self.path)?, bytes, private)?))
    }

    fn observe(&self) -> Result<Observed, DestinationError> {
        let resolved = resolve(&self.path)?;
        Ok(match resolved.lies {
            Lies::Nothing => Observed::Nothing,
            Lies::File(_) => Observed::Bytes(fs::read(&resolved.path)?),
            Lies::Stream => Observed::Gone,
        })
    }

    fn restore(&self) -> Result<(), DestinationError> {
        let resolved = resolve(&self.path)?;
        let beside = previous(&resolved.path);
        let kept = fs::read(&beside)?;
        trial::check(&resolved, kept.len(), true)?;
        let current = match resolved.lies {
            Lies::File(_) => Some(fs::read(&resolved.path)?),
            Lies::Nothing | Lies::Stream => None,
        };
        durable::replace(&resolved.path, &kept, durable::PRIVATE)?;
        match current {
            Some(bytes) => Ok(durable::write(&beside, &bytes, durable::PRIVATE)?),
            None => Ok(()),
        }
    }
}

/// A file under a temporary name, and its predecessor under another.
struct StagedFile {
    asked: PathBuf,
    path: PathBuf,
    /// What is to be there.
    bytes: Vec<u8>,
    /// What was there; `None` for nothing.
    before: Option<Vec<u8>>,
    way: Way,
}

/// How the bytes get there.
enum Way {
    /// They are there already.
    Nothing,
    /// Into a pipe or device.
    Stream,
    /// By renaming: the predecessor, then the file.
    Rename { previous: Option<durable::Staged>, file: durable::Staged },
    /// It is done.
    Done,
}

impl StagedFile {
    fn new(asked: PathBuf, resolved: Resolved, bytes: &[u8], private: bool) -> Result<Self, DestinationError> {
        let Resolved { path, lies } = resolved;
        let before = match lies {
            Lies::File(_) => Some(fs::read(&path)?),
            Lies::Nothing | Lies::Stream => None,
        };
        let way = match &lies {
            Lies::Stream => Way::Stream,
            _ if before.as_deref() == Some(bytes) => Way::Nothing,
            _ => {
                let mode = if private { durable::PRIVATE } else { durable::PUBLIC };
                let file = durable::Staged::in_place_of(&path, bytes, mode)?;
                file.sync()?;
                // For its owner alone: a retired key must stay private.
                let keep = |bytes: &Vec<u8>| durable::Staged::write(&previous(&path), bytes, durable::PRIVATE);
                let previous = before.as_ref().map(keep).transpose()?;
                previous.as_ref().map_or(Ok(()), durable::Staged::sync)?;
                Way::Rename { previous, file }
            }
        };
        Ok(Self { asked, path, bytes: bytes.to_vec(), before, way })
    }
}

impl Staged for StagedFile {
    fn publish(&mut self) -> Result<Place, DestinationError> {
        match std::mem::replace(&mut self.way, Way::Done) {
            Way::Done | Way::Nothing => {}
            Way::Stream => stream::write(&self.path, &self.bytes)?,
            Way::Rename { previous, file } => {
                // The predecessor first: at no moment is there less than one whole file of each.
                previous.map_or(Ok(()), durable::Staged::publish)?;
                file.publish()?;
                durable::sync_directory(durable::parent(&self.path))?;
                if fs::read(&self.path)? != self.bytes {
                    let why = "it does not read back as written: another program writes it, too";
                    return Err(DestinationError::Refused(why.to_owned()));
                }
            }
        }
        Ok(Place::File(self.asked.clone()))
    }

    fn undo(&mut self) -> Result<(), DestinationError> {
        match &self.before {
            Some(before) => durable::replace(&self.path, before, durable::PRIVATE)?,
            None => {
                fs::remove_file(&self.path)?;
                durable::sync_directory(durable::parent(&self.path))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
