//! `certroll list`.

use clap::Args;

use crate::cli::args::{FormatArgs, OutputFormat};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::certificate::{self, CertificateDocument};
use crate::cli::render::{json, table};
use certroll_core::error::{Error, ErrorKind};
use certroll_core::lifecycle::session::status;
use certroll_core::store::{Query, Selector};
use certroll_pki::x509::validity::Lifetime;

/// List certificates
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Names or serial numbers; all certificates when none is given
    #[arg(value_name = "SELECTOR")]
    selectors: Vec<String>,
    /// Only from this template
    #[arg(long, value_name = "TEMPLATE")]
    template: Option<String>,
    /// Only from this issuer
    #[arg(long, value_name = "NAME")]
    issuer: Option<String>,
    /// Only those that expire within that time
    #[arg(long, value_name = "DURATION")]
    expires_within: Option<Lifetime>,
    /// Only those neither revoked nor replaced
    #[arg(long, conflicts_with = "revoked")]
    current: bool,
    /// Only revoked ones
    #[arg(long)]
    revoked: bool,
    #[command(flatten)]
    format: FormatArgs,
}

pub(super) fn run(args: &ListArgs, context: &mut Context<'_>) -> CommandOutcome {
    let view = context.view()?;
    let expires_before = match args.expires_within {
        None => None,
        Some(Lifetime::Seconds(secs)) => Some(view.clock.now().plus_secs(secs)),
        Some(Lifetime::Never) => {
            return Err(Error::new(ErrorKind::Usage, "`--expires-within` needs a duration such as 30d"));
        }
    };
    let query = Query {
        selectors: args.selectors.iter().flat_map(|text| Selector::readings(text)).collect(),
        template: args.template.clone(),
        issuer: args.issuer.clone(),
        expires_before,
        current: args.current,
        revoked: args.revoked,
        newest: None,
    };
    let listed = status::list(&view, &query, None)?;
    let text = match args.format.format {
        OutputFormat::Table if listed.is_empty() => {
            context.say("no certificates");
            return Ok(exit::DONE);
        }
        OutputFormat::Table => {
            let rows = listed.iter().map(|one| certificate::row(&one.entry, one.status));
            table::rows(certificate::HEADING, rows, context.width())
        }
        format => {
            let documents: Vec<_> = listed.iter().map(CertificateDocument::listed).collect();
            json::list("certroll/certificates/v1", "certificates", &documents, format)?
        }
    };
    context.data(&text)?;
    Ok(exit::DONE)
}
