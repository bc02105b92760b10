//! Signature algorithms: their identifiers, and verification of what others signed.

use aws_lc_rs::signature::{self as lc, UnparsedPublicKey, VerificationAlgorithm};
use const_oid::ObjectIdentifier;
use der::asn1::{Any, BitString};
use der::{Decode, Encode, Tag};
use spki::{AlgorithmIdentifier, SubjectPublicKeyInfo};

use crate::key::KeyAlgorithm;

/// Why a signature was not accepted.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SignatureError {
    /// The signature does not match message and key.
    #[error("the signature does not verify")]
    Wrong,
    /// An algorithm that certroll does not verify.
    #[error("signature algorithm {0} is not accepted (RSA with SHA-256/384/512, ECDSA on P-256/384/521, Ed25519 are)")]
    Unsupported(String),
    /// The public key or the algorithm identifier is malformed.
    #[error("the public key or the algorithm identifier is malformed")]
    Malformed,
}

pub(crate) const RSA_SHA256: &str = "1.2.840.113549.1.1.11";
pub(crate) const RSA_SHA384: &str = "1.2.840.113549.1.1.12";
pub(crate) const RSA_SHA512: &str = "1.2.840.113549.1.1.13";
pub(crate) const ECDSA_SHA256: &str = "1.2.840.10045.4.3.2";
pub(crate) const ECDSA_SHA384: &str = "1.2.840.10045.4.3.3";
pub(crate) const ECDSA_SHA512: &str = "1.2.840.10045.4.3.4";
pub(crate) const ED25519: &str = "1.3.101.112";
const CURVE_P256: &str = "1.2.840.10045.3.1.7";
const CURVE_P384: &str = "1.3.132.0.34";
const CURVE_P521: &str = "1.3.132.0.35";

/// DER of the AlgorithmIdentifier that goes with signatures of such a key (RFC 4055, 5758, 8410).
pub fn algorithm_identifier(key: KeyAlgorithm) -> Result<Vec<u8>, der::Error> {
    let parameters = matches!(key, KeyAlgorithm::Rsa(_)).then(Any::null);
    AlgorithmIdentifier::<Any> { oid: ObjectIdentifier::new_unwrap(algorithm_of(key)), parameters }.to_der()
}

/// Dotted OID of the signature algorithm that goes with such a key.
pub fn algorithm_of(key: KeyAlgorithm) -> &'static str {
    match key {
        KeyAlgorithm::Rsa(_) => RSA_SHA256,
        KeyAlgorithm::EcP256 => ECDSA_SHA256,
        KeyAlgorithm::EcP384 => ECDSA_SHA384,
        KeyAlgorithm::EcP521 => ECDSA_SHA512,
        KeyAlgorithm::Ed25519 => ED25519,
    }
}

/// The names that Java's `Signature` has for the algorithms that we verify, with their dotted OIDs.
pub const JAVA_NAMES: &[(&str, &str)] = &[
    ("SHA256withRSA", RSA_SHA256),
    ("SHA384withRSA", RSA_SHA384),
    ("SHA512withRSA", RSA_SHA512),
    ("SHA256withECDSA", ECDSA_SHA256),
    ("SHA384withECDSA", ECDSA_SHA384),
    ("SHA512withECDSA", ECDSA_SHA512),
    ("Ed25519", ED25519),
];

/// The usual name of a signature algorithm, or its dotted OID.
pub fn algorithm_name(oid: &str) -> &str {
    match oid {
        RSA_SHA256 => "sha256WithRSAEncryption",
        RSA_SHA384 => "sha384WithRSAEncryption",
        RSA_SHA512 => "sha512WithRSAEncryption",
        ECDSA_SHA256 => "ecdsa-with-SHA256",
        ECDSA_SHA384 => "ecdsa-with-SHA384",
        ECDSA_SHA512 => "ecdsa-with-SHA512",
        ED25519 => "Ed25519",
        "1.2.840.113549.1.1.5" => "sha1WithRSAEncryption",
        "1.2.840.113549.1.1.10" => "RSASSA-PSS",
        "1.2.840.113549.1.1.4" => "md5WithRSAEncryption",
        "1.2.840.10045.4.1" => "ecdsa-with-SHA1",
        "2.16.840.1.101.3.4.3.2" => "dsa-with-SHA256",
        "1.3.101.113" => "Ed448",
        other => other,
    }
}

/// Checks `signature` over `message` by the key of `spki`; `algorithm` is the dotted OID of the signature algorithm.
///
/// # Errors
/// [`SignatureError`]; SHA-1 and MD5 are never accepted.
pub fn verify(spki: &[u8], algorithm: &str, message: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
    let key = SubjectPublicKeyInfo::<Any, BitString>::from_der(spki).map_err(|_| SignatureError::Malformed)?;
    let verifier: &'static dyn VerificationAlgorithm = match (algorithm, curve(&key).as_deref()) {
        (RSA_SHA256, None) => &lc::RSA_PKCS1_2048_8192_SHA256,
        (RSA_SHA384, None) => &lc::RSA_PKCS1_2048_8192_SHA384,
        (RSA_SHA512, None) => &lc::RSA_PKCS1_2048_8192_SHA512,
        (ECDSA_SHA256, Some(CURVE_P256)) => &lc::ECDSA_P256_SHA256_ASN1,
        (ECDSA_SHA384, Some(CURVE_P256)) => &lc::ECDSA_P256_SHA384_ASN1,
        (ECDSA_SHA512, Some(CURVE_P256)) => &lc::ECDSA_P256_SHA512_ASN1,
        (ECDSA_SHA256, Some(CURVE_P384)) => &lc::ECDSA_P384_SHA256_ASN1,
        (ECDSA_SHA384, Some(CURVE_P384)) => &lc::ECDSA_P384_SHA384_ASN1,
        (ECDSA_SHA512, Some(CURVE_P384)) => &lc::ECDSA_P384_SHA512_ASN1,
        (ECDSA_SHA256, Some(CURVE_P521)) => &lc::ECDSA_P521_SHA256_ASN1,
        (ECDSA_SHA384, Some(CURVE_P521)) => &lc::ECDSA_P521_SHA384_ASN1,
        (ECDSA_SHA512, Some(CURVE_P521)) => &lc::ECDSA_P521_SHA512_ASN1,
        (ED25519, None) => &lc::ED25519,
        _ => return Err(SignatureError::Unsupported(algorithm_name(algorithm).to_owned())),
    };
    let public = key.subject_public_key.as_bytes().ok_or(SignatureError::Malformed)?;
    UnparsedPublicKey::new(verifier, public).verify(message, signature).map_err(|_| SignatureError::Wrong)
}

fn curve(key: &SubjectPublicKeyInfo<Any, BitString>) -> Option<String> {
    use der::Tagged;
    let parameters = key.algorithm.parameters.as_ref()?;
    if parameters.tag() != Tag::ObjectIdentifier {
        return None;
    }
    parameters.decode_as::<ObjectIdentifier>().ok().map(|oid| oid.to_string())
}

/// What kind of key a SubjectPublicKeyInfo holds, in [`KeyAlgorithm`]'s spelling where it has one: `rsa:3072`.
pub fn key_description(spki: &[u8]) -> String {
    let Ok(key) = SubjectPublicKeyInfo::<Any, BitString>::from_der(spki) else { return "unreadable".to_owned() };
    match (key.algorithm.oid.to_string().as_str(), curve(&key).as_deref()) {
        ("1.2.840.113549.1.1.1", _) => match rsa_bits(key.subject_public_key.raw_bytes()) {
            Some(bits) => format!("rsa:{bits}"),
            None => "rsa".to_owned(),
        },
        (_, Some(CURVE_P256)) => "ec:p256".to_owned(),
        (_, Some(CURVE_P384)) => "ec:p384".to_owned(),
        (_, Some(CURVE_P521)) => "ec:p521".to_owned(),
        (_, Some(other)) => format!("ec:{}", curve_name(other)),
        // Explicit parameters, which RFC 5480 forbids and old cards write.
        ("1.2.840.10045.2.1", None) => "ec:explicit".to_owned(),
        (ED25519, None) => "ed25519".to_owned(),
        ("1.3.101.113", None) => "ed448".to_owned(),
        ("1.3.101.110", None) => "x25519".to_owned(),
        ("1.2.840.10040.4.1", None) => "dsa".to_owned(),
        ("1.2.840.113549.1.1.10", None) => "rsa-pss".to_owned(),
        (other, None) => other.to_owned(),
    }
}

/// The usual name of a curve that is not one of ours, or its dotted OID.
fn curve_name(oid: &str) -> &str {
    match oid {
        "1.2.840.10045.3.1.1" => "p192",
        "1.3.132.0.33" => "p224",
        "1.3.132.0.10" => "secp256k1",
        "1.3.36.3.3.2.8.1.1.7" => "brainpoolP256r1",
        "1.3.36.3.3.2.8.1.1.11" => "brainpoolP384r1",
        "1.3.36.3.3.2.8.1.1.13" => "brainpoolP512r1",
        other => other,
    }
}

/// Size of the modulus in `RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }`.
fn rsa_bits(public_key: &[u8]) -> Option<u64> {
    let numbers = Vec::<der::asn1::Uint>::from_der(public_key).ok()?;
    let modulus = numbers.first()?.as_bytes();
    let octets = u64::try_from(modulus.len()).ok()?;
    Some(octets * 8 - u64::from(modulus.first()?.leading_zeros()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::KeyPair;

    #[test]
    fn what_we_sign_verifies_and_nothing_else() {
        for (name, algorithm) in [
            ("rsa:2048", RSA_SHA256),
            ("ec:p256", ECDSA_SHA256),
            ("ec:p384", ECDSA_SHA384),
            ("ec:p521", ECDSA_SHA512),
            ("ed25519", ED25519),
        ] {
            let key = KeyPair::generate(name.parse().unwrap()).unwrap();
            let signature = key.sign(b"message").unwrap();
            assert_eq!(verify(key.spki(), algorithm, b"message", &signature), Ok(()), "{name}");
            assert_eq!(verify(key.spki(), algorithm, b"Message", &signature), Err(SignatureError::Wrong));
            assert_eq!(key_description(key.spki()), name);
        }
    }

    #[test]
    fn sha1_is_not_accepted() {
        let key = KeyPair::generate(KeyAlgorithm::Rsa(2048)).unwrap();
        let refused = verify(key.spki(), "1.2.840.113549.1.1.5", b"m", &[0; 256]);
        assert_eq!(refused, Err(SignatureError::Unsupported("sha1WithRSAEncryption".into())));
    }
}
