//! Cosignatures: a witness states that a checkpoint is the largest consistent one that it has seen of a log, and when.
//!
//! Format: <https://c2sp.org/tlog-cosignature>, version 1 with Ed25519 (signature type 0x04). What is signed is not the note
//! but two lines before it, so the same key could not sign a checkpoint by mistake. A key belongs to one witness only: its
//! name is not part of what it signs.

use std::fmt;

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};

use crate::checkpoint::Checkpoint;
use crate::note::{Note, NoteSignature};
use crate::note_error::NoteError;
use crate::note_key::{Ed25519Pair, KEY_ID_LENGTH, is_key_name, key_id, key_text, parse_key};
use zeroize::Zeroizing;

/// The signature type "timestamped Ed25519 witness cosignature" of C2SP signed-note.
const TYPE_COSIGNATURE: u8 = 0x04;
/// Timestamps go no further: 2^63 - 1.
const LAST_SECOND: u64 = i64::MAX as u64;

/// The private key of a witness, which cosigns checkpoints (C2SP tlog-cosignature).
///
/// ```
/// use certroll_tlog::{Checkpoint, LogKey, Note, WitnessKey};
///
/// let log = LogKey::generate("example.org/log")?;
/// let checkpoint = Checkpoint { origin: "example.org/log".to_owned(), size: 20, root: [7; 32] };
/// let mut note = Note::parse(&checkpoint.sign(&log)?)?;
///
/// let witness = WitnessKey::generate("witness.example")?;
/// note.add(witness.cosign(&checkpoint, 1_679_315_147)?)?;
/// assert_eq!(witness.verifier().cosigned(&note)?, Some(1_679_315_147));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct WitnessKey {
    pair: Ed25519Pair,
    verifier: WitnessVerifierKey,
}

impl WitnessKey {
    /// Makes a new key.
    ///
    /// # Errors
    /// [`NoteError::BadName`], or [`NoteError::Failed`] when the cryptographic library refuses.
    pub fn generate(name: &str) -> Result<Self, NoteError> {
        Self::of(name, Ed25519Pair::generate()?)
    }

    /// Loads the key that [`WitnessKey::to_pkcs8`] stored.
    ///
    /// # Errors
    /// [`NoteError::BadPrivateKey`] when the bytes are not an Ed25519 key in PKCS#8, [`NoteError::BadName`].
    pub fn from_pkcs8(name: &str, der: &[u8]) -> Result<Self, NoteError> {
        Self::of(name, Ed25519Pair::from_pkcs8(der)?)
    }

    /// The key as PKCS#8 version 1, in DER.
    ///
    /// # Errors
    /// [`NoteError::Failed`]: the cryptographic library refuses to encode.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, NoteError> {
        self.pair.to_pkcs8()
    }

    /// The public half.
    pub fn verifier(&self) -> &WitnessVerifierKey {
        &self.verifier
    }

    /// Cosigns a checkpoint as of that second since 1970.
    ///
    /// The caller answers for what it states: that of this log no larger checkpoint was seen, and none that contradicts it.
    ///
    /// # Errors
    /// [`NoteError::Failed`]: the time is beyond what the format holds (2^63 - 1), or the cryptographic library refuses.
    pub fn cosign(&self, checkpoint: &Checkpoint, second: u64) -> Result<NoteSignature, NoteError> {
        if second > LAST_SECOND {
            return Err(NoteError::Failed("sign for a time that far away"));
        }
        let signed = self.pair.sign(message(&checkpoint.body(), second).as_bytes())?;
        let bytes = [&second.to_be_bytes()[..], &signed].concat();
        Ok(NoteSignature { name: self.verifier.name.clone(), key_id: self.verifier.id(), bytes })
    }

    fn of(name: &str, pair: Ed25519Pair) -> Result<Self, NoteError> {
        let verifier = WitnessVerifierKey::new(name, pair.public())?;
        Ok(Self { pair, verifier })
    }
}

impl fmt::Debug for WitnessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WitnessKey({})", self.verifier)
    }
}

/// The public key of a witness, written `name+hash+key`: what a log's users are given out of band.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessVerifierKey {
    name: String,
    public: [u8; 32],
}

impl WitnessVerifierKey {
    /// The key with that name and those 32 bytes of Ed25519 public key.
    ///
    /// # Errors
    /// [`NoteError::BadName`]: the name is empty or has white space or a plus sign.
    pub fn new(name: &str, public: [u8; 32]) -> Result<Self, NoteError> {
        if is_key_name(name) {
            Ok(Self { name: name.to_owned(), public })
        } else {
            Err(NoteError::BadName(name.to_owned()))
        }
    }

    /// Reads `name+hash+key`, in its one spelling.
    ///
    /// # Errors
    /// [`NoteError::BadWitnessKey`]: the text is anything else. The key of a log is of another type and refused, too.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let (name, public) = parse_key(text, TYPE_COSIGNATURE).ok_or(NoteError::BadWitnessKey)?;
        Ok(Self { name: name.to_owned(), public })
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key id: the first four bytes of SHA-256 of name, line feed, type and key.
    pub fn id(&self) -> [u8; KEY_ID_LENGTH] {
        key_id(&self.name, TYPE_COSIGNATURE, &self.public)
    }

    /// The Ed25519 public key (RFC 8032).
    pub fn public(&self) -> &[u8; 32] {
        &self.public
    }

    /// When this witness cosigned a note, in seconds since 1970; `None` if it did not.
    ///
    /// # Errors
    /// [`NoteError::BadSignature`]: there is a cosignature by this witness, and it is wrong. The whole note is to be refused then (C2SP signed-note).
    pub fn cosigned(&self, note: &Note) -> Result<Option<u64>, NoteError> {
        let is_ours = |s: &&NoteSignature| s.name == self.name && s.key_id == self.id();
        let Some(ours) = note.signatures().iter().find(is_ours) else { return Ok(None) };
        self.verify(note.text(), &ours.bytes).map(Some)
    }

    fn verify(&self, text: &str, bytes: &[u8]) -> Result<u64, NoteError> {
        let wrong = || NoteError::BadSignature(self.name.clone());
        let (second, signature) = bytes.split_first_chunk::<8>().ok_or_else(wrong)?;
        let second = u64::from_be_bytes(*second);
        if second > LAST_SECOND {
            return Err(wrong());
        }
        let key = UnparsedPublicKey::new(&ED25519, &self.public);
        key.verify(message(text, second).as_bytes(), signature).map_err(|_| wrong())?;
        Ok(second)
    }
}

impl fmt::Display for WitnessVerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&key_text(&self.name, TYPE_COSIGNATURE, &self.public))
    }
}

/// What is signed: header, time, and the text of the note.
fn message(text: &str, second: u64) -> String {
    format!("cosignature/v1\ntime {second}\n{text}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note_key::LogKey;

    fn checkpoint() -> Checkpoint {
        Checkpoint { origin: "example.com/log".into(), size: 20_852_163, root: [7; 32] }
    }

    fn note(signatures: &[NoteSignature]) -> Note {
        let mut note = Note::new(checkpoint().body()).unwrap();
        signatures.iter().for_each(|signature| note.add(signature.clone()).unwrap());
        note
    }

    #[test]
    fn what_is_signed_is_what_the_specification_prints() {
        let body = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
        let expected = "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n\
            CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
        assert_eq!(message(body, 1_679_315_147), expected);
        // The line of the same example: the time is in its first eight bytes.
        let line = "\u{2014} witness.example.com/w1 \
            jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";
        let [signature] = &NoteSignature::parse_lines(line.as_bytes()).unwrap()[..] else { panic!("one line") };
        assert_eq!(signature.to_line(), line);
        assert_eq!(signature.bytes[..8], 1_679_315_147_u64.to_be_bytes());
        assert_eq!(signature.bytes.len(), 72);
    }

    /// A checkpoint of a public Certificate Transparency log, as its witnesses cosigned it on 2026-05-23.
    const WITNESSED: &str = "arche2025h1.staging.ct.transparency.dev\n1432088532\n\
        U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n\n\
        \u{2014} transparency.dev/DEV:witness-little-garden \
        2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==\n\
        \u{2014} remora.n621.de \
        2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==\n";

    #[test]
    fn a_cosignature_of_a_public_witness_is_verified() {
        let note = Note::parse(WITNESSED.as_bytes()).unwrap();
        let text = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";
        assert_eq!(WitnessVerifierKey::parse(text).unwrap().cosigned(&note), Ok(Some(1_779_573_024)));
        let later = WITNESSED.replace("1432088532", "1432088533");
        let later = Note::parse(later.as_bytes()).unwrap();
        assert!(WitnessVerifierKey::parse(text).unwrap().cosigned(&later).is_err());
    }

    #[test]
    fn a_cosignature_is_over_checkpoint_and_time() {
        let key = WitnessKey::generate("witness.example/w1").unwrap();
        let signature = key.cosign(&checkpoint(), 1_679_315_147).unwrap();
        assert_eq!(key.verifier().cosigned(&note(std::slice::from_ref(&signature))), Ok(Some(1_679_315_147)));
        assert_eq!(key.verifier().cosigned(&note(&[])), Ok(None));
        for bit in 0..signature.bytes.len() * 8 {
            let mut changed = signature.clone();
            changed.bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(key.verifier().cosigned(&note(&[changed])).is_err(), "bit {bit} flipped");
        }
        for length in 1..signature.bytes.len() {
            let cut = NoteSignature { bytes: signature.bytes[..length].to_vec(), ..signature.clone() };
            assert!(key.verifier().cosigned(&note(&[cut])).is_err(), "cut to {length}");
        }
        let longer = NoteSignature { bytes: [&signature.bytes[..], &[0]].concat(), ..signature.clone() };
        assert!(key.verifier().cosigned(&note(&[longer])).is_err());
        let mut other = Note::new(checkpoint().body().replace("163", "164")).unwrap();
        other.add(signature).unwrap();
        assert!(key.verifier().cosigned(&other).is_err());
        assert!(key.cosign(&checkpoint(), LAST_SECOND).is_ok());
        assert!(key.cosign(&checkpoint(), LAST_SECOND + 1).is_err());
    }

    #[test]
    fn keys_of_logs_and_witnesses_are_not_each_other() {
        let (witness, log) = (WitnessKey::generate("a").unwrap(), LogKey::generate("a").unwrap());
        let text = witness.verifier().to_string();
        assert_eq!(WitnessVerifierKey::parse(&text).as_ref(), Ok(witness.verifier()));
        assert_eq!(WitnessVerifierKey::parse(&log.verifier().to_string()), Err(NoteError::BadWitnessKey));
        assert!(crate::VerifierKey::parse(&text).is_err());
        let loaded = WitnessKey::from_pkcs8("a", &witness.to_pkcs8().unwrap()).unwrap();
        assert_eq!(loaded.verifier(), witness.verifier());
        assert_eq!(format!("{loaded:?}"), format!("WitnessKey({text})"));
        // A plain signature over the note by the same key is not a cosignature, and of another key id.
        let same = LogKey::from_pkcs8("a", &witness.to_pkcs8().unwrap()).unwrap();
        assert_ne!(same.verifier().id(), witness.verifier().id());
        let mut plain = note(&[]);
        plain.sign(&same).unwrap();
        assert_eq!(witness.verifier().cosigned(&plain), Ok(None));
    }

    #[test]
    fn lines_without_their_note_are_lines_only() {
        let key = WitnessKey::generate("w").unwrap();
        let line = key.cosign(&checkpoint(), 5).unwrap().to_line();
        assert!(NoteSignature::parse_lines(line.as_bytes()).is_ok());
        for changed in [
            String::new(),
            line.trim_end().to_owned(),
            format!("\n{line}"),
            format!("{line}\n"),
            format!("{line}{line}"),
            format!("x\n\n{line}"),
            format!("x{line}"),
            line.replace('\n', "\r\n"),
        ] {
            assert!(NoteSignature::parse_lines(changed.as_bytes()).is_err(), "{changed:?}");
        }
    }
}
