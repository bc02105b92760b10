//! `certroll key`.

mod list;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::keystore::args::report;
use crate::cli::args::{ChangeArgs, FormatArgs, OutputFormat};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::{json, table};
use certroll_core::config::locate;
use certroll_core::config::secrets::SecretSource;
use certroll_core::error::{Error, ErrorKind};
use certroll_core::tools::key_file;
use certroll_pki::container::pem::{self, Label};
use certroll_pki::key::KeyAlgorithm;

/// Make and look into private keys, in files of their own or in hardware tokens. No home is needed
///
/// Keys are written as PKCS#8, encrypted with AES-256 under PBKDF2 with SHA-256: Java and OpenSSL read that. A key is never
/// written in the clear.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    New(NewArgs),
    Inspect(InspectArgs),
    Passwd(PasswdArgs),
    List(list::ListArgs),
}

/// The password of a key.
#[derive(Debug, Args)]
pub(in crate::cli::commands) struct KeypassArgs {
    /// File whose first line is the password of the key (also CERTROLL_KEYPASS in the environment, or a prompt)
    #[arg(long, value_name = "FILE")]
    keypass_file: Option<PathBuf>,
    /// Command that prints the password of the key
    #[arg(long, value_name = "COMMAND", conflicts_with = "keypass_file")]
    keypass_command: Option<String>,
}

impl KeypassArgs {
    pub(in crate::cli::commands) fn source(&self) -> SecretSource {
        let (file, command) = (self.keypass_file.clone(), self.keypass_command.clone());
        SecretSource { title: "password of the key", stem: "keypass", file, command }
    }
}

/// Make a private key
#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// File for the key
    file: PathBuf,
    /// Kind of key: rsa:2048, rsa:3072, rsa:4096, ec:p256, ec:p384, ec:p521 or ed25519
    #[arg(long, value_name = "KEY", default_value = "ec:p256")]
    key: KeyAlgorithm,
    #[command(flatten)]
    keypass: KeypassArgs,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    format: FormatArgs,
}

/// Show the kind, encryption and public key of a private key
///
/// PKCS#8, encrypted or not, PKCS#1 and SEC1 are read. OpenSSL's traditional encryption (Proc-Type) is refused: one round
/// of MD5 protects it.
#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    /// The key, PEM or DER
    file: PathBuf,
    /// Print the public key, PEM
    #[arg(long, conflicts_with = "format")]
    public: bool,
    #[command(flatten)]
    keypass: KeypassArgs,
    #[command(flatten)]
    format: FormatArgs,
}

/// Change the password of a private key, or encrypt one that is not; no copy of the old file stays
#[derive(Debug, Args)]
pub(crate) struct PasswdArgs {
    /// The key: PKCS#8, PKCS#1 or SEC1
    file: PathBuf,
    /// File for the key under its new password [default: the same file]
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// File whose first line is the new password (also CERTROLL_NEW_KEYPASS in the environment, or a prompt)
    #[arg(long, value_name = "FILE")]
    new_keypass_file: Option<PathBuf>,
    /// Command that prints the new password
    #[arg(long, value_name = "COMMAND", conflicts_with = "new_keypass_file")]
    new_keypass_command: Option<String>,
    #[command(flatten)]
    keypass: KeypassArgs,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    format: FormatArgs,
}

pub(super) fn run(command: &KeyCommand, context: &mut Context<'_>) -> CommandOutcome {
    match command {
        KeyCommand::New(args) => new(args, context),
        KeyCommand::Inspect(args) => inspect(args, context),
        KeyCommand::Passwd(args) => passwd(args, context),
        KeyCommand::List(args) => list::list(args, context),
    }
}

fn new(args: &NewArgs, context: &mut Context<'_>) -> CommandOutcome {
    let password = args.keypass.source().require(!args.file.exists())?;
    let (edited, _) = key_file::create(&args.file, args.key, &password.secret)?;
    report(&args.file, &edited, (args.change, args.format), context)
}

fn inspect(args: &InspectArgs, context: &mut Context<'_>) -> CommandOutcome {
    // Looking needs no password; one that is given shows more.
    let source = args.keypass.source();
    let password = if args.public { source.read(false)? } else { source.read_given()? };
    let password = password.map(|password| locate::key_password(&args.file, password.secret)).transpose()?;
    let shown = key_file::inspect(&args.file, password.as_ref())?;
    if args.public {
        let pair = shown.pair.ok_or_else(|| {
            Error::new(ErrorKind::Permission, format!("the key in `{}` is encrypted", args.file.display()))
                .hint("give its password with `--keypass-file FILE` or in CERTROLL_KEYPASS")
        })?;
        context.data(&pem::encode(Label::PublicKey, pair.spki()))?;
        return Ok(exit::DONE);
    }
    let kind = shown.pair.as_ref().map(|pair| pair.algorithm().to_string());
    let spki = shown.pair.as_ref().map(|pair| pair.key_hash().to_string());
    let (algorithm, iterations) = shown.encryption.unzip();
    let text = match args.format.format {
        OutputFormat::Table => {
            let iterations = iterations.flatten().map(|n| format!(", {n} iterations")).unwrap_or_default();
            let encryption = algorithm.map_or_else(|| "none".to_owned(), |name| format!("{name}{iterations}"));
            let certificates = shown.certificates.iter().map(|one| one.display_name()).collect::<Vec<_>>().join("\n");
            let pairs = [
                ("private key", kind.unwrap_or_else(|| "closed: no password was given".to_owned())),
                ("encryption", encryption),
                ("spki sha256", spki.unwrap_or_default()),
                ("certificates", certificates),
            ];
            table::pairs(&pairs, context.width())
        }
        format => json::document(
            &serde_json::json!({
                "schema": "certroll/key/v1",
                "file": args.file.display().to_string(),
                "key": kind,
                "encrypted": algorithm.is_some(),
                "encryption": algorithm,
                "iterations": iterations.flatten(),
                "spki_sha256": spki,
                "certificates": shown.certificates.iter().map(|one| one.fingerprint().to_string()).collect::<Vec<_>>(),
            }),
            format,
        )?,
    };
    context.data(&text)?;
    Ok(exit::DONE)
}

fn passwd(args: &PasswdArgs, context: &mut Context<'_>) -> CommandOutcome {
    let out = args.out.as_ref().unwrap_or(&args.file);
    if let Some(home) = locate::home_of_key(out) {
        let message = format!("`{}` is a key of the home `{}`", out.display(), home.display());
        return Err(Error::new(ErrorKind::Usage, message)
            .because("the home opens all its keys with one passphrase, and could not open this one any more")
            .hint("write the key with its new password to another file: `--out FILE`"));
    }
    let old = args.keypass.source();
    // A key that is not encrypted needs no password to be read.
    let encrypted = key_file::inspect(&args.file, None).is_ok_and(|shown| shown.pair.is_none());
    let old = if encrypted { Some(old.require(false)?) } else { old.read_given()? };
    let old = old.map(|password| locate::key_password(&args.file, password.secret)).transpose()?;
    let new = SecretSource {
        title: "new password of the key",
        stem: "new-keypass",
        file: args.new_keypass_file.clone(),
        command: args.new_keypass_command.clone(),
    };
    let new = new.require(true)?;
    let edited = key_file::change_password(&args.file, out, old.as_ref(), &new.secret)?;
    report(out, &edited, (args.change, args.format), context)
}
