//! Subtrees that a CA of ours is to have in its nameConstraints (RFC 5280 section 4.2.1.10), checked when they are typed.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use der::Decode;
use der::asn1::{Ia5String, OctetString};
use x509_cert::ext::pkix::name::GeneralName as Encoded;

use super::distinguished_name::DistinguishedName;
use super::dns_name::DnsName;
use super::general_name::EmailAddress;
use super::invalid::InvalidName;
use super::name_constraints::Constraint;

const KIND: &str = "a name constraint";

/// A subtree of the nameConstraints extension: `dns:example.net`, `ip:10.0.0.0/8`, `email:example.net`, `uri:.example.net`,
/// `dir:O=Example`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subtree(Constraint);

impl Subtree {
    /// That of another CA certificate; `None` for a form of name that is not encoded here.
    pub fn of(constraint: Constraint) -> Option<Self> {
        (!matches!(constraint, Constraint::Other { .. })).then_some(Self(constraint))
    }

    pub(crate) fn encode(&self) -> Result<Encoded, der::Error> {
        Ok(match &self.0 {
            Constraint::Dns(tree) => Encoded::DnsName(Ia5String::new(tree)?),
            Constraint::Email(tree) => Encoded::Rfc822Name(Ia5String::new(tree)?),
            Constraint::Uri(tree) => Encoded::UniformResourceIdentifier(Ia5String::new(tree)?),
            Constraint::Ip(range) => Encoded::IpAddress(OctetString::new(range.as_slice())?),
            Constraint::Directory(tree) => Encoded::DirectoryName(Decode::from_der(tree.as_der())?),
            Constraint::Other { .. } => return Err(der::ErrorKind::Failed.into()),
        })
    }

    /// Whether every name of `other` is one of this subtree.
    pub fn contains(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Constraint::Dns(tree), Constraint::Dns(other)) => super::dns_name::is_below(other, tree),
            (Constraint::Directory(tree), Constraint::Directory(other)) => other.is_within(tree),
            (own, other) => own == other,
        }
    }
}

impl FromStr for Subtree {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let refused = |why: String| InvalidName::new(KIND, text, why);
        let expected =
            || refused("expected dns:, ip:, email:, uri: or dir: and a subtree, as in dns:example.net".to_owned());
        let (kind, value) = text.split_once(':').ok_or_else(expected)?;
        Ok(Self(match kind {
            "dns" => Constraint::Dns(domain(value).map_err(refused)?),
            "email" if value.contains('@') => {
                let address = EmailAddress::parse(value).map_err(|error| refused(error.why().to_owned()))?;
                Constraint::Email(address.to_string())
            }
            "email" => Constraint::Email(host(value).map_err(refused)?),
            "uri" => Constraint::Uri(host(value).map_err(refused)?),
            "ip" => Constraint::Ip(range(value).map_err(refused)?),
            "dir" => {
                let name = DistinguishedName::parse(value).map_err(|error| refused(error.to_string()))?;
                if name.is_empty() {
                    return Err(refused("an empty distinguished name stands for every one".to_owned()));
                }
                Constraint::Directory(name)
            }
            _ => return Err(expected()),
        }))
    }
}

impl fmt::Display for Subtree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Every name below the domain is in it: neither a wildcard nor a leading dot says that again.
fn domain(text: &str) -> Result<String, String> {
    let offered = text.strip_prefix("*.").or_else(|| text.strip_prefix('.'));
    if let Some(name) = offered.and_then(|rest| DnsName::parse(rest).ok()) {
        return Err(format!("a domain stands for every name below it; write `dns:{name}`"));
    }
    host_name(text)
}

/// A host, or with a leading dot every host below it.
fn host(text: &str) -> Result<String, String> {
    if text.contains("//") {
        return Err("it is a host, or a domain with a leading dot, and no URI".to_owned());
    }
    match text.strip_prefix('.') {
        Some(domain) => Ok(format!(".{}", host_name(domain)?)),
        None => host_name(text),
    }
}

fn host_name(text: &str) -> Result<String, String> {
    let name = DnsName::parse(text).map_err(|error| error.why().to_owned())?;
    if name.is_wildcard() || name.has_underscore() {
        return Err("it is no host name".to_owned());
    }
    Ok(name.to_string())
}

/// Address and mask, as RFC 5280 section 4.2.1.10 writes an address range.
fn range(text: &str) -> Result<Vec<u8>, String> {
    let expected = || "a range is an address and the length of its prefix, as in 10.0.0.0/8".to_owned();
    let (address, bits) = text.split_once('/').ok_or_else(expected)?;
    let address: IpAddr = address.parse().map_err(|_| expected())?;
    let bits: u32 = bits.parse().map_err(|_| expected())?;
    let (octets, mask) = match address {
        IpAddr::V4(v4) => {
            let rest = 32_u32.checked_sub(bits).ok_or_else(expected)?;
            (v4.octets().to_vec(), u32::MAX.checked_shl(rest).unwrap_or(0).to_be_bytes().to_vec())
        }
        IpAddr::V6(v6) => {
            let rest = 128_u32.checked_sub(bits).ok_or_else(expected)?;
            (v6.octets().to_vec(), u128::MAX.checked_shl(rest).unwrap_or(0).to_be_bytes().to_vec())
        }
    };
    if octets.iter().zip(&mask).any(|(octet, mask)| octet & !mask != 0) {
        return Err(format!("bits are set beyond the first {bits}"));
    }
    Ok([octets, mask].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subtrees_are_checked_when_typed() {
        for text in [
            "dns:example.net",
            "ip:10.0.0.0/8",
            "ip:2001:db8::/32",
            "ip:0.0.0.0/0",
            "email:example.net",
            "email:.example.net",
            "email:a@example.net",
            "uri:.example.net",
            "uri:host.example.net",
            "dir:C=DE, O=Example",
        ] {
            let subtree: Subtree = text.parse().unwrap();
            assert_eq!(subtree.to_string(), text);
            assert!(subtree.encode().is_ok() && subtree.contains(&subtree));
        }
        assert_eq!("dns:BÜRO.net".parse::<Subtree>().unwrap().to_string(), "dns:xn--bro-hoa.net");
        for (text, why) in [
            ("dns:*.example.net", "write `dns:example.net`"),
            ("dns:.example.net", "write `dns:example.net`"),
            ("dns:", "empty"),
            ("dns:a b", "space"),
            ("dns:10.0.0.1", "number"),
            ("ip:10.0.0.1", "prefix"),
            ("ip:10.0.0.1/8", "beyond the first 8"),
            ("ip:10.0.0.0/33", "prefix"),
            ("email:*.example.net", "no host name"),
            ("uri:https://example.net/", "no URI"),
            ("uri:10.0.0.1", "number"),
            ("dir:", "every one"),
            ("dir:XX=y", "unknown attribute type"),
            ("example.net", "expected dns:"),
            ("urn:x", "expected dns:"),
        ] {
            let error = text.parse::<Subtree>().unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
        let contains = |a: &str, b: &str| a.parse::<Subtree>().unwrap().contains(&b.parse().unwrap());
        assert!(contains("dns:example.net", "dns:a.example.net") && !contains("dns:a.example.net", "dns:example.net"));
    }
}
