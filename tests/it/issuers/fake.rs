//! A back end that signs elsewhere, for tests alone: its state is a file, so that it outlives the processes that are killed.
//!
//! It has the manners of the three kinds there are: an order that is polled (ACME), a call with an idempotency token
//! (AWS Private CA), a call that answers at once and a list to look into afterwards (Vault).

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use certroll_base::clock::{Clock, SystemClock, Timestamp};
use certroll_base::encoding::{from_hex, hex};
use certroll_core::issuer::{
    Announced, Approved, Capabilities, ErrorClass, HandleCheckpoint, Issued, Issuer, IssuerError, KeyCustody,
    PendingRequest, Progress, Recovery, Request, Revocation, RevocationState, Revoker, SigningPlan,
};
use certroll_pki::key::KeyPair;
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::extensions::{BasicConstraints, ExtensionProfile, KeyUsage};
use certroll_pki::x509::reason::RevocationReason;
use certroll_pki::x509::request::CertificateRequest;
use certroll_pki::x509::serial::SerialNumber;
use certroll_pki::x509::signing::{self, CertificateContent, CertificateEncoder, IssuerIdentity};
use certroll_pki::x509::validity::{Lifetime, Validity};
use serde::{Deserialize, Serialize};

use super::suite::Backend;

/// How a back end takes requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// An order with a handle of its own before anything is signed, polled until it is done.
    Order,
    /// A token that gives the same certificate however often it is sent; the handle comes with the answer.
    Token,
    /// An answer at once, and a list of everything that was signed.
    List,
}

/// What is wrong with a faulty one: the suite must notice each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// It says that nothing exists although it has signed.
    Forgets,
    /// It signs again when it is asked again.
    SignsTwice,
    /// It certifies a key of its own.
    OtherKey,
    /// It goes on although the handle could not be kept.
    SkipsCheckpoint,
    /// It leaves out a usage that was asked for.
    DropsUsage,
    /// It adds a usage that nobody asked for, and that lends a privilege.
    AddsUsage,
    /// It adds a usage that CAs add by habit.
    AddsClient,
    /// It lets the certificate sign others, by its key usage.
    AddsSigning,
    /// It signs with another CA than the one that it says it has.
    OtherIssuer,
    /// Its CA has no right to sign certificates.
    NoAuthority,
    /// It keeps nothing: what became of a request it cannot tell, now or later. No fault, if it says so.
    KeepsNothing,
}

impl Flaw {
    pub(crate) const ALL: &[Self] = &[
        Self::Forgets,
        Self::SignsTwice,
        Self::OtherKey,
        Self::SkipsCheckpoint,
        Self::DropsUsage,
        Self::AddsUsage,
        Self::AddsClient,
        Self::AddsSigning,
        Self::OtherIssuer,
        Self::NoAuthority,
        Self::KeepsNothing,
    ];
}

#[derive(Default, Serialize, Deserialize)]
struct State {
    orders: Vec<Order>,
    certificates: Vec<String>,
    revoked: Vec<String>,
    /// How many questions about a request are answered with "not yet known".
    lag: usize,
    asked: usize,
}

#[derive(Serialize, Deserialize)]
struct Order {
    token: String,
    spki: String,
    polls: usize,
    certificate: Option<usize>,
}

pub(crate) struct Fake {
    directory: PathBuf,
    manner: Manner,
    flaw: Option<Flaw>,
    credential: bool,
}

/// A CA for back ends of tests: `ca.der` and `ca.p8` in the directory.
pub(crate) fn found_ca(directory: &Path) {
    found_ca_with(directory, vec![KeyUsage::KeyCertSign, KeyUsage::CrlSign]);
}

fn found_ca_with(directory: &Path, key_usage: Vec<KeyUsage>) {
    fs::create_dir_all(directory).expect("a directory can be made");
    let key = KeyPair::generate("ec:p256".parse().expect("a kind of key")).expect("a key can be made");
    let profile = Arc::new(ExtensionProfile {
        basic_constraints: BasicConstraints::Ca { path_length: None },
        key_usage,
        ..ExtensionProfile::default()
    });
    let identity = IssuerIdentity {
        name: DistinguishedName::parse("CN=Elsewhere").expect("a name"),
        key_id: signing::subject_key_id(&profile, key.spki()).expect("a key"),
        key: key.algorithm(),
    };
    let content = CertificateContent {
        subject: identity.name.clone(),
        names: Vec::new(),
        validity: Validity::starting(SystemClock.now(), Lifetime::Seconds(86_400 * 365)),
        extensions: profile.clone(),
    };
    let encoder = CertificateEncoder::new(profile, &identity).expect("a profile");
    let tbs = encoder.encode(&content, &SerialNumber::random(), key.spki()).expect("a certificate");
    fs::write(directory.join("ca.p8"), key.to_pkcs8().expect("a key").expose()).expect("a file");
    fs::write(directory.join("ca.der"), tbs.sign(&key).expect("a signature")).expect("a file");
}

impl Fake {
    pub(crate) fn at(directory: &Path, manner: Manner, flaw: Option<Flaw>) -> Self {
        let fake = Self { directory: directory.to_owned(), manner, flaw, credential: true };
        if !directory.join("ca.der").exists() {
            found_ca(directory);
            fake.keep(&State::default());
        }
        fake
    }

    fn state(&self) -> State {
        let text = fs::read(self.directory.join("state.json")).expect("the state can be read");
        serde_json::from_slice(&text).expect("the state is JSON")
    }

    /// In one step, as a database would.
    fn keep(&self, state: &State) {
        let (new, old) = (self.directory.join("state.new"), self.directory.join("state.json"));
        fs::write(&new, serde_json::to_vec(state).expect("JSON")).expect("the state can be written");
        fs::rename(new, old).expect("the state can be replaced");
    }

    fn ca(&self) -> (Certificate, KeyPair) {
        let der = fs::read(self.directory.join("ca.der")).expect("the CA can be read");
        let key = fs::read(self.directory.join("ca.p8")).expect("the key can be read");
        (Certificate::from_der(&der).expect("a certificate"), KeyPair::from_pkcs8(&key).expect("a key"))
    }

    /// The CA that signs: the one it says it has, unless it is at fault.
    fn signing_ca(&self) -> (Certificate, KeyPair) {
        let directory = self.directory.join("other");
        match self.flaw {
            Some(Flaw::OtherIssuer | Flaw::NoAuthority) => {
                if !directory.join("ca.der").exists() {
                    let usages = match self.flaw {
                        Some(Flaw::NoAuthority) => vec![KeyUsage::CrlSign],
                        _ => vec![KeyUsage::KeyCertSign, KeyUsage::CrlSign],
                    };
                    found_ca_with(&directory, usages);
                }
                Self { directory, manner: self.manner, flaw: None, credential: true }.ca()
            }
            _ => self.ca(),
        }
    }

    /// What its certificates are good for.
    fn profile(&self) -> ExtensionProfile {
        let mut key_usage = vec![KeyUsage::DigitalSignature];
        let purposes: &[&str] = match self.flaw {
            Some(Flaw::DropsUsage) => &["clientAuth"],
            Some(Flaw::AddsUsage) => &["serverAuth", "codeSigning"],
            Some(Flaw::AddsClient) => &["serverAuth", "clientAuth"],
            _ => &["serverAuth"],
        };
        if self.flaw == Some(Flaw::AddsSigning) {
            key_usage.push(KeyUsage::KeyCertSign);
        }
        let extended_key_usage = purposes.iter().map(|usage| usage.parse().expect("a usage")).collect();
        ExtensionProfile { key_usage, extended_key_usage, ..ExtensionProfile::default() }
    }

    /// Signs, which cannot be taken back, and remembers what it signed.
    fn sign(&self, state: &mut State, pending: &PendingRequest) -> Result<usize, IssuerError> {
        let csr = pending.csr.as_deref().ok_or_else(|| self.error(ErrorClass::Permanent, "there is no request"))?;
        let csr =
            CertificateRequest::from_der(csr).map_err(|error| self.error(ErrorClass::Policy, &error.to_string()))?;
        let (own, key) = self.signing_ca();
        let profile = Arc::new(self.profile());
        let now = SystemClock.now();
        let until = pending.until.unwrap_or(now.plus_secs(30 * 86_400));
        let content = CertificateContent {
            subject: csr.subject,
            names: csr.names,
            validity: Validity { not_before: now.whole_secs().plus_secs(-60), not_after: until },
            extensions: profile.clone(),
        };
        let encoder = CertificateEncoder::new(profile, &IssuerIdentity::of(&own, key.algorithm())).expect("a profile");
        let spki = if self.flaw == Some(Flaw::OtherKey) { own.spki.clone() } else { csr.spki };
        let tbs = encoder.encode(&content, &SerialNumber::random(), &spki).expect("a certificate");
        state.certificates.push(hex(&tbs.sign(&key).expect("a signature")));
        Ok(state.certificates.len() - 1)
    }

    fn issued(&self, state: &State, at: usize) -> Issued {
        let certificate = from_hex(&state.certificates[at]).expect("hexadecimal");
        Issued { certificate, chain: vec![self.signing_ca().0.as_der().to_vec()], key: None, remark: None }
    }

    fn error(&self, class: ErrorClass, message: &str) -> IssuerError {
        IssuerError::new("elsewhere", class, message)
    }

    fn order(&self, state: &State, pending: &PendingRequest) -> Result<usize, IssuerError> {
        let number = pending.handle.as_deref().and_then(|handle| handle.strip_prefix("order/")?.parse().ok());
        number.filter(|at| *at < state.orders.len()).ok_or_else(|| self.error(ErrorClass::NotFound, "no such order"))
    }

    fn open_order(&self, state: &mut State, pending: &PendingRequest, polls: usize) -> usize {
        let spki = pending.key_hash.map(|digest| digest.to_string()).unwrap_or_default();
        state.orders.push(Order { token: pending.token(), spki, polls, certificate: None });
        state.orders.len() - 1
    }

    /// The certificate of an order, signed once.
    fn fulfil(&self, state: &mut State, at: usize, pending: &PendingRequest) -> Result<usize, IssuerError> {
        if let (Some(signed), false) = (state.orders[at].certificate, self.flaw == Some(Flaw::SignsTwice)) {
            return Ok(signed);
        }
        let signed = self.sign(state, pending)?;
        state.orders[at].certificate = Some(signed);
        self.keep(state);
        Ok(signed)
    }

    fn pending(at: usize) -> Progress {
        Progress::Pending { handle: format!("order/{at}"), actions: Vec::new(), wait: Duration::from_millis(1) }
    }
}

impl Issuer for Fake {
    fn name(&self) -> &str {
        "elsewhere"
    }

    fn kind(&self) -> &'static str {
        "fake"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            key_custody: KeyCustody::Local,
            key_algorithms: &[],
            lifetime: self.manner != Manner::Order,
            wildcard: true,
            ip: true,
            client_auth: true,
            revocation_reasons: &[RevocationReason::Superseded, RevocationReason::KeyCompromise],
            recoverable: self.flaw != Some(Flaw::KeepsNothing),
            in_process: false,
            patience: Duration::from_secs(5),
            bound_secs: Some(3_600),
        }
    }

    fn check(&self, _now: Timestamp) -> Result<(), IssuerError> {
        if self.credential { Ok(()) } else { Err(self.error(ErrorClass::Auth, "the token is not valid")) }
    }

    fn plan(&self, _request: &Approved<Request>) -> Result<SigningPlan, IssuerError> {
        // One that is not fit to sign is one that nobody knew of.
        let known = self.flaw != Some(Flaw::NoAuthority);
        Ok(SigningPlan::elsewhere().signed_by(known.then(|| self.ca().0.as_der().to_vec())))
    }

    fn submit(
        &self,
        _request: Announced<Approved<Request>>,
        _plan: SigningPlan,
        pending: &PendingRequest,
        checkpoint: HandleCheckpoint<'_>,
    ) -> Result<Progress, IssuerError> {
        let mut state = self.state();
        let kept =
            |answer: Result<(), IssuerError>| if self.flaw == Some(Flaw::SkipsCheckpoint) { Ok(()) } else { answer };
        match self.manner {
            Manner::Order => {
                let at = self.open_order(&mut state, pending, 2);
                self.keep(&state);
                if self.flaw != Some(Flaw::SkipsCheckpoint) {
                    checkpoint(&format!("order/{at}"))?;
                }
                self.fulfil(&mut state, at, pending)?;
                Ok(Self::pending(at))
            }
            Manner::Token => {
                let known = state.orders.iter().position(|order| order.token == pending.token());
                let at = known.unwrap_or_else(|| self.open_order(&mut state, pending, 1));
                self.fulfil(&mut state, at, pending)?;
                kept(checkpoint(&format!("order/{at}")))?;
                Ok(Self::pending(at))
            }
            Manner::List => {
                let at = self.open_order(&mut state, pending, 0);
                let signed = self.fulfil(&mut state, at, pending)?;
                Ok(Progress::Issued(self.issued(&state, signed)))
            }
        }
    }

    fn advance(&self, pending: &PendingRequest, _checkpoint: HandleCheckpoint<'_>) -> Result<Progress, IssuerError> {
        let mut state = self.state();
        let at = self.order(&state, pending)?;
        let signed = self.fulfil(&mut state, at, pending)?;
        if state.orders[at].polls > 0 {
            state.orders[at].polls -= 1;
            self.keep(&state);
            return Ok(Self::pending(at));
        }
        Ok(Progress::Issued(self.issued(&state, signed)))
    }

    fn recover(&self, pending: &PendingRequest) -> Result<Recovery, IssuerError> {
        let mut state = self.state();
        if self.flaw == Some(Flaw::Forgets) {
            return Ok(Recovery::Nothing);
        }
        if self.flaw == Some(Flaw::KeepsNothing) {
            return Ok(Recovery::Lost("it keeps nothing".to_owned()));
        }
        let spki = pending.key_hash.map(|digest| digest.to_string()).unwrap_or_default();
        match self.manner {
            Manner::Order if pending.handle.is_none() => Ok(Recovery::Nothing),
            Manner::Order => {
                let at = self.order(&state, pending)?;
                Ok(match state.orders[at].certificate {
                    Some(signed) if state.orders[at].polls == 0 => Recovery::Found(self.issued(&state, signed)),
                    _ => Recovery::Pending(format!("order/{at}")),
                })
            }
            Manner::Token => {
                let known = state.orders.iter().position(|order| order.token == pending.token());
                let at = known.unwrap_or_else(|| self.open_order(&mut state, pending, 0));
                let signed = self.fulfil(&mut state, at, pending)?;
                Ok(Recovery::Found(self.issued(&state, signed)))
            }
            Manner::List => {
                state.asked += 1;
                self.keep(&state);
                if state.asked <= state.lag {
                    return Ok(Recovery::unknowable("the list is complete only after a while"));
                }
                let at = state.orders.iter().position(|order| order.spki == spki);
                let Some(at) = at else { return Ok(Recovery::Nothing) };
                let signed = self.fulfil(&mut state, at, pending)?;
                Ok(Recovery::Found(self.issued(&state, signed)))
            }
        }
    }

    fn revoker(&self) -> Option<&dyn Revoker> {
        Some(self)
    }
}

impl Revoker for Fake {
    fn revoke(&self, revocation: Announced<Revocation<'_>>) -> Result<(), IssuerError> {
        let certificate = revocation.subject().certificate;
        let mut state = self.state();
        let der = hex(certificate);
        if !state.certificates.contains(&der) {
            return Err(self.error(ErrorClass::NotFound, "no such certificate"));
        }
        if !state.revoked.contains(&der) {
            state.revoked.push(der);
            self.keep(&state);
        }
        Ok(())
    }

    fn state(&self, certificate: &[u8]) -> Result<RevocationState, IssuerError> {
        let revoked = Self::state(self).revoked.contains(&hex(certificate));
        Ok(if revoked { RevocationState::Revoked } else { RevocationState::NotRevoked })
    }
}

impl Backend for Fake {
    fn open(&self) -> Box<dyn Issuer> {
        let (directory, manner) = (self.directory.clone(), self.manner);
        Box::new(Self { directory, manner, flaw: self.flaw, credential: true })
    }

    fn spec(&self) -> String {
        let flaw = self.flaw.map(|flaw| format!("{flaw:?}")).unwrap_or_default();
        format!("{:?}:{flaw}:{}", self.manner, self.directory.display())
    }

    fn sibling(&self, number: usize) -> Box<dyn Backend> {
        super::copied(self, number)
    }

    fn issued(&self) -> Option<Vec<Vec<u8>>> {
        Some(self.state().certificates.iter().map(|der| from_hex(der).expect("hexadecimal")).collect())
    }

    fn revoked(&self) -> usize {
        self.state().revoked.len()
    }

    fn with_wrong_credential(&self) -> Option<Box<dyn Issuer>> {
        let (directory, manner) = (self.directory.clone(), self.manner);
        Some(Box::new(Self { directory, manner, flaw: None, credential: false }))
    }

    fn answer_late(&self, questions: usize) -> bool {
        let mut state = self.state();
        (state.lag, state.asked) = (questions, 0);
        self.keep(&state);
        self.manner == Manner::List
    }
}
