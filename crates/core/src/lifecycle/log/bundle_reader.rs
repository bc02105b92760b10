//! Going through a bundle member by member, and what can be wrong with one.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::fs::FileExt;

use crate::audit::export::bundle::archive::{self, ArchiveError, ArchiveMember, HashedContent, RandomAccess};
use crate::audit::export::bundle::manifest::{self, Maker, ManifestFollower};
use crate::audit::export::bundle::{self, name};
use crate::audit::verify::defect::Defect;
use certroll_base::encoding::Sha256;
use certroll_tlog::{Checkpoint, CheckpointError, Frontier, VerifierKey, verify_consistency};

/// Why a bundle does not verify.
#[derive(Debug, thiserror::Error)]
pub enum BundleFlaw {
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

impl BundleFlaw {
    /// The number of the first bad record, where one record is to blame.
    pub fn first_bad(&self) -> Option<u64> {
        match self {
            Self::Log(Defect::Record { seq, .. }) | Self::Attached { seq, .. } => Some(*seq),
            _ => None,
        }
    }
}

impl From<io::Error> for BundleFlaw {
    fn from(error: io::Error) -> Self {
        Self::Archive(ArchiveError::Io(error))
    }
}

/// A file as a source.
pub(super) struct FileSource(pub(super) File);

impl RandomAccess for FileSource {
    fn size(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        self.0.read_at(buffer, offset)
    }
}

/// Small members are read whole: notes, keys, proofs.
const SMALL: u64 = 1 << 20;
/// How much is read from each member at once.
pub(super) const BUFFER: usize = 1 << 17;

/// Goes from member to member and notes what the list of files must say of each.
pub(super) struct MemberReader<'a, S: RandomAccess + ?Sized> {
    pub(super) source: &'a S,
    /// Where the next header is.
    pub(super) at: u64,
    list: String,
}

impl<'a, S: RandomAccess + ?Sized> MemberReader<'a, S> {
    pub(super) fn new(source: &'a S) -> Self {
        Self { source, at: 0, list: String::new() }
    }

    /// The next member, if it has that name.
    pub(super) fn optional(&mut self, name: &'static str) -> Result<Option<ArchiveMember>, BundleFlaw> {
        let found = archive::member(self.source, self.at)?.filter(|member| member.name == name);
        if let Some(member) = &found {
            self.at = member.end();
        }
        Ok(found)
    }

    pub(super) fn member(&mut self, member: &'static str) -> Result<ArchiveMember, BundleFlaw> {
        self.optional(member)?.ok_or(BundleFlaw::Member { member, what: "is missing, or not in its place" })
    }

    pub(super) fn small(&mut self, name: &'static str) -> Result<Vec<u8>, BundleFlaw> {
        let member = self.member(name)?;
        self.content(name, &member)
    }

    pub(super) fn content(&mut self, name: &'static str, member: &ArchiveMember) -> Result<Vec<u8>, BundleFlaw> {
        if member.size > SMALL {
            return Err(BundleFlaw::Member { member: name, what: "is far too large" });
        }
        let (mut content, mut bytes) = (HashedContent::of(self.source, member), Vec::new());
        content.read_to_end(&mut bytes)?;
        self.list.push_str(&manifest::line(name, member.size, &content.sha256()));
        Ok(bytes)
    }

    pub(super) fn opened(
        &mut self,
        name: &'static str,
        member: &ArchiveMember,
        key: &VerifierKey,
    ) -> Result<Checkpoint, BundleFlaw> {
        let note = self.content(name, member)?;
        Checkpoint::open(&note, key).map_err(|source| BundleFlaw::Checkpoint { member: name, source })
    }

    /// Compares the report with the one that it must be.
    pub(super) fn same(&self, member: &ArchiveMember, expected: &[u8]) -> Result<(), BundleFlaw> {
        let mut compared = Compared::new(HashedContent::of(self.source, member));
        let same = member.size == expected.len() as u64
            && expected.chunks(BUFFER).all(|piece| compared.write_all(piece).is_ok());
        if same {
            Ok(())
        } else {
            Err(BundleFlaw::Member { member: name::REPORT, what: "is not made from these records" })
        }
    }

    /// The right edge of the tree that the bundle continues, if it does.
    pub(super) fn earlier(
        &mut self,
        key: &VerifierKey,
        checkpoint: &Checkpoint,
    ) -> Result<Option<Frontier>, BundleFlaw> {
        let Some(member) = self.optional(name::SINCE)? else { return Ok(None) };
        let since = self.opened(name::SINCE, &member, key)?;
        let hashes = |bytes: Vec<u8>, member| {
            bundle::parse_hash_lines(&bytes).ok_or(BundleFlaw::Member { member, what: "is not a list of hashes" })
        };
        let consistency = hashes(self.small(name::CONSISTENCY)?, name::CONSISTENCY)?;
        verify_consistency((since.size, &since.root), (checkpoint.size, &checkpoint.root), &consistency).map_err(
            |_| BundleFlaw::Member { member: name::CONSISTENCY, what: "does not prove that the log goes on" },
        )?;
        let subtrees = hashes(self.small(name::SUBTREES)?, name::SUBTREES)?;
        let earlier = Frontier::of(since.size, subtrees).ok().filter(|earlier| earlier.root() == since.root);
        earlier
            .map(Some)
            .ok_or(BundleFlaw::Member { member: name::SUBTREES, what: "is not the tree of the earlier checkpoint" })
    }

    /// The list of files and the end of the archive.
    pub(super) fn manifest(
        &mut self,
        at: u64,
        mut running: ManifestFollower,
        hashes: &[(&'static str, u64, Sha256)],
    ) -> Result<Maker, BundleFlaw> {
        self.at = at;
        let wrong = |what| BundleFlaw::Member { member: name::MANIFEST, what };
        hashes.iter().for_each(|(name, size, sha256)| self.list.push_str(&manifest::line(name, *size, sha256)));
        running.add(&self.list);
        let member = self.member(name::MANIFEST)?;
        let mut content = HashedContent::of(self.source, &member);
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

/// Takes what should be there and compares it with what is.
pub(super) struct Compared<R> {
    pub(super) rows: R,
    room: Vec<u8>,
}

impl<R> Compared<R> {
    pub(super) fn new(rows: R) -> Self {
        Self { rows, room: Vec::new() }
    }
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
