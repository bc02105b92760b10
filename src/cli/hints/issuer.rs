//! The words of hints about CAs, issuers elsewhere, and what they refuse to sign.

use certroll_core::hint::issuer::{AccountHint, AuthorityHint, IssuerHint, RequestHint};

pub(super) fn authority(hint: &AuthorityHint) -> String {
    match hint {
        AuthorityHint::RenewCrl(name) => format!("sign it with `certroll ca crl {name} --renew`"),
        AuthorityHint::PublishOwed => "it stays owed: `certroll rotate --due` tries again".into(),
        AuthorityHint::Create => "create one with `certroll ca create NAME --subject \"O=..., CN=...\"`".into(),
        AuthorityHint::CreateAnother => "create another CA with `certroll ca create`".into(),
        AuthorityHint::CreateSuccessor => "create its successor with `certroll ca create`".into(),
        AuthorityHint::CreateFrom(template) => {
            format!("create it with `certroll ca create NAME --template {template}`")
        }
        AuthorityHint::NotOne => "use `certroll issue` for it".into(),
        AuthorityHint::SeeExisting(name) => {
            format!("look at it with `certroll ca show {name}`, or choose another name")
        }
        AuthorityHint::NoIssuerForRoot => "leave `--issuer` out, or use `--template issuing-ca`".into(),
        AuthorityHint::NeedsIssuer => "add `--issuer NAME`, or use `--template root-ca`".into(),
        AuthorityHint::ChooseAuthorityTemplate => "use `--template issuing-ca`, or another one of the kind `ca`".into(),
        AuthorityHint::AcceptReply => {
            "give their answer to the home with `certroll ca accept NAME --cert CHAIN.pem`".into()
        }
        AuthorityHint::RequestFirst(name) => {
            format!("ask for it with `certroll ca request {name} --subject \"O=..., CN=...\" --out {name}.csr`")
        }
        AuthorityHint::GiveWholeChain => {
            "give the certificates above it up to the root as well: a further `--cert FILE`".into()
        }
        AuthorityHint::CreateBelow(parent) => {
            format!("create the CA with `certroll ca create NAME --issuer {parent}`: it needs no request")
        }
        AuthorityHint::SignRequest(template) => {
            format!("sign the request of a CA of others with `certroll ca sign` and `--template {template}`")
        }
        AuthorityHint::RevokeFirst(name) => {
            format!("revoke it first with `certroll revoke {name} --reason cessationOfOperation`")
        }
        AuthorityHint::Renew(name) => format!("give it a further certificate with `certroll ca renew {name}`"),
        AuthorityHint::SignList(name) => format!("sign one with `certroll ca crl {name} --renew`"),
        AuthorityHint::MoveAway => {
            "create another CA with `certroll ca create`, and move them with `certroll rotate --due --issuer NEW`"
                .into()
        }
        AuthorityHint::SetPointers(name) => {
            format!("say where its CRL is with `certroll ca set {name} --crl-url URI`")
        }
        AuthorityHint::NameIt => "give it one with `--name`".into(),
        AuthorityHint::AskSigner(signer) => format!("ask the operators of `{signer}` to revoke it"),
        AuthorityHint::UseMadeKey(place) => {
            format!("the new key stays in `{place}`: repeat the command without `--generate`")
        }
    }
}

pub(super) fn issuer(hint: &IssuerHint) -> String {
    match hint {
        IssuerHint::CorrectAddress(issuer) => format!(
            "see that `address`, `ca_file` and `proxy` in `[issuers.{issuer}]` are right, then `certroll issuer test {issuer}`"
        ),
        IssuerHint::SeeServer(issuer) => format!("see that the server is up: `certroll issuer test {issuer}`"),
        IssuerHint::CorrectLogin(issuer) => format!(
            "see that `[issuers.{issuer}.auth]` names the right method, mount and role, and that its secret is still good; \
             then `certroll issuer test {issuer}`"
        ),
        IssuerHint::SeeRights { issuer, path } => format!(
            "the token has ended, or its policy does not allow `{path}`: docs/vault.md shows the policy; \
             `certroll issuer test {issuer}` tries it"
        ),
        IssuerHint::ReadAuditReport { issuer, authority, configured } => {
            let report = match configured {
                true => format!(
                    "`certroll issuer report {issuer}` has one written; fetch it as it says, and repeat the command"
                ),
                false => format!(
                    "set `audit_bucket` and `audit_reports` of the issuer, then run `certroll issuer report {issuer}`"
                ),
            };
            format!(
                "the service has forgotten the token after five minutes, and only the audit report of `{authority}` tells \
                 what it signed: {report}"
            )
        }
        IssuerHint::SeeUsers => {
            "take it out of what uses it first: `certroll issuer status` shows what does".into()
        }
        IssuerHint::RotateOnceRenewed => {
            "rotate again once it is renewed; for a new key now, request another one with `certroll issue NAME --template T --force` \
             and let its consumers use the new ARN"
                .into()
        }
    }
}

pub(super) fn account(hint: &AccountHint) -> String {
    match hint {
        AccountHint::Create(issuer) => {
            format!("create the account with `certroll issuer account create {issuer}`")
        }
        AccountHint::CreateAgreeing(issuer) => {
            format!("create it with `certroll issuer account create {issuer} --agree-terms`")
        }
        AccountHint::CreateAnother(issuer) => {
            format!("create another one with `certroll issuer account create {issuer}`")
        }
        AccountHint::See(issuer) => format!("look at the account with `certroll issuer account show {issuer}`"),
        AccountHint::ReadTerms(issuer) => format!(
            "read them, then create the account with `certroll issuer account create {issuer} --agree-terms`, or set \
             `terms_agreed = true`"
        ),
        AccountHint::AgreeAgain(issuer) => format!(
            "read the terms that the server names, then agree with `certroll issuer account create {issuer} --agree-terms`"
        ),
    }
}

pub(super) fn request(hint: &RequestHint) -> String {
    match hint {
        RequestHint::OtherKey => "choose another kind of key with `--key`".into(),
        RequestHint::KeyAmong(kinds) => format!("choose one of {} with `--key`", kinds.join(", ")),
        RequestHint::AddName => "add one with `--san`".into(),
        RequestHint::AddDnsName => "give one with `--san dns:NAME`".into(),
        RequestHint::UseKey(kinds) => match kinds {
            [others @ .., last] if !others.is_empty() => {
                format!("use `--key {}` or `{last}`", others.join("`, `"))
            }
            _ => format!("use `--key {}`", kinds.concat()),
        },
        RequestHint::ShorterLife => "ask for less with `--ttl`".into(),
        RequestHint::SevenDays => "add `--ttl 7d`, or use a general-purpose CA".into(),
        RequestHint::NotByKey => "leave `--key` out, or give that reason".into(),
    }
}
