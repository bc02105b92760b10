//! `certroll audit verify` of what is not a list of records: a receipt, or a published directory.

use std::ffi::OsStr;
use std::path::Path;

use super::verify::VerifyArgs;
use crate::cli::args::OutputFormat;
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::{json, table};
use certroll_base::clock::Timestamp;
use certroll_base::encoding;
use certroll_core::audit::verify::Verification;
use certroll_core::error::{Error, ErrorKind};
use certroll_core::lifecycle::log::receipt::Proved;
use certroll_core::lifecycle::log::{self, receipt, verify_publication};
use certroll_tlog::{Cosigned, Note, VerifierKey, WitnessPolicy};

/// Whether that is a receipt.
pub(super) fn is_receipt(path: &Path) -> bool {
    path.extension() == Some(OsStr::new("tlog-proof"))
}

/// Verifies a receipt.
pub(super) fn receipt(
    args: &VerifyArgs,
    file: &Path,
    key: Option<&VerifierKey>,
    policy: Option<&WitnessPolicy>,
    context: &mut Context<'_>,
) -> CommandOutcome {
    let beside = || file.with_extension("json");
    let proved = receipt::verify(file, &args.record.clone().unwrap_or_else(beside), key, policy)?;
    let text = match args.format.format {
        OutputFormat::Table => table::pairs(&pairs(&proved), context.width()),
        format => json::document(&document(&proved), format)?,
    };
    context.data(&text)?;
    Ok(exit::DONE)
}

/// The key with which the checkpoint in a file must be signed, after the quorum of the policy was found met.
pub(super) fn accepted(
    checkpoint: &Path,
    key: Option<&VerifierKey>,
    policy: Option<&WitnessPolicy>,
    context: &mut Context<'_>,
) -> Result<VerifierKey, Error> {
    // Without a policy there is nothing in the checkpoint to look at yet, and what is wrong with it is said elsewhere.
    let (None, Some(key)) = (policy, key) else {
        let bytes = certroll_base::input::read(checkpoint)
            .map_err(|error| Error::file(checkpoint, "read the checkpoint", error))?;
        let note = Note::parse(&bytes).map_err(|error| {
            Error::new(ErrorKind::Verification, format!("`{}` is not a checkpoint", checkpoint.display()))
                .because(error)
        })?;
        let key = receipt::accepted_key(&note, key, policy)?;
        for one in receipt::quorum(&note, policy)? {
            context.say(&format!("cosigned by `{}` at {}", one.witness, time(&one)));
        }
        return Ok(key);
    };
    Ok(key.clone())
}

/// Verifies a published directory.
pub(super) fn publication(directory: &Path, file: &Path, key: &VerifierKey) -> Result<Verification, Error> {
    let checkpoint = log::read_checkpoint(file, key)?;
    verify_publication::verify(directory, &checkpoint, None)
}

fn time(cosigned: &Cosigned) -> Timestamp {
    Timestamp::from_secs(i64::try_from(cosigned.second).unwrap_or(i64::MAX))
}

fn pairs(proved: &Proved) -> Vec<(&'static str, String)> {
    let (record, checkpoint) = (&proved.record, &proved.checkpoint);
    let cosigned: Vec<_> = proved.cosigned.iter().map(|one| format!("{} at {}", one.witness, time(one))).collect();
    let mut pairs = vec![
        ("verified", format!("record {} of {}", record.seq, checkpoint.origin)),
        ("under checkpoint", format!("{} records, root {}", checkpoint.size, encoding::hex(&checkpoint.root))),
        ("event", format!("{} at {}", record.ev, record.ts)),
    ];
    if let Some(certificate) = &record.cert {
        pairs.push(("certificate", format!("serial {}, issuer {}", certificate.sn, certificate.iss)));
        pairs.push(("sha256", encoding::hex(&certificate.sha256.0)));
    }
    if !cosigned.is_empty() {
        pairs.push(("cosigned by", cosigned.join("\n")));
    }
    pairs
}

fn document(proved: &Proved) -> serde_json::Value {
    let checkpoint = &proved.checkpoint;
    let cosigned: Vec<_> = proved
        .cosigned
        .iter()
        .map(|one| serde_json::json!({ "witness": one.witness, "time": time(one).to_string() }))
        .collect();
    serde_json::json!({
        "schema": "certroll/audit-receipt/v1",
        "verified": true,
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "root": encoding::hex(&checkpoint.root),
        "cosigned": cosigned,
        "record": proved.record,
    })
}
