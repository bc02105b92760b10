//! Tables and their version.

use rusqlite::Connection;

/// The schema version that this program reads and writes.
pub(super) const VERSION: i64 = 1;

/// What every writing connection sets. `FULL` makes each commit wait for the disk; anything less could lose a record of
/// a certificate that is already out.
pub(super) fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -65_536)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

pub(super) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

pub(super) fn create(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(&format!("BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;"))
}

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
    latest   INTEGER NOT NULL
) STRICT;
CREATE TABLE in_force (
    kind  TEXT NOT NULL,
    name  TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (kind, name)
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
    replaced_by    BLOB
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
    pkcs8 BLOB NOT NULL
) STRICT;
CREATE TABLE installation (
    path          TEXT NOT NULL,
    alias         TEXT NOT NULL,
    name          TEXT NOT NULL,
    format        TEXT NOT NULL,
    password_file TEXT,
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
    leaf    BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX open_intent_name ON open_intent (name, kind) WHERE count = 1;
CREATE TABLE authority (
    name        TEXT PRIMARY KEY,
    parent      TEXT REFERENCES authority (name),
    certificate BLOB NOT NULL,
    key_file    TEXT NOT NULL,
    pointers    TEXT NOT NULL
) STRICT;
CREATE TABLE crl (
    authority   TEXT NOT NULL REFERENCES authority (name),
    number      INTEGER NOT NULL,
    this_update INTEGER NOT NULL,
    next_update INTEGER NOT NULL,
    der         BLOB NOT NULL,
    PRIMARY KEY (authority, number)
) STRICT;
";
