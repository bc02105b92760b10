//! The lines of a batch: CSV with a header; `name` is required, `san`, `csr` and parameters of the template may follow.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use crate::audit::record::draft::Draft;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Failure, Outcome, RequestFacts};
use crate::audit::record::value::Id;
use crate::error::{Error, ErrorKind, describe};
use crate::lifecycle::issuance::brought::{AdmittedRequest, BroughtRequest};
use crate::lifecycle::issuance::refusal;
use crate::lifecycle::journal::Journal;
use crate::lifecycle::session::attempt;
use crate::lifecycle::signing::announce::RequestContext;
use crate::policy::Refused;
use crate::template::Template;
use certroll_base::clock::Timestamp;
use certroll_base::text::printable;
use certroll_pki::name::general_name::GeneralName;

/// What came of a batch.
#[derive(Debug, Default)]
pub struct BatchOutcome {
    /// Issued in this run.
    pub issued: u64,
    /// Issued by an earlier run of the same lines, and delivered by now.
    pub skipped: u64,
    /// Lines that failed: number (the header is 1), name if known, reason.
    pub failed: Vec<FailedLine>,
}

/// A line that failed.
#[derive(Clone, Debug)]
pub struct FailedLine {
    /// Line of the file; the header is 1.
    pub line: u64,
    /// The name on it, as far as it could be read.
    pub name: String,
    /// Why.
    pub reason: String,
    /// What stopped it, as its record tells.
    pub(crate) cause: LineFailure,
}

/// What stopped a line.
#[derive(Clone, Debug)]
pub(crate) enum LineFailure {
    /// It cannot be read, or does not fit to the lines before it or to what is on record.
    Line,
    /// Policy refused it; with where its key is from.
    Policy(Box<(String, Refused)>),
    /// The pipeline refused it, as it would refuse the same certificate alone.
    Refused(Failure),
}

impl FailedLine {
    /// Its refusal, for the log: with the same facts as if the certificate had been asked for alone, and its place in the batch.
    pub(crate) fn record(&self, journal: &Journal, now: Timestamp, context: &RequestContext, batch: &str) -> Draft {
        let mut record = match &self.cause {
            LineFailure::Policy(policy) => refusal::record(journal, now, context, &policy.0, &policy.1),
            LineFailure::Line | LineFailure::Refused(_) => {
                let mut record = journal.draft(Event::CertReject, Outcome::Denied, Id::new(now));
                let template = Some(context.template.0.clone());
                let names = vec![format!("name:{}", self.name)];
                record.why = context.why.clone();
                record.req = Some(RequestFacts { template, names, ..RequestFacts::default() });
                record.err = Some(match &self.cause {
                    LineFailure::Refused(failure) => failure.clone(),
                    _ => Failure { code: "line".to_owned(), text: self.reason.clone() },
                });
                record
            }
        };
        record.x.insert("batch".to_owned(), batch.into());
        record.x.insert("line".to_owned(), self.line.into());
        record
    }
}

/// One line.
pub struct BatchLine {
    /// Its number in the file.
    pub number: u64,
    /// Column `name`.
    pub name: String,
    /// Column `san`, its parts separated by `;`, and the names of the request.
    pub names: Vec<GeneralName>,
    /// The columns named like parameters of the template; empty cells are left out.
    pub parameters: BTreeMap<String, String>,
    /// The request in the file that column `csr` names, relative to the CSV.
    pub request: Option<AdmittedRequest>,
}

impl BatchLine {
    /// This line, refused by policy; `key` tells where its key is from.
    pub(crate) fn refused(&self, key: String, refused: Refused) -> FailedLine {
        let reason = format!("policy refuses it: {}", refused.reasons.join("; "));
        FailedLine { cause: LineFailure::Policy(Box::new((key, refused))), ..self.failed(&reason) }
    }

    /// This line, stopped by an error of the pipeline.
    pub(crate) fn stopped(&self, error: &Error) -> FailedLine {
        let cause = attempt::failure(error).map_or(LineFailure::Line, LineFailure::Refused);
        FailedLine { cause, ..self.failed(&describe(error)) }
    }

    /// This line, failed.
    pub fn failed(&self, reason: &str) -> FailedLine {
        FailedLine { line: self.number, name: self.name.clone(), reason: reason.to_owned(), cause: LineFailure::Line }
    }
}

/// A CSV file, read line by line.
pub struct BatchLines {
    file: PathBuf,
    reader: csv::Reader<File>,
    columns: Vec<String>,
    record: csv::StringRecord,
    total: u64,
    /// Set by a read error: what comes after it cannot be trusted to begin with a whole line.
    broken: bool,
}

impl BatchLines {
    /// Opens the file and reads its header.
    ///
    /// # Errors
    /// It cannot be read, or has no column `name`, or a column twice.
    pub fn open(file: &Path) -> Result<Self, Error> {
        let unreadable = |error| Error::file(file, "read", error);
        let total = count_lines(file).map_err(unreadable)?;
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .flexible(true)
            .from_reader(File::open(file).map_err(unreadable)?);
        let shape = |what: String| {
            Error::new(ErrorKind::Usage, format!("`{}` is not a batch: {what}", file.display()))
                .hint("the first line names the columns: `name`, then `san`, `csr` or parameters of the template, as in `name,san,serial`")
        };
        let header = reader.headers().map_err(|error| shape("its header cannot be read".to_owned()).because(error))?;
        let columns: Vec<String> = header.iter().map(|c| c.trim_start_matches('\u{feff}').to_owned()).collect();
        if !columns.iter().any(|column| column == "name") {
            return Err(shape("it has no column `name`".to_owned()));
        }
        if let Some(twice) = columns.iter().enumerate().find(|(at, column)| columns[..*at].contains(column)) {
            return Err(shape(format!("it has the column `{}` twice", printable(twice.1))));
        }
        Ok(Self { file: file.to_owned(), reader, columns, record: csv::StringRecord::new(), total, broken: false })
    }

    /// The file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// About how many lines there are, for showing progress.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Checks that every column is known to the template.
    ///
    /// # Errors
    /// The first column that is not.
    pub fn check_columns(&self, template: &Template) -> Result<(), Error> {
        let parameters: Vec<&str> = template.parameters().iter().map(|parameter| parameter.name()).collect();
        let known = |column: &str| matches!(column, "name" | "san" | "csr") || parameters.contains(&column);
        match self.columns.iter().find(|column| !known(column)) {
            None => Ok(()),
            Some(column) => {
                let message = format!(
                    "`{}` has the column `{}`, which template `{}` does not know",
                    self.file.display(),
                    printable(column),
                    template.name()
                );
                let may = ["name", "san", "csr"].iter().copied().chain(parameters).collect::<Vec<_>>().join(", ");
                Err(Error::new(ErrorKind::Usage, message).hint(format!("columns may be: {may}")))
            }
        }
    }

    /// The next line; `None` at the end. A bad line says why, and the one after it can still be read.
    pub fn next_line(&mut self) -> Option<Result<BatchLine, FailedLine>> {
        while !self.broken {
            match self.reader.read_record(&mut self.record) {
                Ok(false) => return None,
                Ok(true) if self.record.iter().all(str::is_empty) => {}
                Ok(true) => return Some(self.line()),
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    let reason = match error.kind() {
                        csv::ErrorKind::Utf8 { .. } => "it is not UTF-8".to_owned(),
                        _ => error.to_string(),
                    };
                    let failed = FailedLine { line, name: String::new(), reason, cause: LineFailure::Line };
                    self.broken = error.is_io_error();
                    return Some(Err(failed));
                }
            }
        }
        None
    }

    fn line(&self) -> Result<BatchLine, FailedLine> {
        let number = self.record.position().map_or(0, csv::Position::line);
        let cell = |column: &str| {
            let at = self.columns.iter().position(|known| known == column);
            at.and_then(|at| self.record.get(at)).filter(|cell| !cell.is_empty())
        };
        let name = cell("name").unwrap_or_default().to_owned();
        let failed = |reason: String| FailedLine { line: number, name: name.clone(), reason, cause: LineFailure::Line };
        if self.record.len() != self.columns.len() {
            return Err(failed(format!("it has {} cells, the header has {}", self.record.len(), self.columns.len())));
        }
        if name.is_empty() {
            return Err(failed("it has no name".to_owned()));
        }
        let names = cell("san").unwrap_or_default().split(';').filter(|name| !name.trim().is_empty());
        let names =
            names.map(GeneralName::parse).collect::<Result<Vec<_>, _>>().map_err(|error| failed(error.to_string()))?;
        let request = cell("csr").map(|file| self.request(file)).transpose();
        let request = request.map_err(|error| {
            let cause = attempt::failure(&error).map_or(LineFailure::Line, LineFailure::Refused);
            FailedLine { cause, ..failed(describe(&error)) }
        })?;
        let names = match &request {
            Some(request) => request.names(names),
            None => names,
        };
        let pairs = self.columns.iter().zip(self.record.iter());
        let own = pairs.filter(|(column, cell)| !matches!(column.as_str(), "name" | "san" | "csr") && !cell.is_empty());
        let parameters = own.map(|(column, cell)| (column.clone(), cell.to_owned())).collect();
        Ok(BatchLine { number, name, names, parameters, request })
    }

    fn request(&self, file: &str) -> Result<AdmittedRequest, Error> {
        BroughtRequest::open(&certroll_base::durable::parent(&self.file).join(file))?.admit()
    }
}

fn count_lines(file: &Path) -> std::io::Result<u64> {
    use std::io::Read;
    let mut file = File::open(file)?;
    let mut buffer = vec![0; 1 << 16];
    let mut lines = 0;
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(u64::saturating_sub(lines, 1)),
            read => lines += buffer[..read].iter().filter(|byte| **byte == b'\n').count() as u64,
        }
    }
}
