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
mod lint;
mod list;
mod man;
mod message;
mod outputs;
mod passwd;
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
mod verify;

use std::sync::Arc;

use clap::Subcommand;

use super::context::Environment;
use crate::cli::Cli;
use crate::cli::context::{CommandOutcome, Context};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Quickstart(quickstart::QuickstartArgs),
    Init(init::InitArgs),
    Passwd(passwd::PasswdArgs),
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
    Verify(Box<verify::VerifyArgs>),
    Lint(lint::LintArgs),
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

/// Runs the command.
pub(super) fn dispatch(cli: Cli, environment: &mut Environment, definitions: fn() -> clap::Command) -> CommandOutcome {
    let end = Arc::default();
    let mut context = Context { global: cli.global, environment, definitions, end: Arc::clone(&end) };
    let outcome = one(cli.command, &mut context);
    drop(context);
    let mut end = Arc::into_inner(end).unwrap_or_default();
    if let Some(why) = end.unremembered() {
        super::error::warn(&mut environment.output, &why);
    }
    // The command did what it says; that the log was tampered with at its very end outweighs that.
    outcome.and_then(|code| end.tampering().map_or(Ok(code), Err))
}

/// One line for each command.
fn one(command: Command, context: &mut Context<'_>) -> CommandOutcome {
    match command {
        Command::Quickstart(args) => quickstart::run(&args, context),
        Command::Init(args) => init::run(&args, context),
        Command::Passwd(args) => passwd::run(&args, context),
        Command::Doctor(args) => doctor::run(&args, context),
        Command::Issue(args) => issue::run(*args, context),
        Command::Rotate(args) => rotate::run(&args, context),
        Command::Revoke(args) => revoke::run(&args, context),
        Command::Deliver(args) => deliver::run(&args, context),
        Command::Service(command) => service::run(&command, context),
        Command::Rollback(args) => rollback::run(&args, context),
        Command::Relocate(args) => places::relocate(&args, context),
        Command::Forget(args) => places::forget(&args, context),
        Command::List(args) => list::run(&args, context),
        Command::Show(args) => show::run(&args, context),
        Command::Check(args) => check::run(&args, context),
        Command::Inspect(args) => inspect::run(&args, context),
        Command::Verify(args) => verify::run(&args, context),
        Command::Lint(args) => lint::run(&args, context),
        Command::Ca(command) => ca::run(command, context),
        Command::Keystore(command) => keystore::run(&command, context),
        Command::Truststore(command) => truststore::run(&command, context),
        Command::Csr(command) => csr::run(&command, context),
        Command::Key(command) => key::run(&command, context),
        Command::Message(command) => message::run(command, context),
        Command::Template(command) => template::run(&command, context),
        Command::Policy(command) => policy::run(&command, context),
        Command::Issuer(command) => issuer::run(&command, context),
        Command::Audit(command) => audit::run(&command, context),
        Command::Completions(args) => completions::run(&args, context),
        Command::Man(args) => man::run(&args, context),
    }
}
