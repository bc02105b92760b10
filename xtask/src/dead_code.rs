//! Code that neither the program nor its integration tests, benchmarks and fuzz targets use.
//!
//! In a library the compiler takes everything `pub` for used. So the sources of all crates are copied as modules of one program,
//! in which nothing is public, and the compiler says what is dead. What libraries for others offer counts as used; what unit
//! tests alone use does not.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::manifest;
use crate::workspace::{Checked, FOR_OTHERS, Workspace, run};

/// What sources include as text, and the versions of dependencies.
const INCLUDED: &[&str] = &["Cargo.lock", "docs", "policies", "templates"];

pub(crate) fn check(workspace: &Workspace) -> Checked {
    let target = workspace.target_directory();
    let program = target.join("one-program");
    assemble(workspace.root(), &program).map_err(|error| format!("cannot write `{}`: {error}", program.display()))?;
    let mut check = workspace.cargo();
    check.args(["check", "--manifest-path"]).arg(program.join("Cargo.toml")).arg("--target-dir").arg(target);
    // Cargo sets these for integration tests, which are compiled here and not run.
    run(check.envs([("CARGO_BIN_EXE_certroll", "certroll"), ("CARGO_TARGET_TMPDIR", "tmp")]))
}

/// A crate that becomes a module.
struct Module {
    name: String,
    /// Its directory, below the root.
    from: String,
    /// Its directory, below the program.
    to: String,
    /// The file in which it begins, below its directory.
    first: String,
    /// Whether all of it counts as used.
    used: bool,
}

impl Module {
    fn new(name: &str, directory: &str, first: &str, used: bool) -> Self {
        let [name, from, first] = [name, directory, first].map(str::to_owned);
        Self { name, to: from.clone(), from, first, used }
    }
}

/// The crates of the repository that are there.
fn modules(root: &Path) -> io::Result<Vec<Module>> {
    let mut modules = vec![
        Module::new("certroll", "src", "lib.rs", false),
        Module::new("it", "tests", "it/main.rs", true),
        Module::new("fuzz", "fuzz/shared", "mod.rs", true),
    ];
    for name in names(&root.join("crates"))? {
        let used = FOR_OTHERS.contains(&name.as_str());
        modules.push(Module::new(&format!("certroll_{name}"), &format!("crates/{name}"), "src/lib.rs", used));
    }
    for name in names(&root.join("benches"))?.iter().filter_map(|name| name.strip_suffix(".rs")) {
        // Each is a crate of its own, with what they share as a module.
        let bench = Module::new(&format!("bench_{name}"), "benches", &format!("{name}.rs"), true);
        modules.push(Module { to: bench.name.clone(), ..bench });
    }
    Ok(modules)
}

/// Writes the program into a directory and removes what else is there. Files that have not changed are not touched, so that nothing
/// is compiled again for them.
fn assemble(root: &Path, program: &Path) -> io::Result<()> {
    let modules = modules(root)?;
    let names: Vec<&str> = modules.iter().map(|module| module.name.as_str()).collect();
    let mut written = BTreeSet::new();
    let mut main = rewritten(&fs::read_to_string(root.join("src/main.rs"))?, "", &names);
    for module in &modules {
        let used = if module.used { "#[allow(unused)]\n" } else { "" };
        main += &format!("{used}#[path = \"{}/{}\"]\nmod {};\n", module.to, module.first, module.name);
        let change = |text: &str| rewritten(text, &module.name, &names);
        copy(&root.join(&module.from), &program.join(&module.to), &change, &mut written)?;
    }
    for included in INCLUDED.iter().filter(|path| root.join(path).exists()) {
        copy(&root.join(included), &program.join(included), &str::to_owned, &mut written)?;
    }
    let core = fs::read_to_string(root.join("crates/core/Cargo.toml"))?;
    let manifest = manifest(&fs::read_to_string(root.join("Cargo.toml"))?, &core);
    write(&program.join("Cargo.toml"), manifest.as_bytes(), &mut written)?;
    write(&program.join("main.rs"), main.as_bytes(), &mut written)?;
    prune(program, &written)
}

/// The names in a directory, sorted; none if there is no directory.
fn names(directory: &Path) -> io::Result<Vec<String>> {
    if !directory.exists() {
        return Ok(Vec::new());
    }
    let name = |entry: io::Result<fs::DirEntry>| Ok(entry?.file_name().to_string_lossy().into_owned());
    let mut names = fs::read_dir(directory)?.map(name).collect::<io::Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

/// Copies a file, or a directory with all that is in it; Rust sources through `change`.
fn copy(from: &Path, to: &Path, change: &dyn Fn(&str) -> String, written: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    if from.is_dir() {
        return names(from)?.iter().try_for_each(|name| copy(&from.join(name), &to.join(name), change, written));
    }
    match from.extension() {
        Some(extension) if extension == "rs" => write(to, change(&fs::read_to_string(from)?).as_bytes(), written),
        _ => write(to, &fs::read(from)?, written),
    }
}

fn write(path: &Path, bytes: &[u8], written: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    written.insert(path.to_owned());
    if fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    fs::write(path, bytes)
}

/// Removes files below a directory that are not among these: a module that has moved would be there twice.
fn prune(directory: &Path, written: &BTreeSet<PathBuf>) -> io::Result<()> {
    for path in names(directory)?.iter().map(|name| directory.join(name)) {
        if path.is_dir() {
            prune(&path, written)?;
        } else if !written.contains(&path) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// A source of a crate as one of the module that the crate becomes: `crate::` is `crate::MODULE::`, `OTHER::` is `crate::OTHER::`.
/// Tests are not compiled as tests, so they are functions like others.
fn rewritten(text: &str, module: &str, names: &[&str]) -> String {
    let text = text.replace("#[test]", "");
    let (mut made, mut rest) = (String::with_capacity(text.len()), text.as_str());
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    while let Some(start) = rest.find(is_word) {
        let (before, word) = rest.split_at(start);
        let end = word.find(|c| !is_word(c)).unwrap_or(word.len());
        let (word, after) = word.split_at(end);
        made += before;
        match word {
            "crate" if after.starts_with("::") && !module.is_empty() => made += &format!("crate::{module}"),
            name if after.starts_with("::") && !before.ends_with("::") && names.contains(&name) => {
                made += &format!("crate::{name}");
            }
            other => made += other,
        }
        rest = after;
    }
    made + rest
}

/// How the manifest begins. What modules pass on without need is of no interest: a type in a signature has to be reachable.
const MANIFEST: &str = r#"[package]
name = "certroll"
edition = "2024"
autolib = false
autotests = false
autobenches = false

[workspace]

[[bin]]
name = "certroll"
path = "main.rs"

[lints.rust]
dead_code = "deny"
unused_imports = "allow"
unfulfilled_lint_expectations = "allow"
"#;

/// A manifest with every dependency of the workspace, every feature of the core, and the profile of development, under which the
/// dependencies are compiled already.
fn manifest(workspace: &str, core: &str) -> String {
    let mut made = MANIFEST.to_owned();
    let features: Vec<&str> = manifest::section(core, "features").filter_map(|line| line.split(" = ").next()).collect();
    made += &format!("\n[features]\ndefault = {features:?}\n");
    made.extend(features.iter().map(|name| format!("{name} = []\n")));
    made += "\n[dependencies]\n";
    let dependencies =
        manifest::section(workspace, "workspace.dependencies").filter(|line| !line.starts_with("certroll-"));
    made.extend(dependencies.map(|line| format!("{line}\n")));
    for profile in ["profile.dev", "profile.dev.package.\"*\""] {
        made += &format!("\n[{profile}]\n");
        made.extend(manifest::section(workspace, profile).map(|line| format!("{line}\n")));
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_into_the_modules() {
        let text = "use crate::a;\nuse base::b;\nuse x::base::c;\npub(in crate::d) fn e() { base::f(crateful::g, ::std::h) }\n";
        let made = "use crate::own::a;\nuse crate::base::b;\nuse x::base::c;\n\
                    pub(in crate::own::d) fn e() { crate::base::f(crateful::g, ::std::h) }\n";
        assert_eq!(rewritten(text, "own", &["base", "own"]), made);
    }

    #[test]
    fn the_manifest_has_what_the_workspace_has() {
        let workspace = "[workspace.dependencies]\ncertroll-base = { path = \"a\" }\ncsv = \"1\"\n\n[features]\nx = []\n\n\
                         [profile.dev]\nopt-level = 1\n";
        let made = manifest(workspace, "[features]\n# Words.\nacme = [\"network\"]\nnetwork = []\n");
        assert!(made.contains("[features]\ndefault = [\"acme\", \"network\"]\nacme = []\nnetwork = []\n"), "{made}");
        assert!(
            made.contains("[dependencies]\ncsv = \"1\"\n") && made.contains("[profile.dev]\nopt-level = 1\n"),
            "{made}"
        );
    }

    /// What cargo says about a program made from these files.
    fn said(sources: &[(&str, &str)]) -> String {
        let directory = std::env::temp_dir().join(format!("xtask-{}-{}", std::process::id(), sources[0].0.len()));
        let program = directory.join("program");
        for (path, text) in sources {
            write(&directory.join(path), text.as_bytes(), &mut BTreeSet::new()).unwrap();
        }
        assemble(&directory, &program).unwrap();
        let mut check = Workspace::here().cargo();
        check.args(["check", "--offline", "--manifest-path"]).arg(program.join("Cargo.toml"));
        let said = check.env("CARGO_TARGET_DIR", directory.join("target")).output().unwrap();
        fs::remove_dir_all(&directory).unwrap();
        format!("{} {}", said.status.success(), String::from_utf8_lossy(&said.stderr))
    }

    const PROGRAM: &[(&str, &str)] = &[
        ("Cargo.toml", ""),
        ("src/main.rs", "fn main() { certroll::run() }\n"),
        ("src/lib.rs", "pub fn run() { certroll_core::of_the_program(); }\n"),
        ("tests/it/main.rs", "#[test]\nfn works() { certroll_core::of_a_test(); }\n"),
        ("fuzz/shared/mod.rs", ""),
        ("crates/tlog/src/lib.rs", "pub fn offered() {}\n"),
        ("crates/core/Cargo.toml", ""),
    ];

    #[test]
    fn what_program_and_tests_use_is_alive() {
        let core = ("crates/core/src/lib.rs", "pub fn of_the_program() {}\npub fn of_a_test() {}\n");
        let said = said(&[PROGRAM, &[core]].concat());
        assert!(said.starts_with("true"), "{said}");
    }

    /// The control: an item that is public and that nothing but a unit test uses is found.
    #[test]
    fn what_nothing_uses_is_dead() {
        let text = "pub fn of_the_program() {}\npub fn of_a_test() {}\npub fn left_over() {}\n\
                    #[cfg(test)]\nmod tests {\n    #[test]\n    fn works() { super::left_over(); }\n}\n";
        let said = said(&[&[("crates/core/src/lib.rs", text)], PROGRAM].concat());
        assert!(said.starts_with("false"), "{said}");
        assert!(said.contains("function `left_over` is never used"), "{said}");
        assert_eq!(said.matches("is never used").count(), 1, "{said}");
    }
}
