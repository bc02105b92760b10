//! Ed25519 keys with names: how C2SP signed-note writes and numbers them, and the two halves of the key that signs checkpoints.

use std::fmt;

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use zeroize::Zeroizing;

use crate::encoding;
use crate::note_error::NoteError;

/// How many bytes of its hash stand for a key in a signature line.
pub(crate) const KEY_ID_LENGTH: usize = 4;
/// The signature type "Ed25519" of C2SP signed-note.
const TYPE_ED25519: u8 = 0x01;

/// An Ed25519 key pair, whatever it signs.
pub(crate) struct Ed25519Pair(Ed25519KeyPair);

impl Ed25519Pair {
    pub(crate) fn generate() -> Result<Self, NoteError> {
        Ed25519KeyPair::generate().map(Self).map_err(|_| NoteError::Failed("generate a key"))
    }

    pub(crate) fn from_pkcs8(der: &[u8]) -> Result<Self, NoteError> {
        // "maybe unchecked" reads version 1, which has no public key to check against; the library derives it.
        Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).map(Self).map_err(|_| NoteError::BadPrivateKey)
    }

    pub(crate) fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, NoteError> {
        let der: aws_lc_rs::encoding::Pkcs8V1Der<'_> =
            self.0.as_der().map_err(|_| NoteError::Failed("encode a private key"))?;
        Ok(Zeroizing::new(der.as_ref().to_vec()))
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, NoteError> {
        Ok(self.0.try_sign(message).map_err(|_| NoteError::Failed("sign"))?.as_ref().to_vec())
    }

    pub(crate) fn public(&self) -> [u8; 32] {
        let mut public = [0; 32];
        public.copy_from_slice(self.0.public_key().as_ref());
        public
    }
}

/// The first bytes of SHA-256 of name, line feed, type and key (C2SP signed-note, "Signatures").
pub(crate) fn key_id(name: &str, kind: u8, public: &[u8; 32]) -> [u8; KEY_ID_LENGTH] {
    let hash = encoding::sha256_parts(&[name.as_bytes(), b"\n", &[kind], public]);
    [hash[0], hash[1], hash[2], hash[3]]
}

/// The one way to write a verifier key: `name+hash+key`.
pub(crate) fn key_text(name: &str, kind: u8, public: &[u8; 32]) -> String {
    let key = [&[kind][..], public].concat();
    format!("{name}+{}+{}", encoding::hex(&key_id(name, kind, public)), encoding::base64(&key))
}

/// Reads `name+hash+key` of that type; the hash is 8 lower-case hexadecimal digits and must be the right one.
pub(crate) fn parse_key(text: &str, kind: u8) -> Option<(&str, [u8; 32])> {
    // The key is base64 and may hold a plus sign itself; the name may not.
    let (name, rest) = text.split_once('+')?;
    let (_hash, key) = rest.split_once('+')?;
    let key = encoding::from_base64(key)?;
    let (found, public) = key.split_first()?;
    let public = public.try_into().ok()?;
    // There is one way to write a key, so this compares the hash as well.
    (*found == kind && is_key_name(name) && key_text(name, kind, &public) == text).then_some((name, public))
}

/// Whether a text can name a key: not empty, no white space, no plus sign (C2SP), and nothing a terminal would obey.
pub(crate) fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

/// The private key of a log. Its name is the origin of the log.
///
/// ```
/// use certroll_tlog::{LogKey, VerifierKey};
///
/// let key = LogKey::generate("example.org/log")?;
/// // What auditors are given, once and over another channel: example.org/log+HASH+KEY.
/// let text = key.verifier().to_string();
/// assert_eq!(VerifierKey::parse(&text)?, *key.verifier());
/// // What the log keeps, encrypted: wiped from memory when it is dropped.
/// let stored = key.to_pkcs8()?;
/// assert_eq!(LogKey::from_pkcs8("example.org/log", &stored)?.verifier(), key.verifier());
/// # Ok::<(), certroll_tlog::NoteError>(())
/// ```
pub struct LogKey {
    pair: Ed25519Pair,
    verifier: VerifierKey,
}

impl LogKey {
    /// Makes a new key.
    ///
    /// # Errors
    /// [`NoteError::BadName`], or [`NoteError::Failed`] when the cryptographic library refuses.
    pub fn generate(name: &str) -> Result<Self, NoteError> {
        Self::of(name, Ed25519Pair::generate()?)
    }

    /// Loads the key that [`LogKey::to_pkcs8`] stored.
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
    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Signs bytes that are not a note: 64 bytes of Ed25519 (RFC 8032). The caller chooses bytes that no note can begin with, so
    /// that one signature never passes for the other.
    ///
    /// # Errors
    /// [`NoteError::Failed`]: the cryptographic library refuses.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, NoteError> {
        self.pair.sign(message)
    }

    fn of(name: &str, pair: Ed25519Pair) -> Result<Self, NoteError> {
        let verifier = VerifierKey::new(name, pair.public())?;
        Ok(Self { pair, verifier })
    }
}

impl fmt::Debug for LogKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LogKey({})", self.verifier)
    }
}

/// The public key of a log, written `name+hash+key`: what an auditor is given out of band.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    public: [u8; 32],
}

impl VerifierKey {
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

    /// Reads `name+hash+key`, where the hash is 8 lower-case hexadecimal digits and must be the right one.
    ///
    /// # Errors
    /// [`NoteError::BadVerifierKey`]: the text is anything else, or a key of another type.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let (name, public) = parse_key(text, TYPE_ED25519).ok_or(NoteError::BadVerifierKey)?;
        Ok(Self { name: name.to_owned(), public })
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key id: the first four bytes of SHA-256 of name, line feed, type and key.
    pub fn id(&self) -> [u8; KEY_ID_LENGTH] {
        key_id(&self.name, TYPE_ED25519, &self.public)
    }

    /// The Ed25519 public key (RFC 8032).
    pub fn public(&self) -> &[u8; 32] {
        &self.public
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&key_text(&self.name, TYPE_ED25519, &self.public))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_storage_and_show_no_secret() -> Result<(), NoteError> {
        let key = LogKey::generate("example.org/log")?;
        let stored = key.to_pkcs8()?;
        assert_eq!(stored.len(), 48, "version 1: without the public key");
        let loaded = LogKey::from_pkcs8("example.org/log", &stored)?;
        assert_eq!(loaded.verifier(), key.verifier());
        assert_eq!(VerifierKey::parse(&key.verifier().to_string())?, *key.verifier());
        assert_eq!(format!("{key:?}"), format!("LogKey({})", key.verifier()));
        assert_eq!(LogKey::from_pkcs8("x", &[0; 48]).map(|_| ()), Err(NoteError::BadPrivateKey));
        Ok(())
    }

    #[test]
    fn verifier_keys_have_one_spelling() {
        let text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        assert_eq!(VerifierKey::parse(text).map(|key| key.to_string()).as_deref(), Ok(text));
        for changed in [
            text.replace("c74f", "C74F"),
            text.replace("c74f", "c74e"),
            text.replace("+AR", "+AB"),
            text.replace("PeterN", "Peter N"),
            text.replace("PeterN", "PeterM"),
            format!("{text}\n"),
            text.replace("10TW", "10Q="),
            "PeterNeumann+c74f20a3".into(),
        ] {
            assert!(VerifierKey::parse(&changed).is_err(), "{changed}");
        }
        for name in ["", "a b", "a+b", "a\nb", "a\u{a0}b"] {
            assert_eq!(VerifierKey::new(name, [0; 32]), Err(NoteError::BadName(name.into())));
        }
    }
}
