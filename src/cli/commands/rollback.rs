//! `certroll rollback`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use certroll_core::audit::record::event::Event;
use certroll_core::audit::record::facts::{Failure, Outcome as Ended, TargetFacts};
use certroll_core::audit::record::value::Id;
use certroll_core::destination::{FileTarget, Target as _};
use certroll_core::error::Error;
use certroll_core::lifecycle::session::attempt::Attempt;

/// Bring back the file that a rotation replaced
///
/// FILE and FILE.previous change places, so that a second rollback undoes the first. Certificates are not touched: the one in the
/// restored file is valid as long as it is neither expired nor revoked.
#[derive(Debug, Args)]
pub(crate) struct RollbackArgs {
    /// The file to bring back
    file: PathBuf,
}

pub(super) fn run(args: &RollbackArgs, context: &mut Context<'_>) -> CommandOutcome {
    let mut session = context.session()?;
    let target = FileTarget::new(&args.file);
    let failed = |error| {
        Error::file(&args.file, "bring back the predecessor of", error).hint("a file has one after its first rotation")
    };
    let present = std::fs::metadata(target.previous()).map_err(failed);
    Attempt::to_deliver(None, Some(facts(&target))).ended(&mut session, present)?;
    let op = Id::new(session.clock.now());
    let mut record = session.journal.draft(Event::CertDeployed, Ended::Ok, op);
    record.tgt = Some(facts(&target));
    // On record first: if the log cannot be written, the file stays as it is.
    session.journal.commit(vec![record], Vec::new())?;
    if let Err(error) = target.restore() {
        let mut record = session.journal.draft(Event::CertDeployFailed, Ended::Fail, op);
        record.tgt = Some(facts(&target));
        record.err = Some(Failure { code: "write".to_owned(), text: error.to_string() });
        session.journal.commit(vec![record], Vec::new())?;
        return Err(failed(error));
    }
    context.say(&format!(
        "`{}` is again what it was before; its successor is beside it as .previous",
        args.file.display()
    ));
    Ok(exit::DONE)
}

fn facts(target: &FileTarget) -> TargetFacts {
    TargetFacts { t: "file".to_owned(), id: target.id(), method: Some("restore".to_owned()), observed: None }
}
