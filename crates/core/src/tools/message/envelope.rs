//! The envelope: a message with its time, number and sender under one signature, as a JWS in compact form (RFC 7515).
//!
//! What makes it an envelope stands in the protected header. `iat` and `seq` are listed in `crit`, so that a receiver who does
//! not understand them, and so would accept replays, must refuse it (RFC 7515 section 4.1.11). `docs/messages.md` is the
//! specification.

use serde_json::{Map, Value, json};

use super::key::MessageSender;
use super::sequence;
use certroll_base::clock::Timestamp;
use certroll_base::encoding;
use certroll_pki::jose::compact_jws::{self, CompactJws};
use certroll_pki::key::signer::SigningError;
use certroll_pki::x509::certificate::Certificate;

/// What tells an envelope from any other JWS by the same key.
pub const TYPE: &str = "certroll-envelope-v1";
/// The extensions of the header that a receiver must understand.
pub const CRITICAL: [&str; 2] = ["iat", "seq"];
/// No chain in an envelope is longer.
const MOST_CERTIFICATES: usize = 8;

/// What an envelope says of its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvelopeFacts {
    /// When it was signed.
    pub at: Timestamp,
    /// Its number.
    pub number: u64,
    /// Who signed, as the certificate names the sender.
    pub sender: String,
    /// The media type of the content, if it is given.
    pub content_type: Option<String>,
}

/// Why a text is no envelope. The messages say it.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum EnvelopeError {
    #[error(transparent)]
    Jws(#[from] compact_jws::JwsError),
    #[error("its header has no `{0}` of the right kind")]
    Header(&'static str),
    #[error("its `x5t#S256` is not that of its certificate")]
    Thumbprint,
    #[error("its `iss` is `{0}`, and its certificate is of `{1}`")]
    OtherSender(String, String),
}

/// How a sender is called: by its certificate.
pub fn name_of(certificate: &Certificate) -> String {
    certificate.display_name()
}

/// Puts a message into an envelope.
///
/// # Errors
/// The key refuses.
pub fn seal(content: &[u8], sender: &MessageSender, facts: &EnvelopeFacts) -> Result<String, SigningError> {
    let own = sender.chain.first();
    let sent = sender.chain.iter().enumerate().filter(|(index, one)| *index == 0 || !one.is_self_issued());
    let chain: Vec<Value> = sent.map(|(_, one)| encoding::base64(one.as_der()).into()).collect();
    let mut header = Map::new();
    header.insert("typ".to_owned(), TYPE.into());
    if let Some(content_type) = &facts.content_type {
        header.insert("cty".to_owned(), content_type.clone().into());
    }
    header.insert("crit".to_owned(), json!(CRITICAL));
    header.insert("iat".to_owned(), facts.at.secs().into());
    header.insert("seq".to_owned(), facts.number.into());
    header.insert("iss".to_owned(), facts.sender.clone().into());
    if let Some(own) = own {
        header.insert("x5t#S256".to_owned(), encoding::base64url(own.fingerprint().as_bytes()).into());
    }
    header.insert("x5c".to_owned(), chain.into());
    compact_jws::sign(header, content, (&*sender.signer, sender.algorithm))
}

/// An envelope whose signature holds. Whether its certificate is to be trusted is another question.
pub struct OpenedEnvelope {
    /// The message.
    pub content: Vec<u8>,
    /// What is said of it.
    pub facts: EnvelopeFacts,
    /// The certificates that came with it, the sender's own first.
    pub certificates: Vec<Certificate>,
}

/// Reads an envelope and checks its signature by the certificate in it.
///
/// # Errors
/// [`EnvelopeError`].
pub fn open(text: &str) -> Result<OpenedEnvelope, EnvelopeError> {
    let signed = CompactJws::read(text.trim_ascii(), &CRITICAL)?;
    if signed.text("typ") != Some(TYPE) {
        return Err(EnvelopeError::Header("typ"));
    }
    let certificates = chain(&signed).ok_or(EnvelopeError::Header("x5c"))?;
    let own = certificates.first().ok_or(EnvelopeError::Header("x5c"))?;
    signed.verify(&own.spki)?;
    if signed.text("x5t#S256") != Some(encoding::base64url(own.fingerprint().as_bytes()).as_str()) {
        return Err(EnvelopeError::Thumbprint);
    }
    let number = |name: &str| signed.header.get(name).and_then(Value::as_u64).filter(|n| *n <= sequence::LAST);
    let at =
        number("iat").and_then(|secs| i64::try_from(secs).ok()).filter(|secs| *secs <= Timestamp::NO_EXPIRY.secs());
    let at = Timestamp::from_secs(at.ok_or(EnvelopeError::Header("iat"))?);
    let seq = number("seq").filter(|number| *number > 0).ok_or(EnvelopeError::Header("seq"))?;
    let sender = signed.text("iss").ok_or(EnvelopeError::Header("iss"))?.to_owned();
    if sender != name_of(own) {
        return Err(EnvelopeError::OtherSender(sender, name_of(own)));
    }
    let content_type = match signed.header.get("cty") {
        None => None,
        Some(_) => Some(signed.text("cty").ok_or(EnvelopeError::Header("cty"))?.to_owned()),
    };
    Ok(OpenedEnvelope {
        facts: EnvelopeFacts { at, number: seq, sender, content_type },
        content: signed.payload,
        certificates,
    })
}

/// `x5c`: certificates in base64, not base64url (RFC 7515 section 4.1.6).
fn chain(signed: &CompactJws<'_>) -> Option<Vec<Certificate>> {
    let listed = signed.header.get("x5c")?.as_array()?;
    let certificate = |value: &Value| Certificate::from_der(&encoding::from_base64(value.as_str()?)?).ok();
    if listed.len() > MOST_CERTIFICATES { None } else { listed.iter().map(certificate).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector in the specification is what other implementations are written against.
    #[test]
    fn the_test_vector_of_the_specification_opens() {
        let text = include_str!("../../../../../docs/messages.md");
        let vector = text.lines().find(|line| line.starts_with("eyJ")).expect("the specification has a vector");
        let opened = open(vector).unwrap();
        assert_eq!(opened.content, br#"<reading meter="7">42.5</reading>"#);
        let facts = EnvelopeFacts {
            at: Timestamp::from_secs(1_795_504_172),
            number: 17,
            sender: "head-end-1".to_owned(),
            content_type: Some("application/xml".to_owned()),
        };
        assert_eq!((opened.facts, opened.certificates.len()), (facts, 1));
        let (signed, _) = vector.rsplit_once('.').unwrap();
        for bad in [&vector[1..], &vector[..vector.len() - 4], signed, &format!("{vector}.")] {
            assert!(open(bad).is_err());
        }
    }

    #[test]
    fn what_does_not_fit_together_is_no_envelope() {
        use certroll_pki::key::KeyPair;
        let key = KeyPair::generate("ec:p256".parse().unwrap()).unwrap();
        let text = include_str!("../../../../../docs/messages.md");
        let vector = text.lines().find(|line| line.starts_with("eyJ")).expect("the specification has a vector");
        let header = encoding::from_base64url(vector.split('.').next().unwrap()).unwrap();
        let mut header: Map<String, Value> = serde_json::from_slice(&header).unwrap();
        header.remove("alg");
        // Signed well, by a key that is not the certificate's.
        let forged = compact_jws::sign(header.clone(), b"x", (&key, key.algorithm())).unwrap();
        assert!(matches!(open(&forged), Err(EnvelopeError::Jws(_))));
        for missing in ["typ", "x5c"] {
            let mut header = header.clone();
            header.remove(missing);
            let sealed = compact_jws::sign(header, b"x", (&key, key.algorithm())).unwrap();
            assert!(matches!(open(&sealed), Err(EnvelopeError::Header(name)) if name == missing), "{missing}");
        }
    }
}
