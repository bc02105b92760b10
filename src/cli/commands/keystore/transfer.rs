//! `certroll keystore import`, `export`, `convert`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::args::{PasswordArgs, WriteArgs, report};
use crate::cli::args::{ChangeArgs, FormatArgs, ReplaceArgs};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use certroll_core::config::secrets::SecretSource;
use certroll_core::error::{Error, ErrorKind};
use certroll_core::tools::keystore::edit::EditRequest;
use certroll_core::tools::keystore::file::{Edited, KeystoreFile, Passwords, by_extension};
use certroll_core::tools::keystore::import::{self, ImportRequest};
use certroll_core::tools::keystore::transfer::{self, TransferRequest};
use certroll_core::tools::keystore::{export, source};
use certroll_keystore::{EntryKey, formats};

/// Import a CA's reply to a key of the keystore, a key with its chain, or entries of another keystore
///
/// The chain is put together from the certificates given, in any order, and from those in the keystore, and verified down to
/// the key.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The keystore
    file: PathBuf,
    /// Alias of the entry [default: the only key]
    #[arg(long, value_name = "ALIAS")]
    alias: Option<String>,
    /// Reply, intermediate or root; PEM, DER or PKCS#7 (repeatable)
    #[arg(long, value_name = "FILE", required_unless_present_any = ["from", "key_file"], conflicts_with = "from")]
    cert: Vec<PathBuf>,
    /// Private key that is not in the keystore yet: PKCS#8, PKCS#1 or SEC1; its password is that of --keypass-file
    #[arg(long, value_name = "FILE", conflicts_with = "from")]
    key_file: Option<PathBuf>,
    /// Take the chain although it ends before a root
    #[arg(long, conflicts_with = "from")]
    partial_chain: bool,
    /// Keystore to take entries from: the one of --alias, or all
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Alias that the entry gets here
    #[arg(long, value_name = "ALIAS", requires = "from", conflicts_with_all = ["cert", "key_file"])]
    to_alias: Option<String>,
    /// Trust certificates that have no mark of trust there, as `openssl pkcs12 -nokeys` makes them
    #[arg(long, requires = "from", conflicts_with_all = ["cert", "key_file"])]
    mark_trusted: bool,
    /// Leave attributes behind that only PKCS#12 can hold
    #[arg(long, requires = "from", conflicts_with_all = ["cert", "key_file"])]
    drop_attributes: bool,
    /// Replace what has the alias now
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    from_passwords: FromPasswordArgs,
    #[command(flatten)]
    passwords: PasswordArgs,
    #[command(flatten)]
    write: WriteArgs,
}

/// The passwords of a keystore that entries are taken from.
#[derive(Debug, Args)]
struct FromPasswordArgs {
    /// File whose first line opens the keystore that is read [default: the password of the other one]
    #[arg(long, value_name = "FILE")]
    from_storepass_file: Option<PathBuf>,
    /// File whose first line opens the keys of the keystore that is read, if it is a JKS with a password for them
    #[arg(long, value_name = "FILE")]
    from_keypass_file: Option<PathBuf>,
}

impl FromPasswordArgs {
    fn passwords(&self, otherwise: &Passwords) -> Result<Passwords, Error> {
        let source =
            |title, stem, file: &Option<PathBuf>| SecretSource { title, stem, file: file.clone(), command: None };
        let store = source("password of the keystore that is read", "from-storepass", &self.from_storepass_file);
        let keys = source("password of its keys", "from-keypass", &self.from_keypass_file);
        let store = store.read_given()?.map(|password| password.secret).or_else(|| otherwise.store.clone());
        Ok(Passwords { store, keys: keys.read_given()?.map(|password| password.secret) })
    }
}

/// Write the certificates of an entry, or its private key, to files of their own
///
/// Without a file the certificates go to standard output in PEM. A key is written encrypted, under the keystore's password
/// or that of --out-keypass-file.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The keystore
    file: PathBuf,
    /// Alias of the entry [default: the only key]
    #[arg(long, value_name = "ALIAS")]
    alias: Option<String>,
    /// File for the certificates, PEM; .der and .cer for the first one in DER
    #[arg(long, value_name = "FILE")]
    out_cert: Option<PathBuf>,
    /// File for the private key, encrypted PKCS#8 in PEM
    #[arg(long, value_name = "FILE")]
    out_key: Option<PathBuf>,
    /// The entry's own certificate alone, without its chain
    #[arg(long)]
    no_chain: bool,
    /// File whose first line protects the key in its new file [default: the password of the keystore]
    #[arg(long, value_name = "FILE", requires = "out_key")]
    out_keypass_file: Option<PathBuf>,
    #[command(flatten)]
    replace: ReplaceArgs,
    #[command(flatten)]
    passwords: PasswordArgs,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    format: FormatArgs,
}

/// Write a keystore anew in another format: JKS, PKCS#12 or PEM
///
/// Every entry comes along, or the command stops and names the one that cannot.
#[derive(Debug, Args)]
pub(crate) struct ConvertArgs {
    /// The keystore that is read; JCEKS too, if it holds trusted certificates only
    file: PathBuf,
    /// File to write; the extension decides: .p12 .pfx, .jks .ks, .pem
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
    /// Trust certificates that have no mark of trust, as `openssl pkcs12 -nokeys` makes them
    #[arg(long)]
    mark_trusted: bool,
    /// Leave attributes behind that only PKCS#12 can hold, such as those of Windows
    #[arg(long)]
    drop_attributes: bool,
    /// Replace entries that are there and differ
    #[arg(long)]
    replace: bool,
    /// File whose first line protects the new keystore [default: the password of the old one]
    #[arg(long, value_name = "FILE")]
    out_storepass_file: Option<PathBuf>,
    /// File whose first line protects the keys of a new JKS, if not its own password
    #[arg(long, value_name = "FILE")]
    out_keypass_file: Option<PathBuf>,
    #[command(flatten)]
    passwords: PasswordArgs,
    #[command(flatten)]
    write: WriteArgs,
}

pub(super) fn import(args: &ImportArgs, context: &mut Context<'_>) -> CommandOutcome {
    let mut passwords = args.passwords.to_change(&args.file)?;
    let choices = args.write.choices(context);
    if let Some(from) = &args.from {
        let from_passwords = args.from_passwords.passwords(&passwords)?;
        let request = EditRequest { path: &args.file, passwords: &passwords, choices, replace: args.replace };
        let (alias, to_alias) = (args.alias.as_deref(), args.to_alias.as_deref());
        let (mark_trusted, drop_attributes) = (args.mark_trusted, args.drop_attributes);
        let from_passwords = &from_passwords;
        let asked = TransferRequest { from, from_passwords, alias, to_alias, mark_trusted, drop_attributes };
        let edited = transfer::transfer(&request, &asked).map_err(|error| match error.kind {
            ErrorKind::Permission => {
                error.hint("for the keystore that is read: `--from-storepass-file`, `--from-keypass-file`")
            }
            _ => error,
        })?;
        return args.write.report(&args.file, &edited, context);
    }
    let mut certificates = source::all_certificates(&args.cert)?;
    let key = match &args.key_file {
        None => None,
        Some(path) => {
            let password = passwords.keys.as_ref().or(passwords.store.as_ref());
            let key = source::private_key(path, password)?;
            // There the password opened the key that was brought; only some formats give it another one here.
            if by_extension(&args.file).is_ok_and(|format| !format.keys_open_apart) {
                passwords.keys = None;
            }
            certificates.extend(key.certificates);
            Some(EntryKey::Plain(key.pkcs8))
        }
    };
    let (alias, partial) = (args.alias.as_deref(), args.partial_chain);
    let request = EditRequest { path: &args.file, passwords: &passwords, choices, replace: args.replace };
    let edited = import::import(&request, &ImportRequest { alias, certificates: &certificates, key, partial })?;
    args.write.report(&args.file, &edited, context)
}

pub(super) fn export(args: &ExportArgs, context: &mut Context<'_>) -> CommandOutcome {
    let mut passwords = args.passwords.to_look(&args.file)?;
    if args.out_key.is_some() && passwords.store.is_none() {
        passwords.store = Some(args.passwords.storepass.source().require(false)?.secret);
    }
    let file = KeystoreFile::open(&args.file, &passwords)?;
    let entry = file.key_entry(args.alias.as_deref())?;
    let mut edited = Edited::default();
    if let Some(out) = &args.out_key {
        let pkcs8 = file.unlock(entry)?;
        let source = SecretSource {
            title: "password of the key in its new file",
            stem: "out-keypass",
            file: args.out_keypass_file.clone(),
            command: None,
        };
        let password = match source.read_given()? {
            Some(password) => password.secret,
            None => passwords.store(&args.file)?.clone(),
        };
        join(&mut edited, export::write_key(out, &pkcs8, &password, args.replace.replace)?);
    }
    if args.out_cert.is_some() || args.out_key.is_none() {
        let text = export::certificates(&file, entry, args.no_chain)?;
        let Some(out) = &args.out_cert else {
            context.data(&text)?;
            return Ok(exit::DONE);
        };
        join(&mut edited, export::write_certificates(out, &text, args.replace.replace)?);
    }
    report(&args.file, &edited, (args.change, args.format), context)
}

fn join(edited: &mut Edited, more: Edited) {
    edited.changed |= more.changed;
    edited.said.extend(more.said);
}

pub(super) fn convert(args: &ConvertArgs, context: &mut Context<'_>) -> CommandOutcome {
    by_extension(&args.out)?;
    if same_file(&args.file, &args.out) {
        return Err(Error::new(ErrorKind::Usage, "a keystore cannot be converted into itself")
            .hint("name another file, or change its encryption with `certroll keystore passwd --profile PROFILE`"));
    }
    let from_passwords = args.passwords.to_look(&args.file)?;
    let source = |title, stem, file: &Option<PathBuf>| SecretSource { title, stem, file: file.clone(), command: None };
    let store = source("password of the new keystore", "out-storepass", &args.out_storepass_file);
    let keys = source("password of its keys", "out-keypass", &args.out_keypass_file);
    let store = match store.read_given()?.map(|password| password.secret).or_else(|| from_passwords.store.clone()) {
        Some(store) => store,
        None => args.passwords.storepass.source().require(!args.out.exists())?.secret,
    };
    let passwords = Passwords { store: Some(store), keys: keys.read_given()?.map(|password| password.secret) };
    let choices = args.write.choices(context);
    let request = EditRequest { path: &args.out, passwords: &passwords, choices, replace: args.replace };
    let asked = TransferRequest {
        from: &args.file,
        from_passwords: &from_passwords,
        alias: None,
        to_alias: None,
        mark_trusted: args.mark_trusted,
        drop_attributes: args.drop_attributes,
    };
    let edited = transfer::transfer(&request, &asked)?;
    if let Some(caution) = formats::by_extension(&args.out).and_then(|format| format.caution).filter(|_| edited.changed)
    {
        context.say(caution);
    }
    args.write.report(&args.out, &edited, context)
}

fn same_file(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}
