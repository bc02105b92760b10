//! What is wrong with a distinguished name.

/// Why a text is not a distinguished name, or bytes are not one.
#[derive(Debug, thiserror::Error)]
pub enum NameError {
    /// The text breaks off or lacks `=`.
    #[error("`{text}` is not a distinguished name: {why} (expected something like `O=Example, CN=broker-1`)")]
    Syntax {
        /// What was read.
        text: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// An attribute type that has neither a known short name nor dotted form.
    #[error(
        "unknown attribute type `{0}` in a distinguished name: use a short name such as CN, O, OU, DC or a dotted OID"
    )]
    UnknownAttribute(String),
    /// A value that its attribute type does not allow.
    #[error("attribute {attribute} cannot be `{value}`: {why}")]
    Value {
        /// Short name or OID.
        attribute: String,
        /// The value typed.
        value: String,
        /// The rule it breaks.
        why: String,
    },
    /// Not the DER of a Name.
    #[error("the bytes are not a distinguished name")]
    Encoding(#[from] der::Error),
}
