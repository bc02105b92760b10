//! `certroll deliver`.

use clap::Args;

use super::outputs::OutputArgs;
use crate::cli::args::FormatArgs;
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use certroll_core::error::{Error, ErrorKind};
use certroll_core::lifecycle::issuance::redeliver;
use certroll_core::lifecycle::session::select;

/// Write a certificate to its files again, or to further ones
///
/// After a delivery that failed this finishes it with the same certificate: nothing new is issued. It also takes a key that
/// was kept in the home out of it, once.
#[derive(Debug, Args)]
pub(crate) struct DeliverArgs {
    /// Name, serial number or certificate file
    selector: String,
    #[command(flatten)]
    outputs: OutputArgs,
    #[command(flatten)]
    format: FormatArgs,
}

pub(super) fn run(args: &DeliverArgs, context: &mut Context<'_>) -> CommandOutcome {
    let mut session = context.session()?;
    let mut found = select::find(session.journal.store(), &args.selector)?;
    found.retain(|entry| entry.revoked.is_none() && entry.replaced_by.is_none());
    let now = session.clock.now();
    let entry = select::only(&found, &args.selector, now)?.cloned();
    let entry =
        entry.ok_or_else(|| Error::new(ErrorKind::Usage, format!("`{}` has no current certificate", args.selector)))?;
    let has_key = session.journal.store().held_key(&entry.key_hash)?.is_some();
    let outputs = args.outputs.outputs(&entry.name, has_key)?;
    let password = args.outputs.storepass.source().read(false)?;
    let outcome = redeliver::deliver_again(&mut session, &entry, password.as_ref(), outputs)?;
    super::issue::report(&outcome, args.format.format, context)?;
    Ok(exit::DONE)
}
