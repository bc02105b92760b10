//! Whom a verifier of messages trusts, and what he knows of revocations.

use crate::error::{Error, ErrorKind};
use crate::hint::keystore::MessageHint;
use crate::store::{CertificateEntry, Query, Selector, Store};
use certroll_base::clock::Timestamp;
use certroll_pki::path::{self, Check, FlawKind, PathFlaw, PathInputs};
use certroll_pki::verify::revocation::RevocationLists;
use certroll_pki::x509::certificate::Certificate;
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
    pub crls: RevocationLists,
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
        Ok(Self {
            anchors,
            others,
            crls: RevocationLists::default(),
            home: Some(store),
            revocation: true,
            any_purpose: false,
        })
    }

    /// Trusts those certificates. Of a bundle that holds roots, the others may only stand between; one without roots is
    /// trusted as it is.
    pub fn of(listed: Vec<Certificate>) -> Self {
        let (mut anchors, mut others): (Vec<_>, Vec<_>) = listed.into_iter().partition(Certificate::is_self_issued);
        if anchors.is_empty() {
            std::mem::swap(&mut anchors, &mut others);
        }
        Self { anchors, others, crls: RevocationLists::default(), home: None, revocation: true, any_purpose: false }
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
        let others = [came, &self.others].concat();
        let inputs = PathInputs {
            purpose: PURPOSE.parse().ok().filter(|_| !self.any_purpose),
            // What the home has issued, it knows better than its CRLs; the first path decides then.
            revocation: Some(&self.crls).filter(|_| self.revocation && self.home.is_none()),
            ..PathInputs::at(now)
        };
        let judgement = path::validate(signer, &others, &self.anchors, &inputs);
        let mut flaws = usage_flaws(signer, self.any_purpose);
        for flaw in judgement.flaws {
            if !flaws.iter().any(|known| (known.certificate, known.check) == (flaw.certificate, flaw.check)) {
                flaws.push(flaw);
            }
        }
        if self.revocation && self.home.is_some() && judgement.is_anchored {
            for index in 0..judgement.path.len().saturating_sub(1) {
                flaws.extend(self.revocation_flaw(index, &judgement.path, &others, now)?);
            }
        }
        Ok((judgement.path, flaws))
    }

    fn revocation_flaw(
        &self,
        index: usize,
        path: &[Certificate],
        others: &[Certificate],
        now: Timestamp,
    ) -> Result<Option<PathFlaw>, Error> {
        let [certificate, issuer, ..] = path.get(index..).unwrap_or_default() else { return Ok(None) };
        let name = certificate.display_name();
        if let Some(entry) = self.entry(certificate)? {
            return Ok(entry.revoked.map(|(at, reason)| {
                let text = format!("the certificate of `{name}` is revoked since {at}, {reason}");
                PathFlaw::new(index, Check::Revocation, text).of_kind(FlawKind::Revoked)
            }));
        }
        if self.entry(issuer)?.is_some() {
            // No certificate of a CA of the home exists outside its log: this one was made with its key outside of the home.
            let text = format!("the home has not issued the certificate of `{name}` to its log's knowledge");
            return Ok(Some(PathFlaw::new(index, Check::Revocation, text)));
        }
        Ok(path::revocation_flaw(index, path, others, &self.crls, now))
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
        flaws.push(PathFlaw::new(0, Check::BasicConstraints, format!("`{name}` is a CA, and CAs sign no messages")));
    }
    if signer.has_key_usage && !signer.key_usage.contains(&KeyUsage::DigitalSignature) {
        flaws.push(PathFlaw::new(0, Check::KeyUsage, format!("the key usage of `{name}` lacks digitalSignature")));
    }
    if !any_purpose && !signer.allows(PURPOSE) {
        let listed = signer.extended_key_usage.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let text = format!("the certificate of `{name}` is for {listed}, not for messages ({PURPOSE})");
        flaws.push(PathFlaw::new(0, Check::ExtendedKeyUsage, text));
    }
    flaws
}
