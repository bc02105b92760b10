//! The one HTTP client under everything that is said to an ACME server, by instant-acme and by ourselves: reqwest with the
//! issuer's own roots, proxy and bounds on time.
//!
//! Whatever is no success becomes a [`NetworkFailure`] here, with what instant-acme would drop: the time after which to come
//! back, and that the answer was no ACME at all but, say, the page of a proxy.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use instant_acme::{BodyWrapper, BytesResponse, HttpClient, Problem};
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Method, StatusCode};

use super::error;
use crate::issuer::network::{self, FailureKind, NetworkFailure};
use certroll_base::clock::{Clock, Timestamp};
use certroll_base::text;

/// Of an answer that is no ACME so many characters are shown.
const SHOWN: usize = 120;
/// No answer is longer, in bytes; a chain of certificates has some ten thousand.
const LONGEST_ANSWER: usize = 4 << 20;

/// An answer to a request that succeeded.
pub(super) struct HttpAnswer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// The client of one issuer.
pub(super) struct Transport {
    http: reqwest::Client,
    clock: Arc<dyn Clock>,
    /// The hosts that requests may go to, lower case: that of the directory, and those of the settings.
    hosts: Vec<String>,
    /// When the server wants to be asked again, by URL, from answers that succeeded.
    later: Mutex<BTreeMap<String, Timestamp>>,
    /// The directory and its URL: instant-acme fetches it for every account that it opens.
    directory: OnceLock<(String, Bytes)>,
}

impl Transport {
    pub(super) fn new(http: reqwest::Client, clock: Arc<dyn Clock>, hosts: Vec<String>) -> Self {
        Self { http, clock, hosts, later: Mutex::default(), directory: OnceLock::new() }
    }

    /// Sends one request and reads its answer.
    ///
    /// # Errors
    /// Any answer that is no success, or none.
    pub(super) async fn send(&self, method: Method, url: &str, body: Vec<u8>) -> Result<HttpAnswer, NetworkFailure> {
        let answer = self.exchange(method, url, body).await?;
        self.accept(url, &answer)?;
        Ok(answer)
    }

    /// Sends one request and reads its answer, whatever that says.
    async fn exchange(&self, method: Method, url: &str, body: Vec<u8>) -> Result<HttpAnswer, NetworkFailure> {
        self.admit(url)?;
        let host = host(url);
        let mut request = self.http.request(method, url);
        if !body.is_empty() {
            // RFC 8555 section 6.2.
            request = request.header(CONTENT_TYPE, "application/jose+json").body(body);
        }
        let failed = |error: reqwest::Error| {
            let kind = network::unanswered(&error);
            let what = if kind == FailureKind::Unreachable { "cannot be reached" } else { "did not answer" };
            NetworkFailure::new(kind, format!("`{host}` {what}")).because(error.without_url())
        };
        let response = request.send().await.map_err(failed)?;
        let (status, headers) = (response.status(), response.headers().clone());
        match network::body(response, LONGEST_ANSWER).await.map_err(failed)? {
            Some(body) => Ok(HttpAnswer { status, headers, body: body.into() }),
            None => {
                let status = status.as_u16();
                let text = format!("`{host}` answered with status {status} and more bytes than any answer has");
                Err(error::foreign(text, status, None))
            }
        }
    }

    /// Refuses a URL of a server's answer that leads anywhere else than to that server: what is signed with the account's key and
    /// sent there could be used elsewhere, and a server is not to make us talk to hosts of our network.
    fn admit(&self, url: &str) -> Result<(), NetworkFailure> {
        let refused = |what: &str| {
            NetworkFailure::new(FailureKind::Settings, format!("`{}` {what}: nothing was sent", text::printable(url)))
        };
        let parsed = reqwest::Url::parse(url).map_err(|_| refused("is no URL"))?;
        if parsed.scheme() != "https" || !parsed.username().is_empty() || parsed.password().is_some() {
            return Err(refused("is no plain https URL"));
        }
        let host = parsed.host_str().unwrap_or_default();
        if self.hosts.iter().any(|known| known == host) {
            return Ok(());
        }
        Err(refused("is not on the host of the directory, nor on one of `hosts` in the settings"))
    }

    /// Takes an answer that is a success, and remembers when the server wants to be asked again.
    fn accept(&self, url: &str, answer: &HttpAnswer) -> Result<(), NetworkFailure> {
        let until = network::retry_after(&answer.headers, self.clock.now());
        if answer.status.is_success() {
            if let (Some(until), Ok(mut later)) = (until, self.later.lock()) {
                later.insert(url.to_owned(), until);
            }
            return Ok(());
        }
        let status = answer.status.as_u16();
        match serde_json::from_slice::<Problem>(&answer.body).ok().filter(|problem| problem.r#type.is_some()) {
            Some(problem) => Err(error::problem(&problem, status, until)),
            None => {
                let what = described(&answer.headers, &answer.body);
                Err(error::foreign(format!("`{}` answered with status {status} and {what}", host(url)), status, until))
            }
        }
    }

    /// Remembers the directory.
    pub(super) fn remember(&self, url: &str, body: Bytes) {
        let _ = self.directory.set((url.to_owned(), body));
    }

    /// When the server wants that URL to be asked again, as its last answer said; told once.
    pub(super) fn later(&self, url: &str) -> Option<Timestamp> {
        self.later.lock().unwrap_or_else(PoisonError::into_inner).remove(url)
    }

    /// Whether the server wants that URL to be asked again later.
    pub(super) fn is_later(&self, url: &str) -> bool {
        self.later.lock().unwrap_or_else(PoisonError::into_inner).contains_key(url)
    }

    /// How long the server wants us to wait before that URL is asked again; told once.
    pub(super) fn pause(&self, url: &str) -> Option<Duration> {
        let millis = self.later(url)?.millis() - self.clock.now().millis();
        Some(Duration::from_millis(millis.max(0).unsigned_abs()))
    }
}

/// The HTTP client through which instant-acme sends.
pub(super) struct HttpAdapter(pub Arc<Transport>);

impl HttpClient for HttpAdapter {
    fn request(
        &self,
        request: http::Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, instant_acme::Error>> + Send>> {
        let transport = self.0.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            // The wrapper reads a body only inside of a response.
            let mut body = BytesResponse::from(http::Response::new(body)).body;
            let body = body.into_bytes().await.map_err(instant_acme::Error::Other)?;
            if let Some((_, directory)) = transport.directory.get().filter(|(url, _)| parts.uri == url.as_str()) {
                let (status, headers) = (StatusCode::OK, HeaderMap::new());
                return answered(HttpAnswer { status, headers, body: directory.clone() });
            }
            let failed = |failure| instant_acme::Error::Other(Box::new(failure));
            let url = parts.uri.to_string();
            let answer = transport.exchange(parts.method, &url, body.to_vec()).await.map_err(failed)?;
            match transport.accept(&url, &answer) {
                // A refused nonce is the one failure that instant-acme must see: it tries again with the next one.
                Err(failure) if error::problem_type(&failure) != "badNonce" => Err(failed(failure)),
                _ => answered(answer),
            }
        })
    }
}

fn answered(answer: HttpAnswer) -> Result<BytesResponse, instant_acme::Error> {
    let mut response = http::Response::builder().status(answer.status).body(BodyWrapper::from(answer.body.to_vec()))?;
    *response.headers_mut() = answer.headers;
    Ok(response.into())
}

/// The host of a URL, for messages.
fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default().to_owned()
}

/// An answer that is no problem document, for people.
fn described(headers: &HeaderMap, body: &[u8]) -> String {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("no type of content");
    let start: String = String::from_utf8_lossy(body).chars().take(SHOWN).collect();
    let start = text::printable(start.trim()).into_owned();
    match start.is_empty() {
        true => format!("nothing ({kind})"),
        false => format!("`{start}` ({kind}), which is not what an ACME server says"),
    }
}
