//! Audit records.

use serde_json::{Value, json};

use certroll_base::clock::Timestamp;
use certroll_base::encoding;
use certroll_core::audit::record::Record;
use certroll_core::error::Error;
use certroll_core::lifecycle::log::Checked;
use certroll_core::report::actor;

pub(crate) const HEADING: &[&str] = &["SEQ", "TIME", "EVENT", "OUTCOME", "ACTOR", "ABOUT"];

/// A row of the log.
pub(crate) fn row(record: &Record<'_>) -> Vec<String> {
    vec![
        record.seq.to_string(),
        record.ts.to_string(),
        record.ev.name().to_owned(),
        record.out.name().to_owned(),
        actor::of(record),
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
    parts.extend(record.signer.iter().map(|signer| format!("issuer {}", signer.id)));
    parts.extend(record.crl.iter().map(|crl| format!("issuer {}, number {}", crl.iss, crl.number)));
    for key in
        ["ca", "issuer", "template", "policy", "change", "number", "origin", "name", "line", "behind_ms", "step_ms"]
    {
        if let Some(value) = record.x.get(key) {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            parts.push(format!("{key} {value}"));
        }
    }
    parts.join(", ")
}

/// The JSON document of a verified log.
///
/// `result` is `verified`, or `incomplete` when something is open, unsigned or not here.
pub(crate) fn verification(checked: &Checked, now: Timestamp) -> Value {
    let verification = &checked.verification;
    let (withheld, unchecked) = (&verification.withheld, &verification.unchecked);
    let mut document = json!({
        "schema": "certroll/audit-verification/v1",
        "verified": true,
        "result": if verification.is_complete() { "verified" } else { "incomplete" },
        "records": verification.records,
        "signed": verification.signed,
        "unsigned_tail": verification.unsigned_tail(),
        "root": encoding::hex(&verification.root),
        "announced": verification.announced,
        "issued": verification.issued,
        "imported": verification.imported,
        "imported_authorities": verification.imported_authorities.iter().map(|one| json!({
            "name": one.name,
            "seq": one.seq,
            "certificates": one.certificates,
        })).collect::<Vec<_>>(),
        "adopted": verification.adopted,
        "failed": verification.failed,
        "abandoned": verification.abandoned,
        "unknown": verification.unknown,
        "revoked": verification.revoked,
        "refused": verification.refused,
        "open_intents": verification.open.iter().map(|open| json!({
            "op": open.op.to_string(),
            "seq": open.seq,
            "indeterminate": open.indeterminate,
            "due": open.due.map(|due| due.to_string()),
            "overdue": open.is_overdue(now),
        })).collect::<Vec<_>>(),
        "clock_regressions": verification.clock_regressions,
        "continues": verification.continues,
        "withheld": {
            "records": withheld.records,
            "gaps": withheld.gaps,
            "ranges": withheld.ranges.iter().map(|range| json!([range.start, range.end - 1])).collect::<Vec<_>>(),
        },
        "unchecked": {
            "serials": verification.is_partial(),
            "outcomes": unchecked.outcomes,
            "intents": unchecked.intents,
            "revocations": unchecked.revocations,
            "endings": unchecked.endings,
            "sessions": unchecked.sessions,
            "imports": unchecked.imports,
        },
    });
    if let Some(bundle) = &checked.bundle {
        document["certificates"] = bundle.certificates.into();
        document["bundle"] = json!({
            "version": bundle.maker.version,
            "generated": bundle.maker.generated.to_string(),
            "report_made_again": bundle.report,
            "cosigned": bundle.cosigned,
        });
    }
    document
}

/// The JSON document of a log that does not verify; `first_bad` is the record to blame, where it is one.
pub(crate) fn tampered(error: &Error, first_bad: Option<u64>) -> Value {
    let mut reasons = vec![error.to_string()];
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        reasons.push(error.to_string());
        cause = error.source();
    }
    json!({
        "schema": "certroll/audit-verification/v1",
        "verified": false,
        "result": "tampered",
        "first_bad": first_bad,
        "reasons": reasons,
    })
}
