//! How an error is shown: what failed, the causes below it, and what to try next.

use super::output::Output;
use crate::lifecycle::{Error, Kind};

pub(super) fn show(output: &mut Output, error: &Error) {
    output.line(&format!("error: {error}"));
    let mut cause = std::error::Error::source(error);
    while let Some(below) = cause {
        // A cause may be a list, one reason to a line.
        for line in below.to_string().lines() {
            output.line(&format!("  caused by: {line}"));
        }
        cause = below.source();
    }
    if let Kind::Temporary(Some(until)) = error.kind {
        output.line(&format!("  try again after {until}"));
    }
    for hint in &error.hints {
        output.line(&format!("hint: {hint}"));
    }
}
