//! Path validation by `certval`, a library for it: the state machine of RFC 5280 section 6.1 with the policy graph of RFC 9618
//! and the constraints of trust anchors (RFC 5937).
//!
//! Its verdict counts beside the checks in [`super::rules`]: a path is valid when neither objects. What is not used of it: its
//! store of trust anchors (it would take every certificate with the key and key identifier of an anchor for that anchor), its
//! signatures (ours are verified by aws-lc-rs while the path is built), its search for paths, its revocation. It refuses
//! intermediates without keyUsage, which section 6.1.4 (n) allows: that check stays ours.

use std::collections::BTreeSet;

use certval::{
    CertificationPath, CertificationPathResults, CertificationPathSettings, Error, PDVCertificate,
    PDVTrustAnchorChoice, PathValidationStatus, PkiEnvironment, TimeOfInterest, check_basic_constraints,
    check_critical_extensions, check_names, check_validity, enforce_trust_anchor_constraints,
    policy_graph::check_certificate_policies_graph,
};
use const_oid::ObjectIdentifier;

use super::flaw::{Check, FlawKind, PathFlaw};
use super::inputs::PathInputs;
use crate::x509::certificate::Certificate;
use certroll_base::clock::Timestamp;

/// Extensions that are processed by checks of ours.
const OWN_EXTENSIONS: [&str; 5] = ["2.5.29.15", "2.5.29.37", "2.5.29.31", "2.5.29.14", "2.5.29.35"];

type CheckFunction = fn(
    &PkiEnvironment,
    &CertificationPathSettings,
    &CertificationPath,
    &mut CertificationPathResults,
) -> certval::Result<()>;

/// Every check, in an order in which those that process extensions come before the one that looks for unprocessed ones.
const CHECKS: [(Check, CheckFunction); 5] = [
    (Check::Validity, check_validity),
    (Check::PathLength, check_basic_constraints),
    (Check::NameConstraints, check_names),
    (Check::Policies, check_certificate_policies_graph),
    (Check::CriticalExtensions, check_critical_extensions),
];

/// What the library objects to in a path of at least two certificates, leaf first and anchor last.
pub(super) fn flaws(path: &[Certificate], inputs: &PathInputs<'_>) -> Vec<PathFlaw> {
    let [leaf, above @ .., anchor] = path else { return Vec::new() };
    let unreadable = |index: usize, error: der::Error| {
        let name = path.get(index).map(Certificate::display_name).unwrap_or_default();
        PathFlaw::new(index, Check::Form, format!("the certificate of `{name}` cannot be read strictly: {error}"))
    };
    let anchor = match PDVTrustAnchorChoice::try_from(anchor.as_der()) {
        Ok(anchor) => anchor,
        Err(error) => return vec![unreadable(path.len() - 1, error)],
    };
    let mut intermediates = Vec::new();
    // It wants them from the anchor down.
    for (index, certificate) in above.iter().enumerate().rev() {
        match read(certificate) {
            Ok(certificate) => intermediates.push(certificate),
            Err(error) => return vec![unreadable(index + 1, error)],
        }
    }
    let leaf = match read(leaf) {
        Ok(leaf) => leaf,
        Err(error) => return vec![unreadable(0, error)],
    };
    let settings = match enforce_trust_anchor_constraints(&settings(inputs, path.len()), &anchor) {
        Ok(mut settings) => {
            // It takes 15 for the path length of an anchor that has none. `PathInputs::depth` was kept while the path was built.
            if path.last().is_some_and(|anchor| anchor.path_length.is_none()) {
                settings.set_initial_path_length_constraint(longest(path.len()));
            }
            settings
        }
        Err(error) => {
            let name = path.last().map(Certificate::display_name).unwrap_or_default();
            let text = format!("the constraints of the trust anchor `{name}` cannot be followed: {error}");
            return vec![PathFlaw::new(path.len() - 1, Check::Anchor, text)];
        }
    };
    run(&settings, &CertificationPath::new(anchor, intermediates, leaf), path)
}

/// Its reader knows no times before 1970. They say no more than 1970 does: dates are judged by us, too, and the signature has been
/// verified.
fn read(certificate: &Certificate) -> Result<PDVCertificate, der::Error> {
    let mut der = certificate.as_der().to_vec();
    if certificate.validity.not_before < Timestamp::from_secs(0)
        && let Some(place) = certificate.not_before_place()
        && let Some(time) = der.get_mut(place)
        && let [b'5'..=b'6', _, ..] = time
        && time.len() == 13
    {
        time.copy_from_slice(b"700101000000Z");
    }
    PDVCertificate::try_from(der.as_slice())
}

fn run(settings: &CertificationPathSettings, whole: &CertificationPath, path: &[Certificate]) -> Vec<PathFlaw> {
    let environment = PkiEnvironment::new();
    let mut processed = CertificationPathResults::new();
    processed.set_processed_extensions(OWN_EXTENSIONS.into_iter().map(ObjectIdentifier::new_unwrap).collect());
    let mut flaws = Vec::new();
    for (check, function) in CHECKS {
        if let Err(error) = function(&environment, settings, whole, &mut processed) {
            // It counts from the anchor down; a policy is missing at the leaf.
            let from_anchor = processed.get_failure_index().and_then(|index| usize::try_from(index).ok());
            let index = from_anchor.and_then(|index| path.len().checked_sub(index + 1)).unwrap_or(0);
            flaws.push(flaw(if check == Check::Policies { 0 } else { index }, check, &error, path));
        }
    }
    flaws
}

fn settings(inputs: &PathInputs<'_>, length: usize) -> CertificationPathSettings {
    let mut settings = CertificationPathSettings::new();
    settings.set_require_ta_store(false);
    settings.set_enforce_trust_anchor_constraints(true);
    let secs = u64::try_from(inputs.at.secs()).unwrap_or(0).max(1);
    if let Ok(at) = TimeOfInterest::from_unix_secs(secs) {
        settings.set_time_of_interest(at);
    }
    settings.set_initial_path_length_constraint(longest(length));
    if !inputs.policies.is_empty() {
        settings.set_initial_policy_set_from_oid_set(inputs.policies.iter().copied().collect::<BTreeSet<_>>());
    }
    settings.set_initial_explicit_policy_indicator(inputs.require_explicit_policy);
    settings.set_initial_policy_mapping_inhibit_indicator(inputs.inhibit_policy_mapping);
    settings.set_initial_inhibit_any_policy_indicator(inputs.inhibit_any_policy);
    settings
}

fn longest(length: usize) -> u8 {
    u8::try_from(length).unwrap_or(u8::MAX)
}

fn flaw(index: usize, check: Check, error: &Error, path: &[Certificate]) -> PathFlaw {
    let name = path.get(index).map(Certificate::display_name).unwrap_or_default();
    let Error::PathValidation(status) = error else {
        return PathFlaw::new(index, check, format!("the certificate of `{name}` is not valid: {error}"));
    };
    let (check, text) = match status {
        PathValidationStatus::InvalidNotAfterDate => {
            let text = format!("the certificate of `{name}` has expired");
            return PathFlaw::new(index, check, text).of_kind(FlawKind::Expired);
        }
        PathValidationStatus::InvalidNotBeforeDate => (check, format!("the certificate of `{name}` is not valid yet")),
        PathValidationStatus::MissingBasicConstraints | PathValidationStatus::InvalidBasicConstraints => {
            (Check::BasicConstraints, format!("`{name}` is no CA"))
        }
        PathValidationStatus::InvalidPathLength => {
            (check, format!("more CAs stand above `{name}` than a path length there allows"))
        }
        PathValidationStatus::NameChainingFailure => {
            (Check::Signature, format!("the certificate of `{name}` names another issuer"))
        }
        PathValidationStatus::NameConstraintsViolation => {
            (check, format!("a name of `{name}`, or a constraint above it, is not allowed or cannot be compared"))
        }
        PathValidationStatus::NullPolicySet => {
            (check, "no certificate policy is valid for the whole path, and one is required".to_owned())
        }
        PathValidationStatus::UnprocessedCriticalExtension => {
            let text = format!("the certificate of `{name}` has a critical extension that is not known here");
            return PathFlaw::new(index, check, text).of_kind(FlawKind::UnknownExtension);
        }
        PathValidationStatus::EncodingError => {
            (Check::Form, format!("an extension of the certificate of `{name}` is malformed"))
        }
        other => (check, format!("the certificate of `{name}` is not valid: {other}")),
    };
    PathFlaw::new(index, check, text)
}
