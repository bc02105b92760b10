//! The checks of RFC 5280 section 6.1 that are ours, each with its own words: form, dates, critical extensions, CAs, usages, names.

use super::flaw::{Check, FlawKind, PathFlaw};
use super::inputs::PathInputs;
use super::usage;
use crate::admission;
use crate::verify::constraints;
use crate::x509::certificate::Certificate;
use crate::x509::extensions::KeyUsage;

/// Every flaw of a path, leaf first and anchor last. The anchor is trusted; what it constrains and its own end count all the same
/// (RFC 5937).
pub(super) fn flaws(path: &[Certificate], inputs: &PathInputs<'_>) -> Vec<PathFlaw> {
    let mut flaws = Vec::new();
    let mut below = 0;
    for (index, certificate) in path.iter().enumerate() {
        let is_anchor = index > 0 && index + 1 == path.len();
        flaws.extend(form(index, certificate, is_anchor));
        flaws.extend(validity(index, certificate, inputs));
        flaws.extend(critical_extensions(index, certificate));
        flaws.extend(names(index, path));
        if index > 0 {
            flaws.extend(authority(index, certificate, below));
            below += usize::from(!certificate.is_self_issued());
        }
    }
    flaws.extend(usage::flaws(path, inputs.purpose));
    flaws
}

fn form(index: usize, certificate: &Certificate, is_anchor: bool) -> Vec<PathFlaw> {
    let der = certificate.as_der();
    let objections = if is_anchor { admission::anchor(der) } else { admission::certificate(der) };
    let name = certificate.display_name();
    let flaw = |objection: admission::Objection| {
        let text = format!("the certificate of `{name}` is malformed: {} ({})", objection.text, objection.clause);
        PathFlaw::new(index, Check::Form, text)
    };
    objections.into_iter().map(flaw).collect()
}

fn validity(index: usize, certificate: &Certificate, inputs: &PathInputs<'_>) -> Option<PathFlaw> {
    let (name, validity) = (certificate.display_name(), certificate.validity);
    if inputs.at < validity.not_before {
        let text = format!("the certificate of `{name}` is not valid before {}", validity.not_before);
        Some(PathFlaw::new(index, Check::Validity, text))
    } else if !validity.contains(inputs.at) {
        let text = format!("the certificate of `{name}` expired at {}", validity.not_after);
        Some(PathFlaw::new(index, Check::Validity, text).of_kind(FlawKind::Expired))
    } else {
        None
    }
}

fn critical_extensions(index: usize, certificate: &Certificate) -> Vec<PathFlaw> {
    let name = certificate.display_name();
    let flaw = |oid: &String| {
        let text = format!("the certificate of `{name}` has the critical extension {oid}, not known here");
        PathFlaw::new(index, Check::CriticalExtensions, text).of_kind(FlawKind::UnknownExtension)
    };
    certificate.unknown_critical.iter().map(flaw).collect()
}

/// The names of a certificate against every CA above. Not for a CA's certificate over its own name, unless it is the last of the
/// path (section 6.1.3 (b)).
fn names(index: usize, path: &[Certificate]) -> Vec<PathFlaw> {
    let Some((certificate, above)) = path.get(index..).and_then(<[Certificate]>::split_first) else {
        return Vec::new();
    };
    if index > 0 && certificate.is_self_issued() {
        return Vec::new();
    }
    let violations = constraints::violations(above, &certificate.subject, &certificate.names);
    violations.into_iter().map(|one| PathFlaw::new(index, Check::NameConstraints, one.to_string())).collect()
}

/// `below` is how many CAs stand between it and the leaf, not counting those over their own name.
fn authority(index: usize, certificate: &Certificate, below: usize) -> Vec<PathFlaw> {
    let name = certificate.display_name();
    let mut flaws = Vec::new();
    if !certificate.is_ca {
        flaws.push(PathFlaw::new(index, Check::BasicConstraints, format!("`{name}` is no CA")));
    }
    if certificate.has_key_usage && !certificate.key_usage.contains(&KeyUsage::KeyCertSign) {
        let text = format!("the key of `{name}` is not for signing certificates");
        flaws.push(PathFlaw::new(index, Check::KeyUsage, text));
    }
    if certificate.path_length.is_some_and(|most| below > usize::try_from(most).unwrap_or(usize::MAX)) {
        let text = format!("more CAs stand below `{name}` than its path length allows");
        flaws.push(PathFlaw::new(index, Check::PathLength, text));
    }
    flaws
}
