//! `certroll init`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use certroll_core::config::{self, locate};

/// Make a home: settings, database, log and its key
///
/// The passphrase encrypts every key that the home will ever hold. It is read from --passphrase-file,
/// --passphrase-command, CERTROLL_PASSPHRASE, or asked for twice.
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// Directory to make [default: the one of --home, or the current one]
    dir: Option<PathBuf>,
    /// Whose log this is, such as a domain name: the beginning of the log's origin, which auditors will see and which cannot be
    /// changed later
    #[arg(long, value_name = "NAME", default_value = "localhost")]
    origin: String,
}

pub(super) fn run(args: &InitArgs, context: &mut Context<'_>) -> CommandOutcome {
    let home = locate::new_home(args.dir.clone().or_else(|| context.global.home()).as_deref());
    config::identity::refuse_before_settings(context.global.identity_token_file.as_deref())?;
    let passphrase = context.global.passphrase().require(true)?;
    config::found(home.clone(), args.origin.clone(), &passphrase.secret, context.environment.clock.clone())?;
    let dir = home.root().display();
    context.say(&format!("made the home `{dir}`; its log begins with `{}`", args.origin));
    context.say(&format!(
        "give `{}` to your auditors: it verifies every export of this log",
        home.verifier_key().display()
    ));
    context.say("next: `certroll ca create root --subject \"O=Example, CN=Example Root CA\"`");
    Ok(exit::DONE)
}
