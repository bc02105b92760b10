//! JOSE: signatures over JSON (RFC 7515), keys as JSON (RFC 7517), and ID tokens of OpenID Connect.

pub mod algorithm;
pub mod compact_jws;
pub mod id_token;
pub mod jws;
mod strict_json;
