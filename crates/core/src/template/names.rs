//! The subject alternative names of a template: patterns such as `dns:{name}`.
//!
//! A pattern always starts with its kind, so that no value can change it. One whose optional parameters are not given
//! is left out, and one that ends with `?` also when the value does not fit the kind.

use std::net::IpAddr;

use super::error::TemplateProblem;
use super::parameter::Parameter;
use super::pattern::{Pattern, PatternValues};
use certroll_pki::name::general_name::GeneralName;

/// One compiled name.
#[derive(Clone, Debug)]
pub(super) struct NamePattern {
    pattern: Pattern,
    kind: NameKind,
    may_be_dropped: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NameKind {
    Dns,
    Uri,
    Other,
}

impl NamePattern {
    pub(super) fn compile(text: &str, parameters: &[Parameter]) -> Result<Self, TemplateProblem> {
        let kind = match text.split_once(':') {
            Some(("dns", _)) => NameKind::Dns,
            Some(("uri", _)) => NameKind::Uri,
            Some(("ip" | "email" | "hwm", _)) => NameKind::Other,
            _ => {
                return Err(TemplateProblem::form(
                    "a kind and a name: `dns:`, `ip:`, `email:`, `uri:` or `hwm:` first",
                    text,
                ));
            }
        };
        let (text, may_be_dropped) = text.strip_suffix('?').map_or((text, false), |text| (text, true));
        let pattern = Pattern::compile(text, parameters)?;
        if pattern.is_literal() {
            GeneralName::parse(text)?;
        }
        Ok(Self { pattern, kind, may_be_dropped })
    }

    pub(super) fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// The name for these values, unless it is left out.
    pub(super) fn apply(
        &self,
        values: &PatternValues<'_>,
        parameters: &[Parameter],
    ) -> Result<Option<GeneralName>, TemplateProblem> {
        let escape = if self.kind == NameKind::Uri { percent_encode } else { plain };
        let mut text = String::with_capacity(64);
        if !self.pattern.render(values, parameters, escape, &mut text)? {
            return Ok(None);
        }
        match self.parse(&text) {
            Err(_) if self.may_be_dropped => Ok(None),
            result => result.map(Some),
        }
    }

    fn parse(&self, text: &str) -> Result<GeneralName, TemplateProblem> {
        match GeneralName::parse(text)? {
            // All digits and dots: a DNS name by its syntax, but no resolver looks it up as one.
            GeneralName::Dns(name) if name.parse::<IpAddr>().is_ok() => {
                Err(TemplateProblem::form("a DNS name, not an IP address", name))
            }
            name => Ok(name),
        }
    }
}

fn plain(value: &str, out: &mut String) {
    out.push_str(value);
}

/// Everything but the unreserved characters of RFC 3986 section 2.3: a value stays one part of the URI.
fn percent_encode(value: &str, out: &mut String) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.extend(char::from_digit(u32::from(byte >> 4), 16).map(|digit| digit.to_ascii_uppercase()));
            out.extend(char::from_digit(u32::from(byte & 15), 16).map(|digit| digit.to_ascii_uppercase()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(pattern: &str, name: &str) -> Result<Option<String>, TemplateProblem> {
        let values = PatternValues { name, parameters: Vec::new() };
        let name = NamePattern::compile(pattern, &[])?.apply(&values, &[])?;
        Ok(name.map(|name| name.to_string()))
    }

    #[test]
    fn names_keep_their_kind_whatever_the_value() {
        for (pattern, name, expected) in [
            ("dns:{name}", "Broker.example.net", Some("dns:broker.example.net")),
            ("dns:{name}?", "broker 1", None),
            ("dns:{name}?", "10.0.0.1", None),
            ("dns:{name}?", "ip:10.0.0.1", None),
            ("ip:{name}?", "10.0.0.1", Some("ip:10.0.0.1")),
            ("ip:{name}?", "broker", None),
            ("uri:urn:meter:{name}", "a/b?c#ü", Some("uri:urn:meter:a%2Fb%3Fc%23%C3%BC")),
            ("email:{name}@example.net?", "a@evil.example", None),
            ("dns:localhost", "x", Some("dns:localhost")),
        ] {
            assert_eq!(applied(pattern, name).unwrap().as_deref(), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn wrong_names_are_refused() {
        for (pattern, part) in [
            ("dns:{name}", "a DNS name"),
            ("{name}", "a kind and a name"),
            ("host:{name}", "a kind and a name"),
            ("ip:300.0.0.1", "an IP address"),
            ("dns:{nmae}", "unknown placeholder"),
        ] {
            let error = applied(pattern, "broker 1").unwrap_err().to_string();
            assert!(error.contains(part), "{pattern}: {error}");
        }
        assert!(applied("dns:{name}", "10.0.0.1").is_err());
    }
}
