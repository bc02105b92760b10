//! `certroll keystore create`, `add`, `remove`, `rename`, `passwd`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::args::{PasswordArgs, WriteArgs};
use crate::cli::context::{CommandOutcome, Context};
use certroll_base::secret::Secret;
use certroll_core::config::secrets::SecretSource;
use certroll_core::error::{Error, ErrorKind};
use certroll_core::tools::keystore::edit::{self, Addition, EditRequest};
use certroll_core::tools::keystore::passwords::{self, NewPasswords};
use certroll_core::tools::keystore::{file, source};
use certroll_pki::key::KeyAlgorithm;

/// Make a keystore, empty or with a new key pair
///
/// A new key has no certificate: make its request with `certroll csr new --keystore FILE`, have it signed, and bring the
/// reply in with `certroll keystore import`. For a certificate from a CA of the home, `certroll issue` does all of it.
#[derive(Debug, Args)]
pub(crate) struct CreateArgs {
    /// File to make; the extension decides: .p12 .pfx, .jks .ks, .pem
    file: PathBuf,
    /// Alias of a new key
    #[arg(long, value_name = "ALIAS", requires = "key")]
    alias: Option<String>,
    /// Kind of the new key: rsa:2048, rsa:3072, rsa:4096, ec:p256, ec:p384, ec:p521 or ed25519
    #[arg(long, value_name = "KEY", requires = "alias")]
    key: Option<KeyAlgorithm>,
    /// Put the new keystore in the place of one that is there
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    passwords: PasswordArgs,
    #[command(flatten)]
    write: WriteArgs,
}

/// Add a new key pair, or a certificate to be trusted
#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// The keystore; made when it is missing
    file: PathBuf,
    /// Alias of the entry
    #[arg(long, value_name = "ALIAS")]
    alias: String,
    /// Kind of a new key: rsa:2048, rsa:3072, rsa:4096, ec:p256, ec:p384, ec:p521 or ed25519
    #[arg(long, value_name = "KEY", required_unless_present = "cert", conflicts_with = "cert")]
    key: Option<KeyAlgorithm>,
    /// Certificate to be trusted, PEM or DER or PKCS#7
    #[arg(long, value_name = "FILE")]
    cert: Option<PathBuf>,
    /// Replace what has the alias now
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    passwords: PasswordArgs,
    #[command(flatten)]
    write: WriteArgs,
}

/// Remove entries
#[derive(Debug, Args)]
pub(crate) struct RemoveArgs {
    /// The keystore
    file: PathBuf,
    /// Alias of an entry (repeatable)
    #[arg(long, value_name = "ALIAS", required = true)]
    alias: Vec<String>,
    #[command(flatten)]
    passwords: PasswordArgs,
    #[command(flatten)]
    write: WriteArgs,
}

/// Give an entry another alias
#[derive(Debug, Args)]
pub(crate) struct RenameArgs {
    /// The keystore
    file: PathBuf,
    /// Alias that the entry has
    #[arg(long, value_name = "ALIAS")]
    alias: String,
    /// Alias that it gets
    #[arg(long, value_name = "ALIAS")]
    to: String,
    #[command(flatten)]
    passwords: PasswordArgs,
    #[command(flatten)]
    write: WriteArgs,
}

/// Change the passwords of a keystore, or its encryption; no copy of the old file stays
///
/// In a JKS the keys that the keystore's password opened follow it, unless --new-keypass-file gives them one of their own.
#[derive(Debug, Args)]
pub(crate) struct PasswdArgs {
    /// The keystore
    file: PathBuf,
    /// File whose first line is the new password (also CERTROLL_NEW_STOREPASS in the environment, or a prompt)
    #[arg(long, value_name = "FILE")]
    new_storepass_file: Option<PathBuf>,
    /// Command that prints the new password
    #[arg(long, value_name = "COMMAND", conflicts_with = "new_storepass_file")]
    new_storepass_command: Option<String>,
    /// File whose first line is the new password of the keys of a JKS (also CERTROLL_NEW_KEYPASS in the environment)
    #[arg(long, value_name = "FILE")]
    new_keypass_file: Option<PathBuf>,
    /// Command that prints the new password of the keys of a JKS
    #[arg(long, value_name = "COMMAND", conflicts_with = "new_keypass_file")]
    new_keypass_command: Option<String>,
    #[command(flatten)]
    passwords: PasswordArgs,
    #[command(flatten)]
    write: WriteArgs,
}

pub(super) fn create(args: &CreateArgs, context: &mut Context<'_>) -> CommandOutcome {
    file::by_extension(&args.file)?;
    let passwords = args.passwords.to_change(&args.file)?;
    let choices = args.write.choices(context);
    let request = EditRequest { path: &args.file, passwords: &passwords, choices, replace: args.replace };
    let edited = edit::create(&request, args.alias.as_deref().zip(args.key))?;
    args.write.report(&args.file, &edited, context)
}

pub(super) fn add(args: &AddArgs, context: &mut Context<'_>) -> CommandOutcome {
    let addition = match (&args.cert, args.key) {
        (Some(path), _) => Addition::Trusted(Box::new(one_certificate(path)?)),
        (None, Some(kind)) => Addition::NewKey(kind),
        (None, None) => return Err(Error::new(ErrorKind::Usage, "there is nothing to add")),
    };
    let passwords = args.passwords.to_change(&args.file)?;
    let choices = args.write.choices(context);
    let request = EditRequest { path: &args.file, passwords: &passwords, choices, replace: args.replace };
    let edited = edit::add(&request, &args.alias, &addition)?;
    args.write.report(&args.file, &edited, context)
}

/// An alias is for one certificate.
fn one_certificate(path: &Path) -> Result<certroll_pki::x509::certificate::Certificate, Error> {
    let mut all = source::certificates(path)?;
    match all.len() {
        1 => Ok(all.remove(0)),
        several => Err(Error::new(ErrorKind::Usage, format!("`{}` holds {several} certificates", path.display()))
            .hint(format!("take all of them with `certroll truststore add TRUSTSTORE --cert {}`", path.display()))
            .hint("for the reply to a request use `certroll keystore import`")),
    }
}

pub(super) fn remove(args: &RemoveArgs, context: &mut Context<'_>) -> CommandOutcome {
    let passwords = args.passwords.to_change(&args.file)?;
    let choices = args.write.choices(context);
    let request = EditRequest { path: &args.file, passwords: &passwords, choices, replace: false };
    let edited = edit::remove(&request, &args.alias)?;
    args.write.report(&args.file, &edited, context)
}

pub(super) fn rename(args: &RenameArgs, context: &mut Context<'_>) -> CommandOutcome {
    let passwords = args.passwords.to_change(&args.file)?;
    let choices = args.write.choices(context);
    let request = EditRequest { path: &args.file, passwords: &passwords, choices, replace: false };
    let edited = edit::rename(&request, &args.alias, &args.to)?;
    args.write.report(&args.file, &edited, context)
}

pub(super) fn passwd(args: &PasswdArgs, context: &mut Context<'_>) -> CommandOutcome {
    let passwords = args.passwords.to_change(&args.file)?;
    let choices = args.write.choices(context);
    let keys = SecretSource {
        title: "new password of keys",
        stem: "new-keypass",
        file: args.new_keypass_file.clone(),
        command: args.new_keypass_command.clone(),
    };
    let store = SecretSource {
        title: "new password of the keystore",
        stem: "new-storepass",
        file: args.new_storepass_file.clone(),
        command: args.new_storepass_command.clone(),
    };
    let keys = keys.read_given()?;
    // Where something else is changed, the password of the keystore may stay.
    let may_stay = keys.is_some() || choices.profile.is_some() || choices.iterations.is_some();
    let store = if may_stay { store.read_given()? } else { Some(store.require(true)?) };
    let secret = |password: Option<certroll_core::lifecycle::delivery::Password>| -> Option<Secret> {
        password.map(|p| p.secret)
    };
    let new = NewPasswords { store: secret(store), keys: secret(keys) };
    let edited = passwords::change(&args.file, &passwords, &new, &choices)?;
    args.write.report(&args.file, &edited, context)
}
