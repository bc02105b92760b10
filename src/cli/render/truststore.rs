//! Truststores: what one trusts, and what the home knows of all of them.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{inspected, table};
use certroll_core::lifecycle::truststore::open::TrustedEntry;
use certroll_core::lifecycle::truststore::sync::Synced;
use certroll_core::store::{Installation, TRUSTSTORE};
use certroll_pki::x509::certificate::Certificate;

/// The JSON of one trusted certificate.
pub(crate) fn entry(trusted: &TrustedEntry) -> Value {
    let certificate = Certificate::from_der(&trusted.der).ok();
    json!({"alias": trusted.alias, "certificate": certificate.as_ref().map(inspected::certificate_value)})
}

/// Trusted certificates for a person.
pub(crate) fn table(trusted: &[TrustedEntry], width: Option<u16>) -> String {
    let row = |entry: &TrustedEntry| {
        let alias = entry.alias.clone().unwrap_or_else(|| "-".to_owned());
        match Certificate::from_der(&entry.der) {
            Ok(one) => {
                let sha256 = one.fingerprint().to_string();
                vec![alias, one.display_name(), one.validity.not_after.to_string(), sha256]
            }
            Err(_) => vec![alias, "(cannot be read)".to_owned(), "-".to_owned(), "-".to_owned()],
        }
    };
    table::rows(&["ALIAS", "NAME", "VALID UNTIL", "SHA256"], trusted.iter().map(row), width)
}

fn state(row: &Installation, stale: &[PathBuf]) -> &'static str {
    match (row.path.exists(), stale.contains(&row.path)) {
        (false, _) => "missing",
        (true, true) => "to be synchronised",
        (true, false) => "known",
    }
}

/// The JSON of one row of the inventory.
pub(crate) fn known(row: &Installation, stale: &[PathBuf]) -> Value {
    json!({
        "file": row.path.display().to_string(),
        "format": row.format.strip_prefix(TRUSTSTORE),
        "alias": row.alias,
        "ca": Some(&row.name).filter(|name| !name.is_empty()),
        "state": state(row, stale),
    })
}

/// The rows of the inventory for a person.
pub(crate) fn known_table(rows: &[Installation], stale: &[PathBuf], width: Option<u16>) -> String {
    let row = |row: &Installation| {
        let ca = if row.name.is_empty() { "-" } else { &row.name };
        vec![row.path.display().to_string(), row.alias.clone(), ca.to_owned(), state(row, stale).to_owned()]
    };
    table::rows(&["FILE", "ALIAS", "CA", "STATE"], rows.iter().map(row), width)
}

/// The JSON of one synchronised truststore.
pub(crate) fn synced(one: &Synced) -> Value {
    json!({
        "file": one.path.display().to_string(),
        "changed": one.result.as_ref().is_ok_and(|edited| edited.changed),
        "messages": one.result.as_ref().map(|edited| edited.said.clone()).unwrap_or_default(),
        "error": one.result.as_ref().err().map(ToString::to_string),
    })
}
