//! The key service as documented: signs a message of up to 4096 bytes, or the digest of a longer one. OpenSSL signs, because
//! moto takes every digest for a message.

use std::fs;

use base64ct::{Base64, Encoding as _};
use certroll_pki::digest::DigestAlgorithm;
use serde_json::{Value, json};

use super::{Refusal, Replay, field, unknown_call};
use crate::peers::openssl;

/// The one key that there is.
pub(crate) const KEY: &str = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
/// The longest message that is signed whole.
const LONGEST: usize = 4_096;

impl Replay {
    pub(super) fn key_service(&self, action: &str, body: &Value) -> Result<Value, Refusal> {
        if field(body, "KeyId") != KEY {
            return Err(("NotFoundException", "There is no such key.".to_owned()));
        }
        let path = |name: &str| self.directory().join(name).display().to_string();
        let key = path("kms.pem");
        if !self.directory().join("kms.pem").exists() {
            let made = openssl(&["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", &key]);
            assert!(made.success(), "{made:?}");
        }
        match action {
            "GetPublicKey" => {
                let public = path("kms.spki");
                let read = openssl(&["pkey", "-in", &key, "-pubout", "-outform", "DER", "-out", &public]);
                assert!(read.success(), "{read:?}");
                let spki = fs::read(&public).expect("the public key can be read");
                Ok(json!({"KeyId": KEY, "PublicKey": Base64::encode_string(&spki), "KeySpec": "ECC_NIST_P256",
                          "KeyUsage": "SIGN_VERIFY", "SigningAlgorithms": ["ECDSA_SHA_256"]}))
            }
            "Sign" => {
                let message = Base64::decode_vec(field(body, "Message")).expect("a blob is base64");
                let digest = match field(body, "MessageType") {
                    "DIGEST" if message.len() == 32 => message,
                    "RAW" if message.len() <= LONGEST => DigestAlgorithm::Sha256.of(&message),
                    _ => return Err(("ValidationException", "The message has a wrong length.".to_owned())),
                };
                let (input, output) = (path("kms.digest"), path("kms.signature"));
                fs::write(&input, digest).expect("a file can be written");
                let arguments = ["pkeyutl", "-sign", "-inkey", &key, "-in", &input, "-out", &output];
                let signed = openssl(&arguments);
                assert!(signed.success(), "{signed:?}");
                let signature = fs::read(&output).expect("the signature can be read");
                Ok(json!({"KeyId": KEY, "Signature": Base64::encode_string(&signature),
                          "SigningAlgorithm": "ECDSA_SHA_256"}))
            }
            _ => Err(unknown_call()),
        }
    }
}
