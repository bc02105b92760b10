//! What went wrong at an issuer, by what can be done about it.

use crate::hint::Hint;
use certroll_base::clock::Timestamp;

/// What can be done about an error; decides retries and exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorClass {
    /// Temporary: the same call may succeed later.
    Retryable,
    /// Too many requests; not before that time.
    RateLimited(Option<Timestamp>),
    /// Sent, and whether it took effect is unknown: recover, never repeat.
    Ambiguous,
    /// The back end's own policy refuses.
    Policy,
    /// Credentials are wrong or lack a right.
    Auth,
    /// The thing named does not exist there.
    NotFound,
    /// The back end cannot do this at all.
    Unsupported,
    /// Our settings for it are wrong.
    Config,
    /// It answered something that its protocol does not allow.
    Protocol,
    /// None of these; repeating will not help.
    Permanent,
}

impl ErrorClass {
    /// A certificate may exist although the call failed: only [`crate::issuer::Issuer::recover`] can tell.
    pub fn is_in_doubt(self) -> bool {
        matches!(self, Self::Ambiguous | Self::Protocol | Self::NotFound)
    }

    /// It may pass with time or with other settings: a request that the back end holds can be taken up again then.
    pub fn may_pass(self) -> bool {
        matches!(self, Self::Retryable | Self::RateLimited(_) | Self::Auth | Self::Config)
    }
}

/// An error of one issuer: class, message in its own words, and what to do next.
#[derive(Debug, thiserror::Error)]
#[error("issuer `{issuer}`: {message}")]
pub struct IssuerError {
    /// The issuer's name.
    pub issuer: String,
    /// What can be done.
    pub class: ErrorClass,
    /// What happened, with the back end's own words.
    pub message: String,
    /// What to try next.
    pub hint: Option<Box<Hint>>,
    /// The cause below.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl IssuerError {
    /// An error without a deeper cause.
    pub fn new(issuer: &str, class: ErrorClass, message: impl Into<String>) -> Self {
        Self { issuer: issuer.to_owned(), class, message: message.into(), hint: None, source: None }
    }

    /// Adds what to try next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Hint>) -> Self {
        self.hint = Some(Box::new(hint.into()));
        self
    }

    /// Adds the cause below.
    #[must_use]
    pub fn because(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }
}
