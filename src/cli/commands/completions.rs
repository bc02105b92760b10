//! `certroll completions`.

use clap::Args;
use clap_complete::Shell;

use crate::cli::context::{CommandOutcome, Context};
use crate::cli::{exit, generate};

/// Print the completion script of a shell
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// bash, zsh, fish, elvish or powershell
    shell: Shell,
}

pub(super) fn run(args: &CompletionsArgs, context: &mut Context<'_>) -> CommandOutcome {
    context.environment.output.bytes(&generate::completion((context.definitions)(), args.shell))?;
    Ok(exit::DONE)
}
