//! Revocation (RFC 8555 section 7.6): by an account's key, or by possession of the certificate's own key.

use serde_json::json;

use super::client::RequestKey;
use super::error::{nonsense, problem_type};
use crate::hint::issuer::RequestHint;
use crate::issuer::acme::Acme;
use crate::issuer::network::{FailureKind, NetworkFailure};
use crate::issuer::{Accounts as _, Announced, ErrorClass, IssuerError, Revocation, RevocationState, Revoker};
use certroll_base::encoding::base64url;
use certroll_pki::jose::jws;
use certroll_pki::key::KeyPair;
use certroll_pki::x509::reason::RevocationReason;

impl Acme {
    fn post_revocation(&self, revocation: Revocation<'_>, signer: RequestKey<'_>) -> Result<(), NetworkFailure> {
        let directory = self.client.directory().map_err(|error| nonsense(error.to_string()))?;
        let url = directory.revoke_cert.as_deref();
        let url = url.ok_or_else(|| nonsense("it does not revoke (no revokeCert in its directory)"))?;
        let mut payload = json!({"certificate": base64url(revocation.certificate)});
        // The reason 0 is one that is not given (RFC 5280 section 5.3.1).
        if revocation.reason != RevocationReason::Unspecified {
            payload["reason"] = revocation.reason.code().into();
        }
        match self.client.post(url, Some(&payload), signer) {
            Err(failed) if problem_type(&failed) == "alreadyRevoked" => Ok(()),
            other => other.map(drop),
        }
    }

    /// What a failed revocation means: one that was sent and not answered may have taken effect.
    fn not_revoked(&self, failed: NetworkFailure) -> IssuerError {
        let silent = failed.kind == FailureKind::Unanswered;
        let refused = problem_type(&failed) == "malformed";
        let mut error = self.client.error("the revocation was not taken", failed);
        match error.class {
            _ if silent => error.class = ErrorClass::Ambiguous,
            ErrorClass::NotFound => error.class = ErrorClass::Permanent,
            ErrorClass::Permanent if refused => error.class = ErrorClass::Policy,
            _ => {}
        }
        error
    }

    /// By the certificate's own key. A CA that browsers trust enters keyCompromise whatever is asked for then, so it is asked
    /// for nothing else.
    fn by_possession(&self, key: &KeyPair, revocation: Revocation<'_>) -> Result<(), IssuerError> {
        if self.settings.is_public() && revocation.reason != RevocationReason::KeyCompromise {
            let message = format!("by a certificate's own key it takes keyCompromise, not {}", revocation.reason);
            return Err(self.error(ErrorClass::Unsupported, message).hint(RequestHint::NotByKey));
        }
        self.post_revocation(revocation, RequestKey::Key(key)).map_err(|failed| self.not_revoked(failed))
    }

    /// By the account that the settings name; by another one that this home has there if it is not the one that ordered.
    fn by_account(&self, revocation: Revocation<'_>) -> Result<(), IssuerError> {
        let first = self.settings.account();
        let others = self.names()?.into_iter().filter(|name| name != first);
        let mut refusal = None;
        for name in std::iter::once(first.to_owned()).chain(others) {
            let account = match self.account(&name) {
                Ok(account) => account,
                Err(error) => {
                    refusal = refusal.or(Some(error));
                    continue;
                }
            };
            match self.post_revocation(revocation, account.signer()) {
                Ok(()) => return Ok(()),
                Err(failed) if matches!(problem_type(&failed), "unauthorized" | "accountDoesNotExist") => {
                    refusal = refusal.or_else(|| Some(self.not_revoked(failed)));
                }
                Err(failed) => return Err(self.not_revoked(failed)),
            }
        }
        Err(refusal.unwrap_or_else(|| self.no_account(first)))
    }
}

impl Revoker for Acme {
    fn revoke(&self, revocation: Announced<Revocation<'_>>) -> Result<(), IssuerError> {
        let revocation = revocation.into_subject();
        match revocation.key {
            // Servers do not agree on the name of its signatures.
            Some(key) if jws::algorithm(key.algorithm()).is_some() => match self.by_possession(key, revocation) {
                // The account that ordered it has the same right; the reason stays what it is.
                Err(error) if error.class == ErrorClass::Auth => self.by_account(revocation).map_err(|_| error),
                other => other,
            },
            _ => self.by_account(revocation),
        }
    }

    fn state(&self, _certificate: &[u8]) -> Result<RevocationState, IssuerError> {
        // The protocol has no question for it. Revoking again does no harm, and its answer tells.
        Ok(RevocationState::Unknown)
    }
}
