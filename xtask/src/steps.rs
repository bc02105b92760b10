//! The steps of `cargo xtask check`, in the order in which they run.

use crate::workspace::{self, Checked, Workspace, run};
use crate::{dead_code, deny, manifest, msrv};

/// One gate, which can also be run alone.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) run: fn(&Workspace) -> Checked,
}

/// Every gate.
pub(crate) const ALL: &[Step] = &[
    Step { name: "fmt", about: "the code is formatted", run: fmt },
    Step { name: "lint", about: "no lint objects, whichever back ends are built in", run: lint },
    Step { name: "doc", about: "documentation builds without a warning", run: doc },
    Step { name: "dead-code", about: "nothing is compiled that nothing uses", run: dead_code::check },
    Step { name: "generated", about: "completions and manual pages are fresh", run: generated },
    Step { name: "lock", about: "the number of dependencies is within its limit", run: lock },
    Step { name: "msrv", about: "`rust-version` is a compiler that the code was compiled with", run: msrv::check },
    Step { name: "fuzz", about: "fuzz targets compile", run: fuzz },
    Step { name: "deny", about: "licences, bans, sources and advisories of the dependencies", run: deny::check },
];

/// What clippy looks at beside the whole workspace with all its features: the program alone, with no back end, and with each.
const FEATURE_SETS: &[&str] = &["", "acme", "aws", "vault", "pkcs11"];
/// Packages that `Cargo.lock` may list, our own included. The commit that raises it says what the new ones are for.
const PACKAGES: usize = 400;

/// The steps of those names, or all if none is named.
pub(crate) fn select(names: &[String]) -> Result<Vec<&'static Step>, String> {
    if names.is_empty() {
        return Ok(ALL.iter().collect());
    }
    let find = |name: &String| ALL.iter().find(|step| step.name == name).ok_or(format!("there is no step `{name}`"));
    names.iter().map(find).collect()
}

fn fmt(workspace: &Workspace) -> Checked {
    run(workspace.cargo().args(["fmt", "--all", "--check"]))?;
    run(workspace.cargo().args(["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"]))
}

fn lint(workspace: &Workspace) -> Checked {
    let deny_warnings = ["--", "-D", "warnings"];
    run(workspace.cargo().args(["clippy", "--workspace", "--locked", "--all-targets"]).args(deny_warnings))?;
    for features in FEATURE_SETS {
        let mut clippy = workspace.cargo();
        clippy.args(["clippy", "--locked", "--no-default-features", "--features", features]);
        run(clippy.args(deny_warnings))?;
    }
    Ok(())
}

/// The pages that we read have everything, and may link to it. Those of the libraries for others have what is public.
fn doc(workspace: &Workspace) -> Checked {
    let mut doc = workspace.cargo();
    doc.args(["doc", "--workspace", "--locked", "--no-deps", "--keep-going", "--document-private-items"]);
    run(doc.env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private_intra_doc_links"))?;
    let mut doc = workspace.cargo();
    doc.args(["doc", "--locked", "--no-deps"]);
    doc.args(workspace::FOR_OTHERS.iter().flat_map(|name| ["--package".to_owned(), format!("certroll-{name}")]));
    run(doc.env("RUSTDOCFLAGS", "-D warnings"))
}

fn generated(workspace: &Workspace) -> Checked {
    run(workspace.cargo().args(["test", "--workspace", "--locked", "--test", "it", "generated::"]))
}

fn lock(workspace: &Workspace) -> Checked {
    let packages = manifest::packages(&workspace.read("Cargo.lock")?);
    eprintln!("Cargo.lock lists {packages} packages, the limit is {PACKAGES}");
    if packages <= PACKAGES { Ok(()) } else { Err("too many dependencies".to_owned()) }
}

fn fuzz(workspace: &Workspace) -> Checked {
    let mut check = workspace.cargo();
    check.args(["check", "--locked", "--bins", "--manifest-path", "fuzz/Cargo.toml", "--target-dir"]);
    run(check.arg(workspace.target_directory()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(of: &[&str]) -> Vec<String> {
        of.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn steps_are_selected_by_name_and_all_without_one() {
        assert_eq!(select(&[]).unwrap().len(), ALL.len());
        let two: Vec<&str> = select(&names(&["doc", "fmt"])).unwrap().iter().map(|step| step.name).collect();
        assert_eq!(two, ["doc", "fmt"]);
        assert_eq!(select(&names(&["fmt", "fnt"])).err(), Some("there is no step `fnt`".to_owned()));
    }

    /// A back end that is added to the program is added to the lints.
    #[test]
    fn every_feature_of_the_program_is_linted_alone() {
        let text = Workspace::here().read("Cargo.toml").unwrap();
        let listed = manifest::value(&text, "default").unwrap().trim_matches(['[', ']']);
        let mut defaults: Vec<&str> = listed.split(',').map(|name| name.trim().trim_matches('"')).collect();
        let mut alone = FEATURE_SETS.iter().copied().filter(|name| !name.is_empty()).collect::<Vec<_>>();
        defaults.sort_unstable();
        alone.sort_unstable();
        assert_eq!(defaults, alone);
    }

    #[test]
    fn names_of_steps_are_unique() {
        for step in ALL {
            assert_eq!(ALL.iter().filter(|other| other.name == step.name).count(), 1, "{}", step.name);
        }
    }
}
