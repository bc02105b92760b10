//! `certroll revoke`.

use clap::Args;

use super::{Context, Outcome};
use crate::cli::args::{ChangeArgs, Format, FormatArgs, WhyArgs};
use crate::cli::render::certificate::CertificateDocument;
use crate::cli::render::json;
use crate::lifecycle::revoke::{self, RevokeOutcome, RevokeRequest};
use crate::lifecycle::status::Status;
use crate::pki::reason::RevocationReason;

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
    #[command(flatten)]
    why: WhyArgs,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    format: FormatArgs,
}

pub(super) fn run(args: &RevokeArgs, context: &mut Context<'_>) -> Outcome {
    let mut services = context.services()?;
    let asked = RevokeRequest { selector: args.selector.clone(), reason: args.reason, why: args.why.why("manual") };
    let (entry, said, changed) = match revoke::revoke(&mut services, &asked)? {
        RevokeOutcome::Revoked { entry, crl } => {
            let said = format!(
                "revoked `{}`, serial {}; it is on CRL number {} of `{}`",
                entry.name, entry.serial, crl.number, crl.authority
            );
            (entry, said, true)
        }
        RevokeOutcome::Already(entry) => {
            let at = entry.revoked.map(|(at, reason)| format!(" at {at}, {reason}")).unwrap_or_default();
            let said = format!("`{}`, serial {}, was revoked already{at}", entry.name, entry.serial);
            (entry, said, false)
        }
    };
    context.say(&said);
    if args.format.format != Format::Table {
        let text = json::document(&CertificateDocument::of(&entry, Status::Revoked), args.format.format)?;
        context.data(&text)?;
    }
    Ok(args.change.code(changed))
}
