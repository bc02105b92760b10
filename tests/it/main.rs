//! The integration tests: one binary, so that everything is linked once.

mod architecture;
mod bad_input;
mod concurrent;
mod crash;
mod generated;
mod home;
mod peers;
mod peers_selftest;
mod recovery;
mod scarce;
mod secrets;
