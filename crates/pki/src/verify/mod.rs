//! Signatures, and paths from a certificate to a trust anchor (RFC 5280 section 6).

pub mod path;
pub mod signature;
