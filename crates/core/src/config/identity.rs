//! Which pipeline acts: an ID token that it was given, verified against the issuer in the settings.
//!
//! The token is a secret while it lasts: it is read from a file, never shown, and only its SHA-256 is recorded. Everything in
//! the record comes from its verified claims; what environment variables say stays beside it as claimed.

use std::io::Read as _;
use std::path::Path;

use super::claim_rules;
use super::document::IdentitySettings;
use super::issuer_keys;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{ActorSource, Failure, Outcome};
use crate::error::{Error, ErrorKind};
use crate::hint::home::HomeHint;
use crate::lifecycle::journal::Journal;
use crate::lifecycle::layout::home::Home;
use certroll_base::clock::Timestamp;
use certroll_base::encoding::{self, Sha256};
use certroll_base::secret::Secret;
use certroll_pki::jose::id_token::{self, Claims, TokenError, TokenExpectation};

/// A verified token, as far as records tell of it.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    /// `sub`.
    pub(super) subject: String,
    /// SHA-256 of the token.
    pub(super) evidence: Sha256,
    /// The run, for the issuers whose claims are known.
    pub(super) source: Option<ActorSource>,
    /// Who vouches for it, and how well the person behind it is known.
    pub(super) provider: Provider,
}

/// What else a record tells of a token, all verified: who vouches, and how the person behind it proved who they are (`acr`, `amr`:
/// OpenID Connect Core section 2, RFC 8176).
#[derive(Clone, Debug)]
pub(super) struct Provider {
    pub(super) issuer: String,
    pub(super) acr: Option<String>,
    pub(super) amr: Vec<String>,
}

/// A token that was given and is not believed.
#[derive(Debug)]
pub(super) struct Rejected {
    pub(super) error: Error,
    /// SHA-256 of the token, if there is one.
    pub(super) evidence: Option<Sha256>,
}

impl From<Error> for Box<Rejected> {
    fn from(error: Error) -> Self {
        Self::new(Rejected { error, evidence: None })
    }
}

/// A token means nothing before there is a home whose settings say whom to believe.
///
/// # Errors
/// A token was given.
pub fn refuse_before_settings(token: Option<&Path>) -> Result<(), Error> {
    match token {
        None => Ok(()),
        Some(_) => {
            Err(Error::new(ErrorKind::Usage, "an identity token cannot be verified before the home has settings")
                .hint(HomeHint::CreateWithoutToken))
        }
    }
}

/// Verifies the token in a file.
///
/// # Errors
/// There are no settings for it, the pinned keys cannot be read, or the token does not verify.
pub(super) fn verify(
    home: &Home,
    settings: Option<&IdentitySettings>,
    file: &Path,
    now: Timestamp,
) -> Result<Identity, Box<Rejected>> {
    let settings = settings.ok_or_else(|| {
        Error::new(
            ErrorKind::Usage,
            "an identity token is given, but certroll.toml does not say whose tokens to believe",
        )
        .hint("add `[identity]` with `issuer`, `audience` and `jwks` or `jwks_uri` to certroll.toml, or give no token")
    })?;
    claim_rules::check(&settings.issuer, &settings.claims).map_err(|why| {
        Error::new(ErrorKind::Usage, format!("`[identity.claims]` of certroll.toml: {why}"))
            .hint("for instance `repository = \"OWNER/NAME\"` below `[identity.claims]`")
    })?;
    let expected = TokenExpectation {
        issuer: &settings.issuer,
        audience: &settings.audience,
        longest_life_secs: settings.longest_life()?,
    };
    let token = read(file)?;
    let evidence = encoding::sha256(token.expose().as_bytes());
    let refused = |error: Box<dyn std::error::Error + Send + Sync>| {
        let error =
            Error::new(ErrorKind::Permission, format!("the identity token in `{}` is not accepted", file.display()))
                .hint("give a fresh token of the issuer in `[identity]` of certroll.toml, or none")
                .because(error);
        Box::new(Rejected { error, evidence: Some(evidence) })
    };
    let issuer_keys = issuer_keys::of(home, settings, now)?;
    let mut verified = id_token::verify(token.expose(), &issuer_keys.keys, &expected, now);
    if matches!(verified, Err(TokenError::UnknownKey(_))) && !issuer_keys.fresh {
        // The issuer may have a new key since the others were fetched.
        let issuer_keys = issuer_keys::anew(home, settings, now)?;
        verified = id_token::verify(token.expose(), &issuer_keys.keys, &expected, now);
    }
    let claims = verified.map_err(|error| refused(error.into()))?;
    claim_rules::require(&claims, &settings.claims).map_err(|why| refused(why.into()))?;
    let subject = claims.text("sub").unwrap_or_default().to_owned();
    Ok(Identity { subject, evidence, source: source(&claims, &settings.issuer), provider: provider(&claims, settings) })
}

fn provider(claims: &Claims, settings: &IdentitySettings) -> Provider {
    Provider {
        issuer: settings.issuer.clone(),
        acr: claims.scalar("acr").map(|acr| short(&acr)),
        amr: claims.texts("amr").take(16).map(short).collect(),
    }
}

/// No more of a claim than a record needs.
fn short(text: &str) -> String {
    text.chars().take(128).collect()
}

/// The text of the file without the one line end that tools put after it; no more of it than a token may have.
fn read(file: &Path) -> Result<Secret, Error> {
    let unreadable =
        |error: std::io::Error| Error::file(file, "read the identity token", error).of_kind(ErrorKind::Permission);
    let mut text = zeroize::Zeroizing::new(String::new());
    let limit = id_token::MAX_BYTES as u64 + 3;
    std::fs::File::open(file).and_then(|file| file.take(limit).read_to_string(&mut text)).map_err(unreadable)?;
    let token = text.strip_suffix('\n').unwrap_or(&text);
    Ok(Secret::new(token.strip_suffix('\r').unwrap_or(token).to_owned()))
}

/// The run that the claims tell of, as GitHub Actions or GitLab CI/CD writes them; nothing for other issuers. A claim that
/// does not fit into a URL is left out.
fn source(claims: &Claims, issuer: &str) -> Option<ActorSource> {
    let path = |name: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
        claims.text(name).filter(|text| text.len() <= 512 && text.chars().all(plain) && !text.contains(".."))
    };
    let number =
        |name: &str| claims.text(name).filter(|text| text.len() <= 20 && text.bytes().all(|b| b.is_ascii_digit()));
    let hash = claims.text("sha").filter(|text| (40..=64).contains(&text.len()));
    let commit = hash.filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit())).map(str::to_owned);
    let source = |ci: &str, run| Some(ActorSource { ip: None, ci: Some(ci.to_owned()), run, commit: commit.clone() });
    if let (Some(repository), Some(run)) = (path("repository"), number("run_id")) {
        let attempt = number("run_attempt").map(|attempt| format!("/attempts/{attempt}")).unwrap_or_default();
        let server = github_server(issuer);
        let run = server.map(|server| format!("{server}/{repository}/actions/runs/{run}{attempt}"));
        return source("github", run);
    }
    if let (Some(project), Some(job)) = (path("project_path"), number("job_id")) {
        return source("gitlab", Some(format!("{}/{project}/-/jobs/{job}", issuer.trim_end_matches('/'))));
    }
    None
}

/// Where the runs of an issuer of GitHub are shown: `https://token.actions.githubusercontent.com`, with the name of an
/// enterprise behind it or not, is github.com's; `https://HOST/_services/token` that of an Enterprise Server; and
/// `https://token.actions.NAME.ghe.com` that of an enterprise with a place of its own.
fn github_server(issuer: &str) -> Option<String> {
    if let Some(host) = issuer.strip_suffix("/_services/token") {
        return Some(host.to_owned());
    }
    let host = issuer.strip_prefix("https://token.actions.")?.split('/').next()?;
    match host {
        "githubusercontent.com" => Some("https://github.com".to_owned()),
        _ => host.ends_with(".ghe.com").then(|| format!("https://{host}")),
    }
}

/// Records that a token was refused; never the token itself.
pub(super) fn record_denied(journal: &mut Journal, rejected: &Rejected) -> Result<(), Error> {
    let Rejected { error, evidence } = rejected;
    let mut record = journal.draft(Event::AuthDenied, Outcome::Denied, journal.session());
    let text = std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
    record.err = Some(Failure { code: "identity-token".to_owned(), text });
    record.x.extend(evidence.map(|digest| ("token_sha256".to_owned(), encoding::hex(&digest).into())));
    journal.commit(vec![record], Vec::new())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_found_where_they_are_shown() {
        for (issuer, server) in [
            ("https://token.actions.githubusercontent.com", Some("https://github.com")),
            ("https://token.actions.githubusercontent.com/example", Some("https://github.com")),
            ("https://token.actions.example.ghe.com", Some("https://example.ghe.com")),
            ("https://git.example.net/_services/token", Some("https://git.example.net")),
            ("https://token.actions.example.net", None),
            ("https://gitlab.com", None),
        ] {
            assert_eq!(github_server(issuer).as_deref(), server, "{issuer}");
        }
    }
}
