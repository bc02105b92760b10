//! Orders (RFC 8555 section 7.4): from whatever state one is in to its certificate, in this process or a later one.
//!
//! ```text
//! placed -> its URL is durable -> pending: challenges -> ready: our request -> processing -> valid: the certificate
//! ```

use std::time::Duration;

use instant_acme::{Identifier, NewOrder, Order, OrderStatus};
use serde::{Deserialize, Serialize};

use super::account::OpenedAccount;
use super::error::{failure, in_doubt, in_its_words, is_about_replacing, kind_of, problem_type};
use crate::issuer::acme::Acme;
use crate::issuer::network::block_on;
use crate::issuer::{ErrorClass, HandleCheckpoint, IssuerError, PendingRequest, Progress, Recovery};
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::x509::request::CertificateRequest;

/// Between two looks at an order, when the server does not say how long: from that, doubled, up to that.
const SHORTEST_PAUSE: Duration = Duration::from_millis(50);
const PAUSE: Duration = Duration::from_secs(1);
/// However long the server says.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// An order passes through four states, and is looked at a few times more before it is left to a later call.
const STEPS: usize = 9;

/// The handle of an order, as it stands in the log.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct OrderHandle {
    /// The shape of this text; 1.
    v: u8,
    /// The order's URL.
    order: String,
    /// The account that placed it.
    account: String,
}

impl OrderHandle {
    fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Acme {
    /// Places an order and pursues it. Its URL is durable before anything else happens to it.
    pub(super) fn place_and_pursue(
        &self,
        predecessor: Option<&[u8]>,
        pending: &PendingRequest,
        checkpoint: HandleCheckpoint<'_>,
    ) -> Result<Progress, IssuerError> {
        self.tidy();
        let csr = self.request_of(pending)?;
        let account = self.account(self.settings.account())?;
        let (order, handle) = self.place(&account, &csr, predecessor)?;
        checkpoint(&handle)?;
        self.pursue(&account, order, &handle, &csr)
    }

    /// Goes on with an order of this or an earlier process.
    pub(super) fn go_on(
        &self,
        pending: &PendingRequest,
        checkpoint: HandleCheckpoint<'_>,
    ) -> Result<Progress, IssuerError> {
        self.tidy();
        let csr = self.request_of(pending)?;
        let text = pending.handle.as_deref().unwrap_or_default();
        let handle = self.handle(text)?;
        let account = self.account(&handle.account)?;
        match block_on(account.acme.order(handle.order)).map_err(failure) {
            Ok(order) => self.pursue(&account, order, text, &csr),
            // Servers forget orders. The same request again, so that the key and its intent stay the same.
            Err(failed) if failed.status() == Some(404) => {
                let (order, handle) = self.place(&account, &csr, None)?;
                checkpoint(&handle)?;
                self.pursue(&account, order, &handle, &csr)
            }
            Err(failed) => Err(in_doubt(self.client.error("the order could not be looked at", failed))),
        }
    }

    /// What became of the order of a process that died.
    pub(super) fn became_of(&self, pending: &PendingRequest) -> Result<Recovery, IssuerError> {
        // Nothing is signed for an order whose URL was not durable: the request follows it.
        let Some(text) = pending.handle.as_deref() else { return Ok(Recovery::Nothing) };
        let handle = self.handle(text)?;
        let account = self.account(&handle.account)?;
        let mut order = match block_on(account.acme.order(handle.order.clone())).map_err(failure) {
            Ok(order) => order,
            Err(failed) if failed.status() == Some(404) => {
                return Ok(Recovery::unknowable(format!(
                    "the server does not know the order `{}` any more; the same command places another one for the same key",
                    handle.order
                )));
            }
            Err(failed) => return Err(self.client.error("the order could not be looked at", failed)),
        };
        match order.state().status {
            OrderStatus::Pending | OrderStatus::Ready | OrderStatus::Processing => {
                Ok(Recovery::Pending(text.to_owned()))
            }
            OrderStatus::Invalid => Ok(Recovery::Nothing),
            OrderStatus::Valid => self.download(&account, &mut order).map(Recovery::Found),
        }
    }

    fn request_of(&self, pending: &PendingRequest) -> Result<CertificateRequest, IssuerError> {
        let missing = || self.error(ErrorClass::Permanent, "there is no certificate request to send");
        let der = pending.csr.as_deref().ok_or_else(missing)?;
        CertificateRequest::from_der(der).map_err(|error| missing().because(error))
    }

    fn handle(&self, text: &str) -> Result<OrderHandle, IssuerError> {
        match serde_json::from_str::<OrderHandle>(text) {
            Ok(handle) if handle.v == 1 => Ok(handle),
            _ => Err(self
                .error(ErrorClass::Config, format!("`{text}` is no handle of an order"))
                .hint("go on with the program that placed it")),
        }
    }

    fn place(
        &self,
        account: &OpenedAccount,
        csr: &CertificateRequest,
        predecessor: Option<&[u8]>,
    ) -> Result<(Order, String), IssuerError> {
        let mut identifiers = Vec::with_capacity(csr.names.len());
        for name in &csr.names {
            match name {
                GeneralName::Dns(name) => identifiers.push(Identifier::Dns(name.clone())),
                GeneralName::Ip(address) => identifiers.push(Identifier::Ip(*address)),
                other => {
                    let message = format!("it certifies DNS names and IP addresses, not `{other}`");
                    return Err(self.error(ErrorClass::Unsupported, message));
                }
            }
        }
        let mut wanted = NewOrder::new(&identifiers);
        if let Some(profile) = self.profile()? {
            wanted = wanted.profile(profile);
        }
        let replaces = match self.client.directory()?.renewal_info {
            Some(_) => predecessor.and_then(|der| super::renewal::certificate_id(der).ok()),
            None => None,
        };
        let placed = match replaces {
            None => block_on(account.acme.new_order(&wanted)),
            Some(id) => {
                let mut replacing = NewOrder::new(&identifiers).replaces(id);
                if let Some(profile) = self.profile()? {
                    replacing = replacing.profile(profile);
                }
                match block_on(account.acme.new_order(&replacing)).map_err(failure) {
                    Ok(order) => Ok(order),
                    // It was replaced already, or is of another account or server, or the server stumbles over it: a
                    // courtesy of RFC 9773 section 5, which no certificate fails for.
                    Err(failed) if is_about_replacing(&failed) => block_on(account.acme.new_order(&wanted)),
                    Err(failed) => return Err(self.client.error("the order could not be placed", failed)),
                }
            }
        };
        let mut order = placed.map_err(|error| self.client.error("the order could not be placed", failure(error)))?;
        self.holds_profile(&mut order)?;
        let handle = OrderHandle { v: 1, order: order.url().to_owned(), account: account.name.clone() };
        Ok((order, handle.to_text()))
    }

    /// A server that does not know profiles ignores the wish silently.
    fn holds_profile(&self, order: &mut Order) -> Result<(), IssuerError> {
        let wanted = self.profile()?.filter(|_| self.settings.profile_required);
        match (wanted, &order.state().profile) {
            (Some(wanted), given) if given.as_deref() != Some(wanted) => {
                Err(self.error(ErrorClass::Unsupported, format!("it took the order without the profile `{wanted}`")))
            }
            _ => Ok(()),
        }
    }

    /// Takes an order as far as it goes now.
    fn pursue(
        &self,
        account: &OpenedAccount,
        mut order: Order,
        handle: &str,
        csr: &CertificateRequest,
    ) -> Result<Progress, IssuerError> {
        let mut pause = SHORTEST_PAUSE;
        for _ in 0..STEPS {
            match order.state().status {
                OrderStatus::Pending => {
                    if !self.authorize(&mut order, &csr.names)? {
                        return Ok(self.pending(&order, handle));
                    }
                    self.refresh(&mut order)?;
                }
                OrderStatus::Ready => {
                    let sent = block_on(order.finalize_csr(&csr.der)).map_err(failure);
                    match sent {
                        Ok(()) => {}
                        Err(failed) if problem_type(&failed) == "orderNotReady" => self.refresh(&mut order)?,
                        Err(failed) if matches!(problem_type(&failed), "badCSR" | "unauthorized" | "badPublicKey") => {
                            let mut error = self.client.error("the server refuses the certificate request", failed);
                            error.class = ErrorClass::Policy;
                            return Err(error);
                        }
                        Err(failed) => {
                            return Err(in_doubt(self.client.error("the certificate request was sent", failed)));
                        }
                    }
                }
                OrderStatus::Processing => {
                    if self.client.transport.is_later(order.url()) {
                        return Ok(self.pending(&order, handle));
                    }
                    std::thread::sleep(pause);
                    pause = (pause * 2).min(PAUSE);
                    self.refresh(&mut order)?;
                }
                OrderStatus::Valid => return self.download(account, &mut order).map(Progress::Issued),
                OrderStatus::Invalid => return Err(self.why_invalid(&mut order)),
            }
        }
        Ok(self.pending(&order, handle))
    }

    pub(super) fn refresh(&self, order: &mut Order) -> Result<(), IssuerError> {
        let refreshed = block_on(order.refresh()).map(drop);
        refreshed.map_err(|error| in_doubt(self.client.error("the order could not be looked at", failure(error))))
    }

    fn pending(&self, order: &Order, handle: &str) -> Progress {
        let wait = self.client.transport.pause(order.url()).unwrap_or(PAUSE);
        Progress::Pending { handle: handle.to_owned(), actions: Vec::new(), wait: wait.min(LONGEST_PAUSE) }
    }

    /// Everything that the server has to say about an order that came to nothing: some say it of the order, some of the
    /// challenges.
    fn why_invalid(&self, order: &mut Order) -> IssuerError {
        let mut said = Vec::new();
        let mut class = ErrorClass::Permanent;
        let mut hint = None;
        if let Some(problem) = &order.state().error {
            said.push(in_its_words(problem));
            if kind_of(problem) == "caa" || kind_of(problem) == "rejectedIdentifier" {
                class = ErrorClass::Policy;
            }
        }
        for (name, problem) in self.refused(order) {
            hint = hint.or_else(|| super::authorize::advice(kind_of(&problem), &name));
            let words = format!("`{name}`: {}", in_its_words(&problem));
            if !said.iter().any(|known| known.contains(&in_its_words(&problem))) {
                said.push(words);
            }
        }
        if said.is_empty() {
            said.push("the server does not say why".to_owned());
        }
        let error = self.error(class, format!("the order failed: {}", said.join("; ")));
        hint.into_iter().fold(error, IssuerError::hint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_are_read_back() {
        let handle = OrderHandle { v: 1, order: "https://ca/order/1".into(), account: "default".into() };
        assert_eq!(handle.to_text(), r#"{"v":1,"order":"https://ca/order/1","account":"default"}"#);
        assert_eq!(serde_json::from_str::<OrderHandle>(&handle.to_text()).unwrap(), handle);
    }
}
