//! From what was typed, set and written down to opened services: flags, environment and `certroll.toml` become typed
//! settings, and settings become a [`crate::lifecycle::session::Session`] or a
//! [`crate::lifecycle::session::View`]. Nothing below this rank reads the environment or asks a person.

mod agent;
pub mod claim_rules;
pub mod document;
pub mod identity;
mod issuer_keys;
mod issuers;
pub mod key_file;
mod library;
pub mod locate;
mod open;
pub mod pins;
pub mod secrets;
pub mod strength;

pub use issuers::listed;
pub use library::{policies, templates};
pub use open::{emergency, found, heal, new_origin, session, view};
