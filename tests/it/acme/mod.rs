//! The ACME back end against a real server, pebble, and against one in this process that misbehaves.

mod able;
mod accounts;
mod faults;
mod issuing;
mod killed;
mod renewal;
mod revoking;
pub(crate) mod server;
pub(crate) mod setup;
