//! How certificates, keys and signed content are wrapped: PEM (RFC 7468), PKCS#7 and CMS (RFC 5652).

pub mod envelope;
pub mod pem;
pub mod pkcs7;
pub mod signed_data;
