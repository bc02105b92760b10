//! The table of targets: a new one is a file of its own and a line here.

use crate::destination::{FileTarget, Target};

/// One kind of target.
pub struct DestinationKind {
    /// Its name in records.
    pub name: &'static str,
    /// What it is, in one line.
    pub summary: &'static str,
    /// Opens one by its address.
    pub open: fn(&str) -> Box<dyn Target>,
}

/// All kinds of targets of this build.
pub const KINDS: &[DestinationKind] = &[DestinationKind {
    name: "file",
    summary: "a file on this machine, its predecessor kept",
    open: |path| Box::new(FileTarget::new(path.as_ref())),
}];

/// The kind of that name.
pub fn kind(name: &str) -> Option<&'static DestinationKind> {
    KINDS.iter().find(|kind| kind.name == name)
}
