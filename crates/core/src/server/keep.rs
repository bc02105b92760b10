//! What an operator added to a file stays in it when the file is written anew.

use std::collections::BTreeSet;

use super::registry::FileTemplate;
use super::syntax::Syntax;
use certroll_base::encoding::{hex, sha256};
use certroll_base::secret::Secret;

/// How the last line of a file of XML begins, in which lines cannot be told apart: the digest of those before it.
const MARK: &str = "<!-- written by certroll, SHA-256 of the lines above: ";
const MARK_END: &str = " -->\n";

/// The file of XML was changed by others since it was written, or was not written here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangedByOthers;

/// The text that a file gets: what is filled in, and the lines that are there and do not come from its template. A line that sets
/// what the template sets is not kept.
///
/// # Errors
/// It is XML, and not as it was written here; with `replace` it is replaced whole.
pub fn keep(
    file: &FileTemplate,
    filled: &Secret,
    present: Option<&str>,
    replace: bool,
) -> Result<Secret, ChangedByOthers> {
    let filled = filled.expose();
    if file.syntax == Syntax::Xml {
        let foreign = present.is_some_and(|present| !is_as_written(present));
        return if foreign && !replace { Err(ChangedByOthers) } else { Ok(Secret::new(marked(filled))) };
    }
    let Some(present) = present.filter(|_| !replace) else { return Ok(Secret::new(filled.to_owned())) };
    let lines: Vec<&str> = file.text.lines().map(without_condition).collect();
    let known: BTreeSet<&str> = lines.iter().filter_map(|line| set_by(file.syntax, line)).collect();
    let ours = |line: &str| match set_by(file.syntax, line) {
        Some(name) => known.contains(name),
        None => lines.contains(&line) || filled.lines().any(|other| other == line),
    };
    // Reserved, so that no secret is left behind in an outgrown buffer.
    let mut text = String::with_capacity(filled.len() + present.len() + 1);
    text.push_str(filled);
    for line in present.lines().filter(|line| !line.trim().is_empty() && !ours(line)) {
        text.push_str(line);
        text.push('\n');
    }
    Ok(Secret::new(text))
}

fn marked(text: &str) -> String {
    format!("{text}{MARK}{}{MARK_END}", hex(&sha256(text.as_bytes())))
}

fn is_as_written(present: &str) -> bool {
    present.rfind(MARK).is_some_and(|at| marked(&present[..at]) == present)
}

/// A line of a template without the condition at its beginning.
fn without_condition(line: &str) -> &str {
    let conditional = line.strip_prefix("{{?").and_then(|rest| rest.split_once("}}"));
    conditional.map_or(line, |(_, rest)| rest)
}

/// What a line sets; `None` for a comment, and for a line that may stand there several times.
fn set_by(syntax: Syntax, line: &str) -> Option<&str> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let name = match syntax {
        Syntax::Nginx | Syntax::Mosquitto => line.split_whitespace().next()?,
        Syntax::Ini if line.starts_with("--") => return None,
        Syntax::Ini | Syntax::Properties | Syntax::RabbitMq | Syntax::RabbitMqPassword => {
            line.split_once('=')?.0.trim()
        }
        Syntax::Xml => return None,
    };
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NGINX: FileTemplate = FileTemplate {
        name: "tls.conf",
        text: "# TLS.\nssl_certificate \"{{certificate}}\";\n{{?storepass_file}}ssl_password_file \"{{storepass_file}}\";\n",
        syntax: Syntax::Nginx,
        private: false,
        only_with: None,
    };

    fn kept(present: &str, replace: bool) -> String {
        let filled = Secret::new("# TLS.\nssl_certificate \"/new\";\n".to_owned());
        keep(&NGINX, &filled, Some(present), replace).unwrap().expose().to_owned()
    }

    #[test]
    fn lines_of_others_stay_and_stay_where_they_are() {
        let present = "# TLS.\nssl_certificate \"/old\";\nssl_password_file \"/p\";\n# ours\n\nssl_crl /etc/crl.pem;\n";
        let expected = "# TLS.\nssl_certificate \"/new\";\n# ours\nssl_crl /etc/crl.pem;\n";
        assert_eq!(kept(present, false), expected);
        assert_eq!(kept(expected, false), expected, "writing it again changes nothing");
        assert_eq!(kept(present, true), "# TLS.\nssl_certificate \"/new\";\n");
    }

    #[test]
    fn xml_that_others_changed_is_not_replaced_unasked() {
        let xml = FileTemplate { name: "a.xml", text: "<a/>\n", syntax: Syntax::Xml, ..NGINX };
        let write = |present: Option<&str>, replace| {
            let filled = Secret::new("<a/>\n".to_owned());
            keep(&xml, &filled, present, replace).map(|text| text.expose().to_owned())
        };
        let first = write(None, false).unwrap();
        assert!(first.starts_with("<a/>\n<!-- written by certroll"));
        assert_eq!(write(Some(&first), false).unwrap(), first);
        let changed = first.replace("<a/>", "<a b='c'/>");
        assert_eq!(write(Some(&changed), false), Err(ChangedByOthers));
        assert_eq!(write(Some("<a/>\n"), false), Err(ChangedByOthers));
        assert_eq!(write(Some(&changed), true).unwrap(), first);
    }
}
