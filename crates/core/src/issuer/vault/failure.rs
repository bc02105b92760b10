//! What a server did not do, and what that means: the class, its own words, and the next step.

use vaultrs::error::ClientError;

use crate::hint::{Hint, issuer::IssuerHint};
use crate::issuer::{ErrorClass, IssuerError};
use certroll_base::clock::Timestamp;
use certroll_base::secret::Secret;

/// How much of what a server says is repeated.
const LONGEST_WORDS: usize = 600;

/// How the TLS library begins what it says of a certificate that it does not accept.
const UNTRUSTED: &str = "invalid peer certificate";

/// Why a call came to nothing.
#[derive(Debug)]
pub(super) enum VaultFailure {
    /// It never reached the server.
    Unsent(String),
    /// It was sent, and no whole answer came back.
    Lost(String),
    /// The server refused.
    Refused(ServerRefusal),
    /// The answer is none of a Vault; perhaps that of a proxy.
    Nonsense(String),
}

/// A refusal in the server's words.
#[derive(Debug)]
pub(super) struct ServerRefusal {
    pub(super) status: u16,
    pub(super) words: String,
    /// Seconds until it may be tried again.
    pub(super) retry_after: Option<u64>,
    /// Where it sends us instead.
    pub(super) location: Option<String>,
}

/// What a call would have done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallStep {
    /// Nothing: it asks.
    Ask,
    /// Let us in.
    LogIn,
    /// Signed a certificate, or revoked one: whether it did is not known when the answer is lost.
    Act,
}

impl VaultFailure {
    pub(super) fn of_reqwest(error: &reqwest::Error) -> Self {
        let text = chain(error);
        if error.is_connect() || error.is_builder() || error.is_request() && !error.is_timeout() && never_sent(error) {
            Self::Unsent(text)
        } else {
            Self::Lost(text)
        }
    }

    /// What vaultrs says. Its errors hold whole answers, so they go no further than this.
    pub(super) fn of_vaultrs(error: &ClientError) -> Self {
        if let ClientError::APIError { code, errors } = error {
            return Self::refused(*code, &errors.join("; "));
        }
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
        while let Some(one) = cause {
            if let Some(error) = one.downcast_ref::<reqwest::Error>() {
                return Self::of_reqwest(error);
            }
            cause = one.source();
        }
        Self::Nonsense(error.to_string())
    }

    pub(super) fn refused(status: u16, words: &str) -> Self {
        let words: String = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let words = words.chars().take(LONGEST_WORDS).collect();
        Self::Refused(ServerRefusal { status, words, retry_after: None, location: None })
    }

    /// The refusal of that status.
    pub(super) fn is(&self, status: u16) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.status == status)
    }

    /// Lists that are empty, and things that are not there, are both answered so: without a word.
    pub(super) fn is_absence(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.status == 404 && refusal.words.is_empty())
    }

    /// Takes secrets out of what a server said, should it have repeated one.
    #[must_use]
    pub(super) fn without<'a>(self, secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let Self::Refused(mut refusal) = self else { return self };
        for secret in secrets.into_iter().filter(|secret| !secret.expose().is_empty()) {
            refusal.words = refusal.words.replace(secret.expose(), "(secret)");
        }
        Self::Refused(refusal)
    }

    fn class(&self, step: CallStep, now: Timestamp) -> ErrorClass {
        let in_doubt = if step == CallStep::Act { ErrorClass::Ambiguous } else { ErrorClass::Retryable };
        match self {
            // No time makes a stranger known.
            Self::Unsent(why) if why.contains(UNTRUSTED) => ErrorClass::Config,
            Self::Unsent(_) => ErrorClass::Retryable,
            Self::Lost(_) => in_doubt,
            Self::Nonsense(_) if step == CallStep::Act => ErrorClass::Protocol,
            Self::Nonsense(_) => ErrorClass::Retryable,
            Self::Refused(refusal) => match refusal.status {
                // Refused logins are answered with 400 by some methods.
                400 | 401 | 403 if step == CallStep::LogIn => ErrorClass::Auth,
                400 | 500 if refusal.names_nothing() => ErrorClass::Config,
                400 | 422 => ErrorClass::Policy,
                401 | 403 => ErrorClass::Auth,
                // Never `NotFound`: the server did not get as far as signing.
                404 => ErrorClass::Config,
                405 => ErrorClass::Unsupported,
                429 => {
                    let secs = refusal.retry_after.and_then(|secs| i64::try_from(secs).ok());
                    ErrorClass::RateLimited(secs.map(|secs| now.plus_secs(secs)))
                }
                300..=399 | 412 | 472 | 473 | 501 => ErrorClass::Retryable,
                503 if refusal.is_sealed() => ErrorClass::Retryable,
                500..=599 => in_doubt,
                _ => ErrorClass::Permanent,
            },
        }
    }

    fn said(&self) -> String {
        match self {
            Self::Unsent(why) if why.contains(UNTRUSTED) => format!("its certificate is not trusted: {why}"),
            Self::Unsent(why) => format!("it cannot be reached: {why}"),
            Self::Lost(why) => format!("no answer came: {why}"),
            Self::Nonsense(why) => format!("the answer is none of a Vault or OpenBao server: {why}"),
            Self::Refused(refusal) => {
                let meaning = refusal.meaning();
                match refusal.words.as_str() {
                    "" => format!("the server says {} {meaning}", refusal.status),
                    words => format!("the server says {} {meaning}: {words}", refusal.status),
                }
            }
        }
    }

    /// As an error of that issuer; `what` failed.
    pub(super) fn into_error(self, to: &Addressee<'_>, step: CallStep, what: &str) -> IssuerError {
        let class = self.class(step, to.now);
        let error = IssuerError::new(to.issuer, class, format!("{what}: {}", self.said()));
        match self.hint(to, step) {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }

    fn hint(&self, to: &Addressee<'_>, step: CallStep) -> Option<Hint> {
        let Addressee { issuer, mount, path, .. } = to;
        let name = || (*issuer).to_owned();
        Some(match self {
            Self::Unsent(_) => IssuerHint::CorrectAddress(name()).into(),
            Self::Lost(_) => IssuerHint::SeeServer(name()).into(),
            Self::Nonsense(_) => {
                format!("see that `address` in `[issuers.{issuer}]` leads to the server itself").into()
            }
            Self::Refused(refusal) => match refusal.status {
                _ if step == CallStep::LogIn => IssuerHint::CorrectLogin(name()).into(),
                401 | 403 => IssuerHint::SeeRights { issuer: name(), path: (*path).to_owned() }.into(),
                _ => refusal.advice(issuer, mount)?.into(),
            },
        })
    }
}

impl ServerRefusal {
    /// What to correct in the settings or at the server.
    fn advice(&self, issuer: &str, mount: &str) -> Option<String> {
        Some(match self.status {
            400 | 500 if self.names_nothing() => format!(
                "correct `role` or `issuer_ref` in `[issuers.{issuer}]`; `bao list {mount}/roles` shows the roles"
            ),
            404 => format!(
                "correct `mount` or `role` in `[issuers.{issuer}]`; `bao secrets list` shows the mounts, `bao list {mount}/roles` the roles"
            ),
            429 => "a quota of the server lets no more through: repeat the command later".to_owned(),
            300..=399 => match &self.location {
                Some(location) => format!(
                    "this is a standby node and forwards nothing; it names the active one: `{location}`: set `address` in `[issuers.{issuer}]`"
                ),
                None => format!("set `address` in `[issuers.{issuer}]` to the active node"),
            },
            412 => "this node is behind the active one: repeat the command".to_owned(),
            472 | 473 => {
                format!("this node serves no requests: set `address` in `[issuers.{issuer}]` to an active one")
            }
            501 => "initialise the server first: `bao operator init`".to_owned(),
            503 if self.is_sealed() => "have it unsealed (`bao operator unseal`), then repeat the command".to_owned(),
            _ => return None,
        })
    }

    fn is_sealed(&self) -> bool {
        self.words.contains("sealed")
    }

    /// A role, an issuer or the like is not there; otherwise 400 is the role's refusal.
    fn names_nothing(&self) -> bool {
        ["unknown role", "unable to find PKI issuer", "unable to find issuer", "no default issuer"]
            .iter()
            .any(|words| self.words.contains(words))
    }

    fn meaning(&self) -> &'static str {
        match self.status {
            400 => "(bad request)",
            401 | 403 => "(not allowed)",
            404 => "(not there)",
            405 => "(not supported)",
            412 => "(not up to date)",
            429 => "(too many requests)",
            472 => "(disaster recovery standby)",
            473 => "(performance standby)",
            501 => "(not initialised)",
            503 if self.is_sealed() => "(sealed)",
            300..=399 => "(elsewhere)",
            500..=599 => "(server error)",
            _ => "(unexpected)",
        }
    }
}

/// Whom an error is about.
pub(super) struct Addressee<'a> {
    pub(super) issuer: &'a str,
    pub(super) mount: &'a str,
    /// What was called.
    pub(super) path: &'a str,
    pub(super) now: Timestamp,
}

/// An error with its causes, on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let next = error.to_string();
        if !text.ends_with(&next) {
            text.push_str(": ");
            text.push_str(&next);
        }
        cause = error.source();
    }
    text
}

/// Whether a request failed before any of it left, by the kind of error below.
fn never_sent(error: &reqwest::Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(one) = cause {
        if let Some(io) = one.downcast_ref::<std::io::Error>() {
            return io.kind() == std::io::ErrorKind::ConnectionRefused;
        }
        cause = one.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_has_its_class() {
        use ErrorClass::{Ambiguous, Auth, Config, Permanent, Policy, Protocol, RateLimited, Retryable, Unsupported};
        let now = Timestamp::from_secs(1_000);
        let table = [
            (400, "unknown role: web", CallStep::Act, Config),
            (400, "subject alternate name a.org not allowed by this role", CallStep::Act, Policy),
            (400, "invalid role or secret ID", CallStep::LogIn, Auth),
            (403, "permission denied", CallStep::Act, Auth),
            (404, "no handler for route \"pki/sign/web\". route entry not found.", CallStep::Act, Config),
            (405, "unsupported operation", CallStep::Act, Unsupported),
            (307, "", CallStep::Act, Retryable),
            (412, "required index state not present", CallStep::Act, Retryable),
            (429, "request path \"pki/sign/web\": rate limit quota exceeded", CallStep::Act, RateLimited(None)),
            (472, "", CallStep::Ask, Retryable),
            (473, "", CallStep::Ask, Retryable),
            (500, "1 error occurred", CallStep::Act, Ambiguous),
            (500, "unable to find PKI issuer for reference: g2", CallStep::Act, Config),
            (500, "1 error occurred", CallStep::Ask, Retryable),
            (501, "", CallStep::Ask, Retryable),
            (502, "bad gateway", CallStep::Act, Ambiguous),
            (503, "Vault is sealed", CallStep::Act, Retryable),
            (503, "OpenBao is sealed", CallStep::Act, Retryable),
            (503, "upstream connect error", CallStep::Act, Ambiguous),
            (418, "", CallStep::Act, Permanent),
        ];
        for (status, words, step, expected) in table {
            assert_eq!(VaultFailure::refused(status, words).class(step, now), expected, "{status} {words}");
        }
        for (failure, act, ask) in [
            (VaultFailure::Unsent(String::new()), Retryable, Retryable),
            (VaultFailure::Lost(String::new()), Ambiguous, Retryable),
            (VaultFailure::Nonsense(String::new()), Protocol, Retryable),
        ] {
            assert_eq!((failure.class(CallStep::Act, now), failure.class(CallStep::Ask, now)), (act, ask));
        }
    }

    #[test]
    fn a_secret_that_comes_back_is_taken_out() {
        let secret = Secret::new("s.abcdef".to_owned());
        let failure = VaultFailure::refused(403, "token s.abcdef\n  is   not known").without([&secret]);
        let to = Addressee { issuer: "v", mount: "pki", path: "pki/sign/web", now: Timestamp::from_secs(0) };
        let error = failure.into_error(&to, CallStep::Act, "it did not sign");
        assert_eq!(error.message, "it did not sign: the server says 403 (not allowed): token (secret) is not known");
    }
}
