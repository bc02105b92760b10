//! What a CA says through its CRL.

use crate::issuer::{ErrorClass, IssuerError, Lister, Statement};
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::crl::Crl;

/// The word of a CA that keeps no list but its CRL: what it has revoked.
pub struct CrlLister {
    name: String,
    crl: Crl,
}

impl CrlLister {
    /// Takes the CRL `der` of the CA `name`, whose certificate is `ca`.
    ///
    /// # Errors
    /// Of class [`ErrorClass::Protocol`]: it is no CRL, or was not signed by that CA.
    pub fn open(name: &str, ca: &Certificate, der: &[u8]) -> Result<Self, IssuerError> {
        let wrong = |message: &str| IssuerError::new(name, ErrorClass::Protocol, message);
        let crl = Crl::from_der(der).map_err(|error| wrong("its CRL cannot be read").because(error))?;
        crl.verify(&ca.spki).map_err(|error| wrong("its CRL is not signed by its key").because(error))?;
        if crl.issuer.as_der() != ca.subject.as_der() {
            return Err(wrong("its CRL names another issuer"));
        }
        Ok(Self { name: name.to_owned(), crl })
    }
}

impl Lister for CrlLister {
    fn issuer(&self) -> &str {
        &self.name
    }

    fn tells_issued(&self) -> bool {
        false
    }

    fn statements(&self, visit: &mut dyn FnMut(Statement)) -> Result<(), IssuerError> {
        for (serial, at, reason) in &self.crl.entries {
            let revoked = Some((*at, Some(reason.clone())));
            visit(Statement { serial: serial.clone(), certificate: None, revoked });
        }
        Ok(())
    }
}
