//! `certroll audit export`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::commands::{Context, Outcome};
use crate::cli::exit;
use crate::lifecycle::audit_log::{self, ExportForm};

/// Write the log to a file, and record that it was handed out
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// File to write; a JSON Lines export gets FILE.checkpoint and FILE.vkey beside it
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
    /// jsonl: the exact records, verifiable; csv: a table for people
    #[arg(long = "format", id = "form", value_enum, default_value_t = Form::Jsonl, value_name = "FORM")]
    form: Form,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    Jsonl,
    Csv,
}

pub(super) fn run(args: &ExportArgs, context: &mut Context<'_>) -> Outcome {
    let mut services = context.services()?;
    let form = match args.form {
        Form::Jsonl => ExportForm::Jsonl,
        Form::Csv => ExportForm::Csv,
    };
    let exported = audit_log::export(&mut services, form, &args.out)?;
    context.say(&format!("wrote {} records to `{}`", exported.records, args.out.display()));
    if exported.checkpoint.is_some() {
        context.say(&format!("verify it anywhere: `certroll audit verify {} --key VKEY`", args.out.display()));
    }
    Ok(exit::DONE)
}
