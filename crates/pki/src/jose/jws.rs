//! JSON Web Signatures (RFC 7515) made with our own keys, in the flattened form that ACME requests have (RFC 8555
//! section 6.2), and the public keys in them (RFC 7517).

use aws_lc_rs::hmac;
use der::asn1::UintRef;
use der::{Decode, Sequence};
use serde_json::{Value, json};

use super::algorithm::{EDDSA, HS256, JoseAlgorithm};
use crate::key::{KeyAlgorithm, KeyError, KeyPair};
use certroll_base::encoding::{base64url, sha256};
use certroll_base::secret::SecretBytes;

/// RSAPublicKey (RFC 8017 appendix A.1.1).
#[derive(Sequence)]
struct RsaPublicKey<'a> {
    modulus: UintRef<'a>,
    exponent: UintRef<'a>,
}

/// The signature algorithm that goes with a kind of key; `None` for Ed25519, whose name servers do not agree on.
pub fn algorithm(key: KeyAlgorithm) -> Option<&'static JoseAlgorithm> {
    Some(JoseAlgorithm::of(key)).filter(|algorithm| **algorithm != EDDSA)
}

/// The public key as a JWK with its required members only, in the order of RFC 7638 section 3.
///
/// # Errors
/// The key has no [`algorithm`].
pub fn public_key(key: &KeyPair) -> Result<Value, KeyError> {
    let bytes = rcgen::PublicKeyData::der_bytes(key);
    let unreadable = |_| KeyError::Failed("read a public key");
    match algorithm(key.algorithm()).map(|algorithm| algorithm.curve) {
        Some(Some(curve)) => {
            // An uncompressed point (SEC 1 section 2.3.3): one byte, then both coordinates.
            let (x, y) = bytes.get(1..).unwrap_or_default().split_at_checked(curve.size).unwrap_or_default();
            Ok(json!({"crv": curve.name, "kty": "EC", "x": base64url(x), "y": base64url(y)}))
        }
        Some(None) => {
            let key = RsaPublicKey::from_der(bytes).map_err(unreadable)?;
            let (n, e) = (base64url(key.modulus.as_bytes()), base64url(key.exponent.as_bytes()));
            Ok(json!({"e": e, "kty": "RSA", "n": n}))
        }
        None => Err(KeyError::Failed("name the signature algorithm of an Ed25519 key")),
    }
}

/// The name of a public key: base64url of SHA-256 over its JWK (RFC 7638).
///
/// # Errors
/// As [`public_key`].
pub fn thumbprint(key: &KeyPair) -> Result<String, KeyError> {
    Ok(base64url(&sha256(public_key(key)?.to_string().as_bytes())))
}

/// Signs `payload` under that header, to which `alg` is added.
///
/// # Errors
/// The key has no [`algorithm`], or the library refuses to sign.
pub fn sign(key: &KeyPair, mut header: Value, payload: &str) -> Result<Value, KeyError> {
    let algorithm = algorithm(key.algorithm()).ok_or(KeyError::Failed("name the signature algorithm of a key"))?;
    header["alg"] = algorithm.name.into();
    let (input, mut signed) = signing_input(&header, payload);
    let signature = key.sign(input.as_bytes())?;
    let signature = algorithm.encode_signature(signature).map_err(|_| KeyError::Failed("read its own signature"))?;
    signed["signature"] = base64url(&signature).into();
    Ok(signed)
}

/// Authenticates `payload` with a key that the other side has too (HS256), under that header, to which `alg` is added.
pub fn authenticate(key: &SecretBytes, mut header: Value, payload: &str) -> Value {
    header["alg"] = HS256.into();
    let (input, mut signed) = signing_input(&header, payload);
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.expose()), input.as_bytes());
    signed["signature"] = base64url(tag.as_ref()).into();
    signed
}

fn signing_input(header: &Value, payload: &str) -> (String, Value) {
    let (header, payload) = (base64url(header.to_string().as_bytes()), base64url(payload.as_bytes()));
    (format!("{header}.{payload}"), json!({"protected": header, "payload": payload}))
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
        UnparsedPublicKey,
    };

    use super::*;
    use certroll_base::encoding::from_base64url;

    /// Verified as a server would: with nothing but what is in the JWK.
    fn verifies(jwk: &Value, signed: &Value) -> bool {
        let part = |value: &Value, name: &str| value[name].as_str().map(str::to_owned).unwrap();
        let bytes = |value: &Value, name: &str| from_base64url(&part(value, name)).unwrap();
        let input = format!("{}.{}", part(signed, "protected"), part(signed, "payload"));
        let signature = bytes(signed, "signature");
        if jwk["kty"] == "RSA" {
            let key = RsaPublicKeyComponents { n: bytes(jwk, "n"), e: bytes(jwk, "e") };
            return key.verify(&RSA_PKCS1_2048_8192_SHA256, input.as_bytes(), &signature).is_ok();
        }
        let point = [vec![4], bytes(jwk, "x"), bytes(jwk, "y")].concat();
        let algorithm = if jwk["crv"] == "P-256" { &ECDSA_P256_SHA256_FIXED } else { &ECDSA_P384_SHA384_FIXED };
        UnparsedPublicKey::new(algorithm, point).verify(input.as_bytes(), &signature).is_ok()
    }

    #[test]
    fn signatures_verify_with_the_jwk_alone() {
        for (kind, alg) in [("rsa:2048", "RS256"), ("ec:p256", "ES256"), ("ec:p384", "ES384")] {
            let key = KeyPair::generate(kind.parse().unwrap()).unwrap();
            // Numbers with leading zeros come up once in 256 signatures.
            for at in 0..300 {
                let signed = sign(&key, json!({"nonce": at}), "{}").unwrap();
                assert!(verifies(&public_key(&key).unwrap(), &signed), "{kind}");
                if kind.starts_with("rsa") && at > 3 {
                    break;
                }
            }
            let signed = sign(&key, json!({"url": "https://ca.example"}), "").unwrap();
            let header = from_base64url(signed["protected"].as_str().unwrap()).unwrap();
            assert_eq!(serde_json::from_slice::<Value>(&header).unwrap()["alg"], alg);
            assert_eq!(signed["payload"], "");
            let other = KeyPair::generate(kind.parse().unwrap()).unwrap();
            assert!(!verifies(&public_key(&other).unwrap(), &signed));
        }
        assert!(sign(&KeyPair::generate(KeyAlgorithm::Ed25519).unwrap(), json!({}), "").is_err());
    }

    /// RFC 7515 appendix A.1, whose header has its members in another order: the tag is over what is sent.
    #[test]
    fn a_shared_key_authenticates() {
        let key = SecretBytes::new(
            from_base64url("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")
                .unwrap(),
        );
        let signed = authenticate(&key, json!({"kid": "kid-1"}), "payload");
        let input = format!("{}.{}", signed["protected"].as_str().unwrap(), signed["payload"].as_str().unwrap());
        let tag = from_base64url(signed["signature"].as_str().unwrap()).unwrap();
        let key = hmac::Key::new(hmac::HMAC_SHA256, key.expose());
        assert!(hmac::verify(&key, input.as_bytes(), &tag).is_ok());
        assert!(hmac::verify(&key, b"other", &tag).is_err());
    }
}
