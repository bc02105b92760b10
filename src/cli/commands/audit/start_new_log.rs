//! `certroll audit start-new-log`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::WhyArgs;
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;

/// Begin a new log after records were truly lost: the old origin never signs again
///
/// Try `certroll audit restore` first. The new log begins with the last checkpoint of the old one, as signed, and takes over
/// every certificate of the inventory; what is left of the old log is kept in log/archive. Auditors must be given the new key.
#[derive(Debug, Args)]
pub(crate) struct StartNewLogArgs {
    /// Whose log this is, such as a domain name: the beginning of the new origin
    #[arg(long, value_name = "NAME")]
    origin: String,
    /// An export of the old log that knows more than the home does: its certificates and revocations are taken over too
    #[arg(long, value_name = "EXPORT")]
    from: Option<PathBuf>,
    #[command(flatten)]
    why: WhyArgs,
}

pub(super) fn run(args: &StartNewLogArgs, context: &mut Context<'_>) -> CommandOutcome {
    let begun = context.new_origin(&args.origin, args.from.as_deref(), args.why.why("records-lost"))?;
    context.say(&format!("the log `{}` begins; it took over {} certificates", begun.origin, begun.certificates));
    context.say(&format!("what is left of the old log is in `{}`", begun.archive.display()));
    context.say("tell your auditors, and give them `log/vkey`: exports of the old log verify with its old key only");
    Ok(exit::DONE)
}
