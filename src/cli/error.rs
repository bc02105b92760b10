//! How an error is shown: what failed, the causes below it, and what to try next.

use super::output::Output;
use crate::lifecycle::{Error, Kind};

pub(super) fn show(output: &mut Output, error: &Error) {
    output.line(&format!("error: {error}"));
    causes(output, error);
    if let Kind::Temporary(Some(until)) = error.kind {
        output.line(&format!("  try again after {until}"));
    }
    for hint in &error.hints {
        output.line(&format!("hint: {hint}"));
    }
}

/// Shows an error that does not end the command.
pub(super) fn warn(output: &mut Output, error: &Error) {
    output.line(&format!("warning: {error}"));
    causes(output, error);
}

fn causes(output: &mut Output, error: &Error) {
    let mut cause = std::error::Error::source(error);
    while let Some(below) = cause {
        // A cause may be a list, one reason to a line.
        for line in below.to_string().lines() {
            output.line(&format!("  caused by: {line}"));
        }
        cause = below.source();
    }
}
