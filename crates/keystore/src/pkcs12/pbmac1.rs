//! PBMAC1 (RFC 9579), the MAC that FIPS leaves to PKCS#12: HMAC with a key by PBKDF2. Written on demand only: no Java before 26
//! knows it.

use std::num::NonZeroU32;

use aws_lc_rs::{hmac, pbkdf2};
use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Decode, Encode, Sequence};
use pkcs8::pkcs5::pbes2::{PBKDF2_OID, Pbkdf2Params, Pbkdf2Prf, Salt};
use pkcs8::spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use super::derivation::within_limit;
use super::syntax::{DigestInfo, MacData};
use crate::error::KeystoreError;
use certroll_base::random;
use certroll_base::secret::Secret;
use certroll_pki::key::encryption;

/// id-PBMAC1 (RFC 8018 appendix A.5).
pub(super) const PBMAC1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.14");
/// Lengths of the key that are accepted, in bytes: RFC 9579 section 5 refuses fewer than 20.
const KEY_LENGTHS: std::ops::RangeInclusive<u16> = 20..=128;

/// hmacWithSHA256 (RFC 8018 appendix B.1.2).
const HMAC_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.9");
/// Lengths of the salt and of the key that are written, in bytes.
const SALT_LEN: usize = 16;
const KEY_LEN: usize = 32;
/// In the place of the salt of the older MAC: not empty, for some readers insist (RFC 9579 section 4).
const UNUSED: &[u8] = b"NOT USED";

/// PBMAC1-params ::= SEQUENCE { keyDerivationFunc AlgorithmIdentifier, messageAuthScheme AlgorithmIdentifier }
#[derive(Sequence)]
struct Pbmac1Parameters<'a> {
    derivation: AlgorithmIdentifierRef<'a>,
    mac: AlgorithmIdentifierRef<'a>,
}

/// What makes a MAC, read from the algorithm of MacData; the salt and the iterations beside it count for nothing.
pub(super) struct Pbmac1 {
    kdf: Pbkdf2Params,
    key_length: u16,
    mac: ObjectIdentifier,
}

impl Pbmac1 {
    /// # Errors
    /// Parameters that RFC 9579 refuses, or algorithms that are not known.
    pub(super) fn of(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<Self, KeystoreError> {
        let malformed = KeystoreError::Damaged("the parameters of its PBMAC1 are malformed");
        let Some(parameters) = algorithm.parameters else { return Err(malformed) };
        let Ok(Pbmac1Parameters { derivation, mac }) = parameters.decode_as() else { return Err(malformed) };
        if derivation.oid != PBKDF2_OID {
            return Err(KeystoreError::Unsupported(format!("PBMAC1 with the derivation {}", derivation.oid)));
        }
        match derivation.parameters.map(|kdf| kdf.decode_as::<Pbkdf2Params>()) {
            Some(Ok(kdf)) => match kdf.key_length.filter(|length| KEY_LENGTHS.contains(length)) {
                Some(key_length) => Ok(Self { kdf, key_length, mac: mac.oid }),
                None => Err(KeystoreError::Damaged("its PBMAC1 does not tell a key of 20 bytes or more")),
            },
            _ => Err(malformed),
        }
    }

    /// Its usual name.
    pub(super) fn name(&self) -> String {
        let mac = match hmac_of(self.mac) {
            Some((name, _)) => name.to_owned(),
            None => self.mac.to_string(),
        };
        format!("PBMAC1 with {}, {mac}", encryption::pbkdf2_name(self.kdf.prf))
    }

    /// Iterations of the derivation.
    pub(super) fn iterations(&self) -> u32 {
        self.kdf.iteration_count
    }

    /// Whether `found` is the MAC over `data`.
    ///
    /// # Errors
    /// Algorithms that are not known, or too many iterations.
    pub(super) fn fits(&self, password: &Secret, data: &[u8], found: &[u8]) -> Result<bool, KeystoreError> {
        let unknown = || KeystoreError::Unsupported(self.name());
        let prf = match self.kdf.prf {
            Pbkdf2Prf::HmacWithSha1 => pbkdf2::PBKDF2_HMAC_SHA1,
            Pbkdf2Prf::HmacWithSha256 => pbkdf2::PBKDF2_HMAC_SHA256,
            Pbkdf2Prf::HmacWithSha384 => pbkdf2::PBKDF2_HMAC_SHA384,
            Pbkdf2Prf::HmacWithSha512 => pbkdf2::PBKDF2_HMAC_SHA512,
            _ => return Err(unknown()),
        };
        let (_, mac) = hmac_of(self.mac).ok_or_else(unknown)?;
        within_limit(self.iterations())?;
        let iterations = NonZeroU32::new(self.iterations()).ok_or_else(unknown)?;
        let mut key = Zeroizing::new(vec![0; usize::from(self.key_length)]);
        pbkdf2::derive(prf, iterations, self.kdf.salt.as_ref(), password.expose().as_bytes(), &mut key);
        Ok(hmac::verify(&hmac::Key::new(mac, &key), data, found).is_ok())
    }
}

/// DER of the MacData over `data`: PBKDF2 with HMAC-SHA-256 and a key of 32 bytes, then HMAC-SHA-256.
///
/// # Errors
/// No iterations, or more than readers accept.
pub(super) fn seal(data: &[u8], password: &Secret, iterations: u32) -> Result<Vec<u8>, KeystoreError> {
    within_limit(iterations)?;
    let rounds = NonZeroU32::new(iterations).ok_or(KeystoreError::Iterations(iterations))?;
    let salt: [u8; SALT_LEN] = random::bytes();
    let mut key = Zeroizing::new([0; KEY_LEN]);
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, rounds, &salt, password.expose().as_bytes(), key.as_mut_slice());
    let made = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_slice()), data);
    let encoded = || {
        let key_length = u16::try_from(KEY_LEN).ok();
        let salt = Salt::new(salt)?;
        let kdf = Pbkdf2Params { salt, iteration_count: iterations, key_length, prf: Pbkdf2Prf::HmacWithSha256 };
        let kdf = kdf.to_der()?;
        let parameters = Pbmac1Parameters {
            derivation: AlgorithmIdentifierRef { oid: PBKDF2_OID, parameters: Some(AnyRef::from_der(&kdf)?) },
            mac: AlgorithmIdentifierRef { oid: HMAC_SHA256, parameters: Some(AnyRef::NULL) },
        };
        let parameters = parameters.to_der()?;
        let algorithm = AlgorithmIdentifierRef { oid: PBMAC1, parameters: Some(AnyRef::from_der(&parameters)?) };
        let mac = DigestInfo { algorithm, digest: OctetStringRef::new(made.as_ref())? };
        // These two count for nothing; readers that look at them want a salt, and one iteration is the default.
        MacData { mac, salt: OctetStringRef::new(UNUSED)?, iterations: 1 }.to_der()
    };
    encoded().map_err(KeystoreError::Pkcs12)
}

/// The HMACs of RFC 8018 appendix B.1.1.
fn hmac_of(oid: ObjectIdentifier) -> Option<(&'static str, hmac::Algorithm)> {
    match oid.to_string().as_str() {
        "1.2.840.113549.2.7" => Some(("HMAC-SHA-1", hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY)),
        "1.2.840.113549.2.8" => Some(("HMAC-SHA-224", hmac::HMAC_SHA224)),
        "1.2.840.113549.2.9" => Some(("HMAC-SHA-256", hmac::HMAC_SHA256)),
        "1.2.840.113549.2.10" => Some(("HMAC-SHA-384", hmac::HMAC_SHA384)),
        "1.2.840.113549.2.11" => Some(("HMAC-SHA-512", hmac::HMAC_SHA512)),
        _ => None,
    }
}
