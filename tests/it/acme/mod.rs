//! The ACME back end against a real server, pebble, and against one in this process that misbehaves.

mod issuing;
mod setup;
