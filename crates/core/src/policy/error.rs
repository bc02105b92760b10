//! Why a document is no policy.

use certroll_pki::name::general_name::InvalidName;
use certroll_pki::x509::extensions::UnknownUsage;
use certroll_pki::x509::validity::InvalidDuration;

/// A document that is no policy.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// Not TOML, or a key is unknown, missing or of the wrong type.
    #[error("`{file}`, line {line}: {message}")]
    Document {
        /// Where the text came from.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong and what was expected.
        message: String,
    },
    /// A field that cannot be used.
    #[error("`{file}`: field `{field}` cannot be used")]
    Field {
        /// Where the text came from.
        file: String,
        /// Path of the field, `rules[0].max_lifetime`; blocks of rules count from 0.
        field: String,
        /// Why.
        #[source]
        problem: PolicyProblem,
    },
}

/// What is wrong with one field.
#[derive(Debug, thiserror::Error)]
pub enum PolicyProblem {
    /// Not a duration.
    #[error(transparent)]
    Duration(#[from] InvalidDuration),
    /// Not a key usage or extended key usage.
    #[error(transparent)]
    Usage(#[from] UnknownUsage),
    /// Not a DNS name.
    #[error(transparent)]
    Name(#[from] InvalidName),
    /// A rule that the field breaks.
    #[error("{0}")]
    Rule(&'static str),
    /// A value of the wrong form.
    #[error("expected {expected}, found `{found}`")]
    Form {
        /// What was expected.
        expected: &'static str,
        /// What was found.
        found: String,
    },
}

impl PolicyProblem {
    pub(super) fn form(expected: &'static str, found: &str) -> Self {
        Self::Form { expected, found: found.to_owned() }
    }
}
