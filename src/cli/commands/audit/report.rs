//! `certroll audit report`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::args::ReplaceArgs;
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use certroll_core::lifecycle::log::report;

/// Write a page about the log, for people: what was issued, revoked and refused, what ends when, who acted
///
/// The page is one HTML file that loads nothing and runs nothing. It is made from the records under the published
/// checkpoint, which it carries. From a home, handing it out is recorded; from an export it needs neither home nor secret.
#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// JSON Lines export, or - for standard input; without one the log of the home is reported on
    #[arg(value_name = "EXPORT.jsonl|-")]
    export: Option<PathBuf>,
    /// HTML file to write
    #[arg(long, short, value_name = "FILE.html")]
    out: PathBuf,
    #[command(flatten)]
    replace: ReplaceArgs,
}

pub(super) fn run(args: &ReportArgs, context: &mut Context<'_>) -> CommandOutcome {
    let now = context.environment.clock.now();
    let out = args.replace.file(&args.out);
    let reported = match args.export.as_deref() {
        None => report::of_home(&mut context.session()?, out)?,
        Some(export) if export == Path::new("-") => {
            report::of_lines(std::io::stdin().lock(), "-", (String::new(), None), now, out)?
        }
        Some(export) => report::of_export(export, now, out)?,
    };
    context.say(&format!("wrote a report on {} records to `{}`", reported.records, args.out.display()));
    if !reported.signed {
        context.say("no checkpoint covers them: beside an export the report looks for EXPORT.jsonl.checkpoint");
    }
    Ok(exit::DONE)
}
