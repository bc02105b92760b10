//! Put values into the template of a file.

use zeroize::Zeroizing;

use super::registry::FileTemplate;
use super::values::{ServerValues, known};
use certroll_base::secret::Secret;

/// Why a file cannot be written. The first two are mistakes in the template.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum FillError {
    /// An unknown placeholder, or one that does not end.
    #[error("`{file}`, line {line}: there is no placeholder `{placeholder}`")]
    Unknown {
        /// The file.
        file: &'static str,
        /// The line in its template.
        line: usize,
        /// What stands there.
        placeholder: String,
    },
    /// A secret in a file that others may read.
    #[error("`{file}`, line {line}: the secret `{placeholder}` in a file that is not private")]
    Exposed {
        /// The file.
        file: &'static str,
        /// The line in its template.
        line: usize,
        /// The placeholder.
        placeholder: String,
    },
    /// A value that the file needs was not given.
    #[error("`{file}` needs a value for `{placeholder}`")]
    Missing {
        /// The file.
        file: &'static str,
        /// The placeholder.
        placeholder: String,
    },
    /// The syntax of the file has no way to write the value. A secret is not shown.
    #[error("`{file}` cannot hold the value of `{placeholder}`: it has {what}")]
    Unwritable {
        /// The file.
        file: &'static str,
        /// The placeholder.
        placeholder: String,
        /// What in the value is in the way.
        what: &'static str,
    },
}

/// A file, ready to be written.
#[derive(Debug)]
pub struct Filled {
    /// Its name.
    pub name: &'static str,
    /// Its text.
    pub text: Secret,
    /// Whether it holds a secret.
    pub private: bool,
}

/// The file with values in place of its placeholders.
///
/// # Errors
/// The first thing that does not fit.
pub fn fill(file: &FileTemplate, values: &ServerValues) -> Result<Filled, FillError> {
    // Reserved for all that may come, so that no secret is left behind in an outgrown buffer.
    let mut out = Zeroizing::new(String::with_capacity(file.text.len() + (1 << 16)));
    for (index, line) in file.text.lines().enumerate() {
        if let Some(line) = wanted(file, index + 1, line, values)? {
            fill_line(file, index + 1, line, values, &mut out)?;
            out.push('\n');
        }
    }
    Ok(Filled { name: file.name, text: Secret::new(std::mem::take(&mut *out)), private: file.private })
}

/// The line without its condition; `None` when the condition does not hold.
fn wanted<'a>(
    file: &FileTemplate,
    line: usize,
    text: &'a str,
    values: &ServerValues,
) -> Result<Option<&'a str>, FillError> {
    let Some(rest) = text.strip_prefix("{{?") else { return Ok(Some(text)) };
    let unknown = |what: &str| FillError::Unknown { file: file.name, line, placeholder: what.to_owned() };
    let (name, rest) = rest.split_once("}}").ok_or_else(|| unknown(rest))?;
    known(name).ok_or_else(|| unknown(name))?;
    Ok(values.get(name).map(|_| rest))
}

fn fill_line(
    file: &FileTemplate,
    line: usize,
    text: &str,
    values: &ServerValues,
    out: &mut String,
) -> Result<(), FillError> {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let unknown = |what: &str| FillError::Unknown { file: file.name, line, placeholder: what.to_owned() };
        let (name, after) = after.split_once("}}").ok_or_else(|| unknown(after))?;
        let placeholder = || name.to_owned();
        let secret = known(name).ok_or_else(|| unknown(name))?;
        if secret && !file.private {
            return Err(FillError::Exposed { file: file.name, line, placeholder: placeholder() });
        }
        let value = values.get(name);
        let value = value.ok_or_else(|| FillError::Missing { file: file.name, placeholder: placeholder() })?;
        let written = file.syntax.write(value).map(Zeroizing::new);
        let written =
            written.map_err(|what| FillError::Unwritable { file: file.name, placeholder: placeholder(), what })?;
        out.push_str(before);
        out.push_str(&written);
        rest = after;
    }
    out.push_str(rest);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::syntax::Syntax;

    fn file(text: &'static str, private: bool) -> FileTemplate {
        FileTemplate { name: "x.conf", text, syntax: Syntax::Nginx, private, only_with: None }
    }

    #[test]
    fn strict_substitution() {
        let mut values = ServerValues::default();
        values.set("key", "/a/\"b");
        values.set_secret("storepass", Secret::new("s3cret".to_owned()));
        let fill = |text, private| fill(&file(text, private), &values).map(|filled| filled.text.expose().to_owned());
        assert_eq!(
            fill("a {{key}} b\n{{?name}}no\n{{?key}}yes {{key}}{{key}}\n", false).unwrap(),
            "a /a/\\\"b b\nyes /a/\\\"b/a/\\\"b\n"
        );
        let unknown = |name: &str| FillError::Unknown { file: "x.conf", line: 1, placeholder: name.to_owned() };
        assert_eq!(fill("{{kez}}", false).unwrap_err(), unknown("kez"));
        assert_eq!(fill("a {{ key }}", false).unwrap_err(), unknown(" key "));
        assert_eq!(fill("{{?kez}}x", false).unwrap_err(), unknown("kez"));
        assert_eq!(fill("a {{key", false).unwrap_err(), unknown("key"));
        assert_eq!(fill("{{?key", false).unwrap_err(), unknown("key"));
        assert!(matches!(fill("{{name}}", false), Err(FillError::Missing { .. })));
        assert!(matches!(fill("{{storepass}}", false), Err(FillError::Exposed { .. })));
        assert_eq!(fill("{{storepass}}", true).unwrap(), "s3cret\n");
    }
}
