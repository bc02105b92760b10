//! What is known of one step towards a certificate.

use certroll_base::clock::Timestamp;
use certroll_base::encoding::Sha256;
use certroll_pki::digest::Fingerprint;

/// What is known of one step at one place, or of one service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepState {
    /// SHA-256 of the certificate for which it is done; `None` before the first.
    pub certificate: Option<Fingerprint>,
    /// SHA-256 of the file as it was read back, for the step of writing.
    pub digest: Option<Sha256>,
    /// When it was done.
    pub at: Option<Timestamp>,
    /// Why it is not done for the certificate that should be there; `None` when it is.
    pub owed: Option<String>,
}
