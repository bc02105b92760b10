//! What a request asks for that it will not get, and what policy says to it, field by field.

use std::collections::BTreeMap;

use super::keystore::lint::Level;
use crate::policy::{PolicyContext, PolicySet, SubjectKind, weak_key};
use crate::template::{IssuerPointers, Overrides, Template, TemplateInputs, TemplateKind};
use certroll_base::clock::Timestamp;
use certroll_pki::key::kind::PublicKeyKind;
use certroll_pki::key::weakness;
use certroll_pki::name::host_like;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::extensions::BasicConstraints;
use certroll_pki::x509::request::CertificateRequest;

/// challengePassword (RFC 2985 section 5.4.1).
const CHALLENGE_PASSWORD: &str = "1.2.840.113549.1.9.7";

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsrFinding {
    /// How bad it is; [`Level::Error`] means refused.
    pub level: Level,
    /// The field of the request: `subject`, `san`, `key`, `key_usage`.
    pub field: &'static str,
    /// The policy that refuses it; `None` for other reasons.
    pub policy: Option<String>,
    /// The rule of that policy, or a stable word.
    pub rule: String,
    /// In words.
    pub text: String,
}

/// What a request is held against.
pub struct Against<'a> {
    /// The template it would be issued by.
    pub template: &'a Template,
    /// The name it would have.
    pub name: &'a str,
    /// The parameters it would be given.
    pub parameters: &'a BTreeMap<String, String>,
    /// The policies.
    pub policies: &'a PolicySet,
    /// Whether a certificate with this key exists already.
    pub key_known: bool,
    /// What the inventory has against the key, in words.
    pub key_flaws: &'a [String],
    /// The CA that would sign it and those above it, where they are known.
    pub chain: &'a [Certificate],
    /// The present.
    pub now: Timestamp,
}

/// What is to be said of a request by itself.
pub fn alone(request: &CertificateRequest) -> Vec<CsrFinding> {
    let mut found = Vec::new();
    let mut add = |level, field, rule: &str, text: String| {
        found.push(CsrFinding { level, field, policy: None, rule: rule.to_owned(), text });
    };
    for flaw in request.flaws() {
        add(Level::Error, flaw.field, flaw.rule, flaw.text.clone());
    }
    if let Some(why) = weakness::find(&request.spki) {
        add(Level::Error, "key", "weak-key", weak_key(why));
    }
    let bits = request.key.rsa_bits();
    if bits.is_some_and(|bits| bits < 2048) {
        add(Level::Error, "key", "weak-key", format!("{}: 2048 bits are the least", request.key));
    }
    if request.wishes.attributes.iter().any(|oid| oid == CHALLENGE_PASSWORD) {
        let text = "it carries a challengePassword, which everybody who sees the request can read".to_owned();
        add(Level::Warning, "attributes", "challenge-password", text);
    }
    if request.names.is_empty() {
        let text = "it names no host and no address: TLS clients look at nothing else".to_owned();
        add(Level::Note, "san", "no-names", text);
    }
    if let Some(name) = request.subject.common_name().filter(|name| host_like::host_of(name).is_some()) {
        let listed = host_like::host_of(&name).and_then(Result::ok).is_some_and(|host| request.names.contains(&host));
        if !listed {
            let text = format!("the common name `{name}` looks like a host and is not among the alternative names");
            add(Level::Warning, "san", "common-name-not-in-san", text);
        }
    }
    for (at, name) in request.names.iter().enumerate() {
        if request.names.iter().take(at).any(|earlier| earlier == name) {
            add(Level::Note, "san", "name-twice", format!("{name} is there twice"));
        }
    }
    found
}

/// What template and policies would say if it were issued now.
pub fn against(request: &CertificateRequest, against: &Against<'_>) -> Vec<CsrFinding> {
    let mut found = wishes(request, against.template);
    let refused = |rule: &str, text: String| CsrFinding {
        level: Level::Error,
        field: "template",
        policy: None,
        rule: rule.to_owned(),
        text,
    };
    let profile = match against.template.profile(&IssuerPointers::default(), &Overrides::default()) {
        Ok(profile) => profile,
        Err(error) => return vec![refused("template", error.to_string())],
    };
    // The others are among the flaws already.
    let names: Vec<_> = request.names.iter().filter(|name| name.objection().is_none()).cloned().collect();
    let content = against.template.apply(&TemplateInputs {
        name: against.name,
        subject: Some(&request.subject).filter(|subject| !subject.is_empty()),
        names: &names,
        parameters: against.parameters,
        lifetime: None,
        now: against.now,
        profile: &profile,
    });
    let content = match content {
        Ok(content) => content,
        Err(error) => {
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
            found.push(refused("template", format!("{error}{cause}")));
            return found;
        }
    };
    let issuer_key = against.chain.first().map(|own| PublicKeyKind::of(&own.spki));
    let context = PolicyContext {
        template: against.template.name(),
        kind: subject_kind(against.template),
        chain: against.chain,
        issuer_key: issuer_key.as_ref(),
        key: &request.key,
        own_key: false,
        key_known: against.key_known,
        spki: &request.spki,
        key_flaws: against.key_flaws,
        outlives_issuer: against.template.outlives_issuer(),
    };
    for impediment in context.impediments(&content) {
        let told = found_already(request, &impediment.text);
        found.extend((!told).then(|| CsrFinding {
            level: Level::Error,
            field: field_of(impediment.rule),
            policy: None,
            rule: impediment.rule.to_owned(),
            text: impediment.text,
        }));
    }
    for refusal in against.policies.objections(&context, &content) {
        // Where a CRL lies is the issuer's business, not the request's.
        if refusal.rule == "revocation_source_required" {
            continue;
        }
        found.push(CsrFinding {
            level: Level::Error,
            field: field_of(refusal.rule),
            text: refusal.to_string(),
            rule: refusal.rule.to_owned(),
            policy: Some(refusal.policy),
        });
    }
    found
}

/// Whether [`alone`] says it, too.
fn found_already(request: &CertificateRequest, text: &str) -> bool {
    let weakness = weakness::find(&request.spki).map(weak_key);
    request.flaws().iter().any(|flaw| flaw.text == text) || weakness.is_some_and(|weakness| weakness == text)
}

/// What the request asks for and the template does not give: the template decides, so it is left out, not refused.
fn wishes(request: &CertificateRequest, template: &Template) -> Vec<CsrFinding> {
    let mut found = Vec::new();
    let name = template.name();
    let Ok(profile) = template.profile(&IssuerPointers::default(), &Overrides::default()) else { return found };
    let mut add = |level, field, text: String| {
        found.push(CsrFinding { level, field, policy: None, rule: "not-in-template".to_owned(), text });
    };
    for usage in request.wishes.key_usage.iter().filter(|usage| !profile.key_usage.contains(usage)) {
        add(Level::Warning, "key_usage", format!("`{usage}` is asked for; template `{name}` does not give it"));
    }
    for usage in request.wishes.extended_key_usage.iter().filter(|usage| !profile.extended_key_usage.contains(usage)) {
        add(
            Level::Warning,
            "extended_key_usage",
            format!("`{usage}` is asked for; template `{name}` does not give it"),
        );
    }
    let makes_ca = matches!(profile.basic_constraints, BasicConstraints::Ca { .. });
    match request.wishes.ca {
        Some(true) if !makes_ca => {
            add(Level::Warning, "basic_constraints", format!("it asks to be a CA; template `{name}` makes none"));
        }
        Some(false) if makes_ca => {
            add(Level::Warning, "basic_constraints", format!("it asks to be no CA; template `{name}` makes one"));
        }
        _ => {}
    }
    for oid in &request.wishes.extensions {
        add(Level::Note, "extensions", format!("extension {oid} is asked for and not looked at"));
    }
    found
}

/// The field that a rule of a policy is about.
pub(super) fn field_of(rule: &str) -> &'static str {
    match rule {
        "weak_key"
        | "allowed_keys"
        | "rsa_min_bits"
        | "rsa_exponents"
        | "key_reuse"
        | "key_origin"
        | "issuer_key_not_weaker" => "key",
        "max_lifetime" | "not_beyond_issuer" => "validity",
        "key_usage" | "usage_fits_key" => "key_usage",
        "extended_key_usage" | "forbid_extended_key_usage" => "extended_key_usage",
        "forbid_ca" | "max_path_length" | "path_length" => "basic_constraints",
        "name" | "name_constraints" | "max_names" | "san_required" | "san_kinds" | "dns_suffixes" | "wildcard"
        | "hardware_type_arcs" => "san",
        "subject_pattern" => "subject",
        _ => "certificate",
    }
}

/// What policy calls the kind of certificate that a template makes.
pub fn subject_kind(template: &Template) -> SubjectKind {
    match template.kind() {
        TemplateKind::RootCa => SubjectKind::RootCa,
        TemplateKind::Ca => SubjectKind::Ca,
        TemplateKind::EndEntity => SubjectKind::EndEntity,
    }
}
