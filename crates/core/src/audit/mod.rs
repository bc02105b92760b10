//! The audit log as data: records, the Merkle tree over them, signed checkpoints, verification and export.
//!
//! What belongs here: everything that can be said about the log without touching a disk, a database or a network. Where
//! records are kept and in which order they are committed, signed and published is for `store`; who writes which event
//! is for `lifecycle`.
//!
//! What holds:
//! * A leaf is the exact bytes of one JSON line without its line end. Nobody ever prints a parsed record again to hash it.
//! * `seq` is the index of the leaf. Order is `seq`, never the clock.
//! * Tree and proofs are those of RFC 9162 section 2.1, checkpoints and notes those of C2SP, so foreign tools can check us.
//! * Every decoder here is strict: two different byte strings never read as the same note, key, checkpoint or frontier.
//! * Verifying needs no secret, no network, and memory that grows with the certificates, not with the bytes of the log.
//!
//! | module | what |
//! |---|---|
//! | [`event`] | the closed list of events, what they mean and which clauses ask for them |
//! | [`value`] | identifiers and digests as they are written into records |
//! | [`facts`] | the parts of a record: actor, request, certificate, remote call, failure |
//! | [`draft`] | a record before it has its place in the log |
//! | [`record`] | a record that has it |
//! | [`late`] | what happened while the log could not be written, to be merged into it |
//! | [`merkle`] | hashes of leaves and nodes, and the right edge of the growing tree |
//! | [`tree`] | the whole tree in memory: roots of earlier sizes, making proofs |
//! | [`proof`] | checking inclusion and consistency proofs |
//! | [`note`] | signed notes |
//! | [`note_key`] | the keys that sign and verify them |
//! | [`checkpoint`] | the signed statement "the first N records have this root" |
//! | [`cosignature`] | what a witness signs: it has seen this checkpoint and none that contradicts it |
//! | [`witness_policy`] | which logs and how many of which witnesses must have signed |
//! | [`tiles`] | the log as static files |
//! | [`receipt`] | the proof, in one file, that one record is in the log |
//! | [`pairing`] | intents and the records that end them |
//! | [`verify`] | a whole log against its checkpoints and its own rules |
//! | [`defect`] | what that can find |
//! | [`export`] | records as rows of a spreadsheet |
//! | [`cef`], [`syslog`] | records as events for a SIEM |
//! | [`bundle`] | one archive with all that an auditor needs |
//! | [`consistency`] | making a consistency proof while the leaves go by |

pub mod export;
pub mod record;
#[cfg(test)]
mod sample;
pub mod verify;
