//! `certroll verify`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::{FormatArgs, OutputFormat, StorepassArgs};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::render::{json, verification as render};
use crate::cli::{error, exit};
use certroll_base::clock::Timestamp;
use certroll_core::error::{Error, ErrorKind};
use certroll_core::tools::verify::{VerificationFiles, VerificationMaterial};
use certroll_pki::name::general_name::{DnsName, EmailAddress, GeneralName, IpAddress};
use certroll_pki::path::{self, Judgement, PathFlaw, PathInputs, USUAL_DEPTH};
use certroll_pki::x509::extensions::{ExtendedUsage, PolicyId};

/// Verify a certificate: path to a trust anchor, names, policies, purpose, revocation (RFC 5280)
///
/// Needs no home and no key. Files are PEM, DER, PKCS#7 or keystores. Of a --trust file with certificates over their own name
/// those are the trust anchors, of another all. The certificates between are found in any order and on any path; the first valid
/// path counts. With --crl or --ocsp every certificate below the anchor must be on the word of a current CRL or OCSP response not
/// revoked; without either, revocation is not checked, and that is said. Exit code 12 if nothing is wrong but that a certificate
/// has expired or is revoked, 13 for everything else.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The certificate, perhaps with those above it behind it
    #[arg(value_name = "CERT")]
    certificate: PathBuf,
    /// Trust anchors (repeatable)
    #[arg(long, value_name = "FILE", required = true)]
    trust: Vec<PathBuf>,
    /// Certificates that may stand between (repeatable)
    #[arg(long, value_name = "FILE")]
    untrusted: Vec<PathBuf>,
    /// CRL (repeatable)
    #[arg(long, value_name = "FILE")]
    crl: Vec<PathBuf>,
    /// OCSP response, DER (repeatable)
    #[arg(long, value_name = "FILE")]
    ocsp: Vec<PathBuf>,
    /// Do not check revocation
    #[arg(long, conflicts_with_all = ["crl", "ocsp"])]
    no_revocation: bool,
    /// The time for which is asked, RFC 3339 [default: now]
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: Option<Timestamp>,
    /// What it is to be used for: any, serverAuth, clientAuth, codeSigning, emailProtection, timeStamping, OCSPSigning, or an OID
    #[arg(long, value_name = "PURPOSE", default_value = "any", value_parser = purpose)]
    purpose: Purpose,
    /// Host name that it must have (repeatable)
    #[arg(long, value_name = "NAME", value_parser = host)]
    host: Vec<GeneralName>,
    /// IP address that it must have (repeatable)
    #[arg(long, value_name = "ADDRESS", value_parser = ip)]
    ip: Vec<GeneralName>,
    /// Address of mail that it must have (repeatable)
    #[arg(long, value_name = "ADDRESS", value_parser = email)]
    email: Vec<GeneralName>,
    /// Certificate policy that is acceptable (repeatable) [default: every one]
    #[arg(long, value_name = "OID")]
    policy: Vec<PolicyId>,
    /// A certificate policy must be valid for the whole path
    #[arg(long)]
    require_explicit_policy: bool,
    /// No CA may map policies to others
    #[arg(long)]
    inhibit_policy_mapping: bool,
    /// Take anyPolicy in a certificate for no policy at all
    #[arg(long)]
    inhibit_any_policy: bool,
    /// The most CAs between certificate and anchor
    #[arg(long, value_name = "NUMBER", default_value_t = USUAL_DEPTH, value_parser = depth)]
    depth: usize,
    #[command(flatten)]
    storepass: StorepassArgs,
    #[command(flatten)]
    format: FormatArgs,
}

/// `None` for any purpose.
#[derive(Clone, Copy, Debug)]
struct Purpose(Option<ExtendedUsage>);

fn purpose(text: &str) -> Result<Purpose, String> {
    if text == "any" {
        return Ok(Purpose(None));
    }
    text.parse().map(|usage| Purpose(Some(usage))).map_err(|error: certroll_pki::x509::extensions::UnknownUsage| {
        format!("{error}: choose any, serverAuth, clientAuth, .., or an OID")
    })
}

fn time(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).ok_or_else(|| "expected an RFC 3339 time such as 2026-11-22T09:00:00Z".to_owned())
}

fn host(text: &str) -> Result<GeneralName, String> {
    let name = DnsName::parse(text).map_err(|error| error.to_string())?;
    if name.is_wildcard() {
        return Err("a wildcard is no host".to_owned());
    }
    Ok(GeneralName::Dns(name))
}

fn ip(text: &str) -> Result<GeneralName, String> {
    IpAddress::parse(text).map(GeneralName::Ip).map_err(|error| error.to_string())
}

fn email(text: &str) -> Result<GeneralName, String> {
    EmailAddress::parse(text).map(GeneralName::Email).map_err(|error| error.to_string())
}

/// What the library for policies can count.
fn depth(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|depth| *depth <= 200).ok_or_else(|| "expected a number up to 200".to_owned())
}

pub(super) fn run(args: &VerifyArgs, context: &mut Context<'_>) -> CommandOutcome {
    let files = VerificationFiles {
        certificate: &args.certificate,
        trust: &args.trust,
        untrusted: &args.untrusted,
        crls: &args.crl,
        responses: &args.ocsp,
    };
    let password = || args.storepass.source().require(false).map(|password| password.secret);
    let material = files.read(&password)?;
    for what in &material.left_out {
        error::warn(&mut context.environment.output, &Error::new(ErrorKind::Usage, what.clone()));
    }
    let identities = [args.host.as_slice(), &args.ip, &args.email].concat();
    let policies: Vec<_> = args.policy.iter().map(|policy| policy.0).collect();
    let inputs = PathInputs {
        at: args.at.unwrap_or_else(|| context.environment.clock.now()),
        purpose: args.purpose.0,
        identities: &identities,
        policies: &policies,
        require_explicit_policy: args.require_explicit_policy,
        inhibit_policy_mapping: args.inhibit_policy_mapping,
        inhibit_any_policy: args.inhibit_any_policy,
        depth: args.depth,
        revocation: Some(&material.lists).filter(|lists| !(lists.is_empty() && material.responses.is_empty())),
        responses: &material.responses,
    };
    let judgement = judge(&material, &inputs);
    let text = match args.format.format {
        OutputFormat::Table => render::text(&judgement, &inputs),
        format => json::document(&render::document(&args.certificate.to_string_lossy(), &judgement, &inputs), format)?,
    };
    context.data(&text)?;
    if inputs.revocation.is_none() && !args.no_revocation {
        let said = Error::new(ErrorKind::Usage, "revocation was not checked: neither CRL nor OCSP response was given");
        error::warn(&mut context.environment.output, &said);
    }
    Ok(conclude(args, &judgement, context))
}

fn judge(material: &VerificationMaterial, inputs: &PathInputs<'_>) -> Judgement {
    path::validate(&material.leaf, &material.others, &material.anchors, inputs)
}

/// The verdict is on standard output already, in one document; people are told the reasons beside it.
fn conclude(args: &VerifyArgs, judgement: &Judgement, context: &mut Context<'_>) -> u8 {
    if judgement.is_valid() {
        return exit::DONE;
    }
    let kind = if judgement.is_only_over() { ErrorKind::Expired } else { ErrorKind::Verification };
    let reasons: Vec<&str> = judgement.flaws.iter().map(PathFlaw::text).collect();
    let refused =
        Error::new(kind, format!("`{}` is not valid", args.certificate.display())).because(reasons.join("\n"));
    error::show(&mut context.environment.output, &refused);
    exit::code(kind)
}
