//! Rotate: a new certificate for the same thing, in the same files.

pub mod due;
pub mod many;

use std::sync::Arc;

use self::many::Run;
use super::delivery::acm_import;
use super::delivery::installed::{held_key, installed_key, outputs};
use super::delivery::{self, Material, Output, Password};
use super::issuance::execute::Remembered;
use super::issuance::intend::Occasion;
use super::issuance::issue::{AskedFor, Desk, IssueOutcome};
use super::issuance::pipeline::{self, Begun, Made, Making};
use super::issuance::poll;
use super::issuance::resume as earlier_run;
use super::issuance::subject_key::{key_error, makes_keys};
use super::session::Services;
use super::session::attempt::Attempt;
use super::session::shared::Turns;
use crate::audit::record::facts::Why;
use crate::error::{Error, Kind};
use crate::issuer::{self, Issuer, KeyCustody};
use crate::store::{CertificateEntry, Change, OpenIntent, Query, Selector};
use crate::template::{Inputs, Template};
use certroll_pki::key::{KeyAlgorithm, KeyPair};
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::x509::request::CertificateRequest;

pub use self::due::due;

/// How to rotate.
pub struct RotateRequest {
    /// Keep the key; by default a new one is made.
    pub reuse_key: bool,
    /// A new request, for a certificate whose key was never ours.
    pub request: Option<Box<CertificateRequest>>,
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
/// As [`issue::issue`]; of kind [`Kind::Deploy`] the new certificate is issued.
pub fn rotate(services: &mut Services, old: &CertificateEntry, asked: &RotateRequest) -> Result<IssueOutcome, Error> {
    let begun = Run::begin(services);
    let run = attempt(old, asked).ended(services, begun)?;
    one(&Turns::of(services), &run, old, asked)
}

/// Rotates one certificate of a run of several.
pub(super) fn one(
    turns: &Turns<'_>,
    run: &Run,
    old: &CertificateEntry,
    asked: &RotateRequest,
) -> Result<IssueOutcome, Error> {
    let ended = rotate_as_asked(turns, run, old, asked);
    attempt(old, asked).ended(&mut turns.take(), ended)
}

fn attempt(old: &CertificateEntry, asked: &RotateRequest) -> Attempt {
    Attempt::to_issue(&old.name, Some(&old.template), asked.why.clone())
}

fn rotate_as_asked(
    turns: &Turns<'_>,
    run: &Run,
    old: &CertificateEntry,
    asked: &RotateRequest,
) -> Result<IssueOutcome, Error> {
    let broken = |error| {
        Error::new(Kind::Verification, format!("what was asked for `{}` cannot be read back", old.name)).because(error)
    };
    let memory: AskedFor = serde_json::from_str(&old.request).map_err(broken)?;
    run.refuse_limited(&memory.issuer)?;
    let mut services = turns.take();
    services.journal.require_clock()?;
    let outputs = outputs(&services, old, asked.password.as_ref())?;
    let earlier = earlier(&mut services, run, old, &memory, asked, &outputs)?;
    drop(services);
    match earlier {
        Some(Earlier::Open(issuer, intent)) => {
            let made = poll::resume(turns, &*issuer, *intent).inspect_err(|error| run.heed(&memory.issuer, error))?;
            earlier_run::hand_out(&mut turns.take(), made, outputs)
        }
        Some(Earlier::Recorded(made)) => earlier_run::hand_out(&mut turns.take(), *made, outputs),
        None => anew(turns, run, old, memory, asked, outputs),
    }
}

/// Asks for a new certificate, and writes it where the old one is.
fn anew(
    turns: &Turns<'_>,
    run: &Run,
    old: &CertificateEntry,
    memory: AskedFor,
    asked: &RotateRequest,
    outputs: Vec<Output>,
) -> Result<IssueOutcome, Error> {
    let issuer = memory.issuer.clone();
    let (template, desk) = desk(&mut turns.take(), run, old, &memory)?;
    let custody = desk.issuer.capabilities().key_custody;
    let key = match custody {
        KeyCustody::Local => new_key(turns, old, &memory, asked, &outputs)?,
        KeyCustody::Issuer | KeyCustody::Exported => issuers_key(&memory, asked, &*desk.issuer)?,
    };
    let mut services = turns.take();
    let has_key = key.own.is_some() || custody == KeyCustody::Exported;
    delivery::preflight(&services, &outputs, has_key)?;
    let kind = key.own.as_ref().map(KeyPair::algorithm).or(key.theirs);
    acm_import::check(&services, &outputs, &kind.map(|kind| kind.to_string()).unwrap_or_default())?;
    let begun = begin(&mut services, (&template, &desk), (old, memory), asked, &key, outputs.is_empty())?;
    drop(services);
    let made = match begun {
        Begun::Made(made) => made,
        Begun::Intended(intended) => {
            poll::begin(turns, &*desk.issuer, intended).inspect_err(|error| run.heed(&issuer, error))?
        }
    };
    let key = match key.own {
        Some(key) => Some(key.to_pkcs8().map_err(key_error)?),
        None => held_key(&turns.take(), &made.entry)?,
    };
    let material = Material { key, chain: made.chain };
    let now = turns.take().clock.now();
    let written = outputs.iter().map(|output| delivery::write(output, &material, now)).collect();
    let files = delivery::record(&mut turns.take(), &made.entry, &outputs, written, made.op)?;
    Ok(IssueOutcome {
        key_kept: material.key.is_some() && !outputs.iter().any(|output| output.form.has_key()),
        entry: made.entry,
        chain: material.chain,
        files,
    })
}

/// The template and the opened issuer of a certificate.
fn desk(
    services: &mut Services,
    run: &Run,
    old: &CertificateEntry,
    memory: &AskedFor,
) -> Result<(Template, Arc<Desk>), Error> {
    let template = services.template(&memory.template)?.clone();
    if template.kind() != crate::template::Kind::EndEntity {
        return Err(Error::new(
            Kind::Unsupported,
            format!("`{}` is a CA: its certificates must be reissued with it", old.name),
        )
        .hint("create its successor with `certroll ca create`"));
    }
    let desk = run.desk(services, &template, &memory.issuer)?;
    Ok((template, desk))
}

/// Up to the certificate, or to the intent of one from elsewhere.
fn begin(
    services: &mut Services,
    (template, desk): (&Template, &Desk),
    (old, memory): (&CertificateEntry, AskedFor),
    asked: &RotateRequest,
    NewKey { own: key, csr, theirs }: &NewKey,
    stays: bool,
) -> Result<Begun, Error> {
    let content = content(services, old, &memory, desk)?;
    let spki =
        csr.as_ref().map_or_else(|| key.as_ref().map(|k| k.spki().to_vec()).unwrap_or_default(), |c| c.spki.clone());
    let kind = key.as_ref().map(KeyPair::algorithm).or(*theirs).map(|kind| kind.to_string());
    let key_kind = kind.clone().unwrap_or_else(|| certroll_pki::verify::signature::key_description(&spki));
    let occasion = Occasion {
        template: (memory.template.clone(), template.sha256()),
        issuer: desk.issuer.name().to_owned(),
        issuer_kind: desk.issuer.kind(),
        key: match (&kind, asked.reuse_key) {
            (Some(kind), _) if theirs.is_some() => format!("made by the issuer, {kind}"),
            (Some(kind), true) => format!("reused {kind}"),
            (Some(kind), false) => format!("generated {kind}"),
            (None, _) => "brought as a request".to_owned(),
        },
        why: asked.why.clone(),
    };
    let (request, request_sha256) = AskedFor { key: kind, ..memory }.seal(&old.name);
    let making = Making {
        occasion,
        request: issuer::Request {
            name: old.name.clone(),
            template: old.template.clone(),
            content,
            spki,
            csr: csr.as_ref().map(|csr| csr.der.clone()),
            replaces: Some(old.sha256),
            key: *theirs,
            tolerated: Vec::new(),
            predecessor: Some(services.journal.store().certificate_der(old)?),
        },
        own_key: key.is_some() || theirs.is_some(),
        key: key.as_ref(),
        expected: Change::ExpectCurrent { name: old.name.clone(), id: Some(old.id) },
        replaced: Some(old.id),
        remembered: Remembered {
            key_kind,
            request,
            request_sha256,
            renew_before: template.renew_before(),
            key: None,
            chain: Vec::new(),
            delivered: stays,
        },
    };
    pipeline::begin(services, desk, making)
}

/// What an earlier run of the same rotation began.
enum Earlier {
    /// Its request is still open.
    Open(Box<dyn issuer::Issuer>, Box<OpenIntent>),
    /// Its certificate is on record, and not handed out.
    Recorded(Box<Made>),
}

/// What an earlier run of the same rotation began; `None` when none did.
fn earlier(
    services: &mut Services,
    run: &Run,
    old: &CertificateEntry,
    memory: &AskedFor,
    asked: &RotateRequest,
    outputs: &[Output],
) -> Result<Option<Earlier>, Error> {
    let has_key = asked.request.is_none();
    let spki = asked.request.as_ref().map(|request| certroll_base::encoding::sha256(&request.spki));
    let spki = spki.or(asked.reuse_key.then_some(old.spki_sha256));
    if let Some(open) = run.take(&old.name) {
        let same = match spki {
            Some(spki) => open.intent.subject == Some(spki),
            None => open.intent.subject != Some(old.spki_sha256),
        };
        let digest = AskedFor { key: memory.key.clone().filter(|_| has_key), ..memory.clone() }.seal(&old.name).1;
        let intent = earlier_run::of_the_same(open, same, (&digest, Some(&old.sha256)))?;
        delivery::preflight(services, outputs, has_key)?;
        return Ok(Some(Earlier::Open(services.issuer(&intent.issuer)?, Box::new(intent))));
    }
    // Found at the issuer a moment ago, or recorded by a run that was killed before it wrote the files.
    let current = services.journal.store().certificates(&Query::current_of(&old.name))?.pop();
    let row = services.journal.store().certificates(&Query::of(Selector::Sha256(old.sha256)))?.pop();
    let successor = row.and_then(|row| row.replaced_by);
    let Some(entry) = current.filter(|entry| !entry.delivered && successor == Some(entry.sha256)) else {
        return Ok(None);
    };
    delivery::preflight(services, outputs, has_key)?;
    Ok(Some(Earlier::Recorded(Box::new(earlier_run::recorded(services, entry)?))))
}

fn content(
    services: &Services,
    old: &CertificateEntry,
    memory: &AskedFor,
    desk: &Desk,
) -> Result<certroll_pki::x509::signing::CertificateContent, Error> {
    let broken = || Error::new(Kind::Verification, format!("what was asked for `{}` cannot be read back", old.name));
    let subject =
        memory.subject.as_deref().map(DistinguishedName::parse).transpose().map_err(|e| broken().because(e))?;
    let names = memory.names.iter().map(|name| GeneralName::parse(name)).collect::<Result<Vec<_>, _>>();
    let lifetime = memory.lifetime.as_deref().map(str::parse).transpose();
    let inputs = Inputs {
        name: &old.name,
        subject: subject.as_ref(),
        names: &names.map_err(|error| broken().because(error))?,
        parameters: &memory.parameters,
        lifetime: lifetime.map_err(|error: certroll_pki::x509::validity::InvalidDuration| broken().because(error))?,
        now: services.clock.now(),
        profile: &desk.profile,
    };
    Ok(services.template(&memory.template)?.apply(&inputs)?)
}

/// Whose key is to be certified.
struct NewKey {
    /// Ours.
    own: Option<KeyPair>,
    /// The request that was brought.
    csr: Option<Box<CertificateRequest>>,
    /// The kind of key that the issuer is to make.
    theirs: Option<KeyAlgorithm>,
}

/// The kind of key for an issuer that makes keys itself: a new one with each certificate.
fn issuers_key(memory: &AskedFor, asked: &RotateRequest, issuer: &dyn Issuer) -> Result<NewKey, Error> {
    if asked.request.is_some() || asked.reuse_key {
        return Err(makes_keys(issuer));
    }
    let kind = memory.key.as_deref().map(str::parse).transpose().map_err(key_error)?;
    Ok(NewKey { own: None, csr: None, theirs: Some(kind.ok_or_else(|| makes_keys(issuer))?) })
}

fn new_key(
    turns: &Turns<'_>,
    old: &CertificateEntry,
    memory: &AskedFor,
    asked: &RotateRequest,
    outputs: &[Output],
) -> Result<NewKey, Error> {
    if let Some(request) = &asked.request {
        if !asked.reuse_key && certroll_base::encoding::sha256(&request.spki) == old.spki_sha256 {
            return Err(Error::new(
                Kind::Usage,
                "the request has the same key as the certificate that it would replace",
            )
            .hint("make a new key and request, or add `--reuse-key` to keep this one"));
        }
        return Ok(NewKey { own: None, csr: Some(request.clone()), theirs: None });
    }
    let Some(kind) = &memory.key else {
        return Err(Error::new(Kind::Usage, format!("the key of `{}` was never here, only its request", old.name))
            .hint(format!("bring a new request: `certroll rotate {} --csr FILE`", old.name)));
    };
    if !asked.reuse_key {
        // A new key can take a second: nobody waits for it.
        let key = KeyPair::generate(kind.parse().map_err(key_error)?).map_err(key_error)?;
        return Ok(NewKey { own: Some(key), csr: None, theirs: None });
    }
    let services = turns.take();
    let plain = match held_key(&services, old)? {
        Some(plain) => Some(plain),
        None => installed_key(outputs)?,
    };
    let plain = plain.ok_or_else(|| {
        Error::new(
            Kind::Usage,
            format!("the key of `{}` is neither in the home nor in a keystore known to it", old.name),
        )
        .hint("rotate with a new key: leave `--reuse-key` out")
    })?;
    let key = KeyPair::from_pkcs8(plain.expose()).map_err(key_error)?;
    if key.spki_sha256() != old.spki_sha256 {
        return Err(Error::new(Kind::Usage, format!("the installed key is not that of `{}`", old.name))
            .hint("rotate with a new key: leave `--reuse-key` out"));
    }
    Ok(NewKey { own: Some(key), csr: None, theirs: None })
}
