//! The commands: each file holds its arguments, turns them into a request, makes one call, and renders the outcome.

mod audit;
mod ca;
mod check;
mod completions;
mod csr;
mod deliver;
mod doctor;
mod init;
mod inspect;
mod issue;
mod issuer;
mod key;
mod keystore;
mod list;
mod man;
mod message;
mod outputs;
mod places;
mod policy;
mod quickstart;
mod revoke;
mod rollback;
mod rotate;
mod service;
mod show;
mod template;
mod truststore;

use clap::Subcommand;

use super::context::Environment;
use crate::cli::Cli;
use crate::cli::context::{CommandOutcome, Context};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Quickstart(quickstart::QuickstartArgs),
    Init(init::InitArgs),
    Doctor(doctor::DoctorArgs),
    Issue(Box<issue::IssueArgs>),
    #[command(visible_alias = "renew")]
    Rotate(rotate::RotateArgs),
    Revoke(revoke::RevokeArgs),
    Deliver(deliver::DeliverArgs),
    #[command(subcommand, alias = "deploy")]
    Service(service::ServiceCommand),
    #[command(alias = "restore")]
    Rollback(rollback::RollbackArgs),
    Relocate(places::RelocateArgs),
    Forget(places::ForgetArgs),
    #[command(visible_alias = "ls")]
    List(list::ListArgs),
    Show(show::ShowArgs),
    Check(check::CheckArgs),
    Inspect(inspect::InspectArgs),
    #[command(subcommand)]
    Ca(ca::CaCommand),
    #[command(subcommand)]
    Keystore(Box<keystore::KeystoreCommand>),
    #[command(subcommand)]
    Truststore(Box<truststore::TruststoreCommand>),
    #[command(subcommand)]
    Csr(csr::CsrCommand),
    #[command(subcommand)]
    Key(key::KeyCommand),
    #[command(subcommand)]
    Message(message::MessageCommand),
    #[command(subcommand)]
    Template(template::TemplateCommand),
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
    #[command(subcommand)]
    Issuer(issuer::IssuerCommand),
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

/// One line for each command.
pub(super) fn dispatch(cli: Cli, environment: &mut Environment, definitions: fn() -> clap::Command) -> CommandOutcome {
    let mut context = Context { global: cli.global, environment, definitions };
    match cli.command {
        Command::Quickstart(args) => quickstart::run(&args, &mut context),
        Command::Init(args) => init::run(&args, &mut context),
        Command::Doctor(args) => doctor::run(&args, &mut context),
        Command::Issue(args) => issue::run(*args, &mut context),
        Command::Rotate(args) => rotate::run(&args, &mut context),
        Command::Revoke(args) => revoke::run(&args, &mut context),
        Command::Deliver(args) => deliver::run(&args, &mut context),
        Command::Service(command) => service::run(&command, &mut context),
        Command::Rollback(args) => rollback::run(&args, &mut context),
        Command::Relocate(args) => places::relocate(&args, &mut context),
        Command::Forget(args) => places::forget(&args, &mut context),
        Command::List(args) => list::run(&args, &mut context),
        Command::Show(args) => show::run(&args, &mut context),
        Command::Check(args) => check::run(&args, &mut context),
        Command::Inspect(args) => inspect::run(&args, &mut context),
        Command::Ca(command) => ca::run(command, &mut context),
        Command::Keystore(command) => keystore::run(&command, &mut context),
        Command::Truststore(command) => truststore::run(&command, &mut context),
        Command::Csr(command) => csr::run(&command, &mut context),
        Command::Key(command) => key::run(&command, &mut context),
        Command::Message(command) => message::run(command, &mut context),
        Command::Template(command) => template::run(&command, &mut context),
        Command::Policy(command) => policy::run(&command, &mut context),
        Command::Issuer(command) => issuer::run(&command, &mut context),
        Command::Audit(command) => audit::run(&command, &mut context),
        Command::Completions(args) => completions::run(&args, &mut context),
        Command::Man(args) => man::run(&args, &mut context),
    }
}
