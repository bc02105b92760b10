//! `certroll passwd`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::WhyArgs;
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use certroll_core::config::secrets::SecretSource;
use certroll_core::config::{key_file, strength};
use certroll_core::error::Error;
use certroll_core::lifecycle::layout::home::Home;
use certroll_core::lifecycle::session::home_key::Opener;
use certroll_core::lifecycle::session::passphrase;

/// Change the passphrase of the home, or put a key file in its place
///
/// The old passphrase is given as to any command. It opens the home until the new one does: interrupted anywhere, this leaves a
/// home that one of the two opens. The keys themselves stay: after a theft of the home with its passphrase, CAs need new keys.
#[derive(Debug, Args)]
pub(crate) struct PasswdArgs {
    /// File whose first line is the new passphrase (also CERTROLL_NEW_PASSPHRASE in the environment, or a prompt)
    #[arg(long, value_name = "FILE", conflicts_with = "key_file")]
    new_passphrase_file: Option<PathBuf>,
    /// Command that prints the new passphrase
    #[arg(long, value_name = "COMMAND", conflicts_with_all = ["new_passphrase_file", "key_file"])]
    new_passphrase_command: Option<String>,
    #[command(flatten)]
    opener: OpenerArgs,
    #[command(flatten)]
    why: WhyArgs,
}

/// What will open a home.
#[derive(Debug, Args)]
pub(crate) struct OpenerArgs {
    /// Key file in place of a passphrase: 256 random bits, made if it is not there; later commands take it by --passphrase-file
    #[arg(long, value_name = "FILE", conflicts_with = "allow_weak")]
    pub(crate) key_file: Option<PathBuf>,
    /// Take a passphrase that is easily guessed, for a home that protects nothing
    #[arg(long)]
    pub(crate) allow_weak: bool,
}

impl OpenerArgs {
    /// The key file, or the passphrase from `source`.
    ///
    /// # Errors
    /// There is none, or it is too weak.
    pub(crate) fn read(&self, source: &SecretSource, home: &Home, context: &mut Context<'_>) -> Result<Opener, Error> {
        if let Some(file) = &self.key_file {
            let (opener, made) = key_file::read_or_make(file, home)?;
            if made {
                context.say(&format!("made the key file `{}`: whoever has it opens the home", file.display()));
            }
            return Ok(opener);
        }
        let secret = source.require(true)?.secret;
        context.warn_of_exposed(source);
        if !self.allow_weak {
            strength::require(&secret)?;
        }
        Ok(Opener::Passphrase(secret))
    }
}

pub(super) fn run(args: &PasswdArgs, context: &mut Context<'_>) -> CommandOutcome {
    let old = context.passphrase()?;
    let mut session = context.open_session(old.clone())?;
    let source = SecretSource {
        title: "new passphrase of the home",
        stem: "new-passphrase",
        file: args.new_passphrase_file.clone(),
        command: args.new_passphrase_command.clone(),
    };
    let new = args.opener.read(&source, &session.home, context)?;
    let changed = passphrase::change(&mut session, &old, &new, args.why.why("manual"))?;
    let what = match new {
        Opener::Passphrase(_) => "the new passphrase",
        Opener::KeyFile(_) => "the key file",
    };
    context.say(&format!("{what} opens the home `{}`; what opened it before does not", session.home.root().display()));
    if changed.reencrypted > 0 {
        context.say(&format!("keys encrypted anew: {}", changed.reencrypted));
    }
    for file in changed.foreign {
        let line = format!("`{}` has another password than the home had, and keeps it", file.display());
        context.warn(&line);
    }
    Ok(exit::DONE)
}
