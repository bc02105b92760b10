//! Audit records.

use serde_json::{Value, json};

use crate::audit::record::Record;
use crate::audit::verify::Verification;
use crate::base::encoding;

pub(in crate::cli) const HEADING: &[&str] = &["SEQ", "TIME", "EVENT", "OUTCOME", "ACTOR", "ABOUT"];

/// A row of the log.
pub(in crate::cli) fn row(record: &Record<'_>) -> Vec<String> {
    vec![
        record.seq.to_string(),
        record.ts.to_string(),
        record.ev.name().to_owned(),
        record.out.name().to_owned(),
        record.actor.id.clone(),
        about(record),
    ]
}

/// What a record is about, in a few words.
fn about(record: &Record<'_>) -> String {
    let mut parts = Vec::new();
    if let Some(certificate) = &record.cert {
        parts.extend(certificate.san.first().cloned());
        parts.push(format!("serial {}", certificate.sn));
    } else if let Some(request) = &record.req {
        match request.count {
            Some(count) => {
                parts.push(format!("{count} certificates from {}", request.template.as_deref().unwrap_or("?")))
            }
            None => parts.extend(request.names.first().cloned()),
        }
    }
    parts.extend(record.why.iter().filter_map(|why| why.reason.clone()));
    parts.extend(record.pol.iter().map(|policy| format!("policy {}", policy.id)));
    parts.extend(record.tgt.iter().map(|target| target.id.clone()));
    parts.extend(record.err.iter().map(|error| error.text.clone()));
    for key in ["ca", "issuer", "number", "origin", "name", "line"] {
        if let Some(value) = record.x.get(key) {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            parts.push(format!("{key} {value}"));
        }
    }
    parts.join(", ")
}

/// The JSON document of a verified log.
pub(in crate::cli) fn verification(verification: &Verification) -> Value {
    json!({
        "schema": "certroll/audit-verification/v1",
        "verified": true,
        "records": verification.records,
        "signed": verification.signed,
        "unsigned_tail": verification.unsigned_tail(),
        "root": encoding::hex(&verification.root),
        "issued": verification.issued, "imported": verification.imported,
        "revoked": verification.revoked,
        "refused": verification.refused,
        "open_intents": verification.open.iter().map(|open| json!({
            "op": open.op.to_string(), "seq": open.seq,
        })).collect::<Vec<_>>(),
        "clock_regressions": verification.clock_regressions,
    })
}
