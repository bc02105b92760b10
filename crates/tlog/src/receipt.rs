//! Receipts: the proof, in one file, that one record is in the log.
//!
//! Format: <https://c2sp.org/tlog-proof>. Index, inclusion proof and a signed checkpoint; with the record and the pinned key
//! of the log it is verified without the log or a network. The record itself is not in it.

use std::str;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::encoding;
use crate::merkle::{Hash, leaf_hash};
use crate::note::Note;
use crate::note_key::VerifierKey;
use crate::proof::{self, ProofError};

/// The first line.
const HEADER: &str = "c2sp.org/tlog-proof@v1";
/// The longest inclusion proof: the height of a tree whose size takes 64 bits.
const MAX_HASHES: usize = 64;

/// Why bytes are not a receipt, or one that proves nothing.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReceiptError {
    /// The bytes do not have the one form that a receipt has.
    #[error("not a receipt (`{HEADER}`): {0}")]
    Malformed(&'static str),
    /// The checkpoint in it is malformed, or not signed by this log.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The proof does not lead from the record to the checkpoint.
    #[error("this record is not number {index} under the checkpoint of the receipt")]
    NotIncluded {
        /// The index that the receipt names.
        index: u64,
        /// Why.
        #[source]
        reason: ProofError,
    },
}

/// The proof that a record is number `index` of the log under a checkpoint (C2SP tlog-proof).
///
/// ```
/// use certroll_tlog::{Checkpoint, LogKey, Note, Receipt, Tree, leaf_hash};
///
/// let key = LogKey::generate("example.org/log")?;
/// let tree: Tree = [leaf_hash(b"a"), leaf_hash(b"b")].into_iter().collect();
/// let checkpoint = Checkpoint { origin: "example.org/log".to_owned(), size: 2, root: tree.root_at(2)? };
/// let checkpoint = Note::parse(&checkpoint.sign(&key)?)?;
/// let receipt = Receipt { extra: None, index: 1, path: tree.inclusion(1, 2)?, checkpoint };
///
/// let file = receipt.to_bytes();
/// assert_eq!(Receipt::parse(&file)?.verify(b"b", key.verifier())?.size, 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Data of the sender's choice, not empty. It is not signed: nothing may rest on it.
    pub extra: Option<Vec<u8>>,
    /// The number of the record, from 0.
    pub index: u64,
    /// The inclusion proof, from the sibling of the leaf up (RFC 9162 section 2.1.3).
    pub path: Vec<Hash>,
    /// The checkpoint, with all its signatures.
    pub checkpoint: Note,
}

impl Receipt {
    /// The one encoding of this receipt.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut text = format!("{HEADER}\n");
        if let Some(extra) = &self.extra {
            text.extend(["extra ", &encoding::base64(extra), "\n"]);
        }
        text.push_str(&format!("index {}\n", self.index));
        for hash in &self.path {
            text.extend([&encoding::base64(hash), "\n"]);
        }
        text.push('\n');
        [text.as_bytes(), &self.checkpoint.to_bytes()].concat()
    }

    /// Reads a receipt; checks no signature and no hash.
    ///
    /// # Errors
    /// [`ReceiptError`]: the bytes are not exactly what [`Receipt::to_bytes`] would write.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReceiptError> {
        let malformed = ReceiptError::Malformed;
        let text = str::from_utf8(bytes).map_err(|_| malformed("not UTF-8"))?;
        let (head, checkpoint) = text.split_once("\n\n").ok_or(malformed("no empty line before the checkpoint"))?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(malformed("the first line is another"));
        }
        let extra = lines.next_if(|line| line.starts_with("extra ")).map(|line| {
            let data = encoding::from_base64(&line["extra ".len()..]).filter(|data| !data.is_empty());
            data.ok_or(malformed("the extra data is not base64, or empty"))
        });
        let index =
            lines.next().and_then(|line| line.strip_prefix("index ")).ok_or(malformed("no line with the index"))?;
        // `parse` alone would also read `+5` and `05`.
        let index = index.parse::<u64>().ok().filter(|n| n.to_string() == index);
        let index = index.ok_or(malformed("the index is not a decimal number without leading zeros"))?;
        let hash = |line| encoding::from_base64(line).and_then(|hash| Hash::try_from(hash).ok());
        let path: Option<Vec<_>> = lines.map(hash).collect();
        let path = path.ok_or(malformed("a line of the proof is not 32 bytes in base64"))?;
        if path.len() > MAX_HASHES {
            return Err(malformed("too many hashes"));
        }
        let checkpoint = Note::parse(checkpoint.as_bytes()).map_err(CheckpointError::from)?;
        Checkpoint::parse_body(checkpoint.text())?;
        Ok(Self { extra: extra.transpose()?, index, path, checkpoint })
    }

    /// Checks that the record is in the log whose key this is; answers the checkpoint that says so.
    ///
    /// # Errors
    /// [`ReceiptError::Checkpoint`] when the checkpoint is not signed by this log, [`ReceiptError::NotIncluded`] when the record is
    /// not at this place under it.
    pub fn verify(&self, record: &[u8], key: &VerifierKey) -> Result<Checkpoint, ReceiptError> {
        let checkpoint = Checkpoint::of(&self.checkpoint, key)?;
        proof::verify_inclusion(&leaf_hash(record), self.index, checkpoint.size, &self.path, &checkpoint.root)
            .map_err(|reason| ReceiptError::NotIncluded { index: self.index, reason })?;
        Ok(checkpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note_key::LogKey;
    use crate::tree::Tree;

    fn receipt(index: u64, size: u64) -> (Receipt, LogKey) {
        let key = LogKey::generate("example.org/log").unwrap();
        let tree: Tree = (0..size).map(|n| leaf_hash(&record(n))).collect();
        let root = tree.root_at(size).unwrap();
        let checkpoint = Checkpoint { origin: key.verifier().name().to_owned(), size, root };
        let checkpoint = Note::parse(&checkpoint.sign(&key).unwrap()).unwrap();
        (Receipt { extra: None, index, path: tree.inclusion(index, size).unwrap(), checkpoint }, key)
    }

    fn record(n: u64) -> Vec<u8> {
        format!("{{\"v\":1,\"seq\":{n}}}").into_bytes()
    }

    #[test]
    fn the_form_is_that_of_the_specification() {
        let (mut receipt, key) = receipt(2, 3);
        let bytes = receipt.to_bytes();
        let text = str::from_utf8(&bytes).unwrap();
        let (head, checkpoint) = text.split_once("\n\n").unwrap();
        let lines: Vec<_> = head.lines().collect();
        assert_eq!(lines[..2], ["c2sp.org/tlog-proof@v1", "index 2"]);
        assert_eq!((lines.len(), lines[2].len()), (3, 44));
        assert!(Checkpoint::open(checkpoint.as_bytes(), key.verifier()).is_ok());
        assert_eq!(Receipt::parse(&bytes).as_ref(), Ok(&receipt));
        receipt.extra = Some(b"anything".to_vec());
        let bytes = receipt.to_bytes();
        assert!(bytes.starts_with(b"c2sp.org/tlog-proof@v1\nextra YW55dGhpbmc=\nindex 2\n"));
        assert_eq!(Receipt::parse(&bytes).as_ref(), Ok(&receipt));
        assert!(receipt.verify(&record(2), key.verifier()).is_ok());
    }

    #[test]
    fn a_receipt_is_for_one_record_of_one_log() {
        for size in 1..20 {
            for index in 0..size {
                let (mut receipt, key) = receipt(index, size);
                assert_eq!(receipt.verify(&record(index), key.verifier()).unwrap().size, size);
                assert!(receipt.verify(&record(index + 1), key.verifier()).is_err());
                assert!(receipt.verify(&[&record(index)[..], b"\n"].concat(), key.verifier()).is_err());
                let other = LogKey::generate("example.org/log").unwrap();
                assert!(receipt.verify(&record(index), other.verifier()).is_err());
                for elsewhere in (0..size + 2).filter(|other| *other != index) {
                    receipt.index = elsewhere;
                    assert!(receipt.verify(&record(index), key.verifier()).is_err(), "{index} as {elsewhere}");
                }
            }
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        let (receipt, _) = receipt(5, 11);
        let text = String::from_utf8(receipt.to_bytes()).unwrap();
        let hash = encoding::base64(&receipt.path[0]);
        for (what, changed) in [
            ("version", text.replacen("@v1", "@v2", 1)),
            ("space", text.replacen("index 5", "index  5", 1)),
            ("zero", text.replacen("index 5", "index 05", 1)),
            ("plus", text.replacen("index 5", "index +5", 1)),
            ("minus", text.replacen("index 5", "index -5", 1)),
            ("too large", text.replacen("index 5", "index 18446744073709551616", 1)),
            ("no index", text.replacen("index 5\n", "", 1)),
            ("two", text.replacen("index 5\n", "index 5\nindex 5\n", 1)),
            ("extra late", text.replacen("index 5\n", "index 5\nextra QQ==\n", 1)),
            ("extra empty", text.replacen("index 5\n", "extra \nindex 5\n", 1)),
            ("extra twice", text.replacen("index 5\n", "extra QQ==\nextra QQ==\nindex 5\n", 1)),
            ("extra alias", text.replacen("index 5\n", "extra QR==\nindex 5\n", 1)),
            ("extra unpadded", text.replacen("index 5\n", "extra QQ\nindex 5\n", 1)),
            ("short hash", text.replacen(&hash, "QQ==", 1)),
            ("carriage return", text.replacen('\n', "\r\n", 1)),
            ("empty line", text.replacen("\n\n", "\n\n\n", 1)),
            ("byte order mark", format!("\u{feff}{text}")),
            ("extension line", text.replacen("=\n\n\u{2014}", "=\nextension\n\n\u{2014}", 1)),
            ("end", text.trim_end().to_owned()),
        ] {
            assert_ne!(changed, text, "{what}");
            assert!(Receipt::parse(changed.as_bytes()).is_err(), "{what}");
        }
    }
}
