//! What one lint says of one object.

use std::borrow::Cow;

use super::Severity;

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
