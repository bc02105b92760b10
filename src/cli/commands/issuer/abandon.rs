//! `certroll issuer abandon`.

use std::sync::Arc;

use clap::Args;

use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use certroll_core::audit::record::facts::Why;
use certroll_core::lifecycle::recovery::abandon::{self, AbandonOutcome, KeyEnd};

/// End a request whose outcome cannot be found out any more
///
/// For requests whose answer was lost at an issuer that keeps no certificates: a role of Vault with `no_store`. The issuer is
/// asked once more; as long as it can tell, nothing is ended (exit code 6). Then the log says that a certificate may exist,
/// with public key, names, issuer and the reason given here; the private key is destroyed, and the name is free again.
#[derive(Debug, Args)]
pub(crate) struct AbandonArgs {
    /// Name of the certificate that was asked for
    name: String,
    /// Why it is ended, in words for the record
    #[arg(long, value_name = "TEXT")]
    comment: String,
    /// Ticket for the record
    #[arg(long, value_name = "ID")]
    ticket: Option<String>,
}

pub(crate) fn run(args: &AbandonArgs, context: &mut Context<'_>) -> CommandOutcome {
    let mut session = context.session()?;
    let why = Why {
        code: "abandoned".to_owned(),
        text: Some(args.comment.clone()),
        ticket: args.ticket.clone(),
        ..Why::default()
    };
    let name = &args.name;
    match abandon::abandon(&mut session, name, Arc::new(why))? {
        AbandonOutcome::NothingIssued => {
            context.say(&format!("nothing is left to be abandoned: the issuer says that it has not issued `{name}`"));
        }
        AbandonOutcome::Abandoned { issuer, key_hash, key } => {
            let key = match key {
                KeyEnd::Destroyed => "its private key is destroyed",
                KeyEnd::InUse => {
                    "its private key is that of an earlier certificate and stays: rotate that one with a new key"
                }
                KeyEnd::Elsewhere => "its private key was never here",
            };
            context.say(&format!("the request for `{name}` is ended; {key}"));
            let sought = key_hash.map(|spki| format!(" with the public key SHA-256 {spki}")).unwrap_or_default();
            context.say(&format!(
                "a certificate{sought} may exist at issuer `{issuer}`; if it turns up, `certroll audit reconcile` knows it"
            ));
        }
    }
    Ok(exit::DONE)
}
