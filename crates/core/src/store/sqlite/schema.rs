//! Tables and their version.

use rusqlite::Connection;

use super::installation::{FIRST_STEPS, STEPS};
use super::publication::PUBLICATIONS;
use super::seal;
use super::service::SERVICES;
use crate::store::StoreKey;

/// The schema version that this program writes.
pub(super) const VERSION: i64 = 4;
/// The oldest that it reads; a home of it is brought to [`VERSION`] when it is opened to be changed.
pub(super) const OLDEST: i64 = 1;
/// The first version that keeps the roots of tiles.
pub(super) const TILES_SINCE: i64 = 3;
/// The first version with codes over rows.
pub(super) const CODES_SINCE: i64 = 3;

/// What every writing connection sets. `FULL` makes each commit wait for the disk; anything less could lose a record of
/// a certificate that is already out.
pub(super) fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // A key that is destroyed is gone from the file too, encrypted as it was.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "cache_size", -65_536)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

pub(super) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

pub(super) fn create(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(&format!(
        "BEGIN IMMEDIATE; {TABLES} {IN_FORCE} {CHAINS} {TILES} {STEPS} {SERVICES} {PUBLICATIONS} PRAGMA user_version = {VERSION}; COMMIT;"
    ))
}

/// Brings an older version to this one, in one transaction. Of two processes at once the second finds nothing to do.
pub(super) fn update(connection: &Connection, key: &StoreKey) -> rusqlite::Result<()> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let updated = version(connection).and_then(|found| {
        if found < 2 {
            to_second(connection)?;
        }
        if found < 3 {
            to_third(connection, key)?;
        } else if found < 4 {
            // What came with the version before has its table already.
            connection.execute_batch(&format!("{SERVICES} {PUBLICATIONS}"))?;
        }
        connection.pragma_update(None, "user_version", VERSION)?;
        Ok(())
    });
    let end = if updated.is_ok() { "COMMIT" } else { "ROLLBACK" };
    updated.and(connection.execute_batch(end))
}

/// What requests to issuers elsewhere, the watch on the clock and the record of changes need.
fn to_second(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(&format!(
        "ALTER TABLE open_intent ADD COLUMN issuer_kind TEXT NOT NULL DEFAULT 'private-ca';
             ALTER TABLE open_intent ADD COLUMN csr BLOB;
             ALTER TABLE open_intent ADD COLUMN memory TEXT NOT NULL DEFAULT '';
             ALTER TABLE open_intent ADD COLUMN due INTEGER;
             ALTER TABLE open_intent ADD COLUMN in_doubt INTEGER NOT NULL DEFAULT 0;
             ALTER TABLE audit_head ADD COLUMN latest INTEGER NOT NULL DEFAULT 0;
             {IN_FORCE} {CHAINS} PRAGMA user_version = 2;"
    ))
}

/// The roots of tiles, the steps of installations, and codes over the head and over rows. A head that was written before has none, and lies under a
/// checkpoint; rows get theirs as they are.
fn to_third(connection: &Connection, key: &StoreKey) -> rusqlite::Result<()> {
    connection.execute_batch(&format!("{TILES} ALTER TABLE audit_head ADD COLUMN code BLOB;"))?;
    connection.execute_batch("ALTER TABLE crl ADD COLUMN covers INTEGER;")?;
    connection.execute_batch(&format!("{SERVICES} {PUBLICATIONS}"))?;
    connection.execute_batch(&format!("{STEPS} {FIRST_STEPS}"))?;
    for table in seal::TABLES {
        // A table that came with the step before this one has the column already.
        let sql = "SELECT 1 FROM pragma_table_info(?1) WHERE name = 'code'";
        if !connection.prepare(sql)?.exists([table])? {
            connection.execute_batch(&format!("ALTER TABLE {table} ADD COLUMN code BLOB"))?;
        }
    }
    seal::seal_all(connection, key)?;
    let mut frontier = certroll_tlog::Frontier::new();
    let mut statement = connection.prepare("SELECT leaf FROM audit_record ORDER BY seq")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        super::head::push(connection, &mut frontier, row.get(0)?)?;
    }
    Ok(())
}

/// What decides what may be issued and how, as it was last recorded.
const IN_FORCE: &str = "
CREATE TABLE in_force (
    kind  TEXT NOT NULL,
    name  TEXT NOT NULL,
    value TEXT NOT NULL,
    code  BLOB,
    PRIMARY KEY (kind, name)
) STRICT;
";

/// The issuers of certificates that no CA of this home signed.
const CHAINS: &str = "
CREATE TABLE issuer_der (
    sha256 BLOB PRIMARY KEY,
    der    BLOB NOT NULL
) STRICT;
CREATE TABLE certificate_chain (
    id      INTEGER PRIMARY KEY REFERENCES certificate (id),
    issuers BLOB NOT NULL,
    code    BLOB
) STRICT;
";

/// The roots of complete tiles of the log (C2SP tlog-tiles), one for 256 records and so on upwards: what is needed to go back
/// to an earlier head, or to prove a record, without reading the others.
const TILES: &str = "
CREATE TABLE audit_tile (
    level    INTEGER NOT NULL,
    position INTEGER NOT NULL,
    hash     BLOB NOT NULL,
    PRIMARY KEY (level, position)
) STRICT, WITHOUT ROWID;
";

/// Row numbers of certificates grow with time, so that new rows go to the end of the table; serial numbers stay random
/// and live in an index. Certificates lie beside the columns that are searched, not among them: a list reads no DER.
const TABLES: &str = "
CREATE TABLE audit_record (
    seq  INTEGER PRIMARY KEY,
    id   BLOB NOT NULL UNIQUE,
    body BLOB NOT NULL,
    leaf BLOB NOT NULL
) STRICT;
CREATE TABLE audit_head (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    frontier BLOB NOT NULL,
    latest   INTEGER NOT NULL DEFAULT 0,
    code     BLOB
) STRICT;
CREATE TABLE certificate (
    id             INTEGER PRIMARY KEY,
    name           TEXT NOT NULL,
    template       TEXT NOT NULL,
    issuer         TEXT NOT NULL,
    serial         BLOB NOT NULL,
    subject        TEXT NOT NULL,
    names          TEXT NOT NULL,
    not_before     INTEGER NOT NULL,
    not_after      INTEGER NOT NULL,
    renew_before   TEXT NOT NULL,
    key            TEXT NOT NULL,
    spki_sha256    BLOB NOT NULL,
    sha256         BLOB NOT NULL,
    request_sha256 BLOB NOT NULL,
    request        TEXT NOT NULL,
    delivered      INTEGER NOT NULL,
    revoked_at     INTEGER,
    reason         TEXT,
    replaced_by    BLOB,
    code           BLOB
) STRICT;
CREATE INDEX certificate_name ON certificate (name);
CREATE UNIQUE INDEX certificate_serial ON certificate (serial, issuer);
CREATE INDEX certificate_spki ON certificate (spki_sha256);
CREATE INDEX certificate_revoked ON certificate (issuer, revoked_at) WHERE revoked_at IS NOT NULL;
CREATE TABLE certificate_der (
    id  INTEGER PRIMARY KEY REFERENCES certificate (id),
    der BLOB NOT NULL
) STRICT;
CREATE TABLE held_key (
    id    INTEGER PRIMARY KEY REFERENCES certificate (id),
    pkcs8 BLOB NOT NULL,
    code  BLOB
) STRICT;
CREATE TABLE installation (
    path          TEXT NOT NULL,
    alias         TEXT NOT NULL,
    name          TEXT NOT NULL,
    format        TEXT NOT NULL,
    password_file TEXT,
    code          BLOB,
    PRIMARY KEY (path, alias)
) STRICT;
CREATE INDEX installation_name ON installation (name);
CREATE TABLE open_intent (
    op      TEXT PRIMARY KEY,
    session TEXT NOT NULL,
    kind    TEXT NOT NULL,
    name    TEXT NOT NULL,
    issuer  TEXT NOT NULL,
    subject BLOB,
    handle  TEXT,
    key     BLOB,
    count   INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    leaf    BLOB NOT NULL,
    issuer_kind TEXT NOT NULL DEFAULT 'private-ca',
    csr      BLOB,
    memory   TEXT NOT NULL DEFAULT '',
    due      INTEGER,
    in_doubt INTEGER NOT NULL DEFAULT 0,
    code     BLOB
) STRICT;
CREATE UNIQUE INDEX open_intent_name ON open_intent (name, kind) WHERE count = 1;
CREATE TABLE authority (
    name        TEXT PRIMARY KEY,
    parent      TEXT REFERENCES authority (name),
    certificate BLOB NOT NULL,
    key_file    TEXT NOT NULL,
    pointers    TEXT NOT NULL,
    code        BLOB
) STRICT;
CREATE TABLE crl (
    authority   TEXT NOT NULL REFERENCES authority (name),
    number      INTEGER NOT NULL,
    this_update INTEGER NOT NULL,
    next_update INTEGER NOT NULL,
    der         BLOB NOT NULL,
    covers      INTEGER,
    code        BLOB,
    PRIMARY KEY (authority, number)
) STRICT;
";

#[cfg(test)]
mod tests {
    use super::*;

    /// Name, type, whether required, default of each column of each table.
    fn shape(connection: &Connection) -> Vec<String> {
        let sql =
            "SELECT m.name || ' ' || c.name || ' ' || c.type || ' ' || c.\"notnull\" || ' ' || ifnull(c.dflt_value, '')
                   FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY 1";
        let mut statement = connection.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
    }

    /// A database as version 1 made it, with one intent in it.
    fn first_version() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        create(&connection).unwrap();
        for table in seal::TABLES {
            connection.execute_batch(&format!("ALTER TABLE {table} DROP COLUMN code")).unwrap();
        }
        for column in ["issuer_kind", "csr", "memory", "due", "in_doubt"] {
            connection.execute_batch(&format!("ALTER TABLE open_intent DROP COLUMN {column}")).unwrap();
        }
        connection
            .execute_batch(
                "ALTER TABLE audit_head DROP COLUMN latest; ALTER TABLE audit_head DROP COLUMN code;
                 ALTER TABLE crl DROP COLUMN covers; DROP TABLE audit_tile; DROP TABLE installation_step;
                 DROP TABLE service_step; DROP TABLE service; DROP TABLE crl_publication;
                 DROP INDEX certificate_undelivered; DROP TABLE in_force; DROP TABLE issuer_der;
                 DROP TABLE certificate_chain; PRAGMA user_version = 1;
                 INSERT INTO open_intent (op, session, kind, name, issuer, count, seq, leaf)
                 VALUES ('o', 's', 'issue', 'n', 'i', 1, 0, x'00');",
            )
            .unwrap();
        connection
    }

    #[test]
    fn a_first_version_becomes_what_is_made_now() {
        let key = StoreKey::derived(b"secret", b"test");
        let (old, new) = (first_version(), Connection::open_in_memory().unwrap());
        create(&new).unwrap();
        assert_ne!(shape(&old), shape(&new), "negative control");
        update(&old, &key).unwrap();
        assert_eq!((shape(&old), version(&old).unwrap()), (shape(&new), VERSION));
        let kind: String = old.query_row("SELECT issuer_kind FROM open_intent", [], |row| row.get(0)).unwrap();
        assert_eq!(kind, "private-ca", "the only kind that version 1 knew");
        update(&old, &key).unwrap();
        assert_eq!(shape(&old), shape(&new), "a second process finds nothing to do");
    }
}
