//! Signatures, paths from a certificate to a trust anchor with the names that they allow, and revocation (RFC 5280 section 6).

pub mod constraints;
pub(crate) mod possession;
pub mod revocation;
pub mod signature;
