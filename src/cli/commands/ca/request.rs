//! `certroll ca request`, `accept` and `sign`: CAs below those of others, and those of others below ours.

use std::path::{Path, PathBuf};

use clap::Args;

use super::args::{ConstraintArgs, KeyChoice, PointerArgs, key_of};
use crate::cli::args::{FormatArgs, OutputFormat, ReplaceArgs, WhyArgs};
use crate::cli::commands::issue;
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use certroll_core::error::{Error, ErrorKind};
use certroll_core::lifecycle::issuance::authority_reply::{self, ReplyRequest};
use certroll_core::lifecycle::issuance::authority_request::{self, AuthorityRequest, LeavingRequest};
use certroll_core::lifecycle::issuance::brought::BroughtRequest;
use certroll_core::lifecycle::issuance::others_authority;
use certroll_core::lifecycle::issuance::request::{IssueRequest, KeySource};
use certroll_keystore::pem as pem_format;
use certroll_pki::container::pem::{self, Label};
use certroll_pki::key::KeyAlgorithm;
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::request::CertificateRequest;
use certroll_pki::x509::validity::Lifetime;

/// Ask for a CA below somebody else's: make its key here, and a request for its operators
///
/// The request stays open until `ca accept` takes their answer. The same command again writes the same request.
#[derive(Debug, Args)]
pub(crate) struct RequestArgs {
    /// Name of the CA as an issuer; becomes a file name
    name: String,
    /// File to write the request (PKCS#10) to, in PEM; standard output when left out
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Subject: "DC=com, DC=example, CN=Corp CA", first attribute first [default: the template's]
    #[arg(long, value_name = "DN", value_parser = issue::distinguished_name)]
    subject: Option<DistinguishedName>,
    /// Template
    #[arg(long, short, value_name = "TEMPLATE", default_value = "issuing-ca")]
    template: String,
    /// Kind of key, or the key of a hardware token, as with `ca create` [default: the template's]
    #[arg(long, value_name = "KEY")]
    key: Option<KeyChoice>,
    /// Make the key in the token first, of that kind
    #[arg(long, value_name = "KIND", requires = "key")]
    generate: Option<KeyAlgorithm>,
    /// Lifetime to ask for: 10y, 3650d [default: the template's]
    #[arg(long, value_name = "DURATION")]
    ttl: Option<Lifetime>,
    #[command(flatten)]
    constraints: ConstraintArgs,
    #[command(flatten)]
    pointers: PointerArgs,
    #[command(flatten)]
    replace: ReplaceArgs,
    #[command(flatten)]
    why: WhyArgs,
}

/// Take the answer to a request: the CA is an issuer of the home from then on
///
/// The certificate must be for the key and the subject of the request, a CA's that may sign certificates, and lead to the root
/// that is given with it. What is not so is told, nothing changes, and the request stays open.
#[derive(Debug, Args)]
pub(crate) struct AcceptArgs {
    /// Name under which it was asked for
    name: String,
    /// Files with its certificate and those above it up to the root, in any order: PEM, DER or PKCS#7 (repeatable)
    #[arg(long = "cert", value_name = "FILE", required = true)]
    certificates: Vec<PathBuf>,
    #[command(flatten)]
    why: WhyArgs,
    #[command(flatten)]
    format: FormatArgs,
}

/// Sign the CA of others, below one of this home, from its request
#[derive(Debug, Args)]
pub(crate) struct SignArgs {
    /// Request (PKCS#10) of the CA, PEM or DER
    request: PathBuf,
    /// Name in the inventory [default: the common name of its subject]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// CA of the home that signs it
    #[arg(long, value_name = "NAME")]
    issuer: String,
    /// Template
    #[arg(long, short, value_name = "TEMPLATE", default_value = "issuing-ca")]
    template: String,
    /// Subject, in place of that of the request
    #[arg(long, value_name = "DN", value_parser = issue::distinguished_name)]
    subject: Option<DistinguishedName>,
    /// Lifetime [default: the template's]
    #[arg(long, value_name = "DURATION")]
    ttl: Option<Lifetime>,
    #[command(flatten)]
    constraints: ConstraintArgs,
    /// File to write its certificate and those above it to, in PEM; standard output when left out
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    replace: ReplaceArgs,
    #[command(flatten)]
    why: WhyArgs,
    #[command(flatten)]
    format: FormatArgs,
}

/// Whether what lies there is an earlier answer of this program.
type IsOurs<'a> = &'a dyn Fn(&[u8]) -> bool;

/// Writes PEM into a file, or as data; an earlier file that is `ours` is replaced without a question.
fn write(
    context: &mut Context<'_>,
    out: Option<&Path>,
    text: &str,
    (replace, ours): (ReplaceArgs, IsOurs<'_>),
) -> Result<(), Error> {
    let Some(path) = out else { return context.data(text) };
    let written = replace.file(path).knowing(ours).write(text.as_bytes(), false);
    written.map(drop).map_err(|error| Error::destination(path.display(), "write", error))
}

/// Tries a file before anything is made for it.
fn try_file(out: Option<&Path>, replace: ReplaceArgs, ours: IsOurs<'_>) -> Result<(), Error> {
    let Some(path) = out else { return Ok(()) };
    let tried = replace.file(path).knowing(ours).check(0);
    tried.map(drop).map_err(|error| Error::destination(path.display(), "write", error))
}

/// Tries the file of a request before one is made.
pub(super) fn try_request(out: Option<&Path>, replace: ReplaceArgs) -> Result<(), Error> {
    try_file(out, replace, &|bytes| CertificateRequest::read(bytes).is_ok())
}

/// Writes a request that may leave, and says what is to be done with it.
pub(super) fn leave(
    name: &str,
    made: &LeavingRequest,
    (out, replace): (Option<&Path>, ReplaceArgs),
    context: &mut Context<'_>,
) -> CommandOutcome {
    let text = pem::encode(Label::CertificateRequest, &made.csr);
    let spki = |bytes: &[u8]| CertificateRequest::read(bytes).map(|request| request.spki).ok();
    let own = spki(&made.csr);
    let is_same = |bytes: &[u8]| own.is_some() && spki(bytes) == own;
    write(context, out, &text, (replace, &is_same)).map_err(|error| error.of_kind(ErrorKind::Deploy))?;
    let again = if made.again { "the same request as before; " } else { "" };
    context.say(&format!(
        "{again}give it to the operators of the CA above, and their answer to `certroll ca accept {name} --cert CHAIN.pem`"
    ));
    Ok(exit::DONE)
}

pub(super) fn request(args: RequestArgs, context: &mut Context<'_>) -> CommandOutcome {
    let key = key_of(args.key, args.generate)?;
    try_request(args.out.as_deref(), args.replace)?;
    let mut session = context.session()?;
    let made = authority_request::request(
        &mut session,
        AuthorityRequest {
            name: args.name.clone(),
            template: Some(args.template),
            subject: args.subject,
            key,
            lifetime: args.ttl,
            overrides: args.constraints.overrides(),
            pointers: args.pointers.pointers(),
            why: args.why.shared("manual"),
        },
    )?;
    drop(session);
    leave(&args.name, &made, (args.out.as_deref(), args.replace), context)
}

pub(super) fn accept(args: &AcceptArgs, context: &mut Context<'_>) -> CommandOutcome {
    let mut session = context.session()?;
    let asked =
        ReplyRequest { name: args.name.clone(), files: args.certificates.clone(), why: args.why.shared("manual") };
    let authority = authority_reply::accept(&mut session, &asked)?;
    drop(session);
    super::shown::show(&authority.name, args.format, context)
}

pub(super) fn sign(args: SignArgs, context: &mut Context<'_>) -> CommandOutcome {
    let brought = BroughtRequest::open(&args.request)?;
    let name = match args.name {
        Some(name) => name,
        None => common_name(&args.request)?,
    };
    let is_certificate = |bytes: &[u8]| pem::read(bytes).is_ok_and(|blocks| of_request(&blocks, &args.request));
    try_file(args.out.as_deref(), args.replace, &is_certificate)?;
    let mut session = context.session()?;
    let asked = IssueRequest {
        name,
        template: args.template,
        issuer: Some(args.issuer),
        subject: args.subject,
        names: Vec::new(),
        parameters: std::collections::BTreeMap::new(),
        lifetime: args.ttl,
        key: KeySource::Brought(brought),
        outputs: Vec::new(),
        why: args.why.shared("manual"),
        force: false,
    };
    let outcome = others_authority::sign(&mut session, asked, args.constraints.overrides())?;
    drop(session);
    let text = pem_format::chain_text(&outcome.chain);
    match &args.out {
        Some(out) => {
            write(context, Some(out), &text, (args.replace, &is_certificate))
                .map_err(|error| error.of_kind(ErrorKind::Deploy))?;
            issue::report(&outcome, args.format.format, context)?;
        }
        None if args.format.format == OutputFormat::Table => context.data(&text)?,
        None => issue::report(&outcome, args.format.format, context)?,
    }
    Ok(exit::DONE)
}

/// Whether the first certificate is for the key of the request: an earlier answer to it.
fn of_request(blocks: &[pem::Block], request: &Path) -> bool {
    let spki = std::fs::read(request).ok().and_then(|bytes| CertificateRequest::read(&bytes).ok()).map(|one| one.spki);
    let first = blocks.iter().find(|block| block.label == Label::Certificate);
    let first = first.and_then(|block| Certificate::from_der(block.der.expose()).ok());
    first.is_some_and(|first| Some(first.spki) == spki)
}

/// The name under which a CA of others is kept when none is given.
fn common_name(path: &Path) -> Result<String, Error> {
    let bytes = certroll_base::input::read(path).map_err(|error| Error::file(path, "read", error))?;
    let named = CertificateRequest::read(&bytes).ok().and_then(|request| request.subject.common_name());
    named.ok_or_else(|| {
        Error::new(ErrorKind::Usage, format!("the request `{}` has no common name to call it by", path.display()))
            .hint(certroll_core::hint::issuer::AuthorityHint::NameIt)
    })
}
