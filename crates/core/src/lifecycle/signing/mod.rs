//! From an approved request to the record of its certificate: announce, sign or send, compare, record, publish.
//!
//! [`announce`] makes the intent durable. [`sign`] is the only caller of an issuer's signature; [`poll`] follows a request at
//! an issuer elsewhere, with every handle durable before the next step; [`accept`] compares what came back with
//! [`expectation`], what was approved, and records it. No byte of a certificate leaves before a checkpoint covers its record.

pub(crate) mod accept;
pub(crate) mod announce;
pub(crate) mod expectation;
pub(crate) mod poll;
pub(crate) mod record;
pub(crate) mod sign;
