//! `certroll audit add-cosignature`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use certroll_base::clock::Timestamp;
use certroll_core::error::Error;
use certroll_core::lifecycle::log::cosignatures;

/// Take home what a witness cosigned: check it, keep it for receipts, and record it
#[derive(Debug, Args)]
pub(crate) struct AddCosignatureArgs {
    /// File with the lines that `audit cosign` printed, or with a checkpoint that has them
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Trust policy that lists the witnesses (C2SP tlog-policy) [default: log/policy of the home]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
}

pub(super) fn run(args: &AddCosignatureArgs, context: &mut Context<'_>) -> CommandOutcome {
    let bytes = certroll_base::input::read(&args.file).map_err(|error| Error::file(&args.file, "read", error))?;
    let mut session = context.session()?;
    let file = args.policy.clone().unwrap_or_else(|| session.home.policy());
    let policy = cosignatures::read_policy(&file)
        .map_err(|error| error.hint("its lines are `witness NAME VKEY` for each witness, then `quorum NAME`"))?;
    let accepted = cosignatures::accept(&mut session, &bytes, &policy)?;
    let size = accepted.checkpoint.size;
    if accepted.cosigned.is_empty() {
        context.say(&format!("nothing new: the checkpoint of {size} records has these cosignatures already"));
    }
    for one in &accepted.cosigned {
        let at = Timestamp::from_secs(i64::try_from(one.second).unwrap_or(i64::MAX));
        context.say(&format!("`{}` cosigned {size} records at {at}: `{}`", one.witness, accepted.file.display()));
    }
    Ok(exit::DONE)
}
