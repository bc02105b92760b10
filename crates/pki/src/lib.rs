//! Names, keys, requests, certificates, chains and revocation lists: pure functions over bytes, no files, no clock.
//!
//! Standards: X.509 and CRL profile RFC 5280, CSRs RFC 2986, PKCS#8 RFC 5958, PBES2 RFC 8018, SubjectPublicKeyInfo of
//! Ed25519 RFC 8410. Encoders of certificates live nowhere else.
//!
//! Internals of certroll: any release may change this API in any way.

pub mod admission;
pub mod container;
pub mod digest;
pub mod jose;
pub mod key;
pub mod lint;
pub mod name;
pub mod ocsp;
pub mod path;
pub mod verify;
pub mod x509;
