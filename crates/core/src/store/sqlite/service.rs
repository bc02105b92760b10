//! Servers that use certificates, and their steps.

use std::collections::BTreeSet;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params};

use super::installation::state;
use super::seal::{self, QueryResult, sealed};
use crate::store::{
    Service, ServiceChange, ServiceState, ServiceStep, ServiceStepChange, ServiceStepOutcome, StepState, StoreError,
    StoreKey,
};

/// Services are few: what one is stands in one column, as JSON. A step has no code, as those of installations have none: a verdict
/// rests on a handshake, and these rows tell what is still to be done.
pub(super) const SERVICES: &str = "
CREATE TABLE service (
    name TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    code BLOB
) STRICT;
CREATE TABLE service_step (
    service     TEXT NOT NULL REFERENCES service (name) ON DELETE CASCADE,
    name        TEXT NOT NULL,
    step        TEXT NOT NULL,
    certificate BLOB,
    at          INTEGER,
    op          TEXT,
    owed        TEXT,
    PRIMARY KEY (service, name, step)
) STRICT, WITHOUT ROWID;
";

/// A result of the database around a result of the domain.
type Applied = rusqlite::Result<Result<(), StoreError>>;

pub(super) fn change(connection: &Connection, key: &StoreKey, change: ServiceChange) -> Applied {
    match change {
        ServiceChange::Set { service, new } => set(connection, key, &service, new),
        ServiceChange::Remove(name) => remove(connection, &name),
        ServiceChange::Step(change) => step(connection, &change).map(Ok),
    }
}

fn set(connection: &Connection, key: &StoreKey, service: &Service, new: bool) -> Applied {
    let body = serde_json::to_string(service).unwrap_or_default();
    let columns: Vec<(&'static str, Value)> = vec![("name", service.name.clone().into()), ("body", body.into())];
    let or = if new {
        "ON CONFLICT (name) DO NOTHING"
    } else {
        "ON CONFLICT (name) DO UPDATE SET body = excluded.body, code = excluded.code"
    };
    let written = seal::insert(connection, key, "service", columns, or)?;
    let taken = || StoreError::Conflict(format!("there is a service named `{}` already", service.name));
    Ok(if written == 1 { Ok(()) } else { Err(taken()) })
}

fn remove(connection: &Connection, name: &str) -> Applied {
    let gone = connection.prepare_cached("DELETE FROM service WHERE name = ?1")?.execute([name])?;
    let missing = || StoreError::Conflict(format!("another process has just removed the service `{name}`"));
    Ok(if gone == 1 { Ok(()) } else { Err(missing()) })
}

fn step(connection: &Connection, change: &ServiceStepChange) -> rusqlite::Result<()> {
    let (service, name, step) = (&change.service, &change.certificate, change.step.name());
    let op = change.op.to_string();
    match &change.outcome {
        ServiceStepOutcome::Done { certificate, at } => {
            let sql = "INSERT INTO service_step (service, name, step, certificate, at, op, owed)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL)
                       ON CONFLICT (service, name, step) DO UPDATE
                       SET certificate = ?4, at = ?5, op = ?6, owed = NULL";
            let values = params![service, name, step, certificate.as_bytes(), at.millis(), op];
            connection.prepare_cached(sql)?.execute(values)?;
        }
        ServiceStepOutcome::Owed(why) => {
            let sql = "INSERT INTO service_step (service, name, step, op, owed) VALUES (?1, ?2, ?3, ?4, ?5)
                       ON CONFLICT (service, name, step) DO UPDATE SET op = ?4, owed = ?5";
            connection.prepare_cached(sql)?.execute(params![service, name, step, op, why])?;
        }
    }
    Ok(())
}

/// The names of certificates of which a step is owed.
pub(super) fn owed(connection: &Connection) -> rusqlite::Result<BTreeSet<String>> {
    if !exists(connection)? {
        return Ok(BTreeSet::new());
    }
    let mut statement = connection.prepare_cached("SELECT name FROM service_step WHERE owed IS NOT NULL")?;
    statement.query_map([], |row| row.get(0))?.collect()
}

/// A home that an older program wrote has no services until it is changed.
fn exists(connection: &Connection) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'service'")?.exists([])
}

/// All services, by name.
pub(super) fn services(connection: &Connection, key: Option<&StoreKey>) -> QueryResult<Vec<Service>> {
    if !exists(connection)? {
        return Ok(Ok(Vec::new()));
    }
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>("name")?, row.get::<_, String>("body")?));
    let rows = match sealed(connection, key, "service", "ORDER BY name", [], read)? {
        Ok(rows) => rows,
        Err(error) => return Ok(Err(error)),
    };
    let parse = |(name, body): (String, String)| match serde_json::from_str::<Service>(&body) {
        Ok(service) => Ok(Service { name, ..service }),
        Err(error) => Err(StoreError::Damaged(format!("the row of service `{name}`: {error}"))),
    };
    Ok(rows.into_iter().map(parse).collect())
}

/// How far a service has come with the certificate of that name.
pub(super) fn service_state(connection: &Connection, service: &str, name: &str) -> rusqlite::Result<ServiceState> {
    let sql = "SELECT certificate, NULL, at, owed FROM service_step WHERE service = ?1 AND name = ?2 AND step = ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let mut of = |step: ServiceStep| -> rusqlite::Result<StepState> {
        Ok(statement.query_row(params![service, name, step.name()], state).optional()?.unwrap_or_default())
    };
    Ok(ServiceState { reloaded: of(ServiceStep::Reloaded)?, served: of(ServiceStep::Served)? })
}
