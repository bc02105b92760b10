//! Late entries: what happened while the log could not be written, on lines of a file elsewhere, to be merged into the log.
//!
//! A line is a signature, a space, and JSON. The signature is Ed25519 by the log's key over a first line that no checkpoint
//! can begin with and the JSON, in base64; where the key could not be opened, as for a wrong passphrase, it is `-`.

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::event::Event;
use super::facts::{Actor, CertificateFacts, Failure, Outcome, Why};
use super::value::{Id, instant_millis};
use certroll_base::clock::Timestamp;
use certroll_base::encoding;
use certroll_tlog::{LogKey, NoteError, VerifierKey};

/// What is signed begins with this line; an origin has no space, so no checkpoint does.
const CONTEXT: &[u8] = b"certroll late entry v1\n";
/// Stands for a signature that could not be made.
const UNSIGNED: &str = "-";

/// Why a line is not a late entry.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum LateError {
    /// It is not a signature, a space and an entry.
    #[error("not a late entry")]
    Malformed,
    /// The signature is not that of this log over this entry.
    #[error("the signature of a late entry is wrong")]
    BadSignature,
}

/// What happened, when, and who did it: the part of a record that is known without the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LateEntry {
    /// Names the record that it becomes, so that merging twice gives one record.
    pub id: Id,
    /// When it happened.
    #[serde(with = "instant_millis")]
    pub ts: Timestamp,
    /// What happened.
    pub ev: Event,
    /// How it ended.
    pub out: Outcome,
    /// Who did it.
    pub actor: Actor,
    /// For what reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
    /// The certificate it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cert: Option<CertificateFacts>,
    /// What went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub err: Option<Failure>,
    /// Further facts.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub x: Map<String, Value>,
    /// What the home must take over with it, such as a CRL that was signed; not part of the record.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub keep: Map<String, Value>,
}

impl LateEntry {
    /// The line, without its line feed; signed when there is a key.
    ///
    /// # Errors
    /// The library refuses to sign.
    pub fn line(&self, key: Option<&LogKey>) -> Result<String, NoteError> {
        let json = serde_json::to_string(self).map_err(|_| NoteError::Failed("encode a late entry"))?;
        let signature = match key {
            Some(key) => encoding::base64(&key.sign(&[CONTEXT, json.as_bytes()].concat())?),
            None => UNSIGNED.to_owned(),
        };
        Ok(format!("{signature} {json}"))
    }

    /// Reads a line; the second value is whether the log's key signed it.
    ///
    /// # Errors
    /// It is no late entry, or the signature is wrong.
    pub fn parse(line: &str, key: &VerifierKey) -> Result<(Self, bool), LateError> {
        let (signature, json) = line.split_once(' ').ok_or(LateError::Malformed)?;
        let signed = signature != UNSIGNED;
        if signed {
            let signature = encoding::from_base64(signature).ok_or(LateError::Malformed)?;
            UnparsedPublicKey::new(&ED25519, key.public())
                .verify(&[CONTEXT, json.as_bytes()].concat(), &signature)
                .map_err(|_| LateError::BadSignature)?;
        }
        let entry = serde_json::from_str(json).map_err(|_| LateError::Malformed)?;
        Ok((entry, signed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::record::facts::{ActorKind, Authentication};

    fn entry() -> LateEntry {
        let actor = Actor::new(ActorKind::User, "uid:1000".into(), Authentication::OsUid);
        let ts = Timestamp::from_millis(1_795_000_000_123);
        LateEntry {
            id: Id::new(ts),
            ts,
            ev: Event::AuthDenied,
            out: Outcome::Denied,
            actor,
            why: None,
            cert: None,
            err: Some(Failure { code: "passphrase".into(), text: "a line\nfeed".into() }),
            x: Map::new(),
            keep: Map::new(),
        }
    }

    #[test]
    fn lines_go_both_ways_and_changes_are_found() {
        let key = LogKey::generate("example.org/log").unwrap();
        let line = entry().line(Some(&key)).unwrap();
        assert!(!line.contains('\n'));
        assert_eq!(LateEntry::parse(&line, key.verifier()), Ok((entry_of(&line), true)));
        for at in 0..line.len() {
            let mut bytes = line.clone().into_bytes();
            bytes[at] ^= 1;
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            assert!(LateEntry::parse(&changed, key.verifier()).is_err(), "{changed}");
        }
        let other = LogKey::generate("example.org/log").unwrap();
        assert_eq!(LateEntry::parse(&line, other.verifier()), Err(LateError::BadSignature));
    }

    #[test]
    fn unsigned_lines_say_so() {
        let key = LogKey::generate("example.org/log").unwrap();
        let line = entry().line(None).unwrap();
        assert_eq!(LateEntry::parse(&line, key.verifier()).map(|(_, signed)| signed), Ok(false));
        assert_eq!(LateEntry::parse("- {}", key.verifier()), Err(LateError::Malformed));
    }

    fn entry_of(line: &str) -> LateEntry {
        serde_json::from_str(line.split_once(' ').unwrap().1).unwrap()
    }
}
