//! The way of every single certificate: approve, plan, intend, execute or pursue, record, publish.

use super::approve::{self, PolicyContext};
use super::issue::IssuingContext;
use super::issuer_account;
use super::precheck::{self, IssuerDemand};
use super::refusal;
use crate::audit::record::event::Event;
use crate::error::{Error, ErrorKind};
use crate::issuer;
use crate::lifecycle::session::Session;
use crate::lifecycle::session::shared::SharedSession;
use crate::lifecycle::signing::announce::{self, Intended, RequestContext};
use crate::lifecycle::signing::expectation::{ExpectationContext, ExpectedCertificate};
use crate::lifecycle::signing::poll;
use crate::lifecycle::signing::record::{self, InventoryFields};
use crate::lifecycle::signing::record::{IssuedCertificate, require_checkpoint};
use crate::lifecycle::signing::sign::{self, VerifyLevel};
use crate::store::Change;
use certroll_base::encoding;
use certroll_pki::key::KeyPair;
use certroll_pki::name::distinguished_name::DistinguishedName;

/// A request on its way through approval, intent and signature.
pub(crate) struct IssuancePlan<'a> {
    pub(crate) occasion: RequestContext,
    pub(crate) request: issuer::Request,
    /// Our own key, to be kept encrypted with the intent.
    pub(crate) key: Option<&'a KeyPair>,
    /// Whether the key was made here, even if it is kept elsewhere.
    pub(crate) own_key: bool,
    /// What must still hold about the name.
    pub(crate) expected: Change,
    /// Row number of the certificate that this one replaces.
    pub(crate) replaced: Option<i64>,
    pub(crate) remembered: InventoryFields,
}

/// How far a certificate came without anybody being asked.
pub(crate) enum Started {
    /// Signed in this process, recorded, and free to go out.
    Made(IssuedCertificate),
    /// Its intent is durable; the issuer elsewhere has not heard of it yet.
    Intended(Intended),
}

/// The way of every single certificate: approve, plan, intend, execute or pursue, record, publish.
pub(crate) fn make(
    session: &mut Session,
    issuing: &IssuingContext,
    making: IssuancePlan<'_>,
) -> Result<IssuedCertificate, Error> {
    match begin(session, issuing, making)? {
        Started::Made(made) => Ok(made),
        Started::Intended(intended) => poll::begin(&SharedSession::of(session), &*issuing.issuer, intended),
    }
}

/// All of the way in this process, or, for an issuer elsewhere, up to the intent.
pub(crate) fn begin(
    session: &mut Session,
    issuing: &IssuingContext,
    making: IssuancePlan<'_>,
) -> Result<Started, Error> {
    let event = if issuing.profile.key_usage.contains(&certroll_pki::x509::extensions::KeyUsage::KeyCertSign) {
        Event::CaCertIssued
    } else {
        Event::CertIssued
    };
    let key_known = making.replaced.is_none()
        && !making.own_key
        && session.journal.store().knows_key(&encoding::sha256(&making.request.spki))?;
    let circumstances = PolicyContext {
        template: session.template(&making.request.template)?,
        chain: &issuing.chain,
        issuer_key: &issuing.issuer_key,
        key: &making.remembered.key_kind,
        own_key: making.own_key,
        key_known,
    };
    let mut request = making.request;
    if !issuing.issuer.capabilities().in_process {
        request.tolerated = approve::tolerated(&session.policies, &circumstances, &request.content);
    }
    let approved = match approve::approve(&session.policies, &circumstances, request) {
        Ok(approved) => approved,
        Err(refused) => return Err(refusal::by_policy(session, &making.occasion, refused)?),
    };
    let remembered = &making.remembered;
    let wanted = IssuerDemand { request: approved.subject(), key: &remembered.key_kind, asked: &remembered.request };
    precheck::check(session, &*issuing.issuer, &wanted)?;
    let plan = issuing.issuer.plan(approved.subject())?;
    issuer_account::ensure(session, &*issuing.issuer)?;
    let held = making.key.map(|key| session.encrypt(key)).transpose()?;
    let rest = ExpectationContext {
        replaced: making.replaced,
        remembered: &making.remembered,
        lifetime: issuing.issuer.capabilities().lifetime,
    };
    let kept = keep(issuing, (approved.subject(), &plan), making.key, held.clone(), &rest)?;
    let now = session.clock.now();
    let intended =
        announce::intend(&mut session.journal, now, &making.occasion, (approved, plan), kept, making.expected)?;
    if !issuing.issuer.capabilities().in_process {
        return Ok(Started::Intended(intended));
    }
    let signed = match sign::execute(&*issuing.issuer, intended, VerifyLevel::Full) {
        Ok(signed) => signed,
        Err(failure) => return sign::failed(&mut session.journal, *failure, 1),
    };
    let remembered = InventoryFields { key: held, ..making.remembered };
    let (record, mut entry, change) =
        record::issued(&session.journal, event, &signed, issuing.issuer.name(), remembered);
    let mut changes = vec![change, Change::CloseIntent(signed.op)];
    changes.extend(making.replaced.map(|id| Change::Replace { id, by: entry.sha256 }));
    let appended = session.journal.append(vec![record], changes)?;
    require_checkpoint(session, &entry.name)?;
    entry.id = appended.certificates.first().copied().unwrap_or_default();
    let chain = [vec![signed.issued.certificate], signed.issued.chain].concat();
    Ok(Started::Made(IssuedCertificate { entry, chain, op: signed.op }))
}

/// What is kept with the intent: for an issuer elsewhere also the request that will leave, and what ends it later.
fn keep(
    issuing: &IssuingContext,
    (request, plan): (&issuer::Request, &issuer::SigningPlan),
    key: Option<&KeyPair>,
    held: Option<Vec<u8>>,
    rest: &ExpectationContext<'_>,
) -> Result<announce::IntentMaterial, Error> {
    let capabilities = issuing.issuer.capabilities();
    if capabilities.in_process {
        return Ok(announce::IntentMaterial {
            key: held,
            csr: None,
            memory: String::new(),
            bound_secs: None,
            recoverable: true,
        });
    }
    let csr = match key {
        Some(key) => {
            let failed = |error| Error::new(ErrorKind::Failed, "the certificate request cannot be made").because(error);
            let mut content = request.content.clone();
            if plan.names_only {
                content.subject = DistinguishedName::empty();
            }
            Some(certroll_pki::x509::request::make(&content, key).map_err(failed)?)
        }
        None => request.csr.clone(),
    };
    let memory = ExpectedCertificate::of(request, plan, rest).to_json();
    Ok(announce::IntentMaterial {
        key: held,
        csr,
        memory,
        bound_secs: capabilities.bound_secs,
        recoverable: capabilities.recoverable,
    })
}
