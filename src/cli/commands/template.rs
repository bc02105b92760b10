//! `certroll template`.

use clap::{Args, Subcommand};

use crate::cli::args::{FormatArgs, OutputFormat};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::{json, table};
use certroll_core::config::{self, locate};
use certroll_core::lifecycle::layout::home::Home;
use certroll_core::template::{Template, shipped};

/// Look at templates: what certificates look like
#[derive(Debug, Subcommand)]
pub(crate) enum TemplateCommand {
    List(ListArgs),
    Show(ShowArgs),
}

/// List the templates
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    format: FormatArgs,
}

/// Print the text of a template: a good start for one of your own in the home's `templates` directory
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Name of the template
    name: String,
}

pub(super) fn run(command: &TemplateCommand, context: &mut Context<'_>) -> CommandOutcome {
    // Without a home the shipped ones are shown.
    let home = locate::home(context.global.home().as_deref()).unwrap_or_else(|_| Home::new("/nonexistent".into()));
    let templates = config::templates(&home);
    let text = match (command, templates) {
        (TemplateCommand::List(args), templates) => list(templates?.values(), args.format.format, context.width())?,
        (TemplateCommand::Show(args), Ok(templates)) => {
            certroll_core::lifecycle::session::template(&templates, &args.name)?.text().to_owned()
        }
        // A local file that is not valid yet must not hide the shipped one that it is being made from.
        (TemplateCommand::Show(args), Err(error)) => match shipped::find(&args.name) {
            Ok(Some(template)) => template.text().to_owned(),
            _ => return Err(error),
        },
    };
    context.data(&text)?;
    Ok(exit::DONE)
}

fn list<'a>(
    templates: impl Iterator<Item = &'a Template>,
    format: OutputFormat,
    width: Option<u16>,
) -> Result<String, certroll_core::error::Error> {
    if format == OutputFormat::Table {
        let row = |t: &Template| {
            vec![t.name().to_owned(), t.key().to_string(), t.lifetime().to_string(), t.summary().to_owned()]
        };
        return Ok(table::rows(&["NAME", "KEY", "LIFETIME", "SUMMARY"], templates.map(row), width));
    }
    let document = |t: &Template| {
        serde_json::json!({
            "schema": "certroll/template/v1",
            "name": t.name(),
            "summary": t.summary(),
            "kind": t.kind().to_string(),
            "key": t.key().to_string(),
            "lifetime": t.lifetime().to_string(),
            "renew_before": t.renew_before().to_string(),
            "parameters": t.parameters().iter().map(|p| serde_json::json!({
                "name": p.name(), "summary": p.summary(), "required": p.is_required(),
            })).collect::<Vec<_>>(),
            "sha256": t.digest().to_string(),
        })
    };
    let documents: Vec<_> = templates.map(document).collect();
    json::list("certroll/templates/v1", "templates", &documents, format)
}
