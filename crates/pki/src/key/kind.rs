//! Kinds of public keys, as they are found: those that certroll makes, and all the others.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use super::KeyAlgorithm;
use crate::verify::signature;

/// What kind of key a SubjectPublicKeyInfo holds. Written as [`KeyAlgorithm`] is where it is one of those, else `rsa:1024`,
/// `ec:brainpoolP256r1`, `ed448` or a dotted OID.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PublicKeyKind {
    /// One that certroll could have made, or RSA of another size that it signs with.
    Known(KeyAlgorithm),
    /// RSA of any other size.
    Rsa(u64),
    /// Another one, by its name. RSA whose numbers cannot be read is `rsa`.
    Other(String),
}

impl PublicKeyKind {
    /// The kind of the key in a SubjectPublicKeyInfo.
    pub fn of(spki: &[u8]) -> Self {
        Self::from(signature::key_description(spki).as_str())
    }

    /// The algorithm, if it is one that certroll signs with.
    pub fn algorithm(&self) -> Option<KeyAlgorithm> {
        match self {
            Self::Known(algorithm) => Some(*algorithm),
            Self::Rsa(_) | Self::Other(_) => None,
        }
    }

    /// Whether it is RSA, of whatever size.
    pub fn is_rsa(&self) -> bool {
        matches!(self, Self::Known(KeyAlgorithm::Rsa(_)) | Self::Rsa(_))
            || matches!(self, Self::Other(name) if name == "rsa")
    }

    /// Bits of the modulus of an RSA key; `None` also when they are not known.
    pub fn rsa_bits(&self) -> Option<u64> {
        match self {
            Self::Known(KeyAlgorithm::Rsa(bits)) => Some(u64::from(*bits)),
            Self::Rsa(bits) => Some(*bits),
            _ => None,
        }
    }

    /// Whether it is on a curve of Weierstrass form, as keys of ECDSA and ECDH are.
    pub fn is_elliptic(&self) -> bool {
        match self {
            Self::Known(algorithm) => {
                matches!(algorithm, KeyAlgorithm::EcP256 | KeyAlgorithm::EcP384 | KeyAlgorithm::EcP521)
            }
            Self::Rsa(_) => false,
            Self::Other(name) => name.starts_with("ec:"),
        }
    }
}

impl From<KeyAlgorithm> for PublicKeyKind {
    fn from(algorithm: KeyAlgorithm) -> Self {
        Self::Known(algorithm)
    }
}

/// Reads what [`fmt::Display`] writes; every text is some kind.
impl From<&str> for PublicKeyKind {
    fn from(text: &str) -> Self {
        if let Ok(algorithm) = text.parse() {
            return Self::Known(algorithm);
        }
        match text.strip_prefix("rsa:").and_then(|bits| bits.parse::<u64>().ok()) {
            Some(bits) if (2048..=8192).contains(&bits) => {
                Self::Known(KeyAlgorithm::Rsa(u16::try_from(bits).unwrap_or_default()))
            }
            Some(bits) => Self::Rsa(bits),
            None => Self::Other(text.to_owned()),
        }
    }
}

impl FromStr for PublicKeyKind {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::from(text))
    }
}

impl fmt::Display for PublicKeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(algorithm) => algorithm.fmt(f),
            Self::Rsa(bits) => write!(f, "rsa:{bits}"),
            Self::Other(name) => f.write_str(name),
        }
    }
}

impl serde::Serialize for PublicKeyKind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for PublicKeyKind {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from(String::deserialize(deserializer)?.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::KeyPair;

    #[test]
    fn kinds_are_read_as_they_are_written() {
        for (text, rsa, bits, elliptic, ours) in [
            ("rsa:3072", true, Some(3072), false, true),
            ("rsa:3071", true, Some(3071), false, true),
            ("rsa:1024", true, Some(1024), false, false),
            ("rsa", true, None, false, false),
            ("rsa-pss", false, None, false, false),
            ("ec:p521", false, None, true, true),
            ("ec:brainpoolP256r1", false, None, true, false),
            ("ed25519", false, None, false, true),
            ("ed448", false, None, false, false),
            ("1.2.3", false, None, false, false),
        ] {
            let kind = PublicKeyKind::from(text);
            assert_eq!(kind.to_string(), text);
            assert_eq!(
                (kind.is_rsa(), kind.rsa_bits(), kind.is_elliptic(), kind.algorithm().is_some()),
                (rsa, bits, elliptic, ours)
            );
        }
        let key = KeyPair::generate("ec:p256".parse().unwrap()).unwrap();
        assert_eq!(PublicKeyKind::of(key.spki()), KeyAlgorithm::EcP256.into());
    }
}
