//! The key of a successor.

use std::sync::Arc;

use crate::audit::record::facts::Why;
use crate::error::{Error, ErrorKind};
use crate::hint::certificate::CertificateHint;
use crate::issuer::Issuer;
use crate::lifecycle::delivery::installed::{held_key, installed_key};
use crate::lifecycle::delivery::{Output, Password};
use crate::lifecycle::issuance::brought::AdmittedRequest;
use crate::lifecycle::issuance::subject_key::{key_error, makes_keys};
use crate::lifecycle::session::shared::SharedSession;
use crate::store::{CertificateEntry, RequestSpec};
use certroll_pki::digest::KeyHash;
use certroll_pki::key::kind::PublicKeyKind;
use certroll_pki::key::{KeyAlgorithm, KeyError, KeyPair};
use certroll_pki::x509::reason::RevocationReason;

/// What is asked for, with the request that was brought looked into.
pub(super) struct RotationAsked<'a> {
    pub(super) reuse_key: bool,
    pub(super) request: Option<AdmittedRequest>,
    pub(super) why: Option<Arc<Why>>,
    pub(super) password: Option<&'a Password>,
}

/// Whose key is to be certified.
pub(super) struct NewKey {
    /// Ours.
    pub(super) own: Option<KeyPair>,
    /// The request that was brought.
    pub(super) csr: Option<AdmittedRequest>,
    /// The kind of key that the issuer is to make.
    pub(super) theirs: Option<KeyAlgorithm>,
}

/// The kind of key for an issuer that makes keys itself: a new one with each certificate.
pub(super) fn issuers_key(
    memory: &RequestSpec,
    asked: &RotationAsked<'_>,
    issuer: &dyn Issuer,
) -> Result<NewKey, Error> {
    if asked.request.is_some() || asked.reuse_key {
        return Err(makes_keys(issuer));
    }
    let kind = memory.key.as_ref().and_then(PublicKeyKind::algorithm);
    Ok(NewKey { own: None, csr: None, theirs: Some(kind.ok_or_else(|| makes_keys(issuer))?) })
}

/// The kind of a key that was made before, to be made again.
fn made_kind(kind: &PublicKeyKind) -> Result<KeyAlgorithm, Error> {
    kind.algorithm().ok_or_else(|| key_error(KeyError::UnknownAlgorithm(kind.to_string())))
}

/// The key of the successor: a new one, the one of the predecessor, or that of a request.
pub(super) fn new_key(
    shared: &SharedSession<'_>,
    old: &CertificateEntry,
    memory: &RequestSpec,
    asked: &RotationAsked<'_>,
    outputs: &[Output],
) -> Result<NewKey, Error> {
    use RevocationReason::{CaCompromise, KeyCompromise};
    if asked.reuse_key && matches!(old.revoked, Some((_, KeyCompromise | CaCompromise))) {
        return Err(Error::new(ErrorKind::Refused, format!("the key of `{}` is compromised", old.name))
            .hint(CertificateHint::NewKey));
    }
    if let Some(request) = &asked.request {
        if !asked.reuse_key && KeyHash::of(&request.get().spki) == old.key_hash {
            return Err(Error::new(
                ErrorKind::Usage,
                "the request has the same key as the certificate that it would replace",
            )
            .hint(CertificateHint::NewKeyOrKeep));
        }
        return Ok(NewKey { own: None, csr: Some(request.clone()), theirs: None });
    }
    let Some(kind) = &memory.key else {
        return Err(Error::new(
            ErrorKind::Usage,
            format!("the key of `{}` was never here, only its request", old.name),
        )
        .hint(CertificateHint::NewRequest(old.name.clone())));
    };
    if !asked.reuse_key {
        // A new key can take a second: the session is not locked meanwhile.
        let key = KeyPair::generate(made_kind(kind)?).map_err(key_error)?;
        return Ok(NewKey { own: Some(key), csr: None, theirs: None });
    }
    let session = shared.lock();
    let plain = match held_key(&session, old)? {
        Some(plain) => Some(plain),
        None => installed_key(outputs)?,
    };
    let plain = plain.ok_or_else(|| {
        Error::new(
            ErrorKind::Usage,
            format!("the key of `{}` is neither in the home nor in a keystore known to it", old.name),
        )
        .hint(CertificateHint::NewKey)
    })?;
    let key = KeyPair::from_pkcs8(plain.expose()).map_err(key_error)?;
    if key.key_hash() != old.key_hash {
        return Err(Error::new(ErrorKind::Usage, format!("the installed key is not that of `{}`", old.name))
            .hint(CertificateHint::NewKey));
    }
    Ok(NewKey { own: Some(key), csr: None, theirs: None })
}
