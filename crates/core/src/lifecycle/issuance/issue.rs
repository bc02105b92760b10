//! Issue one certificate.

use super::context::IssuingContext;
use super::pipeline::{self, IssuancePlan, Proposal};
use super::request::{IssueAct, IssueOutcome, IssueRequest, KeySource};
use super::resume::again;
use super::subject_key::{self, Keys, key_error};
use crate::error::{Error, ErrorKind};
use crate::hint::certificate::CertificateHint;
use crate::hint::issuer::AuthorityHint;
use crate::issuer::KeyCustody;
use crate::lifecycle::delivery::installed::held_key;
use crate::lifecycle::delivery::name_lock::NameLock;
use crate::lifecycle::delivery::{self, ExpectedKey, Material};
use crate::lifecycle::recovery;
use crate::lifecycle::service::{self, Again, Delivery};
use crate::lifecycle::session::Session;
use crate::lifecycle::session::attempt::Attempt;
use crate::lifecycle::session::shared::SharedSession;
use crate::lifecycle::signing::announce::RequestContext;
use crate::lifecycle::signing::record::InventoryFields;
use crate::policy::Request;
use crate::store::{CertificateEntry, Change, IntentKind, Query};
use crate::template::{Overrides, Template, TemplateInputs};
use certroll_pki::key::KeyPair;
use certroll_pki::key::kind::PublicKeyKind;

/// Issues one certificate and writes it where asked.
///
/// When it returns `Ok`, the record is durable and under a checkpoint, and every file is in place.
///
/// # Errors
/// [`Error`]; of kind [`ErrorKind::Deploy`] the certificate is issued, of any other kind nothing is.
pub fn issue(session: &mut Session, asked: IssueRequest) -> Result<IssueOutcome, Error> {
    let attempt = Attempt::to_issue(&asked.name, Some(&asked.template), asked.why.clone());
    let ended = issue_as_asked(session, asked, &Subject::EndEntity);
    attempt.ended(session, ended)
}

/// Whose certificate it is.
pub(super) enum Subject {
    /// Everything that signs no certificates.
    EndEntity,
    /// A CA of others, whose request was brought; with what is asked of it beside the template.
    OthersAuthority(Overrides),
}

impl Subject {
    /// What is asked of it beside the template, which must be one for it.
    fn overrides(&self, template: &Template, is_brought: bool) -> Result<Overrides, Error> {
        match self {
            Self::EndEntity => refuse_authority(template, is_brought).map(|()| Overrides::default()),
            Self::OthersAuthority(overrides) => Ok(overrides.clone()),
        }
    }
}

pub(super) fn issue_as_asked(
    session: &mut Session,
    asked: IssueRequest,
    subject: &Subject,
) -> Result<IssueOutcome, Error> {
    let _lock = NameLock::of(&session.home, &asked.name)?;
    let mut recovered = recovery::recover(session)?;
    session.journal.require_clock()?;
    let asked = asked.with_request()?;
    let template = session.template(&asked.template)?.clone();
    let overrides = &subject.overrides(&template, matches!(asked.key, KeySource::Request(_)))?;
    let (renew_before, template_id) = (template.renew_before(), (template.name().to_owned(), template.digest()));
    if let Some(done) = again(session, &asked, &template, recovered.take(IntentKind::Issue, &asked.name))? {
        return Ok(done);
    }
    let issuing = IssuingContext::open(session, &template, asked.issuer.as_deref(), overrides)?;
    let current = session.journal.store().certificates(&Query::current_of(&asked.name))?.pop();
    refuse_second(&asked, current.as_ref())?;
    let custody = issuing.issuer.capabilities().key_custody;
    if let KeySource::Request(request) = &asked.key {
        tell_left_out(session, &asked.name, template.name(), request.left_out(&issuing.profile));
    }
    let has_key = !matches!(asked.key, KeySource::Request(_)) && custody != KeyCustody::Issuer;
    let expected = if has_key { ExpectedKey::Here } else { ExpectedKey::Elsewhere };
    delivery::preflight(session, &asked.name, &asked.outputs, expected)?;
    let Keys { own: key, spki, csr, theirs } = match custody {
        KeyCustody::Local => subject_key::ours(&asked, &template)?,
        KeyCustody::Issuer | KeyCustody::Exported => subject_key::issuers(&asked, &template, &*issuing.issuer)?,
    };
    let kind = key.as_ref().map(KeyPair::algorithm).or(theirs);
    let key_kind = kind.map_or_else(|| PublicKeyKind::of(&spki), PublicKeyKind::from);
    if has_key {
        delivery::preflight(session, &asked.name, &asked.outputs, ExpectedKey::Kind(&key_kind))?;
    }
    let spec = asked.spec(issuing.issuer.name(), kind);
    let content = template.apply(&TemplateInputs {
        name: &asked.name,
        subject: asked.subject.as_ref(),
        names: &asked.names,
        parameters: &asked.parameters,
        lifetime: asked.lifetime,
        now: session.clock.now(),
        profile: &issuing.profile,
    });
    let content = content?;
    let request = Request {
        name: asked.name.clone(),
        template: asked.template.clone(),
        content,
        csr,
        replaces: None,
        key: theirs,
        predecessor: None,
        tolerated: Vec::new(),
        spki,
    };
    let context = RequestContext {
        template: template_id,
        issuer: issuing.issuer.name().to_owned(),
        issuer_kind: issuing.issuer.kind(),
        why: asked.why.clone(),
    };
    let key_told = match (kind, theirs) {
        (None, _) => "brought as a request".to_owned(),
        (Some(kind), None) => format!("generated {kind}"),
        (Some(kind), Some(_)) => format!("made by the issuer, {kind}"),
    };
    let request_digest = spec.digest(&asked.name);
    let inventory = InventoryFields {
        key_kind,
        request: spec,
        request_digest,
        renew_before,
        key: None,
        chain: Vec::new(),
        delivered: asked.outputs.is_empty(),
    };
    let own_key = key.is_some() || theirs.is_some();
    let plan = IssuancePlan {
        context,
        proposal: Proposal { request, key: key_told, own_key, inventory },
        key: key.as_ref(),
        expected: Change::ExpectCurrent { name: asked.name.clone(), id: current.map(|entry| entry.id) },
        replaced: None,
        authority: None,
    };
    let made = pipeline::issue_one(session, &issuing, &template, plan)?;
    let key = match key {
        Some(key) => Some(key.to_pkcs8().map_err(key_error)?),
        None => held_key(session, &made.entry)?,
    };
    let material = Material { key, chain: made.chain };
    let delivery = Delivery { outputs: &asked.outputs, material: &material, op: made.op, again: Again::Everything };
    let files = service::deliver(&SharedSession::of(session), &made.entry, &delivery)?;
    Ok(IssueOutcome {
        key_kept: material.key.is_some() && !asked.outputs.iter().any(|output| output.form.has_key()),
        act: IssueAct::Issued,
        entry: made.entry,
        chain: material.chain,
        files,
    })
}

/// The template decides about usages; the requester should hear what it does not get.
pub(crate) fn tell_left_out(session: &Session, name: &str, template: &str, left_out: Option<String>) {
    if let Some(left_out) = left_out {
        let said =
            format!("the request for `{name}` also asks for {left_out}, which template `{template}` does not give");
        session.watcher.warn(&said);
    }
}

/// A CA is made by `ca create`, which keeps its key in the home: no other way may make one whose key can leave.
pub(crate) fn refuse_authority(template: &Template, is_brought: bool) -> Result<(), Error> {
    if template.kind() == crate::template::TemplateKind::EndEntity {
        return Ok(());
    }
    let name = template.name();
    if is_brought && template.kind() == crate::template::TemplateKind::Ca {
        return Err(Error::new(ErrorKind::Usage, format!("template `{name}` makes a CA"))
            .hint(AuthorityHint::SignRequest(name.to_owned())));
    }
    Err(Error::new(
        ErrorKind::Usage,
        format!("template `{name}` makes a CA, and the key of a CA does not leave the home"),
    )
    .hint(AuthorityHint::CreateFrom(name.to_owned())))
}

fn refuse_second(asked: &IssueRequest, current: Option<&CertificateEntry>) -> Result<(), Error> {
    match current {
        Some(entry) if !asked.force => {
            let name = &asked.name;
            let until = entry.validity.not_after;
            Err(Error::new(
                ErrorKind::Usage,
                format!("`{name}` has a current certificate, {} valid until {until}", entry.serial),
            )
            .hint(CertificateHint::Rotate(name.to_owned()))
            .hint(CertificateHint::IssueAnother))
        }
        _ => Ok(()),
    }
}
