//! Write what relying parties must trust: CA certificates as PEM, JKS or PKCS#12 truststore.

use std::path::Path;

use crate::destination::{Artifact, FileTarget, Target as _};
use crate::error::{Error, ErrorKind};
use crate::hint::home::SecretHint;
use crate::lifecycle::session::View;
use crate::store::Authority;
use certroll_base::durable;
use certroll_base::secret::Secret;
use certroll_keystore::{Entry, Item, formats, pem as pem_format};
use certroll_pki::x509::certificate::Certificate;

/// Writes the certificate of a CA and those above it, in the format of the file's extension. Returns how many.
///
/// An existing truststore keeps its other entries. PEM lists the CA first and the root last.
///
/// # Errors
/// No format has that extension, a keystore needs a password, or the file cannot be written.
pub fn export(view: &View, authority: &Authority, path: &Path, password: Option<&Secret>) -> Result<usize, Error> {
    let chain = crate::lifecycle::session::authority_chain(&*view.store, authority)?;
    let format = formats::by_extension(path).ok_or_else(|| {
        Error::new(ErrorKind::Usage, format!("`{}` has no extension of a known format", path.display()))
            .hint("use .pem or .crt, .p12 or .pfx, .jks or .ks")
    })?;
    if !durable::parent(path).is_dir() {
        return Err(Error::new(ErrorKind::Usage, format!("the directory of `{}` does not exist", path.display()))
            .hint(format!("make it with `mkdir -p {}`", durable::parent(path).display())));
    }
    let target = FileTarget::new(path);
    let bytes = if format.holds_bare_certificates {
        pem_format::chain_text(&chain.iter().map(|c| c.as_der().to_vec()).collect::<Vec<_>>()).into_bytes()
    } else {
        let password = password.ok_or_else(|| {
            Error::new(ErrorKind::Usage, format!("the truststore `{}` needs a password", path.display()))
                .hint(SecretHint::OfTruststore)
        })?;
        let mut entries = match target.installed().map_err(|error| Error::file(path, "read", error))? {
            Some(bytes) => format.read(&bytes, Some(password)).map_err(|error| Error::keystore(path, error))?,
            None => Vec::new(),
        };
        for (alias, certificate) in names(view, &chain)? {
            entries.retain(|entry| !entry.alias.eq_ignore_ascii_case(&alias));
            let item = Item::Trusted(certificate.as_der().to_vec());
            entries.push(Entry::new(alias, Some(view.clock.now()), item));
        }
        let options = format.options(password, view.clock.now());
        format.write(&entries, &options).map_err(|error| Error::keystore(path, error))?
    };
    target
        .install(Artifact { bytes: &bytes, private: format.binary })
        .map_err(|error| Error::file(path, "write", error))?;
    Ok(chain.len())
}

/// Each certificate under the name that its CA has in the home.
fn names<'a>(view: &View, chain: &'a [Certificate]) -> Result<Vec<(String, &'a Certificate)>, Error> {
    let authorities = view.store.authorities()?;
    let alias = |certificate: &Certificate| {
        let own = authorities.iter().find(|authority| authority.certificate == certificate.sha256());
        own.map_or_else(|| certificate.display_name(), |authority| authority.name.clone())
    };
    Ok(chain.iter().map(|certificate| (alias(certificate), certificate)).collect())
}
