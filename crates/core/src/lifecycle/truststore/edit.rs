//! Make a truststore, add certificates to it and take them out.

use certroll_pki::digest::Fingerprint;
use std::path::Path;

use super::open::{TrustedEntry, Truststore};
use crate::error::{Error, ErrorKind};
use crate::hint::keystore::TruststoreHint;
use crate::tools::keystore::edit::EditRequest;
use crate::tools::keystore::file::{Edited, KeystoreFile};
use certroll_base::text::printable;
use certroll_keystore::stored_alias;
use certroll_pki::x509::certificate::Certificate;

/// A certificate that is to be trusted.
#[derive(Clone, Debug)]
pub struct TrustedCertificate {
    /// The certificate.
    pub certificate: Certificate,
    /// The alias it must have; one is made up when `None`.
    pub alias: Option<String>,
    /// The CA of the home that it is of.
    pub authority: Option<String>,
}

/// What a change did to a truststore.
#[derive(Debug, Default)]
pub struct TrustEdited {
    /// Whether the file was written, and what was done.
    pub edited: Edited,
    /// `pem`, `pkcs12` or `jks`.
    pub format: &'static str,
    /// What is in it of what was wanted, alias and certificate, and whether it is new.
    pub present: Vec<(String, TrustedCertificate, bool)>,
    /// What was taken out.
    pub removed: Vec<TrustedEntry>,
}

/// Which certificates are meant.
#[derive(Clone, Debug)]
pub enum TrustSelector {
    /// The one of that alias.
    Alias(String),
    /// That very certificate.
    Certificate(Box<Certificate>),
    /// The one with this SHA-256.
    Fingerprint(Fingerprint),
}

impl TrustSelector {
    fn fits(&self, entry: &TrustedEntry) -> bool {
        match self {
            Self::Alias(alias) => entry.alias.as_ref().is_some_and(|own| stored_alias(own) == stored_alias(alias)),
            Self::Certificate(certificate) => entry.der == certificate.as_der(),
            Self::Fingerprint(sha256) => Fingerprint::of(&entry.der) == *sha256,
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Alias(alias) => printable(alias).into_owned(),
            Self::Certificate(certificate) => certificate.display_name(),
            Self::Fingerprint(sha256) => sha256.to_string(),
        }
    }
}

/// Adds certificates. Those that are in it already, under whatever alias, stay as they are.
///
/// # Errors
/// An alias stands for something else, or the file cannot be written.
pub fn add(request: &EditRequest<'_>, wanted: &[TrustedCertificate]) -> Result<TrustEdited, Error> {
    let _lock = KeystoreFile::lock(request.path)?;
    let mut store = Truststore::open(request.path, request.passwords)?;
    let mut done = TrustEdited { format: store.format(), ..TrustEdited::default() };
    let shown = request.path.display().to_string();
    for one in wanted {
        let (der, name) = (one.certificate.as_der(), one.certificate.display_name());
        if let Some(twin) = store.trusted().into_iter().find(|entry| entry.der == der) {
            let alias = twin.alias.unwrap_or_else(|| made_up(one));
            done.edited.said.push(format!("`{shown}` trusts `{name}` already"));
            done.present.push((alias, one.clone(), false));
            continue;
        }
        let alias = free_alias(&store, one, request.path, request.replace)?;
        store.remove(|entry| entry.alias.as_ref().is_some_and(|own| stored_alias(own) == alias));
        store.add(&alias, der, &request.choices);
        let under = if store.has_aliases() { format!(" as `{alias}`") } else { String::new() };
        done.edited.said.push(format!("`{shown}` now trusts `{name}`{under}, sha256 {}", hex(&one.certificate)));
        if !one.certificate.is_ca {
            done.edited.said.push(format!("`{name}` is no CA: it alone is trusted, and nothing that it issued"));
        }
        done.present.push((alias, one.clone(), true));
        done.edited.changed = true;
    }
    if done.edited.changed {
        store.write(request.path, &request.choices)?;
    }
    Ok(done)
}

fn hex(certificate: &Certificate) -> String {
    certificate.fingerprint().to_string()
}

/// Takes certificates out. What is not in it is no error: it is gone.
///
/// # Errors
/// The file cannot be read or written.
pub fn remove(request: &EditRequest<'_>, which: &[TrustSelector]) -> Result<TrustEdited, Error> {
    let _lock = KeystoreFile::lock(request.path)?;
    if !request.path.exists() {
        let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
        return Err(Error::file(request.path, "read", missing));
    }
    let mut store = Truststore::open(request.path, request.passwords)?;
    let mut done = TrustEdited { format: store.format(), ..TrustEdited::default() };
    let shown = request.path.display().to_string();
    for one in which {
        if let (TrustSelector::Alias(alias), false) = (one, store.has_aliases()) {
            return Err(Error::new(
                ErrorKind::Usage,
                format!("`{shown}` is PEM, which has no aliases such as `{}`", printable(alias)),
            )
            .hint(TruststoreHint::NameCertificate));
        }
        let meant: Vec<_> = store.trusted().into_iter().filter(|entry| one.fits(entry)).collect();
        if meant.is_empty() {
            done.edited.said.push(format!("`{shown}` does not trust `{}`: nothing to do", one.shown()));
        }
        for entry in meant {
            let name = Certificate::from_der(&entry.der).map_or_else(|_| one.shown(), |one| one.display_name());
            done.edited.said.push(format!("`{shown}` no longer trusts `{name}`"));
            done.removed.push(entry);
        }
    }
    if !done.removed.is_empty() {
        store.remove(|entry| which.iter().any(|one| one.fits(entry)));
        done.edited.changed = true;
        if store.trusted().is_empty() {
            done.edited.said.push(format!("`{shown}` trusts no CA now: Java refuses to start with such a truststore"));
        }
        store.write(request.path, &request.choices)?;
    }
    Ok(done)
}

/// The alias that is asked for, or one made of the certificate's name.
fn free_alias(store: &Truststore, wanted: &TrustedCertificate, path: &Path, replace: bool) -> Result<String, Error> {
    let alias = stored_alias(wanted.alias.as_deref().unwrap_or(&made_up(wanted)));
    crate::tools::keystore::edit::check_alias(&alias)?;
    if !store.has_alias(&alias) {
        return Ok(alias);
    }
    let trusted =
        store.trusted().iter().any(|entry| entry.alias.as_ref().is_some_and(|own| stored_alias(own) == alias));
    if replace && trusted {
        return Ok(alias);
    }
    if wanted.alias.is_some() || !trusted {
        let what = if trusted { "another certificate" } else { "no trusted certificate" };
        return Err(Error::new(ErrorKind::Usage, format!("`{alias}` of `{}` is {what}", path.display()))
            .hint(TruststoreHint::OtherAlias));
    }
    // Two CAs of one name, as after a new key: told apart by the beginning of the fingerprint.
    let fingerprint = hex(&wanted.certificate);
    Ok(format!("{alias}-{}", fingerprint.get(..8).unwrap_or_default()))
}

/// The name of the CA, or of the certificate, in the letters that every tool can type.
fn made_up(wanted: &TrustedCertificate) -> String {
    let name = wanted.authority.clone().unwrap_or_else(|| wanted.certificate.display_name());
    let letter =
        |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_') { c.to_ascii_lowercase() } else { '-' };
    let plain: String = name.chars().map(letter).collect();
    let parts: Vec<_> = plain.split('-').filter(|part| !part.is_empty()).collect();
    match parts.join("-") {
        plain if plain.is_empty() => hex(&wanted.certificate).get(..16).unwrap_or_default().to_owned(),
        plain => plain,
    }
}
