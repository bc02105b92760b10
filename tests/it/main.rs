//! The integration tests: one binary, so that everything is linked once.

mod architecture;
mod arguments;
mod bad_input;
mod concurrent;
mod crash;
mod generated;
mod home;
mod json;
mod peers;
mod peers_selftest;
mod recovery;
mod scarce;
mod secrets;
mod shipped;
