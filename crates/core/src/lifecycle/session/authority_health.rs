//! What is to be improved about the CAs of the home: graded findings, each with what to do, on the evaluation of
//! [`super::authority_state`].

use super::View;
use super::authority_state::{AuthorityState, AuthorityStates, AuthorityStatus, CrlStatus};
use super::status::{self, CertificateStatus};
use crate::error::Error;
use crate::hint::issuer::AuthorityHint;
use crate::store::{CertificateEntry, Query};
use certroll_base::clock::Timestamp;
use certroll_pki::key::kind::PublicKeyKind;

/// How much a finding matters. Later ones outweigh earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HealthGrade {
    /// As it should be.
    Good,
    /// Worth knowing; nothing need be done.
    Notice,
    /// To be done.
    Due,
    /// Relying parties refuse what the CA issued, or soon will.
    Over,
}

impl HealthGrade {
    /// Its name in tables and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Notice => "notice",
            Self::Due => "due",
            Self::Over => "over",
        }
    }
}

/// What was looked at, and what was found.
#[derive(Clone, Debug)]
pub struct HealthFinding {
    /// The CA.
    pub authority: String,
    /// What was looked at: `certificate`, `key`, `signature`, `life`, `path_length`, `constraints`, `crl`, `crl_url`, `issued`.
    pub check: &'static str,
    /// How much it matters.
    pub grade: HealthGrade,
    /// In words.
    pub text: String,
    /// What to do.
    pub remedy: Option<AuthorityHint>,
}

/// Years as the bounds below count them.
const YEAR: i64 = 365 * 86_400;
/// A root that lives longer outlasts its algorithms.
const LONGEST_LIFE: i64 = 30 * YEAR;
/// RSA from that many bits is good beyond 2030 (BSI TR-02102-1, NIST SP 800-57 part 1).
const RSA_BITS: u32 = 3000;

/// Looks at the CA of that name, or at all; changes nothing, and opens no key.
///
/// # Errors
/// The home cannot be read, or there is no such CA.
pub fn health(view: &View, name: Option<&str>) -> Result<Vec<HealthFinding>, Error> {
    if let Some(name) = name {
        view.authority(Some(name))?;
    }
    let now = view.clock.now();
    let states = AuthorityStates::of(&*view.store, now)?;
    let mut findings = Vec::new();
    for state in states.iter().filter(|state| name.is_none_or(|name| state.authority.name == name)) {
        let mut add = |check, grade, text: String, remedy| {
            let authority = state.authority.name.clone();
            findings.push(HealthFinding { authority, check, grade, text, remedy });
        };
        of_certificate(state, &mut add);
        of_key(state, &mut add);
        of_list(state, &mut add);
        let query = Query { issuer: Some(state.authority.name.clone()), current: true, ..Query::default() };
        let issued = view.store.certificates(&query)?;
        of_issued(view, state, &states, (&issued, now), &mut add)?;
    }
    Ok(findings)
}

type Add<'a> = dyn FnMut(&'static str, HealthGrade, String, Option<AuthorityHint>) + 'a;

fn of_certificate(state: &AuthorityState, add: &mut Add<'_>) {
    let name = &state.authority.name;
    match &state.status {
        AuthorityStatus::Valid => add("certificate", HealthGrade::Good, format!("valid until {}", state.ends), None),
        AuthorityStatus::Ending(_) => {
            add("certificate", HealthGrade::Due, state.status.to_string(), Some(AuthorityHint::Renew(name.clone())));
        }
        AuthorityStatus::Expired(..) | AuthorityStatus::Revoked(..) => {
            add("certificate", HealthGrade::Over, state.status.to_string(), Some(AuthorityHint::MoveAway));
        }
    }
    let Some(own) = state.chain.first() else { return };
    let secs = own.validity.not_after.secs() - own.validity.not_before.secs();
    if secs > LONGEST_LIFE {
        add("life", HealthGrade::Notice, format!("it lives for {} years", secs / YEAR), None);
    }
    if own.path_length.is_none() && !own.is_self_issued() {
        let text = "no path length: whoever has its key can make further CAs below it";
        add("path_length", HealthGrade::Notice, text.to_owned(), None);
    }
    let is_constrained = state.chain.iter().any(|one| !one.permitted.is_empty());
    if !is_constrained {
        let text = "no name constraints: it can sign for every name";
        add("constraints", HealthGrade::Notice, text.to_owned(), None);
    }
}

fn of_key(state: &AuthorityState, add: &mut Add<'_>) {
    let Some(own) = state.chain.first() else { return };
    let kind = PublicKeyKind::of(&own.spki).to_string();
    let bits = kind.strip_prefix("rsa:").and_then(|bits| bits.parse::<u32>().ok());
    match bits {
        Some(bits) if bits < RSA_BITS => {
            let text = format!("its key, {kind}, is good until 2030 at the latest");
            add("key", HealthGrade::Due, text, Some(AuthorityHint::MoveAway));
        }
        _ => add("key", HealthGrade::Good, kind, None),
    }
    let algorithm = own.signature_algorithm.to_ascii_lowercase();
    if !own.is_self_issued() && (algorithm.contains("sha1") || algorithm.contains("md5")) {
        let text = format!("its certificate is signed with {}, which relying parties refuse", own.signature_algorithm);
        add("signature", HealthGrade::Over, text, Some(AuthorityHint::Renew(state.authority.name.clone())));
    }
}

fn of_list(state: &AuthorityState, add: &mut Add<'_>) {
    let name = state.authority.name.clone();
    let text = state.crl.to_string();
    match state.crl {
        CrlStatus::Current(..) => add("crl", HealthGrade::Good, text, None),
        CrlStatus::NotNeeded => add("crl", HealthGrade::Notice, text, None),
        CrlStatus::Missing | CrlStatus::Overdue(..) => {
            add("crl", HealthGrade::Due, text, Some(AuthorityHint::SignList(name.clone())));
        }
    }
    let pointers = &state.authority.pointers;
    if pointers.crl.is_empty() && pointers.ocsp.is_empty() {
        let text = "what it issues does not say where it can be seen to be revoked";
        add("crl_url", HealthGrade::Notice, text.to_owned(), Some(AuthorityHint::SetPointers(name)));
    }
}

/// What it has issued and is current.
fn of_issued(
    view: &View,
    state: &AuthorityState,
    states: &AuthorityStates,
    (issued, now): (&[CertificateEntry], Timestamp),
    add: &mut Add<'_>,
) -> Result<(), Error> {
    let issued: Vec<_> = issued.iter().filter(|one| one.fingerprint != state.authority.certificate).collect();
    let mut counts = [0_usize; 4];
    for entry in &issued {
        let status = CertificateStatus::of(entry, now, None, states.above(entry));
        counts[0] += usize::from(status.is_over());
        counts[1] += usize::from(matches!(status, CertificateStatus::Due | CertificateStatus::Owed));
        counts[2] += usize::from(status::outlives(entry, state));
        let is_held = view.store.held_key(&entry.key_hash)?.is_some();
        counts[3] += usize::from(is_held && view.store.places(Some(&entry.name))?.is_empty());
    }
    let [over, due, outliving, idle] = counts;
    let total = issued.len();
    if over > 0 {
        let text = format!("{over} of {total} current certificates are not valid any more");
        add("issued", HealthGrade::Over, text, Some(AuthorityHint::MoveAway));
    }
    if due > 0 {
        add("issued", HealthGrade::Due, format!("{due} of {total} current certificates are due or owed"), None);
    }
    if outliving > 0 {
        add("issued", HealthGrade::Due, format!("{outliving} of {total} would outlive it"), None);
    }
    if idle > 0 {
        add("issued", HealthGrade::Notice, format!("{idle} of {total} were issued and never installed"), None);
    }
    if over + due + outliving + idle == 0 {
        add("issued", HealthGrade::Good, format!("{total} current certificates"), None);
    }
    Ok(())
}
