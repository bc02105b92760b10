//! `certroll ca renew`.

use std::path::PathBuf;

use clap::Args;

use super::request;
use crate::cli::args::{FormatArgs, ReplaceArgs, WhyArgs};
use crate::cli::context::{CommandOutcome, Context};
use certroll_core::lifecycle::issuance::authority_renewal::{self, Renewal, RenewalRequest};
use certroll_pki::x509::validity::Lifetime;

/// Give a CA a further certificate, with the same key
///
/// Subject, key, path length and name constraints stay, so what it has issued is good below the old certificate and the new one. A
/// root signs itself, a CA below one of this home is signed by that; for one below somebody else's CA a request is written, and `ca accept`
/// takes the answer. Files that have the old certificate in their chain are owed: `rotate --due` or `deliver` writes them again.
/// For another key create another CA below the same one, and move certificates to it with `rotate --issuer`.
#[derive(Debug, Args)]
pub(crate) struct RenewArgs {
    /// Name of the CA
    name: String,
    /// Lifetime [default: the template's]
    #[arg(long, value_name = "DURATION")]
    ttl: Option<Lifetime>,
    /// File for the request (PKCS#10) of a CA below somebody else's, in PEM; standard output when left out
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    replace: ReplaceArgs,
    #[command(flatten)]
    why: WhyArgs,
    #[command(flatten)]
    format: FormatArgs,
}

pub(super) fn renew(args: &RenewArgs, context: &mut Context<'_>) -> CommandOutcome {
    request::try_request(args.out.as_deref(), args.replace)?;
    let mut session = context.session()?;
    let asked = RenewalRequest { name: args.name.clone(), lifetime: args.ttl, why: args.why.shared("manual") };
    let renewed = authority_renewal::renew(&mut session, &asked)?;
    drop(session);
    match renewed {
        Renewal::Renewed => super::shown::show(&args.name, args.format, context),
        Renewal::Requested(made) => request::leave(&args.name, &made, (args.out.as_deref(), args.replace), context),
    }
}
