//! URIs as certificates carry them (RFC 3986; RFC 5280 sections 4.2.1.6, 4.2.1.13 and 4.2.2.1).

use std::fmt;

use super::address::IpAddress;
use super::dns_name::DnsName;
use super::invalid::InvalidName;

const KIND: &str = "a URI";

/// Schemes that name nothing without a host.
const NEED_HOST: &[&str] =
    &["http", "https", "ftp", "ldap", "ldaps", "ws", "wss", "spiffe", "coap", "coaps", "mqtt", "mqtts"];

/// Where CRLs and certificates of CAs are fetched (RFC 5280 section 4.2.1.13).
const POINTER_SCHEMES: &[&str] = &["http", "https", "ldap", "ldaps", "ftp"];

/// The host of a URI.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum UriHost {
    /// By name.
    Dns(DnsName),
    /// By address.
    Ip(IpAddress),
}

/// An absolute URI in ASCII; scheme and host in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Uri {
    text: String,
    host: Option<UriHost>,
}

impl Uri {
    /// Reads a URI.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let refused = |why: String| InvalidName::new(KIND, text, why);
        let (scheme, rest) = text.split_once(':').ok_or_else(|| refused("it has no scheme".to_owned()))?;
        let scheme_byte = |b: u8| b.is_ascii_alphanumeric() || b"+-.".contains(&b);
        if !scheme.starts_with(|c: char| c.is_ascii_alphabetic()) || !scheme.bytes().all(scheme_byte) {
            return Err(refused("its scheme is not letters, digits, `+`, `-` and `.`".to_owned()));
        }
        check_characters(rest).map_err(refused)?;
        let scheme = scheme.to_ascii_lowercase();
        let Some(after) = rest.strip_prefix("//") else {
            let lacks_host = NEED_HOST.contains(&scheme.as_str());
            let why = match () {
                () if lacks_host => format!("`{scheme}:` needs a host, as in `{scheme}://host/path`"),
                () if rest.is_empty() => "nothing stands behind its scheme".to_owned(),
                () if scheme == "urn" => match urn(rest) {
                    Ok(()) => return Ok(Self { text: format!("urn:{rest}"), host: None }),
                    Err(why) => why.to_owned(),
                },
                // `htp:/x` is a slip of the pen: what has a path from the root has an authority before it.
                () if rest.starts_with('/') => "a path follows its scheme, and no host".to_owned(),
                () => return Ok(Self { text: format!("{scheme}:{rest}"), host: None }),
            };
            return Err(refused(why));
        };
        let end = after.find(['/', '?', '#']).unwrap_or(after.len());
        let (authority, path) = after.split_at(end);
        let (authority, host) = read_authority(authority).map_err(refused)?;
        Ok(Self { text: format!("{scheme}://{authority}{path}"), host: Some(host) })
    }

    /// As it was written, but for scheme and host.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its host, where it has an authority.
    pub fn host(&self) -> Option<&UriHost> {
        self.host.as_ref()
    }
}

impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Where verifiers find a CRL, a responder or the certificate of a CA: a URI that they can fetch.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PointerUri(Uri);

impl PointerUri {
    /// Reads the URI of a CRL or of a CA's certificate.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let uri = Uri::parse(text)?;
        let scheme = uri.text.split_once(':').map_or("", |(scheme, _)| scheme);
        if !POINTER_SCHEMES.contains(&scheme) {
            let why = format!("nothing is fetched by `{scheme}:`; http, https, ldap, ldaps and ftp are");
            return Err(InvalidName::new(KIND, text, why));
        }
        Ok(Self(uri))
    }
}

impl std::str::FromStr for PointerUri {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        Self::parse(text)
    }
}

impl fmt::Display for PointerUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn check_characters(rest: &str) -> Result<(), String> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&b);
    if let Some(c) = rest.chars().find(|c| !u8::try_from(*c).is_ok_and(allowed)) {
        return Err(format!(
            "the character {} must be written as %..",
            certroll_base::text::printable(&format!("`{c}`"))
        ));
    }
    let mut parts = rest.split('%');
    parts.next();
    let encoded = |part: &str| part.len() >= 2 && part.bytes().take(2).all(|b| b.is_ascii_hexdigit());
    if !parts.all(encoded) {
        return Err("two hexadecimal digits must follow each `%`".to_owned());
    }
    match rest.matches('#').count() {
        0 | 1 => Ok(()),
        _ => Err("it has two fragments".to_owned()),
    }
}

/// RFC 8141 section 2: `NID:NSS`. Dots in the first part are of no registered namespace, and OPC UA (part 6, section 6.2.2) puts hosts
/// there.
fn urn(rest: &str) -> Result<(), &'static str> {
    let (nid, nss) = rest.split_once(':').ok_or("a urn is `urn:NAMESPACE:NAME`")?;
    let plain = nid.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'));
    if !plain || nid.is_empty() || nid.starts_with(['-', '.']) || nid.ends_with(['-', '.']) {
        return Err("the namespace of a urn is letters, digits, hyphens and dots");
    }
    if nss.is_empty() { Err("a urn is `urn:NAMESPACE:NAME`") } else { Ok(()) }
}

/// Its text with the host in lower case, and the host.
fn read_authority(authority: &str) -> Result<(String, UriHost), String> {
    let (user, place) = match authority.rsplit_once('@') {
        Some((user, place)) => (format!("{user}@"), place),
        None => (String::new(), authority),
    };
    if user.contains(['[', ']']) || user.matches('@').count() > 1 {
        return Err("what stands before the `@` of its host is malformed".to_owned());
    }
    let (host, port) = match place.rfind(':').filter(|at| !place.get(*at..).is_some_and(|end| end.contains(']'))) {
        Some(at) => place.split_at(at),
        None => (place, ""),
    };
    if port.len() > 1 && port[1..].parse::<u16>().is_err() {
        return Err("its port is not a number up to 65535".to_owned());
    }
    if host.is_empty() {
        return Err("its host is empty".to_owned());
    }
    let host = if host.starts_with('[') {
        UriHost::Ip(IpAddress::parse(host).map_err(|error| format!("its host: {}", error.why()))?)
    } else if let Ok(address) = IpAddress::parse(host) {
        UriHost::Ip(address)
    } else {
        let name = DnsName::parse(host).map_err(|error| format!("its host: {}", error.why()))?;
        if name.is_wildcard() {
            return Err("its host is a wildcard".to_owned());
        }
        UriHost::Dns(name)
    };
    let shown = match &host {
        UriHost::Dns(name) => name.to_string(),
        UriHost::Ip(address) if address.get().is_ipv6() => format!("[{address}]"),
        UriHost::Ip(address) => address.to_string(),
    };
    Ok((format!("{user}{shown}{port}"), host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_are_read() {
        for (text, shown) in [
            ("HTTPS://Example.NET/Path?q#f", "https://example.net/Path?q#f"),
            ("https://u@a.example.net:8443/x", "https://u@a.example.net:8443/x"),
            ("ldap://[2001:DB8::1]:389/cn=x?c", "ldap://[2001:db8::1]:389/cn=x?c"),
            ("opc.tcp://10.0.0.1:4840", "opc.tcp://10.0.0.1:4840"),
            ("urn:example:Meter:1", "urn:example:Meter:1"),
            ("urn:opc.example.net:UA:Server", "urn:opc.example.net:UA:Server"),
            ("sip:alice@example.net", "sip:alice@example.net"),
            ("tag:example.net,2026:a%20b", "tag:example.net,2026:a%20b"),
        ] {
            let uri = Uri::parse(text).unwrap();
            assert_eq!(uri.as_str(), shown);
            assert_eq!(uri.host().is_some(), shown.contains("//"), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, why) in [
            ("no-scheme", "no scheme"),
            ("htp:/x", "no host"),
            ("http:x", "needs a host"),
            ("https:///x", "host is empty"),
            ("https://a b/", "` `"),
            ("https://a..b/", "empty label"),
            ("https://*.a.net/", "wildcard"),
            ("https://a.net:x/", "port"),
            ("https://a.net:70000/", "port"),
            ("https://a.evil.com.:443/", "ends with a dot"),
            ("https://a.net/%zz", "hexadecimal"),
            ("https://a.net/ü", "`ü`"),
            ("https://a.net/\u{1b}", r"\u{1b}"),
            ("1a:b", "scheme"),
            ("urn:x", "NAMESPACE"),
            ("urn::x", "namespace"),
            ("urn:a:", "NAMESPACE"),
            ("mailto:", "nothing"),
        ] {
            let error = Uri::parse(text).unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
        assert!(PointerUri::parse("http://crl.example.net/ca.crl").is_ok());
        for text in ["urn:a:b", "htp://crl.example.net/x", "file://host/x", "http:/x", "/x"] {
            assert!(PointerUri::parse(text).is_err(), "{text}");
        }
    }
}
