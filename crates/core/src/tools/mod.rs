//! What needs no home: keystores, key files, requests, signed messages, verifying certificates, and looking at what others made.

pub mod certificate_files;
pub mod csr;
pub mod csr_lint;
pub mod inspect;
pub mod key_file;
pub mod keystore;
pub mod lint;
pub mod message;
pub mod openssl_ca;
pub mod verify;
