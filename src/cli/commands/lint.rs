//! `certroll lint`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::keystore::args::PasswordArgs;
use super::{csr, issue};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::lint as render;
use certroll_core::config;
use certroll_core::error::{Error, ErrorKind};
use certroll_core::lifecycle::issuance::authority;
use certroll_core::lifecycle::session;
use certroll_core::tools::keystore::file::Passwords;
use certroll_core::tools::lint::{self, AgainstTemplate, LintInputs, LintedObject};
use certroll_pki::lint::{Pack, Severity};
use certroll_pki::x509::certificate::Certificate;

/// Say what is wrong with certificates, CRLs, requests and keystores (RFC 5280)
///
/// Needs no home. Rules that zlint has, too, have its names. Findings name the clause that is broken: a MUST is an error, a SHOULD a
/// warning. With --against, requests and certificates, but not the CAs above them in a chain, are held against a template and the policies,
/// too. Exit codes: 13 for errors,
/// 11 for warnings, 0 for notices alone or nothing.
#[derive(Debug, Args)]
pub(crate) struct LintArgs {
    /// Files: PEM, DER, PKCS#7 or keystores; - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Template that made it, or would make it
    #[arg(long, value_name = "TEMPLATE")]
    against: Option<String>,
    /// Name that the template is given [default: the common name, or the first alternative name]
    #[arg(long, value_name = "NAME", requires = "against")]
    name: Option<String>,
    /// Parameter of the template (repeatable)
    #[arg(long, value_name = "NAME=VALUE", requires = "against", value_parser = issue::parameter)]
    param: Vec<(String, String)>,
    /// CA of the home that signs it [default: the one that signs no other CA]
    #[arg(long, value_name = "NAME", requires = "against")]
    issuer: Option<String>,
    /// Further rules (repeatable)
    #[arg(long, value_enum, value_name = "PACK")]
    pack: Vec<PackName>,
    /// Rule that is not looked at, by its name (repeatable)
    #[arg(long, value_name = "LINT")]
    ignore: Vec<String>,
    #[command(flatten)]
    passwords: PasswordArgs,
    /// How findings are written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: LintFormat,
}

/// A set of rules beyond RFC 5280.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PackName {
    /// Baseline Requirements of the CA/Browser Forum for publicly trusted TLS certificates
    Cabf,
}

/// How findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LintFormat {
    /// For people
    #[default]
    Table,
    /// One JSON document
    Json,
    /// One JSON document a line, one for each finding
    Ndjson,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML, for continuous integration
    Junit,
}

pub(super) fn run(args: &LintArgs, context: &mut Context<'_>) -> CommandOutcome {
    check_ignored(&args.ignore)?;
    let packs: Vec<Pack> = args.pack.iter().map(|PackName::Cabf| Pack::Cabf).collect();
    let parameters: BTreeMap<_, _> = args.param.iter().cloned().collect();
    let found = match &args.against {
        None => files(args, context, &packs, None)?,
        Some(template) => {
            let home = csr::home(context)?;
            let place = csr::rules(home.as_ref());
            let (templates, policies) = (config::templates(&place)?, config::policies(&place)?);
            let chain = if home.is_some() { chain(args.issuer.as_deref(), context)? } else { Vec::new() };
            let against = AgainstTemplate {
                template: session::template(&templates, template)?,
                policies: &policies,
                name: args.name.as_deref(),
                parameters: &parameters,
                chain: &chain,
                now: context.environment.clock.now(),
            };
            files(args, context, &packs, Some(&against))?
        }
    };
    let text = match args.format {
        LintFormat::Table => render::table(&found, context.width()),
        LintFormat::Json => render::json(&found)?,
        LintFormat::Ndjson => render::ndjson(&found)?,
        LintFormat::Sarif => render::sarif(&found)?,
        LintFormat::Junit => render::junit(&found),
    };
    context.data(&text)?;
    let worst = found.iter().flat_map(|(_, objects)| objects).flat_map(|object| &object.findings);
    Ok(match worst.map(|finding| finding.severity).max() {
        Some(Severity::Error) => exit::VERIFICATION,
        Some(Severity::Warning) => exit::DUE,
        Some(Severity::Notice) | None => exit::DONE,
    })
}

/// What was found in each file.
fn files(
    args: &LintArgs,
    context: &Context<'_>,
    packs: &[Pack],
    against: Option<&AgainstTemplate<'_>>,
) -> Result<Vec<(PathBuf, Vec<LintedObject>)>, Error> {
    let mut found = Vec::with_capacity(args.files.len());
    for path in &args.files {
        let is_input = path.as_os_str() == "-";
        let passwords = if is_input { Passwords::default() } else { args.passwords.to_look(path)? };
        let now = context.environment.clock.now();
        let inputs = LintInputs { packs, against, ignored: &args.ignore, passwords: &passwords, now };
        found.push((path.clone(), lint::file(path, &inputs)?));
    }
    Ok(found)
}

/// The CAs that would stand above the certificate; none where several could sign it.
fn chain(issuer: Option<&str>, context: &Context<'_>) -> Result<Vec<Certificate>, Error> {
    let view = context.view()?;
    let authority = match issuer {
        Some(name) => Some(view.authority(Some(name))?),
        None => view.authority(None).ok(),
    };
    Ok(authority.map(|authority| authority::chain(&view, &authority)).transpose()?.unwrap_or_default())
}

/// A rule of the table whose name is misspelt would be looked at all the same, and nobody would know why.
fn check_ignored(ignored: &[String]) -> Result<(), Error> {
    let known = |name: &&String| name.contains('/') || certroll_pki::lint::all().any(|lint| lint.id == **name);
    match ignored.iter().find(|name| !known(name)) {
        None => Ok(()),
        Some(unknown) => Err(Error::new(ErrorKind::Usage, format!("there is no lint `{unknown}`"))
            .hint("a finding says the name of its lint")),
    }
}
