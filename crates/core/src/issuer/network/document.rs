//! One public document of a server, such as its keys, fetched within bounds.

use std::path::Path;
use std::time::Duration;

use super::{FailureKind, Http, NetworkFailure, block_on, body, one_line, unanswered};

/// How long the connection may take to come about: less than for an issuer, which a person waits for anyway.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The body of a success at a plain https URL; redirects are not followed. Relative roots are below `root`.
///
/// # Errors
/// Of kind [`FailureKind::Settings`]: the URL or the roots cannot be used. Of another: no such answer came, or it has more than
/// `longest` bytes.
pub fn document(http: &Http, root: &Path, url: &str, longest: usize) -> Result<Vec<u8>, NetworkFailure> {
    let settings = |why: String| NetworkFailure::new(FailureKind::Settings, why);
    let plain = reqwest::Url::parse(url)
        .is_ok_and(|url| url.scheme() == "https" && url.username().is_empty() && url.password().is_none());
    if !plain {
        return Err(settings(format!("`{url}` is no plain https URL")));
    }
    let builder = http.builder("document", root).map_err(|error| settings(one_line(&error.to_string())))?;
    let client = builder.connect_timeout(CONNECT_TIMEOUT).build().map_err(|error| settings(error.to_string()))?;
    let asked = block_on(async {
        let answer = client.get(url).send().await?;
        let status = answer.status();
        Ok((status, body(answer, longest).await?))
    });
    let (status, body) = asked.map_err(|error: reqwest::Error| {
        NetworkFailure::new(unanswered(&error), "no answer came".to_owned()).because(error.without_url())
    })?;
    match body {
        Some(body) if status.is_success() => Ok(body),
        Some(_) => Err(NetworkFailure::new(FailureKind::Unavailable, format!("the answer has status {status}"))),
        None => Err(NetworkFailure::new(FailureKind::Protocol, format!("the answer has more than {longest} bytes"))),
    }
}
