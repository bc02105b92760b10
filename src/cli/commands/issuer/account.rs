//! `certroll issuer account`.

use clap::{Args, Subcommand};
use serde_json::json;

use crate::cli::args::{ChangeArgs, FormatArgs, OutputFormat};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::render::{json, table};
use certroll_core::error::Error;
use certroll_core::issuer::{Account, AccountChange, NewAccount};
use certroll_core::lifecycle::issuance::issuer_account;

/// Accounts at issuers that know us by a key of our own, as ACME servers do
#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    Create(CreateArgs),
    Show(ShowArgs),
    Update(UpdateArgs),
    RotateKey(RotateKeyArgs),
    Deactivate(DeactivateArgs),
}

/// Which account.
#[derive(Debug, Args)]
pub(crate) struct AccountSelector {
    /// Name of the issuer
    #[arg(value_name = "NAME")]
    issuer: String,
    /// Name of the account [default: the one that the settings name]
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,
    #[command(flatten)]
    format: FormatArgs,
}

/// Create an account, with a key that is kept encrypted in the home
///
/// An account that exists already is shown. An attempt that was interrupted is gone on with, with the same key.
#[derive(Debug, Args)]
pub(crate) struct CreateArgs {
    #[command(flatten)]
    which: AccountSelector,
    /// How the issuer can reach you, such as mailto:pki@example.net; may be repeated [default: as the settings say]
    #[arg(long, value_name = "URL")]
    contact: Vec<String>,
    /// You have read the issuer's terms of service and agree to them
    #[arg(long)]
    agree_terms: bool,
}

/// Show what the issuer says of an account
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    #[command(flatten)]
    which: AccountSelector,
}

/// Replace how the issuer can reach you
#[derive(Debug, Args)]
pub(crate) struct UpdateArgs {
    #[command(flatten)]
    which: AccountSelector,
    /// How the issuer can reach you, such as mailto:pki@example.net; may be repeated
    #[arg(long, value_name = "URL", required_unless_present = "no_contact")]
    contact: Vec<String>,
    /// The issuer is to know no way to reach you
    #[arg(long, conflicts_with = "contact")]
    no_contact: bool,
}

/// Give an account a new key
///
/// The new key is kept before the issuer hears of it, so that nothing that interrupts this locks you out.
#[derive(Debug, Args)]
pub(crate) struct RotateKeyArgs {
    #[command(flatten)]
    which: AccountSelector,
}

/// End an account for good
///
/// Its certificates stay valid, but can be revoked by their own keys only.
#[derive(Debug, Args)]
pub(crate) struct DeactivateArgs {
    #[command(flatten)]
    which: AccountSelector,
    #[command(flatten)]
    change: ChangeArgs,
}

pub(crate) fn run(command: &AccountCommand, context: &mut Context<'_>) -> CommandOutcome {
    match command {
        AccountCommand::Create(args) => {
            let new = NewAccount { contact: args.contact.clone(), terms_agreed: args.agree_terms };
            act(&args.which, AccountChange::Create(new), "is there", context)
        }
        AccountCommand::Show(args) => {
            let mut session = context.session()?;
            let account = issuer_account::show(&mut session, &args.which.issuer, args.which.account.as_deref())?;
            show(&account, args.which.format.format, context)?;
            Ok(crate::cli::exit::DONE)
        }
        AccountCommand::Update(args) => {
            act(&args.which, AccountChange::Update(args.contact.clone()), "was changed", context)
        }
        AccountCommand::RotateKey(args) => act(&args.which, AccountChange::RotateKey, "has a new key", context),
        AccountCommand::Deactivate(args) => {
            act(&args.which, AccountChange::Deactivate, "is deactivated", context)?;
            Ok(args.change.code(true))
        }
    }
}

fn act(which: &AccountSelector, change: AccountChange, said: &str, context: &mut Context<'_>) -> CommandOutcome {
    let mut session = context.session()?;
    let account = issuer_account::act(&mut session, &which.issuer, which.account.as_deref(), change)?;
    context.say(&format!("account `{}` of issuer `{}` {said}", account.name, which.issuer));
    show(&account, which.format.format, context)?;
    Ok(crate::cli::exit::DONE)
}

fn show(account: &Account, format: OutputFormat, context: &mut Context<'_>) -> Result<(), Error> {
    let external = if account.external { "yes" } else { "no" };
    let text = if format == OutputFormat::Table {
        table::pairs(
            &[
                ("name", account.name.clone()),
                ("url", account.url.clone()),
                ("status", account.status.clone()),
                ("contact", account.contact.join("\n")),
                ("key", account.key.clone()),
                ("bound to another account", external.to_owned()),
            ],
            context.width(),
        )
    } else {
        json::document(
            &json!({
                "schema": "certroll/issuer-account/v1",
                "name": account.name,
                "url": account.url,
                "status": account.status,
                "contact": account.contact,
                "key": account.key,
                "external": account.external,
            }),
            format,
        )?
    };
    context.data(&text)
}
