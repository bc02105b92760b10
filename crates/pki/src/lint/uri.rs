//! URIs in parts (RFC 3986), read generously: a linter tells a URI that is none from one whose host is no name. What we certify
//! ourselves is read by `name::uri`.

use std::net::IpAddr;

/// A URI in its parts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    pub(super) scheme: &'a str,
    /// What follows the scheme where that is no path.
    opaque: &'a str,
    user: Option<&'a str>,
    pub(super) host: &'a str,
    path: &'a str,
}

impl<'a> Parts<'a> {
    /// `None` where it breaks the syntax.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        if text.bytes().any(|octet| octet < 0x20 || octet == 0x7f) {
            return None;
        }
        let (text, fragment) = text.split_once('#').unwrap_or((text, ""));
        let (scheme, rest) = scheme(text)?;
        let (rest, _query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut parts = Parts { scheme, opaque: "", user: None, host: "", path: rest };
        if !rest.starts_with('/') {
            if !scheme.is_empty() {
                return escapes(fragment).then_some(Parts { opaque: rest, path: "", ..parts });
            }
            // The first segment of a relative reference has no colon (section 4.2).
            if rest.split('/').next().is_some_and(|segment| segment.contains(':')) {
                return None;
            }
        }
        if let Some(after) = rest.strip_prefix("//").filter(|_| !scheme.is_empty() || !rest.starts_with("///")) {
            let (authority, path) = after.split_at(after.find('/').unwrap_or(after.len()));
            let (user, host) = match authority.rsplit_once('@') {
                Some((user, host)) => (Some(user), host),
                None => (None, authority),
            };
            let is_user = |user: &str| escapes(user) && user.bytes().all(in_user);
            if !is_host(host) || user.is_some_and(|user| !is_user(user)) {
                return None;
            }
            parts = Parts { user, host, path, ..parts };
        }
        (escapes(parts.path) && escapes(fragment)).then_some(parts)
    }

    /// Whether nothing stands behind the scheme.
    pub(super) fn is_bare(&self) -> bool {
        self.host.is_empty() && self.user.is_none() && self.opaque.is_empty() && self.path.is_empty()
    }

    /// Whether it is `scheme:something`, which has no authority.
    pub(super) fn is_opaque(&self) -> bool {
        !self.opaque.is_empty()
    }
}

/// `("", text)` where there is none.
fn scheme(text: &str) -> Option<(&str, &str)> {
    for (at, octet) in text.bytes().enumerate() {
        match octet {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return None,
            b':' => return text.split_once(':'),
            _ => break,
        }
    }
    Some(("", text))
}

/// Every `%` has two hexadecimal digits behind it.
fn escapes(text: &str) -> bool {
    let hex = |octet: Option<&u8>| octet.is_some_and(u8::is_ascii_hexdigit);
    let octets = text.as_bytes();
    (0..octets.len()).all(|at| octets[at] != b'%' || (hex(octets.get(at + 1)) && hex(octets.get(at + 2))))
}

fn in_user(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&octet)
}

/// Host and port (section 3.2.2), spaces and the like apart: whether it is a name is asked by [`is_domain`].
fn is_host(host: &str) -> bool {
    let port = match host.rsplit_once(']') {
        Some((inside, after)) if inside.starts_with('[') => after,
        Some(_) => return false,
        None => host.rfind(':').map_or("", |colon| &host[colon..]),
    };
    let is_port =
        port.is_empty() || port.strip_prefix(':').is_some_and(|digits| digits.bytes().all(|d| d.is_ascii_digit()));
    let allowed =
        |octet: u8| octet >= 0x80 || octet.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:[]<>\"".contains(&octet);
    is_port && host.bytes().all(allowed)
}

/// A fully qualified domain name, a wildcard and a port allowed, as certificates' URIs and constraints have it.
pub(super) fn is_domain(text: &str) -> bool {
    let mut text = text.strip_prefix("*.").unwrap_or(text);
    while let Some(rest) = text.strip_prefix("?.") {
        text = rest;
    }
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if (1..=5).contains(&port.len()) && port.bytes().all(|d| d.is_ascii_digit()) => (host, true),
        _ => (text, false),
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    let labels: Vec<&str> = host.split('.').collect();
    text.len() > 3 && (labels.len() > 1 || port) && labels.iter().all(|label| is_label(label))
}

fn is_label(label: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || !c.is_ascii();
    label.starts_with(inner) && label.ends_with(inner) && label.chars().all(|c| inner(c) || c == '-' || c == '_')
}

pub(super) fn is_domain_or_address(host: &str) -> bool {
    let address = match host.strip_prefix('[').and_then(|host| host.split_once(']')) {
        Some((address, _port)) => address,
        None => host,
    };
    is_domain(host) || address.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_as_the_rfc_has_them() {
        let parts = Parts::read("http://user@example.net:80/path?query#fragment").unwrap();
        assert_eq!(
            (parts.scheme, parts.user, parts.host, parts.path),
            ("http", Some("user"), "example.net:80", "/path")
        );
        assert!(Parts::read("urn:uuid:1").unwrap().is_opaque() && Parts::read("x://").unwrap().is_bare());
        for broken in ["http://a b/", "http://x/%zz", ":x", "a:b/%", "1:b", "http://h:8x/", "\u{1}"] {
            assert!(Parts::read(broken).is_none_or(|parts| parts.is_opaque()), "{broken}");
        }
    }

    #[test]
    fn names_and_addresses_are_hosts() {
        for good in ["example.net", "*.example.net", "a_b.example.net", "localhost:8080", "192.0.2.1", "2001:db8::1"] {
            assert!(is_domain_or_address(good), "{good}");
        }
        for bad in ["localhost", "", ".example.net", "a..b", "-a.net", "a b.net"] {
            assert!(!is_domain_or_address(bad), "{bad}");
        }
    }
}
