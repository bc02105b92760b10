//! A rule of a table.

use std::borrow::Cow;
use std::fmt;

use super::fields::Fields;
use super::general_names::GeneralNames;
use super::list_fields::ListFields;
use super::verdict::{Severity, Verdict};
use certroll_base::clock::Timestamp;

/// From when on a rule holds, and before when, in seconds since 1970: by the beginning of the validity, or thisUpdate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Since(pub(super) i64, pub(super) i64);

impl Since {
    pub(super) const EVER: Self = Self::from(i64::MIN);
    pub(super) const RFC2459: Self = Self::from(915_148_800);
    pub(super) const RFC3280: Self = Self::from(1_017_619_200);
    pub(super) const RFC3490: Self = Self::from(1_046_476_800);
    pub(super) const RFC5280: Self = Self::from(1_209_600_000);
    pub(super) const RFC6818: Self = Self::from(1_356_998_400);

    pub(super) const fn from(first: i64) -> Self {
        Self(first, i64::MAX)
    }

    pub(super) fn binds(self, issued: Option<Timestamp>) -> bool {
        issued.is_none_or(|issued| (self.0..self.1).contains(&issued.secs()))
    }
}

/// How a lint comes to its verdict.
pub(super) enum Check {
    /// Over a certificate.
    Certificate(fn(&Fields<'_>) -> Verdict),
    /// Over the names of an extension: what is wrong with them.
    Names(&'static [u8], fn(&GeneralNames<'_>) -> Option<Cow<'static, str>>),
    /// An extension, where it is there, is to be critical, or not.
    Critical(&'static [u8], bool),
    /// An attribute of the subject has at most so many characters.
    Longest(&'static [u8], usize),
    /// Over a CRL.
    List(fn(&ListFields<'_>) -> Verdict),
    /// What [`crate::admission`] objects to.
    Admission,
}

/// One rule.
pub struct Lint {
    /// Its stable name: `e_` for an error, `w_` for a warning, `n_` for a notice.
    pub id: &'static str,
    /// Where the rule stands: `RFC 5280 4.2.1.6`.
    pub clause: &'static str,
    /// The field that it is about, as ASN.1 calls it.
    pub field: &'static str,
    /// What is to hold.
    pub rule: &'static str,
    pub(super) since: Since,
    pub(super) check: Check,
}

impl fmt::Debug for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

impl Lint {
    pub(super) const fn new(
        id: &'static str,
        (clause, field, since): (&'static str, &'static str, Since),
        rule: &'static str,
        check: Check,
    ) -> Self {
        Self { id, clause, field, rule, since, check }
    }

    /// By the first letter of its name.
    pub const fn severity(&self) -> Severity {
        match self.id.as_bytes().first() {
            Some(b'e') => Severity::Error,
            Some(b'w') => Severity::Warning,
            _ => Severity::Notice,
        }
    }
}
