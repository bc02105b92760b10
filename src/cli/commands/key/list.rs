//! `certroll key list`: the keys of a hardware token.

use clap::Args;

use crate::cli::args::{FormatArgs, OutputFormat};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::{json, table};
use certroll_core::error::Error;
use certroll_core::signer::registry as signers;

/// List the private keys of a hardware token, each with the reference that opens it
///
/// Needs no home. A reference that fits several tokens lists them and logs in to none: a wrong PIN counts against a token.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Where: 'pkcs11:token=ca?module-path=/usr/lib/vendor.so', or 'pkcs11:' and CERTROLL_PKCS11_MODULE
    reference: String,
    #[command(flatten)]
    format: FormatArgs,
}

pub(crate) fn list(args: &ListArgs, context: &mut Context<'_>) -> CommandOutcome {
    let pins = context.global.pins();
    let listed = signers::list(&args.reference, &pins).map_err(|error| Error::key(&args.reference, error))?;
    let text = if args.format.format == OutputFormat::Table {
        let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "-".to_owned());
        let rows: Vec<_> = listed
            .iter()
            .map(|one| vec![one.place.clone(), name(&one.name), one.kind.clone(), one.reference.clone()])
            .collect();
        table::rows(&["WHERE", "NAME", "KIND", "REFERENCE"], rows, context.width())
    } else {
        let document = |one: &certroll_core::signer::ListedKey| {
            serde_json::json!({
                "schema": "certroll/key-elsewhere/v1",
                "place": one.place,
                "name": one.name,
                "kind": one.kind,
                "reference": one.reference,
            })
        };
        let documents: Vec<_> = listed.iter().map(document).collect();
        json::list("certroll/keys-elsewhere/v1", "keys", &documents, args.format.format)?
    };
    context.data(&text)?;
    Ok(exit::DONE)
}
