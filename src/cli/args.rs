//! Arguments that several commands share, each declared once.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};

use certroll_core::audit::record::facts::Why;
use certroll_core::config::pins::Pins;
use certroll_core::config::secrets::SecretSource;
use certroll_core::destination::kinds::file::OutputFile;
use certroll_keystore::Profile;

/// Arguments of every command.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct GlobalArgs {
    /// Home directory; by default the nearest parent directory holding certroll.toml
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,
    /// File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Command that prints the passphrase of the home
    #[arg(long, global = true, value_name = "COMMAND", conflicts_with = "passphrase_file")]
    pub(crate) passphrase_command: Option<String>,
    /// File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) identity_token_file: Option<PathBuf>,
    /// File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) pin_file: Option<PathBuf>,
    /// Command that prints the PIN of the token that holds a key
    #[arg(long, global = true, value_name = "COMMAND", conflicts_with = "pin_file")]
    pub(crate) pin_command: Option<String>,
    /// Seconds to wait for another run that holds a lock
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 30)]
    pub(crate) lock_timeout: u64,
    /// Say nothing on standard error but warnings and errors
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

impl GlobalArgs {
    pub(crate) fn passphrase(&self) -> SecretSource {
        SecretSource {
            title: "passphrase of the home",
            stem: "passphrase",
            file: self.passphrase_file.clone(),
            command: self.passphrase_command.clone(),
        }
    }

    pub(crate) fn pins(&self) -> Pins {
        Pins::new(self.pin_file.clone(), self.pin_command.clone())
    }

    /// The home as typed, else as the environment says.
    pub(crate) fn home(&self) -> Option<PathBuf> {
        self.home.clone().or_else(|| std::env::var_os("CERTROLL_HOME").filter(|dir| !dir.is_empty()).map(PathBuf::from))
    }
}

/// The password for keystores and keys that leave the home.
#[derive(Clone, Debug, Args)]
pub(crate) struct StorepassArgs {
    /// File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)
    #[arg(long, value_name = "FILE")]
    pub(crate) storepass_file: Option<PathBuf>,
    /// Command that prints the password for keys and keystores
    #[arg(long, value_name = "COMMAND", conflicts_with = "storepass_file")]
    pub(crate) storepass_command: Option<String>,
}

impl StorepassArgs {
    pub(crate) fn source(&self) -> SecretSource {
        SecretSource {
            title: "password for keys and keystores",
            stem: "storepass",
            file: self.storepass_file.clone(),
            command: self.storepass_command.clone(),
        }
    }
}

/// How PKCS#12 is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProfileName {
    /// AES-256 and SHA-256: JDK 8u301, 11.0.12 and later, OpenSSL 1.1 and later, Windows Server 2019 and later
    Modern,
    /// Triple DES and SHA-1, for older Java and Windows
    Compatible,
    /// As modern, with PBMAC1 (RFC 9579) as MAC: OpenSSL 3.4 and later, Java 26
    Fips,
}

#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct ProfileArgs {
    /// How PKCS#12 is encrypted [default: as the file is; modern for a new one]
    #[arg(long, value_enum, value_name = "PROFILE")]
    profile: Option<ProfileName>,
}

impl ProfileArgs {
    pub(crate) fn profile(self) -> Option<Profile> {
        self.profile.map(|profile| match profile {
            ProfileName::Modern => Profile::Modern,
            ProfileName::Compatible => Profile::Compatible,
            ProfileName::Fips => Profile::Fips,
        })
    }
}

/// How results are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// For people
    #[default]
    Table,
    /// One JSON document
    Json,
    /// One JSON document a line
    Ndjson,
}

#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct FormatArgs {
    /// How results are written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: OutputFormat,
}

/// What goes on record about the reason.
#[derive(Clone, Debug, Args)]
pub(crate) struct WhyArgs {
    /// Words for the record
    #[arg(long, value_name = "TEXT")]
    pub(crate) comment: Option<String>,
    /// Ticket for the record
    #[arg(long, value_name = "ID")]
    pub(crate) ticket: Option<String>,
}

impl WhyArgs {
    /// The reason as recorded, under that stable word.
    pub(crate) fn why(&self, code: &str) -> Why {
        Why { code: code.to_owned(), text: self.comment.clone(), ticket: self.ticket.clone(), ..Why::default() }
    }

    pub(crate) fn shared(&self, code: &str) -> Option<Arc<Why>> {
        Some(Arc::new(self.why(code)))
    }
}

/// Says that a file that this program did not write may go.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct ReplaceArgs {
    /// Replace what lies there even if certroll did not write it
    #[arg(long)]
    pub(crate) replace: bool,
}

impl ReplaceArgs {
    /// The file to write.
    pub(crate) fn file(self, path: &std::path::Path) -> OutputFile<'_> {
        OutputFile::new(path).replacing(self.replace)
    }
}

/// Tells scripts whether something changed.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct ChangeArgs {
    /// Exit with 10 instead of 0 when something changed
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
}

impl ChangeArgs {
    pub(crate) fn code(self, changed: bool) -> u8 {
        if changed && self.detailed_exitcode { super::exit::CHANGED } else { super::exit::DONE }
    }
}
