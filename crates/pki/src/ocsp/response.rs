//! OCSPResponse and BasicOCSPResponse (RFC 6960 section 4.2.1), read strictly.

use const_oid::ObjectIdentifier;
use der::asn1::{AnyRef, GeneralizedTime};
use der::{Decode, Encode, Tag, TagNumber, Tagged};

use super::cert_id::{CertId, HashAlgorithm};
use crate::admission::{boolean, elements};
use crate::name::distinguished_name::DistinguishedName;
use crate::verify::signature;
use crate::x509::certificate::Certificate;
use crate::x509::extensions::public_key_bits;
use certroll_base::clock::Timestamp;

/// id-pkix-ocsp-basic.
const BASIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.1");

/// Why octets are no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OcspError {
    /// The responder has refused to answer.
    #[error("the responder did not answer: {0}")]
    Unsuccessful(&'static str),
    /// They are no response in DER.
    #[error("it is no OCSP response: {0}")]
    Malformed(&'static str),
}

pub(super) fn malformed(why: &'static str) -> OcspError {
    OcspError::Malformed(why)
}

/// Who says that it has signed a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponderId {
    /// By its subject.
    Name(DistinguishedName),
    /// By SHA-1 of its public key.
    KeyHash(Vec<u8>),
}

impl ResponderId {
    /// Whether a certificate is its.
    pub fn is(&self, certificate: &Certificate) -> bool {
        match self {
            Self::Name(name) => name.is_same(&certificate.subject),
            Self::KeyHash(hash) => {
                public_key_bits(&certificate.spki).is_ok_and(|bits| HashAlgorithm::Sha1.hash(&bits) == *hash)
            }
        }
    }
}

/// What a responder says of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertStatus {
    /// It is not revoked.
    Good,
    /// It is.
    Revoked {
        /// Since when.
        at: Timestamp,
        /// CRLReason, where it is told.
        reason: Option<u8>,
    },
    /// The responder does not know it.
    Unknown,
}

/// The answer for one certificate.
#[derive(Clone, Debug)]
pub struct SingleResponse {
    /// The certificate.
    pub id: CertId,
    /// Its status.
    pub status: CertStatus,
    /// When this was known to be so.
    pub this_update: Timestamp,
    /// When there will be newer information; `None` says that there always is.
    pub next_update: Option<Timestamp>,
    /// A critical extension that is not known here, in dotted form: the answer is not used (section 4.4).
    pub unknown_critical: Option<String>,
}

/// A response whose signature has not been looked at.
#[derive(Clone, Debug)]
pub struct OcspResponse {
    /// Who says that it has signed it.
    pub responder: ResponderId,
    /// When it was signed.
    pub produced_at: Timestamp,
    /// The answers.
    pub responses: Vec<SingleResponse>,
    /// Certificates that help to verify it.
    pub certificates: Vec<Certificate>,
    /// As in [`SingleResponse`], for the whole.
    pub unknown_critical: Option<String>,
    signed: Vec<u8>,
    algorithm: String,
    signature: Vec<u8>,
}

const SHAPE: OcspError = OcspError::Malformed("it is not built as RFC 6960 section 4.2.1 has it");

/// The elements of a SEQUENCE.
fn sequence<'a>(value: AnyRef<'a>) -> Result<Vec<AnyRef<'a>>, OcspError> {
    value.tag().assert_eq(Tag::Sequence).map_err(|_| SHAPE)?;
    elements(value.value()).map_err(|_| SHAPE)
}

fn context(number: u32) -> Tag {
    Tag::ContextSpecific { constructed: true, number: TagNumber(number) }
}

/// What is in `[number] EXPLICIT`, if the next field is that.
fn explicit<'a>(fields: &mut &[AnyRef<'a>], number: u32) -> Result<Option<AnyRef<'a>>, OcspError> {
    match fields {
        [first, rest @ ..] if first.tag() == context(number) => {
            let inner = AnyRef::from_der(first.value()).map_err(|_| SHAPE)?;
            *fields = rest;
            Ok(Some(inner))
        }
        _ => Ok(None),
    }
}

fn time(value: AnyRef<'_>) -> Result<Timestamp, OcspError> {
    let time = value.decode_as::<GeneralizedTime>().map_err(|_| malformed("one of its times is malformed"))?;
    Ok(Timestamp::from_secs(i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)))
}

impl OcspResponse {
    /// Reads a response in DER.
    ///
    /// # Errors
    /// It is none, or the responder has refused to answer.
    pub fn from_der(der: &[u8]) -> Result<Self, OcspError> {
        let outer = AnyRef::from_der(der).map_err(|_| SHAPE)?;
        let outer = sequence(outer)?;
        let Some((status, mut rest)) = outer.split_first() else { return Err(SHAPE) };
        if status.tag() != Tag::Enumerated {
            return Err(SHAPE);
        }
        match status.value() {
            [0] => {}
            [code] => return Err(OcspError::Unsuccessful(refusal(*code))),
            _ => return Err(SHAPE),
        }
        let bytes = explicit(&mut rest, 0)?.ok_or(SHAPE)?;
        let [kind, response] = sequence(bytes)?[..] else { return Err(SHAPE) };
        if !rest.is_empty() || response.tag() != Tag::OctetString {
            return Err(SHAPE);
        }
        if kind.decode_as::<ObjectIdentifier>().ok() != Some(BASIC) {
            return Err(malformed("it is of another type than id-pkix-ocsp-basic"));
        }
        Self::basic(AnyRef::from_der(response.value()).map_err(|_| SHAPE)?)
    }

    fn basic(whole: AnyRef<'_>) -> Result<Self, OcspError> {
        let parts = sequence(whole)?;
        let [data, algorithm, bits, rest @ ..] = parts.as_slice() else { return Err(SHAPE) };
        let mut rest = rest;
        let certificates = match explicit(&mut rest, 0)? {
            Some(row) => sequence(row)?,
            None => Vec::new(),
        };
        if !rest.is_empty() {
            return Err(SHAPE);
        }
        let oid =
            sequence(*algorithm)?.first().and_then(|oid| oid.decode_as::<ObjectIdentifier>().ok()).ok_or(SHAPE)?;
        let signature =
            bits.decode_as::<der::asn1::BitStringRef<'_>>().ok().and_then(|bits| bits.as_bytes()).ok_or(SHAPE)?;
        let read = Self {
            signed: data.to_der().map_err(|_| SHAPE)?,
            algorithm: oid.to_string(),
            signature: signature.to_vec(),
            // One that cannot be read helps nobody.
            certificates: certificates
                .into_iter()
                .filter_map(|one| Certificate::from_der(&one.to_der().ok()?).ok())
                .collect(),
            ..Self::data(*data)?
        };
        Ok(read)
    }

    /// ResponseData.
    fn data(value: AnyRef<'_>) -> Result<Self, OcspError> {
        let fields = sequence(value)?;
        let mut rest = fields.as_slice();
        // Version 1, which DER leaves out; there is no other.
        if explicit(&mut rest, 0)?.is_some() {
            return Err(malformed("its version is none that RFC 6960 knows"));
        }
        let responder = if let Some(name) = explicit(&mut rest, 1)? {
            let der = name.to_der().map_err(|_| SHAPE)?;
            ResponderId::Name(
                DistinguishedName::from_der(&der).map_err(|_| malformed("its responder has a malformed name"))?,
            )
        } else {
            let hash = explicit(&mut rest, 2)?.filter(|hash| hash.tag() == Tag::OctetString).ok_or(SHAPE)?;
            ResponderId::KeyHash(hash.value().to_vec())
        };
        let [produced_at, responses, after @ ..] = rest else { return Err(SHAPE) };
        let mut after = after;
        let extensions = explicit(&mut after, 1)?;
        if !after.is_empty() {
            return Err(SHAPE);
        }
        Ok(Self {
            responder,
            produced_at: time(*produced_at)?,
            responses: sequence(*responses)?.into_iter().map(single).collect::<Result<_, _>>()?,
            certificates: Vec::new(),
            unknown_critical: extensions.map(unknown_critical).transpose()?.flatten(),
            signed: Vec::new(),
            algorithm: String::new(),
            signature: Vec::new(),
        })
    }

    /// Whether that key has signed it.
    pub(crate) fn is_signed_by(&self, spki: &[u8]) -> bool {
        signature::verify(spki, &self.algorithm, &self.signed, &self.signature).is_ok()
    }
}

/// OCSPResponseStatus.
fn refusal(code: u8) -> &'static str {
    match code {
        1 => "malformedRequest",
        2 => "internalError",
        3 => "tryLater",
        5 => "sigRequired",
        6 => "unauthorized",
        _ => "an unknown status",
    }
}

fn single(value: AnyRef<'_>) -> Result<SingleResponse, OcspError> {
    let fields = sequence(value)?;
    let [id, status, this_update, rest @ ..] = fields.as_slice() else { return Err(SHAPE) };
    let mut rest = rest;
    let next_update = explicit(&mut rest, 0)?.map(time).transpose()?;
    let extensions = explicit(&mut rest, 1)?;
    if !rest.is_empty() {
        return Err(SHAPE);
    }
    Ok(SingleResponse {
        id: CertId::read(*id)?,
        status: cert_status(*status)?,
        this_update: time(*this_update)?,
        next_update,
        unknown_critical: extensions.map(unknown_critical).transpose()?.flatten(),
    })
}

/// `[0] IMPLICIT NULL`, `[1] IMPLICIT RevokedInfo`, `[2] IMPLICIT UnknownInfo`, which is NULL.
fn cert_status(value: AnyRef<'_>) -> Result<CertStatus, OcspError> {
    let Tag::ContextSpecific { constructed, number: TagNumber(number) } = value.tag() else { return Err(SHAPE) };
    match (number, constructed) {
        (0, false) if value.value().is_empty() => Ok(CertStatus::Good),
        (2, false) if value.value().is_empty() => Ok(CertStatus::Unknown),
        (1, true) => {
            let fields = elements(value.value()).map_err(|_| SHAPE)?;
            let Some((at, mut rest)) = fields.split_first() else { return Err(SHAPE) };
            let reason = match explicit(&mut rest, 0)? {
                None => None,
                Some(code) if code.tag() == Tag::Enumerated && code.value().len() == 1 => code.value().first().copied(),
                Some(_) => return Err(SHAPE),
            };
            if !rest.is_empty() {
                return Err(SHAPE);
            }
            Ok(CertStatus::Revoked { at: time(*at)?, reason })
        }
        _ => Err(SHAPE),
    }
}

/// Extensions change nothing that is used here; one that is critical is not known.
fn unknown_critical(row: AnyRef<'_>) -> Result<Option<String>, OcspError> {
    let mut found = None;
    for extension in sequence(row)? {
        let fields = sequence(extension)?;
        let (oid, critical) = match fields.as_slice() {
            [oid, _value] => (oid, false),
            [oid, critical, _value] if critical.tag() == Tag::Boolean => (oid, boolean(critical.value()).ok_or(SHAPE)?),
            _ => return Err(SHAPE),
        };
        let oid = oid.decode_as::<ObjectIdentifier>().map_err(|_| SHAPE)?;
        if critical {
            found = Some(oid.to_string());
        }
    }
    Ok(found)
}
