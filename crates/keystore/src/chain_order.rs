//! Which certificate issued which: the little of X.509 that putting keystore entries together needs.

use aws_lc_rs::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use x509_parser::extensions::ParsedExtension;
use x509_parser::oid_registry as oid;
use x509_parser::prelude::{FromDer, X509Certificate};

/// A certificate that has been parsed.
pub(super) struct Parsed<'a>(X509Certificate<'a>);

impl<'a> Parsed<'a> {
    /// `None` unless `der` is one certificate and nothing else.
    pub(super) fn of(der: &'a [u8]) -> Option<Self> {
        let (rest, certificate) = X509Certificate::from_der(der).ok()?;
        rest.is_empty().then_some(Self(certificate))
    }

    /// DER of its SubjectPublicKeyInfo.
    pub(super) fn spki(&self) -> &[u8] {
        self.0.public_key().raw
    }

    /// Its subject in the usual text form.
    pub(super) fn subject(&self) -> String {
        self.0.subject().to_string()
    }

    /// The first common name of its subject.
    pub(super) fn common_name(&self) -> Option<&str> {
        self.0.subject().iter_common_name().next()?.as_str().ok()
    }

    /// Whether issuer and subject are the same name, as in a root.
    fn is_self_issued(&self) -> bool {
        self.0.issuer().as_raw() == self.0.subject().as_raw()
    }

    /// Whether `issuer` issued this certificate: its name stands here as the issuer's, and its key verifies the signature.
    ///
    /// Names alone do not do: a CA with a new key keeps its name. Where the signature algorithm is unknown here (DSA,
    /// RSASSA-PSS), the key identifiers decide, and without them the name does.
    pub(super) fn is_issued_by(&self, issuer: &Parsed<'_>) -> bool {
        if self.0.issuer().as_raw() != issuer.0.subject().as_raw() {
            return false;
        }
        let key = issuer.0.public_key().subject_public_key.data.as_ref();
        match verification(self.0.signature_algorithm.oid(), key.len()) {
            Some(algorithm) => UnparsedPublicKey::new(algorithm, key)
                .verify(self.0.tbs_certificate.as_ref(), self.0.signature_value.data.as_ref())
                .is_ok(),
            None => match (self.authority_key(), issuer.subject_key()) {
                (Some(authority), Some(subject)) => authority == subject,
                _ => true,
            },
        }
    }

    fn authority_key(&self) -> Option<&[u8]> {
        self.0.extensions().iter().find_map(|extension| match extension.parsed_extension() {
            ParsedExtension::AuthorityKeyIdentifier(authority) => authority.key_identifier.as_ref().map(|id| id.0),
            _ => None,
        })
    }

    fn subject_key(&self) -> Option<&[u8]> {
        self.0.extensions().iter().find_map(|extension| match extension.parsed_extension() {
            ParsedExtension::SubjectKeyIdentifier(id) => Some(id.0),
            _ => None,
        })
    }
}

/// The chain from `leaf` upwards, as far as `all` holds the issuers, the root included. Indices into `all`.
pub(super) fn chain_of(leaf: usize, all: &[Parsed<'_>]) -> Vec<usize> {
    let mut chain = vec![leaf];
    let mut current = all.get(leaf);
    while let Some(certificate) = current.take().filter(|certificate| !certificate.is_self_issued()) {
        let issuer =
            all.iter().enumerate().find(|(index, other)| !chain.contains(index) && certificate.is_issued_by(other));
        if let Some((index, issuer)) = issuer {
            chain.push(index);
            current = Some(issuer);
        }
    }
    chain
}

/// The signature algorithm of that object identifier; for ECDSA the curve follows from the length of the issuer's point.
fn verification(algorithm: &oid::asn1_rs::Oid<'_>, key_len: usize) -> Option<&'static dyn VerificationAlgorithm> {
    const P256: usize = 65;
    const P384: usize = 97;
    const P521: usize = 133;
    let ecdsa_256 = *algorithm == oid::OID_SIG_ECDSA_WITH_SHA256;
    let ecdsa_384 = *algorithm == oid::OID_SIG_ECDSA_WITH_SHA384;
    let ecdsa_512 = *algorithm == oid::OID_SIG_ECDSA_WITH_SHA512;
    Some(match key_len {
        P256 if ecdsa_256 => &signature::ECDSA_P256_SHA256_ASN1,
        P256 if ecdsa_384 => &signature::ECDSA_P256_SHA384_ASN1,
        P384 if ecdsa_256 => &signature::ECDSA_P384_SHA256_ASN1,
        P384 if ecdsa_384 => &signature::ECDSA_P384_SHA384_ASN1,
        P521 if ecdsa_256 => &signature::ECDSA_P521_SHA256_ASN1,
        P521 if ecdsa_384 => &signature::ECDSA_P521_SHA384_ASN1,
        P521 if ecdsa_512 => &signature::ECDSA_P521_SHA512_ASN1,
        _ if *algorithm == oid::OID_SIG_ED25519 => &signature::ED25519,
        _ if *algorithm == oid::OID_PKCS1_SHA256WITHRSA => &signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
        _ if *algorithm == oid::OID_PKCS1_SHA384WITHRSA => &signature::RSA_PKCS1_2048_8192_SHA384,
        _ if *algorithm == oid::OID_PKCS1_SHA512WITHRSA => &signature::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
        _ if *algorithm == oid::OID_PKCS1_SHA1WITHRSA => &signature::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{self, Ca};

    #[test]
    fn a_re_keyed_authority_is_told_from_its_predecessor() {
        let (old, new) = (Ca::root("Corp CA"), Ca::root("Corp CA"));
        let leaf = samples::leaf(&new, "ec:p256").0;
        let ders = [leaf, old.der.clone(), new.der.clone()];
        let all: Vec<_> = ders.iter().map(|der| Parsed::of(der).unwrap()).collect();
        assert_eq!(chain_of(0, &all), [0, 2]);
    }

    #[test]
    fn a_chain_ends_at_the_root_or_where_the_issuer_is_missing() {
        let root = Ca::root("Root");
        let middle = Ca::under(&root, "Middle");
        let leaf = samples::leaf(&middle, "ed25519").0;
        let ders = [root.der.clone(), leaf, middle.der.clone()];
        let all: Vec<_> = ders.iter().map(|der| Parsed::of(der).unwrap()).collect();
        assert_eq!(chain_of(1, &all), [1, 2, 0]);
        assert_eq!(chain_of(0, &all[..2]), [0]);
        assert_eq!(chain_of(1, &all[..2]), [1]);
        assert!(Parsed::of(&[ders[0].as_slice(), b"x"].concat()).is_none());
    }
}
