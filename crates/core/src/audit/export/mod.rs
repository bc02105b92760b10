//! Records as rows of a spreadsheet (RFC 4180). Every row carries place and leaf hash, which tie it to a signed root.
//!
//! The JSON Lines export needs no code: it is the records as they are.

pub mod bundle;
pub mod cef;
pub mod syslog;

use std::io::{self, Write};

use super::record::Record;
use certroll_base::encoding::{self, Sha256};

/// How many columns the tables of certroll 0.1 have.
pub const FIRST_COLUMNS: usize = 18;

/// The columns, in order. New ones are added at the end.
pub const COLUMNS: [&str; 22] = [
    "seq",
    "time",
    "event",
    "outcome",
    "operation",
    "actor",
    "template",
    "issuer",
    "serial",
    "names",
    "not_before",
    "not_after",
    "certificate_sha256",
    "reason",
    "text",
    "ticket",
    "error",
    "leaf",
    "item",
    "action",
    "replaces",
    "authentication",
];

/// Writes rows, the header first; lines end in CR LF.
pub struct CsvExport<W: Write> {
    writer: csv::Writer<W>,
    columns: usize,
}

/// How many columns a table has that begins with these bytes: a bundle that an earlier version made has fewer.
pub fn columns_of(table: &[u8]) -> usize {
    if table.starts_with(COLUMNS.join(",").as_bytes()) { COLUMNS.len() } else { FIRST_COLUMNS }
}

impl<W: Write> CsvExport<W> {
    /// Begins an export and writes its header.
    ///
    /// # Errors
    /// `out` cannot be written.
    pub fn new(out: W) -> io::Result<Self> {
        Self::with_columns(out, COLUMNS.len())
    }

    /// As [`CsvExport::new`], with only the first so many columns.
    ///
    /// # Errors
    /// `out` cannot be written.
    pub fn with_columns(out: W, columns: usize) -> io::Result<Self> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        writer.write_record(COLUMNS.iter().take(columns))?;
        Ok(Self { writer, columns })
    }

    /// Writes the row of one record.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn write(&mut self, record: &Record<'_>, leaf: &Sha256) -> io::Result<()> {
        Ok(self.writer.write_record(row(record, leaf).iter().take(self.columns))?)
    }

    /// Passes on what was written so far.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }

    /// Ends the export and gives the output back.
    ///
    /// # Errors
    /// What is left cannot be written.
    pub fn finish(self) -> io::Result<W> {
        self.writer.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

/// The cells of one record, in the order of [`COLUMNS`], already harmless to a spreadsheet.
pub fn row(record: &Record<'_>, leaf: &Sha256) -> [String; COLUMNS.len()] {
    let (cert, req, why) = (record.cert.as_deref(), record.req.as_deref(), record.why.as_deref());
    let names = cert.map(|c| &c.san).or(req.map(|r| &r.names));
    let not_before = cert.map(|c| c.nb).or(req.and_then(|r| r.nb));
    let not_after = cert.map(|c| c.na).or(req.and_then(|r| r.na));
    [
        record.seq.to_string(),
        record.ts.to_rfc3339_millis(),
        record.ev.name().to_owned(),
        record.out.name().to_owned(),
        record.op.to_string(),
        record.actor_name().to_owned(),
        req.and_then(|r| r.template.clone()).unwrap_or_default(),
        cert.map(|c| c.iss.clone()).unwrap_or_default(),
        cert.map(|c| c.sn.clone()).unwrap_or_default(),
        names.map(|names| names.join("; ")).unwrap_or_default(),
        not_before.map(|at| at.to_string()).unwrap_or_default(),
        not_after.map(|at| at.to_string()).unwrap_or_default(),
        cert.map(|c| c.sha256.to_string()).unwrap_or_default(),
        why.map(|w| w.reason.clone().unwrap_or_else(|| w.code.clone())).unwrap_or_default(),
        why.and_then(|w| w.text.clone()).unwrap_or_default(),
        why.and_then(|w| w.ticket.clone()).unwrap_or_default(),
        record.err.as_deref().map(|e| format!("{}: {}", e.code, e.text)).unwrap_or_default(),
        encoding::hex(leaf),
        record.item.map(|item| item.to_string()).unwrap_or_default(),
        req.and_then(|r| r.act).map(|action| action.name().to_owned()).unwrap_or_default(),
        cert.map(|c| c.prev).or(req.map(|r| r.prev)).flatten().map(|prev| prev.to_string()).unwrap_or_default(),
        record.actor.as_deref().map(|actor| actor.auth.name().to_owned()).unwrap_or_default(),
    ]
    .map(inert)
}

/// A spreadsheet takes a cell that begins like this for a formula, a terminal obeys what it is shown, and the attacker chooses the
/// subject of a certificate. The other formats have the octets.
fn inert(cell: String) -> String {
    let cell = certroll_base::text::printable(&cell).into_owned();
    if cell.starts_with(['=', '+', '-', '@']) { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::audit::record::draft::Draft;
    use crate::audit::record::event::Event;
    use crate::audit::record::facts::{Actor, ActorKind, Authentication, Failure, Outcome, RequestFacts};
    use crate::audit::record::value::Id;
    use certroll_base::clock::Timestamp;

    #[test]
    fn rows_are_quoted_and_formulas_defused() {
        let (t, auth) = (ActorKind::User, Authentication::OsUid);
        let actor = Actor::new(t, "@sum".into(), auth);
        let op: Id = "019aa5c3-8a00-7000-8000-000000000001".parse().unwrap();
        let names = vec!["=cmd|' /C calc'!A0".into(), "CN=a, O=\"b\"".into()];
        let req = Some(RequestFacts { names, template: Some("meter".into()), ..RequestFacts::default() });
        let err = Some(Failure { code: "policy".into(), text: "too long\r\nby far".into() });
        let actor = Some(Arc::new(actor));
        let draft = Draft { req, err, actor, ..Draft::new(Event::CertReject, Outcome::Denied, op, op) };
        let mut export = CsvExport::new(Vec::new()).unwrap();
        export.write(&draft.at(4, Timestamp::from_secs(0)), &[0xab; 32]).unwrap();
        let text = String::from_utf8(export.finish().unwrap()).unwrap();
        let (header, rows) = text.split_once("\r\n").unwrap();
        assert_eq!(header, COLUMNS.join(","));
        let expected = format!(
            "4,1970-01-01T00:00:00.000Z,cert.reject,denied,{op},'@sum,meter,,,\"'=cmd|' /C calc'!A0; CN=a, O=\"\"b\"\"\"\
             ,,,,,,,policy: too long\\u{{d}}\\u{{a}}by far,{},,,,os-uid\r\n",
            "ab".repeat(32)
        );
        assert_eq!(rows, expected);
    }

    #[test]
    fn every_dangerous_beginning_is_defused() {
        for start in ["=", "+", "-", "@"] {
            assert_eq!(inert(format!("{start}1")), format!("'{start}1"));
        }
        for hostile in ["\t1", "\r1", "a\u{1b}[31m", "a\u{202e}b", "a\nb"] {
            assert!(!inert(hostile.into()).contains(certroll_base::text::is_hostile), "{hostile:?}");
        }
        assert_eq!(inert("a=1".into()), "a=1");
        assert_eq!(inert(String::new()), "");
    }
}
