//! Where a certificate is installed: files, and services that take certificate and key apart.
//!
//! A destination takes what is finished. It knows nothing of the inventory, of policy or of the log, and it never loses what was
//! there before where that can be kept: a file keeps its predecessor, and [`Destination::restore`] brings it back. Which kinds
//! there are stands in [`kinds`]; how a server is made to use new files, in [`driver`].

mod contract;
pub mod driver;
mod error;
pub mod kinds;
mod place;

pub use contract::{Bundle, Content, Destination, Expected, Observed, Staged};
pub use error::{DestinationError, Remedy};
pub use place::{DestinationKind, Object, Place};
