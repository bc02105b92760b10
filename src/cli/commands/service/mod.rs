//! `certroll service`.

mod config;
mod inventory;
pub(super) mod probe;

use clap::Subcommand;

use crate::cli::context::{CommandOutcome, Context};

/// Servers that use certificates: their inventory, their configuration, what they serve
#[derive(Debug, Subcommand)]
pub(crate) enum ServiceCommand {
    Add(Box<inventory::AddArgs>),
    #[command(visible_alias = "ls")]
    List(inventory::ListArgs),
    Show(inventory::ShowArgs),
    Probe(probe::ProbeArgs),
    Reload(probe::ReloadArgs),
    #[command(visible_alias = "rm")]
    Remove(inventory::RemoveArgs),
    Drivers(inventory::DriversArgs),
    Config(Box<config::ConfigArgs>),
    Kinds(config::KindsArgs),
}

pub(super) fn run(command: &ServiceCommand, context: &mut Context<'_>) -> CommandOutcome {
    match command {
        ServiceCommand::Add(args) => inventory::add(args, context),
        ServiceCommand::List(args) => inventory::list(args, context),
        ServiceCommand::Show(args) => inventory::show(args, context),
        ServiceCommand::Probe(args) => probe::probe(args, context),
        ServiceCommand::Reload(args) => probe::reload(args, context),
        ServiceCommand::Remove(args) => inventory::remove(args, context),
        ServiceCommand::Drivers(args) => inventory::drivers(args, context),
        ServiceCommand::Config(args) => config::config(args, context),
        ServiceCommand::Kinds(args) => config::kinds(args, context),
    }
}
