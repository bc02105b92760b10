//! The public keys of an issuer of identity tokens: from a pinned file, or fetched from the issuer over TLS and kept for an hour.

use super::document::IdentitySettings;
use crate::error::{Error, ErrorKind};
use crate::lifecycle::layout::home::Home;
use certroll_base::clock::Timestamp;
use certroll_pki::jose::id_token::KeySet;

/// The keys, and whether the issuer was asked for them just now.
pub(super) struct IssuerKeys {
    pub(super) keys: KeySet,
    pub(super) fresh: bool,
}

/// The keys as the settings say: pinned, or kept, or fetched.
///
/// # Errors
/// They cannot be read or fetched, or are no JWK set.
pub(super) fn of(home: &Home, settings: &IdentitySettings, now: Timestamp) -> Result<IssuerKeys, Error> {
    match (&settings.jwks, &settings.jwks_uri) {
        (Some(pinned), None) => {
            let file = home.root().join(pinned);
            let bytes = certroll_base::input::read(&file)
                .map_err(|error| Error::file(&file, "read the issuer's keys", error))?;
            // Nobody is asked for the keys of a pinned file: it is as fresh as it gets.
            Ok(IssuerKeys { keys: parsed(&bytes, &file.display().to_string())?, fresh: true })
        }
        (None, Some(uri)) => fetched::of(home, settings, uri, now),
        _ => Err(Error::new(ErrorKind::Usage, "`[identity]` needs either `jwks` or `jwks_uri`")
            .hint("pin the issuer's keys in a file with `jwks`, or have them fetched from `jwks_uri`")),
    }
}

/// The keys fetched anew, for a token whose key is not among those kept.
///
/// # Errors
/// As [`of`].
pub(super) fn anew(home: &Home, settings: &IdentitySettings, now: Timestamp) -> Result<IssuerKeys, Error> {
    match &settings.jwks_uri {
        Some(uri) => fetched::anew(home, settings, uri, now),
        None => of(home, settings, now),
    }
}

fn parsed(bytes: &[u8], from: &str) -> Result<KeySet, Error> {
    KeySet::parse(bytes)
        .map_err(|error| Error::new(ErrorKind::Usage, format!("`{from}` is not a set of public keys")).because(error))
}

#[cfg(feature = "network")]
mod fetched {
    use std::path::Path;

    use super::{Error, ErrorKind, Home, IdentitySettings, IssuerKeys, Timestamp, parsed};
    use crate::issuer::network::{self, FailureKind, Http};
    use certroll_base::durable;

    /// Where fetched keys are kept, below the home.
    const KEPT: &str = "identity/fetched.jwks";
    /// How long fetched keys are used without asking again: long enough that a day of runs asks a few times, short enough
    /// that a key that the issuer takes back is not believed for long.
    const KEPT_SECS: i64 = 3600;
    /// The whole of a request, in seconds: a run must not hang on an issuer that does not answer.
    const TIMEOUT_SECS: u64 = 15;
    /// No set of keys is longer, in bytes; GitHub's and GitLab's have ten thousand.
    const LONGEST: usize = 1 << 18;

    pub(super) fn of(home: &Home, settings: &IdentitySettings, uri: &str, now: Timestamp) -> Result<IssuerKeys, Error> {
        match kept(&home.root().join(KEPT), uri, now) {
            Some(bytes) => Ok(IssuerKeys { keys: parsed(&bytes, uri)?, fresh: false }),
            None => anew(home, settings, uri, now),
        }
    }

    pub(super) fn anew(
        home: &Home,
        settings: &IdentitySettings,
        uri: &str,
        now: Timestamp,
    ) -> Result<IssuerKeys, Error> {
        let bytes = fetch(home, settings, uri)?;
        let keys = parsed(&bytes, uri)?;
        let file = home.root().join(KEPT);
        let text = [format!("{uri}\n{}\n", now.secs()).as_bytes(), &bytes].concat();
        let keep = || {
            durable::create_directory(durable::parent(&file))
                .and_then(|()| durable::write(&file, &text, durable::PRIVATE))
        };
        keep().map_err(|error| Error::file(&file, "keep the issuer's keys in", error))?;
        Ok(IssuerKeys { keys, fresh: true })
    }

    /// What is kept: the URI, the second in which it was asked, and its answer, each behind a line feed.
    fn kept(file: &Path, uri: &str, now: Timestamp) -> Option<Vec<u8>> {
        let bytes = certroll_base::input::read(file).ok()?;
        let mut parts = bytes.splitn(3, |byte| *byte == b'\n');
        let (from, at, set) = (parts.next()?, parts.next()?, parts.next()?);
        let at: i64 = std::str::from_utf8(at).ok()?.parse().ok()?;
        let young = (0..KEPT_SECS).contains(&now.secs().saturating_sub(at));
        (from == uri.as_bytes() && young).then(|| set.to_vec())
    }

    fn fetch(home: &Home, settings: &IdentitySettings, uri: &str) -> Result<Vec<u8>, Error> {
        let http = Http { ca_file: settings.ca_file.clone(), proxy: None, timeout_secs: Some(TIMEOUT_SECS) };
        network::document(&http, home.root(), uri, LONGEST).map_err(|failure| match failure.kind {
            FailureKind::Settings => {
                Error::new(ErrorKind::Usage, "`jwks_uri` or `ca_file` in `[identity]` cannot be used").because(failure)
            }
            _ => Error::new(ErrorKind::Temporary(None), format!("the issuer's keys cannot be fetched from `{uri}`"))
                .because(failure)
                .hint("try again, or pin the keys in a file with `jwks` in `[identity]`"),
        })
    }
}

#[cfg(not(feature = "network"))]
mod fetched {
    use super::{Error, ErrorKind, Home, IdentitySettings, IssuerKeys, Timestamp};

    pub(super) fn of(_: &Home, _: &IdentitySettings, _: &str, _: Timestamp) -> Result<IssuerKeys, Error> {
        Err(Error::new(ErrorKind::Unsupported, "this program was built without network: `jwks_uri` cannot be asked")
            .hint("pin the issuer's keys in a file with `jwks`"))
    }

    pub(super) fn anew(
        home: &Home,
        settings: &IdentitySettings,
        uri: &str,
        now: Timestamp,
    ) -> Result<IssuerKeys, Error> {
        of(home, settings, uri, now)
    }
}
