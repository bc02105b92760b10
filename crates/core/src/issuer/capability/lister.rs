//! What a back end itself says it has issued and revoked.

use crate::issuer::IssuerError;
use certroll_base::clock::Timestamp;
use certroll_pki::x509::serial::SerialNumber;

/// What an issuer says of one certificate.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Its serial number.
    pub serial: SerialNumber,
    /// DER, if the issuer hands it out.
    pub certificate: Option<Vec<u8>>,
    /// When and why it was revoked, if it was; the reason as in RFC 5280 section 5.3.1, where the issuer keeps one.
    pub revoked: Option<(Timestamp, Option<String>)>,
}

/// A list that an issuer keeps of its certificates, to be held against the log.
pub trait Lister: Send + Sync {
    /// The name of the issuer in this home.
    fn issuer(&self) -> &str;

    /// Whether it tells of every certificate that has not expired; otherwise of revoked ones only.
    fn tells_issued(&self) -> bool;

    /// Whether others use the issuer too: what is on its list and not in our log is then theirs, most likely.
    fn is_shared(&self) -> bool {
        false
    }

    /// Visits everything on the list. Has no side effects.
    ///
    /// # Errors
    /// The back end could not be asked.
    fn statements(&self, visit: &mut dyn FnMut(Statement)) -> Result<(), IssuerError>;
}
