//! Hexadecimal and base64, and the SHA-256 that names so many things.

use aws_lc_rs::digest;
use base64ct::{Base64, Base64UrlUnpadded, Encoding};

/// A SHA-256 digest.
pub type Sha256 = [u8; 32];

/// SHA-256 of one run of bytes.
pub fn sha256(bytes: &[u8]) -> Sha256 {
    sha256_parts(&[bytes])
}

/// SHA-256 of the concatenation of `parts`.
pub fn sha256_parts(parts: &[&[u8]]) -> Sha256 {
    let mut context = digest::Context::new(&digest::SHA256);
    parts.iter().for_each(|part| context.update(part));
    let mut out = [0; 32];
    out.copy_from_slice(context.finish().as_ref());
    out
}

/// SHA-256 of bytes that come piece by piece.
#[derive(Clone)]
pub struct Hasher(digest::Context);

impl Default for Hasher {
    fn default() -> Self {
        Self(digest::Context::new(&digest::SHA256))
    }
}

impl Hasher {
    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// SHA-256 of all bytes so far.
    pub fn sha256(&self) -> Sha256 {
        let mut out = [0; 32];
        out.copy_from_slice(self.0.clone().finish().as_ref());
        out
    }
}

/// SHA-256 of everything that a reader has to give.
///
/// # Errors
/// It cannot be read.
pub fn sha256_of(reader: &mut dyn std::io::Read) -> std::io::Result<Sha256> {
    let mut context = digest::Context::new(&digest::SHA256);
    let mut buffer = vec![0; 1 << 16];
    let mut out = [0; 32];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => context.update(&buffer[..read]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    out.copy_from_slice(context.finish().as_ref());
    Ok(out)
}

/// Lower-case hexadecimal without separators.
pub fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

/// Reads hexadecimal of either case; `None` for anything else.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    base16ct::mixed::decode_vec(text).ok()
}

/// Reads exactly 32 bytes of hexadecimal.
pub fn sha256_from_hex(text: &str) -> Option<Sha256> {
    from_hex(text)?.try_into().ok()
}

/// Standard base64 with padding (RFC 4648 section 4).
pub fn base64(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

/// Reads standard base64 strictly: padding required, unused bits zero, no white space. `None` for anything else.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    Base64::decode_vec(text).ok()
}

/// base64url without padding (RFC 4648 section 5, RFC 7515 section 2).
pub fn base64url(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// Reads base64url strictly (RFC 4648 section 5, RFC 7515 section 2): no padding, unused bits zero, no white space.
pub fn from_base64url(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_has_one_encoding_only() {
        assert_eq!(from_base64("QQ==").as_deref(), Some(&b"A"[..]));
        for alias in ["QQ", "QR==", "QQ==\n", " QQ==", "QQ="] {
            assert_eq!(from_base64(alias), None, "{alias:?}");
        }
        assert_eq!(from_base64url("-_8").as_deref(), Some(&[0xfb, 0xff][..]));
        assert_eq!(base64url(&[0xfb, 0xff]), "-_8");
        for alias in ["-_9", "-_8=", "+/8", "-_8\n", " -_8", "-_8A="] {
            assert_eq!(from_base64url(alias), None, "{alias:?}");
        }
    }
}
