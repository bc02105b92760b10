//! Key algorithms and key pairs: generate, load from PKCS#8, store as PKCS#8, sign.

pub mod encryption;
pub mod public_key;
pub mod signer;

use crate::digest::KeyHash;
use std::fmt;
use std::str::FromStr;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
    RSA_PKCS1_SHA256, RsaKeyPair,
};

use certroll_base::secret::SecretBytes;

/// What can go wrong with a key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Not one of the algorithms of [`KeyAlgorithm`].
    #[error("unknown key algorithm `{0}`: expected rsa:2048, rsa:3072, rsa:4096, ec:p256, ec:p384 or ed25519")]
    UnknownAlgorithm(String),
    /// The bytes are not a PKCS#8 private key of a supported algorithm.
    #[error("not a PKCS#8 private key of a supported algorithm (RSA 2048 to 8192, P-256, P-384, Ed25519)")]
    Unreadable,
    /// The cryptographic library refused an operation.
    #[error("the cryptographic library could not {0}")]
    Failed(&'static str),
}

/// The algorithms of keys that certroll makes. Written `rsa:3072`, `ec:p256`, `ed25519`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyAlgorithm {
    /// RSA with a modulus of that many bits, signing with SHA-256 and PKCS#1 v1.5 padding.
    Rsa(u16),
    /// ECDSA on P-256 with SHA-256.
    EcP256,
    /// ECDSA on P-384 with SHA-384.
    EcP384,
    /// Ed25519 (RFC 8410).
    Ed25519,
}

impl KeyAlgorithm {
    /// Its signatures as rcgen knows them.
    pub fn rcgen_algorithm(self) -> &'static rcgen::SignatureAlgorithm {
        match self {
            Self::Rsa(_) => &rcgen::PKCS_RSA_SHA256,
            Self::EcP256 => &rcgen::PKCS_ECDSA_P256_SHA256,
            Self::EcP384 => &rcgen::PKCS_ECDSA_P384_SHA384,
            Self::Ed25519 => &rcgen::PKCS_ED25519,
        }
    }
}

impl fmt::Display for KeyAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa(bits) => write!(f, "rsa:{bits}"),
            Self::EcP256 => f.write_str("ec:p256"),
            Self::EcP384 => f.write_str("ec:p384"),
            Self::Ed25519 => f.write_str("ed25519"),
        }
    }
}

impl FromStr for KeyAlgorithm {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        match text.to_ascii_lowercase().as_str() {
            "rsa:2048" => Ok(Self::Rsa(2048)),
            "rsa:3072" => Ok(Self::Rsa(3072)),
            "rsa:4096" => Ok(Self::Rsa(4096)),
            "ec:p256" => Ok(Self::EcP256),
            "ec:p384" => Ok(Self::EcP384),
            "ed25519" => Ok(Self::Ed25519),
            _ => Err(KeyError::UnknownAlgorithm(text.to_owned())),
        }
    }
}

/// A private key with its public half. `Debug` shows the algorithm and the public key's fingerprint only.
pub struct KeyPair {
    private: Private,
    algorithm: KeyAlgorithm,
    spki: Vec<u8>,
}

enum Private {
    Rsa(Box<RsaKeyPair>),
    Ec(Box<EcdsaKeyPair>),
    Ed25519(Box<Ed25519KeyPair>),
}

/// DER of a SubjectPublicKeyInfo up to the point itself, for the curves whose points have one length.
pub(super) const SPKI_P256: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];
pub(super) const SPKI_P384: &[u8] = &[
    0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00,
    0x22, 0x03, 0x62, 0x00,
];
pub(super) const SPKI_ED25519: &[u8] = &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

impl KeyPair {
    /// Makes a new key.
    ///
    /// # Errors
    /// The library refuses, which it does only for an RSA size outside [`KeyAlgorithm`]'s spellings.
    pub fn generate(algorithm: KeyAlgorithm) -> Result<Self, KeyError> {
        use aws_lc_rs::rsa::KeySize;
        let failed = |_| KeyError::Failed("generate a key");
        match algorithm {
            KeyAlgorithm::Rsa(bits) => {
                let size = match bits {
                    2048 => KeySize::Rsa2048,
                    3072 => KeySize::Rsa3072,
                    4096 => KeySize::Rsa4096,
                    _ => return Err(KeyError::UnknownAlgorithm(format!("rsa:{bits}"))),
                };
                Self::of_rsa(RsaKeyPair::generate(size).map_err(failed)?)
            }
            KeyAlgorithm::EcP256 => {
                Ok(Self::of_p256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).map_err(failed)?))
            }
            KeyAlgorithm::EcP384 => {
                Ok(Self::of_p384(EcdsaKeyPair::generate(&ECDSA_P384_SHA384_ASN1_SIGNING).map_err(failed)?))
            }
            KeyAlgorithm::Ed25519 => Ok(Self::of_ed25519(Ed25519KeyPair::generate().map_err(failed)?)),
        }
    }

    /// Loads an unencrypted PKCS#8 key, version 1 or 2.
    ///
    /// # Errors
    /// [`KeyError::Unreadable`] for other bytes or algorithms.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        if let Ok(key) = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, der) {
            return Ok(Self::of_p256(key));
        }
        if let Ok(key) = EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_ASN1_SIGNING, der) {
            return Ok(Self::of_p384(key));
        }
        // "maybe unchecked" reads version 1, which has no public key to check against; the library derives it.
        if let Ok(key) = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der) {
            return Ok(Self::of_ed25519(key));
        }
        Self::of_rsa(RsaKeyPair::from_pkcs8(der).map_err(|_| KeyError::Unreadable)?)
    }

    /// The key as PKCS#8 version 1: version 2 (with the public key) is refused by Java and OpenSSL 3.0 for Ed25519.
    ///
    /// # Errors
    /// The library refuses to encode.
    pub fn to_pkcs8(&self) -> Result<SecretBytes, KeyError> {
        let failed = |_| KeyError::Failed("encode a private key");
        Ok(SecretBytes::new(match &self.private {
            Private::Rsa(key) => AsDer::<Pkcs8V1Der<'_>>::as_der(&**key).map_err(failed)?.as_ref().to_vec(),
            Private::Ec(key) => key.to_pkcs8v1().map_err(failed)?.as_ref().to_vec(),
            Private::Ed25519(key) => key.to_pkcs8v1().map_err(failed)?.as_ref().to_vec(),
        }))
    }

    /// The algorithm and size.
    pub fn algorithm(&self) -> KeyAlgorithm {
        self.algorithm
    }

    /// DER of the SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7).
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// SHA-256 of [`KeyPair::spki`]: the name of this key in records and inventory.
    pub fn key_hash(&self) -> KeyHash {
        KeyHash::of(&self.spki)
    }

    /// Signs `message` with the one signature algorithm that goes with this key.
    ///
    /// # Errors
    /// The library refuses to sign.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let failed = |_| KeyError::Failed("sign");
        match &self.private {
            Private::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).map_err(failed)?;
                Ok(signature)
            }
            Private::Ec(key) => Ok(key.sign(&SystemRandom::new(), message).map_err(failed)?.as_ref().to_vec()),
            Private::Ed25519(key) => Ok(key.try_sign(message).map_err(failed)?.as_ref().to_vec()),
        }
    }

    fn of_rsa(key: RsaKeyPair) -> Result<Self, KeyError> {
        let spki = AsDer::<PublicKeyX509Der<'_>>::as_der(key.public_key())
            .map_err(|_| KeyError::Failed("encode a public key"))?
            .as_ref()
            .to_vec();
        let bits = u16::try_from(key.public_modulus_len() * 8).map_err(|_| KeyError::Unreadable)?;
        Ok(Self { private: Private::Rsa(Box::new(key)), algorithm: KeyAlgorithm::Rsa(bits), spki })
    }

    fn of_p256(key: EcdsaKeyPair) -> Self {
        let spki = [SPKI_P256, key.public_key().as_ref()].concat();
        Self { private: Private::Ec(Box::new(key)), algorithm: KeyAlgorithm::EcP256, spki }
    }

    fn of_p384(key: EcdsaKeyPair) -> Self {
        let spki = [SPKI_P384, key.public_key().as_ref()].concat();
        Self { private: Private::Ec(Box::new(key)), algorithm: KeyAlgorithm::EcP384, spki }
    }

    fn of_ed25519(key: Ed25519KeyPair) -> Self {
        let spki = [SPKI_ED25519, key.public_key().as_ref()].concat();
        Self { private: Private::Ed25519(Box::new(key)), algorithm: KeyAlgorithm::Ed25519, spki }
    }
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyPair({}, spki sha256 {})", self.algorithm, self.key_hash())
    }
}

/// [`rcgen::SigningKey`] is the trait through which keys in tokens and key services sign, too.
impl rcgen::PublicKeyData for KeyPair {
    fn subject_public_key_info(&self) -> Vec<u8> {
        self.spki.clone()
    }

    fn der_bytes(&self) -> &[u8] {
        match &self.private {
            Private::Rsa(key) => key.public_key().as_ref(),
            Private::Ec(key) => key.public_key().as_ref(),
            Private::Ed25519(key) => key.public_key().as_ref(),
        }
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        self.algorithm.rcgen_algorithm()
    }
}

impl rcgen::SigningKey for KeyPair {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Self::sign(self, message).map_err(|_| rcgen::Error::RemoteKeyError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_algorithm_survives_pkcs8() -> Result<(), KeyError> {
        for name in ["rsa:2048", "ec:p256", "ec:p384", "ed25519"] {
            let algorithm: KeyAlgorithm = name.parse()?;
            let made = KeyPair::generate(algorithm)?;
            let loaded = KeyPair::from_pkcs8(made.to_pkcs8()?.expose())?;
            assert_eq!(loaded.spki(), made.spki(), "{name}");
            assert_eq!(loaded.algorithm().to_string(), name);
            assert_eq!(rcgen::PublicKeyData::subject_public_key_info(&made), loaded.spki());
            assert!(!loaded.sign(b"message")?.is_empty());
        }
        Ok(())
    }

    #[test]
    fn other_bytes_and_names_are_refused() {
        assert!(matches!(KeyPair::from_pkcs8(b"nonsense"), Err(KeyError::Unreadable)));
        assert!(matches!("rsa:1024".parse::<KeyAlgorithm>(), Err(KeyError::UnknownAlgorithm(_))));
    }
}
