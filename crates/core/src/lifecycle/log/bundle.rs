//! Writing a bundle, member by member, without holding it.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::bundle_reader::FileSource;
use super::selection::{SelectedRecords, Selection};
use crate::audit::export::CsvExport;
use crate::audit::export::bundle::archive::{self, END};
use crate::audit::export::bundle::manifest::{self, Maker, ManifestFollower};
use crate::audit::export::bundle::{self, name};
use crate::audit::record::facts::CertificateFacts;
use crate::audit::record::session::SessionFacts;
use crate::error::{Error, ErrorKind};
use crate::hint::home::LogHint;
use crate::lifecycle::log::{ExportOutcome, SignedState, parse, walk};
use crate::report::{self, Head, LogSummary};
use crate::store::{Query, Selector, Store, StoreError};
use certroll_base::clock::Timestamp;
use certroll_base::encoding::{Hasher, Sha256};
use certroll_pki::x509::serial::SerialNumber;
use certroll_tlog::{Checkpoint, ConsistencyBuilder, Frontier, leaf_hash};

/// What goes into a bundle.
pub(super) struct BundlePlan<'a> {
    pub(super) signed: &'a SignedState,
    /// The note of the checkpoint, with all its signatures.
    pub(super) note: Vec<u8>,
    /// An earlier checkpoint that others signed, and its note.
    pub(super) cosigned: Option<(Checkpoint, Vec<u8>)>,
    /// The earlier checkpoint that the bundle continues, and its note.
    pub(super) since: Option<(Checkpoint, Vec<u8>)>,
    pub(super) selection: &'a Selection,
    /// What is shown even if it does not fit: the operation of this export.
    pub(super) shown: SelectedRecords,
    pub(super) generated: Timestamp,
}

impl BundlePlan<'_> {
    fn size(&self) -> u64 {
        self.signed.checkpoint.size
    }

    fn first(&self) -> u64 {
        self.since.as_ref().map_or(0, |(since, _)| since.size)
    }
}

/// What the first pass over the log finds.
struct Surveyed {
    shown: Option<SelectedRecords>,
    subtrees: Vec<Sha256>,
    consistency: Vec<Sha256>,
}

/// Writes a bundle into an empty file.
///
/// # Errors
/// The file cannot be written; or, of kind [`ErrorKind::Verification`], the log is not what its checkpoints say.
pub(super) fn write(
    store: &dyn Store,
    mut plan: BundlePlan<'_>,
    file: &mut File,
    path: &Path,
) -> Result<ExportOutcome, Error> {
    let surveyed = survey(store, &mut plan)?;
    let unwritable = |error| Error::file(path, "write", error);
    let mut archive = Archive { file, at: 0, list: String::new() };
    let put = |archive: &mut Archive<'_>, name: &str, bytes: &[u8]| {
        archive.member(name, &unwritable, |out| out.write_all(bytes).map_err(unwritable))
    };
    put(&mut archive, name::README, bundle::README.as_bytes())?;
    put(&mut archive, name::VKEY, format!("{}\n", plan.signed.key).as_bytes())?;
    put(&mut archive, name::CHECKPOINT, &plan.note)?;
    if let Some((_, note)) = &plan.cosigned {
        put(&mut archive, name::COSIGNED, note)?;
    }
    if let Some((_, note)) = &plan.since {
        put(&mut archive, name::SINCE, note)?;
        put(&mut archive, name::CONSISTENCY, bundle::hash_lines(&surveyed.consistency).as_bytes())?;
        put(&mut archive, name::SUBTREES, bundle::hash_lines(&surveyed.subtrees).as_bytes())?;
    }
    let exported = records(store, &plan, &surveyed, &mut archive, &unwritable)?;
    let begin = archive.at;
    certificates(store, &plan, &surveyed, &mut archive, &unwritable)?;
    finish(archive, begin, plan.generated, &unwritable)?;
    Ok(exported)
}

/// Reads the log once: is it what the checkpoints say, and which records are shown?
fn survey(store: &dyn Store, plan: &mut BundlePlan<'_>) -> Result<Surveyed, Error> {
    let (first, size) = (plan.first(), plan.size());
    let wrong = |what: String| Error::new(ErrorKind::Verification, what).hint(LogHint::Verify);
    if first > size {
        return Err(wrong(format!("the earlier checkpoint covers {first} records, the log has {size}")));
    }
    let mut consistency = ConsistencyBuilder::new(first, size)
        .map_err(|error| wrong("no proof can be made".to_owned()).because(error))?;
    let mut tree = Frontier::new();
    let mut earlier = tree.clone();
    let mut contradicted = plan.cosigned.as_ref().is_some_and(|(seen, _)| seen.size == 0 && seen.root != tree.root());
    let filtered = !plan.selection.is_everything();
    let mut shown = std::mem::take(&mut plan.shown);
    walk(store, 0, size, &mut |seq, line| {
        let leaf = leaf_hash(line);
        tree.push(leaf);
        consistency.push(&leaf);
        if seq + 1 == first {
            earlier = tree.clone();
        }
        contradicted |=
            plan.cosigned.as_ref().is_some_and(|(seen, _)| seen.size == seq + 1 && seen.root != tree.root());
        if filtered && seq >= first {
            let record = parse(seq, line)?;
            if plan.selection.fits(&record) {
                shown.add(&record);
            }
        }
        Ok(())
    })?;
    if tree.root() != plan.signed.checkpoint.root {
        return Err(wrong(format!("the {size} records of the log are not those of its checkpoint")));
    }
    if contradicted {
        return Err(wrong("the log contradicts a checkpoint that others signed".to_owned()));
    }
    if plan.since.as_ref().is_some_and(|(since, _)| since.root != earlier.root()) {
        return Err(wrong(format!("the first {first} records are not those of the earlier checkpoint")));
    }
    let consistency = consistency.finish().map_err(|error| wrong("no proof can be made".to_owned()).because(error))?;
    Ok(Surveyed { shown: filtered.then_some(shown), subtrees: earlier.subtrees().to_vec(), consistency })
}

/// `records.jsonl`, `withheld`, `records.csv` and the report.
fn records(
    store: &dyn Store,
    plan: &BundlePlan<'_>,
    surveyed: &Surveyed,
    archive: &mut Archive<'_>,
    unwritable: &dyn Fn(io::Error) -> Error,
) -> Result<ExportOutcome, Error> {
    let (first, size, shown) = (plan.first(), plan.size(), &surveyed.shown);
    let is_shown = |seq: u64, line: &[u8]| match shown {
        None => Ok(true),
        Some(shown) => parse(seq, line).map(|record| shown.contains(&record)),
    };
    let mut exported = ExportOutcome { records: 0, withheld: 0, checkpoint: None };
    archive.member(name::RECORDS, unwritable, |out| {
        walk(store, first, size, &mut |seq, line| {
            if is_shown(seq, line)? {
                exported.records += 1;
                out.write_all(line).and_then(|()| out.write_all(b"\n")).map_err(unwritable)?;
            }
            Ok(())
        })
    })?;
    if shown.is_some() {
        archive.member(name::WITHHELD, unwritable, |out| {
            walk(store, first, size, &mut |seq, line| {
                if !is_shown(seq, line)? {
                    exported.withheld += 1;
                    let line = bundle::withheld_line(seq, &leaf_hash(line));
                    out.write_all(line.as_bytes()).map_err(unwritable)?;
                }
                Ok(())
            })
        })?;
    }
    // A report on a part of a log would count what is missing as not done.
    let mut summary = (plan.since.is_none() && shown.is_none()).then(LogSummary::new);
    archive.member(name::CSV, unwritable, |out| {
        let mut csv = CsvExport::new(out).map_err(unwritable)?;
        // From the records in here alone, as an auditor has them.
        let mut sessions = SessionFacts::default();
        walk(store, first, size, &mut |seq, line| {
            let mut record = parse(seq, line)?;
            if shown.as_ref().is_some_and(|shown| !shown.contains(&record)) {
                return Ok(());
            }
            sessions.complete(&mut record);
            csv.write(&record, &leaf_hash(line)).map_err(unwritable)?;
            if let Some(summary) = &mut summary {
                summary.add(&record);
            }
            Ok(())
        })?;
        csv.finish().map(drop).map_err(unwritable)
    })?;
    if let Some(summary) = summary {
        let page = page(&summary, &plan.signed.checkpoint, &plan.note, plan.generated);
        archive.member(name::REPORT, unwritable, |out| out.write_all(page.as_bytes()).map_err(unwritable))?;
    }
    Ok(exported)
}

/// The report of a bundle: the same for all who make it from the same records, note and time.
pub(super) fn page(summary: &LogSummary, checkpoint: &Checkpoint, note: &[u8], generated: Timestamp) -> String {
    let head = Head {
        origin: checkpoint.origin.clone(),
        size: checkpoint.size,
        root: checkpoint.root,
        checkpoint_text: String::from_utf8_lossy(note).into_owned(),
        generated,
    };
    report::html(summary, &head)
}

/// The certificates whose issuance is shown, in the order of the log.
fn certificates(
    store: &dyn Store,
    plan: &BundlePlan<'_>,
    surveyed: &Surveyed,
    archive: &mut Archive<'_>,
    unwritable: &dyn Fn(io::Error) -> Error,
) -> Result<(), Error> {
    walk(store, plan.first(), plan.size(), &mut |seq, line| {
        // Most records tell of no certificate; reading those in full would double the time.
        if !super::show::contains(line, b"\"cert\":") {
            return Ok(());
        }
        let record = parse(seq, line)?;
        let shown = surveyed.shown.as_ref().is_none_or(|shown| shown.contains(&record));
        let Some(facts) = record.cert.as_deref().filter(|_| shown && record.ev.introduces()) else { return Ok(()) };
        let der = der(store, facts)?;
        let size = der.len() as u64;
        let mut member = archive::header(&bundle::certificate_name(&facts.sha256.0), size).to_vec();
        member.extend(der);
        member.resize(member.len() + archive::padding(size) as usize, 0);
        archive.content(&member, unwritable)
    })
}

/// The bytes of the certificate that a record names.
fn der(store: &dyn Store, facts: &CertificateFacts) -> Result<Vec<u8>, Error> {
    let missing = || {
        let message = format!("the inventory has no certificate with serial number `{}` of `{}`", facts.sn, facts.iss);
        Error::new(ErrorKind::Verification, message)
            .hint("the log is what counts; restore the database from the newest backup")
    };
    // By serial number, of which there is an index, and then by hash.
    let serial = SerialNumber::parse(&facts.sn).ok_or_else(missing)?;
    let found = store.certificates(&Query::of(Selector::Serial(serial)))?;
    let entry = found.iter().find(|entry| *entry.fingerprint.as_bytes() == facts.sha256.0).ok_or_else(missing)?;
    store.certificate_der(entry).map_err(|error| match error {
        // The log came back from an export of records alone.
        StoreError::Missing(_) => missing().hint(LogHint::ExportBundle),
        other => other.into(),
    })
}

/// Writes the list of files and ends the archive.
fn finish(
    mut archive: Archive<'_>,
    begin: u64,
    generated: Timestamp,
    unwritable: &dyn Fn(io::Error) -> Error,
) -> Result<(), Error> {
    let end = archive.at;
    let list = std::mem::take(&mut archive.list);
    // The lines of the certificates are not kept but read off their headers again.
    let source = FileSource(archive.file.try_clone().map_err(unwritable)?);
    let damaged = |error: archive::ArchiveError| unwritable(io::Error::other(error));
    let mut running = ManifestFollower::default();
    archive.member(name::MANIFEST, unwritable, |out| {
        let mut add = |line: &str| {
            running.add(line);
            out.write_all(line.as_bytes()).map_err(unwritable)
        };
        let mut at = begin;
        while at < end {
            let member = archive::member(&source, at)
                .map_err(damaged)?
                .ok_or_else(|| unwritable(io::ErrorKind::UnexpectedEof.into()))?;
            add(&certificate_line(&member))?;
            at = member.end();
        }
        add(&list)?;
        let maker = Maker { version: env!("CARGO_PKG_VERSION").to_owned(), generated };
        out.write_all(running.end(&maker).as_bytes()).map_err(unwritable)
    })?;
    archive.content(&[0; END as usize], unwritable)
}

/// The line of a certificate, whose hash is its name.
fn certificate_line(member: &archive::ArchiveMember) -> String {
    let digest = member.name.trim_start_matches("certificates/").trim_end_matches(".der");
    let digest = certroll_base::encoding::sha256_from_hex(digest).unwrap_or_default();
    manifest::line(&member.name, member.size, &digest)
}

/// An archive that is being written.
struct Archive<'f> {
    file: &'f mut File,
    at: u64,
    /// The lines of the members with a fixed name, for the list of files.
    list: String,
}

impl Archive<'_> {
    /// A member whose size is known when it was written.
    fn member(
        &mut self,
        name: &str,
        unwritable: &dyn Fn(io::Error) -> Error,
        write: impl FnOnce(&mut dyn Write) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let header = self.at;
        self.content(&[0; archive::BLOCK as usize], unwritable)?;
        let mut out =
            BufWriter::with_capacity(1 << 16, CountedFile { file: self.file, hash: Hasher::default(), size: 0 });
        write(&mut out)?;
        let counted = out.into_inner().map_err(|error| unwritable(error.into_error()))?;
        let (size, sha256) = (counted.size, counted.hash.sha256());
        self.at += size;
        self.pad(size, unwritable)?;
        self.file.write_all_at(&archive::header(name, size), header).map_err(unwritable)?;
        self.list.push_str(&manifest::line(name, size, &sha256));
        Ok(())
    }

    fn content(&mut self, bytes: &[u8], unwritable: &dyn Fn(io::Error) -> Error) -> Result<(), Error> {
        self.file.write_all(bytes).map_err(unwritable)?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    fn pad(&mut self, size: u64, unwritable: &dyn Fn(io::Error) -> Error) -> Result<(), Error> {
        let zeros = [0; archive::BLOCK as usize];
        self.content(&zeros[..archive::padding(size) as usize], unwritable)
    }
}

/// A file that counts and hashes what is written into it.
struct CountedFile<'f> {
    file: &'f mut File,
    hash: Hasher,
    size: u64,
}

impl Write for CountedFile<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
