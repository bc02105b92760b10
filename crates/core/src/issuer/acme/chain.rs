//! The certificate of an order and the chain with it (RFC 8555 section 7.4.2): of several, the one that leads to the preferred
//! root.

use instant_acme::Order;

use super::account::OpenedAccount;
use super::client::links;
use super::error::in_doubt;
use crate::issuer::acme::Acme;
use crate::issuer::{ErrorClass, Issued, IssuerError};
use certroll_pki::container::pem::{self, Label};
use certroll_pki::x509::certificate::Certificate;

/// So many alternate chains are looked at.
const ALTERNATES: usize = 8;

impl Acme {
    /// Downloads the certificate of a valid order.
    pub(super) fn download(&self, account: &OpenedAccount, order: &mut Order) -> Result<Issued, IssuerError> {
        let Some(url) = order.state().certificate.clone() else {
            return Err(self.client.protocol("the order is valid and names no certificate"));
        };
        let fetch = |url: &str| {
            let answer = self.client.post(url, None, account.signer());
            let answer = answer.map_err(|failed| {
                let mut error = in_doubt(self.client.error("the certificate could not be downloaded", failed));
                // It exists: whatever stands in the way may pass.
                if error.class == ErrorClass::NotFound {
                    error.class = ErrorClass::Retryable;
                }
                error
            })?;
            Ok::<_, IssuerError>((self.chain(&answer.body)?, links(&answer.headers, "alternate")))
        };
        let (chain, alternates) = fetch(&url)?;
        let Some(root) = &self.settings.preferred_root else { return Ok(chain) };
        if leads_to(&chain, root) {
            return Ok(chain);
        }
        for url in alternates.iter().take(ALTERNATES) {
            let (alternate, _) = fetch(url)?;
            if alternate.certificate == chain.certificate && leads_to(&alternate, root) {
                return Ok(alternate);
            }
        }
        // A preference: a certificate with another chain is better than none.
        let remark = format!("none of its chains leads to `{root}`, the `preferred_root`: its own choice is taken");
        Ok(Issued { remark: Some(remark), ..chain })
    }

    fn chain(&self, text: &[u8]) -> Result<Issued, IssuerError> {
        let wrong = || self.client.protocol("what it calls a certificate is no chain in PEM");
        let blocks = pem::read(text).map_err(|error| wrong().because(error))?;
        let mut certificates =
            blocks.iter().filter(|block| block.label == Label::Certificate).map(|block| block.der.expose().to_vec());
        let certificate = certificates.next().ok_or_else(wrong)?;
        Ok(Issued { certificate, chain: certificates.collect(), key: None, remark: None })
    }
}

/// Whether the top of the chain is, or was issued by, something with that common name: chains leave the root out.
fn leads_to(issued: &Issued, root: &str) -> bool {
    let top = issued.chain.last().and_then(|der| Certificate::from_der(der).ok());
    top.is_some_and(|top| {
        [&top.issuer, &top.subject].into_iter().any(|name| name.common_name().as_deref() == Some(root))
    })
}
