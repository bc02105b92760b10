//! `certroll audit reconcile`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::cli::args::{FormatArgs, OutputFormat, StorepassArgs};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::{json, table};
use certroll_core::config;
use certroll_core::error::Error;
use certroll_core::issuer::Issuer;
use certroll_core::lifecycle::reconcile::{self, Disagreement, Places, Severity};
use certroll_core::scan::endpoint::Endpoint;

/// Compare the log with the inventory, the CAs' CRLs, the lists of issuers elsewhere, and certificates found in files and at
/// TLS endpoints
///
/// Issuers elsewhere are asked if a passphrase is given: what opens them may lie encrypted in the home.
/// Exit code 0: all agree. 11: something needs attention. 12: something expired or revoked is in use. 13: the key of a CA was
/// used outside this log, or log, inventory and CRLs disagree. What is found goes on record, if a passphrase is given.
#[derive(Debug, Args)]
pub(crate) struct ReconcileArgs {
    /// Look at every certificate and keystore in this directory and below; may be repeated
    #[arg(long, value_name = "DIR")]
    scan: Vec<PathBuf>,
    /// Look at the chain that a TLS endpoint presents; NAME is the server name to ask for; may be repeated
    #[arg(long, value_name = "HOST:PORT[,NAME]")]
    connect: Vec<Endpoint>,
    /// How long an endpoint may take
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    timeout: u64,
    /// Only look: nothing is recorded, no passphrase is needed
    #[arg(long)]
    no_record: bool,
    #[command(flatten)]
    storepass: StorepassArgs,
    #[command(flatten)]
    format: FormatArgs,
}

const HEADING: &[&str] = &["FINDING", "SEVERITY", "WHERE", "CERTIFICATE", "SERIAL", "WHAT"];

pub(super) fn run(args: &ReconcileArgs, context: &mut Context<'_>) -> CommandOutcome {
    // There is no prompt for it: most folders need none, and what does not open is reported.
    let storepass = args.storepass.source();
    let password = if storepass.is_given() && !args.scan.is_empty() { storepass.read(false)? } else { None };
    let places = Places {
        folders: args.scan.clone(),
        endpoints: args.connect.clone(),
        timeout: Duration::from_secs(args.timeout),
        password: password.map(|password| password.secret),
    };
    let issuers = issuers(context)?;
    let found = reconcile::reconcile(&context.view()?, &places, &issuers)?;
    drop(issuers);
    match args.format.format {
        OutputFormat::Table if found.findings.is_empty() => {}
        OutputFormat::Table => {
            let text = table::rows(HEADING, found.findings.iter().map(row), context.width());
            context.data(&text)?;
        }
        format => {
            let documents: Vec<_> = found.findings.iter().map(document).collect();
            let text = json::list("certroll/reconciliation/v1", "findings", &documents, format)?;
            context.data(&text)?;
        }
    }
    context.say(&format!(
        "compared {} certificates of the log, {} in use: {} findings",
        found.logged,
        found.seen,
        found.findings.len()
    ));
    if !found.findings.is_empty() && !args.no_record {
        if context.global.passphrase().is_given() {
            reconcile::record(&mut context.session()?, &found)?;
        } else {
            context.say("not on record: no passphrase was given");
        }
    }
    Ok(match found.worst() {
        None => exit::DONE,
        Some(Severity::Attention) => exit::DUE,
        Some(Severity::Expired) => exit::EXPIRED,
        Some(Severity::Wrong) => exit::VERIFICATION,
    })
}

/// The issuers elsewhere, opened. One that cannot be is told of, and the others are asked all the same.
fn issuers(context: &mut Context<'_>) -> Result<Vec<Box<dyn Issuer>>, Error> {
    let listed = config::listed(&context.view()?.home)?;
    if listed.is_empty() {
        return Ok(Vec::new());
    }
    if !context.global.passphrase().is_given() {
        context.say("issuers elsewhere are not asked: no passphrase was given");
        return Ok(Vec::new());
    }
    let mut session = context.session()?;
    let mut opened = Vec::new();
    for one in listed {
        match session.issuer(&one.name) {
            Ok(issuer) => opened.push(issuer),
            Err(error) => crate::cli::error::warn(&mut context.environment.output, &error),
        }
    }
    Ok(opened)
}

fn row(finding: &Disagreement) -> Vec<String> {
    vec![
        finding.kind.name().to_owned(),
        finding.severity.name().to_owned(),
        finding.place.clone(),
        finding.subject.clone(),
        finding.serial.as_ref().map(ToString::to_string).unwrap_or_default(),
        finding.detail.clone(),
    ]
}

fn document(finding: &Disagreement) -> serde_json::Value {
    serde_json::json!({
        "schema": "certroll/reconcile-finding/v1",
        "finding": finding.kind.name(),
        "severity": finding.severity.name(),
        "place": finding.place,
        "subject": finding.subject,
        "serial": finding.serial.as_ref().map(ToString::to_string),
        "sha256": finding.sha256.map(|sha256| sha256.to_string()),
        "detail": finding.detail,
    })
}
