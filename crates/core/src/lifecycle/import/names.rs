//! Under which names the certificates of a CA are found that is taken over, and by what they are rotated.

use std::collections::BTreeMap;

use super::known::Known;
use crate::error::Error;
use crate::lifecycle::session::Session;
use crate::store::{CertificateEntry, NewCertificate, Query, RequestDigest, RequestSpec};
use crate::template::{IssuerPointers, Overrides, Template};
use certroll_pki::key::KeyAlgorithm;
use certroll_pki::key::kind::PublicKeyKind;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::extensions::ExtendedUsage;
use certroll_pki::x509::validity::RenewBefore;

/// The rows of its certificates, by age.
///
/// A name is the common name of the subject. Of several certificates with one, the newest that is valid and not revoked has it,
/// and the others have their serial number behind it: whatever is valid is watched. What has expired is nobody's current one.
///
/// # Errors
/// The inventory cannot be read.
pub(super) fn named(
    session: &Session,
    known: &Known,
    issuer: &str,
    templates: &[String],
) -> Result<Vec<NewCertificate>, Error> {
    let now = session.clock.now();
    let templates: Vec<_> = templates.iter().filter_map(|name| session.template(name).ok()).collect();
    let mut all: Vec<&Certificate> = known.certificates.values().collect();
    all.sort_by_key(|one| (one.validity.not_before, one.serial.clone()));
    let is_live = |one: &Certificate| one.validity.not_after >= now && !known.revoked.contains_key(&one.serial);
    let mut newest = BTreeMap::new();
    for one in all.iter().filter(|one| is_live(one)) {
        newest.insert(one.display_name(), one.serial.clone());
    }
    let mut rows = Vec::with_capacity(all.len());
    for one in all {
        let base = one.display_name();
        let has_name = newest.get(&base).is_none_or(|newest| *newest == one.serial);
        let is_taken = !session.journal.store().certificates(&Query::current_of(&base))?.is_empty();
        let name = if has_name && !is_taken { base } else { format!("{base} {}", one.serial) };
        let mut entry = row(one, name, issuer, &templates);
        entry.revoked = known.revoked.get(&one.serial).map(|(at, reason)| (*at, *reason));
        if entry.revoked.is_none() && one.validity.not_after < now {
            entry.replaced_by = Some(entry.fingerprint);
        }
        rows.push(NewCertificate { entry, der: one.as_der().to_vec(), key: None, chain: Vec::new() });
    }
    Ok(rows)
}

/// A certificate as the inventory has it: its key was never here, so it counts as delivered.
pub(super) fn row(one: &Certificate, name: String, issuer: &str, templates: &[&Template]) -> CertificateEntry {
    let template = templates.iter().find(|template| usages(template) == sorted(&one.extended_key_usage));
    let key = PublicKeyKind::of(&one.spki);
    let request = template.map(|template| RequestSpec {
        template: template.name().to_owned(),
        issuer: issuer.to_owned(),
        subject: Some(one.subject.to_string()),
        names: one.names.clone(),
        parameters: BTreeMap::new(),
        lifetime: None,
        key: key.to_string().parse::<KeyAlgorithm>().ok().map(PublicKeyKind::from),
    });
    CertificateEntry {
        id: 0,
        template: template.map(|template| template.name().to_owned()).unwrap_or_default(),
        issuer: issuer.to_owned(),
        serial: one.serial.clone(),
        subject: one.subject.to_string(),
        names: one.names.clone(),
        validity: one.validity,
        renew_before: template.map_or_else(RenewBefore::default, |template| template.renew_before()),
        key,
        key_hash: one.key_hash(),
        fingerprint: one.fingerprint(),
        request_digest: request
            .as_ref()
            .map_or_else(|| RequestDigest::new(*one.fingerprint().as_bytes()), |request| request.digest(&name)),
        request,
        delivered: true,
        revoked: None,
        replaced_by: None,
        name,
    }
}

fn usages(template: &Template) -> Option<Vec<String>> {
    let profile = template.profile(&IssuerPointers::default(), &Overrides::default()).ok()?;
    sorted(&profile.extended_key_usage)
}

/// `None` for none: without the extension nothing tells what a certificate is for.
fn sorted(usages: &[ExtendedUsage]) -> Option<Vec<String>> {
    let mut names: Vec<_> = usages.iter().map(ToString::to_string).collect();
    names.sort();
    (!names.is_empty()).then_some(names)
}
