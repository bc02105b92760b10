//! `certroll truststore`.

use certroll_pki::digest::Fingerprint;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::keystore::args::WriteArgs;
use crate::cli::args::{ChangeArgs, FormatArgs, OutputFormat, StorepassArgs, WhyArgs};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::{json, truststore as render};
use certroll_core::config::locate;
use certroll_core::error::{Error, ErrorKind};
use certroll_core::lifecycle::delivery::Password;
use certroll_core::lifecycle::truststore::edit::{self, TrustSelector, TrustedCertificate};
use certroll_core::lifecycle::truststore::open::Truststore;
use certroll_core::lifecycle::truststore::remember::{self, TruststoreChange};
use certroll_core::lifecycle::truststore::sync;
use certroll_core::tools::keystore::edit::EditRequest;
use certroll_core::tools::keystore::file::{Passwords, by_extension};
use certroll_core::tools::keystore::source;
use certroll_keystore::formats;

/// Make and change truststores: JKS and PKCS#12 that Java reads, and PEM bundles for everybody else
///
/// With a home, what is put where is on record, and `truststore sync` takes revoked CAs out of every truststore again.
/// Without one, or with --no-home, only the file is changed.
#[derive(Debug, Subcommand)]
pub(crate) enum TruststoreCommand {
    Create(AddArgs),
    Add(AddArgs),
    #[command(visible_alias = "rm")]
    Remove(RemoveArgs),
    #[command(visible_alias = "ls")]
    List(ListArgs),
    Sync(SyncArgs),
    #[command(alias = "forget")]
    Untrack(UntrackArgs),
}

/// Put certificates into a truststore, which is made if it is missing
#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// The truststore; the extension of a new one decides: .p12 .pfx, .jks .ks, .pem .crt
    file: PathBuf,
    /// CA of the home, with those above it (repeatable)
    #[arg(long, value_name = "NAME", required_unless_present = "cert", conflicts_with = "no_home")]
    ca: Vec<String>,
    /// File with certificates, PEM or DER or PKCS#7 (repeatable)
    #[arg(long, value_name = "FILE")]
    cert: Vec<PathBuf>,
    /// Alias, for one certificate [default: the name of the CA, or of the certificate]
    #[arg(long, value_name = "ALIAS", conflicts_with = "ca")]
    alias: Option<String>,
    /// Replace another trusted certificate that has the alias now
    #[arg(long)]
    replace: bool,
    /// Change the file alone, and remember nothing
    #[arg(long)]
    no_home: bool,
    #[command(flatten)]
    storepass: StorepassArgs,
    #[command(flatten)]
    why: WhyArgs,
    #[command(flatten)]
    write: WriteArgs,
}

/// Take certificates out of a truststore
#[derive(Debug, Args)]
pub(crate) struct RemoveArgs {
    /// The truststore
    file: PathBuf,
    /// Alias of a certificate (repeatable)
    #[arg(long, value_name = "ALIAS", required_unless_present_any = ["cert", "sha256"])]
    alias: Vec<String>,
    /// File with the certificates to take out (repeatable)
    #[arg(long, value_name = "FILE")]
    cert: Vec<PathBuf>,
    /// SHA-256 fingerprint of a certificate, with or without colons (repeatable)
    #[arg(long, value_name = "FINGERPRINT", value_parser = fingerprint)]
    sha256: Vec<Fingerprint>,
    /// Change the file alone, and record nothing
    #[arg(long)]
    no_home: bool,
    #[command(flatten)]
    storepass: StorepassArgs,
    #[command(flatten)]
    why: WhyArgs,
    #[command(flatten)]
    write: WriteArgs,
}

/// List what a truststore trusts, or without a file what the home knows of all truststores
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// The truststore
    file: Option<PathBuf>,
    #[command(flatten)]
    storepass: StorepassArgs,
    #[command(flatten)]
    format: FormatArgs,
}

/// Take revoked and expired CAs out of every truststore that the home knows, and put the current ones in
///
/// A truststore gets only CAs that were put into it by name. Each is opened with the password file it was made with, else
/// with the password given.
#[derive(Debug, Args)]
pub(crate) struct SyncArgs {
    #[command(flatten)]
    storepass: StorepassArgs,
    #[command(flatten)]
    why: WhyArgs,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    format: FormatArgs,
}

/// Look after a truststore no longer; the file stays as it is
#[derive(Debug, Args)]
pub(crate) struct UntrackArgs {
    /// The truststore
    file: PathBuf,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    format: FormatArgs,
}

fn fingerprint(text: &str) -> Result<Fingerprint, String> {
    let plain: String = text.chars().filter(|c| *c != ':').collect();
    Fingerprint::from_hex(&plain).ok_or_else(|| "expected 64 hexadecimal digits".to_owned())
}

pub(super) fn run(command: &TruststoreCommand, context: &mut Context<'_>) -> CommandOutcome {
    match command {
        TruststoreCommand::Create(args) => create(args, context),
        TruststoreCommand::Add(args) => add(args, context),
        TruststoreCommand::Remove(args) => remove(args, context),
        TruststoreCommand::List(args) => list(args, context),
        TruststoreCommand::Sync(args) => sync(args, context),
        TruststoreCommand::Untrack(args) => untrack(args, context),
    }
}

/// Whether a home is there to remember things; one that was named must be there.
fn has_home(no_home: bool, context: &Context<'_>) -> Result<bool, Error> {
    let given = context.global.home();
    match locate::home(given.as_deref()) {
        _ if no_home => Ok(false),
        Ok(_) => Ok(true),
        Err(error) if given.is_some() => Err(error),
        Err(_) => Ok(false),
    }
}

/// The password of a truststore; PEM has none.
fn password(path: &Path, storepass: &StorepassArgs, look: bool) -> Result<Option<Password>, Error> {
    let format = match certroll_base::input::read(path) {
        Ok(bytes) => formats::detect(&bytes).or_else(|| formats::by_extension(path)),
        Err(_) => Some(by_extension(path)?),
    };
    match format {
        Some(format) if format.holds_bare_certificates => Ok(None),
        _ if look => storepass.source().read(false),
        _ => storepass.source().require(!path.exists()).map(Some),
    }
}

fn passwords(password: Option<&Password>) -> Passwords {
    Passwords { store: password.map(|password| password.secret.clone()), keys: None }
}

/// As adding, but there must be nothing else yet.
fn create(args: &AddArgs, context: &mut Context<'_>) -> CommandOutcome {
    if args.file.exists() && !args.replace {
        let password = password(&args.file, &args.storepass, true)?;
        let there = Truststore::open(&args.file, &passwords(password.as_ref()))?.trusted();
        let wanted = wanted(args, context)?;
        let missing = wanted.iter().any(|one| !there.iter().any(|entry| entry.der == one.certificate.as_der()));
        if missing {
            let path = args.file.display();
            return Err(Error::new(ErrorKind::Usage, format!("`{path}` is there already, without these certificates"))
                .hint(format!("add to it with `certroll truststore add {path} --ca NAME`, or choose another name")));
        }
    }
    add(args, context)
}

fn wanted(args: &AddArgs, context: &Context<'_>) -> Result<Vec<TrustedCertificate>, Error> {
    let mut wanted: Vec<TrustedCertificate> = Vec::new();
    for name in &args.ca {
        wanted.extend(remember::of_authority(&context.view()?, name)?);
    }
    for certificate in source::all_certificates(&args.cert)? {
        wanted.push(TrustedCertificate { certificate, alias: args.alias.clone(), authority: None });
    }
    let mut seen = Vec::new();
    wanted.retain(|one| {
        let new = !seen.contains(&one.certificate.fingerprint());
        seen.push(one.certificate.fingerprint());
        new
    });
    if args.alias.is_some() && wanted.len() > 1 {
        return Err(Error::new(ErrorKind::Usage, format!("{} certificates cannot have one alias", wanted.len()))
            .hint("leave `--alias` out, or add them one by one"));
    }
    Ok(wanted)
}

fn add(args: &AddArgs, context: &mut Context<'_>) -> CommandOutcome {
    let wanted = wanted(args, context)?;
    let password = password(&args.file, &args.storepass, false)?;
    let passwords = passwords(password.as_ref());
    let choices = args.write.choices(context);
    let request = EditRequest { path: &args.file, passwords: &passwords, choices, replace: args.replace };
    let done = if has_home(args.no_home, context)? {
        let mut session = context.session()?;
        let why = args.why.why("manual");
        let remembering = TruststoreChange { password_file: password.and_then(|password| password.file), why: &why };
        remember::add(&mut session, &request, &wanted, &remembering)?
    } else {
        edit::add(&request, &wanted)?
    };
    args.write.report(&args.file, &done.edited, context)
}

fn remove(args: &RemoveArgs, context: &mut Context<'_>) -> CommandOutcome {
    let mut which: Vec<TrustSelector> = args.alias.iter().cloned().map(TrustSelector::Alias).collect();
    which
        .extend(source::all_certificates(&args.cert)?.into_iter().map(|one| TrustSelector::Certificate(Box::new(one))));
    which.extend(args.sha256.iter().copied().map(TrustSelector::Fingerprint));
    let password = password(&args.file, &args.storepass, false)?;
    let passwords = passwords(password.as_ref());
    let choices = args.write.choices(context);
    let request = EditRequest { path: &args.file, passwords: &passwords, choices, replace: false };
    let done = if has_home(args.no_home, context)? {
        remember::remove(&mut context.session()?, &request, &which, &args.why.why("manual"))?
    } else {
        edit::remove(&request, &which)?
    };
    args.write.report(&args.file, &done.edited, context)
}

fn list(args: &ListArgs, context: &mut Context<'_>) -> CommandOutcome {
    let format = args.format.format;
    let text = match &args.file {
        Some(path) => {
            if !path.exists() {
                let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
                return Err(Error::file(path, "read", missing));
            }
            let password = password(path, &args.storepass, true)?;
            let store = Truststore::open(path, &passwords(password.as_ref()))?;
            let trusted = store.trusted();
            match format {
                OutputFormat::Table => render::table(&trusted, context.width()),
                format => {
                    let items: Vec<_> = trusted.iter().map(render::entry).collect();
                    json::list("certroll/truststore/v1", "trusted", &items, format)?
                }
            }
        }
        None => {
            let view = context.view()?;
            let stale = sync::stale(&*view.store, view.clock.now())?;
            let rows = view.store.truststores()?;
            match format {
                OutputFormat::Table => render::known_table(&rows, &stale, context.width()),
                format => {
                    let items: Vec<_> = rows.iter().map(|row| render::known(row, &stale)).collect();
                    json::list("certroll/truststores/v1", "truststores", &items, format)?
                }
            }
        }
    };
    context.data(&text)?;
    Ok(exit::DONE)
}

fn sync(args: &SyncArgs, context: &mut Context<'_>) -> CommandOutcome {
    let password = args.storepass.source().read_given()?;
    synchronise(&passwords(password.as_ref()), &args.why.why("manual"), (args.change, args.format), context)
}

/// Brings every known truststore up to date and tells of each.
pub(super) fn synchronise(
    passwords: &Passwords,
    why: &certroll_core::audit::record::facts::Why,
    (change, format): (ChangeArgs, FormatArgs),
    context: &mut Context<'_>,
) -> CommandOutcome {
    let mut session = context.session()?;
    let synced = sync::sync(&mut session, passwords, why)?;
    let (mut changed, mut failed) = (false, 0);
    if synced.is_empty() {
        context.say("the home knows no truststore: make one with `certroll truststore create FILE --ca NAME`");
    }
    for one in &synced {
        match &one.result {
            Ok(edited) => {
                changed |= edited.changed;
                edited.said.iter().for_each(|line| context.say(line));
            }
            Err(error) => {
                failed += 1;
                crate::cli::error::show(&mut context.environment.output, error);
            }
        }
    }
    if format.format != OutputFormat::Table {
        let items: Vec<_> = synced.iter().map(render::synced).collect();
        context.data(&json::list("certroll/truststore-sync/v1", "truststores", &items, format.format)?)?;
    }
    Ok(if failed > 0 { exit::PARTIAL } else { change.code(changed) })
}

fn untrack(args: &UntrackArgs, context: &mut Context<'_>) -> CommandOutcome {
    let edited = sync::untrack(&mut context.session()?, &args.file)?;
    super::keystore::args::report(&args.file, &edited, (args.change, args.format), context)
}
