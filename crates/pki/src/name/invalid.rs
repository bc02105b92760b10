//! Why a text or some octets are no name of their kind.

use certroll_base::text::printable;

/// A text that is no name of its kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {kind}: {why}")]
pub struct InvalidName {
    /// With article: `a DNS name`.
    kind: &'static str,
    /// What was read, safe for a terminal.
    text: String,
    why: String,
}

/// Of a text at fault no more than this is repeated.
const SHOWN: usize = 100;

impl InvalidName {
    pub(crate) fn new(kind: &'static str, text: &str, why: impl Into<String>) -> Self {
        let mut shown: String = text.chars().take(SHOWN).collect();
        if shown.len() < text.len() {
            shown.push_str("...");
        }
        Self { kind, text: printable(&shown).into_owned(), why: why.into() }
    }

    /// The reason alone.
    pub fn why(&self) -> &str {
        &self.why
    }
}
