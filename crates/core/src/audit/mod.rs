//! The audit log as data: records, what is verified of a whole log, and the formats in which it leaves.
//!
//! What belongs here: everything that can be said about the log without touching a disk, a database or a network. Tree,
//! notes, checkpoints and proofs are in `certroll-tlog`. Where records are kept and in which order they are committed is
//! for `store`; who writes which event, signs and publishes is for `lifecycle`.
//!
//! What holds:
//! * A leaf is the exact bytes of one JSON line without its line end. A parsed record is never printed again to hash it.
//! * `seq` is the index of the leaf. Order is `seq`, never the clock.
//! * Every decoder here is strict: two different byte strings never read as the same record.
//! * Verifying needs no secret, no network, and memory that grows with the certificates, not with the bytes of the log.

pub mod export;
pub mod record;
#[cfg(test)]
mod sample;
pub mod verify;
