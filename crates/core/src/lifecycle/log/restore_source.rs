//! Where lost records come back from: a JSON Lines export with its checkpoint, or a bundle, unpacked or not.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::bundle_reader::{BundleFlaw, FileSource};
use super::restore::{self, RestoreSource, Restored};
use crate::audit::export::bundle::archive::{self, ArchiveError};
use crate::audit::export::bundle::name;
use crate::audit::record::event::Event;
use crate::audit::record::facts::Outcome;
use crate::audit::record::value::Id;
use crate::error::{Error, ErrorKind};
use crate::lifecycle::layout::home::Home;
use crate::lifecycle::session::Session;
use crate::store::Store;
use certroll_pki::digest::Fingerprint;
use certroll_tlog::{Checkpoint, VerifierKey};

/// An export on disk: files beside each other, or one archive.
pub enum ExportOnDisk {
    /// Records, their checkpoint, and a directory of certificates.
    Files {
        /// The records.
        lines: PathBuf,
        /// The checkpoint that came with them.
        checkpoint: PathBuf,
        /// Certificates, each named by its SHA-256.
        certificates: PathBuf,
    },
    /// A bundle as it was exported.
    Archive(PathBuf),
}

impl ExportOnDisk {
    /// `FILE.jsonl` with `FILE.jsonl.checkpoint` beside it, or a directory with `records.jsonl` and `checkpoint`;
    /// certificates are `certificates/SHA256.der` beside either. A file that begins as no record does is a bundle.
    pub fn at(path: &Path) -> Self {
        if path.is_dir() {
            return Self::Files {
                lines: path.join("records.jsonl"),
                checkpoint: path.join("checkpoint"),
                certificates: path.join("certificates"),
            };
        }
        let mut first = [0];
        let begins = File::open(path).and_then(|mut file| file.read_exact(&mut first));
        if begins.is_ok() && first != *b"{" {
            return Self::Archive(path.to_owned());
        }
        let mut checkpoint = path.file_name().unwrap_or_default().to_owned();
        checkpoint.push(".checkpoint");
        Self::Files {
            lines: path.to_owned(),
            checkpoint: path.with_file_name(checkpoint),
            certificates: path.with_file_name("certificates"),
        }
    }

    /// Brings back into `store` what it lost.
    ///
    /// # Errors
    /// As [`restore::heal`]; or a file cannot be read.
    pub fn heal(&self, store: &mut dyn Store, home: &Home, key: &VerifierKey) -> Result<Restored, Error> {
        self.read(key, &mut |source| restore::heal(store, home, key, source))
    }

    /// Opens the export, whatever its form, and hands it on.
    ///
    /// # Errors
    /// A file cannot be read, or its checkpoint is not one of this log; or as `take`.
    pub(super) fn read<T>(&self, key: &VerifierKey, take: TakeSource<'_, T>) -> Result<T, Error> {
        match self {
            Self::Files { lines, checkpoint, certificates } => {
                let note =
                    std::fs::read(checkpoint).map_err(|error| Error::file(checkpoint, "read the checkpoint", error))?;
                let file = File::open(lines).map_err(|error| Error::file(lines, "read", error))?;
                let certificate = |sha256: &Fingerprint| std::fs::read(certificates.join(format!("{sha256}.der"))).ok();
                let lines = BufReader::with_capacity(1 << 20, file);
                from(key, (checkpoint, &note), lines, &certificate, take)
            }
            Self::Archive(path) => {
                let unreadable = |error| Error::file(path, "read", error);
                let source = FileSource(File::open(path).map_err(unreadable)?);
                let places = members(&source).map_err(|flaw| super::not_verified(path, flaw.into()))?;
                let content = |name: &str| {
                    let (offset, size) = places.get(name).copied()?;
                    let mut file = File::open(path).ok()?;
                    file.seek(SeekFrom::Start(offset)).ok()?;
                    Some(file.take(size))
                };
                let whole = |name: &str| {
                    let mut bytes = Vec::new();
                    content(name)?.read_to_end(&mut bytes).ok()?;
                    Some(bytes)
                };
                let missing = |member| super::not_verified(path, BundleFlaw::Member { member, what: "is missing" });
                let note = whole(name::CHECKPOINT).ok_or_else(|| missing(name::CHECKPOINT))?;
                let lines = content(name::RECORDS).ok_or_else(|| missing(name::RECORDS))?;
                let lines = BufReader::with_capacity(1 << 20, lines);
                let certificate = |sha256: &Fingerprint| whole(&format!("certificates/{sha256}.der"));
                from(key, (path, &note), lines, &certificate, take)
            }
        }
    }
}

/// Where each file of an archive lies.
fn members(source: &FileSource) -> Result<HashMap<String, (u64, u64)>, ArchiveError> {
    let (mut places, mut offset) = (HashMap::new(), 0);
    while let Some(member) = archive::member(source, offset)? {
        offset = member.end();
        places.insert(member.name, (member.offset, member.size));
    }
    Ok(places)
}

/// What is done with an export that was opened.
type TakeSource<'a, T> = &'a mut dyn FnMut(RestoreSource<'_>) -> Result<T, Error>;

fn from<T>(
    key: &VerifierKey,
    (place, note): (&Path, &[u8]),
    lines: impl BufRead,
    certificate: &dyn Fn(&Fingerprint) -> Option<Vec<u8>>,
    take: TakeSource<'_, T>,
) -> Result<T, Error> {
    let checkpoint = Checkpoint::open(note, key).map_err(|error| {
        let what = format!("the checkpoint `{}` is not signed by this log", place.display());
        Error::new(ErrorKind::Verification, what).because(error)
    })?;
    let mut lines = lines.split(b'\n').map(|line| line.map_err(|error| Error::file(place, "read", error)));
    take(RestoreSource { lines: &mut lines, checkpoint, certificate })
}

/// Records that the log was healed, and signs CRLs in place of those that were lost, under greater numbers.
///
/// # Errors
/// The log cannot be written, or a CA's key does not open.
pub fn conclude(session: &mut Session, healed: &Restored) -> Result<(), Error> {
    let mut record = session.journal.draft(Event::AuditRecovered, Outcome::Ok, Id::new(session.clock.now()));
    record.x.insert("from".to_owned(), healed.before.into());
    record.x.insert("to".to_owned(), healed.after.into());
    session.journal.commit(vec![record], Vec::new())?;
    sign_lost_crls(session, &healed.lost_crls)
}

/// Signs CRLs in place of those that were lost, under greater numbers.
///
/// # Errors
/// As [`conclude`].
pub fn sign_lost_crls(session: &mut Session, lost: &[(String, u64)]) -> Result<(), Error> {
    for (authority, number) in lost {
        let issuer = session.open_issuer(&session.authority(Some(authority))?)?;
        crate::lifecycle::revocation::crl::sign_above(session, &*issuer, None, *number)?;
    }
    Ok(())
}
