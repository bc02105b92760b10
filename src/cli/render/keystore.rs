//! Keystores: their entries, differences and findings.

use std::path::Path;

use serde_json::{Value, json};

use super::{inspected, table};
use certroll_base::text::printable;
use certroll_core::tools::keystore::file::KeystoreFile;
use certroll_core::tools::keystore::lint::KeystoreFinding;
use certroll_keystore::compare::KeystoreDifference;
use certroll_keystore::{Attribute, Entry, EntryKey, Item};
use certroll_pki::key::KeyPair;
use certroll_pki::verify::signature;
use certroll_pki::x509::certificate::Certificate;

/// The certificates of an entry that can be read.
fn certificates(entry: &Entry) -> Vec<Certificate> {
    entry.item.certificates().iter().filter_map(|der| Certificate::from_der(der).ok()).collect()
}

/// Whether the key opens with neither password.
fn is_closed(file: &KeystoreFile, entry: &Entry) -> bool {
    matches!(&entry.item, Item::Key { key: EntryKey::Protected(_), .. }) && file.unlock(entry).is_err()
}

/// Kind of the key of an entry: that of its certificate, or of the private key while it has none.
fn key_kind(file: &KeystoreFile, entry: &Entry) -> Option<String> {
    if let Some(first) = certificates(entry).first() {
        return Some(signature::key_description(&first.spki));
    }
    match &entry.item {
        Item::Key { .. } => {
            let plain = file.unlock(entry).ok()?;
            KeyPair::from_pkcs8(plain.expose()).ok().map(|pair| pair.algorithm().to_string())
        }
        Item::Secret(secret) => Some(secret.algorithm.clone()),
        _ => None,
    }
}

/// The JSON document of a keystore.
pub(crate) fn document(file: &KeystoreFile) -> Value {
    let entries: Vec<Value> = file.entries.iter().map(|one| entry(file, one)).collect();
    let protection: Vec<Value> = file
        .protection
        .iter()
        .map(|part| {
            json!({
                "of": part.of, "algorithm": part.algorithm, "iterations": part.iterations, "weakness": part.weakness,
            })
        })
        .collect();
    json!({
        "schema": "certroll/keystore/v1",
        "file": file.path.display().to_string(),
        "format": file.format.id,
        "authenticated": file.passwords.store.is_some() && file.format.authenticated,
        "protection": protection,
        "entries": entries,
    })
}

/// The attributes of an entry: whose (0 for the entry itself, else the certificate's place in the chain), and which.
fn attributes(entry: &Entry) -> Vec<(usize, &Attribute)> {
    let own = entry.attributes.own().iter().map(|attribute| (0, attribute));
    let chain = entry.item.certificates().iter().enumerate();
    let chain = chain.flat_map(|(at, der)| entry.attributes.of_certificate(der).iter().map(move |one| (at + 1, one)));
    own.chain(chain).collect()
}

/// The JSON of one entry.
pub(crate) fn entry(file: &KeystoreFile, entry: &Entry) -> Value {
    let certificates: Vec<_> = certificates(entry).iter().map(inspected::certificate_value).collect();
    let attribute = |(certificate, attribute): (usize, &Attribute)| {
        json!({
            "certificate": (certificate > 0).then_some(certificate),
            "type": attribute.oid(),
            "name": attribute.name(),
            "value": attribute.value(),
        })
    };
    let attributes: Vec<_> = attributes(entry).into_iter().map(attribute).collect();
    json!({
        "alias": entry.alias,
        "kind": entry.item.kind(),
        "created": entry.created.map(|at| at.to_string()),
        "key": key_kind(file, entry),
        "key_opens": matches!(entry.item, Item::Key { .. }).then(|| !is_closed(file, entry)),
        "certificates": certificates,
        "attributes": attributes,
    })
}

/// The entries for a person, one a line.
pub(crate) fn table(file: &KeystoreFile, width: Option<u16>) -> String {
    let row = |entry: &Entry| {
        let certificates = certificates(entry);
        let first = certificates.first();
        let until = first.map(|one| one.validity.not_after.to_string()).unwrap_or_else(|| "-".to_owned());
        let chain = match entry.item {
            Item::Key { .. } => certificates.len().to_string(),
            _ => "-".to_owned(),
        };
        let name = first.map(Certificate::display_name).unwrap_or_else(|| "-".to_owned());
        let key = key_kind(file, entry).unwrap_or_else(|| "-".to_owned());
        vec![entry.alias.clone(), entry.item.kind().to_owned(), key, name, chain, until]
    };
    table::rows(&["ALIAS", "KIND", "KEY", "NAME", "CHAIN", "VALID UNTIL"], file.entries.iter().map(row), width)
}

/// Everything for a person.
pub(crate) fn details(file: &KeystoreFile, width: Option<u16>) -> String {
    let part = |part: &certroll_keystore::protection::Part| {
        let iterations = part.iterations.map(|n| format!(", {n} iterations")).unwrap_or_default();
        format!("{}: {}{iterations}", part.of, part.algorithm)
    };
    let head = [
        ("keystore", file.path.display().to_string()),
        ("format", file.format.id.to_owned()),
        ("protection", file.protection.iter().map(part).collect::<Vec<_>>().join("\n")),
        ("entries", file.entries.len().to_string()),
    ];
    let mut text = table::pairs(&head, width);
    for entry in &file.entries {
        text.push('\n');
        let created = entry.created.map(|at| at.to_string()).unwrap_or_default();
        let mut kind = entry.item.kind().to_owned();
        if is_closed(file, entry) {
            kind.push_str(", closed: its key has another password");
        }
        let key = key_kind(file, entry).unwrap_or_default();
        let attribute = |(certificate, attribute): (usize, &Attribute)| match certificate {
            0 => format!("{}: {}", attribute.name(), printable(&attribute.value())),
            _ => format!("certificate {certificate}: {}: {}", attribute.name(), printable(&attribute.value())),
        };
        let attributes: Vec<_> = attributes(entry).into_iter().map(attribute).collect();
        let head = [
            ("entry", entry.alias.clone()),
            ("kind", kind),
            ("key", key),
            ("created", created),
            ("attributes", attributes.join("\n")),
        ];
        text.push_str(&table::pairs(&head, width));
        for (at, certificate) in certificates(entry).iter().enumerate() {
            let title = if at == 0 { "certificate" } else { "issued by" };
            text.push_str(&table::pairs(&inspected::certificate_pairs(title, certificate), width));
        }
    }
    text
}

/// The differences for a person: `-` for the first, `+` for the second, `~` for what differs.
pub(crate) fn differences(first: &KeystoreFile, second: &KeystoreFile, found: &[KeystoreDifference]) -> String {
    if found.is_empty() {
        return format!("{} entries, no difference\n", first.entries.len());
    }
    let line = |difference: &KeystoreDifference| match difference {
        KeystoreDifference::OnlyFirst(alias) => format!("- {} (only in {})\n", printable(alias), first.path.display()),
        KeystoreDifference::OnlySecond(alias) => {
            format!("+ {} (only in {})\n", printable(alias), second.path.display())
        }
        KeystoreDifference::Renamed { from, to } => {
            format!("~ {} -> {} (same content)\n", printable(from), printable(to))
        }
        KeystoreDifference::Changed { alias, what } => format!("~ {} ({})\n", printable(alias), what.join(", ")),
    };
    found.iter().map(line).collect()
}

/// The differences as JSON.
pub(crate) fn difference_document(first: &KeystoreFile, second: &KeystoreFile, found: &[KeystoreDifference]) -> Value {
    let value = |difference: &KeystoreDifference| match difference {
        KeystoreDifference::OnlyFirst(alias) => json!({"difference": "only-first", "alias": alias}),
        KeystoreDifference::OnlySecond(alias) => json!({"difference": "only-second", "alias": alias}),
        KeystoreDifference::Renamed { from, to } => json!({"difference": "renamed", "alias": from, "to": to}),
        KeystoreDifference::Changed { alias, what } => json!({"difference": "changed", "alias": alias, "what": what}),
    };
    json!({
        "schema": "certroll/keystore-diff/v1",
        "first": first.path.display().to_string(),
        "second": second.path.display().to_string(),
        "same": found.is_empty(),
        "differences": found.iter().map(value).collect::<Vec<_>>(),
    })
}

/// Findings for a person.
pub(crate) fn findings(found: &[KeystoreFinding], width: Option<u16>) -> String {
    if found.is_empty() {
        return "nothing found\n".to_owned();
    }
    let row = |finding: &KeystoreFinding| {
        let alias = finding.alias.clone().unwrap_or_else(|| "-".to_owned());
        vec![finding.level.name().to_owned(), finding.code.to_owned(), alias, finding.text.clone()]
    };
    table::rows(&["LEVEL", "CODE", "ENTRY", "FINDING"], found.iter().map(row), width)
}

/// Findings as JSON.
pub(crate) fn finding_document(path: &Path, found: &[KeystoreFinding]) -> Value {
    let value = |finding: &KeystoreFinding| {
        json!({
            "level": finding.level.name(), "code": finding.code, "alias": finding.alias, "text": finding.text,
        })
    };
    json!({
        "schema": "certroll/keystore-lint/v1",
        "file": path.display().to_string(),
        "findings": found.iter().map(value).collect::<Vec<_>>(),
    })
}
