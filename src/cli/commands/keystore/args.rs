//! Arguments that several commands on keystores share.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::args::{ChangeArgs, FormatArgs, OutputFormat, ProfileArgs, StorepassArgs};
use crate::cli::context::Context;
use crate::cli::render::json;
use certroll_core::config::secrets::SecretSource;
use certroll_core::error::Error;
use certroll_core::tools::keystore::file::{Choices, Edited, Passwords};
use certroll_keystore::formats;

/// The passwords of a keystore.
#[derive(Clone, Debug, Args)]
pub(crate) struct PasswordArgs {
    #[command(flatten)]
    pub(crate) storepass: StorepassArgs,
    /// File whose first line protects the keys of a JKS, if not the keystore's (also CERTROLL_KEYPASS in the environment)
    #[arg(long, value_name = "FILE")]
    keypass_file: Option<PathBuf>,
    /// Command that prints the password of the keys of a JKS, if it is not the keystore's
    #[arg(long, value_name = "COMMAND", conflicts_with = "keypass_file")]
    keypass_command: Option<String>,
}

impl PasswordArgs {
    fn keys(&self) -> SecretSource {
        let (file, command) = (self.keypass_file.clone(), self.keypass_command.clone());
        SecretSource { title: "password of keys", stem: "keypass", file, command }
    }

    /// For looking: PEM is not asked for a password, and JKS does without one.
    pub(crate) fn to_look(&self, path: &Path) -> Result<Passwords, Error> {
        let bytes = certroll_base::input::read(path).map_err(|error| Error::file(path, "read", error))?;
        let authenticated = formats::detect(&bytes).is_some_and(|format| format.authenticated);
        let source = self.storepass.source();
        let store = if authenticated { source.read(false)? } else { source.read_given()? };
        Ok(Passwords { store: store.map(|password| password.secret), keys: self.keys_given()? })
    }

    /// For changing: there must be one.
    pub(crate) fn to_change(&self, path: &Path) -> Result<Passwords, Error> {
        let store = self.storepass.source().require(!path.exists())?;
        Ok(Passwords { store: Some(store.secret), keys: self.keys_given()? })
    }

    /// The password of a key in a file of its own: that of keys, else that of keystores.
    pub(crate) fn key_password(&self, new: bool) -> Result<Option<certroll_base::secret::Secret>, Error> {
        match self.keys_given()? {
            Some(keys) => Ok(Some(keys)),
            None => Ok(self.storepass.source().read(new)?.map(|password| password.secret)),
        }
    }

    pub(crate) fn keys_given(&self) -> Result<Option<certroll_base::secret::Secret>, Error> {
        Ok(self.keys().read_given()?.map(|password| password.secret))
    }
}

/// How a keystore is written.
#[derive(Clone, Debug, Args)]
pub(crate) struct WriteArgs {
    #[command(flatten)]
    profile: ProfileArgs,
    /// Iterations of key derivation and MAC of PKCS#12, and of keys in PEM [default: as the file has, if more than 10000; else 100000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    iterations: Option<u32>,
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
    #[command(flatten)]
    pub(crate) format: FormatArgs,
}

impl WriteArgs {
    pub(crate) fn choices(&self, context: &Context<'_>) -> Choices {
        Choices { profile: self.profile.profile(), iterations: self.iterations, now: context.environment.clock.now() }
    }

    /// What was done, for a person or a program; the exit code.
    pub(crate) fn report(&self, path: &Path, edited: &Edited, context: &mut Context<'_>) -> Result<u8, Error> {
        report(path, edited, (self.change, self.format), context)
    }
}

/// What was done to a file, for a person or a program; the exit code.
pub(crate) fn report(
    path: &Path,
    edited: &Edited,
    (change, format): (ChangeArgs, FormatArgs),
    context: &mut Context<'_>,
) -> Result<u8, Error> {
    for line in &edited.said {
        context.say(line);
    }
    if format.format != OutputFormat::Table {
        let document = serde_json::json!({
            "schema": "certroll/file-change/v1",
            "file": path.display().to_string(),
            "changed": edited.changed,
            "messages": edited.said,
        });
        context.data(&json::document(&document, format.format)?)?;
    }
    Ok(change.code(edited.changed))
}
