//! The one door to standard output and standard error: data on one, talk on the other.

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};

use certroll_base::text::printable;
use certroll_core::error::{Error, ErrorKind};

/// Where a command writes. Nothing else in the program does.
pub struct CommandOutput {
    stdout: Box<dyn Write + Send>,
    stderr: Arc<Mutex<Box<dyn Write + Send>>>,
    /// Width for tables; `None` leaves them as wide as their content.
    pub width: Option<u16>,
    /// Whether standard error is a terminal on which progress may be drawn.
    pub interactive: bool,
    quiet: bool,
    /// Whether something stands on standard output already.
    written: bool,
}

impl CommandOutput {
    /// The process's own streams.
    pub fn process() -> Self {
        let width = if io::stdout().is_terminal() { super::render::table::terminal_width() } else { None };
        Self {
            stdout: Box::new(io::stdout()),
            stderr: Arc::new(Mutex::new(Box::new(io::stderr()))),
            width,
            interactive: io::stderr().is_terminal(),
            quiet: false,
            written: false,
        }
    }

    /// Streams of a test: no terminal, no width.
    pub fn to(stdout: Box<dyn Write + Send>, stderr: Box<dyn Write + Send>) -> Self {
        Self {
            stdout,
            stderr: Arc::new(Mutex::new(stderr)),
            width: None,
            interactive: false,
            quiet: false,
            written: false,
        }
    }

    pub(super) fn set_quiet(&mut self, quiet: bool) {
        self.quiet = quiet;
        self.interactive &= !quiet;
    }

    /// Writes data as it is. The text was made safe when it was rendered.
    ///
    /// # Errors
    /// Standard output cannot be written.
    pub(super) fn data(&mut self, text: &str) -> Result<(), Error> {
        self.bytes(text.as_bytes())
    }

    /// Writes data bytes.
    ///
    /// # Errors
    /// Standard output cannot be written. That its reader has gone is no error: `certroll list | head` is fine.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.written |= !bytes.is_empty();
        match self.stdout.write_all(bytes).and_then(|()| self.stdout.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Error::new(ErrorKind::Failed, "standard output cannot be written").because(error))
            }
            _ => Ok(()),
        }
    }

    /// Standard output, for data that is not held in memory.
    pub(super) fn stream(&mut self) -> &mut (dyn Write + Send) {
        self.written = true;
        &mut *self.stdout
    }

    /// Whether data was written: a result, whole or in part, to which nothing of another kind may be added.
    pub(super) fn has_data(&self) -> bool {
        self.written
    }

    /// Says something to the person at the terminal, unless told to be quiet.
    pub(super) fn say(&mut self, line: &str) {
        if !self.quiet {
            self.line(line);
        }
    }

    /// Says something that must be said: a warning or an error.
    pub(super) fn line(&mut self, line: &str) {
        write_lines(&self.stderr, line);
    }

    /// A way to standard error for messages while a command goes on.
    pub(super) fn voice(&self) -> Voice {
        Voice { stderr: self.stderr.clone(), interactive: self.interactive, quiet: self.quiet }
    }
}

/// Standard error, for a use case that is under way.
pub(super) struct Voice {
    stderr: Arc<Mutex<Box<dyn Write + Send>>>,
    /// Whether it is a terminal on which progress may be drawn.
    pub(super) interactive: bool,
    quiet: bool,
}

impl Voice {
    /// As [`CommandOutput::say`].
    pub(super) fn say(&self, line: &str) {
        if !self.quiet {
            self.line(line);
        }
    }

    /// As [`CommandOutput::line`].
    pub(super) fn line(&self, line: &str) {
        write_lines(&self.stderr, line);
    }
}

fn write_lines(stderr: &Mutex<Box<dyn Write + Send>>, text: &str) {
    let mut stderr = stderr.lock().unwrap_or_else(PoisonError::into_inner);
    // An empty line stays one: usage errors have them between their parts.
    for line in text.trim_end_matches('\n').split('\n') {
        // If standard error is gone there is no reader left.
        let _ = writeln!(stderr, "{}", printable(line));
    }
}
