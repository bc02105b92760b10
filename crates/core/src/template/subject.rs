//! The subject of a template: one pattern for each relative name.
//!
//! `C={country}, CN={name}?`: an entry whose optional parameter is not given is left out, and an entry that ends with
//! `?` also when its value does not fit the attribute (a host name longer than the 64 characters of a common name).

use super::error::TemplateProblem;
use super::parameter::Parameter;
use super::pattern::{Pattern, PatternValues};
use certroll_pki::name::distinguished_name::DistinguishedName;

/// A compiled subject.
#[derive(Clone, Debug, Default)]
pub(super) struct Subject {
    entries: Vec<SubjectEntry>,
}

#[derive(Clone, Debug)]
struct SubjectEntry {
    pattern: Pattern,
    may_be_dropped: bool,
}

impl Subject {
    /// Compiles the text form of a distinguished name with placeholders.
    pub(super) fn compile(text: &str, parameters: &[Parameter]) -> Result<Self, TemplateProblem> {
        let mut subject = Self::default();
        for entry in entries(text) {
            let may_be_dropped = entry.ends_with('?') && !entry.ends_with("\\?");
            let pattern =
                Pattern::compile(entry.strip_suffix('?').filter(|_| may_be_dropped).unwrap_or(entry), parameters)?;
            subject.entries.push(SubjectEntry { pattern, may_be_dropped });
        }
        // Wrong attribute types and stray separators show with any value.
        let samples = parameters.iter().map(|parameter| Some(parameter.sample().into())).collect();
        subject.parse(&PatternValues { name: "AA", parameters: samples }, parameters)?;
        Ok(subject)
    }

    pub(super) fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.entries.iter().map(|entry| &entry.pattern)
    }

    /// The subject for these values.
    pub(super) fn apply(
        &self,
        values: &PatternValues<'_>,
        parameters: &[Parameter],
    ) -> Result<DistinguishedName, TemplateProblem> {
        match self.parse(values, parameters) {
            Err(TemplateProblem::Subject(_)) if self.entries.iter().any(|entry| entry.may_be_dropped) => {
                let fitting = self.entries.iter().filter(|entry| entry.fits(values, parameters));
                Self { entries: fitting.cloned().collect() }.parse(values, parameters)
            }
            result => result,
        }
    }

    fn parse(
        &self,
        values: &PatternValues<'_>,
        parameters: &[Parameter],
    ) -> Result<DistinguishedName, TemplateProblem> {
        let mut text = String::with_capacity(96);
        for entry in &self.entries {
            let end = text.len();
            text.push_str(if end == 0 { "" } else { ", " });
            if !entry.pattern.render(values, parameters, escape, &mut text)? {
                text.truncate(end);
            }
        }
        Ok(DistinguishedName::parse(&text)?)
    }
}

impl SubjectEntry {
    fn fits(&self, values: &PatternValues<'_>, parameters: &[Parameter]) -> bool {
        let mut text = String::new();
        !self.may_be_dropped
            || (self.pattern.render(values, parameters, escape, &mut text).is_ok()
                && DistinguishedName::parse(&text).is_ok())
    }
}

/// The relative names of a text: cut at `,` and `;` that are neither escaped nor quoted.
fn entries(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            ',' | ';' if !quoted => {
                found.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    if !text.trim().is_empty() {
        found.push(text[start..].trim());
    }
    found
}

/// RFC 4514 section 2.4, and `=`: whatever the value holds, it stays the value.
fn escape(value: &str, out: &mut String) {
    for c in value.chars() {
        if matches!(c, ',' | '+' | '"' | '\\' | '<' | '>' | ';' | '=' | '#') {
            out.push('\\');
        }
        out.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(pattern: &str, name: &str) -> Result<String, TemplateProblem> {
        let values = PatternValues { name, parameters: Vec::new() };
        Subject::compile(pattern, &[])?.apply(&values, &[]).map(|subject| subject.to_string())
    }

    #[test]
    fn no_value_escapes_its_attribute() {
        for name in
            ["a, O=Evil", "a+O=Evil", "a;O=Evil", "a\\", "a\\, O=Evil", "\"a", "a\", O=Evil", "#0403", "a=b", "{name}"]
        {
            for pattern in ["CN={name}, O=Example", "CN=\"{name}\", O=Example"] {
                let subject = DistinguishedName::parse(&applied(pattern, name).unwrap()).unwrap();
                assert_eq!(subject.common_name().as_deref(), Some(name));
                assert!(subject.to_string().ends_with(", O=Example"), "{subject}");
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_dropped_where_marked() {
        let long = "x".repeat(65);
        assert_eq!(applied("O=Example, CN={name}?", &long).unwrap(), "O=Example");
        assert_eq!(applied("CN={name}?", &long).unwrap(), "");
        assert_eq!(applied("CN={name}?", "x").unwrap(), "CN=x");
        assert!(applied("CN={name}", &long).is_err());
        assert_eq!(applied(r"CN={name}\?", "x").unwrap(), "CN=x?");
    }

    #[test]
    fn broken_subjects_are_refused_when_compiled() {
        for (pattern, part) in [
            ("CN={name},", "ends with a separator"),
            ("{name}=x", "unknown attribute type"),
            ("CN={name}, XX=y", "unknown attribute type"),
            ("CN", "no `=`"),
            ("CN={nmae}", "unknown placeholder"),
        ] {
            let error = Subject::compile(pattern, &[]).unwrap_err().to_string();
            assert!(error.contains(part), "{pattern}: {error}");
        }
    }
}
