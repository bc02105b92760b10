//! The head of the log: what is stored of it, and whether that goes on from what this process has checked.
//!
//! Nothing here believes the stored head. It must follow from a frontier that is known by the records after it, and carry the
//! code of who has the passphrase. Tiles make that cheap: the frontier of any earlier size takes at most 255 hashes of a level.

use super::seal::QueryResult;
use rusqlite::{Connection, OptionalExtension, params};

use super::schema;
use crate::audit::record::Record;
use crate::store::{Contradiction, ContradictionKind, StoreError, StoreKey, VisitRecord};
use certroll_base::clock::Timestamp;
use certroll_base::encoding::Sha256;
use certroll_tlog::{Frontier, FrontierError, leaf_hash};

fn damaged(what: &str) -> StoreError {
    StoreError::Damaged(what.to_owned())
}

/// The head as it is stored; nothing vouches for it.
pub(super) fn stored(connection: &Connection) -> QueryResult<Frontier> {
    let sql = "SELECT frontier FROM audit_head WHERE id = 1";
    let bytes: Option<Vec<u8>> = connection.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?;
    Ok(match bytes {
        Some(bytes) => Frontier::from_bytes(&bytes).map_err(|_| damaged("the tree head is malformed")),
        None => Ok(Frontier::new()),
    })
}

/// Writes the code over head and latest time, as they now are in the transaction.
pub(super) fn seal(connection: &Connection, key: &StoreKey) -> rusqlite::Result<()> {
    let (frontier, latest): (Vec<u8>, i64) = connection
        .prepare_cached("SELECT frontier, latest FROM audit_head WHERE id = 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let code = key.code(&[b"head", &frontier, &latest.to_be_bytes()]);
    connection.prepare_cached("UPDATE audit_head SET code = ?1 WHERE id = 1")?.execute([code])?;
    Ok(())
}

/// Whether who wrote the stored head had the passphrase; `None` for one that a program wrote which knew no such code.
fn is_sealed(connection: &Connection, key: &StoreKey) -> rusqlite::Result<Option<bool>> {
    let sql = "SELECT frontier, latest, code FROM audit_head WHERE id = 1";
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let head: Option<(Vec<u8>, i64, Option<Vec<u8>>)> =
        connection.prepare_cached(sql)?.query_row([], row).optional()?;
    let Some((frontier, latest, Some(code))) = head else { return Ok(None) };
    Ok(Some(key.fits(&code, &[b"head", &frontier, &latest.to_be_bytes()])))
}

/// The leaf hashes of the first `size` records, as they are stored.
pub(super) fn leaves(connection: &Connection, size: u64) -> QueryResult<Vec<Sha256>> {
    let mut statement = connection.prepare_cached("SELECT leaf FROM audit_record WHERE seq < ?1 ORDER BY seq")?;
    let leaves =
        statement.query_map([size.cast_signed()], |row| row.get(0))?.collect::<rusqlite::Result<Vec<Sha256>>>()?;
    Ok(if leaves.len() as u64 == size { Ok(leaves) } else { Err(damaged("records are missing")) })
}

/// The frontier of the first `size` records, from leaves and tiles as they are stored.
pub(super) fn frontier_at(connection: &Connection, size: u64) -> QueryResult<Frontier> {
    /// What ends a read of tiles.
    enum Fault {
        Database(rusqlite::Error),
        Missing,
    }
    impl From<FrontierError> for Fault {
        fn from(_: FrontierError) -> Self {
            Self::Missing
        }
    }
    if schema::version(connection)? < schema::TILES_SINCE {
        return Ok(leaves(connection, size)?.map(|leaves| {
            let mut frontier = Frontier::new();
            leaves.into_iter().for_each(|leaf| frontier.push(leaf));
            frontier
        }));
    }
    let nodes = |level: u32, range: std::ops::Range<u64>| {
        let sql = match level {
            0 => "SELECT leaf FROM audit_record WHERE seq >= ?2 AND seq < ?3 AND ?1 = 0 ORDER BY seq",
            _ => "SELECT hash FROM audit_tile WHERE level = ?1 AND position >= ?2 AND position < ?3 ORDER BY position",
        };
        let read = || {
            let mut statement = connection.prepare_cached(sql)?;
            let range = params![level, range.start.cast_signed(), range.end.cast_signed()];
            let hashes = statement.query_map(range, |row| row.get(0))?;
            hashes.collect::<rusqlite::Result<Vec<Sha256>>>()
        };
        read().map_err(Fault::Database)
    };
    match Frontier::of_tiles(size, nodes) {
        Ok(frontier) => Ok(Ok(frontier)),
        Err(Fault::Database(error)) => Err(error),
        Err(Fault::Missing) => Ok(Err(damaged("records are missing"))),
    }
}

/// Takes the records from `frontier` on to `size` into it, by their bytes.
fn extend(connection: &Connection, frontier: &mut Frontier, size: u64) -> QueryResult<()> {
    extend_visiting(connection, frontier, size, &mut |_, _| Ok(()))
}

/// As [`extend`], and shows each record.
fn extend_visiting(
    connection: &Connection,
    frontier: &mut Frontier,
    size: u64,
    visit: &mut VisitRecord<'_>,
) -> QueryResult<()> {
    let sql = "SELECT seq, body, leaf FROM audit_record WHERE seq >= ?1 AND seq < ?2 ORDER BY seq";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([frontier.size().cast_signed(), size.cast_signed()])?;
    while let Some(row) = rows.next()? {
        let body = row.get_ref(1)?.as_blob()?;
        let leaf = leaf_hash(body);
        let seq = frontier.size();
        if row.get::<_, i64>(0)?.cast_unsigned() != seq || row.get_ref(2)?.as_blob()? != leaf {
            return Ok(Err(damaged(&format!("record {seq} is missing, or is not what its leaf says"))));
        }
        if let Err(error) = visit(seq, body) {
            return Ok(Err(error));
        }
        frontier.push(leaf);
    }
    Ok(if frontier.size() == size { Ok(()) } else { Err(damaged("records are missing")) })
}

/// The stored head, proved to go on from `checked`, which this process has verified, and to be written with the passphrase.
pub(super) fn follow(connection: &Connection, checked: &Frontier, key: &StoreKey) -> QueryResult<Frontier> {
    let stored = match stored(connection)? {
        Ok(stored) => stored,
        Err(error) => return Ok(Err(error)),
    };
    let contradiction = |kind| Err(StoreError::Contradiction(Contradiction::new(kind, checked, &stored)));
    if stored.size() < checked.size() {
        return Ok(contradiction(ContradictionKind::RolledBack));
    }
    let mut followed = checked.clone();
    if let Err(error) = extend(connection, &mut followed, stored.size())? {
        return Ok(Err(error));
    }
    if followed != stored {
        return Ok(contradiction(ContradictionKind::Altered));
    }
    // A head that was checked as it is needs no code to vouch for it; a program before this one left no code.
    let sealed = is_sealed(connection, key)?;
    if sealed == Some(false) || (sealed.is_none() && stored.size() > checked.size()) {
        return Ok(contradiction(ContradictionKind::Unsealed));
    }
    Ok(Ok(stored))
}

/// The stored head, proved to go on from each of the anchors.
pub(super) fn check(connection: &Connection, anchors: &[(u64, Sha256)], key: &StoreKey) -> QueryResult<Frontier> {
    let stored = match stored(connection)? {
        Ok(stored) => stored,
        Err(error) => return Ok(Err(error)),
    };
    let mut anchors = anchors.to_vec();
    anchors.sort_unstable();
    let mut checked = Frontier::new();
    for (size, root) in anchors {
        let known = (size, root);
        if stored.size() < size {
            let found = (stored.size(), stored.root());
            let kind = ContradictionKind::RolledBack;
            return Ok(Err(StoreError::Contradiction(Contradiction { kind, known, found })));
        }
        // Right at the head the root says all; before it, tiles lead there, and the records after it back to the head.
        let reached = match size == stored.size() {
            true => Ok(stored.clone()),
            false => frontier_at(connection, size)?,
        };
        checked = match reached {
            Ok(frontier) => frontier,
            Err(error) => return Ok(Err(error)),
        };
        if checked.root() != root {
            let found = (size, checked.root());
            let kind = ContradictionKind::Altered;
            return Ok(Err(StoreError::Contradiction(Contradiction { kind, known, found })));
        }
    }
    follow(connection, &checked, key)
}

/// Shows the records from `first` on. What they say holds only if this succeeds: then they lead from what tiles say of the
/// records before to the checked head.
pub(super) fn walk(
    connection: &Connection,
    first: u64,
    checked: &Frontier,
    visit: &mut VisitRecord<'_>,
) -> QueryResult<()> {
    let mut frontier = match frontier_at(connection, first.min(checked.size()))? {
        Ok(frontier) => frontier,
        Err(error) => return Ok(Err(error)),
    };
    if let Err(error) = extend_visiting(connection, &mut frontier, checked.size(), visit)? {
        return Ok(Err(error));
    }
    let found = Contradiction::new(ContradictionKind::Altered, checked, &frontier);
    Ok(if frontier == *checked { Ok(()) } else { Err(StoreError::Contradiction(found)) })
}

/// The root of the first `size` records, proved to be the one under `checked`.
pub(super) fn root_at(connection: &Connection, size: u64, checked: &Frontier) -> QueryResult<Sha256> {
    if size == checked.size() {
        return Ok(Ok(checked.root()));
    }
    let mut frontier = match frontier_at(connection, size)? {
        Ok(frontier) => frontier,
        Err(error) => return Ok(Err(error)),
    };
    let root = frontier.root();
    if let Err(error) = extend(connection, &mut frontier, checked.size())? {
        return Ok(Err(error));
    }
    let found = Contradiction::new(ContradictionKind::Altered, checked, &frontier);
    Ok(if frontier == *checked { Ok(root) } else { Err(StoreError::Contradiction(found)) })
}

/// The latest time never goes back with the clock.
pub(super) fn set(connection: &Connection, frontier: &Frontier, at: Timestamp) -> rusqlite::Result<()> {
    let sql = "INSERT INTO audit_head (id, frontier, latest) VALUES (1, ?1, ?2)
               ON CONFLICT (id) DO UPDATE SET frontier = ?1, latest = max(latest, ?2)";
    connection.prepare_cached(sql)?.execute(params![frontier.to_bytes(), at.millis()])?;
    Ok(())
}

/// Adds a leaf, and keeps the roots of the tiles that it completes.
pub(super) fn push(connection: &Connection, frontier: &mut Frontier, leaf: Sha256) -> rusqlite::Result<()> {
    let mut kept = Ok(0);
    frontier.push_noting(leaf, |level, position, hash| {
        let keep = || {
            let sql = "INSERT INTO audit_tile (level, position, hash) VALUES (?1, ?2, ?3)
                       ON CONFLICT (level, position) DO UPDATE SET hash = ?3";
            connection.prepare_cached(sql)?.execute(params![level, position.cast_signed(), hash])
        };
        if kept.is_ok() {
            kept = keep();
        }
    });
    kept.map(drop)
}

/// Makes every tile again from the leaves, and compares; and the names of records with what the records say.
pub(super) fn check_tiles(connection: &Connection) -> QueryResult<()> {
    let mut statement = connection.prepare("SELECT id, body FROM audit_record ORDER BY seq")?;
    let mut rows = statement.query([])?;
    let mut frontier = Frontier::new();
    let mut tiles = Vec::new();
    while let Some(row) = rows.next()? {
        let body = row.get_ref(1)?.as_blob()?;
        let named = Record::parse(body)
            .is_ok_and(|record| row.get_ref(0).is_ok_and(|id| id.as_blob() == Ok(record.id.as_bytes())));
        if !named {
            return Ok(Err(damaged(&format!("record {} has another name than its row", frontier.size()))));
        }
        frontier.push_noting(leaf_hash(body), |level, position, hash| tiles.push((level, position, *hash)));
    }
    let mut statement = connection.prepare("SELECT level, position, hash FROM audit_tile ORDER BY level, position")?;
    let stored =
        statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned(), row.get(2)?)))?;
    let stored: Vec<(u32, u64, Sha256)> = stored.collect::<rusqlite::Result<_>>()?;
    tiles.sort_unstable();
    Ok(if tiles == stored { Ok(()) } else { Err(damaged("the tiles are not those of the records")) })
}
