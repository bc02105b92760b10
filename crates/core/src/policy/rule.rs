//! Rules: one variant for each, compiled from the fields of a block.

use const_oid::ObjectIdentifier;

use super::document::{NameKind, Permission, Rules};
use super::error::PolicyProblem;
use super::facts::{KeyOrigin, PolicyFacts};
use super::refusal::Objection;
use super::{key_rules, name_rules, usage_rules};
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::x509::extensions::{ExtendedUsage, KeyUsage};
use certroll_pki::x509::validity::Lifetime;

#[derive(Clone, Debug)]
pub(super) enum Rule {
    MaxLifetime(i64),
    NotBeyondIssuer,
    AllowedKeys(Vec<String>),
    RsaMinBits(u64),
    RsaExponents(Vec<u64>),
    NoKeyReuse,
    KeyOrigin(KeyOrigin),
    IssuerKeyNotWeaker,
    KeyUsage(Vec<KeyUsage>),
    ExtendedKeyUsage(Vec<ExtendedUsage>),
    ForbidExtendedKeyUsage(Vec<ExtendedUsage>),
    UsageFitsKey,
    ForbidCa,
    MaxPathLength(u8),
    RevocationSourceRequired,
    SanRequired,
    MaxNames(usize),
    SanKinds(Vec<NameKind>),
    DnsSuffixes(Vec<String>),
    NoWildcard,
    HardwareTypeArcs(Vec<ObjectIdentifier>),
    SubjectPattern(String),
}

impl Rule {
    /// The field of the document that the rule comes from.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::MaxLifetime(_) => "max_lifetime",
            Self::NotBeyondIssuer => "not_beyond_issuer",
            Self::AllowedKeys(_) => "allowed_keys",
            Self::RsaMinBits(_) => "rsa_min_bits",
            Self::RsaExponents(_) => "rsa_exponents",
            Self::NoKeyReuse => "key_reuse",
            Self::KeyOrigin(_) => "key_origin",
            Self::IssuerKeyNotWeaker => "issuer_key_not_weaker",
            Self::KeyUsage(_) => "key_usage",
            Self::ExtendedKeyUsage(_) => "extended_key_usage",
            Self::ForbidExtendedKeyUsage(_) => "forbid_extended_key_usage",
            Self::UsageFitsKey => "usage_fits_key",
            Self::ForbidCa => "forbid_ca",
            Self::MaxPathLength(_) => "max_path_length",
            Self::RevocationSourceRequired => "revocation_source_required",
            Self::SanRequired => "san_required",
            Self::MaxNames(_) => "max_names",
            Self::SanKinds(_) => "san_kinds",
            Self::DnsSuffixes(_) => "dns_suffixes",
            Self::NoWildcard => "wildcard",
            Self::HardwareTypeArcs(_) => "hardware_type_arcs",
            Self::SubjectPattern(_) => "subject_pattern",
        }
    }

    /// Everything about the certificate that the rule does not allow.
    pub(super) fn check(&self, facts: &PolicyFacts<'_>) -> Vec<Objection> {
        match self {
            Self::MaxLifetime(secs) => usage_rules::max_lifetime(facts, *secs).into_iter().collect(),
            Self::NotBeyondIssuer => usage_rules::not_beyond_issuer(facts).into_iter().collect(),
            Self::AllowedKeys(keys) => key_rules::allowed_keys(facts, keys).into_iter().collect(),
            Self::RsaMinBits(bits) => key_rules::rsa_min_bits(facts, *bits).into_iter().collect(),
            Self::RsaExponents(list) => key_rules::rsa_exponents(facts, list).into_iter().collect(),
            Self::NoKeyReuse => key_rules::no_key_reuse(facts).into_iter().collect(),
            Self::KeyOrigin(origin) => key_rules::key_origin(facts, *origin).into_iter().collect(),
            Self::IssuerKeyNotWeaker => key_rules::issuer_key_not_weaker(facts).into_iter().collect(),
            Self::KeyUsage(usages) => usage_rules::subset("key usage", &facts.content.extensions.key_usage, usages),
            Self::ExtendedKeyUsage(usages) => {
                usage_rules::subset("extended key usage", &facts.content.extensions.extended_key_usage, usages)
            }
            Self::ForbidExtendedKeyUsage(usages) => usage_rules::forbidden(facts, usages),
            Self::UsageFitsKey => key_rules::usage_fits_key(facts),
            Self::ForbidCa => usage_rules::forbid_ca(facts).into_iter().collect(),
            Self::MaxPathLength(most) => usage_rules::max_path_length(facts, *most).into_iter().collect(),
            Self::RevocationSourceRequired => usage_rules::revocation_source_required(facts).into_iter().collect(),
            Self::SanRequired => name_rules::san_required(facts).into_iter().collect(),
            Self::MaxNames(most) => name_rules::max_names(facts, *most).into_iter().collect(),
            Self::SanKinds(kinds) => name_rules::san_kinds(facts, kinds),
            Self::DnsSuffixes(suffixes) => name_rules::dns_suffixes(facts, suffixes),
            Self::NoWildcard => name_rules::no_wildcard(facts),
            Self::HardwareTypeArcs(arcs) => name_rules::hardware_type_arcs(facts, arcs),
            Self::SubjectPattern(pattern) => name_rules::subject_pattern(facts, pattern).into_iter().collect(),
        }
    }

    /// The rules of one block; an error names the field.
    pub(super) fn compile(block: Rules) -> Result<Vec<Self>, (&'static str, PolicyProblem)> {
        let max_lifetime = block.max_lifetime.map(|text| seconds(&text)).transpose();
        let key_usage = block.key_usage.map(|list| parse_all(&list)).transpose();
        let extended = block.extended_key_usage.map(|list| parse_all(&list)).transpose();
        let forbidden = block.forbid_extended_key_usage.map(|list| parse_all(&list)).transpose();
        let suffixes = block.dns_suffixes.iter().map(|text| suffix(text)).collect::<Result<Vec<_>, _>>();
        let arcs = block.hardware_type_arcs.iter().map(|text| arc(text)).collect::<Result<Vec<_>, _>>();
        let allowed_keys = block.allowed_keys.map(key_rules::checked).transpose();
        let rules = [
            max_lifetime.map_err(|problem| ("max_lifetime", problem))?.map(Self::MaxLifetime),
            block.not_beyond_issuer.then_some(Self::NotBeyondIssuer),
            allowed_keys.map_err(|problem| ("allowed_keys", problem))?.map(Self::AllowedKeys),
            block.rsa_min_bits.map(Self::RsaMinBits),
            block.rsa_exponents.map(Self::RsaExponents),
            (block.key_reuse == Some(Permission::Refused)).then_some(Self::NoKeyReuse),
            block.key_origin.map(Self::KeyOrigin),
            block.issuer_key_not_weaker.then_some(Self::IssuerKeyNotWeaker),
            key_usage.map_err(|problem| ("key_usage", problem))?.map(Self::KeyUsage),
            extended.map_err(|problem| ("extended_key_usage", problem))?.map(Self::ExtendedKeyUsage),
            forbidden.map_err(|problem| ("forbid_extended_key_usage", problem))?.map(Self::ForbidExtendedKeyUsage),
            block.usage_fits_key.then_some(Self::UsageFitsKey),
            block.forbid_ca.then_some(Self::ForbidCa),
            block.max_path_length.map(Self::MaxPathLength),
            block.revocation_source_required.then_some(Self::RevocationSourceRequired),
            block.san_required.then_some(Self::SanRequired),
            block.max_names.map(Self::MaxNames),
            block.san_kinds.map(Self::SanKinds),
            not_empty(suffixes.map_err(|problem| ("dns_suffixes", problem))?).map(Self::DnsSuffixes),
            (block.wildcard == Some(Permission::Refused)).then_some(Self::NoWildcard),
            not_empty(arcs.map_err(|problem| ("hardware_type_arcs", problem))?).map(Self::HardwareTypeArcs),
            block.subject_pattern.map(Self::SubjectPattern),
        ];
        Ok(rules.into_iter().flatten().collect())
    }
}

fn seconds(text: &str) -> Result<i64, PolicyProblem> {
    match text.parse()? {
        Lifetime::Seconds(secs) => Ok(secs),
        Lifetime::Never => Err(PolicyProblem::Rule("`never` limits nothing: leave the rule out")),
    }
}

fn parse_all<T: std::str::FromStr<Err: Into<PolicyProblem>>>(list: &[String]) -> Result<Vec<T>, PolicyProblem> {
    list.iter().map(|text| text.parse().map_err(Into::into)).collect()
}

/// A domain, in lower case; a dot before it is ignored.
fn suffix(text: &str) -> Result<String, PolicyProblem> {
    let expected = "a domain such as example.net";
    match GeneralName::parse(&format!("dns:{}", text.strip_prefix('.').unwrap_or(text)))? {
        GeneralName::Dns(name) if !name.is_wildcard() => Ok(name.to_string()),
        _ => Err(PolicyProblem::form(expected, text)),
    }
}

fn arc(text: &str) -> Result<ObjectIdentifier, PolicyProblem> {
    ObjectIdentifier::new(text)
        .map_err(|_| PolicyProblem::form("a dotted object identifier such as 1.3.6.1.4.1.32473", text))
}

fn not_empty<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}
