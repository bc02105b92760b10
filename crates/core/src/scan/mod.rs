//! Where certificates turn up: files below a folder, and what TLS endpoints present.
//!
//! What belongs here: walking and connecting, bounded in size, depth and time. Nothing is judged: what a file holds and
//! whether a certificate is known is for `lifecycle`. Nothing is changed, and no secret is sent or asked for.

pub mod endpoint;
pub mod folder;
