//! Files that hold CRLs.

use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, Row};

use super::seal::{self, QueryResult, sealed};
use crate::store::{CrlPublication, PublicationChange, StoreError, StoreKey};

pub(super) const PUBLICATIONS: &str = "
CREATE TABLE crl_publication (
    path TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    code BLOB
) STRICT;
";

pub(super) fn change(connection: &Connection, key: &StoreKey, change: PublicationChange) -> rusqlite::Result<()> {
    match change {
        PublicationChange::Set(publication) => set(connection, key, &publication),
        PublicationChange::Forget(path) => forget(connection, &path),
    }
}

fn set(connection: &Connection, key: &StoreKey, publication: &CrlPublication) -> rusqlite::Result<()> {
    let body = serde_json::to_string(publication).unwrap_or_default();
    let path = publication.path.to_string_lossy().into_owned();
    let columns: Vec<(&'static str, Value)> = vec![("path", path.into()), ("body", body.into())];
    let or = "ON CONFLICT (path) DO UPDATE SET body = excluded.body, code = excluded.code";
    seal::insert(connection, key, "crl_publication", columns, or).map(drop)
}

fn forget(connection: &Connection, path: &Path) -> rusqlite::Result<()> {
    let sql = "DELETE FROM crl_publication WHERE path = ?1";
    connection.prepare_cached(sql)?.execute([path.to_string_lossy()]).map(drop)
}

/// All of them, by path. A home that an older program wrote has none until it is changed.
pub(super) fn publications(connection: &Connection, key: Option<&StoreKey>) -> QueryResult<Vec<CrlPublication>> {
    let sql = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'crl_publication'";
    if !connection.prepare_cached(sql)?.exists([])? {
        return Ok(Ok(Vec::new()));
    }
    let read = |row: &Row<'_>| Ok((row.get::<_, String>("path")?, row.get::<_, String>("body")?));
    let rows = match sealed(connection, key, "crl_publication", "ORDER BY path", [], read)? {
        Ok(rows) => rows,
        Err(error) => return Ok(Err(error)),
    };
    let parse = |(path, body): (String, String)| match serde_json::from_str::<CrlPublication>(&body) {
        Ok(publication) => Ok(CrlPublication { path: PathBuf::from(path), ..publication }),
        Err(error) => Err(StoreError::Damaged(format!("the row of the CRL file `{path}`: {error}"))),
    };
    Ok(rows.into_iter().map(parse).collect())
}
