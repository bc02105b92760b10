//! `certroll audit`.

mod events;
mod export;
mod heal;
mod new_origin;
mod show;
mod verify;

use clap::Subcommand;

use super::{Context, Outcome};

/// Look at the audit log, verify it, hand it out
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    Show(show::ShowArgs),
    Verify(verify::VerifyArgs),
    Export(export::ExportArgs),
    Events(events::EventsArgs),
    Heal(heal::HealArgs),
    NewOrigin(new_origin::NewOriginArgs),
}

pub(super) fn run(command: &AuditCommand, context: &mut Context<'_>) -> Outcome {
    match command {
        AuditCommand::Show(args) => show::run(args, context),
        AuditCommand::Verify(args) => verify::run(args, context),
        AuditCommand::Export(args) => export::run(args, context),
        AuditCommand::Events(args) => events::run(args, context),
        AuditCommand::Heal(args) => heal::run(args, context),
        AuditCommand::NewOrigin(args) => new_origin::run(args, context),
    }
}
