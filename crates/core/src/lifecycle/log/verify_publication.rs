//! Checking a publication (<https://c2sp.org/tlog-tiles>) without the home that wrote it.

use std::path::Path;

use crate::audit::verify::{LogVerifier, Verification};
use crate::error::{Error, ErrorKind};
use certroll_tlog::tiles::{self, Row, Tile, TileBuilder, TilePath, WIDTH};
use certroll_tlog::{Checkpoint, leaf_hash};

/// Verifies the log in a directory: every record as in an export, the root over them, and every tile against the records.
///
/// `checkpoint` is the one of the directory, its signature checked; `known` may hold others that the log must continue.
///
/// # Errors
/// Of kind [`ErrorKind::Verification`]: a file is missing or holds something else, or the records do not verify.
pub fn verify(
    directory: &Path,
    checkpoint: &Checkpoint,
    known: impl IntoIterator<Item = Checkpoint>,
) -> Result<Verification, Error> {
    let mut verifier = LogVerifier::against(known.into_iter().chain([checkpoint.clone()]));
    let mut builder = TileBuilder::new();
    let width = u64::from(WIDTH);
    for index in 0..checkpoint.size.div_ceil(width) {
        let left = checkpoint.size - index * width;
        let path = TilePath::new(Row::Entries, index, u16::try_from(left).unwrap_or(WIDTH).min(WIDTH));
        let path = path.map_err(|error| Error::new(ErrorKind::Failed, "no such bundle").because(error))?;
        let (bytes, held) = read(directory, &path)?;
        let records = tiles::entries(&bytes, held.width()).map_err(|error| {
            Error::new(ErrorKind::Verification, format!("`{held}` is not a bundle of records")).because(error)
        })?;
        for record in records.into_iter().take(usize::from(path.width())) {
            verifier
                .push(record)
                .map_err(|defect| Error::new(ErrorKind::Verification, "the log does not verify").because(defect))?;
            builder.push(leaf_hash(record)).iter().try_for_each(|tile| compare(directory, tile))?;
        }
    }
    builder.finish().iter().try_for_each(|tile| compare(directory, tile))?;
    verifier.finish().map_err(|defect| Error::new(ErrorKind::Verification, "the log does not verify").because(defect))
}

/// What is at that place. A partial one may have been removed since it is full; the full one then has all of it.
fn read(directory: &Path, path: &TilePath) -> Result<(Vec<u8>, TilePath), Error> {
    for path in [*path, path.grown()] {
        let place = directory.join(path.to_string());
        match certroll_base::input::read(&place) {
            Ok(bytes) => return Ok((bytes, path)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::file(&place, "read", error)),
        }
    }
    Err(Error::new(ErrorKind::Verification, format!("`{path}` is missing in `{}`", directory.display())))
}

fn compare(directory: &Path, tile: &Tile) -> Result<(), Error> {
    let (bytes, held) = read(directory, &tile.path)?;
    let wrong = || Error::new(ErrorKind::Verification, format!("`{held}` holds other hashes than its records have"));
    let hashes = tiles::hashes(&bytes, held.width()).map_err(|error| wrong().because(error))?;
    if hashes.as_flattened().starts_with(&tile.bytes) { Ok(()) } else { Err(wrong()) }
}
