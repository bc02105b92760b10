//! JSON Web Signatures in compact form (RFC 7515 section 7.1): signed, read, and verified by a given key.
//!
//! The algorithm is the one that goes with the key (RFC 7518 section 3, RFC 8037), never what the header wishes: a header that
//! names another is refused. Keys that a header carries are not looked at here.

use serde_json::{Map, Value};

use super::algorithm::JoseAlgorithm;
use super::strict_json;
use crate::key::signer::{Signer, SigningError};
use crate::key::{KeyAlgorithm, public_key};
use crate::verify::signature::SignatureError;
use certroll_base::encoding;

/// Why a text is no such signature, or it does not hold. The messages say it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum JwsError {
    #[error("it is not three parts of base64url with dots between them")]
    Form,
    #[error("its header is not a JSON object in which every name stands once")]
    Header,
    #[error("its header has critical extensions (`crit`) that are not known here, or none")]
    Critical,
    #[error("its header names another algorithm than {0}, the one that goes with the signer's key")]
    Algorithm(&'static str),
    #[error("the signer's key is of a kind that is not accepted (RSA, P-256, P-384, P-521 and Ed25519 are)")]
    Key,
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

/// Signs `payload` under a header, to which `alg` is added in front.
///
/// # Errors
/// The key refuses.
pub fn sign(
    header: Map<String, Value>,
    payload: &[u8],
    (signer, key): (&dyn Signer, KeyAlgorithm),
) -> Result<String, SigningError> {
    let algorithm = JoseAlgorithm::of(key);
    let mut whole = Map::new();
    whole.insert("alg".to_owned(), algorithm.name.into());
    whole.extend(header);
    let header = Value::Object(whole).to_string();
    let mut text = format!("{}.{}", encoding::base64url(header.as_bytes()), encoding::base64url(payload));
    let signature = algorithm.encode_signature(signer.sign_message(text.as_bytes())?)?;
    text.push('.');
    text.push_str(&encoding::base64url(&signature));
    Ok(text)
}

/// A signature as it came. Nothing of it is checked yet.
pub struct CompactJws<'a> {
    /// The protected header.
    pub header: Map<String, Value>,
    /// What was signed.
    pub payload: Vec<u8>,
    input: &'a str,
    signature: Vec<u8>,
}

impl<'a> CompactJws<'a> {
    /// Reads the compact form. `known` are the extensions that the header may call critical.
    ///
    /// # Errors
    /// [`JwsError`].
    pub fn read(text: &'a str, known: &[&str]) -> Result<Self, JwsError> {
        let (input, signature) = text.rsplit_once('.').ok_or(JwsError::Form)?;
        let (header, payload) = input.split_once('.').ok_or(JwsError::Form)?;
        let decode = |part| encoding::from_base64url(part).ok_or(JwsError::Form);
        let (header, payload, signature) = (decode(header)?, decode(payload)?, decode(signature)?);
        let Ok(Value::Object(header)) = strict_json::parse(&header) else { return Err(JwsError::Header) };
        // RFC 7515 section 4.1.11: a list, not empty, of names that stand in the header.
        if let Some(critical) = header.get("crit") {
            let names = critical.as_array().ok_or(JwsError::Critical)?;
            let is_known =
                |name: &Value| name.as_str().is_some_and(|name| known.contains(&name) && header.contains_key(name));
            if names.is_empty() || !names.iter().all(is_known) {
                return Err(JwsError::Critical);
            }
        }
        Ok(Self { header, payload, input, signature })
    }

    /// A text of the header.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.header.get(name).and_then(Value::as_str)
    }

    /// Checks that the key of `spki` signed header and payload.
    ///
    /// # Errors
    /// [`JwsError`].
    pub fn verify(&self, spki: &[u8]) -> Result<(), JwsError> {
        let algorithm = JoseAlgorithm::of(public_key::algorithm(spki).ok_or(JwsError::Key)?);
        if self.text("alg") != Some(algorithm.name) {
            return Err(JwsError::Algorithm(algorithm.name));
        }
        Ok(algorithm.verify(spki, self.input.as_bytes(), &self.signature)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::KeyPair;

    #[test]
    fn what_is_signed_verifies_and_nothing_else() {
        for name in ["rsa:2048", "ec:p256", "ec:p384", "ec:p521", "ed25519"] {
            let key = KeyPair::generate(name.parse().unwrap()).unwrap();
            let header = Map::from_iter([("seq".to_owned(), 7.into())]);
            let text = sign(header, b"reading", (&key, key.algorithm())).unwrap();
            let read = CompactJws::read(&text, &[]).unwrap();
            assert_eq!((read.payload.as_slice(), &read.header["seq"]), (&b"reading"[..], &Value::from(7)));
            assert_eq!(read.verify(key.spki()), Ok(()), "{name}");
            let other = KeyPair::generate(name.parse().unwrap()).unwrap();
            assert_eq!(read.verify(other.spki()), Err(SignatureError::Wrong.into()));
            // A character of header, payload or signature changed.
            for at in (0..text.len()).step_by(5) {
                let mut bad = text.clone().into_bytes();
                bad[at] = if bad[at] == b'A' { b'B' } else { b'A' };
                let bad = String::from_utf8(bad).unwrap();
                let held = CompactJws::read(&bad, &[]).and_then(|read| read.verify(key.spki()));
                assert!(held.is_err() || bad == text, "{name} {at}");
            }
        }
    }

    #[test]
    fn the_header_chooses_nothing() {
        let key = KeyPair::generate("ec:p256".parse().unwrap()).unwrap();
        let good = sign(Map::new(), b"x", (&key, key.algorithm())).unwrap();
        let (_, rest) = good.split_once('.').unwrap();
        for (header, expected) in [
            (r#"{"alg":"none"}"#, JwsError::Algorithm("ES256")),
            (r#"{"alg":"HS256"}"#, JwsError::Algorithm("ES256")),
            (r"{}", JwsError::Algorithm("ES256")),
            (r#"{"alg":"ES256","alg":"ES256"}"#, JwsError::Header),
            (r#"{"alg":"ES256","crit":["b64"],"b64":false}"#, JwsError::Critical),
            (r#"{"alg":"ES256","crit":[]}"#, JwsError::Critical),
            (r#"{"alg":"ES256","crit":["seq"]}"#, JwsError::Critical),
        ] {
            let text = format!("{}.{rest}", encoding::base64url(header.as_bytes()));
            let held = CompactJws::read(&text, &["seq"]).and_then(|read| read.verify(key.spki()));
            assert_eq!(held, Err(expected), "{header}");
        }
        assert!(matches!(CompactJws::read("a.b", &[]), Err(JwsError::Form)));
    }

    /// RFC 8037 appendix A.4: EdDSA with the key of A.1.
    #[test]
    fn the_example_of_the_standard_verifies() {
        let text = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.\
                    hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        let x = encoding::from_base64url("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        let spki = public_key::elliptic(&x).unwrap();
        let read = CompactJws::read(text, &[]).unwrap();
        assert_eq!(read.verify(&spki), Ok(()));
        assert_eq!(read.payload, b"Example of Ed25519 signing");
    }
}
