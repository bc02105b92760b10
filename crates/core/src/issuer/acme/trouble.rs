//! What a failure at an ACME server means for whoever asked: its class, and what to try next.

use super::transport::{HttpFailure, in_its_words, kind_of};
use crate::hint::Hint;
use crate::hint::issuer::{AccountHint, RequestHint};
use crate::issuer::{ErrorClass, IssuerError};
use certroll_base::clock::Timestamp;

/// What a type of problem (RFC 8555 section 6.7, RFC 9773 section 7.4) means, and what to do about it.
fn meaning(kind: &str, issuer: &str) -> Option<(ErrorClass, Option<Hint>)> {
    use ErrorClass::{Auth, Config, Policy, Retryable, Unsupported};
    let name = || issuer.to_owned();
    let (class, hint): (_, Hint) = match kind {
        "badCSR" | "rejectedIdentifier" => return Some((Policy, None)),
        "badSignatureAlgorithm" | "unsupportedIdentifier" => return Some((Unsupported, None)),
        "accountDoesNotExist" => (Auth, AccountHint::Create(name()).into()),
        "badNonce" => (Retryable, "repeat the command; if it goes on, look for a proxy that caches answers".into()),
        "badPublicKey" => (Policy, RequestHint::OtherKey.into()),
        "badRevocationReason" => (Unsupported, "choose another reason".into()),
        "caa" => (Policy, "allow this CA in the CAA records of the name, or remove them".into()),
        "externalAccountRequired" => {
            (Config, format!("give `eab_kid` and `eab_key_file` in `[issuers.{issuer}]`").into())
        }
        "invalidContact" | "unsupportedContact" => {
            (Config, format!("correct `contact` in `[issuers.{issuer}]`").into())
        }
        "invalidProfile" => (Config, format!("correct `profile` in `[issuers.{issuer}]`").into()),
        "serverInternal" => (Retryable, "repeat the command later".into()),
        "unauthorized" => (Auth, AccountHint::See(name()).into()),
        "userActionRequired" => (Auth, AccountHint::AgreeAgain(name()).into()),
        _ => return None,
    };
    Some((class, Some(hint)))
}

/// The error for what failed at `step`, such as "the order could not be placed".
pub(super) fn error(issuer: &str, step: &str, failure: impl Into<Failed>) -> IssuerError {
    let new = |class, said: String| IssuerError::new(issuer, class, format!("{step}: {said}"));
    match failure.into() {
        Failed::Failure(failure) => match *failure {
            HttpFailure::Problem { ref problem, status, until } => {
                let (class, hint) = class(issuer, kind_of(problem), status, until);
                hint.into_iter().fold(new(class, in_its_words(problem)), IssuerError::hint)
            }
            HttpFailure::Unreachable { .. } | HttpFailure::Silent { .. } => {
                let error = new(ErrorClass::Retryable, failure.to_string());
                let hint = "check the network, `proxy` and `ca_file` of the issuer, then repeat the command";
                match *failure {
                    HttpFailure::Unreachable { source, .. } => error.because(source).hint(hint),
                    HttpFailure::Silent { source, .. } => error.because(source).hint("repeat the command later"),
                    _ => error,
                }
            }
            HttpFailure::Foreign { status, until, .. } => {
                let class = match status {
                    429 => ErrorClass::RateLimited(until),
                    500.. => ErrorClass::Retryable,
                    404 => ErrorClass::NotFound,
                    _ => ErrorClass::Protocol,
                };
                new(class, failure.to_string())
            }
        },
        Failed::Client(said) => new(ErrorClass::Protocol, said),
    }
}

fn class(issuer: &str, kind: &str, status: u16, until: Option<Timestamp>) -> (ErrorClass, Option<Hint>) {
    if kind == "rateLimited" || status == 429 {
        return (ErrorClass::RateLimited(until), None);
    }
    meaning(kind, issuer).unwrap_or(match status {
        404 => (ErrorClass::NotFound, None),
        500.. => (ErrorClass::Retryable, None),
        _ => (ErrorClass::Permanent, None),
    })
}

/// The error of a step after which a certificate may exist: what the server says against the step says nothing about that.
pub(super) fn in_doubt(mut error: IssuerError) -> IssuerError {
    if matches!(error.class, ErrorClass::Permanent | ErrorClass::Policy | ErrorClass::Unsupported) {
        error.class = ErrorClass::Protocol;
    }
    error
}

/// A failure of ours, or what instant-acme says.
pub(super) enum Failed {
    Failure(Box<HttpFailure>),
    Client(String),
}

impl Failed {
    /// The last part of the problem's type; empty when there is none.
    pub(super) fn kind(&self) -> &str {
        match self {
            Self::Failure(failure) => failure.kind(),
            Self::Client(_) => "",
        }
    }

    /// Whether an order may have been refused for what it would replace: servers give many reasons for that, but limits, the
    /// state of the account and silence are none.
    pub(super) fn is_about_replacing(&self) -> bool {
        const OTHERS: &[&str] =
            &["accountDoesNotExist", "badNonce", "externalAccountRequired", "rateLimited", "userActionRequired"];
        match self {
            Self::Failure(failure) => match &**failure {
                HttpFailure::Problem { status, .. } => *status != 429 && !OTHERS.contains(&failure.kind()),
                _ => false,
            },
            // It took the order and did not repeat what it replaces.
            Self::Client(_) => true,
        }
    }

    /// Whether the server does not know the thing that was asked for (RFC 8555 names no type for that).
    pub(super) fn is_unknown(&self) -> bool {
        match self {
            Self::Failure(failure) => match &**failure {
                HttpFailure::Problem { status, .. } => *status == 404,
                HttpFailure::Foreign { status, .. } => *status == 404,
                _ => false,
            },
            Self::Client(_) => false,
        }
    }
}

impl From<HttpFailure> for Failed {
    fn from(failure: HttpFailure) -> Self {
        Self::Failure(Box::new(failure))
    }
}

impl From<instant_acme::Error> for Failed {
    fn from(error: instant_acme::Error) -> Self {
        use instant_acme::Error;
        match error {
            Error::Api(problem) => {
                let status = problem.status.unwrap_or(400);
                Self::from(HttpFailure::Problem { problem, status, until: None })
            }
            Error::Other(inner) => match inner.downcast::<HttpFailure>() {
                Ok(failure) => Self::Failure(failure),
                Err(other) => Self::Client(other.to_string()),
            },
            Error::Json(error) => Self::Client(format!("the answer is not what RFC 8555 says: {error}")),
            other => Self::Client(other.to_string()),
        }
    }
}
