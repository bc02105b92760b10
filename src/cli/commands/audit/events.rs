//! `certroll audit events`.

use clap::Args;

use crate::audit::event::Event;
use crate::cli::args::{Format, FormatArgs};
use crate::cli::commands::{Context, Outcome};
use crate::cli::exit;
use crate::cli::render::{json, table};

/// List the events that are recorded, and the clauses that ask for them
#[derive(Debug, Args)]
pub(crate) struct EventsArgs {
    #[command(flatten)]
    format: FormatArgs,
}

pub(super) fn run(args: &EventsArgs, context: &mut Context<'_>) -> Outcome {
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
