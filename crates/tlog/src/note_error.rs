//! What is wrong with a signed note or with a key for one.

/// Why bytes are not a note that can be relied upon.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoteError {
    /// The bytes do not have the one form that a note has.
    #[error("not a signed note: {0}")]
    Malformed(&'static str),
    /// The text cannot be signed or read: it is empty, does not end in a line feed, or has control characters.
    #[error("not the text of a signed note: it must be lines of UTF-8 without control characters")]
    BadText,
    /// The name of a key is empty or has white space or a plus sign.
    #[error("`{0}` cannot name a key: a name has no white space and no plus sign")]
    BadName(String),
    /// Not `name+hash+base64`, or of an unsupported type.
    #[error("not the verifier key of an Ed25519 signer (`name+hash+key`)")]
    BadVerifierKey,
    /// Not `name+hash+base64`, or of an unsupported type.
    #[error("not the key of an Ed25519 witness (`name+hash+key` of type 0x04)")]
    BadWitnessKey,
    /// Not an Ed25519 private key in PKCS#8.
    #[error("not an Ed25519 private key in PKCS#8")]
    BadPrivateKey,
    /// None of the signatures is by the expected key.
    #[error("the note is not signed by `{0}`")]
    NotSigned(String),
    /// There is a signature by the expected key, and it is wrong.
    #[error("the signature by `{0}` is wrong")]
    BadSignature(String),
    /// The cryptographic library refused an operation.
    #[error("the cryptographic library could not {0}")]
    Failed(&'static str),
}
