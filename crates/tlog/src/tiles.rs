//! The log as static files: tiles of hashes and bundles of records, which any web server can serve.
//!
//! Format: <https://c2sp.org/tlog-tiles>. A tile is a run of up to 256 hashes of one level; a level stands 8 levels of the
//! tree above the one below, so each of its hashes is the root of one full tile of that. A bundle is the run of records
//! below a tile of level 0, each after its length in two bytes, big-endian.
//!
//! ```
//! use certroll_tlog::leaf_hash;
//! use certroll_tlog::tiles::{Row, TileBuilder, TilePath, entries, push_entry};
//!
//! let mut builder = TileBuilder::new();
//! let mut tiles: Vec<_> = (0..300_u32).flat_map(|n| builder.push(leaf_hash(&n.to_be_bytes()))).collect();
//! tiles.extend(builder.finish());
//! let paths: Vec<_> = tiles.iter().map(|tile| tile.path.to_string()).collect();
//! assert_eq!(paths, ["tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"]);
//!
//! // The second bundle, with the 44 records after the first 256.
//! let mut bundle = Vec::new();
//! (256..300_u32).try_for_each(|n| push_entry(&mut bundle, &n.to_be_bytes()))?;
//! let path = TilePath::new(Row::Entries, 1, 44)?;
//! assert_eq!(path.to_string(), "tile/entries/001.p/44");
//! assert_eq!(entries(&bundle, path.width())?[0], 256_u32.to_be_bytes());
//! # Ok::<(), certroll_tlog::tiles::TileError>(())
//! ```

use std::fmt;
use std::mem;

use crate::merkle::{Hash, node_hash};

/// How many hashes a full tile has, and records a full bundle.
pub const WIDTH: u16 = 256;
/// The highest level that a path can name.
const LAST_LEVEL: u8 = 63;

/// Why bytes are not part of a tiled log.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum TileError {
    /// Not `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`, in its one spelling.
    #[error("not the path of a tile or of a bundle")]
    BadPath,
    /// A record is longer than two bytes can say.
    #[error("a record of {0} bytes does not fit into a bundle, 65535 are the limit")]
    TooLong(usize),
    /// Records end before the bundle does, or the bundle before them.
    #[error("a bundle of {expected} records has {found}")]
    WrongCount {
        /// How many belong into it.
        expected: u16,
        /// How many whole ones there are; one more when bytes follow them.
        found: usize,
    },
    /// A tile is not 32 bytes for each of its hashes.
    #[error("a tile of {expected} hashes has {found} bytes")]
    WrongLength {
        /// How many hashes belong into it.
        expected: u16,
        /// How many bytes it has.
        found: usize,
    },
}

/// What a file of a tiled log holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Row {
    /// Records.
    Entries,
    /// Hashes of that level; the hashes of records are at level 0.
    Hashes(u8),
}

/// The place of one tile or bundle, displayed as its path below the prefix of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TilePath {
    row: Row,
    index: u64,
    width: u16,
}

impl TilePath {
    /// The place of a full tile or bundle.
    pub fn full(row: Row, index: u64) -> Self {
        Self { row, index, width: WIDTH }
    }

    /// The place of the `index`-th tile or bundle with so many hashes or records.
    ///
    /// # Errors
    /// [`TileError::BadPath`]: there is no such level (0 to 63) or width (1 to 256).
    pub fn new(row: Row, index: u64, width: u16) -> Result<Self, TileError> {
        let level = matches!(row, Row::Entries) || matches!(row, Row::Hashes(level) if level <= LAST_LEVEL);
        if level && (1..=WIDTH).contains(&width) { Ok(Self { row, index, width }) } else { Err(TileError::BadPath) }
    }

    /// Reads a path.
    ///
    /// # Errors
    /// [`TileError::BadPath`]: it is not exactly what `Display` would write.
    pub fn parse(text: &str) -> Result<Self, TileError> {
        let bad = || TileError::BadPath;
        let (row, rest) = text.strip_prefix("tile/").and_then(|rest| rest.split_once('/')).ok_or_else(bad)?;
        let row = match row {
            "entries" => Row::Entries,
            level => Row::Hashes(level.parse().map_err(|_| bad())?),
        };
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, width.parse().ok().filter(|width| *width < WIDTH).ok_or_else(bad)?),
            None => (rest, WIDTH),
        };
        let digits: String = index.chars().filter(|c| c.is_ascii_digit()).collect();
        let path = Self::new(row, digits.parse().map_err(|_| bad())?, width)?;
        // There is one way to write a path: this finds leading zeros and plus signs, and every slash and x out of place.
        if path.to_string() == text { Ok(path) } else { Err(bad()) }
    }

    /// What it holds.
    pub fn row(&self) -> Row {
        self.row
    }

    /// Its number in the row, from 0.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// How many hashes or records.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Whether it can grow no more.
    pub fn is_full(&self) -> bool {
        self.width == WIDTH
    }

    /// The same place once it is full.
    #[must_use]
    pub fn grown(&self) -> Self {
        Self { width: WIDTH, ..*self }
    }

    /// How many records a log must have before this is complete; `None` beyond 2^64.
    pub fn needs(&self) -> Option<u64> {
        let shift = match self.row {
            Row::Entries => 0,
            Row::Hashes(level) => u32::from(level) * 8,
        };
        let end = self.index.checked_mul(u64::from(WIDTH))?.checked_add(u64::from(self.width))?;
        1_u64.checked_shl(shift)?.checked_mul(end)
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row {
            Row::Entries => f.write_str("tile/entries/")?,
            Row::Hashes(level) => write!(f, "tile/{level}/")?,
        }
        // Groups of three digits, all but the last marked: 1234067 is x001/x234/067.
        let mut groups = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        for group in groups.iter().skip(1).rev() {
            write!(f, "x{group:03}/")?;
        }
        write!(f, "{:03}", groups[0])?;
        if self.is_full() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

/// A finished tile or bundle: its place, and the bytes of the file there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// Where it belongs.
    pub path: TilePath,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Cuts tiles from the leaves as they go by. Memory does not grow with the log.
#[derive(Clone, Debug, Default)]
pub struct TileBuilder {
    /// For each level the number of full tiles, and the hashes of the next.
    rows: Vec<(u64, Vec<Hash>)>,
}

impl TileBuilder {
    /// A builder at the beginning of a log.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends the hash of the next leaf; answers the tiles that it makes full, if any, from level 0 up.
    pub fn push(&mut self, leaf: Hash) -> Vec<Tile> {
        let mut done = Vec::new();
        let mut hash = leaf;
        for level in 0..=LAST_LEVEL {
            if self.rows.len() == usize::from(level) {
                self.rows.push((0, Vec::new()));
            }
            let (full, hashes) = &mut self.rows[usize::from(level)];
            hashes.push(hash);
            if hashes.len() < usize::from(WIDTH) {
                break;
            }
            done.push(Tile { path: TilePath::full(Row::Hashes(level), *full), bytes: hashes.concat() });
            *full += 1;
            hash = root_of_full(mem::take(hashes));
        }
        done
    }

    /// The partial tiles at the right edge, from level 0 up.
    pub fn finish(self) -> Vec<Tile> {
        let partial = |(level, (full, hashes)): (u8, (u64, Vec<Hash>))| {
            let width = u16::try_from(hashes.len()).ok()?;
            let path = TilePath::new(Row::Hashes(level), full, width).ok()?;
            Some(Tile { path, bytes: hashes.concat() })
        };
        (0..).zip(self.rows).filter_map(partial).collect()
    }
}

/// The root over the hashes of one full tile.
fn root_of_full(mut hashes: Vec<Hash>) -> Hash {
    while hashes.len() > 1 {
        hashes = hashes.as_chunks().0.iter().map(|[left, right]| node_hash(left, right)).collect();
    }
    hashes[0]
}

/// Appends a record to a bundle.
///
/// # Errors
/// [`TileError::TooLong`]. The bundle stays as it was then.
pub fn push_entry(bundle: &mut Vec<u8>, record: &[u8]) -> Result<(), TileError> {
    let length = u16::try_from(record.len()).map_err(|_| TileError::TooLong(record.len()))?;
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(record);
    Ok(())
}

/// The records of a bundle of that width.
///
/// # Errors
/// [`TileError::WrongCount`]: there are fewer or more, or bytes besides them.
pub fn entries(bundle: &[u8], width: u16) -> Result<Vec<&[u8]>, TileError> {
    let mut found = Vec::with_capacity(usize::from(width));
    let mut rest = bundle;
    let wrong = |found: usize| TileError::WrongCount { expected: width, found };
    while let Some((length, after)) = rest.split_first_chunk::<2>() {
        let Some((record, after)) = after.split_at_checked(usize::from(u16::from_be_bytes(*length))) else { break };
        found.push(record);
        rest = after;
    }
    let count = found.len() + usize::from(!rest.is_empty());
    if count == usize::from(width) && rest.is_empty() { Ok(found) } else { Err(wrong(count)) }
}

/// The hashes of a tile of that width.
///
/// # Errors
/// [`TileError::WrongLength`].
pub fn hashes(tile: &[u8], width: u16) -> Result<&[Hash], TileError> {
    let (found, rest) = tile.as_chunks::<32>();
    let fits = rest.is_empty() && found.len() == usize::from(width);
    if fits { Ok(found) } else { Err(TileError::WrongLength { expected: width, found: tile.len() }) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::merkle::leaf_hash;
    use crate::tree::Tree;

    fn leaves(size: u64) -> impl Iterator<Item = Hash> {
        (0..size).map(|n| leaf_hash(&n.to_be_bytes()))
    }

    fn tiles(size: u64) -> BTreeMap<String, Vec<u8>> {
        let mut builder = TileBuilder::new();
        let mut found: Vec<Tile> = leaves(size).flat_map(|leaf| builder.push(leaf)).collect();
        found.extend(builder.finish());
        found.into_iter().map(|tile| (tile.path.to_string(), tile.bytes)).collect()
    }

    #[test]
    fn the_numbers_of_the_specification_come_out() {
        // "a tree of size 70,000 will be represented by 273 full level 0 tiles, one partial level 0 tile of width 112, one
        // full level 1 tile, one partial level 1 tile of width 17, and one partial level 2 tile of width 1"
        let found = tiles(70_000);
        let count = |start: &str, partial: bool| {
            found.keys().filter(|path| path.starts_with(start) && path.contains(".p/") == partial).count()
        };
        assert_eq!([count("tile/0/", false), count("tile/0/", true)], [273, 1]);
        assert_eq!([count("tile/1/", false), count("tile/1/", true)], [1, 1]);
        assert_eq!([count("tile/2/", false), count("tile/2/", true), found.len()], [0, 1, 277]);
        for (path, hashes) in
            [("tile/0/273.p/112", 112), ("tile/1/001.p/17", 17), ("tile/2/000.p/1", 1), ("tile/1/000", 256)]
        {
            assert_eq!(found[path].len(), hashes * 32, "{path}");
        }
        // "a tree of size 256 will be represented by a full level 0 tile and a partial level 1 tile of width 1"
        assert_eq!(tiles(256).into_keys().collect::<Vec<_>>(), ["tile/0/000", "tile/1/000.p/1"]);
        assert_eq!(tiles(0).len(), 0);
        assert_eq!(TilePath::full(Row::Entries, 1_234_067).to_string(), "tile/entries/x001/x234/067");
    }

    #[test]
    fn tiles_are_cut_from_the_tree_itself() {
        for size in [1, 255, 256, 257, 511, 512, 1000, 65_536, 65_537, 66_000] {
            let tree: Tree = leaves(size).collect();
            let found = tiles(size);
            let mut expected = BTreeMap::new();
            for level in 0..3_u8 {
                let row = tree.level(usize::from(level) * 8);
                for (index, hashes) in (0..).zip(row.chunks(256)) {
                    let path = TilePath::new(Row::Hashes(level), index, hashes.len() as u16).unwrap();
                    assert!(path.needs().unwrap() <= size && path.grown().is_full());
                    expected.insert(path.to_string(), hashes.concat());
                }
            }
            assert!(found == expected, "{size}");
        }
    }

    #[test]
    fn paths_have_one_spelling() {
        for (text, row, index, width) in [
            ("tile/0/000", Row::Hashes(0), 0, 256),
            ("tile/63/999", Row::Hashes(63), 999, 256),
            ("tile/0/x001/000", Row::Hashes(0), 1000, 256),
            ("tile/0/x001/x234/067", Row::Hashes(0), 1_234_067, 256),
            ("tile/1/x001/x234/067.p/17", Row::Hashes(1), 1_234_067, 17),
            ("tile/entries/005", Row::Entries, 5, 256),
            ("tile/entries/005.p/255", Row::Entries, 5, 255),
            ("tile/0/x018/x446/x744/x073/x709/x551/615", Row::Hashes(0), u64::MAX, 256),
        ] {
            let path = TilePath::new(row, index, width).unwrap();
            assert_eq!(path.to_string(), text);
            assert_eq!(TilePath::parse(text), Ok(path));
            assert_eq!((path.row(), path.index(), path.width(), path.is_full()), (row, index, width, width == 256));
        }
        for text in [
            "",
            "tile",
            "tile/",
            "tile/0",
            "tile/0/",
            "tile/0/0",
            "tile/0/00",
            "tile/0/0000",
            "tile/00/000",
            "tile/+0/000",
            "tile/64/000",
            "tile/256/000",
            "tile/-1/000",
            "/tile/0/000",
            "tile/0/000/",
            "tile/0/000\n",
            "tile/0/x000/000",
            "tile/0/x000",
            "tile/0/001/000",
            "tile/0/x1/000",
            "tile/0/x001/x000",
            "tile/0/x001//000",
            "tile/0/X001/000",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/01",
            "tile/0/000.p/+1",
            "tile/0/000.p/",
            "tile/0/000.p",
            "tile/0/000.p/1/",
            "tile/0/000.p/1.p/1",
            "tile/0/x001.p/000",
            "tile/data/000",
            "tile/8/0/000",
            "tile/0/xx01/000",
            "tile/0/x018/x446/x744/x073/x709/x551/616",
            "tile/Entries/000",
            "tile/0/\u{661}00",
        ] {
            assert_eq!(TilePath::parse(text), Err(TileError::BadPath), "{text:?}");
        }
        assert!(TilePath::new(Row::Hashes(64), 0, 256).is_err());
        assert!(TilePath::new(Row::Entries, 0, 0).is_err() && TilePath::new(Row::Entries, 0, 257).is_err());
        assert_eq!(TilePath::full(Row::Hashes(8), 0).needs(), None);
        assert_eq!(TilePath::new(Row::Hashes(2), 0, 1).unwrap().needs(), Some(65_536));
    }

    #[test]
    fn bundles_hold_their_records_and_nothing_else() {
        let records: Vec<Vec<u8>> = (0..5_usize).map(|n| vec![b'a'; n * 100]).collect();
        let mut bundle = Vec::new();
        records.iter().for_each(|record| push_entry(&mut bundle, record).unwrap());
        assert_eq!(bundle[..2], [0, 0]);
        assert_eq!(bundle[2..4], [0, 100]);
        assert_eq!(entries(&bundle, 5).unwrap(), records);
        for width in [0, 1, 4, 6, 256] {
            assert!(entries(&bundle, width).is_err(), "{width}");
        }
        for length in 0..bundle.len() {
            assert!(entries(&bundle[..length], 5).is_err(), "cut to {length}");
        }
        for extra in [&[0][..], &[0, 0], &[0, 1], &[0, 1, 0]] {
            assert!(entries(&[&bundle[..], extra].concat(), 5).is_err(), "{extra:?}");
        }
        assert!(push_entry(&mut bundle, &[0; 65_535]).is_ok());
        let before = bundle.clone();
        assert_eq!(push_entry(&mut bundle, &[0; 65_536]), Err(TileError::TooLong(65_536)));
        assert_eq!(bundle, before);
        assert!(hashes(&[0; 64], 2).is_ok() && hashes(&[0; 64], 1).is_err() && hashes(&[0; 63], 2).is_err());
    }

    proptest! {
        #[test]
        fn a_path_that_is_read_is_the_one_that_is_written(text in "tile/(entries|[0-9]{1,2})/(x[0-9]{3}/){0,3}[0-9]{3}(\\.p/[0-9]{1,3})?") {
            if let Ok(path) = TilePath::parse(&text) {
                prop_assert_eq!(path.to_string(), text);
            }
        }
    }
}
