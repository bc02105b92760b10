//! certroll, the program: what was typed, how results look, and exit codes. What it does lies in `certroll-core`.

pub mod cli;
