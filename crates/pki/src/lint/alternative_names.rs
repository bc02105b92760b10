//! Alternative names of subject and issuer (RFC 5280 sections 4.2.1.6 and 4.2.1.7).

use std::borrow::Cow;

use idna::punycode;

use super::fields::Fields;
use super::general_names::GeneralNames;
use super::oid;
use super::rule::{Check, Lint, Since};
use super::uri::{Parts, is_domain_or_address};
use super::verdict::Verdict;

type Found = Option<Cow<'static, str>>;
type NamesCheck = fn(&GeneralNames<'_>) -> Found;

const SUBJECT: &str = "subjectAltName";
const ISSUER: &str = "issuerAltName";

const fn subject(id: &'static str, since: Since, rule: &'static str, check: NamesCheck) -> Lint {
    Lint::new(id, ("RFC 5280 4.2.1.6", SUBJECT, since), rule, Check::Names(oid::SUBJECT_ALT_NAME, check))
}

const fn issuer(id: &'static str, since: Since, rule: &'static str, check: NamesCheck) -> Lint {
    Lint::new(id, ("RFC 5280 4.2.1.7", ISSUER, since), rule, Check::Names(oid::ISSUER_ALT_NAME, check))
}

const EMPTY: &str = "there is at least one name";
const EMPTY_NAME: &str = "no name is empty";
const DNS_ASCII: &str = "a dNSName is an IA5String";
const DNS_SPACE: &str = "no dNSName is a space";
const MAILBOX: &str = "an rfc822Name is a mailbox without comment and angle brackets";
const URI_ASCII: &str = "a URI is an IA5String";
const URI_FORM: &str = "a URI has a scheme and something behind it";
const URI_ABSOLUTE: &str = "a URI is not relative";
const URI_HOST: &str = "the host of a URI is a fully qualified name or an address";

pub(super) const LINTS: &[Lint] = &[
    subject("e_ext_san_no_entries", Since::RFC2459, EMPTY, no_entries),
    subject("e_ext_san_empty_name", Since::RFC2459, EMPTY_NAME, empty_name),
    subject("e_ext_san_dns_not_ia5_string", Since::RFC2459, DNS_ASCII, dns_not_ascii),
    subject("e_ext_san_space_dns_name", Since::RFC2459, DNS_SPACE, dns_space),
    subject("e_ext_san_rfc822_format_invalid", Since::RFC2459, MAILBOX, mailbox),
    subject("e_ext_san_uri_not_ia5", Since::RFC5280, URI_ASCII, uri_not_ascii),
    subject("e_ext_san_uri_format_invalid", Since::RFC5280, URI_FORM, uri_form),
    subject("e_ext_san_uri_relative", Since::RFC5280, URI_ABSOLUTE, uri_relative),
    subject("e_ext_san_uri_host_not_fqdn_or_ip", Since::RFC5280, URI_HOST, uri_host),
    Lint::new(
        "e_ext_san_dns_name_too_long",
        ("RFC 5280 4.2.1.6", SUBJECT, Since::RFC5280),
        "a dNSName has at most 253 characters",
        Check::Certificate(long_name),
    ),
    subject(
        "e_international_dns_name_not_unicode",
        Since::RFC3490,
        "a label that begins with xn-- is an A-label (RFC 3490)",
        malformed_a_label,
    ),
    Lint::new(
        "e_ext_san_not_critical_without_subject",
        ("RFC 5280 4.2.1.6", SUBJECT, Since::RFC2459),
        "under an empty subject subjectAltName is critical",
        Check::Certificate(not_critical),
    ),
    Lint::new(
        "e_rfc_dnsname_empty_label",
        ("RFC 5280 4.2.1.6", SUBJECT, Since::RFC5280),
        "no label of a dNSName is empty",
        Check::Certificate(|fields| labels(fields, |label| label.is_empty().then_some("a label is empty"))),
    ),
    Lint::new(
        "e_rfc_dnsname_label_too_long",
        ("RFC 5280 4.2.1.6", SUBJECT, Since::RFC5280),
        "a label of a dNSName has at most 63 characters (RFC 1035)",
        Check::Certificate(|fields| labels(fields, |label| (label.len() > 63).then_some("a label is longer"))),
    ),
    issuer("e_ext_ian_no_entries", Since::RFC2459, EMPTY, no_entries),
    issuer("e_ext_ian_empty_name", Since::RFC2459, EMPTY_NAME, empty_name),
    issuer("e_ext_ian_dns_not_ia5_string", Since::RFC2459, DNS_ASCII, dns_not_ascii),
    issuer("e_ext_ian_space_dns_name", Since::RFC2459, DNS_SPACE, dns_space),
    issuer("e_ext_ian_rfc822_format_invalid", Since::RFC2459, MAILBOX, mailbox),
    issuer("e_ext_ian_uri_not_ia5", Since::RFC5280, URI_ASCII, uri_not_ascii),
    issuer("e_ext_ian_uri_format_invalid", Since::RFC5280, URI_FORM, uri_form),
    issuer("e_ext_ian_uri_relative", Since::RFC5280, URI_ABSOLUTE, uri_relative),
    issuer("e_ext_ian_uri_host_not_fqdn_or_ip", Since::RFC5280, URI_HOST, uri_host),
    Lint::new(
        "w_ext_ian_critical",
        ("RFC 5280 4.2.1.7", ISSUER, Since::RFC2459),
        "issuerAltName is not critical",
        Check::Critical(oid::ISSUER_ALT_NAME, false),
    ),
];

fn no_entries(names: &GeneralNames<'_>) -> Found {
    names.0.is_empty().then_some("there is none".into())
}

fn empty_name(names: &GeneralNames<'_>) -> Found {
    let at = names.0.iter().position(|name| name.content.is_empty())?;
    Some(format!("name {} is empty", at + 1).into())
}

fn dns_not_ascii(names: &GeneralNames<'_>) -> Found {
    names.dns().find(|name| !name.is_ascii()).map(|name| format!("`{name}` is not ASCII").into())
}

fn dns_space(names: &GeneralNames<'_>) -> Found {
    names.dns().any(|name| name == " ").then_some("one is a space".into())
}

fn mailbox(names: &GeneralNames<'_>) -> Found {
    let broken = |name: &Cow<'_, str>| name.contains(' ') || name.starts_with('<') || name.ends_with(')');
    names.emails().find(broken).map(|name| format!("`{name}` is no mailbox").into())
}

fn uri_not_ascii(names: &GeneralNames<'_>) -> Found {
    names.uris().find(|uri| !uri.is_ascii()).map(|uri| format!("`{uri}` is not ASCII").into())
}

fn uri_form(names: &GeneralNames<'_>) -> Found {
    let broken = |uri: &Cow<'_, str>| Parts::read(uri).is_none_or(|parts| parts.scheme.is_empty() || parts.is_bare());
    names.uris().find(broken).map(|uri| format!("`{uri}` is no URI").into())
}

fn uri_relative(names: &GeneralNames<'_>) -> Found {
    let broken = |uri: &Cow<'_, str>| Parts::read(uri).is_none_or(|parts| parts.scheme.is_empty());
    names.uris().find(broken).map(|uri| format!("`{uri}` is relative").into())
}

fn uri_host(names: &GeneralNames<'_>) -> Found {
    let broken = |uri: &Cow<'_, str>| {
        Parts::read(uri).is_none_or(|parts| !parts.is_opaque() && !is_domain_or_address(parts.host))
    };
    let found = names.uris().filter(|uri| !uri.is_empty()).find(broken)?;
    Some(format!("the host of `{found}` is neither a fully qualified name nor an address").into())
}

fn malformed_a_label(names: &GeneralNames<'_>) -> Found {
    let is_a_label = |label: &&str| label.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("xn--"));
    let broken = |name: &Cow<'_, str>| {
        name.split('.').filter(is_a_label).any(|label| punycode::decode_to_string(&label[4..]).is_none())
    };
    names.dns().find(broken).map(|name| format!("`{name}` has a label that decodes to nothing").into())
}

fn long_name(fields: &Fields<'_>) -> Verdict {
    let names = fields.extensions.value(oid::SUBJECT_ALT_NAME).and_then(GeneralNames::read).unwrap_or_default();
    let lengths: Vec<usize> = names.dns().map(|name| name.len()).collect();
    let longest = lengths.iter().max().copied();
    longest.map_or(Verdict::NotApplicable, |most| Verdict::of((most > 253).then(|| format!("it has {most}"))))
}

fn not_critical(fields: &Fields<'_>) -> Verdict {
    match fields.extensions.find(oid::SUBJECT_ALT_NAME) {
        None => Verdict::NotApplicable,
        Some(one) => Verdict::unless(fields.subject.is_empty() && !one.is_critical(), "it is not critical"),
    }
}

/// Over the labels of each dNSName of a certificate that is no CA's.
fn labels(fields: &Fields<'_>, check: fn(&str) -> Option<&'static str>) -> Verdict {
    let names = fields.extensions.value(oid::SUBJECT_ALT_NAME).and_then(GeneralNames::read).unwrap_or_default();
    let has_names = names.dns().next().is_some() || fields.subject.has(oid::COMMON_NAME);
    Verdict::when(fields.is_subscriber() && has_names, || {
        let broken = |name: &Cow<'_, str>| name.split('.').find_map(check);
        Verdict::of(names.dns().find_map(|name| broken(&name).map(|why| format!("`{name}`: {why}"))))
    })
}
