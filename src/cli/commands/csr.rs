//! `certroll csr`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::issue;
use super::keystore::args::{PasswordArgs, report};
use crate::cli::args::{ChangeArgs, FormatArgs, OutputFormat, ReplaceArgs};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::{inspected, json, request as render};
use certroll_core::config::{self, locate};
use certroll_core::error::{Error, ErrorKind};
use certroll_core::lifecycle::issuance::authority;
use certroll_core::lifecycle::issuance::key_history::KeyHistory;
use certroll_core::lifecycle::layout::home::Home;
use certroll_core::lifecycle::session;
use certroll_core::tools::csr;
use certroll_core::tools::csr_lint::{self, Against};
use certroll_core::tools::inspect::{Inspected, InspectedItem};
use certroll_core::tools::key_file;
use certroll_core::tools::keystore::file::{Edited, KeystoreFile};
use certroll_core::tools::keystore::lint::Level;
use certroll_core::tools::keystore::source;
use certroll_pki::container::pem::{self, Label};
use certroll_pki::key::{KeyAlgorithm, KeyPair};
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::request::CertificateRequest;

/// Make and look into certificate requests. No home is needed; with one, its templates and policies count
#[derive(Debug, Subcommand)]
pub(crate) enum CsrCommand {
    New(Box<NewArgs>),
    Inspect(InspectArgs),
    Lint(LintArgs),
}

/// Make a request for a key in a keystore, in a file, or made now
///
/// It asks for the template's subject, names and usages. The key is on disk before the request is.
#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// Name; templates use it for subject and names
    name: String,
    /// Template: see `certroll template list`
    #[arg(long, short, value_name = "TEMPLATE")]
    template: String,
    /// Further name: DNS name, IP address, e-mail address or URI, typed by its form, or dns: ip: email: uri: srv: hwm: (repeatable)
    #[arg(long, value_name = "NAME", value_parser = issue::general_name)]
    san: Vec<GeneralName>,
    /// Subject in place of the template's: "O=Example, OU=a, OU=b, CN=x", first attribute first
    #[arg(long, value_name = "DN", value_parser = issue::distinguished_name)]
    subject: Option<DistinguishedName>,
    /// Parameter of the template (repeatable)
    #[arg(long, value_name = "NAME=VALUE", value_parser = issue::parameter)]
    param: Vec<(String, String)>,
    /// Keystore that holds the key
    #[arg(long, value_name = "FILE", required_unless_present_any = ["key_file", "out_key"], conflicts_with_all = ["key_file", "out_key"])]
    keystore: Option<PathBuf>,
    /// Alias of the key in the keystore [default: the only key]
    #[arg(long, value_name = "ALIAS", requires = "keystore")]
    alias: Option<String>,
    /// File that holds the key; its password is that of --keypass-file
    #[arg(long, value_name = "FILE", conflicts_with = "out_key")]
    key_file: Option<PathBuf>,
    /// File for a new key, encrypted with the password of --keypass-file
    #[arg(long, value_name = "FILE")]
    out_key: Option<PathBuf>,
    /// Kind of a new key: rsa:2048, rsa:3072, rsa:4096, ec:p256, ec:p384, ec:p521 or ed25519 [default: the template's]
    #[arg(long, value_name = "KEY", requires = "out_key", conflicts_with_all = ["keystore", "key_file"])]
    key: Option<KeyAlgorithm>,
    /// File for the request, PEM; .der for DER; standard output when left out
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    replace: ReplaceArgs,
    #[command(flatten)]
    passwords: PasswordArgs,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    format: FormatArgs,
}

/// Show what a request asks for; its own key must have signed it
#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    /// The request, PEM or DER
    file: PathBuf,
    #[command(flatten)]
    format: FormatArgs,
}

/// Say what is wrong with a request, and field by field what template and policies refuse
///
/// Exit codes: 3 when it would be refused, 13 when its own key did not sign it, 11 for warnings, 0 for notes alone or nothing.
#[derive(Debug, Args)]
pub(crate) struct LintArgs {
    /// The request, PEM or DER
    file: PathBuf,
    /// Template that it would be issued by; without one only the request itself is looked at
    #[arg(long, short, value_name = "TEMPLATE")]
    template: Option<String>,
    /// Name that it would be issued for [default: its common name, or its first alternative name]
    #[arg(long, value_name = "NAME", requires = "template")]
    name: Option<String>,
    /// CA of the home that would sign it [default: the one that signs no other CA]
    #[arg(long, value_name = "NAME", requires = "template")]
    issuer: Option<String>,
    /// Parameter of the template (repeatable)
    #[arg(long, value_name = "NAME=VALUE", requires = "template", value_parser = issue::parameter)]
    param: Vec<(String, String)>,
    #[command(flatten)]
    format: FormatArgs,
}

pub(super) fn run(command: &CsrCommand, context: &mut Context<'_>) -> CommandOutcome {
    match command {
        CsrCommand::New(args) => new(args, context),
        CsrCommand::Inspect(args) => inspect(args, context),
        CsrCommand::Lint(args) => lint(args, context),
    }
}

/// The home, if there is one; one that was named must be there.
pub(super) fn home(context: &Context<'_>) -> Result<Option<Home>, Error> {
    let given = context.global.home();
    match locate::home(given.as_deref()) {
        Ok(home) => Ok(Some(home)),
        Err(error) if given.is_some() => Err(error),
        Err(_) => Ok(None),
    }
}

/// Templates and policies of the home; the shipped ones where there is none.
pub(super) fn rules(home: Option<&Home>) -> Home {
    home.cloned().unwrap_or_else(|| Home::new("/nonexistent".into()))
}

fn new(args: &NewArgs, context: &mut Context<'_>) -> CommandOutcome {
    let templates = config::templates(&rules(home(context)?.as_ref()))?;
    let template = session::template(&templates, &args.template)?;
    let parameters: BTreeMap<_, _> = args.param.iter().cloned().collect();
    let asked = csr::CsrRequest {
        name: &args.name,
        template,
        subject: args.subject.as_ref(),
        names: &args.san,
        parameters: &parameters,
        now: context.environment.clock.now(),
    };
    let content = asked.content()?;
    let (mut edited, pair) = key(args, args.key.unwrap_or(template.key()))?;
    let der = csr::make(&content, &pair)?;
    match &args.out {
        None => context.data(&pem::encode(Label::CertificateRequest, &der))?,
        Some(out) => {
            let written = csr::write(out, &der, args.replace.replace)?;
            edited.changed |= written.changed;
            edited.said.extend(written.said);
        }
    }
    match &args.out {
        Some(out) => report(out, &edited, (args.change, args.format), context),
        None => {
            edited.said.iter().for_each(|line| context.say(line));
            Ok(args.change.code(edited.changed))
        }
    }
}

/// The key that the request is for, durable already.
fn key(args: &NewArgs, kind: KeyAlgorithm) -> Result<(Edited, KeyPair), Error> {
    let unusable = |error| Error::new(ErrorKind::Usage, "the private key cannot be used").because(error);
    if let Some(path) = &args.keystore {
        let passwords = args.passwords.to_change(path)?;
        let file = KeystoreFile::open(path, &passwords)?;
        let pkcs8 = file.unlock(file.key_entry(args.alias.as_deref())?)?;
        return Ok((Edited::default(), KeyPair::from_pkcs8(pkcs8.expose()).map_err(unusable)?));
    }
    if let Some(path) = &args.key_file {
        let password = args.passwords.key_password(false)?;
        return Ok((Edited::default(), source::private_key(path, password.as_ref())?.pair));
    }
    let path = args.out_key.as_deref().unwrap_or(Path::new(""));
    let password = args.passwords.key_password(!path.exists())?;
    let password = password.ok_or_else(|| certroll_core::lifecycle::delivery::no_password(path))?;
    key_file::create(path, kind, &password)
}

fn inspect(args: &InspectArgs, context: &mut Context<'_>) -> CommandOutcome {
    let request = csr::read(&args.file)?;
    let text = match args.format.format {
        OutputFormat::Table => {
            let found = Inspected { format: "request", found: vec![InspectedItem::Request(Box::new(request.clone()))] };
            format!("{}{}", inspected::text(&found, context.width()), render::wishes(&request, context.width()))
        }
        format => json::document(&render::document(&args.file, &request), format)?,
    };
    context.data(&text)?;
    Ok(exit::DONE)
}

/// What the inventory says of the key, and the CAs that would stand above the certificate; none where several could sign it.
fn known_at_home(
    issuer: Option<&str>,
    request: &CertificateRequest,
    context: &mut Context<'_>,
) -> Result<(KeyHistory, Vec<Certificate>), Error> {
    let view = context.view()?;
    let history = KeyHistory::of_key(&*view.store, &mut None, &request.spki, true)?;
    let authority = match issuer {
        Some(name) => Some(view.authority(Some(name))?),
        None => view.authority(None).ok(),
    };
    let chain = authority.map(|authority| authority::chain(&view, &authority)).transpose()?.unwrap_or_default();
    Ok((history, chain))
}

fn lint(args: &LintArgs, context: &mut Context<'_>) -> CommandOutcome {
    let request = csr::read(&args.file)?;
    let mut findings = csr_lint::alone(&request);
    if let Some(template) = &args.template {
        let home = home(context)?;
        let place = rules(home.as_ref());
        let (templates, policies) = (config::templates(&place)?, config::policies(&place)?);
        let (history, chain) = match home {
            Some(_) => known_at_home(args.issuer.as_deref(), &request, context)?,
            None => (KeyHistory::default(), Vec::new()),
        };
        let first = || {
            request
                .names
                .first()
                .map(|name| name.to_string().split_once(':').map_or_else(String::new, |(_, rest)| rest.to_owned()))
        };
        let name = args.name.clone().or_else(|| request.subject.common_name()).or_else(first).unwrap_or_default();
        let parameters: BTreeMap<_, _> = args.param.iter().cloned().collect();
        findings.extend(csr_lint::against(
            &request,
            &Against {
                template: session::template(&templates, template)?,
                name: &name,
                parameters: &parameters,
                policies: &policies,
                key_known: history.known,
                key_flaws: &history.flaws,
                chain: &chain,
                now: context.environment.clock.now(),
            },
        ));
    }
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    let text = match args.format.format {
        OutputFormat::Table => render::findings(&findings, context.width()),
        format => json::document(&render::finding_document(&args.file, &findings), format)?,
    };
    context.data(&text)?;
    Ok(match findings.iter().map(|finding| finding.level).max() {
        Some(Level::Error | Level::Expired) => exit::REFUSED,
        Some(Level::Warning) => exit::DUE,
        Some(Level::Note) | None => exit::DONE,
    })
}
