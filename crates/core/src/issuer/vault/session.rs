//! One token and the calls made with it.
//!
//! vaultrs makes the calls that it models: logins, unwrapping, the token's own state, reading and listing certificates,
//! revocation by serial number. It has no words for issuers within a mount, `sign-verbatim`, revocation by certificate
//! or key, lists in detail, CRLs and the server's state, and it forgets headers and the status of answers that are not
//! JSON; those calls are made here, over the same client. That client is ours: made with the same roots, proxy and
//! bounds as those of all issuers, and told nothing by the environment.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::header::{HeaderValue, LOCATION};
use serde::Deserialize;
use serde_json::Value;
use vaultrs::client::{Client, VaultClient, VaultClientSettingsBuilder};

use super::failure::{no_answer, nonsense, of_vaultrs, refused, unsent, without};
use crate::issuer::network::{NetworkFailure, ServerAnswer, block_on, body as body_of, retry_after};
use certroll_base::clock::Clock;
use certroll_base::secret::Secret;

/// No answer is longer: a list of two million certificates.
const LONGEST_ANSWER: usize = 256 << 20;
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

/// A client of a server, with a token or still without.
pub(super) struct VaultSession {
    client: VaultClient,
    clock: Arc<dyn Clock>,
    /// What must not be repeated in an error.
    secrets: Vec<Secret>,
    /// Until when the token is good.
    until: Option<Instant>,
}

impl VaultSession {
    /// One without a token.
    ///
    /// # Errors
    /// The HTTP library refuses.
    pub(super) fn new(
        http: reqwest::Client,
        base: &str,
        namespace: Option<&str>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, String> {
        // Everything is set, so that nothing is read from the environment. The client made of it is replaced by ours; the
        // address is one for which it reads no roots.
        let settings = VaultClientSettingsBuilder::default()
            .address("http://localhost")
            .ca_certs(Vec::new())
            .identity(None)
            .token("")
            .verify(true)
            .namespace(namespace.map(str::to_owned))
            .build()
            .map_err(|error| error.to_string())?;
        let mut client = VaultClient::new(settings).map_err(|error| error.to_string())?;
        client.http.http = http;
        client.http.base = base.trim_end_matches('/').to_owned();
        Ok(Self { client, clock, secrets: Vec::new(), until: None })
    }

    /// From now on calls carry this token; it is good for so many seconds, or as long as the server wants.
    ///
    /// # Errors
    /// It has characters that no token has.
    pub(super) fn set_token(&mut self, token: Secret, lease_secs: u64) -> Result<(), String> {
        // vaultrs would panic.
        if token.expose().is_empty() || !token.expose().bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("the token has characters that no token has".to_owned());
        }
        self.client.set_token(token.expose());
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

    /// A call that vaultrs models.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub(super) fn ask<'a, T, F>(&'a self, call: impl FnOnce(&'a VaultClient) -> F) -> Result<T, NetworkFailure>
    where
        F: Future<Output = Result<T, vaultrs::error::ClientError>>,
    {
        block_on(call(&self.client)).map_err(|error| without(of_vaultrs(&error), &self.secrets))
    }

    /// The client itself, for several calls at once.
    pub(super) fn client(&self) -> &VaultClient {
        &self.client
    }

    /// GET of a path below `v1/`.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub(super) fn get(&self, path: &str) -> Result<VaultAnswer, NetworkFailure> {
        Self::parse(&self.send(Method::GET, path, None)?)
    }

    /// POST to a path below `v1/`.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub(super) fn post(&self, path: &str, body: &Value) -> Result<VaultAnswer, NetworkFailure> {
        Self::parse(&self.send(Method::POST, path, Some(body))?)
    }

    /// The bytes at a path below `v1/`.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub(super) fn bytes(&self, path: &str) -> Result<Vec<u8>, NetworkFailure> {
        self.send(Method::GET, path, None)
    }

    fn parse(body: &[u8]) -> Result<VaultAnswer, NetworkFailure> {
        if body.is_empty() {
            return Ok(VaultAnswer::default());
        }
        serde_json::from_slice(body).map_err(|error| nonsense(&format!("it cannot be read: {error}")))
    }

    fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Vec<u8>, NetworkFailure> {
        block_on(self.exchange(method, path, body)).map_err(|failure| without(failure, &self.secrets))
    }

    async fn exchange(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Vec<u8>, NetworkFailure> {
        let http = &self.client.http;
        let mut request = http.http.request(method, format!("{}/v1/{path}", http.base));
        request = request.header("X-Vault-Request", "true");
        if !self.client.middle.token.is_empty() {
            let mut token =
                HeaderValue::from_str(&self.client.middle.token).map_err(|_| unsent("the token cannot be sent"))?;
            token.set_sensitive(true);
            request = request.header("X-Vault-Token", token);
        }
        // The server's own state is told to those without a namespace only.
        if let Some(namespace) = self.client.middle.namespace.as_ref().filter(|_| !path.starts_with("sys/health")) {
            request = request.header("X-Vault-Namespace", namespace);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.map_err(|error| no_answer(&error))?;
        let status = answer.status();
        let location = answer.headers().get(LOCATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let retry_after = retry_after(answer.headers(), self.clock.now());
        let bytes = body_of(answer, LONGEST_ANSWER).await.map_err(|error| no_answer(&error))?;
        let bytes = bytes.ok_or_else(|| nonsense("it does not end"))?;
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
