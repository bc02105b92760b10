//! A source file as the rules see it: its code with comments and the contents of literals blanked, with and without what
//! is compiled for tests alone.

use std::fs;
use std::ops::Range;
use std::path::Path;

use crate::home::files_below;

/// One source file.
pub(super) struct Source {
    /// `cli/..` for the program, `pki/..` for `crates/pki/src/..`, and the path below `crates/core/src` for the modules of
    /// the core.
    pub(super) path: String,
    /// Its code: every byte of a comment or literal is a blank, so that lines and offsets are those of the file.
    pub(super) code: String,
    /// The same, with every item under `#[cfg(test)]` blanked too.
    pub(super) product: String,
    /// The contents of its string literals outside those items, as they are when the program runs but for escapes that
    /// stand for one character.
    pub(super) strings: Vec<String>,
    /// How many lines it has, those items apart.
    pub(super) lines: usize,
}

impl Source {
    pub(super) fn new(path: impl Into<String>, text: &str) -> Self {
        let not_code = not_code(text);
        let code = blanked(text, &not_code);
        let tests = tests(&code);
        let product = blanked(&code, &tests);
        let of_product = |literal: &&Range<usize>| !tests.iter().any(|range| range.contains(&literal.start));
        let strings = not_code.iter().filter(of_product).filter_map(|range| content(&text[range.clone()])).collect();
        let of_tests: usize = tests.into_iter().map(|range| text[range].lines().count()).sum();
        Self { path: path.into(), code, product, strings, lines: text.lines().count() - of_tests }
    }

    /// The crate or the module of the core that it belongs to; `lib` and `src` for the roots of the core and the program.
    pub(super) fn top(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap_or_default()
    }

    /// Every source of the workspace, tests and benchmarks apart.
    pub(super) fn all() -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut all = below(&root.join("src"), |path| if path.starts_with("cli/") { "" } else { "src/" }.to_owned());
        for entry in fs::read_dir(root.join("crates")).expect("there are crates").flatten() {
            let name = entry.file_name().into_string().expect("a name");
            let prefix = if name == "core" { String::new() } else { format!("{name}/") };
            all.extend(below(&entry.path().join("src"), |_| prefix.clone()));
        }
        all
    }
}

fn below(directory: &Path, prefix: impl Fn(&str) -> String) -> Vec<Source> {
    let files = files_below(directory).into_iter().filter(|path| path.extension().is_some_and(|e| e == "rs"));
    let read = |file: std::path::PathBuf| {
        let path = file.strip_prefix(directory).expect("it lies below").display().to_string();
        let text = fs::read_to_string(&file).expect("a source can be read");
        Source::new(format!("{}{path}", prefix(&path)), &text)
    };
    files.map(read).collect()
}

pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Where the comments and literals of a text lie.
fn not_code(text: &str) -> Vec<Range<usize>> {
    let (mut found, mut at, mut before) = (Vec::new(), 0, ' ');
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(length) = raw_string(rest).filter(|_| !is_word(before)) {
            length
        } else if c == '"' {
            string(rest)
        } else if c == '\'' {
            character(rest)
        } else {
            0
        };
        if length == 0 {
            (at, before) = (at + c.len_utf8(), c);
        } else {
            found.push(at..at + length);
            (at, before) = (at + length, ' ');
        }
    }
    found
}

/// The content of a string literal: a backslash at the end of a line joins it to the next one.
fn content(literal: &str) -> Option<String> {
    let inner = literal.trim_start_matches(['b', 'r', '#']).strip_prefix('"')?;
    let inner = inner.trim_end_matches('#').strip_suffix('"').unwrap_or(inner);
    let mut lines = inner.split("\\\n");
    let first = lines.next().unwrap_or_default().to_owned();
    let joined = lines.fold(first, |before, line| before + line.trim_start());
    Some(joined.replace("\\n", "\n").replace("\\t", "\t").replace("\\\"", "\""))
}

/// Where the items lie that are compiled for tests alone: from the attribute to the end of what it stands on.
fn tests(code: &str) -> Vec<Range<usize>> {
    let starts = code.match_indices("#[cfg(test)]");
    starts.map(|(at, attribute)| at..item_end(code, at + attribute.len())).collect()
}

/// The end of the item at that place: its last brace, or the semicolon of one without braces.
fn item_end(code: &str, start: usize) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code[start..].char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            // The end of what encloses it: the attribute stood on its last member.
            ')' | ']' | '}' if depth == 0 => return start + at,
            '}' if depth == 1 => return start + at + 1,
            ')' | ']' | '}' => depth -= 1,
            ';' if depth == 0 => return start + at + 1,
            _ => {}
        }
    }
    code.len()
}

/// The text with those ranges blanked; lines stay lines.
fn blanked(text: &str, ranges: &[Range<usize>]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for range in ranges {
        bytes[range.clone()].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
    }
    String::from_utf8(bytes).expect("characters are blanked as a whole")
}

/// The length of a raw string at the beginning of the text.
fn raw_string(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('b').unwrap_or(text).strip_prefix('r')?;
    let hashes = inner.len() - inner.trim_start_matches('#').len();
    let body = inner[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let start = text.len() - body.len();
    Some(body.find(&end).map_or(text.len(), |at| start + at + end.len()))
}

fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of a character literal; 0 for a lifetime.
fn character(text: &str) -> usize {
    let mut inner = text.char_indices().skip(1);
    match inner.next() {
        Some((_, '\\')) => text[2..].find('\'').map_or(0, |at| if text[2..].starts_with('\'') { 4 } else { at + 3 }),
        Some(_) => inner.next().filter(|(_, c)| *c == '\'').map_or(0, |(at, _)| at + 1),
        None => 0,
    }
}
