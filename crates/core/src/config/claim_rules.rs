//! Which tokens of an issuer are ours: rules on claims, and the issuers that sign for anybody.
//!
//! `iss`, `aud` and a signature say that a pipeline of GitHub asked for a token for `certroll`. Every pipeline in the world can:
//! the audience is whatever the one who asks for the token writes there. What tells ours is a claim that strangers cannot have.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use certroll_pki::jose::id_token::Claims;

/// What a claim may be: a text, or one of several. A `*` at the end, behind `/` or `:`, stands for any characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Allowed {
    /// Just this.
    One(String),
    /// One of these.
    Several(Vec<String>),
}

impl Allowed {
    fn patterns(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Several(all) => all,
        }
    }
}

/// An issuer whose tokens anybody can get, and the claims of which strangers cannot have ours.
struct OpenIssuer {
    /// `https://HOST`; what follows it in the issuer belongs to one customer, but is the customer's choice to make.
    origin: &'static str,
    /// The claims that name whose pipeline it is. Not `job_workflow_ref` of GitHub: strangers may call a public workflow of ours.
    binding: &'static [&'static str],
}

const OPEN_ISSUERS: &[OpenIssuer] = &[
    OpenIssuer {
        origin: "https://token.actions.githubusercontent.com",
        binding: &["repository", "repository_id", "repository_owner", "repository_owner_id", "enterprise_id", "sub"],
    },
    OpenIssuer {
        origin: "https://gitlab.com",
        binding: &["project_path", "project_id", "namespace_path", "namespace_id", "sub"],
    },
    OpenIssuer { origin: "https://accounts.google.com", binding: &["email", "hd", "sub"] },
    OpenIssuer { origin: "https://agent.buildkite.com", binding: &["organization_slug", "organization_id", "sub"] },
    OpenIssuer {
        origin: "https://app.terraform.io",
        binding: &["terraform_organization_name", "terraform_organization_id", "sub"],
    },
];

fn open_issuer(issuer: &str) -> Option<&'static OpenIssuer> {
    let issuer = issuer.to_ascii_lowercase();
    OPEN_ISSUERS.iter().find(|open| {
        issuer.strip_prefix(open.origin).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', ':']))
    })
}

/// Whether the rules can be used for that issuer.
///
/// # Errors
/// A rule allows anything or nothing; or nothing keeps strangers out. The answer says what to write.
pub(super) fn check(issuer: &str, rules: &BTreeMap<String, Allowed>) -> Result<(), String> {
    for (claim, allowed) in rules {
        if allowed.patterns().is_empty() {
            return Err(format!("`{claim}` allows nothing"));
        }
        if let Some(wrong) = allowed.patterns().iter().find(|pattern| !is_pattern(pattern)) {
            return Err(format!("`{claim}` is `{wrong}`: a `*` stands at the end, behind `/` or `:`, and not alone"));
        }
    }
    let Some(open) = open_issuer(issuer) else { return Ok(()) };
    // `repo:*` is everybody; `repo:example/*` is not.
    let narrow = |pattern: &String| pattern.strip_suffix('*').is_none_or(|before| before.contains('/'));
    let binds = |claim: &&str| rules.get(*claim).is_some_and(|allowed| allowed.patterns().iter().all(narrow));
    if open.binding.iter().any(binds) {
        return Ok(());
    }
    let (first, rest) = open.binding.split_first().unwrap_or((&"sub", &[]));
    Err(format!(
        "`{issuer}` signs tokens for everybody: say whose are ours with `{first}`, or with {}",
        rest.join(", ")
    ))
}

fn is_pattern(pattern: &str) -> bool {
    match pattern.find('*') {
        None => !pattern.is_empty(),
        Some(at) => at + 1 == pattern.len() && pattern[..at].len() > 1 && pattern[..at].ends_with(['/', ':']),
    }
}

/// Whether a token is ours.
///
/// # Errors
/// The claim that says otherwise.
pub(super) fn require(claims: &Claims, rules: &BTreeMap<String, Allowed>) -> Result<(), String> {
    for (claim, allowed) in rules {
        let Some(found) = claims.scalar(claim) else {
            return Err(format!("the token has no claim `{claim}`, which the settings ask for"));
        };
        if !allowed.patterns().iter().any(|pattern| fits(pattern, &found)) {
            return Err(format!("the token's claim `{claim}` is not one that the settings allow"));
        }
    }
    Ok(())
}

fn fits(pattern: &str, found: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(before) => found.starts_with(before),
        None => pattern == found,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(list: &[(&str, &str)]) -> BTreeMap<String, Allowed> {
        list.iter().map(|(claim, one)| ((*claim).to_owned(), Allowed::One((*one).to_owned()))).collect()
    }

    #[test]
    fn who_signs_for_everybody_needs_a_rule_that_binds() {
        let github = "https://token.actions.githubusercontent.com";
        for (issuer, list, fine) in [
            (github, &[][..], false),
            (github, &[("ref", "refs/heads/main")], false),
            (github, &[("job_workflow_ref", "example/meters/.github/workflows/x.yml@refs/heads/main")], false),
            (github, &[("repository", "example/meters")], true),
            (github, &[("repository", "example/*")], true),
            (github, &[("repository", "*")], false),
            (github, &[("repository", "exam*")], false),
            (github, &[("repository", "*/meters")], false),
            (github, &[("repository", "")], false),
            (github, &[("sub", "repo:*")], false),
            (github, &[("sub", "repo:example/*")], true),
            (github, &[("repository_owner_id", "4711")], true),
            ("https://token.actions.githubusercontent.com/example", &[("ref", "x")], false),
            ("https://TOKEN.actions.githubusercontent.com", &[], false),
            ("https://gitlab.com", &[("user_login", "someone")], false),
            ("https://gitlab.com/", &[], false),
            ("https://gitlab.com", &[("namespace_path", "example")], true),
            ("https://gitlab.com.example.net", &[], true),
            ("https://gitlab.example.net", &[], true),
            ("https://accounts.google.com", &[], false),
        ] {
            assert_eq!(check(issuer, &rules(list)).is_ok(), fine, "{issuer} {list:?}");
        }
        let none = BTreeMap::from([("repository".to_owned(), Allowed::Several(Vec::new()))]);
        assert!(check("https://gitlab.example.net", &none).is_err());
    }

    #[test]
    fn a_star_never_reaches_across_the_separator_before_it() {
        for (pattern, found, expected) in [
            ("example/*", "example/meters", true),
            ("example/*", "example-evil/meters", false),
            ("example/*", "example", false),
            ("example/meters", "example/meters", true),
            ("example/meters", "Example/meters", false),
            ("example/meters", "example/meters2", false),
            ("repo:example/meters:*", "repo:example/meters:ref:refs/heads/main", true),
            ("repo:example/meters:*", "repo:example/meters2:ref:refs/heads/main", false),
        ] {
            assert_eq!(fits(pattern, found), expected, "{pattern} {found}");
        }
    }
}
