//! Names of a subjectAltName extension (RFC 5280 section 4.2.1.6): typed by what they look like, or by a prefix.

use std::fmt;
use std::net::IpAddr;

use const_oid::ObjectIdentifier;
use der::Encode;
use der::asn1::{Ia5String, OctetString};
use x509_cert::ext::pkix::name::{GeneralName as Encoded, HardwareModuleName, OtherName};

use super::distinguished_name::DistinguishedName;
use certroll_base::encoding;

/// A text that is no name of its kind.
#[derive(Debug, thiserror::Error)]
#[error("`{text}` is not {expected}")]
pub struct InvalidGeneralName {
    text: String,
    expected: &'static str,
}

/// One subject alternative name.
///
/// Written `dns:broker.example.net`, `ip:10.0.0.1`, `email:a@example.net`, `uri:urn:x`, `hwm:OID:HEX` (hardware module
/// name, RFC 4108: type and serial number). Without a prefix the kind is found from the form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GeneralName {
    /// dNSName, lower case; a `*` may stand for the whole left-most label.
    Dns(String),
    /// iPAddress.
    Ip(IpAddr),
    /// rfc822Name.
    Email(String),
    /// uniformResourceIdentifier.
    Uri(String),
    /// otherName of type hardwareModuleName.
    HardwareModule {
        /// `hwType`, an arc of the manufacturer.
        hw_type: ObjectIdentifier,
        /// `hwSerialNum`.
        serial: Vec<u8>,
    },
    /// directoryName; read from requests and certificates, not typed.
    Directory(DistinguishedName),
    /// A kind that certroll does not issue; shown as found.
    Other(String),
}

impl GeneralName {
    /// Reads one name.
    ///
    /// # Errors
    /// The text, and what was expected.
    pub fn parse(text: &str) -> Result<Self, InvalidGeneralName> {
        let text = text.trim();
        if let Some((prefix, rest)) = text.split_once(':') {
            match prefix.to_ascii_lowercase().as_str() {
                "dns" => return dns(rest),
                "ip" => return ip(rest).ok_or_else(|| invalid(rest, "an IP address")),
                "email" => return email(rest),
                "uri" => return uri(rest),
                "hwm" => return hardware_module(rest),
                _ => {}
            }
        }
        match ip(text) {
            Some(address) => Ok(address),
            None if text.contains("://") || text.starts_with("urn:") => uri(text),
            None if text.contains('@') => email(text),
            None => dns(text),
        }
    }

    pub(crate) fn encode(&self) -> Result<Encoded, der::Error> {
        Ok(match self {
            Self::Dns(name) => Encoded::DnsName(Ia5String::new(name)?),
            Self::Ip(IpAddr::V4(ip)) => Encoded::IpAddress(OctetString::new(ip.octets())?),
            Self::Ip(IpAddr::V6(ip)) => Encoded::IpAddress(OctetString::new(ip.octets())?),
            Self::Email(name) => Encoded::Rfc822Name(Ia5String::new(name)?),
            Self::Uri(name) => Encoded::UniformResourceIdentifier(Ia5String::new(name)?),
            Self::HardwareModule { hw_type, serial } => {
                let name =
                    HardwareModuleName { hw_type: *hw_type, hw_serial_num: OctetString::new(serial.as_slice())? };
                Encoded::OtherName(OtherName::try_from(&name)?)
            }
            Self::Directory(name) => Encoded::DirectoryName(der::Decode::from_der(name.as_der())?),
            Self::Other(_) => return Err(der::ErrorKind::Failed.into()),
        })
    }

    /// DER of the extension value: `GeneralNames` of all `names`.
    pub(crate) fn encode_all(names: &[Self]) -> Result<Vec<u8>, der::Error> {
        names.iter().map(Self::encode).collect::<Result<Vec<_>, _>>()?.to_der()
    }

    /// The name as found in a certificate or request.
    pub(crate) fn from_parsed(name: &x509_parser::prelude::GeneralName<'_>) -> Self {
        use x509_parser::prelude::GeneralName as Parsed;
        match name {
            Parsed::DNSName(name) => Self::Dns((*name).to_owned()),
            Parsed::RFC822Name(name) => Self::Email((*name).to_owned()),
            Parsed::URI(name) => Self::Uri((*name).to_owned()),
            Parsed::IPAddress(octets) => match octets.len() {
                4 => <[u8; 4]>::try_from(*octets).map_or_else(|_| Self::Other("ip".into()), |o| Self::Ip(o.into())),
                16 => <[u8; 16]>::try_from(*octets).map_or_else(|_| Self::Other("ip".into()), |o| Self::Ip(o.into())),
                _ => Self::Other(format!("ip:#{}", encoding::hex(octets))),
            },
            Parsed::DirectoryName(name) => DistinguishedName::from_der(name.as_raw())
                .map_or_else(|_| Self::Other("directoryName".into()), Self::Directory),
            Parsed::OtherName(oid, value) => other_name(&oid.to_id_string(), value),
            other => Self::Other(format!("{other:?}")),
        }
    }
}

impl fmt::Display for GeneralName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) => write!(f, "dns:{name}"),
            Self::Ip(address) => write!(f, "ip:{address}"),
            Self::Email(name) => write!(f, "email:{name}"),
            Self::Uri(name) => write!(f, "uri:{name}"),
            Self::HardwareModule { hw_type, serial } => write!(f, "hwm:{hw_type}:{}", encoding::hex(serial)),
            Self::Directory(name) => write!(f, "dir:{name}"),
            Self::Other(text) => write!(f, "other:{text}"),
        }
    }
}

fn invalid(text: &str, expected: &'static str) -> InvalidGeneralName {
    InvalidGeneralName { text: text.to_owned(), expected }
}

fn ip(text: &str) -> Option<GeneralName> {
    text.trim_start_matches('[').trim_end_matches(']').parse().ok().map(GeneralName::Ip)
}

/// RFC 5280 asks for the preferred name syntax of RFC 1034; underscores, though common, are refused by validators.
fn dns(text: &str) -> Result<GeneralName, InvalidGeneralName> {
    let expected = "a DNS name (letters, digits and hyphens; write internationalised names as xn--..., \
                    a wildcard only as the whole left-most label)";
    let plain = text.strip_prefix("*.").unwrap_or(text);
    let label = |l: &str| {
        (1..=63).contains(&l.len())
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !l.starts_with('-')
            && !l.ends_with('-')
    };
    if plain.len() > 253 || !plain.split('.').all(label) {
        return Err(invalid(text, expected));
    }
    Ok(GeneralName::Dns(text.to_ascii_lowercase()))
}

fn email(text: &str) -> Result<GeneralName, InvalidGeneralName> {
    let expected = "an ASCII e-mail address";
    let (local, domain) = text.split_once('@').ok_or_else(|| invalid(text, expected))?;
    let local_ok = !local.is_empty() && local.bytes().all(|b| b.is_ascii_graphic() && b != b'@');
    match dns(domain) {
        Ok(_) if local_ok && !domain.starts_with("*.") => Ok(GeneralName::Email(text.to_owned())),
        _ => Err(invalid(text, expected)),
    }
}

fn uri(text: &str) -> Result<GeneralName, InvalidGeneralName> {
    let scheme = text.split_once(':').map(|(scheme, rest)| (scheme, !rest.is_empty()));
    match scheme {
        Some((scheme, true))
            if scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
                && text.bytes().all(|b| b.is_ascii_graphic()) =>
        {
            Ok(GeneralName::Uri(text.to_owned()))
        }
        _ => Err(invalid(text, "an absolute URI in ASCII")),
    }
}

fn hardware_module(text: &str) -> Result<GeneralName, InvalidGeneralName> {
    let expected = "a hardware module name: OID:HEX, such as 1.3.6.1.4.1.32473.1:0011223344556677";
    let (hw_type, serial) = text.split_once(':').ok_or_else(|| invalid(text, expected))?;
    let serial: String = serial.chars().filter(|c| !matches!(c, ':' | '-')).collect();
    match (ObjectIdentifier::new(hw_type), encoding::from_hex(&serial)) {
        (Ok(hw_type), Some(serial)) if !serial.is_empty() => Ok(GeneralName::HardwareModule { hw_type, serial }),
        _ => Err(invalid(text, expected)),
    }
}

/// `value` is the content of the otherName after its type: `[0] EXPLICIT HardwareModuleName`.
fn other_name(oid: &str, value: &[u8]) -> GeneralName {
    use der::{Decode, Reader, SliceReader};
    let hardware = || -> Option<HardwareModuleName> {
        let mut reader = SliceReader::new(value).ok()?;
        let any = der::asn1::AnyRef::decode(&mut reader).ok()?;
        let name = HardwareModuleName::from_der(any.value()).ok()?;
        reader.is_finished().then_some(name)
    };
    match hardware() {
        Some(name) if oid == "1.3.6.1.5.5.7.8.4" => {
            GeneralName::HardwareModule { hw_type: name.hw_type, serial: name.hw_serial_num.as_bytes().to_vec() }
        }
        _ => GeneralName::Other(format!("{oid}:#{}", encoding::hex(value))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_found_from_the_form() {
        for (text, shown) in [
            ("Broker.Example.net", "dns:broker.example.net"),
            ("*.example.net", "dns:*.example.net"),
            ("localhost", "dns:localhost"),
            ("10.0.0.1", "ip:10.0.0.1"),
            ("[::1]", "ip:::1"),
            ("ops@example.net", "email:ops@example.net"),
            ("https://example.net/x", "uri:https://example.net/x"),
            ("urn:meter:1", "uri:urn:meter:1"),
            ("uri:urn:x:y", "uri:urn:x:y"),
            ("hwm:1.3.6.1.4.1.32473.1:00-11", "hwm:1.3.6.1.4.1.32473.1:0011"),
        ] {
            assert_eq!(GeneralName::parse(text).unwrap().to_string(), shown);
        }
    }

    #[test]
    fn wrong_names_are_refused() {
        for text in [
            "",
            "a_b.example",
            "a..b",
            "-a",
            "*a.example",
            "a.*.example",
            "dns:10 0",
            "ip:300.1.1.1",
            "grün.example",
            "email:x",
            "uri:no-scheme",
            "hwm:1.2:zz",
            "a\u{0}b",
        ] {
            assert!(GeneralName::parse(text).is_err(), "{text}");
        }
    }
}
