//! Create a CA: a root that signs itself, or one signed by another CA of the home.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::authority_key::OwnKey;
use super::context::IssuingContext;
use super::pipeline::{self, IssuancePlan, Proposal};
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Outcome, Why};
use crate::error::{Error, ErrorKind};
use crate::hint::issuer::AuthorityHint;
use crate::issuer::{Founding, PrivateCa};
use crate::lifecycle::layout::in_force;
use crate::lifecycle::recovery;
use crate::lifecycle::session::attempt::Attempt;
use crate::lifecycle::session::{self, Session};
use crate::lifecycle::signing::announce::RequestContext;
use crate::lifecycle::signing::record::InventoryFields;
use crate::lifecycle::signing::record::IssuedCertificate;
use crate::policy::Request;
use crate::store::{Authority, CertificateEntry, Change, Pointers, RequestSpec};
use crate::template::{IssuerPointers, Overrides, Template, TemplateInputs, TemplateKind};
use certroll_base::durable;
use certroll_keystore::pem as pem_format;
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::x509::signing;
use certroll_pki::x509::validity::Lifetime;

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

/// Creates a CA; its key is encrypted in the home, or stays where it is, and its certificate is written into the home.
///
/// # Errors
/// The name is taken, policy refuses, or the parent cannot sign.
pub fn create(session: &mut Session, asked: CreateRequest) -> Result<CertificateEntry, Error> {
    let attempt = Attempt::to_issue(&asked.name, asked.template.as_deref(), asked.why.clone());
    let ended = create_as_asked(session, asked);
    attempt.ended(session, ended)
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

/// Has the certificate signed, by the parent if there is one, and makes the CA an issuer of the home.
fn sign(
    session: &mut Session,
    asked: CreateRequest,
    template: &Template,
    (parent, above): (Option<Authority>, Option<IssuingContext>),
    key: &OwnKey,
) -> Result<CertificateEntry, Error> {
    let template_name = template.name().to_owned();
    let issuing = match above {
        Some(issuing) => issuing,
        None => founding_context(template, &asked, key, session)?,
    };
    let parameters = BTreeMap::new();
    let content = template.apply(&TemplateInputs {
        name: &asked.name,
        subject: asked.subject.as_ref(),
        names: &[],
        parameters: &parameters,
        lifetime: asked.lifetime,
        now: session.clock.now(),
        profile: &issuing.profile,
    });
    let content = content?;
    let remembered = RequestSpec {
        template: template_name.clone(),
        issuer: issuing.issuer.name().to_owned(),
        subject: asked.subject.as_ref().map(ToString::to_string),
        names: Vec::new(),
        parameters,
        lifetime: asked.lifetime.map(|lifetime| lifetime.to_string()),
        key: Some(key.algorithm.into()),
    };
    let request_digest = remembered.digest(&asked.name);
    let renew_before = template.renew_before();
    let context = RequestContext {
        template: (template_name.clone(), template.digest()),
        issuer: issuing.issuer.name().to_owned(),
        issuer_kind: issuing.issuer.kind(),
        why: asked.why.clone(),
    };
    let key_file = key.keep(session, &asked.name)?;
    let request = Request {
        name: asked.name.clone(),
        template: template_name,
        content,
        spki: key.spki.clone(),
        csr: None,
        replaces: None,
        key: None,
        predecessor: None,
        tolerated: Vec::new(),
    };
    let inventory = InventoryFields {
        key_kind: key.algorithm.into(),
        request: remembered,
        request_digest,
        renew_before,
        key: None,
        chain: Vec::new(),
        delivered: true,
    };
    let plan = IssuancePlan {
        context,
        proposal: Proposal { request, key: format!("{}, {}", key.algorithm, key.place), own_key: true, inventory },
        // The CA's key lies in its own file or elsewhere, not with the intent.
        key: None,
        expected: Change::ExpectCurrent { name: asked.name.clone(), id: None },
        replaced: None,
    };
    let made = pipeline::issue_one(session, &issuing, template, plan)?;
    let authority = Authority {
        name: asked.name,
        parent: parent.map(|parent| parent.name),
        certificate: made.entry.fingerprint,
        key_file,
        pointers: asked.pointers,
    };
    register(session, authority, &made)?;
    Ok(made.entry)
}

/// The CA becomes an issuer of the home, and its certificate is put beside its key.
fn register(session: &mut Session, authority: Authority, made: &IssuedCertificate) -> Result<(), Error> {
    let mut record = session.journal.draft(Event::IssuerAdd, Outcome::Ok, made.op);
    record.x.insert("issuer".to_owned(), authority.name.clone().into());
    record.x.insert("kind".to_owned(), "private-ca".into());
    let file = session.home.authorities().join(format!("{}.pem", authority.name));
    let remembered = in_force::remember_issuer(&authority);
    session.journal.commit(vec![record], vec![Change::AddAuthority(authority), remembered])?;
    let text = pem_format::chain_text(&made.chain);
    durable::write(&file, text.as_bytes(), durable::PUBLIC)
        .map_err(|error| Error::file(&file, "write", error).of_kind(ErrorKind::Deploy))
}

fn check_name(session: &Session, name: &str) -> Result<(), Error> {
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
fn founding_context(
    template: &Template,
    asked: &CreateRequest,
    key: &OwnKey,
    session: &Session,
) -> Result<IssuingContext, Error> {
    let profile = template.profile(&IssuerPointers::default(), &asked.overrides)?;
    let parameters = BTreeMap::new();
    let inputs = TemplateInputs {
        name: &asked.name,
        subject: asked.subject.as_ref(),
        names: &[],
        parameters: &parameters,
        lifetime: asked.lifetime,
        now: session.clock.now(),
        profile: &profile,
    };
    let subject = template.apply(&inputs)?.subject;
    let key_id = signing::subject_key_id(&profile, &key.spki);
    let key_id = key_id.map_err(|error| Error::new(ErrorKind::Failed, "the key cannot be named").because(error))?;
    let founding = Founding { subject, key_id, algorithm: key.algorithm };
    let issuer = Box::new(PrivateCa::found(&asked.name, founding, key.signing.clone()));
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
