//! All policies together.

use super::definition::{Policy, PolicyDigest};
use super::facts::PolicyFacts;
use super::refusal::Refusal;

/// A policy that had a say, and had nothing against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AppliedPolicy {
    /// Name of the policy.
    pub(super) name: String,
    /// Says in the record which version of it.
    pub(super) digest: PolicyDigest,
}

/// The policies that apply, all of which agree, or every reason of every one that does not.
///
/// Without any policy there is no objection: the caller decides whether that may be.
///
/// # Errors
/// The reasons, in the order of `policies`; never an empty list.
pub(super) fn decide(policies: &[Policy], facts: &PolicyFacts<'_>) -> Result<Vec<AppliedPolicy>, Vec<Refusal>> {
    let applying = || policies.iter().filter(|policy| policy.applies(facts));
    let refusals: Vec<Refusal> = applying().flat_map(|policy| policy.check(facts)).collect();
    if !refusals.is_empty() {
        return Err(refusals);
    }
    Ok(applying().map(|policy| AppliedPolicy { name: policy.name().to_owned(), digest: policy.digest() }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::fixture::Fixture;
    use crate::policy::shipped;

    #[test]
    fn all_reasons_of_all_policies_are_given() {
        let policies = shipped::all().unwrap();
        let mut fixture = Fixture::broker();
        let applied = decide(&policies, &fixture.facts()).unwrap();
        let names: Vec<_> = applied.iter().map(|applied| applied.name.as_str()).collect();
        assert_eq!(names, ["baseline", "brokers"]);
        assert_eq!(applied[0].digest, policies[0].digest());

        fixture.live("3y");
        fixture.key = "rsa:1024".into();
        fixture.key_known = true;
        fixture.name("*.example.net");
        let refusals = decide(&policies, &fixture.facts()).unwrap_err();
        let found: Vec<_> = refusals.iter().map(|refusal| (refusal.policy.as_str(), refusal.rule)).collect();
        assert_eq!(
            found,
            [
                ("baseline", "rsa_min_bits"),
                ("baseline", "key_reuse"),
                ("baseline", "wildcard"),
                ("brokers", "max_lifetime"),
            ]
        );
        assert_eq!((refusals[3].value.as_str(), refusals[3].limit.as_str()), ("1095 days", "398 days"));
    }

    #[test]
    fn no_policy_objects_to_nothing() {
        assert_eq!(decide(&[], &Fixture::broker().facts()), Ok(Vec::new()));
    }
}
