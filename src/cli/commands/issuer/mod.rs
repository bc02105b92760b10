//! `certroll issuer`.

mod abandon;
mod account;
mod custody;

use clap::{Args, Subcommand};
use serde_json::json;

use crate::cli::args::{FormatArgs, OutputFormat};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::{json, table};
use certroll_core::config;
use certroll_core::error::Error;
use certroll_core::issuer::registry::{self, KINDS};
use certroll_core::issuer::{Capabilities, Issuer, KeyCustody, Revoker};
use certroll_core::lifecycle::session::{Session, View};

/// Look at issuers: who signs
#[derive(Debug, Subcommand)]
pub(crate) enum IssuerCommand {
    List(ListArgs),
    Capabilities(CapabilitiesArgs),
    Test(TestArgs),
    Status(custody::StatusArgs),
    Delete(custody::DeleteArgs),
    Report(custody::ReportArgs),
    Abandon(abandon::AbandonArgs),
    #[command(subcommand)]
    Account(account::AccountCommand),
}

/// List the issuers of the home: its CAs, and those elsewhere that certroll.toml names
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// List the kinds of issuers that this program knows instead
    #[arg(long)]
    kinds: bool,
    #[command(flatten)]
    format: FormatArgs,
}

/// Show what an issuer can do: keys, names, lifetimes, reasons of revocation
#[derive(Debug, Args)]
pub(crate) struct CapabilitiesArgs {
    /// Name of the issuer [default: the one CA that signs no other CA]
    name: Option<String>,
    #[command(flatten)]
    format: FormatArgs,
}

/// Check that an issuer is ready: reachable, its credentials good, its certificates valid
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Name of the issuer [default: the one CA that signs no other CA]
    name: Option<String>,
}

pub(super) fn run(command: &IssuerCommand, context: &mut Context<'_>) -> CommandOutcome {
    match command {
        IssuerCommand::List(args) => list(args, context)?,
        IssuerCommand::Capabilities(args) => {
            let mut session = context.session()?;
            let issuer = open(&mut session, args.name.as_deref())?;
            let text = if args.format.format == OutputFormat::Table {
                table::pairs(&rows(&*issuer), context.width())
            } else {
                json::document(&document(&*issuer), args.format.format)?
            };
            context.data(&text)?;
        }
        IssuerCommand::Status(args) => return custody::status(args, context),
        IssuerCommand::Delete(args) => return custody::delete(args, context),
        IssuerCommand::Report(args) => return custody::report(args, context),
        IssuerCommand::Abandon(args) => return abandon::run(args, context),
        IssuerCommand::Test(args) => {
            let mut session = context.session()?;
            let issuer = open(&mut session, args.name.as_deref())?;
            issuer.check(session.clock.now())?;
            context.say(&format!("issuer `{}` is ready", issuer.name()));
        }
        IssuerCommand::Account(command) => return account::run(command, context),
    }
    Ok(exit::DONE)
}

fn open(session: &mut Session, name: Option<&str>) -> Result<Box<dyn Issuer>, Error> {
    match name {
        Some(name) => session.issuer(name),
        None => {
            let authority = session.authority(None)?;
            session.open_issuer(&authority)
        }
    }
}

fn list(args: &ListArgs, context: &mut Context<'_>) -> Result<(), Error> {
    let listed: Vec<(String, &'static registry::IssuerKind)> =
        if args.kinds { KINDS.iter().map(|kind| (String::new(), kind)).collect() } else { issuers(&context.view()?)? };
    let text = if args.format.format == OutputFormat::Table {
        let rows = listed.iter().map(|(name, kind)| vec![name.clone(), kind.name.to_owned(), kind.summary.to_owned()]);
        match args.kinds {
            true => table::rows(&["KIND", "WHAT IT IS"], rows.map(|row| row[1..].to_vec()), context.width()),
            false => table::rows(&["NAME", "KIND", "WHAT IT IS"], rows, context.width()),
        }
    } else {
        let document = |(name, kind): &(String, &registry::IssuerKind)| match args.kinds {
            true => json!({"schema": "certroll/issuer-kind/v1", "kind": kind.name, "summary": kind.summary}),
            false => json!({"schema": "certroll/issuer/v1", "name": name, "kind": kind.name}),
        };
        let documents: Vec<_> = listed.iter().map(document).collect();
        let (schema, key) = match args.kinds {
            true => ("certroll/issuer-kinds/v1", "kinds"),
            false => ("certroll/issuers/v1", "issuers"),
        };
        json::list(schema, key, &documents, args.format.format)?
    };
    context.data(&text)
}

/// The CAs of the home, then the issuers elsewhere.
fn issuers(view: &View) -> Result<Vec<(String, &'static registry::IssuerKind)>, Error> {
    let here = registry::kind(certroll_core::issuer::PrivateCa::KIND);
    let authorities = view.store.authorities()?;
    let here = authorities.into_iter().filter_map(|authority| Some((authority.name, here?)));
    let elsewhere = config::listed(&view.home)?.into_iter().map(|listed| (listed.name, listed.kind));
    Ok(here.chain(elsewhere).collect())
}

fn rows(issuer: &dyn Issuer) -> Vec<(&'static str, String)> {
    let able = issuer.capabilities();
    let yes = |it: bool| if it { "yes".to_owned() } else { "no".to_owned() };
    let all = |list: Vec<String>, none: &str| if list.is_empty() { none.to_owned() } else { list.join(", ") };
    vec![
        ("name", issuer.name().to_owned()),
        ("kind", issuer.kind().to_owned()),
        ("key is made", custody(&able).to_owned()),
        ("kinds of keys", all(able.key_algorithms.iter().map(ToString::to_string).collect(), "any")),
        ("lifetime can be chosen", yes(able.lifetime)),
        ("wildcard names", yes(able.wildcard)),
        ("IP addresses", yes(able.ip)),
        ("TLS clients and devices", yes(able.client_auth)),
        (
            "reasons of revocation",
            all(able.revocation_reasons.iter().map(ToString::to_string).collect(), "it cannot revoke"),
        ),
        ("is told the reason", yes(issuer.revoker().is_none_or(Revoker::takes_reason))),
        ("finds lost requests again", yes(able.recoverable)),
        ("lists what it issued", yes(issuer.lister().is_some())),
        ("knows us by an account", yes(issuer.accounts().is_some())),
        ("advises when to rotate", yes(issuer.renewal().is_some())),
    ]
}

fn document(issuer: &dyn Issuer) -> serde_json::Value {
    let able = issuer.capabilities();
    let reasons: Vec<_> = able.revocation_reasons.iter().map(ToString::to_string).collect();
    json!({
        "schema": "certroll/issuer-capabilities/v1",
        "name": issuer.name(),
        "kind": issuer.kind(),
        "key_custody": custody(&able),
        "key_algorithms": able.key_algorithms,
        "lifetime": able.lifetime,
        "wildcard": able.wildcard,
        "ip": able.ip,
        "client_auth": able.client_auth,
        "revocation_reasons": reasons,
        "takes_reason": issuer.revoker().is_none_or(Revoker::takes_reason),
        "recoverable": able.recoverable,
        "lists": issuer.lister().is_some(),
        "accounts": issuer.accounts().is_some(),
        "renewal_advice": issuer.renewal().is_some(),
    })
}

fn custody(able: &Capabilities) -> &'static str {
    match able.key_custody {
        KeyCustody::Local => "here",
        KeyCustody::Issuer => "by the issuer, which keeps it",
        KeyCustody::Exported => "by the issuer, which hands it out",
    }
}
