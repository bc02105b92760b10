//! Rotate: a new certificate for the same thing, in the same files.

use std::sync::Arc;

use super::again::{self as earlier_run};
use super::deliver::{self, Form, Material, Output, Password};
use super::error::{Error, Kind};
use super::execute::Remembered;
use super::intend::Occasion;
use super::issue::{self, AskedFor, Desk, IssueOutcome};
use super::make::{self, Making};
use super::recover::{self, LeftOpen};
use super::refusal::Attempt;
use super::revoke::certificate_facts;
use super::services::Services;
use crate::audit::facts::Why;
use crate::base::secret::{Secret, SecretBytes};
use crate::issuer;
use crate::keystore::Item;
use crate::pki::distinguished_name::DistinguishedName;
use crate::pki::general_name::GeneralName;
use crate::pki::key::KeyPair;
use crate::pki::request::CertificateRequest;
use crate::store::{CertificateEntry, Change, IntentKind, Query, Selector};
use crate::target::{FileTarget, Target as _};
use crate::template::{Inputs, Overrides};

pub use super::due::due;

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
    let ended = rotate_as_asked(services, old, asked);
    Attempt::to_issue(&old.name, Some(&old.template), asked.why.clone()).ended(services, ended)
}

fn rotate_as_asked(
    services: &mut Services,
    old: &CertificateEntry,
    asked: &RotateRequest,
) -> Result<IssueOutcome, Error> {
    let mut recovered = recover::recover(services)?;
    services.journal.require_clock()?;
    let broken = |error| {
        Error::new(Kind::Verification, format!("what was asked for `{}` cannot be read back", old.name)).because(error)
    };
    let memory: AskedFor = serde_json::from_str(&old.request).map_err(broken)?;
    let outputs = outputs(services, old, asked.password.as_ref())?;
    let open = recovered.take(IntentKind::Issue, &old.name);
    if let Some(done) = again(services, old, &memory, asked, open, &outputs)? {
        return Ok(done);
    }
    let (key, csr) = new_key(services, old, &memory, asked, &outputs)?;
    let spki =
        csr.as_ref().map_or_else(|| key.as_ref().map(|k| k.spki().to_vec()).unwrap_or_default(), |c| c.spki.clone());
    deliver::preflight(services, &outputs, key.is_some())?;
    let template = services.template(&memory.template)?.clone();
    if template.kind() != crate::template::Kind::EndEntity {
        return Err(Error::new(
            Kind::Unsupported,
            format!("`{}` is a CA: its certificates must be reissued with it", old.name),
        )
        .hint("create its successor with `certroll ca create`"));
    }
    let renew_before = template.renew_before();
    let desk = Desk::open(services, &template, Some(&memory.issuer), &Overrides::default())?;
    let content = content(services, old, &memory, &desk)?;
    let kind = key.as_ref().map(|key| key.algorithm().to_string());
    let key_kind = kind.clone().unwrap_or_else(|| crate::pki::signature::key_description(&spki));
    let occasion = Occasion {
        template: (memory.template.clone(), services.template(&memory.template)?.sha256()),
        issuer: desk.issuer.name().to_owned(),
        issuer_kind: desk.issuer.kind(),
        key: match (&kind, asked.reuse_key) {
            (Some(kind), true) => format!("reused {kind}"),
            (Some(kind), false) => format!("generated {kind}"),
            (None, _) => "brought as a request".to_owned(),
        },
        why: asked.why.clone(),
    };
    let (request, request_sha256) = AskedFor { key: kind, ..memory }.seal(&old.name);
    let predecessor = services.journal.store().certificate_der(old)?;
    let made = make::make(
        services,
        &desk,
        Making {
            occasion,
            request: issuer::Request {
                name: old.name.clone(),
                template: old.template.clone(),
                content,
                spki,
                csr: csr.map(|csr| csr.der),
                replaces: Some(old.sha256),
                predecessor: Some(predecessor),
            },
            own_key: key.is_some(),
            key: key.as_ref(),
            expected: Change::ExpectCurrent { name: old.name.clone(), id: Some(old.id) },
            replaced: Some(old.id),
            remembered: Remembered {
                key_kind,
                request,
                request_sha256,
                renew_before,
                key: None,
                chain: Vec::new(),
                delivered: outputs.is_empty(),
            },
        },
    )?;
    let material =
        Material { key: key.map(|key| key.to_pkcs8()).transpose().map_err(issue::key_error)?, chain: made.chain };
    deliver::deliver(services, &made.entry, &material, &outputs, made.op)?;
    Ok(IssueOutcome {
        key_kept: material.key.is_some() && !outputs.iter().any(|output| output.form.has_key()),
        entry: made.entry,
        chain: material.chain,
        files: outputs.into_iter().map(|output| output.path).collect(),
    })
}

/// Goes on with what an earlier run of the same rotation began; `None` when none did.
fn again(
    services: &mut Services,
    old: &CertificateEntry,
    memory: &AskedFor,
    asked: &RotateRequest,
    open: Option<LeftOpen>,
    outputs: &[Output],
) -> Result<Option<IssueOutcome>, Error> {
    let has_key = asked.request.is_none();
    let spki = asked.request.as_ref().map(|request| crate::base::encoding::sha256(&request.spki));
    let spki = spki.or(asked.reuse_key.then_some(old.spki_sha256));
    let made = match open {
        Some(open) => {
            let same = match spki {
                Some(spki) => open.intent.subject == Some(spki),
                None => open.intent.subject != Some(old.spki_sha256),
            };
            let digest = AskedFor { key: memory.key.clone().filter(|_| has_key), ..memory.clone() }.seal(&old.name).1;
            earlier_run::go_on(services, open, same, (&digest, Some(&old.sha256)), |services| {
                deliver::preflight(services, outputs, has_key)
            })?
        }
        None => {
            // Found at the issuer a moment ago, or recorded by a run that was killed before it wrote the files.
            let current = services.journal.store().certificates(&Query::current_of(&old.name))?.pop();
            let row = services.journal.store().certificates(&Query::of(Selector::Sha256(old.sha256)))?.pop();
            let successor = row.and_then(|row| row.replaced_by);
            match current.filter(|entry| !entry.delivered && successor == Some(entry.sha256)) {
                Some(entry) => {
                    deliver::preflight(services, outputs, has_key)?;
                    earlier_run::recorded(services, entry)?
                }
                None => return Ok(None),
            }
        }
    };
    earlier_run::hand_out(services, made, outputs.to_vec()).map(Some)
}

/// Writes a certificate again to where it belongs: after a delivery that failed.
///
/// # Errors
/// The key is not held in the home any more, or a file cannot be written.
pub fn deliver_again(
    services: &mut Services,
    entry: &CertificateEntry,
    password: Option<&Password>,
    more: Vec<Output>,
) -> Result<IssueOutcome, Error> {
    let ended = deliver_as_asked(services, entry, password, more);
    Attempt::to_deliver(Some(certificate_facts(entry)), None).ended(services, ended)
}

fn deliver_as_asked(
    services: &mut Services,
    entry: &CertificateEntry,
    password: Option<&Password>,
    more: Vec<Output>,
) -> Result<IssueOutcome, Error> {
    recover::recover(services)?;
    let mut all = outputs(services, entry, password)?;
    all.retain(|known| more.iter().all(|output| output.path != known.path));
    all.extend(more);
    if all.is_empty() {
        return Err(Error::new(Kind::Usage, format!("nothing is known of where `{}` belongs", entry.name))
            .hint("say where with `--keystore FILE.p12`, `--out-cert FILE` or `--out-key FILE`"));
    }
    let key = held_key(services, entry)?;
    if key.is_none() && all.iter().any(|output| output.form.has_key()) {
        return Err(Error::new(Kind::Usage, format!("the home does not hold the key of `{}`", entry.name))
            .hint(format!("make a new one with `certroll rotate {}`", entry.name)));
    }
    let material = Material { key, chain: earlier_run::recorded(services, entry.clone())?.chain };
    deliver::preflight(services, &all, material.key.is_some())?;
    let op = crate::audit::value::Id::new(services.clock.now());
    deliver::deliver(services, entry, &material, &all, op)?;
    let files = all.into_iter().map(|output| output.path).collect();
    Ok(IssueOutcome { entry: entry.clone(), chain: material.chain, files, key_kept: false })
}

/// Where the certificate was written, with the passwords to write there again.
pub(super) fn outputs(
    services: &Services,
    entry: &CertificateEntry,
    given: Option<&Password>,
) -> Result<Vec<Output>, Error> {
    let mut outputs = Vec::new();
    for installation in services.journal.store().installations(&entry.name)? {
        let Some(form) = Form::by_id(&installation.format) else { continue };
        let remembered = installation
            .password_file
            .as_ref()
            .and_then(|file| Secret::from_file(file).ok().map(|secret| Password { secret, file: Some(file.clone()) }));
        let password = if form.has_key() { given.cloned().or(remembered) } else { None };
        outputs.push(Output { path: installation.path, form, alias: installation.alias, password });
    }
    Ok(outputs)
}

fn content(
    services: &Services,
    old: &CertificateEntry,
    memory: &AskedFor,
    desk: &Desk,
) -> Result<crate::pki::signing::CertificateContent, Error> {
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
        lifetime: lifetime.map_err(|error: crate::pki::validity::InvalidDuration| broken().because(error))?,
        now: services.clock.now(),
        profile: &desk.profile,
    };
    services.template(&memory.template)?.apply(&inputs).map_err(issue::invalid)
}

type NewKey = (Option<KeyPair>, Option<Box<CertificateRequest>>);

fn new_key(
    services: &Services,
    old: &CertificateEntry,
    memory: &AskedFor,
    asked: &RotateRequest,
    outputs: &[Output],
) -> Result<NewKey, Error> {
    if let Some(request) = &asked.request {
        if !asked.reuse_key && crate::base::encoding::sha256(&request.spki) == old.spki_sha256 {
            return Err(Error::new(
                Kind::Usage,
                "the request has the same key as the certificate that it would replace",
            )
            .hint("make a new key and request, or add `--reuse-key` to keep this one"));
        }
        return Ok((None, Some(request.clone())));
    }
    let Some(kind) = &memory.key else {
        return Err(Error::new(Kind::Usage, format!("the key of `{}` was never here, only its request", old.name))
            .hint(format!("bring a new request: `certroll rotate {} --csr FILE`", old.name)));
    };
    if !asked.reuse_key {
        return Ok((Some(KeyPair::generate(kind.parse().map_err(issue::key_error)?).map_err(issue::key_error)?), None));
    }
    let plain = match held_key(services, old)? {
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
    let key = KeyPair::from_pkcs8(plain.expose()).map_err(issue::key_error)?;
    if key.spki_sha256() != old.spki_sha256 {
        return Err(Error::new(Kind::Usage, format!("the installed key is not that of `{}`", old.name))
            .hint("rotate with a new key: leave `--reuse-key` out"));
    }
    Ok((Some(key), None))
}

pub(super) fn held_key(services: &Services, entry: &CertificateEntry) -> Result<Option<SecretBytes>, Error> {
    let held = services.journal.store().held_key(&entry.spki_sha256)?;
    held.map(|encrypted| services.keys.open(&encrypted)).transpose()
}

/// The key from the first keystore that opens with its password.
pub(super) fn installed_key(outputs: &[Output]) -> Result<Option<SecretBytes>, Error> {
    for output in outputs {
        let (Form::Keystore(format), Some(password)) = (output.form, &output.password) else { continue };
        let installed = FileTarget::new(&output.path).installed();
        let Some(bytes) = installed.map_err(|error| Error::file(&output.path, "read", error))? else { continue };
        let entries = format.format.read(&bytes, Some(&password.secret));
        for entry in entries.map_err(|error| Error::keystore(&output.path, error))? {
            let Item::Key { key, .. } = entry.item else { continue };
            if format.id == "pem" || entry.alias.eq_ignore_ascii_case(&output.alias) {
                return Ok(key.unlock(&password.secret).ok());
            }
        }
    }
    Ok(None)
}
