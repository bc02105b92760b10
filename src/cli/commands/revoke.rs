//! `certroll revoke`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::{ChangeArgs, FormatArgs, OutputFormat, StorepassArgs, WhyArgs};
use crate::cli::confirm::confirm;
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::render::certificate::CertificateDocument;
use crate::cli::render::json;
use certroll_core::error::{Error, ErrorKind};
use certroll_core::lifecycle::revocation::{self, RevokeOutcome, RevokeRequest};
use certroll_core::lifecycle::revocation::{break_glass, revocation_key};
use certroll_core::lifecycle::session::status::CertificateStatus;
use certroll_core::lifecycle::truststore::sync;
use certroll_core::tools::keystore::file::Passwords;
use certroll_pki::x509::reason::RevocationReason;

/// Revoke a certificate and sign the CRL that lists it
///
/// Revoking a certificate that is revoked already succeeds and changes nothing. A name that stands for several live
/// certificates stops with the list of them.
#[derive(Debug, Args)]
pub(crate) struct RevokeArgs {
    /// Name, serial number, SHA-256 fingerprint, or certificate file, such as FILE.previous after a rotation
    selector: String,
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
    let mut asked =
        RevokeRequest { selector: args.selector.clone(), reason: args.reason, why: args.why.why("manual"), key: None };
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
