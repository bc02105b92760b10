//! `certroll audit verify`.

use std::path::PathBuf;

use clap::Args;

use super::verify_proof;
use crate::audit::note_key::VerifierKey;
use crate::audit::verify::Verification;
use crate::base::clock::Timestamp;
use crate::cli::args::{Format, FormatArgs};
use crate::cli::commands::{Context, Outcome};
use crate::cli::exit;
use crate::cli::render::{json, record, table};
use crate::lifecycle::{Error, Kind, audit_log, cosigned};

/// Verify the log: of the home, or an export, a published directory or a receipt where there is neither home nor secret
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// JSON Lines export, published directory or receipt (.tlog-proof); without one the log of the home is verified
    #[arg(value_name = "FILE|DIR")]
    export: Option<PathBuf>,
    /// Record that a receipt is for [default: the receipt's name with .json]
    #[arg(long, value_name = "FILE", requires = "export")]
    pub(super) record: Option<PathBuf>,
    /// Signed checkpoint [default: FILE.checkpoint or DIR/checkpoint]
    #[arg(long, value_name = "FILE", requires = "export")]
    checkpoint: Option<PathBuf>,
    /// Public key of the log, or the file that holds it: the one you were given when the log began
    #[arg(long, value_name = "VKEY|FILE", required = false)]
    key: Option<String>,
    /// Trust policy: logs it may be, and witnesses that must have cosigned the checkpoint (C2SP tlog-policy)
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    #[command(flatten)]
    pub(super) format: FormatArgs,
}

pub(super) fn run(args: &VerifyArgs, context: &mut Context<'_>) -> Outcome {
    let key = args.key.as_deref().map(key).transpose()?;
    let policy = args.policy.as_deref().map(cosigned::read_policy).transpose()?;
    let (key, policy) = (key.as_ref(), policy.as_ref());
    let verification = match &args.export {
        None => {
            let view = context.view()?;
            if policy.is_some() {
                verify_proof::accepted(&view.home.checkpoint(), key, policy, context)?;
            }
            audit_log::verify_home(&view, key)?
        }
        Some(_) if key.is_none() && policy.is_none_or(|policy| policy.logs().is_empty()) => {
            return Err(Error::new(
                Kind::Usage,
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
            verify_proof::publication(directory, &checkpoint, &key)?
        }
        Some(export) => {
            let beside = || {
                let mut name = export.file_name().unwrap_or_default().to_owned();
                name.push(".checkpoint");
                export.with_file_name(name)
            };
            let checkpoint = args.checkpoint.clone().unwrap_or_else(beside);
            let key = verify_proof::accepted(&checkpoint, key, policy, context)?;
            audit_log::verify_export(export, &checkpoint, &key)?
        }
    };
    let now = context.surroundings.clock.now();
    for open in verification.open.iter().filter(|open| open.is_overdue(now)) {
        let due = open.due.map(|due| format!(" by {due}")).unwrap_or_default();
        context.surroundings.output.line(&format!(
            "warning: operation {}, record {}, should have ended{due}: look for a certificate with its key at the issuer",
            open.op, open.seq
        ));
    }
    let text = match args.format.format {
        Format::Table => table::pairs(&summary(&verification, now), context.width()),
        format => json::document(&record::verification(&verification, now), format)?,
    };
    context.data(&text)?;
    Ok(exit::DONE)
}

/// A key as typed, or from the file of that name.
pub(super) fn key(text: &str) -> Result<VerifierKey, Error> {
    match VerifierKey::parse(text) {
        Ok(key) => Ok(key),
        Err(_) if std::path::Path::new(text).is_file() => audit_log::read_key(text.as_ref()),
        Err(error) => Err(Error::new(
            Kind::Usage,
            format!("`{text}` is neither the public key of a log (`name+hash+key`) nor a file that holds one"),
        )
        .because(error)),
    }
}

fn summary(verification: &Verification, now: Timestamp) -> Vec<(&'static str, String)> {
    let open = verification.open.iter().map(|open| {
        let state = match (open.is_overdue(now), open.indeterminate) {
            (true, _) => ", OVERDUE",
            (false, true) => ", nobody knows the outcome",
            (false, false) => "",
        };
        format!("operation {}, record {}{state}", open.op, open.seq)
    });
    vec![
        ("verified", audit_log::head_line(verification)),
        ("under checkpoint", format!("{} records, {} after it", verification.signed, verification.unsigned_tail())),
        ("announced", verification.announced.to_string()),
        ("issued", verification.issued.to_string()),
        ("failed", verification.failed.to_string()),
        ("abandoned", verification.abandoned.to_string()),
        ("revoked", verification.revoked.to_string()),
        ("refused", verification.refused.to_string()),
        ("open intents", open.collect::<Vec<_>>().join("\n")),
    ]
}
