//! A policy as read from its document.

use certroll_base::digest::DigestOf;

use super::document::PolicyDocument;
use super::error::{PolicyError, PolicyProblem};
use super::facts::PolicyFacts;
use super::refusal::Refusal;
use super::rule::Rule;
use super::scope::Scope;
use certroll_base::text::printable;

/// SHA-256 of a policy's document as written.
pub type PolicyDigest = DigestOf<Policy>;

/// Named rules for certain certificates.
#[derive(Clone, Debug)]
pub struct Policy {
    name: String,
    summary: String,
    text: String,
    digest: PolicyDigest,
    scope: Scope,
    blocks: Vec<(Scope, Vec<Rule>)>,
}

impl Policy {
    /// Reads a TOML document; `source_name` is what error messages call it, mostly a path.
    ///
    /// # Errors
    /// [`PolicyError::Document`] for anything but TOML of this shape, [`PolicyError::Field`] for a field that cannot be
    /// used.
    pub fn parse(source_name: &str, text: &str) -> Result<Self, PolicyError> {
        let document = PolicyDocument::read(source_name, text)?;
        Self::compile(document, text).map_err(|(field, problem)| PolicyError::Field {
            file: source_name.to_owned(),
            field,
            problem,
        })
    }

    fn compile(document: PolicyDocument, text: &str) -> Result<Self, (String, PolicyProblem)> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if document.name.is_empty() || !document.name.bytes().all(plain) {
            return Err(("name".to_owned(), PolicyProblem::form("lower-case letters, digits and `-`", &document.name)));
        }
        if document.summary.trim().is_empty() || printable(&document.summary) != document.summary {
            return Err(("summary".to_owned(), PolicyProblem::form("one line", &document.summary)));
        }
        let scope = Scope::compile(document.applies_to).map_err(|problem| ("applies_to".to_owned(), problem))?;
        let mut blocks = Vec::new();
        for (index, mut block) in document.rules.into_iter().enumerate() {
            let at = |(field, problem): (&str, PolicyProblem)| (format!("rules[{index}].{field}"), problem);
            let scope = Scope::compile(std::mem::take(&mut block.applies_to));
            let scope = scope.map_err(|problem| at(("applies_to", problem)))?;
            let rules = Rule::compile(block).map_err(at)?;
            if rules.is_empty() {
                return Err((format!("rules[{index}]"), PolicyProblem::Rule("it refuses nothing")));
            }
            blocks.push((scope, rules));
        }
        if blocks.is_empty() {
            return Err(("rules".to_owned(), PolicyProblem::Rule("there must be at least one block")));
        }
        let digest = PolicyDigest::of(text.as_bytes());
        Ok(Self { name: document.name, summary: document.summary, text: text.to_owned(), digest, scope, blocks })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it demands, in one line.
    pub fn summary(&self) -> &str {
        &self.summary
    }

    /// The document as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// SHA-256 of the document: says in a record which policy it was.
    pub fn digest(&self) -> PolicyDigest {
        self.digest
    }

    /// Whether the policy has a say about such a certificate.
    pub fn applies(&self, facts: &PolicyFacts<'_>) -> bool {
        self.scope.contains(facts)
    }

    /// Every reason against the certificate; empty when there is none or the policy does not apply.
    pub fn check(&self, facts: &PolicyFacts<'_>) -> Vec<Refusal> {
        let blocks = self.blocks.iter().filter(|(scope, _)| self.applies(facts) && scope.contains(facts));
        let refusals = |rule: &Rule| -> Vec<Refusal> {
            rule.check(facts).into_iter().map(|objection| objection.of(&self.name, rule.name())).collect()
        };
        blocks.flat_map(|(_, rules)| rules).flat_map(refusals).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::fixture::Fixture;

    const POLICY: &str = "name = \"p\"\nsummary = \"a policy\"\n[[rules]]\nmax_lifetime = \"90d\"\n";

    #[test]
    fn broken_documents_say_what_was_expected() {
        let rules = "rules[0].";
        for (from, to, field, part) in [
            ("name = \"p\"", "name = \"P 1\"", "name", "lower-case letters"),
            ("a policy", "a\\npolicy", "summary", "one line"),
            ("[[rules]]", "scope = 1\n[[rules]]", "line 3", "unknown field `scope`"),
            ("[[rules]]\n", "", "line 3", "unknown field `max_lifetime`"),
            ("max_lifetime = \"90d\"", "", "rules[0]", "it refuses nothing"),
            ("[[rules]]\nmax_lifetime = \"90d\"", "rules = []", "rules", "at least one block"),
            ("max_lifetime", "max_lifetimes", "line 4", "unknown field `max_lifetimes`"),
            ("\"90d\"", "\"never\"", &format!("{rules}max_lifetime"), "limits nothing"),
            ("\"90d\"", "\"90\"", &format!("{rules}max_lifetime"), "not a duration"),
            ("max_lifetime = \"90d\"", "allowed_keys = [\"dsa\"]", &format!("{rules}allowed_keys"), "ec:p256"),
            ("max_lifetime = \"90d\"", "allowed_keys = []", &format!("{rules}allowed_keys"), "no key at all"),
            ("max_lifetime = \"90d\"", "key_usage = [\"sign\"]", &format!("{rules}key_usage"), "unknown key usage"),
            ("max_lifetime = \"90d\"", "extended_key_usage = [\"tls\"]", &format!("{rules}extended"), "`tls`"),
            ("max_lifetime = \"90d\"", "dns_suffixes = [\"a b\"]", &format!("{rules}dns_suffixes"), "a DNS name"),
            ("max_lifetime = \"90d\"", "dns_suffixes = [\"*.a\"]", &format!("{rules}dns_suffixes"), "a domain"),
            ("max_lifetime = \"90d\"", "hardware_type_arcs = [\"x\"]", &format!("{rules}hardware"), "dotted"),
            ("max_lifetime = \"90d\"", "wildcard = \"maybe\"", "line 4", "unknown variant `maybe`"),
            ("max_lifetime = \"90d\"", "san_kinds = [\"x400\"]", "line 4", "unknown variant `x400`"),
            ("[[rules]]", "applies_to = { kinds = [\"leaf\"] }\n[[rules]]", "line 3", "unknown variant `leaf`"),
            ("[[rules]]", "applies_to = { templates = [\"A\"] }\n[[rules]]", "applies_to", "a template's name"),
            ("[[rules]]", "[[rules]]\napplies_to = { except = [\"\"] }", &format!("{rules}applies_to"), "a template's"),
        ] {
            assert!(POLICY.contains(from), "{from}");
            let error = Policy::parse("p.toml", &POLICY.replacen(from, to, 1)).unwrap_err();
            let reason = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            let text = format!("{error}: {reason}");
            assert!(text.contains("`p.toml`") && text.contains(field) && text.contains(part), "{to}: {text}");
        }
    }

    #[test]
    fn scopes_choose_by_kind_and_template() {
        let broker = Fixture::broker();
        for (scope, expected) in [
            ("", true),
            ("kinds = [\"end-entity\"]", true),
            ("kinds = [\"ca\", \"root-ca\"]", false),
            ("templates = [\"jms-*\"]", true),
            ("templates = [\"mqtt-*\"]", false),
            ("except = [\"jms-broker\"]", false),
            ("templates = [\"jms-*\"], except = [\"jms-client\"]", true),
            ("kinds = [\"ca\"], templates = [\"jms-*\"]", false),
        ] {
            let whole = POLICY.replace("[[rules]]", &format!("applies_to = {{ {scope} }}\n[[rules]]"));
            assert_eq!(Policy::parse("p.toml", &whole).unwrap().applies(&broker.facts()), expected, "{scope}");
            let mut spoiled = Fixture::broker();
            spoiled.live("91d");
            for text in [whole, POLICY.replace("[[rules]]", &format!("[[rules]]\napplies_to = {{ {scope} }}"))] {
                let refusals = Policy::parse("p.toml", &text).unwrap().check(&spoiled.facts());
                assert_eq!(!refusals.is_empty(), expected, "{scope}");
            }
        }
    }
}
