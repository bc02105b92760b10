//! Programs that are started: hooks, password commands, what tells a server to reload.

mod running;

use std::ffi::OsStr;
use std::process::Command;

pub use running::{EndedCommand, RunningCommands};

/// How the variables begin that are meant for this program alone: a passphrase may be among them.
const OURS: &str = "CERTROLL_";

/// A command of that program, whose environment is ours without the variables that are meant for this program.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.as_encoded_bytes().starts_with(OURS.as_bytes()) {
            command.env_remove(name);
        }
    }
    command
}
