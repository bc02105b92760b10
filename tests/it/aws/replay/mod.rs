//! A server in this process that answers as AWS documents it, where moto does not: requests in progress, idempotency
//! tokens, throttling, renewal, revocation, refused re-imports, audit reports.
//!
//! It speaks AWS JSON 1.1 (`X-Amz-Target`, errors by `__type`). All that it knows lies in one directory, so that it outlives
//! the processes that tests kill, and can be copied.

mod acm;
mod http;
pub(crate) mod kms;
mod pca;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use certroll_base::clock::{Clock, SystemClock, Timestamp};
use certroll_base::encoding::{from_hex, hex};
use certroll_pki::container::pem::{self, Label};
use certroll_pki::key::KeyPair;
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::extensions::{ExtensionProfile, KeyUsage};
use certroll_pki::x509::serial::SerialNumber;
use certroll_pki::x509::signing::{CertificateContent, CertificateEncoder, IssuerIdentity};
use certroll_pki::x509::validity::Validity;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::issuers::found_ca;

/// The credential that is accepted.
pub(crate) const ACCESS_KEY: &str = "AKIAREPLAY";
/// The account.
pub(crate) const ACCOUNT: &str = "111122223333";
/// The CA, at Private CA.
pub(crate) const CA: &str =
    "arn:aws:acm-pca:us-east-1:111122223333:certificate-authority/11111111-2222-3333-4444-555555555555";

/// A certificate with all that the session know of it.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Known {
    pub(crate) arn: String,
    /// `PRIVATE-CA` for those of Private CA; else the type at Certificate Manager.
    pub(crate) kind: String,
    pub(crate) token: String,
    /// DER in hexadecimal; empty until it is issued.
    pub(crate) der: String,
    /// What the same ARN held before.
    pub(crate) before: Vec<String>,
    /// PKCS#8 in hexadecimal, where the service has the key.
    pub(crate) key: String,
    pub(crate) names: Vec<String>,
    pub(crate) key_algorithm: String,
    pub(crate) tags: Vec<(String, String)>,
    /// Questions that are still answered with "in progress".
    pub(crate) polls: usize,
    pub(crate) export: bool,
    pub(crate) exported: bool,
    pub(crate) failure: Option<String>,
    pub(crate) revoked: Option<String>,
    pub(crate) in_use_by: Vec<String>,
}

/// What the server is to do, and what it knows.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) known: Vec<Known>,
    /// So many questions about each request are answered with "in progress".
    pub(crate) polls: usize,
    /// So many calls that change something are throttled.
    pub(crate) throttled: usize,
    /// The word for the state of the CA; empty for ACTIVE.
    pub(crate) ca_status: String,
    pub(crate) short_lived: bool,
    /// The certificate of the CA is shown to nobody.
    pub(crate) ca_hidden: bool,
    /// The certificate of another CA is shown as that of the CA.
    pub(crate) ca_another: bool,
    /// Tokens are older than the service remembers.
    pub(crate) tokens_forgotten: bool,
    /// Requests for certificates fail for that reason.
    pub(crate) fails: Option<String>,
    /// Every call so far, by its action.
    pub(crate) calls: Vec<String>,
    pub(crate) reports: Vec<String>,
}

/// An error as the session answer it: its type, and its words.
pub(crate) type Refusal = (&'static str, String);

/// The server: its directory.
#[derive(Clone)]
pub(crate) struct Replay {
    directory: PathBuf,
}

impl Replay {
    pub(crate) fn at(directory: &Path) -> Self {
        if !directory.join("state.json").exists() {
            found_ca(directory);
            Self { directory: directory.to_owned() }.keep(&State::default());
        }
        Self { directory: directory.to_owned() }
    }

    /// Where it listens in this process.
    pub(crate) fn url(&self) -> String {
        http::listen(self)
    }

    pub(crate) fn state(&self) -> State {
        let text = fs::read(self.directory.join("state.json")).expect("the state can be read");
        serde_json::from_slice(&text).expect("the state is JSON")
    }

    /// In one step, as a database would.
    pub(crate) fn keep(&self, state: &State) {
        let (new, old) = (self.directory.join("state.new"), self.directory.join("state.json"));
        fs::write(&new, serde_json::to_vec(state).expect("JSON")).expect("the state can be written");
        fs::rename(new, old).expect("the state can be replaced");
    }

    /// Changes what it does from now on.
    pub(crate) fn set(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state();
        change(&mut state);
        self.keep(&state);
    }

    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    fn ca(&self) -> (Certificate, KeyPair) {
        let der = fs::read(self.directory.join("ca.der")).expect("the CA can be read");
        let key = fs::read(self.directory.join("ca.p8")).expect("the key can be read");
        (Certificate::from_der(&der).expect("a certificate"), KeyPair::from_pkcs8(&key).expect("a key"))
    }

    fn ca_pem(&self) -> String {
        pem::encode(Label::Certificate, self.ca().0.as_der())
    }

    /// Signs; the answer is DER in hexadecimal.
    fn sign(&self, subject: DistinguishedName, names: Vec<GeneralName>, spki: &[u8], until: Timestamp) -> String {
        let (own, key) = self.ca();
        let purposes = ["serverAuth", "clientAuth"].map(|usage| usage.parse().expect("a usage"));
        let profile = Arc::new(ExtensionProfile {
            key_usage: vec![KeyUsage::DigitalSignature],
            extended_key_usage: purposes.to_vec(),
            ..Default::default()
        });
        let not_before = SystemClock.now().whole_secs().plus_secs(-60);
        let content = CertificateContent {
            subject,
            names,
            validity: Validity { not_before, not_after: until.whole_secs() },
            extensions: profile.clone(),
        };
        let encoder = CertificateEncoder::new(profile, &IssuerIdentity::of(&own, key.algorithm())).expect("a profile");
        let tbs = encoder.encode(&content, &SerialNumber::random(), spki).expect("a certificate");
        hex(&tbs.sign(&key).expect("a signature"))
    }

    /// Answers one call.
    fn answer(&self, target: &str, authorization: &str, body: &Value) -> Result<Value, Refusal> {
        if !authorization.contains(&format!("Credential={ACCESS_KEY}/")) {
            return Err((
                "UnrecognizedClientException",
                "The security token included in the request is invalid.".to_owned(),
            ));
        }
        let (service, action) = target.split_once('.').unwrap_or_default();
        let mut state = self.state();
        state.calls.push(action.to_owned());
        let changes = ["Issue", "Request", "Revoke", "Renew", "Import"].iter().any(|start| action.starts_with(start));
        let answer = if changes && state.throttled > 0 {
            state.throttled -= 1;
            Err(("ThrottlingException", "Rate exceeded".to_owned()))
        } else if service == "TrentService" {
            self.key_service(action, body)
        } else if service == "ACMPrivateCA" {
            self.private_ca(&mut state, action, body)
        } else {
            self.manager(&mut state, action, body)
        };
        self.keep(&state);
        answer
    }
}

pub(crate) fn field<'a>(body: &'a Value, name: &str) -> &'a str {
    body[name].as_str().unwrap_or_default()
}

/// The one of that ARN.
pub(crate) fn by_arn<'a>(state: &'a mut State, body: &Value) -> Result<&'a mut Known, Refusal> {
    let arn = field(body, "CertificateArn");
    let found = state.known.iter_mut().find(|known| known.arn == arn);
    found.ok_or_else(|| ("ResourceNotFoundException", format!("Could not find certificate {arn}.")))
}

pub(crate) fn unknown_call() -> Refusal {
    ("UnknownOperationException", String::new())
}

pub(crate) fn in_progress(arn: &str) -> Refusal {
    ("RequestInProgressException", format!("The certificate {arn} is still being processed."))
}

/// A number of a kind that ARNs end in.
pub(crate) fn number(state: &State) -> String {
    format!("{:08x}-0000-4000-8000-000000000000", state.known.len() + state.reports.len() + 1)
}

pub(crate) fn certificate_of(der: &str) -> Certificate {
    Certificate::from_der(&from_hex(der).expect("hexadecimal")).expect("a certificate")
}

pub(crate) fn pem_of(der: &str) -> String {
    pem::encode(Label::Certificate, &from_hex(der).expect("hexadecimal"))
}

pub(crate) fn empty() -> Value {
    json!({})
}
