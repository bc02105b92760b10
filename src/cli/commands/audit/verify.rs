//! `certroll audit verify`.

use std::path::PathBuf;

use clap::Args;

use super::verify_proof;
use crate::cli::args::{FormatArgs, OutputFormat};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::{json, record, table};
use certroll_base::clock::Timestamp;
use certroll_core::audit::verify::Unchecked;
use certroll_core::error::{Error, ErrorKind};
use certroll_core::lifecycle::log::cosignatures;
use certroll_core::lifecycle::log::{self, BundleFacts, Checked, ExportChecks};
use certroll_tlog::VerifierKey;

/// Verify the log: of the home, or an export, a published directory or a receipt where there is neither home nor secret
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// Bundle, JSON Lines export, published directory or receipt (.tlog-proof); without one the log of the home is verified
    #[arg(value_name = "FILE|DIR")]
    export: Option<PathBuf>,
    /// Record that a receipt is for [default: the receipt's name with .json]
    #[arg(long, value_name = "FILE", requires = "export")]
    pub(super) record: Option<PathBuf>,
    /// Signed checkpoint [default: FILE.checkpoint or DIR/checkpoint]
    #[arg(long, value_name = "FILE", requires = "export")]
    checkpoint: Option<PathBuf>,
    /// Checkpoint that you kept from your last visit: the export must continue it
    #[arg(long, value_name = "FILE", requires = "export")]
    since: Option<PathBuf>,
    /// Public key of the log, or the file that holds it: the one you were given when the log began
    #[arg(long, value_name = "VKEY|FILE", required = false)]
    key: Option<String>,
    /// Trust policy: logs it may be, and witnesses that must have cosigned the checkpoint (C2SP tlog-policy)
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    #[command(flatten)]
    pub(super) format: FormatArgs,
}

pub(super) fn run(args: &VerifyArgs, context: &mut Context<'_>) -> CommandOutcome {
    let key = args.key.as_deref().map(key).transpose()?;
    let policy = args.policy.as_deref().map(cosignatures::read_policy).transpose()?;
    let (key, policy) = (key.as_ref(), policy.as_ref());
    let whole = |verification| Checked { verification, bundle: None };
    let checked = match &args.export {
        None => {
            let view = context.view()?;
            if policy.is_some() {
                verify_proof::accepted(&view.home.checkpoint(), key, policy, context)?;
            }
            log::verify_home(&view, key).map(whole)
        }
        Some(_) if key.is_none() && policy.is_none_or(|policy| policy.logs().is_empty()) => {
            return Err(Error::new(
                ErrorKind::Usage,
                "an export is verified with the key that you were given when the log began",
            )
            .hint("add `--key FILE` or `--key VKEY`; a key that came with the export proves nothing"));
        }
        Some(file) if verify_proof::is_receipt(file) => {
            return verify_proof::receipt(args, file, key, policy, context);
        }
        Some(directory) if directory.is_dir() => {
            let checkpoint = args.checkpoint.clone().unwrap_or_else(|| directory.join("checkpoint"));
            let key = verify_proof::accepted(&checkpoint, key, policy, context)?;
            verify_proof::publication(directory, &checkpoint, &key).map(whole)
        }
        Some(export) => {
            let beside = || {
                let mut name = export.file_name().unwrap_or_default().to_owned();
                name.push(".checkpoint");
                export.with_file_name(name)
            };
            // With a key alone nothing is asked of the checkpoint that is not asked below.
            let checkpoint = args.checkpoint.clone().unwrap_or_else(beside);
            let key = verify_proof::accepted(&checkpoint, key, policy, context)?;
            let (checkpoint, since) = (args.checkpoint.as_deref(), args.since.as_deref());
            log::verify_export(export, &ExportChecks { key: &key, checkpoint, since })
        }
    };
    let checked = match checked {
        Ok(checked) => checked,
        Err(error) => {
            if error.kind == ErrorKind::Verification && args.format.format != OutputFormat::Table {
                let document = record::tampered(&error, log::first_bad(&error));
                context.data(&json::document(&document, args.format.format)?)?;
            }
            return Err(error);
        }
    };
    let now = context.environment.clock.now();
    for open in checked.verification.open.iter().filter(|open| open.is_overdue(now)) {
        let due = open.due.map(|due| format!(" by {due}")).unwrap_or_default();
        context.environment.output.line(&format!(
            "warning: operation {}, record {}, should have ended{due}: look for a certificate with its key at the issuer",
            open.op, open.seq
        ));
    }
    let text = match args.format.format {
        OutputFormat::Table => table::pairs(&summary(&checked, now), context.width()),
        format => json::document(&record::verification(&checked, now), format)?,
    };
    context.data(&text)?;
    Ok(exit::DONE)
}

/// A key as typed, or from the file of that name.
pub(super) fn key(text: &str) -> Result<VerifierKey, Error> {
    match VerifierKey::parse(text) {
        Ok(key) => Ok(key),
        Err(_) if std::path::Path::new(text).is_file() => log::read_key(text.as_ref()),
        Err(error) => Err(Error::new(
            ErrorKind::Usage,
            format!("`{text}` is neither the public key of a log (`name+hash+key`) nor a file that holds one"),
        )
        .because(error)),
    }
}

fn summary(checked: &Checked, now: Timestamp) -> Vec<(&'static str, String)> {
    let verification = &checked.verification;
    let open = verification.open.iter().map(|open| {
        let state = match (open.is_overdue(now), open.indeterminate) {
            (true, _) => ", OVERDUE",
            (false, true) => ", outcome unknown",
            (false, false) => "",
        };
        format!("operation {}, record {}{state}", open.op, open.seq)
    });
    let mut rows = vec![
        ("verified", log::head_line(verification)),
        ("under checkpoint", format!("{} records, {} after it", verification.signed, verification.unsigned_tail())),
    ];
    if verification.continues > 0 {
        rows.push(("continues", format!("a log of {} records, which are not in here", verification.continues)));
    }
    let withheld = &verification.withheld;
    if withheld.records > 0 {
        let more = withheld.gaps.saturating_sub(withheld.ranges.len().min(SHOWN_RANGES) as u64);
        let ranges = withheld.ranges.iter().take(SHOWN_RANGES).map(|range| match range.end - range.start {
            1 => range.start.to_string(),
            _ => format!("{}-{}", range.start, range.end - 1),
        });
        let mut ranges = ranges.collect::<Vec<_>>().join(", ");
        if more > 0 {
            ranges.push_str(&format!(", and {more} more ranges"));
        }
        rows.push(("withheld", format!("{} records: {ranges}", withheld.records)));
    }
    rows.extend([
        ("announced", verification.announced.to_string()),
        ("issued", verification.issued.to_string()),
        ("failed", verification.failed.to_string()),
        ("abandoned", verification.abandoned.to_string()),
    ]);
    if verification.unknown > 0 {
        rows.push(("never known", format!("{}: a certificate may exist outside the log", verification.unknown)));
    }
    rows.extend([("revoked", verification.revoked.to_string()), ("refused", verification.refused.to_string())]);
    let taken_over = verification.imported_authorities.iter().map(|one| {
        let (name, seq, count) = (&one.name, one.seq, one.certificates);
        format!("CA `{name}`, record {seq}, with {count} certificates: the log is complete for what it signed since")
    });
    rows.push(("taken over", taken_over.collect::<Vec<_>>().join("\n")));
    if let Some(bundle) = &checked.bundle {
        rows.extend(of_bundle(bundle));
    }
    rows.push(("open intents", open.collect::<Vec<_>>().join("\n")));
    if verification.is_partial() {
        rows.push(("not checked", not_checked(&verification.unchecked)));
    }
    rows
}

fn of_bundle(bundle: &BundleFacts) -> Vec<(&'static str, String)> {
    let report = match bundle.report {
        true => "made again, and the same",
        false => "as listed; it was not made again",
    };
    let made = format!("by certroll {} at {} (not signed)", bundle.maker.version, bundle.maker.generated);
    let cosigned = bundle.cosigned.map(|records| format!("{records} records; signatures of others were not checked"));
    vec![
        ("certificates", format!("{}, each as its record says", bundle.certificates)),
        ("report", report.to_owned()),
        ("cosigned", cosigned.unwrap_or_default()),
        ("bundle made", made),
    ]
}

/// Ranges of withheld records in the table; the JSON document has more of them.
const SHOWN_RANGES: usize = 20;

/// What the records that are here cannot tell.
fn not_checked(unchecked: &Unchecked) -> String {
    let mut lines = vec!["serial numbers against the records that are not here".to_owned()];
    let counted = [
        (unchecked.outcomes, "outcomes whose intent is not here"),
        (unchecked.intents, "intents of operations with an open intent whose end is not here"),
        (unchecked.revocations, "revocations of certificates whose issuance is not here"),
    ];
    lines.extend(counted.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")));
    lines.join("\n")
}
