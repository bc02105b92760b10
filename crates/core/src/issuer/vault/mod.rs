//! HashiCorp Vault and OpenBao: a role of a PKI engine signs our requests.
//!
//! The key is always ours: `sign` and `sign-verbatim` are called, never `issue`. Signing takes one call and has no handle
//! before it; what became of a call whose answer was lost is found in the mount's list of certificates, by our public
//! key, which no other request has. So a role that keeps no certificates (`no_store`) is refused unless the settings
//! allow it.

mod error;
mod failure;
mod find;
mod list;
mod login;
mod revoke;
mod rights;
mod role;
mod session;
mod settings;
mod sign;

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use self::failure::{is_absence, nonsense};
use self::role::{Bounds, Role};
use self::session::VaultSession;
use self::settings::{Auth, Sign, VaultSettings};
use crate::issuer::network::{CallEffect, ServerAnswer};
use crate::issuer::{
    Announced, Approved, Capabilities, ErrorClass, HandleCheckpoint, Issuer, IssuerError, IssuerSettings, KeyCustody,
    Lister, PendingRequest, Progress, Recovery, RemoteIssuer, Request, Revoker, SigningPlan,
};
use certroll_base::clock::Timestamp;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::reason::RevocationReason;

/// How long a command waits for a server that lets it wait.
const PATIENCE: Duration = Duration::from_secs(30);
/// When an intent that has not ended is an alarm.
const BOUND_SECS: i64 = 3_600;

/// A role of a PKI engine.
pub(super) struct Vault {
    name: String,
    settings: VaultSettings,
    connection: RemoteIssuer,
    base: String,
    /// The token that we have, once we have one.
    session: Mutex<Option<Arc<VaultSession>>>,
    /// The role, once it was read.
    role: OnceLock<Role>,
    /// What matters besides the role, once it was asked for.
    known: OnceLock<MountFacts>,
}

/// What matters of mount and CA besides the role, as far as it is known.
#[derive(Clone, Debug)]
struct MountFacts {
    /// The longest lifetime of the mount, in seconds.
    mount_max_ttl: Option<i64>,
    /// The certificate of the CA that signs.
    ca: Option<Certificate>,
}

/// The name of this kind in the registry.
pub(super) const KIND: &str = "vault";

/// Whether the settings are ones of this kind.
pub(super) fn check(table: &IssuerSettings) -> Result<(), String> {
    VaultSettings::read(table).map(drop)
}

/// Opens one; the server is not contacted yet.
pub(super) fn open(connection: RemoteIssuer) -> Result<Box<dyn Issuer>, IssuerError> {
    let read = VaultSettings::read(&connection.settings).and_then(|settings| Ok((settings.url()?, settings)));
    let (url, settings) = read.map_err(|why| {
        IssuerError::new(&connection.name, ErrorClass::Config, format!("its settings are not valid: {why}"))
            .hint(format!("correct `[issuers.{}]` in certroll.toml", connection.name))
    })?;
    let base = url.as_str().trim_end_matches('/').to_owned();
    let (name, session) = (connection.name.clone(), Mutex::default());
    let (role, known) = (OnceLock::new(), OnceLock::new());
    Ok(Box::new(Vault { name, settings, connection, base, session, role, known }))
}

impl Vault {
    fn config(&self, message: impl Into<String>) -> IssuerError {
        IssuerError::new(&self.name, ErrorClass::Config, message)
    }

    /// A session without a token.
    fn anonymous(&self) -> Result<VaultSession, IssuerError> {
        let mut builder = self.settings.http().builder(&self.name, &self.connection.root)?;
        if let Some(identity) = self.identity()? {
            builder = builder.identity(identity);
        }
        let unusable = "no HTTP client can be made of its settings";
        let http = builder.build().map_err(|error| self.config(unusable).because(error))?;
        let clock = self.connection.clock.clone();
        Ok(VaultSession::new(http, &self.base, self.settings.namespace.as_deref(), clock))
    }

    /// The session, after logging in where that is needed.
    fn session(&self) -> Result<Arc<VaultSession>, IssuerError> {
        let mut held = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = held.as_ref().filter(|session| !session.is_spent()) {
            return Ok(session.clone());
        }
        let session = Arc::new(self.log_in()?);
        *held = Some(session.clone());
        Ok(session)
    }

    /// The role; `None` when none is needed, or when it may not be read and that is allowed.
    fn role(&self, session: &VaultSession) -> Result<Option<&Role>, IssuerError> {
        let Some(name) = &self.settings.role else { return Ok(None) };
        if let Some(role) = self.role.get() {
            return Ok(Some(role));
        }
        let path = format!("{}/roles/{name}", self.settings.mount());
        match session.get(&path) {
            Ok(answer) => {
                let role = serde_json::from_value(answer.data)
                    .map_err(|error| self.config(format!("role `{name}` cannot be understood")).because(error))?;
                Ok(Some(self.role.get_or_init(|| role)))
            }
            Err(failure) if is_absence(&failure) => Err(self
                .config(format!("there is no role `{name}` in the mount `{}`", self.settings.mount()))
                .hint(format!(
                    "correct `role` in `[issuers.{}]`; `bao list {}/roles` shows the roles",
                    self.name,
                    self.settings.mount()
                ))),
            Err(failure) if failure.status() == Some(403) && self.settings.allow_unrecoverable => Ok(None),
            Err(failure) => {
                let what = format!("role `{name}` cannot be read, so it is not known what it allows and keeps");
                Err(self.failed(failure, CallEffect::Asks, &path, &what))
            }
        }
    }

    /// Whether certificates that are signed for us are not kept by the server, as far as is known.
    fn keeps_nothing(&self) -> bool {
        match self.role.get() {
            Some(role) => role.no_store,
            None => self.settings.role.is_some() && self.settings.allow_unrecoverable,
        }
    }

    /// Whether the server is up and open. A standby that passes requests on is as good as an active one.
    fn healthy(&self, session: &VaultSession) -> Result<(), IssuerError> {
        let path = "sys/health?standbyok=true&perfstandbyok=true";
        match session.get(path) {
            Ok(_) => Ok(()),
            // The state of a server is told without the words that other refusals come with.
            Err(failure) if failure.status() == Some(503) => {
                let words = "the server is sealed".to_owned();
                let sealed = failure::refused(ServerAnswer { status: 503, words, ..ServerAnswer::default() });
                Err(self.failed(sealed, CallEffect::Asks, path, "it is not ready"))
            }
            // Some servers forbid this call; the next one tells.
            Err(failure) if matches!(failure.status(), Some(403 | 404)) => Ok(()),
            Err(failure) => Err(self.failed(failure, CallEffect::Asks, path, "it is not ready")),
        }
    }

    /// What matters besides the role, as far as we may know it; asked for once.
    fn known(&self, session: &VaultSession, role: Option<&Role>) -> &MountFacts {
        self.known.get_or_init(|| {
            let mount = session.get(&format!("sys/internal/ui/mounts/{}", self.settings.mount())).ok();
            // Which CA a role signs with that we may not read is not known, unless the settings say so.
            let told = role.is_some() || self.settings.role.is_none() || self.settings.issuer_ref.is_some();
            let reference = role.and_then(|role| role.issuer_ref.as_deref());
            let authority = told.then(|| self.signing_authority(session, reference).ok()).flatten();
            MountFacts {
                mount_max_ttl: mount.and_then(|answer| answer.data.pointer("/config/max_lease_ttl")?.as_i64()),
                ca: authority.map(|authority| authority.certificate),
            }
        })
    }
}

/// Every reason: the server takes none, so each is ours to record.
const REASONS: &[RevocationReason] = &[
    RevocationReason::Unspecified,
    RevocationReason::KeyCompromise,
    RevocationReason::CaCompromise,
    RevocationReason::AffiliationChanged,
    RevocationReason::Superseded,
    RevocationReason::CessationOfOperation,
    RevocationReason::PrivilegeWithdrawn,
];

impl Issuer for Vault {
    fn name(&self) -> &str {
        &self.name
    }

    fn kind(&self) -> &'static str {
        KIND
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            key_custody: KeyCustody::Local,
            key_algorithms: &[],
            lifetime: true,
            wildcard: true,
            ip: true,
            client_auth: true,
            revocation_reasons: REASONS,
            recoverable: !self.keeps_nothing(),
            in_process: false,
            patience: PATIENCE,
            bound_secs: Some(BOUND_SECS),
        }
    }

    fn check(&self, now: Timestamp) -> Result<(), IssuerError> {
        self.healthy(&self.anonymous()?)?;
        let session = self.session()?;
        if matches!(self.settings.auth, Auth::Token { .. }) {
            let looked_up = session.get("auth/token/lookup-self");
            looked_up.map_err(|failure| {
                self.failed(failure, CallEffect::Asks, "auth/token/lookup-self", "its token is not accepted")
            })?;
        }
        let role = self.role(&session)?;
        self.rights(&session)?;
        let authority = self.signing_authority(&session, role.and_then(|role| role.issuer_ref.as_deref()))?;
        if !authority.certificate.validity.contains(now) {
            let (subject, end) = (&authority.certificate.subject, authority.certificate.validity.not_after);
            return Err(self.config(format!("the CA certificate `{subject}` is not valid now (until {end})")));
        }
        Ok(())
    }

    fn plan(&self, request: &Approved<Request>) -> Result<SigningPlan, IssuerError> {
        let request = request.subject();
        let session = self.session()?;
        let role = self.role(&session)?;
        let MountFacts { mount_max_ttl, ca } = self.known(&session, role);
        let plan = SigningPlan::elsewhere().signed_by(ca.as_ref().map(|ca| ca.as_der().to_vec()));
        let Some(role) = role else { return Ok(plan) };
        let name = self.settings.role.as_deref().unwrap_or_default();
        if role.no_store && !self.settings.allow_unrecoverable {
            let message =
                format!("role `{name}` has no_store set: a certificate whose answer is lost could not be found again");
            return Err(IssuerError::new(&self.name, ErrorClass::Unsupported, message).hint(format!(
                "`bao patch {}/roles/{name} no_store=false`, or accept it: `allow_unrecoverable = true` in `[issuers.{}]`",
                self.settings.mount(),
                self.name
            )));
        }
        let bounds = Bounds {
            now: self.connection.clock.now(),
            mount_max_ttl: *mount_max_ttl,
            ca_until: ca.as_ref().map(|ca| ca.validity.not_after),
            content: self.settings.sign == Sign::Role,
        };
        let objections = role.objections(request, &bounds);
        if objections.is_empty() {
            return Ok(plan);
        }
        let message = format!("role `{name}` would refuse `{}`: {}", request.name, objections.join("; "));
        Err(IssuerError::new(&self.name, ErrorClass::Policy, message).hint(format!(
            "ask for what the role allows, or have it changed: `bao read {}/roles/{name}`",
            self.settings.mount()
        )))
    }

    fn submit(
        &self,
        request: Announced<Approved<Request>>,
        _plan: SigningPlan,
        pending: &PendingRequest,
        _checkpoint: HandleCheckpoint<'_>,
    ) -> Result<Progress, IssuerError> {
        let request = request.subject().subject();
        let session = self.session()?;
        let csr = pending.csr.as_deref().ok_or_else(|| self.config("there is no certificate request"))?;
        let until = pending.until.unwrap_or(request.content.validity.not_after);
        let body = sign::body(self.settings.sign, request, csr, until, self.connection.clock.now());
        let path = format!("{}/{}", self.settings.mount(), self.settings.sign_path());
        let what = "it did not sign";
        let answer =
            session.post(&path, &body).map_err(|failure| self.failed(failure, CallEffect::Changes, &path, what))?;
        match sign::issued(answer.data) {
            Ok(issued) => Ok(Progress::Issued(issued)),
            Err(why) => Err(self.failed(nonsense(&why), CallEffect::Changes, &path, what)),
        }
    }

    fn advance(&self, _ticket: &PendingRequest, _checkpoint: HandleCheckpoint<'_>) -> Result<Progress, IssuerError> {
        Err(IssuerError::new(&self.name, ErrorClass::NotFound, "it has no pending requests"))
    }

    fn recover(&self, pending: &PendingRequest) -> Result<Recovery, IssuerError> {
        self.find(pending)
    }

    fn revoker(&self) -> Option<&dyn Revoker> {
        Some(self)
    }

    fn lister(&self) -> Option<&dyn Lister> {
        Some(self)
    }
}
