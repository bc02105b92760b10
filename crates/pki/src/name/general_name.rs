//! Names of a subjectAltName extension (RFC 5280 section 4.2.1.6): typed by what they look like, or by a prefix; read from
//! certificates and requests.

use std::fmt;

use const_oid::ObjectIdentifier;
use der::asn1::{AnyRef, Ia5String, OctetString};
use der::{Decode, Encode, Reader, SliceReader, Tag, TagNumber, Tagged};
use x509_cert::ext::pkix::name::{GeneralName as Encoded, HardwareModuleName, OtherName};

pub use super::address::{EmailAddress, IpAddress};
use super::distinguished_name::DistinguishedName;
pub use super::dns_name::DnsName;
pub use super::invalid::InvalidName;
use super::other_name;
pub use super::other_name::SrvName;
pub use super::uri::{PointerUri, Uri, UriHost};
use certroll_base::encoding;
use certroll_base::text::printable;

/// One subject alternative name.
///
/// Written `dns:broker.example.net`, `ip:10.0.0.1`, `email:a@example.net`, `uri:urn:x:y`, `srv:_mqtt.example.net` (RFC 4985),
/// `hwm:OID:HEX` (hardware module name, RFC 4108: type and serial number), `dir:O=Example, CN=x`. Without a prefix the kind is found from the form.
///
/// Each kind has a type that only the reader of its syntax makes. What was found elsewhere and is none of them is
/// [`GeneralName::Foreign`]: it can be shown and compared, and no certificate with it can be encoded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GeneralName {
    /// dNSName.
    Dns(DnsName),
    /// iPAddress.
    Ip(IpAddress),
    /// rfc822Name.
    Email(EmailAddress),
    /// uniformResourceIdentifier.
    Uri(Uri),
    /// otherName of type dnsSRV.
    Srv(SrvName),
    /// otherName of type hardwareModuleName.
    HardwareModule {
        /// `hwType`, an arc of the manufacturer.
        hw_type: ObjectIdentifier,
        /// `hwSerialNum`.
        serial: Vec<u8>,
    },
    /// directoryName.
    Directory(DistinguishedName),
    /// Malformed, or of a kind that certroll does not issue.
    Foreign(ForeignName),
}

/// A name that certroll does not issue, as it was found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ForeignName {
    /// Number of its tag in GeneralName; `None` for what is not even tagged.
    tag: Option<u32>,
    /// Safe for a terminal.
    text: String,
    why: String,
}

impl ForeignName {
    pub(crate) fn new(tag: Option<u32>, text: &str, why: impl Into<String>) -> Self {
        Self { tag, text: printable(text).into_owned(), why: why.into() }
    }

    /// Why it is not issued.
    pub fn why(&self) -> &str {
        &self.why
    }

    /// The number of its tag in GeneralName.
    pub(crate) fn tag(&self) -> Option<u32> {
        self.tag
    }
}

impl GeneralName {
    /// Reads one name that was typed.
    ///
    /// # Errors
    /// The text, and what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let text = text.trim();
        if let Some((prefix, rest)) = text.split_once(':') {
            match prefix.to_ascii_lowercase().as_str() {
                "dns" => return DnsName::parse(rest).map(Self::Dns),
                "ip" => return IpAddress::parse(rest).map(Self::Ip),
                "email" => return EmailAddress::parse(rest).map(Self::Email),
                "uri" => return Uri::parse(rest).map(Self::Uri),
                "srv" => return SrvName::parse(rest).map(Self::Srv),
                "hwm" => return hardware_module(rest),
                "dir" => return directory(rest),
                _ => {}
            }
        }
        match IpAddress::parse(text) {
            Ok(address) => Ok(Self::Ip(address)),
            // An address that is refused for another reason than its form.
            Err(error) if text.parse::<std::net::IpAddr>().is_ok() => Err(error),
            Err(_) if text.contains("://") || text.starts_with("urn:") => Uri::parse(text).map(Self::Uri),
            Err(_) if text.contains('@') => EmailAddress::parse(text).map(Self::Email),
            Err(_) => DnsName::parse(text).map(Self::Dns),
        }
    }

    /// Reads back what [`fmt::Display`] wrote of a name, perhaps by an earlier version, which took more. Never fails: what is no
    /// name any more is [`Self::Foreign`].
    pub fn recorded(text: &str) -> Self {
        let foreign = |tag, text: &str, why: &str| Self::Foreign(ForeignName::new(tag, text, why));
        if let Some(rest) = text.strip_prefix("other:") {
            return foreign(None, rest, "names of this kind are not issued");
        }
        Self::parse(text).unwrap_or_else(|error| foreign(None, text, &error.to_string()))
    }

    /// Why it cannot be in a certificate made here; `None` for every name that can.
    pub fn objection(&self) -> Option<&str> {
        match self {
            Self::Foreign(name) => Some(name.why()),
            _ => None,
        }
    }

    /// As people of its language write it, where that differs from what is in the certificate.
    pub fn unicode(&self) -> Option<String> {
        match self {
            Self::Dns(name) => name.unicode(),
            Self::Email(address) => Some(format!("{}@{}", address.local(), address.domain().unicode()?)),
            _ => None,
        }
    }

    /// For people: with internationalised names also as they are written.
    pub fn shown(&self) -> String {
        match self.unicode() {
            Some(unicode) => format!("{self} ({unicode})"),
            None => self.to_string(),
        }
    }

    pub(crate) fn encode(&self) -> Result<Encoded, der::Error> {
        Ok(match self {
            Self::Dns(name) => Encoded::DnsName(Ia5String::new(name.as_str())?),
            Self::Ip(address) => Encoded::IpAddress(OctetString::new(address.octets())?),
            Self::Email(address) => Encoded::Rfc822Name(Ia5String::new(address.as_str())?),
            Self::Uri(uri) => Encoded::UniformResourceIdentifier(Ia5String::new(uri.as_str())?),
            Self::Srv(name) => Encoded::OtherName(name.encode()?),
            Self::HardwareModule { hw_type, serial } => {
                let name =
                    HardwareModuleName { hw_type: *hw_type, hw_serial_num: OctetString::new(serial.as_slice())? };
                Encoded::OtherName(OtherName::try_from(&name)?)
            }
            Self::Directory(name) => Encoded::DirectoryName(Decode::from_der(name.as_der())?),
            Self::Foreign(_) => return Err(der::ErrorKind::Failed.into()),
        })
    }

    /// DER of the extension value: `GeneralNames` of all `names`.
    pub(crate) fn encode_all(names: &[Self]) -> Result<Vec<u8>, der::Error> {
        names.iter().map(Self::encode).collect::<Result<Vec<_>, _>>()?.to_der()
    }

    /// Reads the value of a subjectAltName extension: one or more names, each of which may be [`Self::Foreign`].
    ///
    /// # Errors
    /// It is no GeneralNames, or an empty one, which RFC 5280 forbids.
    pub(crate) fn decode_all(value: &[u8]) -> Result<Vec<Self>, der::Error> {
        let list = AnyRef::from_der(value)?;
        list.tag().assert_eq(Tag::Sequence)?;
        let mut reader = SliceReader::new(list.value())?;
        let mut names = Vec::new();
        while !reader.is_finished() {
            names.push(Self::found(AnyRef::decode(&mut reader)?));
        }
        if names.is_empty() { Err(der::ErrorKind::Failed.into()) } else { Ok(names) }
    }

    /// One name as found.
    pub(crate) fn found(any: AnyRef<'_>) -> Self {
        let Tag::ContextSpecific { constructed, number: TagNumber(number) } = any.tag() else {
            return Self::Foreign(ForeignName::new(None, "untagged", "it is no GeneralName"));
        };
        let octets = any.value();
        let lossy = || String::from_utf8_lossy(octets).into_owned();
        let foreign = |text: String, why: String| Self::Foreign(ForeignName::new(Some(number), &text, why));
        let ascii = |read: &dyn Fn(&str) -> Result<Self, InvalidName>, kind: &str| match std::str::from_utf8(octets) {
            Ok(text) if text.is_ascii() => {
                read(text).unwrap_or_else(|error| foreign(format!("{kind}:{text}"), error.to_string()))
            }
            _ => foreign(format!("{kind}:{}", lossy()), "it is not in ASCII".to_owned()),
        };
        match (number, constructed) {
            (0, true) => other_name::found(octets),
            (1, false) => ascii(&|text| EmailAddress::parse(text).map(Self::Email), "email"),
            (2, false) => match DnsName::from_octets(octets) {
                Ok(name) => Self::Dns(name),
                Err(error) => foreign(format!("dns:{}", lossy()), error.to_string()),
            },
            (4, true) => match DistinguishedName::from_der(octets) {
                Ok(name) if !name.is_empty() => Self::Directory(name),
                _ => foreign("directoryName".to_owned(), "it is no distinguished name".to_owned()),
            },
            (6, false) => ascii(&|text| Uri::parse(text).map(Self::Uri), "uri"),
            (7, false) => match IpAddress::from_octets(octets) {
                Ok(address) => Self::Ip(address),
                Err(error) => foreign(format!("ip:#{}", encoding::hex(octets)), error.to_string()),
            },
            (8, false) => {
                let oid = ObjectIdentifier::from_bytes(octets).map(|oid| oid.to_string()).unwrap_or_default();
                foreign(format!("registeredID:{oid}"), "names by registered number are not issued".to_owned())
            }
            (3 | 5, true) => foreign(
                if number == 3 { "x400Address" } else { "ediPartyName" }.to_owned(),
                "names of this kind are not issued".to_owned(),
            ),
            _ => foreign(format!("[{number}]"), "it is no GeneralName".to_owned()),
        }
    }
}

impl fmt::Display for GeneralName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) => write!(f, "dns:{name}"),
            Self::Ip(address) => write!(f, "ip:{address}"),
            Self::Email(address) => write!(f, "email:{address}"),
            Self::Uri(uri) => write!(f, "uri:{uri}"),
            Self::Srv(name) => write!(f, "srv:{name}"),
            Self::HardwareModule { hw_type, serial } => write!(f, "hwm:{hw_type}:{}", encoding::hex(serial)),
            Self::Directory(name) => write!(f, "dir:{name}"),
            Self::Foreign(name) => write!(f, "other:{}", name.text),
        }
    }
}

/// As its text.
impl serde::Serialize for GeneralName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for GeneralName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Self::recorded(&text))
    }
}

fn directory(text: &str) -> Result<GeneralName, InvalidName> {
    let refused = |why: String| InvalidName::new("a distinguished name", text, why);
    let name = DistinguishedName::parse(text).map_err(|error| refused(error.to_string()))?;
    if name.is_empty() { Err(refused("it is empty".to_owned())) } else { Ok(GeneralName::Directory(name)) }
}

fn hardware_module(text: &str) -> Result<GeneralName, InvalidName> {
    let refused = || {
        let why = "expected OID:HEX, such as 1.3.6.1.4.1.32473.1:0011223344556677";
        InvalidName::new("a hardware module name", text, why)
    };
    let (hw_type, serial) = text.split_once(':').ok_or_else(refused)?;
    let serial: String = serial.chars().filter(|c| !matches!(c, ':' | '-')).collect();
    match (ObjectIdentifier::new(hw_type), encoding::from_hex(&serial)) {
        (Ok(hw_type), Some(serial)) if !serial.is_empty() => Ok(GeneralName::HardwareModule { hw_type, serial }),
        _ => Err(refused()),
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
            ("srv:_MQTT.Example.net", "srv:_mqtt.example.net"),
            ("hwm:1.3.6.1.4.1.32473.1:00-11", "hwm:1.3.6.1.4.1.32473.1:0011"),
            ("dir:O=Example,CN=x", "dir:O=Example, CN=x"),
        ] {
            let name = GeneralName::parse(text).unwrap();
            assert_eq!(name.to_string(), shown);
            assert_eq!(GeneralName::parse(shown).unwrap(), name);
            let der = GeneralName::encode_all(std::slice::from_ref(&name)).unwrap();
            assert_eq!(GeneralName::decode_all(&der).unwrap(), [name]);
        }
        let name = GeneralName::parse("büro.example.net").unwrap();
        assert_eq!(name.shown(), "dns:xn--bro-hoa.example.net (büro.example.net)");
    }

    #[test]
    fn wrong_names_are_refused() {
        for text in [
            "",
            "a b.example",
            "a..b",
            "-a",
            "*a.example",
            "a.*.example",
            "dns:10 0",
            "10.0.0.300",
            "ip:300.1.1.1",
            "::ffff:10.0.0.1",
            "email:x",
            "uri:no-scheme",
            "srv:example.net",
            "hwm:1.2:zz",
            "a\u{0}b",
        ] {
            assert!(GeneralName::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_was_recorded_is_read_back() {
        for text in ["dns:a.example.net", "hwm:1.2.3:00", "dir:O=x", "other:1.2.3:#00", "dns:w*.example.net", "ip:::1"]
        {
            let name = GeneralName::recorded(text);
            let shown = name.to_string();
            assert!(shown == text || (name.objection().is_some() && shown == format!("other:{text}")), "{shown}");
        }
    }

    /// `SEQUENCE { [tag] octets }`.
    fn only(tag: u8, octets: &[u8]) -> GeneralName {
        let length = u8::try_from(octets.len()).unwrap();
        let value = [&[0x30, length + 2, tag, length], octets].concat();
        GeneralName::decode_all(&value).unwrap().remove(0)
    }

    #[test]
    fn what_is_found_elsewhere_is_kept_and_never_encoded() {
        for (tag, octets, shown) in [
            (0x82, &b"www.evil.org\0.example.net"[..], "other:dns:www.evil.org\\u{0}.example.net"),
            (0x82, b"w*.example.net", "other:dns:w*.example.net"),
            (0x82, b"", "other:dns:"),
            (0x82, b"a\xff", "other:dns:a\u{fffd}"),
            (0x81, b"no mail", "other:email:no mail"),
            (0x86, b"htp:/x", "other:uri:htp:/x"),
            (0x87, &[10, 0, 0, 1, 0], "other:ip:#0a00000100"),
            (0x88, &[0x2a, 3, 4], "other:registeredID:1.2.3.4"),
            (0xa3, b"\x05\0", "other:x400Address"),
            (0xa4, b"\x30\0", "other:directoryName"),
            (0x89, b"x", "other:[9]"),
            (0xa2, b"\x05\0", "other:[2]"),
            (0x0c, b"x", "other:untagged"),
        ] {
            let name = only(tag, octets);
            assert_eq!(name.to_string(), shown);
            assert!(name.objection().is_some() && name.encode().is_err(), "{name}");
        }
        assert_eq!(only(0x82, b"UPPER.Example.net").to_string(), "dns:upper.example.net");
        assert!(GeneralName::decode_all(&[0x30, 0]).is_err());
    }
}
