//! Whether a certificate is to be believed: path validation of RFC 5280 section 6 behind one facade.
//!
//! [`validate`] builds paths to trust anchors and judges them, until one has no flaw; [`judge`] looks at one path that is given.
//! A path is judged by strict admission ([`crate::admission`]), by checks of our own, by a library that knows policies
//! (`certval`), and by CRLs ([`crate::verify::revocation`]); every reason against it is told, not the first alone. Signatures are
//! verified by aws-lc-rs.
//!
//! A certificate is a trust anchor because its bytes are those of one, never because it has the name, key or key identifier of
//! one.

mod building;
mod flaw;
mod identity;
mod inputs;
mod rfc5280;
mod rules;
#[cfg(test)]
mod tests;
mod usage;

use std::cell::Cell;

use self::building::Building;
pub use self::flaw::{Check, FlawKind, PathFlaw};
pub use self::inputs::{PathInputs, USUAL_DEPTH};
use crate::ocsp::OcspResponse;
use crate::verify::revocation::{Inquiry, ResponderInquiry, RevocationLists, RevocationStatus};
use crate::x509::certificate::Certificate;
use certroll_base::clock::Timestamp;

/// CRL issuers whose own certificates need CRLs of further issuers, and so on: no more than that.
const CRL_ISSUER_DEPTH: usize = 3;

/// What came of a validation.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The path, leaf first and anchor last; where no path leads to an anchor, as far as it goes.
    pub path: Vec<Certificate>,
    /// Whether it ends at a trust anchor.
    pub is_anchored: bool,
    /// Everything that is wrong with it; nothing when it is valid.
    pub flaws: Vec<PathFlaw>,
}

impl Judgement {
    /// Nothing is wrong.
    pub fn is_valid(&self) -> bool {
        self.flaws.is_empty()
    }

    /// Nothing is wrong but that certificates have expired or are revoked.
    pub fn is_only_over(&self) -> bool {
        !self.is_valid() && self.flaws.iter().all(PathFlaw::is_over)
    }

    /// The checks that were made of the certificate at that place of the path, in their order.
    pub fn checks(&self, index: usize, inputs: &PathInputs<'_>) -> Vec<Check> {
        let is_last = index + 1 == self.path.len();
        let mut checks = vec![Check::Form, Check::Validity, Check::CriticalExtensions];
        if is_last {
            checks.push(Check::Anchor);
        } else {
            checks.push(Check::Signature);
        }
        if index > 0 {
            checks.extend([Check::BasicConstraints, Check::PathLength]);
        }
        checks.extend([Check::KeyUsage, Check::ExtendedKeyUsage]);
        if !is_last {
            checks.push(Check::NameConstraints);
        }
        if index == 0 {
            checks.push(Check::Policies);
            checks.extend(Some(Check::Identity).filter(|_| !inputs.identities.is_empty()));
        }
        if !is_last && inputs.revocation.is_some() {
            checks.push(Check::Revocation);
        }
        // What a broken path has failed at is among them, too.
        for flaw in self.flaws.iter().filter(|flaw| flaw.certificate == index) {
            if !checks.contains(&flaw.check) {
                checks.push(flaw.check);
            }
        }
        checks
    }
}

/// Finds a valid path from `leaf` to one of `anchors`, through any of `others`. Where none is valid, the judgement is about the
/// first that was found. A leaf that is an anchor itself is a path of its own.
pub fn validate(
    leaf: &Certificate,
    others: &[Certificate],
    anchors: &[Certificate],
    inputs: &PathInputs<'_>,
) -> Judgement {
    validate_within(leaf, others, anchors, inputs, &Cell::new(CRL_ISSUER_DEPTH))
}

fn validate_within(
    leaf: &Certificate,
    others: &[Certificate],
    anchors: &[Certificate],
    inputs: &PathInputs<'_>,
    depth: &Cell<usize>,
) -> Judgement {
    if anchors.iter().any(|anchor| anchor.as_der() == leaf.as_der()) {
        let path = vec![leaf.clone()];
        let flaws = judge(&path, inputs);
        return Judgement { path, is_anchored: true, flaws };
    }
    let mut best: Option<Judgement> = None;
    let mut building = Building::new(leaf, others, anchors, (inputs.at, inputs.depth));
    building.search(&mut |path| {
        let mut flaws = judge(path, inputs);
        flaws.extend(revocation(path, others, inputs, depth));
        let valid = flaws.is_empty();
        if valid || best.is_none() {
            best = Some(Judgement { path: path.to_vec(), is_anchored: true, flaws });
        }
        valid
    });
    best.unwrap_or_else(|| {
        let (path, broken) = building.failure();
        let mut flaws = rules::flaws(&path[..1], inputs);
        flaws.extend(identity::flaws(leaf, inputs.identities));
        flaws.extend(broken);
        Judgement { path, is_anchored: false, flaws }
    })
}

/// What is wrong with one path, leaf first and anchor last, whose signatures have been verified; revocation apart.
pub fn judge(path: &[Certificate], inputs: &PathInputs<'_>) -> Vec<PathFlaw> {
    let mut flaws = rules::flaws(path, inputs);
    for flaw in rfc5280::flaws(path, inputs) {
        // In our own words where we have found the same.
        if !flaws.iter().any(|known| (known.certificate, known.check) == (flaw.certificate, flaw.check)) {
            flaws.push(flaw);
        }
    }
    if let Some(leaf) = path.first() {
        flaws.extend(identity::flaws(leaf, inputs.identities));
    }
    flaws
}

/// Every certificate of a path but the anchor against the CRLs, where that was asked for.
fn revocation(
    path: &[Certificate],
    others: &[Certificate],
    inputs: &PathInputs<'_>,
    depth: &Cell<usize>,
) -> Vec<PathFlaw> {
    let Some(lists) = inputs.revocation else { return Vec::new() };
    let below_anchor = path.len().saturating_sub(1);
    let evidence = Evidence { lists, responses: inputs.responses, at: inputs.at };
    let flaw = |index| revocation_within(index, path, others, evidence, depth);
    (0..below_anchor).filter_map(flaw).collect()
}

/// By what, and for which time, it is found out whether a certificate is revoked.
#[derive(Clone, Copy)]
struct Evidence<'a> {
    lists: &'a RevocationLists,
    responses: &'a [OcspResponse],
    at: Timestamp,
}

/// What the CRLs have against the certificate at that place of a path.
pub fn revocation_flaw(
    index: usize,
    path: &[Certificate],
    others: &[Certificate],
    lists: &RevocationLists,
    at: Timestamp,
) -> Option<PathFlaw> {
    let evidence = Evidence { lists, responses: &[], at };
    revocation_within(index, path, others, evidence, &Cell::new(CRL_ISSUER_DEPTH))
}

fn revocation_within(
    index: usize,
    path: &[Certificate],
    others: &[Certificate],
    evidence: Evidence<'_>,
    depth: &Cell<usize>,
) -> Option<PathFlaw> {
    let Evidence { lists, responses, at } = evidence;
    let is_valid = |signer: &Certificate| {
        let Some(anchor) = path.last().filter(|_| depth.get() > 0) else { return false };
        depth.set(depth.get() - 1);
        let own = PathInputs { revocation: Some(lists), responses, ..PathInputs::at(at) };
        let judgement = validate_within(signer, others, std::slice::from_ref(anchor), &own, depth);
        depth.set(depth.get() + 1);
        judgement.is_valid()
    };
    let by_lists = Inquiry { path, others, lists, at, is_valid: &is_valid }.status(index);
    let objection = |delegate: &Certificate, issuer: usize, unchecked: bool| {
        delegate_objection(delegate, &path[issuer..], others, (evidence, unchecked), depth)
    };
    let by_responder = ResponderInquiry { path, others, responses, at, objection: &objection }.status(index);
    let status = combined(by_lists, by_responder, lists.is_empty());
    let name = path.get(index).map(Certificate::display_name).unwrap_or_default();
    match status {
        RevocationStatus::Good => None,
        RevocationStatus::Revoked { at, reason } => {
            let text = format!("the certificate of `{name}` is revoked since {at}, {reason}");
            Some(PathFlaw::new(index, Check::Revocation, text).of_kind(FlawKind::Revoked))
        }
        RevocationStatus::Unknown(why) => {
            let text = format!("whether `{name}` is revoked is unknown: {why}");
            Some(PathFlaw::new(index, Check::Revocation, text).of_kind(FlawKind::RevocationUnknown))
        }
    }
}

/// One that says it is revoked is enough; without that, one that says it is not. Where neither knows, both reasons are told, but that
/// there is no list among none.
fn combined(by_lists: RevocationStatus, by_responder: Option<RevocationStatus>, no_lists: bool) -> RevocationStatus {
    use RevocationStatus::{Good, Revoked, Unknown};
    match (by_lists, by_responder) {
        (revoked @ Revoked { .. }, _) | (_, Some(revoked @ Revoked { .. })) => revoked,
        (Good, _) | (_, Some(Good)) => Good,
        (Unknown(_), Some(Unknown(why))) if no_lists => Unknown(why),
        (Unknown(list), Some(Unknown(why))) => Unknown(format!("{list}; {why}")),
        (Unknown(why), None) => Unknown(why),
    }
}

/// Why a delegate that has signed an OCSP response is not to be believed; `above` begins with the CA that delegates. The purposes
/// that a CA leaves to its subjects say nothing of its responder.
fn delegate_objection(
    delegate: &Certificate,
    above: &[Certificate],
    others: &[Certificate],
    (evidence, unchecked): (Evidence<'_>, bool),
    depth: &Cell<usize>,
) -> Option<String> {
    let path: Vec<_> = std::iter::once(delegate).chain(above).cloned().collect();
    let flaws = judge(&path, &PathInputs::at(evidence.at));
    let own = flaws.iter().find(|flaw| flaw.certificate == 0 && flaw.check != Check::ExtendedKeyUsage);
    if own.is_some() || unchecked {
        return own.map(|flaw| flaw.text().to_owned());
    }
    if depth.get() == 0 {
        return Some("its own revocation leads too far".to_owned());
    }
    depth.set(depth.get() - 1);
    let flaw = revocation_within(0, &path, others, evidence, depth);
    depth.set(depth.get() + 1);
    flaw.map(|flaw| flaw.text().to_owned())
}
