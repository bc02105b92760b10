//! Encrypted private keys: PKCS#8 EncryptedPrivateKeyInfo (RFC 5958 section 3) with PBES2 (RFC 8018 section 6.2).
//!
//! Written: PBKDF2 with HMAC-SHA-256, then AES-256-CBC, the one combination that OpenSSL since 1.1 and Java since 8 both
//! read. (The `pkcs8` crate's own default is scrypt, which Java does not know.) Read: that, and whatever else of PBES2 the
//! `pkcs8` crate knows: AES-128 and AES-192, 3DES, PBKDF2 with SHA-1 to SHA-512, scrypt.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::cipher::{
    AES_256, DecryptionContext, EncryptionContext, PaddedBlockDecryptingKey, PaddedBlockEncryptingKey, UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::pbkdf2;
use pkcs8::der::asn1::{AnyRef, OctetStringRef};
use pkcs8::der::{self, Decode, Encode, ErrorKind, Length};
use pkcs8::pkcs5::pbes2::{EncryptionScheme as Cipher, Kdf, PBES2_OID, Parameters, Pbkdf2Prf, ScryptParams};
use pkcs8::pkcs5::{self, EncryptionScheme};
use pkcs8::spki::AlgorithmIdentifierRef;
use pkcs8::{ObjectIdentifier, PrivateKeyInfoRef};
use zeroize::{Zeroize as _, Zeroizing};

use certroll_base::random;
use certroll_base::secret::{Secret, SecretBytes};

/// Most PBKDF2 iterations that are written or read: about two seconds of work. More is an attack or a
/// mistake.
pub const MAX_ITERATIONS: u32 = 10_000_000;
/// PBKDF2 iterations for keys whose passphrase a person chose (OWASP's figure for HMAC-SHA-256): about 0.1 s.
pub const DEFAULT_ITERATIONS: u32 = 600_000;
/// Most memory that scrypt parameters may ask for, in bytes.
const MAX_SCRYPT_MEMORY: u64 = 1 << 30;
/// Most passes that scrypt parameters may ask for.
const MAX_SCRYPT_PASSES: u16 = 16;
/// Length of the salt that is written (RFC 8018 section 4 wants 8 bytes at least, NIST SP 800-132 wants 16).
const SALT_LEN: usize = 16;
/// Length of an AES-CBC initialisation vector.
const IV_LEN: usize = 16;
/// Derived keys a [`Decryptor`] remembers before it starts afresh.
const REMEMBERED: usize = 64;

/// What can go wrong with an encrypted key.
#[derive(Debug, thiserror::Error)]
pub enum EncryptionError {
    /// The passphrase does not open the key. Damaged ciphertext looks just the same: PBES2 has no integrity check.
    #[error("wrong passphrase, or the encrypted key is damaged")]
    WrongPassphrase,
    /// The bytes are not an EncryptedPrivateKeyInfo.
    #[error("not an encrypted PKCS#8 key")]
    Malformed(#[source] der::Error),
    /// A scheme, key derivation or cipher that is not supported.
    #[error("key encryption algorithm {0} is not supported: expected PBES2 with AES or 3DES")]
    Unsupported(ObjectIdentifier),
    /// Iteration count or memory demand beyond what is sane, or zero.
    #[error("key derivation parameters out of range: {0}")]
    Costs(String),
    /// The cryptographic library refused an operation.
    #[error("the cryptographic library could not {0}")]
    Failed(&'static str),
}

/// A key made from a passphrase, ready to encrypt any number of private keys.
///
/// The derivation, which is meant to be slow, is done once; each key then costs about a microsecond. All keys written by
/// one `KeyEncryption` share one salt, and nothing is lost by it. A salt forces an attacker to repeat the derivation for
/// every *passphrase* he attacks. These keys have one passphrase: found for one key, it is found for all of them,
/// whatever their salts, so separate salts would cost him nothing but the right guess, tried once more per key. Across
/// batches, and across users with the same passphrase, salts differ. What must not repeat under one key is the
/// initialisation vector of CBC, and that is random for each private key.
pub struct KeyEncryption {
    key: PaddedBlockEncryptingKey,
    /// DER of the AlgorithmIdentifier. Its last element is the initialisation vector, so its last 16 bytes are replaced
    /// for each key and everything before them is constant.
    algorithm: Vec<u8>,
}

impl KeyEncryption {
    /// Derives a key from `passphrase` under a fresh random salt of 16 bytes.
    ///
    /// # Errors
    /// `iterations` is zero or above [`MAX_ITERATIONS`].
    pub fn new(passphrase: &Secret, iterations: u32) -> Result<Self, EncryptionError> {
        Self::with_salt(passphrase, iterations, random::bytes())
    }

    /// Derives a key from `passphrase` under a given salt: to go on with the salt of earlier keys.
    ///
    /// # Errors
    /// As [`KeyEncryption::new`].
    pub fn with_salt(passphrase: &Secret, iterations: u32, salt: [u8; SALT_LEN]) -> Result<Self, EncryptionError> {
        Self::with_key(&derive(passphrase, &salt, iterations)?, iterations, &salt)
    }

    fn with_key(key: &DerivedKey, iterations: u32, salt: &[u8]) -> Result<Self, EncryptionError> {
        let algorithm = Parameters::generate_pbkdf2_sha256_aes256cbc(iterations, salt, [0; IV_LEN])
            .map_err(|_| EncryptionError::Costs(format!("{iterations} iterations")))?;
        let algorithm = EncryptionScheme::from(algorithm).to_der().map_err(EncryptionError::Malformed)?;
        let key = PaddedBlockEncryptingKey::cbc_pkcs7(unbound(key)?)
            .map_err(|_| EncryptionError::Failed("set up AES-256-CBC"))?;
        Ok(Self { key, algorithm })
    }

    /// Encrypts one private key (`pkcs8`: DER of a PrivateKeyInfo) under a fresh initialisation vector.
    ///
    /// May be called from several threads at once.
    ///
    /// # Errors
    /// The library refuses to encrypt.
    pub fn encrypt(&self, pkcs8: &[u8]) -> Result<Vec<u8>, EncryptionError> {
        let Sealed { algorithm, data } = self.seal(pkcs8)?;
        let mut out = Vec::with_capacity(algorithm.len() + data.len() + 10);
        let mut octets = Vec::with_capacity(6);
        header(&mut octets, 0x04, data.len())?;
        header(&mut out, 0x30, algorithm.len() + octets.len() + data.len())?;
        out.extend_from_slice(&algorithm);
        out.extend_from_slice(&octets);
        out.extend_from_slice(&data);
        Ok(out)
    }

    /// Encrypts any bytes under a fresh initialisation vector, for containers that keep algorithm and ciphertext apart.
    ///
    /// # Errors
    /// The library refuses to encrypt.
    pub fn seal(&self, plain: &[u8]) -> Result<Sealed, EncryptionError> {
        let iv: [u8; IV_LEN] = random::bytes();
        // Reserved with its padding, so that no plaintext is left behind in an outgrown buffer.
        let mut data = Vec::with_capacity(plain.len() + IV_LEN);
        data.extend_from_slice(plain);
        let context = EncryptionContext::Iv128(FixedLength::from(iv));
        if self.key.less_safe_encrypt(&mut data, context).is_err() {
            data.zeroize();
            return Err(EncryptionError::Failed("encrypt a key"));
        }
        let constant = self.algorithm.len().saturating_sub(IV_LEN);
        let mut algorithm = self.algorithm.get(..constant).unwrap_or_default().to_vec();
        algorithm.extend_from_slice(&iv);
        Ok(Sealed { algorithm, data })
    }
}

/// What [`KeyEncryption::seal`] makes.
#[derive(Debug)]
pub struct Sealed {
    /// DER of the AlgorithmIdentifier.
    pub algorithm: Vec<u8>,
    /// The ciphertext.
    pub data: Vec<u8>,
}

impl std::fmt::Debug for KeyEncryption {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyEncryption(..)")
    }
}

/// Derived keys by salt and iteration count.
type Derived = HashMap<(Vec<u8>, u32), Arc<DerivedKey>>;

/// Opens encrypted keys under one passphrase and remembers the keys derived from it.
///
/// The keys of one batch share salt and iteration count, so only the first of them costs a derivation.
pub struct Decryptor {
    passphrase: Secret,
    derived: Mutex<Derived>,
}

impl Decryptor {
    /// Derives nothing yet.
    pub fn new(passphrase: Secret) -> Self {
        Self { passphrase, derived: Mutex::default() }
    }

    /// The private key (DER of a PrivateKeyInfo) in an EncryptedPrivateKeyInfo.
    ///
    /// May be called from several threads at once.
    ///
    /// # Errors
    /// Every kind of [`EncryptionError`]; limits are checked before any work is done for the file.
    pub fn decrypt(&self, encrypted: &[u8]) -> Result<SecretBytes, EncryptionError> {
        let (parameters, data) = parse(encrypted)?;
        let pkcs8 = self.open_with(&parameters, data)?;
        // One wrong passphrase in 256 leaves valid padding: the content has to make sense too.
        match PrivateKeyInfoRef::from_der(pkcs8.expose()) {
            Ok(_) => Ok(pkcs8),
            Err(_) => Err(EncryptionError::WrongPassphrase),
        }
    }

    /// What [`KeyEncryption::seal`] or another tool encrypted: `algorithm` is DER of the AlgorithmIdentifier. One wrong
    /// passphrase in 256 is not noticed here: the caller has to make sense of the bytes.
    ///
    /// # Errors
    /// As [`Decryptor::decrypt`].
    pub fn open(&self, algorithm: &[u8], data: &[u8]) -> Result<SecretBytes, EncryptionError> {
        let algorithm = AlgorithmIdentifierRef::from_der(algorithm).map_err(EncryptionError::Malformed)?;
        self.open_with(&pbes2(&algorithm)?, data)
    }

    fn open_with(&self, parameters: &Parameters, data: &[u8]) -> Result<SecretBytes, EncryptionError> {
        check_costs(parameters)?;
        match (&parameters.kdf, parameters.encryption) {
            (Kdf::Pbkdf2(kdf), Cipher::Aes256Cbc { iv })
                if kdf.prf == Pbkdf2Prf::HmacWithSha256 && kdf.key_length.is_none_or(|length| length == 32) =>
            {
                self.decrypt_own(kdf.salt.as_ref(), kdf.iteration_count, iv, data)
            }
            _ => decrypt_foreign(parameters, &self.passphrase, data),
        }
    }

    fn decrypt_own(
        &self,
        salt: &[u8],
        iterations: u32,
        iv: [u8; 16],
        data: &[u8],
    ) -> Result<SecretBytes, EncryptionError> {
        let key = PaddedBlockDecryptingKey::cbc_pkcs7(unbound(&*self.key(salt, iterations)?)?)
            .map_err(|_| EncryptionError::Failed("set up AES-256-CBC"))?;
        let mut buffer = Zeroizing::new(data.to_vec());
        let context = DecryptionContext::Iv128(FixedLength::from(iv));
        let plain = key.decrypt(&mut buffer, context).map_err(|_| EncryptionError::WrongPassphrase)?;
        Ok(SecretBytes::new(plain.to_vec()))
    }

    /// An encryption that goes on with salt and iteration count of `encrypted`, so that all keys of one place cost one
    /// derivation to open. Decrypt `encrypted` first: only that tells whether the passphrase is the right one.
    ///
    /// # Errors
    /// `encrypted` was not written by [`KeyEncryption`].
    pub fn encryption_like(&self, encrypted: &[u8]) -> Result<KeyEncryption, EncryptionError> {
        let (parameters, _) = parse(encrypted)?;
        check_costs(&parameters)?;
        match &parameters.kdf {
            Kdf::Pbkdf2(kdf) if kdf.prf == Pbkdf2Prf::HmacWithSha256 => {
                let (salt, iterations) = (kdf.salt.as_ref(), kdf.iteration_count);
                KeyEncryption::with_key(&*self.key(salt, iterations)?, iterations, salt)
            }
            _ => Err(EncryptionError::Unsupported(PBES2_OID)),
        }
    }

    fn key(&self, salt: &[u8], iterations: u32) -> Result<Arc<DerivedKey>, EncryptionError> {
        let id = (salt.to_vec(), iterations);
        if let Some(key) = self.derived.lock().unwrap_or_else(PoisonError::into_inner).get(&id) {
            return Ok(Arc::clone(key));
        }
        let key = Arc::new(derive(&self.passphrase, salt, iterations)?);
        let mut derived = self.derived.lock().unwrap_or_else(PoisonError::into_inner);
        if derived.len() >= REMEMBERED {
            derived.clear();
        }
        derived.insert(id, Arc::clone(&key));
        Ok(key)
    }
}

impl std::fmt::Debug for Decryptor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Decryptor(..)")
    }
}

/// Opens a single encrypted key; [`Decryptor`] is for many.
///
/// # Errors
/// As [`Decryptor::decrypt`].
pub fn decrypt(encrypted: &[u8], passphrase: &Secret) -> Result<SecretBytes, EncryptionError> {
    Decryptor::new(passphrase.clone()).decrypt(encrypted)
}

/// How an EncryptedPrivateKeyInfo is encrypted, by usual names, and the iterations of its derivation.
///
/// # Errors
/// As [`Decryptor::decrypt`], but for the passphrase.
pub fn describe(encrypted: &[u8]) -> Result<(String, Option<u32>), EncryptionError> {
    Ok(description(&parse(encrypted)?.0))
}

/// As [`describe`], for the AlgorithmIdentifier alone (DER).
///
/// # Errors
/// It is not PBES2, or not one that is known.
pub fn describe_algorithm(algorithm: &[u8]) -> Result<(String, Option<u32>), EncryptionError> {
    let algorithm = AlgorithmIdentifierRef::from_der(algorithm).map_err(EncryptionError::Malformed)?;
    Ok(description(&pbes2(&algorithm)?))
}

fn description(parameters: &Parameters) -> (String, Option<u32>) {
    let (derivation, iterations) = match &parameters.kdf {
        Kdf::Pbkdf2(kdf) => (pbkdf2_name(kdf.prf), Some(kdf.iteration_count)),
        Kdf::Scrypt(_) => ("scrypt".to_owned(), None),
        _ => ("an unknown derivation".to_owned(), None),
    };
    let cipher = match parameters.encryption {
        Cipher::Aes128Cbc { .. } => "AES-128-CBC",
        Cipher::Aes192Cbc { .. } => "AES-192-CBC",
        Cipher::Aes256Cbc { .. } => "AES-256-CBC",
        Cipher::DesEde3Cbc { .. } => "3DES-CBC",
        _ => "another cipher",
    };
    (format!("PBES2 with {derivation}, {cipher}"), iterations)
}

/// The usual name of PBKDF2 with that pseudo-random function.
pub fn pbkdf2_name(prf: Pbkdf2Prf) -> String {
    let digest = match prf {
        Pbkdf2Prf::HmacWithSha1 => "1",
        Pbkdf2Prf::HmacWithSha224 => "224",
        Pbkdf2Prf::HmacWithSha256 => "256",
        Pbkdf2Prf::HmacWithSha384 => "384",
        Pbkdf2Prf::HmacWithSha512 => "512",
        _ => "?",
    };
    format!("PBKDF2-HMAC-SHA-{digest}")
}

type DerivedKey = Zeroizing<[u8; 32]>;

fn derive(passphrase: &Secret, salt: &[u8], iterations: u32) -> Result<DerivedKey, EncryptionError> {
    let count = NonZeroU32::new(iterations).filter(|count| count.get() <= MAX_ITERATIONS);
    let count = count.ok_or_else(|| EncryptionError::Costs(format!("{iterations} iterations")))?;
    let mut key = Zeroizing::new([0; 32]);
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, count, salt, passphrase.expose().as_bytes(), key.as_mut_slice());
    Ok(key)
}

fn unbound(key: &DerivedKey) -> Result<UnboundCipherKey, EncryptionError> {
    UnboundCipherKey::new(&AES_256, key.as_slice()).map_err(|_| EncryptionError::Failed("make an AES-256 key"))
}

/// EncryptedPrivateKeyInfo ::= SEQUENCE { encryptionAlgorithm AlgorithmIdentifier, encryptedData OCTET STRING }
fn parse(encrypted: &[u8]) -> Result<(Parameters, &[u8]), EncryptionError> {
    let outer = AnyRef::from_der(encrypted).map_err(EncryptionError::Malformed)?;
    let (algorithm, data) = outer
        .sequence(|reader| {
            let algorithm = AlgorithmIdentifierRef::decode(reader)?;
            der::Result::Ok((algorithm, <&OctetStringRef>::decode(reader)?))
        })
        .map_err(EncryptionError::Malformed)?;
    Ok((pbes2(&algorithm)?, data.as_bytes()))
}

fn pbes2(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<Parameters, EncryptionError> {
    if algorithm.oid != PBES2_OID {
        return Err(EncryptionError::Unsupported(algorithm.oid));
    }
    Parameters::try_from(algorithm.parameters.unwrap_or(AnyRef::NULL)).map_err(|error| match error.kind() {
        ErrorKind::OidUnknown { oid } => EncryptionError::Unsupported(oid),
        _ => EncryptionError::Malformed(error),
    })
}

fn check_costs(parameters: &Parameters) -> Result<(), EncryptionError> {
    match &parameters.kdf {
        Kdf::Pbkdf2(kdf) if !(1..=MAX_ITERATIONS).contains(&kdf.iteration_count) => {
            Err(EncryptionError::Costs(format!("{} iterations", kdf.iteration_count)))
        }
        Kdf::Scrypt(kdf) if !scrypt_is_affordable(kdf) => Err(EncryptionError::Costs("scrypt demand".to_owned())),
        _ => Ok(()),
    }
}

fn scrypt_is_affordable(kdf: &ScryptParams) -> bool {
    let memory = kdf.cost_parameter.checked_mul(128).and_then(|bytes| bytes.checked_mul(u64::from(kdf.block_size)));
    memory.is_some_and(|bytes| bytes <= MAX_SCRYPT_MEMORY) && kdf.parallelization <= MAX_SCRYPT_PASSES
}

fn decrypt_foreign(parameters: &Parameters, passphrase: &Secret, data: &[u8]) -> Result<SecretBytes, EncryptionError> {
    match parameters.decrypt(passphrase.expose(), data) {
        Ok(pkcs8) => Ok(SecretBytes::new(pkcs8)),
        Err(pkcs5::Error::UnsupportedAlgorithm { oid }) => Err(EncryptionError::Unsupported(oid)),
        Err(pkcs5::Error::AlgorithmParametersInvalid { oid }) => {
            Err(EncryptionError::Costs(format!("invalid for algorithm {oid}")))
        }
        Err(_) => Err(EncryptionError::WrongPassphrase),
    }
}

/// Tag and length of a DER element (X.690 section 8.1.3).
fn header(out: &mut Vec<u8>, tag: u8, length: usize) -> Result<(), EncryptionError> {
    out.push(tag);
    let encoded = Length::try_from(length).and_then(|length| length.encode_to_vec(out));
    encoded.map(|_| ()).map_err(EncryptionError::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::KeyPair;
    use certroll_base::encoding::from_base64;
    use std::io::Write;
    use std::process::{Command, Stdio};

    /// One P-256 key as `openssl pkcs8 -topk8 -iter 10` of OpenSSL 3.0.19 writes it, passphrase `secret`.
    const OPENSSL: &[(&str, &str)] = &[
        (
            "aes-256-cbc",
            "MIHrMFYGCSqGSIb3DQEFDTBJMCgGCSqGSIb3DQEFDDAbBAhu8k0/64DKyQIBCjAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQ\
            NeB9jZD/uxsvoXigS2pe8gSBkBF/WzGgZeuQkQANgZWnaPfcLlTA2Z2Xcq9y2auYEn1VQbqs5fwGGMa1ft8EP1/p1Mi/3Rzm4P7h\
            xwCn8/yHOA/x3IQYndl7K9wmfadwvruurlnIxy5KnYD88PhNiWQUC5Bgsj3I9qkRbCSrky6rmcp9jrVTHorsOGz/ziYSxEDkCMJx\
            WF7fANOYT8PHeU5D6g==",
        ),
        (
            "aes-128-cbc, SHA-1",
            "MIHdMEgGCSqGSIb3DQEFDTA7MBoGCSqGSIb3DQEFDDANBAjpiDt20uGeSwIBCjAdBglghkgBZQMEAQIEEEHpmWMLnhYKqZJW0jrN\
            YocEgZDIHKEREc1Yl0VMc0yCnA31nQG0Y3PK7pZvjJYR0+Fe6XEqNKIYydFIEYsRE2vboejt/eEExfURLYtL1/qey33ZTt7QhHdm\
            QvGk9NAQ55uY4T8PVOANqLQjv89PGd6MTcWLbdBoDMjFZ6Nb3wXdPVDH4MeEqdHcf9yEGMhc1X9ag/BqYDhptPJct4afFFDVljQ=",
        ),
        (
            "aes-192-cbc, SHA-512",
            "MIHrMFYGCSqGSIb3DQEFDTBJMCgGCSqGSIb3DQEFDDAbBAib4yDvA3xL0wIBCjAMBggqhkiG9w0CCwUAMB0GCWCGSAFlAwQBFgQQ\
            rid5Kd4z+gbAM5mMaOea2wSBkE3ifmVlasfKzB9ema9K1AhKfnyAMRh3I1eW/uRsHE7QnmTURc/nkE33gQEPBcdN38lcaonoxi2H\
            UBg2bjHVhq5XJDk/0N/8Yd+F9RIotQy7MZkq4wK4hk5PqfsVeHwB0qH37UGBaNF1TOsCKFG5NvNfOscz/lGPpO4XpozhF3XVH/7z\
            sODBeyXFEq0pBZVkcg==",
        ),
        (
            "3DES",
            "MIHiME0GCSqGSIb3DQEFDTBAMCgGCSqGSIb3DQEFDDAbBAjWfKFQxvNxewIBCjAMBggqhkiG9w0CCQUAMBQGCCqGSIb3DQMHBAjf\
            1JyB8jleugSBkJKLOL4puc1/T/PpKKQVM9iF1sEsMiOUw1sdfCLK8UuW4Vtd7CkBwWXQpNkWgsMXAgY6ZBKRdlrLyh4PnpT/SWHt\
            /iUR2kiZkS8QiK34kqu8bzXOvK+lyEErPac5WU6fPWwav7FIgeAjEzmZt75LpQzaLYMEnAUmTZYsRLSM07FQ4rWMzphjKJqhYV89\
            rcordg==",
        ),
        (
            "scrypt",
            "MIHjME4GCSqGSIb3DQEFDTBBMCAGCSsGAQQB2kcECzATBAgXoigu/FMWkgIBEAIBCAIBATAdBglghkgBZQMEASoEEN6PE1EjIBY5\
            pBdVWtcZY5oEgZB6oRusCYJ/GN+S+Zy9+OpRUaianatCC75Et6Oc5IeMtgjgXU+cnI5Lh+aJ1l+3udqytMJjYZeKUmuNkyep1GUw\
            an3kgnjaNowBgRF/Ys+2toxyqSVnm1gMZ+cT397diIIvOLB6TKcx70l5Yd+NuWZpmhCpSR0h3s6IV72N9F8ih5cmwUXukFuVhd/j\
            o2iyi78=",
        ),
    ];
    /// The same key under PBES1 (`-v1 PBE-SHA1-3DES`).
    const PBES1: &str = "MIGxMBwGCiqGSIb3DQEMAQMwDgQI7kl5PdCe9RACAggABIGQ7B3b9Zny3pNXLdI7IX/6ndZHYTDBeBR0PeImoOQuFcY8yS+ZoM/V\
            tEX8Qs7FYdLu1ohYS9pA3U+PD/bOihJFBrHo4ObPM1JaMucA90BqTO5mvTnA0ojB/cocYBUMnG6jImtADOSrs/Z9Ok3fB9MXhMoP\
            Jx15L0QPNhJMS1Z/VogK3nFK167DCCOTz6Zz0ft8";

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    #[test]
    fn all_that_openssl_writes_in_pbes2_is_read() {
        let mut public = None;
        for (name, file) in OPENSSL {
            let file = from_base64(file).unwrap();
            let key = KeyPair::from_pkcs8(decrypt(&file, &secret("secret")).unwrap().expose()).unwrap();
            assert_eq!(*public.get_or_insert(key.key_hash()), key.key_hash(), "{name}");
            assert!(matches!(decrypt(&file, &secret("Secret")), Err(EncryptionError::WrongPassphrase)), "{name}");
        }
    }

    #[test]
    fn ours_opens_with_and_without_a_remembered_key() {
        let (passphrase, other) = (secret("pass"), secret("other"));
        let writer = KeyEncryption::new(&passphrase, 100).unwrap();
        let reader = Decryptor::new(passphrase.clone());
        for name in ["ec:p256", "ec:p384", "ed25519", "rsa:2048"] {
            let pkcs8 = KeyPair::generate(name.parse().unwrap()).unwrap().to_pkcs8().unwrap();
            let (one, two) = (writer.encrypt(pkcs8.expose()).unwrap(), writer.encrypt(pkcs8.expose()).unwrap());
            assert_ne!(one, two, "the initialisation vector is fresh");
            for file in [one, two] {
                assert_eq!(reader.decrypt(&file).unwrap().expose(), pkcs8.expose());
                assert_eq!(decrypt(&file, &passphrase).unwrap().expose(), pkcs8.expose());
                assert!(matches!(decrypt(&file, &other), Err(EncryptionError::WrongPassphrase)));
                let by_crate = pkcs8::EncryptedPrivateKeyInfoRef::from_der(&file).unwrap().decrypt("pass").unwrap();
                assert_eq!(by_crate.as_bytes(), pkcs8.expose());
            }
        }
        assert_eq!(reader.derived.lock().unwrap().len(), 1);
    }

    #[test]
    fn schemes_and_costs_out_of_bounds_are_refused_unworked() {
        let error = decrypt(&from_base64(PBES1).unwrap(), &secret("secret")).unwrap_err();
        assert!(error.to_string().contains("1.2.840.113549.1.12.1.3"), "{error}");
        for iterations in [0, MAX_ITERATIONS + 1, u32::MAX] {
            assert!(matches!(KeyEncryption::new(&secret("x"), iterations), Err(EncryptionError::Costs(_))));
        }
        let pbkdf2 = Parameters::generate_pbkdf2_sha256_aes256cbc(MAX_ITERATIONS + 1, &[1; 16], [2; 16]).unwrap();
        let mut scrypt = pbkdf2.clone();
        let small = pkcs5::scrypt::Params::new(4, 8, 1).unwrap();
        let mut costs = ScryptParams::from_params_and_salt(small, &[1; 16]).unwrap();
        costs.cost_parameter = 1 << 40;
        scrypt.kdf = costs.into();
        for parameters in [pbkdf2, scrypt] {
            let encrypted_data = OctetStringRef::new(&[0; 32]).unwrap();
            let file = pkcs8::EncryptedPrivateKeyInfoRef { encryption_algorithm: parameters.into(), encrypted_data };
            let error = decrypt(&file.to_der().unwrap(), &secret("x")).unwrap_err();
            assert!(matches!(error, EncryptionError::Costs(_)), "{error}");
        }
    }

    #[test]
    fn mutations_and_truncations_never_panic() {
        let file = from_base64(OPENSSL[0].1).unwrap();
        let reader = Decryptor::new(secret("secret"));
        for at in 0..file.len() {
            assert!(reader.decrypt(&file[..at]).is_err());
            for bit in [0x01, 0x80] {
                let mut bad = file.clone();
                bad[at] ^= bit;
                let _ = reader.decrypt(&bad);
            }
        }
    }

    #[test]
    fn openssl_reads_ours() {
        let pkcs8 = KeyPair::generate("ed25519".parse().unwrap()).unwrap().to_pkcs8().unwrap();
        let file = KeyEncryption::new(&secret("pass"), 1000).unwrap().encrypt(pkcs8.expose()).unwrap();
        let mut openssl = Command::new("openssl");
        openssl.args(["pkcs8", "-inform", "DER", "-outform", "DER", "-passin", "pass:pass"]);
        let Ok(mut child) = openssl.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn() else {
            return; // covered by the live tests, which report what is missing
        };
        child.stdin.take().unwrap().write_all(&file).unwrap();
        assert_eq!(child.wait_with_output().unwrap().stdout, pkcs8.expose());
    }
}
