//! `certroll doctor`.

use clap::Args;

use super::check::list_code;
use super::service::probe::finding_code;
use crate::cli::args::WhyArgs;
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::hints;
use crate::cli::render::table;
use certroll_base::clock::Timestamp;
use certroll_core::error::{Error, ErrorKind};
use certroll_core::lifecycle::delivery::look::{self, Looked};
use certroll_core::lifecycle::layout::permissions;
use certroll_core::lifecycle::log;
use certroll_core::lifecycle::recovery::{self, OpenReason, Recovered};
use certroll_core::lifecycle::revocation::publication::{self, PublicationFinding};
use certroll_core::lifecycle::service::status::{self as service_status, ServiceFinding};
use certroll_core::lifecycle::session::Session;
use certroll_core::lifecycle::session::accept_clock::accept_clock;
use certroll_core::lifecycle::session::authority_state::{AuthorityState, AuthorityStates, AuthorityStatus};
use certroll_core::lifecycle::session::status::{self, CertificateStatus, ListedCertificate};

/// Check the health of the home: passphrase, log, CAs, CRLs, open intents
///
/// Intents that a dead process left open are ended, as any command that changes something would do first: issuers
/// elsewhere are asked what became of them. One that has not ended within its issuer's bound is an alarm, exit code 11.
#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Record that the clock is right although the log has later records, so that certificates are issued again
    #[arg(long)]
    accept_clock: bool,
    #[command(flatten)]
    why: WhyArgs,
}

pub(super) fn run(args: &DoctorArgs, context: &mut Context<'_>) -> CommandOutcome {
    let mut session = context.session()?;
    let recovered = recovery::recover(&mut session)?;
    let mut code = if recovered.open.iter().any(|left| left.overdue) { exit::DUE } else { exit::DONE };
    if args.accept_clock {
        accept_clock(&mut session, args.why.why("manual"))?;
    }
    let mut findings = vec![("passphrase", "opens the keys of this home".to_owned())];
    findings.push(("open intents", open_intents(&recovered)));
    findings.push(("state directory", kept_outside(&mut session, &mut code)?));
    findings.push(("permissions", permissions(&session, &mut code)));
    let broken: Vec<_> = session.broken.lines().collect();
    if !broken.is_empty() {
        code = exit::DUE;
        findings.push(("settings", broken.join("\n")));
    }
    session.journal.store().check_rows()?;
    findings.push(("database", "every row as it was written".to_owned()));
    let view = context.view()?;
    let verification = log::verify_home(&view, None)?;
    findings.push(("log", log::head_line(&verification)));
    findings.push((
        "clock",
        match session.journal.clock_behind()? {
            None => "not behind the log".to_owned(),
            Some((latest, behind)) => {
                code = exit::DUE;
                format!("{}.{:03} s behind the record of {latest}", behind / 1000, behind % 1000)
            }
        },
    ));
    let now = view.clock.now();
    for state in AuthorityStates::of(&*view.store, now)?.iter() {
        findings.push(("ca", authority(&mut session, state, &mut code)));
    }
    let looked = look::look(&view, None, false)?;
    let (gone, in_use): (Vec<_>, Vec<_>) =
        status::in_use(&view, None)?.into_iter().partition(|one| look::is_gone(one, &looked));
    findings.push(("certificates", certificates(&in_use, &mut code)));
    findings.push(("places", places(&look::relevant(looked, &gone), &mut code)));
    findings.push(("services", services(&service_status::look(&view, None)?, now, &mut code)));
    findings.push(("crl files", crl_files(&publication::look(&view)?, &mut code)));
    let text = table::pairs(&findings, context.width());
    context.data(&text)?;
    Ok(code)
}

/// The state of a CA, of its key and of its CRL.
fn authority(session: &mut Session, state: &AuthorityState, code: &mut u8) -> String {
    let name = &state.authority.name;
    let mut words = match &state.status {
        AuthorityStatus::Valid => match session.open_issuer(&state.authority) {
            Ok(_) => "ready".to_owned(),
            Err(error) => {
                *code = (*code).max(exit::EXPIRED);
                with_causes(&error)
            }
        },
        AuthorityStatus::Ending(_) => {
            *code = (*code).max(exit::DUE);
            format!("{}: run `certroll ca renew {name}`", state.status)
        }
        over => {
            *code = (*code).max(exit::EXPIRED);
            format!("{over}: what it issued is not valid, `certroll rotate --due --issuer NEW` moves it to another CA")
        }
    };
    words = format!("{name}: {words}; {}", state.crl);
    if state.crl.is_owed() {
        *code = (*code).max(exit::DUE);
        words.push_str(&format!(": run `certroll ca crl {name}`"));
    }
    words
}

/// Whether something outside the home remembers how far its log has come.
fn kept_outside(session: &mut Session, code: &mut u8) -> Result<String, Error> {
    match session.journal.remember() {
        Ok(()) => Ok("the newest checkpoint is kept there".to_owned()),
        Err(error) if error.kind == ErrorKind::Verification => Err(error),
        Err(error) => {
            *code = exit::DUE;
            let hints = error.hints.iter().map(|hint| format!("\n{}", hints::words(hint)));
            Ok(with_causes(&error) + &hints.collect::<String>())
        }
    }
}

/// What others than this user can change in the home, one to a line.
fn permissions(session: &Session, code: &mut u8) -> String {
    let exposed = permissions::exposed(&session.home);
    if exposed.is_empty() {
        return "nobody else can write in the home or above it".to_owned();
    }
    *code = exit::DUE;
    let lines: Vec<_> = exposed.iter().map(|one| format!("`{}` {}", one.path.display(), one.what)).collect();
    lines.join("\n")
}

/// How many certificates are in use, and in what state. What is in use and should not be is an alarm.
fn certificates(listed: &[ListedCertificate], code: &mut u8) -> String {
    let count = |wanted: CertificateStatus| listed.iter().filter(|one| one.status == wanted).count();
    let (due, owed) = (count(CertificateStatus::Due), count(CertificateStatus::Owed));
    let (expired, revoked) = (count(CertificateStatus::Expired), count(CertificateStatus::Revoked));
    let below = count(CertificateStatus::IssuerExpired) + count(CertificateStatus::IssuerRevoked);
    if owed > 0 {
        *code = (*code).max(exit::DUE);
    }
    if expired + below > 0 {
        *code = (*code).max(exit::EXPIRED);
    }
    let current = listed.iter().filter(|one| one.entry.revoked.is_none() && one.entry.replaced_by.is_none()).count();
    let mut text = format!("{current} current, {due} due, {expired} expired");
    if below > 0 {
        text.push_str(&format!(", {below} below a CA that has expired or is revoked: `certroll check` tells which"));
    }
    if owed > 0 {
        text.push_str(&format!(", {owed} owed: `certroll rotate --due` delivers them"));
    }
    if revoked > 0 {
        *code = (*code).max(exit::EXPIRED);
        text.push_str(&format!(", {revoked} revoked and still in place: `certroll check` tells where"));
    }
    text
}

/// How many places are known, and how many are not as they were written.
fn places(looked: &[Looked], code: &mut u8) -> String {
    let wrong = looked.iter().filter(|one| !one.found.is_good()).count();
    if wrong == 0 {
        return format!("{} as written", looked.len());
    }
    *code = (*code).max(exit::DUE);
    format!("{wrong} of {} are not as they were written: `certroll check` tells which", looked.len())
}

/// How many endpoints of services serve what they should, seen now.
fn services(findings: &[ServiceFinding], now: Timestamp, code: &mut u8) -> String {
    let wrong = findings.iter().filter(|finding| !finding.is_good()).count();
    *code = findings.iter().map(|finding| finding_code(finding, now)).fold(*code, u8::max);
    match (findings.len(), wrong) {
        (0, _) => String::new(),
        (whole, 0) => format!("{whole} endpoints serve what they should"),
        (whole, wrong) => {
            format!("{wrong} of {whole} endpoints do not serve what they should: `certroll service probe` tells which")
        }
    }
}

/// The files of CRLs that are not as they should be, one to a line.
fn crl_files(findings: &[PublicationFinding], code: &mut u8) -> String {
    *code = findings.iter().map(list_code).fold(*code, u8::max);
    let lines: Vec<_> = findings.iter().map(|one| format!("`{}`: {}", one.path.display(), one.what)).collect();
    lines.join("\n")
}

/// An error and its causes, one to a line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut lines = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(below) = cause {
        lines.push(below.to_string());
        cause = below.source();
    }
    lines.join("\n")
}

/// What became of the intents of dead processes, one line for each that is still open.
fn open_intents(recovered: &Recovered) -> String {
    let mut lines = Vec::new();
    if recovered.ended > 0 {
        lines.push(format!("{} of dead processes, now ended", recovered.ended));
    }
    lines.extend(recovered.found.iter().map(|name| {
        format!("`{name}` was found at its issuer; the same command, or `certroll deliver {name}`, hands it out")
    }));
    lines.extend(recovered.open.iter().map(|left| {
        let (intent, alarm) = (&left.intent, if left.overdue { "OVERDUE: " } else { "" });
        let why = match &left.why {
            OpenReason::Lost(_) => {
                format!("{}; end it with `certroll issuer abandon {} --comment WHY`", left.why, intent.name)
            }
            OpenReason::Unknown { hint: Some(hint), .. } => {
                format!("the issuer cannot tell what became of it: {}", hints::words(hint))
            }
            why => why.to_string(),
        };
        let (name, issuer, record) = (&intent.name, &intent.issuer, intent.reference.0);
        format!("{alarm}`{name}` at issuer `{issuer}`, record {record}: {why}")
    }));
    if lines.is_empty() { "none".to_owned() } else { lines.join("\n") }
}
