//! Rules about the key.

use super::error::PolicyProblem;
use super::facts::{KeyOrigin, PolicyFacts, RsaExponent};
use super::refusal::Objection;
use certroll_pki::key::KeyAlgorithm;
use certroll_pki::key::kind::PublicKeyKind;
use certroll_pki::x509::extensions::KeyUsage;

/// Checks the list of `allowed_keys`: spellings of keys, or `rsa` for every size.
pub(super) fn checked(keys: Vec<String>) -> Result<Vec<String>, PolicyProblem> {
    let known = |key: &str| {
        key == "rsa" || key.parse::<KeyAlgorithm>().is_ok() || PublicKeyKind::from(key).rsa_bits().is_some()
    };
    match keys.iter().find(|key| !known(key)) {
        Some(key) => Err(PolicyProblem::form("rsa, rsa:BITS, ec:p256, ec:p384, ec:p521 or ed25519", key)),
        None if keys.is_empty() => Err(PolicyProblem::Rule("an empty list allows no key at all")),
        None => Ok(keys),
    }
}

pub(super) fn allowed_keys(facts: &PolicyFacts<'_>, allowed: &[String]) -> Option<Objection> {
    let found = facts.key.to_string();
    let fits = |entry: &String| *entry == found || (entry == "rsa" && facts.key.is_rsa());
    let limit = allowed.join(", ");
    let statement = format!("key of kind {found} is not one of {limit}");
    (!allowed.iter().any(fits)).then(|| Objection::new(found.clone(), limit, statement))
}

pub(super) fn rsa_min_bits(facts: &PolicyFacts<'_>, least: u64) -> Option<Objection> {
    match facts.key.rsa_bits() {
        Some(bits) if bits >= least => None,
        None if !facts.key.is_rsa() => None,
        bits => {
            let bits = bits.map_or("unknown".to_owned(), |bits| bits.to_string());
            let statement = format!("RSA key of {bits} bits is under the limit of {least} bits");
            Some(Objection::new(bits, least.to_string(), statement))
        }
    }
}

/// Small exponents have helped attackers on careless padding; large ones are refused by most verifiers.
pub(super) fn rsa_exponents(facts: &PolicyFacts<'_>, allowed: &[u64]) -> Option<Objection> {
    let found = match facts.rsa_exponent? {
        RsaExponent::Small(exponent) if allowed.contains(&exponent) => return None,
        RsaExponent::Small(exponent) => exponent.to_string(),
        RsaExponent::Long => "longer than 64 bits".to_owned(),
    };
    let limit = allowed.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let statement = format!("the exponent of the RSA key is {found} (allowed: {limit})");
    Some(Objection::new(found, limit, statement))
}

pub(super) fn no_key_reuse(facts: &PolicyFacts<'_>) -> Option<Objection> {
    let statement = "the key was certified before, and every certificate needs a fresh one";
    facts.key_known.then(|| Objection::new("known key", "fresh key", statement))
}

pub(super) fn key_origin(facts: &PolicyFacts<'_>, wanted: KeyOrigin) -> Option<Objection> {
    let statement = match wanted {
        KeyOrigin::Generated => "the key comes with a request, and only keys made here are allowed",
        KeyOrigin::Request => "the key was made here, and only keys that come with a request are allowed",
    };
    let found = facts.key_origin;
    (found != wanted).then(|| Objection::new(found.to_string(), wanted.to_string(), statement))
}

/// A chain is as strong as the issuer's key: DLMS suite 2 and others refuse one that is weaker than the subject's.
pub(super) fn issuer_key_not_weaker(facts: &PolicyFacts<'_>) -> Option<Objection> {
    let issuer = facts.issuer_key?;
    let statement = format!("the issuer's key {issuer} is weaker than the certified key {}", facts.key);
    (strength(issuer) < strength(facts.key))
        .then(|| Objection::new(issuer.to_string(), facts.key.to_string(), statement))
}

pub(super) fn usage_fits_key(facts: &PolicyFacts<'_>) -> Vec<Objection> {
    let impossible = |usage: &&KeyUsage| !usage.is_served_by(facts.key);
    let objection = |usage: &KeyUsage| {
        let statement = format!("a key of kind {} cannot serve key usage {usage}", facts.key);
        Objection::new(usage.to_string(), facts.key.to_string(), statement)
    };
    facts.content.extensions.key_usage.iter().filter(impossible).map(objection).collect()
}

/// Comparable strength in bits (NIST SP 800-57 part 1 table 2); 0 for what is not known.
fn strength(key: &PublicKeyKind) -> u16 {
    match (key.algorithm(), key.rsa_bits()) {
        (Some(KeyAlgorithm::EcP256 | KeyAlgorithm::Ed25519), _) => 128,
        (Some(KeyAlgorithm::EcP384), _) => 192,
        (Some(KeyAlgorithm::EcP521), _) | (_, Some(15_360..)) => 256,
        (_, Some(7_680..)) => 192,
        (_, Some(3_072..)) => 128,
        (_, Some(2_048..)) => 112,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::fixture::{Fixture, check};

    #[test]
    fn each_rule_refuses() {
        let keys = "allowed_keys = [\"rsa\", \"ec:p256\"]";
        let exact = "allowed_keys = [\"rsa:3072\"]";
        check(&[
            (keys, |f| f.key = "ec:p521".into(), &["key of kind ec:p521 is not one of rsa, ec:p256"]),
            (keys, |f| f.key = "rsax:1".into(), &["key of kind rsax:1 is not one of rsa, ec:p256"]),
            (keys, |f| f.key = "unreadable".into(), &["key of kind unreadable is not one of rsa, ec:p256"]),
            (exact, |f| f.key = "rsa:4096".into(), &["key of kind rsa:4096 is not one of rsa:3072"]),
            (
                "rsa_min_bits = 3072",
                |f| f.key = "rsa:3071".into(),
                &["RSA key of 3071 bits is under the limit of 3072 bits"],
            ),
            (
                "rsa_min_bits = 3072",
                |f| f.key = "rsa".into(),
                &["RSA key of unknown bits is under the limit of 3072 bits"],
            ),
            (
                "rsa_exponents = [65537]",
                |f| f.rsa_exponent = Some(RsaExponent::Small(3)),
                &["the exponent of the RSA key is 3 (allowed: 65537)"],
            ),
            (
                "rsa_exponents = [3, 65537]",
                |f| f.rsa_exponent = Some(RsaExponent::Long),
                &["the exponent of the RSA key is longer than 64 bits (allowed: 3, 65537)"],
            ),
            (
                "key_reuse = \"refused\"",
                |f| f.key_known = true,
                &["the key was certified before, and every certificate needs a fresh one"],
            ),
            (
                "key_origin = \"generated\"",
                |f| f.key_origin = KeyOrigin::Request,
                &["the key comes with a request, and only keys made here are allowed"],
            ),
            (
                "issuer_key_not_weaker = true",
                |f| f.key = "ec:p384".into(),
                &["the issuer's key ec:p256 is weaker than the certified key ec:p384"],
            ),
            (
                "usage_fits_key = true",
                |f| {
                    f.key = "ed25519".into();
                    let usages = ["digitalSignature", "keyEncipherment", "keyAgreement"];
                    f.extensions().key_usage = usages.iter().map(|usage| usage.parse().unwrap()).collect();
                },
                &[
                    "a key of kind ed25519 cannot serve key usage keyEncipherment",
                    "a key of kind ed25519 cannot serve key usage keyAgreement",
                ],
            ),
        ]);
    }

    #[test]
    fn a_policy_can_ask_for_requests_only() {
        let fixture = Fixture::broker();
        let objection = key_origin(&fixture.facts(), KeyOrigin::Request).unwrap();
        assert!(objection.of("p", "key_origin").to_string().contains("made here"));
    }

    #[test]
    fn an_unknown_issuer_key_is_not_compared() {
        let mut fixture = Fixture::broker();
        fixture.issuer_key = None;
        assert!(issuer_key_not_weaker(&fixture.facts()).is_none());
    }
}
