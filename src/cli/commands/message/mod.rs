//! `certroll message`.

mod args;
mod sign;
mod verify;

use clap::Subcommand;

use crate::cli::context::{CommandOutcome, Context};

/// Sign messages, and verify signed ones
#[derive(Debug, Subcommand)]
pub(crate) enum MessageCommand {
    Sign(Box<sign::SignArgs>),
    Verify(Box<verify::VerifyArgs>),
}

pub(super) fn run(command: MessageCommand, context: &mut Context<'_>) -> CommandOutcome {
    match command {
        MessageCommand::Sign(args) => sign::run(*args, context),
        MessageCommand::Verify(args) => verify::run(&args, context),
    }
}
