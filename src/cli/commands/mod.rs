//! The commands: each file holds its arguments, turns them into a request, makes one call, and renders the outcome.

mod audit;
mod ca;
mod check;
mod completions;
mod csr;
mod deliver;
mod deploy;
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
mod policy;
mod quickstart;
mod restore;
mod revoke;
mod rotate;
mod show;
mod template;
mod truststore;

use std::path::Path;

use clap::Subcommand;

use super::args::GlobalArgs;
use super::progress;
use super::run::Environment;
use crate::cli::Cli;
use certroll_core::audit::record::facts::Why;
use certroll_core::config::{self, locate};
use certroll_core::error::Error;
use certroll_core::lifecycle::log::replace::ReplacedLog;
use certroll_core::lifecycle::log::restore::Restored;
use certroll_core::lifecycle::revocation::break_glass::Emergency;
use certroll_core::lifecycle::session::{Session, View};

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
    #[command(subcommand)]
    Deploy(deploy::DeployCommand),
    Restore(restore::RestoreArgs),
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

/// What every command gets: the global arguments and the environment. The result is the exit code.
pub(super) struct Context<'a> {
    pub(super) global: GlobalArgs,
    pub(super) environment: &'a mut Environment,
}

type CommandOutcome = Result<u8, Error>;

/// One line for each command.
pub(super) fn dispatch(cli: Cli, environment: &mut Environment) -> CommandOutcome {
    let mut context = Context { global: cli.global, environment };
    match cli.command {
        Command::Quickstart(args) => quickstart::run(&args, &mut context),
        Command::Init(args) => init::run(&args, &mut context),
        Command::Doctor(args) => doctor::run(&args, &mut context),
        Command::Issue(args) => issue::run(*args, &mut context),
        Command::Rotate(args) => rotate::run(&args, &mut context),
        Command::Revoke(args) => revoke::run(&args, &mut context),
        Command::Deliver(args) => deliver::run(&args, &mut context),
        Command::Deploy(command) => deploy::run(&command, &mut context),
        Command::Restore(args) => restore::run(&args, &mut context),
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

impl Context<'_> {
    /// The home, opened for reading.
    fn view(&self) -> Result<View, Error> {
        let home = locate::home(self.global.home().as_deref())?;
        config::view(home, self.environment.clock.clone())
    }

    /// The home, opened for changing it.
    fn session(&self) -> Result<Session, Error> {
        let home = locate::home(self.global.home().as_deref())?;
        let passphrase = self.global.passphrase().require(false)?;
        let token = self.global.identity_token_file.as_deref();
        let mut session = config::session(home, passphrase.secret, self.environment.clock.clone(), token)?;
        session.access = std::sync::Arc::new(self.global.pins());
        session.watcher = std::sync::Arc::new(progress::WaitDisplay::new(&self.environment.output));
        Ok(session)
    }

    /// The home, opened although its log cannot be written.
    fn emergency(&self) -> Result<Emergency, Error> {
        let home = locate::home(self.global.home().as_deref())?;
        let passphrase = self.global.passphrase().require(false)?;
        let token = self.global.identity_token_file.as_deref();
        let mut emergency = config::emergency(home, passphrase.secret, self.environment.clock.clone(), token)?;
        emergency.access = std::sync::Arc::new(self.global.pins());
        Ok(emergency)
    }

    /// Heals the log of the home.
    fn heal(&self, from: &Path) -> Result<Restored, Error> {
        let home = locate::home(self.global.home().as_deref())?;
        let passphrase = self.global.passphrase().require(false)?;
        let token = self.global.identity_token_file.as_deref();
        config::heal(home, passphrase.secret, self.environment.clock.clone(), token, from)
    }

    /// Begins a new log in the home.
    fn new_origin(&self, origin: &str, why: Why) -> Result<ReplacedLog, Error> {
        let home = locate::home(self.global.home().as_deref())?;
        let passphrase = self.global.passphrase().require(false)?;
        let token = self.global.identity_token_file.as_deref();
        config::new_origin(home, passphrase.secret, self.environment.clock.clone(), token, (origin, why))
    }

    fn data(&mut self, text: &str) -> Result<(), Error> {
        self.environment.output.data(text)
    }

    fn say(&mut self, line: &str) {
        self.environment.output.say(line);
    }

    fn width(&self) -> Option<u16> {
        self.environment.output.width
    }
}
