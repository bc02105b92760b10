//! SHA-256 digests that say what they are of: the digest of a certificate is no digest of a key.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use crate::encoding::{self, Sha256};

/// The SHA-256 digest of a `T`. `Display` and `Debug` write it as 64 lower-case hexadecimal digits.
///
/// ```
/// struct Page;
/// let digest = certroll_base::digest::DigestOf::<Page>::of(b"abc");
/// assert!(digest.to_string().starts_with("ba7816bf"));
/// assert_eq!(certroll_base::digest::DigestOf::from_hex(&digest.to_string()), Some(digest));
/// ```
pub struct DigestOf<T>(Sha256, PhantomData<fn() -> T>);

impl<T> DigestOf<T> {
    /// The digest that was computed before.
    pub const fn new(digest: Sha256) -> Self {
        Self(digest, PhantomData)
    }

    /// The digest of those bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self::new(encoding::sha256(bytes))
    }

    /// Reads 64 hexadecimal digits of either case; `None` for anything else.
    pub fn from_hex(text: &str) -> Option<Self> {
        encoding::sha256_from_hex(text).map(Self::new)
    }

    /// Its 32 bytes.
    pub const fn as_bytes(&self) -> &Sha256 {
        &self.0
    }
}

impl<T> From<DigestOf<T>> for Sha256 {
    fn from(digest: DigestOf<T>) -> Self {
        digest.0
    }
}

impl<T> fmt::Display for DigestOf<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&encoding::hex(&self.0))
    }
}

impl<T> fmt::Debug for DigestOf<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

// By hand: derived implementations would ask the same of `T`.

impl<T> Clone for DigestOf<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for DigestOf<T> {}

impl<T> PartialEq for DigestOf<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> Eq for DigestOf<T> {}

impl<T> PartialOrd for DigestOf<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for DigestOf<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl<T> Hash for DigestOf<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
