//! Whether certificates are revoked: CRLs of others by the rules of RFC 5280 section 6.3.3, with distribution points, indirect and
//! delta CRLs, lists for some reasons alone, and lists signed by another key or CA than the certificate; OCSP responses by those of
//! RFC 6960.

mod list;
mod responder;
mod scope;
mod status;

pub use list::{ForeignCrl, RevocationLists};
pub use responder::ResponderInquiry;
pub use status::{Inquiry, RevocationStatus};
