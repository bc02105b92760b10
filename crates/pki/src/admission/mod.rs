//! Strict reading of what others made: everything in a certificate or CRL that X.690 and RFC 5280 forbid and that parsers let
//! pass in different ways. Two readers that take such bytes differently disagree about what was signed, so nothing is built
//! on them.
//!
//! What is only bad practice of the issuer (a serial number that is too long, a key identifier that is missing) is no
//! objection: that is for a linter.

mod element;
mod extension;
mod names;
mod structure;

pub(crate) use element::{boolean, elements};
pub use structure::{NO_CERTIFICATE, anchor, certificate, list};

/// One thing for which the bytes are refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// Where it is forbidden: `RFC 5280 4.2`.
    pub clause: &'static str,
    /// In words, without a subject: `the extension 2.5.29.15 is there twice`.
    pub text: String,
}

impl Objection {
    fn new(clause: &'static str, text: impl Into<String>) -> Self {
        Self { clause, text: text.into() }
    }
}
