//! Revocation at a back end that must be told of it.

use crate::issuer::{Announced, IssuerError};
use certroll_pki::key::KeyPair;
use certroll_pki::x509::reason::RevocationReason;

/// What is to be revoked.
#[derive(Clone, Copy)]
pub struct Revocation<'a> {
    /// DER of the certificate.
    pub certificate: &'a [u8],
    /// Why.
    pub reason: RevocationReason,
    /// The certificate's own private key, where it was brought: some back ends take possession of it as authority, and
    /// believe a compromise only then.
    pub key: Option<&'a KeyPair>,
}

/// A back end that must be told of a revocation.
pub trait Revoker: Send + Sync {
    /// Revokes. Idempotent: a certificate that is already revoked is a success.
    ///
    /// # Errors
    /// [`IssuerError`].
    fn revoke(&self, revocation: Announced<Revocation<'_>>) -> Result<(), IssuerError>;

    /// Whether the back end has revoked it. For a revocation whose process died, or whose answer was lost.
    ///
    /// # Errors
    /// The back end could not be asked; ask again later.
    fn state(&self, certificate: &[u8]) -> Result<RevocationState, IssuerError>;

    /// Whether the back end is told the reason; otherwise it stands in our log alone, and no list of the back end shows it.
    fn takes_reason(&self) -> bool {
        true
    }

    /// Whether the list that the back end publishes shows the revocation by now; `None` when it publishes none that could be
    /// asked for.
    ///
    /// # Errors
    /// The list could not be had, or is not to be believed.
    fn is_listed(&self, _certificate: &[u8]) -> Result<Option<bool>, IssuerError> {
        Ok(None)
    }
}

/// What a back end says of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationState {
    /// It is revoked.
    Revoked,
    /// It is not, and no call that was sent can change that.
    NotRevoked,
    /// The back end cannot tell; revoking again is harmless.
    Unknown,
}
