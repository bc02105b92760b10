//! ACME (RFC 8555): Let's Encrypt and every other CA that speaks it.
//!
//! instant-acme carries the order from its placing to the request; what it lacks is ours, over the same transport: accounts
//! with a key that is kept first and external bindings, changes of keys, alternate chains, revocation by the certificate's
//! own key, and what a server says beside its answers, such as when to come back.
//!
//! Of a request only the order's URL is kept. It is durable before the server is asked to sign anything, so an order
//! without a handle never became a certificate.

mod account;
mod authorize;
mod chain;
pub mod challenge;
mod client;
mod error;
mod key_change;
mod order;
mod renewal;
mod revocation;
mod settings;
mod transport;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, Once, OnceLock};

use challenge::{ChallengeKind, Solver};
use client::Client;
use settings::AcmeSettings;
use transport::Transport;

use crate::hint::issuer::{AccountHint, RequestHint};
use crate::issuer::{
    Account, Accounts, Announced, Approved, Capabilities, ErrorClass, HandleCheckpoint, Issuer, IssuerError,
    IssuerSettings, KeyCustody, Memory, PendingRequest, Progress, Recovery, RemoteIssuer, RenewalAdvice, Request,
    Revoker, Secrets, SigningPlan,
};
use certroll_base::clock::{Clock, Timestamp};
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::x509::reason::RevocationReason;

/// An order that has not ended after so many seconds is an alarm: servers forget orders after some days.
const BOUND_SECS: i64 = 86_400;

/// What CAs that browsers trust sign for.
const PUBLIC_KEYS: &[&str] = &["rsa:2048", "rsa:3072", "rsa:4096", "ec:p256", "ec:p384"];

/// The reasons that such CAs take from subscribers.
const PUBLIC_REASONS: &[RevocationReason] = &[
    RevocationReason::Unspecified,
    RevocationReason::KeyCompromise,
    RevocationReason::Superseded,
    RevocationReason::CessationOfOperation,
];

/// The reasons that make sense for the certificate of a subscriber.
const REASONS: &[RevocationReason] = &[
    RevocationReason::Unspecified,
    RevocationReason::KeyCompromise,
    RevocationReason::AffiliationChanged,
    RevocationReason::Superseded,
    RevocationReason::CessationOfOperation,
    RevocationReason::PrivilegeWithdrawn,
];

/// An ACME server with our accounts there.
pub struct Acme {
    name: String,
    settings: AcmeSettings,
    client: Client,
    clock: Arc<dyn Clock>,
    memory: Arc<dyn Memory>,
    secrets: Arc<dyn Secrets>,
    solver: Option<Box<dyn Solver>>,
    /// Opened accounts by name.
    accounts: Mutex<BTreeMap<String, Arc<account::OpenedAccount>>>,
    /// The account of the settings, once the server said that it is good.
    checked: OnceLock<Account>,
    /// Answers that dead runs left public are removed once.
    tidied: Once,
}

impl Acme {
    /// The name of this kind in the registry.
    pub const KIND: &str = "acme";

    /// Whether the settings are ones of this kind; says what is wrong with them.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn check_settings(settings: &IssuerSettings) -> Result<(), String> {
        settings::check(settings)
    }

    /// Opens a server by its settings; it is not contacted yet.
    ///
    /// # Errors
    /// Of class [`ErrorClass::Config`]: they cannot be used.
    pub fn open(connection: RemoteIssuer) -> Result<Self, IssuerError> {
        let settings: AcmeSettings = connection.parse()?;
        let http = settings.http().client(&connection.name, &connection.root)?;
        let client = Client::new(
            &connection.name,
            settings.directory(),
            Transport::new(http, connection.clock.clone(), settings.hosts()),
        );
        let solver = settings.challenge.as_ref();
        let solver = solver.map(|ways| challenge::solver(&connection.name, ways, &connection)).transpose()?;
        let RemoteIssuer { name, clock, memory, secrets, .. } = connection;
        Ok(Self {
            name,
            settings,
            client,
            clock,
            memory,
            secrets,
            solver,
            accounts: Mutex::default(),
            checked: OnceLock::new(),
            tidied: Once::new(),
        })
    }

    fn error(&self, class: ErrorClass, message: impl Into<String>) -> IssuerError {
        IssuerError::new(&self.name, class, message)
    }

    fn io(&self, message: &str, error: std::io::Error) -> IssuerError {
        self.error(ErrorClass::Config, message).because(error)
    }

    fn challenges(&self) -> Option<ChallengeKind> {
        self.solver.as_ref().map(|solver| solver.kind())
    }

    /// The profile to ask for: the one of the settings, unless the server lacks it and it is not required.
    fn profile(&self) -> Result<Option<&str>, IssuerError> {
        let Some(profile) = self.settings.profile.as_deref() else { return Ok(None) };
        let offered = &self.client.directory()?.meta.profiles;
        if offered.contains_key(profile) {
            return Ok(Some(profile));
        }
        if !self.settings.profile_required {
            return Ok(None);
        }
        let names: Vec<_> = offered.keys().map(String::as_str).collect();
        let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        let error = self.error(ErrorClass::Unsupported, format!("it does not offer the profile `{profile}`"));
        Err(error.hint(format!("it offers {names}; correct `profile` in `[issuers.{}]`", self.name)))
    }
}

impl Issuer for Acme {
    fn name(&self) -> &str {
        &self.name
    }

    fn kind(&self) -> &'static str {
        Self::KIND
    }

    fn capabilities(&self) -> Capabilities {
        let public = self.settings.is_public();
        let challenges = self.challenges();
        Capabilities {
            key_custody: KeyCustody::Local,
            key_algorithms: if public { PUBLIC_KEYS } else { &[] },
            lifetime: false,
            // RFC 8555 section 7.1.3 leaves it to the server; every CA asks for dns-01. RFC 8738 section 7 rules it out
            // for IP addresses.
            wildcard: challenges.is_none_or(|kind| kind == ChallengeKind::Dns01),
            ip: challenges.is_none_or(|kind| kind != ChallengeKind::Dns01),
            client_auth: !public,
            revocation_reasons: if public { PUBLIC_REASONS } else { REASONS },
            recoverable: true,
            in_process: false,
            patience: self.settings.patience(),
            bound_secs: Some(BOUND_SECS),
        }
    }

    fn check(&self, _now: Timestamp) -> Result<(), IssuerError> {
        self.client.directory()?;
        let name = self.settings.account();
        if self.kept(name)?.is_none() {
            return if self.settings.terms_agreed { Ok(()) } else { Err(self.no_account(name)) };
        }
        if self.checked.get().is_some() {
            return Ok(());
        }
        let account = self.show(None)?;
        if account.status != "valid" {
            let hint = AccountHint::CreateAnother(self.name.clone());
            return Err(self.error(ErrorClass::Auth, format!("its account is `{}`", account.status)).hint(hint));
        }
        let _ = self.checked.set(account);
        Ok(())
    }

    fn plan(&self, request: &Approved<Request>) -> Result<SigningPlan, IssuerError> {
        let request = request.subject();
        let names = &request.content.names;
        if names.is_empty() {
            let message = "it certifies names, and the request has none";
            return Err(self.error(ErrorClass::Unsupported, message).hint(RequestHint::AddDnsName));
        }
        let other = names.iter().find(|name| !matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_)));
        if let Some(other) = other {
            let message = format!("it certifies DNS names and IP addresses, not `{other}`");
            return Err(self.error(ErrorClass::Unsupported, message));
        }
        self.profile()?;
        Ok(SigningPlan::names_only())
    }

    fn submit(
        &self,
        request: Announced<Approved<Request>>,
        _plan: SigningPlan,
        pending: &PendingRequest,
        checkpoint: HandleCheckpoint<'_>,
    ) -> Result<Progress, IssuerError> {
        let request = request.subject().subject();
        self.place_and_pursue(request.predecessor.as_deref(), pending, checkpoint)
    }

    fn advance(&self, pending: &PendingRequest, checkpoint: HandleCheckpoint<'_>) -> Result<Progress, IssuerError> {
        self.go_on(pending, checkpoint)
    }

    fn recover(&self, pending: &PendingRequest) -> Result<Recovery, IssuerError> {
        self.became_of(pending)
    }

    fn revoker(&self) -> Option<&dyn Revoker> {
        Some(self)
    }

    fn accounts(&self) -> Option<&dyn Accounts> {
        Some(self)
    }

    fn renewal(&self) -> Option<&dyn RenewalAdvice> {
        Some(self)
    }
}
