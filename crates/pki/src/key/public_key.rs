//! Public keys from the numbers that a device tells of them, and signatures in the form that a device gives them.

use der::asn1::{AnyRef, BitStringRef, OctetString, UintRef};
use der::{Decode, Encode, Sequence};

use crate::key::kind::PublicKeyKind;
use crate::key::{KeyAlgorithm, SPKI_ED25519, SPKI_P256, SPKI_P384, SPKI_P521};

/// DER of the SubjectPublicKeyInfo of an RSA key (RFC 3279 section 2.3.1).
///
/// # Errors
/// The numbers are too long to be those of a key.
pub fn rsa(modulus: &[u8], exponent: &[u8]) -> Result<Vec<u8>, der::Error> {
    #[derive(Sequence)]
    struct RsaPublicKey<'a> {
        modulus: UintRef<'a>,
        exponent: UintRef<'a>,
    }
    #[derive(Sequence)]
    struct PublicKeyInfo<'a> {
        algorithm: AnyRef<'a>,
        key: BitStringRef<'a>,
    }
    // `SEQUENCE { rsaEncryption, NULL }`
    const ALGORITHM: &[u8] =
        &[0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
    let key = RsaPublicKey { modulus: UintRef::new(modulus)?, exponent: UintRef::new(exponent)? }.to_der()?;
    PublicKeyInfo { algorithm: AnyRef::from_der(ALGORITHM)?, key: BitStringRef::from_bytes(&key)? }.to_der()
}

/// DER of the SubjectPublicKeyInfo with that point on P-256, P-384 or P-521 (SEC 1, uncompressed) or on Edwards25519; `None` for
/// what is no such point.
pub fn elliptic(point: &[u8]) -> Option<Vec<u8>> {
    let prefix = match (point.len(), point.first()) {
        (65, Some(4)) => SPKI_P256,
        (97, Some(4)) => SPKI_P384,
        (133, Some(4)) => SPKI_P521,
        (32, _) => SPKI_ED25519,
        _ => return None,
    };
    Some([prefix, point].concat())
}

/// The content of a DER OCTET STRING, as which PKCS#11 gives points; other bytes as they are, as which some devices do.
///
/// The length decides: a bare point begins with 04, which is the tag of an OCTET STRING too, and one in 256 goes on with a
/// byte that reads as the length of the rest. No wrapped point is as long as a bare one.
pub fn unwrapped_point(bytes: &[u8]) -> Vec<u8> {
    if elliptic(bytes).is_some() {
        return bytes.to_vec();
    }
    OctetString::from_der(bytes).map_or_else(|_| bytes.to_vec(), |inner| inner.as_bytes().to_vec())
}

/// The algorithm of a public key, if it is one that we sign with.
pub fn algorithm(spki: &[u8]) -> Option<KeyAlgorithm> {
    PublicKeyKind::of(spki).algorithm()
}

/// The bytes of the key inside a SubjectPublicKeyInfo: the content of its BIT STRING.
///
/// # Errors
/// It is none.
pub fn bits(spki: &[u8]) -> Result<Vec<u8>, der::Error> {
    crate::x509::extensions::public_key_bits(spki)
}

/// An ECDSA signature `r || s`, both of the same length, as the SEQUENCE of X9.62 that certificates and Java have.
///
/// # Errors
/// Its length is odd or zero.
pub fn ecdsa_der(raw: &[u8]) -> Result<Vec<u8>, der::Error> {
    #[derive(Sequence)]
    struct Signature<'a> {
        r: UintRef<'a>,
        s: UintRef<'a>,
    }
    let (r, s) = raw.split_at(raw.len() / 2);
    if r.len() != s.len() || r.is_empty() {
        return Err(der::ErrorKind::Failed.into());
    }
    Signature { r: UintRef::new(r)?, s: UintRef::new(s)? }.to_der()
}

/// The other way: `r || s` of `size` bytes each, as JWS has them (RFC 7518 section 3.4).
///
/// # Errors
/// It is no such SEQUENCE, or its numbers are longer.
pub fn ecdsa_fixed(signature: &[u8], size: usize) -> Result<Vec<u8>, der::Error> {
    let numbers = Vec::<UintRef<'_>>::from_der(signature)?;
    let [r, s] = numbers.as_slice() else { return Err(der::ErrorKind::Failed.into()) };
    let mut fixed = vec![0; size * 2];
    for (number, place) in [r, s].into_iter().zip(fixed.chunks_mut(size)) {
        let bytes = number.as_bytes();
        let start = size.checked_sub(bytes.len()).ok_or(der::ErrorKind::Failed)?;
        if let Some(place) = place.get_mut(start..) {
            place.copy_from_slice(bytes);
        }
    }
    Ok(fixed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::KeyPair;
    use rcgen::PublicKeyData as _;

    #[test]
    fn the_numbers_of_a_key_make_its_public_key() {
        for name in ["ec:p256", "ec:p384", "ec:p521", "ed25519"] {
            let key = KeyPair::generate(name.parse().unwrap()).unwrap();
            assert_eq!(elliptic(key.der_bytes()).unwrap(), key.spki(), "{name}");
            let wrapped = OctetString::new(key.der_bytes()).unwrap().to_der().unwrap();
            assert_eq!(unwrapped_point(&wrapped), key.der_bytes());
            assert_eq!(unwrapped_point(key.der_bytes()), key.der_bytes());
            assert_eq!(algorithm(key.spki()), Some(key.algorithm()));
            assert_eq!(bits(key.spki()).unwrap(), key.der_bytes());
        }
        let key = KeyPair::generate("rsa:2048".parse().unwrap()).unwrap();
        let numbers = Vec::<UintRef<'_>>::from_der(key.der_bytes()).unwrap();
        assert_eq!(rsa(numbers[0].as_bytes(), numbers[1].as_bytes()).unwrap(), key.spki());
        assert_eq!(algorithm(key.spki()), Some(KeyAlgorithm::Rsa(2048)));
        assert!(elliptic(&[4; 64]).is_none() && elliptic(&[2; 65]).is_none());
    }

    #[test]
    fn a_bare_point_that_reads_as_an_octet_string_stays_whole() {
        for (size, rest) in [(65, 63), (97, 95)] {
            let mut point = vec![7; size];
            point[..2].copy_from_slice(&[4, rest]);
            assert!(OctetString::from_der(&point).is_ok());
            assert_eq!(unwrapped_point(&point), point);
            let wrapped = OctetString::new(point.clone()).unwrap().to_der().unwrap();
            assert_eq!(unwrapped_point(&wrapped), point);
        }
    }

    #[test]
    fn ecdsa_signatures_go_both_ways() {
        for (name, size) in [("ec:p256", 32), ("ec:p384", 48), ("ec:p521", 66)] {
            let key = KeyPair::generate(name.parse().unwrap()).unwrap();
            // Many, so that some have numbers with a zero or a high bit in front.
            for count in 0..64_u8 {
                let der = key.sign(&[count]).unwrap();
                let fixed = ecdsa_fixed(&der, size).unwrap();
                assert_eq!(fixed.len(), 2 * size);
                assert_eq!(ecdsa_der(&fixed).unwrap(), der);
            }
        }
        for bad in [&b""[..], &[1], &[1, 2, 3]] {
            assert!(ecdsa_der(bad).is_err());
            assert!(ecdsa_fixed(bad, 32).is_err());
        }
    }
}
