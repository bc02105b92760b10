//! Certificates: read ones as a view that owns its bytes.

use crate::digest::Fingerprint;
use crate::digest::KeyHash;
use x509_parser::extensions::{DistributionPointName, ParsedExtension};
use x509_parser::prelude::{FromDer, X509Certificate};

use super::extensions::{self, ExtendedUsage, KeyUsage};
use super::serial::SerialNumber;
use super::validity::Validity;
use crate::name::distinguished_name::DistinguishedName;
use crate::name::general_name::{ForeignName, GeneralName};
use crate::name::name_constraints::Constraint;
use crate::name::name_error::NameError;
use crate::verify::signature::{self, SignatureError};
use certroll_base::clock::Timestamp;

const SUBJECT_ALT_NAME: &str = "2.5.29.17";

/// Why bytes are not a certificate.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// Not an X.509 certificate, or bytes follow it.
    #[error("not an X.509 certificate in DER")]
    Malformed,
    /// One of its names is malformed.
    #[error("the certificate has a malformed name")]
    Name(#[from] NameError),
}

/// A certificate as it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    /// The serial number.
    pub serial: SerialNumber,
    /// The subject; empty for many devices.
    pub subject: DistinguishedName,
    /// The issuer.
    pub issuer: DistinguishedName,
    /// When it is valid.
    pub validity: Validity,
    /// DER of the SubjectPublicKeyInfo.
    pub spki: Vec<u8>,
    /// The subject alternative names.
    pub names: Vec<GeneralName>,
    /// The key usages; empty when the extension is absent.
    pub key_usage: Vec<KeyUsage>,
    /// Whether there is a keyUsage extension; one that is there restricts the key even if it says nothing that is known.
    pub has_key_usage: bool,
    /// encipherOnly and decipherOnly, as far as keyUsage has them: no certificate is issued with them here.
    pub one_way_key_usage: Vec<&'static str>,
    /// The extended key usages; empty when the extension is absent.
    pub extended_key_usage: Vec<ExtendedUsage>,
    /// Whether basicConstraints say that it is a CA.
    pub is_ca: bool,
    /// pathLenConstraint.
    pub path_length: Option<u32>,
    /// Permitted subtrees of nameConstraints.
    pub permitted: Vec<Constraint>,
    /// Excluded subtrees of nameConstraints.
    pub excluded: Vec<Constraint>,
    /// subjectKeyIdentifier.
    pub subject_key_id: Option<Vec<u8>>,
    /// keyIdentifier of authorityKeyIdentifier.
    pub authority_key_id: Option<Vec<u8>>,
    /// URIs of cRLDistributionPoints.
    pub crl_distribution_points: Vec<String>,
    /// Dotted OIDs of critical extensions that are processed nowhere: a relying party must refuse it (RFC 5280 section
    /// 4.2).
    pub unknown_critical: Vec<String>,
    /// Dotted OID of the signature algorithm.
    pub signature_algorithm: String,
    signed: std::ops::Range<usize>,
    signature: Vec<u8>,
}

impl Certificate {
    /// Reads one certificate in DER; trailing bytes are an error.
    ///
    /// # Errors
    /// [`CertificateError`].
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        let (rest, parsed) = X509Certificate::from_der(der).map_err(|_| CertificateError::Malformed)?;
        if !rest.is_empty() {
            return Err(CertificateError::Malformed);
        }
        let tbs = &parsed.tbs_certificate;
        // The TBSCertificate is the first element of the outer SEQUENCE, so it starts right after that header.
        let start = der.len() - content_length(der).ok_or(CertificateError::Malformed)?;
        let mut certificate = Self {
            der: der.to_vec(),
            serial: SerialNumber::from_octets(tbs.raw_serial()),
            subject: DistinguishedName::from_der(tbs.subject.as_raw())?,
            issuer: DistinguishedName::from_der(tbs.issuer.as_raw())?,
            validity: Validity {
                not_before: Timestamp::from_secs(tbs.validity.not_before.timestamp()),
                not_after: Timestamp::from_secs(tbs.validity.not_after.timestamp()),
            },
            spki: tbs.subject_pki.raw.to_vec(),
            names: Vec::new(),
            key_usage: Vec::new(),
            has_key_usage: false,
            one_way_key_usage: Vec::new(),
            extended_key_usage: Vec::new(),
            is_ca: false,
            path_length: None,
            permitted: Vec::new(),
            excluded: Vec::new(),
            subject_key_id: None,
            authority_key_id: None,
            crl_distribution_points: Vec::new(),
            unknown_critical: Vec::new(),
            signature_algorithm: parsed.signature_algorithm.algorithm.to_id_string(),
            signed: start..start + tbs.as_ref().len(),
            signature: parsed.signature_value.data.to_vec(),
        };
        for extension in tbs.extensions() {
            certificate.take_extension(extension.parsed_extension());
            if extension.oid.to_id_string() == SUBJECT_ALT_NAME {
                // Read by our own reader: what it does not know is kept, and what it cannot read is told.
                certificate.names = GeneralName::decode_all(extension.value).unwrap_or_else(|_| {
                    let malformed = ForeignName::new(None, "subjectAltName", "the extension is malformed");
                    vec![GeneralName::Foreign(malformed)]
                });
            }
            if extension.critical && !is_known(extension.parsed_extension()) {
                certificate.unknown_critical.push(extension.oid.to_id_string());
            }
        }
        Ok(certificate)
    }

    fn take_extension(&mut self, extension: &ParsedExtension<'_>) {
        match extension {
            ParsedExtension::KeyUsage(usage) => {
                self.key_usage = extensions::key_usages_of(usage.flags);
                self.has_key_usage = true;
                let one_way = [(usage.encipher_only(), "encipherOnly"), (usage.decipher_only(), "decipherOnly")];
                self.one_way_key_usage = one_way.into_iter().filter(|(is, _)| *is).map(|(_, name)| name).collect();
            }
            ParsedExtension::ExtendedKeyUsage(usage) => self.extended_key_usage = extended_usages(usage),
            ParsedExtension::BasicConstraints(constraints) => {
                self.is_ca = constraints.ca;
                self.path_length = constraints.path_len_constraint;
            }
            ParsedExtension::NameConstraints(constraints) => {
                let read = |list: &Option<Vec<_>>| list.iter().flatten().map(Constraint::from_parsed).collect();
                self.permitted = read(&constraints.permitted_subtrees);
                self.excluded = read(&constraints.excluded_subtrees);
            }
            ParsedExtension::SubjectKeyIdentifier(id) => self.subject_key_id = Some(id.0.to_vec()),
            ParsedExtension::AuthorityKeyIdentifier(id) => {
                self.authority_key_id = id.key_identifier.as_ref().map(|id| id.0.to_vec());
            }
            ParsedExtension::CRLDistributionPoints(points) => {
                for point in points.iter() {
                    if let Some(DistributionPointName::FullName(names)) = &point.distribution_point {
                        self.crl_distribution_points.extend(names.iter().filter_map(|name| match name {
                            x509_parser::prelude::GeneralName::URI(uri) => Some((*uri).to_owned()),
                            _ => None,
                        }));
                    }
                }
            }
            _ => {}
        }
    }

    /// Where in [`Self::as_der`] the content of notBefore lies; `None` for one that is not a UTCTime to the second.
    pub(crate) fn not_before_place(&self) -> Option<std::ops::Range<usize>> {
        use der::asn1::AnyRef;
        use der::{Decode, Reader, SliceReader, Tagged};
        let tbs = AnyRef::from_der(self.der.get(self.signed.clone())?).ok()?;
        let mut reader = SliceReader::new(tbs.value()).ok()?;
        while !reader.is_finished() {
            let field = AnyRef::decode(&mut reader).ok()?;
            if field.value().get(..2) == Some(&[0x17, 13]) && field.tag() == der::Tag::Sequence {
                // Of what came before and the header of the first time.
                let end = usize::try_from(reader.position()).ok()?;
                let header = self.signed.end - tbs.value().len();
                let start = header + end - field.value().len() + 2;
                return Some(start..start + 13);
            }
        }
        None
    }

    /// The exact bytes.
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// SHA-256 of [`Self::as_der`].
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.der)
    }

    /// SHA-256 of the SubjectPublicKeyInfo.
    pub fn key_hash(&self) -> KeyHash {
        KeyHash::of(&self.spki)
    }

    /// Whether its extended key usages allow that purpose, `clientAuth`. Without the extension, and with anyExtendedKeyUsage, they
    /// allow every one (RFC 5280 section 4.2.1.12).
    pub fn allows(&self, purpose: &str) -> bool {
        let allowing = [purpose, "anyExtendedKeyUsage"].map(|name| name.parse().ok());
        let given = &self.extended_key_usage;
        given.is_empty() || given.iter().any(|usage| allowing.contains(&Some(*usage)))
    }

    /// Subject and issuer are the same, by the comparison of RFC 5280 section 7.1.
    pub fn is_self_issued(&self) -> bool {
        self.issuer.is_same(&self.subject)
    }

    /// The value of an extension, by its dotted OID.
    pub(crate) fn extension_value(&self, oid: &str) -> Option<Vec<u8>> {
        let (_, parsed) = X509Certificate::from_der(&self.der).ok()?;
        let found = parsed.extensions().iter().find(|extension| extension.oid.to_id_string() == oid)?;
        Some(found.value.to_vec())
    }

    /// Every key usage by its name, those too that are not issued here.
    pub fn key_usage_names(&self) -> Vec<String> {
        let known = self.key_usage.iter().map(ToString::to_string);
        known.chain(self.one_way_key_usage.iter().map(|name| (*name).to_owned())).collect()
    }

    /// The serial number in hexadecimal, with its sign where it is negative: a fault of its issuer (RFC 5280 section 4.1.2.2).
    pub fn serial_text(&self) -> String {
        let content = self.serial_content();
        if content.first().is_none_or(|first| *first < 0x80) {
            return self.serial.to_string();
        }
        let value = num_bigint::BigInt::from_signed_bytes_be(&content);
        let digits = value.magnitude().to_str_radix(16);
        format!("-{}{digits}", if digits.len() % 2 == 1 { "0" } else { "" })
    }

    /// The content of the INTEGER that is the serial number: unlike [`Self::serial`] with its sign.
    pub(crate) fn serial_content(&self) -> Vec<u8> {
        X509Certificate::from_der(&self.der).map(|(_, parsed)| parsed.raw_serial().to_vec()).unwrap_or_default()
    }

    /// Checks that `issuer` signed this certificate: names, key identifiers where both are there, and the signature.
    ///
    /// # Errors
    /// [`SignatureError`]; `Wrong` also when the names do not fit.
    pub fn verify_issued_by(&self, issuer: &Self) -> Result<(), SignatureError> {
        if !self.names_as_issuer(issuer) {
            return Err(SignatureError::Wrong);
        }
        self.verify_signature(&issuer.spki)
    }

    /// Whether it says that `issuer` has signed it: names, by the comparison of RFC 5280 section 7.1, and key identifiers where
    /// both are there.
    pub fn names_as_issuer(&self, issuer: &Self) -> bool {
        let ids_fit = match (&self.authority_key_id, &issuer.subject_key_id) {
            (Some(theirs), Some(own)) => theirs == own,
            _ => true,
        };
        ids_fit && self.issuer.is_same(&issuer.subject)
    }

    /// Checks the signature alone, with the public key of `spki`.
    ///
    /// # Errors
    /// [`SignatureError`].
    pub fn verify_signature(&self, spki: &[u8]) -> Result<(), SignatureError> {
        let signed = self.der.get(self.signed.clone()).ok_or(SignatureError::Malformed)?;
        signature::verify(spki, &self.signature_algorithm, signed, &self.signature)
    }

    /// The common name, else the first alternative name, else the serial number: how a person would call it.
    pub fn display_name(&self) -> String {
        let first_name = || self.names.first().map(ToString::to_string);
        self.subject.common_name().or_else(first_name).unwrap_or_else(|| self.serial.to_string())
    }
}

fn is_known(extension: &ParsedExtension<'_>) -> bool {
    matches!(
        extension,
        ParsedExtension::SubjectAlternativeName(_)
            | ParsedExtension::KeyUsage(_)
            | ParsedExtension::ExtendedKeyUsage(_)
            | ParsedExtension::BasicConstraints(_)
            | ParsedExtension::NameConstraints(_)
            | ParsedExtension::SubjectKeyIdentifier(_)
            | ParsedExtension::AuthorityKeyIdentifier(_)
            | ParsedExtension::CRLDistributionPoints(_)
            | ParsedExtension::CertificatePolicies(_)
            | ParsedExtension::PolicyMappings(_)
            | ParsedExtension::PolicyConstraints(_)
            | ParsedExtension::InhibitAnyPolicy(_)
            | ParsedExtension::AuthorityInfoAccess(_)
    )
}

/// Length of the content of the outermost element.
fn content_length(der: &[u8]) -> Option<usize> {
    use der::{Decode, SliceReader};
    let mut reader = SliceReader::new(der).ok()?;
    let header = der::Header::decode(&mut reader).ok()?;
    usize::try_from(header.length()).ok()
}

pub(crate) fn extended_usages(usage: &x509_parser::extensions::ExtendedKeyUsage<'_>) -> Vec<ExtendedUsage> {
    let named = [
        (usage.any, "2.5.29.37.0"),
        (usage.server_auth, "serverAuth"),
        (usage.client_auth, "clientAuth"),
        (usage.code_signing, "codeSigning"),
        (usage.email_protection, "emailProtection"),
        (usage.time_stamping, "timeStamping"),
        (usage.ocsp_signing, "OCSPSigning"),
    ];
    let others = usage.other.iter().map(|oid| oid.to_id_string());
    let known = named.into_iter().filter(|(set, _)| *set).map(|(_, name)| name.to_owned());
    known.chain(others).filter_map(|name| name.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, ExtendedKeyUsagePurpose as Purpose};

    use super::*;
    use crate::key::KeyPair;

    #[test]
    fn a_purpose_is_allowed_by_its_name_by_any_and_by_silence() {
        let key = KeyPair::generate("ec:p256".parse().unwrap()).unwrap();
        let allows = |purposes: &[Purpose]| {
            let mut params = CertificateParams::default();
            params.extended_key_usages = purposes.to_vec();
            Certificate::from_der(params.self_signed(&key).unwrap().der()).unwrap().allows("clientAuth")
        };
        assert!(allows(&[]) && allows(&[Purpose::Any]));
        assert!(allows(&[Purpose::ServerAuth, Purpose::ClientAuth]));
        assert!(!allows(&[Purpose::ServerAuth]) && !allows(&[Purpose::EmailProtection, Purpose::CodeSigning]));
    }
}
