//! Names: distinguished names (RFC 4514 text), general names, and the constraints that CAs put on both (RFC 5280 4.2.1.10).

mod attribute;
pub mod distinguished_name;
pub mod general_name;
pub mod name_constraints;
pub mod name_error;
