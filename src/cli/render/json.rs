//! JSON documents: each names its schema; fields may be added to one, never renamed.

use serde::Serialize;

use crate::cli::args::OutputFormat;
use certroll_core::error::{Error, ErrorKind};

/// One document, on one line or laid out.
pub(crate) fn document<T: Serialize>(value: &T, format: OutputFormat) -> Result<String, Error> {
    let text = match format {
        OutputFormat::Ndjson => serde_json::to_string(value),
        OutputFormat::Table | OutputFormat::Json => serde_json::to_string_pretty(value),
    };
    let mut text =
        text.map_err(|error| Error::new(ErrorKind::Failed, "the result cannot be written as JSON").because(error))?;
    text.push('\n');
    Ok(text)
}

/// A list: a document with its items, or one item a line.
pub(crate) fn list<T: Serialize>(schema: &str, name: &str, items: &[T], format: OutputFormat) -> Result<String, Error> {
    match format {
        OutputFormat::Ndjson => items.iter().map(|item| document(item, format)).collect(),
        OutputFormat::Table | OutputFormat::Json => {
            let items = serde_json::to_value(items).map_err(|error| {
                Error::new(ErrorKind::Failed, "the result cannot be written as JSON").because(error)
            })?;
            document(&serde_json::json!({"schema": schema, name: items}), format)
        }
    }
}
