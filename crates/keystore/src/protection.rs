//! How a keystore file is protected: which algorithms, how many iterations. For looking, and for writing a file anew the
//! way it was.

use crate::bundle::Profile;
use crate::registry::Format;
use crate::{jks, pkcs12};
use certroll_pki::container::pem::{self, Label};
use certroll_pki::key::encryption;

/// One protected part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// `integrity`, `certificates`, `keys` or `secrets`.
    pub of: &'static str,
    /// The algorithm by its usual name, or its object identifier.
    pub algorithm: String,
    /// Iterations of the derivation, where it has any.
    pub iterations: Option<u32>,
    /// Why it is not enough by today's measure.
    pub weakness: Option<&'static str>,
}

impl Part {
    pub(super) fn new(of: &'static str, algorithm: impl Into<String>, iterations: Option<u32>) -> Self {
        Self { of, algorithm: algorithm.into(), iterations, weakness: None }
    }

    pub(super) fn weak(mut self, why: &'static str) -> Self {
        self.weakness.get_or_insert(why);
        self
    }
}

/// The protected parts of a keystore, each kind once, without its password. Bytes that cannot be read have none.
pub fn parts(format: &Format, bytes: &[u8]) -> Vec<Part> {
    let mut parts = match format.id {
        "pkcs12" => pkcs12::protection::parts(bytes).unwrap_or_default(),
        "jks" => jks_parts(bytes),
        _ => pem_parts(bytes),
    };
    let mut seen: Vec<Part> = Vec::new();
    parts.retain(|part| {
        let new = !seen.contains(part);
        seen.push(part.clone());
        new
    });
    parts
}

/// The choices with which the writer comes closest to a file that is there: never fewer iterations than the default.
pub fn as_before(parts: &[Part], default: u32) -> (Profile, u32) {
    /// Beyond this, readers of PKCS#12 refuse.
    const MOST: u32 = 1_000_000;
    let old = parts.iter().any(|part| part.of != "integrity" && part.algorithm.starts_with("pbeWithSHA"));
    let most = parts.iter().filter_map(|part| part.iterations).max().unwrap_or_default();
    (if old { Profile::Compatible } else { Profile::Modern }, most.max(default).min(MOST))
}

fn jks_parts(bytes: &[u8]) -> Vec<Part> {
    let sha1 = "SHA-1 without iterations: nothing but the length of the password protects it";
    let keys = if bytes.starts_with(&jks::MAGIC_JCEKS) { "PBEWithMD5AndTripleDES" } else { "Sun key protector, SHA-1" };
    vec![Part::new("integrity", "SHA-1", None).weak(sha1), Part::new("keys", keys, None).weak(sha1)]
}

fn pem_parts(bytes: &[u8]) -> Vec<Part> {
    let mut parts = Vec::new();
    for block in pem::read(bytes).unwrap_or_default() {
        match block.label {
            Label::PrivateKey => parts.push(Part::new("keys", "none", None).weak("the key is not encrypted")),
            Label::EncryptedPrivateKey => {
                let described = encryption::describe(block.der.expose());
                let (algorithm, iterations) = described.unwrap_or_else(|_| ("unknown".to_owned(), None));
                parts.push(Part::new("keys", algorithm, iterations));
            }
            _ => {}
        }
    }
    parts
}
