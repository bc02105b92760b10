//! What verification can find wrong with a log.

use crate::audit::record::RecordError;
use crate::audit::record::event::{Event, Intent};
use crate::audit::record::value::Id;

/// Something is wrong with the log.
#[derive(Debug, thiserror::Error)]
pub enum Defect {
    /// With one record.
    #[error("record {seq} (line {line}) is wrong", line = .seq + 1)]
    Record {
        /// Its index, counted from 0.
        seq: u64,
        /// What is wrong.
        #[source]
        fault: Fault,
    },
    /// The records are not those that were signed.
    #[error("the first {size} records are not the ones that the checkpoint was signed over")]
    WrongRoot {
        /// The size that the checkpoint names.
        size: u64,
    },
    /// Records are missing at the end.
    #[error("the log has {records} records, but a checkpoint was signed over {signed}")]
    Truncated {
        /// How many records there are.
        records: u64,
        /// How many there were.
        signed: u64,
    },
    /// A CA was taken over, and not all of its certificates are on record.
    #[error("a CA was taken over, and {left} of its certificates are not on record")]
    ImportUnfinished {
        /// How many.
        left: u64,
    },
    /// What was announced is not what was issued, failed, given up and still open, taken together.
    #[error("{announced} certificates were announced, but {ended} were issued, failed, given up or are still open")]
    Unbalanced {
        /// How many certificates the intents announce.
        announced: u64,
        /// How many have ended or are open.
        ended: u64,
    },
}

/// What is wrong with a record.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The line cannot be read.
    #[error(transparent)]
    Unreadable(#[from] RecordError),
    /// Something before it was removed, inserted or exchanged.
    #[error("it says that its place is {0}")]
    OutOfPlace(u64),
    /// Version 2 of the schema asks for more than version 1, and a log does not go back to it.
    #[error("a record of schema version {version} after one of version {before}")]
    OlderVersion {
        /// Its version.
        version: u32,
        /// That of the record before it.
        before: u32,
    },
    /// The record leaves it to its session who acted, and that has not begun or has ended.
    #[error("it does not say who acted, and session {0} has not begun or has ended")]
    UnknownSession(Id),
    /// A certificate is taken over from an earlier log, and the first record names none.
    #[error(
        "it takes a certificate or its revocation over, but neither does the log begin with the checkpoint of an earlier one, \
         nor does it stand among those of a CA that is taken over"
    )]
    NoPredecessor,
    /// The records of the certificates of a CA that is taken over stand right after its own, and no other among them.
    #[error("it breaks off the records of a CA that is taken over: its certificates follow it at once")]
    ImportBroken,
    /// An intent announces nothing.
    #[error("the intent announces no certificate")]
    EmptyIntent,
    /// An operation announces something again before it has ended what it announced.
    #[error("operation {op} has an open intent already, at record {earlier}")]
    IntentTwice {
        /// The operation.
        op: Id,
        /// Where the open intent is.
        earlier: u64,
    },
    /// An outcome without the announcement that must come before it.
    #[error("`{event}` without an open {intent} intent of operation {op}")]
    NoIntent {
        /// The outcome.
        event: Event,
        /// What had to be announced.
        intent: Intent,
        /// The operation.
        op: Id,
    },
    /// The record says that it closes another record than the open intent of its operation.
    #[error("its `ref` is not the open intent of its operation, record {0}")]
    WrongReference(u64),
    /// A certificate was issued or revoked, and the record does not say which.
    #[error("it does not say which certificate")]
    NoCertificate,
    /// An issuer gave one serial number to two certificates (RFC 5280 section 4.1.2.2).
    #[error("serial number `{sn}` of `{iss}` was issued before")]
    SerialTwice {
        /// The issuer.
        iss: String,
        /// The serial number.
        sn: String,
    },
    /// A certificate is revoked that the log does not know.
    #[error("the log has no certificate with serial number `{sn}` of `{iss}`")]
    UnknownCertificate {
        /// The issuer.
        iss: String,
        /// The serial number.
        sn: String,
    },
}
