//! Certificates of the inventory.

use serde::Serialize;

use super::table;
use certroll_core::destination::Place;
use certroll_core::lifecycle::delivery::look::Looked;
use certroll_core::lifecycle::service::status::ServiceFinding;
use certroll_core::lifecycle::session::status::{CertificateStatus, ListedCertificate, ShownCertificate};
use certroll_core::store::{CertificateEntry, Installation, InstalledPlace, ServiceState};
use certroll_pki::name::general_name::GeneralName;

/// The JSON document of a certificate.
#[derive(Serialize)]
pub(crate) struct CertificateDocument {
    schema: &'static str,
    name: String,
    serial: String,
    not_before: String,
    not_after: String,
    status: &'static str,
    issuer: String,
    template: String,
    spki_sha256: String,
    cert_sha256: String,
    subject: String,
    names: Vec<String>,
    key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    renew_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replaced_by: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer_state: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<FindingDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<String>,
}

/// What is wrong with a place.
#[derive(Serialize)]
struct FindingDocument {
    place: String,
    alias: String,
    found: String,
}

impl CertificateDocument {
    pub(crate) fn of(entry: &CertificateEntry, status: CertificateStatus) -> Self {
        Self {
            schema: "certroll/certificate/v1",
            name: entry.name.clone(),
            serial: entry.serial.to_string(),
            not_before: entry.validity.not_before.to_string(),
            not_after: entry.validity.not_after.to_string(),
            status: status.name(),
            issuer: entry.issuer.clone(),
            template: entry.template.clone(),
            spki_sha256: entry.key_hash.to_string(),
            cert_sha256: entry.fingerprint.to_string(),
            subject: entry.subject.clone(),
            names: entry.names.iter().map(ToString::to_string).collect(),
            key: entry.key.to_string(),
            renew_at: entry.renew_before.due_at(&entry.validity).map(|at| at.to_string()),
            revoked_at: entry.revoked.map(|(at, _)| at.to_string()),
            reason: entry.revoked.map(|(_, reason)| reason.to_string()),
            replaced_by: entry.replaced_by.map(|by| by.to_string()),
            files: Vec::new(),
            issuer_state: None,
            findings: Vec::new(),
            certificate: None,
        }
    }

    /// With what the states of CAs have to do with it.
    pub(crate) fn listed(one: &ListedCertificate) -> Self {
        let finding =
            |found: &String| FindingDocument { place: "CRL".to_owned(), alias: String::new(), found: found.clone() };
        Self {
            issuer_state: one.issuer.clone(),
            findings: one.crl.iter().map(finding).collect(),
            ..Self::of(&one.entry, one.status)
        }
    }

    pub(crate) fn with_files(mut self, files: impl IntoIterator<Item = String>) -> Self {
        self.files = files.into_iter().collect();
        self
    }

    pub(crate) fn with_findings<'a>(mut self, looked: impl IntoIterator<Item = &'a Looked>) -> Self {
        let finding = |one: &Looked| FindingDocument {
            place: one.place.installation.path.display().to_string(),
            alias: one.place.installation.alias.clone(),
            found: one.found.words().unwrap_or_default(),
        };
        self.findings.extend(looked.into_iter().map(finding));
        self
    }

    /// Adds the listeners of services that do not serve it.
    pub(crate) fn add_unserved<'a>(&mut self, findings: impl IntoIterator<Item = &'a ServiceFinding>) {
        self.findings.extend(findings.into_iter().map(|one| FindingDocument {
            place: format!("{}, service {}", one.probed.endpoint.address, one.service),
            alias: String::new(),
            found: one.probed.seen.words(),
        }));
    }

    pub(crate) fn with_certificate(mut self, pem: String) -> Self {
        self.certificate = Some(pem);
        self
    }
}

pub(crate) const HEADING: &[&str] = &["NAME", "TEMPLATE", "ISSUER", "SERIAL", "VALID UNTIL", "STATUS"];

pub(crate) const LOOKED_HEADING: &[&str] = &["NAME", "PLACE", "ALIAS", "FOUND"];

/// A row about a place that is not as it was written.
pub(crate) fn looked_row(looked: &Looked) -> Vec<String> {
    let installation = &looked.place.installation;
    let found = looked.found.words().unwrap_or_default();
    vec![installation.name.clone(), installation.path.display().to_string(), installation.alias.clone(), found]
}

/// A row about the CRL of a CA, where something is owed about it.
pub(crate) fn crl_row(one: &ListedCertificate) -> Option<Vec<String>> {
    Some(vec![one.entry.name.clone(), "CRL".to_owned(), String::new(), one.crl.clone()?])
}

/// A row of a list.
pub(crate) fn row(entry: &CertificateEntry, status: CertificateStatus) -> Vec<String> {
    vec![
        entry.name.clone(),
        entry.template.clone(),
        entry.issuer.clone(),
        entry.serial.to_string(),
        until(entry),
        status.name().to_owned(),
    ]
}

/// With internationalised names also as they are written.
fn names(entry: &CertificateEntry) -> String {
    entry.names.iter().map(GeneralName::shown).collect::<Vec<_>>().join("\n")
}

fn until(entry: &CertificateEntry) -> String {
    match entry.validity.not_after {
        certroll_base::clock::Timestamp::NO_EXPIRY => "never expires".to_owned(),
        at => at.to_string(),
    }
}

/// What a person is told of a certificate just issued.
pub(crate) fn summary(entry: &CertificateEntry, files: &[Place], width: Option<u16>) -> String {
    let files: Vec<_> = files.iter().map(ToString::to_string).collect();
    let pairs = [
        ("name", entry.name.clone()),
        ("serial", entry.serial.to_string()),
        ("subject", entry.subject.clone()),
        ("names", names(entry)),
        ("key", entry.key.to_string()),
        ("issuer", entry.issuer.clone()),
        ("valid until", until(entry)),
        ("files", files.join("\n")),
    ];
    table::pairs(&pairs, width)
}

/// A place, and what is owed there.
fn place(place: &InstalledPlace) -> String {
    let Installation { path, format, alias, .. } = &place.installation;
    let owed = place.written.owed.as_ref().map(|why| format!(", owed: {why}")).unwrap_or_default();
    format!("{} ({format}, alias {alias}){owed}", path.display())
}

/// How far a service has come with a certificate, as the inventory has it.
pub(crate) fn service_state(state: &ServiceState) -> String {
    match (&state.reloaded.owed, &state.served.owed, state.served.at) {
        (Some(why), _, _) | (None, Some(why), _) => format!("owed: {why}"),
        (None, None, Some(at)) => format!("served, seen {at}"),
        (None, None, None) => "never seen".to_owned(),
    }
}

/// Everything about one certificate, for a person.
pub(crate) fn details(shown: &ShownCertificate, width: Option<u16>) -> String {
    let (entry, certificate) = (&shown.listed.entry, &shown.certificate);
    let list = |items: Vec<String>| items.join(", ");
    let installed: Vec<_> = shown.places.iter().map(place).collect();
    let used_by: Vec<_> =
        shown.services.iter().map(|(name, state)| format!("{name}: {}", service_state(state))).collect();
    let status = match entry.revoked {
        Some((at, reason)) => format!("revoked {at}, {reason}"),
        None => shown.listed.status.name().to_owned(),
    };
    let pairs = [
        ("name", entry.name.clone()),
        ("status", status),
        ("issuer's state", shown.listed.issuer.clone().unwrap_or_default()),
        ("crl", shown.listed.crl.clone().unwrap_or_default()),
        ("template", entry.template.clone()),
        ("issuer", entry.issuer.clone()),
        ("serial", entry.serial.to_string()),
        ("subject", entry.subject.clone()),
        ("names", names(entry)),
        ("valid from", entry.validity.not_before.to_string()),
        ("valid until", until(entry)),
        ("due from", entry.renew_before.due_at(&entry.validity).map(|at| at.to_string()).unwrap_or_default()),
        ("key", entry.key.to_string()),
        ("key usage", list(certificate.key_usage.iter().map(ToString::to_string).collect())),
        ("extended key usage", list(certificate.extended_key_usage.iter().map(ToString::to_string).collect())),
        ("sha256", entry.fingerprint.to_string()),
        ("spki sha256", entry.key_hash.to_string()),
        ("replaced by", entry.replaced_by.map(|by| by.to_string()).unwrap_or_default()),
        ("private key", if shown.key_held { "held in the home".to_owned() } else { String::new() }),
        ("installed", installed.join("\n")),
        ("used by", used_by.join("\n")),
        ("signed by", shown.issuers.iter().map(|c| c.subject.to_string()).collect::<Vec<_>>().join("\n")),
    ];
    table::pairs(&pairs, width)
}
