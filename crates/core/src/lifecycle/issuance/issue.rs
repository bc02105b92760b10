//! Issue one certificate.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::pipeline::{self, IssuancePlan};
use super::resume::again;
pub(crate) use super::subject_key::key_error;
use super::subject_key::{self, Keys};
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Failure, Outcome, Remote, Why};
use crate::audit::record::value::Id;
use crate::error::describe;
use crate::error::{Error, ErrorKind};
use crate::issuer::{self, KeyCustody};
use crate::lifecycle::delivery::acm_import;
use crate::lifecycle::delivery::installed::held_key;
use crate::lifecycle::delivery::{self, Material, Output};
use crate::lifecycle::recovery;
use crate::lifecycle::session::attempt::Attempt;
use crate::lifecycle::session::{self, Session};
use crate::lifecycle::signing::announce::RequestContext;
use crate::lifecycle::signing::record::InventoryFields;
use crate::store::{Authority, CertificateEntry, Change, IntentKind, Query, Selector};
use crate::template::{IssuerPointers, Overrides, Template, TemplateInputs};
use certroll_base::encoding::{self, Sha256};
use certroll_pki::key::{KeyAlgorithm, KeyPair};
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::verify::signature;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::request::CertificateRequest;
use certroll_pki::x509::validity::Lifetime;

/// Where the key comes from.
pub enum KeySource {
    /// A new one; of the template's default kind when `None`.
    Generate(Option<KeyAlgorithm>),
    /// Somebody else's: only its request was brought.
    Request(Box<CertificateRequest>),
    /// The key of the certificate that is being rotated.
    Reuse(Box<KeyPair>),
}

/// What is asked for.
pub struct IssueRequest {
    /// The name by which the inventory will know it.
    pub name: String,
    /// The template.
    pub template: String,
    /// The issuer; the one CA of the home when `None`.
    pub issuer: Option<String>,
    /// The subject, in place of the template's.
    pub subject: Option<DistinguishedName>,
    /// Further subject alternative names.
    pub names: Vec<GeneralName>,
    /// Parameters of the template.
    pub parameters: BTreeMap<String, String>,
    /// The lifetime, in place of the template's.
    pub lifetime: Option<Lifetime>,
    /// The key.
    pub key: KeySource,
    /// Files to write.
    pub outputs: Vec<Output>,
    /// For what reason.
    pub why: Option<Arc<Why>>,
    /// Issue a further one although the name has a current certificate.
    pub force: bool,
}

/// What was issued.
pub struct IssueOutcome {
    /// Its row of the inventory.
    pub entry: CertificateEntry,
    /// Its bytes and those of its issuers, root last.
    pub chain: Vec<Vec<u8>>,
    /// The files written.
    pub files: Vec<std::path::PathBuf>,
    /// Whether the key is kept in the home.
    pub key_kept: bool,
}

/// What a rotation needs to know to ask for the same again; kept as JSON in the inventory. Its digest names the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestSpec {
    /// The template.
    pub template: String,
    /// The issuer.
    pub issuer: String,
    /// The subject, if it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The alternative names given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// The parameters given.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, String>,
    /// The lifetime, if it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifetime: Option<String>,
    /// The kind of key made; `None` when a request was brought.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl RequestSpec {
    /// As JSON, and the digest of name and JSON.
    pub fn seal(&self, name: &str) -> (String, Sha256) {
        let json = serde_json::to_string(self).unwrap_or_default();
        let digest = encoding::sha256_parts(&[name.as_bytes(), b"\n", json.as_bytes()]);
        (json, digest)
    }
}

/// An issuer with what certificates from it share.
pub struct IssuingContext {
    /// Its open door.
    pub issuer: Box<dyn issuer::Issuer>,
    /// Its certificate and those above it; empty for an issuer elsewhere.
    pub chain: Vec<Certificate>,
    /// Kind of its key; empty for an issuer elsewhere.
    pub issuer_key: String,
    /// The extensions of this template under this issuer.
    pub profile: Arc<certroll_pki::x509::extensions::ExtensionProfile>,
}

impl IssuingContext {
    /// Opens the issuer for a template.
    ///
    /// # Errors
    /// It cannot be opened, is not ready, or cannot do what the template needs.
    pub fn open(
        session: &mut Session,
        template: &Template,
        issuer: Option<&str>,
        overrides: &Overrides,
    ) -> Result<Self, Error> {
        if let Some(name) = session.elsewhere(issuer)? {
            return Self::elsewhere(session, template, &name, overrides);
        }
        let authority = session.authority(issuer)?;
        refuse_revoked(session, &authority)?;
        let issuer = session.open_issuer(&authority)?;
        issuer.check(session.clock.now())?;
        let chain = session::authority_chain(session.journal.store(), &authority)?;
        let pointers = IssuerPointers {
            crl: authority.pointers.crl.clone(),
            ocsp: authority.pointers.ocsp.clone(),
            ca_issuers: authority.pointers.ca_issuers.clone(),
        };
        let profile = template.profile(&pointers, overrides)?;
        let issuer_key = chain.first().map(|own| signature::key_description(&own.spki)).unwrap_or_default();
        Ok(Self { issuer, chain, issuer_key, profile })
    }

    /// Opens an issuer elsewhere. That it refuses our credentials is on record.
    fn elsewhere(session: &mut Session, template: &Template, name: &str, overrides: &Overrides) -> Result<Self, Error> {
        if session.remotes.unreachable.contains(name) {
            let message = format!("issuer `{name}` could not be asked what became of an earlier request");
            return Err(
                Error::new(ErrorKind::Temporary(None), message).hint("repeat the command once it can be reached")
            );
        }
        let issuer = session.issuer(name)?;
        if let Err(error) = issuer.check(session.clock.now()) {
            if error.class == issuer::ErrorClass::Auth {
                let op = Id::new(session.clock.now());
                let mut record = session.journal.draft(Event::AuthDenied, Outcome::Denied, op);
                let (t, id) = (issuer.kind().to_owned(), name.to_owned());
                record.rem = Some(Remote { t, id, ..Remote::default() });
                record.err = Some(Failure { code: "auth".to_owned(), text: describe(&error) });
                session.journal.commit(vec![record], Vec::new())?;
                return Err(Error::from(error).on_record());
            }
            return Err(error.into());
        }
        let profile = template.profile(&IssuerPointers::default(), overrides)?;
        Ok(Self { issuer, chain: Vec::new(), issuer_key: String::new(), profile })
    }
}

/// A CA that is revoked, or below one that is, signs nothing any more.
fn refuse_revoked(session: &Session, authority: &Authority) -> Result<(), Error> {
    let store = session.journal.store();
    let all = store.authorities()?;
    let mut next = Some(authority);
    while let Some(one) = next {
        let entry = store.certificates(&Query::of(Selector::Sha256(one.certificate)))?.pop();
        if let Some((at, reason)) = entry.and_then(|entry| entry.revoked) {
            return Err(Error::new(ErrorKind::Refused, format!("CA `{}` is revoked since {at}, {reason}", one.name))
                .hint("create another CA with `certroll ca create`"));
        }
        next = one.parent.as_ref().and_then(|parent| all.iter().find(|a| a.name == *parent));
    }
    Ok(())
}

/// Issues one certificate and writes it where asked.
///
/// When it returns `Ok`, the record is durable and under a checkpoint, and every file is in place.
///
/// # Errors
/// [`Error`]; of kind [`ErrorKind::Deploy`] the certificate is issued, of any other kind nothing is.
pub fn issue(session: &mut Session, asked: IssueRequest) -> Result<IssueOutcome, Error> {
    let attempt = Attempt::to_issue(&asked.name, Some(&asked.template), asked.why.clone());
    let ended = issue_as_asked(session, asked);
    attempt.ended(session, ended)
}

fn issue_as_asked(session: &mut Session, asked: IssueRequest) -> Result<IssueOutcome, Error> {
    let mut recovered = recovery::recover(session)?;
    session.journal.require_clock()?;
    let template = session.template(&asked.template)?.clone();
    refuse_authority(&template)?;
    let (renew_before, template_id) = (template.renew_before(), (template.name().to_owned(), template.sha256()));
    if let Some(done) = again(session, &asked, &template, recovered.take(IntentKind::Issue, &asked.name))? {
        return Ok(done);
    }
    let issuing = IssuingContext::open(session, &template, asked.issuer.as_deref(), &Overrides::default())?;
    let current = session.journal.store().certificates(&Query::current_of(&asked.name))?.pop();
    refuse_second(&asked, current.as_ref())?;
    let custody = issuing.issuer.capabilities().key_custody;
    let has_key = !matches!(asked.key, KeySource::Request(_)) && custody != KeyCustody::Issuer;
    delivery::preflight(session, &asked.outputs, has_key)?;
    let Keys { own: key, spki, csr, theirs } = match custody {
        KeyCustody::Local => subject_key::ours(&asked, &template)?,
        KeyCustody::Issuer | KeyCustody::Exported => subject_key::issuers(&asked, &template, &*issuing.issuer)?,
    };
    let kind = key.as_ref().map(KeyPair::algorithm).or(theirs).map(|kind| kind.to_string());
    let key_kind = kind.clone().unwrap_or_else(|| signature::key_description(&spki));
    acm_import::check(session, &asked.outputs, &key_kind)?;
    let memory = remember(&asked, issuing.issuer.name(), kind.clone());
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
    let request = issuer::Request {
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
    let occasion = RequestContext {
        template: template_id,
        issuer: issuing.issuer.name().to_owned(),
        issuer_kind: issuing.issuer.kind(),
        key: match (kind, theirs) {
            (None, _) => "brought as a request".to_owned(),
            (Some(kind), None) => format!("generated {kind}"),
            (Some(kind), Some(_)) => format!("made by the issuer, {kind}"),
        },
        why: asked.why.clone(),
    };
    let (request_json, request_sha256) = memory.seal(&asked.name);
    let expected = Change::ExpectCurrent { name: asked.name.clone(), id: current.map(|entry| entry.id) };
    let made = pipeline::make(
        session,
        &issuing,
        IssuancePlan {
            occasion,
            request,
            own_key: key.is_some() || theirs.is_some(),
            key: key.as_ref(),
            expected,
            replaced: None,
            remembered: InventoryFields {
                key_kind,
                request: request_json,
                request_sha256,
                renew_before,
                key: None,
                chain: Vec::new(),
                delivered: asked.outputs.is_empty(),
            },
        },
    )?;
    let key = match key {
        Some(key) => Some(key.to_pkcs8().map_err(key_error)?),
        None => held_key(session, &made.entry)?,
    };
    let material = Material { key, chain: made.chain };
    let files = delivery::deliver(session, &made.entry, &material, &asked.outputs, made.op)?;
    Ok(IssueOutcome {
        key_kept: material.key.is_some() && !asked.outputs.iter().any(|output| output.form.has_key()),
        entry: made.entry,
        chain: material.chain,
        files,
    })
}

/// A CA is made by `ca create`, which keeps its key in the home: no other way may make one whose key can leave.
pub(crate) fn refuse_authority(template: &Template) -> Result<(), Error> {
    if template.kind() == crate::template::TemplateKind::EndEntity {
        return Ok(());
    }
    let name = template.name();
    Err(Error::new(
        ErrorKind::Usage,
        format!("template `{name}` makes a CA, and the key of a CA does not leave the home"),
    )
    .hint(format!("create it with `certroll ca create NAME --template {name}`")))
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
            .hint(format!("replace it with `certroll rotate {name}`"))
            .hint("add `--force` to issue a further one beside it"))
        }
        _ => Ok(()),
    }
}

pub(crate) fn remember(asked: &IssueRequest, issuer: &str, key: Option<String>) -> RequestSpec {
    RequestSpec {
        template: asked.template.clone(),
        issuer: issuer.to_owned(),
        subject: asked.subject.as_ref().map(ToString::to_string),
        names: asked.names.iter().map(ToString::to_string).collect(),
        parameters: asked.parameters.clone(),
        lifetime: asked.lifetime.map(|lifetime| lifetime.to_string()),
        key,
    }
}
