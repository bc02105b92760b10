//! Certificates from every CA that speaks ACME (RFC 8555).

pub mod challenge;
