//! Secrets: wiped from memory after use, and never shown by `Debug`.

use std::fmt;
use std::path::Path;

use zeroize::Zeroizing;

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
    /// The file cannot be read, is not UTF-8, or its first line is empty.
    pub fn from_file(path: &Path) -> std::io::Result<Self> {
        let bytes = Zeroizing::new(std::fs::read(path)?);
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
