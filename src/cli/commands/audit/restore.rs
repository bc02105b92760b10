//! `certroll audit restore`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;

/// Bring back records that the home lost, from an export: after a database was restored from an old backup
///
/// The export must verify under every checkpoint that is known of this log, and the records that the home still has must be
/// those of the export. Certificates come from the export too; where files were installed and which keys were kept here is
/// not in the log, so `certroll rotate` makes those anew.
#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    /// JSON Lines export with its checkpoint beside it, or the directory of an unpacked bundle
    #[arg(long, value_name = "FILE|DIR")]
    from: PathBuf,
}

pub(super) fn run(args: &RestoreArgs, context: &mut Context<'_>) -> CommandOutcome {
    let healed = context.heal(&args.from)?;
    if healed.after == healed.before {
        context.say(&format!("nothing is missing: the log has all {} records", healed.before));
        if healed.certificates > 0 {
            context.say(&format!(
                "brought back {} certificates that only their records were left of",
                healed.certificates
            ));
        }
        return Ok(exit::DONE);
    }
    context.say(&format!(
        "brought back {} records and {} certificates: the log has {} records again",
        healed.after - healed.before,
        healed.certificates,
        healed.after
    ));
    if healed.without_bytes > 0 {
        context.say(&format!(
            "{} of them are not in the export themselves: they can be revoked and replaced, not handed out; a bundle has them",
            healed.without_bytes
        ));
    }
    for (authority, number) in &healed.lost_crls {
        context.say(&format!("signed a new CRL of `{authority}`: number {number} was not at hand"));
    }
    Ok(exit::DONE)
}
