//! Names of form otherName: an OID says what they are. Issued are hardware module names (RFC 4108 section 5) and names of
//! services (RFC 4985).

use std::fmt;

use const_oid::ObjectIdentifier;
use der::asn1::{Any, AnyRef, Ia5StringRef};
use der::{Decode, Reader, SliceReader, Tag, TagNumber, Tagged};
use x509_cert::ext::pkix::name::{HardwareModuleName, OtherName};

use super::dns_name::DnsName;
use super::general_name::{ForeignName, GeneralName};
use super::invalid::InvalidName;
use certroll_base::encoding;

pub(super) const HARDWARE_MODULE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.8.4");
pub(super) const DNS_SRV: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.8.7");

/// The name of a service in a domain: `_mqtt.example.net`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SrvName(DnsName);

impl SrvName {
    /// Reads a name: an underscore and the service, a dot, the domain.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let refused = |why: &str| InvalidName::new("the name of a service", text, why);
        let (service, domain) = text.split_once('.').ok_or_else(|| refused("expected _service.domain"))?;
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        let label = service.strip_prefix('_').filter(|label| !label.is_empty() && label.bytes().all(plain));
        if label.is_none() {
            return Err(refused("it begins with an underscore and a service, as in _mqtt.example.net"));
        }
        let domain = DnsName::parse(domain).map_err(|error| refused(&format!("its domain: {}", error.why())))?;
        if domain.is_wildcard() || domain.has_underscore() {
            return Err(refused("its domain is no host name"));
        }
        DnsName::parse(&format!("{service}.{domain}")).map(Self)
    }

    /// The domain of the service.
    pub fn domain(&self) -> &str {
        self.0.as_str().split_once('.').map_or("", |(_, domain)| domain)
    }

    pub(crate) fn encode(&self) -> Result<OtherName, der::Error> {
        let value = Any::encode_from(&Ia5StringRef::new(self.0.as_str())?)?;
        Ok(OtherName { type_id: DNS_SRV, value })
    }
}

impl fmt::Display for SrvName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The type of an otherName and its value without the `[0]` around it.
pub(crate) fn parts(content: &[u8]) -> Result<(ObjectIdentifier, AnyRef<'_>), der::Error> {
    let mut reader = SliceReader::new(content)?;
    let oid = ObjectIdentifier::decode(&mut reader)?;
    let wrapped = AnyRef::decode(&mut reader)?;
    wrapped.tag().assert_eq(Tag::ContextSpecific { constructed: true, number: TagNumber(0) })?;
    let value = AnyRef::from_der(wrapped.value())?;
    reader.finish()?;
    Ok((oid, value))
}

/// The content of an otherName as found.
pub(crate) fn found(content: &[u8]) -> GeneralName {
    let foreign = |text: String, why: &str| GeneralName::Foreign(ForeignName::new(Some(0), &text, why));
    let Ok((oid, value)) = parts(content) else {
        return foreign(format!("otherName:#{}", encoding::hex(content)), "it is a malformed otherName");
    };
    let shown = || format!("{oid}:#{}", encoding::hex(value.value()));
    match oid {
        HARDWARE_MODULE => match value.decode_as::<HardwareModuleName>() {
            Ok(name) if !name.hw_serial_num.as_bytes().is_empty() => {
                GeneralName::HardwareModule { hw_type: name.hw_type, serial: name.hw_serial_num.as_bytes().to_vec() }
            }
            _ => foreign(shown(), "it is a malformed hardware module name"),
        },
        DNS_SRV => match value.decode_as::<Ia5StringRef<'_>>().map(|name| SrvName::parse(name.as_str())) {
            Ok(Ok(name)) => GeneralName::Srv(name),
            Ok(Err(error)) => foreign(shown(), &error.to_string()),
            Err(_) => foreign(shown(), "it is a malformed name of a service"),
        },
        _ => foreign(shown(), "names of this type are not issued"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_have_an_underscore_and_a_domain() {
        let name = SrvName::parse("_MQTT.Example.net").unwrap();
        assert_eq!((name.to_string().as_str(), name.domain()), ("_mqtt.example.net", "example.net"));
        for text in ["mqtt.example.net", "_mqtt", "_.example.net", "_mqtt.*.net", "_mqtt._tcp.example.net", "_a b.net"]
        {
            assert!(SrvName::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn others_keep_their_type() {
        // userPrincipalName `Administrator@corp`.
        let upn = encoding::from_hex("060a2b060104018237140203a0140c1241646d696e6973747261746f7240636f7270").unwrap();
        let GeneralName::Foreign(name) = found(&upn) else { panic!("it is not issued") };
        assert_eq!(name.why(), "names of this type are not issued");
        assert!(GeneralName::Foreign(name).to_string().starts_with("other:1.3.6.1.4.1.311.20.2.3:#41646d"));
        assert!(matches!(found(&upn[..8]), GeneralName::Foreign(_)));
    }
}
