//! The signature algorithms of JOSE (RFC 7518 section 3, RFC 8037): their names, and the same algorithms as certificates have
//! them.

use crate::key::{KeyAlgorithm, public_key};
use crate::verify::signature::{self, SignatureError};

/// HMAC with SHA-256: the one algorithm with a secret that both sides have. Not a row of the table: no public key verifies it.
pub(super) const HS256: &str = "HS256";

/// A signature algorithm with public keys.
#[derive(Debug, PartialEq, Eq)]
pub struct JoseAlgorithm {
    /// Its name in `alg`.
    pub name: &'static str,
    /// The curve of its keys; `None` for RSA and Ed25519.
    pub(super) curve: Option<EcCurve>,
    /// Dotted OID of the same algorithm in certificates.
    oid: &'static str,
}

/// A curve of ECDSA (RFC 7518 section 6.2.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EcCurve {
    /// Its name in `crv`.
    pub(super) name: &'static str,
    /// Bytes of a coordinate, and of each of the two numbers of a signature.
    pub(super) size: usize,
}

pub(super) const P256: EcCurve = EcCurve { name: "P-256", size: 32 };
pub(super) const P384: EcCurve = EcCurve { name: "P-384", size: 48 };

pub(super) const P521: EcCurve = EcCurve { name: "P-521", size: 66 };

pub(super) static RS256: JoseAlgorithm = JoseAlgorithm { name: "RS256", curve: None, oid: signature::RSA_SHA256 };
pub(super) static RS384: JoseAlgorithm = JoseAlgorithm { name: "RS384", curve: None, oid: signature::RSA_SHA384 };
pub(super) static ES256: JoseAlgorithm =
    JoseAlgorithm { name: "ES256", curve: Some(P256), oid: signature::ECDSA_SHA256 };
pub(super) static ES384: JoseAlgorithm =
    JoseAlgorithm { name: "ES384", curve: Some(P384), oid: signature::ECDSA_SHA384 };
pub(super) static ES512: JoseAlgorithm =
    JoseAlgorithm { name: "ES512", curve: Some(P521), oid: signature::ECDSA_SHA512 };
pub(super) static EDDSA: JoseAlgorithm = JoseAlgorithm { name: "EdDSA", curve: None, oid: signature::ED25519 };

impl JoseAlgorithm {
    /// The one that goes with a kind of key.
    pub fn of(key: KeyAlgorithm) -> &'static Self {
        match key {
            KeyAlgorithm::Rsa(_) => &RS256,
            KeyAlgorithm::EcP256 => &ES256,
            KeyAlgorithm::EcP384 => &ES384,
            KeyAlgorithm::EcP521 => &ES512,
            KeyAlgorithm::Ed25519 => &EDDSA,
        }
    }

    /// A signature as keys make it, in the form of JOSE: the two numbers of ECDSA one after the other (RFC 7518 section 3.4).
    ///
    /// # Errors
    /// It is not one of the curve.
    pub(super) fn encode_signature(&self, signature: Vec<u8>) -> Result<Vec<u8>, der::Error> {
        match self.curve {
            Some(curve) => public_key::ecdsa_fixed(&signature, curve.size),
            None => Ok(signature),
        }
    }

    /// Checks a signature in the form of JOSE by the key of `spki`, which must be one of this algorithm.
    ///
    /// # Errors
    /// [`SignatureError`].
    pub(super) fn verify(&self, spki: &[u8], message: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
        let encoded = match self.curve {
            Some(curve) if signature.len() == 2 * curve.size => {
                public_key::ecdsa_der(signature).map_err(|_| SignatureError::Malformed)?
            }
            Some(_) => return Err(SignatureError::Wrong),
            None => signature.to_vec(),
        };
        signature::verify(spki, self.oid, message, &encoded)
    }
}
