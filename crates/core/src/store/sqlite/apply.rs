//! Writing: records, head and changes, inside a transaction that the caller holds.

use certroll_pki::digest::KeyHash;
use rusqlite::{Connection, OptionalExtension, params};

use super::read;

use crate::audit::record::Record;
use crate::audit::record::value::Id;
use crate::store::{
    Appended, Authority, Change, CrlEntry, InForceFact, Installation, IntentSubject, NewCertificate, OpenIntent,
    StoreError, TRUSTSTORE,
};
use certroll_base::clock::Timestamp;
use certroll_base::encoding::{Sha256, sha256};
use certroll_tlog::{Frontier, leaf_hash};

/// A result of the database around a result of the domain.
type Applied = rusqlite::Result<Result<(), StoreError>>;

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
        frontier.push(leaf);
        appended.leaves.push(leaf);
    }
    let times = lines.iter().filter_map(|(_, body)| Some(Record::parse(body).ok()?.ts));
    set_head(connection, &frontier, times.max().map_or(at, |latest| latest.max(at)))?;
    Ok((appended, frontier))
}

/// The tree head after records of that time. The latest time never goes back with the clock.
pub(super) fn set_head(connection: &Connection, frontier: &Frontier, at: Timestamp) -> rusqlite::Result<()> {
    let sql = "INSERT INTO audit_head (id, frontier, latest) VALUES (1, ?1, ?2)
               ON CONFLICT (id) DO UPDATE SET frontier = ?1, latest = max(latest, ?2)";
    connection.prepare_cached(sql)?.execute(params![frontier.to_bytes(), at.millis()])?;
    Ok(())
}

pub(super) fn change(connection: &Connection, change: Change, appended: &mut Appended) -> Applied {
    match change {
        Change::AddCertificate(new) => add_certificate(connection, &new, &mut appended.certificates),
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
        Change::Delivered { ids, drop_keys } => delivered(connection, &ids, drop_keys),
        Change::OpenIntent { intent, record } => open_intent(connection, &intent, appended.reference(record)),
        Change::SetHandle { op, handle } => {
            let sql = "UPDATE open_intent SET handle = ?2 WHERE op = ?1";
            one(connection.prepare_cached(sql)?.execute(params![op.to_string(), handle])?, || {
                format!("intent {op} has ended")
            })
        }
        Change::Doubt(op) => {
            let sql = "UPDATE open_intent SET in_doubt = 1 WHERE op = ?1 AND in_doubt = 0";
            one(connection.prepare_cached(sql)?.execute([op.to_string()])?, || format!("intent {op} has moved on"))
        }
        Change::Adopt { op, from, to } => {
            let sql = "UPDATE open_intent SET session = ?3 WHERE op = ?1 AND session = ?2";
            let adopted =
                connection.prepare_cached(sql)?.execute([op.to_string(), from.to_string(), to.to_string()])?;
            one(adopted, || format!("another process goes on with intent {op}"))
        }
        Change::CloseIntent(op) => {
            let closed =
                connection.prepare_cached("DELETE FROM open_intent WHERE op = ?1")?.execute([op.to_string()])?;
            one(closed, || format!("intent {op} has been ended by another process"))
        }
        Change::Revoke { id, at, reason } => {
            let sql = "UPDATE certificate SET revoked_at = ?2, reason = ?3 WHERE id = ?1 AND revoked_at IS NULL";
            let revoked = connection.prepare_cached(sql)?.execute(params![id, at.millis(), reason.name()])?;
            one(revoked, || "the certificate has just been revoked by another process".to_owned())
        }
        Change::Replace { id, by } => {
            let sql = "UPDATE certificate SET replaced_by = ?2 WHERE id = ?1 AND replaced_by IS NULL";
            let replaced = connection.prepare_cached(sql)?.execute(params![id, by.as_bytes()])?;
            one(replaced, || "the certificate has just been replaced by another process".to_owned())
        }
        Change::SetAside(fingerprint) => {
            let sql = "UPDATE certificate SET replaced_by = sha256 WHERE sha256 = ?1 AND replaced_by IS NULL";
            let set = connection.prepare_cached(sql)?.execute([fingerprint.as_bytes()])?;
            one(set, || "the certificate is set aside already".to_owned())
        }
        Change::Install { installation, shared } => install(connection, &installation, shared),
        Change::Step(step) => super::installation::change(connection, &step).map(Ok),
        Change::Forget { path, alias } => {
            let sql = "DELETE FROM installation WHERE path = ?1 AND alias = ?2";
            one(connection.prepare_cached(sql)?.execute(params![path.to_string_lossy(), alias])?, || {
                format!("another process has just forgotten `{}`", path.display())
            })
        }
        Change::Relocate { from, to } => {
            let sql = "UPDATE installation SET path = ?2 WHERE path = ?1";
            connection.prepare_cached(sql)?.execute(params![from.to_string_lossy(), to.to_string_lossy()])?;
            Ok(Ok(()))
        }
        Change::Trust(installation) => remember(connection, &installation),
        Change::Distrust { path, alias } => {
            let sql = "DELETE FROM installation WHERE path = ?1 AND alias = ?2 AND format LIKE ?3 || '%'";
            connection.prepare_cached(sql)?.execute(params![path.to_string_lossy(), alias, TRUSTSTORE])?;
            Ok(Ok(()))
        }
        Change::AddAuthority(authority) => add_authority(connection, &authority),
        Change::AddCrl(crl) => add_crl(connection, &crl),
        Change::InForce { fact, before } => in_force(connection, &fact, before.as_deref()),
        Change::NotInForce(fact) => {
            let sql = "DELETE FROM in_force WHERE kind = ?1 AND name = ?2 AND value = ?3";
            one(connection.prepare_cached(sql)?.execute(params![fact.kind, fact.name, fact.value])?, || {
                format!("another process has just recorded {} `{}`", fact.kind, fact.name)
            })
        }
        Change::AcceptClock(at) => {
            connection.prepare_cached("UPDATE audit_head SET latest = ?1 WHERE id = 1")?.execute([at.millis()])?;
            Ok(Ok(()))
        }
    }
}

fn in_force(connection: &Connection, fact: &InForceFact, before: Option<&str>) -> Applied {
    let written = match before {
        None => {
            let sql = "INSERT INTO in_force (kind, name, value) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
            connection.prepare_cached(sql)?.execute(params![fact.kind, fact.name, fact.value])?
        }
        Some(before) => {
            let sql = "UPDATE in_force SET value = ?3 WHERE kind = ?1 AND name = ?2 AND value = ?4";
            connection.prepare_cached(sql)?.execute(params![fact.kind, fact.name, fact.value, before])?
        }
    };
    one(written, || format!("another process has just recorded {} `{}`", fact.kind, fact.name))
}

fn one(rows: usize, conflict: impl FnOnce() -> String) -> Applied {
    Ok(if rows == 1 { Ok(()) } else { Err(StoreError::Conflict(conflict())) })
}

fn add_certificate(connection: &Connection, new: &NewCertificate, ids: &mut Vec<i64>) -> Applied {
    let entry = &new.entry;
    let mut statement = connection.prepare_cached(
        "INSERT INTO certificate (name, template, issuer, serial, subject, names, not_before, not_after, renew_before,
             key, spki_sha256, sha256, request_sha256, request, delivered)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    )?;
    let inserted = statement.insert(params![
        entry.name,
        entry.template,
        entry.issuer,
        entry.serial.octets(),
        entry.subject,
        serde_json::to_string(&entry.names).unwrap_or_default(),
        entry.validity.not_before.secs(),
        entry.validity.not_after.secs(),
        entry.renew_before.to_string(),
        entry.key,
        entry.key_hash.as_bytes(),
        entry.fingerprint.as_bytes(),
        entry.request_digest.as_bytes(),
        entry.request,
        entry.delivered,
    ]);
    let id = match inserted {
        Err(rusqlite::Error::SqliteFailure(error, _)) if error.code == rusqlite::ErrorCode::ConstraintViolation => {
            return Ok(Err(StoreError::Conflict(format!("serial number {} is used already", entry.serial))));
        }
        other => other?,
    };
    connection
        .prepare_cached("INSERT INTO certificate_der (id, der) VALUES (?1, ?2)")?
        .execute(params![id, new.der])?;
    if let Some(key) = &new.key {
        connection.prepare_cached("INSERT INTO held_key (id, pkcs8) VALUES (?1, ?2)")?.execute(params![id, key])?;
    }
    if !new.chain.is_empty() {
        add_chain(connection, id, &new.chain)?;
    }
    ids.push(id);
    Ok(Ok(()))
}

/// Issuers are few and their certificates many: each of theirs is kept once.
fn add_chain(connection: &Connection, id: i64, chain: &[Vec<u8>]) -> rusqlite::Result<()> {
    let mut digests = Vec::with_capacity(chain.len() * 32);
    let mut keep = connection
        .prepare_cached("INSERT INTO issuer_der (sha256, der) VALUES (?1, ?2) ON CONFLICT (sha256) DO NOTHING")?;
    for der in chain {
        let digest = sha256(der);
        keep.execute(params![digest, der])?;
        digests.extend_from_slice(&digest);
    }
    connection
        .prepare_cached("INSERT INTO certificate_chain (id, issuers) VALUES (?1, ?2)")?
        .execute(params![id, digests])?;
    Ok(())
}

fn delivered(connection: &Connection, ids: &[i64], drop_keys: bool) -> Applied {
    let mut mark = connection.prepare_cached("UPDATE certificate SET delivered = 1 WHERE id = ?1")?;
    let mut drop_key = connection.prepare_cached("DELETE FROM held_key WHERE id = ?1")?;
    for id in ids {
        mark.execute([id])?;
        if drop_keys {
            drop_key.execute([id])?;
        }
    }
    Ok(Ok(()))
}

fn open_intent(connection: &Connection, intent: &OpenIntent, reference: Option<(u64, Sha256)>) -> Applied {
    let Some((seq, leaf)) = reference else {
        return Ok(Err(StoreError::Missing("record for the intent".to_owned())));
    };
    let (kind, subject) = match &intent.subject {
        IntentSubject::Issuance(key) => ("issue", key.as_ref().map(KeyHash::as_bytes)),
        IntentSubject::Revocation(certificate) => ("revoke", Some(certificate.as_bytes())),
    };
    let mut statement = connection.prepare_cached(
        "INSERT INTO open_intent (op, session, kind, name, issuer, subject, handle, key, count, seq, leaf, issuer_kind,
             csr, memory, due, in_doubt)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
    )?;
    let opened = statement.insert(params![
        intent.op.to_string(),
        intent.session.to_string(),
        kind,
        intent.name,
        intent.issuer,
        subject,
        intent.handle,
        intent.key,
        intent.count.cast_signed(),
        seq.cast_signed(),
        leaf,
        intent.issuer_kind,
        intent.csr,
        intent.memory,
        intent.due.map(Timestamp::millis),
        intent.in_doubt,
    ]);
    match opened {
        Err(rusqlite::Error::SqliteFailure(error, _)) if error.code == rusqlite::ErrorCode::ConstraintViolation => {
            Ok(Err(StoreError::Conflict(format!("another process is at work on `{}`", intent.name))))
        }
        other => other.map(|_| Ok(())),
    }
}

fn install(connection: &Connection, installation: &Installation, shared: bool) -> Applied {
    let path = installation.path.to_string_lossy();
    // What the file holds no longer: all of it, or what it held in another format.
    let sql = "DELETE FROM installation
               WHERE path = ?1 AND NOT (alias = ?5 AND format = ?3) AND (NOT ?2 OR (format <> ?3 AND format NOT LIKE ?4 || '%'))";
    connection.prepare_cached(sql)?.execute(params![
        path,
        shared,
        installation.format,
        TRUSTSTORE,
        installation.alias
    ])?;
    remember(connection, installation)
}

fn remember(connection: &Connection, installation: &Installation) -> Applied {
    let path = installation.path.to_string_lossy();
    let sql = "INSERT INTO installation (path, name, format, alias, password_file) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (path, alias) DO UPDATE SET name = ?2, format = ?3, password_file = ?5";
    connection.prepare_cached(sql)?.execute(params![
        path,
        installation.name,
        installation.format,
        installation.alias,
        installation.password_file.as_ref().map(|path| path.to_string_lossy()),
    ])?;
    Ok(Ok(()))
}

fn add_authority(connection: &Connection, authority: &Authority) -> Applied {
    let sql = "INSERT INTO authority (name, parent, certificate, key_file, pointers) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (name) DO NOTHING";
    let pointers = &authority.pointers;
    let pointers = serde_json::json!({"crl": pointers.crl, "ocsp": pointers.ocsp, "ca_issuers": pointers.ca_issuers});
    let added = connection.prepare_cached(sql)?.execute(params![
        authority.name,
        authority.parent,
        authority.certificate.as_bytes(),
        authority.key_file,
        pointers.to_string(),
    ])?;
    one(added, || format!("there is a CA named `{}` already", authority.name))
}

fn add_crl(connection: &Connection, crl: &CrlEntry) -> Applied {
    let last: Option<i64> = connection
        .prepare_cached("SELECT number FROM crl WHERE authority = ?1 ORDER BY number DESC LIMIT 1")?
        .query_row([&crl.authority], |row| row.get(0))
        .optional()?;
    if last.is_some_and(|last| last >= crl.number.cast_signed()) {
        return Ok(Err(StoreError::Conflict(format!("CRL number {} of `{}` is taken", crl.number, crl.authority))));
    }
    let sql = "INSERT INTO crl (authority, number, this_update, next_update, der) VALUES (?1, ?2, ?3, ?4, ?5)";
    connection.prepare_cached(sql)?.execute(params![
        crl.authority,
        crl.number.cast_signed(),
        crl.this_update.secs(),
        crl.next_update.secs(),
        crl.der,
    ])?;
    Ok(Ok(()))
}
