//! The act: the one place that lets an issuer sign, and the check of what came back from one that signs in this process.

use super::announce::Intended;
use super::record::SignedCertificate;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Failure, Outcome, Reference};
use crate::audit::record::value::Id;
use crate::error::describe;
use crate::error::{Error, ErrorKind};
use crate::issuer::{HandleCheckpoint, Issued, Issuer, IssuerError, PendingRequest, Progress, Request};
use crate::lifecycle::journal::Journal;
use crate::store::Change;
use certroll_pki::x509::certificate::Certificate;

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
pub(crate) fn sign(
    issuer: &dyn Issuer,
    intended: Intended,
    level: VerifyLevel,
) -> Result<SignedCertificate, Box<(IntentReference, Error)>> {
    let intent = IntentReference { op: intended.op, reference: intended.reference };
    let item = intended.item;
    let pending = PendingRequest {
        op: intended.op,
        key_hash: None,
        names: Vec::new(),
        key_kind: None,
        replaces: None,
        csr: None,
        until: None,
        handle: None,
    };
    // The issuer consumes the announced request; what came back is compared with this copy.
    let request = intended.request.subject().subject().clone();
    let checkpoint = &mut |_: &str| {
        Err(IssuerError::new(issuer.name(), crate::issuer::ErrorClass::Unsupported, "no checkpoint is taken here"))
    };
    let progress = match issuer.submit(intended.request, intended.plan, &pending, checkpoint) {
        Ok(progress) => progress,
        Err(error) => return Err(Box::new((intent, error.into()))),
    };
    let Progress::Issued(issued) = progress else {
        return Err(Box::new((
            intent,
            Error::new(ErrorKind::Unsupported, "the issuer answers later, although it signs in this process"),
        )));
    };
    match check(&request, &issued, level) {
        Ok(certificate) => Ok(SignedCertificate {
            name: request.name,
            template: request.template,
            replaces: request.replaces,
            issued,
            certificate,
            op: intent.op,
            item,
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
    issuer.submit(intended.request, intended.plan, pending, checkpoint)
}

/// An intent that has not ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IntentReference {
    /// The operation.
    pub op: Id,
    /// Its record.
    pub reference: Reference,
}

fn check(request: &Request, issued: &Issued, level: VerifyLevel) -> Result<Certificate, &'static str> {
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
    let extensions = &content.extensions;
    // An extension has no order, or one of its own: a template's is another.
    if !same_set(&certificate.key_usage, &extensions.key_usage)
        || !same_set(&certificate.extended_key_usage, &extensions.extended_key_usage)
    {
        return Err("other usages");
    }
    if level == VerifyLevel::Full {
        let signer = match issued.chain.first() {
            Some(der) => Certificate::from_der(der).map_err(|_| "a chain that is no certificate")?,
            None => certificate.clone(),
        };
        certificate.verify_issued_by(&signer).map_err(|_| "the signature does not verify")?;
    }
    Ok(certificate)
}

fn same_set<T: PartialEq>(left: &[T], right: &[T]) -> bool {
    left.len() == right.len() && left.iter().all(|one| right.contains(one))
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
