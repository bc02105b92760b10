//! What a password encrypts in PKCS#12: PBES2 (RFC 8018 section 6.2), and the older schemes of RFC 7292 appendix C.

use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt, BlockModeEncrypt, KeyInit, KeyIvInit};
use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Decode, Encode, Sequence};
use des::{TdesEde2, TdesEde3};
use pkcs8::spki::AlgorithmIdentifierRef;
use rc2::Rc2;
use sha1::Sha1;
use zeroize::Zeroizing;

use super::derivation::{Purpose, derive, within_limit};
use crate::bundle::{Profile, WriteOptions};
use crate::error::KeystoreError;
use certroll_base::random;
use certroll_base::secret::{Secret, SecretBytes};
use certroll_pki::key::encryption::{self, Decryptor, EncryptionError, KeyEncryption, Sealed};

const RC4_128: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.1");
const RC4_40: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.2");
const TRIPLE_DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.3");
const TRIPLE_DES_2_KEYS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.4");
const RC2_128: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.5");
const RC2_40: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.6");
/// Length of the salt that is written for Triple DES.
const SALT_LEN: usize = 20;
/// Length of the initialisation vector of ciphers with blocks of 64 bits.
const IV_LEN: usize = 8;

/// pkcs-12PbeParams ::= SEQUENCE { salt OCTET STRING, iterations INTEGER }
#[derive(Sequence)]
struct PbeParameters<'a> {
    salt: &'a OctetStringRef,
    iterations: u32,
}

/// Opens the parts of a file that are under one password.
pub(super) struct Opener<'a> {
    password: &'a Secret,
    pbes2: Decryptor,
}

impl<'a> Opener<'a> {
    pub(super) fn new(password: &'a Secret) -> Self {
        Self { password, pbes2: Decryptor::new(password.clone()) }
    }

    /// The plain bytes. The MAC has been checked by then, so a password that does not fit is another one.
    ///
    /// # Errors
    /// Another password, an algorithm that is not known, or more iterations than readers accept.
    pub(super) fn open(
        &self,
        algorithm: &AlgorithmIdentifierRef<'_>,
        data: &[u8],
    ) -> Result<SecretBytes, KeystoreError> {
        match algorithm.oid {
            TRIPLE_DES => self.cbc::<TdesEde3>(algorithm, data, 24),
            TRIPLE_DES_2_KEYS => self.cbc::<TdesEde2>(algorithm, data, 16),
            RC2_128 => self.cbc::<Rc2>(algorithm, data, 16),
            RC2_40 => self.cbc::<Rc2>(algorithm, data, 5),
            _ => self.pbes2(algorithm, data),
        }
    }

    fn pbes2(&self, algorithm: &AlgorithmIdentifierRef<'_>, data: &[u8]) -> Result<SecretBytes, KeystoreError> {
        let algorithm = algorithm.to_der().map_err(KeystoreError::Pkcs12)?;
        let (_, iterations) = encryption::describe_algorithm(&algorithm).map_err(reading)?;
        within_limit(iterations.unwrap_or(1))?;
        self.pbes2.open(&algorithm, data).map_err(reading)
    }

    fn cbc<C>(
        &self,
        algorithm: &AlgorithmIdentifierRef<'_>,
        data: &[u8],
        key_len: usize,
    ) -> Result<SecretBytes, KeystoreError>
    where
        C: BlockCipherDecrypt + KeyInit,
    {
        let parameters = algorithm.parameters.unwrap_or(AnyRef::NULL);
        let parameters: PbeParameters<'_> = parameters.decode_as().map_err(KeystoreError::Pkcs12)?;
        let (key, iv) = key_and_iv(self.password, parameters.salt.as_bytes(), parameters.iterations, key_len)?;
        let another = || reading(EncryptionError::WrongPassphrase);
        let cipher = cbc::Decryptor::<C>::new_from_slices(&key, &iv).map_err(|_| another())?;
        let mut buffer = Zeroizing::new(data.to_vec());
        let plain = cipher.decrypt_padded::<Pkcs7>(&mut buffer).map_err(|_| another())?;
        Ok(SecretBytes::new(plain.to_vec()))
    }
}

/// Encrypts the parts of a file under one password.
pub(super) enum Sealer<'a> {
    /// [`Profile::Modern`] and [`Profile::Fips`]. One derivation serves the whole file: its parts have one password to be found.
    Pbes2(Box<KeyEncryption>),
    /// [`Profile::Compatible`]. Each part has a salt of its own: the initialisation vector comes from it.
    TripleDes { password: &'a Secret, iterations: u32 },
}

impl<'a> Sealer<'a> {
    pub(super) fn new(options: &WriteOptions<'a>) -> Result<Self, KeystoreError> {
        let (password, iterations) = (options.password, options.iterations);
        Ok(match options.profile {
            Profile::Modern | Profile::Fips => {
                let encryption = KeyEncryption::new(password, iterations).map_err(KeystoreError::Encryption)?;
                Self::Pbes2(Box::new(encryption))
            }
            Profile::Compatible => Self::TripleDes { password, iterations },
        })
    }

    pub(super) fn seal(&self, plain: &[u8]) -> Result<Sealed, KeystoreError> {
        match self {
            Self::Pbes2(encryption) => encryption.seal(plain).map_err(KeystoreError::Encryption),
            Self::TripleDes { password, iterations } => triple_des(password, *iterations, plain),
        }
    }
}

fn triple_des(password: &Secret, iterations: u32, plain: &[u8]) -> Result<Sealed, KeystoreError> {
    let salt: [u8; SALT_LEN] = random::bytes();
    let (key, iv) = key_and_iv(password, &salt, iterations, 24)?;
    let failed = |what| KeystoreError::Encryption(EncryptionError::Failed(what));
    let cipher = cbc::Encryptor::<TdesEde3>::new_from_slices(&key, &iv).map_err(|_| failed("set up Triple DES"))?;
    let data = cipher.encrypt_padded_vec::<Pkcs7>(plain);
    let salt = OctetStringRef::new(&salt).map_err(KeystoreError::Pkcs12)?;
    let parameters = PbeParameters { salt, iterations }.to_der().map_err(KeystoreError::Pkcs12)?;
    let parameters = AnyRef::from_der(&parameters).map_err(KeystoreError::Pkcs12)?;
    let algorithm = AlgorithmIdentifierRef { oid: TRIPLE_DES, parameters: Some(parameters) };
    Ok(Sealed { algorithm: algorithm.to_der().map_err(KeystoreError::Pkcs12)?, data })
}

/// Key and initialisation vector.
fn key_and_iv(password: &Secret, salt: &[u8], iterations: u32, length: usize) -> Result<KeyAndIv, KeystoreError> {
    let key = derive::<Sha1>(password, salt, iterations, Purpose::EncryptionKey, length)?;
    Ok((key, derive::<Sha1>(password, salt, iterations, Purpose::Iv, IV_LEN)?))
}

type KeyAndIv = (Zeroizing<Vec<u8>>, Zeroizing<Vec<u8>>);

fn reading(error: EncryptionError) -> KeystoreError {
    match error {
        EncryptionError::WrongPassphrase => {
            KeystoreError::Unsupported("PKCS#12 parts encrypted under another password".into())
        }
        EncryptionError::Unsupported(RC4_128 | RC4_40) => KeystoreError::Unsupported(
            "RC4 in PKCS#12; `openssl pkcs12 -legacy` still reads it and writes it anew".into(),
        ),
        EncryptionError::Unsupported(oid) => KeystoreError::Unsupported(format!("the encryption {oid} in PKCS#12")),
        other => KeystoreError::Encryption(other),
    }
}
