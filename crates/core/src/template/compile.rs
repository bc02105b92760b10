//! From a document to a template: every field read, then all of them held against each other.

use crate::template::TemplateDigest;
use std::fmt::Display;
use std::str::FromStr;

use const_oid::ObjectIdentifier;

use super::consistency::{self, Reading};
use super::definition::{PointerUse, Template};
use super::document::{Constraints, Extensions, KeyId, TemplateDocument, TemplateKind};
use super::error::{TemplateError, TemplateProblem};
use super::names::NamePattern;
use super::parameter::{self, Parameter};
use super::subject::Subject;
use certroll_pki::x509::extensions::{BasicConstraints, ExtensionProfile, KeyIdMethod};

impl Template {
    /// Reads a TOML document; `source_name` is what error messages call it, mostly a path.
    ///
    /// # Errors
    /// [`TemplateError::Document`] for anything but TOML of this shape, [`TemplateError::Field`] for a field that
    /// cannot be used.
    pub fn parse(source_name: &str, text: &str) -> Result<Self, TemplateError> {
        let document = TemplateDocument::read(source_name, text)?;
        compile(document, text).map_err(|(field, problem)| TemplateError::Field {
            file: source_name.to_owned(),
            field,
            problem,
        })
    }
}

/// The template of a document, or the field at fault.
fn compile(mut document: TemplateDocument, text: &str) -> Result<Template, (String, TemplateProblem)> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if document.name.is_empty() || !document.name.bytes().all(plain) {
        return Err(("name".to_owned(), TemplateProblem::form("lower-case letters, digits and `-`", &document.name)));
    }
    if !parameter::is_one_line(&document.summary) {
        return Err(("summary".to_owned(), TemplateProblem::form("one line", &document.summary)));
    }
    let key = read("key", &document.key)?;
    let lifetime = read("lifetime", &document.lifetime)?;
    let renew_before = document.renew_before.as_deref().map(|text| read("renew_before", text)).transpose()?;
    let renew_before = renew_before.unwrap_or_default();
    let extensions = extensions(&document.extensions, document.kind)?;
    let reading = Reading { document: &document, extensions: &extensions, key, lifetime, renew_before };
    if let Some((field, problem)) = consistency::contradiction(&reading) {
        return Err((field.to_owned(), problem));
    }
    let mut parameters = Vec::new();
    for (name, parameter) in std::mem::take(&mut document.parameters) {
        let field = format!("parameters.{name}");
        parameters.push(Parameter::compile(name, parameter).map_err(|problem| (field, problem))?);
    }
    let subject = Subject::compile(&document.subject, &parameters).map_err(at("subject"))?;
    let names = document.san.iter().map(|text| NamePattern::compile(text, &parameters));
    let names: Vec<NamePattern> = names.collect::<Result<_, _>>().map_err(at("san"))?;
    all_used(&parameters, &subject, &names)?;
    let by_default = document.kind != TemplateKind::RootCa;
    let pointers = PointerUse {
        crl: document.extensions.crl_distribution_points.unwrap_or(by_default),
        ocsp: document.extensions.ocsp.unwrap_or(by_default),
        ca_issuers: document.extensions.ca_issuers.unwrap_or(by_default),
    };
    Ok(Template {
        name: document.name,
        summary: document.summary,
        text: text.to_owned(),
        digest: TemplateDigest::of(text.as_bytes()),
        kind: document.kind,
        key,
        lifetime,
        renew_before,
        parameters,
        subject,
        names,
        san_required: document.san_required,
        underscore: document.underscore,
        outlives_issuer: document.outlives_issuer,
        extensions,
        pointers,
    })
}

/// A parameter that no pattern mentions would be asked for and then ignored.
fn all_used(
    parameters: &[Parameter],
    subject: &Subject,
    names: &[NamePattern],
) -> Result<(), (String, TemplateProblem)> {
    let patterns = || subject.patterns().chain(names.iter().map(NamePattern::pattern));
    for (index, parameter) in parameters.iter().enumerate() {
        if !patterns().any(|pattern| pattern.slots().any(|slot| slot == index)) {
            let field = format!("parameters.{}", parameter.name());
            return Err((field, TemplateProblem::Rule("no pattern in `subject` or `san` uses it")));
        }
    }
    Ok(())
}

fn extensions(document: &Extensions, kind: TemplateKind) -> Result<ExtensionProfile, (String, TemplateProblem)> {
    let policy = |text: &String| {
        ObjectIdentifier::new(text)
            .map_err(|_| TemplateProblem::form("a dotted object identifier such as 2.5.29.32.0", text))
    };
    Ok(ExtensionProfile {
        basic_constraints: match (kind, document.basic_constraints) {
            (TemplateKind::RootCa | TemplateKind::Ca, _) => BasicConstraints::Ca { path_length: document.path_length },
            (TemplateKind::EndEntity, Some(Constraints::EndEntity)) => BasicConstraints::EndEntity,
            (TemplateKind::EndEntity, _) => BasicConstraints::Absent,
        },
        key_usage: list("extensions.key_usage", &document.key_usage)?,
        extended_key_usage: list("extensions.extended_key_usage", &document.extended_key_usage)?,
        extended_key_usage_critical: document.extended_key_usage_critical,
        subject_alt_name_critical: document.subject_alt_name_critical,
        own_key_id: None,
        subject_key_id: match document.subject_key_id {
            KeyId::Sha1 => KeyIdMethod::Sha1,
            KeyId::Short => KeyIdMethod::Short,
            KeyId::Absent => KeyIdMethod::Absent,
        },
        policies: document.policies.iter().map(policy).collect::<Result<_, _>>().map_err(at("extensions.policies"))?,
        policies_critical: document.policies_critical,
        permitted: list("extensions.permitted", &document.permitted)?,
        excluded: list("extensions.excluded", &document.excluded)?,
        ocsp_no_check: document.ocsp_no_check,
        ..ExtensionProfile::default()
    })
}

fn list<T>(field: impl Display, texts: &[String]) -> Result<Vec<T>, (String, TemplateProblem)>
where
    T: FromStr<Err: Into<TemplateProblem>>,
{
    texts.iter().map(|text| read(&field, text)).collect()
}

fn read<T>(field: impl Display, text: &str) -> Result<T, (String, TemplateProblem)>
where
    T: FromStr<Err: Into<TemplateProblem>>,
{
    text.parse().map_err(|error: T::Err| (field.to_string(), error.into()))
}

fn at(field: &'static str) -> impl Fn(TemplateProblem) -> (String, TemplateProblem) {
    move |problem| (field.to_owned(), problem)
}
