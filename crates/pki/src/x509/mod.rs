//! Certificates, certification requests and revocation lists: reading, and making the bytes that a CA signs.

pub mod certificate;
pub mod crl;
pub mod extensions;
pub mod reason;
pub mod request;
mod request_content;
pub mod serial;
pub mod signing;
pub mod validity;
