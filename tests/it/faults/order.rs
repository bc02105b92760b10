//! Holds the order of writes, flushes and visible acts of one run to the rules. A killed process cannot show a missing
//! flush, because the kernel keeps what was written; only a power failure would. So the order itself is looked at:
//!
//! * At every visible act (the checkpoint gets its name, a certificate or CRL gets its name, standard output is written)
//!   no write to the log's database is unflushed.
//! * At every such act but the first kind, a checkpoint published after the last record is durable under its name.
//! * A file gets its name by a rename, after its bytes were flushed; at the end its directory was flushed too.
//! * The write-ahead log goes only after the database was flushed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::trace::{Call, STDOUT};

/// What the oracle makes of a run.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    /// Visible acts seen.
    pub(super) acts: usize,
    /// Flushes that had something to flush.
    pub(super) flushes: Vec<usize>,
    /// What is wrong.
    pub(super) defects: Vec<String>,
}

/// What lies where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// Database and write-ahead log.
    Log,
    Checkpoint,
    /// A certificate, keystore or CRL.
    Released,
    Stdout,
    /// Locks, shared memory, our own trace: nothing that must survive.
    Fleeting,
    Other,
}

struct Watch<'a> {
    root: &'a Path,
    /// Files with bytes that are not flushed.
    dirty: BTreeSet<PathBuf>,
    /// Names that came to be in a directory that was not flushed since.
    names: BTreeSet<PathBuf>,
    /// Files that exist.
    known: BTreeSet<PathBuf>,
    /// Whether a checkpoint was published since the last record.
    covered: bool,
    verdict: Verdict,
}

/// Looks at one run. `existing` are the files that were there before it.
pub(super) fn judge(calls: &[Call], root: &Path, existing: &[PathBuf]) -> Verdict {
    let known = existing.iter().cloned().collect();
    let (dirty, names) = (BTreeSet::new(), BTreeSet::new());
    let mut watch = Watch { root, dirty, names, known, covered: true, verdict: Verdict::default() };
    for (at, call) in calls.iter().enumerate().filter(|(_, call)| call.done()) {
        watch.take(at, call);
    }
    let left: Vec<PathBuf> = watch.dirty.union(&watch.names).filter(|path| path.exists()).cloned().collect();
    for path in left {
        watch.defect(&format!("`{}` was never flushed, or its directory was not", path.display()));
    }
    watch.verdict
}

impl Watch<'_> {
    fn role(&self, path: &Path) -> Role {
        let Ok(inner) = path.strip_prefix(self.root) else { return Role::Fleeting };
        let text = inner.to_string_lossy();
        let temporary = text.ends_with(".tmp");
        match &*text {
            STDOUT => Role::Stdout,
            "home/state.db-shm" => Role::Fleeting,
            "home/state.db" | "home/state.db-wal" => Role::Log,
            "home/log/checkpoint" => Role::Checkpoint,
            _ if text.starts_with("home/run/") => Role::Fleeting,
            _ if temporary || text.ends_with(".previous") => Role::Other,
            _ if text.starts_with("out/") || text.ends_with(".crl") => Role::Released,
            _ => Role::Other,
        }
    }

    fn defect(&mut self, what: &str) {
        self.verdict.defects.push(what.to_owned());
    }

    fn take(&mut self, at: usize, call: &Call) {
        let paths = call.paths(self.root);
        let first = paths.first().cloned().unwrap_or_default();
        match call.name.as_str() {
            "open" | "openat" | "creat" => self.open(call),
            "write" | "writev" | "pwrite64" | "pwritev" | "pwritev2" | "ftruncate" | "fallocate" => self.write(&first),
            "fsync" | "fdatasync" => {
                let had = self.dirty.remove(&first) | self.named(&first);
                if had {
                    self.verdict.flushes.push(at);
                }
            }
            "syncfs" | "sync" => {
                self.dirty.clear();
                self.names.clear();
                self.verdict.flushes.push(at);
            }
            "rename" | "renameat" | "renameat2" => self.rename(&paths, true),
            "link" | "linkat" => self.rename(&paths, false),
            "unlink" | "unlinkat" => self.unlink(&first),
            _ => {}
        }
    }

    /// A directory was flushed: the names in it are durable.
    fn named(&mut self, directory: &Path) -> bool {
        let before = self.names.len();
        self.names.retain(|name| name.parent() != Some(directory));
        self.names.len() < before
    }

    fn open(&mut self, call: &Call) {
        let Some(path) = call.opened() else { return };
        let role = self.role(&path);
        if role == Role::Fleeting || !call.arguments.contains("O_WRONLY") && !call.arguments.contains("O_RDWR") {
            return;
        }
        if matches!(role, Role::Checkpoint | Role::Released) {
            self.defect(&format!("`{}` is opened to be written in place", path.display()));
        }
        if call.arguments.contains("O_CREAT") && self.known.insert(path.clone()) {
            self.names.insert(path);
        }
    }

    fn write(&mut self, path: &Path) {
        match self.role(path) {
            Role::Fleeting => return,
            Role::Stdout => return self.act(path, Role::Stdout),
            // Pages that move from the write-ahead log to the database are no new records.
            Role::Log if path.extension().is_some_and(|extension| extension == "db-wal") => self.covered = false,
            _ => {}
        }
        self.dirty.insert(path.to_owned());
    }

    fn rename(&mut self, paths: &[PathBuf], moved: bool) {
        let [from, to, ..] = paths else { return };
        if self.dirty.contains(from) {
            self.defect(&format!("`{}` gets its name before its bytes were flushed", to.display()));
        }
        if moved {
            self.known.remove(from);
            self.names.remove(from);
            if self.dirty.remove(from) {
                self.dirty.insert(to.clone());
            }
        }
        self.known.insert(to.clone());
        let role = self.role(to);
        if matches!(role, Role::Checkpoint | Role::Released) {
            self.act(to, role);
        }
        self.names.insert(to.clone());
    }

    fn unlink(&mut self, path: &Path) {
        let database = self.root.join("home/state.db");
        if path.ends_with("state.db-wal") && self.dirty.contains(&database) {
            self.defect("the write-ahead log goes before the database was flushed");
        }
        self.known.remove(path);
        self.dirty.remove(path);
        self.names.remove(path);
    }

    /// Something can be seen from outside from now on.
    fn act(&mut self, path: &Path, role: Role) {
        self.verdict.acts += 1;
        let shown = path.display();
        let unflushed: Vec<PathBuf> =
            self.dirty.union(&self.names).filter(|path| self.role(path) == Role::Log).cloned().collect();
        if !unflushed.is_empty() {
            self.defect(&format!("`{shown}` is let out while the log is not flushed: {unflushed:?}"));
        }
        if role == Role::Checkpoint {
            self.covered = true;
            return;
        }
        if !self.covered {
            self.defect(&format!("`{shown}` is let out before a checkpoint covers its record"));
        }
        let pending: Vec<PathBuf> = self.names.iter().filter(|path| self.role(path) != Role::Other).cloned().collect();
        if !pending.is_empty() {
            self.defect(&format!("`{shown}` is let out while {pending:?} could still lose their names"));
        }
    }
}
