//! `certroll policy`.

use clap::{Args, Subcommand};

use crate::cli::args::{FormatArgs, OutputFormat};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::{json, table};
use certroll_core::config::{self, locate};
use certroll_core::error::{Error, ErrorKind};
use certroll_core::lifecycle::layout::home::Home;

/// Look at policies: what may be issued
#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    List(ListArgs),
    Show(ShowArgs),
}

/// List the policies
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    format: FormatArgs,
}

/// Print the text of a policy: a good start for one of your own in the home's `policies` directory
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Name of the policy
    name: String,
}

pub(super) fn run(command: &PolicyCommand, context: &mut Context<'_>) -> CommandOutcome {
    let home = locate::home(context.global.home().as_deref()).unwrap_or_else(|_| Home::new("/nonexistent".into()));
    let policies = config::policies(&home)?;
    let text = match command {
        PolicyCommand::List(args) if args.format.format == OutputFormat::Table => {
            let rows = policies.iter().map(|p| vec![p.name().to_owned(), p.summary().to_owned()]);
            table::rows(&["NAME", "SUMMARY"], rows, context.width())
        }
        PolicyCommand::List(args) => {
            let document = |p: &certroll_core::policy::Policy| {
                let sha256 = p.digest().to_string();
                serde_json::json!({"schema": "certroll/policy/v1", "name": p.name(), "summary": p.summary(), "sha256": sha256})
            };
            let documents: Vec<_> = policies.iter().map(document).collect();
            json::list("certroll/policies/v1", "policies", &documents, args.format.format)?
        }
        PolicyCommand::Show(args) => {
            let known: Vec<_> = policies.iter().map(certroll_core::policy::Policy::name).collect();
            let found = policies.iter().find(|policy| policy.name() == args.name);
            let missing = || {
                Error::new(ErrorKind::Usage, format!("there is no policy `{}`", args.name))
                    .hint(format!("choose one of {}", known.join(", ")))
            };
            found.ok_or_else(missing)?.text().to_owned()
        }
    };
    context.data(&text)?;
    Ok(exit::DONE)
}
