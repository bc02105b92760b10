//! Why something cannot be installed.

use std::fmt;
use std::io;

pub use certroll_base::remedy::Remedy;

/// Why something cannot be installed, or not be seen.
#[derive(Debug)]
pub enum DestinationError {
    /// The system says no.
    Io(io::Error),
    /// It is no place for this, and why, as the rest of a sentence about it: `it is a directory`.
    Refused(String),
    /// Others could have had a hand in it, or it belongs to others; as in [`DestinationError::Refused`].
    Foreign(String),
    /// There is something that this program did not write.
    Occupied,
    /// The service cannot take this certificate, and why.
    Unsuitable(String),
    /// The destination cannot do that at all, and why.
    Unsupported(String),
    /// The service cannot be reached, or refuses.
    Service {
        /// What can be done about it.
        remedy: Remedy,
        /// How it failed.
        source: Box<dyn std::error::Error + Send + Sync>,
        /// What to do there, in words.
        advice: Option<&'static str>,
    },
}

impl fmt::Display for DestinationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Refused(why) | Self::Foreign(why) | Self::Unsuitable(why) | Self::Unsupported(why) => {
                f.write_str(why)
            }
            Self::Occupied => f.write_str("there is something that this program did not write"),
            Self::Service { source, .. } => source.fmt(f),
        }
    }
}

impl std::error::Error for DestinationError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => error.source(),
            Self::Service { source, .. } => source.source(),
            _ => None,
        }
    }
}

impl From<io::Error> for DestinationError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
