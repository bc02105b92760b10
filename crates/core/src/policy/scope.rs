//! For which certificates a policy, or a block of its rules, holds.

use super::document::ScopeDocument;
use super::error::PolicyProblem;
use super::facts::{PolicyFacts, SubjectKind};
use super::wildcard;
use certroll_pki::x509::extensions::ExtendedUsage;

#[derive(Clone, Debug)]
pub(super) struct Scope {
    kinds: Vec<SubjectKind>,
    templates: Vec<String>,
    except: Vec<String>,
    extended_key_usage: Vec<ExtendedUsage>,
}

impl Scope {
    pub(super) fn compile(document: ScopeDocument) -> Result<Self, PolicyProblem> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'*';
        let malformed = |text: &&String| text.is_empty() || !text.bytes().all(plain);
        let usages = document.extended_key_usage.iter().map(|text| text.parse()).collect::<Result<Vec<_>, _>>()?;
        match document.templates.iter().chain(&document.except).find(malformed) {
            Some(text) => {
                Err(PolicyProblem::form("a template's name, in which `*` may stand for any characters", text))
            }
            None => Ok(Self {
                kinds: document.kinds,
                templates: document.templates,
                except: document.except,
                extended_key_usage: usages,
            }),
        }
    }

    pub(super) fn contains(&self, facts: &PolicyFacts<'_>) -> bool {
        let named = |list: &[String]| list.iter().any(|pattern| wildcard::matches(pattern, facts.template));
        let given = &facts.content.extensions.extended_key_usage;
        (self.kinds.is_empty() || self.kinds.contains(&facts.kind))
            && (self.templates.is_empty() || named(&self.templates))
            && (self.extended_key_usage.is_empty() || given.iter().any(|usage| self.extended_key_usage.contains(usage)))
            && !named(&self.except)
    }
}
