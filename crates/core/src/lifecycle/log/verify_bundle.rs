//! Verifying a bundle, in one pass, with nothing but the key and, if there was an earlier visit, its checkpoint.
//!
//! Records, certificates and table lie behind each other in the archive and are read side by side: a record, its row, its
//! certificate. So nothing has to be kept but what [`LogVerifier`] keeps.

use std::io::{self, BufRead as _, BufReader, Read};

use super::bundle_reader::{BUFFER, BundleFlaw, Compared, MemberReader};
use super::{bundle as writer, certificate};
use crate::audit::export::bundle::archive::{self, ArchiveMember, HashedContent, RandomAccess};
use crate::audit::export::bundle::manifest::{self, Maker, ManifestFollower};
use crate::audit::export::bundle::{self, name};
use crate::audit::export::{CsvExport, columns_of};
use crate::audit::record::Record;
use crate::audit::record::facts::CertificateFacts;
use crate::audit::verify::{LogVerifier, Verification};
use crate::lifecycle::log::{LineError, RecordLines};
use crate::report::LogSummary;
use certroll_base::encoding::Sha256;
use certroll_tlog::{Checkpoint, VerifierKey};

/// What a verified bundle says.
#[derive(Debug)]
pub struct VerifiedBundle {
    /// What is known of the log.
    pub verification: Verification,
    /// What is known of the bundle beside it.
    pub facts: BundleFacts,
}

/// What a verified bundle says beside the log.
#[derive(Debug)]
pub struct BundleFacts {
    /// Certificates that are in it, each compared with its record.
    pub certificates: u64,
    /// How many records a checkpoint covers that has signatures of others; these are not checked here.
    pub cosigned: Option<u64>,
    /// Which certroll made it, and when; that is not signed.
    pub maker: Maker,
    /// Whether the report was made again and is the same. A report by another version of certroll may look otherwise, so
    /// that is compared with the list of files only; a bundle of a part of the log has none.
    pub report: bool,
}

/// Verifies a bundle under that key, and against checkpoints that were kept from earlier visits.
///
/// # Errors
/// [`BundleFlaw`]: what is wrong, and with which record if it is one.
pub fn verify_bundle<S: RandomAccess + ?Sized>(
    source: &S,
    key: &VerifierKey,
    since: &[Checkpoint],
) -> Result<VerifiedBundle, BundleFlaw> {
    let mut reader = MemberReader::new(source);
    if reader.small(name::README)? != bundle::README.as_bytes() {
        return Err(BundleFlaw::Member { member: name::README, what: "is not the one of this version of bundles" });
    }
    if reader.small(name::VKEY)? != format!("{key}\n").as_bytes() {
        return Err(BundleFlaw::Member { member: name::VKEY, what: "is another key than yours" });
    }
    let note = reader.small(name::CHECKPOINT)?;
    let checkpoint =
        Checkpoint::open(&note, key).map_err(|source| BundleFlaw::Checkpoint { member: name::CHECKPOINT, source })?;
    let cosigned = match reader.optional(name::COSIGNED)? {
        Some(member) => Some(reader.opened(name::COSIGNED, &member, key)?),
        None => None,
    };
    let earlier = reader.earlier(key, &checkpoint)?;
    let whole = earlier.is_none();
    let earlier = earlier.unwrap_or_default();
    let begins = earlier.size();
    if let Some(known) = since.iter().map(|since| since.size).find(|size| *size < begins) {
        return Err(BundleFlaw::Disconnected { begins, known });
    }
    if cosigned.as_ref().is_some_and(|seen| seen.size < begins || seen.size > checkpoint.size) {
        return Err(BundleFlaw::Member { member: name::COSIGNED, what: "covers records that are not in here" });
    }
    let all = since.iter().chain([&checkpoint]).chain(&cosigned).cloned();
    let mut pass = Pass::begin(&mut reader, LogVerifier::continuing(earlier, all), whole)?;
    while pass.step()? {}
    let finished = pass.finish(checkpoint.size)?;
    let maker = reader.manifest(finished.certificates_end, finished.running, &finished.hashes)?;
    let report = match finished.report.filter(|_| maker.version == env!("CARGO_PKG_VERSION")) {
        Some((summary, member)) => {
            let page = writer::page(&summary, &checkpoint, &note, maker.generated);
            reader.same(&member, page.as_bytes())?;
            true
        }
        None => false,
    };
    let cosigned = cosigned.map(|seen| seen.size);
    let facts = BundleFacts { certificates: finished.certificates, cosigned, maker, report };
    Ok(VerifiedBundle { verification: finished.verification, facts })
}

type Buffered<'a, S> = BufReader<HashedContent<'a, S>>;

/// The pass over records, withheld records, rows and certificates.
struct Pass<'a, S: RandomAccess + ?Sized> {
    source: &'a S,
    verifier: LogVerifier,
    records: RecordLines<Buffered<'a, S>>,
    withheld: Option<RecordLines<Buffered<'a, S>>>,
    /// The next record that is withheld.
    pending: Option<(u64, Sha256)>,
    csv: CsvExport<Compared<Buffered<'a, S>>>,
    sizes: Vec<(&'static str, u64)>,
    /// What the report must tell, and where it is.
    report: Option<(LogSummary, ArchiveMember)>,
    certificate_at: u64,
    certificates: u64,
    running: ManifestFollower,
    der: Vec<u8>,
}

struct Finished {
    verification: Verification,
    certificates: u64,
    certificates_end: u64,
    running: ManifestFollower,
    hashes: Vec<(&'static str, u64, Sha256)>,
    report: Option<(LogSummary, ArchiveMember)>,
}

impl<'a, S: RandomAccess + ?Sized> Pass<'a, S> {
    fn begin(reader: &mut MemberReader<'a, S>, verifier: LogVerifier, whole: bool) -> Result<Self, BundleFlaw> {
        let source = reader.source;
        let buffered = |member: &ArchiveMember| BufReader::with_capacity(BUFFER, HashedContent::of(source, member));
        let mut sizes = Vec::new();
        let mut note = |name, member: ArchiveMember| {
            sizes.push((name, member.size));
            buffered(&member)
        };
        let records = RecordLines::new(note(name::RECORDS, reader.member(name::RECORDS)?));
        let withheld = reader.optional(name::WITHHELD)?.map(|member| RecordLines::new(note(name::WITHHELD, member)));
        let mut rows = note(name::CSV, reader.member(name::CSV)?);
        let columns = columns_of(rows.fill_buf()?);
        let differs = |_| BundleFlaw::Member { member: name::CSV, what: "does not begin with the heading" };
        let mut csv = CsvExport::with_columns(Compared::new(rows), columns).map_err(differs)?;
        csv.flush().map_err(differs)?;
        let report = match whole && withheld.is_none() {
            true => Some((LogSummary::new(), reader.member(name::REPORT)?)),
            false => None,
        };
        let certificate_at = reader.at;
        let (running, der) = (ManifestFollower::default(), Vec::new());
        let mut pass = Self {
            source,
            verifier,
            records,
            withheld,
            pending: None,
            csv,
            sizes,
            report,
            certificate_at,
            certificates: 0,
            running,
            der,
        };
        pass.look_ahead()?;
        Ok(pass)
    }

    fn look_ahead(&mut self) -> Result<(), BundleFlaw> {
        let wrong = |what| BundleFlaw::Member { member: name::WITHHELD, what };
        let Some(lines) = &mut self.withheld else { return Ok(()) };
        self.pending = match lines.next().map_err(|error| unreadable(error, wrong("breaks off")))? {
            Some(line) => Some(bundle::parse_withheld(line).ok_or(wrong("has a line that is none"))?),
            None => None,
        };
        Ok(())
    }

    /// Takes the next record, shown or not; `false` at the end.
    fn step(&mut self) -> Result<bool, BundleFlaw> {
        if let Some((_, leaf)) = self.pending.filter(|(seq, _)| *seq == self.verifier.next()) {
            self.verifier.withhold(leaf);
            self.look_ahead()?;
            return Ok(true);
        }
        let broken = BundleFlaw::Member { member: name::RECORDS, what: "breaks off in its last line" };
        let Some(line) = self.records.next().map_err(|error| unreadable(error, broken))? else { return Ok(false) };
        let (record, leaf) = self.verifier.read(line)?;
        let seq = record.seq;
        let row = self.csv.write(&record, &leaf).and_then(|()| self.csv.flush());
        row.map_err(|error| attached(error, seq, "its row in `records.csv` says something else"))?;
        if let Some((summary, _)) = &mut self.report {
            summary.add(&record);
        }
        if let Some(facts) = record.cert.as_deref().filter(|_| record.ev.introduces()) {
            self.certificate(&record, facts)?;
        }
        Ok(true)
    }

    fn certificate(&mut self, record: &Record<'_>, facts: &CertificateFacts) -> Result<(), BundleFlaw> {
        let wrong = |what| BundleFlaw::Attached { seq: record.seq, what };
        let expected = bundle::certificate_name(&facts.sha256.0);
        let member = archive::member(self.source, self.certificate_at)?.filter(|member| member.name == expected);
        let member = member.ok_or(wrong("its certificate is missing, or not in its place"))?;
        if member.size > certificate::MAX_BYTES {
            return Err(wrong("its certificate is far too large"));
        }
        self.der.clear();
        HashedContent::of(self.source, &member).read_to_end(&mut self.der)?;
        certificate::compare(&self.der, facts).map_err(wrong)?;
        self.running.add(&manifest::line(&member.name, member.size, &facts.sha256.0));
        self.certificate_at = member.end();
        self.certificates += 1;
        Ok(())
    }

    fn finish(mut self, signed: u64) -> Result<Finished, BundleFlaw> {
        if self.pending.is_some() {
            return Err(BundleFlaw::Member { member: name::WITHHELD, what: "names records that are not missing" });
        }
        let verification = self.verifier.finish()?;
        if verification.records != signed {
            return Err(BundleFlaw::Member {
                member: name::RECORDS,
                what: "has more records than the checkpoint covers",
            });
        }
        let Compared { mut rows, .. } = self.csv.finish()?;
        if rows.read(&mut [0])? != 0 {
            return Err(BundleFlaw::Member { member: name::CSV, what: "has more rows than there are records" });
        }
        let digests = [Some(self.records.reader), self.withheld.map(|lines| lines.reader), Some(rows)];
        let digests = digests.into_iter().flatten().map(|reader| reader.get_ref().sha256());
        let mut hashes: Vec<_> =
            self.sizes.drain(..).zip(digests).map(|((name, size), sha256)| (name, size, sha256)).collect();
        if let Some((_, member)) = &self.report {
            let mut content = HashedContent::of(self.source, member);
            io::copy(&mut content, &mut io::sink())?;
            hashes.push((name::REPORT, member.size, content.sha256()));
        }
        Ok(Finished {
            verification,
            certificates: self.certificates,
            certificates_end: self.certificate_at,
            running: self.running,
            hashes,
            report: self.report,
        })
    }
}

fn unreadable(error: LineError, broken: BundleFlaw) -> BundleFlaw {
    match error {
        LineError::Io(error) => error.into(),
        LineError::BrokenOff => broken,
    }
}

fn attached(error: io::Error, seq: u64, what: &'static str) -> BundleFlaw {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => BundleFlaw::Attached { seq, what },
        _ => error.into(),
    }
}
