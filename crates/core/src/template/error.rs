//! Why a document is no template, or a template cannot be applied.

use certroll_pki::key::KeyError;
use certroll_pki::name::general_name::InvalidName;
use certroll_pki::name::name_error::NameError;
use certroll_pki::x509::extensions::UnknownUsage;
use certroll_pki::x509::validity::InvalidDuration;

/// A document that is no template, or inputs that a template does not take.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// Not TOML, or a key is unknown, missing or of the wrong type.
    #[error("`{file}`, line {line}: {message}")]
    Document {
        /// Where the text came from.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong and what was expected.
        message: String,
    },
    /// A field that cannot be used, alone or beside the others.
    #[error("`{file}`: field `{field}` cannot be used")]
    Field {
        /// Where the text came from.
        file: String,
        /// Path of the field, `extensions.key_usage`.
        field: String,
        /// Why.
        #[source]
        problem: TemplateProblem,
    },
    /// Something given for one certificate that the template does not take.
    #[error("template `{template}` cannot be applied: `{field}` is wrong")]
    Input {
        /// Name of the template.
        template: String,
        /// What was given, or the field of the template that it went into.
        field: String,
        /// Why.
        #[source]
        problem: TemplateProblem,
    },
}

/// What is wrong with one field.
#[derive(Debug, thiserror::Error)]
pub enum TemplateProblem {
    /// Not a duration.
    #[error(transparent)]
    Duration(#[from] InvalidDuration),
    /// Not a key algorithm.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Not a key usage or extended key usage.
    #[error(transparent)]
    Usage(#[from] UnknownUsage),
    /// Not a distinguished name.
    #[error(transparent)]
    Subject(#[from] NameError),
    /// Not a subject alternative name or name constraint.
    #[error(transparent)]
    Name(#[from] InvalidName),
    /// A rule that the field breaks, alone or together with another one.
    #[error("{0}")]
    Rule(&'static str),
    /// Something that does not fit, in words.
    #[error("{0}")]
    Unfit(String),
    /// A value of the wrong form.
    #[error("expected {expected}, found `{found}`")]
    Form {
        /// What was expected.
        expected: String,
        /// What was found.
        found: String,
    },
    /// A placeholder that is neither `{name}` nor a parameter.
    #[error("unknown placeholder `{{{found}}}`: expected one of {known}")]
    Placeholder {
        /// What stands between the braces.
        found: String,
        /// The placeholders there are.
        known: String,
    },
    /// A value for a parameter that the template does not have.
    #[error("there is no such parameter: expected {known}")]
    Parameter {
        /// The parameters there are.
        known: String,
    },
    /// Of parameters that belong together only some were given.
    #[error("`{pattern}` needs all of its parameters or none: {missing} was not given")]
    Incomplete {
        /// The pattern that needs them.
        pattern: String,
        /// A parameter that was not given.
        missing: String,
    },
}

impl TemplateProblem {
    pub(super) fn form(expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self::Form { expected: expected.into(), found: found.into() }
    }
}
