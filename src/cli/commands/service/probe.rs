//! `certroll service probe` and `certroll service reload`.

use clap::Args;
use serde_json::json;

use crate::cli::args::{FormatArgs, OutputFormat};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::{json, table};
use certroll_base::clock::Timestamp;
use certroll_core::lifecycle::service::status::{self, ServiceFinding};
use certroll_core::lifecycle::service::{self, inventory};

/// Look at what services serve now, and compare it with what they should
///
/// One handshake with each endpoint. Exit code 0: each serves its current certificate. 11: one does not, or cannot be reached. 12:
/// one serves a certificate that is expired or revoked.
#[derive(Debug, Args)]
pub(crate) struct ProbeArgs {
    /// Names of services [default: all]
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    #[command(flatten)]
    format: FormatArgs,
}

/// Have a service load its files, and see that it serves them
///
/// What a rotation does after its files are written, for a server that was started anew, or repaired.
#[derive(Debug, Args)]
pub(crate) struct ReloadArgs {
    /// Name of the service
    name: String,
}

pub(crate) const HEADING: &[&str] = &["SERVICE", "ENDPOINT", "CERTIFICATE", "FOUND"];

/// A row about a listener.
pub(crate) fn finding_row(finding: &ServiceFinding) -> Vec<String> {
    let endpoint = &finding.probed.endpoint;
    let found = std::iter::once(finding.probed.seen.words()).chain(finding.probed.notes.iter().cloned());
    let found: Vec<_> = found.collect();
    vec![finding.service.clone(), endpoint.address.clone(), endpoint.certificate.clone(), found.join("\n")]
}

/// The JSON document of a listener.
pub(crate) fn finding_document(finding: &ServiceFinding) -> serde_json::Value {
    use certroll_core::lifecycle::service::probe::Seen;
    let probed = &finding.probed;
    let wanted = finding.wanted.as_ref().map(|entry| entry.fingerprint.to_string());
    let shown = match &probed.seen {
        Seen::Wanted => wanted.clone(),
        Seen::Other(shown) => Some(shown.fingerprint.to_string()),
        Seen::Nothing(_) => None,
    };
    json!({
        "schema": "certroll/service-endpoint/v1",
        "service": finding.service,
        "address": probed.endpoint.address,
        "certificate": probed.endpoint.certificate,
        "served": finding.is_good(),
        "wanted_sha256": wanted,
        "shown_sha256": shown,
        "found": probed.seen.words(),
        "notes": probed.notes,
    })
}

/// The exit code that a listener asks for.
pub(crate) fn finding_code(finding: &ServiceFinding, now: Timestamp) -> u8 {
    match (finding.is_unusable(now), finding.is_good()) {
        (true, _) => exit::EXPIRED,
        (false, false) => exit::DUE,
        (false, true) => exit::DONE,
    }
}

pub(super) fn probe(args: &ProbeArgs, context: &mut Context<'_>) -> CommandOutcome {
    let view = context.view()?;
    let services = match args.names.as_slice() {
        [] => view.store.services()?,
        names => names.iter().map(|name| inventory::find(&*view.store, name)).collect::<Result<_, _>>()?,
    };
    let findings = status::look_at(&view, &services, None)?;
    let text = match args.format.format {
        OutputFormat::Table => table::rows(HEADING, findings.iter().map(finding_row), context.width()),
        format => {
            let documents: Vec<_> = findings.iter().map(finding_document).collect();
            json::list("certroll/service-endpoints/v1", "endpoints", &documents, format)?
        }
    };
    context.data(&text)?;
    let now = view.clock.now();
    Ok(findings.iter().map(|finding| finding_code(finding, now)).max().unwrap_or(exit::DONE))
}

pub(super) fn reload(args: &ReloadArgs, context: &mut Context<'_>) -> CommandOutcome {
    let mut session = context.session()?;
    let found = inventory::find(session.journal.store(), &args.name)?;
    service::reload(&mut session, &found)?;
    context.say(&format!("service `{}` serves what it should", args.name));
    Ok(exit::DONE)
}
