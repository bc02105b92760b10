//! Which extensions a certificate carries (RFC 5280 section 4.2), and their encoding.

use std::fmt;
use std::str::FromStr;

use const_oid::{AssociatedOid, ObjectIdentifier};
use der::asn1::{BitString, Ia5String, Null, OctetString};
use der::flagset::FlagSet;
use der::{Decode, Encode};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::constraints::name::GeneralSubtree;
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName as EncodedName};
use x509_cert::ext::pkix::{
    AccessDescription, AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints as EncodedConstraints,
    CertificatePolicies, CrlDistributionPoints, ExtendedKeyUsage, KeyUsage as EncodedKeyUsage, KeyUsages,
    NameConstraints as EncodedNameConstraints, SubjectAltName, SubjectKeyIdentifier, certpolicy::PolicyInformation,
};

use crate::key::kind::PublicKeyKind;
use crate::name::general_name::GeneralName;
pub use crate::name::subtree::Subtree;

/// One bit of the keyUsage extension. Written as in RFC 5280: `digitalSignature`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyUsage {
    /// Signatures that authenticate, as in a TLS handshake.
    DigitalSignature,
    /// Signatures meant as evidence (contentCommitment).
    NonRepudiation,
    /// RSA key transport.
    KeyEncipherment,
    /// Encrypting data directly.
    DataEncipherment,
    /// Diffie-Hellman with a static key.
    KeyAgreement,
    /// Signing certificates.
    KeyCertSign,
    /// Signing CRLs.
    CrlSign,
}

const KEY_USAGES: &[(KeyUsage, &str, KeyUsages)] = &[
    (KeyUsage::DigitalSignature, "digitalSignature", KeyUsages::DigitalSignature),
    (KeyUsage::NonRepudiation, "nonRepudiation", KeyUsages::NonRepudiation),
    (KeyUsage::KeyEncipherment, "keyEncipherment", KeyUsages::KeyEncipherment),
    (KeyUsage::DataEncipherment, "dataEncipherment", KeyUsages::DataEncipherment),
    (KeyUsage::KeyAgreement, "keyAgreement", KeyUsages::KeyAgreement),
    (KeyUsage::KeyCertSign, "keyCertSign", KeyUsages::KeyCertSign),
    (KeyUsage::CrlSign, "cRLSign", KeyUsages::CRLSign),
];

/// A text that names no key usage, extended key usage or OID.
#[derive(Debug, thiserror::Error)]
#[error("unknown {kind} `{text}`")]
pub struct UnknownUsage {
    kind: &'static str,
    text: String,
}

impl fmt::Display for KeyUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(KEY_USAGES.iter().find(|(usage, ..)| usage == self).map_or("", |(_, name, _)| name))
    }
}

impl KeyUsage {
    /// Whether a key of that kind can serve it (RFC 3279 section 2.3, RFC 5480 section 3, RFC 8410 section 5).
    pub fn is_served_by(self, key: &PublicKeyKind) -> bool {
        match self {
            Self::KeyEncipherment | Self::DataEncipherment => key.is_rsa(),
            Self::KeyAgreement => key.is_elliptic(),
            _ => true,
        }
    }
}

impl FromStr for KeyUsage {
    type Err = UnknownUsage;

    fn from_str(text: &str) -> Result<Self, UnknownUsage> {
        let found = KEY_USAGES.iter().find(|(_, name, _)| name.eq_ignore_ascii_case(text));
        found.map(|(usage, ..)| *usage).ok_or_else(|| UnknownUsage { kind: "key usage", text: text.to_owned() })
    }
}

/// A purpose of the extKeyUsage extension: an OID with, mostly, a name (`serverAuth`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExtendedUsage(pub ObjectIdentifier);

const EXTENDED_USAGES: &[(&str, &str)] = &[
    ("anyExtendedKeyUsage", "2.5.29.37.0"),
    ("serverAuth", "1.3.6.1.5.5.7.3.1"),
    ("clientAuth", "1.3.6.1.5.5.7.3.2"),
    ("codeSigning", "1.3.6.1.5.5.7.3.3"),
    ("emailProtection", "1.3.6.1.5.5.7.3.4"),
    ("timeStamping", "1.3.6.1.5.5.7.3.8"),
    ("OCSPSigning", "1.3.6.1.5.5.7.3.9"),
    ("documentSigning", "1.3.6.1.5.5.7.3.36"),
];

impl fmt::Display for ExtendedUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dotted = self.0.to_string();
        f.write_str(EXTENDED_USAGES.iter().find(|(_, oid)| *oid == dotted).map_or(&dotted, |(name, _)| name))
    }
}

impl FromStr for ExtendedUsage {
    type Err = UnknownUsage;

    fn from_str(text: &str) -> Result<Self, UnknownUsage> {
        let dotted =
            EXTENDED_USAGES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map_or(text, |(_, oid)| oid);
        let oid = ObjectIdentifier::new(dotted);
        oid.map(Self).map_err(|_| UnknownUsage { kind: "extended key usage", text: text.to_owned() })
    }
}

/// A certificate policy: its OID, in dotted form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PolicyId(pub ObjectIdentifier);

impl FromStr for PolicyId {
    type Err = UnknownUsage;

    fn from_str(text: &str) -> Result<Self, UnknownUsage> {
        let oid = ObjectIdentifier::new(text);
        oid.map(Self).map_err(|_| UnknownUsage { kind: "certificate policy", text: text.to_owned() })
    }
}

/// The basicConstraints extension.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BasicConstraints {
    /// Left out: an end entity.
    #[default]
    Absent,
    /// Present and critical with `cA` false.
    EndEntity,
    /// A CA, with at most that many CAs below it.
    Ca {
        /// pathLenConstraint; no limit when `None`.
        path_length: Option<u8>,
    },
}

/// How the subjectKeyIdentifier is made (RFC 5280 section 4.2.1.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyIdMethod {
    /// SHA-1 of the public key, 20 octets.
    #[default]
    Sha1,
    /// `0100` and the low 60 bits of that SHA-1, 8 octets.
    Short,
    /// No subjectKeyIdentifier.
    Absent,
}

/// Everything about a certificate's extensions that does not differ from one subject to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExtensionProfile {
    /// CA or not.
    pub basic_constraints: BasicConstraints,
    /// Exactly these key usages, critical; none leaves the extension out.
    pub key_usage: Vec<KeyUsage>,
    /// Exactly these purposes; none leaves the extension out.
    pub extended_key_usage: Vec<ExtendedUsage>,
    /// Whether extKeyUsage is critical.
    pub extended_key_usage_critical: bool,
    /// subjectAltName critical; it always is under an empty subject, as RFC 5280 demands.
    pub subject_alt_name_critical: bool,
    /// How the subject key identifier is made.
    pub subject_key_id: KeyIdMethod,
    /// The subject key identifier of a CA that has one already: what it has signed names it, however it was made.
    pub own_key_id: Option<Vec<u8>>,
    /// certificatePolicies.
    pub policies: Vec<ObjectIdentifier>,
    /// Whether certificatePolicies is critical.
    pub policies_critical: bool,
    /// Permitted subtrees of nameConstraints (CA only).
    pub permitted: Vec<Subtree>,
    /// Excluded subtrees of nameConstraints (CA only).
    pub excluded: Vec<Subtree>,
    /// URIs of the CRL.
    pub crl_distribution_points: Vec<String>,
    /// URIs of OCSP responders.
    pub ocsp: Vec<String>,
    /// URIs of the issuer's certificate.
    pub ca_issuers: Vec<String>,
    /// id-pkix-ocsp-nocheck (RFC 6960 section 4.2.2.2.1).
    pub ocsp_no_check: bool,
}

const OCSP_NO_CHECK: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.5");
const ACCESS_OCSP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");
const ACCESS_CA_ISSUERS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.2");

impl ExtensionProfile {
    /// DER of the extensions that are the same for all subjects of this profile under one issuer, one after another.
    pub(crate) fn encode_fixed(&self, issuer_key_id: Option<&[u8]>) -> Result<Vec<u8>, der::Error> {
        let mut out = Vec::new();
        match self.basic_constraints {
            BasicConstraints::Absent => {}
            BasicConstraints::EndEntity => {
                add(&mut out, true, &EncodedConstraints { ca: false, path_len_constraint: None })?;
            }
            BasicConstraints::Ca { path_length } => {
                add(&mut out, true, &EncodedConstraints { ca: true, path_len_constraint: path_length })?;
            }
        }
        if !self.key_usage.is_empty() {
            let flags = |usage: &KeyUsage| KEY_USAGES.iter().find(|(u, ..)| u == usage).map(|(.., flag)| *flag);
            let bits = self.key_usage.iter().filter_map(flags).fold(FlagSet::default(), |all, one| all | one);
            add(&mut out, true, &EncodedKeyUsage(bits))?;
        }
        if !self.extended_key_usage.is_empty() {
            let purposes = self.extended_key_usage.iter().map(|usage| usage.0).collect();
            add(&mut out, self.extended_key_usage_critical, &ExtendedKeyUsage(purposes))?;
        }
        if let Some(id) = issuer_key_id {
            let key_identifier = Some(OctetString::new(id)?);
            add(&mut out, false, &AuthorityKeyIdentifier { key_identifier, ..Default::default() })?;
        }
        if !self.policies.is_empty() {
            let information =
                |oid: &ObjectIdentifier| PolicyInformation { policy_identifier: *oid, policy_qualifiers: None };
            add(
                &mut out,
                self.policies_critical,
                &CertificatePolicies(self.policies.iter().map(information).collect()),
            )?;
        }
        if !(self.permitted.is_empty() && self.excluded.is_empty()) {
            let constraints = EncodedNameConstraints {
                permitted_subtrees: subtrees(&self.permitted)?,
                excluded_subtrees: subtrees(&self.excluded)?,
            };
            add(&mut out, true, &constraints)?;
        }
        self.encode_pointers(&mut out)?;
        Ok(out)
    }

    /// CRL distribution points, authority information access, and the mark that needs neither.
    fn encode_pointers(&self, out: &mut Vec<u8>) -> Result<(), der::Error> {
        if !self.crl_distribution_points.is_empty() {
            let points = self.crl_distribution_points.iter().map(|uri| distribution_point(uri));
            add(out, false, &CrlDistributionPoints(points.collect::<Result<_, _>>()?))?;
        }
        let ocsp = self.ocsp.iter().map(|uri| (ACCESS_OCSP, uri));
        let issuers = self.ca_issuers.iter().map(|uri| (ACCESS_CA_ISSUERS, uri));
        let access = ocsp
            .chain(issuers)
            .map(|(access_method, uri)| Ok(AccessDescription { access_method, access_location: uri_name(uri)? }));
        let access = access.collect::<Result<Vec<_>, der::Error>>()?;
        if !access.is_empty() {
            add(out, false, &AuthorityInfoAccessSyntax(access))?;
        }
        if self.ocsp_no_check {
            add_raw(out, OCSP_NO_CHECK, false, Null.to_der()?)?;
        }
        Ok(())
    }

    /// DER of the extensions of one subject: its key identifier and its alternative names.
    pub(crate) fn encode_subject(
        &self,
        key_id: Option<&[u8]>,
        names: &[GeneralName],
        subject_is_empty: bool,
    ) -> Result<Vec<u8>, der::Error> {
        let mut out = Vec::with_capacity(128);
        if let Some(id) = key_id {
            add(&mut out, false, &SubjectKeyIdentifier(OctetString::new(id)?))?;
        }
        if !names.is_empty() {
            let critical = self.subject_alt_name_critical || subject_is_empty;
            add_raw(&mut out, SubjectAltName::OID, critical, GeneralName::encode_all(names)?)?;
        }
        Ok(out)
    }

    /// The subject key identifier for a key, by the method of this profile.
    pub(crate) fn key_id(&self, public_key: &[u8]) -> Option<Vec<u8>> {
        if self.own_key_id.is_some() {
            return self.own_key_id.clone();
        }
        match self.subject_key_id {
            KeyIdMethod::Absent => None,
            KeyIdMethod::Sha1 => Some(sha1(public_key).to_vec()),
            KeyIdMethod::Short => {
                let mut id = sha1(public_key)[12..].to_vec();
                id[0] = 0x40 | (id[0] & 0x0f);
                Some(id)
            }
        }
    }
}

fn sha1(bytes: &[u8]) -> [u8; 20] {
    use aws_lc_rs::digest;
    let mut out = [0; 20];
    out.copy_from_slice(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref());
    out
}

fn add<T: AssociatedOid + Encode>(out: &mut Vec<u8>, critical: bool, value: &T) -> Result<(), der::Error> {
    add_raw(out, T::OID, critical, value.to_der()?)
}

pub(crate) fn add_raw(
    out: &mut Vec<u8>,
    oid: ObjectIdentifier,
    critical: bool,
    value: Vec<u8>,
) -> Result<(), der::Error> {
    Extension { extn_id: oid, critical, extn_value: OctetString::new(value)? }.encode_to_vec(out)?;
    Ok(())
}

fn subtrees(list: &[Subtree]) -> Result<Option<Vec<GeneralSubtree>>, der::Error> {
    if list.is_empty() {
        return Ok(None);
    }
    let subtree = |one: &Subtree| Ok(GeneralSubtree { base: one.encode()?, minimum: 0, maximum: None });
    list.iter().map(subtree).collect::<Result<_, der::Error>>().map(Some)
}

fn uri_name(uri: &str) -> Result<EncodedName, der::Error> {
    Ok(EncodedName::UniformResourceIdentifier(Ia5String::new(uri)?))
}

fn distribution_point(uri: &str) -> Result<DistributionPoint, der::Error> {
    let name = DistributionPointName::FullName(vec![uri_name(uri)?]);
    Ok(DistributionPoint { distribution_point: Some(name), reasons: None, crl_issuer: None })
}

/// The bits of a key usage extension read elsewhere, as names.
pub(crate) fn key_usages_of(flags: u16) -> Vec<KeyUsage> {
    let all = [
        KeyUsage::DigitalSignature,
        KeyUsage::NonRepudiation,
        KeyUsage::KeyEncipherment,
        KeyUsage::DataEncipherment,
        KeyUsage::KeyAgreement,
        KeyUsage::KeyCertSign,
        KeyUsage::CrlSign,
    ];
    all.into_iter().enumerate().filter(|(bit, _)| flags & (1 << bit) != 0).map(|(_, usage)| usage).collect()
}

/// BIT STRING content without the count of unused bits, of a SubjectPublicKeyInfo: what key identifiers hash.
pub(crate) fn public_key_bits(spki: &[u8]) -> Result<Vec<u8>, der::Error> {
    let spki = spki::SubjectPublicKeyInfo::<der::asn1::Any, BitString>::from_der(spki)?;
    Ok(spki.subject_public_key.raw_bytes().to_vec())
}
