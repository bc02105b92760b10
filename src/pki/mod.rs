//! Names, keys, requests, certificates, chains and revocation lists: pure functions over bytes, no files, no clock.
//!
//! Standards: X.509 and CRL profile RFC 5280, CSRs RFC 2986, PKCS#8 RFC 5958, PBES2 RFC 8018, SubjectPublicKeyInfo of
//! Ed25519 RFC 8410. Encoders of certificates live nowhere else.

mod attribute;
pub mod certificate;
pub mod compact_jws;
pub mod crl;
pub mod digest;
pub mod distinguished_name;
pub mod encryption;
pub mod envelope;
pub mod extensions;
pub mod general_name;
pub mod id_token;
pub mod jws;
pub mod key;
pub mod name_constraints;
pub mod path;
pub mod pem;
pub mod pkcs7;
pub mod public_key;
pub mod reason;
pub mod request;
pub mod serial;
pub mod signature;
pub mod signed_data;
pub mod signing;
pub mod signing_door;
mod strict_json;
pub mod validity;
