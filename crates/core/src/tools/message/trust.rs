//! Whom a verifier of messages trusts, and what he knows of revocations.

use std::path::Path;

use crate::error::{Error, ErrorKind};
use crate::hint::keystore::{KeystoreHint, MessageHint};
use crate::store::{CertificateEntry, Query, Selector, Store};
use crate::tools::message::AskPassword;
use certroll_base::clock::Timestamp;
use certroll_keystore::{Item, KeystoreError, formats};
use certroll_pki::container::pem::{self, Label};
use certroll_pki::verify::path::{self, PathFlaw, RevocationStatus};
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::crl::Crl;
use certroll_pki::x509::extensions::KeyUsage;

/// What verifiers of CMS ask for (RFC 8550 section 4.4.4).
const PURPOSE: &str = "emailProtection";

/// Whom a verifier trusts.
pub struct Trust {
    /// The roots: paths end at one of them.
    pub anchors: Vec<Certificate>,
    /// Certificates that may stand between.
    pub others: Vec<Certificate>,
    /// What issuers say of revocations.
    pub crls: Vec<Crl>,
    /// The home whose CAs are trusted; it knows better than any CRL what they issued and revoked.
    pub home: Option<Box<dyn Store>>,
    /// Whether revocation is checked.
    pub revocation: bool,
    /// Whether a certificate for other purposes is accepted, too.
    pub any_purpose: bool,
}

impl Trust {
    /// Trusts the roots of a home.
    ///
    /// # Errors
    /// The home cannot be read, or has no CA.
    pub fn of_home(store: Box<dyn Store>) -> Result<Self, Error> {
        let (mut anchors, mut others) = (Vec::new(), Vec::new());
        for authority in store.authorities()? {
            let entry = store.certificates(&Query::of(Selector::Fingerprint(authority.certificate)))?.pop();
            let Some(entry) = entry else { continue };
            let der = store.certificate_der(&entry)?;
            let damaged = |error| {
                Error::new(ErrorKind::Verification, format!("the certificate of CA `{}` is damaged", authority.name))
                    .because(error)
            };
            let certificate = Certificate::from_der(&der).map_err(damaged)?;
            if authority.parent.is_none() { anchors.push(certificate) } else { others.push(certificate) }
        }
        if anchors.is_empty() {
            return Err(Error::new(ErrorKind::Usage, "this home has no CA to trust").hint(MessageHint::NameTrusted));
        }
        Ok(Self { anchors, others, crls: Vec::new(), home: Some(store), revocation: true, any_purpose: false })
    }

    /// Trusts those certificates. Of a bundle that holds roots, the others may only stand between; one without roots is
    /// trusted as it is.
    pub fn of(listed: Vec<Certificate>) -> Self {
        let (mut anchors, mut others): (Vec<_>, Vec<_>) = listed.into_iter().partition(Certificate::is_self_issued);
        if anchors.is_empty() {
            std::mem::swap(&mut anchors, &mut others);
        }
        Self { anchors, others, crls: Vec::new(), home: None, revocation: true, any_purpose: false }
    }

    /// What is wrong with a signer's certificate, and the path from it to an anchor as far as there is one.
    ///
    /// # Errors
    /// The home cannot be read.
    pub fn judge(
        &self,
        signer: &Certificate,
        came: &[Certificate],
        now: Timestamp,
    ) -> Result<(Vec<Certificate>, Vec<PathFlaw>), Error> {
        let mut flaws = usage_flaws(signer, self.any_purpose);
        let others = [came, &self.others].concat();
        let Some(path) = path::find(signer, &others, &self.anchors, now) else {
            let name = signer.display_name();
            let issuer = &signer.issuer;
            flaws.extend(path::flaws(std::slice::from_ref(signer), now));
            flaws.push(PathFlaw::Other(format!(
                "no path leads from the certificate of `{name}`, issued by `{issuer}`, to a trusted root"
            )));
            return Ok((vec![signer.clone()], flaws));
        };
        flaws.extend(path::flaws(&path, now));
        if self.revocation {
            for (certificate, issuer) in path.iter().zip(path.iter().skip(1)) {
                flaws.extend(self.revocation_flaw(certificate, issuer, now)?);
            }
        }
        Ok((path, flaws))
    }

    fn revocation_flaw(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        now: Timestamp,
    ) -> Result<Option<PathFlaw>, Error> {
        let name = certificate.display_name();
        let revoked = |at: Timestamp, reason: &str| {
            PathFlaw::Revoked(format!("the certificate of `{name}` is revoked since {at}, {reason}"))
        };
        if let Some(entry) = self.entry(certificate)? {
            return Ok(entry.revoked.map(|(at, reason)| revoked(at, &reason.to_string())));
        }
        if self.entry(issuer)?.is_some() {
            // No certificate of a CA of the home exists outside its log: this one was made with its key outside of the home.
            return Ok(Some(PathFlaw::Other(format!(
                "the home has not issued the certificate of `{name}` to its log's knowledge"
            ))));
        }
        Ok(match path::status(certificate, issuer, &self.crls, now) {
            RevocationStatus::Good => None,
            RevocationStatus::Revoked { at, reason } => Some(revoked(at, &reason)),
            RevocationStatus::Unknown(why) => {
                Some(PathFlaw::Other(format!("whether `{name}` is revoked is unknown: {why}")))
            }
        })
    }

    fn entry(&self, certificate: &Certificate) -> Result<Option<CertificateEntry>, Error> {
        let Some(store) = &self.home else { return Ok(None) };
        Ok(store.certificates(&Query::of(Selector::Fingerprint(certificate.fingerprint())))?.pop())
    }
}

/// Whether a certificate is one of a signer of messages: no CA, for signatures, and not for connections alone.
pub fn usage_flaws(signer: &Certificate, any_purpose: bool) -> Vec<PathFlaw> {
    let name = signer.display_name();
    let mut flaws = Vec::new();
    if signer.is_ca {
        flaws.push(PathFlaw::Other(format!("`{name}` is a CA, and CAs sign no messages")));
    }
    if !signer.key_usage.is_empty() && !signer.key_usage.contains(&KeyUsage::DigitalSignature) {
        flaws.push(PathFlaw::Other(format!("the key usage of `{name}` lacks digitalSignature")));
    }
    if !any_purpose && !signer.allows(PURPOSE) {
        let listed = signer.extended_key_usage.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        flaws.push(PathFlaw::Other(format!(
            "the certificate of `{name}` is for {listed}, not for messages ({PURPOSE})"
        )));
    }
    flaws
}

/// The certificates in a file: PEM, DER, JKS or PKCS#12. Of a keystore only those that it trusts, if `trusted_only`; its keys'
/// own chains too otherwise.
///
/// # Errors
/// It cannot be read or opened, or holds none.
pub fn certificates(path: &Path, password: AskPassword<'_>, trusted_only: bool) -> Result<Vec<Certificate>, Error> {
    let bytes = certroll_base::input::read(path).map_err(|error| Error::file(path, "read", error))?;
    let ders = match formats::detect(&bytes) {
        None => vec![bytes],
        Some(_) if pem::is_pem(&bytes) => {
            let blocks = pem::read(&bytes).map_err(|error| unusable(path).because(error))?;
            let certificates = blocks.iter().filter(|block| block.label == Label::Certificate);
            certificates.map(|block| block.der.expose().to_vec()).collect()
        }
        Some(format) => {
            let password = password()?;
            let entries = match format.read(&bytes, Some(&password)) {
                Err(KeystoreError::PasswordRequired) => {
                    return Err(Error::keystore(path, KeystoreError::PasswordRequired));
                }
                other => other.map_err(|error| Error::keystore(path, error))?,
            };
            let of_entry = |item| match item {
                Item::Trusted(der) | Item::Unmarked(der) => vec![der],
                Item::Key { chain, .. } if !trusted_only => chain,
                _ => Vec::new(),
            };
            entries.into_iter().flat_map(|entry| of_entry(entry.item)).collect()
        }
    };
    let read = ders.iter().map(|der| Certificate::from_der(der)).collect::<Result<Vec<_>, _>>();
    let read = read.map_err(|error| unusable(path).because(error))?;
    if read.is_empty() {
        let error = Error::new(ErrorKind::Usage, format!("`{}` holds no certificate to be trusted", path.display()));
        return Err(error.hint(KeystoreHint::Inspect(path.to_owned())));
    }
    Ok(read)
}

/// The CRLs in a file, PEM or DER.
///
/// # Errors
/// It cannot be read, or holds none.
pub fn crls(path: &Path) -> Result<Vec<Crl>, Error> {
    let bytes = certroll_base::input::read(path).map_err(|error| Error::file(path, "read", error))?;
    let ders = if pem::is_pem(&bytes) {
        let blocks = pem::read(&bytes).map_err(|error| unusable(path).because(error))?;
        let lists = blocks.iter().filter(|block| block.label == Label::Crl);
        lists.map(|block| block.der.expose().to_vec()).collect()
    } else {
        vec![bytes]
    };
    let read = ders.iter().map(|der| Crl::from_der(der)).collect::<Result<Vec<_>, _>>();
    let read = read
        .map_err(|_| Error::new(ErrorKind::Usage, format!("`{}` holds something else than a CRL", path.display())))?;
    if read.is_empty() {
        Err(Error::new(ErrorKind::Usage, format!("`{}` holds no CRL", path.display())))
    } else {
        Ok(read)
    }
}

fn unusable(path: &Path) -> Error {
    Error::new(ErrorKind::Usage, format!("`{}` holds no readable certificate", path.display()))
}
