//! Where secrets come from: a file, a command, the environment, or a prompt; never an argument.

use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::error::{Error, ErrorKind};
use crate::hint::home::SecretHint;
use crate::lifecycle::delivery::Password;
use certroll_base::child;
use certroll_base::secret::{self, Secret};
use certroll_base::text::printable;

/// The ways to a secret: what was typed, then the environment (`..._FILE`, `..._COMMAND`, the value), then a credential that
/// systemd hands to the service, then a prompt if there is a terminal.
#[derive(Clone, Debug)]
pub struct SecretSource {
    /// What it is called in prompts and errors: `passphrase of the home`.
    pub title: &'static str,
    /// The stem of flags and variables: `passphrase` for `--passphrase-file` and `CERTROLL_PASSPHRASE`.
    pub stem: &'static str,
    /// A file whose first line it is; `-` is standard input.
    pub file: Option<PathBuf>,
    /// A command whose first line of output it is, run by `sh -c`.
    pub command: Option<String>,
}

impl SecretSource {
    /// The secret, from wherever it is; `None` if nothing is given and there is no terminal to ask at.
    ///
    /// # Errors
    /// A way that was given does not lead to a secret.
    pub fn read(&self, new: bool) -> Result<Option<Password>, Error> {
        self.found_or(|| self.ask(self.title, new))
    }

    /// As [`SecretSource::read`]; a prompt says which thing it is for.
    ///
    /// # Errors
    /// As [`SecretSource::read`].
    pub fn read_for(&self, name: &str) -> Result<Option<Password>, Error> {
        self.found_or(|| self.ask(&format!("{} `{}`", self.title, printable(name)), false))
    }

    fn found_or(&self, ask: impl FnOnce() -> Result<Password, Error>) -> Result<Option<Password>, Error> {
        if let Some(file) = &self.file {
            return self.read_file(file).map(Some);
        }
        if let Some(command) = &self.command {
            return self.run_command(command).map(Some);
        }
        if let Some(file) = self.variable("_FILE")? {
            return self.read_file(file.as_ref()).map(Some);
        }
        if let Some(command) = self.variable("_COMMAND")? {
            return self.run_command(&command).map(Some);
        }
        if let Some(text) = self.variable("")? {
            return Ok(Some(Password { secret: Secret::new(text), file: None }));
        }
        if let Some(file) = self.credential() {
            return self.read_file(&file).map(Some);
        }
        if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            return Ok(None);
        }
        ask().map(Some)
    }

    /// As [`SecretSource::read`], but without a prompt: for a secret that most files do without.
    ///
    /// # Errors
    /// A way that was given does not lead to a secret.
    pub fn read_given(&self) -> Result<Option<Password>, Error> {
        if self.is_given() { self.read(false) } else { Ok(None) }
    }

    /// As [`SecretSource::read`], but there must be one.
    ///
    /// # Errors
    /// There is none.
    pub fn require(&self, new: bool) -> Result<Password, Error> {
        self.read(new)?.ok_or_else(|| self.missing())
    }

    fn missing(&self) -> Error {
        Error::new(ErrorKind::Usage, format!("the {} is needed, and there is no terminal to ask at", self.title))
            .hint(SecretHint::Give(self.stem.to_owned()))
    }

    fn variable_name(&self, suffix: &str) -> String {
        format!("CERTROLL_{}{suffix}", self.stem.to_uppercase().replace('-', "_"))
    }

    fn variable(&self, suffix: &str) -> Result<Option<String>, Error> {
        let name = self.variable_name(suffix);
        match std::env::var(&name) {
            Ok(text) => Ok(Some(text).filter(|text| !text.is_empty())),
            Err(std::env::VarError::NotPresent) => Ok(None),
            Err(std::env::VarError::NotUnicode(_)) => Err(Error::new(ErrorKind::Usage, format!("{name} is not UTF-8"))),
        }
    }

    /// The credential `certroll.STEM` of a systemd service (systemd.exec(5), `LoadCredential=`), if it has one.
    fn credential(&self) -> Option<PathBuf> {
        let directory = PathBuf::from(std::env::var_os("CREDENTIALS_DIRECTORY")?);
        let file = directory.join(format!("certroll.{}", self.stem));
        (directory.is_absolute() && file.exists()).then_some(file)
    }

    /// The file that the secret comes from, if others can read it.
    pub fn exposed_file(&self) -> Option<PathBuf> {
        let file = match (&self.file, &self.command) {
            (Some(file), _) => file.clone(),
            (None, Some(_)) => return None,
            (None, None) => match self.variable("_FILE") {
                Ok(Some(file)) => PathBuf::from(file),
                _ if ["_COMMAND", ""].iter().any(|suffix| matches!(self.variable(suffix), Ok(Some(_)))) => return None,
                _ => self.credential()?,
            },
        };
        secret::is_readable_by_others(&file).then_some(file)
    }

    /// Whether one is given without a prompt.
    pub fn is_given(&self) -> bool {
        let in_environment =
            ["_FILE", "_COMMAND", ""].iter().any(|suffix| std::env::var_os(self.variable_name(suffix)).is_some());
        self.file.is_some() || self.command.is_some() || in_environment || self.credential().is_some()
    }

    fn read_file(&self, file: &std::path::Path) -> Result<Password, Error> {
        let failed = |error| Error::file(file, &format!("read the {} from", self.title), error);
        if file.as_os_str() == "-" {
            let mut bytes = zeroize::Zeroizing::new(Vec::new());
            std::io::stdin().read_to_end(&mut bytes).map_err(failed)?;
            return Ok(Password { secret: Secret::from_first_line(&bytes).map_err(failed)?, file: None });
        }
        let secret = Secret::from_file(file).map_err(failed)?;
        let path = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
        // A device such as /dev/fd/3 cannot be read again later.
        let file = (!path.starts_with("/dev") && !path.starts_with("/proc")).then_some(path);
        Ok(Password { secret, file })
    }

    fn run_command(&self, command: &str) -> Result<Password, Error> {
        let failed = || Error::new(ErrorKind::Usage, format!("the command for the {} gave none", self.title));
        let secret = of_command(command).map_err(|error| failed().because(error))?;
        Ok(Password { secret, file: None })
    }

    fn ask(&self, title: &str, new: bool) -> Result<Password, Error> {
        let failed =
            |error| Error::new(ErrorKind::Failed, format!("the {} cannot be asked for", self.title)).because(error);
        let prompt = |text: String| rpassword::prompt_password(text).map_err(failed).map(Secret::new);
        let secret = prompt(format!("{title}: "))?;
        if secret.expose().is_empty() {
            return Err(Error::new(ErrorKind::Usage, format!("the {} cannot be empty", self.title)));
        }
        if new && prompt(format!("{title}, again: "))?.expose() != secret.expose() {
            return Err(Error::new(ErrorKind::Usage, "the two are not the same").hint("run the command again"));
        }
        Ok(Password { secret, file: None })
    }
}

/// The first line of a file; an error names the file.
pub(super) fn of_file(file: &Path) -> std::io::Result<Secret> {
    Secret::from_file(file).map_err(|error| std::io::Error::new(error.kind(), format!("`{}`: {error}", file.display())))
}

/// The first line that a command prints, run by `sh -c`.
pub(super) fn of_command(command: &str) -> std::io::Result<Secret> {
    let output =
        child::command("sh").arg("-c").arg(command).stdin(Stdio::inherit()).stderr(Stdio::inherit()).output()?;
    let stdout = zeroize::Zeroizing::new(output.stdout);
    if !output.status.success() {
        return Err(std::io::Error::other(format!("it ended with {}", output.status)));
    }
    Secret::from_first_line(&stdout)
}

/// A variable of the environment; one that is empty is not set.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
