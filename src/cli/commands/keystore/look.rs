//! `certroll keystore list`, `inspect`, `diff`, `lint`.

use std::path::PathBuf;

use clap::Args;

use super::args::PasswordArgs;
use crate::cli::args::{ChangeArgs, FormatArgs, OutputFormat};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::{json, keystore as render};
use certroll_core::config::secrets::SecretSource;
use certroll_core::error::Error;
use certroll_core::tools::keystore::file::{KeystoreFile, Passwords};
use certroll_core::tools::keystore::lint::{self, Level};
use certroll_keystore::compare;

/// List the entries
///
/// A JKS is listed without a password too, but then not checked for alteration.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// The keystore
    file: PathBuf,
    #[command(flatten)]
    passwords: PasswordArgs,
    #[command(flatten)]
    format: FormatArgs,
}

/// Show everything: entries with their certificates, algorithms and iterations
#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    #[command(flatten)]
    list: ListArgs,
}

/// Compare two keystores entry by entry, whatever their formats and passwords
///
/// Dates, order and encryption are no differences. Where one of them is PEM, which has no aliases, contents are compared.
#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// One keystore
    first: PathBuf,
    /// The other
    second: PathBuf,
    /// File whose first line opens the second one [default: the password of the first]
    #[arg(long, value_name = "FILE")]
    second_storepass_file: Option<PathBuf>,
    #[command(flatten)]
    passwords: PasswordArgs,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    format: FormatArgs,
}

/// Say what is wrong with a keystore, or soon will be
///
/// Exit codes: 13 for errors such as a key that does not fit its certificate, 12 for expired certificates, 11 for warnings
/// such as weak algorithms, 0 for notes alone or nothing.
#[derive(Debug, Args)]
pub(crate) struct LintArgs {
    /// The keystore
    file: PathBuf,
    #[command(flatten)]
    passwords: PasswordArgs,
    #[command(flatten)]
    format: FormatArgs,
}

fn open(args: &ListArgs) -> Result<KeystoreFile, Error> {
    KeystoreFile::open(&args.file, &args.passwords.to_look(&args.file)?)
}

pub(super) fn list(args: &ListArgs, context: &mut Context<'_>) -> CommandOutcome {
    let file = open(args)?;
    let text = match args.format.format {
        OutputFormat::Table => render::table(&file, context.width()),
        OutputFormat::Json => json::document(&render::document(&file), OutputFormat::Json)?,
        OutputFormat::Ndjson => file
            .entries
            .iter()
            .map(|entry| json::document(&render::entry(&file, entry), OutputFormat::Ndjson))
            .collect::<Result<String, Error>>()?,
    };
    context.data(&text)?;
    Ok(exit::DONE)
}

pub(super) fn inspect(args: &InspectArgs, context: &mut Context<'_>) -> CommandOutcome {
    let args = &args.list;
    let file = open(args)?;
    let text = match args.format.format {
        OutputFormat::Table => render::details(&file, context.width()),
        format => json::document(&render::document(&file), format)?,
    };
    context.data(&text)?;
    Ok(exit::DONE)
}

pub(super) fn diff(args: &DiffArgs, context: &mut Context<'_>) -> CommandOutcome {
    let first_passwords = args.passwords.to_look(&args.first)?;
    let second = SecretSource {
        title: "password of the second keystore",
        stem: "second-storepass",
        file: args.second_storepass_file.clone(),
        command: None,
    };
    let second = second.read_given()?.map(|password| password.secret).or_else(|| first_passwords.store.clone());
    let second_passwords = match second {
        Some(store) => Passwords { store: Some(store), keys: first_passwords.keys.clone() },
        None => args.passwords.to_look(&args.second)?,
    };
    let first = KeystoreFile::open(&args.first, &first_passwords)?;
    let second = KeystoreFile::open(&args.second, &second_passwords)?;
    let by_content = !(first.format.has_aliases && second.format.has_aliases);
    let differences = compare::differences(&opened(&first), &opened(&second), by_content);
    let text = match args.format.format {
        OutputFormat::Table => render::differences(&first, &second, &differences),
        format => json::document(&render::difference_document(&first, &second, &differences), format)?,
    };
    context.data(&text)?;
    Ok(args.change.code(!differences.is_empty()))
}

/// The entries with every key opened that can be: what stays closed is told by its certificate.
fn opened(file: &KeystoreFile) -> Vec<certroll_keystore::Entry> {
    let mut entries = file.entries.clone();
    for (entry, stored) in entries.iter_mut().zip(&file.entries) {
        if let certroll_keystore::Item::Key { key, .. } = &mut entry.item
            && let Ok(plain) = file.unlock(stored)
        {
            *key = certroll_keystore::EntryKey::Plain(plain);
        }
    }
    entries
}

pub(super) fn lint(args: &LintArgs, context: &mut Context<'_>) -> CommandOutcome {
    let passwords = args.passwords.to_look(&args.file)?;
    let findings = lint::lint(&args.file, &passwords, context.environment.clock.now())?;
    let text = match args.format.format {
        OutputFormat::Table => render::findings(&findings, context.width()),
        format => json::document(&render::finding_document(&args.file, &findings), format)?,
    };
    context.data(&text)?;
    Ok(match findings.iter().map(|finding| finding.level).max() {
        Some(Level::Error) => exit::VERIFICATION,
        Some(Level::Expired) => exit::EXPIRED,
        Some(Level::Warning) => exit::DUE,
        Some(Level::Note) | None => exit::DONE,
    })
}
