//! `certroll check`.

use std::collections::BTreeSet;

use clap::Args;

use super::service::probe::{self as service_probe, finding_code, finding_row};
use crate::cli::args::{FormatArgs, OutputFormat};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::certificate::{self, CertificateDocument};
use crate::cli::render::{json, table};
use certroll_core::error::Error;
use certroll_core::lifecycle::delivery::look::{self, Looked};
use certroll_core::lifecycle::revocation::publication::{self, PublicationFinding};
use certroll_core::lifecycle::service::status::{self as service_status, ServiceFinding};
use certroll_core::lifecycle::session::View;
use certroll_core::lifecycle::session::select;
use certroll_core::lifecycle::session::status::{self, CertificateStatus, ListedCertificate};
use certroll_core::store::{Query, Selector};
use certroll_pki::x509::validity::RenewBefore;

/// Check whether certificates are due, expired, revoked or not where they belong; the exit code tells
///
/// Exit code 0: nothing to do. 11: something is due, owed, or not as it was written, or the CRL of a CA is missing or past its time. 12:
/// something is expired or revoked, or below a CA that is, and still in use. Without a name every certificate is checked that is neither
/// revoked nor replaced, CAs included, and every one that still lies somewhere; a handshake shows what each endpoint of a service serves.
/// Files are known by their digest; one that has changed is opened with its remembered password file.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Names, serial numbers or certificate files
    #[arg(value_name = "SELECTOR")]
    selectors: Vec<String>,
    /// When a certificate counts as due: a share of its lifetime (33%) or a duration (30d) before its end [default: its
    /// template's]
    #[arg(long, value_name = "33%|30d")]
    renew_before: Option<RenewBefore>,
    /// Look neither at files nor at endpoints of services
    #[arg(long, conflicts_with = "deep")]
    no_look: bool,
    /// Open every keystore, and ask every service, whether it has changed or not
    #[arg(long)]
    deep: bool,
    #[command(flatten)]
    format: FormatArgs,
}

/// What was looked at, and how it is.
struct Checked {
    listed: Vec<ListedCertificate>,
    /// Places that are not as they were written.
    wrong: Vec<Looked>,
    /// Listeners of services that do not serve what they should.
    unserved: Vec<ServiceFinding>,
    /// Files of CRLs that are not as they should be.
    files: Vec<PublicationFinding>,
    code: u8,
}

pub(super) fn run(args: &CheckArgs, context: &mut Context<'_>) -> CommandOutcome {
    let checked = look_at_all(args, &context.view()?)?;
    if args.format.format == OutputFormat::Table {
        tables(&checked, context)?;
        return Ok(checked.code);
    }
    let document = |one: &ListedCertificate| {
        let of_it = |looked: &&Looked| looked.place.written.certificate == Some(one.entry.fingerprint);
        let mut document = CertificateDocument::listed(one).with_findings(checked.wrong.iter().filter(of_it));
        let shown_by = |finding: &&ServiceFinding| finding.probed.endpoint.certificate == one.entry.name;
        document.add_unserved(checked.unserved.iter().filter(shown_by));
        document
    };
    let documents: Vec<_> = checked.listed.iter().map(document).collect();
    let text = json::list("certroll/check/v1", "certificates", &documents, args.format.format)?;
    context.data(&text)?;
    Ok(checked.code)
}

fn look_at_all(args: &CheckArgs, view: &View) -> Result<Checked, Error> {
    let (listed, names) = chosen(args, view)?;
    let looked = match (&names, args.no_look) {
        (_, true) => Vec::new(),
        (None, false) => look::look(view, None, args.deep)?,
        (Some(names), false) => {
            let each = names.iter().map(|name| look::look(view, Some(name), args.deep));
            each.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect()
        }
    };
    let served = if args.no_look { Vec::new() } else { service_status::look(view, names.as_ref())? };
    let files = if args.selectors.is_empty() && !args.no_look { publication::look(view)? } else { Vec::new() };
    let now = view.clock.now();
    let gone = |one: &ListedCertificate| look::is_gone(one, &looked);
    let (gone, listed): (Vec<_>, Vec<_>) = listed.into_iter().partition(gone);
    let looked = look::relevant(looked, &gone);
    let codes = listed.iter().map(listed_code).chain(looked.iter().map(found_code));
    let codes = codes.chain(served.iter().map(|finding| finding_code(finding, now)));
    let code = codes.chain(files.iter().map(list_code)).max().unwrap_or(exit::DONE);
    let wrong = looked.into_iter().filter(|one| !one.found.is_good()).collect();
    let unserved = served.into_iter().filter(|finding| !finding.is_good()).collect();
    Ok(Checked { listed, wrong, unserved, files, code })
}

/// What needs attention, kind by kind, and how much that is.
fn tables(checked: &Checked, context: &mut Context<'_>) -> Result<(), Error> {
    let Checked { listed, wrong, unserved, files, .. } = checked;
    let width = context.width();
    let bad: Vec<_> = listed.iter().filter(|one| one.status.needs_attention()).collect();
    if !bad.is_empty() {
        let rows = bad.iter().map(|one| certificate::row(&one.entry, one.status));
        context.data(&table::rows(certificate::HEADING, rows, width))?;
    }
    let lists: Vec<_> = listed.iter().filter_map(certificate::crl_row).collect();
    if !wrong.is_empty() || !lists.is_empty() {
        let rows = wrong.iter().map(certificate::looked_row).chain(lists);
        context.data(&table::rows(certificate::LOOKED_HEADING, rows, width))?;
    }
    let issuers: BTreeSet<_> = listed.iter().filter_map(|one| one.issuer.clone()).collect();
    issuers.iter().for_each(|line| context.say(line));
    if !unserved.is_empty() {
        context.data(&table::rows(service_probe::HEADING, unserved.iter().map(finding_row), width))?;
    }
    if !files.is_empty() {
        let row = |one: &PublicationFinding| vec![one.path.display().to_string(), one.what.clone()];
        context.data(&table::rows(&["CRL FILE", "FOUND"], files.iter().map(row), width))?;
    }
    let owed = listed.iter().filter(|one| one.crl.is_some() && !one.status.needs_attention()).count();
    let attention = bad.len() + wrong.len() + owed + unserved.len() + files.len();
    context.say(&format!("{} checked, {attention} need attention", listed.len()));
    Ok(())
}

/// What is checked, and the names whose places are looked at; `None` for all.
fn chosen(args: &CheckArgs, view: &View) -> Result<(Vec<ListedCertificate>, Option<BTreeSet<String>>), Error> {
    let in_use = status::in_use(view, args.renew_before)?;
    if args.selectors.is_empty() {
        return Ok((in_use, None));
    }
    let mut query = Query::default();
    let mut names = BTreeSet::new();
    for selector in &args.selectors {
        // The newest certificate of a name is the one that counts; an older one is checked by its serial number.
        let found = select::find(&*view.store, selector)?;
        query.selectors.extend(found.last().map(|entry| Selector::Fingerprint(entry.fingerprint)));
        names.extend(found.iter().filter(|entry| entry.name == *selector).map(|entry| entry.name.clone()));
    }
    let mut listed = status::list(view, &query, args.renew_before)?;
    // What still lies somewhere under the name is in use, too.
    let known: BTreeSet<_> = listed.iter().map(|one| one.entry.fingerprint).collect();
    let also =
        in_use.into_iter().filter(|one| names.contains(&one.entry.name) && !known.contains(&one.entry.fingerprint));
    listed.extend(also);
    Ok((listed, Some(names)))
}

fn listed_code(one: &ListedCertificate) -> u8 {
    let of_list = if one.crl.is_some() { exit::DUE } else { exit::DONE };
    code(one.status).max(of_list)
}

fn code(status: CertificateStatus) -> u8 {
    match status {
        status if status.is_over() => exit::EXPIRED,
        CertificateStatus::Due | CertificateStatus::Owed => exit::DUE,
        _ => exit::DONE,
    }
}

/// The exit code that a file of CRLs asks for.
pub(super) fn list_code(list: &PublicationFinding) -> u8 {
    if list.is_over { exit::EXPIRED } else { exit::DUE }
}

fn found_code(looked: &Looked) -> u8 {
    if looked.found.is_good() { exit::DONE } else { exit::DUE }
}
