//! `certroll ca set`, `remove` and `health`.

use clap::Args;

use super::args::{PointerArgs, texts};
use crate::cli::args::{ChangeArgs, FormatArgs, OutputFormat, WhyArgs};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::render::{json, table};
use crate::cli::{exit, hints};
use certroll_core::hint::Hint;
use certroll_core::lifecycle::issuance::authority_pointers::{self, PointerChange};
use certroll_core::lifecycle::issuance::authority_removal::{self, Removed};
use certroll_core::lifecycle::session::authority_health::{self, HealthFinding, HealthGrade};

/// Change where relying parties find the CRL, OCSP responder and certificate of a CA, for what it issues from now on
///
/// Each kind that is given takes the place of what was there; certificates that are out keep what they have.
#[derive(Debug, Args)]
pub(crate) struct SetArgs {
    /// Name of the CA
    name: String,
    #[command(flatten)]
    pointers: PointerArgs,
    /// No URI of a CRL any more
    #[arg(long, conflicts_with = "crl_url")]
    no_crl_url: bool,
    /// No URI of an OCSP responder any more
    #[arg(long, conflicts_with = "ocsp_url")]
    no_ocsp_url: bool,
    /// No URI of its certificate any more
    #[arg(long, conflicts_with = "issuer_url")]
    no_issuer_url: bool,
    #[command(flatten)]
    why: WhyArgs,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    format: FormatArgs,
}

/// Take away a CA that has signed nothing, or withdraw the request for one: its name is free again
#[derive(Debug, Args)]
pub(crate) struct RemoveArgs {
    /// Name of the CA
    name: String,
    #[command(flatten)]
    why: WhyArgs,
}

/// Look at the CAs as an auditor would: state, key, life, constraints, CRL, what they have issued
///
/// Exit code 0: nothing to do. 11: something is to be done. 12: what a CA has issued is not valid, or relying parties refuse it. Nothing is
/// opened or changed, and no passphrase is needed.
#[derive(Debug, Args)]
pub(crate) struct HealthArgs {
    /// Name of the CA [default: all]
    name: Option<String>,
    #[command(flatten)]
    format: FormatArgs,
}

pub(super) fn set(args: &SetArgs, context: &mut Context<'_>) -> CommandOutcome {
    let (crl, ocsp, issuer) = args.pointers.each();
    let kind = |given: &[_], none: bool| (none || !given.is_empty()).then(|| texts(given));
    let change = PointerChange {
        crl: kind(crl, args.no_crl_url),
        ocsp: kind(ocsp, args.no_ocsp_url),
        ca_issuers: kind(issuer, args.no_issuer_url),
    };
    let mut session = context.session()?;
    let changed = authority_pointers::set(&mut session, &args.name, change, args.why.shared("manual"))?;
    drop(session);
    super::shown::show(&args.name, args.format, context)?;
    Ok(args.change.code(changed))
}

pub(super) fn remove(args: &RemoveArgs, context: &mut Context<'_>) -> CommandOutcome {
    let mut session = context.session()?;
    let why = std::sync::Arc::new(args.why.why("manual"));
    let removed = authority_removal::remove(&mut session, &args.name, why)?;
    drop(session);
    context.say(&match removed {
        Removed::Authority => format!("CA `{}` is gone; its name is free", args.name),
        Removed::Request => {
            format!("the request for `{}` is withdrawn; ask its operators to issue nothing for it", args.name)
        }
    });
    Ok(exit::DONE)
}

pub(super) fn health(args: &HealthArgs, context: &mut Context<'_>) -> CommandOutcome {
    let view = context.view()?;
    let findings = authority_health::health(&view, args.name.as_deref())?;
    let remedy = |one: &HealthFinding| one.remedy.clone().map(|hint| hints::words(&Hint::Authority(hint)));
    let text = match args.format.format {
        OutputFormat::Table => {
            let row = |one: &HealthFinding| {
                let (grade, check) = (one.grade.name().to_owned(), one.check.to_owned());
                vec![one.authority.clone(), grade, check, one.text.clone(), remedy(one).unwrap_or_default()]
            };
            table::rows(&["CA", "GRADE", "CHECK", "FOUND", "REMEDY"], findings.iter().map(row), context.width())
        }
        format => {
            let document = |one: &HealthFinding| {
                serde_json::json!({
                    "schema": "certroll/ca-finding/v1",
                    "ca": one.authority,
                    "check": one.check,
                    "grade": one.grade.name(),
                    "found": one.text,
                    "remedy": remedy(one),
                })
            };
            let documents: Vec<_> = findings.iter().map(document).collect();
            json::list("certroll/ca-health/v1", "findings", &documents, format)?
        }
    };
    context.data(&text)?;
    Ok(match findings.iter().map(|one| one.grade).max() {
        Some(HealthGrade::Over) => exit::EXPIRED,
        Some(HealthGrade::Due) => exit::DUE,
        _ => exit::DONE,
    })
}
