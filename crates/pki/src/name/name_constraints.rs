//! Name constraints of CAs (RFC 5280 section 4.2.1.10): subtrees of names, and which names are in them.
//!
//! A name can stand for several (a wildcard), and some cannot be compared with a subtree at all. Both are decided against
//! the certificate: a permitted subtree must hold everything that the name stands for, an excluded one nothing of it.

use std::fmt;
use std::net::IpAddr;

use const_oid::ObjectIdentifier;
use x509_parser::extensions::GeneralSubtree;
use x509_parser::prelude::GeneralName as Parsed;

use super::distinguished_name::DistinguishedName;
use super::dns_name::{self, DnsName};
use super::general_name::{EmailAddress, GeneralName, IpAddress, Uri, UriHost};

/// Numbers of the tags of GeneralName.
const OTHER_NAME: u32 = 0;
const RFC822_NAME: u32 = 1;
const DNS_NAME: u32 = 2;
const X400_ADDRESS: u32 = 3;
const DIRECTORY_NAME: u32 = 4;
const EDI_PARTY_NAME: u32 = 5;
const URI: u32 = 6;
const IP_ADDRESS: u32 = 7;
const REGISTERED_ID: u32 = 8;

/// One subtree, as found in a CA certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// A host and everything below it, in lower case.
    Dns(String),
    /// An address range: network and mask.
    Ip(Vec<u8>),
    /// A mailbox, a host, or with a leading dot a domain.
    Email(String),
    /// A host, or with a leading dot a domain, of URIs.
    Uri(String),
    /// A distinguished name and everything below it.
    Directory(DistinguishedName),
    /// A form of name that cannot be compared here: none of that form is inside when it is permitted, or outside when it is
    /// excluded.
    Other {
        /// Number of its tag in GeneralName.
        tag: u32,
        /// The type of an otherName.
        type_id: Option<String>,
    },
}

impl Constraint {
    pub(crate) fn from_parsed(subtree: &GeneralSubtree<'_>) -> Self {
        let other = |tag| Self::Other { tag, type_id: None };
        match &subtree.base {
            Parsed::DNSName(name) => Self::Dns(name.to_ascii_lowercase()),
            Parsed::RFC822Name(name) => Self::Email((*name).to_owned()),
            Parsed::URI(name) => Self::Uri(name.to_ascii_lowercase()),
            Parsed::IPAddress(range) if matches!(range.len(), 8 | 32) => Self::Ip(range.to_vec()),
            Parsed::IPAddress(_) => other(IP_ADDRESS),
            Parsed::DirectoryName(name) => {
                DistinguishedName::from_der(name.as_raw()).map_or(other(DIRECTORY_NAME), Self::Directory)
            }
            Parsed::OtherName(oid, _) => Self::Other { tag: OTHER_NAME, type_id: Some(oid.to_id_string()) },
            Parsed::RegisteredID(_) => other(REGISTERED_ID),
            Parsed::X400Address(_) => other(X400_ADDRESS),
            Parsed::EDIPartyName(_) => other(EDI_PARTY_NAME),
            Parsed::Invalid(tag, _) => other(tag.0),
        }
    }

    fn tag(&self) -> u32 {
        match self {
            Self::Dns(_) => DNS_NAME,
            Self::Ip(_) => IP_ADDRESS,
            Self::Email(_) => RFC822_NAME,
            Self::Uri(_) => URI,
            Self::Directory(_) => DIRECTORY_NAME,
            Self::Other { tag, .. } => *tag,
        }
    }

    /// Whether it speaks of names of this form at all.
    pub(crate) fn concerns(&self, name: &GeneralName) -> bool {
        let tag = match name {
            GeneralName::Dns(_) => DNS_NAME,
            GeneralName::Ip(_) => IP_ADDRESS,
            GeneralName::Email(_) => RFC822_NAME,
            GeneralName::Uri(_) => URI,
            GeneralName::Directory(_) => DIRECTORY_NAME,
            GeneralName::Foreign(foreign) => match foreign.tag() {
                // Mail in another alphabet is mail all the same (RFC 9598).
                Some(OTHER_NAME) if self.tag() == RFC822_NAME => RFC822_NAME,
                Some(tag) => tag,
                None => return true,
            },
            // The domain of a service is a domain.
            GeneralName::Srv(_) if self.tag() == DNS_NAME => DNS_NAME,
            GeneralName::Srv(_) => return self.is_of_type(&super::other_name::DNS_SRV),
            GeneralName::HardwareModule { .. } => return self.is_of_type(&super::other_name::HARDWARE_MODULE),
        };
        self.tag() == tag
    }

    fn is_of_type(&self, oid: &ObjectIdentifier) -> bool {
        matches!(self, Self::Other { tag: OTHER_NAME, type_id } if type_id.as_ref().is_none_or(|id| *id == oid.to_string()))
    }

    /// Whether everything that the name stands for is within the subtree.
    pub(crate) fn holds(&self, name: &GeneralName) -> bool {
        match (self, name) {
            (Self::Dns(tree), GeneralName::Dns(name)) => is_in_domain(name.base(), tree),
            (Self::Dns(tree), GeneralName::Srv(name)) => is_in_domain(name.domain(), tree),
            (Self::Ip(range), GeneralName::Ip(address)) => in_range(*address, range),
            (Self::Email(tree), GeneralName::Email(address)) => has_mail(tree, address, false),
            (Self::Uri(tree), GeneralName::Uri(uri)) => uri_host(uri).is_some_and(|host| is_host_in(host, tree)),
            (Self::Directory(tree), GeneralName::Directory(name)) => name.is_within(tree),
            _ => false,
        }
    }

    /// Whether something that the name stands for may be within the subtree.
    pub(crate) fn touches(&self, name: &GeneralName) -> bool {
        match (self, name) {
            (Self::Dns(tree), GeneralName::Dns(name)) => is_in_domain(name.base(), tree) || covers(name, tree),
            (Self::Email(tree), GeneralName::Email(address)) => has_mail(tree, address, true),
            (Self::Directory(tree), GeneralName::Directory(name)) => name.may_be_within(tree),
            // Without a host there is nothing to compare (RFC 5280 section 4.2.1.10).
            (Self::Uri(_), GeneralName::Uri(uri)) if uri_host(uri).is_none() => true,
            (Self::Other { .. }, _) | (_, GeneralName::Foreign(_)) => self.concerns(name),
            _ => self.holds(name),
        }
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use certroll_base::text::printable;
        match self {
            Self::Dns(tree) => write!(f, "dns:{}", printable(tree)),
            Self::Email(tree) => write!(f, "email:{}", printable(tree)),
            Self::Uri(tree) => write!(f, "uri:{}", printable(tree)),
            Self::Directory(tree) => write!(f, "dir:{tree}"),
            Self::Ip(range) => {
                let (network, mask) = range.split_at(range.len() / 2);
                let bits: u32 = mask.iter().map(|octet| octet.count_ones()).sum();
                match (<[u8; 4]>::try_from(network), <[u8; 16]>::try_from(network)) {
                    (Ok(v4), _) => write!(f, "ip:{}/{bits}", IpAddr::from(v4)),
                    (_, Ok(v6)) => write!(f, "ip:{}/{bits}", IpAddr::from(v6)),
                    _ => f.write_str("ip:?"),
                }
            }
            Self::Other { type_id: Some(oid), .. } => write!(f, "other:{oid}"),
            Self::Other { tag: REGISTERED_ID, .. } => f.write_str("other:registeredID"),
            Self::Other { .. } => f.write_str("other"),
        }
    }
}

/// `tree` itself, or any name below it; a leading dot, though not of the standard, leaves the host itself out.
fn is_in_domain(name: &str, tree: &str) -> bool {
    match tree.strip_prefix('.') {
        _ if tree.is_empty() => true,
        Some(domain) => name != domain && dns_name::is_below(name, domain),
        None => dns_name::is_below(name, tree),
    }
}

/// Whether a wildcard stands for the host at the top of a tree below its own base: `*.example.net` and `secret.example.net`.
fn covers(name: &DnsName, tree: &str) -> bool {
    let tree = tree.trim_start_matches('.');
    name.is_wildcard() && tree.split_once('.').is_some_and(|(_, parent)| parent == name.base())
}

/// For e-mail and URIs a host means that host alone, and a leading dot everything below it.
fn is_host_in(host: &str, tree: &str) -> bool {
    if tree.is_empty() || tree.starts_with('.') { is_in_domain(host, tree) } else { host == tree }
}

/// Whether a subtree has that address. What stands before the `@` has a case by the standard and none in practice: `loosely` takes
/// it so.
fn has_mail(tree: &str, address: &EmailAddress, loosely: bool) -> bool {
    let Some((local, host)) = tree.rsplit_once('@') else {
        return is_host_in(address.domain().as_str(), &tree.to_ascii_lowercase());
    };
    let same = if loosely { address.local().eq_ignore_ascii_case(local) } else { address.local() == local };
    same && address.domain().as_str().eq_ignore_ascii_case(host)
}

/// The name of its host: an address is none.
fn uri_host(uri: &Uri) -> Option<&str> {
    match uri.host() {
        Some(UriHost::Dns(name)) => Some(name.as_str()),
        Some(UriHost::Ip(_)) | None => None,
    }
}

fn in_range(address: IpAddress, range: &[u8]) -> bool {
    let octets = address.octets();
    let (network, mask) = range.split_at(range.len() / 2);
    octets.len() == network.len()
        && octets.iter().zip(network).zip(mask).all(|((octet, network), mask)| octet & mask == network & mask)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subtrees_hold_what_the_standard_says() {
        let [dns, uri, exact] = [
            Constraint::Dns("example.net".into()),
            Constraint::Uri(".example.net".into()),
            Constraint::Uri("a.example.net".into()),
        ];
        let ip = Constraint::Ip(vec![10, 0, 0, 0, 255, 0, 0, 0]);
        let [host, mailbox] = [Constraint::Email("example.net".into()), Constraint::Email("a@example.net".into())];
        // Whether a permitted subtree has the name, and whether an excluded one has something of it.
        for (tree, name, held, touched) in [
            (&dns, "example.net", true, true),
            (&dns, "A.b.EXAMPLE.net", true, true),
            (&dns, "*.example.net", true, true),
            (&dns, "*.net", false, true),
            (&dns, "*.com", false, false),
            (&dns, "badexample.net", false, false),
            (&dns, "srv:_mqtt.example.net", true, true),
            (&ip, "10.9.8.7", true, true),
            (&ip, "11.0.0.1", false, false),
            (&ip, "::1", false, false),
            (&host, "a@EXAMPLE.net", true, true),
            (&host, "a@mail.example.net", false, false),
            (&mailbox, "A@example.net", false, true),
            (&mailbox, "a@example.net", true, true),
            (&uri, "https://u@a.example.net:8443/x", true, true),
            (&uri, "https://example.net/", false, false),
            (&uri, "uri:sip:alice@a.example.net", false, true),
            (&uri, "https://10.0.0.1/", false, true),
            (&exact, "https://A.example.net/", true, true),
        ] {
            let name = GeneralName::parse(name).unwrap();
            assert!(tree.concerns(&name), "{tree} {name}");
            assert_eq!((tree.holds(&name), tree.touches(&name)), (held, touched), "{tree} {name}");
        }
        let tree = Constraint::Directory(DistinguishedName::parse("C=DE, O=Example").unwrap());
        let dir = |text| GeneralName::Directory(DistinguishedName::parse(text).unwrap());
        assert!(tree.holds(&dir("C=DE, O=EXAMPLE, CN=a")) && !tree.holds(&dir("C=DE, O=Other, CN=a")));
        assert_eq!(ip.to_string(), "ip:10.0.0.0/8");
    }

    #[test]
    fn what_cannot_be_compared_is_never_inside_and_never_outside() {
        let module = GeneralName::parse("hwm:1.3.6.1.4.1.32473.1:00").unwrap();
        let of = |oid: &str| Constraint::Other { tag: OTHER_NAME, type_id: Some(oid.to_owned()) };
        let own = of("1.3.6.1.5.5.7.8.4");
        assert!(own.concerns(&module) && !own.holds(&module) && own.touches(&module));
        assert!(!of("1.2.3").concerns(&module) && !of("1.2.3").touches(&module));
    }
}
