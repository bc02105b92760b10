//! A call over a network that failed: what kind of failure it is, in one line, with what the other side said.
//!
//! Back ends speak different protocols and fail in the same few ways. Each reads its own words, a problem type, an error
//! code or a text, into a [`FailureKind`]; what a kind means for the caller is decided above, once.

pub use crate::remedy::Remedy;
use std::error::Error;
use std::fmt;

use crate::clock::Timestamp;
use crate::text::printable;

/// The most characters of a foreign message that are passed on.
const LONGEST: usize = 600;

/// What kind of failure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// There are no credentials, or the server does not accept them.
    Credentials,
    /// The credentials are good, but lack the right.
    Denied,
    /// Ours: roots, proxy or address are not usable, or name what is not at the server.
    Settings,
    /// Nothing was sent: no connection came about.
    Unreachable,
    /// It was sent, or may have been, and no whole answer came.
    Unanswered,
    /// Too many requests.
    Throttled,
    /// The server takes no such call now: it is sealed or a standby, or wants another nonce.
    NotReady,
    /// The server itself failed; whether it did what was asked is not known.
    Unavailable,
    /// What was named does not exist.
    Missing,
    /// It is not done yet.
    InProgress,
    /// It was done before.
    AlreadyDone,
    /// What was named is in a state that does not allow it.
    State,
    /// It is in use, or is being changed at the same time.
    Conflict,
    /// A quota is used up.
    Quota,
    /// The server's own policy refuses.
    Policy,
    /// The request is not acceptable.
    Invalid,
    /// The answer makes no sense, or comes from something else than such a server.
    Protocol,
    /// The server does not know the call.
    Unsupported,
}

impl FailureKind {
    /// What can be done about it.
    pub fn remedy(self) -> Remedy {
        match self {
            Self::Credentials | Self::Denied => Remedy::Credentials,
            Self::Settings | Self::Missing | Self::Policy | Self::Invalid | Self::State => Remedy::Correct,
            Self::Unreachable | Self::Unanswered | Self::Unavailable | Self::NotReady => Remedy::Retry,
            Self::Throttled | Self::InProgress | Self::Conflict => Remedy::Retry,
            Self::Unsupported => Remedy::Elsewhere,
            Self::AlreadyDone | Self::Quota | Self::Protocol => Remedy::Unknown,
        }
    }
}

/// A call that failed. It holds nothing of what was sent.
#[derive(Debug)]
pub struct NetworkFailure {
    /// What kind.
    pub kind: FailureKind,
    /// What happened, on one line.
    pub text: String,
    /// What the server answered; `None` when none did, and for an answer that is good as HTTP.
    pub answer: Option<Box<ServerAnswer>>,
    /// The cause below, where the text does not tell it.
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

/// The answer of a server that did not do what was asked.
#[derive(Debug, Default)]
pub struct ServerAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The server's name for the failure, where its protocol has one: a problem type.
    pub code: Option<String>,
    /// What it said; may be empty.
    pub words: String,
    /// The time before which it does not want to be asked again.
    pub retry_after: Option<Timestamp>,
    /// The URL that it names instead.
    pub location: Option<String>,
}

impl NetworkFailure {
    /// A failure without an answer.
    pub fn new(kind: FailureKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), answer: None, source: None }
    }

    /// The same, with what the server answered.
    #[must_use]
    pub fn answered(self, answer: ServerAnswer) -> Self {
        Self { answer: Some(Box::new(answer)), ..self }
    }

    /// The same, with the cause below.
    #[must_use]
    pub fn because(self, source: impl Error + Send + Sync + 'static) -> Self {
        Self { source: Some(Box::new(source)), ..self }
    }

    /// The HTTP status, if a server answered with one that is none of success.
    pub fn status(&self) -> Option<u16> {
        self.answer.as_ref().map(|answer| answer.status)
    }

    /// The server's name for the failure.
    pub fn code(&self) -> Option<&str> {
        self.answer.as_ref()?.code.as_deref()
    }
}

impl fmt::Display for NetworkFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Error for NetworkFailure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| &**source as &(dyn Error + 'static))
    }
}

/// An error and its causes, each once, on one line.
pub fn chain(error: &dyn Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = one_line(&error.to_string());
        if !parts.last().is_some_and(|last| last.contains(&text)) {
            parts.push(text);
        }
        next = error.source();
    }
    shortened(parts.join(": "))
}

/// What a stranger says, on one line that is not too long and safe for a terminal.
pub fn one_line(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    shortened(printable(&text).into_owned())
}

fn shortened(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(at);
        text.push_str("...");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_stranger_says_stays_on_one_short_line() {
        let text = one_line(&format!("a\n\u{1b}[31mb {}", "x".repeat(2_000)));
        assert!(!text.contains('\n') && !text.contains('\u{1b}') && text.chars().count() <= LONGEST + 3, "{text}");
    }

    #[test]
    fn each_cause_is_told_once() {
        let new = |text: &str| NetworkFailure::new(FailureKind::Unreachable, text);
        let outer = new("not sent").because(new("no connection: refused").because(new("refused")));
        assert_eq!(chain(&outer), "not sent: no connection: refused");
    }
}
