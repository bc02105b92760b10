//! Message authentication codes: only a holder of the key can make one.

use aws_lc_rs::{constant_time, hmac};

/// The key of codes: HMAC-SHA256 (RFC 2104).
#[derive(Clone)]
pub struct MacKey(hmac::Key);

/// A code.
pub type Mac = [u8; 32];

impl MacKey {
    /// The key that comes from a secret of the home. For another purpose another one comes from the same secret.
    pub fn derived(secret: &[u8], purpose: &[u8]) -> Self {
        let of_secret = hmac::Key::new(hmac::HMAC_SHA256, secret);
        Self(hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&of_secret, purpose).as_ref()))
    }

    /// The code of some parts. Each part counts with its length, so that none can flow into the next.
    pub fn code(&self, parts: &[&[u8]]) -> Mac {
        let mut context = hmac::Context::with_key(&self.0);
        for part in parts {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        let mut code = [0; 32];
        code.copy_from_slice(context.sign().as_ref());
        code
    }

    /// Whether `code` is the one of the parts.
    pub fn fits(&self, code: &[u8], parts: &[&[u8]]) -> bool {
        constant_time::verify_slices_are_equal(code, &self.code(parts)).is_ok()
    }
}

impl std::fmt::Debug for MacKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MacKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_fits_the_parts_it_was_made_of_and_no_others() {
        let key = MacKey::derived(b"secret", b"rows");
        let code = key.code(&[b"ab", b"c"]);
        assert!(key.fits(&code, &[b"ab", b"c"]));
        for other in [&[&b"a"[..], b"bc"][..], &[b"abc"], &[b"ab", b"c", b""], &[b"ab", b"d"]] {
            assert!(!key.fits(&code, other), "{other:?}");
        }
        assert!(!key.fits(&code[..31], &[b"ab", b"c"]));
        assert!(!MacKey::derived(b"secret", b"head").fits(&code, &[b"ab", b"c"]));
        assert!(!MacKey::derived(b"Secret", b"rows").fits(&code, &[b"ab", b"c"]));
        assert_eq!(format!("{key:?}"), "MacKey");
    }
}
