//! Licences, banned crates, sources and known vulnerabilities of the dependencies, by cargo-deny and the rules in `deny.toml`.

use std::path::PathBuf;

use crate::workspace::{Checked, Workspace, output, run};

/// What is installed where no cargo-deny is on the search path.
const VERSION: &str = "0.20.2";
/// `required` makes a database of advisories that cannot be reached an error.
const ADVISORIES: &str = "CERTROLL_ADVISORIES";

/// Advisories are checked against today's database. Where it cannot be reached, that is said.
pub(crate) fn check(workspace: &Workspace) -> Checked {
    let program = program(workspace)?;
    let deny = |arguments: &[&str]| {
        let mut command = workspace.command(&program);
        command.args(["--workspace", "--locked"]).args(arguments);
        command
    };
    run(&mut deny(&["check", "bans", "licenses", "sources"]))?;
    match output(&mut deny(&["fetch", "db"])) {
        Ok(_) => run(&mut deny(&["check", "--disable-fetch", "advisories"])),
        Err(why) if std::env::var_os(ADVISORIES).is_some_and(|set| set == "required") => Err(why),
        Err(why) => {
            eprintln!("advisories: not checked, database not reachable: {why}");
            Ok(())
        }
    }
}

/// The cargo-deny on the search path, else the one in the cache of the tests, where it is installed once.
fn program(workspace: &Workspace) -> Result<PathBuf, String> {
    if output(workspace.command("cargo-deny").arg("--version")).is_ok() {
        return Ok("cargo-deny".into());
    }
    let directory = cache().join(format!("cargo-deny-{VERSION}"));
    let program = directory.join("bin/cargo-deny");
    if !program.exists() {
        eprintln!("installing cargo-deny {VERSION} into {}", directory.display());
        let mut install = workspace.cargo();
        install.args(["install", "cargo-deny", "--locked", "--version", VERSION, "--root"]).arg(&directory);
        // Its build shares nothing with ours and is not kept.
        run(install.env_remove("CARGO_TARGET_DIR"))?;
    }
    Ok(program)
}

/// Where `tests/run` keeps what it installs.
fn cache() -> PathBuf {
    let variable = |name| std::env::var_os(name).map(PathBuf::from);
    let user = || variable("XDG_CACHE_HOME").or_else(|| Some(variable("HOME")?.join(".cache")));
    variable("CERTROLL_TEST_CACHE").or_else(|| Some(user()?.join("certroll-tests"))).unwrap_or_else(std::env::temp_dir)
}
