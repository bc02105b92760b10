//! Running a foreign program with a deadline, so that one that hangs fails its own test and nothing else.

use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Longer than the slowest peer needs on a busy machine.
pub(super) const DEADLINE: Duration = Duration::from_secs(120);

/// What a program said, and how it ended.
pub(crate) struct Output {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Output {
    pub(crate) fn success(&self) -> bool {
        self.status.success()
    }

    /// Both streams, for programs that do not care which one they write to.
    pub(crate) fn text(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    /// # Panics
    /// With everything the program said, unless it succeeded.
    pub(crate) fn expect_success(self, what: &str) -> Self {
        assert!(self.success(), "{what}: {self:?}");
        self
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n--- stdout\n{}--- stderr\n{}", self.status, self.stdout, self.stderr)
    }
}

/// Runs a program to its end with `stdin` as its whole input.
///
/// # Panics
/// When it cannot be started or does not end in time.
pub(crate) fn run(command: &mut Command, stdin: &[u8]) -> Output {
    run_within(DEADLINE, command, stdin)
}

/// As [`run`], for what may take longer.
pub(crate) fn run_within(deadline: Duration, command: &mut Command, stdin: &[u8]) -> Output {
    let mut running = Running::start(command);
    let mut input = running.stdin.take().expect("stdin is a pipe");
    let bytes = stdin.to_owned();
    // A program that ends without reading its input is no failure of the test.
    let writer = thread::spawn(move || drop(input.write_all(&bytes)));
    let stdout = running.stdout();
    let started = Instant::now();
    let status = loop {
        if let Some(status) = running.child.try_wait().expect("the state of a child can be read") {
            break status;
        }
        assert!(started.elapsed() < deadline, "{command:?} did not end within {deadline:?}\n{}", running.kill());
        thread::sleep(Duration::from_millis(2));
    };
    writer.join().expect("the writer of stdin does not panic");
    Output { status, stdout: stdout.join().expect("the reader of stdout does not panic"), stderr: running.stderr() }
}

/// A program in the background; it is killed when this is dropped.
pub(crate) struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    stderr: Option<JoinHandle<String>>,
    lines: Option<Receiver<String>>,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?} did not start: {error}"));
        let stdin = child.stdin.take();
        let stderr = child.stderr.take().map(read_all);
        Self { child, stdin, stderr, lines: None }
    }

    /// Waits for the line that starts with `prefix` and returns the rest of it.
    ///
    /// # Errors
    /// What the program said on stderr, when its output ends or the deadline passes without such a line.
    pub(crate) fn wait_for(&mut self, prefix: &str) -> Result<String, String> {
        let child = &mut self.child;
        let lines = self.lines.get_or_insert_with(|| read_lines(child.stdout.take().expect("stdout is a pipe")));
        let started = Instant::now();
        while let Ok(line) = lines.recv_timeout(DEADLINE.saturating_sub(started.elapsed())) {
            if let Some(rest) = line.strip_prefix(prefix) {
                return Ok(rest.trim().to_owned());
            }
        }
        Err(self.kill())
    }

    /// How it ended; nothing while it runs.
    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("the state of a child can be read")
    }

    pub(super) fn stdout(&mut self) -> JoinHandle<String> {
        read_all(self.child.stdout.take().expect("stdout is a pipe"))
    }

    fn stderr(&mut self) -> String {
        self.stderr.take().map_or_else(String::new, |reader| reader.join().unwrap_or_default())
    }

    /// Ends the program and returns what it wrote to stderr.
    pub(crate) fn kill(&mut self) -> String {
        drop(self.stdin.take());
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.stderr()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

fn read_all(mut pipe: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).expect("a pipe can be read");
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

fn read_lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        // The receiver is gone once a test is over; the pipe is read on, so that the program never blocks on it.
        BufReader::new(pipe).lines().map_while(Result::ok).for_each(|line| drop(sender.send(line)));
    });
    receiver
}
