//! What a run takes from outside itself, and what every command gets of it.

use std::path::Path;
use std::sync::Arc;

use super::args::GlobalArgs;
use super::output::CommandOutput;
use super::progress;
use certroll_base::clock::Clock;
use certroll_base::secret::Secret;
use certroll_core::audit::record::facts::Why;
use certroll_core::config::secrets::SecretSource;
use certroll_core::config::{self, locate};
use certroll_core::error::Error;
use certroll_core::lifecycle::journal::end::SessionEnd;
use certroll_core::lifecycle::log::replace::ReplacedLog;
use certroll_core::lifecycle::log::restore::Restored;
use certroll_core::lifecycle::revocation::break_glass::Emergency;
use certroll_core::lifecycle::session::{Session, View};

/// What a run takes from outside itself.
pub struct Environment {
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// Where it writes.
    pub output: CommandOutput,
}

/// What every command gets: the global arguments and the environment. The result is the exit code.
pub(crate) struct Context<'a> {
    pub(crate) global: GlobalArgs,
    pub(crate) environment: &'a mut Environment,
    /// The definitions of the command line, for completions and the manual.
    pub(crate) definitions: fn() -> clap::Command,
    /// What comes out when a session ends.
    pub(crate) end: Arc<SessionEnd>,
}

/// The exit code of a command.
pub(crate) type CommandOutcome = Result<u8, Error>;

impl Context<'_> {
    /// The home, opened for reading.
    pub(crate) fn view(&self) -> Result<View, Error> {
        let home = locate::home(self.global.home().as_deref())?;
        self.end.note_unremembered(&home);
        config::view(home, self.environment.clock.clone())
    }

    /// The home, opened for changing it.
    pub(crate) fn session(&self) -> Result<Session, Error> {
        self.open_session(self.passphrase()?)
    }

    /// As [`Context::session`], with a passphrase that was read before.
    pub(crate) fn open_session(&self, passphrase: Secret) -> Result<Session, Error> {
        let home = locate::home(self.global.home().as_deref())?;
        let token = self.global.identity_token_file.as_deref();
        let mut session = config::session(home, passphrase, self.environment.clock.clone(), token)?;
        session.journal.report_end(self.end.clone());
        session.access = std::sync::Arc::new(self.global.pins().with_modules(&session.modules));
        session.watcher = std::sync::Arc::new(progress::WaitDisplay::new(&self.environment.output));
        session.broken.lines().for_each(|line| session.watcher.warn(&line));
        Ok(session)
    }

    /// The passphrase of the home. That others can read the file it comes from is warned of.
    pub(crate) fn passphrase(&self) -> Result<Secret, Error> {
        let source = self.global.passphrase();
        let passphrase = source.require(false)?;
        self.warn_of_exposed(&source);
        Ok(passphrase.secret)
    }

    /// Warns that others can read a secret, when they can.
    pub(crate) fn warn_of_exposed(&self, source: &SecretSource) {
        if let Some(file) = source.exposed_file() {
            let file = file.display();
            self.warn(&format!("others can read the {} in `{file}`: `chmod go-r` it, or mount it so", source.title));
        }
    }

    pub(crate) fn warn(&self, line: &str) {
        self.environment.output.voice().line(&format!("warning: {line}"));
    }

    /// The home, opened although its log cannot be written.
    pub(crate) fn emergency(&self) -> Result<Emergency, Error> {
        let home = locate::home(self.global.home().as_deref())?;
        let passphrase = self.passphrase()?;
        let token = self.global.identity_token_file.as_deref();
        let mut emergency = config::emergency(home, passphrase, self.environment.clock.clone(), token)?;
        emergency.access = std::sync::Arc::new(self.global.pins().with_modules(&emergency.modules));
        Ok(emergency)
    }

    /// Heals the log of the home.
    pub(crate) fn heal(&self, from: &Path) -> Result<Restored, Error> {
        let home = locate::home(self.global.home().as_deref())?;
        let passphrase = self.passphrase()?;
        let token = self.global.identity_token_file.as_deref();
        config::heal(home, passphrase, self.environment.clock.clone(), token, from)
    }

    /// Begins a new log in the home.
    pub(crate) fn new_origin(&self, origin: &str, from: Option<&Path>, why: Why) -> Result<ReplacedLog, Error> {
        let home = locate::home(self.global.home().as_deref())?;
        let passphrase = self.passphrase()?;
        let token = self.global.identity_token_file.as_deref();
        config::new_origin(home, passphrase, self.environment.clock.clone(), token, (origin, from, why))
    }

    pub(crate) fn data(&mut self, text: &str) -> Result<(), Error> {
        self.environment.output.data(text)
    }

    pub(crate) fn say(&mut self, line: &str) {
        self.environment.output.say(line);
    }

    pub(crate) fn width(&self) -> Option<u16> {
        self.environment.output.width
    }
}
