//! Rules about subject and alternative names.

use std::fmt;

use const_oid::ObjectIdentifier;

use super::document::NameKind;
use super::facts::PolicyFacts;
use super::refusal::Objection;
use super::wildcard;
use certroll_base::encoding;
use certroll_base::text::printable;
use certroll_pki::name::general_name::{DnsName, GeneralName};
use certroll_pki::name::host_like;

pub(super) fn san_required(facts: &PolicyFacts<'_>) -> Option<Objection> {
    let statement = "there is no subject alternative name, and at least one is required";
    facts.content.names.is_empty().then(|| Objection::new("none", "at least one", statement))
}

pub(super) fn max_names(facts: &PolicyFacts<'_>, most: usize) -> Option<Objection> {
    let count = facts.content.names.len();
    let statement = format!("{count} subject alternative names are over the limit of {most}");
    (count > most).then(|| Objection::new(count.to_string(), most.to_string(), statement))
}

pub(super) fn san_kinds(facts: &PolicyFacts<'_>, allowed: &[NameKind]) -> Vec<Objection> {
    let limit = || allowed.iter().map(|kind| spelling(*kind)).collect::<Vec<_>>().join(", ");
    let fits = |name: &GeneralName| kind_of(name).is_some_and(|kind| allowed.contains(&kind));
    let objection = |name: &GeneralName| {
        let statement = format!("alternative name `{name}` is of a kind that is not allowed (allowed: {})", limit());
        Objection::new(name.to_string(), limit(), statement)
    };
    facts.content.names.iter().filter(|name| !fits(name)).map(objection).collect()
}

pub(super) fn dns_suffixes(facts: &PolicyFacts<'_>, suffixes: &[String]) -> Vec<Objection> {
    let fits = |host: &HostName| match host {
        HostName::Valid(name) => suffixes.iter().any(|suffix| name.is_within(suffix)),
        HostName::Invalid(_) => false,
    };
    let limit = || suffixes.join(", ");
    let outside = host_names(facts).into_iter().filter(|name| !fits(name));
    let objection = |name: HostName| {
        let statement = format!("host name `{name}` is in none of the domains {}", limit());
        Objection::new(name.to_string(), limit(), statement)
    };
    outside.map(objection).collect()
}

pub(super) fn no_wildcard(facts: &PolicyFacts<'_>) -> Vec<Objection> {
    let wild = host_names(facts).into_iter().filter(|name| name.to_string().contains('*'));
    let objection = |name: HostName| {
        let statement = format!("host name `{name}` is a wildcard, and wildcards are not allowed");
        Objection::new(name.to_string(), "no wildcard", statement)
    };
    wild.map(objection).collect()
}

/// Each maker has an arc; a hardware type outside of it would speak for another maker's devices.
pub(super) fn hardware_type_arcs(facts: &PolicyFacts<'_>, arcs: &[ObjectIdentifier]) -> Vec<Objection> {
    let limit = || arcs.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let below = |found: &ObjectIdentifier, arc: &ObjectIdentifier| {
        found == arc || found.to_string().starts_with(&format!("{arc}."))
    };
    let objection = |name: &GeneralName| match name {
        GeneralName::HardwareModule { hw_type, serial } if !arcs.iter().any(|arc| below(hw_type, arc)) => {
            let serial = encoding::hex(serial);
            let statement = format!("hardware type {hw_type} of `{serial}` lies under none of the arcs {}", limit());
            Some(Objection::new(hw_type.to_string(), limit(), statement))
        }
        _ => None,
    };
    facts.content.names.iter().filter_map(objection).collect()
}

pub(super) fn subject_pattern(facts: &PolicyFacts<'_>, pattern: &str) -> Option<Objection> {
    let subject = facts.content.subject.to_string();
    let statement = format!("subject `{subject}` does not match `{pattern}`");
    (!wildcard::matches(pattern, &subject)).then(|| Objection::new(subject, pattern, statement))
}

/// A host that a client could look for in the certificate.
#[derive(PartialEq, Eq)]
enum HostName {
    Valid(DnsName),
    /// A common name that looks like a host, and is none by its syntax.
    Invalid(String),
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Valid(name) => name.fmt(f),
            Self::Invalid(text) => f.write_str(text),
        }
    }
}

/// The DNS names, the domains of services, and every common name that looks like a host: old clients still take one from there.
fn host_names(facts: &PolicyFacts<'_>) -> Vec<HostName> {
    let mut names: Vec<HostName> = Vec::new();
    let listed = facts.content.names.iter().filter_map(|name| match name {
        GeneralName::Dns(name) => Some(HostName::Valid(name.clone())),
        GeneralName::Srv(name) => DnsName::parse(name.domain()).ok().map(HostName::Valid),
        _ => None,
    });
    let common = facts.content.subject.common_names();
    let common = common.iter().filter_map(|text| match host_like::host_of(text)? {
        Ok(GeneralName::Dns(name)) => Some(HostName::Valid(name)),
        _ => Some(HostName::Invalid(printable(text).into_owned())),
    });
    for name in listed.chain(common) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn kind_of(name: &GeneralName) -> Option<NameKind> {
    match name {
        GeneralName::Dns(_) => Some(NameKind::Dns),
        GeneralName::Ip(_) => Some(NameKind::Ip),
        GeneralName::Email(_) => Some(NameKind::Email),
        GeneralName::Uri(_) => Some(NameKind::Uri),
        GeneralName::HardwareModule { .. } => Some(NameKind::Hwm),
        GeneralName::Directory(_) => Some(NameKind::Dir),
        GeneralName::Srv(_) => Some(NameKind::Srv),
        GeneralName::Foreign(_) => None,
    }
}

fn spelling(kind: NameKind) -> &'static str {
    match kind {
        NameKind::Dns => "dns",
        NameKind::Ip => "ip",
        NameKind::Email => "email",
        NameKind::Uri => "uri",
        NameKind::Srv => "srv",
        NameKind::Hwm => "hwm",
        NameKind::Dir => "dir",
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::fixture::check;
    use certroll_pki::name::distinguished_name::DistinguishedName;

    #[test]
    fn each_rule_refuses() {
        let suffixes = "dns_suffixes = [\".Example.net\", \"example.org\"]";
        let subject = "subject_pattern = \"O=Example, *\"";
        check(&[
            (
                "san_required = true",
                |f| f.content.names.clear(),
                &["there is no subject alternative name, and at least one is required"],
            ),
            (
                "san_kinds = [\"dns\", \"uri\"]",
                |f| {
                    f.name("10.0.0.1");
                    f.name("urn:a:b");
                    f.name("srv:_mqtt.example.net");
                },
                &[
                    "alternative name `ip:10.0.0.1` is of a kind that is not allowed (allowed: dns, uri)",
                    "alternative name `srv:_mqtt.example.net` is of a kind that is not allowed (allowed: dns, uri)",
                ],
            ),
            (
                suffixes,
                |f| ["badexample.net", "*.net", "*.a.example.org", "example.org"].iter().for_each(|name| f.name(name)),
                &[
                    "host name `badexample.net` is in none of the domains example.net, example.org",
                    "host name `*.net` is in none of the domains example.net, example.org",
                ],
            ),
            (
                suffixes,
                |f| f.content.subject = DistinguishedName::parse("CN=Evil.example").unwrap(),
                &["host name `evil.example` is in none of the domains example.net, example.org"],
            ),
            (
                suffixes,
                |f| {
                    let names = "CN=ok.example.net, CN=my_host.evil.example, CN=evil.example., CN=Dr. Smith, CN=a..evil.example";
                    f.content.subject = DistinguishedName::parse(names).unwrap();
                },
                &[
                    "host name `my_host.evil.example` is in none of the domains example.net, example.org",
                    "host name `evil.example` is in none of the domains example.net, example.org",
                    "host name `a..evil.example` is in none of the domains example.net, example.org",
                ],
            ),
            (
                "max_names = 2",
                |f| ["a.example.net", "c.example.net"].iter().for_each(|name| f.name(name)),
                &["3 subject alternative names are over the limit of 2"],
            ),
            (
                "wildcard = \"refused\"",
                |f| f.name("*.example.net"),
                &["host name `*.example.net` is a wildcard, and wildcards are not allowed"],
            ),
            (
                "wildcard = \"refused\"",
                |f| f.content.subject = DistinguishedName::parse("CN=*.example.net").unwrap(),
                &["host name `*.example.net` is a wildcard, and wildcards are not allowed"],
            ),
            (
                "hardware_type_arcs = [\"1.3.6.1.4.1.32473\"]",
                |f| {
                    f.name("hwm:1.3.6.1.4.1.32473.1:00");
                    f.name("hwm:1.3.6.1.4.1.324731:0011");
                },
                &["hardware type 1.3.6.1.4.1.324731 of `0011` lies under none of the arcs 1.3.6.1.4.1.32473"],
            ),
            (
                subject,
                |f| f.content.subject = DistinguishedName::parse("O=Other, CN=b").unwrap(),
                &["subject `O=Other, CN=b` does not match `O=Example, *`"],
            ),
            (
                subject,
                |f| f.content.subject = DistinguishedName::empty(),
                &["subject `` does not match `O=Example, *`"],
            ),
        ]);
    }
}
