//! The files of a home, and which templates, policies and issuers are in force in it.

pub mod home;
pub mod in_force;
