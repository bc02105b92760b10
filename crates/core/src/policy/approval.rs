//! Approval: the policies in force, and the one place that makes an [`Approved`].

use crate::policy::definition::PolicyDigest;
use std::sync::Arc;

use super::decision::decide;
use super::definition::Policy;
use super::error::PolicyError;
use super::facts::{KeyOrigin, PolicyFacts, RsaExponent, SubjectKind};
use super::refusal::Refusal;
use super::request::Request;
use super::shipped;
use super::usage_rules;
use crate::audit::record::facts::{Decision, PolicyDecision};
use certroll_base::encoding;
use certroll_pki::key::kind::PublicKeyKind;
use certroll_pki::key::weakness::{self, RsaNumbers};
use certroll_pki::verify::constraints::{self, ConstraintViolation};
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::extensions::ExtendedUsage;
use certroll_pki::x509::signing::CertificateContent;

/// The purposes of TLS. CAs give both for either, by habit or by default.
const UNASKED: &[&str] = &["serverAuth", "clientAuth"];

/// Something that policy has allowed.
///
/// Only [`PolicySet::approve`] makes one. It cannot be copied: it is consumed by the one act it was given for.
#[derive(Debug)]
pub struct Approved<T> {
    subject: T,
    decision: PolicyDecision,
}

impl<T> Approved<T> {
    /// What was allowed.
    pub fn subject(&self) -> &T {
        &self.subject
    }

    /// The policies that allowed it.
    pub fn decision(&self) -> &PolicyDecision {
        &self.decision
    }

    /// Gives the approval up, and what was allowed out.
    pub fn into_subject(self) -> T {
        self.subject
    }
}

/// What policy looks at beside the request itself.
pub struct PolicyContext<'a> {
    /// The name of the template that the request was made from.
    pub template: &'a str,
    /// What kind of certificate that template makes.
    pub kind: SubjectKind,
    /// The certificate of the CA that is to sign and those above it; empty for a root, which signs itself.
    pub chain: &'a [Certificate],
    /// The kind of that CA's key; `None` where it is not known.
    pub issuer_key: Option<&'a PublicKeyKind>,
    /// The kind of the key to be certified.
    pub key: &'a PublicKeyKind,
    /// Whether the key was made here.
    pub own_key: bool,
    /// Whether a certificate with this key exists already, and this is not its rotation.
    pub key_known: bool,
    /// DER of the public key; empty where the issuer will make it.
    pub spki: &'a [u8],
    /// What the inventory has against the key, in words: it was given up, or shares a prime with another.
    pub key_flaws: &'a [String],
    /// Whether the template lets the certificate end after that of its issuer.
    pub outlives_issuer: bool,
}

/// What is said of a key that [`weakness::find`] finds weak.
pub fn weak_key(why: String) -> String {
    format!("the key is weak: {why}")
}

/// Something for which no certificate is issued, whatever the policies say: relying parties would refuse it, or its key is no
/// secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impediment {
    /// A stable word, as a rule of a policy has one.
    pub rule: &'static str,
    /// In words.
    pub text: String,
}

impl<'a> PolicyContext<'a> {
    fn facts(&'a self, content: &'a CertificateContent) -> PolicyFacts<'a> {
        let issuer = self.chain.first();
        PolicyFacts {
            template: self.template,
            kind: self.kind,
            content,
            key: self.key,
            key_origin: if self.own_key { KeyOrigin::Generated } else { KeyOrigin::Request },
            issuer_validity: issuer.map(|issuer| &issuer.validity),
            issuer_key: self.issuer_key,
            key_known: self.key_known,
            rsa_exponent: RsaNumbers::of(self.spki)
                .map(|numbers| numbers.exponent().map_or(RsaExponent::Long, RsaExponent::Small)),
        }
    }

    /// What the CAs above forbid, what no verifier would accept, and keys that are no secret.
    pub fn impediments(&self, content: &CertificateContent) -> Vec<Impediment> {
        let mut found = self.against_chain(content);
        let mut add = |rule, text| found.push(Impediment { rule, text });
        for name in &content.names {
            if let Some(why) = name.objection() {
                add("name", format!("the alternative name `{name}` cannot be certified: {why}"));
            }
        }
        let issuer = self.chain.first().filter(|_| !self.outlives_issuer);
        if let Some(objection) = issuer.and_then(|issuer| usage_rules::beyond(&content.validity, &issuer.validity)) {
            add("not_beyond_issuer", objection);
        }
        // A key that was made here a moment ago is not looked at.
        if let Some(why) = Some(self.spki).filter(|_| !self.own_key).and_then(weakness::find) {
            add("weak_key", weak_key(why));
        }
        self.key_flaws.iter().for_each(|why| add("weak_key", why.clone()));
        found
    }

    fn against_chain(&self, content: &CertificateContent) -> Vec<Impediment> {
        let names = constraints::violations(self.chain, &content.subject, &content.names);
        let violation = |one: &ConstraintViolation| Impediment { rule: "name_constraints", text: one.to_string() };
        let mut reasons: Vec<Impediment> = names.iter().map(violation).collect();
        if self.kind != SubjectKind::EndEntity {
            for (below, ca) in self.chain.iter().enumerate() {
                // pathLenConstraint counts the CAs between this one and an end entity (RFC 5280 section 4.2.1.9).
                if let Some(longest) = ca.path_length.filter(|longest| below + 1 > *longest as usize) {
                    let text = format!("CA `{}` allows {longest} CAs below it", ca.subject);
                    reasons.push(Impediment { rule: "path_length", text });
                }
            }
        }
        reasons
    }
}

/// A request that policy does not allow, with every reason.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The request, for the record of the refusal.
    pub request: Box<Request>,
    /// Every reason, not only the first.
    pub reasons: Vec<String>,
    /// The policies asked.
    pub decision: PolicyDecision,
}

/// The policies in force in a home: the shipped ones, of which a local policy replaces the one with its name, and the other
/// local ones. There is no set without the shipped policies or their replacements.
#[derive(Clone, Debug)]
pub struct PolicySet(Arc<[Policy]>);

impl PolicySet {
    /// The shipped policies with the local ones.
    ///
    /// # Errors
    /// A shipped policy cannot be read, which is a defect of this program.
    pub fn with_local(local: Vec<Policy>) -> Result<Self, PolicyError> {
        let mut all = shipped::all()?;
        for policy in local {
            all.retain(|known| known.name() != policy.name());
            all.push(policy);
        }
        Ok(Self(all.into()))
    }

    /// Each policy, in the order in which they are asked.
    pub fn iter(&self) -> impl Iterator<Item = &Policy> {
        self.0.iter()
    }

    /// Asks the policies that apply.
    ///
    /// # Errors
    /// [`Refused`] with every reason of every policy.
    pub fn approve(&self, context: &PolicyContext<'_>, request: Request) -> Result<Approved<Request>, Refused> {
        let facts = context.facts(&request.content);
        let reasons: Vec<String> =
            context.impediments(&request.content).into_iter().map(|impediment| impediment.text).collect();
        let decided = match decide(&self.0, &facts) {
            Ok(applied) if reasons.is_empty() => Ok(applied),
            Ok(_) => Err(reasons),
            Err(refusals) => Err(refusals.iter().map(ToString::to_string).chain(reasons).collect::<Vec<_>>()),
        };
        match decided {
            Ok(applied) => {
                let decision = joined(applied.iter().map(|a| (a.name.as_str(), a.digest)), Decision::Allow);
                Ok(Approved { subject: request, decision })
            }
            Err(reasons) => {
                let asked = self.iter().filter(|policy| policy.applies(&facts));
                let decision = joined(asked.map(|policy| (policy.name(), policy.digest())), Decision::Deny);
                Err(Refused { request: Box::new(request), reasons, decision })
            }
        }
    }

    /// What the policies that apply have against a certificate, for advice: nothing is approved by it.
    pub fn objections(&self, context: &PolicyContext<'_>, content: &CertificateContent) -> Vec<Refusal> {
        decide(&self.0, &context.facts(content)).err().unwrap_or_default()
    }

    /// Which of the purposes that CAs give unasked may come with a certificate: those that no policy would have refused, had
    /// they been asked for.
    pub fn tolerated(&self, context: &PolicyContext<'_>, content: &CertificateContent) -> Vec<ExtendedUsage> {
        let asked = &content.extensions.extended_key_usage;
        let mut tolerated: Vec<ExtendedUsage> = UNASKED.iter().filter_map(|usage| usage.parse().ok()).collect();
        tolerated.retain(|usage| {
            let mut with = content.clone();
            Arc::make_mut(&mut with.extensions).extended_key_usage.push(*usage);
            !asked.contains(usage) && decide(&self.0, &context.facts(&with)).is_ok()
        });
        tolerated
    }
}

/// All policies that had a say, as one: their names joined, and the hash over their hashes in that order.
fn joined<'a>(policies: impl Iterator<Item = (&'a str, PolicyDigest)>, decision: Decision) -> PolicyDecision {
    let (names, hashes): (Vec<_>, Vec<_>) = policies.unzip();
    let digest = match hashes.as_slice() {
        [only] => *only,
        all => {
            PolicyDigest::new(encoding::sha256_parts(&all.iter().map(|one| &one.as_bytes()[..]).collect::<Vec<_>>()))
        }
    };
    PolicyDecision { id: names.join("+"), sha256: digest.into(), rule: None, decision }
}
