//! The paths that code names.

use super::source::is_word;

/// Every path after a root such as `crate::`, in segments, also each of `crate::{a, b::{c, d}}`. What `pub(in crate::a)`
/// names is no import; its path is left out.
pub(super) fn after<'a>(code: &'a str, root: &str) -> Vec<Vec<&'a str>> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices(root) {
        let (before, path) = (&code[..at], &code[at + root.len()..]);
        let begins = !before.ends_with(|c: char| is_word(c) || c == ':') && !path.starts_with('<');
        if begins && !before.ends_with("pub(in ") {
            leaves(path, &[], &mut found);
        }
    }
    found
}

/// Adds the leaves of the path at the beginning of the text, and returns what follows it.
fn leaves<'a>(text: &'a str, prefix: &[&'a str], found: &mut Vec<Vec<&'a str>>) -> &'a str {
    let text = text.trim_start();
    if let Some(group) = text.strip_prefix('{') {
        return members(group, prefix, found);
    }
    let (word, rest) = text.split_at(text.find(|c| !is_word(c)).unwrap_or(text.len()));
    let segment = (!word.is_empty() && word != "self").then_some(word);
    let path: Vec<&str> = prefix.iter().copied().chain(segment).collect();
    match rest.strip_prefix("::").filter(|deeper| !word.is_empty() && !deeper.starts_with('<')) {
        Some(deeper) => leaves(deeper, &path, found),
        None => {
            found.push(path);
            after_alias(rest)
        }
    }
}

/// The members of a group whose opening brace is behind us.
fn members<'a>(group: &'a str, prefix: &[&'a str], found: &mut Vec<Vec<&'a str>>) -> &'a str {
    let mut rest = group;
    loop {
        rest = rest.trim_start_matches(|c: char| c == ',' || c == '*' || c.is_whitespace());
        if !rest.starts_with(|c| is_word(c) || c == '{') {
            return rest.strip_prefix('}').unwrap_or(rest);
        }
        rest = leaves(rest, prefix, found);
    }
}

/// The text without an `as NAME` at its beginning.
fn after_alias(text: &str) -> &str {
    match text.trim_start().strip_prefix("as ") {
        Some(alias) => alias.trim_start().trim_start_matches(is_word),
        None => text,
    }
}

/// Whether the code names that crate: as the beginning of a path, or in a `use`.
pub(super) fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let (before, after) = (&code[..at], &code[at + name.len()..]);
        let begins = !before.ends_with(|c: char| is_word(c) || c == ':' || c == '.');
        let starts_path = after.starts_with("::") && !after.starts_with("::<");
        let after_use = before.ends_with("use ") && after.starts_with([';', ' ']);
        let in_root = before.ends_with("use ::") || before.trim_end().ends_with("(::") || before.ends_with(" ::");
        (begins && (starts_path || after_use)) || (in_root && !after.starts_with(is_word))
    })
}

pub(super) fn contains_word(code: &str, word: &str) -> bool {
    let starts_as_word = word.starts_with(is_word);
    let ends_as_word = word.ends_with(is_word);
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        !(starts_as_word && before.is_some_and(is_word) || ends_as_word && after.is_some_and(is_word))
    })
}
