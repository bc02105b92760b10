//! GeneralNames as they are encoded (RFC 5280 section 4.2.1.6).

use std::borrow::Cow;

use super::element::Element;

/// The names of an extension.
#[derive(Clone, Debug, Default)]
pub(super) struct GeneralNames<'a>(pub(super) Vec<Element<'a>>);

impl<'a> GeneralNames<'a> {
    /// The value of an extension; `None` for what is no row of names.
    pub(super) fn read(value: &'a [u8]) -> Option<Self> {
        Element::sequence(value).map(Self)
    }

    /// The octets of the names of one form.
    fn form(&self, number: u8) -> impl Iterator<Item = &'a [u8]> {
        self.0.iter().filter(move |name| name.context_number() == Some(number)).map(|name| name.content)
    }

    /// rfc822Name.
    pub(super) fn emails(&self) -> impl Iterator<Item = Cow<'a, str>> {
        self.form(1).map(String::from_utf8_lossy)
    }

    /// dNSName.
    pub(super) fn dns(&self) -> impl Iterator<Item = Cow<'a, str>> {
        self.form(2).map(String::from_utf8_lossy)
    }

    /// uniformResourceIdentifier.
    pub(super) fn uris(&self) -> impl Iterator<Item = Cow<'a, str>> {
        self.form(6).map(String::from_utf8_lossy)
    }

    /// iPAddress.
    pub(super) fn addresses(&self) -> impl Iterator<Item = &'a [u8]> {
        self.form(7)
    }
}
