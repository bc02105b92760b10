//! The integration tests: one binary, so that everything is linked once.

mod anchors;
mod architecture;
mod arguments;
mod bad_input;
mod concurrent;
mod crash;
mod faults;
mod generated;
mod home;
mod json;
mod live_broker;
mod live_interop_read;
mod live_jetty;
mod live_names;
mod live_requests;
mod live_revocation;
mod live_templates;
mod peers;
mod peers_selftest;
mod readme;
mod recovery;
mod scarce;
mod scratch;
mod secrets;
mod shipped;
