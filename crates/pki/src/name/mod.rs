//! Names: distinguished names (RFC 4514 text), general names, and the constraints that CAs put on both (RFC 5280 4.2.1.10).

mod address;
mod attribute;
mod canonical;
pub mod distinguished_name;
mod dns_name;
pub mod general_name;
pub mod host_like;
mod invalid;
pub mod name_constraints;
pub mod name_error;
mod other_name;
pub mod subtree;
mod uri;
