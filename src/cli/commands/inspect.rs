//! `certroll inspect`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::{FormatArgs, OutputFormat, StorepassArgs};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::{inspected, json};
use certroll_core::error::Error;
use certroll_core::scan::endpoint::Endpoint;
use certroll_core::tools::inspect::{self, Inspected};
use certroll_keystore::formats;

/// Look into a file: certificate, request, CRL, key, PKCS#12 or JKS; or at what a TLS endpoint presents
///
/// Needs no home. Of an endpoint the chain is shown as it comes, verified by nothing: `certroll verify` does that. PKCS#12 needs its password; a JKS without one is shown, but not checked for alteration.
#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    /// The file, PEM or DER or a keystore; or HOST:PORT, or HOST:PORT,SERVERNAME
    #[arg(value_name = "FILE|HOST:PORT")]
    file: PathBuf,
    #[command(flatten)]
    storepass: StorepassArgs,
    #[command(flatten)]
    format: FormatArgs,
}

pub(super) fn run(args: &InspectArgs, context: &mut Context<'_>) -> CommandOutcome {
    let found = match endpoint(args) {
        Some(endpoint) => inspect::inspect_endpoint(&endpoint)?,
        None => of_file(args)?,
    };
    let text = match args.format.format {
        OutputFormat::Table => inspected::text(&found, context.width()),
        format => json::document(&inspected::document(&args.file.to_string_lossy(), &found), format)?,
    };
    context.data(&text)?;
    Ok(exit::DONE)
}

/// The endpoint that is meant: what is written like one, and is no file.
fn endpoint(args: &InspectArgs) -> Option<Endpoint> {
    args.file.to_str().filter(|_| !args.file.exists()).and_then(|text| text.parse().ok())
}

fn of_file(args: &InspectArgs) -> Result<Inspected, Error> {
    let bytes = certroll_base::input::read(&args.file).map_err(|error| Error::file(&args.file, "read", error))?;
    let authenticated = formats::detect(&bytes).is_some_and(|format| format.authenticated);
    let password = if authenticated { args.storepass.source().read(false)? } else { None };
    inspect::inspect(&args.file, password.as_ref().map(|password| &password.secret))
}
