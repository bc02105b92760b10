//! `certroll man`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::context::{CommandOutcome, Context};
use crate::cli::{exit, generate};
use certroll_base::durable;
use certroll_core::error::{Error, ErrorKind};

/// Write the manual pages into a directory
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Directory to write to, such as /usr/local/share/man/man1
    dir: PathBuf,
}

pub(super) fn run(args: &ManArgs, context: &mut Context<'_>) -> CommandOutcome {
    let pages = generate::manual((context.definitions)())
        .map_err(|error| Error::new(ErrorKind::Failed, "the manual cannot be made").because(error))?;
    let count = pages.len();
    durable::create_directory(&args.dir).map_err(|error| Error::file(&args.dir, "make the directory", error))?;
    for (name, page) in pages {
        let path = args.dir.join(name);
        durable::write(&path, &page, durable::PUBLIC).map_err(|error| Error::file(&path, "write", error))?;
    }
    context.say(&format!("wrote {count} pages to `{}`", args.dir.display()));
    Ok(exit::DONE)
}
