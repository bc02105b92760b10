//! The log as a directory that any web server can serve: <https://c2sp.org/tlog-tiles>.
//!
//! Tiles and bundles first, all of them on disk, and only then the checkpoint that speaks of them; a killed run leaves files
//! that no reader knows of yet, and the next run goes on from there. What is full is never written again. Nothing leaves that
//! the published checkpoint of the home does not cover.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use crate::audit::record::event::Event;
use crate::audit::record::facts::{Outcome, TargetFacts};
use crate::audit::record::value::Id;
use crate::error::{Error, ErrorKind};
use crate::lifecycle::layout::home::Home;
use crate::lifecycle::log;
use crate::lifecycle::session::Session;
use crate::store::{Store, StoreError};
use certroll_base::durable;
use certroll_base::encoding::Sha256;
use certroll_base::lock::Lock;
use certroll_tlog::tiles::{self, Row, Tile, TileBuilder, TilePath, WIDTH};
use certroll_tlog::{Checkpoint, Frontier, leaf_hash};

/// How many files are flushed to disk together.
const GROUP: usize = 256;

/// What a publication has now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// How many records.
    pub size: u64,
    /// How many it had; `None` when it is new.
    pub before: Option<u64>,
    /// How many tiles and bundles were written.
    pub written: usize,
}

/// Whether there is a publication in that directory already. A new one is put on record with [`begin`] first.
pub fn exists(directory: &Path) -> bool {
    directory.join("checkpoint").exists()
}

/// Puts on record that the log is published in a directory from now on.
///
/// # Errors
/// The log cannot be written.
pub fn begin(session: &mut Session, directory: &Path) -> Result<(), Error> {
    let mut record = session.journal.draft(Event::AuditExport, Outcome::Ok, Id::new(session.clock.now()));
    let absolute = std::path::absolute(directory).unwrap_or_else(|_| directory.to_owned());
    record.tgt = Some(TargetFacts {
        t: "directory".to_owned(),
        id: absolute.to_string_lossy().into_owned(),
        method: Some("tiles".to_owned()),
        ..TargetFacts::default()
    });
    session.journal.commit(vec![record], Vec::new()).map(drop)
}

/// Writes or continues the publication in a directory, up to the published checkpoint of the home.
///
/// # Errors
/// Of kind [`ErrorKind::Verification`], with nothing written: the directory is that of another log, has more records than this
/// one, or others. Else a file cannot be written; the publication is then as it was.
pub fn publish(home: &Home, store: &dyn Store, directory: &Path) -> Result<Published, Error> {
    let lock = home.run().join("publish.lock");
    let _held = Lock::acquire(&lock).map_err(|error| Error::file(&lock, "write", error))?;
    let key = log::read_key(&home.verifier_key())?;
    let file = home.checkpoint();
    let signed = fs::read(&file).map_err(|error| Error::file(&file, "read the checkpoint", error))?;
    let checkpoint = log::read_checkpoint(&file, &key)?;
    let target = directory.join("checkpoint");
    let prior = if exists(directory) { Some(log::read_checkpoint(&target, &key)?) } else { None };
    let leaves = store.leaves(checkpoint.size)?;
    compare(&leaves, &checkpoint, prior.as_ref(), directory)?;
    let mut writer = PublicationWriter {
        directory,
        covered: prior.as_ref().map_or(0, |prior| prior.size),
        pending: Vec::new(),
        cleaned: BTreeSet::new(),
        stale: Vec::new(),
        written: 0,
    };
    let mut builder = TileBuilder::new();
    for leaf in &leaves {
        builder.push(*leaf).into_iter().try_for_each(|tile| writer.settle(tile))?;
    }
    builder.finish().into_iter().try_for_each(|tile| writer.settle(tile))?;
    bundles(store, &leaves, &mut writer)?;
    writer.flush()?;
    if prior.as_ref() != Some(&checkpoint) {
        create_public(directory)?;
        durable::write(&target, &signed, durable::PUBLIC).map_err(|error| Error::file(&target, "write", error))?;
    }
    for stale in &writer.stale {
        fs::remove_dir_all(stale).map_err(|error| Error::file(stale, "remove", error))?;
    }
    Ok(Published { size: checkpoint.size, before: prior.map(|prior| prior.size), written: writer.written })
}

/// The log must be what its own checkpoint and the publication say it is.
fn compare(leaves: &[Sha256], checkpoint: &Checkpoint, prior: Option<&Checkpoint>, at: &Path) -> Result<(), Error> {
    let refuse = |what: String| {
        Err(Error::new(ErrorKind::Verification, what)
            .hint("nothing was written; compare the checkpoints with those that auditors have"))
    };
    if let Some(prior) = prior.filter(|prior| prior.size > checkpoint.size) {
        return refuse(format!(
            "`{}` has {} records, the log of this home {}: it was set back",
            at.display(),
            prior.size,
            checkpoint.size
        ));
    }
    let mut frontier = Frontier::new();
    let mut agrees = prior.is_none_or(|prior| prior.size > 0 || prior.root == frontier.root());
    for leaf in leaves {
        frontier.push(*leaf);
        agrees &= prior.is_none_or(|prior| prior.size != frontier.size() || prior.root == frontier.root());
    }
    if frontier.size() != checkpoint.size || frontier.root() != checkpoint.root {
        return refuse("the records are not those of the log's own checkpoint".to_owned());
    }
    if !agrees {
        return refuse(format!("`{}` was published from other records than this log has", at.display()));
    }
    Ok(())
}

/// Writes the bundles that are missing; records are read from the first of them on.
fn bundles(store: &dyn Store, leaves: &[Sha256], writer: &mut PublicationWriter<'_>) -> Result<(), Error> {
    let size = leaves.len() as u64;
    let width = u64::from(WIDTH);
    let path = |index: u64| {
        let left = size - index * width;
        TilePath::new(Row::Entries, index, u16::try_from(left).unwrap_or(WIDTH).min(WIDTH))
    };
    let mut first = None;
    for index in 0..size.div_ceil(width) {
        let path = path(index).map_err(|error| Error::new(ErrorKind::Failed, "no such bundle").because(error))?;
        if path.is_full() {
            writer.note_stale(&path);
        }
        if first.is_none() && !writer.has(&path) {
            first = Some(index);
        }
    }
    let Some(first) = first else { return Ok(()) };
    let (mut bytes, mut failed) = (Vec::new(), None);
    let visited = store.records(first * width, &mut |seq, line| {
        if seq >= size {
            return Ok(());
        }
        let damaged = |error: String| StoreError::Damaged(format!("record {seq}: {error}"));
        if usize::try_from(seq).ok().and_then(|seq| leaves.get(seq)) != Some(&leaf_hash(line)) {
            return Err(damaged("it does not hash to its leaf".to_owned()));
        }
        tiles::push_entry(&mut bytes, line).map_err(|error| damaged(error.to_string()))?;
        if (seq + 1) % width == 0 || seq + 1 == size {
            let path = path(seq / width).map_err(|error| damaged(error.to_string()))?;
            let tile = Tile { path, bytes: std::mem::take(&mut bytes) };
            writer.settle(tile).map_err(|error| {
                failed = Some(error);
                damaged("its bundle cannot be written".to_owned())
            })?;
        }
        Ok(())
    });
    match failed {
        Some(error) => Err(error),
        None => Ok(visited?),
    }
}

/// Puts files into a publication, in groups.
struct PublicationWriter<'a> {
    directory: &'a Path,
    /// How many records the checkpoint in the directory covers: what is full below that is there, and right.
    covered: u64,
    pending: Vec<(PathBuf, Vec<u8>)>,
    /// Directories in which what killed runs left was looked for.
    cleaned: BTreeSet<PathBuf>,
    /// Partial tiles and bundles that are full now.
    stale: Vec<PathBuf>,
    written: usize,
}

impl PublicationWriter<'_> {
    fn place(&self, path: &TilePath) -> PathBuf {
        self.directory.join(path.to_string())
    }

    /// Whether the publication has this already.
    fn has(&self, path: &TilePath) -> bool {
        path.needs().is_some_and(|needs| needs <= self.covered) && self.place(path).exists()
    }

    fn note_stale(&mut self, path: &TilePath) {
        let mut partial = self.place(path).into_os_string();
        partial.push(".p");
        let partial = PathBuf::from(partial);
        if partial.is_dir() && !self.stale.contains(&partial) {
            self.stale.push(partial);
        }
    }

    /// Sees to it that a tile is there.
    fn settle(&mut self, tile: Tile) -> Result<(), Error> {
        if tile.path.is_full() {
            self.note_stale(&tile.path);
        }
        if self.has(&tile.path) {
            return Ok(());
        }
        let place = self.place(&tile.path);
        match fs::read(&place) {
            Ok(bytes) if bytes == tile.bytes => return Ok(()),
            Ok(_) => {
                let what = format!("`{}` is there already and holds something else", place.display());
                return Err(Error::new(ErrorKind::Verification, what).hint("publish into an empty directory"));
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::file(&place, "read", error)),
        }
        self.pending.push((place, tile.bytes));
        if self.pending.len() == GROUP { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Error> {
        for (place, _) in &self.pending {
            let parent = durable::parent(place);
            if self.cleaned.contains(parent) {
                continue;
            }
            create_public(parent)?;
            let failed = |error| Error::file(parent, "clean", error);
            for leftover in durable::leftovers(parent).map_err(failed)? {
                fs::remove_file(&leftover).map_err(failed)?;
            }
            self.cleaned.insert(parent.to_owned());
        }
        let files: Vec<_> =
            self.pending.iter().map(|(place, bytes)| (place.clone(), bytes.as_slice(), durable::PUBLIC)).collect();
        durable::write_all(&files).map_err(|error| Error::file(self.directory, "write into", error))?;
        self.written += files.len();
        self.pending.clear();
        Ok(())
    }
}

/// Creates a directory and its parents, readable by everybody, and makes their names durable.
fn create_public(directory: &Path) -> Result<(), Error> {
    if directory.is_dir() {
        return Ok(());
    }
    let parent = durable::parent(directory);
    if parent != directory {
        create_public(parent)?;
    }
    let failed = |error| Error::file(directory, "make the directory", error);
    match fs::DirBuilder::new().mode(0o755).create(directory) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(failed(error)),
        _ => durable::sync_directory(parent).map_err(failed),
    }
}
