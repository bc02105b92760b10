//! Certificate policies and their mappings (RFC 5280 sections 4.2.1.4 and 4.2.1.5, RFC 6818 section 3).

use super::element::{Element, dotted, tag};
use super::fields::Fields;
use super::name::text;
use super::oid;
use super::rule::{Check, Lint, Since};
use super::verdict::Verdict;

const POLICIES: &str = "certificatePolicies";
const MAPPINGS: &str = "policyMappings";

const fn explicit_text(id: &'static str, rule: &'static str, check: fn(&Fields<'_>) -> Verdict) -> Lint {
    Lint::new(id, ("RFC 6818 3", POLICIES, Since::RFC6818), rule, Check::Certificate(check))
}

pub(super) const LINTS: &[Lint] = &[
    Lint::new(
        "e_ext_cert_policy_duplicate",
        ("RFC 5280 4.2.1.4", POLICIES, Since::RFC5280),
        "no policy is there twice",
        Check::Certificate(|fields| {
            over(fields, |policies| {
                let again =
                    |(at, one): &(usize, &Policy<'_>)| policies.iter().take(*at).any(|other| other.oid == one.oid);
                let twice = policies.iter().enumerate().find(again);
                twice.map(|(_, one)| format!("{} is there twice", dotted(one.oid)))
            })
        }),
    ),
    Lint::new(
        "e_ext_cert_policy_disallowed_any_policy_qualifier",
        ("RFC 5280 4.2.1.4", POLICIES, Since::RFC3280),
        "anyPolicy has no qualifiers but CPS and user notice",
        Check::Certificate(|fields| {
            let any = policies(fields).unwrap_or_default().into_iter().filter(|policy| policy.oid == oid::ANY_POLICY);
            let any: Vec<_> = any.collect();
            Verdict::when(!any.is_empty(), || {
                let mut kinds = any.iter().flat_map(|policy| &policy.qualifiers).map(|(kind, _)| *kind);
                Verdict::of(kinds.find(|kind| ![oid::CPS, oid::USER_NOTICE].contains(kind)).map(dotted))
            })
        }),
    ),
    Lint::new(
        "w_ext_cert_policy_contains_noticeref",
        ("RFC 5280 4.2.1.4", POLICIES, Since::RFC5280),
        "a user notice has no noticeRef",
        Check::Certificate(|fields| {
            over(fields, |policies| {
                let notices = policies.iter().flat_map(Policy::notices);
                let refers = |notice: &Vec<Element<'_>>| notice.iter().any(|part| part.tag == tag::SEQUENCE);
                notices.into_iter().any(|notice| refers(&notice)).then(|| "it has one".to_owned())
            })
        }),
    ),
    explicit_text("w_ext_cert_policy_explicit_text_not_utf8", "explicitText is a UTF8String", |fields| {
        texts(fields, |one| (one.tag != tag::UTF8_STRING).then_some("it is of another string type"))
    }),
    explicit_text("e_ext_cert_policy_explicit_text_ia5_string", "explicitText is no IA5String", |fields| {
        texts(fields, |one| (one.tag == tag::IA5_STRING).then_some("it is an IA5String"))
    }),
    explicit_text("e_ext_cert_policy_explicit_text_too_long", "explicitText has at most 200 characters", |fields| {
        texts(fields, |one| (text(one).chars().count() > 200).then_some("it is longer"))
    }),
    explicit_text(
        "w_ext_cert_policy_explicit_text_includes_control",
        "explicitText has no control characters",
        |fields| {
            let broken =
                |one: &Element<'_>| one.tag == tag::UTF8_STRING && text(one).contains(|c: char| c.is_control());
            texts(fields, move |one| broken(one).then_some("it has control characters"))
        },
    ),
    Lint::new(
        "e_ext_policy_map_any_policy",
        ("RFC 5280 4.2.1.5", MAPPINGS, Since::RFC3280),
        "policies are mapped neither from nor to anyPolicy",
        Check::Certificate(|fields| {
            mappings(fields, |pair| pair.contains(&oid::ANY_POLICY).then(|| "it maps anyPolicy".to_owned()))
        }),
    ),
    Lint::new(
        "w_ext_policy_map_not_critical",
        ("RFC 5280 4.2.1.5", MAPPINGS, Since::RFC2459),
        "policyMappings is critical",
        Check::Critical(oid::POLICY_MAPPINGS, true),
    ),
    Lint::new(
        "w_ext_policy_map_not_in_cert_policy",
        ("RFC 5280 4.2.1.5", MAPPINGS, Since::RFC5280),
        "a policy that is mapped is among the policies, too",
        Check::Certificate(|fields| {
            let listed: Vec<_> = policies(fields).unwrap_or_default().iter().map(|policy| policy.oid).collect();
            mappings(fields, |pair| (!listed.contains(&pair[0])).then(|| format!("{} is not", dotted(pair[0]))))
        }),
    ),
];

/// A policy with its qualifiers, by kind.
struct Policy<'a> {
    oid: &'a [u8],
    qualifiers: Vec<(&'a [u8], Option<Element<'a>>)>,
}

impl<'a> Policy<'a> {
    fn read(information: &Element<'a>) -> Option<Self> {
        let parts = information.parts()?;
        let (oid, qualifiers) = parts.split_first()?;
        let qualifiers = qualifiers.first().map(Element::parts).unwrap_or_default().unwrap_or_default();
        let read = |one: &Element<'a>| {
            let parts = one.parts()?;
            Some((parts.first()?.content, parts.get(1).copied()))
        };
        Some(Self { oid: oid.content, qualifiers: qualifiers.iter().filter_map(read).collect() })
    }

    /// The parts of each user notice.
    fn notices(&self) -> Vec<Vec<Element<'a>>> {
        let notices = self.qualifiers.iter().filter(|(kind, _)| *kind == oid::USER_NOTICE);
        notices.filter_map(|(_, value)| value.as_ref()?.parts()).collect()
    }
}

fn policies<'a>(fields: &Fields<'a>) -> Option<Vec<Policy<'a>>> {
    Element::sequence(fields.extensions.value(oid::CERTIFICATE_POLICIES)?)?.iter().map(Policy::read).collect()
}

fn over(fields: &Fields<'_>, broken: fn(&[Policy<'_>]) -> Option<String>) -> Verdict {
    Verdict::when(fields.extensions.has(oid::CERTIFICATE_POLICIES), || match policies(fields) {
        Some(policies) => Verdict::of(broken(&policies)),
        None => Verdict::failed("the extension cannot be read"),
    })
}

/// Over the explicit texts of user notices.
fn texts(fields: &Fields<'_>, broken: impl Fn(&Element<'_>) -> Option<&'static str>) -> Verdict {
    let policies = policies(fields).unwrap_or_default();
    let parts = policies.iter().flat_map(Policy::notices).flatten();
    let texts: Vec<_> = parts.filter(|part| part.tag != tag::SEQUENCE && !part.content.is_empty()).collect();
    Verdict::when(!texts.is_empty(), || Verdict::of(texts.iter().find_map(broken)))
}

/// Over the pairs of policyMappings.
fn mappings(fields: &Fields<'_>, broken: impl Fn([&[u8]; 2]) -> Option<String>) -> Verdict {
    let Some(value) = fields.extensions.value(oid::POLICY_MAPPINGS) else { return Verdict::NotApplicable };
    let pair = |mapping: &Element<'_>| match mapping.parts()?[..] {
        [issuer, subject] => Some(broken([issuer.content, subject.content])),
        _ => None,
    };
    let found: Option<Vec<_>> = Element::sequence(value).and_then(|pairs| pairs.iter().map(pair).collect());
    match found {
        Some(found) if !found.is_empty() => Verdict::of(found.into_iter().flatten().next()),
        _ => Verdict::failed("the extension cannot be read"),
    }
}
