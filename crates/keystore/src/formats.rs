//! The table of formats, and which of them a file is in or should be in.

use std::path::Path;

pub use crate::jks::{JCEKS, JKS};
pub use crate::pem_format::PEM;
pub use crate::pkcs12::PKCS12;

use crate::format::Format;

/// Every format there is. A new one is a file with its data and its implementation, and a row here.
pub static FORMATS: &[&Format] = &[&PEM, &PKCS12, &JKS, &JCEKS];

/// The format of that [`Format::id`].
pub fn by_id(id: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.id == id)
}

/// The format a file of that name should have, by its extension in either case.
pub fn by_extension(path: &Path) -> Option<&'static Format> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    FORMATS.iter().copied().find(|format| format.extensions.contains(&extension.as_str()))
}

/// The format of that [`Format::java_type`], in either case.
pub fn by_java_type(name: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.java_type.is_some_and(|java| java.eq_ignore_ascii_case(name)))
}

/// The format these bytes are in. Believe it rather than the file's name: since Java 9 many a `.jks` is PKCS#12.
pub fn detect(bytes: &[u8]) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.implementation.detect(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::WriteOptions;
    use crate::error::KeystoreError;
    use crate::samples::{self, NOW, secret};

    #[test]
    fn what_a_format_writes_is_detected_as_its_own() {
        let password = secret("changeit");
        for format in FORMATS.iter().copied() {
            assert_eq!(by_id(format.id), Some(format));
            assert_eq!(format.extensions.is_empty(), !format.writable);
            assert_eq!(format.java_type.and_then(by_java_type), format.java_type.map(|_| format));
            for extension in format.extensions {
                let path = format!("a/b.{}", extension.to_uppercase());
                assert_eq!(by_extension(Path::new(&path)), Some(format));
            }
            let options = WriteOptions { iterations: 10, ..WriteOptions::new(&password, NOW) };
            match format.write(&samples::entries("ec:p256"), &options) {
                Ok(bytes) => assert_eq!(detect(&bytes), Some(format)),
                Err(error) => assert!(!format.writable && matches!(error, KeystoreError::Unsupported(_)), "{error}"),
            }
        }
        assert_eq!(detect(include_bytes!("fixtures/keytool.jceks")), Some(&JCEKS));
        for other in [&b""[..], b"0", b"\x30\x82", b"\x30\x03\x02\x01\x00", b"hello"] {
            assert!(detect(other).is_none());
        }
        assert!(by_extension(Path::new("pem")).is_none());
        assert!(by_java_type("DKS").is_none());
    }

    /// What the table says of a format is what the format does.
    #[test]
    fn formats_differ_as_their_data_says() {
        let (password, key_password) = (secret("changeit"), secret("key-password"));
        for format in FORMATS.iter().filter(|format| format.writable) {
            let entries = samples::entries("ec:p256");
            let options = WriteOptions { iterations: 10, ..WriteOptions::new(&password, NOW) };
            let bytes = format.write(&entries, &options).unwrap();
            let read = format.read(&bytes, Some(&password)).unwrap();
            assert_eq!(read[0].alias == entries[0].alias, format.has_aliases, "{format:?}");
            assert_eq!(std::str::from_utf8(&bytes).is_err(), format.binary, "{format:?}");
            let without_keys = format.write(&entries[1..], &options).unwrap();
            let other = format.read(&without_keys, Some(&secret("other")));
            assert_eq!(matches!(other, Err(KeystoreError::WrongPassword)), format.authenticated, "{format:?}");
            let apart = WriteOptions { key_password: Some(&key_password), ..options };
            assert_eq!(format.write(&entries, &apart).is_ok(), format.keys_open_apart, "{format:?}");
        }
    }
}
