//! Arguments that signing and verifying share.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::StorepassArgs;
use certroll_base::secret::Secret;
use certroll_core::config::secrets::SecretSource;
use certroll_core::error::Error;

/// The form of a signature; CMS when none is said.
#[derive(Clone, Copy, Debug, Args)]
#[group(multiple = false)]
pub(crate) struct FormArgs {
    /// The bare signature, as Java's `Signature` makes and checks it: SHA256withRSA, SHA256withECDSA, SHA384withECDSA, Ed25519
    #[arg(long)]
    pub(crate) raw: bool,
    /// The message in an envelope with time, number and sender, which cannot be replayed (JWS)
    #[arg(long)]
    pub(crate) envelope: bool,
}

/// Where the key's own password comes from, when it is not the keystore's.
#[derive(Clone, Debug, Args)]
pub(crate) struct KeypassArgs {
    /// File whose first line opens the key, when that is another password than the keystore's (also CERTROLL_KEYPASS)
    #[arg(long, value_name = "FILE")]
    keypass_file: Option<PathBuf>,
    /// Command that prints the password of the key, when that is another one than the keystore's
    #[arg(long, value_name = "COMMAND", conflicts_with = "keypass_file")]
    keypass_command: Option<String>,
}

impl KeypassArgs {
    pub(crate) fn read(&self) -> Result<Option<Secret>, Error> {
        let (file, command) = (self.keypass_file.clone(), self.keypass_command.clone());
        let source = SecretSource { title: "password of the key", stem: "keypass", file, command };
        // Without a prompt: most keys have the password of their keystore.
        Ok(source.read_given()?.map(|password| password.secret))
    }
}

/// The common password of keystores, once a file turns out to need it.
pub(crate) fn ask(storepass: &StorepassArgs) -> Result<Secret, Error> {
    storepass.source().require(false).map(|password| password.secret)
}
