//! `certroll issue`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;

use super::outputs::OutputArgs;
use crate::cli::args::{ChangeArgs, FormatArgs, OutputFormat, WhyArgs};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::render::certificate::{self, CertificateDocument};
use crate::cli::render::json;
use crate::cli::{exit, progress};
use certroll_core::destination::kinds::file::FileDestination;
use certroll_core::error::{Error, ErrorKind};
use certroll_core::lifecycle;
use certroll_core::lifecycle::batch::input::{BatchLines, BatchOutcome};
use certroll_core::lifecycle::batch::output::{BatchLock, BatchOutput};
use certroll_core::lifecycle::batch::{self, BatchRequest};
use certroll_core::lifecycle::delivery::OutputForm;
use certroll_core::lifecycle::issuance::brought::BroughtRequest;
use certroll_core::lifecycle::issuance::issue;
use certroll_core::lifecycle::issuance::request::{IssueOutcome, IssueRequest, KeySource};
use certroll_core::lifecycle::session::status::CertificateStatus;
use certroll_keystore::{formats, pem as pem_format};
use certroll_pki::key::KeyAlgorithm;
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::x509::validity::Lifetime;

/// Issue a certificate, or many from a CSV
///
/// Key and chain go to the files named; without any they stay in the home. Every file that holds a key is encrypted with
/// the password of --storepass-file, --storepass-command, CERTROLL_STOREPASS, or a prompt.
#[derive(Debug, Args)]
pub(crate) struct IssueArgs {
    /// Name by which the certificate will be found again; templates use it for subject and names
    #[arg(required_unless_present = "batch", conflicts_with = "batch")]
    name: Option<String>,
    /// Template: see `certroll template list`
    #[arg(long, short, value_name = "TEMPLATE")]
    template: String,
    /// CA that signs [default: the one CA of the home that signs no other CA]
    #[arg(long, value_name = "NAME")]
    issuer: Option<String>,
    /// Further name: DNS name, IP address, e-mail address or URI, typed by its form, or dns: ip: email: uri: srv: hwm: (repeatable)
    #[arg(long, value_name = "NAME", conflicts_with = "batch", value_parser = general_name)]
    san: Vec<GeneralName>,
    /// Subject in place of the template's: "O=Example, OU=a, OU=b, CN=x", first attribute first
    #[arg(long, value_name = "DN", conflicts_with = "batch", value_parser = distinguished_name)]
    subject: Option<DistinguishedName>,
    /// Request to certify, PEM or DER; its names are added, its key is certified
    #[arg(long, value_name = "FILE", conflicts_with_all = ["batch", "key"])]
    csr: Option<PathBuf>,
    /// Kind of key: rsa:2048, rsa:3072, rsa:4096, ec:p256, ec:p384, ec:p521 or ed25519 [default: the template's]
    #[arg(long, value_name = "KEY")]
    key: Option<KeyAlgorithm>,
    /// Lifetime: 90d, 12h, 2y or never [default: the template's]
    #[arg(long, value_name = "DURATION")]
    ttl: Option<Lifetime>,
    /// Parameter of the template (repeatable)
    #[arg(long, value_name = "NAME=VALUE", conflicts_with = "batch", value_parser = parameter)]
    param: Vec<(String, String)>,
    #[command(flatten)]
    outputs: OutputArgs,
    /// Issue a further certificate although the name has a current one
    #[arg(long, conflicts_with = "batch")]
    force: bool,
    #[command(flatten)]
    why: WhyArgs,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    format: FormatArgs,
    // The last one: its heading would stand over whatever follows.
    #[command(flatten)]
    batch: BatchArgs,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Batch")]
struct BatchArgs {
    /// CSV with a header; column name is required, san (parts separated by ;), csr and parameters of the template may follow
    #[arg(long, value_name = "FILE.csv", conflicts_with_all = ["keystore", "out_cert", "out_key", "acm_import", "install", "alias"])]
    batch: Option<PathBuf>,
    /// Directory for files of each device, or FILE.ndjson for a line of each
    #[arg(long, value_name = "DIR|FILE.ndjson", requires = "batch", conflicts_with = "name")]
    out: Option<PathBuf>,
    /// Formats in the directory: pem, pkcs12, jks (repeatable) [default: NAME.pem with the chain and NAME.key.pem with the
    /// encrypted key]
    #[arg(long, value_name = "FORMAT", requires = "out", conflicts_with = "name")]
    out_format: Vec<String>,
    /// Threads [default: one more than there are processors]
    #[arg(long, value_name = "N", requires = "batch", conflicts_with = "name")]
    jobs: Option<usize>,
}

pub(super) fn general_name(text: &str) -> Result<GeneralName, String> {
    GeneralName::parse(text).map_err(|error| error.to_string())
}

pub(super) fn distinguished_name(text: &str) -> Result<DistinguishedName, String> {
    DistinguishedName::parse(text).map_err(|error| error.to_string())
}

pub(super) fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

pub(super) fn run(args: IssueArgs, context: &mut Context<'_>) -> CommandOutcome {
    match (&args.batch.batch, &args.name) {
        (Some(file), _) => many(file.clone(), &args, context),
        (None, Some(name)) => one(name.clone(), args, context),
        (None, None) => Err(Error::new(ErrorKind::Usage, "there is no name to issue for")),
    }
}

fn one(name: String, args: IssueArgs, context: &mut Context<'_>) -> CommandOutcome {
    let request = args.csr.as_deref().map(BroughtRequest::open).transpose()?;
    let outputs = args.outputs.outputs(&name, request.is_none())?;
    let key = match request {
        Some(request) => KeySource::Brought(request),
        None => KeySource::Generate(args.key),
    };
    let mut session = context.session()?;
    let outcome = issue::issue(
        &mut session,
        IssueRequest {
            name,
            template: args.template,
            issuer: args.issuer,
            subject: args.subject,
            names: args.san,
            parameters: args.param.into_iter().collect::<BTreeMap<_, _>>(),
            lifetime: args.ttl,
            key,
            outputs,
            why: args.why.shared("manual"),
            force: args.force,
        },
    )?;
    report(&outcome, args.format.format, context)?;
    if outcome.key_kept {
        let name = &outcome.entry.name;
        context.say(&format!(
            "the key is kept in the home; take it out with `certroll deliver {name} --keystore FILE.p12`"
        ));
    }
    Ok(args.change.code(true))
}

/// What was issued, for a person or a program.
pub(super) fn report(outcome: &IssueOutcome, format: OutputFormat, context: &mut Context<'_>) -> Result<(), Error> {
    if format == OutputFormat::Table {
        let text = certificate::summary(&outcome.entry, &outcome.files, context.width());
        return context.data(&text);
    }
    let text = pem_format::chain_text(&outcome.chain);
    let files = outcome.files.iter().map(ToString::to_string);
    let document =
        CertificateDocument::of(&outcome.entry, CertificateStatus::Valid).with_files(files).with_certificate(text);
    context.data(&json::document(&document, format)?)
}

fn many(file: PathBuf, args: &IssueArgs, context: &mut Context<'_>) -> CommandOutcome {
    let lines = BatchLines::open(&file)?;
    let mut session = context.session()?;
    let lock = BatchLock::take(&session.home)?;
    let output = args
        .batch
        .out
        .as_ref()
        .map(|out| batch_output(&lock, out, &args.batch.out_format, &args.outputs))
        .transpose()?;
    let bar = progress::bar(&context.environment.output, lines.total(), "issuing");
    let outcome = batch::issue_batch(
        &mut session,
        BatchRequest {
            lock,
            lines,
            template: args.template.clone(),
            issuer: args.issuer.clone(),
            key: args.key,
            lifetime: args.ttl,
            output,
            why: args.why.shared("batch"),
            workers: args.batch.jobs,
            progress: &|done| bar.set_position(done),
        },
    );
    bar.finish_and_clear();
    let outcome = outcome?;
    report_batch(&outcome, args.format.format, context)?;
    if outcome.issued > 0 && args.batch.out.is_none() {
        context.say("the keys are kept in the home; hand them out with `certroll deliver --all --out DIR|FILE.ndjson`");
    }
    match outcome.failed.len() {
        0 => Ok(args.change.code(outcome.issued > 0)),
        _ => Ok(exit::PARTIAL),
    }
}

pub(super) fn batch_output(
    lock: &BatchLock,
    out: &std::path::Path,
    formats_asked: &[String],
    outputs: &OutputArgs,
) -> Result<BatchOutput, Error> {
    let password = outputs.storepass.source().read(true)?;
    let password = password.ok_or_else(|| lifecycle::delivery::no_password(out))?;
    let ndjson = out.extension().is_some_and(|extension| extension == "ndjson" || extension == "jsonl");
    let replace = outputs.replace.replace;
    let kept = FileDestination::new(out).keeps();
    if ndjson || kept.is_ok_and(|kept| !kept) {
        return BatchOutput::ndjson(lock, out, password, replace);
    }
    let mut forms = Vec::new();
    for id in formats_asked {
        let writable = formats::FORMATS.iter().filter(|format| format.writable);
        let known: Vec<_> = writable.map(|format| format.id).collect();
        let format = formats::by_id(id).filter(|format| format.writable).ok_or_else(|| {
            Error::new(ErrorKind::Usage, format!("there is no keystore format `{id}`"))
                .hint(format!("use one of {}", known.join(", ")))
        })?;
        forms.push(OutputForm::Keystore(format));
    }
    BatchOutput::directory(lock, out, forms, password, replace)
}

fn report_batch(outcome: &BatchOutcome, format: OutputFormat, context: &mut Context<'_>) -> Result<(), Error> {
    for line in &outcome.failed {
        let name = if line.name.is_empty() { String::new() } else { format!(" (`{}`)", line.name) };
        context.environment.output.line(&format!("line {}{name}: {}", line.line, line.reason));
    }
    if format == OutputFormat::Table {
        let (issued, skipped, failed) = (outcome.issued, outcome.skipped, outcome.failed.len());
        return context.data(&format!("{issued} issued, {skipped} issued before, {failed} failed\n"));
    }
    let failed: Vec<_> = outcome
        .failed
        .iter()
        .map(|line| serde_json::json!({"line": line.line, "name": line.name, "reason": line.reason}))
        .collect();
    let document = serde_json::json!({
        "schema": "certroll/batch/v1",
        "issued": outcome.issued,
        "skipped": outcome.skipped,
        "failed": failed,
    });
    context.data(&json::document(&document, format)?)
}
