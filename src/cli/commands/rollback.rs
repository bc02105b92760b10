//! `certroll rollback`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use certroll_core::audit::record::event::Event;
use certroll_core::audit::record::facts::{Failure, Outcome as Ended, TargetFacts};
use certroll_core::audit::record::value::Id;
use certroll_core::destination::kinds::file::FileDestination;
use certroll_core::destination::{Destination as _, Place};
use certroll_core::error::Error;
use certroll_core::lifecycle::session::attempt::Attempt;
use certroll_core::tools::keystore::file::KeystoreFile;

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
    let destination = FileDestination::new(&args.file);
    let failed = |error| {
        Error::destination(args.file.display(), "bring back the predecessor of", error)
            .hint("a file has one after its first rotation")
    };
    let present = destination.previous().and_then(|previous| Ok(std::fs::metadata(previous)?)).map_err(failed);
    Attempt::to_deliver(None, Some(facts(args))).ended(&mut session, present)?;
    // Taken before the record: no other run changes the file between what is told and what is done.
    let lock = KeystoreFile::lock(&args.file)?;
    let op = Id::new(session.clock.now());
    let mut record = session.journal.draft(Event::CertDeployed, Ended::Ok, op);
    record.tgt = Some(facts(args));
    // On record first: if the log cannot be written, the file stays as it is.
    session.journal.commit(vec![record], Vec::new())?;
    if let Err(error) = destination.restore() {
        let mut record = session.journal.draft(Event::CertDeployFailed, Ended::Fail, op);
        record.tgt = Some(facts(args));
        record.err = Some(Failure { code: "write".to_owned(), text: error.to_string() });
        session.journal.commit(vec![record], Vec::new())?;
        return Err(failed(error));
    }
    drop(lock);
    context.say(&format!(
        "`{}` is again what it was before; its successor is beside it as .previous",
        args.file.display()
    ));
    Ok(exit::DONE)
}

fn facts(args: &RollbackArgs) -> TargetFacts {
    let id = Place::File(args.file.clone()).address().to_string_lossy().into_owned();
    TargetFacts { t: "file".to_owned(), id, method: Some("restore".to_owned()), ..TargetFacts::default() }
}
