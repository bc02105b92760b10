//! Common names that clients take for host names. They should look at alternative names alone (RFC 9525), and old ones do not.

use super::dns_name::DnsName;
use super::general_name::GeneralName;
use super::invalid::InvalidName;

/// The host that a common name could be taken for: what looks like a name with a dot, whatever its case, with a dot or blanks at
/// its end, too. `None` for other texts; an error for one that looks like a host and is none.
pub fn host_of(text: &str) -> Option<Result<GeneralName, InvalidName>> {
    let bare = text.trim().trim_end_matches('.');
    let part_of_host = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_' | '*');
    let last = bare.rsplit('.').next().unwrap_or_default();
    let is_number = last.bytes().all(|b| b.is_ascii_digit());
    if !bare.contains('.') || !bare.chars().all(part_of_host) || is_number {
        return None;
    }
    Some(DnsName::parse(bare).map(GeneralName::Dns))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_told_from_other_texts() {
        for (text, host) in [
            ("evil.com", Some("dns:evil.com")),
            ("Evil.COM. ", Some("dns:evil.com")),
            ("my_host.evil.com", Some("dns:my_host.evil.com")),
            ("*.example.net", Some("dns:*.example.net")),
            ("büro.example", Some("dns:xn--bro-hoa.example")),
            ("importer", None),
            ("Dr. Smith", None),
            ("10.0.0.1", None),
            ("release 1.2", None),
            ("ops@example.net", None),
        ] {
            let found = host_of(text).map(|host| host.unwrap().to_string());
            assert_eq!(found.as_deref(), host, "{text}");
        }
        assert!(host_of("a..evil.com").is_some_and(|host| host.is_err()));
    }
}
