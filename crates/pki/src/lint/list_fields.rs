//! What a CRL says, as it is encoded (RFC 5280 section 5.1).

use super::element::{Element, tag};
use super::fields::Extensions;
use super::oid;

/// A CRL as it is encoded.
pub(super) struct ListFields<'a> {
    /// AlgorithmIdentifier beside the signature.
    pub(super) algorithm: Element<'a>,
    pub(super) this_update: Element<'a>,
    pub(super) next_update: Option<Element<'a>>,
    pub(super) revoked: Option<Element<'a>>,
    pub(super) extensions: Extensions<'a>,
}

/// An entry.
pub(super) struct Entry<'a> {
    serial: &'a [u8],
    pub(super) time: Element<'a>,
    pub(super) extensions: Option<Element<'a>>,
}

impl<'a> Entry<'a> {
    fn read(entry: &Element<'a>) -> Option<Self> {
        let parts = entry.parts()?;
        let (serial, time) = (parts.first()?, parts.get(1)?);
        Some(Self { serial: serial.content, time: *time, extensions: parts.get(2).copied() })
    }

    pub(super) fn reason(&self) -> Option<u8> {
        let extensions = Extensions::read(&self.extensions?)?;
        let code = Element::only(extensions.value(oid::REASON_CODE)?)?;
        (code.tag == tag::ENUMERATED).then(|| code.content.last().copied()).flatten()
    }

    pub(super) fn serial_text(&self) -> String {
        certroll_base::encoding::hex(self.serial)
    }
}

impl<'a> ListFields<'a> {
    /// Of a CRL in DER; `None` for what does not have the shape of one.
    pub(super) fn read(der: &'a [u8]) -> Option<Self> {
        let outer = Element::sequence(der)?;
        let [signed, algorithm, _signature] = outer.as_slice() else { return None };
        let parts = signed.parts()?;
        let mut rest = parts.as_slice();
        if let [version, after @ ..] = rest
            && version.tag == tag::INTEGER
        {
            rest = after;
        }
        let [inner, issuer, this_update, rest @ ..] = rest else { return None };
        let is_time = |time: &Element<'_>| matches!(time.tag, tag::UTC_TIME | tag::GENERALIZED_TIME);
        if inner.tag != tag::SEQUENCE || issuer.tag != tag::SEQUENCE || !is_time(this_update) {
            return None;
        }
        let extensions = match rest.iter().find(|field| field.tag == tag::context_constructed(0)) {
            Some(wrapped) => Extensions::read(&Element::only(wrapped.content)?)?,
            None => Extensions::default(),
        };
        Some(Self {
            algorithm: *algorithm,
            this_update: *this_update,
            next_update: rest.first().filter(|field| is_time(field)).copied(),
            revoked: rest.iter().find(|field| field.tag == tag::SEQUENCE).copied(),
            extensions,
        })
    }

    pub(super) fn has_empty_row(&self) -> bool {
        self.revoked.is_some_and(|row| row.content.is_empty())
    }

    /// The entries that can be read, one after another: there may be millions.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'a>> {
        let mut rest = self.revoked.map(|row| row.content).unwrap_or_default();
        std::iter::from_fn(move || {
            let (entry, after) = Element::first(rest)?;
            rest = after;
            Some(entry)
        })
        .filter_map(|entry| Entry::read(&entry))
    }

    pub(super) fn has_entries(&self) -> bool {
        self.entries().next().is_some()
    }
}
