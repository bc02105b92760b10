//! What helps when a server or service does not do what it should.

/// What can be done about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Other credentials, or more rights for these.
    Credentials,
    /// Another request or other settings.
    Correct,
    /// The same call later.
    Retry,
    /// Another server: this one cannot do it.
    Elsewhere,
    /// None is known.
    Unknown,
}
