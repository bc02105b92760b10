//! The rooms of `lifecycle` in their order, and no ring of files anywhere.

use super::graph::Graph;
use super::paths::contains_word;
use super::source::Source;

/// The rooms of `lifecycle`, bottom up. A room names only rooms before it.
pub(super) const ROOMS: &[&str] = &[
    "layout",
    "journal",
    "session",
    "delivery",
    "service",
    "signing",
    "recovery",
    "issuance",
    "batch",
    "rotation",
    "revocation",
    "import",
    "log",
    "truststore",
    "reconcile",
    "server_config",
];

/// Files that may lead to each other: a ring of more is one file in several pieces.
const LONGEST_RING: usize = 2;

/// One line for each import that leads up or out of the rooms, and a paragraph for each ring.
pub(super) fn breaches(sources: &[Source]) -> Vec<String> {
    let graph = Graph::of(sources);
    let rooms = graph.edges().filter_map(|(from, to)| upward(from, to).map(|what| format!("{from}: {what}: {to}")));
    let mut found: Vec<String> = rooms.collect();
    let above =
        sources.iter().filter(|source| source.path == "lifecycle/mod.rs" && contains_word(&source.product, "use"));
    found.extend(above.map(|source| format!("{}: it declares the rooms, and has no `use`", source.path)));
    for ring in graph.rings(LONGEST_RING) {
        let inside = graph.edges().filter(|(from, to)| ring.contains(from) && ring.contains(to));
        let inside: Vec<String> = inside.map(|(from, to)| format!("    {from} names {to}")).collect();
        found.push(format!("ring of {} files:\n{}", ring.len(), inside.join("\n")));
    }
    found
}

/// What is wrong with an import between two files of `lifecycle`.
fn upward(from: &str, to: &str) -> Option<String> {
    let (from, to) = (room(from)?, room(to)?);
    let place = |room: &str| ROOMS.iter().position(|known| *known == room);
    match (place(from), place(to)) {
        _ if from == to => None,
        (None, _) => Some(format!("`{from}` is no room, and names one")),
        (_, None) => Some(format!("`{to}` is no room")),
        (Some(mine), Some(theirs)) if theirs > mine => Some(format!("room `{from}` lies below `{to}`")),
        _ => None,
    }
}

/// The room of a file of `lifecycle`; `mod` for the file that declares them.
pub(super) fn room(path: &str) -> Option<&str> {
    path.strip_prefix("lifecycle/").map(|inside| inside.split(['/', '.']).next().unwrap_or_default())
}
