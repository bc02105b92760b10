//! A reason against a certificate.

use std::fmt;

/// One rule of one policy that a certificate breaks. Displayed as a statement:
/// `lifetime of 398 days is over the limit of 90 days`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Name of the policy.
    pub policy: String,
    /// The rule, as the policy's document spells it: `max_lifetime`.
    pub rule: &'static str,
    /// What was found.
    pub value: String,
    /// What the rule asks for.
    pub limit: String,
    statement: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.statement)
    }
}

/// What a rule finds, before it is known which rule of which policy it was.
#[derive(Debug)]
pub(super) struct Objection {
    value: String,
    limit: String,
    statement: String,
}

impl Objection {
    pub(super) fn new(value: impl Into<String>, limit: impl Into<String>, statement: impl Into<String>) -> Self {
        Self { value: value.into(), limit: limit.into(), statement: statement.into() }
    }

    pub(super) fn of(self, policy: &str, rule: &'static str) -> Refusal {
        Refusal { policy: policy.to_owned(), rule, value: self.value, limit: self.limit, statement: self.statement }
    }
}
