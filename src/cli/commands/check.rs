//! `certroll check`.

use clap::Args;

use crate::cli::args::{FormatArgs, OutputFormat};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::certificate::{self, CertificateDocument};
use crate::cli::render::{json, table};
use certroll_core::lifecycle::session::select;
use certroll_core::lifecycle::session::status::{self, CertificateStatus, ListedCertificate};
use certroll_core::store::{Query, Selector};
use certroll_pki::x509::validity::RenewBefore;

/// Check whether certificates are due, expired or revoked; the exit code tells
///
/// Exit code 0: nothing to do. 11: something is due. 12: something is expired or revoked. Without a name every certificate
/// is checked that is neither revoked nor replaced, CAs included.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Names, serial numbers or certificate files
    #[arg(value_name = "SELECTOR")]
    selectors: Vec<String>,
    /// When a certificate counts as due: a share of its lifetime (33%) or a duration (30d) before its end [default: its
    /// template's]
    #[arg(long, value_name = "33%|30d")]
    renew_before: Option<RenewBefore>,
    #[command(flatten)]
    format: FormatArgs,
}

pub(super) fn run(args: &CheckArgs, context: &mut Context<'_>) -> CommandOutcome {
    let view = context.view()?;
    let mut query = Query { current: args.selectors.is_empty(), ..Query::default() };
    for selector in &args.selectors {
        // The newest certificate of a name is the one that counts; an older one is checked by its serial number.
        let found = select::find(&*view.store, selector)?;
        query.selectors.extend(found.last().map(|entry| Selector::Fingerprint(entry.fingerprint)));
    }
    let mut listed = status::list(&view, &query, args.renew_before)?;
    let worst = listed.iter().map(|one| one.status).max();
    let wrong = |one: &ListedCertificate| !matches!(one.status, CertificateStatus::Valid | CertificateStatus::Replaced);
    if args.format.format == OutputFormat::Table {
        let checked = listed.len();
        listed.retain(wrong);
        if !listed.is_empty() {
            let rows = listed.iter().map(|one| certificate::row(&one.entry, one.status));
            let text = table::rows(certificate::HEADING, rows, context.width());
            context.data(&text)?;
        }
        context.say(&format!("{checked} checked, {} need attention", listed.len()));
    } else {
        let documents: Vec<_> = listed.iter().map(|one| CertificateDocument::of(&one.entry, one.status)).collect();
        let text = json::list("certroll/check/v1", "certificates", &documents, args.format.format)?;
        context.data(&text)?;
    }
    Ok(match worst {
        Some(CertificateStatus::Expired | CertificateStatus::Revoked) => exit::EXPIRED,
        Some(CertificateStatus::Due) => exit::DUE,
        Some(CertificateStatus::Valid | CertificateStatus::Replaced) | None => exit::DONE,
    })
}
