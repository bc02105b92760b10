//! Revocations that are taken over without their certificates, as a record tells them.

use serde_json::{Map, Value, json};

use crate::audit::record::Record;
use certroll_base::clock::Timestamp;
use certroll_pki::x509::crl::RevokedEntry;
use certroll_pki::x509::reason::RevocationReason;
use certroll_pki::x509::serial::SerialNumber;

/// So many stand in one record, which has at most 65535 bytes.
pub const IMPORTED_IN_ONE_RECORD: usize = 400;

/// The facts of the record of some of them, of the CA of that name.
pub fn imported_revocation_facts(authority: &str, some: &[RevokedEntry]) -> Map<String, Value> {
    let entry = |one: &RevokedEntry| json!({"sn": one.serial.to_string(), "at": one.revoked_at.to_string(), "reason": one.reason.name()});
    let list = some.iter().map(entry).collect();
    Map::from_iter([("ca".to_owned(), authority.into()), ("revoked".to_owned(), Value::Array(list))])
}

/// The revocations that a record takes over: whose CA, and what its CRLs list.
pub fn imported_revocations(record: &Record<'_>) -> Vec<(String, RevokedEntry)> {
    let Some(issuer) = record.x.get("ca").and_then(|name| name.as_str()) else { return Vec::new() };
    let list = record.x.get("revoked").and_then(|list| list.as_array()).map(Vec::as_slice).unwrap_or_default();
    let read = |one: &serde_json::Value| {
        let text = |name: &str| one.get(name).and_then(|value| value.as_str());
        let reason = text("reason")?.parse().unwrap_or(RevocationReason::Unspecified);
        let (serial, at) = (SerialNumber::parse(text("sn")?)?, Timestamp::parse(text("at")?)?);
        Some((issuer.to_owned(), RevokedEntry { serial, revoked_at: at, reason }))
    };
    list.iter().filter_map(read).collect()
}
