//! What an ACME server says went wrong: its kind, and what to try next.

use instant_acme::Problem;

use crate::hint::Hint;
use crate::hint::issuer::{AccountHint, RequestHint};
use crate::issuer::network::{CallEffect, FailureKind, NetworkFailure, ServerAnswer, failed};
use crate::issuer::{ErrorClass, IssuerError};
use certroll_base::clock::Timestamp;
use certroll_base::text;

/// The type of every problem document of the protocol begins so (RFC 8555 section 6.7).
pub(super) const ERROR: &str = "urn:ietf:params:acme:error:";

/// What a type of problem (RFC 8555 section 6.7, RFC 9773 section 7.4) is.
fn kind_of_type(name: &str) -> Option<FailureKind> {
    Some(match name {
        "accountDoesNotExist" | "userActionRequired" => FailureKind::Credentials,
        "badCSR" | "badPublicKey" | "caa" | "rejectedIdentifier" => FailureKind::Policy,
        "badNonce" => FailureKind::NotReady,
        "badRevocationReason" | "badSignatureAlgorithm" | "unsupportedIdentifier" => FailureKind::Unsupported,
        "externalAccountRequired" | "invalidContact" | "invalidProfile" | "unsupportedContact" => FailureKind::Settings,
        "rateLimited" => FailureKind::Throttled,
        "serverInternal" => FailureKind::Unavailable,
        "unauthorized" => FailureKind::Denied,
        _ => return None,
    })
}

/// What to do about a type of problem.
fn hint_of_type(name: &str, issuer: &str) -> Option<Hint> {
    let account = || issuer.to_owned();
    Some(match name {
        "accountDoesNotExist" => AccountHint::Create(account()).into(),
        "badNonce" => "repeat the command; if it goes on, look for a proxy that caches answers".into(),
        "badPublicKey" => RequestHint::OtherKey.into(),
        "badRevocationReason" => "choose another reason".into(),
        "caa" => "allow this CA in the CAA records of the name, or remove them".into(),
        "externalAccountRequired" => format!("give `eab_kid` and `eab_key_file` in `[issuers.{issuer}]`").into(),
        "invalidContact" | "unsupportedContact" => format!("correct `contact` in `[issuers.{issuer}]`").into(),
        "invalidProfile" => format!("correct `profile` in `[issuers.{issuer}]`").into(),
        "serverInternal" => "repeat the command later".into(),
        "unauthorized" => AccountHint::See(account()).into(),
        "userActionRequired" => AccountHint::AgreeAgain(account()).into(),
        _ => return None,
    })
}

/// The error for what failed at `step`, such as "the order could not be placed". A lost answer leaves nothing in doubt: what
/// was asked for is found again by its order or its account.
pub(super) fn error(issuer: &str, step: &str, failure: NetworkFailure) -> IssuerError {
    let hint = match failure.kind {
        FailureKind::Throttled => None,
        FailureKind::Unreachable => {
            Some("check the network, `proxy` and `ca_file` of the issuer, then repeat the command".into())
        }
        FailureKind::Unanswered => Some("repeat the command later".into()),
        _ => hint_of_type(problem_type(&failure), issuer),
    };
    hint.into_iter().fold(failed(issuer, step, failure, CallEffect::Asks), IssuerError::hint)
}

/// The error of a step after which a certificate may exist: what the server says against the step says nothing about that.
pub(super) fn in_doubt(mut error: IssuerError) -> IssuerError {
    if matches!(error.class, ErrorClass::Permanent | ErrorClass::Policy | ErrorClass::Unsupported) {
        error.class = ErrorClass::Protocol;
    }
    error
}

/// The failure that a problem document tells of.
pub(super) fn problem(problem: &Problem, status: u16, retry_after: Option<Timestamp>) -> NetworkFailure {
    let kind = match kind_of_type(kind_of(problem)) {
        _ if status == 429 => FailureKind::Throttled,
        Some(kind) => kind,
        None => by_status(status).unwrap_or(FailureKind::Invalid),
    };
    let answer = ServerAnswer { status, code: problem.r#type.clone(), retry_after, ..ServerAnswer::default() };
    NetworkFailure::new(kind, in_its_words(problem)).answered(answer)
}

/// The failure that is an answer without a problem document, described by `text`: something answered that speaks no ACME.
pub(super) fn foreign(text: String, status: u16, retry_after: Option<Timestamp>) -> NetworkFailure {
    let answer = ServerAnswer { status, retry_after, ..ServerAnswer::default() };
    NetworkFailure::new(by_status(status).unwrap_or(FailureKind::Protocol), text).answered(answer)
}

/// The failure that is an answer in which something is missing or wrong.
pub(super) fn nonsense(text: impl Into<String>) -> NetworkFailure {
    NetworkFailure::new(FailureKind::Protocol, text)
}

fn by_status(status: u16) -> Option<FailureKind> {
    match status {
        429 => Some(FailureKind::Throttled),
        404 => Some(FailureKind::Missing),
        500.. => Some(FailureKind::Unavailable),
        _ => None,
    }
}

/// What instant-acme says.
pub(super) fn failure(error: instant_acme::Error) -> NetworkFailure {
    use instant_acme::Error;
    match error {
        Error::Api(told) => problem(&told, told.status.unwrap_or(400), None),
        Error::Other(inner) => match inner.downcast::<NetworkFailure>() {
            Ok(failure) => *failure,
            Err(other) => nonsense(other.to_string()),
        },
        Error::Json(error) => nonsense(format!("the answer is not what RFC 8555 says: {error}")),
        other => nonsense(other.to_string()),
    }
}

/// The last part of the type of the problem, `rateLimited`; empty for other failures.
pub(super) fn problem_type(failure: &NetworkFailure) -> &str {
    failure.code().and_then(|code| code.strip_prefix(ERROR)).unwrap_or_default()
}

/// Whether an order may have been refused for what it would replace: servers give many reasons for that, but limits, the
/// state of the account and silence are none.
pub(super) fn is_about_replacing(failure: &NetworkFailure) -> bool {
    const OTHERS: &[&str] =
        &["accountDoesNotExist", "badNonce", "externalAccountRequired", "rateLimited", "userActionRequired"];
    match &failure.answer {
        Some(answer) => answer.code.is_some() && answer.status != 429 && !OTHERS.contains(&problem_type(failure)),
        // It took the order and did not repeat what it replaces.
        None => failure.kind == FailureKind::Protocol,
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
