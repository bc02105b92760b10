//! What a place is called: a path, or an object at a service of some kind.

use std::fmt;
use std::path::{Path, PathBuf};

use super::contract::Destination;
use super::error::DestinationError;
use certroll_base::durable;

/// One kind of destination.
pub struct DestinationKind {
    /// Its name in the inventory and before addresses.
    pub id: &'static str,
    /// Its name in records.
    pub recorded_as: &'static str,
    /// What it is, in one line.
    pub summary: &'static str,
    /// Why a text is no address of an object there; `None` for a good one.
    pub objection: fn(&str) -> Option<String>,
    /// Opens one.
    pub open: fn(&Place) -> Result<Box<dyn Destination>, DestinationError>,
}

impl DestinationKind {
    /// The place that a text means: the address of an object, or `new`.
    ///
    /// # Errors
    /// It is neither, and why.
    pub fn place(&'static self, text: &str) -> Result<Place, String> {
        match (self.objection)(text) {
            _ if text == "new" => Ok(Place::Service(self, Object::New)),
            None => Ok(Place::Service(self, Object::Existing(text.to_owned()))),
            Some(why) => Err(why),
        }
    }
}

/// Where something is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A file on this machine.
    File(PathBuf),
    /// An object at a service.
    Service(&'static DestinationKind, Object),
}

/// An object at a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Object {
    /// The one with that address.
    Existing(String),
    /// One that is made by the installation, and has an address then.
    New,
}

impl Place {
    /// The path of a file.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Service(..) => None,
        }
    }

    /// Whether both are the same place, by whichever path.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::File(one), Self::File(two)) => real(one) == real(two),
            _ => self == other && self.is_definite(),
        }
    }

    /// Whether it can be found again: an object that is still to be made cannot.
    pub fn is_definite(&self) -> bool {
        !matches!(self, Self::Service(_, Object::New))
    }

    /// The same, so that it is found from every working directory: a path is made absolute.
    #[must_use]
    pub fn absolute(&self) -> Self {
        match self {
            Self::File(path) => Self::File(std::path::absolute(path).unwrap_or_else(|_| path.clone())),
            service @ Self::Service(..) => service.clone(),
        }
    }

    /// As it stands in the inventory, in records and in documents: an absolute path, or `acm:ARN`.
    pub fn address(&self) -> PathBuf {
        match self.absolute() {
            Self::File(path) => path,
            service @ Self::Service(..) => PathBuf::from(service.to_string()),
        }
    }
}

/// A path with all links followed, also of a file that is not there yet.
fn real(path: &Path) -> PathBuf {
    let beside = || {
        let directory = std::fs::canonicalize(durable::parent(path)).ok()?;
        Some(directory.join(path.file_name()?))
    };
    std::fs::canonicalize(path).ok().or_else(beside).unwrap_or_else(|| path.to_owned())
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Service(kind, Object::Existing(address)) => write!(f, "{}:{address}", kind.id),
            Self::Service(kind, Object::New) => write!(f, "{}:new", kind.id),
        }
    }
}

impl PartialEq for DestinationKind {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for DestinationKind {}

impl fmt::Debug for DestinationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DestinationKind({})", self.id)
    }
}
