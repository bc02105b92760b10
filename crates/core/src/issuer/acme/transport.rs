//! The one HTTP client under everything that is said to an ACME server, by instant-acme and by ourselves: reqwest with the
//! issuer's own roots, proxy and bounds on time.
//!
//! Whatever is no success becomes a [`HttpFailure`] here, with what instant-acme would drop: the time after which to come
//! back, and that the answer was no ACME at all but, say, the page of a proxy.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use instant_acme::{BodyWrapper, BytesResponse, HttpClient, Problem};
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Method, StatusCode};

use certroll_base::clock::{Clock, Timestamp};
use certroll_base::text;

/// Of an answer that is no ACME so many characters are shown.
const SHOWN: usize = 120;
/// No answer is longer, in bytes; a chain of certificates has some ten thousand.
const LONGEST_ANSWER: usize = 4 << 20;
/// The type of every problem document of the protocol begins so (RFC 8555 section 6.7).
pub(super) const ERROR: &str = "urn:ietf:params:acme:error:";

/// An answer to a request that succeeded.
pub(super) struct HttpAnswer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Why a request did not succeed.
#[derive(Debug, thiserror::Error)]
pub(super) enum HttpFailure {
    /// It was not sent.
    #[error("`{host}` cannot be reached")]
    Unreachable { host: String, source: reqwest::Error },
    /// It was sent, perhaps, and no answer came.
    #[error("`{host}` did not answer")]
    Silent { host: String, source: reqwest::Error },
    /// The server says what is wrong.
    #[error("{}", in_its_words(problem))]
    Problem { problem: Problem, status: u16, until: Option<Timestamp> },
    /// Something answered that does not speak ACME.
    #[error("`{host}` answered with status {status} and {what}")]
    Foreign { host: String, status: u16, what: String, until: Option<Timestamp> },
}

impl HttpFailure {
    /// The last part of the problem's type, `rateLimited`; empty for other failures.
    pub(super) fn kind(&self) -> &str {
        match self {
            Self::Problem { problem, .. } => kind_of(problem),
            _ => "",
        }
    }
}

/// The last part of a problem's type, `rateLimited`.
pub(super) fn kind_of(problem: &Problem) -> &str {
    problem.r#type.as_deref().unwrap_or_default().strip_prefix(ERROR).unwrap_or_default()
}

/// What the server says is wrong, in its own words, each part with the name that it is about.
pub(super) fn in_its_words(problem: &Problem) -> String {
    let kind = |kind: Option<&str>| kind.map(|kind| kind.strip_prefix(ERROR).unwrap_or(kind).to_owned());
    let mut said = problem.detail.clone().or_else(|| kind(problem.r#type.as_deref())).unwrap_or_default();
    if let (Some(kind), true) = (kind(problem.r#type.as_deref()), problem.detail.is_some()) {
        said.push_str(&format!(" ({kind})"));
    }
    for part in &problem.subproblems {
        let about = part.identifier.clone().map(|identifier| match identifier {
            instant_acme::Identifier::Dns(name) => format!("`{name}`: "),
            instant_acme::Identifier::Ip(address) => format!("`{address}`: "),
            _ => String::new(),
        });
        let detail = part.detail.clone().or_else(|| kind(part.r#type.as_deref())).unwrap_or_default();
        said.push_str(&format!("; {}{detail}", about.unwrap_or_default()));
    }
    text::printable(&said).into_owned()
}

/// The client of one issuer.
pub(super) struct Transport {
    http: reqwest::Client,
    clock: Arc<dyn Clock>,
    /// When the server wants to be asked again, by URL, from answers that succeeded.
    later: Mutex<BTreeMap<String, Timestamp>>,
    /// The directory and its URL: instant-acme fetches it for every account that it opens.
    directory: OnceLock<(String, Bytes)>,
}

impl Transport {
    pub(super) fn new(http: reqwest::Client, clock: Arc<dyn Clock>) -> Self {
        Self { http, clock, later: Mutex::default(), directory: OnceLock::new() }
    }

    /// Sends one request and reads its answer.
    ///
    /// # Errors
    /// Any answer that is no success, or none.
    pub(super) async fn send(&self, method: Method, url: &str, body: Vec<u8>) -> Result<HttpAnswer, HttpFailure> {
        let host = host(url);
        let mut request = self.http.request(method, url);
        if !body.is_empty() {
            // RFC 8555 section 6.2.
            request = request.header(CONTENT_TYPE, "application/jose+json").body(body);
        }
        let failed = |source: reqwest::Error| match source.is_connect() || source.is_builder() {
            true => HttpFailure::Unreachable { host: host.clone(), source: source.without_url() },
            false => HttpFailure::Silent { host: host.clone(), source: source.without_url() },
        };
        let mut response = request.send().await.map_err(failed)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut whole = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            whole.extend_from_slice(&chunk);
            if whole.len() > LONGEST_ANSWER {
                let what = "more bytes than any answer has".to_owned();
                return Err(HttpFailure::Foreign { host, status: status.as_u16(), what, until: None });
            }
        }
        let until = self.until(&headers);
        if status.is_success() {
            if let (Some(until), Ok(mut later)) = (until, self.later.lock()) {
                later.insert(url.to_owned(), until);
            }
            return Ok(HttpAnswer { status, headers, body: whole.into() });
        }
        let status = status.as_u16();
        let problem = serde_json::from_slice::<Problem>(&whole).ok().filter(|problem| problem.r#type.is_some());
        Err(match problem {
            Some(problem) => HttpFailure::Problem { problem, status, until },
            None => HttpFailure::Foreign { host, status, what: described(&headers, &whole), until },
        })
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

    /// Retry-After (RFC 9110 section 10.2.3): seconds or a date.
    fn until(&self, headers: &HeaderMap) -> Option<Timestamp> {
        let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
        match value.parse::<u32>() {
            Ok(secs) => Some(self.clock.now().plus_secs(i64::from(secs))),
            Err(_) => Timestamp::parse_http_date(value),
        }
    }
}

/// The door through which instant-acme sends.
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
                return answered(StatusCode::OK, HeaderMap::new(), directory.to_vec());
            }
            match transport.send(parts.method, &parts.uri.to_string(), body.to_vec()).await {
                Ok(answer) => answered(answer.status, answer.headers, answer.body.to_vec()),
                // A refused nonce is the one answer that instant-acme must see: it tries again with the next one.
                Err(HttpFailure::Problem { problem, status, .. }) if kind_of(&problem) == "badNonce" => {
                    let body = serde_json::json!({"type": problem.r#type, "detail": problem.detail, "status": status});
                    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
                    answered(status, HeaderMap::new(), body.to_string().into_bytes())
                }
                Err(failure) => Err(instant_acme::Error::Other(Box::new(failure))),
            }
        })
    }
}

fn answered(status: StatusCode, headers: HeaderMap, body: Vec<u8>) -> Result<BytesResponse, instant_acme::Error> {
    let mut response = http::Response::builder().status(status).body(BodyWrapper::from(body))?;
    *response.headers_mut() = headers;
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
