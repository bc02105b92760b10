//! `certroll issuer`.

use clap::{Args, Subcommand};

use super::{Context, Outcome};
use crate::cli::args::{Format, FormatArgs};
use crate::cli::exit;
use crate::cli::render::{json, table};
use crate::issuer::registry::KINDS;

/// Look at issuers: who signs
#[derive(Debug, Subcommand)]
pub(crate) enum IssuerCommand {
    List(ListArgs),
    Test(TestArgs),
}

/// List the issuers of the home and the kinds that this program knows
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    format: FormatArgs,
}

/// Check that an issuer is ready: its key opens, its certificates are valid
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Name of the issuer [default: the one CA that signs no other CA]
    name: Option<String>,
}

pub(super) fn run(command: &IssuerCommand, context: &mut Context<'_>) -> Outcome {
    match command {
        IssuerCommand::List(args) => {
            let view = context.view()?;
            let authorities = view.store.authorities()?;
            let text = if args.format.format == Format::Table {
                let summary = KINDS.first().map_or("", |kind| kind.summary);
                let rows =
                    authorities.iter().map(|a| vec![a.name.clone(), "private-ca".to_owned(), summary.to_owned()]);
                table::rows(&["NAME", "KIND", "WHAT IT IS"], rows, context.width())
            } else {
                let document = |name: &str| serde_json::json!({"schema": "certroll/issuer/v1", "name": name, "kind": "private-ca"});
                let documents: Vec<_> = authorities.iter().map(|authority| document(&authority.name)).collect();
                json::list("certroll/issuers/v1", "issuers", &documents, args.format.format)?
            };
            context.data(&text)?;
        }
        IssuerCommand::Test(args) => {
            let services = context.services()?;
            let authority = services.authority(args.name.as_deref())?;
            services.open_issuer(&authority)?.check(services.clock.now())?;
            context.say(&format!("issuer `{}` is ready", authority.name));
        }
    }
    Ok(exit::DONE)
}
