//! What each service serves now: looked at, not remembered.

use std::collections::BTreeSet;

use super::probe::{self, Expected, Probed, Seen};
use crate::error::Error;
use crate::lifecycle::delivery::without_root;
use crate::lifecycle::session::{self, View};
use crate::store::{CertificateEntry, Query, Selector, Service, ServiceEndpoint, ServiceState};
use certroll_base::parallel;

/// So many listeners are looked at at the same time.
const LOOKED_AT_ONCE: usize = 16;

/// A listener of a service, and what was seen there.
#[derive(Clone, Debug)]
pub struct ServiceFinding {
    /// The service.
    pub service: String,
    /// The listener, and what it shows.
    pub probed: Probed,
    /// The certificate that it should show; `None` when the name has none.
    pub wanted: Option<CertificateEntry>,
    /// The certificate of this home that it shows in place of that one.
    pub shows: Option<CertificateEntry>,
}

impl ServiceFinding {
    /// Whether it serves what it should.
    pub fn is_good(&self) -> bool {
        self.probed.seen == Seen::Wanted
    }

    /// Whether it serves a certificate that is known to be expired or revoked.
    pub fn is_unusable(&self, now: certroll_base::clock::Timestamp) -> bool {
        let shown = if self.is_good() { self.wanted.as_ref() } else { self.shows.as_ref() };
        shown.is_some_and(|entry| entry.revoked.is_some() || entry.validity.not_after < now)
    }
}

/// Looks at the listeners of all services, or of those that use one of these certificates.
///
/// # Errors
/// The inventory cannot be read. That a listener cannot be looked at is told of it.
pub fn look(view: &View, names: Option<&BTreeSet<String>>) -> Result<Vec<ServiceFinding>, Error> {
    look_at(view, &view.store.services()?, names)
}

/// Looks at the listeners of these services, or of them those that should show one of these certificates.
///
/// # Errors
/// As [`look`].
pub fn look_at(
    view: &View,
    services: &[Service],
    names: Option<&BTreeSet<String>>,
) -> Result<Vec<ServiceFinding>, Error> {
    let mut listeners: Vec<(&Service, &ServiceEndpoint, Option<Expected>)> = Vec::new();
    for service in services {
        for endpoint in &service.endpoints {
            if names.is_none_or(|names| names.contains(&endpoint.certificate)) {
                listeners.push((service, endpoint, expected(view, &endpoint.certificate)?));
            }
        }
    }
    let probed = parallel::each(&listeners, LOOKED_AT_ONCE, |(_, endpoint, expected)| match expected {
        Some(expected) => probe::look(endpoint, expected),
        None => {
            let seen = Seen::Nothing(format!("`{}` has no current certificate", endpoint.certificate));
            Probed { endpoint: (*endpoint).clone(), seen, notes: Vec::new() }
        }
    });
    let mut findings = Vec::with_capacity(listeners.len());
    for ((service, _, expected), probed) in listeners.into_iter().zip(probed) {
        let shows = match &probed.seen {
            Seen::Other(shown) => view.store.certificates(&Query::of(Selector::Fingerprint(shown.fingerprint)))?.pop(),
            Seen::Wanted | Seen::Nothing(_) => None,
        };
        let wanted = expected.map(|expected| expected.entry);
        findings.push(ServiceFinding { service: service.name.clone(), probed, wanted, shows });
    }
    Ok(findings)
}

/// What a listener should show: the current certificate of the name.
fn expected(view: &View, name: &str) -> Result<Option<Expected>, Error> {
    let Some(entry) = view.store.certificates(&Query::current_of(name))?.pop() else { return Ok(None) };
    let issuers = session::issuers_of(&*view.store, &entry, |name| view.authority(Some(name))).unwrap_or_default();
    let chain: Vec<_> = std::iter::once(view.store.certificate_der(&entry)?).chain(issuers).collect();
    Ok(Some(Expected { entry, intermediates: without_root(&chain).into_iter().skip(1).collect() }))
}

/// How far a service has come with each of its certificates.
///
/// # Errors
/// The inventory cannot be read.
pub fn states(view: &View, service: &Service) -> Result<Vec<(String, ServiceState)>, Error> {
    let state = |name: &String| Ok((name.clone(), view.store.service_state(&service.name, name)?));
    service.certificates.iter().map(state).collect()
}
