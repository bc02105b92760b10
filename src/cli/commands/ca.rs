//! `certroll ca`.

mod args;
mod create;
mod crl;
mod import;
mod look_after;
mod renew;
mod request;
mod shown;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::args::{FormatArgs, OutputFormat, ProfileArgs, ReplaceArgs, StorepassArgs};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::{json, table};
use certroll_core::audit::record::facts::Why;
use certroll_core::error::{Error, ErrorKind};
use certroll_core::hint::home::SecretHint;
use certroll_core::lifecycle::truststore::remember::{self, TruststoreChange};
use certroll_core::lifecycle::truststore::trust;
use certroll_core::tools::keystore::edit::EditRequest;
use certroll_core::tools::keystore::file::{Choices, Passwords};
use certroll_pki::container::pem::{self, Label};

/// Create and look at the CAs of the home, and write their CRLs and truststores
#[derive(Debug, Subcommand)]
pub(crate) enum CaCommand {
    Create(Box<create::CreateArgs>),
    Request(Box<request::RequestArgs>),
    Accept(request::AcceptArgs),
    Sign(Box<request::SignArgs>),
    Import(Box<import::ImportArgs>),
    Renew(renew::RenewArgs),
    Set(look_after::SetArgs),
    Remove(look_after::RemoveArgs),
    Health(look_after::HealthArgs),
    List(ListArgs),
    Show(ShowArgs),
    Crl(crl::CrlArgs),
    Export(ExportArgs),
}

/// List the CAs
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    format: FormatArgs,
}

/// Show a CA with its certificates and its CRL
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Name of the CA [default: the one that signs no other CA]
    name: Option<String>,
    #[command(flatten)]
    format: FormatArgs,
}

/// Write the certificates of a CA and those above it: as PEM, or as a truststore that Java reads
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// Name of the CA [default: the one that signs no other CA]
    name: Option<String>,
    /// File to write; the extension decides: .pem .crt, .p12, .jks. Other entries of an existing truststore stay
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    profile: ProfileArgs,
    #[command(flatten)]
    replace: ReplaceArgs,
    #[command(flatten)]
    storepass: StorepassArgs,
}

pub(super) fn run(command: CaCommand, context: &mut Context<'_>) -> CommandOutcome {
    match command {
        CaCommand::Create(args) => create::create(*args, context),
        CaCommand::Request(args) => request::request(*args, context),
        CaCommand::Accept(args) => request::accept(&args, context),
        CaCommand::Sign(args) => request::sign(*args, context),
        CaCommand::Set(args) => look_after::set(&args, context),
        CaCommand::Remove(args) => look_after::remove(&args, context),
        CaCommand::Health(args) => look_after::health(&args, context),
        CaCommand::Renew(args) => renew::renew(&args, context),
        CaCommand::Import(args) => import::import(&args, context),
        CaCommand::List(args) => list(&args, context),
        CaCommand::Show(args) => show(&args, context),
        CaCommand::Crl(args) => crl::run(&args, context),
        CaCommand::Export(args) => export(&args, context),
    }
}

fn list(args: &ListArgs, context: &mut Context<'_>) -> CommandOutcome {
    let view = context.view()?;
    let authorities = view.store.authorities()?;
    let documents =
        authorities.iter().map(|authority| shown::document(&view, authority)).collect::<Result<Vec<_>, _>>()?;
    let text = match args.format.format {
        OutputFormat::Table => {
            let cell = |value: &serde_json::Value| if value.is_null() { "-".to_owned() } else { shown::plain(value) };
            let keys = ["name", "parent", "subject", "key", "not_after", "crl_number", "status"];
            let rows = documents.iter().map(|one| keys.iter().map(|key| cell(&one[*key])).collect());
            table::rows(&["NAME", "SIGNED BY", "SUBJECT", "KEY", "VALID UNTIL", "CRL", "STATUS"], rows, context.width())
        }
        format => json::list("certroll/cas/v1", "cas", &documents, format)?,
    };
    context.data(&text)?;
    Ok(exit::DONE)
}

fn show(args: &ShowArgs, context: &mut Context<'_>) -> CommandOutcome {
    let name = context.view()?.authority(args.name.as_deref())?.name;
    shown::show(&name, args.format, context)
}

fn export(args: &ExportArgs, context: &mut Context<'_>) -> CommandOutcome {
    let view = context.view()?;
    let authority = view.authority(args.name.as_deref())?;
    let wanted = remember::of_authority(&view, &authority.name)?;
    let Some(path) = &args.out else {
        let text: String = wanted.iter().map(|one| pem::encode(Label::Certificate, one.certificate.as_der())).collect();
        context.data(&text)?;
        return Ok(exit::DONE);
    };
    let keystore = certroll_keystore::formats::by_extension(path).is_some_and(|format| !format.holds_bare_certificates);
    let password = if keystore { args.storepass.source().read(true)? } else { None };
    if keystore && password.is_none() {
        return Err(Error::new(ErrorKind::Usage, format!("the truststore `{}` needs a password", path.display()))
            .hint(SecretHint::OfTruststore));
    }
    let passwords = Passwords { store: password.as_ref().map(|password| password.secret.clone()), keys: None };
    let choices = Choices { profile: args.profile.profile(), iterations: None, now: view.clock.now() };
    let request = EditRequest { path, passwords: &passwords, choices, replace: true };
    if remember::knows(&*view.store, path)? {
        drop(view);
        let why = Why { code: "manual".to_owned(), ..Why::default() };
        let change = TruststoreChange { password_file: password.and_then(|password| password.file), why: &why };
        remember::add(&mut context.session()?, &request, &wanted, &change)?;
    } else {
        trust::export(&request, &wanted, args.replace.replace)?;
    }
    let count = wanted.len();
    let certificates = if count == 1 { "1 CA certificate".to_owned() } else { format!("{count} CA certificates") };
    context.say(&format!("wrote {certificates} to `{}`", path.display()));
    Ok(exit::DONE)
}
