//! Where certificates are installed, and the steps of that.

use super::seal::QueryResult;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, params};

use super::seal::sealed;
use crate::store::{
    Installation, InstalledPlace, StepChange, StepOutcome, StepState, StoreError, StoreKey, TRUSTSTORE,
};
use certroll_base::clock::Timestamp;
use certroll_base::encoding::Sha256;
use certroll_pki::digest::Fingerprint;

/// What was done, and what is owed, at each place: later steps (reloaded, served) are further rows.
pub(super) const STEPS: &str = "
CREATE TABLE installation_step (
    path        TEXT NOT NULL,
    alias       TEXT NOT NULL,
    step        TEXT NOT NULL,
    certificate BLOB,
    digest      BLOB,
    at          INTEGER,
    op          TEXT,
    owed        TEXT,
    PRIMARY KEY (path, alias, step),
    FOREIGN KEY (path, alias) REFERENCES installation (path, alias) ON DELETE CASCADE ON UPDATE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX installation_step_certificate ON installation_step (certificate);
CREATE INDEX certificate_undelivered ON certificate (sha256) WHERE delivered = 0;
";

/// What a home that knows no steps is taken to have done: the newest certificate that was handed over is written.
pub(super) const FIRST_STEPS: &str = "
INSERT INTO installation_step (path, alias, step, certificate)
    SELECT path, alias, 'written',
        (SELECT sha256 FROM certificate c WHERE c.name = i.name AND c.delivered = 1 ORDER BY c.id DESC LIMIT 1)
    FROM installation i WHERE format NOT LIKE 'truststore-%';
";

pub(super) fn change(connection: &Connection, change: &StepChange) -> rusqlite::Result<()> {
    let (path, step) = (change.path.to_string_lossy(), change.step.name());
    match &change.outcome {
        StepOutcome::Done { certificate, digest, at } => {
            let sql = "INSERT INTO installation_step (path, alias, step, certificate, digest, at, op, owed)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL)
                       ON CONFLICT (path, alias, step) DO UPDATE
                       SET certificate = ?4, digest = ?5, at = ?6, op = ?7, owed = NULL";
            connection.prepare_cached(sql)?.execute(params![
                path,
                change.alias,
                step,
                certificate.as_bytes(),
                digest,
                at.millis(),
                change.op.to_string(),
            ])?;
            // The other entries of the same file were read back with this one.
            let sql = "UPDATE installation_step SET digest = ?3 WHERE path = ?1 AND step = ?2";
            connection.prepare_cached(sql)?.execute(params![path, step, digest])?;
        }
        StepOutcome::TakenBack { certificate, digest, at, why } => {
            let sql = "UPDATE installation_step SET certificate = ?4, digest = ?5, at = ?6, op = ?7, owed = ?8
                       WHERE path = ?1 AND alias = ?2 AND step = ?3";
            let op = change.op.to_string();
            let values = params![path, change.alias, step, certificate.as_bytes(), digest, at.millis(), op, why];
            connection.prepare_cached(sql)?.execute(values)?;
            let sql = "UPDATE installation_step SET digest = ?3 WHERE path = ?1 AND step = ?2";
            connection.prepare_cached(sql)?.execute(params![path, step, digest])?;
        }
        StepOutcome::Owed(why) => {
            let sql = "INSERT INTO installation_step (path, alias, step, op, owed) VALUES (?1, ?2, ?3, ?4, ?5)
                       ON CONFLICT (path, alias, step) DO UPDATE SET owed = ?5";
            connection.prepare_cached(sql)?.execute(params![path, change.alias, step, change.op.to_string(), why])?;
        }
    }
    Ok(())
}

pub(super) fn installations(
    connection: &Connection,
    key: Option<&StoreKey>,
    name: &str,
) -> QueryResult<Vec<Installation>> {
    sealed(connection, key, "installation", "WHERE name = ?1 ORDER BY path, alias", [name], installation)
}

pub(super) fn installed_at(
    connection: &Connection,
    key: Option<&StoreKey>,
    path: &Path,
) -> QueryResult<Vec<Installation>> {
    sealed(connection, key, "installation", "WHERE path = ?1 ORDER BY alias", [path.to_string_lossy()], installation)
}

/// Where certificates of that name, or of all names, are installed; truststores apart.
pub(super) fn installed(
    connection: &Connection,
    key: Option<&StoreKey>,
    name: Option<&str>,
) -> QueryResult<Vec<Installation>> {
    let rest = "WHERE format NOT LIKE ?1 || '%' AND (?2 IS NULL OR name = ?2) ORDER BY name, path, alias";
    sealed(connection, key, "installation", rest, params![TRUSTSTORE, name], installation)
}

pub(super) fn truststores(connection: &Connection, key: Option<&StoreKey>) -> QueryResult<Vec<Installation>> {
    let rest = "WHERE format LIKE ?1 || '%' ORDER BY path, alias";
    sealed(connection, key, "installation", rest, [TRUSTSTORE], installation)
}

fn installation(row: &rusqlite::Row<'_>) -> rusqlite::Result<Installation> {
    Ok(Installation {
        name: row.get("name")?,
        path: PathBuf::from(row.get::<_, String>("path")?),
        format: row.get("format")?,
        alias: row.get("alias")?,
        password_file: row.get::<_, Option<String>>("password_file")?.map(PathBuf::from),
    })
}

/// The places of a name, or of all; truststores apart.
pub(super) fn places(
    connection: &Connection,
    key: Option<&StoreKey>,
    name: Option<&str>,
) -> rusqlite::Result<Result<Vec<InstalledPlace>, StoreError>> {
    let installations = match installed(connection, key, name)? {
        Ok(installations) => installations,
        Err(error) => return Ok(Err(error)),
    };
    if !has_steps(connection)? {
        let unknown = |installation| InstalledPlace { installation, written: StepState::default() };
        return Ok(Ok(installations.into_iter().map(unknown).collect()));
    }
    let sql = "SELECT certificate, digest, at, owed FROM installation_step
               WHERE path = ?1 AND alias = ?2 AND step = 'written'";
    let mut statement = connection.prepare_cached(sql)?;
    let mut places = Vec::with_capacity(installations.len());
    for installation in installations {
        let found = params![installation.path.to_string_lossy(), installation.alias];
        let written = statement.query_row(found, state).optional()?.unwrap_or_default();
        places.push(InstalledPlace { installation, written });
    }
    Ok(Ok(places))
}

/// A step: certificate, digest, time, and why it is owed.
pub(super) fn state(row: &rusqlite::Row<'_>) -> rusqlite::Result<StepState> {
    Ok(StepState {
        certificate: row.get::<_, Option<Sha256>>(0)?.map(Fingerprint::new),
        digest: row.get(1)?,
        at: row.get::<_, Option<i64>>(2)?.map(Timestamp::from_millis),
        owed: row.get(3)?,
    })
}

/// Which certificates lie somewhere although they are revoked or have a successor: as a condition on `certificate`.
pub(super) fn still_in_place(connection: &Connection) -> rusqlite::Result<String> {
    let undelivered =
        "SELECT sha256 FROM certificate WHERE delivered = 0 AND revoked_at IS NULL AND replaced_by IS NULL";
    let written = "SELECT certificate FROM installation_step WHERE step = 'written' AND certificate IS NOT NULL";
    let lies = if has_steps(connection)? { format!("sha256 IN ({written}) OR ") } else { String::new() };
    Ok(format!("(revoked_at IS NOT NULL OR replaced_by IS NOT NULL) AND ({lies}replaced_by IN ({undelivered}))"))
}

/// A home that an older program wrote has none until it is changed.
fn has_steps(connection: &Connection) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'installation_step'";
    Ok(connection.prepare_cached(sql)?.query_row([], |_| Ok(())).optional()?.is_some())
}
