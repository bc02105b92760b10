//! Rotate: a new certificate for the same thing, in the same files.

pub mod due;
pub mod many;
pub mod mend;
mod new_key;
mod owed;

use certroll_pki::digest::KeyHash;
use std::sync::Arc;

use self::many::Run;
use self::new_key::{NewKey, RotationAsked, issuers_key, new_key};
use self::owed::{by_another, finish, owed};
use super::delivery::installed::{held_key, outputs};
use super::delivery::name_lock::NameLock;
use super::delivery::{self, ExpectedKey, Material, Output, Password};
use super::issuance::brought::BroughtRequest;
use super::issuance::context::IssuingContext;
use super::issuance::pipeline::{self, IssuancePlan, Proposal, Started};
use super::issuance::request::{IssueAct, IssueOutcome};
use super::issuance::resume as earlier_run;
use super::issuance::subject_key::key_error;
use super::service::{self, Again, Delivery};
use super::session::Session;
use super::session::attempt::Attempt;
use super::session::shared::SharedSession;
use super::signing::announce::RequestContext;
use super::signing::poll;
use super::signing::record::InventoryFields;
use super::signing::record::IssuedCertificate;
use crate::audit::record::facts::Why;
use crate::error::{Error, ErrorKind};
use crate::hint::certificate::CertificateHint;
use crate::hint::issuer::AuthorityHint;
use crate::issuer::{self, KeyCustody};
use crate::policy::Request;
use crate::store::{CertificateEntry, Change, OpenIntent, Query, RequestSpec, Selector};
use crate::template::{Template, TemplateInputs};
use certroll_pki::key::KeyPair;
use certroll_pki::key::kind::PublicKeyKind;
use certroll_pki::name::distinguished_name::DistinguishedName;

pub use self::due::due;

/// How to rotate.
pub struct RotateRequest {
    /// Keep the key; by default a new one is made.
    pub reuse_key: bool,
    /// A new request, for a certificate whose key was never ours.
    pub request: Option<BroughtRequest>,
    /// The issuer of the new one, in place of that of the old one; later rotations ask it as well.
    pub issuer: Option<String>,
    /// The password of its keystores, when the remembered password file does not exist or does not fit.
    pub password: Option<Password>,
    /// For what reason.
    pub why: Option<Arc<Why>>,
}

/// Rotates one certificate: the new one replaces it in the inventory and in every file it was written to.
///
/// The predecessor of each file stays beside it and can be restored.
///
/// # Errors
/// As [`crate::lifecycle::issuance::issue::issue`]; of kind [`ErrorKind::Deploy`] the new certificate is issued.
pub fn rotate(session: &mut Session, old: &CertificateEntry, asked: &RotateRequest) -> Result<IssueOutcome, Error> {
    let begun = Run::begin(session);
    let run = attempt(old, asked).ended(session, begun)?;
    one(&SharedSession::of(session), &run, old, asked)
}

/// Rotates one certificate of a run of several.
pub(super) fn one(
    shared: &SharedSession<'_>,
    run: &Run,
    old: &CertificateEntry,
    asked: &RotateRequest,
) -> Result<IssueOutcome, Error> {
    let ended = rotate_as_asked(shared, run, old, asked);
    attempt(old, asked).ended(&mut shared.lock(), ended)
}

fn attempt(old: &CertificateEntry, asked: &RotateRequest) -> Attempt {
    Attempt::to_issue(&old.name, Some(&old.template), asked.why.clone())
}

fn rotate_as_asked(
    shared: &SharedSession<'_>,
    run: &Run,
    old: &CertificateEntry,
    asked: &RotateRequest,
) -> Result<IssueOutcome, Error> {
    let mut memory = old.request.clone().ok_or_else(|| {
        let message = format!("`{}` was not asked for here, so what to ask for is not known", old.name);
        Error::new(ErrorKind::Usage, message).hint(CertificateHint::Show)
    })?;
    if let Some(issuer) = &asked.issuer {
        memory.issuer.clone_from(issuer);
    }
    let request = asked.request.as_ref().map(BroughtRequest::admit).transpose()?;
    if let Some(request) = &request {
        request.refuse_other_than(old)?;
    }
    let asked = &RotationAsked {
        reuse_key: asked.reuse_key,
        request,
        why: asked.why.clone(),
        password: asked.password.as_ref(),
    };
    run.refuse_limited(&memory.issuer)?;
    let home = shared.lock().home.clone();
    let _lock = NameLock::of(&home, &old.name)?;
    let mut session = shared.lock();
    session.journal.require_clock()?;
    if let Some(done) = by_another(&session, old)? {
        return Ok(done);
    }
    let outputs = outputs(&session, old, asked.password)?;
    if let Some(owed) = owed(&session, old)? {
        drop(session);
        return finish(shared, owed, outputs);
    }
    let earlier = earlier(&mut session, run, old, &memory, asked, &outputs)?;
    drop(session);
    match earlier {
        Some(EarlierRotation::Open(issuer, intent)) => {
            let made = poll::resume(shared, &*issuer, *intent).inspect_err(|error| run.heed(&memory.issuer, error))?;
            earlier_run::hand_out(shared, made, outputs, Again::WhatDiffers)
        }
        Some(EarlierRotation::Recorded(made)) => earlier_run::hand_out(shared, *made, outputs, Again::WhatDiffers),
        None => anew(shared, run, old, memory, asked, outputs),
    }
}

/// Asks for a new certificate, and writes it where the old one is.
fn anew(
    shared: &SharedSession<'_>,
    run: &Run,
    old: &CertificateEntry,
    memory: RequestSpec,
    asked: &RotationAsked<'_>,
    outputs: Vec<Output>,
) -> Result<IssueOutcome, Error> {
    let issuer = memory.issuer.clone();
    let (template, issuing) = issuing(&mut shared.lock(), run, old, &memory)?;
    let custody = issuing.issuer.capabilities().key_custody;
    let key = match custody {
        KeyCustody::Local => new_key(shared, old, &memory, asked, &outputs)?,
        KeyCustody::Issuer | KeyCustody::Exported => issuers_key(&memory, asked, &*issuing.issuer)?,
    };
    let mut session = shared.lock();
    let has_key = key.own.is_some() || custody == KeyCustody::Exported;
    let kind = key.own.as_ref().map(KeyPair::algorithm).or(key.theirs).map(PublicKeyKind::from);
    let expected = match &kind {
        Some(kind) if has_key => ExpectedKey::Kind(kind),
        _ => ExpectedKey::Elsewhere,
    };
    delivery::preflight(&session, &old.name, &outputs, expected)?;
    // A key that left the home went to a place that is not remembered: there the next one is to go, too.
    let stays = outputs.is_empty() && (key.own.is_none() || held_key(&session, old)?.is_some());
    let begun = begin(&mut session, (&template, &issuing), (old, memory), asked, &key, stays)?;
    drop(session);
    let made = match begun {
        Started::Issued(made) => *made,
        Started::Intended(intended) => {
            poll::begin(shared, &*issuing.issuer, *intended).inspect_err(|error| run.heed(&issuer, error))?
        }
    };
    let key = match key.own {
        Some(key) => Some(key.to_pkcs8().map_err(key_error)?),
        None => held_key(&shared.lock(), &made.entry)?,
    };
    let material = Material { key, chain: made.chain };
    let delivery = Delivery { outputs: &outputs, material: &material, op: made.op, again: Again::Everything };
    let files = service::deliver(shared, &made.entry, &delivery)?;
    Ok(IssueOutcome {
        key_kept: material.key.is_some() && !outputs.iter().any(|output| output.form.has_key()),
        act: IssueAct::Issued,
        entry: made.entry,
        chain: material.chain,
        files,
    })
}

/// The template and the opened issuer of a certificate.
fn issuing(
    session: &mut Session,
    run: &Run,
    old: &CertificateEntry,
    memory: &RequestSpec,
) -> Result<(Template, Arc<IssuingContext>), Error> {
    let template = session.template(&memory.template)?.clone();
    if template.kind() != crate::template::TemplateKind::EndEntity {
        return Err(Error::new(
            ErrorKind::Unsupported,
            format!("`{}` is a CA: its certificates must be reissued with it", old.name),
        )
        .hint(AuthorityHint::CreateSuccessor));
    }
    let issuing = run.issuing(session, &template, &memory.issuer)?;
    Ok((template, issuing))
}

/// Up to the certificate, or to the intent of one from elsewhere.
fn begin(
    session: &mut Session,
    (template, issuing): (&Template, &IssuingContext),
    (old, memory): (&CertificateEntry, RequestSpec),
    asked: &RotationAsked<'_>,
    NewKey { own: key, csr, theirs }: &NewKey,
    stays: bool,
) -> Result<Started, Error> {
    let content = content(session, old, &memory, issuing)?;
    let spki = csr
        .as_ref()
        .map_or_else(|| key.as_ref().map(|k| k.spki().to_vec()).unwrap_or_default(), |c| c.get().spki.clone());
    let kind = key.as_ref().map(KeyPair::algorithm).or(*theirs).map(PublicKeyKind::from);
    let key_kind = kind.clone().unwrap_or_else(|| PublicKeyKind::of(&spki));
    let context = RequestContext {
        template: (memory.template.clone(), template.digest()),
        issuer: issuing.issuer.name().to_owned(),
        issuer_kind: issuing.issuer.kind(),
        why: asked.why.clone(),
    };
    let key_told = match (&kind, asked.reuse_key) {
        (Some(kind), _) if theirs.is_some() => format!("made by the issuer, {kind}"),
        (Some(kind), true) => format!("reused {kind}"),
        (Some(kind), false) => format!("generated {kind}"),
        (None, _) => "brought as a request".to_owned(),
    };
    let spec = RequestSpec { key: kind, ..memory };
    let request_digest = spec.digest(&old.name);
    let request = Request {
        name: old.name.clone(),
        template: old.template.clone(),
        content,
        spki,
        csr: csr.as_ref().map(|csr| csr.get().der.clone()),
        replaces: Some(old.fingerprint),
        key: *theirs,
        tolerated: Vec::new(),
        predecessor: Some(session.journal.store().certificate_der(old)?),
    };
    let inventory = InventoryFields {
        key_kind,
        request: spec,
        request_digest,
        renew_before: template.renew_before(),
        key: None,
        chain: Vec::new(),
        delivered: stays,
    };
    let own_key = key.is_some() || theirs.is_some();
    let plan = IssuancePlan {
        context,
        proposal: Proposal { request, key: key_told, own_key, inventory },
        key: key.as_ref(),
        // The successor of a revoked certificate begins where the name has no current one.
        expected: Change::ExpectCurrent { name: old.name.clone(), id: old.revoked.is_none().then_some(old.id) },
        replaced: Some(old.id),
        authority: None,
    };
    pipeline::begin(session, issuing, template, plan)
}

/// What an earlier run of the same rotation began.
enum EarlierRotation {
    /// Its request is still open.
    Open(Box<dyn issuer::Issuer>, Box<OpenIntent>),
    /// Its certificate is on record, and not handed out.
    Recorded(Box<IssuedCertificate>),
}

/// What an earlier run of the same rotation began; `None` when none did.
fn earlier(
    session: &mut Session,
    run: &Run,
    old: &CertificateEntry,
    memory: &RequestSpec,
    asked: &RotationAsked<'_>,
    outputs: &[Output],
) -> Result<Option<EarlierRotation>, Error> {
    let has_key = asked.request.is_none();
    let expected = if has_key { ExpectedKey::Here } else { ExpectedKey::Elsewhere };
    let spki = asked.request.as_ref().map(|request| KeyHash::of(&request.get().spki));
    let spki = spki.or(asked.reuse_key.then_some(old.key_hash));
    if let Some(open) = run.take(&old.name) {
        let same = match spki {
            Some(spki) => open.intent.key_hash() == Some(spki),
            None => open.intent.key_hash() != Some(old.key_hash),
        };
        let digest = RequestSpec { key: memory.key.clone().filter(|_| has_key), ..memory.clone() }.digest(&old.name);
        let intent = earlier_run::of_the_same(open, same, (&digest, Some(&old.fingerprint)))?;
        delivery::preflight(session, &old.name, outputs, expected)?;
        return Ok(Some(EarlierRotation::Open(session.issuer(&intent.issuer)?, Box::new(intent))));
    }
    // Found at the issuer a moment ago, or recorded by a run that was killed before it wrote the files.
    let current = session.journal.store().certificates(&Query::current_of(&old.name))?.pop();
    let row = session.journal.store().certificates(&Query::of(Selector::Fingerprint(old.fingerprint)))?.pop();
    let successor = row.and_then(|row| row.replaced_by);
    let Some(entry) = current.filter(|entry| !entry.delivered && successor == Some(entry.fingerprint)) else {
        return Ok(None);
    };
    delivery::preflight(session, &old.name, outputs, expected)?;
    Ok(Some(EarlierRotation::Recorded(Box::new(earlier_run::recorded(session, entry)?))))
}

fn content(
    session: &Session,
    old: &CertificateEntry,
    memory: &RequestSpec,
    issuing: &IssuingContext,
) -> Result<certroll_pki::x509::signing::CertificateContent, Error> {
    let broken =
        || Error::new(ErrorKind::Verification, format!("what was asked for `{}` cannot be read back", old.name));
    let subject =
        memory.subject.as_deref().map(DistinguishedName::parse).transpose().map_err(|e| broken().because(e))?;
    let lifetime = memory.lifetime.as_deref().map(str::parse).transpose();
    let inputs = TemplateInputs {
        name: &old.name,
        subject: subject.as_ref(),
        names: &memory.names,
        parameters: &memory.parameters,
        lifetime: lifetime.map_err(|error: certroll_pki::x509::validity::InvalidDuration| broken().because(error))?,
        now: session.clock.now(),
        profile: &issuing.profile,
    };
    Ok(session.template(&memory.template)?.apply(&inputs)?)
}
