//! How an error is shown: what failed, the causes below it, and what to try next.

use serde_json::{Value, json};

use super::args::OutputFormat;
use super::exit;
use super::hints;
use super::output::CommandOutput;
use super::render::json;
use certroll_core::error::{Error, ErrorKind};

pub(super) fn show(output: &mut CommandOutput, error: &Error) {
    output.line(&format!("error: {error}"));
    causes(output, error);
    if let ErrorKind::Temporary(Some(until)) = error.kind {
        output.line(&format!("  try again after {until}"));
    }
    for hint in &error.hints {
        output.line(&format!("hint: {}", hints::words(hint)));
    }
}

/// The same for scripts that asked for JSON, on standard output: that something failed, and when to try again.
pub(super) fn document(output: &mut CommandOutput, error: &Error, format: OutputFormat) {
    let mut lines = Vec::new();
    let mut cause = std::error::Error::source(error);
    while let Some(below) = cause {
        lines.extend(below.to_string().lines().map(str::to_owned));
        cause = below.source();
    }
    let retry_after = match error.kind {
        ErrorKind::Temporary(Some(until)) => Value::from(until.to_string()),
        _ => Value::Null,
    };
    let document = json!({
        "schema": "certroll/error/v1",
        "error": error.to_string(),
        "causes": lines,
        "hints": error.hints.iter().map(hints::words).collect::<Vec<_>>(),
        "exit_code": exit::code(error.kind),
        "retry_after": retry_after,
    });
    // Who cannot be told on standard output is told on standard error.
    let _ = json::document(&document, format).and_then(|text| output.data(&text));
}

/// Shows an error that does not end the command.
pub(super) fn warn(output: &mut CommandOutput, error: &Error) {
    output.line(&format!("warning: {error}"));
    causes(output, error);
}

fn causes(output: &mut CommandOutput, error: &Error) {
    let mut cause = std::error::Error::source(error);
    while let Some(below) = cause {
        // A cause may be a list, one reason to a line.
        for line in below.to_string().lines() {
            output.line(&format!("  caused by: {line}"));
        }
        cause = below.source();
    }
}
