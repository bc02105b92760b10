//! The root of the repository, and the programs that are run in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Crates below `crates` that have users outside of this repository.
pub(crate) const FOR_OTHERS: &[&str] = &["keystore", "tlog"];

/// What a step answers: nothing, or what failed.
pub(crate) type Checked = Result<(), String>;

/// The repository that this program was built from.
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    pub(crate) fn here() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
        Self { root: root.to_owned() }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The text of a file, by its path below the root.
    pub(crate) fn read(&self, path: &str) -> Result<String, String> {
        fs::read_to_string(self.root.join(path)).map_err(|error| format!("cannot read `{path}`: {error}"))
    }

    /// The directory of build output, which the fuzz targets share although they are a workspace of their own.
    pub(crate) fn target_directory(&self) -> PathBuf {
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.root.join("target"), |set| self.root.join(set))
    }

    /// A program that will run in the root.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).stdin(Stdio::null());
        command
    }

    /// The cargo that runs this program.
    pub(crate) fn cargo(&self) -> Command {
        self.command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    }
}

/// Runs a command that prints for itself; whatever is not success is an error that repeats the command.
pub(crate) fn run(command: &mut Command) -> Checked {
    let status = command.status().map_err(|error| format!("cannot run {}: {error}", line(command)))?;
    if status.success() { Ok(()) } else { Err(format!("{} failed ({status})", line(command))) }
}

/// What a command prints on standard output; if it fails, the error holds the last line of its standard error.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let ran = command.output().map_err(|error| format!("cannot run {}: {error}", line(command)))?;
    if ran.status.success() {
        return Ok(String::from_utf8_lossy(&ran.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&ran.stderr);
    let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    Err(format!("{} failed ({}): {last}", line(command), ran.status))
}

/// The command as it would be typed, with the name of the program instead of its path.
fn line(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args()).map(|word| word.to_string_lossy());
    format!("`{}`", words.collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_command_is_an_error_that_repeats_it() {
        let workspace = Workspace::here();
        assert_eq!(run(workspace.command("true").arg("ignored")), Ok(()));
        let failed = run(workspace.command("/bin/false").args(["a", "b"])).unwrap_err();
        assert!(failed.starts_with("`false a b` failed (exit status: 1"), "{failed}");
        let missing = output(&mut workspace.command("no-such-program")).unwrap_err();
        assert!(missing.starts_with("cannot run `no-such-program`"), "{missing}");
    }

    #[test]
    fn the_last_line_of_standard_error_is_kept() {
        let workspace = Workspace::here();
        let failed = output(workspace.command("sh").args(["-c", "echo first >&2; echo last >&2; exit 3"])).unwrap_err();
        assert!(failed.ends_with("(exit status: 3): last"), "{failed}");
    }
}
