//! What one lint says of one object.

use std::borrow::Cow;
use std::fmt;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know.
    Notice,
    /// Against a SHOULD.
    Warning,
    /// Against a MUST.
    Error,
}

impl Severity {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The answer of a lint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It looks at something that is not there.
    NotApplicable,
    /// There is nothing to say against it.
    Passed,
    /// The rule is broken. The severity is that of the lint where none is given.
    Failed(Option<Severity>, Cow<'static, str>),
}

impl Verdict {
    /// Failed, in those words.
    pub(super) fn failed(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::Failed(None, detail.into())
    }

    /// Failed if `broken`.
    pub(super) fn unless(broken: bool, detail: &'static str) -> Self {
        if broken { Self::failed(detail) } else { Self::Passed }
    }

    /// Failed if something was found.
    pub(super) fn of(found: Option<impl Into<Cow<'static, str>>>) -> Self {
        found.map_or(Self::Passed, Self::failed)
    }

    /// Not applicable unless `applies`.
    pub(super) fn when(applies: bool, verdict: impl FnOnce() -> Self) -> Self {
        if applies { verdict() } else { Self::NotApplicable }
    }
}
