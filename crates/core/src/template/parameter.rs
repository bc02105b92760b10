//! Parameters of a template: what may or must be given beside the name, and in which form.

use std::borrow::Cow;

use const_oid::ObjectIdentifier;

use super::document::{DocumentForm, ParameterDocument};
use super::error::TemplateProblem;
use certroll_base::{encoding, text};

/// The form of a parameter's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// Visible characters.
    Text,
    /// Octets in hexadecimal; `:` and `-` between them are dropped, and lower case is used.
    Hex {
        /// Exactly that many octets; any number when `None`.
        octets: Option<usize>,
    },
    /// A dotted object identifier.
    Oid,
}

/// One parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    name: String,
    summary: String,
    kind: ParameterKind,
    required: bool,
    pub(super) default: Option<String>,
}

/// Columns of a batch that mean something else.
const RESERVED: [&str; 3] = ["name", "san", "csr"];

impl Parameter {
    pub(super) fn compile(name: String, document: ParameterDocument) -> Result<Self, TemplateProblem> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if name.is_empty() || RESERVED.contains(&name.as_str()) || !name.bytes().all(plain) {
            let expected = format!("lower-case letters, digits and `_`, other than {}", RESERVED.join(", "));
            return Err(TemplateProblem::form(expected, name));
        }
        let kind = match (document.kind, document.octets) {
            (DocumentForm::Hex, Some(0)) => return Err(TemplateProblem::Rule("`octets` must be at least 1")),
            (DocumentForm::Hex, octets) => ParameterKind::Hex { octets },
            (_, Some(_)) => return Err(TemplateProblem::Rule("only a parameter of kind `hex` has `octets`")),
            (DocumentForm::Text, None) => ParameterKind::Text,
            (DocumentForm::Oid, None) => ParameterKind::Oid,
        };
        if document.required && document.default.is_some() {
            return Err(TemplateProblem::Rule("a required parameter has no default"));
        }
        if !is_one_line(&document.summary) {
            return Err(TemplateProblem::form("a summary of one line", document.summary));
        }
        let default = document.default.map(|value| kind.check(&value).map(Cow::into_owned)).transpose()?;
        Ok(Self { name, summary: document.summary, kind, required: document.required, default })
    }

    /// Its name, which is also its placeholder.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it means, in one line.
    pub fn summary(&self) -> &str {
        &self.summary
    }

    /// Whether it must be given.
    pub fn is_required(&self) -> bool {
        self.required
    }

    /// Whether it may be absent altogether.
    pub(super) fn is_optional(&self) -> bool {
        !self.required && self.default.is_none()
    }

    /// The value to use for what was given, if anything.
    pub(super) fn value<'a>(&'a self, given: Option<&'a String>) -> Result<Option<Cow<'a, str>>, TemplateProblem> {
        match given {
            Some(value) => self.kind.check(value).map(Some),
            None if self.required => Err(TemplateProblem::Rule("it is required and was not given")),
            None => Ok(self.default.as_deref().map(Cow::Borrowed)),
        }
    }

    /// Some value of the right form, to try a pattern with; as text also a country.
    pub(super) fn sample(&self) -> String {
        match self.kind {
            ParameterKind::Text => "AA".to_owned(),
            ParameterKind::Hex { octets } => "00".repeat(octets.unwrap_or(1)),
            ParameterKind::Oid => "1.2.3".to_owned(),
        }
    }
}

impl ParameterKind {
    /// Checks a value and gives it its one spelling.
    fn check(self, value: &str) -> Result<Cow<'_, str>, TemplateProblem> {
        visible(value)?;
        match self {
            Self::Text => Ok(Cow::Borrowed(value)),
            Self::Oid => match ObjectIdentifier::new(value) {
                Ok(_) => Ok(Cow::Borrowed(value)),
                Err(_) => Err(TemplateProblem::form("a dotted object identifier such as 1.3.6.1.4.1.32473.1", value)),
            },
            Self::Hex { octets } => {
                let digits: String = value.chars().filter(|c| !matches!(c, ':' | '-')).collect();
                match encoding::from_hex(&digits) {
                    Some(found) if !found.is_empty() && octets.is_none_or(|wanted| wanted == found.len()) => {
                        Ok(Cow::Owned(encoding::hex(&found)))
                    }
                    _ => {
                        let expected = match octets {
                            Some(wanted) => format!("{} hexadecimal digits", 2 * wanted),
                            None => "an even number of hexadecimal digits".to_owned(),
                        };
                        Err(TemplateProblem::form(expected, value))
                    }
                }
            }
        }
    }
}

/// Refuses what cannot be seen in a name: NUL and its kin have fooled readers of certificates before.
pub(super) fn visible(value: &str) -> Result<(), TemplateProblem> {
    let visible = matches!(text::printable(value), Cow::Borrowed(_));
    if value.is_empty() || value.trim() != value || !visible {
        let expected = "visible characters without white space at either end";
        return Err(TemplateProblem::form(expected, text::printable(value)));
    }
    Ok(())
}

/// Whether a summary fits one line.
pub(super) fn is_one_line(summary: &str) -> bool {
    visible(summary).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_get_one_spelling() {
        let eui64 = ParameterKind::Hex { octets: Some(8) };
        assert_eq!(eui64.check("00-11-22-33-44-55-66-FF").unwrap(), "00112233445566ff");
        assert_eq!(ParameterKind::Oid.check("1.3.6.1.4.1.32473").unwrap(), "1.3.6.1.4.1.32473");
        assert_eq!(ParameterKind::Text.check("Zähler, 7").unwrap(), "Zähler, 7");
    }

    #[test]
    fn wrong_values_are_refused() {
        for (kind, value) in [
            (ParameterKind::Hex { octets: Some(8) }, "0011"),
            (ParameterKind::Hex { octets: None }, "-"),
            (ParameterKind::Hex { octets: None }, "0g"),
            (ParameterKind::Oid, "1"),
            (ParameterKind::Text, ""),
            (ParameterKind::Text, " a"),
            (ParameterKind::Text, "a\0b"),
            (ParameterKind::Text, "a\u{202e}b"),
        ] {
            assert!(kind.check(value).is_err(), "{value:?}");
        }
    }
}
