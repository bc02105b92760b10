//! The README and pages of the manual are run: every block marked `sh`, in order, in one shell, as a reader would paste them.

use std::path::Path;
use std::process::Command;

use crate::peers::{self, Peer};

fn blocks(text: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut block: Option<String> = None;
    for line in text.lines() {
        match (&mut block, line) {
            (None, "```sh") => block = Some(String::new()),
            (Some(_), "```") => blocks.extend(block.take()),
            (Some(block), line) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, _) => {}
        }
    }
    blocks
}

fn run(script: &str) -> std::process::Output {
    let place = tempfile::tempdir().expect("a directory can be made");
    let program = Path::new(env!("CARGO_BIN_EXE_certroll")).parent().expect("the program lies in a directory");
    let path = std::env::join_paths(
        std::iter::once(program.to_owned()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    );
    Command::new("bash")
        .args(["-e", "-u", "-o", "pipefail", "-c", script])
        .current_dir(place.path())
        .env_clear()
        .env("PATH", path.expect("the search path can be extended"))
        .env("HOME", place.path())
        .env("LC_ALL", "C")
        .output()
        .expect("bash can be started")
}

#[test]
fn every_block_of_the_readme_runs() {
    if !peers::require(&[Peer::Jdk]) {
        return;
    }
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("there is a README");
    let blocks = blocks(&text);
    assert!(blocks.len() > 10, "only {} blocks", blocks.len());
    let ran = run(&blocks.concat());
    assert!(ran.status.success(), "{}\n{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn every_block_of_the_ceremony_runs() {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/ceremony.md")).expect("there is a page");
    let blocks = blocks(&text);
    assert!(blocks.len() > 5, "only {} blocks", blocks.len());
    let ran = run(&blocks.concat());
    assert!(ran.status.success(), "{}\n{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
}

/// The control: a block that fails is noticed, wherever it stands.
#[test]
fn a_wrong_block_is_noticed() {
    let text = "```sh\ncertroll --version\n```\n```sh\ncertroll list --home nowhere\n```\n```sh\ntrue\n```\n";
    assert_eq!(blocks(text).len(), 3);
    assert!(!run(&blocks(text).concat()).status.success());
}
