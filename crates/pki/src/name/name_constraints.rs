//! Name constraints of CAs (RFC 5280 section 4.2.1.10): subtrees of names, and which names are in them.

use std::fmt;
use std::net::IpAddr;

use x509_parser::extensions::GeneralSubtree;
use x509_parser::prelude::GeneralName as Parsed;

use super::distinguished_name::DistinguishedName;
use super::general_name::GeneralName;

/// One subtree, as found in a CA certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// A host and everything below it.
    Dns(String),
    /// An address range: network and mask.
    Ip(Vec<u8>),
    /// A mailbox, a host, or with a leading dot a domain.
    Email(String),
    /// A host, or with a leading dot a domain, of URIs.
    Uri(String),
    /// A distinguished name and everything below it.
    Directory(DistinguishedName),
    /// A kind of name that is not issued here.
    Other,
}

impl Constraint {
    pub(crate) fn from_parsed(subtree: &GeneralSubtree<'_>) -> Self {
        match &subtree.base {
            Parsed::DNSName(name) => Self::Dns(name.to_ascii_lowercase()),
            Parsed::RFC822Name(name) => Self::Email(name.to_ascii_lowercase()),
            Parsed::URI(name) => Self::Uri(name.to_ascii_lowercase()),
            Parsed::IPAddress(range) => Self::Ip(range.to_vec()),
            Parsed::DirectoryName(name) => {
                DistinguishedName::from_der(name.as_raw()).map_or(Self::Other, Self::Directory)
            }
            _ => Self::Other,
        }
    }

    /// Whether it speaks of names of this kind at all.
    pub(crate) fn concerns(&self, name: &GeneralName) -> bool {
        matches!(
            (self, name),
            (Self::Dns(_), GeneralName::Dns(_))
                | (Self::Ip(_), GeneralName::Ip(_))
                | (Self::Email(_), GeneralName::Email(_))
                | (Self::Uri(_), GeneralName::Uri(_))
                | (Self::Directory(_), GeneralName::Directory(_))
        )
    }

    /// Whether the name is within the subtree.
    pub(crate) fn contains(&self, name: &GeneralName) -> bool {
        match (self, name) {
            (Self::Dns(tree), GeneralName::Dns(name)) => is_below(name.trim_start_matches("*."), tree),
            (Self::Ip(range), GeneralName::Ip(address)) => in_range(*address, range),
            (Self::Email(tree), GeneralName::Email(name)) => {
                let host = name.rsplit_once('@').map_or("", |(_, host)| host).to_ascii_lowercase();
                if tree.contains('@') { name.eq_ignore_ascii_case(tree) } else { is_host_in(&host, tree) }
            }
            (Self::Uri(tree), GeneralName::Uri(uri)) => is_host_in(&host_of(uri), tree),
            (Self::Directory(tree), GeneralName::Directory(name)) => name.is_within(tree),
            _ => false,
        }
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(tree) => write!(f, "dns:{tree}"),
            Self::Email(tree) => write!(f, "email:{tree}"),
            Self::Uri(tree) => write!(f, "uri:{tree}"),
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
            Self::Other => f.write_str("other"),
        }
    }
}

/// `tree` itself, or any name below it; a leading dot, though not of the standard, leaves the host itself out.
fn is_below(name: &str, tree: &str) -> bool {
    if tree.is_empty() {
        return true;
    }
    match tree.strip_prefix('.') {
        Some(domain) => name.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')),
        None => name == tree || name.strip_suffix(tree).is_some_and(|rest| rest.ends_with('.')),
    }
}

/// For e-mail and URIs a host means that host alone, and a leading dot everything below it.
fn is_host_in(host: &str, tree: &str) -> bool {
    if tree.starts_with('.') { is_below(host, tree) } else { host == tree }
}

fn host_of(uri: &str) -> String {
    let rest = uri.split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    host.split_once(':').map_or(host, |(host, _)| host).to_ascii_lowercase()
}

fn in_range(address: IpAddr, range: &[u8]) -> bool {
    let octets = match address {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().to_vec(),
    };
    let (network, mask) = range.split_at(range.len() / 2);
    octets.len() == network.len()
        && octets.iter().zip(network).zip(mask).all(|((octet, network), mask)| octet & mask == network & mask)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(tree: &Constraint, name: &str) -> bool {
        tree.contains(&GeneralName::parse(name).unwrap())
    }

    #[test]
    fn subtrees_contain_what_the_standard_says() {
        let dns = Constraint::Dns("example.net".into());
        for (name, inside) in [
            ("example.net", true),
            ("a.b.example.net", true),
            ("*.example.net", true),
            ("badexample.net", false),
            ("example.com", false),
        ] {
            assert_eq!(contains(&dns, name), inside, "{name}");
        }
        let ip = Constraint::Ip(vec![10, 0, 0, 0, 255, 0, 0, 0]);
        assert!(contains(&ip, "10.9.8.7") && !contains(&ip, "11.0.0.1") && !contains(&ip, "::1"));
        let email = Constraint::Email("example.net".into());
        assert!(contains(&email, "a@example.net") && !contains(&email, "a@mail.example.net"));
        let uri = Constraint::Uri(".example.net".into());
        assert!(contains(&uri, "https://u@a.example.net:8443/x") && !contains(&uri, "https://example.net/"));
        let tree = Constraint::Directory(DistinguishedName::parse("C=DE, O=Example").unwrap());
        let dir = |text| GeneralName::Directory(DistinguishedName::parse(text).unwrap());
        assert!(tree.contains(&dir("C=DE, O=Example, CN=a")) && !tree.contains(&dir("C=DE, O=Other, CN=a")));
        assert_eq!(ip.to_string(), "ip:10.0.0.0/8");
    }
}
