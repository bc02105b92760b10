//! What went wrong at AWS, in one line and by what can be done about it. The SDK's own `Debug` fills pages.

use std::error::Error;
use std::fmt;

use aws_sdk_acm::config::http::HttpResponse;
use aws_sdk_acm::error::{ProvideErrorMetadata, SdkError};

use certroll_base::text::printable;

/// The most characters of a foreign message that are passed on.
const LONGEST: usize = 600;

/// What kind of failure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// There are no credentials, or AWS does not accept them.
    Credentials,
    /// Roots, proxy, region or endpoint are not usable.
    Settings,
    /// Nothing was sent: no connection came about.
    Unreachable,
    /// It was sent, or may have been, and no answer came.
    Unheard,
    /// Too many requests.
    Throttled,
    /// The credentials are good, but lack the right.
    Denied,
    /// What was named does not exist.
    Missing,
    /// It is not done yet.
    InProgress,
    /// It was done before.
    AlreadyDone,
    /// What was named is in a state that does not allow it.
    State,
    /// It is in use, or somebody changes it at the same time.
    Conflict,
    /// A quota of the account is used up.
    Quota,
    /// The request is not acceptable.
    Invalid,
    /// The service itself failed.
    Unavailable,
    /// The answer makes no sense.
    Protocol,
    /// The service does not know the call.
    Unknown,
}

/// A call to AWS that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwsFailure {
    /// What kind.
    pub kind: FailureKind,
    /// The service's word for it, `ThrottlingException`.
    pub code: Option<String>,
    /// What happened, on one line.
    pub text: String,
}

impl AwsFailure {
    /// A failure found here.
    pub fn new(kind: FailureKind, text: impl Into<String>) -> Self {
        Self { kind, code: None, text: text.into() }
    }

    /// What the SDK says, classified. Nothing of a request is in it.
    pub(super) fn of<E>(error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        match error {
            SdkError::ConstructionFailure(_) => Self::new(FailureKind::Settings, chain(error)),
            SdkError::TimeoutError(_) => Self::new(FailureKind::Unheard, "no answer came in time"),
            SdkError::DispatchFailure(failure) => {
                let text = chain(error);
                let kind = if names_credentials(error) {
                    FailureKind::Credentials
                } else if failure.is_user() || text.contains("(Connect)") || text.contains("dns error") {
                    FailureKind::Unreachable
                } else {
                    FailureKind::Unheard
                };
                Self::new(kind, text)
            }
            SdkError::ResponseError(answer) => {
                let status = answer.raw().status().as_u16();
                let kind = if status >= 500 { FailureKind::Unavailable } else { FailureKind::Protocol };
                Self::new(kind, format!("HTTP status {status} with an answer that makes no sense"))
            }
            SdkError::ServiceError(answer) => {
                let status = answer.raw().status().as_u16();
                let code = answer.err().code();
                let text = answer.err().message().unwrap_or("it gives no reason");
                Self { kind: kind(code, status), code: code.map(one_line), text: one_line(text) }
            }
            _ => Self::new(FailureKind::Protocol, chain(error)),
        }
    }

    /// Whether the call may have taken effect all the same.
    pub fn is_in_doubt(&self) -> bool {
        matches!(self.kind, FailureKind::Unheard | FailureKind::Unavailable | FailureKind::Protocol)
    }

    /// What to try next, where that does not depend on the call.
    pub fn advice(&self) -> Option<&'static str> {
        Some(match self.kind {
            FailureKind::Credentials => {
                "give credentials as for the AWS CLI: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or `aws sso login`; \
                 `aws sts get-caller-identity` shows whether they work"
            }
            FailureKind::Unreachable | FailureKind::Unheard | FailureKind::Unavailable => {
                "check the network, and HTTPS_PROXY and AWS_CA_BUNDLE if there is a proxy, then repeat the command"
            }
            FailureKind::Throttled => "wait a little, then repeat the command",
            FailureKind::Denied => {
                "allow the action that it names in the policy of these credentials; `aws sts get-caller-identity` shows whose they are"
            }
            FailureKind::Quota => {
                "ask AWS for a higher quota: `aws service-quotas list-service-quotas --service-code acm`"
            }
            _ => return None,
        })
    }
}

impl fmt::Display for AwsFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) => write!(f, "{code}: {}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

impl Error for AwsFailure {}

fn kind(code: Option<&str>, status: u16) -> FailureKind {
    match code.unwrap_or_default() {
        "ThrottlingException" | "Throttling" | "TooManyRequestsException" | "RequestLimitExceeded" | "SlowDown" => {
            FailureKind::Throttled
        }
        "AccessDeniedException" | "AccessDenied" | "UnauthorizedOperation" | "NotAuthorized" => FailureKind::Denied,
        "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "ExpiredTokenException"
        | "ExpiredToken"
        | "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "MissingAuthenticationTokenException"
        | "IncompleteSignature"
        | "OptInRequired" => FailureKind::Credentials,
        "ResourceNotFoundException" | "NotFoundException" => FailureKind::Missing,
        "RequestInProgressException" => FailureKind::InProgress,
        "RequestAlreadyProcessedException" => FailureKind::AlreadyDone,
        "InvalidStateException" | "KMSInvalidStateException" | "DisabledException" | "RequestFailedException" => {
            FailureKind::State
        }
        "ResourceInUseException" | "ConflictException" | "ConcurrentModificationException" => FailureKind::Conflict,
        "LimitExceededException" => FailureKind::Quota,
        "UnknownOperationException" => FailureKind::Unknown,
        _ if status >= 500 => FailureKind::Unavailable,
        "" => FailureKind::Protocol,
        _ => FailureKind::Invalid,
    }
}

/// The causes of an error, each once, on one line.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = one_line(&error.to_string());
        if !parts.last().is_some_and(|last| last.contains(&text)) {
            parts.push(text);
        }
        next = error.source();
    }
    let mut text = parts.join(": ");
    shorten(&mut text);
    text
}

fn names_credentials(error: &dyn Error) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        if text.contains("credential") || text.contains("CredentialsNotLoaded") {
            return true;
        }
        next = error.source();
    }
    false
}

fn one_line(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut text = printable(&text).into_owned();
    shorten(&mut text);
    text
}

fn shorten(text: &mut String) {
    if let Some((at, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(at);
        text.push_str("...");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_services_have_a_kind() {
        for (code, status, expected) in [
            (Some("ThrottlingException"), 400, FailureKind::Throttled),
            (Some("AccessDeniedException"), 400, FailureKind::Denied),
            (Some("ExpiredTokenException"), 400, FailureKind::Credentials),
            (Some("MalformedCSRException"), 400, FailureKind::Invalid),
            (Some("InternalFailure"), 500, FailureKind::Unavailable),
            (None, 400, FailureKind::Protocol),
        ] {
            assert_eq!(kind(code, status), expected, "{code:?}");
        }
    }

    #[test]
    fn what_a_stranger_says_stays_on_one_short_line() {
        let text = one_line(&format!("a\n\u{1b}[31mb {}", "x".repeat(2_000)));
        assert!(!text.contains('\n') && !text.contains('\u{1b}') && text.chars().count() <= LONGEST + 3, "{text}");
    }
}
