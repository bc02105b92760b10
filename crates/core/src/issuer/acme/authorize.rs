//! Authorizations and their challenges (RFC 8555 section 7.5): each name of an order is shown to be ours.

use std::time::{Duration, Instant};

use instant_acme::{AuthorizationStatus, ChallengeStatus, ChallengeType, Identifier, Order, Problem};

use super::challenge::{Challenge, ChallengeKind, Solver};
use super::error::{failure, in_doubt};
use crate::issuer::acme::Acme;
use crate::issuer::network::block_on;
use crate::issuer::{ErrorClass, IssuerError};
use certroll_base::text;
use certroll_pki::name::general_name::GeneralName;

/// Between two looks at an authorization: from that, doubled up to that.
const SHORTEST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(3);

/// The answers that are public for an order; removed again however the work on it ends.
struct Presented<'a> {
    solver: &'a dyn Solver,
    challenges: Vec<Challenge>,
}

impl Drop for Presented<'_> {
    fn drop(&mut self) {
        for challenge in &self.challenges {
            // What cannot be removed now stands in the solver's own memory, and the next run removes it.
            let _ = self.solver.clean_up(challenge);
        }
    }
}

impl Acme {
    /// Removes what dead runs left public, once; that it cannot be removed now stops nothing.
    pub(super) fn tidy(&self) {
        self.tidied.call_once(|| {
            let _ = self.solver.as_ref().map(|solver| solver.remove_leftovers());
        });
    }

    /// Answers every challenge of an order that is open and waits for the verdicts; `false` when they are not there after
    /// the patience of the settings.
    ///
    /// A server may ask for proof of the names that were ordered, and of no others (RFC 8555 section 7.1.3): what it says goes into
    /// DNS records and to hooks.
    pub(super) fn authorize(&self, order: &mut Order, ordered: &[GeneralName]) -> Result<bool, IssuerError> {
        let deadline = Instant::now() + self.settings.patience();
        let step = "an authorization could not be looked at";
        let Some(solver) = self.solver.as_deref() else {
            return self.await_verdicts(order, deadline);
        };
        let mut presented = Presented { solver, challenges: Vec::new() };
        // First all answers, then the word that they are there: a server may look at one name's while it is told of
        // another's, and records in DNS spread at the same time.
        for told in [false, true] {
            let mut authorizations = order.authorizations();
            while let Some(authorization) = block_on(authorizations.next()) {
                let mut authorization =
                    authorization.map_err(|error| in_doubt(self.client.error(step, failure(error))))?;
                if authorization.status != AuthorizationStatus::Pending {
                    continue;
                }
                let (name, ip) = identifier(authorization.identifier().identifier);
                let wildcard = authorization.wildcard;
                self.was_ordered((&name, ip, wildcard), ordered)?;
                self.can_solve(solver, (&name, ip, wildcard))?;
                let offered: Vec<_> = authorization.challenges.iter().map(|one| spelled(&one.r#type)).collect();
                let Some(mut challenge) = authorization.challenge(type_of(solver.kind())) else {
                    return Err(self.not_offered(solver.kind(), &name, &offered));
                };
                if !told {
                    let answer = challenge.key_authorization();
                    let challenge = Challenge {
                        kind: solver.kind(),
                        identifier: name,
                        ip,
                        wildcard,
                        token: challenge.token.clone(),
                        key_authorization: answer.as_str().to_owned(),
                        dns_value: answer.dns_value(),
                        digest: answer.digest().as_ref().to_vec(),
                    };
                    // Before it is public: one that is half so is removed as well.
                    presented.challenges.push(challenge.clone());
                    solver.present(&challenge)?;
                } else if challenge.status == ChallengeStatus::Pending {
                    let told = block_on(challenge.set_ready());
                    told.map_err(|error| {
                        in_doubt(self.client.error("a challenge could not be answered", failure(error)))
                    })?;
                }
            }
            if !told {
                presented.challenges.iter().try_for_each(|challenge| solver.confirm(challenge))?;
            }
        }
        self.await_verdicts(order, deadline)
    }

    fn await_verdicts(&self, order: &mut Order, deadline: Instant) -> Result<bool, IssuerError> {
        let mut authorizations = order.authorizations();
        while let Some(authorization) = block_on(authorizations.next()) {
            let failed = |error| in_doubt(self.client.error("an authorization could not be looked at", failure(error)));
            let mut authorization = authorization.map_err(failed)?;
            let mut pause = SHORTEST_PAUSE;
            while authorization.status == AuthorizationStatus::Pending {
                if self.solver.is_none() {
                    let (name, _) = identifier(authorization.identifier().identifier);
                    return Err(self
                        .error(
                            ErrorClass::Config,
                            format!("no challenge is configured that proves control over `{name}`"),
                        )
                        .hint(format!(
                            "say how in `[issuers.{}.challenge]`, such as `kind = \"http-01\"`",
                            self.name
                        )));
                }
                let asked = self.client.transport.pause(authorization.url()).unwrap_or(pause).max(pause);
                if asked > deadline.saturating_duration_since(Instant::now()) {
                    return Ok(false);
                }
                std::thread::sleep(asked);
                pause = (pause * 2).min(LONGEST_PAUSE);
                block_on(authorization.refresh()).map(drop).map_err(failed)?;
            }
        }
        Ok(true)
    }

    /// What was found wrong with each name of an order, as far as the server tells.
    pub(super) fn refused(&self, order: &mut Order) -> Vec<(String, Problem)> {
        let mut found = Vec::new();
        let mut authorizations = order.authorizations();
        while let Some(Ok(mut authorization)) = block_on(authorizations.next()) {
            // What was read before the verdict says nothing of it; without it the order's own words must do.
            let _ = block_on(authorization.refresh()).map(drop);
            let (name, _) = identifier(authorization.identifier().identifier);
            for problem in authorization.challenges.iter().filter_map(|challenge| challenge.error.clone()) {
                found.push((name.clone(), problem));
            }
        }
        found
    }

    /// Whether that name is one of those that were ordered. An authorization of a wildcard name has the name below the wildcard.
    fn was_ordered(
        &self,
        (name, ip, wildcard): (&str, bool, bool),
        ordered: &[GeneralName],
    ) -> Result<(), IssuerError> {
        let is_it = |ordered: &GeneralName| match ordered {
            GeneralName::Ip(address) => ip && !wildcard && address.to_string() == name,
            GeneralName::Dns(dns) => match dns.strip_prefix("*.") {
                Some(below) => !ip && wildcard && below.eq_ignore_ascii_case(name),
                None => !ip && !wildcard && dns.eq_ignore_ascii_case(name),
            },
            _ => false,
        };
        if ordered.iter().any(is_it) {
            return Ok(());
        }
        let shown = text::printable(name);
        let message = format!("it asks for proof of `{shown}`, which was not ordered: nothing was published for it");
        Err(self.error(ErrorClass::Permanent, message).hint("the order is given up; ask the operator of the server"))
    }

    fn can_solve(&self, solver: &dyn Solver, (name, ip, wildcard): (&str, bool, bool)) -> Result<(), IssuerError> {
        if solver.can_solve(name, ip, wildcard) {
            return Ok(());
        }
        let what = match (ip, wildcard) {
            (true, _) => "an IP address",
            (_, true) => "a wildcard name",
            _ => "such a name",
        };
        let message = format!("{} cannot show that {what} is ours: `{name}`", solver.kind());
        Err(self.error(ErrorClass::Unsupported, message))
    }

    fn not_offered(&self, kind: ChallengeKind, name: &str, offered: &[String]) -> IssuerError {
        let message = format!("it does not take {kind} for `{name}`");
        self.error(ErrorClass::Unsupported, message).hint(format!("it takes {}", offered.join(", ")))
    }
}

/// A name as the server writes it, and whether it is an IP address.
fn identifier(identifier: &Identifier) -> (String, bool) {
    match identifier {
        Identifier::Ip(address) => (address.to_string(), true),
        Identifier::Dns(name) => (name.clone(), false),
        other => (format!("{other:?}"), false),
    }
}

fn type_of(kind: ChallengeKind) -> ChallengeType {
    match kind {
        ChallengeKind::Http01 => ChallengeType::Http01,
        ChallengeKind::Dns01 => ChallengeType::Dns01,
        ChallengeKind::TlsAlpn01 => ChallengeType::TlsAlpn01,
    }
}

fn spelled(kind: &ChallengeType) -> String {
    match kind {
        ChallengeType::Http01 => "http-01".to_owned(),
        ChallengeType::Dns01 => "dns-01".to_owned(),
        ChallengeType::TlsAlpn01 => "tls-alpn-01".to_owned(),
        ChallengeType::DeviceAttest01 => "device-attest-01".to_owned(),
        ChallengeType::Unknown(name) => name.clone(),
        _ => "another one".to_owned(),
    }
}

/// What to look at when the server could not validate that name.
pub(super) fn advice(kind: &str, name: &str) -> Option<String> {
    Some(match kind {
        "connection" => format!("the server could not connect to `{name}`: look at its address, firewall and port"),
        "dns" => format!("look at what the DNS says of `{name}`; a new record may take a while"),
        "tls" => format!("look at the TLS server that answers under `{name}`"),
        "caa" => format!("allow this CA in the CAA records of `{name}`, or remove them"),
        "unauthorized" | "incorrectResponse" => {
            format!(
                "something else answered for `{name}`: is it really this machine, or this zone, that the server asks?"
            )
        }
        _ => return None,
    })
}
