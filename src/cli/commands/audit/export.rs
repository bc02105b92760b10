//! `certroll audit export`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::follow;
use crate::cli::args::ReplaceArgs;
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use certroll_base::clock::Timestamp;
use certroll_core::audit::record::event::Event;
use certroll_core::error::{Error, ErrorKind};
use certroll_core::lifecycle::log::{self, ExportForm, ExportRequest, ExportSink, Selection, SiemForm};

/// Write the log to a file, and record that it was handed out
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// File to write; `-` is standard output (csv, cef, syslog). JSON Lines get FILE.checkpoint and FILE.vkey beside them
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
    /// Form of the export [default: bundle if FILE ends in .tar, else jsonl]
    #[arg(long = "format", id = "form", value_enum, value_name = "FORM")]
    form: Option<ExportFormat>,
    /// Of a bundle, only what came after this checkpoint of an earlier visit; of cef and syslog, from this record on
    #[arg(long, value_name = "CHECKPOINT|SEQ")]
    since: Option<String>,
    /// Of a bundle, only operations on this device or certificate: a name or serial number; may be given repeatedly
    #[arg(long = "name", value_name = "NAME")]
    names: Vec<String>,
    /// Of a bundle, only operations with this event; may be given repeatedly
    #[arg(long = "event", value_name = "EVENT")]
    events: Vec<Event>,
    /// Of a bundle, only operations at or after this time: 2026-11-22 or 2026-11-22T09:00:00Z
    #[arg(long, value_name = "TIME", value_parser = time)]
    from: Option<Timestamp>,
    /// Of a bundle, only operations before this time
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Option<Timestamp>,
    /// Of cef and syslog, wait for new records until stopped; nothing is recorded and no passphrase is needed
    #[arg(long)]
    follow: bool,
    #[command(flatten)]
    replace: ReplaceArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ExportFormat {
    /// The exact records, verifiable
    Jsonl,
    /// A table for people
    Csv,
    /// One archive with everything that an auditor needs
    Bundle,
    /// Common Event Format, for a SIEM
    Cef,
    /// RFC 5424, for a SIEM
    Syslog,
}

/// A date means the beginning of that day, in UTC.
fn time(text: &str) -> Result<Timestamp, String> {
    let date = || Timestamp::parse(&format!("{text}T00:00:00Z"));
    Timestamp::parse(text)
        .or_else(date)
        .ok_or_else(|| "expected a date such as 2026-11-22, or an RFC 3339 time".to_owned())
}

pub(super) fn run(args: &ExportArgs, context: &mut Context<'_>) -> CommandOutcome {
    let request = request(args)?;
    let stream = args.out == Path::new("-");
    if args.follow {
        let ExportForm::Siem(form) = request.form else {
            return Err(usage("only cef and syslog can be followed", "add `--format cef` or `--format syslog`"));
        };
        return follow::run(form, request.first, (!stream).then_some(&args.out), context);
    }
    if stream && matches!(request.form, ExportForm::Jsonl | ExportForm::Bundle) {
        return Err(usage("this form of export needs a file", "name one with `--out FILE`"));
    }
    let mut session = context.session()?;
    let exported = if stream {
        let mut out = StopOnBrokenPipe(context.environment.output.stream());
        log::export(&mut session, &request, ExportSink::Stream(&mut out))?
    } else {
        log::export(&mut session, &request, ExportSink::File(args.replace.file(&args.out)))?
    };
    let file = args.out.display();
    if !stream {
        let withheld = match exported.withheld {
            0 => String::new(),
            withheld => format!(", {withheld} withheld"),
        };
        context.say(&format!("wrote {} records to `{file}`{withheld}", exported.records));
    }
    if exported.checkpoint.is_some() || request.form == ExportForm::Bundle {
        context.say(&format!("verify it anywhere: `certroll audit verify {file} --key VKEY`"));
    }
    Ok(exit::DONE)
}

fn request(args: &ExportArgs) -> Result<ExportRequest, Error> {
    let form = match args.form {
        Some(ExportFormat::Jsonl) => ExportForm::Jsonl,
        Some(ExportFormat::Csv) => ExportForm::Csv,
        Some(ExportFormat::Cef) => ExportForm::Siem(SiemForm::Cef),
        Some(ExportFormat::Syslog) => ExportForm::Siem(SiemForm::Syslog),
        Some(ExportFormat::Bundle) => ExportForm::Bundle,
        None if args.out.extension().is_some_and(|extension| extension == "tar") => ExportForm::Bundle,
        None => ExportForm::Jsonl,
    };
    let (names, events) = (args.names.clone(), args.events.clone());
    let selection = Selection { names, events, from: args.from, until: args.until };
    if form != ExportForm::Bundle && !selection.is_everything() {
        let message = format!("a selection cannot be exported as {}: it would not show what was left out", form.name());
        return Err(usage(&message, "add `--format bundle`"));
    }
    let mut request = ExportRequest { selection, ..ExportRequest::new(form) };
    match (form, &args.since) {
        (_, None) => {}
        (ExportForm::Bundle, Some(file)) => request.since = Some(file.into()),
        (ExportForm::Siem(_), Some(seq)) => {
            let number = seq.parse().map_err(|_| {
                usage(&format!("`{seq}` is not the number of a record"), "give the `seq` to begin with: `--since 120`")
            })?;
            request.first = number;
        }
        (ExportForm::Jsonl | ExportForm::Csv, Some(_)) => {
            let message = format!("an export as {} begins at the beginning", form.name());
            return Err(usage(&message, "add `--format bundle`"));
        }
    }
    Ok(request)
}

fn usage(message: &str, hint: &str) -> Error {
    Error::new(ErrorKind::Usage, message).hint(hint)
}

/// That the reader has gone is no error.
struct StopOnBrokenPipe<'a>(&'a mut (dyn Write + Send));

impl Write for StopOnBrokenPipe<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(bytes.len()),
            other => other,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }
}
