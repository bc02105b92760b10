//! Certificate revocation lists, version 2 (RFC 5280 section 5): made, and read back.

use const_oid::ObjectIdentifier;
use der::asn1::{AnyRef, OctetString, UintRef};
use der::{Decode, Encode, Sequence, Tag};
use x509_cert::ext::pkix::AuthorityKeyIdentifier;
use x509_cert::time::Time;
use x509_parser::prelude::{CertificateRevocationList, FromDer};

use super::certificate::CertificateError;
use super::extensions;
use super::reason::{self, RevocationReason};
use super::serial::SerialNumber;
use super::signing::{self, IssuerIdentity};
use crate::key::signer::{Signer, SigningError};
use crate::name::distinguished_name::DistinguishedName;
use crate::verify::signature::{self, SignatureError};
use certroll_base::clock::Timestamp;

/// One revoked certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokedEntry {
    /// Its serial number.
    pub serial: SerialNumber,
    /// When it was revoked.
    pub revoked_at: Timestamp,
    /// Why.
    pub reason: RevocationReason,
}

/// A CRL to be signed.
#[derive(Clone, Debug)]
pub struct RevocationList {
    /// cRLNumber; strictly greater than the last one of this CA.
    pub number: u64,
    /// thisUpdate.
    pub this_update: Timestamp,
    /// nextUpdate.
    pub next_update: Timestamp,
    /// The revoked certificates.
    pub entries: Vec<RevokedEntry>,
}

const REASON_CODE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.21");
const CRL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.20");
const AUTHORITY_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.35");

#[derive(Sequence)]
struct CrlEntry<'a> {
    serial: UintRef<'a>,
    revocation_date: Time,
    #[asn1(optional = "true")]
    extensions: Option<AnyRef<'a>>,
}

#[derive(Sequence)]
struct TbsCertList<'a> {
    version: u8,
    signature: AnyRef<'a>,
    issuer: AnyRef<'a>,
    this_update: Time,
    next_update: Time,
    #[asn1(optional = "true")]
    revoked: Option<AnyRef<'a>>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    extensions: AnyRef<'a>,
}

impl RevocationList {
    /// Signs the list for the CA `issuer`; returns DER.
    ///
    /// # Errors
    /// The key refuses, or the list cannot be encoded.
    pub fn sign(&self, issuer: &IssuerIdentity, key: &dyn Signer) -> Result<Vec<u8>, SigningError> {
        let algorithm = signature::algorithm_identifier(issuer.key)?;
        let mut revoked = Vec::with_capacity(self.entries.len() * 48);
        for entry in &self.entries {
            encode_entry(entry, &mut revoked)?;
        }
        let mut fixed = Vec::new();
        if let Some(id) = &issuer.key_id {
            let id =
                AuthorityKeyIdentifier { key_identifier: Some(OctetString::new(id.as_slice())?), ..Default::default() };
            extensions::add_raw(&mut fixed, AUTHORITY_KEY_ID, false, id.to_der()?)?;
        }
        extensions::add_raw(&mut fixed, CRL_NUMBER, false, self.number.to_der()?)?;
        let fixed = AnyRef::new(Tag::Sequence, &fixed)?.to_der()?;
        let tbs = TbsCertList {
            version: 1, // v2
            signature: AnyRef::from_der(&algorithm)?,
            issuer: AnyRef::from_der(issuer.name.as_der())?,
            this_update: signing::time(self.this_update)?,
            next_update: signing::time(self.next_update)?,
            // An empty list is left out altogether (RFC 5280 section 5.1.2.6).
            revoked: (!revoked.is_empty()).then(|| AnyRef::new(Tag::Sequence, &revoked)).transpose()?,
            extensions: AnyRef::from_der(&fixed)?,
        };
        signing::signed(&tbs.to_der()?, &algorithm, key)
    }
}

fn encode_entry(entry: &RevokedEntry, out: &mut Vec<u8>) -> Result<(), der::Error> {
    let mut reason = Vec::new();
    // "unspecified" is said by leaving the extension out (RFC 5280 section 5.3.1).
    if entry.reason != RevocationReason::Unspecified {
        let code = AnyRef::new(Tag::Enumerated, &[entry.reason.code()])?.to_der()?;
        extensions::add_raw(&mut reason, REASON_CODE, false, code)?;
    }
    let encoded = CrlEntry {
        serial: UintRef::new(entry.serial.octets())?,
        revocation_date: signing::time(entry.revoked_at)?,
        extensions: (!reason.is_empty()).then(|| AnyRef::new(Tag::Sequence, &reason)).transpose()?,
    };
    encoded.encode_to_vec(out)?;
    Ok(())
}

/// A signed CRL.
#[derive(Clone, Debug)]
pub struct Crl {
    /// The exact bytes.
    pub der: Vec<u8>,
    /// Who signed it.
    pub issuer: DistinguishedName,
    /// cRLNumber, if present and of reasonable size.
    pub number: Option<u64>,
    /// cRLNumber in decimal, of any size: it may have 20 octets.
    pub number_text: Option<String>,
    /// thisUpdate.
    pub this_update: Timestamp,
    /// nextUpdate.
    pub next_update: Option<Timestamp>,
    /// Revoked serial numbers with time and the name of the reason.
    pub entries: Vec<(SerialNumber, Timestamp, String)>,
}

impl Crl {
    /// Reads one CRL in DER.
    ///
    /// # Errors
    /// The bytes are something else, or more.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        let (rest, parsed) = CertificateRevocationList::from_der(der).map_err(|_| CertificateError::Malformed)?;
        if !rest.is_empty() {
            return Err(CertificateError::Malformed);
        }
        let entry = |entry: &x509_parser::revocation_list::RevokedCertificate<'_>| {
            let reason = entry.reason_code().map_or("unspecified".to_owned(), |(_, code)| reason::name_of_code(code.0));
            let at = Timestamp::from_secs(entry.revocation_date.timestamp());
            (SerialNumber::from_octets(entry.raw_serial()), at, reason)
        };
        Ok(Self {
            der: der.to_vec(),
            issuer: DistinguishedName::from_der(parsed.issuer().as_raw())?,
            number: parsed.crl_number().and_then(|n| n.to_string().parse().ok()),
            number_text: parsed.crl_number().map(ToString::to_string),
            this_update: Timestamp::from_secs(parsed.last_update().timestamp()),
            next_update: parsed.next_update().map(|at| Timestamp::from_secs(at.timestamp())),
            entries: parsed.iter_revoked_certificates().map(entry).collect(),
        })
    }

    /// Checks the signature with the public key of `spki`.
    ///
    /// # Errors
    /// [`SignatureError`].
    pub fn verify(&self, spki: &[u8]) -> Result<(), SignatureError> {
        let (_, parsed) = CertificateRevocationList::from_der(&self.der).map_err(|_| SignatureError::Malformed)?;
        let algorithm = parsed.signature_algorithm.algorithm.to_id_string();
        signature::verify(spki, &algorithm, parsed.tbs_cert_list.as_ref(), &parsed.signature_value.data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::KeyPair;

    #[test]
    fn a_list_reads_back_and_verifies() {
        let key = KeyPair::generate("ec:p256".parse().unwrap()).unwrap();
        let name = DistinguishedName::parse("O=Example, CN=CA").unwrap();
        let issuer = IssuerIdentity { name: name.clone(), key_id: Some(vec![7; 20]), key: key.algorithm() };
        let at = Timestamp::from_secs(1_800_000_000);
        for count in [0, 1, 3] {
            let entry = |_| RevokedEntry {
                serial: SerialNumber::random(),
                revoked_at: at,
                reason: RevocationReason::KeyCompromise,
            };
            let list = RevocationList {
                number: 300,
                this_update: at,
                next_update: at.plus_secs(60),
                entries: (0..count).map(entry).collect(),
            };
            let crl = Crl::from_der(&list.sign(&issuer, &key).unwrap()).unwrap();
            assert_eq!((crl.number, &crl.issuer, crl.entries.len()), (Some(300), &name, count));
            assert!(crl.entries.iter().all(|(_, _, reason)| reason == "keyCompromise"));
            assert_eq!(crl.verify(key.spki()), Ok(()));
        }
    }
}
