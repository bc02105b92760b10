//! `certroll keystore`.

pub(crate) mod args;
mod edit;
mod look;
mod transfer;

use clap::Subcommand;

use crate::cli::context::{CommandOutcome, Context};

/// Make, look into and change keystores: PKCS#12, JKS and PEM. No home is needed
///
/// Files are replaced whole, after the new one was read back; the old one stays beside as FILE.previous. A command that
/// finds nothing to change leaves the file untouched, byte for byte. Entries that a format cannot hold stop the command.
#[derive(Debug, Subcommand)]
pub(crate) enum KeystoreCommand {
    Create(edit::CreateArgs),
    #[command(visible_alias = "ls")]
    List(look::ListArgs),
    Inspect(look::InspectArgs),
    Add(edit::AddArgs),
    #[command(visible_alias = "rm")]
    Remove(edit::RemoveArgs),
    Import(transfer::ImportArgs),
    Export(transfer::ExportArgs),
    Convert(transfer::ConvertArgs),
    Diff(look::DiffArgs),
    Lint(look::LintArgs),
    Passwd(edit::PasswdArgs),
    Rename(edit::RenameArgs),
}

pub(super) fn run(command: &KeystoreCommand, context: &mut Context<'_>) -> CommandOutcome {
    match command {
        KeystoreCommand::Create(args) => edit::create(args, context),
        KeystoreCommand::List(args) => look::list(args, context),
        KeystoreCommand::Inspect(args) => look::inspect(args, context),
        KeystoreCommand::Add(args) => edit::add(args, context),
        KeystoreCommand::Remove(args) => edit::remove(args, context),
        KeystoreCommand::Import(args) => transfer::import(args, context),
        KeystoreCommand::Export(args) => transfer::export(args, context),
        KeystoreCommand::Convert(args) => transfer::convert(args, context),
        KeystoreCommand::Diff(args) => look::diff(args, context),
        KeystoreCommand::Lint(args) => look::lint(args, context),
        KeystoreCommand::Passwd(args) => edit::passwd(args, context),
        KeystoreCommand::Rename(args) => edit::rename(args, context),
    }
}
