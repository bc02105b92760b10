//! What was typed, how results look, and the exit code. No clap type is known below this rank.

mod args;
mod commands;
mod confirm;
mod context;
mod error;
pub mod exit;
pub mod generate;
mod hints;
mod keytool;
mod output;
mod progress;
mod render;
mod run;
mod settings;
mod signals;

use clap::{Command, CommandFactory, Parser};

pub use context::Environment;
pub use output::CommandOutput;
pub use run::run;

/// Certificates for brokers, servers and devices: issued, rotated, revoked, and provably logged.
#[derive(Debug, Parser)]
#[command(
    name = "certroll",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
#[command(after_help = "Start with `certroll quickstart DIR`: the whole story with real files in a minute.")]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: args::GlobalArgs,
    #[command(subcommand)]
    pub(crate) command: commands::Command,
}

/// The definitions of the command line.
pub fn command() -> Command {
    Cli::command()
}
