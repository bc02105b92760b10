//! `certroll audit`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{Context, Outcome};
use crate::audit::event::Event;
use crate::audit::note_key::VerifierKey;
use crate::audit::verify::Verification;
use crate::cli::args::{Format, FormatArgs};
use crate::cli::exit;
use crate::cli::render::{json, record, table};
use crate::lifecycle::audit_log::{self, ExportForm, Filter};
use crate::lifecycle::{Error, Kind};

/// Look at the audit log, verify it, hand it out
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    Show(ShowArgs),
    Verify(VerifyArgs),
    Export(ExportArgs),
    Events(EventsArgs),
}

/// Show records
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Only records in which this text stands: a name, a serial number, a ticket
    text: Option<String>,
    /// Only this event, such as cert.issued: see `certroll audit events`
    #[arg(long, value_name = "EVENT")]
    event: Option<Event>,
    /// From this sequence number on
    #[arg(long, value_name = "SEQ", default_value_t = 0)]
    since: u64,
    /// Only the last so many
    #[arg(long, short = 'n', value_name = "N")]
    last: Option<usize>,
    #[command(flatten)]
    format: FormatArgs,
}

/// Verify the log: of the home, or an export on a machine that has neither home nor secret
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// JSON Lines export; without one the log of the home is verified
    #[arg(value_name = "FILE.jsonl")]
    export: Option<PathBuf>,
    /// Signed checkpoint [default: FILE.jsonl.checkpoint]
    #[arg(long, value_name = "FILE", requires = "export")]
    checkpoint: Option<PathBuf>,
    /// Public key of the log, or the file that holds it: the one you were given when the log began
    #[arg(long, value_name = "VKEY|FILE", required = false)]
    key: Option<String>,
    #[command(flatten)]
    format: FormatArgs,
}

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

/// List the events that are recorded, and the clauses that ask for them
#[derive(Debug, Args)]
pub(crate) struct EventsArgs {
    #[command(flatten)]
    format: FormatArgs,
}

pub(super) fn run(command: &AuditCommand, context: &mut Context<'_>) -> Outcome {
    match command {
        AuditCommand::Show(args) => show(args, context),
        AuditCommand::Verify(args) => verify(args, context),
        AuditCommand::Export(args) => export(args, context),
        AuditCommand::Events(args) => events(args, context),
    }
}

fn show(args: &ShowArgs, context: &mut Context<'_>) -> Outcome {
    let view = context.view()?;
    let filter = Filter { since: args.since, event: args.event, text: args.text.clone(), last: args.last };
    let records = audit_log::show(&view, &filter)?;
    let text = match args.format.format {
        Format::Table => table::rows(record::HEADING, records.iter().map(record::row), context.width()),
        format => json::list("certroll/audit-records/v1", "records", &records, format)?,
    };
    context.data(&text)?;
    Ok(exit::DONE)
}

fn verify(args: &VerifyArgs, context: &mut Context<'_>) -> Outcome {
    let key = args.key.as_deref().map(key).transpose()?;
    let verification = match (&args.export, key) {
        (None, key) => audit_log::verify_home(&context.view()?, key.as_ref())?,
        (Some(_), None) => {
            return Err(Error::new(
                Kind::Usage,
                "an export is verified with the key that you were given when the log began",
            )
            .hint("add `--key FILE` or `--key VKEY`; a key that came with the export proves nothing"));
        }
        (Some(export), Some(key)) => {
            let beside = || {
                let mut name = export.file_name().unwrap_or_default().to_owned();
                name.push(".checkpoint");
                export.with_file_name(name)
            };
            let checkpoint = args.checkpoint.clone().unwrap_or_else(beside);
            audit_log::verify_export(export, &checkpoint, &key)?
        }
    };
    let text = match args.format.format {
        Format::Table => table::pairs(&summary(&verification), context.width()),
        format => json::document(&record::verification(&verification), format)?,
    };
    context.data(&text)?;
    Ok(exit::DONE)
}

fn key(text: &str) -> Result<VerifierKey, Error> {
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

fn summary(verification: &Verification) -> Vec<(&'static str, String)> {
    let open = verification.open.iter().map(|open| format!("operation {}, record {}", open.op, open.seq));
    vec![
        ("verified", audit_log::head_line(verification)),
        ("under checkpoint", format!("{} records, {} after it", verification.signed, verification.unsigned_tail())),
        ("issued", verification.issued.to_string()),
        ("revoked", verification.revoked.to_string()),
        ("refused", verification.refused.to_string()),
        ("open intents", open.collect::<Vec<_>>().join("\n")),
    ]
}

fn export(args: &ExportArgs, context: &mut Context<'_>) -> Outcome {
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

fn events(args: &EventsArgs, context: &mut Context<'_>) -> Outcome {
    let text = if args.format.format == Format::Table {
        let row = |event: Event| {
            let clauses = event.clauses();
            vec![
                event.name().to_owned(),
                event.meaning().to_owned(),
                clauses.br.to_owned(),
                clauses.etsi.to_owned(),
                clauses.other.to_owned(),
            ]
        };
        let heading = ["EVENT", "MEANING", "BR 5.4.1", "EN 319 411-1", "OTHER"];
        table::rows(&heading, Event::all().map(row), context.width())
    } else {
        let document = |event: Event| {
            let clauses = event.clauses();
            serde_json::json!({
                "schema": "certroll/audit-event/v1", "event": event.name(), "meaning": event.meaning(),
                "br_5_4_1": clauses.br, "en_319_411_1": clauses.etsi, "other": clauses.other,
            })
        };
        let documents: Vec<_> = Event::all().map(document).collect();
        json::list("certroll/audit-events/v1", "events", &documents, args.format.format)?
    };
    context.data(&text)?;
    Ok(exit::DONE)
}
