//! Checkpoints: the signed statement that the first N records of a log have a certain root.
//!
//! Format: <https://c2sp.org/tlog-checkpoint> in a signed note. Extension lines, which C2SP advises against, are refused.

use crate::encoding;
use crate::merkle::Hash;
use crate::note::Note;
use crate::note_error::NoteError;
use crate::note_key::{LogKey, VerifierKey};

/// Why bytes are not a checkpoint that can be relied upon.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum CheckpointError {
    /// The note around it is malformed, or not signed as it must be.
    #[error("the checkpoint cannot be trusted")]
    Note(#[from] NoteError),
    /// The text is not origin, size and root.
    #[error("not a checkpoint: {0}")]
    Malformed(&'static str),
    /// The key is that of another log.
    #[error("the checkpoint is of the log `{origin}`, the key of `{key}`")]
    OtherLog {
        /// The origin that the checkpoint names.
        origin: String,
        /// The name of the key.
        key: String,
    },
}

/// The statement that the first `size` records of the log `origin` have the root `root` (C2SP tlog-checkpoint).
///
/// ```
/// use certroll_tlog::{Checkpoint, CheckpointError, LogKey};
///
/// let key = LogKey::generate("example.org/log")?;
/// let checkpoint = Checkpoint { origin: "example.org/log".to_owned(), size: 20, root: [7; 32] };
/// let note = checkpoint.sign(&key)?;
/// assert!(note.starts_with(b"example.org/log\n20\nBwcHBwcH"));
/// assert_eq!(Checkpoint::open(&note, key.verifier())?, checkpoint);
///
/// let other = LogKey::generate("example.org/log")?;
/// assert!(matches!(Checkpoint::open(&note, other.verifier()), Err(CheckpointError::Note(_))));
/// # Ok::<(), CheckpointError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the log, and of its key.
    pub origin: String,
    /// How many records.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
}

impl Checkpoint {
    /// The text that is signed.
    pub fn body(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, encoding::base64(&self.root))
    }

    /// Reads the text that is signed.
    ///
    /// # Errors
    /// [`CheckpointError::Malformed`]: it is not exactly what [`Checkpoint::body`] would write.
    pub fn parse_body(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.split('\n');
        let parts = (lines.next(), lines.next(), lines.next(), lines.next(), lines.next());
        let (Some(origin), Some(size), Some(root), Some(""), None) = parts else {
            return Err(CheckpointError::Malformed("expected the three lines origin, size and root"));
        };
        if origin.is_empty() {
            return Err(CheckpointError::Malformed("the origin is empty"));
        }
        // `parse` alone would also read `+5` and `05`.
        let size = size.parse::<u64>().ok().filter(|n| n.to_string() == size);
        let size = size.ok_or(CheckpointError::Malformed("the size is not a decimal number without leading zeros"))?;
        let root = encoding::from_base64(root).and_then(|root| Hash::try_from(root).ok());
        let root = root.ok_or(CheckpointError::Malformed("the root is not 32 bytes in base64"))?;
        Ok(Self { origin: origin.to_owned(), size, root })
    }

    /// The checkpoint as a signed note.
    ///
    /// The caller answers for the rule that a log never signs two checkpoints that contradict each other.
    ///
    /// # Errors
    /// [`CheckpointError::OtherLog`] when the key is that of another log; [`CheckpointError::Note`] when the origin cannot stand in
    /// a note or the cryptographic library refuses.
    pub fn sign(&self, key: &LogKey) -> Result<Vec<u8>, CheckpointError> {
        self.check_origin(key.verifier())?;
        let mut note = Note::new(self.body())?;
        note.sign(key)?;
        Ok(note.to_bytes())
    }

    /// Reads a signed note and checks that this log signed it. Signatures of others may be there too.
    ///
    /// # Errors
    /// [`CheckpointError`]: it is malformed, or not signed by `key`, or about another log.
    pub fn open(bytes: &[u8], key: &VerifierKey) -> Result<Self, CheckpointError> {
        Self::of(&Note::parse(bytes)?, key)
    }

    /// The checkpoint in a note that was read already; checks that this log signed it.
    ///
    /// # Errors
    /// As [`Checkpoint::open`].
    pub fn of(note: &Note, key: &VerifierKey) -> Result<Self, CheckpointError> {
        note.verify(key)?;
        let checkpoint = Self::parse_body(note.text())?;
        checkpoint.check_origin(key)?;
        Ok(checkpoint)
    }

    fn check_origin(&self, key: &VerifierKey) -> Result<(), CheckpointError> {
        if self.origin == key.name() {
            return Ok(());
        }
        Err(CheckpointError::OtherLog { origin: self.origin.clone(), key: key.name().to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed() -> (Vec<u8>, LogKey, Checkpoint) {
        let key = LogKey::generate("example.org/certroll/log").unwrap();
        let checkpoint = Checkpoint { origin: key.verifier().name().to_owned(), size: 20, root: [7; 32] };
        (checkpoint.sign(&key).unwrap(), key, checkpoint)
    }

    #[test]
    fn no_other_bytes_are_accepted() {
        let (bytes, key, checkpoint) = signed();
        assert_eq!(Checkpoint::open(&bytes, key.verifier()), Ok(checkpoint));
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(Checkpoint::open(&changed, key.verifier()).is_err(), "bit {bit} flipped");
        }
        for length in 0..bytes.len() {
            assert!(Checkpoint::open(&bytes[..length], key.verifier()).is_err(), "cut to {length}");
        }
        for extra in 0..=u8::MAX {
            assert!(Checkpoint::open(&[&bytes[..], &[extra]].concat(), key.verifier()).is_err(), "{extra} appended");
        }
    }

    #[test]
    fn cosignatures_do_no_harm() {
        let (bytes, key, checkpoint) = signed();
        let witness = LogKey::generate("witness.example").unwrap();
        let mut note = Note::parse(&bytes).unwrap();
        note.sign(&witness).unwrap();
        assert_eq!(Checkpoint::open(&note.to_bytes(), key.verifier()), Ok(checkpoint));
        assert!(matches!(
            Checkpoint::open(&note.to_bytes(), witness.verifier()),
            Err(CheckpointError::OtherLog { .. })
        ));
    }

    #[test]
    fn bodies_have_one_spelling() {
        let (_, _, checkpoint) = signed();
        let body = checkpoint.body();
        assert_eq!(Checkpoint::parse_body(&body), Ok(checkpoint));
        for changed in [
            body.replace("\n20\n", "\n020\n"),
            body.replace("\n20\n", "\n+20\n"),
            body.replace("\n20\n", "\n 20\n"),
            body.replace("\n20\n", "\n18446744073709551616\n"),
            format!("{body}extension\n"),
            format!("{body}\n"),
            body.trim_end().to_owned(),
            body.replace("Bwc=", "Bwc"),
            body.replace("Bwc=", "Bwd="),
            body.replacen("example.org/certroll/log", "", 1),
        ] {
            assert!(Checkpoint::parse_body(&changed).is_err(), "{changed:?}");
        }
    }
}
