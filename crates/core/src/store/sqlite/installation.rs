//! The steps of installations.

use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension, params};

use crate::store::{Installation, InstalledPlace, StepChange, StepOutcome, StepState, TRUSTSTORE};
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
        StepOutcome::Owed(why) => {
            let sql = "INSERT INTO installation_step (path, alias, step, op, owed) VALUES (?1, ?2, ?3, ?4, ?5)
                       ON CONFLICT (path, alias, step) DO UPDATE SET owed = ?5";
            connection.prepare_cached(sql)?.execute(params![path, change.alias, step, change.op.to_string(), why])?;
        }
    }
    Ok(())
}

/// The places of a name, or of all; truststores apart.
pub(super) fn places(connection: &Connection, name: Option<&str>) -> rusqlite::Result<Vec<InstalledPlace>> {
    let known = has_steps(connection)?;
    let columns = if known { "s.certificate, s.digest, s.at, s.owed" } else { "NULL, NULL, NULL, NULL" };
    let steps = "LEFT JOIN installation_step s ON s.path = i.path AND s.alias = i.alias AND s.step = 'written'";
    let steps = if known { steps } else { "" };
    let sql = format!(
        "SELECT i.name, i.path, i.format, i.alias, i.password_file, {columns} FROM installation i {steps}
         WHERE i.format NOT LIKE ?1 || '%' AND (?2 IS NULL OR i.name = ?2) ORDER BY i.name, i.path, i.alias"
    );
    let place = |row: &rusqlite::Row<'_>| {
        Ok(InstalledPlace {
            installation: Installation {
                name: row.get(0)?,
                path: PathBuf::from(row.get::<_, String>(1)?),
                format: row.get(2)?,
                alias: row.get(3)?,
                password_file: row.get::<_, Option<String>>(4)?.map(PathBuf::from),
            },
            written: StepState {
                certificate: row.get::<_, Option<Sha256>>(5)?.map(Fingerprint::new),
                digest: row.get(6)?,
                at: row.get::<_, Option<i64>>(7)?.map(Timestamp::from_millis),
                owed: row.get(8)?,
            },
        })
    };
    connection.prepare_cached(&sql)?.query_map(params![TRUSTSTORE, name], place)?.collect()
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
