//! The oldest compiler that is claimed to do (`rust-version`) is one that the code was compiled with.

use crate::manifest;
use crate::workspace::{Checked, Workspace, output, run};

/// `rust-version` against the compiler in use. The same: every other step is the proof. An older one: an error. A newer one: the
/// code is checked with the claimed one, if rustup has it; if not, that is said, and in CI it is an error.
pub(crate) fn check(workspace: &Workspace) -> Checked {
    let text = workspace.read("Cargo.toml")?;
    let claimed = manifest::value(&text, "rust-version").ok_or("`Cargo.toml` has no `rust-version`")?;
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let said = output(workspace.command(rustc).arg("--version"))?;
    let used = said.split_whitespace().nth(1).ok_or_else(|| format!("`rustc --version` says `{said}`"))?;
    match (version(used)?, version(claimed)?) {
        (ours, theirs) if ours == theirs => {
            eprintln!("rust-version {claimed} is the compiler in use: the other steps prove it");
            Ok(())
        }
        (ours, theirs) if ours < theirs => Err(format!("rust-version is {claimed}, the compiler in use is {used}")),
        _ if installed(workspace, claimed) => {
            run(workspace.command("rustup").args(["run", claimed, "cargo", "check", "--workspace", "--locked"]))
        }
        _ if std::env::var_os("CI").is_some() => Err(format!(
            "rust-version is {claimed}, CI compiles with {used}: install {claimed} with rustup, or raise it"
        )),
        _ => {
            eprintln!("rust-version: not checked, {claimed} is not installed (`rustup toolchain install {claimed}`)");
            Ok(())
        }
    }
}

fn installed(workspace: &Workspace, claimed: &str) -> bool {
    let listed = output(workspace.command("rustup").args(["toolchain", "list"])).unwrap_or_default();
    lists(&listed, claimed)
}

/// Whether rustup's list of toolchains (`1.95.0-x86_64-unknown-linux-gnu (default)`) has that version.
fn lists(listed: &str, version: &str) -> bool {
    listed.lines().any(|line| line.strip_prefix(version).is_some_and(|rest| rest.starts_with('-')))
}

/// Major and minor: patch releases of Rust add nothing that code could need.
fn version(text: &str) -> Result<(u32, u32), String> {
    let mut parts = text.split(['.', '-']).map(str::parse);
    match (parts.next(), parts.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => Ok((major, minor)),
        _ => Err(format!("`{text}` is not a version of Rust")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(version("1.95.0"), Ok((1, 95)));
        assert_eq!(version("1.96-nightly"), version("1.96"));
        assert!(version("1.100.0") > version("1.95.0"));
        assert!(version("stable").is_err());
    }

    #[test]
    fn a_toolchain_is_found_by_its_whole_version() {
        let listed = "stable-x86_64-unknown-linux-gnu (active, default)\n1.95.0-x86_64-unknown-linux-gnu\n";
        assert!(lists(listed, "1.95.0"));
        assert!(!lists(listed, "1.9") && !lists(listed, "1.95") && !lists(listed, "1.96.0"));
    }
}
