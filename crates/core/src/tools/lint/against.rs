//! Certificates and requests against a template, field by field, and the policies.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::Arc;

use super::Finding;
use crate::policy::{PolicyContext, PolicySet};
use crate::template::{IssuerPointers, Overrides, Template, TemplateInputs};
use crate::tools::csr_lint::{self, Against, CsrFinding, subject_kind};
use certroll_base::clock::Timestamp;
use certroll_pki::key::kind::PublicKeyKind;
use certroll_pki::lint::Severity;
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::extensions::{BasicConstraints, ExtensionProfile};
use certroll_pki::x509::request::CertificateRequest;
use certroll_pki::x509::signing::{self, CertificateContent};
use certroll_pki::x509::validity::Validity;

/// A template, and what it is applied with.
pub struct AgainstTemplate<'a> {
    /// The template.
    pub template: &'a Template,
    /// The policies in force.
    pub policies: &'a PolicySet,
    /// What `{name}` stands for; the common name or the first alternative name when `None`.
    pub name: Option<&'a str>,
    /// The parameters of the template.
    pub parameters: &'a BTreeMap<String, String>,
    /// The CA that signs it and those above it, where they are known.
    pub chain: &'a [Certificate],
    /// The present.
    pub now: Timestamp,
}

/// The name in a GeneralName, without its kind.
fn bare(name: &GeneralName) -> String {
    let text = name.to_string();
    text.split_once(':').map_or(text.clone(), |(_, bare)| bare.to_owned())
}

fn finding(field: &str, severity: Severity, detail: String) -> Finding {
    let lint = format!("template/{}", field.replace('_', "-"));
    Finding { lint, severity, clause: None, field: field.to_owned(), rule: None, detail }
}

impl AgainstTemplate<'_> {
    fn name_of(&self, common: Option<String>, names: &[GeneralName]) -> String {
        let found = || common.or_else(|| names.first().map(bare)).unwrap_or_default();
        self.name.map_or_else(found, str::to_owned)
    }

    /// What template and policies would say to a request.
    pub(super) fn request(&self, request: &CertificateRequest) -> Vec<CsrFinding> {
        let name = self.name_of(request.subject.common_name(), &request.names);
        let against = Against {
            template: self.template,
            name: &name,
            parameters: self.parameters,
            policies: self.policies,
            key_known: false,
            key_flaws: &[],
            chain: self.chain,
            now: self.now,
        };
        csr_lint::against(request, &against)
    }

    /// Where a certificate is not what the template makes, and what policy has against it.
    pub(super) fn certificate(&self, certificate: &Certificate) -> Vec<Finding> {
        let profile = match self.template.profile(&IssuerPointers::default(), &Overrides::default()) {
            Ok(profile) => profile,
            Err(error) => return vec![finding("template", Severity::Error, error.to_string())],
        };
        let mut found = self.extensions(certificate, &profile);
        found.extend(self.names(certificate, &profile));
        found.extend(self.key_and_lifetime(certificate));
        found.extend(self.policies(certificate));
        found
    }

    fn extensions(&self, certificate: &Certificate, profile: &ExtensionProfile) -> Vec<Finding> {
        let template = self.template.name();
        let mut found = compared("key_usage", template, &certificate.key_usage, &profile.key_usage);
        let (has, gives) = (&certificate.extended_key_usage, &profile.extended_key_usage);
        found.extend(compared("extended_key_usage", template, has, gives));
        let mut add = |detail: String| found.push(finding("basic_constraints", Severity::Error, detail));
        match (certificate.is_ca, profile.basic_constraints) {
            (true, BasicConstraints::Ca { path_length }) => {
                let given = path_length.map(u32::from);
                if certificate.path_length != given {
                    let text = |length: Option<u32>| length.map_or("none".to_owned(), |length| length.to_string());
                    let (has, gives) = (text(certificate.path_length), text(given));
                    add(format!("its path length is {has}; template `{template}` gives {gives}"));
                }
            }
            (true, _) => add(format!("it is a CA; template `{template}` makes none")),
            (false, BasicConstraints::Ca { .. }) => add(format!("it is no CA; template `{template}` makes one")),
            (false, _) => {}
        }
        let id = signing::subject_key_id(profile, &certificate.spki).ok().flatten();
        if certificate.subject_key_id != id {
            let detail = format!("it is not made as template `{template}` has it");
            found.push(finding("subject_key_id", Severity::Notice, detail));
        }
        found
    }

    /// What the template would make of the certificate's names.
    fn names(&self, certificate: &Certificate, profile: &Arc<ExtensionProfile>) -> Vec<Finding> {
        let template = self.template.name();
        let name = self.name_of(certificate.subject.common_name(), &certificate.names);
        let inputs = TemplateInputs {
            name: &name,
            subject: None,
            names: &certificate.names,
            parameters: self.parameters,
            lifetime: None,
            now: self.now,
            profile,
        };
        match self.template.apply(&inputs) {
            Ok(content) => {
                let mut found = Vec::new();
                if content.subject != certificate.subject {
                    let (is, makes) = (&certificate.subject, &content.subject);
                    let detail = format!("it is `{is}`; template `{template}` makes `{makes}` of `{name}`");
                    found.push(finding("subject", Severity::Warning, detail));
                }
                let missing = content.names.iter().filter(|name| !certificate.names.contains(name));
                found.extend(missing.map(|name| {
                    let detail = format!("`{name}` is missing, which template `{template}` gives");
                    finding("san", Severity::Warning, detail)
                }));
                found
            }
            Err(error) => {
                let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
                vec![finding("template", Severity::Error, format!("{error}{cause}"))]
            }
        }
    }

    fn key_and_lifetime(&self, certificate: &Certificate) -> Vec<Finding> {
        let template = self.template.name();
        let mut found = Vec::new();
        let (is, makes) = (PublicKeyKind::of(&certificate.spki), self.template.key());
        if is.algorithm() != Some(makes) {
            found.push(finding("key", Severity::Notice, format!("it is {is}; template `{template}` makes {makes}")));
        }
        let longest = Validity::starting(certificate.validity.not_before, self.template.lifetime()).not_after;
        // Its validity may begin a minute before it was made.
        if certificate.validity.not_after > longest.plus_secs(certroll_pki::x509::validity::BACKDATE_SECS) {
            let detail = format!("it lives longer than the {} of template `{template}`", self.template.lifetime());
            found.push(finding("lifetime", Severity::Notice, detail));
        }
        found
    }

    fn policies(&self, certificate: &Certificate) -> Vec<Finding> {
        let key = PublicKeyKind::of(&certificate.spki);
        let issuer_key = self.chain.first().map(|issuer| PublicKeyKind::of(&issuer.spki));
        let context = PolicyContext {
            template: self.template.name(),
            kind: subject_kind(self.template),
            chain: self.chain,
            issuer_key: issuer_key.as_ref(),
            key: &key,
            // Where the key came from cannot be seen: what is held against brought keys alone is not asked.
            own_key: true,
            key_known: false,
            spki: &certificate.spki,
            key_flaws: &[],
            outlives_issuer: self.template.outlives_issuer(),
        };
        let content = content(certificate);
        let refused = self.policies.objections(&context, &content).into_iter().map(|refusal| Finding {
            lint: format!("policy/{}/{}", refusal.policy, refusal.rule),
            severity: Severity::Error,
            clause: None,
            field: csr_lint::field_of(refusal.rule).to_owned(),
            rule: None,
            detail: refusal.to_string(),
        });
        let impediments = context.impediments(&content).into_iter().map(|one| Finding {
            lint: format!("policy/{}", one.rule),
            severity: Severity::Error,
            clause: None,
            field: csr_lint::field_of(one.rule).to_owned(),
            rule: None,
            detail: one.text,
        });
        refused.chain(impediments).collect()
    }
}

/// A certificate as policies see what is to be made.
fn content(certificate: &Certificate) -> CertificateContent {
    let path_length = certificate.path_length.and_then(|length| u8::try_from(length).ok());
    let extensions = ExtensionProfile {
        basic_constraints: match certificate.is_ca {
            true => BasicConstraints::Ca { path_length },
            false => BasicConstraints::EndEntity,
        },
        key_usage: certificate.key_usage.clone(),
        extended_key_usage: certificate.extended_key_usage.clone(),
        crl_distribution_points: certificate.crl_distribution_points.clone(),
        ..ExtensionProfile::default()
    };
    CertificateContent {
        subject: certificate.subject.clone(),
        names: certificate.names.clone(),
        validity: certificate.validity,
        extensions: Arc::new(extensions),
    }
}

fn compared<T: PartialEq + Display>(field: &str, template: &str, has: &[T], gives: &[T]) -> Vec<Finding> {
    let beyond = has.iter().filter(|one| !gives.contains(one));
    let beyond = beyond.map(|one| format!("it has `{one}`; template `{template}` does not give it"));
    let missing = gives.iter().filter(|one| !has.contains(one));
    let missing = missing.map(|one| format!("it lacks `{one}`, which template `{template}` gives"));
    beyond.chain(missing).map(|detail| finding(field, Severity::Error, detail)).collect()
}
