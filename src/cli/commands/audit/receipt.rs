//! `certroll audit receipt`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::ReplaceArgs;
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use certroll_core::audit::record::event::Event;
use certroll_core::lifecycle::log::receipt;

/// Write one record with the proof that it is in the log (C2SP tlog-proof)
#[derive(Debug, Args)]
pub(crate) struct ReceiptArgs {
    /// Number of the record, id of an operation, or a certificate: name, serial number, SHA-256 or file
    selector: String,
    /// Record of this event, if there are several; of a certificate the default is its issuance
    #[arg(long, value_name = "EVENT")]
    event: Option<Event>,
    /// Beginning of the names of both files, PREFIX.json and PREFIX.tlog-proof [default: record-NUMBER]
    #[arg(long, short, value_name = "PREFIX")]
    out: Option<PathBuf>,
    #[command(flatten)]
    replace: ReplaceArgs,
}

pub(super) fn run(args: &ReceiptArgs, context: &mut Context<'_>) -> CommandOutcome {
    let view = context.view()?;
    let issued = receipt::issue(&view, &args.selector, args.event, args.out.as_deref(), args.replace.replace)?;
    let (record, proof) = (issued.record.display(), issued.receipt.display());
    let (seq, size, cosignatures) = (issued.seq, issued.checkpoint.size, issued.cosignatures);
    let cosigned = if cosignatures == 0 { String::new() } else { format!(", cosigned {cosignatures} times") };
    context.say(&format!("wrote record {seq} to `{record}`, its receipt under {size} records{cosigned} to `{proof}`"));
    context.say(&format!("verify it anywhere: `certroll audit verify {proof} --record {record} --key VKEY`"));
    Ok(exit::DONE)
}
