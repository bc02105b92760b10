//! CRLs as found (RFC 5280 section 5), with what decides whom they speak of.
//!
//! The entries stay in the encoding: a list of fifty megabytes takes fifty, and a lookup walks over it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use const_oid::ObjectIdentifier;
use der::asn1::AnyRef;
use der::{Decode, Encode, Reader, SliceReader, Tag, Tagged};
use x509_cert::ext::pkix::AuthorityKeyIdentifier;
use x509_cert::ext::pkix::crl::IssuingDistributionPoint;
use x509_cert::time::Time;

use super::scope::ListScope;
use crate::admission::{self, boolean, elements};
use crate::digest::KeyHash;
use crate::name::distinguished_name::DistinguishedName;
use crate::verify::signature;
use crate::x509::certificate::CertificateError;
use crate::x509::reason;
use certroll_base::clock::Timestamp;

const CRL_NUMBER: &str = "2.5.29.20";
const REASON_CODE: &str = "2.5.29.21";
const INVALIDITY_DATE: &str = "2.5.29.24";
const DELTA_CRL_INDICATOR: &str = "2.5.29.27";
const ISSUING_DISTRIBUTION_POINT: &str = "2.5.29.28";
const CERTIFICATE_ISSUER: &str = "2.5.29.29";
const AUTHORITY_KEY_ID: &str = "2.5.29.35";

/// removeFromCRL: a delta CRL takes an entry back.
const REMOVE_FROM_CRL: u8 = 8;

/// A CRL that is not yet known to be anybody's.
#[derive(Clone, Debug)]
pub struct ForeignCrl {
    der: Vec<u8>,
    /// Who it says has signed it.
    pub issuer: DistinguishedName,
    /// thisUpdate.
    pub this_update: Timestamp,
    /// nextUpdate.
    pub next_update: Option<Timestamp>,
    /// cRLNumber, as the octets of a natural number without leading zeros.
    pub(super) number: Option<Vec<u8>>,
    /// baseCRLNumber: it is a delta CRL.
    pub(super) base_number: Option<Vec<u8>>,
    pub(super) scope: ListScope,
    /// DER of issuingDistributionPoint: two lists of one issuer with the same one have the same scope.
    pub(super) scope_der: Option<Vec<u8>>,
    pub(super) authority_key_id: Option<Vec<u8>>,
    /// Why nothing can be concluded from it, critical extensions that are not known here say.
    pub(super) unusable: Option<String>,
    entries: std::ops::Range<usize>,
}

/// What a list says of one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// It is revoked, since then, for that reason.
    Revoked(Timestamp, String),
    /// It was revoked, and is no longer.
    Removed,
}

impl ForeignCrl {
    /// Reads one CRL in DER. One that admission objects to is kept and marked: that it cannot be used is said when it is needed.
    ///
    /// # Errors
    /// The bytes are something else.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        read(der).map_err(|_| CertificateError::Malformed)?.ok_or(CertificateError::Malformed)
    }

    /// Whether it names the changes since another list alone.
    pub fn is_delta(&self) -> bool {
        self.base_number.is_some()
    }

    /// The last entry for a certificate by its serial number (content of its INTEGER) and its issuer.
    pub(super) fn entry(&self, serial: &[u8], issuer: &DistinguishedName) -> Option<Entry> {
        let mut found = None;
        let mut of_issuer = self.issuer.is_same(issuer);
        let serial = shortest(serial);
        let content = self.der.get(self.entries.clone())?;
        // It was walked through once, when it was read.
        let _ = walk(content, &mut |entry| {
            if let (true, Some(named)) = (self.scope.indirect, &entry.issuer) {
                of_issuer = named.iter().any(|name| name.is_same(issuer));
            }
            if of_issuer && shortest(entry.serial) == serial {
                found = Some(match entry.reason {
                    Some(REMOVE_FROM_CRL) => Entry::Removed,
                    code => Entry::Revoked(entry.at, reason::name_of_code(code.unwrap_or(0))),
                });
            }
        });
        found
    }

    fn verify(&self, spki: &[u8]) -> bool {
        let Ok([body, algorithm, bits]) = parts(&self.der) else { return false };
        let (Ok(body), Ok(bits)) = (body.to_der(), bits.decode_as::<der::asn1::BitString>()) else { return false };
        let oid = elements(algorithm.value()).ok().and_then(|fields| {
            fields.first().and_then(|oid| oid.decode_as::<ObjectIdentifier>().ok()).map(|oid| oid.to_string())
        });
        let (Some(oid), Some(bits)) = (oid, bits.as_bytes()) else { return false };
        signature::verify(spki, &oid, &body, bits).is_ok()
    }
}

/// CRLs at hand, each signature checked once for each key.
#[derive(Debug, Default)]
pub struct RevocationLists {
    lists: Vec<ForeignCrl>,
    verified: Mutex<HashMap<(usize, KeyHash), bool>>,
}

impl RevocationLists {
    /// Takes lists in any order.
    pub fn new(lists: Vec<ForeignCrl>) -> Self {
        Self { lists, verified: Mutex::default() }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    /// All of them.
    pub fn all(&self) -> &[ForeignCrl] {
        &self.lists
    }

    pub(super) fn is_signed_by(&self, index: usize, spki: &[u8]) -> bool {
        let mut verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        *verified
            .entry((index, KeyHash::of(spki)))
            .or_insert_with(|| self.lists.get(index).is_some_and(|list| list.verify(spki)))
    }
}

/// The content of an INTEGER without octets that only repeat its sign.
pub(super) fn shortest(integer: &[u8]) -> &[u8] {
    let mut rest = integer;
    while let [first, second, ..] = rest
        && (*first == 0 && *second < 0x80 || *first == 0xff && *second >= 0x80)
    {
        rest = &rest[1..];
    }
    rest
}

/// Whether one natural number is greater than another, both without leading zeros.
pub(super) fn exceeds(one: &[u8], other: &[u8]) -> bool {
    (one.len(), one) > (other.len(), other)
}

fn natural(value: &[u8]) -> Result<Vec<u8>, der::Error> {
    Ok(der::asn1::Uint::from_der(value)?.as_bytes().to_vec())
}

fn parts(der: &[u8]) -> Result<[AnyRef<'_>; 3], der::Error> {
    let outer = AnyRef::from_der(der)?;
    <[AnyRef<'_>; 3]>::try_from(elements(outer.value())?).map_err(|_| der::ErrorKind::Failed.into())
}

fn time(value: AnyRef<'_>) -> Result<Timestamp, der::Error> {
    let time = Time::from_der(&value.to_der()?)?;
    Ok(Timestamp::from_secs(i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)))
}

/// `None` when it is no CRL; whatever else is wrong with it is told by admission.
fn read(der: &[u8]) -> Result<Option<ForeignCrl>, der::Error> {
    let [body, _, _] = parts(der)?;
    let mut fields = elements(body.value())?.into_iter().peekable();
    fields.next_if(|field| field.tag() == Tag::Integer);
    let (Some(_), Some(issuer), Some(this_update)) = (fields.next(), fields.next(), fields.next()) else {
        return Ok(None);
    };
    let is_time = |field: &AnyRef<'_>| matches!(field.tag(), Tag::UtcTime | Tag::GeneralizedTime);
    let next_update = fields.next_if(is_time).map(time).transpose()?;
    let entries = fields.next_if(|field| field.tag() == Tag::Sequence);
    let Ok(issuer) = DistinguishedName::from_der(&issuer.to_der()?) else { return Ok(None) };
    let mut list = ForeignCrl {
        der: der.to_vec(),
        issuer,
        this_update: time(this_update)?,
        next_update,
        number: None,
        base_number: None,
        scope: ListScope::default(),
        scope_der: None,
        authority_key_id: None,
        unusable: admission::list(der).into_iter().next().map(|objection| objection.text),
        entries: 0..0,
    };
    if let Some(entries) = entries {
        // The content lies within `der`, of which `entries` is a borrowed part.
        let start = entries.value().as_ptr().addr().saturating_sub(der.as_ptr().addr());
        list.entries = start..start + entries.value().len();
        let mut critical = None;
        walk(entries.value(), &mut |entry| critical = critical.take().or(entry.unknown_critical))?;
        list.reject(critical);
    }
    if let Some(wrapped) = fields.next() {
        for one in
            elements(wrapped.value())?.first().map(|list| elements(list.value())).transpose()?.unwrap_or_default()
        {
            let extension = Extension::read(one)?;
            list.take(&extension)?;
        }
    }
    Ok(Some(list))
}

impl ForeignCrl {
    fn reject(&mut self, critical: Option<String>) {
        let why = critical.map(|oid| format!("has the critical extension {oid}, not known here"));
        self.unusable = self.unusable.take().or(why);
    }

    fn take(&mut self, extension: &Extension<'_>) -> Result<(), der::Error> {
        match extension.oid.as_str() {
            CRL_NUMBER => self.number = Some(natural(extension.value)?),
            DELTA_CRL_INDICATOR => self.base_number = Some(natural(extension.value)?),
            ISSUING_DISTRIBUTION_POINT => {
                self.scope_der = Some(extension.value.to_vec());
                let point = IssuingDistributionPoint::from_der(extension.value)?;
                self.scope = ListScope::of(&point, &self.issuer)?;
            }
            AUTHORITY_KEY_ID => {
                let id = AuthorityKeyIdentifier::from_der(extension.value)?;
                self.authority_key_id = id.key_identifier.map(|id| id.as_bytes().to_vec());
            }
            _ if extension.critical => self.reject(Some(extension.oid.clone())),
            _ => {}
        }
        Ok(())
    }
}

struct Extension<'a> {
    oid: String,
    critical: bool,
    value: &'a [u8],
}

impl<'a> Extension<'a> {
    fn read(any: AnyRef<'a>) -> Result<Self, der::Error> {
        let fields = elements(any.value())?;
        let (oid, critical, value) = match fields.as_slice() {
            [oid, value] => (oid, false, value),
            [oid, critical, value] => (oid, boolean(critical.value()).unwrap_or(true), value),
            _ => return Err(der::ErrorKind::Failed.into()),
        };
        value.tag().assert_eq(Tag::OctetString)?;
        Ok(Self { oid: oid.decode_as::<ObjectIdentifier>()?.to_string(), critical, value: value.value() })
    }
}

struct FoundEntry<'a> {
    serial: &'a [u8],
    at: Timestamp,
    reason: Option<u8>,
    /// certificateIssuer: from here on, entries are of certificates by this issuer.
    issuer: Option<Vec<DistinguishedName>>,
    unknown_critical: Option<String>,
}

/// Visits the entries in order.
fn walk(content: &[u8], visit: &mut dyn FnMut(FoundEntry<'_>)) -> Result<(), der::Error> {
    let mut reader = SliceReader::new(content)?;
    while !reader.is_finished() {
        let entry = AnyRef::decode(&mut reader)?;
        let mut fields = SliceReader::new(entry.value())?;
        let serial = AnyRef::decode(&mut fields)?;
        serial.tag().assert_eq(Tag::Integer)?;
        let at = time(AnyRef::decode(&mut fields)?)?;
        let mut found = FoundEntry { serial: serial.value(), at, reason: None, issuer: None, unknown_critical: None };
        if !fields.is_finished() {
            for one in elements(AnyRef::decode(&mut fields)?.value())? {
                take_entry_extension(&Extension::read(one)?, &mut found)?;
            }
        }
        visit(found);
    }
    Ok(())
}

fn take_entry_extension(extension: &Extension<'_>, found: &mut FoundEntry<'_>) -> Result<(), der::Error> {
    match extension.oid.as_str() {
        REASON_CODE => {
            let code = AnyRef::from_der(extension.value)?;
            code.tag().assert_eq(Tag::Enumerated)?;
            found.reason = Some(match code.value() {
                [code] => *code,
                _ => u8::MAX,
            });
        }
        CERTIFICATE_ISSUER => found.issuer = Some(super::scope::directory_names(extension.value)?),
        INVALIDITY_DATE => {}
        oid if extension.critical => found.unknown_critical = Some(oid.to_owned()),
        _ => {}
    }
    Ok(())
}
