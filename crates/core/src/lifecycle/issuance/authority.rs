//! Create a CA: a root that signs itself, or one signed by another CA of the home.

use std::sync::Arc;

use super::authority_key::OwnKey;
use super::authority_plan::{self, AuthorityCertificate};
use super::authority_row::{self, AuthorityChange};
use super::context::IssuingContext;
use super::pipeline;
use crate::audit::record::facts::Why;
use crate::error::{Error, ErrorKind};
use crate::hint::issuer::AuthorityHint;
use crate::issuer::{Founding, PrivateCa};
use crate::lifecycle::recovery;
use crate::lifecycle::session::attempt::Attempt;
use crate::lifecycle::session::{self, Session};
use crate::store::{Authority, CertificateEntry, Pointers};
use crate::template::{IssuerPointers, Overrides, Template, TemplateKind};
use certroll_pki::digest::Fingerprint;
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::x509::extensions::ExtensionProfile;
use certroll_pki::x509::signing;
use certroll_pki::x509::validity::{Lifetime, Validity};

pub use super::authority_key::AuthorityKey;

/// What is asked for.
pub struct CreateRequest {
    /// The name as an issuer.
    pub name: String,
    /// The template; `root-ca`, or `issuing-ca` under a parent, when `None`.
    pub template: Option<String>,
    /// The CA that signs it; `None` for a root.
    pub parent: Option<String>,
    /// The subject, in place of the template's.
    pub subject: Option<DistinguishedName>,
    /// The key.
    pub key: AuthorityKey,
    /// The lifetime, in place of the template's.
    pub lifetime: Option<Lifetime>,
    /// Path length and name constraints.
    pub overrides: Overrides,
    /// URIs for what it will issue.
    pub pointers: Pointers,
    /// For what reason.
    pub why: Option<Arc<Why>>,
}

impl CreateRequest {
    fn certificate(&self) -> AuthorityCertificate<'_> {
        AuthorityCertificate {
            name: &self.name,
            subject: self.subject.as_ref(),
            lifetime: self.lifetime,
            why: self.why.clone(),
            csr: None,
            replaces: None,
        }
    }
}

/// Creates a CA; its key is encrypted in the home, or stays where it is, and its certificate is written into the home.
///
/// # Errors
/// The name is taken, policy refuses, or the parent cannot sign.
pub fn create(session: &mut Session, asked: CreateRequest) -> Result<CertificateEntry, Error> {
    let attempt = Attempt::to_issue(&asked.name, asked.template.as_deref(), asked.why.clone());
    let ended = create_as_asked(session, asked);
    attempt.ended(session, ended)
}

/// What a CA will be, before anything is made: as it cannot be changed later.
pub struct AuthorityPreview {
    /// The subject.
    pub subject: DistinguishedName,
    /// From when until when.
    pub validity: Validity,
    /// The extensions, path length and name constraints among them.
    pub profile: Arc<ExtensionProfile>,
}

/// Looks ahead; makes nothing, and asks no policy.
///
/// # Errors
/// The name is taken or none, there is no such template, or it cannot be applied.
pub fn preview(session: &Session, asked: &CreateRequest) -> Result<AuthorityPreview, Error> {
    check_name(session, &asked.name)?;
    let default = if asked.parent.is_some() { "issuing-ca" } else { "root-ca" };
    let template = session.template(asked.template.as_deref().unwrap_or(default))?;
    let profile = template.profile(&IssuerPointers::default(), &asked.overrides)?;
    let content = authority_plan::content(template, &asked.certificate(), &profile, session.clock.now())?;
    Ok(AuthorityPreview { subject: content.subject, validity: content.validity, profile })
}

fn create_as_asked(session: &mut Session, asked: CreateRequest) -> Result<CertificateEntry, Error> {
    recovery::recover(session)?;
    session.journal.require_clock()?;
    check_name(session, &asked.name)?;
    let parent = asked.parent.as_deref().map(|name| session.authority(Some(name))).transpose()?;
    let default = if parent.is_some() { "issuing-ca" } else { "root-ca" };
    let template_name = asked.template.clone().unwrap_or_else(|| default.to_owned());
    let template = &session.template(&template_name)?.clone();
    check_kind(template, parent.is_some())?;
    let above =
        parent.as_ref().map(|parent| IssuingContext::open(session, template, Some(&parent.name), &asked.overrides));
    let above = above.transpose()?;
    let key = OwnKey::of(session, &asked.key, template)?;
    let remains = key.remains();
    let signed = sign(session, asked, template, (parent, above), &key);
    signed.map_err(|error| match remains {
        Some(place) => error.hint(AuthorityHint::UseMadeKey(place)),
        None => error,
    })
}

/// Has the certificate signed, by the parent if there is one; with its record the CA becomes an issuer of the home.
fn sign(
    session: &mut Session,
    asked: CreateRequest,
    template: &Template,
    (parent, above): (Option<Authority>, Option<IssuingContext>),
    key: &OwnKey,
) -> Result<CertificateEntry, Error> {
    let issuing = match above {
        Some(issuing) => issuing,
        None => founding_context(template, &asked.certificate(), &asked.overrides, key, session)?,
    };
    let key_file = key.keep(session, &asked.name)?;
    // The digest of the certificate is not known before it is signed.
    let authority = Authority {
        name: asked.name.clone(),
        parent: parent.map(|parent| parent.name),
        certificate: Fingerprint::new([0; 32]),
        key_file,
        pointers: asked.pointers.clone(),
    };
    let change = AuthorityChange::Add(authority);
    let plan = authority_plan::plan(session, &issuing, template, &asked.certificate(), key, change)?;
    let made = pipeline::issue_one(session, &issuing, template, plan)?;
    authority_row::publish(session, &asked.name)?;
    Ok(made.entry)
}

pub(crate) fn check_name(session: &Session, name: &str) -> Result<(), Error> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
        return Err(Error::new(ErrorKind::Usage, format!("`{name}` cannot be the name of a CA"))
            .hint("use letters, digits, `-`, `_` and `.`: it becomes a file name"));
    }
    if session.journal.store().authorities()?.iter().any(|authority| authority.name == name) {
        return Err(Error::new(ErrorKind::Usage, format!("there is a CA named `{name}` already"))
            .hint(AuthorityHint::SeeExisting(name.to_owned())));
    }
    Ok(())
}

fn check_kind(template: &Template, has_parent: bool) -> Result<(), Error> {
    let name = template.name();
    match (template.kind(), has_parent) {
        (TemplateKind::RootCa, false) | (TemplateKind::Ca, true) => Ok(()),
        (TemplateKind::RootCa, true) => {
            Err(Error::new(ErrorKind::Usage, format!("template `{name}` is for a root, which signs itself"))
                .hint(AuthorityHint::NoIssuerForRoot))
        }
        (TemplateKind::Ca, false) => {
            Err(Error::new(ErrorKind::Usage, format!("template `{name}` is for a CA below another one"))
                .hint(AuthorityHint::NeedsIssuer))
        }
        (TemplateKind::EndEntity, _) => {
            Err(Error::new(ErrorKind::Usage, format!("template `{name}` is not for a CA")).hint(AuthorityHint::NotOne))
        }
    }
}

/// A root is its own issuer before it has a certificate.
pub(super) fn founding_context(
    template: &Template,
    asked: &AuthorityCertificate<'_>,
    overrides: &Overrides,
    key: &OwnKey,
    session: &Session,
) -> Result<IssuingContext, Error> {
    let profile = template.profile(&IssuerPointers::default(), overrides)?;
    let subject = authority_plan::content(template, asked, &profile, session.clock.now())?.subject;
    let key_id = signing::subject_key_id(&profile, &key.spki);
    let key_id = key_id.map_err(|error| Error::new(ErrorKind::Failed, "the key cannot be named").because(error))?;
    let founding = Founding { subject, key_id, algorithm: key.algorithm };
    let issuer = Box::new(PrivateCa::found(asked.name, founding, key.signing.clone()));
    Ok(IssuingContext { issuer, chain: Vec::new(), issuer_key: None, profile })
}

/// The certificates of a CA and those above it, nearest first: what its relying parties must trust.
///
/// # Errors
/// The inventory lacks one.
pub fn chain(
    view: &session::View,
    authority: &Authority,
) -> Result<Vec<certroll_pki::x509::certificate::Certificate>, Error> {
    session::authority_chain(&*view.store, authority)
}
