//! What was found in a file.

use serde_json::{Value, json};

use super::table;
use certroll_base::encoding;
use certroll_core::tools::inspect::{Inspected, InspectedItem};
use certroll_pki::admission;
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::verify::signature;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::request::CertificateRequest;

/// The JSON document of a file.
pub(crate) fn document(file: &str, inspected: &Inspected) -> Value {
    let found: Vec<Value> = inspected.found.iter().map(found_value).collect();
    json!({"schema": "certroll/inspect/v1", "file": file, "format": inspected.format, "found": found})
}

pub(super) fn found_value(found: &InspectedItem) -> Value {
    match found {
        InspectedItem::Certificate(certificate) => certificate_value(certificate),
        InspectedItem::Request(request) => json!({
            "type": "request",
            "subject": request.subject.to_string(),
            "names": request.names.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "key": request.key,
            "spki_sha256": encoding::hex(&encoding::sha256(&request.spki)),
            "signature": signature::algorithm_name(&request.signature_algorithm),
            "flaws": request.flaws().iter().map(|flaw| json!({
                "field": flaw.field, "rule": flaw.rule, "text": flaw.text,
            })).collect::<Vec<_>>(),
        }),
        InspectedItem::Crl(crl) => json!({
            "type": "crl",
            "issuer": crl.issuer.to_string(),
            "number": crl.number.map_or_else(|| json!(crl.number_text), Value::from),
            "this_update": crl.this_update.to_string(),
            "next_update": crl.next_update.map(|at| at.to_string()),
            "revoked": crl.entries.iter().map(|(serial, at, reason)| json!({
                "serial": serial.to_string(), "revoked_at": at.to_string(), "reason": reason,
            })).collect::<Vec<_>>(),
        }),
        InspectedItem::PrivateKey(kind) => json!({"type": "private-key", "key": kind, "encrypted": kind.is_none()}),
        InspectedItem::PublicKey(kind) => json!({"type": "public-key", "key": kind}),
        InspectedItem::Entry { alias, kind, created, certificates } => json!({
            "type": "entry",
            "alias": alias,
            "kind": kind,
            "created": created.map(|at| at.to_string()),
            "certificates": certificates.iter().map(certificate_value).collect::<Vec<_>>(),
        }),
    }
}

/// Why `verify`, and whoever else judges certificates here, would refuse its very form.
fn objections(certificate: &Certificate) -> Vec<String> {
    let found = admission::certificate(certificate.as_der());
    found.into_iter().map(|objection| format!("{} ({})", objection.text, objection.clause)).collect()
}

pub(super) fn certificate_value(certificate: &Certificate) -> Value {
    json!({
        "type": "certificate",
        "subject": certificate.subject.to_string(),
        "issuer": certificate.issuer.to_string(),
        "serial": certificate.serial_text(),
        "not_before": certificate.validity.not_before.to_string(),
        "not_after": certificate.validity.not_after.to_string(),
        "names": certificate.names.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "key": signature::key_description(&certificate.spki),
        "key_usage": certificate.key_usage_names(),
        "extended_key_usage": certificate.extended_key_usage.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "ca": certificate.is_ca,
        "path_length": certificate.path_length,
        "signature": signature::algorithm_name(&certificate.signature_algorithm),
        "malformed": objections(certificate),
        "spki_sha256": certificate.key_hash().to_string(),
        "cert_sha256": certificate.fingerprint().to_string(),
    })
}

/// The file for a person: one block for each thing in it.
pub(crate) fn text(inspected: &Inspected, width: Option<u16>) -> String {
    inspected.found.iter().map(|found| block(found, width)).collect::<Vec<_>>().join("\n")
}

/// It is verified when a request is read, unless its algorithm is not accepted.
fn signature_text(request: &CertificateRequest) -> String {
    let name = signature::algorithm_name(&request.signature_algorithm);
    match request.flaws().iter().any(|flaw| flaw.field == "signature") {
        true => name.to_owned(),
        false => format!("{name}, verified"),
    }
}

fn block(found: &InspectedItem, width: Option<u16>) -> String {
    match found {
        InspectedItem::Certificate(certificate) => table::pairs(&certificate_pairs("certificate", certificate), width),
        InspectedItem::Entry { alias, kind, created, certificates } => {
            let created = created.map(|at| at.to_string()).unwrap_or_default();
            let head = [("entry", alias.clone()), ("kind", (*kind).to_owned()), ("created", created)];
            let mut text = table::pairs(&head, width);
            for (at, certificate) in certificates.iter().enumerate() {
                let title = if at == 0 { "certificate" } else { "issued by" };
                text.push_str(&table::pairs(&certificate_pairs(title, certificate), width));
            }
            text
        }
        InspectedItem::Request(request) => table::pairs(
            &[
                ("request", request.subject.to_string()),
                ("names", request.names.iter().map(GeneralName::shown).collect::<Vec<_>>().join("\n")),
                ("key", request.key.to_string()),
                ("signature", signature_text(request)),
                ("not accepted", request.flaws().iter().map(|flaw| flaw.text.clone()).collect::<Vec<_>>().join("\n")),
            ],
            width,
        ),
        InspectedItem::Crl(crl) => {
            let line = |(serial, at, reason): &(_, _, String)| format!("{serial}  {at}  {reason}");
            table::pairs(
                &[
                    ("crl", crl.issuer.to_string()),
                    ("number", crl.number_text.clone().unwrap_or_default()),
                    ("from", crl.this_update.to_string()),
                    ("next update", crl.next_update.map(|at| at.to_string()).unwrap_or_default()),
                    ("revoked", crl.entries.iter().map(line).collect::<Vec<_>>().join("\n")),
                ],
                width,
            )
        }
        InspectedItem::PrivateKey(Some(kind)) => {
            table::pairs(&[("private key", format!("{kind}, not encrypted"))], width)
        }
        InspectedItem::PrivateKey(None) => table::pairs(&[("private key", "encrypted".to_owned())], width),
        InspectedItem::PublicKey(kind) => table::pairs(&[("public key", kind.clone())], width),
    }
}

pub(super) fn certificate_pairs<'a>(title: &'a str, certificate: &Certificate) -> Vec<(&'a str, String)> {
    let list = |items: Vec<String>| items.join(", ");
    let subject =
        if certificate.subject.is_empty() { "(empty subject)".to_owned() } else { certificate.subject.to_string() };
    vec![
        (title, subject),
        ("issuer", certificate.issuer.to_string()),
        ("serial", certificate.serial_text()),
        ("valid from", certificate.validity.not_before.to_string()),
        ("valid until", certificate.validity.not_after.to_string()),
        ("names", certificate.names.iter().map(GeneralName::shown).collect::<Vec<_>>().join("\n")),
        ("key", signature::key_description(&certificate.spki)),
        ("key usage", list(certificate.key_usage_names())),
        ("extended key usage", list(certificate.extended_key_usage.iter().map(ToString::to_string).collect())),
        ("ca", if certificate.is_ca { "yes".to_owned() } else { String::new() }),
        ("signature", signature::algorithm_name(&certificate.signature_algorithm).to_owned()),
        ("malformed", objections(certificate).join("\n")),
        ("sha256", certificate.fingerprint().to_string()),
    ]
}
