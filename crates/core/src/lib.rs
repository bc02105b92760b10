//! certroll: certificates for brokers, servers and devices, issued, rotated, revoked, and provably logged.
//!
//! A module names only modules of a lower rank, and two of one rank never name each other. `docs/architecture.md` draws the ranks
//! and the rooms of [`lifecycle`]; `tests/it/architecture` holds the code to them.

pub mod audit;
pub mod config;
pub mod destination;
pub mod error;
pub mod hint;
pub mod issuer;
pub mod lifecycle;
pub mod policy;
pub mod report;
pub mod scan;
pub mod server;
pub mod signer;
pub mod store;
pub mod template;
pub mod tools;
