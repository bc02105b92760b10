//! What instant-acme does not say to a server: our own signed requests (RFC 8555 section 6.2), over the same transport.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::{self, nonsense, problem_type};
use super::transport::{HttpAnswer, Transport};
use crate::issuer::network::{NetworkFailure, block_on};
use crate::issuer::{ErrorClass, IssuerError};
use certroll_pki::jose::jws;
use certroll_pki::key::KeyPair;

/// A request whose nonce is refused is signed again so many times (RFC 8555 section 6.5).
const ATTEMPTS: usize = 8;

/// The directory of a server (RFC 8555 section 7.1.1, RFC 9773 section 4.1).
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Directory {
    new_nonce: String,
    pub new_account: String,
    #[expect(dead_code, reason = "a directory without it is none")]
    new_order: String,
    pub revoke_cert: Option<String>,
    pub key_change: Option<String>,
    pub renewal_info: Option<String>,
    #[serde(default)]
    pub meta: Meta,
}

/// What it says of itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Meta {
    pub terms_of_service: Option<String>,
    pub external_account_required: bool,
    pub profiles: BTreeMap<String, String>,
}

/// Whose key signs a request.
#[derive(Clone, Copy)]
pub(super) enum RequestKey<'a> {
    /// An account's, named by its URL.
    Account { key: &'a KeyPair, url: &'a str },
    /// A key that the server may not know yet; it is in the request.
    Key(&'a KeyPair),
}

/// Our side of the conversation with one server.
pub(super) struct Client {
    issuer: String,
    directory_url: String,
    pub transport: Arc<Transport>,
    directory: OnceLock<Directory>,
    /// Nonces that came with answers and were not used yet (RFC 8555 section 6.5.1).
    nonces: Mutex<Vec<String>>,
}

impl Client {
    pub(super) fn new(issuer: &str, directory_url: &str, transport: Transport) -> Self {
        Self {
            issuer: issuer.to_owned(),
            directory_url: directory_url.to_owned(),
            transport: Arc::new(transport),
            directory: OnceLock::new(),
            nonces: Mutex::default(),
        }
    }

    /// The directory, fetched at the first use.
    ///
    /// # Errors
    /// It cannot be fetched, or something else is there.
    pub(super) fn directory(&self) -> Result<&Directory, IssuerError> {
        if let Some(directory) = self.directory.get() {
            return Ok(directory);
        }
        let step = "its directory could not be fetched";
        let wrong = |what: String| {
            let message = format!("`{}` is no ACME directory: {what}", self.directory_url);
            IssuerError::new(&self.issuer, ErrorClass::Config, message)
                .hint(format!("correct `directory` in `[issuers.{}]` of certroll.toml", self.issuer))
        };
        let answer = match block_on(self.transport.send(Method::GET, &self.directory_url, Vec::new())) {
            Ok(answer) => answer,
            Err(failure) => {
                let foreign = failure
                    .answer
                    .as_ref()
                    .is_some_and(|answer| answer.code.is_none() && answer.status != 429 && answer.status < 500);
                return Err(if foreign { wrong(failure.text) } else { self.error(step, failure) });
            }
        };
        let directory = serde_json::from_slice(&answer.body).map_err(|error| wrong(error.to_string()))?;
        self.transport.remember(&self.directory_url, answer.body);
        Ok(self.directory.get_or_init(|| directory))
    }

    /// A signed request; `payload` is `None` for a POST-as-GET (RFC 8555 section 6.3).
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub(super) fn post(
        &self,
        url: &str,
        payload: Option<&Value>,
        signer: RequestKey<'_>,
    ) -> Result<HttpAnswer, NetworkFailure> {
        let unsigned = |error: certroll_pki::key::KeyError| nonsense(error.to_string());
        let mut header = match signer {
            RequestKey::Account { url, .. } => json!({"kid": url}),
            RequestKey::Key(key) => json!({"jwk": jws::public_key(key).map_err(unsigned)?}),
        };
        let (RequestKey::Account { key, .. } | RequestKey::Key(key)) = signer;
        header["url"] = url.into();
        let payload = payload.map(Value::to_string).unwrap_or_default();
        let mut attempts = 0;
        loop {
            header["nonce"] = self.nonce()?.into();
            let signed = jws::sign(key, header.clone(), &payload).map_err(unsigned)?;
            match block_on(self.transport.send(Method::POST, url, signed.to_string().into_bytes())) {
                Ok(answer) => {
                    if let Some(nonce) = text(&answer.headers, "replay-nonce") {
                        self.nonces.lock().unwrap_or_else(PoisonError::into_inner).push(nonce);
                    }
                    return Ok(answer);
                }
                Err(failure) if problem_type(&failure) == "badNonce" && attempts < ATTEMPTS => attempts += 1,
                Err(failure) => return Err(failure),
            }
        }
    }

    /// A request that is not signed.
    ///
    /// # Errors
    /// [`NetworkFailure`].
    pub(super) fn get(&self, url: &str) -> Result<HttpAnswer, NetworkFailure> {
        block_on(self.transport.send(Method::GET, url, Vec::new()))
    }

    fn nonce(&self) -> Result<String, NetworkFailure> {
        if let Some(nonce) = self.nonces.lock().unwrap_or_else(PoisonError::into_inner).pop() {
            return Ok(nonce);
        }
        let directory = self.directory().map_err(|error| nonsense(error.to_string()))?;
        let answer = block_on(self.transport.send(Method::HEAD, &directory.new_nonce, Vec::new()))?;
        let nonce = text(&answer.headers, "replay-nonce");
        nonce.ok_or_else(|| nonsense("the server gave no nonce"))
    }

    /// The error for what failed at `step`.
    pub(super) fn error(&self, step: &str, failure: NetworkFailure) -> IssuerError {
        error::error(&self.issuer, step, failure)
    }

    /// The error for an answer that is not what the protocol says.
    pub(super) fn protocol(&self, message: impl Into<String>) -> IssuerError {
        IssuerError::new(&self.issuer, ErrorClass::Protocol, message)
    }
}

/// A header of an answer, if it is text.
pub(super) fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// The targets of the links of that relation (RFC 8288), as RFC 8555 section 7.4.2 uses them.
pub(super) fn links(headers: &HeaderMap, relation: &str) -> Vec<String> {
    let wanted = [format!("rel=\"{relation}\""), format!("rel={relation}")];
    let values = headers.get_all("link").iter().filter_map(|value| value.to_str().ok());
    let mut found = Vec::new();
    for link in values.flat_map(|value| value.split(",<")) {
        let Some((target, parameters)) = link.trim().trim_start_matches('<').split_once('>') else { continue };
        if parameters.split(';').any(|parameter| wanted.iter().any(|wanted| parameter.trim() == wanted)) {
            found.push(target.to_owned());
        }
    }
    found
}
