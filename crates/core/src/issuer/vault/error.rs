//! The errors of this issuer: what failed, and the next step.

use super::failure::{is_sealed, names_nothing};
use crate::hint::{Hint, issuer::IssuerHint};
use crate::issuer::IssuerError;
use crate::issuer::network::{CallEffect, FailureKind, NetworkFailure, ServerAnswer, failed};
use crate::issuer::vault::Vault;

impl Vault {
    /// The error for a call of `path` that came to nothing.
    pub(super) fn failed(
        &self,
        mut failure: NetworkFailure,
        effect: CallEffect,
        path: &str,
        what: &str,
    ) -> IssuerError {
        let hint = self.hint(&failure, path);
        // What stands between us and the server may pass; only of a change must it be known whether the server saw it.
        if failure.kind == FailureKind::Protocol && effect == CallEffect::Asks {
            failure.kind = FailureKind::Unavailable;
        }
        let error = failed(&self.name, what, failure, effect);
        hint.into_iter().fold(error, IssuerError::hint)
    }

    /// The error for a login that came to nothing. Some methods answer 400 to wrong credentials.
    pub(super) fn not_logged_in(&self, mut failure: NetworkFailure, path: &str, what: &str) -> IssuerError {
        let Some(status) = failure.status() else { return self.failed(failure, CallEffect::Asks, path, what) };
        if matches!(status, 400 | 401 | 403) {
            failure.kind = FailureKind::Credentials;
        }
        self.failed(failure, CallEffect::Asks, path, what).hint(IssuerHint::CorrectLogin(self.name.clone()))
    }

    fn hint(&self, failure: &NetworkFailure, path: &str) -> Option<Hint> {
        let name = || self.name.clone();
        Some(match (&failure.answer, failure.kind) {
            (Some(_), FailureKind::Denied) => IssuerHint::SeeRights { issuer: name(), path: path.to_owned() }.into(),
            (Some(answer), _) => self.advice(answer)?.into(),
            (None, FailureKind::Unanswered) => IssuerHint::SeeServer(name()).into(),
            (None, FailureKind::Protocol) => {
                format!("see that `address` in `[issuers.{}]` leads to the server itself", self.name).into()
            }
            (None, _) => IssuerHint::CorrectAddress(name()).into(),
        })
    }

    /// What to correct in the settings or at the server.
    fn advice(&self, answer: &ServerAnswer) -> Option<String> {
        let (issuer, mount) = (&self.name, self.settings.mount());
        Some(match answer.status {
            400 | 500 if names_nothing(&answer.words) => format!(
                "correct `role` or `issuer_ref` in `[issuers.{issuer}]`; `bao list {mount}/roles` shows the roles"
            ),
            404 => format!(
                "correct `mount` or `role` in `[issuers.{issuer}]`; `bao secrets list` shows the mounts, `bao list {mount}/roles` the roles"
            ),
            429 => "a quota of the server lets no more through: repeat the command later".to_owned(),
            300..=399 => match &answer.location {
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
            503 if is_sealed(&answer.words) => {
                "have it unsealed (`bao operator unseal`), then repeat the command".to_owned()
            }
            _ => return None,
        })
    }
}
