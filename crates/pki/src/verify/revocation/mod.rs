//! Whether certificates are revoked: CRLs of others by the rules of RFC 5280 section 6.3.3, with distribution points, indirect and
//! delta CRLs, lists for some reasons alone, and lists signed by another key or CA than the certificate.

mod list;
mod scope;
mod status;

pub use list::{ForeignCrl, RevocationLists};
pub use status::{Inquiry, RevocationStatus};
