//! Basic constraints, name constraints and policy constraints (RFC 5280 sections 4.2.1.9 to 4.2.1.11 and 4.2.1.14).

use super::element::{Element, tag};
use super::fields::Fields;
use super::oid;
use super::rule::{Check, Lint, Since};
use super::uri::is_domain;
use super::usages::{KEY_CERT_SIGN, key_usage};
use super::verdict::Verdict;

const BASIC: &str = "basicConstraints";
const NAMES: &str = "nameConstraints";
const POLICY: &str = "policyConstraints";

const fn names(id: &'static str, since: Since, rule: &'static str, check: fn(&Fields<'_>) -> Verdict) -> Lint {
    Lint::new(id, ("RFC 5280 4.2.1.10", NAMES, since), rule, Check::Certificate(check))
}

pub(super) const LINTS: &[Lint] = &[
    Lint::new(
        "e_basic_constraints_not_critical",
        ("RFC 5280 4.2.1.9", BASIC, Since::RFC2459),
        "basicConstraints of a CA is critical",
        Check::Certificate(|fields| match fields.extensions.find(oid::BASIC_CONSTRAINTS).filter(|_| fields.is_ca()) {
            None => Verdict::NotApplicable,
            Some(one) => Verdict::unless(!one.is_critical(), "the extension is not critical"),
        }),
    ),
    Lint::new(
        "e_basic_constr_invalid_der",
        ("RFC 5280 4.2.1.9", BASIC, Since::RFC2459),
        "cA is left out where it is false (X.690 11.5)",
        Check::Certificate(|fields| {
            basic(fields, |parts| matches!(parts, [flag, ..] if flag.tag == tag::BOOLEAN && flag.content == [0]))
        }),
    ),
    Lint::new(
        "e_path_len_constraint_improperly_included",
        ("RFC 5280 4.2.1.9", BASIC, Since::RFC3280),
        "only a CA whose key signs certificates has a path length",
        Check::Certificate(|fields| {
            let signs = fields.is_ca() && key_usage(fields).is_some_and(|usage| usage & KEY_CERT_SIGN != 0);
            Verdict::when(fields.extensions.has(oid::BASIC_CONSTRAINTS), || {
                let parts = fields.extensions.value(oid::BASIC_CONSTRAINTS).and_then(Element::sequence);
                let has_length = parts.unwrap_or_default().iter().any(|part| part.tag == tag::INTEGER);
                Verdict::unless(has_length && !signs, "it has a path length and signs no certificates")
            })
        }),
    ),
    Lint::new(
        "e_path_len_constraint_zero_or_less",
        ("RFC 5280 4.2.1.9", BASIC, Since::RFC2459),
        "a path length is not negative",
        Check::Certificate(|fields| match fields.constraints {
            None => Verdict::NotApplicable,
            Some(constraints) => Verdict::unless(constraints.negative_path_length, "it is negative"),
        }),
    ),
    Lint::new(
        "e_ext_name_constraints_not_critical",
        ("RFC 5280 4.2.1.10", NAMES, Since::RFC2459),
        "nameConstraints is critical",
        Check::Critical(oid::NAME_CONSTRAINTS, true),
    ),
    names("e_ext_name_constraints_not_in_ca", Since::RFC2459, "only a CA has nameConstraints", |fields| {
        let is_there = fields.extensions.has(oid::NAME_CONSTRAINTS);
        Verdict::when(is_there, || Verdict::unless(!fields.is_ca(), "it is no CA"))
    }),
    names("e_name_constraint_empty", Since::RFC5280, "nameConstraints permits or excludes something", |fields| {
        let fields = fields.extensions.value(oid::NAME_CONSTRAINTS).and_then(Element::sequence);
        fields.map_or(Verdict::NotApplicable, |fields| Verdict::unless(fields.is_empty(), "it is empty"))
    }),
    names("e_name_constraint_minimum_non_zero", Since::RFC2459, "the minimum of a subtree is 0", |fields| {
        subtrees(fields, |tree| tree.minimum.is_some_and(|octets| octets.iter().any(|octet| *octet != 0)))
    }),
    names("e_name_constraint_maximum_not_absent", Since::RFC2459, "a subtree has no maximum", |fields| {
        subtrees(fields, |tree| tree.has_maximum)
    }),
    names(
        "e_name_constraint_not_fqdn",
        Since::RFC5280,
        "a constraint on URIs is a fully qualified name, after a period perhaps",
        |fields| {
            subtrees(fields, |tree| {
                let text = String::from_utf8_lossy(tree.base.content);
                tree.form == 6 && !is_domain(text.strip_prefix('.').unwrap_or(&text))
            })
        },
    ),
    names("w_name_constraint_on_x400", Since::RFC5280, "no constraints on X.400 addresses", |fields| {
        subtrees(fields, |tree| tree.form == 3)
    }),
    names("w_name_constraint_on_edi_party_name", Since::RFC5280, "no constraints on ediPartyName", |fields| {
        subtrees(fields, |tree| tree.form == 5)
    }),
    names("w_name_constraint_on_registered_id", Since::RFC5280, "no constraints on registeredID", |fields| {
        subtrees(fields, |tree| tree.form == 8)
    }),
    Lint::new(
        "e_ext_policy_constraints_not_critical",
        ("RFC 5280 4.2.1.11", POLICY, Since::RFC5280),
        "policyConstraints is critical",
        Check::Critical(oid::POLICY_CONSTRAINTS, true),
    ),
    Lint::new(
        "e_ext_policy_constraints_empty",
        ("RFC 5280 4.2.1.11", POLICY, Since::RFC2459),
        "policyConstraints constrains something",
        Check::Certificate(|fields| {
            let parts = fields.extensions.value(oid::POLICY_CONSTRAINTS).and_then(Element::sequence);
            parts.map_or(Verdict::NotApplicable, |parts| Verdict::unless(parts.is_empty(), "it is empty"))
        }),
    ),
    Lint::new(
        "e_inhibit_any_policy_not_critical",
        ("RFC 5280 4.2.1.14", "inhibitAnyPolicy", Since::RFC3280),
        "inhibitAnyPolicy is critical",
        Check::Critical(oid::INHIBIT_ANY_POLICY, true),
    ),
];

/// Over the elements of basicConstraints, for a fault in them.
fn basic(fields: &Fields<'_>, broken: fn(&[Element<'_>]) -> bool) -> Verdict {
    match fields.extensions.value(oid::BASIC_CONSTRAINTS).map(Element::sequence) {
        None => Verdict::NotApplicable,
        Some(None) => Verdict::failed("the extension cannot be read"),
        Some(Some(parts)) => Verdict::unless(broken(&parts), "cA is written out although it is false"),
    }
}

/// A GeneralSubtree.
struct Tree<'a> {
    /// The number of the form of name.
    form: u8,
    base: Element<'a>,
    minimum: Option<&'a [u8]>,
    has_maximum: bool,
}

impl<'a> Tree<'a> {
    fn read(tree: &Element<'a>) -> Option<Self> {
        let parts = tree.parts()?;
        let (base, distances) = parts.split_first()?;
        let distance =
            |number| distances.iter().find(|one| one.context_number() == Some(number)).map(|one| one.content);
        Some(Self {
            form: base.context_number()?,
            base: *base,
            minimum: distance(0),
            has_maximum: distance(1).is_some(),
        })
    }
}

/// Over each subtree, permitted or excluded.
fn subtrees(fields: &Fields<'_>, broken: fn(&Tree<'_>) -> bool) -> Verdict {
    let Some(value) = fields.extensions.value(oid::NAME_CONSTRAINTS) else { return Verdict::NotApplicable };
    let lists = Element::sequence(value).unwrap_or_default();
    let trees = lists.iter().filter_map(Element::parts).flatten().filter_map(|tree| Tree::read(&tree));
    let found = trees.into_iter().find(broken);
    Verdict::of(found.map(|tree| match tree.form {
        1 | 2 | 6 => format!("the subtree `{}`", String::from_utf8_lossy(tree.base.content)),
        form => format!("a subtree of form [{form}]"),
    }))
}
