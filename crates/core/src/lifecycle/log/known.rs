//! What exports, reports and receipts look like: a file that looks so may be replaced by the next one without a question.

use super::export::ExportForm;
use super::follow::SiemForm;
use crate::audit::export::{COLUMNS, FIRST_COLUMNS, bundle};
use crate::audit::record::Record;
use certroll_tlog::VerifierKey;

/// Whether a file looks like an export of that form.
pub(super) fn export(form: ExportForm, bytes: &[u8]) -> bool {
    match form {
        ExportForm::Jsonl => record(first_line(bytes)),
        ExportForm::Csv => first_line(bytes).starts_with(COLUMNS[..FIRST_COLUMNS].join(",").as_bytes()),
        ExportForm::Bundle => {
            bytes.starts_with(bundle::name::README.as_bytes()) && bytes.get(257..262) == Some(b"ustar")
        }
        ExportForm::Siem(SiemForm::Cef) => bytes.starts_with(b"CEF:0|"),
        ExportForm::Siem(SiemForm::Syslog) => {
            bytes.starts_with(b"<") && first_line(bytes).windows(3).any(|w| w == b">1 ")
        }
    }
}

/// Whether a file is one record of a log.
pub(super) fn record(bytes: &[u8]) -> bool {
    Record::parse(bytes).is_ok()
}

/// Whether a file is a report of this program.
pub(super) fn report(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    head.starts_with(b"<!doctype html>") && String::from_utf8_lossy(head).contains("<title>Audit report: ")
}

/// Whether a file is a signed note or a proof with one: a checkpoint, a receipt.
pub(super) fn note(bytes: &[u8]) -> bool {
    String::from_utf8_lossy(bytes).contains("\n\n\u{2014} ")
}

/// Whether a file is the public key of a log.
pub(super) fn verifier_key(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| VerifierKey::parse(text.trim_end()).is_ok())
}

fn first_line(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == b'\n').next().unwrap_or_default()
}
