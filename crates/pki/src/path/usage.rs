//! What the leaf may be used for: its key usage and purposes, and what the purposes of the CAs above leave of them.

use super::flaw::{Check, PathFlaw};
use crate::x509::certificate::Certificate;
use crate::x509::extensions::{ExtendedUsage, KeyUsage};

/// For each purpose, the key usages of which one must be there, where there are any (RFC 5280 section 4.2.1.12).
const CONSISTENT: &[(&str, &[KeyUsage])] = &[
    ("serverAuth", &[KeyUsage::DigitalSignature, KeyUsage::KeyEncipherment, KeyUsage::KeyAgreement]),
    ("clientAuth", &[KeyUsage::DigitalSignature, KeyUsage::KeyAgreement]),
    ("codeSigning", &[KeyUsage::DigitalSignature]),
    (
        "emailProtection",
        &[KeyUsage::DigitalSignature, KeyUsage::NonRepudiation, KeyUsage::KeyEncipherment, KeyUsage::KeyAgreement],
    ),
    ("timeStamping", &[KeyUsage::DigitalSignature, KeyUsage::NonRepudiation]),
    ("OCSPSigning", &[KeyUsage::DigitalSignature, KeyUsage::NonRepudiation]),
];

/// The purposes of a path: with one asked for, leaf and CAs must allow it; without one, at least one purpose of the leaf must be
/// left by the CAs.
pub(super) fn flaws(path: &[Certificate], purpose: Option<ExtendedUsage>) -> Vec<PathFlaw> {
    let Some((leaf, above)) = path.split_first() else { return Vec::new() };
    let mut flaws: Vec<PathFlaw> = key_usage(leaf, purpose).into_iter().collect();
    match purpose {
        Some(purpose) => {
            for (index, certificate) in path.iter().enumerate() {
                if !certificate.allows(&purpose.to_string()) {
                    let text = format!(
                        "the certificate of `{}` is for {}, not for {purpose}",
                        certificate.display_name(),
                        listed(certificate)
                    );
                    flaws.push(PathFlaw::new(index, Check::ExtendedKeyUsage, text));
                }
            }
        }
        None => flaws.extend(without_purpose(leaf, above)),
    }
    flaws
}

fn listed(certificate: &Certificate) -> String {
    certificate.extended_key_usage.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn without_purpose(leaf: &Certificate, above: &[Certificate]) -> Option<PathFlaw> {
    let any: Option<ExtendedUsage> = "anyExtendedKeyUsage".parse().ok();
    let given = &leaf.extended_key_usage;
    let free = given.is_empty() || given.iter().any(|usage| Some(*usage) == any);
    let left = |usage: &ExtendedUsage| above.iter().all(|ca| ca.allows(&usage.to_string()));
    if free || given.iter().any(left) {
        return None;
    }
    let text = format!(
        "the certificate of `{}` is for {}, and the CAs above it allow none of these purposes",
        leaf.display_name(),
        listed(leaf)
    );
    Some(PathFlaw::new(0, Check::ExtendedKeyUsage, text))
}

fn key_usage(leaf: &Certificate, purpose: Option<ExtendedUsage>) -> Option<PathFlaw> {
    if !leaf.has_key_usage {
        return None;
    }
    let name = leaf.display_name();
    let Some(purpose) = purpose else {
        // encipherOnly and decipherOnly (section 4.2.1.3): half a key agreement, which no protocol has.
        let half =
            !leaf.one_way_key_usage.is_empty() && leaf.key_usage.iter().all(|usage| *usage == KeyUsage::KeyAgreement);
        let text = format!("the key usage of `{name}` allows half of a key agreement and nothing else");
        return half.then(|| PathFlaw::new(0, Check::KeyUsage, text));
    };
    let asked = purpose.to_string();
    let (_, usages) = CONSISTENT.iter().find(|(known, _)| *known == asked)?;
    if usages.iter().any(|usage| leaf.key_usage.contains(usage)) {
        return None;
    }
    let needed = usages.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let text = format!("the key usage of `{name}` has none of {needed}, and {purpose} needs one");
    Some(PathFlaw::new(0, Check::KeyUsage, text))
}
