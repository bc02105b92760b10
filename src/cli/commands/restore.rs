//! `certroll restore`.

use std::path::PathBuf;

use clap::Args;

use super::{Context, Outcome};
use crate::audit::event::Event;
use crate::audit::facts::{Outcome as Ended, TargetFacts};
use crate::audit::value::Id;
use crate::cli::exit;
use crate::lifecycle::{Error, Kind};
use crate::target::registry as targets;

/// Bring back the file that a rotation replaced
///
/// FILE and FILE.previous change places, so that restoring twice undoes itself. Certificates are not touched: the one in the
/// restored file is valid as long as it is neither expired nor revoked.
#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    /// The file to bring back
    file: PathBuf,
}

pub(super) fn run(args: &RestoreArgs, context: &mut Context<'_>) -> Outcome {
    let mut services = context.services()?;
    let kind = targets::kind("file").ok_or_else(|| Error::new(Kind::Unsupported, "this build has no file target"))?;
    let target = (kind.open)(&args.file.to_string_lossy());
    let mut record = services.journal.draft(Event::CertDeployed, Ended::Ok, Id::new(services.clock.now()));
    record.tgt =
        Some(TargetFacts { t: "file".to_owned(), id: target.id(), method: Some("restore".to_owned()), observed: None });
    target.restore().map_err(|error| {
        Error::file(&args.file, "bring back the predecessor of", error).hint("a file has one after its first rotation")
    })?;
    services.journal.commit(vec![record], Vec::new())?;
    context.say(&format!(
        "`{}` is again what it was before; its successor is beside it as .previous",
        args.file.display()
    ));
    Ok(exit::DONE)
}
