//! The act: the one place that lets an issuer sign, and the check of what came back from one that signs in this process.

use super::announce::Intended;
use crate::audit::record::draft::Draft;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{CertificateFacts, Failure, Outcome, Reference};
use crate::audit::record::value::Id;
use crate::error::describe;
use crate::error::{Error, ErrorKind};
use crate::issuer::{HandleCheckpoint, Issued, Issuer, IssuerError, PendingRequest, Progress, Request};
use crate::lifecycle::journal::Journal;
use crate::store::{CertificateEntry, Change, NewCertificate};
use certroll_base::encoding::Sha256;
use certroll_pki::x509::certificate::Certificate;

/// A certificate that exists but has no record yet: nobody outside this module's callers may see it.
pub(crate) struct SignedCertificate {
    /// The name by which the inventory knows it.
    pub name: String,
    /// The template it was made from.
    pub template: String,
    /// SHA-256 of the certificate that it replaces.
    pub replaces: Option<Sha256>,
    /// What came back.
    pub issued: Issued,
    /// The certificate in it, read.
    pub certificate: Certificate,
    /// The operation.
    pub op: Id,
    /// The intent's record.
    pub reference: Reference,
}

/// How much of a fresh certificate is checked before it is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VerifyLevel {
    /// Everything, its signature included.
    Full,
    /// Everything but the signature. Verifying costs twice what signing does; in a batch one certificate of each group is
    /// checked in full, the key and the code being the same for all of them.
    Content,
}

/// Lets an issuer that signs in this process sign, and checks that the certificate is what was asked for.
///
/// # Errors
/// The issuer refuses or fails, or answers something else; the caller ends the intent with [`failed`].
pub(crate) fn execute(
    issuer: &dyn Issuer,
    intended: Intended,
    scrutiny: VerifyLevel,
) -> Result<SignedCertificate, Box<(IntentReference, Error)>> {
    let intent = IntentReference { op: intended.op, reference: intended.reference };
    let pending = PendingRequest {
        op: intended.op,
        spki_sha256: None,
        names: Vec::new(),
        key_kind: String::new(),
        replaces: None,
        csr: None,
        until: None,
        handle: None,
    };
    let request = intended.request.spend();
    let checkpoint = &mut |_: &str| {
        Err(IssuerError::new(issuer.name(), crate::issuer::ErrorClass::Unsupported, "no checkpoint is taken here"))
    };
    let progress = match issuer.submit(&request, intended.plan, &pending, checkpoint) {
        Ok(progress) => progress,
        Err(error) => return Err(Box::new((intent, error.into()))),
    };
    let Progress::Issued(issued) = progress else {
        return Err(Box::new((
            intent,
            Error::new(ErrorKind::Unsupported, "the issuer answers later, which nobody expected of it"),
        )));
    };
    match check(&request, &issued, scrutiny) {
        Ok(certificate) => Ok(SignedCertificate {
            name: request.name,
            template: request.template,
            replaces: request.replaces,
            issued,
            certificate,
            op: intent.op,
            reference: intent.reference,
        }),
        Err(what) => {
            let message = format!("issuer `{}` signed something else than was asked for: {what}", issuer.name());
            Err(Box::new((intent, Error::new(ErrorKind::Failed, message))))
        }
    }
}

/// Sends an approved request to an issuer elsewhere. What comes of it is for [`super::poll`].
///
/// # Errors
/// As [`Issuer::submit`].
pub(crate) fn send(
    issuer: &dyn Issuer,
    intended: Intended,
    pending: &PendingRequest,
    checkpoint: HandleCheckpoint<'_>,
) -> Result<Progress, IssuerError> {
    issuer.submit(&intended.request.spend(), intended.plan, pending, checkpoint)
}

/// An intent that has not ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IntentReference {
    /// The operation.
    pub op: Id,
    /// Its record.
    pub reference: Reference,
}

fn check(request: &Request, issued: &Issued, scrutiny: VerifyLevel) -> Result<Certificate, &'static str> {
    let certificate = Certificate::from_der(&issued.certificate).map_err(|_| "not a certificate")?;
    let content = &request.content;
    if certificate.spki != request.spki {
        return Err("another public key");
    }
    if certificate.subject != content.subject || certificate.names != content.names {
        return Err("other names");
    }
    if certificate.validity != content.validity {
        return Err("another validity");
    }
    if certificate.key_usage != content.extensions.key_usage
        || certificate.extended_key_usage != content.extensions.extended_key_usage
    {
        return Err("other usages");
    }
    if scrutiny == VerifyLevel::Full {
        let signer = match issued.chain.first() {
            Some(der) => Certificate::from_der(der).map_err(|_| "a chain that is no certificate")?,
            None => certificate.clone(),
        };
        certificate.verify_issued_by(&signer).map_err(|_| "the signature does not verify")?;
    }
    Ok(certificate)
}

/// How the inventory will remember a certificate.
pub(crate) struct InventoryFields {
    /// Kind of its key, `rsa:3072`.
    pub key_kind: String,
    /// What was asked for, as JSON.
    pub request: String,
    /// The digest of that.
    pub request_sha256: Sha256,
    /// When it is due.
    pub renew_before: certroll_pki::x509::validity::RenewBefore,
    /// Its encrypted private key, if it is held here for now or for good.
    pub key: Option<Vec<u8>>,
    /// Its issuers, if they are not CAs of this home.
    pub chain: Vec<Vec<u8>>,
    /// Whether nothing is left to be handed over.
    pub delivered: bool,
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
    let (sha256, spki_sha256) = (certificate.sha256(), certificate.spki_sha256());
    let mut draft = journal.draft(event, Outcome::Ok, signed.op);
    draft.reference = Some(signed.reference);
    draft.cert = Some(CertificateFacts {
        iss: issuer.to_owned(),
        sn: certificate.serial.to_string(),
        sha256: sha256.into(),
        spki: spki_sha256.into(),
        san: super::announce::names_of(&signed.name, &certificate.subject, &certificate.names),
        nb: certificate.validity.not_before,
        na: certificate.validity.not_after,
        alg: key.clone(),
        prev: signed.replaces.map(Into::into),
    });
    let entry = CertificateEntry {
        id: 0,
        name: signed.name.clone(),
        template: signed.template.clone(),
        issuer: issuer.to_owned(),
        serial: certificate.serial.clone(),
        subject: certificate.subject.to_string(),
        names: certificate.names.iter().map(ToString::to_string).collect(),
        validity: certificate.validity,
        renew_before: remembered.renew_before,
        key,
        spki_sha256,
        sha256,
        request_sha256: remembered.request_sha256,
        request: remembered.request,
        delivered: remembered.delivered,
        revoked: None,
        replaced_by: None,
    };
    let (der, chain) = (signed.issued.certificate.clone(), remembered.chain);
    let new = NewCertificate { entry: entry.clone(), der, key: remembered.key, chain };
    let change = Change::AddCertificate(Box::new(new));
    (draft, entry, change)
}

/// Ends an intent for `count` certificates whose act failed, and gives the error back for the user. One of them failed;
/// the rest is given up.
///
/// # Errors
/// Always: `error` itself, or the failure to write its record.
pub(crate) fn failed<T>(
    journal: &mut Journal,
    (intent, error): (IntentReference, Error),
    count: usize,
) -> Result<T, Error> {
    let mut records = Vec::with_capacity(2);
    let mut end = |event| {
        let mut draft = journal.draft(event, Outcome::Fail, intent.op);
        draft.reference = Some(intent.reference);
        draft.err = Some(Failure { code: "issuer".to_owned(), text: describe(&error) });
        records.push(draft);
    };
    end(Event::CertIssueFailed);
    if count > 1 {
        end(Event::CertIssueAbandoned);
    }
    journal.commit(records, vec![Change::CloseIntent(intent.op)])?;
    Err(error.on_record())
}
