//! `certroll deliver`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::outputs::OutputArgs;
use crate::cli::args::FormatArgs;
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use certroll_core::error::{Error, ErrorKind};
use certroll_core::lifecycle::batch::handover;
use certroll_core::lifecycle::batch::output::BatchLock;
use certroll_core::lifecycle::issuance::redeliver;
use certroll_core::lifecycle::session::Session;
use certroll_core::lifecycle::session::select;
use certroll_core::store::{CertificateEntry, InstalledPlace};

/// Write a certificate to its files again, or to further ones
///
/// After a delivery that failed this finishes it with the same certificate: nothing new is issued. It also takes a key that
/// was kept in the home out of it, once.
#[derive(Debug, Args)]
pub(crate) struct DeliverArgs {
    /// Name, serial number or certificate file
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    selector: Option<String>,
    /// Hand out all certificates that were handed to nobody: those of batches, and their successors
    #[arg(long, requires = "out")]
    all: bool,
    /// Directory for files of each, or FILE.ndjson for a line of each
    #[arg(long, value_name = "DIR|FILE.ndjson", requires = "all")]
    out: Option<PathBuf>,
    /// Formats in the directory: pem, pkcs12, jks (repeatable) [default: NAME.pem with the chain and NAME.key.pem with the
    /// encrypted key]
    #[arg(long, value_name = "FORMAT", requires = "out")]
    out_format: Vec<String>,
    #[command(flatten)]
    outputs: OutputArgs,
    #[command(flatten)]
    format: FormatArgs,
}

pub(super) fn run(args: &DeliverArgs, context: &mut Context<'_>) -> CommandOutcome {
    let mut session = context.session()?;
    let Some(selector) = &args.selector else { return all(args, &mut session, context) };
    let mut found = select::find(session.journal.store(), selector)?;
    found.retain(|entry| entry.revoked.is_none() && entry.replaced_by.is_none());
    let now = session.clock.now();
    let entry = select::only(&found, selector, now)?.cloned();
    let entry =
        entry.ok_or_else(|| Error::new(ErrorKind::Usage, format!("`{selector}` has no current certificate")))?;
    // Held by the home, or in a keystore that it was delivered to.
    let has_key = session.journal.store().held_key(&entry.key_hash)?.is_some() || key_was_delivered(&session, &entry)?;
    let outputs = args.outputs.outputs(&entry.name, has_key)?;
    let password = args.outputs.storepass.source().read(false)?;
    let outcome = redeliver::deliver_again(&mut session, &entry, password.as_ref(), outputs)?;
    super::issue::report(&outcome, args.format.format, context)?;
    Ok(exit::DONE)
}

/// Whether a keystore is known that got the key of the certificate.
fn key_was_delivered(session: &Session, entry: &CertificateEntry) -> Result<bool, Error> {
    let places = session.journal.store().places(Some(&entry.name))?;
    let has_key = |place: &InstalledPlace| certroll_keystore::formats::by_id(&place.installation.format).is_some();
    Ok(places.iter().any(has_key))
}

fn all(args: &DeliverArgs, session: &mut Session, context: &mut Context<'_>) -> CommandOutcome {
    let lock = BatchLock::take(&session.home)?;
    let out = args.out.as_deref().unwrap_or(Path::new(""));
    let output = super::issue::batch_output(&lock, out, &args.out_format, &args.outputs)?;
    let handed = handover::hand_out_all(session, &lock, &output)?;
    context.say(&format!("handed out {handed} to `{}`", out.display()));
    Ok(exit::DONE)
}
