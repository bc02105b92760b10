//! `certroll audit show`.

use clap::Args;

use crate::cli::args::{FormatArgs, OutputFormat};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::{json, record, table};
use certroll_core::audit::record::event::Event;
use certroll_core::lifecycle::log::{self, Filter};

/// Show records
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Only operations in which this text stands: a name, a serial number, a ticket
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

pub(super) fn run(args: &ShowArgs, context: &mut Context<'_>) -> CommandOutcome {
    let view = context.view()?;
    let filter = Filter { since: args.since, event: args.event, text: args.text.clone(), last: args.last };
    let records = log::show(&view, &filter)?;
    let text = match args.format.format {
        OutputFormat::Table => table::rows(record::HEADING, records.iter().map(record::row), context.width()),
        format => json::list("certroll/audit-records/v1", "records", &records, format)?,
    };
    context.data(&text)?;
    Ok(exit::DONE)
}
