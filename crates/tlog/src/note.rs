//! C2SP signed notes: a text, and below it one line for each signature.
//!
//! Format: <https://c2sp.org/signed-note>. Only Ed25519 (type 0x01) is made and checked here, cosignatures (type 0x04) in
//! [`crate::cosignature`]; lines of other keys are kept and passed on. Reading is strict, so that no byte of a signed note can
//! change and leave it valid.

use std::str;

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};

use crate::encoding;
use crate::note_error::NoteError;
use crate::note_key::{KEY_ID_LENGTH, LogKey, VerifierKey, is_key_name};

/// A note is refused when it is larger: a checkpoint takes some 200 bytes and a few signatures.
const MAX_BYTES: usize = 64 * 1024;
/// C2SP asks for at least 16.
const MAX_SIGNATURES: usize = 64;
/// Em dash (U+2014) and a space begin every signature line.
const SIGNATURE_MARK: &str = "\u{2014} ";

/// One signature line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    /// The name of the key.
    pub name: String,
    /// The first four bytes of the key's hash ([`VerifierKey::id`]).
    pub key_id: [u8; KEY_ID_LENGTH],
    /// The signature, in whatever form the type of the key has.
    pub bytes: Vec<u8>,
}

impl NoteSignature {
    /// The line of a note, with its line feed.
    pub fn to_line(&self) -> String {
        let blob = [&self.key_id[..], &self.bytes].concat();
        [SIGNATURE_MARK, &self.name, " ", &encoding::base64(&blob), "\n"].concat()
    }

    /// Reads signature lines that travel without their note, as a witness answers.
    ///
    /// # Errors
    /// [`NoteError`]: the bytes are not exactly lines as [`NoteSignature::to_line`] writes them, at least one, each by another key.
    pub fn parse_lines(bytes: &[u8]) -> Result<Vec<Self>, NoteError> {
        // In a note of any text they are under the rules of a note.
        let note = Note::parse(&[b"\n\n", bytes].concat())?;
        if note.text == "\n" { Ok(note.signatures) } else { Err(NoteError::Malformed("more than signature lines")) }
    }
}

/// A text with its signatures, in the order of their lines (C2SP signed-note).
///
/// ```
/// use certroll_tlog::{LogKey, Note};
///
/// let key = LogKey::generate("example.org/releases")?;
/// let mut note = Note::new("version 7 is out\n".to_owned())?;
/// note.sign(&key)?;
/// let bytes = note.to_bytes();
///
/// let read = Note::parse(&bytes)?;
/// read.verify(key.verifier())?;
/// assert_eq!(read.text(), "version 7 is out\n");
/// # Ok::<(), certroll_tlog::NoteError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl Note {
    /// A note with that text and no signature yet.
    ///
    /// # Errors
    /// [`NoteError::BadText`]: the text is empty, does not end in a line feed, or has other control characters.
    pub fn new(text: String) -> Result<Self, NoteError> {
        if !text.ends_with('\n') || text.bytes().any(|b| b != b'\n' && b.is_ascii_control()) {
            return Err(NoteError::BadText);
        }
        Ok(Self { text, signatures: Vec::new() })
    }

    /// The signed text with its last line feed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All signatures, whether their keys are known or not.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Adds a signature made elsewhere, as a witness does.
    ///
    /// # Errors
    /// [`NoteError::BadName`] when the name is not one of a key; [`NoteError::Malformed`] when the signature is empty, the 65th,
    /// or the second by that key.
    pub fn add(&mut self, signature: NoteSignature) -> Result<(), NoteError> {
        if !is_key_name(&signature.name) {
            return Err(NoteError::BadName(signature.name));
        }
        if self.signatures.len() == MAX_SIGNATURES {
            return Err(NoteError::Malformed("too many signatures"));
        }
        if signature.bytes.is_empty() || self.signatures.iter().any(|s| same_key(s, &signature)) {
            return Err(NoteError::Malformed("an empty signature, or two by one key"));
        }
        self.signatures.push(signature);
        Ok(())
    }

    /// Signs the text.
    ///
    /// # Errors
    /// [`NoteError::Failed`] when the cryptographic library refuses; as [`Note::add`] when the key has signed already.
    pub fn sign(&mut self, key: &LogKey) -> Result<(), NoteError> {
        let bytes = key.sign(self.text.as_bytes())?;
        self.add(NoteSignature { name: key.verifier().name().to_owned(), key_id: key.verifier().id(), bytes })
    }

    /// Checks the signature by `key`; signatures by other keys are ignored, as C2SP demands.
    ///
    /// # Errors
    /// [`NoteError::NotSigned`] when there is none, [`NoteError::BadSignature`] when it is wrong.
    pub fn verify(&self, key: &VerifierKey) -> Result<(), NoteError> {
        let is_ours = |s: &&NoteSignature| s.name == key.name() && s.key_id == key.id();
        let ours = self.signatures.iter().find(is_ours).ok_or_else(|| NoteError::NotSigned(key.name().to_owned()))?;
        UnparsedPublicKey::new(&ED25519, key.public())
            .verify(self.text.as_bytes(), &ours.bytes)
            .map_err(|_| NoteError::BadSignature(key.name().to_owned()))
    }

    /// The one encoding of this note.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.text.clone();
        out.push('\n');
        for signature in &self.signatures {
            out.push_str(&signature.to_line());
        }
        out.into_bytes()
    }

    /// Reads a note with at least one signature; checks none.
    ///
    /// # Errors
    /// [`NoteError`]: the bytes are not exactly what [`Note::to_bytes`] would write.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > MAX_BYTES {
            return Err(NoteError::Malformed("too long"));
        }
        let whole = str::from_utf8(bytes).map_err(|_| NoteError::Malformed("not UTF-8"))?;
        // The text may have blank lines of its own: the last one is where the signatures begin.
        let (text, lines) = whole.rsplit_once("\n\n").ok_or(NoteError::Malformed("no blank line before signatures"))?;
        let lines = lines.strip_suffix('\n').ok_or(NoteError::Malformed("no line feed at the end"))?;
        let mut note = Self::new(format!("{text}\n"))?;
        for line in lines.split('\n') {
            note.add(parse_signature(line)?)?;
        }
        Ok(note)
    }
}

fn parse_signature(line: &str) -> Result<NoteSignature, NoteError> {
    let malformed = NoteError::Malformed("a signature line is not `— name base64`");
    let parts = line.strip_prefix(SIGNATURE_MARK).and_then(|rest| rest.split_once(' '));
    let Some((name, blob)) = parts else { return Err(malformed) };
    let blob = encoding::from_base64(blob).ok_or(NoteError::Malformed("a signature is not canonical base64"))?;
    let (key_id, bytes) = blob.split_first_chunk::<KEY_ID_LENGTH>().ok_or(malformed)?;
    Ok(NoteSignature { name: name.to_owned(), key_id: *key_id, bytes: bytes.to_vec() })
}

fn same_key(a: &NoteSignature, b: &NoteSignature) -> bool {
    a.name == b.name && a.key_id == b.key_id
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of Go's `sumdb/note`, which the specification grew out of.
    const VERIFIER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const NOTE: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem \
        is.\n\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    #[test]
    fn a_note_made_by_go_is_verified() {
        let key = VerifierKey::parse(VERIFIER).unwrap();
        let note = Note::parse(NOTE.as_bytes()).unwrap();
        assert_eq!(note.verify(&key), Ok(()));
        assert_eq!(note.to_bytes(), NOTE.as_bytes());
        let other = LogKey::generate("PeterNeumann").unwrap();
        assert_eq!(note.verify(other.verifier()), Err(NoteError::NotSigned("PeterNeumann".into())));
    }

    #[test]
    fn unknown_signatures_are_kept_and_ignored() {
        let (log, witness) = (LogKey::generate("log").unwrap(), LogKey::generate("witness").unwrap());
        let mut note = Note::new("a\n\nb\n".into()).unwrap();
        note.sign(&witness).unwrap();
        note.add(NoteSignature { name: "pq".into(), key_id: [6; 4], bytes: vec![0; 2420] }).unwrap();
        note.sign(&log).unwrap();
        let read = Note::parse(&note.to_bytes()).unwrap();
        assert_eq!(read, note);
        assert_eq!(read.verify(log.verifier()), Ok(()));
        assert_eq!(read.verify(witness.verifier()), Ok(()));
        assert!(note.sign(&log).is_err(), "one signature by each key");
    }

    #[test]
    fn other_spellings_are_refused() {
        for (what, changed) in [
            ("no end", NOTE.trim_end().to_owned()),
            ("bytes after the end", format!("{NOTE}\n")),
            ("hyphen for dash", NOTE.replace('\u{2014}', "-")),
            ("two spaces", NOTE.replace("Neumann ", "Neumann  ")),
            ("no padding", NOTE.replace("nAM=", "nAM")),
            ("unused bits", NOTE.replace("nAM=", "nAN=")),
            ("repeated", format!("{NOTE}{}\n", NOTE.lines().next_back().unwrap())),
            ("carriage return", NOTE.replace("problem,\n", "problem,\r\n")),
            ("no signature", NOTE.split('\u{2014}').next().unwrap().to_owned()),
        ] {
            assert!(Note::parse(changed.as_bytes()).is_err(), "{what}");
        }
    }
}
