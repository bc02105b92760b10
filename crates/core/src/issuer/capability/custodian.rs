//! Back ends that keep more than a list of what they have signed.

use crate::issuer::{Announced, IssuerError};

/// The deletion of a certificate with its key at the back end that keeps both.
pub struct Deletion<'a> {
    /// DER of the certificate.
    pub certificate: &'a [u8],
}

/// A report that a back end is to write of what it has signed.
pub struct IssuanceReport;

/// A back end that keeps certificates with their keys, and uses and renews them by itself.
pub trait Custodian: Send + Sync {
    /// What it says of a certificate: what it is used by, how far its renewal is. Pairs of a title and a text.
    ///
    /// # Errors
    /// It is not there, or the back end could not be asked.
    fn status(&self, certificate: &[u8]) -> Result<Vec<(&'static str, String)>, IssuerError>;

    /// Deletes a certificate and its key.
    ///
    /// # Errors
    /// Something uses it, or the back end refuses.
    fn delete(&self, deletion: Announced<Deletion<'_>>) -> Result<(), IssuerError>;
}

/// A back end that writes a list of what it has signed to a place from which it must be fetched.
pub trait Reporter: Send + Sync {
    /// Has a report written and waits until it is; answers the command that fetches it to where [`crate::issuer::Lister`] reads it.
    ///
    /// # Errors
    /// The back end refuses, or takes too long.
    fn report(&self, report: Announced<IssuanceReport>) -> Result<String, IssuerError>;
}
