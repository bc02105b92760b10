//! What a failed call means for a request: one mapping for every back end over a network.

use certroll_base::clock::Timestamp;
use certroll_base::network::{FailureKind, NetworkFailure};
use reqwest::header::{HeaderMap, RETRY_AFTER};

use crate::issuer::{ErrorClass, IssuerError};

/// What a call does at the back end; decides what a lost answer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallEffect {
    /// It asks, or is known by a handle and harmless to repeat.
    Asks,
    /// It makes, changes or revokes something.
    Changes,
}

/// The error of an issuer for a call that failed; `what` says what was not done: "it did not sign".
pub fn failed(issuer: &str, what: &str, failure: NetworkFailure, effect: CallEffect) -> IssuerError {
    let error = IssuerError::new(issuer, class(&failure, effect), format!("{what}: {failure}"));
    IssuerError { source: failure.source, ..error }
}

fn class(failure: &NetworkFailure, effect: CallEffect) -> ErrorClass {
    let changes = effect == CallEffect::Changes;
    match failure.kind {
        FailureKind::Credentials | FailureKind::Denied => ErrorClass::Auth,
        FailureKind::Settings | FailureKind::State => ErrorClass::Config,
        FailureKind::Unanswered | FailureKind::Unavailable if changes => ErrorClass::Ambiguous,
        FailureKind::Unanswered | FailureKind::Unavailable | FailureKind::Unreachable => ErrorClass::Retryable,
        FailureKind::NotReady | FailureKind::InProgress | FailureKind::Conflict => ErrorClass::Retryable,
        FailureKind::Throttled => {
            ErrorClass::RateLimited(failure.answer.as_ref().and_then(|answer| answer.retry_after))
        }
        // What a change names and the server does not know is a setting of ours; nothing was made.
        FailureKind::Missing if changes => ErrorClass::Config,
        FailureKind::Missing => ErrorClass::NotFound,
        FailureKind::Policy => ErrorClass::Policy,
        FailureKind::AlreadyDone | FailureKind::Quota | FailureKind::Invalid => ErrorClass::Permanent,
        FailureKind::Protocol => ErrorClass::Protocol,
        FailureKind::Unsupported => ErrorClass::Unsupported,
    }
}

/// Whether a request to which no answer came was sent.
pub fn unanswered(error: &reqwest::Error) -> FailureKind {
    let refused = |error: &reqwest::Error| {
        let causes = std::iter::successors(std::error::Error::source(error), |error| error.source());
        let io = causes.filter_map(|error| error.downcast_ref::<std::io::Error>()).next();
        io.is_some_and(|io| io.kind() == std::io::ErrorKind::ConnectionRefused)
    };
    if error.is_connect() || error.is_builder() || error.is_request() && !error.is_timeout() && refused(error) {
        FailureKind::Unreachable
    } else {
        FailureKind::Unanswered
    }
}

/// The whole body of an answer; `None` if it is longer than so many bytes.
///
/// # Errors
/// The connection ended before the body did.
pub async fn body(mut answer: reqwest::Response, longest: usize) -> Result<Option<Vec<u8>>, reqwest::Error> {
    let mut bytes = Vec::new();
    while let Some(piece) = answer.chunk().await? {
        if bytes.len() + piece.len() > longest {
            return Ok(None);
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(Some(bytes))
}

/// Retry-After (RFC 9110 section 10.2.3): seconds or a date.
pub fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Timestamp> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match value.parse::<u32>() {
        Ok(secs) => Some(now.plus_secs(i64::from(secs))),
        Err(_) => Timestamp::parse_http_date(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use certroll_base::network::ServerAnswer;

    #[test]
    fn only_what_may_have_changed_something_is_in_doubt() {
        use ErrorClass::{Ambiguous, Auth, Config, NotFound, Permanent, Protocol, Retryable};
        for (kind, asks, changes) in [
            (FailureKind::Unreachable, Retryable, Retryable),
            (FailureKind::Unanswered, Retryable, Ambiguous),
            (FailureKind::Unavailable, Retryable, Ambiguous),
            (FailureKind::NotReady, Retryable, Retryable),
            (FailureKind::Denied, Auth, Auth),
            (FailureKind::Missing, NotFound, Config),
            (FailureKind::Quota, Permanent, Permanent),
            (FailureKind::Protocol, Protocol, Protocol),
        ] {
            let class = |effect| failed("ca", "it did not sign", NetworkFailure::new(kind, "x"), effect).class;
            assert_eq!((class(CallEffect::Asks), class(CallEffect::Changes)), (asks, changes), "{kind:?}");
        }
    }

    #[test]
    fn a_limit_says_when_to_come_back() {
        let mut headers = HeaderMap::new();
        let now = Timestamp::from_secs(1_000);
        assert_eq!(retry_after(&headers, now), None);
        headers.insert(RETRY_AFTER, "30".parse().unwrap());
        let until = retry_after(&headers, now);
        assert_eq!(until, Some(Timestamp::from_secs(1_030)));
        let answer = ServerAnswer { status: 429, retry_after: until, ..ServerAnswer::default() };
        let failure = NetworkFailure::new(FailureKind::Throttled, "slower").answered(answer);
        assert_eq!(class(&failure, CallEffect::Changes), ErrorClass::RateLimited(until));
        headers.insert(RETRY_AFTER, "Thu, 01 Jan 1970 00:20:00 GMT".parse().unwrap());
        assert_eq!(retry_after(&headers, now), Some(Timestamp::from_secs(1_200)));
    }
}
