//! `certroll audit publish`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use certroll_core::lifecycle::log::publish;

/// Write the log into a directory that any web server can serve (C2SP tlog-tiles), or continue it there
#[derive(Debug, Args)]
pub(crate) struct PublishArgs {
    /// Directory; a new one is put on record, which needs the passphrase, one that is there is continued without
    directory: PathBuf,
}

pub(super) fn run(args: &PublishArgs, context: &mut Context<'_>) -> CommandOutcome {
    let published = if publish::exists(&args.directory) {
        let view = context.view()?;
        publish::publish(&view.home, &*view.store, &args.directory)?
    } else {
        let mut session = context.session()?;
        publish::begin(&mut session, &args.directory)?;
        publish::publish(&session.home, session.journal.store(), &args.directory)?
    };
    let directory = args.directory.display();
    context.say(&match published.before {
        Some(before) if before == published.size && published.written == 0 => {
            format!("`{directory}` is up to date with {before} records")
        }
        Some(before) => {
            format!("continued `{directory}` from {before} to {} records: {} files", published.size, published.written)
        }
        None => format!("published {} records in `{directory}`: {} files", published.size, published.written),
    });
    Ok(exit::DONE)
}
