//! Rows of CAs: written, changed and taken away.

use rusqlite::{Connection, params};

use super::apply::{Applied, one};
use super::seal;
use crate::store::{Authority, Pointers, StoreKey};

/// Sorted by name, as every version has written them.
fn text(pointers: &Pointers) -> String {
    serde_json::json!({"crl": pointers.crl, "ocsp": pointers.ocsp, "ca_issuers": pointers.ca_issuers}).to_string()
}

pub(super) fn add(connection: &Connection, key: &StoreKey, authority: &Authority) -> Applied {
    let columns = vec![
        ("name", authority.name.clone().into()),
        ("parent", authority.parent.clone().into()),
        ("certificate", authority.certificate.as_bytes().to_vec().into()),
        ("key_file", authority.key_file.clone().into()),
        ("pointers", text(&authority.pointers).into()),
    ];
    let added = seal::insert(connection, key, "authority", columns, "ON CONFLICT (name) DO NOTHING")?;
    one(Ok(added), || format!("there is a CA named `{}` already", authority.name))
}

pub(super) fn set(connection: &Connection, key: &StoreKey, before: &Authority, after: &Authority) -> Applied {
    let set = [
        ("parent", after.parent.clone().into()),
        ("certificate", after.certificate.as_bytes().to_vec().into()),
        ("key_file", after.key_file.clone().into()),
        ("pointers", text(&after.pointers).into()),
    ];
    let condition = "name = ?1 AND certificate = ?2 AND key_file = ?3 AND pointers = ?4";
    let pointers = text(&before.pointers);
    let known = params![before.name, before.certificate.as_bytes(), before.key_file, pointers];
    one(seal::update(connection, key, "authority", &set, condition, known)?, || moved(before))
}

pub(super) fn remove(connection: &Connection, authority: &Authority) -> Applied {
    let sql = "DELETE FROM authority WHERE name = ?1 AND certificate = ?2
               AND NOT EXISTS (SELECT 1 FROM authority below WHERE below.parent = ?1)
               AND NOT EXISTS (SELECT 1 FROM certificate WHERE issuer = ?1 AND sha256 <> ?2)
               AND NOT EXISTS (SELECT 1 FROM open_intent WHERE issuer = ?1)";
    connection.prepare_cached("DELETE FROM crl WHERE authority = ?1")?.execute([&authority.name])?;
    let gone = connection.prepare_cached(sql)?.execute(params![authority.name, authority.certificate.as_bytes()])?;
    one(Ok(gone), || moved(authority))
}

fn moved(authority: &Authority) -> String {
    format!("another process has just changed CA `{}`", authority.name)
}
