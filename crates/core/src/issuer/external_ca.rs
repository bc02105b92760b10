//! A CA of others that is asked by hand: a request goes to its operators in a file, and they answer with a certificate.
//!
//! Nothing is called and nothing can be asked: the request stays open until its certificate is accepted, or a person gives
//! it up.

use crate::hint::issuer::AuthorityHint;
use crate::issuer::{
    Announced, Approved, Capabilities, ErrorClass, HandleCheckpoint, Issuer, IssuerError, KeyCustody, PendingRequest,
    Progress, Recovery, Request, SigningPlan,
};
use certroll_base::clock::Timestamp;

/// The operators of a CA above one of ours.
pub struct ExternalCa;

impl ExternalCa {
    /// The name of this kind in the registry, and of the issuer in intents: whose CA it is tells the certificate.
    pub const KIND: &str = "external-ca";
    /// The handle of a request that goes by hand.
    pub const HANDLE: &str = "by-hand";
}

/// What became of a request whose process has ended: it is with people.
pub(super) fn recover(_pending: &PendingRequest) -> Recovery {
    Recovery::Pending(ExternalCa::HANDLE.to_owned())
}

fn by_hand() -> IssuerError {
    IssuerError::new(ExternalCa::KIND, ErrorClass::Unsupported, "the operators of that CA answer with a certificate")
        .hint(AuthorityHint::AcceptReply)
}

impl Issuer for ExternalCa {
    fn name(&self) -> &str {
        Self::KIND
    }

    fn kind(&self) -> &'static str {
        Self::KIND
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            key_custody: KeyCustody::Local,
            key_algorithms: &[],
            lifetime: true,
            wildcard: true,
            ip: true,
            client_auth: true,
            revocation_reasons: &[],
            recoverable: false,
            in_process: false,
            patience: std::time::Duration::ZERO,
            bound_secs: None,
        }
    }

    fn check(&self, _now: Timestamp) -> Result<(), IssuerError> {
        Ok(())
    }

    fn plan(&self, _request: &Approved<Request>) -> Result<SigningPlan, IssuerError> {
        Ok(SigningPlan::elsewhere())
    }

    fn submit(
        &self,
        _request: Announced<Approved<Request>>,
        _plan: SigningPlan,
        _pending: &PendingRequest,
        _checkpoint: HandleCheckpoint<'_>,
    ) -> Result<Progress, IssuerError> {
        Err(by_hand())
    }

    fn advance(&self, _pending: &PendingRequest, _checkpoint: HandleCheckpoint<'_>) -> Result<Progress, IssuerError> {
        Err(by_hand())
    }

    fn recover(&self, pending: &PendingRequest) -> Result<Recovery, IssuerError> {
        Ok(recover(pending))
    }
}
