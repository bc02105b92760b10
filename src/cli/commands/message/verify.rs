//! `certroll message verify`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::args::FormArgs;
use crate::cli::args::{FormatArgs, OutputFormat, ReplaceArgs, StorepassArgs};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::render::{json, message as render};
use crate::cli::{error, exit};
use certroll_base::encoding;
use certroll_core::error::{Error, ErrorKind};
use certroll_core::tools::certificate_files::{self, Chosen};
use certroll_core::tools::message;
use certroll_core::tools::message::trust::Trust;
use certroll_core::tools::message::verify::{self, Freshness, Verdict};
use certroll_pki::verify::revocation::RevocationLists;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::validity::Lifetime;

/// Verify a signed message: signature, certificates, purpose, revocation, time, and that it is no replay
///
/// Without --trust the CAs of the home are trusted, and the home tells what is revoked; with it no home is needed, and every
/// certificate below a root needs a current CRL. Exit code 12 if nothing is wrong but that a certificate has expired or is
/// revoked, 13 for everything else.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The message, or with --envelope the envelope; - for standard input
    file: PathBuf,
    /// The signature: CMS in DER or PEM; with --raw base64
    #[arg(long, short, value_name = "FILE", required_unless_present = "envelope", conflicts_with = "envelope")]
    signature: Option<PathBuf>,
    #[command(flatten)]
    form: FormArgs,
    /// File with the certificate of the signer, and those above it: for --raw, and for CMS without certificates
    #[arg(long, value_name = "FILE", required_if_eq("raw", "true"), conflicts_with = "envelope")]
    cert: Option<PathBuf>,
    /// Signature algorithm in Java's words, where it is not the usual one of the key: SHA512withRSA, SHA256withECDSA
    #[arg(long, value_name = "NAME", requires = "raw", value_parser = algorithm)]
    algorithm: Option<String>,
    /// The bare signature is bytes, not base64
    #[arg(long, requires = "raw")]
    binary: bool,
    /// Truststore, JKS, PKCS#12 or PEM (repeatable) [default: the CAs of the home]
    #[arg(long, value_name = "FILE")]
    trust: Vec<PathBuf>,
    /// CRL, PEM or DER (repeatable)
    #[arg(long, value_name = "FILE")]
    crl: Vec<PathBuf>,
    /// Do not check revocation
    #[arg(long, conflicts_with = "crl")]
    no_revocation: bool,
    /// Accept a certificate that is for other purposes than messages, such as clientAuth alone
    #[arg(long)]
    any_purpose: bool,
    /// How old an envelope may be
    #[arg(long, value_name = "DURATION", default_value = "5m", conflicts_with = "signature")]
    window: Lifetime,
    /// File with the numbers that were seen, of all senders; made when missing
    #[arg(long, value_name = "FILE", conflicts_with = "signature", required_if_eq("envelope", "true"))]
    seen_file: Option<PathBuf>,
    /// File for the message that a good envelope holds; - for standard output
    #[arg(long, short, value_name = "FILE", conflicts_with = "signature")]
    out: Option<PathBuf>,
    #[command(flatten)]
    replace: ReplaceArgs,
    #[command(flatten)]
    storepass: StorepassArgs,
    #[command(flatten)]
    format: FormatArgs,
}

fn algorithm(text: &str) -> Result<String, String> {
    let names: Vec<&str> = certroll_pki::verify::signature::JAVA_NAMES.iter().map(|(name, _)| *name).collect();
    let found = names.iter().find(|name| name.eq_ignore_ascii_case(text));
    found.map(|name| (*name).to_owned()).ok_or_else(|| format!("choose one of {}", names.join(", ")))
}

pub(super) fn run(args: &VerifyArgs, context: &mut Context<'_>) -> CommandOutcome {
    let trust = trust_of(args, context)?;
    let now = context.environment.clock.now();
    let content = message::read(&args.file)?;
    let known = certificates(args)?;
    let verdict = match (&args.signature, &args.seen_file) {
        (None, Some(seen_file)) => {
            let window_secs = match args.window {
                Lifetime::Seconds(secs) => secs,
                Lifetime::Never => i64::MAX / 1000,
            };
            verify::envelope(&content, &Freshness { window_secs, seen_file }, &trust, now)?
        }
        (Some(file), _) if args.form.raw => {
            let signature = raw_signature(file, args.binary)?;
            verify::raw(&content, &signature, (&known, args.algorithm.as_deref()), &trust, now)?
        }
        (Some(file), _) => verify::cms(&content, &message::read(file)?, &known, &trust, now)?,
        (None, None) => return Err(Error::new(ErrorKind::Usage, "there is no signature to verify")),
    };
    report(args, &verdict, context)?;
    Ok(conclude(&args.file, &verdict, context))
}

fn trust_of(args: &VerifyArgs, context: &Context<'_>) -> Result<Trust, Error> {
    let mut trust = if args.trust.is_empty() {
        Trust::of_home(context.view()?.store)?
    } else {
        let password = || super::args::ask(&args.storepass);
        let mut listed = Vec::new();
        for file in &args.trust {
            listed.extend(certificate_files::certificates(file, &password, Chosen::Trusted)?);
        }
        Trust::of(listed)
    };
    let mut lists = Vec::new();
    for file in &args.crl {
        lists.extend(certificate_files::lists(file)?);
    }
    trust.crls = RevocationLists::new(lists);
    trust.revocation = !args.no_revocation;
    trust.any_purpose = args.any_purpose;
    Ok(trust)
}

fn certificates(args: &VerifyArgs) -> Result<Vec<Certificate>, Error> {
    let Some(file) = &args.cert else { return Ok(Vec::new()) };
    certificate_files::certificates(file, &|| super::args::ask(&args.storepass), Chosen::All)
}

fn raw_signature(file: &Path, binary: bool) -> Result<Vec<u8>, Error> {
    let bytes = message::read(file)?;
    if binary {
        return Ok(bytes);
    }
    // Lines as MIME breaks them are no part of it.
    let text: Option<String> = std::str::from_utf8(&bytes).ok().map(|text| text.split_ascii_whitespace().collect());
    text.and_then(|text| encoding::from_base64(&text)).ok_or_else(|| {
        Error::new(ErrorKind::Usage, format!("`{}` is not base64", file.display()))
            .hint("if it holds the bytes of the signature, add `--binary`")
    })
}

fn report(args: &VerifyArgs, verdict: &Verdict, context: &mut Context<'_>) -> Result<(), Error> {
    let to_stdout = args.out.as_ref().is_some_and(|path| path.as_os_str() == "-");
    match (&args.out, &verdict.content) {
        (Some(_), Some(content)) if to_stdout => context.environment.output.bytes(content)?,
        (Some(path), Some(content)) => {
            let written = args.replace.file(path).write(content, true);
            written.map_err(|error| Error::destination(path.display(), "write", error))?;
        }
        _ => {}
    }
    if to_stdout {
        return Ok(());
    }
    let text = match args.format.format {
        OutputFormat::Table => render::text(verdict, context.width()),
        format => json::document(&render::document(verdict), format)?,
    };
    context.data(&text)
}

/// The verdict is on standard output already, in one document; people are told the reasons beside it.
fn conclude(file: &Path, verdict: &Verdict, context: &mut Context<'_>) -> u8 {
    if verdict.is_good() {
        return exit::DONE;
    }
    let kind = if verdict.is_only_over() { ErrorKind::Expired } else { ErrorKind::Verification };
    let reasons: Vec<&str> = verdict.flaws.iter().map(certroll_pki::path::PathFlaw::text).collect();
    let refused = Error::new(kind, format!("`{}` is not verified", file.display())).because(reasons.join("\n"));
    error::show(&mut context.environment.output, &refused);
    exit::code(kind)
}
