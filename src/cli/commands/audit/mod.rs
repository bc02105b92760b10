//! `certroll audit`.

mod cosign;
mod cosigned;
mod events;
mod export;
mod follow;
mod heal;
mod new_origin;
mod publish;
mod receipt;
mod reconcile;
mod report;
mod show;
mod verify;
mod verify_proof;

use clap::Subcommand;

use crate::cli::context::{CommandOutcome, Context};

/// Look at the audit log, verify it, hand it out
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    Show(show::ShowArgs),
    Verify(verify::VerifyArgs),
    Export(export::ExportArgs),
    Receipt(receipt::ReceiptArgs),
    Publish(publish::PublishArgs),
    Cosign(cosign::CosignArgs),
    Cosigned(cosigned::CosignedArgs),
    Events(events::EventsArgs),
    Report(report::ReportArgs),
    Reconcile(reconcile::ReconcileArgs),
    Heal(heal::HealArgs),
    NewOrigin(new_origin::NewOriginArgs),
}

pub(super) fn run(command: &AuditCommand, context: &mut Context<'_>) -> CommandOutcome {
    match command {
        AuditCommand::Show(args) => show::run(args, context),
        AuditCommand::Verify(args) => verify::run(args, context),
        AuditCommand::Export(args) => export::run(args, context),
        AuditCommand::Receipt(args) => receipt::run(args, context),
        AuditCommand::Publish(args) => publish::run(args, context),
        AuditCommand::Cosign(args) => cosign::run(args, context),
        AuditCommand::Cosigned(args) => cosigned::run(args, context),
        AuditCommand::Events(args) => events::run(args, context),
        AuditCommand::Report(args) => report::run(args, context),
        AuditCommand::Reconcile(args) => reconcile::run(args, context),
        AuditCommand::Heal(args) => heal::run(args, context),
        AuditCommand::NewOrigin(args) => new_origin::run(args, context),
    }
}
