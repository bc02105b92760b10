//! Servers that use certificates, and how far each has come with the one that it should use.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::step_state::StepState;
use crate::audit::record::value::Id;
use certroll_base::clock::Timestamp;
use certroll_pki::digest::Fingerprint;

/// A server that uses certificates of this home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Its name in this home.
    #[serde(skip)]
    pub name: String,
    /// How it is made to use new files: the name of a driver.
    pub driver: String,
    /// The names of the certificates that it uses.
    pub certificates: Vec<String>,
    /// Where it shows them.
    pub endpoints: Vec<ServiceEndpoint>,
    /// What its driver wants to know.
    pub settings: BTreeMap<String, String>,
    /// A command that is run before its files are changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pre: Option<String>,
    /// A command that is run once it serves the new certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
}

/// A listener of a service.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ServiceEndpoint {
    /// The name of the certificate that it is to show.
    pub certificate: String,
    /// `HOST:PORT`, or `HOST:PORT,NAME` with the server name to ask for.
    pub address: String,
}

impl Service {
    /// Whether it uses the certificate of that name.
    pub fn uses(&self, certificate: &str) -> bool {
        self.certificates.iter().any(|name| name == certificate)
    }

    /// The listeners that are to show the certificate of that name.
    pub fn endpoints_of<'a>(&'a self, certificate: &'a str) -> impl Iterator<Item = &'a ServiceEndpoint> {
        self.endpoints.iter().filter(move |endpoint| endpoint.certificate == certificate)
    }
}

/// A step of a service towards a certificate, after its files are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ServiceStep {
    /// It was told to load it.
    Reloaded,
    /// Every listener was seen to show it.
    Served,
}

impl ServiceStep {
    /// All steps, in their order.
    pub const ALL: [Self; 2] = [Self::Reloaded, Self::Served];

    /// Its name in the inventory.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reloaded => "reloaded",
            Self::Served => "served",
        }
    }
}

/// How far a service has come with the certificate of one name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceState {
    /// The last certificate that it was told to load.
    pub reloaded: StepState,
    /// The last certificate that every listener was seen to show.
    pub served: StepState,
}

/// A change of what is known of a service.
#[derive(Clone, Debug)]
pub enum ServiceChange {
    /// Remembers it; with `new` a conflict if the name is taken.
    Set {
        /// The service.
        service: Box<Service>,
        /// Whether there must be none of that name.
        new: bool,
    },
    /// Forgets it; a conflict if there is none of that name.
    Remove(String),
    /// Notes what became of a step.
    Step(ServiceStepChange),
}

/// A change of one step of a service.
#[derive(Clone, Debug)]
pub struct ServiceStepChange {
    /// The service.
    pub service: String,
    /// The name of the certificate.
    pub certificate: String,
    /// The step.
    pub step: ServiceStep,
    /// The operation that did it, or should have.
    pub op: Id,
    /// What became of it.
    pub outcome: ServiceStepOutcome,
}

/// What became of a step of a service.
#[derive(Clone, Debug)]
pub enum ServiceStepOutcome {
    /// It is done.
    Done {
        /// SHA-256 of the certificate.
        certificate: Fingerprint,
        /// When.
        at: Timestamp,
    },
    /// It is owed, and why; what was done before stands.
    Owed(String),
}
