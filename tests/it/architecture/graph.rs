//! Which file names which: every path in product code, resolved to the file in which it ends.
//!
//! A `mod` declaration is no import, nor is the re-export of a child's items, which only gives them another name. A path that
//! ends in a re-exported item names the file that re-exports it.

use std::collections::{BTreeMap, BTreeSet};

use super::paths;
use super::rules::CRATES;
use super::source::{Source, is_word};

/// The files with their imports.
pub(super) struct Graph<'a> {
    sources: &'a [Source],
    /// For each file the files that it names, itself apart.
    names: Vec<BTreeSet<usize>>,
}

/// A module by the name of its crate and the segments of its path in it.
type Module<'a> = (&'a str, Vec<&'a str>);

impl<'a> Graph<'a> {
    pub(super) fn of(sources: &'a [Source]) -> Self {
        let files: BTreeMap<Module<'_>, usize> =
            sources.iter().enumerate().map(|(at, source)| (module(&source.path), at)).collect();
        let imports = |(at, source): (usize, &Source)| {
            let code = without_own_reexports(&source.product);
            let named = imports(&code, &module(&source.path));
            named.into_iter().filter_map(|path| file(&files, path)).filter(|file| *file != at).collect()
        };
        Self { sources, names: sources.iter().enumerate().map(imports).collect() }
    }

    /// Each file with one that it names, by their paths.
    pub(super) fn edges(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let path = |file: usize| self.sources[file].path.as_str();
        let from = self.names.iter().enumerate();
        from.flat_map(move |(from, to)| to.iter().map(move |to| (path(from), path(*to))))
    }

    /// Every largest set of more than `most` files each of which leads to all others of it.
    pub(super) fn rings(&self, most: usize) -> Vec<BTreeSet<&'a str>> {
        let reached: Vec<BTreeSet<usize>> = (0..self.names.len()).map(|file| self.reached_from(file)).collect();
        let ring = |from: usize| -> BTreeSet<usize> {
            reached[from].iter().copied().filter(|to| reached[*to].contains(&from)).collect()
        };
        let rings: BTreeSet<BTreeSet<usize>> = (0..self.names.len()).map(ring).collect();
        let long = rings.into_iter().filter(|ring| ring.len() > most);
        long.map(|ring| ring.into_iter().map(|file| self.sources[file].path.as_str()).collect()).collect()
    }

    fn reached_from(&self, file: usize) -> BTreeSet<usize> {
        let (mut reached, mut pending) = (BTreeSet::new(), vec![file]);
        while let Some(next) = pending.pop() {
            pending.extend(self.names[next].iter().filter(|to| reached.insert(**to)));
        }
        reached
    }
}

/// The module that the file at a logical path is.
fn module(path: &str) -> Module<'_> {
    let mut segments: Vec<&str> = path.trim_end_matches(".rs").split('/').collect();
    let name = match segments[0] {
        "src" => Some(segments.remove(0)),
        "cli" => Some("src"),
        first => CRATES.iter().find(|(_, name)| *name == first).map(|_| segments.remove(0)),
    };
    segments.pop_if(|last| matches!(*last, "mod" | "lib" | "main"));
    (name.unwrap_or("core"), segments)
}

/// The modules that the code declares as files.
fn children(code: &str) -> impl Iterator<Item = &str> {
    let declared = code.split(';').filter_map(|statement| statement.rsplit_once("mod "));
    let whole = declared.filter(|(before, name)| !before.ends_with(is_word) && name.chars().all(is_word));
    whole.map(|(_, name)| name)
}

/// The code without each `pub use self::child::..` and `pub use child::..`.
fn without_own_reexports(code: &str) -> String {
    let below: Vec<&str> = children(code).chain(["self"]).collect();
    let kept = |statement: &'_ str| match statement.rsplit_once("use ") {
        Some((before, path)) => {
            let public = before.trim_end().ends_with("pub") || before.trim_end().ends_with(')');
            !(public && below.iter().any(|child| path.starts_with(&format!("{child}::"))))
        }
        None => true,
    };
    code.split_inclusive(';').filter(|statement| kept(statement)).collect()
}

/// The paths that the code of a module names, as those of modules and items in them.
fn imports<'a>(code: &'a str, (own, module): &Module<'a>) -> Vec<Module<'a>> {
    let mut found = Vec::new();
    let mut add = |root: &str, name, base: &[&'a str]| {
        let paths = paths::after(code, root).into_iter();
        found.extend(paths.map(|path| (name, base.iter().copied().chain(path).collect::<Vec<_>>())));
    };
    add("crate::", *own, &[]);
    add("self::", *own, module);
    for child in children(code) {
        add(&format!("{child}::"), *own, &[module.as_slice(), &[child]].concat());
    }
    for (root, name) in CRATES {
        add(&format!("{root}::"), name, &[]);
    }
    add("certroll_core::", "core", &[]);
    add("certroll::", "src", &[]);
    for path in paths::after(code, "super::") {
        let more = path.iter().take_while(|segment| **segment == "super").count();
        let above = &module[..module.len().saturating_sub(1 + more)];
        found.push((*own, above.iter().copied().chain(path.into_iter().skip(more)).collect()));
    }
    found
}

/// The file in which a path ends.
fn file(files: &BTreeMap<Module<'_>, usize>, (name, mut path): Module<'_>) -> Option<usize> {
    loop {
        match files.get(&(name, path.clone())) {
            Some(file) => return Some(*file),
            None => path.pop()?,
        };
    }
}
