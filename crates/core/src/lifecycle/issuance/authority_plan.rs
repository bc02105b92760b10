//! The certificate of a CA as it enters the pipeline: the first one, one that is asked for elsewhere, and a further one.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::authority_key::OwnKey;
use super::authority_row::AuthorityChange;
use super::context::IssuingContext;
use super::pipeline::{IssuancePlan, Proposal};
use crate::audit::record::facts::Why;
use crate::error::Error;
use crate::lifecycle::session::Session;
use crate::lifecycle::signing::announce::RequestContext;
use crate::lifecycle::signing::record::InventoryFields;
use crate::policy::Request;
use crate::store::{CertificateEntry, Change, RequestSpec};
use crate::template::{Template, TemplateInputs};
use certroll_base::clock::Timestamp;
use certroll_pki::key::kind::PublicKeyKind;
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::x509::extensions::ExtensionProfile;
use certroll_pki::x509::signing::CertificateContent;
use certroll_pki::x509::validity::Lifetime;

/// What is asked for a CA.
#[derive(Clone)]
pub(crate) struct AuthorityCertificate<'a> {
    /// The name as an issuer.
    pub(crate) name: &'a str,
    /// The subject, in place of the template's.
    pub(crate) subject: Option<&'a DistinguishedName>,
    /// The lifetime, in place of the template's.
    pub(crate) lifetime: Option<Lifetime>,
    /// For what reason.
    pub(crate) why: Option<Arc<Why>>,
    /// The certificate request that leaves, in DER, where the certificate comes from elsewhere.
    pub(crate) csr: Option<Vec<u8>>,
    /// The certificate that the new one replaces.
    pub(crate) replaces: Option<&'a CertificateEntry>,
}

/// What the certificate will contain.
///
/// # Errors
/// The template cannot be applied.
pub(crate) fn content(
    template: &Template,
    asked: &AuthorityCertificate<'_>,
    profile: &Arc<ExtensionProfile>,
    now: Timestamp,
) -> Result<CertificateContent, Error> {
    let parameters = BTreeMap::new();
    let inputs = TemplateInputs {
        name: asked.name,
        subject: asked.subject,
        names: &[],
        parameters: &parameters,
        lifetime: asked.lifetime,
        now,
        profile,
    };
    Ok(template.apply(&inputs)?)
}

/// What was asked for, as a renewal asks for it again.
pub(crate) fn spec(
    template: &Template,
    issuer: &str,
    asked: &AuthorityCertificate<'_>,
    key: Option<PublicKeyKind>,
) -> RequestSpec {
    RequestSpec {
        template: template.name().to_owned(),
        issuer: issuer.to_owned(),
        subject: asked.subject.map(ToString::to_string),
        names: Vec::new(),
        parameters: BTreeMap::new(),
        lifetime: asked.lifetime.map(|lifetime| lifetime.to_string()),
        key,
    }
}

/// The way through the pipeline. The key of a CA lies in its own file or elsewhere, not with the intent.
///
/// # Errors
/// The template cannot be applied, or the certificate that is replaced cannot be read.
pub(crate) fn plan<'k>(
    session: &Session,
    issuing: &IssuingContext,
    template: &Template,
    asked: &AuthorityCertificate<'_>,
    key: &OwnKey,
    authority: AuthorityChange,
) -> Result<IssuancePlan<'k>, Error> {
    let content = content(template, asked, &issuing.profile, session.clock.now())?;
    let remembered = spec(template, issuing.issuer.name(), asked, Some(key.algorithm.into()));
    let request_digest = remembered.digest(asked.name);
    let context = RequestContext {
        template: (template.name().to_owned(), template.digest()),
        issuer: issuing.issuer.name().to_owned(),
        issuer_kind: issuing.issuer.kind(),
        why: asked.why.clone(),
    };
    let predecessor = asked.replaces.map(|old| session.journal.store().certificate_der(old)).transpose()?;
    let request = Request {
        name: asked.name.to_owned(),
        template: template.name().to_owned(),
        content,
        spki: key.spki.clone(),
        csr: asked.csr.clone(),
        replaces: asked.replaces.map(|old| old.fingerprint),
        key: None,
        predecessor,
        tolerated: Vec::new(),
    };
    let inventory = InventoryFields {
        key_kind: key.algorithm.into(),
        request: remembered,
        request_digest,
        renew_before: template.renew_before(),
        key: None,
        chain: Vec::new(),
        delivered: true,
    };
    Ok(IssuancePlan {
        context,
        proposal: Proposal { request, key: format!("{}, {}", key.algorithm, key.place), own_key: true, inventory },
        key: None,
        expected: Change::ExpectCurrent { name: asked.name.to_owned(), id: asked.replaces.map(|old| old.id) },
        replaced: asked.replaces.map(|old| old.id),
        authority: Some(authority),
    })
}
