//! What the answers of a Vault or OpenBao server mean.

use crate::issuer::network::{FailureKind, NetworkFailure, ServerAnswer, chain, one_line, unanswered};
use certroll_base::secret::Secret;

/// How the TLS library begins what it says of a certificate that it does not accept.
const UNTRUSTED: &str = "invalid peer certificate";

/// A request that never reached the server.
pub(super) fn unsent(why: &str) -> NetworkFailure {
    // No time makes a stranger known.
    match why.contains(UNTRUSTED) {
        true => NetworkFailure::new(FailureKind::Settings, format!("its certificate is not trusted: {why}")),
        false => NetworkFailure::new(FailureKind::Unreachable, format!("it cannot be reached: {why}")),
    }
}

/// A request without a whole answer.
pub(super) fn no_answer(error: &reqwest::Error) -> NetworkFailure {
    match unanswered(error) {
        FailureKind::Unreachable => unsent(&chain(error)),
        kind => NetworkFailure::new(kind, format!("no answer came: {}", chain(error))),
    }
}

/// An answer that is none of a Vault; perhaps that of a proxy.
pub(super) fn nonsense(why: &str) -> NetworkFailure {
    NetworkFailure::new(
        FailureKind::Protocol,
        format!("the answer is none of a Vault or OpenBao server: {}", one_line(why)),
    )
}

/// A refusal in the server's words.
pub(super) fn refused(mut answer: ServerAnswer) -> NetworkFailure {
    answer.words = one_line(&answer.words);
    let (meaning, kind) = meaning(answer.status, &answer.words);
    let text = match answer.words.as_str() {
        "" => format!("the server says {} {meaning}", answer.status),
        words => format!("the server says {} {meaning}: {words}", answer.status),
    };
    NetworkFailure::new(kind, text).answered(answer)
}

fn meaning(status: u16, words: &str) -> (&'static str, FailureKind) {
    match status {
        400 if names_nothing(words) => ("(bad request)", FailureKind::Settings),
        400 => ("(bad request)", FailureKind::Policy),
        401 | 403 => ("(not allowed)", FailureKind::Denied),
        // Never `Missing`: the server did not get as far as signing.
        404 => ("(not there)", FailureKind::Settings),
        405 => ("(not supported)", FailureKind::Unsupported),
        412 => ("(not up to date)", FailureKind::NotReady),
        422 => ("(unexpected)", FailureKind::Policy),
        429 => ("(too many requests)", FailureKind::Throttled),
        472 => ("(disaster recovery standby)", FailureKind::NotReady),
        473 => ("(performance standby)", FailureKind::NotReady),
        501 => ("(not initialised)", FailureKind::NotReady),
        503 if is_sealed(words) => ("(sealed)", FailureKind::NotReady),
        300..=399 => ("(elsewhere)", FailureKind::NotReady),
        500 if names_nothing(words) => ("(server error)", FailureKind::Settings),
        500..=599 => ("(server error)", FailureKind::Unavailable),
        _ => ("(unexpected)", FailureKind::Invalid),
    }
}

/// A role, an issuer or the like is not there; otherwise 400 is the role's refusal.
pub(super) fn names_nothing(words: &str) -> bool {
    ["unknown role", "unable to find PKI issuer", "unable to find issuer", "no default issuer"]
        .iter()
        .any(|known| words.contains(known))
}

pub(super) fn is_sealed(words: &str) -> bool {
    words.contains("sealed")
}

/// Lists that are empty, and things that are not there, are both answered so: without a word.
pub(super) fn is_absence(failure: &NetworkFailure) -> bool {
    failure.answer.as_ref().is_some_and(|answer| answer.status == 404 && answer.words.is_empty())
}

/// Takes secrets out of what a server said, should it have repeated one.
pub(super) fn without<'a>(
    mut failure: NetworkFailure,
    secrets: impl IntoIterator<Item = &'a Secret>,
) -> NetworkFailure {
    if let Some(answer) = &mut failure.answer {
        for secret in secrets.into_iter().filter(|secret| !secret.expose().is_empty()) {
            failure.text = failure.text.replace(secret.expose(), "(secret)");
            answer.words = answer.words.replace(secret.expose(), "(secret)");
        }
    }
    failure
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(status: u16, words: &str) -> NetworkFailure {
        refused(ServerAnswer { status, words: words.to_owned(), ..ServerAnswer::default() })
    }

    #[test]
    fn each_answer_has_its_kind() {
        use FailureKind::{Denied, Invalid, NotReady, Policy, Settings, Throttled, Unavailable, Unsupported};
        for (status, words, expected) in [
            (400, "unknown role: web", Settings),
            (400, "subject alternate name a.org not allowed by this role", Policy),
            (403, "permission denied", Denied),
            (404, "no handler for route \"pki/sign/web\". route entry not found.", Settings),
            (405, "unsupported operation", Unsupported),
            (307, "", NotReady),
            (412, "required index state not present", NotReady),
            (429, "request path \"pki/sign/web\": rate limit quota exceeded", Throttled),
            (472, "", NotReady),
            (473, "", NotReady),
            (500, "1 error occurred", Unavailable),
            (500, "unable to find PKI issuer for reference: g2", Settings),
            (501, "", NotReady),
            (502, "bad gateway", Unavailable),
            (503, "Vault is sealed", NotReady),
            (503, "OpenBao is sealed", NotReady),
            (503, "upstream connect error", Unavailable),
            (418, "", Invalid),
        ] {
            assert_eq!(said(status, words).kind, expected, "{status} {words}");
        }
        assert_eq!(unsent("connection refused").kind, FailureKind::Unreachable);
        assert_eq!(unsent("invalid peer certificate: UnknownIssuer").kind, Settings);
    }

    #[test]
    fn a_secret_that_comes_back_is_taken_out() {
        let secret = Secret::new("s.abcdef".to_owned());
        let failure = without(said(403, "token s.abcdef\n  is   not known"), [&secret]);
        assert_eq!(failure.text, "the server says 403 (not allowed): token (secret) is not known");
        assert!(!format!("{failure:?}").contains("abcdef"));
    }
}
