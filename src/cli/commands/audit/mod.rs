//! `certroll audit`.

mod add_cosignature;
mod cosign;
mod events;
mod export;
mod follow;
mod publish;
mod receipt;
mod reconcile;
mod report;
mod restore;
mod show;
mod start_new_log;
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
    #[command(alias = "cosigned")]
    AddCosignature(add_cosignature::AddCosignatureArgs),
    Events(events::EventsArgs),
    Report(report::ReportArgs),
    Reconcile(reconcile::ReconcileArgs),
    #[command(alias = "heal")]
    Restore(restore::RestoreArgs),
    #[command(alias = "new-origin")]
    StartNewLog(start_new_log::StartNewLogArgs),
}

pub(super) fn run(command: &AuditCommand, context: &mut Context<'_>) -> CommandOutcome {
    match command {
        AuditCommand::Show(args) => show::run(args, context),
        AuditCommand::Verify(args) => verify::run(args, context),
        AuditCommand::Export(args) => export::run(args, context),
        AuditCommand::Receipt(args) => receipt::run(args, context),
        AuditCommand::Publish(args) => publish::run(args, context),
        AuditCommand::Cosign(args) => cosign::run(args, context),
        AuditCommand::AddCosignature(args) => add_cosignature::run(args, context),
        AuditCommand::Events(args) => events::run(args, context),
        AuditCommand::Report(args) => report::run(args, context),
        AuditCommand::Reconcile(args) => reconcile::run(args, context),
        AuditCommand::Restore(args) => restore::run(args, context),
        AuditCommand::StartNewLog(args) => start_new_log::run(args, context),
    }
}
