//! The record of a certificate with its row of the inventory, and the checkpoint without which no byte of it leaves.

use crate::audit::record::draft::Draft;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{CertificateFacts, Outcome, Reference};
use crate::audit::record::value::Id;
use crate::error::{Error, ErrorKind};
use crate::hint::certificate::DeliveryHint;
use crate::issuer::Issued;
use crate::lifecycle::journal::Journal;
use crate::lifecycle::session::Session;
use crate::store::{CertificateEntry, Change, NewCertificate};
use crate::store::{RequestDigest, RequestSpec};
use certroll_pki::digest::Fingerprint;
use certroll_pki::key::kind::PublicKeyKind;
use certroll_pki::x509::certificate::Certificate;

/// A certificate that exists but has no record yet: it must not leave this module's callers.
pub(crate) struct SignedCertificate {
    /// The name by which the inventory knows it.
    pub name: String,
    /// The template it was made from.
    pub template: String,
    /// SHA-256 of the certificate that it replaces.
    pub replaces: Option<Fingerprint>,
    /// What came back.
    pub issued: Issued,
    /// The certificate in it, read.
    pub certificate: Certificate,
    /// The operation.
    pub op: Id,
    /// Its number in an operation for a group.
    pub item: Option<u64>,
    /// The intent's record.
    pub reference: Reference,
}

/// How the inventory will remember a certificate.
pub(crate) struct InventoryFields {
    /// Kind of its key.
    pub key_kind: PublicKeyKind,
    /// What was asked for.
    pub request: RequestSpec,
    /// The digest of that.
    pub request_digest: RequestDigest,
    /// When it is due.
    pub renew_before: certroll_pki::x509::validity::RenewBefore,
    /// Its encrypted private key, if it is held here for now or for good.
    pub key: Option<Vec<u8>>,
    /// Its issuers, if they are not CAs of this home.
    pub chain: Vec<Vec<u8>>,
    /// Whether nothing is left to be handed over.
    pub delivered: bool,
}

/// A certificate that is recorded and may go out.
pub(crate) struct IssuedCertificate {
    pub(crate) entry: CertificateEntry,
    pub(crate) chain: Vec<Vec<u8>>,
    pub(crate) op: Id,
    /// Its number in an operation for a group.
    pub(crate) item: Option<u64>,
}

/// The record that a certificate was issued, and the row of the inventory: to be appended together.
pub(crate) fn issued(
    journal: &Journal,
    event: Event,
    signed: &SignedCertificate,
    issuer: &str,
    remembered: InventoryFields,
) -> (Draft, CertificateEntry, Change) {
    let (certificate, key) = (&signed.certificate, remembered.key_kind);
    let (fingerprint, key_hash) = (certificate.fingerprint(), certificate.key_hash());
    let mut draft = journal.draft(event, Outcome::Ok, signed.op);
    draft.item = signed.item;
    // In a group the operation tells which intent it is, thousands of times; its leaf hash need not be repeated.
    draft.reference = signed.item.is_none().then_some(signed.reference);
    draft.cert = Some(CertificateFacts {
        iss: issuer.to_owned(),
        sn: certificate.serial.to_string(),
        sha256: fingerprint.into(),
        spki: key_hash.into(),
        san: super::announce::names_of(&signed.name, &certificate.subject, &certificate.names),
        nb: certificate.validity.not_before,
        na: certificate.validity.not_after,
        alg: key.to_string(),
        prev: signed.replaces.map(Into::into),
    });
    let entry = CertificateEntry {
        id: 0,
        name: signed.name.clone(),
        template: signed.template.clone(),
        issuer: issuer.to_owned(),
        serial: certificate.serial.clone(),
        subject: certificate.subject.to_string(),
        names: certificate.names.clone(),
        validity: certificate.validity,
        renew_before: remembered.renew_before.fitting(&certificate.validity),
        key,
        key_hash,
        fingerprint,
        request_digest: remembered.request_digest,
        request: Some(remembered.request),
        delivered: remembered.delivered,
        revoked: None,
        replaced_by: None,
    };
    let (der, chain) = (signed.issued.certificate.clone(), remembered.chain);
    let new = NewCertificate { entry: entry.clone(), der, key: remembered.key, chain };
    let change = Change::AddCertificate(Box::new(new));
    (draft, entry, change)
}

/// A checkpoint over the record of a certificate: without one no byte of it is released.
pub(crate) fn require_checkpoint(session: &mut Session, name: &str) -> Result<(), Error> {
    session.journal.publish().map_err(|error| {
        let message = format!("`{name}` is issued, but not let out: the log's checkpoint cannot be written");
        error.reworded(ErrorKind::Deploy, message).hint(DeliveryHint::MakeRoom)
    })
}
