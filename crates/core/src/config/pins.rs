//! The PINs of tokens: from a flag, from where a key's reference says, from the environment, or asked for.

use std::path::{Path, PathBuf};

use super::secrets::{self, SecretSource};
use crate::signer::{KeyAccess, PinSource};
use certroll_base::secret::Secret;

/// The ways to PINs. What is typed goes before what a reference says, and that before the environment, which knows of one
/// PIN only.
#[derive(Clone, Debug)]
pub struct Pins {
    source: SecretSource,
    /// The libraries that may be loaded; `None` where no home decides, and what was typed just now is meant.
    modules: Option<Vec<PathBuf>>,
}

impl Pins {
    /// With what was typed: a file whose first line it is, or a command that prints it.
    pub fn new(file: Option<PathBuf>, command: Option<String>) -> Self {
        Self { source: SecretSource { title: "PIN of the token", stem: "pin", file, command }, modules: None }
    }

    /// The same, for keys of a home whose settings list these libraries.
    #[must_use]
    pub fn with_modules(self, modules: &[PathBuf]) -> Self {
        Self { modules: Some(modules.to_vec()), ..self }
    }
}

impl KeyAccess for Pins {
    fn pin(
        &self,
        token: &str,
        source: Option<&PinSource>,
    ) -> Result<Option<Secret>, Box<dyn std::error::Error + Send + Sync>> {
        let typed = self.source.file.is_some() || self.source.command.is_some();
        match source.filter(|_| !typed) {
            Some(PinSource::File(file)) => Ok(Some(secrets::of_file(file)?)),
            Some(PinSource::Command(command)) => Ok(Some(secrets::of_command(command)?)),
            None => Ok(self.source.read_for(token)?.map(|password| password.secret)),
        }
    }

    fn variable(&self, name: &str) -> Option<String> {
        secrets::variable(name)
    }

    fn admits_module(&self, path: &Path) -> bool {
        self.modules.as_ref().is_none_or(|modules| modules.iter().any(|module| module == path))
    }
}
