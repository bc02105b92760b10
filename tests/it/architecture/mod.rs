//! The layers of the workspace, the rooms of `lifecycle`, the fences around outside crates, and the sizes of files, held by
//! reading the source.
//!
//! What is checked is the code alone: comments and the contents of strings are blanked first, and for most rules everything
//! under `#[cfg(test)]` as well. The negative controls prove that each rule finds its breach.

mod commands;
mod controls;
mod graph;
mod paths;
mod rooms;
mod rules;
mod source;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use self::rooms::ROOMS;
use self::rules::RANKS;
use self::source::Source;

#[test]
fn the_house_has_one_way_through() {
    let found = rules::breaches(&Source::all());
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn every_module_has_a_rank_and_every_rank_a_module() {
    let sources = Source::all();
    let tops = sources.iter().map(Source::top).filter(|name| !matches!(*name, "lib" | "src"));
    let ranked: BTreeSet<&str> = RANKS.iter().map(|(name, _)| *name).collect();
    assert_eq!(tops.collect::<BTreeSet<_>>(), ranked);
    assert_eq!(ranked.len(), RANKS.len(), "a module has two ranks");
}

#[test]
fn rooms_name_only_rooms_below_and_no_files_form_a_ring() {
    let found = rooms::breaches(&Source::all());
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn every_room_has_its_place() {
    let sources = Source::all();
    let there: BTreeSet<&str> = sources.iter().filter_map(|source| rooms::room(&source.path)).collect();
    let placed: BTreeSet<&str> = ROOMS.iter().copied().chain(["mod"]).collect();
    assert_eq!(there, placed);
    assert_eq!(placed.len(), ROOMS.len() + 1, "a room has two places");
}

#[test]
fn no_command_and_no_option_is_named_below_the_command_line() {
    let found = commands::breaches(&Source::all());
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

/// A file that no module lists is a file that no test runs.
#[test]
fn every_test_file_is_listed() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let main = fs::read_to_string(directory.join("main.rs")).expect("main.rs can be read");
    for entry in fs::read_dir(&directory).expect("tests/it can be read").flatten() {
        let name = entry.file_name().to_string_lossy().trim_end_matches(".rs").to_owned();
        let hidden = name.starts_with('.') || name == "main" || name == "snapshots";
        assert!(hidden || main.lines().any(|line| line == format!("mod {name};")), "`{name}` is not in main.rs");
    }
}
