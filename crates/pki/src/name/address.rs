//! IP addresses and addresses of mail, as certificates carry them (RFC 5280 sections 4.2.1.6 and 7.5).

use std::fmt;
use std::net::IpAddr;

use super::dns_name::DnsName;
use super::invalid::InvalidName;
use certroll_base::encoding;

const IP: &str = "an IP address";
const EMAIL: &str = "an e-mail address";

/// The longest local part and the longest address (RFC 5321 section 4.5.3.1, RFC 3696 erratum 1690).
const LONGEST_LOCAL: usize = 64;
const LONGEST_ADDRESS: usize = 254;

/// An IP address. Not an IPv4 address that is dressed as IPv6: relying parties compare octets, so one would pass by every
/// constraint and policy on the address that it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IpAddress(IpAddr);

impl IpAddress {
    /// Reads an address, also one in brackets as URIs have it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
        let address = bare.parse::<IpAddr>();
        let address = address
            .map_err(|_| InvalidName::new(IP, text, "expected four numbers up to 255, or eight groups of IPv6"))?;
        Self::new(address, text)
    }

    /// Takes the octets of an iPAddress.
    ///
    /// # Errors
    /// There are neither four nor sixteen, or what they mean is refused.
    pub(crate) fn from_octets(octets: &[u8]) -> Result<Self, InvalidName> {
        let text = format!("#{}", encoding::hex(octets));
        let address = match (<[u8; 4]>::try_from(octets), <[u8; 16]>::try_from(octets)) {
            (Ok(v4), _) => IpAddr::from(v4),
            (_, Ok(v6)) => IpAddr::from(v6),
            _ => {
                let why = format!("it has {} octets, and 4 or 16 are right", octets.len());
                return Err(InvalidName::new(IP, &text, why));
            }
        };
        Self::new(address, &address.to_string())
    }

    fn new(address: IpAddr, text: &str) -> Result<Self, InvalidName> {
        if let IpAddr::V6(v6) = address
            && let Some(v4) = v6.to_ipv4_mapped()
        {
            return Err(InvalidName::new(
                IP,
                text,
                format!("it is {v4} written as IPv6, which no client compares with it"),
            ));
        }
        Ok(Self(address))
    }

    /// The address.
    pub fn get(self) -> IpAddr {
        self.0
    }

    /// Its octets in network order.
    pub(crate) fn octets(self) -> Vec<u8> {
        match self.0 {
            IpAddr::V4(v4) => v4.octets().to_vec(),
            IpAddr::V6(v6) => v6.octets().to_vec(),
        }
    }
}

impl fmt::Display for IpAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An rfc822Name: an address of mail in ASCII, its domain in lower case and A-labels. The local part keeps its case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EmailAddress {
    address: String,
    domain: DnsName,
}

impl EmailAddress {
    /// Reads an address: a dot-atom, `@`, a domain (RFC 5321 section 4.1.2, without quoted local parts).
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let refused = |why: &str| InvalidName::new(EMAIL, text, why);
        let (local, domain) = text.rsplit_once('@').ok_or_else(|| refused("it has no `@`"))?;
        let atom = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b);
        if local.is_empty() || !local.split('.').all(|part| !part.is_empty() && part.bytes().all(atom)) {
            return Err(refused(
                "before the `@` stand letters, digits and some signs of ASCII, with single dots between",
            ));
        }
        if local.len() > LONGEST_LOCAL {
            return Err(refused("more than 64 characters stand before the `@`"));
        }
        let domain = DnsName::parse(domain).map_err(|error| refused(&format!("its domain: {}", error.why())))?;
        if domain.is_wildcard() || domain.has_underscore() {
            return Err(refused("its domain is no host name"));
        }
        let address = format!("{local}@{domain}");
        if address.len() > LONGEST_ADDRESS {
            return Err(refused("it is longer than 254 characters"));
        }
        Ok(Self { address, domain })
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.address
    }

    /// What stands before the `@`.
    pub(crate) fn local(&self) -> &str {
        self.address.rsplit_once('@').map_or("", |(local, _)| local)
    }

    /// What stands behind it.
    pub fn domain(&self) -> &DnsName {
        &self.domain
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_refused() {
        for (text, shown) in [("10.0.0.1", "10.0.0.1"), ("[2001:DB8::1]", "2001:db8::1"), ("::1", "::1")] {
            let address = IpAddress::parse(text).unwrap();
            assert_eq!(address.to_string(), shown);
            assert_eq!(IpAddress::from_octets(&address.octets()).unwrap(), address);
        }
        for text in ["10.0.0.300", "[10.0.0.1", "10.0.0", "::ffff:10.0.0.1", "fe80::1%eth0"] {
            assert!(IpAddress::parse(text).is_err(), "{text}");
        }
        assert!(IpAddress::from_octets(&[10, 0, 0, 1, 255, 0, 0, 0]).is_err());
        let mapped = [&[0; 10][..], &[255, 255, 10, 0, 0, 1]].concat();
        assert!(IpAddress::from_octets(&mapped).unwrap_err().to_string().contains("10.0.0.1 written as IPv6"));
    }

    #[test]
    fn mail_has_a_domain() {
        for (text, shown) in [
            ("Ops@Example.NET", "Ops@example.net"),
            ("a.b+c@büro.example", "a.b+c@xn--bro-hoa.example"),
            ("o'neil@example.net", "o'neil@example.net"),
        ] {
            assert_eq!(EmailAddress::parse(text).unwrap().as_str(), shown);
        }
        let long = format!("{}@example.net", "x".repeat(65));
        for text in [
            "x",
            "@example.net",
            "a@",
            "a..b@example.net",
            "a b@example.net",
            "a@*.example.net",
            "a@b_c.net",
            "ü@a.net",
            &long,
            "a@b@c",
            "a\0@b.net",
        ] {
            assert!(EmailAddress::parse(text).is_err(), "{text:?}");
        }
    }
}
