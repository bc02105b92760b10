//! Approval: the only place that makes an [`Approved`], and it asks every policy first.

use std::sync::Arc;

use crate::audit::record::facts::{Decision, PolicyDecision};
use crate::error::{Error, ErrorKind};
use crate::issuer::Request;
use crate::policy::{self, KeyOrigin, Policy, PolicyFacts};
use crate::template::{Template, TemplateKind};
use certroll_base::encoding;
use certroll_pki::name::name_constraints;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::extensions::ExtendedUsage;
use certroll_pki::x509::signing::CertificateContent;

/// The purposes of TLS. CAs give both for either, by habit or by default.
const UNASKED: &[&str] = &["serverAuth", "clientAuth"];

/// Something that policy has allowed. Cannot be copied, and is used up by the one act it was given for.
#[derive(Debug)]
pub struct Approved<T> {
    subject: T,
    decision: PolicyDecision,
}

impl<T> Approved<T> {
    /// What was allowed, for looking at.
    pub fn subject(&self) -> &T {
        &self.subject
    }

    /// Which policies allowed it.
    pub fn decision(&self) -> &PolicyDecision {
        &self.decision
    }

    /// Gives the approval up and the subject out: for the act itself.
    pub(crate) fn spend(self) -> T {
        self.subject
    }
}

/// What policy looks at beside the request itself.
pub struct PolicyContext<'a> {
    /// The template the request was made from.
    pub template: &'a Template,
    /// The certificate of the CA that is to sign and those above it; empty for a root, which signs itself.
    pub chain: &'a [Certificate],
    /// Kind of that CA's key.
    pub issuer_key: &'a str,
    /// Kind of the key to be certified, `rsa:3072`.
    pub key: &'a str,
    /// Whether the key was made here.
    pub own_key: bool,
    /// Whether a certificate with this key exists already, and this is not its rotation.
    pub key_known: bool,
}

/// A request that policy does not allow, with every reason.
#[derive(Debug)]
pub struct Refused {
    /// The request, for the record of the refusal.
    pub request: Box<Request>,
    /// Every reason, not only the first.
    pub reasons: Vec<String>,
    /// The policies asked.
    pub decision: PolicyDecision,
}

/// Asks the policies that apply.
///
/// # Errors
/// [`Refused`] with every reason of every policy.
pub fn approve(
    policies: &[Policy],
    circumstances: &PolicyContext<'_>,
    request: Request,
) -> Result<Approved<Request>, Refused> {
    let facts = facts(circumstances, &request.content);
    let reasons = against_chain(circumstances, &request);
    let decided = match policy::decide(policies, &facts) {
        Ok(applied) if reasons.is_empty() => Ok(applied),
        Ok(_) => Err(reasons),
        Err(refusals) => Err(refusals.iter().map(ToString::to_string).chain(reasons).collect::<Vec<_>>()),
    };
    match decided {
        Ok(applied) => {
            let decision = effective(applied.iter().map(|a| (a.name.as_str(), a.sha256)), Decision::Allow);
            Ok(Approved { subject: request, decision })
        }
        Err(reasons) => {
            let asked =
                policies.iter().filter(|policy| policy.applies(&facts)).map(|policy| (policy.name(), policy.sha256()));
            let decision = effective(asked, Decision::Deny);
            Err(Refused { request: Box::new(request), reasons, decision })
        }
    }
}

/// What policies look at.
fn facts<'a>(circumstances: &'a PolicyContext<'_>, content: &'a CertificateContent) -> PolicyFacts<'a> {
    let issuer = circumstances.chain.first();
    PolicyFacts {
        template: circumstances.template.name(),
        kind: match circumstances.template.kind() {
            TemplateKind::RootCa => policy::SubjectKind::RootCa,
            TemplateKind::Ca => policy::SubjectKind::Ca,
            TemplateKind::EndEntity => policy::SubjectKind::EndEntity,
        },
        content,
        key: circumstances.key,
        key_origin: if circumstances.own_key { KeyOrigin::Generated } else { KeyOrigin::Request },
        issuer_validity: issuer.map(|issuer| &issuer.validity),
        issuer_key: issuer.map(|_| circumstances.issuer_key),
        key_known: circumstances.key_known,
    }
}

/// Which of the purposes that CAs give unasked may come with a certificate: those that no policy would have refused, had they
/// been asked for.
pub(crate) fn tolerated(
    policies: &[Policy],
    circumstances: &PolicyContext<'_>,
    content: &CertificateContent,
) -> Vec<ExtendedUsage> {
    let asked = &content.extensions.extended_key_usage;
    let mut tolerated: Vec<ExtendedUsage> = UNASKED.iter().filter_map(|usage| usage.parse().ok()).collect();
    tolerated.retain(|usage| {
        let mut with = content.clone();
        Arc::make_mut(&mut with.extensions).extended_key_usage.push(*usage);
        !asked.contains(usage) && policy::decide(policies, &facts(circumstances, &with)).is_ok()
    });
    tolerated
}

/// What the CAs above forbid, whatever policy says: verifiers would refuse the certificate.
fn against_chain(circumstances: &PolicyContext<'_>, request: &Request) -> Vec<String> {
    let content = &request.content;
    let names = name_constraints::check(circumstances.chain, &content.subject, &content.names);
    let mut reasons: Vec<String> = names.err().iter().map(ToString::to_string).collect();
    if circumstances.template.kind() != TemplateKind::EndEntity {
        for (below, ca) in circumstances.chain.iter().enumerate() {
            // pathLenConstraint counts the CAs between this one and an end entity (RFC 5280 section 4.2.1.9).
            if let Some(longest) = ca.path_length.filter(|longest| below + 1 > *longest as usize) {
                reasons.push(format!("CA `{}` allows {longest} CAs below it", ca.subject));
            }
        }
    }
    reasons
}

/// All policies that had a say, as one: their names joined, and the hash over their hashes in that order.
fn effective<'a>(policies: impl Iterator<Item = (&'a str, encoding::Sha256)>, decision: Decision) -> PolicyDecision {
    let (names, hashes): (Vec<_>, Vec<_>) = policies.unzip();
    let sha256 = match hashes.as_slice() {
        [only] => *only,
        all => encoding::sha256(&all.concat()),
    };
    PolicyDecision { id: names.join("+"), sha256: sha256.into(), rule: None, decision }
}

impl Refused {
    /// The error that the user sees: every reason on a line of its own.
    pub fn into_error(self) -> Error {
        let name = &self.request.name;
        let count = match self.reasons.len() {
            1 => "one reason".to_owned(),
            several => format!("{several} reasons"),
        };
        Error::new(ErrorKind::Refused, format!("policy refuses `{name}` for {count}"))
            .because(self.reasons.join("\n"))
            .hint("see the rules with `certroll policy list` and `certroll policy show NAME`")
    }
}
