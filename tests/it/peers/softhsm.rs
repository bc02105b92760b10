//! SoftHSM: a PKCS#11 token in software, with a configuration and a directory of tokens of the test's own.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Output, command, run};

/// Where Debian's package puts the module.
pub(crate) const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
/// The PIN of the user of every token here.
pub(crate) const PIN: &str = "MARK-pin-5d20";
const SECURITY_OFFICER_PIN: &str = "87654321";

/// Tokens below one directory. Programs find them by the variable `SOFTHSM2_CONF`.
pub(crate) struct SoftHsm {
    configuration: PathBuf,
}

impl SoftHsm {
    /// Prepares `directory` for tokens; there are none yet.
    pub(crate) fn new(directory: &Path) -> Self {
        let (tokens, configuration) = (directory.join("tokens"), directory.join("softhsm2.conf"));
        fs::create_dir_all(&tokens).expect("a directory can be made");
        let text =
            format!("directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n", tokens.display());
        fs::write(&configuration, text).expect("a file can be written");
        Self { configuration }
    }

    /// The value of `SOFTHSM2_CONF`.
    pub(crate) fn configuration(&self) -> &Path {
        &self.configuration
    }

    /// Initialises a further token.
    pub(crate) fn add_token(&self, label: &str) {
        let pins = ["--so-pin", SECURITY_OFFICER_PIN, "--pin", PIN];
        self.util(&[&["--init-token", "--free", "--label", label], &pins[..]].concat())
            .expect_success("softhsm2-util --init-token");
    }

    /// Brings an unencrypted PKCS#8 key into a token.
    pub(crate) fn import(&self, token: &str, key: &Path, label: &str, id: &str) {
        let key = key.display().to_string();
        let args = ["--import", &key, "--token", token, "--label", label, "--id", id, "--pin", PIN];
        self.util(&args).expect_success("softhsm2-util --import");
    }

    fn util(&self, args: &[&str]) -> Output {
        run(command("softhsm2-util").args(args).env("SOFTHSM2_CONF", &self.configuration), b"")
    }
}
