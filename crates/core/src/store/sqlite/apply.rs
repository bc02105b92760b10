//! Writing: records, head and changes, inside a transaction that the caller holds.

use certroll_pki::digest::KeyHash;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, ToSql, params};

use super::authority;
use super::head;
use super::read;
use super::seal;

use crate::audit::record::Record;
use crate::audit::record::value::Id;
use crate::store::{
    Appended, Change, CrlEntry, InForceFact, Installation, IntentSubject, NewCertificate, OpenIntent, RequestSpec,
    StoreError, StoreKey, TRUSTSTORE,
};
use certroll_base::clock::Timestamp;
use certroll_base::encoding::{Sha256, sha256};
use certroll_tlog::{Frontier, leaf_hash};

/// A result of the database around a result of the domain.
pub(super) type Applied = rusqlite::Result<Result<(), StoreError>>;

pub(super) fn add_record(
    connection: &Connection,
    seq: u64,
    id: &Id,
    body: &[u8],
    leaf: &Sha256,
) -> rusqlite::Result<()> {
    let mut statement =
        connection.prepare_cached("INSERT INTO audit_record (seq, id, body, leaf) VALUES (?1, ?2, ?3, ?4)")?;
    statement.execute(params![seq.cast_signed(), id.as_bytes(), body, leaf])?;
    Ok(())
}

/// Adds records as they are, and sets the head as of `at`.
pub(super) fn add_lines(
    connection: &Connection,
    mut frontier: Frontier,
    lines: &[(Id, Vec<u8>)],
    at: Timestamp,
) -> rusqlite::Result<(Appended, Frontier)> {
    let mut appended = Appended { first: frontier.size(), leaves: Vec::new(), certificates: Vec::new() };
    for (id, body) in lines {
        let leaf = leaf_hash(body);
        add_record(connection, frontier.size(), id, body, &leaf)?;
        head::push(connection, &mut frontier, leaf)?;
        appended.leaves.push(leaf);
    }
    let times = lines.iter().filter_map(|(_, body)| Some(Record::parse(body).ok()?.ts));
    head::set(connection, &frontier, times.max().map_or(at, |latest| latest.max(at)))?;
    Ok((appended, frontier))
}

pub(super) fn change(connection: &Connection, key: &StoreKey, change: Change, appended: &mut Appended) -> Applied {
    let update = |table, set: &[(&str, Value)], condition: &str, parameters: &[&dyn ToSql]| {
        seal::update(connection, key, table, set, condition, parameters)
    };
    match change {
        Change::AddCertificate(new) => add_certificate(connection, key, &new, &mut appended.certificates),
        Change::AddBytes { id, der } => add_bytes(connection, id, &der).map(Ok),
        Change::ExpectCurrent { name, id } => {
            let found = read::current(connection, &name)?;
            let moved = || StoreError::Conflict(format!("another process has just changed what `{name}` stands for"));
            Ok(if found == id { Ok(()) } else { Err(moved()) })
        }
        Change::ExpectUnrevoked(id) => {
            let sql = "SELECT 1 FROM certificate WHERE id = ?1 AND revoked_at IS NULL";
            let holds = connection.prepare_cached(sql)?.exists([id])?;
            let moved = || StoreError::Conflict("another process has just revoked the certificate".to_owned());
            Ok(if holds { Ok(()) } else { Err(moved()) })
        }
        Change::Delivered { ids, drop_keys } => delivered(connection, key, &ids, drop_keys),
        Change::Owe { ids } => owe(connection, key, &ids),
        Change::SetHeldKey { id, pkcs8 } => {
            let set = update("held_key", &[("pkcs8", pkcs8.into())], "id = ?1", &[&id])?;
            one(set, || format!("the key of row {id} has just been handed over"))
        }
        Change::SetIntentKey { op, key } => {
            let set = update("open_intent", &[("key", key.into())], "op = ?1", &[&op.to_string()])?;
            one(set, || format!("intent {op} has ended"))
        }
        Change::OpenIntent { intent, record } => open_intent(connection, key, &intent, appended.reference(record)),
        Change::SetHandle { op, handle } => {
            let set = update("open_intent", &[("handle", handle.into())], "op = ?1", &[&op.to_string()])?;
            one(set, || format!("intent {op} has ended"))
        }
        Change::Doubt(op) => {
            let condition = "op = ?1 AND in_doubt = 0";
            let doubted = update("open_intent", &[("in_doubt", 1.into())], condition, &[&op.to_string()])?;
            one(doubted, || format!("intent {op} has moved on"))
        }
        Change::Adopt { op, from, to } => {
            let (set, condition) = ([("session", to.to_string().into())], "op = ?1 AND session = ?2");
            let adopted = update("open_intent", &set, condition, &[&op.to_string(), &from.to_string()])?;
            one(adopted, || format!("another process goes on with intent {op}"))
        }
        Change::CloseIntent(op) => {
            let closed =
                connection.prepare_cached("DELETE FROM open_intent WHERE op = ?1")?.execute([op.to_string()])?;
            one(Ok(closed), || format!("intent {op} has been ended by another process"))
        }
        Change::Revoke { id, at, reason } => {
            let set = [("revoked_at", at.millis().into()), ("reason", reason.name().to_owned().into())];
            let revoked = update("certificate", &set, "id = ?1 AND revoked_at IS NULL", &[&id])?;
            one(revoked, || "the certificate has just been revoked by another process".to_owned())
        }
        Change::Replace { id, by } => {
            let set = [("replaced_by", by.as_bytes().to_vec().into())];
            let replaced = update("certificate", &set, "id = ?1 AND replaced_by IS NULL", &[&id])?;
            one(replaced, || "the certificate has just been replaced by another process".to_owned())
        }
        Change::SetAside(fingerprint) => {
            let set = [("replaced_by", fingerprint.as_bytes().to_vec().into())];
            let set = update("certificate", &set, "sha256 = ?1 AND replaced_by IS NULL", &[fingerprint.as_bytes()])?;
            one(set, || "the certificate is set aside already".to_owned())
        }
        Change::Install { installation, shared } => install(connection, key, &installation, shared),
        Change::Step(step) => super::installation::change(connection, &step).map(Ok),
        Change::Forget { path, alias } => {
            let sql = "DELETE FROM installation WHERE path = ?1 AND alias = ?2";
            let forgotten = connection.prepare_cached(sql)?.execute(params![path.to_string_lossy(), alias])?;
            one(Ok(forgotten), || format!("another process has just forgotten `{}`", path.display()))
        }
        Change::Relocate { from, to } => {
            let set = [("path", to.to_string_lossy().into_owned().into())];
            let moved = update("installation", &set, "path = ?1", &[&from.to_string_lossy()])?;
            Ok(moved.map(|_| ()))
        }
        Change::Trust(installation) => remember(connection, key, &installation),
        Change::Distrust { path, alias } => {
            let sql = "DELETE FROM installation WHERE path = ?1 AND alias = ?2 AND format LIKE ?3 || '%'";
            connection.prepare_cached(sql)?.execute(params![path.to_string_lossy(), alias, TRUSTSTORE])?;
            Ok(Ok(()))
        }
        Change::Service(change) => super::service::change(connection, key, change),
        Change::AddAuthority(authority) => authority::add(connection, key, &authority),
        Change::SetAuthority { before, after } => authority::set(connection, key, &before, &after),
        Change::RemoveAuthority(authority) => authority::remove(connection, &authority),
        Change::Publication(change) => super::publication::change(connection, key, change).map(Ok),
        Change::AddCrl(crl) => add_crl(connection, key, &crl),
        Change::InForce { fact, before } => in_force(connection, key, &fact, before.as_deref()),
        Change::NotInForce(fact) => {
            let sql = "DELETE FROM in_force WHERE kind = ?1 AND name = ?2 AND value = ?3";
            let gone = connection.prepare_cached(sql)?.execute(params![fact.kind, fact.name, fact.value])?;
            one(Ok(gone), || format!("another process has just recorded {} `{}`", fact.kind, fact.name))
        }
        Change::AcceptClock(at) => {
            connection.prepare_cached("UPDATE audit_head SET latest = ?1 WHERE id = 1")?.execute([at.millis()])?;
            Ok(Ok(()))
        }
    }
}

fn in_force(connection: &Connection, key: &StoreKey, fact: &InForceFact, before: Option<&str>) -> Applied {
    let written = match before {
        None => {
            let columns = vec![
                ("kind", fact.kind.clone().into()),
                ("name", fact.name.clone().into()),
                ("value", fact.value.clone().into()),
            ];
            Ok(seal::insert(connection, key, "in_force", columns, "ON CONFLICT DO NOTHING")?)
        }
        Some(before) => {
            let set = [("value", fact.value.clone().into())];
            let known = params![fact.kind, fact.name, before];
            seal::update(connection, key, "in_force", &set, "kind = ?1 AND name = ?2 AND value = ?3", known)?
        }
    };
    one(written, || format!("another process has just recorded {} `{}`", fact.kind, fact.name))
}

pub(super) fn one(rows: Result<usize, StoreError>, conflict: impl FnOnce() -> String) -> Applied {
    Ok(rows.and_then(|rows| if rows == 1 { Ok(()) } else { Err(StoreError::Conflict(conflict())) }))
}

fn add_certificate(connection: &Connection, key: &StoreKey, new: &NewCertificate, ids: &mut Vec<i64>) -> Applied {
    let entry = &new.entry;
    // The code covers the number of the row, so that rows cannot change places.
    let sql = "SELECT ifnull(max(id), 0) + 1 FROM certificate";
    let id: i64 = connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    let columns = vec![
        ("id", id.into()),
        ("name", entry.name.clone().into()),
        ("template", entry.template.clone().into()),
        ("issuer", entry.issuer.clone().into()),
        ("serial", entry.serial.octets().to_vec().into()),
        ("subject", entry.subject.clone().into()),
        ("names", serde_json::to_string(&entry.names).unwrap_or_default().into()),
        ("not_before", entry.validity.not_before.secs().into()),
        ("not_after", entry.validity.not_after.secs().into()),
        ("renew_before", entry.renew_before.to_string().into()),
        ("key", entry.key.to_string().into()),
        ("spki_sha256", entry.key_hash.as_bytes().to_vec().into()),
        ("sha256", entry.fingerprint.as_bytes().to_vec().into()),
        ("request_sha256", entry.request_digest.as_bytes().to_vec().into()),
        ("request", entry.request.as_ref().map_or_else(|| read::NO_REQUEST.to_owned(), RequestSpec::to_json).into()),
        ("delivered", i64::from(entry.delivered).into()),
        ("revoked_at", entry.revoked.map(|(at, _)| at.millis()).into()),
        ("reason", entry.revoked.map(|(_, reason)| reason.name().to_owned()).into()),
        ("replaced_by", entry.replaced_by.map(|by| by.as_bytes().to_vec()).into()),
    ];
    match seal::insert(connection, key, "certificate", columns, "") {
        Err(rusqlite::Error::SqliteFailure(error, _)) if error.code == rusqlite::ErrorCode::ConstraintViolation => {
            return Ok(Err(StoreError::Conflict(format!("serial number {} is used already", entry.serial))));
        }
        other => other?,
    };
    // One that came back from records alone has no bytes.
    if !new.der.is_empty() {
        add_bytes(connection, id, &new.der)?;
    }
    if let Some(pkcs8) = &new.key {
        let columns = vec![("id", id.into()), ("pkcs8", pkcs8.clone().into())];
        seal::insert(connection, key, "held_key", columns, "")?;
    }
    if !new.chain.is_empty() {
        add_chain(connection, key, id, &new.chain)?;
    }
    ids.push(id);
    Ok(Ok(()))
}

/// Issuers are few and their certificates many: each of theirs is kept once.
fn add_chain(connection: &Connection, key: &StoreKey, id: i64, chain: &[Vec<u8>]) -> rusqlite::Result<()> {
    let mut digests = Vec::with_capacity(chain.len() * 32);
    let mut keep = connection
        .prepare_cached("INSERT INTO issuer_der (sha256, der) VALUES (?1, ?2) ON CONFLICT (sha256) DO NOTHING")?;
    for der in chain {
        let digest = sha256(der);
        keep.execute(params![digest, der])?;
        digests.extend_from_slice(&digest);
    }
    let columns = vec![("id", id.into()), ("issuers", digests.into())];
    seal::insert(connection, key, "certificate_chain", columns, "")?;
    Ok(())
}

fn delivered(connection: &Connection, key: &StoreKey, ids: &[i64], drop_keys: bool) -> Applied {
    let mut drop_key = connection.prepare_cached("DELETE FROM held_key WHERE id = ?1")?;
    for id in ids {
        let set = [("delivered", 1.into())];
        if let Err(error) = seal::update(connection, key, "certificate", &set, "id = ?1", [id])? {
            return Ok(Err(error));
        }
        if drop_keys {
            drop_key.execute([id])?;
        }
    }
    Ok(Ok(()))
}

fn owe(connection: &Connection, key: &StoreKey, ids: &[i64]) -> Applied {
    for id in ids {
        let set = [("delivered", 0.into())];
        if let Err(error) = seal::update(connection, key, "certificate", &set, "id = ?1", [id])? {
            return Ok(Err(error));
        }
    }
    Ok(Ok(()))
}

fn add_bytes(connection: &Connection, id: i64, der: &[u8]) -> rusqlite::Result<()> {
    let sql = "INSERT INTO certificate_der (id, der) VALUES (?1, ?2)";
    connection.prepare_cached(sql)?.execute(params![id, der]).map(drop)
}

fn open_intent(
    connection: &Connection,
    key: &StoreKey,
    intent: &OpenIntent,
    reference: Option<(u64, Sha256)>,
) -> Applied {
    let Some((seq, leaf)) = reference else {
        return Ok(Err(StoreError::Missing("record for the intent".to_owned())));
    };
    let (kind, subject) = match &intent.subject {
        IntentSubject::Issuance(key) => ("issue", key.as_ref().map(KeyHash::as_bytes)),
        IntentSubject::Revocation(certificate) => ("revoke", Some(certificate.as_bytes())),
    };
    let columns = vec![
        ("op", intent.op.to_string().into()),
        ("session", intent.session.to_string().into()),
        ("kind", kind.to_owned().into()),
        ("name", intent.name.clone().into()),
        ("issuer", intent.issuer.clone().into()),
        ("subject", subject.map(|subject| subject.to_vec()).into()),
        ("handle", intent.handle.clone().into()),
        ("key", intent.key.clone().into()),
        ("count", intent.count.cast_signed().into()),
        ("seq", seq.cast_signed().into()),
        ("leaf", leaf.to_vec().into()),
        ("issuer_kind", intent.issuer_kind.clone().into()),
        ("csr", intent.csr.clone().into()),
        ("memory", intent.memory.as_text().to_owned().into()),
        ("due", intent.due.map(Timestamp::millis).into()),
        ("in_doubt", i64::from(intent.in_doubt).into()),
    ];
    match seal::insert(connection, key, "open_intent", columns, "") {
        Err(rusqlite::Error::SqliteFailure(error, _)) if error.code == rusqlite::ErrorCode::ConstraintViolation => {
            Ok(Err(StoreError::Conflict(format!("another process is at work on `{}`", intent.name))))
        }
        other => other.map(|_| Ok(())),
    }
}

fn install(connection: &Connection, key: &StoreKey, installation: &Installation, shared: bool) -> Applied {
    let path = installation.path.to_string_lossy();
    // What the file holds no longer: all of it, or what it held in another format.
    let sql = "DELETE FROM installation
               WHERE path = ?1 AND NOT (alias = ?5 AND format = ?3)
                   AND (NOT ?2 OR (format <> ?3 AND format NOT LIKE ?4 || '%'))";
    connection.prepare_cached(sql)?.execute(params![
        path,
        shared,
        installation.format,
        TRUSTSTORE,
        installation.alias
    ])?;
    remember(connection, key, installation)
}

fn remember(connection: &Connection, key: &StoreKey, installation: &Installation) -> Applied {
    let password_file = installation.password_file.as_ref().map(|path| path.to_string_lossy().into_owned());
    let columns = vec![
        ("path", installation.path.to_string_lossy().into_owned().into()),
        ("name", installation.name.clone().into()),
        ("format", installation.format.clone().into()),
        ("alias", installation.alias.clone().into()),
        ("password_file", password_file.into()),
    ];
    let or = "ON CONFLICT (path, alias) DO UPDATE SET name = excluded.name, format = excluded.format,
              password_file = excluded.password_file, code = excluded.code";
    seal::insert(connection, key, "installation", columns, or)?;
    Ok(Ok(()))
}

fn add_crl(connection: &Connection, key: &StoreKey, crl: &CrlEntry) -> Applied {
    let last: Option<i64> = connection
        .prepare_cached("SELECT number FROM crl WHERE authority = ?1 ORDER BY number DESC LIMIT 1")?
        .query_row([&crl.authority], |row| row.get(0))
        .optional()?;
    if last.is_some_and(|last| last >= crl.number.cast_signed()) {
        return Ok(Err(StoreError::Conflict(format!("CRL number {} of `{}` is taken", crl.number, crl.authority))));
    }
    let columns = vec![
        ("authority", crl.authority.clone().into()),
        ("number", crl.number.cast_signed().into()),
        ("this_update", crl.this_update.secs().into()),
        ("next_update", crl.next_update.secs().into()),
        ("der", crl.der.clone().into()),
        ("covers", crl.covers.map(u64::cast_signed).into()),
    ];
    seal::insert(connection, key, "crl", columns, "")?;
    Ok(Ok(()))
}
