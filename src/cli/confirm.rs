//! A question to the person at the terminal.

use std::io::{IsTerminal, Write};

/// Whether the person says yes; no where there is no terminal to ask at.
pub(super) fn confirm(question: &str) -> bool {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return false;
    }
    let mut stderr = std::io::stderr();
    // Where the question cannot be shown, the answer is no.
    if write!(stderr, "{} [y/N] ", certroll_base::text::printable(question)).and_then(|()| stderr.flush()).is_err() {
        return false;
    }
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).is_ok()
        && matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}
