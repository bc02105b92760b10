//! OCSP (RFC 6960): what a responder says of certificates, and for which certificate it says so.
//!
//! A response is read here and believed in [`crate::verify::revocation`]: who may have signed it and how long it holds is decided
//! there.

mod cert_id;
mod response;

pub use cert_id::{CertId, HashAlgorithm};
pub use response::{CertStatus, OcspError, OcspResponse, ResponderId, SingleResponse};
