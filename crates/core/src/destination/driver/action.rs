//! What is done to a server: a program is run, or a process gets a signal.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde::Serialize;

use super::settings::{self, SettingsError};
use certroll_base::child::{self, RunningCommands};

/// What is done to a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Nothing: it notices by itself.
    Nothing,
    /// A program is run with these arguments. No shell has a part in it.
    Run(Vec<String>),
    /// The process that a file names is told to hang up, if it is that program.
    HangUp {
        /// The file with the number of the process.
        pid_file: PathBuf,
        /// What the program is called (`/proc/PID/comm`): a file that others may write must not point the signal elsewhere.
        program: &'static str,
    },
}

impl Action {
    /// That command line.
    ///
    /// # Errors
    /// It has no words.
    pub fn of_line(line: &str) -> Result<Self, SettingsError> {
        settings::words("command", line).map(Self::Run)
    }
}

/// As a person would type it.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("nothing: it looks at its files by itself"),
            Self::Run(words) => {
                let plain =
                    |word: &str| !word.is_empty() && !word.contains(|c: char| c.is_whitespace() || "'\"".contains(c));
                for (at, word) in words.iter().enumerate() {
                    let blank = if at == 0 { "" } else { " " };
                    match plain(word) {
                        true => write!(f, "{blank}{word}")?,
                        false => write!(f, "{blank}'{}'", word.replace('\'', "'\\''"))?,
                    }
                }
                Ok(())
            }
            Self::HangUp { pid_file, program } => {
                write!(f, "SIGHUP to {program}, process in {}", pid_file.display())
            }
        }
    }
}

/// Why it could not be done.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// The program cannot be started.
    #[error("`{program}` cannot be run")]
    Start {
        /// The program.
        program: String,
        /// Why.
        source: std::io::Error,
    },
    /// It ended with an error.
    #[error("`{program}` ended with {status}{said}")]
    Ended {
        /// The program.
        program: String,
        /// Its status.
        status: String,
        /// What it complained of, or nothing.
        said: String,
    },
    /// Its time was up.
    #[error("`{program}` did not end within {secs} s{said}")]
    Late {
        /// The program.
        program: String,
        /// How long it was given.
        secs: u64,
        /// What it complained of, or nothing.
        said: String,
    },
    /// There is no process to be told.
    #[error("`{}` names no running {program}", pid_file.display())]
    NotRunning {
        /// The file with the number of the process.
        pid_file: PathBuf,
        /// The program.
        program: &'static str,
    },
    /// The process could not be told.
    #[error("{program} cannot be told to load its files")]
    Signal {
        /// The program.
        program: &'static str,
        /// Why.
        source: std::io::Error,
    },
}

/// What a command is told: on its standard input as one line of JSON, and the main facts as variables of its environment.
#[derive(Clone, Debug, Serialize)]
pub struct ActionFacts {
    /// The shape of this.
    pub schema: &'static str,
    /// What is being done: `pre`, `test`, `reload`, `post`.
    pub step: &'static str,
    /// The service.
    pub service: String,
    /// Its driver.
    pub driver: String,
    /// The name of the certificate.
    pub name: String,
    /// Its serial number.
    pub serial: String,
    /// SHA-256 of it, hexadecimal.
    pub sha256: String,
    /// When it ends.
    pub not_after: String,
    /// The files that hold it or its key.
    pub files: Vec<PathBuf>,
}

/// The shape of [`ActionFacts`].
pub const FACTS: &str = "certroll/service-action/v1";

/// Does it. A program gets `facts`, and of the variables that are meant for this program none.
///
/// # Errors
/// It could not be done.
pub fn run(action: &Action, facts: &ActionFacts, timeout: Duration) -> Result<(), ActionError> {
    match action {
        Action::Nothing => Ok(()),
        Action::Run(words) => program(words, facts, timeout),
        Action::HangUp { pid_file, program } => hang_up(pid_file, program),
    }
}

fn program(words: &[String], facts: &ActionFacts, timeout: Duration) -> Result<(), ActionError> {
    let program = words.first().cloned().unwrap_or_default();
    let mut command = child::command(&program);
    command.args(words.iter().skip(1)).current_dir("/");
    command
        .env("CERTROLL_STEP", facts.step)
        .env("CERTROLL_SERVICE", &facts.service)
        .env("CERTROLL_NAME", &facts.name)
        .env("CERTROLL_SERIAL", &facts.serial);
    let mut input = serde_json::to_vec(facts).unwrap_or_default();
    input.push(b'\n');
    let ended = RunningCommands::default().run_with(&mut command, Some(input), timeout);
    let ended = ended.map_err(|source| ActionError::Start { program: program.clone(), source })?;
    if ended.succeeded() {
        return Ok(());
    }
    let said = ended.said().map(|said| format!(": {said}")).unwrap_or_default();
    Err(match ended.status {
        Some(status) => ActionError::Ended { program, status: status.to_string(), said },
        None => ActionError::Late { program, secs: timeout.as_secs(), said },
    })
}

fn hang_up(pid_file: &Path, program: &'static str) -> Result<(), ActionError> {
    let not_running = || ActionError::NotRunning { pid_file: pid_file.to_owned(), program };
    let text = std::fs::read_to_string(pid_file).map_err(|_| not_running())?;
    let number: i32 = text.trim().parse().map_err(|_| not_running())?;
    let pid = Pid::from_raw(number).ok_or_else(not_running)?;
    let name = std::fs::read_to_string(format!("/proc/{number}/comm")).map_err(|_| not_running())?;
    if name.trim_end() != program {
        return Err(not_running());
    }
    kill_process(pid, Signal::HUP).map_err(|error| ActionError::Signal { program, source: error.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Action {
        Action::Run(vec!["sh".to_owned(), "-c".to_owned(), script.to_owned()])
    }

    fn facts() -> ActionFacts {
        ActionFacts {
            schema: FACTS,
            step: "reload",
            service: "front".to_owned(),
            driver: "command".to_owned(),
            name: "web".to_owned(),
            serial: "0a".to_owned(),
            sha256: "00".to_owned(),
            not_after: "2030-01-01T00:00:00Z".to_owned(),
            files: vec!["/etc/web.pem".into()],
        }
    }

    #[test]
    fn a_program_is_told_by_its_input_and_judged_by_its_status() {
        let limit = Duration::from_secs(20);
        let facts = facts();
        let line = serde_json::to_string(&facts).unwrap();
        run(&sh(&format!("read -r line; test \"$line\" = '{line}'")), &facts, limit).unwrap();
        run(&sh("test \"$CERTROLL_NAME $CERTROLL_SERVICE $CERTROLL_STEP\" = 'web front reload'"), &facts, limit)
            .unwrap();
        let error = run(&sh("echo no such site >&2; exit 3"), &facts, limit).unwrap_err();
        assert_eq!(error.to_string(), "`sh` ended with exit status: 3: `no such site`");
        let error = run(&sh("sleep 60"), &facts, Duration::from_millis(100)).unwrap_err();
        assert!(matches!(error, ActionError::Late { .. }), "{error}");
        let error = run(&Action::Run(vec!["/no/such/program".to_owned()]), &facts, limit).unwrap_err();
        assert!(matches!(error, ActionError::Start { .. }), "{error}");
    }

    #[test]
    fn a_signal_goes_to_the_program_that_is_meant_or_to_none() {
        let directory = tempfile::tempdir().unwrap();
        let pid_file = directory.path().join("pid");
        let tell = |program| run(&Action::HangUp { pid_file: pid_file.clone(), program }, &facts(), Duration::ZERO);
        assert!(matches!(tell("sleep"), Err(ActionError::NotRunning { .. })));
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        std::fs::write(&pid_file, format!("{}\n", child.id())).unwrap();
        assert!(matches!(tell("mosquitto"), Err(ActionError::NotRunning { .. })));
        assert_eq!(child.try_wait().unwrap(), None);
        // The child may not have become `sleep` yet.
        let told = (0..200).find_map(|_| {
            std::thread::sleep(Duration::from_millis(10));
            tell("sleep").ok()
        });
        assert!(told.is_some());
        assert!(!child.wait().unwrap().success());
    }
}
