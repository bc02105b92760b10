//! `certroll audit events`.

use clap::Args;

use crate::cli::args::{FormatArgs, OutputFormat};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::{json, table};
use certroll_core::audit::record::event::Event;

/// List the events that are recorded, and the clauses that ask for them
#[derive(Debug, Args)]
pub(crate) struct EventsArgs {
    /// Only events that a clause with this text asks for, such as "SR 2.8", "OVR-02" or "NERC"
    #[arg(long, value_name = "TEXT")]
    clause: Option<String>,
    #[command(flatten)]
    format: FormatArgs,
}

pub(super) fn run(args: &EventsArgs, context: &mut Context<'_>) -> CommandOutcome {
    let wanted = args.clause.as_ref().map(|text| text.to_lowercase());
    let asked_for =
        |event: &Event| wanted.as_ref().is_none_or(|text| event.clauses().to_string().to_lowercase().contains(text));
    let events = Event::all().filter(asked_for);
    let text = if args.format.format == OutputFormat::Table {
        let row = |event: Event| vec![event.name().to_owned(), event.meaning().to_owned(), event.clauses().to_string()];
        table::rows(&["EVENT", "MEANING", "ASKED FOR BY"], events.map(row), context.width())
    } else {
        let document = |event: Event| {
            let clauses = event.clauses();
            serde_json::json!({
                "schema": "certroll/audit-event/v1", "event": event.name(), "meaning": event.meaning(),
                "br_5_4_1": clauses.br, "en_319_411_1": clauses.etsi,
                "iec_62443": clauses.iec, "nis2_2024_2690": clauses.nis2, "nerc_cip_007_6": clauses.nerc,
                "other": clauses.other,
            })
        };
        let documents: Vec<_> = events.map(document).collect();
        json::list("certroll/audit-events/v1", "events", &documents, args.format.format)?
    };
    context.data(&text)?;
    Ok(exit::DONE)
}
