//! `certroll init`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::commands::passwd::OpenerArgs;
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use certroll_core::config::{self, locate};
use certroll_core::error::{Error, ErrorKind};

/// Make a home: settings, database, log and its key
///
/// The passphrase protects every key that the home will ever hold. It is read from --passphrase-file,
/// --passphrase-command, CERTROLL_PASSPHRASE, or asked for twice. For a home that is opened unattended, a key file in its place
/// cannot be guessed and spares each command the slow derivation.
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// Directory to make [default: the one of --home, or the current one]
    dir: Option<PathBuf>,
    /// Whose log this is, such as a domain name: the beginning of the log's origin, which auditors will see and which cannot be
    /// changed later
    #[arg(long, value_name = "NAME", default_value = "localhost")]
    origin: String,
    #[command(flatten)]
    opener: OpenerArgs,
}

pub(super) fn run(args: &InitArgs, context: &mut Context<'_>) -> CommandOutcome {
    let home = locate::new_home(args.dir.clone().or_else(|| context.global.home()).as_deref());
    config::identity::refuse_before_settings(context.global.identity_token_file.as_deref())?;
    let typed = context.global.passphrase_file.is_some() || context.global.passphrase_command.is_some();
    if typed && args.opener.key_file.is_some() {
        return Err(Error::new(ErrorKind::Usage, "a key file takes the place of a passphrase, and both are given")
            .hint("leave out one of them"));
    }
    let opener = args.opener.read(&context.global.passphrase(), &home, context)?;
    config::found(home.clone(), args.origin.clone(), &opener, context.environment.clock.clone())?;
    let dir = home.root().display();
    context.say(&format!("made the home `{dir}`; its log begins with `{}`", args.origin));
    context.say(&format!(
        "give `{}` to your auditors: it verifies every export of this log",
        home.verifier_key().display()
    ));
    if let Some(file) = &args.opener.key_file {
        let file = file.display();
        context.say(&format!("open it with `--passphrase-file {file}` or CERTROLL_PASSPHRASE_FILE={file}"));
    }
    context.say("next: `certroll ca create root --subject \"O=Example, CN=Example Root CA\"`");
    Ok(exit::DONE)
}
