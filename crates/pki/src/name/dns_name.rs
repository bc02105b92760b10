//! DNS names as certificates carry them: the preferred name syntax (RFC 1034 section 3.5), a wildcard for the whole left-most
//! label (RFC 9525 section 6.3), internationalised names as A-labels (RFC 5890).

use std::fmt;

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};

use super::invalid::InvalidName;

/// What [`DnsName`] is called in errors.
const KIND: &str = "a DNS name";

/// The longest name and the longest label, in octets (RFC 1035 section 2.3.4; the text form lacks two of the 255).
const LONGEST_NAME: usize = 253;
const LONGEST_LABEL: usize = 63;

/// All of ASCII but letters, digits, hyphen, dot and underscore: whether an underscore may stand there is the template's business.
const DENIED: AsciiDenyList = AsciiDenyList::new(true, "!\"#$%&'()*+,/:;<=>?@[\\]^`{|}~ ");

/// A DNS name in lower case and A-labels; a `*` may stand for the whole left-most label.
///
/// Only the functions here make one, so a holder of one need not look at its syntax again.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DnsName(String);

impl DnsName {
    /// Reads a name as people write it: any case, U-labels or A-labels.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let refused = |why: String| InvalidName::new(KIND, text, why);
        let (wildcard, host) = match text.strip_prefix("*.") {
            Some(host) => ("*.", host),
            None => ("", text),
        };
        check_characters(host).map_err(refused)?;
        let ascii = if needs_idna(host) { to_a_labels(host).map_err(refused)? } else { host.to_ascii_lowercase() };
        check_labels(&ascii).map_err(refused)?;
        let name = format!("{wildcard}{ascii}");
        if name.len() > LONGEST_NAME {
            return Err(refused(format!("it has {} octets, and {LONGEST_NAME} are the most", name.len())));
        }
        Ok(Self(name))
    }

    /// Takes the octets of a dNSName, which is ASCII: nothing is mapped but the case of letters.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn from_octets(octets: &[u8]) -> Result<Self, InvalidName> {
        let text = String::from_utf8_lossy(octets);
        if !octets.is_ascii() {
            let why = "a certificate has it in ASCII, with internationalised labels as xn--...".to_owned();
            return Err(InvalidName::new(KIND, &text, why));
        }
        Self::parse(&text)
    }

    /// In ASCII: A-labels, lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a `*` stands for its left-most label.
    pub fn is_wildcard(&self) -> bool {
        self.0.starts_with("*.")
    }

    /// Without a wildcard label.
    pub fn base(&self) -> &str {
        self.0.strip_prefix("*.").unwrap_or(&self.0)
    }

    /// Whether a label has an underscore, which no host name has (RFC 1123 section 2.1); names of services do.
    pub fn has_underscore(&self) -> bool {
        self.0.contains('_')
    }

    /// Whether it is `domain`, or a name below it; for a wildcard, whether all that it stands for is.
    pub fn is_within(&self, domain: &str) -> bool {
        is_below(self.base(), domain)
    }

    /// As people of its language write it, where that differs.
    pub fn unicode(&self) -> Option<String> {
        if !self.0.contains("xn--") {
            return None;
        }
        let (host, result) = Uts46::new().to_unicode(self.base().as_bytes(), DENIED, Hyphens::CheckFirstLast);
        result.ok()?;
        let wildcard = if self.is_wildcard() { "*." } else { "" };
        Some(format!("{wildcard}{host}")).filter(|text| *text != self.0)
    }
}

impl fmt::Display for DnsName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether `name` is `domain`, or ends with it after a dot. Both in lower case.
pub(crate) fn is_below(name: &str, domain: &str) -> bool {
    name == domain || name.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

/// The reason is about the first character at fault, which mapping might hide.
fn check_characters(host: &str) -> Result<(), String> {
    if host.is_empty() {
        return Err("it is empty".to_owned());
    }
    if host.ends_with('.') {
        return Err("it ends with a dot, which a certificate does not have".to_owned());
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_') || !c.is_ascii();
    match host.chars().find(|c| !plain(*c) || certroll_base::text::is_hostile(*c)) {
        None => Ok(()),
        Some('*') => Err("a wildcard stands for the whole left-most label, `*.`, and for nothing else".to_owned()),
        Some(' ') => Err("it has a space".to_owned()),
        Some('\0') => Err("it has a NUL".to_owned()),
        Some(c) if certroll_base::text::is_hostile(c) => Err(format!("it has the character {}", c.escape_unicode())),
        Some(c) => Err(format!("it has the character `{c}`: letters, digits and hyphens are allowed")),
    }
}

fn needs_idna(host: &str) -> bool {
    let encoded = |label: &str| label.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("xn--"));
    !host.is_ascii() || host.split('.').any(encoded)
}

/// UTS 46, which maps what people write to what IDNA 2008 allows, and refuses A-labels that encode nothing.
fn to_a_labels(host: &str) -> Result<String, String> {
    let ascii = Uts46::new().to_ascii(host.as_bytes(), DENIED, Hyphens::CheckFirstLast, DnsLength::Ignore);
    ascii.map(std::borrow::Cow::into_owned).map_err(|_| "it is no internationalised name (IDNA 2008)".to_owned())
}

fn check_labels(host: &str) -> Result<(), String> {
    for label in host.split('.') {
        if label.is_empty() {
            return Err("it has an empty label".to_owned());
        }
        if label.len() > LONGEST_LABEL {
            return Err(format!("a label has {} octets, and {LONGEST_LABEL} are the most", label.len()));
        }
        if label.starts_with('-') || label.ends_with('-') {
            return Err("a label begins or ends with a hyphen".to_owned());
        }
    }
    let last = host.rsplit('.').next().unwrap_or_default();
    if last.bytes().all(|b| b.is_ascii_digit()) {
        // Resolvers take such a name for an address (RFC 1123 section 2.1).
        return Err("its last label is a number, so it is neither a host name nor a valid IP address".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_for_each_name() {
        for (text, expected) in [
            ("Broker.Example.NET", "broker.example.net"),
            ("*.Example.net", "*.example.net"),
            ("localhost", "localhost"),
            ("büro.example.net", "xn--bro-hoa.example.net"),
            ("XN--BRO-HOA.example.net", "xn--bro-hoa.example.net"),
            ("*.BÜRO.example.net", "*.xn--bro-hoa.example.net"),
            ("_sip._tcp.example.net", "_sip._tcp.example.net"),
            ("3com.example", "3com.example"),
            ("a--b.example", "a--b.example"),
            ("r3---sn-x.example", "r3---sn-x.example"),
        ] {
            let name = DnsName::parse(text).unwrap();
            assert_eq!(name.as_str(), expected);
            assert_eq!(DnsName::from_octets(expected.as_bytes()).unwrap(), name);
        }
        assert_eq!(DnsName::parse("*.büro.example.net").unwrap().unicode().as_deref(), Some("*.büro.example.net"));
        assert_eq!(DnsName::parse("a.example.net").unwrap().unicode(), None);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let long = format!("{}.example", "a".repeat(64));
        let whole = format!("{}example", "abcdefghi.".repeat(30));
        for (text, why) in [
            ("", "empty"),
            ("*.", "empty"),
            ("*", "wildcard"),
            ("w*.example.net", "wildcard"),
            ("a.*.example.net", "wildcard"),
            ("*.*.example.net", "wildcard"),
            ("example.net.", "ends with a dot"),
            (".example.net", "empty label"),
            ("a..example.net", "empty label"),
            ("-a.example", "hyphen"),
            ("a-.example", "hyphen"),
            ("www.evil.org\0.example.net", "NUL"),
            ("a b.example", "space"),
            ("a\n.example", r"\u{a}"),
            ("a\u{200d}b.example", r"\u{200d}"),
            ("a\u{202e}b.example", r"\u{202e}"),
            ("a/b.example", "`/`"),
            ("10.0.0.300", "number"),
            ("10.0.0.1", "number"),
            ("xn--a.example.net", "internationalised"),
            ("xn--\u{fc}.example.net", "internationalised"),
            (&long, "64 octets"),
            (&whole, "253"),
        ] {
            let error = DnsName::parse(text).unwrap_err().to_string();
            assert!(error.contains(why) && !error.contains(['\0', '\n', '\u{202e}']), "{text:?}: {error}");
        }
        assert!(DnsName::from_octets("büro.example".as_bytes()).unwrap_err().to_string().contains("ASCII"));
        assert!(DnsName::from_octets(b"a\xff.example").is_err());
    }

    #[test]
    fn a_domain_holds_itself_and_what_is_below() {
        for (name, domain, inside) in [
            ("example.net", "example.net", true),
            ("a.b.example.net", "example.net", true),
            ("*.example.net", "example.net", true),
            ("badexample.net", "example.net", false),
            ("*.net", "example.net", false),
        ] {
            assert_eq!(DnsName::parse(name).unwrap().is_within(domain), inside, "{name}");
        }
    }
}
