//! The one door to standard output and standard error: data on one, talk on the other.

use std::io::{self, IsTerminal, Write};

use crate::base::text::printable;
use crate::lifecycle::{Error, Kind};

/// Where a command writes. Nothing else in the program does.
pub struct Output {
    stdout: Box<dyn Write + Send>,
    stderr: Box<dyn Write + Send>,
    /// Width for tables; `None` leaves them as wide as their content.
    pub width: Option<u16>,
    /// Whether standard error is a terminal on which progress may be drawn.
    pub interactive: bool,
    quiet: bool,
}

impl Output {
    /// The process's own streams.
    pub fn process() -> Self {
        let width = if io::stdout().is_terminal() { super::render::table::terminal_width() } else { None };
        Self {
            stdout: Box::new(io::stdout()),
            stderr: Box::new(io::stderr()),
            width,
            interactive: io::stderr().is_terminal(),
            quiet: false,
        }
    }

    /// Streams of a test: no terminal, no width.
    pub fn to(stdout: Box<dyn Write + Send>, stderr: Box<dyn Write + Send>) -> Self {
        Self { stdout, stderr, width: None, interactive: false, quiet: false }
    }

    pub(super) fn set_quiet(&mut self, quiet: bool) {
        self.quiet = quiet;
        self.interactive &= !quiet;
    }

    /// Writes data as it is. The text was made safe by whoever rendered it.
    ///
    /// # Errors
    /// Standard output cannot be written.
    pub(super) fn data(&mut self, text: &str) -> Result<(), Error> {
        self.bytes(text.as_bytes())
    }

    /// Writes data bytes.
    ///
    /// # Errors
    /// Standard output cannot be written. That nobody reads it any more is no error: `certroll list | head` is fine.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        match self.stdout.write_all(bytes).and_then(|()| self.stdout.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Error::new(Kind::Failed, "standard output cannot be written").because(error))
            }
            _ => Ok(()),
        }
    }

    /// Standard output, for data that is not held in memory.
    pub(super) fn stream(&mut self) -> &mut (dyn Write + Send) {
        &mut *self.stdout
    }

    /// Says something to the person at the terminal, unless told to be quiet.
    pub(super) fn say(&mut self, line: &str) {
        if !self.quiet {
            self.line(line);
        }
    }

    /// Says something that must be said: a warning or an error.
    pub(super) fn line(&mut self, line: &str) {
        // An empty line stays one: usage errors have them between their parts.
        for line in line.trim_end_matches('\n').split('\n') {
            // If standard error is gone there is nobody left to tell.
            let _ = writeln!(self.stderr, "{}", printable(line));
        }
    }
}
