//! certroll: certificates for brokers, servers and devices, issued, rotated, revoked, and provably logged.
//!
//! One way through the house; a module names only modules of a lower rank, and two of one rank never name each other
//! (`tests/it/architecture.rs` holds the code to it):
//!
//! ```text
//! rank 5  cli         what was typed; how results look; exit codes
//! rank 4  config      flags + environment + file -> typed settings -> opened session
//! rank 3  lifecycle   the use cases: issue, rotate, revoke, deliver, recover, report
//! rank 2  policy      may it be issued?
//!         template    what does it look like?
//!         issuer      who signs it
//!         signer      keys that stay where they are: hardware tokens
//!         keystore    how key and chain are stored: bytes in, bytes out
//!         target      where it is installed
//!         server      what the configuration of a server that uses it looks like
//!         store       one transaction: audit records + tree head + inventory
//!         report      what a log says, counted, and as a page for people
//!         scan        where certificates turn up: folders, TLS endpoints
//! rank 1  hint        what the user can do next, without naming a command
//!         audit       records, Merkle tree, checkpoints, verification, export formats
//!         aws         the session of AWS as calls that block: ACM, Private CA, KMS
//!         pki         names, keys, requests, certificates, chains, revocation lists
//! rank 0  base        clock, durable files, locks, secrets, encodings, terminal-safe text
//! ```

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
