//! What every rank above needs and nothing that knows a certificate: time, durable files, locks, secrets, encodings, text.
//!
//! Internals of certroll: any release may change this API in any way.

pub mod child;
pub mod cleanup;
pub mod clock;
pub mod digest;
pub mod durable;
pub mod encoding;
pub mod input;
pub mod lock;
pub mod mac;
#[cfg(feature = "network")]
pub mod network;
pub mod parallel;
#[cfg(target_os = "linux")]
pub mod process;
pub mod random;
pub mod remedy;
#[cfg(feature = "network")]
pub mod runtime;
pub mod secret;
pub mod text;
