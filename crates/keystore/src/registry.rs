//! The table of formats: what they are called, which files are theirs, how their bytes begin.

use std::path::Path;

use crate::KeystoreFormat;
use crate::jks::{self, Jks};
use crate::pem::Pem;
use crate::pkcs12::Pkcs12;

/// One row of [`FORMATS`].
pub struct Format {
    /// The name on the command line and in documents.
    pub id: &'static str,
    /// File name extensions, lower case, without the dot.
    pub extensions: &'static [&'static str],
    /// Whether the bytes are unfit for a terminal.
    pub binary: bool,
    /// The implementation.
    pub format: &'static dyn KeystoreFormat,
    looks_like: fn(&[u8]) -> bool,
}

impl std::fmt::Debug for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Format({})", self.id)
    }
}

/// Every format there is. A new one is a new file and a row here.
pub const FORMATS: &[Format] = &[
    Format { id: "pem", extensions: &["pem", "crt", "cer"], binary: false, format: &Pem, looks_like: is_pem },
    Format {
        id: "pkcs12",
        extensions: &["p12", "pfx", "pkcs12"],
        binary: true,
        format: &Pkcs12,
        looks_like: is_pkcs12,
    },
    Format { id: "jks", extensions: &["jks", "keystore", "ks"], binary: true, format: &Jks, looks_like: is_jks },
];

/// The format of that name.
pub fn by_id(id: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.id == id)
}

/// The format a file of that name should have, by its extension in either case.
pub fn by_extension(path: &Path) -> Option<&'static Format> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    FORMATS.iter().find(|format| format.extensions.contains(&extension.as_str()))
}

/// The format these bytes are in. Believe it rather than the file's name: since Java 9 many a `.jks` is PKCS#12.
pub fn detect(bytes: &[u8]) -> Option<&'static Format> {
    FORMATS.iter().find(|format| (format.looks_like)(bytes))
}

/// What the format is called where JKS and its cousin must be told apart: `jceks` is read only.
pub fn name_of(format: &Format, bytes: &[u8]) -> &'static str {
    if bytes.starts_with(&jks::MAGIC_JCEKS) { "jceks" } else { format.id }
}

fn is_pem(bytes: &[u8]) -> bool {
    bytes.windows(11).any(|window| window == b"-----BEGIN ")
}

fn is_jks(bytes: &[u8]) -> bool {
    bytes.starts_with(&jks::MAGIC) || bytes.starts_with(&jks::MAGIC_JCEKS)
}

/// A SEQUENCE whose first element is the INTEGER 3 (RFC 7292 section 4). Certificates and bare keys begin otherwise.
fn is_pkcs12(bytes: &[u8]) -> bool {
    let Some([0x30, length, rest @ ..]) = bytes.get(..) else { return false };
    let skipped = if *length > 0x80 { usize::from(length & 0x7f) } else { 0 };
    rest.get(skipped..).is_some_and(|content| content.starts_with(&[0x02, 0x01, 0x03]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::WriteOptions;
    use crate::samples::{self, NOW, secret};

    #[test]
    fn what_a_format_writes_is_detected_as_its_own() {
        let password = secret("changeit");
        for format in FORMATS {
            let options = WriteOptions { iterations: 10, ..WriteOptions::new(&password, NOW) };
            let bytes = format.format.write(&samples::entries("ec:p256"), &options).unwrap();
            assert_eq!(detect(&bytes).map(|found| found.id), Some(format.id));
            assert_eq!(by_id(format.id).map(|found| found.id), Some(format.id));
            for extension in format.extensions {
                let path = format!("a/b.{}", extension.to_uppercase());
                assert_eq!(by_extension(Path::new(&path)).map(|found| found.id), Some(format.id));
            }
        }
        for other in [&b""[..], b"0", b"\x30\x82", b"\x30\x03\x02\x01\x00", b"hello"] {
            assert!(detect(other).is_none());
        }
        assert!(by_extension(Path::new("pem")).is_none());
    }
}
