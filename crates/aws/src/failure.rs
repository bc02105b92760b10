//! What the SDK of AWS says went wrong, in one line and by what can be done about it. Its own `Debug` fills pages.

use std::error::Error;

use aws_sdk_acm::config::http::HttpResponse;
use aws_sdk_acm::error::{ProvideErrorMetadata, SdkError};

use certroll_base::network::{FailureKind, NetworkFailure, ServerAnswer, chain, one_line};

/// What the SDK says, classified. Nothing of a request is in it.
pub(super) fn failure<E>(error: SdkError<E, HttpResponse>) -> NetworkFailure
where
    E: ProvideErrorMetadata + Error + 'static,
{
    match &error {
        SdkError::ConstructionFailure(_) => NetworkFailure::new(FailureKind::Settings, chain(&error)),
        SdkError::TimeoutError(_) => NetworkFailure::new(FailureKind::Unanswered, "no answer came in time"),
        SdkError::DispatchFailure(failed) => {
            let text = chain(&error);
            let kind = if names_credentials(&error) {
                FailureKind::Credentials
            } else if failed.is_user() || text.contains("(Connect)") || text.contains("dns error") {
                FailureKind::Unreachable
            } else {
                FailureKind::Unanswered
            };
            NetworkFailure::new(kind, text)
        }
        SdkError::ResponseError(answer) => {
            let status = answer.raw().status().as_u16();
            let kind = if status >= 500 { FailureKind::Unavailable } else { FailureKind::Protocol };
            let text = format!("HTTP status {status} with an answer that makes no sense");
            NetworkFailure::new(kind, text).answered(ServerAnswer { status, ..ServerAnswer::default() })
        }
        SdkError::ServiceError(answer) => {
            let status = answer.raw().status().as_u16();
            let kind = kind(answer.err().code(), status);
            let code = answer.err().code().map(one_line);
            let words = one_line(answer.err().message().unwrap_or("it gives no reason"));
            let text = code.iter().chain([&words]).map(String::as_str).collect::<Vec<_>>().join(": ");
            NetworkFailure::new(kind, text).answered(ServerAnswer { status, code, words, ..ServerAnswer::default() })
        }
        _ => NetworkFailure::new(FailureKind::Protocol, chain(&error)),
    }
}

/// What to try next after a failure of that kind, where that does not depend on the call.
pub fn advice(kind: FailureKind) -> Option<&'static str> {
    Some(match kind {
        FailureKind::Credentials => {
            "give credentials as for the AWS CLI: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or `aws sso login`; \
             `aws sts get-caller-identity` shows whether they work"
        }
        FailureKind::Unreachable | FailureKind::Unanswered | FailureKind::Unavailable => {
            "check the network, and HTTPS_PROXY and AWS_CA_BUNDLE if there is a proxy, then repeat the command"
        }
        FailureKind::Throttled => "wait a little, then repeat the command",
        FailureKind::Denied => {
            "allow the action that it names in the policy of these credentials; `aws sts get-caller-identity` shows whose they are"
        }
        FailureKind::Quota => "ask AWS for a higher quota: `aws service-quotas list-service-quotas --service-code acm`",
        _ => return None,
    })
}

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
        "UnknownOperationException" => FailureKind::Unsupported,
        _ if status >= 500 => FailureKind::Unavailable,
        "" => FailureKind::Protocol,
        _ => FailureKind::Invalid,
    }
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
}
