//! What went wrong with a key elsewhere, by what can be done about it.

use crate::hint::Hint;

/// What can be done about an error; decides exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignerErrorClass {
    /// The reference is malformed, or names nothing or several things.
    Config,
    /// The PIN or the credentials are wrong or lack a right.
    Auth,
    /// The key or its place cannot do this.
    Unsupported,
    /// Its place does not answer now; the same call may succeed later.
    Unavailable,
    /// None of these.
    Failed,
}

/// An error: class, what happened in the words of where the key is, and what to do next. Holds no secret.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct SignerError {
    /// What can be done.
    pub class: SignerErrorClass,
    message: String,
    /// What to try next.
    pub hint: Option<Hint>,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl SignerError {
    /// An error without a deeper cause.
    pub fn new(class: SignerErrorClass, message: impl Into<String>) -> Self {
        Self { class, message: message.into(), hint: None, source: None }
    }

    /// Adds what to try next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Hint>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the cause below.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}
