//! The files of a home, and which templates, policies and issuers are in force in it.

pub mod broken;
pub mod home;
pub mod in_force;
pub mod permissions;
