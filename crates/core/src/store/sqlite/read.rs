//! Reading: rows back into values.

use super::seal::QueryResult;
use crate::store::RequestDigest;
use certroll_pki::digest::Fingerprint;
use certroll_pki::digest::KeyHash;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use super::seal::{SealCheck, sealed};

use crate::audit::record::value::Id;
use crate::store::{
    Authority, CertificateEntry, CrlEntry, InForceFact, IntentMemory, IntentSubject, NewestCertificate, OpenIntent,
    Pointers, Query, Selector, StoreError, StoreKey, VisitRecord,
};
use certroll_base::clock::Timestamp;
use certroll_base::encoding::{Sha256, sha256};
use certroll_pki::key::kind::PublicKeyKind;
use certroll_pki::x509::crl::RevokedEntry;
use certroll_pki::x509::reason::RevocationReason;
use certroll_pki::x509::serial::SerialNumber;
use certroll_pki::x509::validity::Validity;

fn damaged(what: &str) -> StoreError {
    StoreError::Damaged(what.to_owned())
}

pub(super) fn latest(connection: &Connection) -> rusqlite::Result<Option<Timestamp>> {
    let mut statement = connection.prepare_cached("SELECT latest FROM audit_head WHERE id = 1")?;
    statement.query_row([], |row| Ok(Timestamp::from_millis(row.get(0)?))).optional()
}

pub(super) fn in_force(connection: &Connection, key: Option<&StoreKey>) -> QueryResult<Vec<InForceFact>> {
    sealed(connection, key, "in_force", "ORDER BY kind, name", [], |row| {
        Ok(InForceFact { kind: row.get("kind")?, name: row.get("name")?, value: row.get("value")? })
    })
}

pub(super) fn records(connection: &Connection, first: u64, visit: &mut VisitRecord<'_>) -> QueryResult<()> {
    let mut statement = connection.prepare_cached("SELECT seq, body FROM audit_record WHERE seq >= ?1 ORDER BY seq")?;
    let mut rows = statement.query([first.cast_signed()])?;
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        let visited = visit(seq.cast_unsigned(), row.get_ref(1)?.as_blob()?);
        if visited.is_err() {
            return Ok(visited);
        }
    }
    Ok(Ok(()))
}

/// In one read transaction: outside of one, every look-up would lock and unlock the file.
pub(super) fn newest(
    connection: &Connection,
    key: Option<&StoreKey>,
    names: &[&str],
) -> QueryResult<Vec<Option<NewestCertificate>>> {
    let transaction = connection.unchecked_transaction()?;
    let mut statement = connection
        .prepare_cached("SELECT * FROM certificate WHERE name = ?1 AND replaced_by IS NULL ORDER BY id DESC LIMIT 1")?;
    let check = SealCheck::of(&statement, "certificate", key)?;
    let mut found = Vec::with_capacity(names.len());
    for name in names {
        let mut rows = statement.query([name])?;
        let Some(row) = rows.next()? else {
            found.push(None);
            continue;
        };
        if let Err(error) = check.check(row)? {
            return Ok(Err(error));
        }
        let reason: Option<String> = row.get("reason")?;
        let revoked = reason.map(|reason| reason.parse().unwrap_or(RevocationReason::Unspecified));
        let request_digest = RequestDigest::new(row.get("request_sha256")?);
        let (id, delivered) = (row.get("id")?, row.get("delivered")?);
        found.push(Some(NewestCertificate { id, request_digest, delivered, revoked }));
    }
    drop(statement);
    transaction.finish()?;
    Ok(Ok(found))
}

pub(super) fn record(connection: &Connection, id: &Id) -> rusqlite::Result<Option<(u64, Vec<u8>)>> {
    let mut statement = connection.prepare_cached("SELECT seq, body FROM audit_record WHERE id = ?1")?;
    statement.query_row([id.as_bytes()], |row| Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get(1)?))).optional()
}

pub(super) fn current(connection: &Connection, name: &str) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT id FROM certificate
               WHERE name = ?1 AND revoked_at IS NULL AND replaced_by IS NULL ORDER BY id DESC LIMIT 1";
    connection.prepare_cached(sql)?.query_row([name], |row| row.get(0)).optional()
}

const COLUMNS: &str = "id, name, template, issuer, serial, subject, names, not_before, not_after, renew_before, key,
    spki_sha256, sha256, request_sha256, request, delivered, revoked_at, reason, replaced_by";

pub(super) fn certificates(
    connection: &Connection,
    key: Option<&StoreKey>,
    query: &Query,
) -> QueryResult<Vec<CertificateEntry>> {
    let (conditions, values) = conditions(query);
    let filter = if conditions.is_empty() { String::new() } else { format!("WHERE {}", conditions.join(" AND ")) };
    // A home that was not written to for long has no codes, and then there is no key for it here.
    let code = if key.is_some() { ", code" } else { "" };
    let order = query.newest.map_or_else(|| "id".to_owned(), |most| format!("id DESC LIMIT {most}"));
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS}{code} FROM certificate {filter} ORDER BY {order}"))?;
    let check = SealCheck::of(&statement, "certificate", key)?;
    let mut found = collect(&check, statement.query(params_from_iter(values))?)?;
    if let (Ok(found), Some(_)) = (&mut found, query.newest) {
        found.reverse();
    }
    Ok(found)
}

/// The certificates for which a condition holds that has no parameters.
pub(super) fn certificates_where(
    connection: &Connection,
    key: Option<&StoreKey>,
    condition: &str,
) -> QueryResult<Vec<CertificateEntry>> {
    let code = if key.is_some() { ", code" } else { "" };
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS}{code} FROM certificate WHERE {condition} ORDER BY id"))?;
    let check = SealCheck::of(&statement, "certificate", key)?;
    collect(&check, statement.query([])?)
}

fn collect(check: &SealCheck<'_>, mut rows: rusqlite::Rows<'_>) -> QueryResult<Vec<CertificateEntry>> {
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        if let Err(error) = check.check(row)? {
            return Ok(Err(error));
        }
        match entry(row)? {
            Some(entry) => found.push(entry),
            None => return Ok(Err(damaged("a row of the inventory is malformed"))),
        }
    }
    Ok(Ok(found))
}

fn conditions(query: &Query) -> (Vec<String>, Vec<Value>) {
    let mut conditions = Vec::new();
    let mut values = Vec::new();
    let mut any = Vec::new();
    for selector in &query.selectors {
        let (column, value) = match selector {
            Selector::Name(name) => ("name", Value::Text(name.clone())),
            Selector::Serial(serial) => ("serial", Value::Blob(serial.octets().to_vec())),
            Selector::Fingerprint(fingerprint) => ("sha256", Value::Blob(fingerprint.as_bytes().to_vec())),
            Selector::Key(hash) => ("spki_sha256", Value::Blob(hash.as_bytes().to_vec())),
        };
        values.push(value);
        any.push(format!("{column} = ?{}", values.len()));
    }
    if !any.is_empty() {
        conditions.push(format!("({})", any.join(" OR ")));
    }
    let mut equal = |column: &str, operator: &str, value: Option<Value>| {
        if let Some(value) = value {
            values.push(value);
            conditions.push(format!("{column} {operator} ?{}", values.len()));
        }
    };
    equal("template", "=", query.template.clone().map(Value::Text));
    equal("issuer", "=", query.issuer.clone().map(Value::Text));
    equal("not_after", "<", query.expires_before.map(|at| Value::Integer(at.secs())));
    for (wanted, condition) in
        [(query.current, "revoked_at IS NULL AND replaced_by IS NULL"), (query.revoked, "revoked_at IS NOT NULL")]
    {
        if wanted {
            conditions.push(condition.to_owned());
        }
    }
    (conditions, values)
}

/// Stands in the column for a request that was not made here.
pub(super) const NO_REQUEST: &str = "{}";

fn entry(row: &Row<'_>) -> rusqlite::Result<Option<CertificateEntry>> {
    let serial: Vec<u8> = row.get(4)?;
    let names: String = row.get(6)?;
    let renew_before: String = row.get(9)?;
    let revoked_at: Option<i64> = row.get(16)?;
    let reason: Option<String> = row.get(17)?;
    let request: String = row.get(14)?;
    let request = if request == NO_REQUEST { Ok(None) } else { serde_json::from_str(&request).map(Some) };
    let (Ok(names), Ok(renew_before), Ok(request)) = (serde_json::from_str(&names), renew_before.parse(), request)
    else {
        return Ok(None);
    };
    let revoked = match (revoked_at, reason.map(|reason| reason.parse())) {
        (Some(at), Some(Ok(reason))) => Some((Timestamp::from_millis(at), reason)),
        (None, None) => None,
        _ => return Ok(None),
    };
    Ok(Some(CertificateEntry {
        id: row.get(0)?,
        name: row.get(1)?,
        template: row.get(2)?,
        issuer: row.get(3)?,
        serial: SerialNumber::from_octets(&serial),
        subject: row.get(5)?,
        names,
        validity: Validity {
            not_before: Timestamp::from_secs(row.get(7)?),
            not_after: Timestamp::from_secs(row.get(8)?),
        },
        renew_before,
        key: PublicKeyKind::from(row.get::<_, String>(10)?.as_str()),
        key_hash: KeyHash::new(row.get(11)?),
        fingerprint: Fingerprint::new(row.get(12)?),
        request_digest: RequestDigest::new(row.get(13)?),
        request,
        delivered: row.get(15)?,
        revoked,
        replaced_by: row.get::<_, Option<Sha256>>(18)?.map(Fingerprint::new),
    }))
}

pub(super) fn certificate_der(connection: &Connection, id: i64) -> rusqlite::Result<Option<Vec<u8>>> {
    connection
        .prepare_cached("SELECT der FROM certificate_der WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()
}

/// Certificates and issuers: each must have the hash by which it is found.
pub(super) fn check_certificates(connection: &Connection) -> QueryResult<()> {
    for sql in
        ["SELECT sha256, der FROM certificate JOIN certificate_der USING (id)", "SELECT sha256, der FROM issuer_der"]
    {
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (expected, der): (Sha256, Vec<u8>) = (row.get(0)?, row.get(1)?);
            if sha256(&der) != expected {
                return Ok(Err(damaged("a certificate is not the one of its row")));
            }
        }
    }
    Ok(Ok(()))
}

/// A home of the first version has no such tables as long as nothing was written to it since.
pub(super) fn certificate_chain(connection: &Connection, key: Option<&StoreKey>, id: i64) -> QueryResult<Vec<Vec<u8>>> {
    if super::schema::version(connection)? < 2 {
        return Ok(Ok(Vec::new()));
    }
    let rows = sealed(connection, key, "certificate_chain", "WHERE id = ?1", [id], |row| row.get("issuers"))?;
    let digests: Vec<u8> = match rows {
        Ok(mut rows) => rows.pop().unwrap_or_default(),
        Err(error) => return Ok(Err(error)),
    };
    let mut issuer = connection.prepare_cached("SELECT der FROM issuer_der WHERE sha256 = ?1")?;
    let mut chain = Vec::new();
    for digest in digests.chunks(32) {
        match issuer.query_row([digest], |row| row.get::<_, Vec<u8>>(0)).optional()? {
            Some(der) if sha256(&der) == digest => chain.push(der),
            _ => return Ok(Err(damaged("a certificate's issuer is missing, or is another one"))),
        }
    }
    Ok(Ok(chain))
}

pub(super) fn held_key(
    connection: &Connection,
    key: Option<&StoreKey>,
    spki: &KeyHash,
) -> QueryResult<Option<Vec<u8>>> {
    let rest = "WHERE id IN (SELECT id FROM certificate WHERE spki_sha256 = ?1) ORDER BY id DESC LIMIT 1";
    Ok(sealed(connection, key, "held_key", rest, [spki.as_bytes()], |row| row.get("pkcs8"))?.map(|mut keys| keys.pop()))
}

pub(super) fn held_keys(connection: &Connection, key: Option<&StoreKey>) -> QueryResult<Vec<(i64, Vec<u8>)>> {
    sealed(connection, key, "held_key", "ORDER BY id", [], |row| Ok((row.get("id")?, row.get("pkcs8")?)))
}

pub(super) fn knows_key(connection: &Connection, key: &KeyHash) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT 1 FROM certificate WHERE spki_sha256 = ?1")?.exists([key.as_bytes()])
}

pub(super) fn open_intents(connection: &Connection, key: Option<&StoreKey>) -> QueryResult<Vec<OpenIntent>> {
    let code = if key.is_some() { ", code" } else { "" };
    let sql = format!(
        "SELECT op, session, kind, name, issuer, subject, handle, key, count, seq, leaf, issuer_kind, csr, memory, due,
             in_doubt{code} FROM open_intent ORDER BY seq"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let check = SealCheck::of(&statement, "open_intent", key)?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        if let Err(error) = check.check(row)? {
            return Ok(Err(error));
        }
        let (op, session, kind): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let subject = match (kind.as_str(), row.get::<_, Option<Sha256>>(5)?) {
            ("issue", key) => IntentSubject::Issuance(key.map(KeyHash::new)),
            ("revoke", Some(certificate)) => IntentSubject::Revocation(Fingerprint::new(certificate)),
            _ => return Ok(Err(damaged("an open intent is of no known kind"))),
        };
        let (Ok(op), Ok(session)) = (op.parse::<Id>(), session.parse::<Id>()) else {
            return Ok(Err(damaged("an open intent has a malformed id")));
        };
        found.push(OpenIntent {
            op,
            session,
            name: row.get(3)?,
            issuer: row.get(4)?,
            subject,
            handle: row.get(6)?,
            key: row.get(7)?,
            count: row.get::<_, i64>(8)?.cast_unsigned(),
            reference: (row.get::<_, i64>(9)?.cast_unsigned(), row.get(10)?),
            issuer_kind: row.get(11)?,
            csr: row.get(12)?,
            memory: IntentMemory::from_text(row.get(13)?),
            due: row.get::<_, Option<i64>>(14)?.map(Timestamp::from_millis),
            in_doubt: row.get(15)?,
        });
    }
    Ok(Ok(found))
}

pub(super) fn authorities(connection: &Connection, key: Option<&StoreKey>) -> QueryResult<Vec<Authority>> {
    let code = if key.is_some() { ", code" } else { "" };
    let sql = format!("SELECT name, parent, certificate, key_file, pointers{code} FROM authority ORDER BY rowid");
    let mut statement = connection.prepare_cached(&sql)?;
    let check = SealCheck::of(&statement, "authority", key)?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        if let Err(error) = check.check(row)? {
            return Ok(Err(error));
        }
        let pointers: String = row.get(4)?;
        let Ok(pointers) = serde_json::from_str::<serde_json::Value>(&pointers) else {
            return Ok(Err(damaged("a CA has malformed pointers")));
        };
        let list = |key: &str| -> Vec<String> {
            let items = pointers[key].as_array().map(Vec::as_slice).unwrap_or_default();
            items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
        };
        found.push(Authority {
            name: row.get(0)?,
            parent: row.get(1)?,
            certificate: Fingerprint::new(row.get(2)?),
            key_file: row.get(3)?,
            pointers: Pointers { crl: list("crl"), ocsp: list("ocsp"), ca_issuers: list("ca_issuers") },
        });
    }
    Ok(Ok(found))
}

pub(super) fn latest_crl(
    connection: &Connection,
    key: Option<&StoreKey>,
    authority: &str,
) -> QueryResult<Option<CrlEntry>> {
    let crl = |row: &Row<'_>| {
        Ok(CrlEntry {
            authority: authority.to_owned(),
            number: row.get::<_, i64>("number")?.cast_unsigned(),
            this_update: Timestamp::from_secs(row.get("this_update")?),
            next_update: Timestamp::from_secs(row.get("next_update")?),
            der: row.get("der")?,
            // A home of an earlier version has no such column as long as nothing was written to it since.
            covers: row.get::<_, Option<i64>>("covers").unwrap_or_default().map(i64::cast_unsigned),
        })
    };
    let rest = "WHERE authority = ?1 ORDER BY number DESC LIMIT 1";
    Ok(sealed(connection, key, "crl", rest, [authority], crl)?.map(|mut crls| crls.pop()))
}

pub(super) fn revoked(connection: &Connection, authority: &str) -> QueryResult<Vec<RevokedEntry>> {
    let sql =
        "SELECT serial, revoked_at, reason FROM certificate WHERE issuer = ?1 AND revoked_at IS NOT NULL ORDER BY id";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([authority])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (serial, at, reason): (Vec<u8>, i64, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let Ok(reason) = reason.parse() else { return Ok(Err(damaged("a revocation has no known reason"))) };
        let serial = SerialNumber::from_octets(&serial);
        found.push(RevokedEntry { serial, revoked_at: Timestamp::from_millis(at), reason });
    }
    Ok(Ok(found))
}
