//! Secrets: wiped from memory after use, and never shown by `Debug`.

use std::fmt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use zeroize::Zeroizing;

/// The largest password file, in bytes.
const LARGEST_FILE: u64 = 1 << 16;

/// A password or passphrase.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over; the copy held here is wiped on drop.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself. Call it where it is used up, not to store it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Reads a password file: its first line, without the line end, as `keytool` and `openssl` do.
    ///
    /// # Errors
    /// The file cannot be read or can be written by others, is larger than 64 KiB, is not UTF-8, or its first line is empty.
    pub fn from_file(path: &Path) -> std::io::Result<Self> {
        if path.metadata().is_ok_and(|metadata| metadata.is_file() && others_can_write(&metadata)) {
            let text = "others can write it, and could put a password of theirs there: `chmod go-w` it";
            return Err(std::io::Error::new(std::io::ErrorKind::PermissionDenied, text));
        }
        let bytes = Zeroizing::new(crate::input::read_up_to(path, LARGEST_FILE)?);
        Self::from_first_line(&bytes)
    }

    /// The first line of `bytes` as a password.
    ///
    /// # Errors
    /// The line is not UTF-8 or is empty.
    pub fn from_first_line(bytes: &[u8]) -> std::io::Result<Self> {
        let invalid = |why| std::io::Error::new(std::io::ErrorKind::InvalidData, why);
        let line = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let text = std::str::from_utf8(line).map_err(|_| invalid("the password is not UTF-8"))?;
        if text.is_empty() {
            return Err(invalid("the first line is empty"));
        }
        Ok(Self::new(text.to_owned()))
    }
}

/// Whether a file can be written by others than its owner, root, and the group of this process: many systems give each user a
/// group of its own and let it write.
fn others_can_write(metadata: &std::fs::Metadata) -> bool {
    let group = metadata.mode() & 0o020 != 0 && metadata.gid() != rustix::process::getegid().as_raw();
    metadata.mode() & 0o002 != 0 || group
}

/// Whether a regular file can be read by others than its owner, root, and the group of this process.
pub fn is_readable_by_others(path: &Path) -> bool {
    path.metadata().is_ok_and(|metadata| {
        let group = metadata.mode() & 0o040 != 0 && metadata.gid() != rustix::process::getegid().as_raw();
        metadata.is_file() && (metadata.mode() & 0o004 != 0 || group)
    })
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Secret bytes: a private key in DER, a derived key.
#[derive(Clone)]
pub struct SecretBytes(Zeroizing<Vec<u8>>);

impl SecretBytes {
    /// Takes the bytes over; the copy held here is wiped on drop.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes themselves. Call it where they are used up, not to store them.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretBytes(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Secret::new("hunter2".into())), "Secret(..)");
        assert_eq!(format!("{:?}", SecretBytes::new(vec![1, 2])), "SecretBytes(..)");
    }

    #[test]
    fn a_password_is_the_first_line() {
        assert_eq!(
            Secret::from_first_line(b"pass word\r\nrest").map(|s| s.expose().to_owned()).ok().as_deref(),
            Some("pass word")
        );
        assert!(Secret::from_first_line(b"\nrest").is_err());
        assert!(Secret::from_first_line(b"\xff\n").is_err());
    }
}
