//! The use cases: the only place where policy, templates, issuers, keystores, targets and the store meet.
//!
//! Every certificate goes one way ([`issuance`]): policy gives out an approval that cannot be copied; the append of the intent turns
//! it into an announcement; the issuer consumes that for a signature, and what came back is compared; the record of the certificate,
//! its row and the end of the intent are one transaction; a checkpoint is published over it; and only then [`delivery`] lets a byte
//! of it out. An issuer elsewhere answers later, or not at all: [`signing`] follows a request there with every handle durable before
//! the next step. [`recovery`] asks the issuers what became of the intents that dead processes left open, before anything new begins.
//!
//! Use cases take plain requests and return plain outcomes: they know no command line and print nothing.

pub mod batch;
pub mod delivery;
pub mod import;
pub mod issuance;
pub mod journal;
pub mod layout;
pub mod log;
pub mod reconcile;
pub mod recovery;
pub mod revocation;
pub mod rotation;
pub mod server_config;
pub mod service;
pub mod session;
pub mod signing;
pub mod truststore;
