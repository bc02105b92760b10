//! Advice from the issuer on when to replace a certificate.

use crate::issuer::IssuerError;
use certroll_base::clock::Timestamp;

/// When the back end wants a certificate to be replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// From when on we replace it: a point in the window, chosen once at random so that a fleet does not come at once.
    pub at: Timestamp,
    /// The window that the back end suggests.
    pub window: (Timestamp, Timestamp),
    /// A page that says why, where the back end gives one.
    pub explanation: Option<String>,
}

/// A back end that gives such advice.
pub trait RenewalAdvice: Send + Sync {
    /// The advice for a certificate; `None` when it has none. It is kept between runs and asked for again when the back end
    /// wants it to be.
    ///
    /// # Errors
    /// The back end could not be asked; the caller goes by its own rule then.
    fn advice(&self, certificate: &[u8]) -> Result<Option<Advice>, IssuerError>;
}
