//! `pkcs11:` URIs (RFC 7512).

use std::path::PathBuf;

use crate::hint::home::SecretHint;
use crate::signer::{PinSource, SignerError, SignerErrorClass};

/// What a reference says. An attribute that it does not name fits anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Uri {
    pub(super) token: Option<String>,
    pub(super) manufacturer: Option<String>,
    pub(super) model: Option<String>,
    pub(super) serial: Option<String>,
    pub(super) slot: Option<u64>,
    pub(super) object: Option<String>,
    pub(super) id: Option<Vec<u8>>,
    pub(super) module: Option<PathBuf>,
    pub(super) pin: Option<PinSource>,
}

fn wrong(message: impl Into<String>) -> SignerError {
    SignerError::new(SignerErrorClass::Config, message)
        .hint("a reference looks like `pkcs11:token=ca;object=root?module-path=/usr/lib/softhsm/libsofthsm2.so`")
}

impl Uri {
    /// Reads a reference. No error repeats a value: it may hold a PIN.
    pub(super) fn parse(text: &str) -> Result<Self, SignerError> {
        let (scheme, rest) = text.split_once(':').unwrap_or_default();
        if !scheme.eq_ignore_ascii_case("pkcs11") {
            return Err(wrong("the reference does not begin with `pkcs11:`"));
        }
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (mut uri, mut seen) = (Self::default(), Vec::new());
        for (parts, in_path) in [(path.split(';'), true), (query.split('&'), false)] {
            for part in parts.filter(|part| !part.is_empty()) {
                let (name, value) = part.split_once('=').ok_or_else(|| wrong("an attribute of it has no `=`"))?;
                if seen.contains(&name) {
                    return Err(wrong(format!("its attribute `{name}` stands twice")));
                }
                seen.push(name);
                if in_path { uri.take_path(name, value)? } else { uri.take_query(name, value)? }
            }
        }
        Ok(uri)
    }

    /// RFC 7512 section 2.3.
    fn take_path(&mut self, name: &str, value: &str) -> Result<(), SignerError> {
        match name {
            "token" => self.token = Some(text(name, value)?),
            "manufacturer" => self.manufacturer = Some(text(name, value)?),
            "model" => self.model = Some(text(name, value)?),
            "serial" => self.serial = Some(text(name, value)?),
            "object" => self.object = Some(text(name, value)?),
            "id" => self.id = Some(decoded(name, value)?),
            "slot-id" => {
                let number = text(name, value)?.parse().map_err(|_| wrong("its attribute `slot-id` is no number"))?;
                self.slot = Some(number);
            }
            "type" if value == "private" => {}
            "type" => return Err(wrong("its attribute `type` says something else than `private`")),
            _ => return Err(wrong(format!("its attribute `{name}` is not known here"))),
        }
        Ok(())
    }

    /// RFC 7512 section 2.4.
    fn take_query(&mut self, name: &str, value: &str) -> Result<(), SignerError> {
        match name {
            "module-path" => {
                let path = PathBuf::from(text(name, value)?);
                if !path.is_absolute() {
                    return Err(wrong("its attribute `module-path` is not an absolute path"));
                }
                self.module = Some(path);
            }
            "pin-source" => {
                let source = text(name, value)?;
                let file = source.strip_prefix("file:").unwrap_or(&source);
                let file = file.strip_prefix("//").unwrap_or(file);
                self.pin = Some(match source.strip_prefix('|') {
                    Some(command) => PinSource::Command(command.to_owned()),
                    None if file.starts_with('/') => PinSource::File(PathBuf::from(file)),
                    None => return Err(wrong("its attribute `pin-source` is neither an absolute path nor `|COMMAND`")),
                });
            }
            // RFC 7512 section 4 warns of it: references stand in arguments, logs and databases.
            "pin-value" => {
                return Err(SignerError::new(
                    SignerErrorClass::Config,
                    "the reference holds a PIN (`pin-value`), which would be seen by all who see the reference",
                )
                .hint(SecretHint::PinElsewhere));
            }
            _ => return Err(wrong(format!("its attribute `{name}` is not known here"))),
        }
        Ok(())
    }

    /// A reference to one key: with what tells it from others.
    pub(super) fn to_key(&self, token: &str, serial: &str, object: &str, id: &[u8]) -> String {
        let mut out = format!("pkcs11:token={}", encoded(token.as_bytes()));
        if !serial.is_empty() {
            out.push_str(&format!(";serial={}", encoded(serial.as_bytes())));
        }
        if !object.is_empty() {
            out.push_str(&format!(";object={}", encoded(object.as_bytes())));
        }
        if !id.is_empty() {
            let hex = certroll_base::encoding::hex(id);
            let digits: Vec<&str> = (0..hex.len()).step_by(2).filter_map(|at| hex.get(at..at + 2)).collect();
            out.push_str(&format!(";id=%{}", digits.join("%")));
        }
        if let Some(module) = &self.module {
            out.push_str(&format!("?module-path={}", encoded(module.display().to_string().as_bytes())));
        }
        out
    }
}

/// `%XX` decoded.
fn decoded(name: &str, value: &str) -> Result<Vec<u8>, SignerError> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let byte = digits.and_then(certroll_base::encoding::from_hex).and_then(|bytes| bytes.first().copied());
        bytes.push(byte.ok_or_else(|| wrong(format!("its attribute `{name}` has a `%` without two digits")))?);
        rest = after.get(2..).unwrap_or_default();
    }
    Ok(bytes)
}

fn text(name: &str, value: &str) -> Result<String, SignerError> {
    String::from_utf8(decoded(name, value)?).map_err(|_| wrong(format!("its attribute `{name}` is not UTF-8")))
}

/// What RFC 7512 section 2.3 lets stand for itself in path and query alike; the rest as `%XX`.
fn encoded(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~:[]@!$'()*+,/".contains(byte) {
            out.push(char::from(*byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_read() {
        let text = "pkcs11:token=My%20CA;object=root%3b1;id=%01%fF;serial=ab;slot-id=7;type=private\
                    ?module-path=/usr/lib/a.so&pin-source=file:/etc/pin";
        let uri = Uri::parse(text).unwrap();
        assert_eq!((uri.token.as_deref(), uri.object.as_deref()), (Some("My CA"), Some("root;1")));
        assert_eq!((uri.id.as_deref(), uri.serial.as_deref(), uri.slot), (Some(&[1, 255][..]), Some("ab"), Some(7)));
        assert_eq!(uri.module, Some(PathBuf::from("/usr/lib/a.so")));
        assert_eq!(uri.pin, Some(PinSource::File(PathBuf::from("/etc/pin"))));
        let command = Uri::parse("pkcs11:?pin-source=%7Ccat%20/etc/pin").unwrap();
        assert_eq!(command.pin, Some(PinSource::Command("cat /etc/pin".to_owned())));
        assert_eq!(Uri::parse("pkcs11:").unwrap(), Uri::default());
    }

    #[test]
    fn what_is_written_reads_back() {
        let uri = Uri { module: Some(PathBuf::from("/a b/c.so")), ..Uri::default() };
        let read = Uri::parse(&uri.to_key("My;CA", "12", "root&?", &[0, 0xab])).unwrap();
        assert_eq!((read.token.as_deref(), read.object.as_deref()), (Some("My;CA"), Some("root&?")));
        assert_eq!((read.id.as_deref(), read.module), (Some(&[0, 0xab][..]), uri.module));
    }

    #[test]
    fn other_texts_are_refused_and_never_repeated() {
        for bad in [
            "pkcs12:token=a",
            "pkcs11:token",
            "pkcs11:token=a;token=b",
            "pkcs11:object=%4",
            "pkcs11:object=%zz",
            "pkcs11:object=%ff",
            "pkcs11:slot-id=x",
            "pkcs11:type=public",
            "pkcs11:colour=red",
            "pkcs11:?module-path=lib.so",
            "pkcs11:?module-name=a",
            "pkcs11:?pin-source=relative",
        ] {
            assert_eq!(Uri::parse(bad).unwrap_err().class, SignerErrorClass::Config, "{bad}");
        }
        let error = Uri::parse("pkcs11:token=a?pin-value=MARK-1234").unwrap_err();
        let all = format!("{error} {error:?}");
        assert!(all.contains("pin-value") && !all.contains("MARK-1234"), "{all}");
    }
}
