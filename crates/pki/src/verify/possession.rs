//! Whether the key in a certificate request signed it (RFC 2986 section 3): proof that the requester holds the private key.
//!
//! A key that certroll would never certify can sign its request all the same, and calling that a forgery would be wrong.
//! So RSA is checked here for sizes, exponents and hashes, too, that [`signature::verify`] does not take.

use aws_lc_rs::{digest, signature as lc};
use der::asn1::{Any, BitString, UintRef};
use der::{Decode, Tagged};
use num_bigint::BigUint;
use spki::SubjectPublicKeyInfo;

use super::signature::{self, SignatureError};

const SHA1_RSA: &str = "1.2.840.113549.1.1.5";
const SECP256K1: &str = "1.3.132.0.10";

/// What was found about a request's signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Possession {
    /// Its key signed it, by an algorithm that is accepted.
    Proved,
    /// Its key signed it, or perhaps so; the algorithm is not accepted. Why, in words.
    NotAccepted(String),
}

/// Checks the signature of a request with its own public key.
///
/// # Errors
/// [`SignatureError::Wrong`] when that key did not sign it; `Malformed` when there is no key to speak of.
pub(crate) fn check(
    spki: &[u8],
    algorithm: &str,
    message: &[u8],
    signature: &[u8],
) -> Result<Possession, SignatureError> {
    match signature::verify(spki, algorithm, message, signature) {
        Ok(()) => Ok(Possession::Proved),
        Err(SignatureError::Wrong) if rsa_signed(spki, algorithm, message, signature) => Ok(Possession::Proved),
        Err(SignatureError::Unsupported(name)) => {
            let known = algorithm == SHA1_RSA || algorithm == signature::ECDSA_SHA256;
            if known && !other_signed(spki, algorithm, message, signature) {
                return Err(SignatureError::Wrong);
            }
            let key = signature::key_description(spki);
            let why = match algorithm {
                SHA1_RSA => format!("it is signed with {name}, and SHA-1 proves nothing any more"),
                _ => format!("it is signed with {name} by a key of kind {key}, which is not accepted"),
            };
            Ok(Possession::NotAccepted(why))
        }
        Err(error) => Err(error),
    }
}

/// Whether a key signed that certroll does not take; `true` where this cannot be found out.
fn other_signed(spki: &[u8], algorithm: &str, message: &[u8], signature: &[u8]) -> bool {
    let Ok(key) = SubjectPublicKeyInfo::<Any, BitString>::from_der(spki) else { return false };
    if algorithm == SHA1_RSA {
        return rsa_signed(spki, algorithm, message, signature);
    }
    let curve = key.algorithm.parameters.as_ref().filter(|any| any.tag() == der::Tag::ObjectIdentifier);
    let curve = curve.and_then(|any| any.decode_as::<const_oid::ObjectIdentifier>().ok());
    if curve.is_some_and(|oid| oid.to_string() == SECP256K1) {
        let public = key.subject_public_key.raw_bytes();
        return lc::UnparsedPublicKey::new(&lc::ECDSA_P256K1_SHA256_ASN1, public).verify(message, signature).is_ok();
    }
    true
}

/// DER of `DigestInfo` up to the digest (RFC 8017 section 9.2), and how to make it.
fn digest_info(algorithm: &str) -> Option<(&'static [u8], &'static digest::Algorithm)> {
    const SHA1: &[u8] = &[0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14];
    const SHA256: &[u8] = &[
        0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
        0x20,
    ];
    const SHA384: &[u8] = &[
        0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04,
        0x30,
    ];
    const SHA512: &[u8] = &[
        0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04,
        0x40,
    ];
    match algorithm {
        SHA1_RSA => Some((SHA1, &digest::SHA1_FOR_LEGACY_USE_ONLY)),
        signature::RSA_SHA256 => Some((SHA256, &digest::SHA256)),
        signature::RSA_SHA384 => Some((SHA384, &digest::SHA384)),
        signature::RSA_SHA512 => Some((SHA512, &digest::SHA512)),
        _ => None,
    }
}

/// RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2.2) with any modulus and exponent: only to say rightly what is wrong with the key.
fn rsa_signed(spki: &[u8], algorithm: &str, message: &[u8], signature: &[u8]) -> bool {
    let Some((prefix, hash)) = digest_info(algorithm) else { return false };
    let Ok(key) = SubjectPublicKeyInfo::<Any, BitString>::from_der(spki) else { return false };
    let Ok(numbers) = Vec::<UintRef<'_>>::from_der(key.subject_public_key.raw_bytes()) else { return false };
    let [modulus, exponent] = numbers.as_slice() else { return false };
    let length = modulus.as_bytes().len();
    let modulus = BigUint::from_bytes_be(modulus.as_bytes());
    let exponent = BigUint::from_bytes_be(exponent.as_bytes());
    // What is beyond this is no key, and would only cost time.
    if signature.len() != length || !(64..=2048).contains(&length) || exponent.bits() > 512 || modulus.bits() < 512 {
        return false;
    }
    let opened = BigUint::from_bytes_be(signature).modpow(&exponent, &modulus).to_bytes_be();
    let digest = digest::digest(hash, message);
    let tail = [prefix, digest.as_ref()].concat();
    let Some(padding) = length.checked_sub(tail.len() + 3).filter(|padding| *padding >= 8) else { return false };
    // The zero in front is lost with the number.
    opened == [&[1][..], &vec![0xff; padding], &[0], &tail].concat()
}
