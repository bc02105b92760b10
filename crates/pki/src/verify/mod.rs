//! Signatures, and paths from a certificate to a trust anchor (RFC 5280 section 6) with the names that they allow.

pub mod constraints;
pub mod path;
pub(crate) mod possession;
pub mod signature;
