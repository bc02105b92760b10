//! `certroll issuer status`, `delete` and `report`: what an issuer elsewhere keeps.

use clap::Args;

use crate::cli::args::{FormatArgs, OutputFormat, WhyArgs};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::{json, table};
use certroll_core::error::{Error, ErrorKind};
use certroll_core::lifecycle::revocation::custody;
use certroll_core::lifecycle::session::Session;
use certroll_core::lifecycle::session::select;
use certroll_core::store::CertificateEntry;

/// Ask the issuer that keeps a certificate how it is: what uses it, how far its renewal is
#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// Name, serial number or certificate file
    selector: String,
    #[command(flatten)]
    format: FormatArgs,
}

/// Delete a certificate and its key at the issuer that keeps them
///
/// The inventory and the log go on to know the certificate. One that something uses is not deleted.
#[derive(Debug, Args)]
pub(crate) struct DeleteArgs {
    /// Name, serial number or certificate file
    selector: String,
    #[command(flatten)]
    why: WhyArgs,
}

/// Have an issuer write a report of everything that it has signed
///
/// AWS Private CA writes it into the bucket of its settings. Fetched from there into the directory of its settings, it is the
/// list that the log is compared with.
#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// Name of the issuer
    name: String,
}

pub(crate) fn status(args: &StatusArgs, context: &mut Context<'_>) -> CommandOutcome {
    let mut session = context.session()?;
    let entry = chosen(&session, &args.selector)?;
    let pairs = custody::status(&mut session, &entry)?;
    let text = match args.format.format {
        OutputFormat::Table => table::pairs(&pairs, context.width()),
        format => {
            let mut document = serde_json::Map::new();
            document.insert("schema".to_owned(), "certroll/issuer-status/v1".into());
            document.insert("name".to_owned(), entry.name.clone().into());
            document.extend(pairs.into_iter().map(|(title, text)| (title.replace(' ', "_"), text.into())));
            json::document(&document, format)?
        }
    };
    context.data(&text)?;
    Ok(exit::DONE)
}

pub(crate) fn delete(args: &DeleteArgs, context: &mut Context<'_>) -> CommandOutcome {
    let mut session = context.session()?;
    let entry = chosen(&session, &args.selector)?;
    custody::delete(&mut session, &entry, args.why.shared("manual"))?;
    context.say(&format!("`{}`, serial {}, is deleted at issuer `{}`", entry.name, entry.serial, entry.issuer));
    Ok(exit::DONE)
}

pub(crate) fn report(args: &ReportArgs, context: &mut Context<'_>) -> CommandOutcome {
    let fetch = custody::report(&mut context.session()?, &args.name)?;
    context.say("the report is written; fetch it with the command on standard output");
    context.data(&format!("{fetch}\n"))?;
    Ok(exit::DONE)
}

fn chosen(session: &Session, selector: &str) -> Result<CertificateEntry, Error> {
    let mut found = select::find(session.journal.store(), selector)?;
    // Of several under one name the current one is meant.
    if found.len() > 1 && found.iter().any(|entry| entry.replaced_by.is_none() && entry.revoked.is_none()) {
        found.retain(|entry| entry.replaced_by.is_none() && entry.revoked.is_none());
    }
    match found.len() {
        1 => Ok(found.swap_remove(0)),
        _ => Err(Error::new(ErrorKind::Usage, format!("`{selector}` names several certificates"))
            .hint("name one of them by its serial number: `certroll list` shows them")),
    }
}
