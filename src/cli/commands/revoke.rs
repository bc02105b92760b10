//! `certroll revoke`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::{ChangeArgs, FormatArgs, OutputFormat, StorepassArgs, WhyArgs};
use crate::cli::confirm::confirm;
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::render::certificate::CertificateDocument;
use crate::cli::render::json;
use crate::cli::{exit, progress};
use certroll_core::error::{Error, ErrorKind};
use certroll_core::lifecycle::revocation::many::{self, Selection};
use certroll_core::lifecycle::revocation::{self, ListWhen, RevokeOutcome, RevokeRequest};
use certroll_core::lifecycle::revocation::{break_glass, revocation_key};
use certroll_core::lifecycle::session::status::CertificateStatus;
use certroll_core::lifecycle::truststore::sync;
use certroll_core::store::CertificateEntry;
use certroll_core::tools::keystore::file::Passwords;
use certroll_pki::x509::reason::RevocationReason;

/// Revoke certificates and sign the CRL that lists them
///
/// Revoking a certificate that is revoked already succeeds and changes nothing. A name that stands for several live
/// certificates stops with the list of them. Of several certificates each has its records, and each CA signs one CRL at the end; what
/// is chosen by a file, a template or an issuer has to be confirmed: at the terminal, or by --count with the right number.
#[derive(Debug, Args)]
pub(crate) struct RevokeArgs {
    /// Name, serial number, SHA-256 fingerprint, or certificate file, such as FILE.previous after a rotation (repeatable)
    #[arg(value_name = "SELECTOR", required_unless_present_any = ["file", "template", "issuer"])]
    selectors: Vec<String>,
    /// File with a selector on each line; lines that begin with # are left out
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// All current certificates made from that template
    #[arg(long, short = 't', value_name = "TEMPLATE")]
    template: Option<String>,
    /// All current certificates signed by that issuer but CAs of the home; with --template those that fit both
    #[arg(long, value_name = "ISSUER")]
    issuer: Option<String>,
    /// How many certificates that are, where no one can be asked
    #[arg(long, value_name = "N")]
    count: Option<usize>,
    /// Reason of RFC 5280: unspecified, keyCompromise, cACompromise, affiliationChanged, superseded, cessationOfOperation or
    /// privilegeWithdrawn
    #[arg(long, short, value_name = "REASON")]
    reason: RevocationReason,
    /// The certificate's own private key, as authority where the issuer takes that: a key file or a keystore. For the reason
    /// keyCompromise it is found without this if the home or a keystore known to it holds it
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// If the log cannot be written, revoke all the same: the record is kept outside the home (CERTROLL_STATE_DIR, or the
    /// user's state directory) and merged into the log by the next command that can
    #[arg(long)]
    break_glass: bool,
    #[command(flatten)]
    storepass: StorepassArgs,
    #[command(flatten)]
    why: WhyArgs,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    format: FormatArgs,
}

pub(super) fn run(args: &RevokeArgs, context: &mut Context<'_>) -> CommandOutcome {
    match args.selectors.as_slice() {
        [one] if args.file.is_none() && args.template.is_none() && args.issuer.is_none() => {
            one_by_name(args, one, context)
        }
        _ => many_at_once(args, context),
    }
}

/// What is chosen: what was typed, and the lines of a file.
fn selection(args: &RevokeArgs) -> Result<Selection, Error> {
    let mut selectors = args.selectors.clone();
    if let Some(file) = &args.file {
        let bytes = certroll_base::input::read(file).map_err(|error| Error::file(file, "read", error))?;
        let text = String::from_utf8(bytes).map_err(|_| {
            Error::new(ErrorKind::Usage, format!("`{}` is not UTF-8", file.display()))
                .hint("give it a name, serial number or fingerprint on each line")
        })?;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        selectors.extend(lines.map(str::to_owned));
    }
    Ok(Selection { selectors, template: args.template.clone(), issuer: args.issuer.clone() })
}

fn many_at_once(args: &RevokeArgs, context: &mut Context<'_>) -> CommandOutcome {
    if args.key.is_some() || args.break_glass {
        return Err(Error::new(ErrorKind::Usage, "a key of its own, and no log, are for one certificate alone")
            .hint("name one certificate"));
    }
    let selection = selection(args)?;
    if let Some(template) = &args.template {
        context.session()?.template(template)?;
    }
    let mut session = context.session()?;
    if let Some(issuer) = &args.issuer {
        session.issuer(issuer)?;
    }
    let entries = many::select_all(&session, &selection)?;
    confirmed(args, entries.len())?;
    let bar = progress::bar(&context.environment.output, entries.len() as u64, "revoking");
    let why = args.why.why("manual");
    let done = many::revoke_all(&mut session, &entries, (args.reason, &why), &|| bar.inc(1));
    bar.finish_and_clear();
    let done = done?;
    for crl in &done.lists {
        context.say(&format!("signed CRL number {} of `{}`", crl.number, crl.authority));
    }
    context.say(&format!(
        "revoked {}, {} were before, {} could not be",
        done.revoked.len(),
        done.already,
        done.failed.len()
    ));
    if args.format.format != OutputFormat::Table {
        let document = |entry: &CertificateEntry| CertificateDocument::of(entry, CertificateStatus::Revoked);
        let documents: Vec<_> = done.revoked.iter().map(document).collect();
        let text = json::list("certroll/certificates/v1", "certificates", &documents, args.format.format)?;
        context.data(&text)?;
    }
    for (entry, failure) in &done.failed {
        context.environment.output.line(&format!("`{}`, serial {}, was not revoked:", entry.name, entry.serial));
        crate::cli::error::show(&mut context.environment.output, failure);
    }
    done.unlisted.iter().for_each(|failure| crate::cli::error::show(&mut context.environment.output, failure));
    Ok(match (done.failed.is_empty(), done.unlisted.is_empty()) {
        (false, _) => exit::PARTIAL,
        (true, false) => exit::DEPLOY,
        (true, true) => args.change.code(!done.revoked.is_empty()),
    })
}

/// Refuses to go on unless the number is confirmed. What was typed one by one needs no question.
fn confirmed(args: &RevokeArgs, found: usize) -> Result<(), Error> {
    if let Some(count) = args.count {
        if count == found {
            return Ok(());
        }
        let message = format!("{found} certificates are chosen, not {count}: nothing was revoked");
        return Err(Error::new(ErrorKind::Usage, message).hint("look at them with `certroll list`"));
    }
    let typed = args.file.is_none() && args.template.is_none() && args.issuer.is_none();
    if typed || found == 0 || confirm(&format!("revoke {found} certificates, for good?")) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Usage, format!("{found} certificates are chosen: nothing was revoked"))
        .hint(format!("add `--count {found}` to revoke them")))
}

fn one_by_name(args: &RevokeArgs, selector: &str, context: &mut Context<'_>) -> CommandOutcome {
    let mut asked = RevokeRequest {
        selector: selector.to_owned(),
        reason: args.reason,
        why: args.why.why("manual"),
        key: None,
        list: ListWhen::Now,
    };
    // The revocation stands, whatever becomes of truststores.
    let mut stale = Ok(Vec::new());
    let revoked = context.session().and_then(|mut session| {
        if let Some(file) = &args.key {
            let password = args.storepass.source().read(false)?.map(|password| password.secret);
            asked.key = Some(revocation_key::from_file(&session, &asked.selector, file, password.as_ref())?);
        }
        let revoked = revocation::revoke(&mut session, &asked)?;
        stale = sync::stale(session.journal.store(), session.clock.now());
        Ok(revoked)
    });
    let (entry, said, changed) = match revoked {
        Ok(RevokeOutcome::Revoked { entry, crl }) => {
            let listed = match crl {
                Some(crl) => format!("it is on CRL number {} of `{}`", crl.number, crl.authority),
                None => format!("issuer `{}` publishes its own list", entry.issuer),
            };
            let said = format!("revoked `{}`, serial {}; {listed}", entry.name, entry.serial);
            (entry, said, true)
        }
        Ok(RevokeOutcome::Already(entry)) => {
            let at = entry.revoked.map(|(at, reason)| format!(" at {at}, {reason}")).unwrap_or_default();
            let said = format!("`{}`, serial {}, was revoked already{at}", entry.name, entry.serial);
            (entry, said, false)
        }
        Err(error) if is_of_the_log(&error) && args.break_glass => {
            crate::cli::error::warn(&mut context.environment.output, &error);
            let done = break_glass::revoke(&context.emergency()?, &asked)?;
            context.say(&format!("publish the CRL `{}` now unless it is fetched from there", done.crl_file.display()));
            let said = format!(
                "revoked `{}`, serial {}, WITHOUT the log; it is on CRL number {} of `{}`, and its record waits in `{}`",
                done.entry.name,
                done.entry.serial,
                done.crl.number,
                done.crl.authority,
                done.spool.display()
            );
            (Box::new(done.entry), said, true)
        }
        Err(error) if is_of_the_log(&error) => {
            return Err(error.hint("in an emergency add `--break-glass`: the record is then kept outside the home"));
        }
        Err(error) => return Err(error),
    };
    context.say(&said);
    if args.format.format != OutputFormat::Table {
        let text = json::document(&CertificateDocument::of(&entry, CertificateStatus::Revoked), args.format.format)?;
        context.data(&text)?;
    }
    if let Err(error) = stale.and_then(|stale| offer_to_withdraw(&stale, args, context)) {
        crate::cli::error::warn(&mut context.environment.output, &error);
    }
    Ok(args.change.code(changed))
}

/// Whether it is the log that stands in the way: it cannot be written, or it was set back or altered.
fn is_of_the_log(error: &Error) -> bool {
    matches!(error.kind, ErrorKind::Audit | ErrorKind::Verification)
}

/// Truststores that still trust a CA which is revoked: a person is asked, a script is told the command.
fn offer_to_withdraw(stale: &[PathBuf], args: &RevokeArgs, context: &mut Context<'_>) -> Result<(), Error> {
    if stale.is_empty() {
        return Ok(());
    }
    let files: Vec<_> = stale.iter().map(|path| format!("`{}`", path.display())).collect();
    context.say(&format!("still trusted in {}", files.join(", ")));
    if !confirm("take it out of these truststores now?") {
        context.say("take it out with `certroll truststore sync`");
        return Ok(());
    }
    super::truststore::synchronise(&Passwords::default(), &args.why.why("revoked"), (args.change, args.format), context)
        .map(drop)
}
