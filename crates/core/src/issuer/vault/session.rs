//! One token and the calls made with it.
//!
//! vaultrs models what comes back; the calls are made here. Its own client reads an answer to its end, however long that is, forgets
//! headers and the status of what is not JSON, and has no words for issuers within a mount, `sign-verbatim`, revocation by
//! certificate or key, lists in detail, CRLs and the server's state. Every call here has bounds on time and length, follows no
//! redirect, and is told nothing by the environment.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::header::{HeaderValue, LOCATION};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use vaultrs::api::AuthInfo;

use super::failure::{no_answer, nonsense, refused, unsent, without};
use crate::issuer::network::{NetworkFailure, ServerAnswer, block_on, body as body_of, retry_after};
use certroll_base::clock::Clock;
use certroll_base::secret::Secret;

/// No list is longer, in bytes: one of two million certificates.
const LONGEST_LIST: usize = 256 << 20;
/// No other answer is longer: a CRL of a hundred thousand certificates. Several are read at once.
const LONGEST_ANSWER: usize = 8 << 20;
/// A token is not used in its last seconds.
const SPARE: Duration = Duration::from_secs(10);

/// An answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct VaultAnswer {
    pub(super) data: Value,
    pub(super) warnings: Option<Vec<String>>,
}

/// What the server says when it refuses.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Errors {
    errors: Vec<String>,
}

/// The answer to a login.
#[derive(Deserialize)]
struct LoginAnswer {
    auth: Option<AuthInfo>,
}

/// A client of a server, with a token or still without.
pub(super) struct VaultSession {
    http: reqwest::Client,
    base: String,
    namespace: Option<String>,
    token: Option<Secret>,
    clock: Arc<dyn Clock>,
    /// What must not be repeated in an error.
    secrets: Vec<Secret>,
    /// Until when the token is good.
    until: Option<Instant>,
}

impl VaultSession {
    /// One without a token.
    pub(super) fn new(http: reqwest::Client, base: &str, namespace: Option<&str>, clock: Arc<dyn Clock>) -> Self {
        let (base, namespace) = (base.trim_end_matches('/').to_owned(), namespace.map(str::to_owned));
        Self { http, base, namespace, token: None, clock, secrets: Vec::new(), until: None }
    }

    /// From now on calls carry this token; it is good for so many seconds, or as long as the server wants.
    ///
    /// # Errors
    /// It has characters that no token has.
    pub(super) fn set_token(&mut self, token: Secret, lease_secs: u64) -> Result<(), String> {
        if token.expose().is_empty() || !token.expose().bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("the token has characters that no token has".to_owned());
        }
        self.token = Some(token.clone());
        self.until = (lease_secs > 0).then(|| Instant::now() + Duration::from_secs(lease_secs));
        self.secrets.push(token);
        Ok(())
    }

    /// Remembers a secret that goes to the server, so that it is taken out of what comes back.
    pub(super) fn guard(&mut self, secret: &Secret) {
        self.secrets.push(secret.clone());
    }

    /// Whether its token is about to end.
    pub(super) fn is_spent(&self) -> bool {
        self.until.is_some_and(|until| until.saturating_duration_since(Instant::now()) < SPARE)
    }

    /// Logs in at `auth/MOUNT`.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub(super) fn log_in(&self, mount: &str, body: &Value) -> Result<AuthInfo, NetworkFailure> {
        let answer: LoginAnswer = read(&self.send(Method::POST, &format!("auth/{mount}/login"), Some(body))?)?;
        answer.auth.ok_or_else(|| nonsense("it has no token"))
    }

    /// What is at a path below `v1/`, as vaultrs models it. For several at once.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub(super) async fn fetch<T: DeserializeOwned>(&self, path: &str) -> Result<T, NetworkFailure> {
        let answer = self.exchange(Method::GET, path, None, LONGEST_ANSWER).await;
        modelled(read(&answer.map_err(|failure| without(failure, &self.secrets))?)?)
    }

    /// As [`VaultSession::fetch`], one at a time.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub(super) fn get_as<T: DeserializeOwned>(&self, path: &str) -> Result<T, NetworkFailure> {
        block_on(self.fetch(path))
    }

    /// POST to a path below `v1/`, and what it answers.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub(super) fn post_as<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, NetworkFailure> {
        modelled(self.post(path, body)?)
    }

    /// GET of a path below `v1/`.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub(super) fn get(&self, path: &str) -> Result<VaultAnswer, NetworkFailure> {
        read(&self.send(Method::GET, path, None)?)
    }

    /// As [`VaultSession::get`], for a list.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub(super) fn list(&self, path: &str) -> Result<VaultAnswer, NetworkFailure> {
        let answer = block_on(self.exchange(Method::GET, path, None, LONGEST_LIST));
        read(&answer.map_err(|failure| without(failure, &self.secrets))?)
    }

    /// POST to a path below `v1/`.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub(super) fn post(&self, path: &str, body: &Value) -> Result<VaultAnswer, NetworkFailure> {
        read(&self.send(Method::POST, path, Some(body))?)
    }

    /// The bytes at a path below `v1/`.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub(super) fn bytes(&self, path: &str) -> Result<Vec<u8>, NetworkFailure> {
        self.send(Method::GET, path, None)
    }

    fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Vec<u8>, NetworkFailure> {
        block_on(self.exchange(method, path, body, LONGEST_ANSWER)).map_err(|failure| without(failure, &self.secrets))
    }

    async fn exchange(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        longest: usize,
    ) -> Result<Vec<u8>, NetworkFailure> {
        let mut request = self.http.request(method, format!("{}/v1/{path}", self.base));
        request = request.header("X-Vault-Request", "true");
        if let Some(token) = &self.token {
            let mut token = HeaderValue::from_str(token.expose()).map_err(|_| unsent("the token cannot be sent"))?;
            token.set_sensitive(true);
            request = request.header("X-Vault-Token", token);
        }
        // The server's own state is told to those without a namespace only.
        if let Some(namespace) = self.namespace.as_ref().filter(|_| !path.starts_with("sys/health")) {
            request = request.header("X-Vault-Namespace", namespace);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.map_err(|error| no_answer(&error))?;
        let status = answer.status();
        let location = answer.headers().get(LOCATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let retry_after = retry_after(answer.headers(), self.clock.now());
        let bytes = body_of(answer, longest).await.map_err(|error| no_answer(&error))?;
        let bytes = bytes.ok_or_else(|| nonsense(&format!("it has more than {longest} bytes")))?;
        if status.is_success() {
            return Ok(bytes);
        }
        let words = match serde_json::from_slice::<Errors>(&bytes) {
            Ok(errors) => errors.errors.join("; "),
            Err(_) => "(not in the words of a Vault)".to_owned(),
        };
        Err(refused(ServerAnswer { status: status.as_u16(), words, retry_after, location, code: None }))
    }
}

/// What an answer says; nothing when it is empty.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, NetworkFailure> {
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|error| nonsense(&format!("it cannot be read: {error}")))
}

/// The data of an answer, as vaultrs models them.
fn modelled<T: DeserializeOwned>(answer: VaultAnswer) -> Result<T, NetworkFailure> {
    serde_json::from_value(answer.data).map_err(|error| nonsense(&format!("it cannot be read: {error}")))
}
