//! Running a command within a bound of time, so that it can be stopped with all that it started.

use std::collections::BTreeSet;
use std::io::{self, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::text::printable;
use rustix::process::{Pid, Signal, kill_process_group};

/// Between two looks whether it has ended.
const LOOK: Duration = Duration::from_millis(20);
/// How long it may take to end when told to.
const GRACE: Duration = Duration::from_secs(2);
/// What is kept of each of its streams.
const KEPT: u64 = 16 * 1_024;
/// So many of the last lines of its complaint are told.
const LAST: usize = 5;

/// A command that has ended.
pub struct EndedCommand {
    /// How; `None` when its time was up and it was stopped.
    pub status: Option<ExitStatus>,
    /// The beginning of what it printed.
    pub stdout: String,
    /// The beginning of what it complained of.
    pub stderr: String,
}

/// The commands that are running, by their process groups.
#[derive(Default)]
pub struct RunningCommands(Mutex<Groups>);

#[derive(Default)]
struct Groups {
    running: BTreeSet<i32>,
    stopped: bool,
}

impl EndedCommand {
    /// Whether it ended by itself, with status 0.
    pub fn succeeded(&self) -> bool {
        self.status.is_some_and(|status| status.success())
    }

    /// The last lines of what it complained of, on one line; `None` when it said nothing.
    pub fn said(&self) -> Option<String> {
        let lines: Vec<_> = self.stderr.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let last = &lines[lines.len().saturating_sub(LAST)..];
        (!last.is_empty()).then(|| format!("`{}`", printable(&last.join("; "))))
    }
}

impl RunningCommands {
    /// Runs a command to its end, without input, in a process group of its own.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn run(&self, command: &mut Command, limit: Duration) -> io::Result<EndedCommand> {
        self.run_with(command, None, limit)
    }

    /// As [`RunningCommands::run`], with that input; a command that does not read it is no error.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn run_with(&self, command: &mut Command, input: Option<Vec<u8>>, limit: Duration) -> io::Result<EndedCommand> {
        command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let (mut child, group) = {
            let mut groups = self.groups();
            if groups.stopped {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let child = command.spawn()?;
            let group = i32::try_from(child.id()).unwrap_or_default();
            groups.running.insert(group);
            (child, group)
        };
        if let (Some(mut stdin), Some(input)) = (child.stdin.take(), input) {
            // A command may end without having read it, or read it only after it has printed.
            thread::spawn(move || stdin.write_all(&input));
        }
        let stdout = child.stdout.take().map(beginning);
        let stderr = child.stderr.take().map(beginning);
        let status = wait(&mut child, limit);
        self.groups().running.remove(&group);
        // Whatever it left running may hold its streams open for ever.
        let text = |stream: Option<Receiver<String>>| {
            stream.and_then(|stream| stream.recv_timeout(GRACE).ok()).unwrap_or_default()
        };
        Ok(EndedCommand { status: status?, stdout: text(stdout), stderr: text(stderr) })
    }

    /// Stops all of them; no other is begun.
    pub fn stop(&self) {
        let mut groups = self.groups();
        groups.stopped = true;
        groups.running.iter().for_each(|group| signal(*group, Signal::TERM));
    }

    fn groups(&self) -> MutexGuard<'_, Groups> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Its status; `None` when it had to be stopped.
fn wait(child: &mut Child, limit: Duration) -> io::Result<Option<ExitStatus>> {
    let group = i32::try_from(child.id()).unwrap_or_default();
    if let Some(status) = wait_until(child, Instant::now() + limit)? {
        return Ok(Some(status));
    }
    signal(group, Signal::TERM);
    if wait_until(child, Instant::now() + GRACE)?.is_none() {
        signal(group, Signal::KILL);
        child.wait()?;
    }
    Ok(None)
}

fn wait_until(child: &mut Child, until: Instant) -> io::Result<Option<ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(None);
        }
        thread::sleep(left.min(LOOK));
    }
}

fn signal(group: i32, signal: Signal) {
    if let Some(group) = Pid::from_raw(group) {
        // It may have ended meanwhile.
        let _ = kill_process_group(group, signal);
    }
}

/// Reads a stream to its end, so that the command never waits for us, and keeps its beginning.
fn beginning(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut kept = Vec::new();
        let mut stream = stream;
        // Its end comes in any case, and an error ends it as well.
        let _ = (&mut stream).take(KEPT).read_to_end(&mut kept);
        let _ = io::copy(&mut stream, &mut io::sink());
        let _ = sender.send(String::from_utf8_lossy(&kept).into_owned());
    });
    receiver
}
