//! Check values made anew.

use aws_lc_rs::{digest, hmac};
use certroll_pki::key::KeyPair;

/// The password of every seed.
pub const PASSWORD: &str = "changeit";
const SALT: &[u8] = b"salted..";

/// A JKS of these bytes but the last 20, with their right digest in place of those.
pub fn jks(bytes: &[u8]) -> Vec<u8> {
    let body = &bytes[..bytes.len().saturating_sub(20)];
    let mut context = digest::Context::new(&digest::SHA1_FOR_LEGACY_USE_ONLY);
    PASSWORD.encode_utf16().for_each(|unit| context.update(&unit.to_be_bytes()));
    context.update(b"Mighty Aphrodite");
    context.update(body);
    [body, context.finish().as_ref()].concat()
}

/// A PFX (RFC 7292 section 4) around an AuthenticatedSafe, with its HMAC-SHA-256 under one iteration.
pub fn pkcs12(safe: &[u8]) -> Vec<u8> {
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &mac_key()), safe);
    let sha256 = der(0x30, &[&der(0x06, &[b"\x60\x86\x48\x01\x65\x03\x04\x02\x01"]), &der(0x05, &[])]);
    let digest_info = der(0x30, &[&sha256, &der(0x04, &[mac.as_ref()])]);
    let mac_data = der(0x30, &[&digest_info, &der(0x04, &[SALT]), &der(0x02, &[b"\x01"])]);
    let data = der(0x06, &[b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"]);
    let content = der(0x30, &[&data, &der(0xa0, &[&der(0x04, &[safe])])]);
    der(0x30, &[&der(0x02, &[b"\x03"]), &content, &mac_data])
}

/// RFC 7292 appendix B.2 for SHA-256, purpose 3 (MAC), one iteration: one block of output is the whole key.
fn mac_key() -> [u8; 32] {
    let block =
        |bytes: &[u8]| -> Vec<u8> { bytes.iter().copied().cycle().take(bytes.len().div_ceil(64) * 64).collect() };
    let password: Vec<u8> = PASSWORD.encode_utf16().chain([0]).flat_map(u16::to_be_bytes).collect();
    let mut context = digest::Context::new(&digest::SHA256);
    [&[3; 64][..], &block(SALT), &block(&password)].iter().for_each(|part| context.update(part));
    let mut key = [0; 32];
    key.copy_from_slice(context.finish().as_ref());
    key
}

/// A request (RFC 2986 section 4.2) around a CertificationRequestInfo, signed with a P-256 key.
pub fn request(info: &[u8], key: &KeyPair) -> Vec<u8> {
    let signature = key.sign(info).expect("a key signs");
    let ecdsa_sha256 = der(0x30, &[&der(0x06, &[b"\x2a\x86\x48\xce\x3d\x04\x03\x02"])]);
    der(0x30, &[info, &ecdsa_sha256, &der(0x03, &[b"\0", &signature])])
}

/// One DER element.
fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = vec![tag];
    let bytes = length.to_be_bytes();
    let significant = &bytes[bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len() - 1)..];
    if length >= 0x80 {
        out.push(0x80 | significant.len() as u8);
    }
    out.extend_from_slice(significant);
    parts.iter().for_each(|part| out.extend_from_slice(part));
    out
}

/// The content of the DER element at the beginning, and what follows it; `None` if it is cut off.
pub fn open(element: &[u8]) -> Option<(&[u8], &[u8])> {
    let first = usize::from(*element.get(1)?);
    let octets = if first < 0x80 { 0 } else { first & 0x7f };
    let length = match octets {
        0 => first,
        1..=4 => element.get(2..2 + octets)?.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)),
        _ => return None,
    };
    element.get(2 + octets..)?.split_at_checked(length)
}
