//! The figures and entries of a summary.

use super::tally::Tally;
use crate::audit::record::event::{Event, Intent};
use crate::audit::record::facts::{Actor, ActorKind, Authentication};
use certroll_base::clock::Timestamp;

/// A revocation has to be done within 24 hours for the gravest reasons (CA/B BR 4.9.1.1), within 5 days for the others.
pub(super) const DELAY_LIMITS: [(i64, &str); 5] = [
    (60, "under a minute"),
    (3600, "under an hour"),
    (86_400, "under 24 hours"),
    (5 * 86_400, "under 5 days"),
    (i64::MAX, "5 days or more"),
];

/// Counts of what was issued under one name.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Issuance {
    pub(super) issued: u64,
    pub(super) rotations: u64,
    pub(super) revoked: u64,
    pub(super) refused: u64,
}

/// What happened in one month.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Activity {
    pub(super) issued: u64,
    pub(super) rotations: u64,
    pub(super) revoked: u64,
    pub(super) refused: u64,
    pub(super) failed: u64,
}

/// What ends on one day.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ending {
    /// Certificates that end then and have been neither revoked nor replaced.
    pub(super) current: u64,
    /// Those that have been replaced.
    pub(super) replaced: u64,
}

/// How long something took, counted by [`DELAY_LIMITS`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Delays {
    pub(super) counts: [u64; DELAY_LIMITS.len()],
    pub(super) longest_millis: i64,
}

impl Delays {
    /// Counts one more.
    pub(super) fn add(&mut self, millis: i64) {
        let secs = millis.div_euclid(1000);
        let place = DELAY_LIMITS.iter().position(|(limit, _)| secs < *limit).unwrap_or(DELAY_LIMITS.len() - 1);
        self.counts[place] += 1;
        self.longest_millis = self.longest_millis.max(millis);
    }
}

/// A revocation.
#[derive(Clone, Debug)]
pub(super) struct RevocationFigures {
    pub(super) seq: u64,
    pub(super) at: Timestamp,
    pub(super) names: String,
    pub(super) serial: String,
    pub(super) issuer: String,
    pub(super) reason: String,
    pub(super) text: String,
    pub(super) actor: String,
    /// Milliseconds from the request to the revocation.
    pub(super) from_request: Option<i64>,
    /// Seconds from the issuance to the revocation.
    pub(super) from_issuance: Option<i64>,
}

/// A refusal, or something that failed.
#[derive(Clone, Debug)]
pub(super) struct Mishap {
    pub(super) seq: u64,
    pub(super) at: Timestamp,
    pub(super) event: Event,
    pub(super) subject: String,
    pub(super) place: String,
    pub(super) text: String,
    pub(super) actor: String,
}

/// An intent that has not ended.
#[derive(Clone, Debug)]
pub(super) struct OpenIntentFigures {
    pub(super) seq: u64,
    pub(super) at: Timestamp,
    pub(super) intent: Intent,
    pub(super) subject: String,
    pub(super) template: Option<String>,
    pub(super) actor: String,
    pub(super) remaining: u64,
    pub(super) indeterminate: bool,
}

/// What one actor did.
#[derive(Clone, Debug, Default)]
pub(super) struct Deeds {
    pub(super) kind: &'static str,
    pub(super) auth: &'static str,
    pub(super) records: u64,
    pub(super) issued: u64,
    pub(super) revoked: u64,
    pub(super) refused: u64,
    pub(super) claims: Tally<u64>,
    pub(super) first: Option<Timestamp>,
    pub(super) last: Option<Timestamp>,
}

/// The revocation lists of one issuer.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists {
    pub(super) signed: u64,
    pub(super) number: Option<u64>,
    pub(super) entries: Option<u64>,
    pub(super) next_update: Option<Timestamp>,
}

/// A CA certificate.
#[derive(Clone, Debug)]
pub(super) struct AuthorityFigures {
    pub(super) names: String,
    pub(super) issuer: String,
    pub(super) key: String,
    pub(super) until: Timestamp,
    /// The first half of SHA-256 of its certificate.
    pub(super) sha256: [u8; 16],
}

/// The kind of an actor, in a word.
pub(super) fn kind_of(actor: &Actor) -> &'static str {
    match actor.t {
        ActorKind::User => "person",
        ActorKind::Ci => "pipeline",
        ActorKind::Svc => "service",
        ActorKind::System => "certroll",
    }
}

/// How it is known who it is.
pub(super) fn authentication_of(actor: &Actor) -> &'static str {
    match actor.auth {
        Authentication::OsUid => "operating system user",
        Authentication::Oidc => "OpenID Connect token",
        Authentication::Mtls => "client certificate",
        Authentication::Token => "token",
    }
}
