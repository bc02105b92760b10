//! One request for a signature, and the answer to it.

use serde_json::{Map, Value};
use vaultrs::api::pki::responses::SignCertificateResponse;

use super::settings::Sign;
use crate::issuer::{Issued, Request};
use certroll_base::clock::Timestamp;
use certroll_pki::container::pem::{self, Label};
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::extensions::KeyUsage;

/// Lifetimes that Go's durations do not hold are asked for by their end.
const LONGEST_TTL_SECS: i64 = 100 * 366 * 86_400;

/// What is sent. Names stand in the request too; they are repeated for roles that do not take them from there
/// (`use_csr_common_name`, `use_csr_sans`).
pub(super) fn body(sign: Sign, request: &Request, csr: &[u8], until: Timestamp, now: Timestamp) -> Value {
    let mut body = Map::new();
    let mut set = |key: &str, value: Value| drop(body.insert(key.to_owned(), value));
    set("csr", pem::encode(Label::CertificateRequest, csr).into());
    set("format", "pem".into());
    let secs = until.secs() - now.secs();
    match secs > LONGEST_TTL_SECS {
        true => set("not_after", until.to_string().into()),
        false => set("ttl", format!("{}s", secs.max(1)).into()),
    }
    let content = &request.content;
    if sign == Sign::Verbatim {
        set("key_usage", content.extensions.key_usage.iter().map(go_key_usage).collect::<Vec<_>>().into());
        let oids: Vec<_> = content.extensions.extended_key_usage.iter().map(|usage| usage.0.to_string()).collect();
        set("ext_key_usage", Vec::<Value>::new().into());
        set("ext_key_usage_oids", oids.into());
        return body.into();
    }
    let (mut names, mut ips, mut uris) = (Vec::new(), Vec::new(), Vec::new());
    for name in &content.names {
        match name {
            GeneralName::Dns(name) => names.push(name.to_string()),
            GeneralName::Email(address) => names.push(address.to_string()),
            GeneralName::Ip(ip) => ips.push(ip.to_string()),
            GeneralName::Uri(uri) => uris.push(uri.to_string()),
            _ => {}
        }
    }
    set("common_name", content.subject.common_name().unwrap_or_default().into());
    set("alt_names", names.join(",").into());
    set("ip_sans", ips.join(",").into());
    set("uri_sans", uris.join(",").into());
    // The names are those that were approved, no others.
    set("exclude_cn_from_sans", true.into());
    body.into()
}

/// Go's name of a key usage.
fn go_key_usage(usage: &KeyUsage) -> String {
    match usage {
        KeyUsage::NonRepudiation => "ContentCommitment".to_owned(),
        KeyUsage::CrlSign => "CRLSign".to_owned(),
        other => {
            let name = other.to_string();
            let mut letters = name.chars();
            letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
        }
    }
}

/// The certificate of an answer, with the CAs above it.
pub(super) fn issued(data: Value) -> Result<Issued, String> {
    let answer: SignCertificateResponse = serde_json::from_value(data).map_err(|error| error.to_string())?;
    let certificate = der(&answer.certificate)?.into_iter().next().ok_or("it holds no certificate")?;
    let mut others = Vec::new();
    for text in answer.ca_chain.iter().flatten().chain([&answer.issuing_ca]) {
        others.extend(der(text)?);
    }
    let chain = chain(&certificate, &others);
    Ok(Issued { certificate, chain, key: None, remark: None })
}

/// The certificates of a PEM text, which may be empty.
pub(super) fn der(text: &str) -> Result<Vec<Vec<u8>>, String> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let blocks = pem::read(text.as_bytes()).map_err(|error| error.to_string())?;
    let certificates = blocks.iter().filter(|block| block.label == Label::Certificate);
    Ok(certificates.map(|block| block.der.expose().to_vec()).collect())
}

/// The way from a certificate to a root, or as far up as these lead: servers tell it in orders of their own, and with the
/// certificate itself among them.
pub(super) fn chain(certificate: &[u8], others: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let others: Vec<Certificate> = others.iter().filter_map(|der| Certificate::from_der(der).ok()).collect();
    let mut chain: Vec<Vec<u8>> = Vec::new();
    let Ok(mut below) = Certificate::from_der(certificate) else { return chain };
    while !below.is_self_issued() {
        let fits = |other: &&Certificate| {
            other.as_der() != below.as_der()
                && !chain.iter().any(|known| known == other.as_der())
                && below.verify_issued_by(other).is_ok()
        };
        let Some(issuer) = others.iter().find(fits) else { break };
        chain.push(issuer.as_der().to_vec());
        below = issuer.clone();
    }
    chain
}
