//! Texts with placeholders: `CN={name}`. A brace that is meant as such is doubled.

use std::borrow::Cow;

use super::error::TemplateProblem;
use super::parameter::Parameter;

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    source: String,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
enum Piece {
    Literal(String),
    Name,
    /// Index into the template's parameters.
    Parameter(usize),
}

/// What the placeholders stand for in one certificate; parameters in the order of the template, checked.
pub(super) struct PatternValues<'a> {
    pub(super) name: &'a str,
    pub(super) parameters: Vec<Option<Cow<'a, str>>>,
}

impl Pattern {
    /// Compiles a pattern.
    pub(super) fn compile(source: &str, parameters: &[Parameter]) -> Result<Self, TemplateProblem> {
        let unbalanced =
            || TemplateProblem::form("balanced braces around each placeholder (`{{` for a brace as such)", source);
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = source;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, found) = rest.split_at(at);
            literal.push_str(before);
            if let Some(after) = found.strip_prefix("{{").or_else(|| found.strip_prefix("}}")) {
                literal.push_str(&found[..1]);
                rest = after;
                continue;
            }
            let (slot, after) = found.strip_prefix('{').and_then(|f| f.split_once('}')).ok_or_else(unbalanced)?;
            pieces.push(Piece::Literal(std::mem::take(&mut literal)));
            pieces.push(placeholder(slot, parameters)?);
            rest = after;
        }
        literal.push_str(rest);
        pieces.push(Piece::Literal(literal));
        pieces.retain(|piece| !matches!(piece, Piece::Literal(text) if text.is_empty()));
        Ok(Self { source: source.to_owned(), pieces })
    }

    /// Whether the pattern has a placeholder at all.
    pub(super) fn is_literal(&self) -> bool {
        self.slots().next().is_none() && !self.uses_name()
    }

    /// Whether `{name}` occurs.
    pub(super) fn uses_name(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Name))
    }

    /// The parameters that occur, by index.
    pub(super) fn slots(&self) -> impl Iterator<Item = usize> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Parameter(index) => Some(*index),
            _ => None,
        })
    }

    /// Appends the pattern with every value passed through `escape`.
    ///
    /// `false`, and nothing appended, when none of its optional parameters was given.
    ///
    /// # Errors
    /// Some of its parameters were given and others not.
    pub(super) fn render(
        &self,
        values: &PatternValues<'_>,
        parameters: &[Parameter],
        escape: fn(&str, &mut String),
        out: &mut String,
    ) -> Result<bool, TemplateProblem> {
        let given = |index: &usize| values.parameters.get(*index).is_some_and(Option::is_some);
        if let Some(absent) = self.slots().find(|index| !given(index)) {
            let optional_given =
                |index: usize| given(&index) && parameters.get(index).is_some_and(Parameter::is_optional);
            if !self.slots().any(optional_given) {
                return Ok(false);
            }
            let missing = parameters.get(absent).map_or("", Parameter::name).to_owned();
            return Err(TemplateProblem::Incomplete { pattern: self.source.clone(), missing });
        }
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => out.push_str(text),
                Piece::Name => escape(values.name, out),
                Piece::Parameter(index) => {
                    escape(values.parameters.get(*index).and_then(Option::as_deref).unwrap_or_default(), out);
                }
            }
        }
        Ok(true)
    }
}

fn placeholder(slot: &str, parameters: &[Parameter]) -> Result<Piece, TemplateProblem> {
    if slot == "name" {
        return Ok(Piece::Name);
    }
    match parameters.iter().position(|parameter| parameter.name() == slot) {
        Some(index) => Ok(Piece::Parameter(index)),
        None => {
            let known = std::iter::once("name").chain(parameters.iter().map(Parameter::name));
            let known = known.map(|name| format!("{{{name}}}")).collect::<Vec<_>>().join(", ");
            Err(TemplateProblem::Placeholder { found: slot.to_owned(), known })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(source: &str) -> String {
        let pattern = Pattern::compile(source, &[]).unwrap();
        let mut out = String::new();
        let values = PatternValues { name: "broker-1", parameters: Vec::new() };
        assert!(pattern.render(&values, &[], |value, out| out.push_str(value), &mut out).unwrap());
        out
    }

    #[test]
    fn placeholders_are_filled_and_doubled_braces_kept() {
        for (source, expected) in [
            ("CN={name}", "CN=broker-1"),
            ("{name}.{name}", "broker-1.broker-1"),
            ("a{{name}}b", "a{name}b"),
            ("{{{name}}}", "{broker-1}"),
            ("", ""),
        ] {
            assert_eq!(rendered(source), expected);
        }
    }

    #[test]
    fn broken_patterns_are_refused() {
        for (source, part) in
            [("CN={name", "balanced"), ("CN=name}", "balanced"), ("{serial}", "one of {name}"), ("{}", "unknown")]
        {
            let error = Pattern::compile(source, &[]).unwrap_err().to_string();
            assert!(error.contains(part), "{source}: {error}");
        }
    }
}
