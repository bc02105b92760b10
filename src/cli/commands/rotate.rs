//! `certroll rotate`.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::cli::args::{ChangeArgs, FormatArgs, OutputFormat, StorepassArgs, WhyArgs};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::render::certificate::CertificateDocument;
use crate::cli::render::{json, table};
use crate::cli::{error, exit, progress};
use certroll_core::error::{Error, ErrorKind};
use certroll_core::lifecycle;
use certroll_core::lifecycle::issuance::brought::BroughtRequest;
use certroll_core::lifecycle::issuance::request::IssueAct;
use certroll_core::lifecycle::revocation::publication::{self, Refreshed};
use certroll_core::lifecycle::rotation::many::rotate_all;
use certroll_core::lifecycle::rotation::{self, RotateRequest};
use certroll_core::lifecycle::session::Session;
use certroll_core::lifecycle::session::select;
use certroll_core::lifecycle::session::status::CertificateStatus;
use certroll_core::store::CertificateEntry;
use certroll_pki::x509::validity::RenewBefore;

/// Replace certificates by new ones, in the same files
///
/// A certificate named is replaced now; with --due, only those past their rotation point, and CRLs whose time is nearly over are signed
/// anew. A new key is made unless
/// --reuse-key says otherwise. Each file is replaced whole; the one before stays beside it as FILE.previous and comes back
/// with `certroll rollback FILE`.
#[derive(Debug, Args)]
pub(crate) struct RotateArgs {
    /// Names, serial numbers or certificate files
    #[arg(required_unless_present = "due", value_name = "SELECTOR")]
    selectors: Vec<String>,
    /// Only what is due; all of it when nothing is named
    #[arg(long)]
    due: bool,
    /// When a certificate counts as due: a share of its lifetime (33%) or a duration (30d) before its end [default: its
    /// template's]
    #[arg(long, value_name = "33%|30d", requires = "due")]
    renew_before: Option<RenewBefore>,
    /// Have the new ones signed by that issuer, in the same files and under the same aliases; later rotations ask it as well
    #[arg(long, value_name = "NAME")]
    issuer: Option<String>,
    /// Keep the key
    #[arg(long)]
    reuse_key: bool,
    /// New request, for a certificate whose key was never in this home
    #[arg(long, value_name = "FILE", conflicts_with = "due")]
    csr: Option<PathBuf>,
    /// How many are rotated at the same time
    #[arg(long, value_name = "N", default_value_t = 8)]
    jobs: usize,
    #[command(flatten)]
    storepass: StorepassArgs,
    #[command(flatten)]
    why: WhyArgs,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    format: FormatArgs,
}

pub(super) fn run(args: &RotateArgs, context: &mut Context<'_>) -> CommandOutcome {
    if args.csr.is_some() && args.selectors.len() != 1 {
        return Err(Error::new(ErrorKind::Usage, "a request is for one certificate; name exactly one"));
    }
    let request = args.csr.as_deref().map(BroughtRequest::open).transpose()?;
    let source = args.storepass.source();
    let password = if source.is_given() { Some(source.require(false)?) } else { None };
    let mut session = context.session()?;
    if args.due {
        rotation::mend::several_current(&mut session)?;
    }
    let chosen = choose(args, &session)?;
    let asked = RotateRequest {
        issuer: args.issuer.clone(),
        reuse_key: args.reuse_key,
        request,
        password,
        why: args.why.shared(if args.due { "due" } else { "manual" }),
    };
    let outcomes = match chosen.as_slice() {
        [only] => vec![rotation::rotate(&mut session, only, &asked)],
        _ => {
            let bar = progress::bar(&context.environment.output, chosen.len() as u64, "rotating");
            session.watcher = Arc::new(progress::Beside::new(&context.environment.output, &bar));
            let outcomes = rotate_all(&mut session, &chosen, &asked, args.jobs, &|| bar.inc(1));
            bar.finish_and_clear();
            outcomes?
        }
    };
    let mut rotated = Vec::new();
    let mut delivered: Vec<Rotated<'_>> = Vec::new();
    let mut failures = Vec::new();
    for (entry, outcome) in chosen.iter().zip(outcomes) {
        match outcome {
            Ok(outcome) if outcome.act == IssueAct::Delivered => {
                let name = &entry.name;
                context.say(&format!("`{name}` was issued before; now it is where it belongs"));
                delivered.push((entry, outcome));
            }
            Ok(outcome) if outcome.act == IssueAct::ByAnother => {
                context.say(&format!("another run has rotated `{}` meanwhile: nothing was left to do", entry.name));
            }
            Ok(outcome) => rotated.push((entry, outcome)),
            Err(failure) => failures.push((entry, failure)),
        }
    }
    show(&rotated, args.format.format, context)?;
    let services = session.journal.store().services()?;
    for (entry, _) in rotated.iter().chain(&delivered) {
        let users: Vec<_> = services.iter().filter(|service| service.uses(&entry.name)).collect();
        let users: Vec<_> = users.iter().map(|service| format!("`{}`", service.name)).collect();
        if !users.is_empty() {
            context.say(&format!("`{}` was seen to be served by {}", entry.name, users.join(", ")));
        }
    }
    for (entry, _) in rotated.iter().filter(|(_, outcome)| outcome.key_kept) {
        let name = &entry.name;
        context.say(&format!("no file is known for `{name}`, so its new key is kept in the home; take it out with `certroll deliver {name} --keystore FILE.p12`"));
    }
    let refreshed =
        if args.due && args.selectors.is_empty() { publication::refresh(&mut session)? } else { Refreshed::default() };
    tell(&refreshed, context);
    if chosen.is_empty() && refreshed.is_empty() {
        context.say("nothing is due");
    }
    let whole = chosen.len();
    let changed = !rotated.is_empty() || !delivered.is_empty() || !refreshed.is_empty();
    match failures.len() {
        0 if !refreshed.failures.is_empty() => Ok(exit::DEPLOY),
        0 => Ok(args.change.code(changed)),
        // A single failure keeps its own code; of several, some may have succeeded.
        1 if whole == 1 => Err(failures.remove(0).1),
        _ => {
            for (entry, failure) in &failures {
                context.environment.output.line(&format!("`{}` was not rotated:", entry.name));
                error::show(&mut context.environment.output, failure);
            }
            Ok(exit::PARTIAL)
        }
    }
}

/// What was done about CRLs.
fn tell(refreshed: &Refreshed, context: &mut Context<'_>) {
    for crl in &refreshed.signed {
        let (number, until, name) = (crl.number, crl.next_update, &crl.authority);
        context.say(&format!("signed CRL number {number} of `{name}`, next update {until}"));
    }
    for path in &refreshed.written {
        context.say(&format!("wrote the CRLs in `{}`", path.display()));
    }
    refreshed.failures.iter().for_each(|failure| error::show(&mut context.environment.output, failure));
}

fn choose(args: &RotateArgs, session: &Session) -> Result<Vec<CertificateEntry>, Error> {
    let due = if args.due { Some(rotation::due(session, args.renew_before)?) } else { None };
    if args.selectors.is_empty() {
        let all = due.unwrap_or_default();
        // CAs are due like everything else, but have a way of their own; `check` reports them.
        let authorities = session.journal.store().authorities()?;
        return Ok(all.into_iter().filter(|e| authorities.iter().all(|a| a.certificate != e.fingerprint)).collect());
    }
    let mut chosen: Vec<CertificateEntry> = Vec::new();
    for selector in &args.selectors {
        let found = select::find(session.journal.store(), selector)?;
        let current = found.iter().filter(|e| e.revoked.is_none() && e.replaced_by.is_none()).cloned();
        let current: Vec<_> = current.collect();
        let entry = match current.as_slice() {
            [one] => one.clone(),
            // What was revoked is replaced under the same name, in the same places, with a new key.
            [] if found.last().is_some_and(|last| last.revoked.is_some() && last.replaced_by.is_none()) => {
                found.last().cloned().ok_or_else(|| gone(selector))?
            }
            [] => return Err(gone(selector)),
            several => select::only(several, selector, certroll_base::clock::Timestamp::from_millis(i64::MIN))?
                .cloned()
                .ok_or_else(|| gone(selector))?,
        };
        let is_due = due.as_ref().is_none_or(|due| due.iter().any(|one| one.id == entry.id));
        if is_due && chosen.iter().all(|one| one.id != entry.id) {
            chosen.push(entry);
        }
    }
    Ok(chosen)
}

fn gone(selector: &str) -> Error {
    Error::new(ErrorKind::Usage, format!("`{selector}` has no current certificate: it is replaced"))
        .hint("issue a new one with `certroll issue`")
}

type Rotated<'a> = (&'a CertificateEntry, lifecycle::issuance::request::IssueOutcome);

fn show(rotated: &[Rotated<'_>], format: OutputFormat, context: &mut Context<'_>) -> Result<(), Error> {
    if format == OutputFormat::Table {
        if rotated.is_empty() {
            return Ok(());
        }
        let row = |(old, new): &Rotated<'_>| {
            let files: Vec<_> = new.files.iter().map(ToString::to_string).collect();
            let serial = new.entry.serial.to_string();
            vec![
                old.name.clone(),
                old.serial.to_string(),
                serial,
                new.entry.validity.not_after.to_string(),
                files.join("\n"),
            ]
        };
        let heading = ["NAME", "OLD SERIAL", "NEW SERIAL", "VALID UNTIL", "FILES"];
        let text = table::rows(&heading, rotated.iter().map(row), context.width());
        return context.data(&text);
    }
    let documents: Vec<_> = rotated
        .iter()
        .map(|(_, new)| {
            let files = new.files.iter().map(ToString::to_string);
            CertificateDocument::of(&new.entry, CertificateStatus::Valid).with_files(files)
        })
        .collect();
    let text = json::list("certroll/certificates/v1", "certificates", &documents, format)?;
    context.data(&text)
}
