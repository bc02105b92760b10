//! Verifying a bundle, in one pass, with nothing but the key and, if there was an earlier visit, its checkpoint.
//!
//! Records, certificates and table lie behind each other in the archive and are read side by side: a record, its row, its
//! certificate. So nothing has to be kept but what [`LogVerifier`] keeps.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::os::unix::fs::FileExt;

use super::{LineError, Lines, certificate};
use crate::audit::bundle::archive::{self, ArchiveError, Content, Member, Source};
use crate::audit::bundle::manifest::{self, Maker, Running};
use crate::audit::bundle::{self, name};
use crate::audit::checkpoint::{Checkpoint, CheckpointError};
use crate::audit::defect::Defect;
use crate::audit::export::CsvExport;
use crate::audit::facts::CertificateFacts;
use crate::audit::merkle::Frontier;
use crate::audit::note_key::VerifierKey;
use crate::audit::proof;
use crate::audit::record::Record;
use crate::audit::verify::{LogVerifier, Verification};
use crate::base::encoding::Sha256;

/// Why a bundle does not verify.
#[derive(Debug, thiserror::Error)]
pub enum Flaw {
    /// The archive is damaged.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A member is missing, in the wrong place, or not what it must be.
    #[error("`{member}` {what}")]
    Member {
        /// Its name, or the one that was expected.
        member: &'static str,
        /// What is wrong.
        what: &'static str,
    },
    /// A checkpoint in the bundle cannot be trusted.
    #[error("`{member}` is not signed by this log")]
    Checkpoint {
        /// Which.
        member: &'static str,
        /// Why not.
        #[source]
        source: CheckpointError,
    },
    /// The last line of a JSON Lines export has no end.
    #[error("it breaks off in its last line")]
    BrokenOff,
    /// The records are wrong.
    #[error(transparent)]
    Log(#[from] Defect),
    /// Something that goes with a record is wrong.
    #[error("record {seq} is right, but {what}")]
    Attached {
        /// Its number.
        seq: u64,
        /// What is wrong.
        what: &'static str,
    },
    /// The bundle begins after the checkpoint that it is to be compared with.
    #[error("the bundle begins after record {begins}, your checkpoint covers {known}: nothing connects the two")]
    Disconnected {
        /// How many records the bundle leaves out at the beginning.
        begins: u64,
        /// How many the checkpoint covers.
        known: u64,
    },
}

impl Flaw {
    /// The number of the first bad record, where one record is to blame.
    pub fn first_bad(&self) -> Option<u64> {
        match self {
            Self::Log(Defect::Record { seq, .. }) | Self::Attached { seq, .. } => Some(*seq),
            _ => None,
        }
    }
}

impl From<io::Error> for Flaw {
    fn from(error: io::Error) -> Self {
        Self::Archive(ArchiveError::Io(error))
    }
}

/// A file as a source.
pub(super) struct FileSource(pub(super) File);

impl Source for FileSource {
    fn size(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        self.0.read_at(buffer, offset)
    }
}

/// What a verified bundle says.
#[derive(Debug)]
pub struct Bundle {
    /// What is known of the log.
    pub verification: Verification,
    /// Certificates that are in it, each compared with its record.
    pub certificates: u64,
    /// How many records a checkpoint covers that has signatures of others; these are not checked here.
    pub cosigned: Option<u64>,
    /// Which certroll made it, and when; that is not signed.
    pub maker: Maker,
}

/// Small members are read whole: notes, keys, proofs.
const SMALL: u64 = 1 << 20;
/// How much is read from each member at once.
const BUFFER: usize = 1 << 17;

/// Verifies a bundle under that key, and against checkpoints that were kept from earlier visits.
///
/// # Errors
/// [`Flaw`]: what is wrong, and with which record if it is one.
pub fn verify_bundle<S: Source + ?Sized>(source: &S, key: &VerifierKey, since: &[Checkpoint]) -> Result<Bundle, Flaw> {
    let mut reader = Reader { source, at: 0, list: String::new() };
    if reader.small(name::README)? != bundle::README.as_bytes() {
        return Err(Flaw::Member { member: name::README, what: "is not the one of this version of bundles" });
    }
    if reader.small(name::VKEY)? != format!("{key}\n").as_bytes() {
        return Err(Flaw::Member { member: name::VKEY, what: "is another key than yours" });
    }
    let checkpoint = reader.checkpoint(name::CHECKPOINT, key)?;
    let cosigned = match reader.optional(name::COSIGNED)? {
        Some(member) => Some(reader.opened(name::COSIGNED, &member, key)?),
        None => None,
    };
    let earlier = reader.earlier(key, &checkpoint)?;
    let begins = earlier.size();
    if let Some(known) = since.iter().map(|since| since.size).find(|size| *size < begins) {
        return Err(Flaw::Disconnected { begins, known });
    }
    if cosigned.as_ref().is_some_and(|seen| seen.size < begins || seen.size > checkpoint.size) {
        return Err(Flaw::Member { member: name::COSIGNED, what: "covers records that are not in here" });
    }
    let all = since.iter().chain([&checkpoint]).chain(&cosigned).cloned();
    let mut pass = Pass::begin(&mut reader, LogVerifier::continuing(earlier, all))?;
    while pass.step()? {}
    let finished = pass.finish(checkpoint.size)?;
    let maker = reader.manifest(finished.certificates_end, finished.running, &finished.hashes)?;
    let cosigned = cosigned.map(|seen| seen.size);
    Ok(Bundle { verification: finished.verification, certificates: finished.certificates, cosigned, maker })
}

/// Goes from member to member and notes what the list of files must say of each.
struct Reader<'a, S: Source + ?Sized> {
    source: &'a S,
    at: u64,
    list: String,
}

impl<'a, S: Source + ?Sized> Reader<'a, S> {
    /// The next member, if it has that name.
    fn optional(&mut self, name: &'static str) -> Result<Option<Member>, Flaw> {
        let found = archive::member(self.source, self.at)?.filter(|member| member.name == name);
        if let Some(member) = &found {
            self.at = member.end();
        }
        Ok(found)
    }

    fn member(&mut self, member: &'static str) -> Result<Member, Flaw> {
        self.optional(member)?.ok_or(Flaw::Member { member, what: "is missing, or not in its place" })
    }

    fn small(&mut self, name: &'static str) -> Result<Vec<u8>, Flaw> {
        let member = self.member(name)?;
        self.content(name, &member)
    }

    fn content(&mut self, name: &'static str, member: &Member) -> Result<Vec<u8>, Flaw> {
        if member.size > SMALL {
            return Err(Flaw::Member { member: name, what: "is far too large" });
        }
        let (mut content, mut bytes) = (Content::of(self.source, member), Vec::new());
        content.read_to_end(&mut bytes)?;
        self.list.push_str(&manifest::line(name, member.size, &content.sha256()));
        Ok(bytes)
    }

    fn checkpoint(&mut self, name: &'static str, key: &VerifierKey) -> Result<Checkpoint, Flaw> {
        let member = self.member(name)?;
        self.opened(name, &member, key)
    }

    fn opened(&mut self, name: &'static str, member: &Member, key: &VerifierKey) -> Result<Checkpoint, Flaw> {
        let note = self.content(name, member)?;
        Checkpoint::open(&note, key).map_err(|source| Flaw::Checkpoint { member: name, source })
    }

    /// The right edge of the tree that the bundle continues; the empty one when it begins at the beginning.
    fn earlier(&mut self, key: &VerifierKey, checkpoint: &Checkpoint) -> Result<Frontier, Flaw> {
        let Some(member) = self.optional(name::SINCE)? else { return Ok(Frontier::new()) };
        let since = self.opened(name::SINCE, &member, key)?;
        let hashes = |bytes: Vec<u8>, member| {
            bundle::parse_hash_lines(&bytes).ok_or(Flaw::Member { member, what: "is not a list of hashes" })
        };
        let consistency = hashes(self.small(name::CONSISTENCY)?, name::CONSISTENCY)?;
        proof::verify_consistency((since.size, &since.root), (checkpoint.size, &checkpoint.root), &consistency)
            .map_err(|_| Flaw::Member { member: name::CONSISTENCY, what: "does not prove that the log goes on" })?;
        let subtrees = hashes(self.small(name::SUBTREES)?, name::SUBTREES)?;
        let earlier = Frontier::of(since.size, subtrees).ok().filter(|earlier| earlier.root() == since.root);
        earlier.ok_or(Flaw::Member { member: name::SUBTREES, what: "is not the tree of the earlier checkpoint" })
    }

    /// The list of files and the end of the archive.
    fn manifest(
        &mut self,
        at: u64,
        mut running: Running,
        hashes: &[(&'static str, u64, Sha256)],
    ) -> Result<Maker, Flaw> {
        self.at = at;
        let wrong = |what| Flaw::Member { member: name::MANIFEST, what };
        hashes.iter().for_each(|(name, size, sha256)| self.list.push_str(&manifest::line(name, *size, sha256)));
        running.add(&self.list);
        let member = self.member(name::MANIFEST)?;
        let mut content = Content::of(self.source, &member);
        let files = io::copy(&mut (&mut content).take(running.length()), &mut io::sink())?;
        if files != running.length() || content.sha256() != running.sha256() {
            return Err(wrong("does not list these files"));
        }
        let mut rest = Vec::new();
        content.take(SMALL).read_to_end(&mut rest)?;
        let maker = running.parse_end(&rest).ok_or(wrong("does not end as it must"))?;
        match archive::member(self.source, self.at)? {
            None => Ok(maker),
            Some(_) => Err(wrong("is not the last file")),
        }
    }
}

type Buffered<'a, S> = BufReader<Content<'a, S>>;

/// The pass over records, withheld records, rows and certificates.
struct Pass<'a, S: Source + ?Sized> {
    source: &'a S,
    verifier: LogVerifier,
    records: Lines<Buffered<'a, S>>,
    withheld: Option<Lines<Buffered<'a, S>>>,
    /// The next record that is withheld.
    pending: Option<(u64, Sha256)>,
    csv: CsvExport<Compared<Buffered<'a, S>>>,
    sizes: Vec<(&'static str, u64)>,
    certificate_at: u64,
    certificates: u64,
    running: Running,
    der: Vec<u8>,
}

struct Finished {
    verification: Verification,
    certificates: u64,
    certificates_end: u64,
    running: Running,
    hashes: Vec<(&'static str, u64, Sha256)>,
}

impl<'a, S: Source + ?Sized> Pass<'a, S> {
    fn begin(reader: &mut Reader<'a, S>, verifier: LogVerifier) -> Result<Self, Flaw> {
        let source = reader.source;
        let buffered = |member: &Member| BufReader::with_capacity(BUFFER, Content::of(source, member));
        let mut sizes = Vec::new();
        let mut note = |name, member: Member| {
            sizes.push((name, member.size));
            buffered(&member)
        };
        let records = Lines::new(note(name::RECORDS, reader.member(name::RECORDS)?));
        let withheld = reader.optional(name::WITHHELD)?.map(|member| Lines::new(note(name::WITHHELD, member)));
        let rows = note(name::CSV, reader.member(name::CSV)?);
        let differs = |_| Flaw::Member { member: name::CSV, what: "does not begin with the heading" };
        let mut csv = CsvExport::new(Compared { rows, room: Vec::new() }).map_err(differs)?;
        csv.flush().map_err(differs)?;
        let certificate_at = reader.at;
        let (running, der) = (Running::default(), Vec::new());
        let mut pass = Self {
            source,
            verifier,
            records,
            withheld,
            pending: None,
            csv,
            sizes,
            certificate_at,
            certificates: 0,
            running,
            der,
        };
        pass.look_ahead()?;
        Ok(pass)
    }

    fn look_ahead(&mut self) -> Result<(), Flaw> {
        let wrong = |what| Flaw::Member { member: name::WITHHELD, what };
        let Some(lines) = &mut self.withheld else { return Ok(()) };
        self.pending = match lines.next().map_err(|error| unreadable(error, wrong("breaks off")))? {
            Some(line) => Some(bundle::parse_withheld(line).ok_or(wrong("has a line that is none"))?),
            None => None,
        };
        Ok(())
    }

    /// Takes the next record, shown or not; `false` at the end.
    fn step(&mut self) -> Result<bool, Flaw> {
        if let Some((_, leaf)) = self.pending.filter(|(seq, _)| *seq == self.verifier.next()) {
            self.verifier.withhold(leaf);
            self.look_ahead()?;
            return Ok(true);
        }
        let broken = Flaw::Member { member: name::RECORDS, what: "breaks off in its last line" };
        let Some(line) = self.records.next().map_err(|error| unreadable(error, broken))? else { return Ok(false) };
        let (record, leaf) = self.verifier.read(line)?;
        let seq = record.seq;
        let row = self.csv.write(&record, &leaf).and_then(|()| self.csv.flush());
        row.map_err(|error| attached(error, seq, "its row in `records.csv` says something else"))?;
        if let Some(facts) = record.cert.as_deref().filter(|_| record.ev.issues()) {
            self.certificate(&record, facts)?;
        }
        Ok(true)
    }

    fn certificate(&mut self, record: &Record<'_>, facts: &CertificateFacts) -> Result<(), Flaw> {
        let wrong = |what| Flaw::Attached { seq: record.seq, what };
        let expected = bundle::certificate_name(&facts.sha256.0);
        let member = archive::member(self.source, self.certificate_at)?.filter(|member| member.name == expected);
        let member = member.ok_or(wrong("its certificate is missing, or not in its place"))?;
        if member.size > certificate::MAX_BYTES {
            return Err(wrong("its certificate is far too large"));
        }
        self.der.clear();
        Content::of(self.source, &member).read_to_end(&mut self.der)?;
        certificate::compare(&self.der, facts).map_err(wrong)?;
        self.running.add(&manifest::line(&member.name, member.size, &facts.sha256.0));
        self.certificate_at = member.end();
        self.certificates += 1;
        Ok(())
    }

    fn finish(mut self, signed: u64) -> Result<Finished, Flaw> {
        if self.pending.is_some() {
            return Err(Flaw::Member { member: name::WITHHELD, what: "names records that are not missing" });
        }
        let verification = self.verifier.finish()?;
        if verification.records != signed {
            return Err(Flaw::Member { member: name::RECORDS, what: "has more records than the checkpoint covers" });
        }
        let Compared { mut rows, .. } = self.csv.finish()?;
        if rows.read(&mut [0])? != 0 {
            return Err(Flaw::Member { member: name::CSV, what: "has more rows than there are records" });
        }
        let digests = [Some(self.records.reader), self.withheld.map(|lines| lines.reader), Some(rows)];
        let digests = digests.into_iter().flatten().map(|reader| reader.get_ref().sha256());
        let hashes = self.sizes.drain(..).zip(digests).map(|((name, size), sha256)| (name, size, sha256)).collect();
        Ok(Finished {
            verification,
            certificates: self.certificates,
            certificates_end: self.certificate_at,
            running: self.running,
            hashes,
        })
    }
}

fn unreadable(error: LineError, broken: Flaw) -> Flaw {
    match error {
        LineError::Io(error) => error.into(),
        LineError::BrokenOff => broken,
    }
}

fn attached(error: io::Error, seq: u64, what: &'static str) -> Flaw {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => Flaw::Attached { seq, what },
        _ => error.into(),
    }
}

/// Takes what should be there and compares it with what is.
struct Compared<R> {
    rows: R,
    room: Vec<u8>,
}

impl<R: Read> Write for Compared<R> {
    fn write(&mut self, expected: &[u8]) -> io::Result<usize> {
        self.room.resize(expected.len(), 0);
        self.rows.read_exact(&mut self.room)?;
        if self.room == expected { Ok(expected.len()) } else { Err(io::ErrorKind::InvalidData.into()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
